// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each scenario hands a number from one task to another, in the order that one
 * kind of operation makes and nothing else does.
 */
#include <asm/processor.h>

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "check/hb.h"
#include "check/op.h"
#include "ordering.h"
#include "umdev/umdev.h"

static long number;

static long start_both(long (*first)(void *), long (*second)(void *))
{
	struct um_task *a = um_task_start("first", first, NULL);
	struct um_task *b = um_task_start("second", second, NULL);

	return um_task_join(a) + um_task_join(b);
}

/* ---- locks ------------------------------------------------------------------- */

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spinlock);
static DECLARE_RWSEM(rwsem);
static DEFINE_RWLOCK(rwlock);
static DEFINE_SEMAPHORE(semaphore);

#define UNDER(name, take, give)						\
static long in_##name(void *arg)					\
{									\
	take;								\
	number++;							\
	give;								\
	return 0;							\
}									\
static void by_##name(void)						\
{									\
	start_both(in_##name, in_##name);				\
}

UNDER(mutex, mutex_lock(&mutex), mutex_unlock(&mutex))
UNDER(spinlock, spin_lock(&spinlock), spin_unlock(&spinlock))
UNDER(rwsem, down_write(&rwsem), up_write(&rwsem))
UNDER(rwlock, write_lock(&rwlock), write_unlock(&rwlock))
UNDER(semaphore, down(&semaphore), up(&semaphore))
UNDER(trylock, while (!mutex_trylock(&mutex)) cpu_relax(), mutex_unlock(&mutex))

static DECLARE_COMPLETION(was_read);

static long write_and_downgrade(void *arg)
{
	down_write(&rwsem);
	number++;
	downgrade_write(&rwsem);
	wait_for_completion(&was_read);
	up_read(&rwsem);
	return 0;
}

static long read_number(void *arg)
{
	long n;

	while (!rwsem_is_locked(&rwsem))
		cpu_relax();
	down_read(&rwsem);
	n = number;
	up_read(&rwsem);
	complete(&was_read);
	return n;
}

static void by_downgrade(void)
{
	start_both(write_and_downgrade, read_number);
}

/* ---- waits -------------------------------------------------------------------- */

static DECLARE_COMPLETION(written);

static long write_and_complete(void *arg)
{
	number++;
	complete(&written);
	return 0;
}

static long wait_and_read(void *arg)
{
	wait_for_completion(&written);
	return number;
}

static void by_completion(void)
{
	start_both(write_and_complete, wait_and_read);
}

static int place;
static bool given;

static long write_and_give(void *arg)
{
	number++;
	um_step(UM_GIVE, &place);
	__atomic_store_n(&given, true, __ATOMIC_RELAXED);
	return 0;
}

static long take_and_read(void *arg)
{
	while (!__atomic_load_n(&given, __ATOMIC_RELAXED))
		cpu_relax();
	um_step(UM_TAKE, &place);
	return number;
}

static void by_giving(void)
{
	given = false;
	start_both(write_and_give, take_and_read);
}

/* ---- work and timers: workers and their like are there before ------------------------ */

static void work_fn(struct work_struct *work)
{
	number++;
}

static DECLARE_WORK(work, work_fn);

static void nothing_fn(struct work_struct *work)
{
	cpu_relax();
}

static void warm_up(void)
{
	static struct work_struct nothing[4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nothing); i++) {
		INIT_WORK(&nothing[i], nothing_fn);
		schedule_work(&nothing[i]);
	}
	flush_workqueue(system_wq);
}

static long write_and_queue(void *arg)
{
	number++;
	schedule_work(&work);
	return 0;
}

static void by_queueing(void)
{
	warm_up();
	um_task_join(um_task_start("first", write_and_queue, NULL));
	flush_work(&work);
}

static long queue_and_flush(void *arg)
{
	schedule_work(&work);
	flush_work(&work);
	return number;
}

static void by_flushing(void)
{
	warm_up();
	um_task_join(um_task_start("first", queue_and_flush, NULL));
}

static void timer_fn(struct timer_list *timer)
{
	number++;
}

static DEFINE_TIMER(timer, timer_fn);

static void idle_fn(struct timer_list *timer)
{
}

static void warm_timers_up(void)
{
	static DEFINE_TIMER(idle, idle_fn);
	int i;

	for (i = 0; i < 4; i++) {
		mod_timer(&idle, jiffies);
		while (timer_pending(&idle))
			cpu_relax();
		del_timer_sync(&idle);
	}
}

static long write_and_arm(void *arg)
{
	number++;
	mod_timer(&timer, jiffies);
	while (timer_pending(&timer))
		cpu_relax();
	return 0;
}

static void by_arming(void)
{
	warm_timers_up();
	um_task_join(um_task_start("first", write_and_arm, NULL));
	del_timer_sync(&timer);
}

static long arm_and_delete(void *arg)
{
	mod_timer(&timer, jiffies);
	while (timer_pending(&timer))
		cpu_relax();
	del_timer_sync(&timer);
	return number;
}

static void by_deleting(void)
{
	warm_timers_up();
	um_task_join(um_task_start("first", arm_and_delete, NULL));
}

/* ---- RCU ------------------------------------------------------------------------------ */

static bool reads;

static long read_under_rcu(void *arg)
{
	long n;

	rcu_read_lock();
	__atomic_store_n(&reads, true, __ATOMIC_RELAXED);
	n = number;
	rcu_read_unlock();
	return n;
}

static long write_after_readers(void *arg)
{
	while (!__atomic_load_n(&reads, __ATOMIC_RELAXED))
		cpu_relax();
	synchronize_rcu();
	number++;
	return 0;
}

static void by_grace_period(void)
{
	start_both(read_under_rcu, write_after_readers);
}

static struct rcu_head head;

static void rcu_fn(struct rcu_head *unused)
{
	number++;
}

static long write_and_call(void *arg)
{
	number++;
	call_rcu(&head, rcu_fn);
	return 0;
}

static void by_callback(void)
{
	static struct rcu_head first;

	/* so that its worker is there */
	call_rcu(&first, rcu_fn);
	rcu_barrier();
	um_task_join(um_task_start("first", write_and_call, NULL));
	rcu_barrier();
}

/* ---- callbacks of files ----------------------------------------------------------------- */

static DECLARE_COMPLETION(is_removed);

static ssize_t number_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			    size_t count)
{
	wait_for_completion(&is_removed);
	number++;
	return count;
}
static struct kobj_attribute number_attr = __ATTR_WO(number);

static struct kobject *dir;

struct open_file {
	int fd;
	void *user;
};

static long write_file(void *arg)
{
	struct open_file *f = arg;

	return um_write(f->fd, f->user, 1);
}

static long remove_file(void *arg)
{
	sysfs_remove_file(dir, &number_attr.attr);
	return number;
}

/* The callback ends when the removal waits for it; what the file brings is done by neither. */
static void remove_under_callback(void)
{
	struct open_file f = { .user = um_user_alloc(1) };
	struct um_task *writer, *remover;

	f.fd = um_open("/sys/ordering/number", 1);
	reinit_completion(&is_removed);
	writer = um_task_start("writer", write_file, &f);
	um_task_wait_blocked(writer);
	remover = um_task_start("remover", remove_file, NULL);
	um_task_wait_blocked(remover);
	complete(&is_removed);
	um_task_join(remover);
	um_task_join(writer);
	um_close(f.fd);
	um_user_free(f.user);
}

static void by_removal(void)
{
	dir = kobject_create_and_add("ordering", NULL);
	if (dir && !sysfs_create_file(dir, &number_attr.attr))
		remove_under_callback();
	kobject_put(dir);
}

/* ---- all of them -------------------------------------------------------------------------- */

#define ON(kind) (1ULL << (kind))
const struct k_edge k_edges[] = {
	{ "mutex_lock", by_mutex, ON(UM_LOCK) },
	{ "mutex_unlock", by_mutex, ON(UM_UNLOCK) },
	{ "spinlock", by_spinlock, ON(UM_UNLOCK) },
	{ "rwsem", by_rwsem, ON(UM_UNLOCK) },
	{ "rwlock", by_rwlock, ON(UM_UNLOCK) },
	{ "semaphore", by_semaphore, ON(UM_LOCK) },
	{ "trylock", by_trylock, ON(UM_TRYLOCK) },
	{ "downgrade", by_downgrade, ON(UM_DOWNGRADE) },
	{ "complete", by_completion, ON(UM_WAKE) },
	{ "wait", by_completion, ON(UM_WAIT) },
	{ "give", by_giving, ON(UM_GIVE) },
	{ "take", by_giving, ON(UM_TAKE) },
	{ "queue_work", by_queueing, ON(UM_WORK_QUEUE) },
	{ "work", by_flushing, ON(UM_WORK_RUN) },
	{ "mod_timer", by_arming, ON(UM_TIMER_ARM) },
	{ "timer", by_deleting, ON(UM_TIMER_RUN) },
	{ "rcu_read_unlock", by_grace_period, ON(UM_RCU_UNLOCK) },
	/* a callback comes by way of a work item, which orders as well */
	{ "call_rcu", by_callback, ON(UM_RCU_CALL) | ON(UM_WORK_QUEUE) },
	{ "rcu_callback", by_callback, ON(UM_RCU_RUN) | ON(UM_WORK_QUEUE) },
	{ "active", by_removal, ON(UM_ACTIVE_PUT) },
};
const unsigned int k_n_edges = ARRAY_SIZE(k_edges);

void k_edge_run(const struct k_edge *e, int forget)
{
	if (forget)
		um_hb_forget(e->kinds);
	e->run();
}
