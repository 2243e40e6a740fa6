// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of locking.c: each function is one small scenario. */
#include <asm/processor.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "kernel/sched/wait.h"
#include "locking.h"
#include "umdev/umdev.h"

static DEFINE_MUTEX(held_lock);
static DECLARE_COMPLETION(release_holder);
static DECLARE_RWSEM(rwsem);
static DECLARE_WAIT_QUEUE_HEAD(flag_wq);
static bool flag;
static DECLARE_COMPLETION(event);
static bool unparked;

void k_reset(void)
{
	flag = false;
	unparked = false;
	reinit_completion(&release_holder);
	reinit_completion(&event);
}

long k_mutex_hold(void *arg)
{
	mutex_lock(&held_lock);
	wait_for_completion(&release_holder);
	mutex_unlock(&held_lock);
	return 0;
}

void k_release_holder(void)
{
	complete(&release_holder);
}

long k_mutex_lock_once(void *arg)
{
	mutex_lock(&held_lock);
	mutex_unlock(&held_lock);
	return 0;
}

/* ---- atomic waits: a processor stands still --------------------------------- */

static bool is_unparked(const void *arg)
{
	return unparked;
}

static void park(void)
{
	struct um_why why = { .kind = "test", .object = &unparked, .spin = true };

	um_sched_lock();
	um_wait_until(is_unparked, NULL, &why, UM_FOREVER);
	um_sched_unlock();
}

void k_unpark(void)
{
	um_sched_lock();
	unparked = true;
	um_wake(&unparked);
	um_sched_unlock();
}

static DEFINE_SPINLOCK(held_spin);
static DEFINE_RWLOCK(held_rw);

long k_spin_hold(void *arg)
{
	spin_lock(&held_spin);
	park();
	spin_unlock(&held_spin);
	return 0;
}

long k_spin_once(void *arg)
{
	spin_lock(&held_spin);
	spin_unlock(&held_spin);
	return 0;
}

long k_read_lock_hold(void *arg)
{
	read_lock(&held_rw);
	park();
	read_unlock(&held_rw);
	return 0;
}

long k_read_lock_once(void *arg)
{
	read_lock(&held_rw);
	read_unlock(&held_rw);
	return 0;
}

long k_write_lock_hold(void *arg)
{
	write_lock(&held_rw);
	park();
	write_unlock(&held_rw);
	return 0;
}

long k_write_lock_once(void *arg)
{
	write_lock(&held_rw);
	write_unlock(&held_rw);
	return 0;
}

/* ---- fatal signals ------------------------------------------------------------ */

static DEFINE_MUTEX(wanted_mutex);
static DECLARE_RWSEM(wanted_sem);
static struct semaphore wanted_count;

void k_killable_take(void)
{
	mutex_lock(&wanted_mutex);
	down_write(&wanted_sem);
	sema_init(&wanted_count, 0);
}

void k_killable_give(void)
{
	up_write(&wanted_sem);
	mutex_unlock(&wanted_mutex);
}

long k_killable_wait(void *kind)
{
	long ret = 0;

	switch ((long)kind) {
	case 0:
		ret = mutex_lock_killable(&wanted_mutex);
		break;
	case 1:
		ret = down_read_killable(&wanted_sem);
		break;
	case 2:
		ret = down_write_killable(&wanted_sem);
		break;
	case 3:
		ret = down_killable(&wanted_count);
		break;
	case 4:
		ret = wait_for_completion_killable(&event);
		break;
	case 5:
		ret = wait_event_killable(flag_wq, READ_ONCE(flag));
		break;
	}
	return signal_pending(current) && fatal_signal_pending(current) ? ret : 0;
}

/* ---- what must be shouted about -------------------------------------------------- */

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);
static DECLARE_COMPLETION(other_has_b);
static DECLARE_COMPLETION(go_on);

void k_mutex_recursive(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_a);
}

static long b_then_a(void *arg)
{
	mutex_lock(&lock_b);
	complete(&other_has_b);
	wait_for_completion(&go_on);
	mutex_lock(&lock_a);
	return 0;
}

void k_abba(void)
{
	struct um_task *other;

	other = um_task_start("other", b_then_a, NULL);
	wait_for_completion(&other_has_b);
	mutex_lock(&lock_a);
	complete(&go_on);
	mutex_lock(&lock_b);
	um_task_join(other);
}

static spinlock_t ring_spin;
static DECLARE_RWSEM(ring_sem);

static long spin_for_ever(void *arg)
{
	spin_lock(&ring_spin);
	park();
	return 0;
}

static long read_ring(void *arg)
{
	down_read(&ring_sem);
	up_read(&ring_sem);
	return 0;
}

/* A reader waits for main, all others for processors that never go on. */
void k_deadlock_of_all_sorts(void)
{
	struct um_task *spinner, *reader, *writer;

	spin_lock_init(&ring_spin);
	down_write(&ring_sem);
	spinner = um_task_start("spinner", spin_for_ever, NULL);
	reader = um_task_start("reader", read_ring, NULL);
	writer = um_task_start("writer", k_write_lock_hold, NULL);
	um_task_wait_blocked(spinner);
	um_task_wait_blocked(writer);
	um_task_wait_blocked(reader);
	um_task_wait_blocked(um_task_start("other", k_read_lock_once, NULL));
	spin_lock(&ring_spin);
}

static DEFINE_SPINLOCK(spin);

void k_sleep_under_spinlock(void)
{
	spin_lock(&spin);
	msleep(1);
	spin_unlock(&spin);
}

static long unlock_a(void *arg)
{
	mutex_unlock(&lock_a);
	return 0;
}

void k_unlock_by_other(void)
{
	struct um_task *other;

	mutex_lock(&lock_a);
	other = um_task_start("other", unlock_a, NULL);
	um_task_join(other);
	um_task_ends("test", NULL);
}

void k_uninitialised_mutex(void)
{
	struct mutex *m = kzalloc(sizeof(*m), GFP_KERNEL);

	mutex_lock(m);
	mutex_unlock(m);
	kfree(m);
}

void k_uninitialised_others(void)
{
	struct { spinlock_t spin; rwlock_t rw; struct rw_semaphore sem; } *u;

	u = kzalloc(sizeof(*u), GFP_KERNEL);
	spin_lock(&u->spin);
	spin_unlock(&u->spin);
	write_lock(&u->rw);
	write_unlock(&u->rw);
	down_write(&u->sem);
	up_write(&u->sem);
	kfree(u);
}

void k_panic(void)
{
	panic("nothing works since %s", "yesterday");
}

static int failing_initcall(void)
{
	return -ENODEV;
}

void k_initcall_fails(void)
{
	static struct um_initcall call = {
		.name = "failing_initcall", .fn = failing_initcall, .level = 6,
	};

	um_initcall_register(&call);
}

void k_bug(void)
{
	BUG_ON(!flag);
}

void k_leave_with_mutex(void)
{
	mutex_lock(&lock_a);
	um_task_ends("test", NULL);
	lock_acquire(&lock_a.dep_map, 0, 1, 0, 1, NULL, _THIS_IP_);
	mutex_unlock(&lock_a);
}

/* One variable, two locks: only a detector that tells the locks apart sees it. */
static long raced;

static long race_under_a(void *arg)
{
	int i;

	for (i = 0; i < 1000; i++) {
		mutex_lock(&lock_a);
		raced++;
		mutex_unlock(&lock_a);
	}
	return 0;
}

static long race_under_b(void *arg)
{
	int i;

	for (i = 0; i < 1000; i++) {
		mutex_lock(&lock_b);
		raced++;
		mutex_unlock(&lock_b);
	}
	return 0;
}

void k_race(void)
{
	struct um_task *a = um_task_start("under-a", race_under_a, NULL);
	struct um_task *b = um_task_start("under-b", race_under_b, NULL);

	um_task_join(a);
	um_task_join(b);
}

/* ---- work ------------------------------------------------------------------------- */

/* Of zeros, as a forgotten INIT_WORK() leaves them. */
int k_work_never_initialised_queue(void)
{
	static struct work_struct never;

	return queue_work(system_wq, &never);
}

int k_work_never_initialised_flush(void)
{
	static struct work_struct never;

	return flush_work(&never);
}

int k_work_never_initialised_cancel(void)
{
	static struct work_struct never;

	return cancel_work(&never);
}

int k_work_never_initialised_cancel_sync(void)
{
	static struct work_struct never;

	return cancel_work_sync(&never);
}

int k_work_never_initialised_delay(void)
{
	static struct delayed_work never;

	return queue_delayed_work(system_wq, &never, 1);
}

/* ---- timers ------------------------------------------------------------------------- */

static DECLARE_COMPLETION(timer_entered);

static void blocking_fn(struct timer_list *timer)
{
	complete(&timer_entered);
	park();
}
static DEFINE_TIMER(blocking, blocking_fn);

void k_timer_blocks(void)
{
	mod_timer(&blocking, jiffies);
	wait_for_completion(&timer_entered);
}

long k_timer_delete(void *arg)
{
	return del_timer_sync(&blocking);
}

/* Pending it stays as it was. */
int k_timer_add_twice(void)
{
	unsigned long first = jiffies + 1000 * HZ;

	blocking.expires = first;
	add_timer(&blocking);
	add_timer(&blocking);
	return blocking.expires == first && del_timer(&blocking) && !timer_pending(&blocking);
}

static struct timer_list never_set_up;

int k_timer_never_set_up_mod(void)
{
	return mod_timer(&never_set_up, jiffies + 1);
}

int k_timer_never_set_up_del(void)
{
	return del_timer(&never_set_up);
}

int k_timer_never_set_up_del_sync(void)
{
	return del_timer_sync(&never_set_up);
}

int k_timer_never_set_up_pending(void)
{
	return timer_pending(&never_set_up);
}

/* ---- completions that nobody waits for ------------------------------------------------ */

static DECLARE_COMPLETION(polled);
static int before_polled;

long k_completed_writer(void *arg)
{
	before_polled = 5;
	complete(&polled);
	return 0;
}

int k_completed_poll(void)
{
	while (!completion_done(&polled))
		cpu_relax();
	return before_polled;
}

/* ---- time-outs ---------------------------------------------------------------------- */

/* Whether it ended by the signal. */
/* ---- RCU ---------------------------------------------------------------------------- */

static bool reader_was_in;

long k_rcu_reader(void *arg)
{
	rcu_read_lock();
	rcu_read_lock();
	park();
	rcu_read_unlock();
	WRITE_ONCE(reader_was_in, rcu_read_lock_held());
	rcu_read_unlock();
	return rcu_read_lock_held();
}

long k_rcu_synchronize(void *arg)
{
	synchronize_rcu();
	return READ_ONCE(reader_was_in);
}

struct rcu_item {
	struct rcu_head rcu;
	bool *called;
};

static void rcu_called(struct rcu_head *head)
{
	struct rcu_item *item = container_of(head, struct rcu_item, rcu);

	*item->called = true;
	kfree(item);
}

static DEFINE_MUTEX(rcu_wants);

static void rcu_sleeps(struct rcu_head *head)
{
	mutex_lock(&rcu_wants);
	mutex_unlock(&rcu_wants);
}

void k_call_rcu_sleeping(void)
{
	static struct rcu_head head;

	call_rcu(&head, rcu_sleeps);
	rcu_barrier();
}

int k_call_rcu(void)
{
	struct rcu_item *item = kmalloc(sizeof(*item), GFP_KERNEL);
	bool called = false;

	item->called = &called;
	call_rcu(&item->rcu, rcu_called);
	rcu_barrier();
	return called;
}
