// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of lockdep.c: one fault of locking each, none of which blocks. */
#include <asm/processor.h>

#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "check/lockdep.h"
#include "kernel/sched/wait.h"
#include "lockdep.h"
#include "umdev/umdev.h"

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);

void k_a_then_b(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_b);
	mutex_unlock(&lock_b);
	mutex_unlock(&lock_a);
}

void k_b_then_a(void)
{
	mutex_lock(&lock_b);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_b);
}

static void one_then_other(struct mutex *one, struct mutex *other)
{
	mutex_lock(one);
	mutex_lock(other);
	mutex_unlock(other);
	mutex_unlock(one);
}

void k_three_in_a_circle(void)
{
	static DEFINE_MUTEX(first);
	static DEFINE_MUTEX(second);
	static DEFINE_MUTEX(third);

	one_then_other(&first, &second);
	one_then_other(&second, &third);
	one_then_other(&third, &first);
}

void k_ten_in_a_circle(void)
{
	static struct lock_class_key keys[10];
	static const char *const names[10] = {
		"ten[0]", "ten[1]", "ten[2]", "ten[3]", "ten[4]",
		"ten[5]", "ten[6]", "ten[7]", "ten[8]", "ten[9]",
	};
	struct mutex ten[10];
	int i;

	for (i = 0; i < 10; i++)
		__mutex_init(&ten[i], names[i], &keys[i]);
	for (i = 0; i < 10; i++)
		one_then_other(&ten[i], &ten[(i + 1) % 10]);
}

static DECLARE_RWSEM(sem_a);
static DECLARE_RWSEM(sem_b);

void k_read_a_write_b(void)
{
	down_read(&sem_a);
	down_write(&sem_b);
	up_write(&sem_b);
	up_read(&sem_a);
}

void k_write_b_read_a(void)
{
	down_write(&sem_b);
	down_read(&sem_a);
	up_read(&sem_a);
	up_write(&sem_b);
}

/* Two recursive readers, crosswise: neither ever waits for the other. */
void k_readers_recurse(void)
{
	static struct lockdep_map a = STATIC_LOCKDEP_MAP_INIT("a", &a);
	static struct lockdep_map b = STATIC_LOCKDEP_MAP_INIT("b", &b);

	lock_map_acquire_read(&a);
	lock_map_acquire_read(&b);
	lock_map_acquire_read(&b);
	lock_map_release(&b);
	lock_map_release(&b);
	lock_map_release(&a);
	lock_map_acquire_read(&b);
	lock_map_acquire_read(&a);
	lock_map_release(&a);
	lock_map_release(&b);
}

/* A writer that waits in between makes it a deadlock. */
void k_read_lock_twice(void)
{
	static DEFINE_RWLOCK(nested);

	read_lock(&nested);
	read_lock(&nested);
	read_unlock(&nested);
	read_unlock(&nested);
}

void k_trylock_crosswise(void)
{
	static DEFINE_MUTEX(tried);
	static DEFINE_MUTEX(taken);

	one_then_other(&tried, &taken);
	mutex_lock(&taken);
	if (mutex_trylock(&tried))
		mutex_unlock(&tried);
	mutex_unlock(&taken);
}

struct thing {
	struct mutex lock;
};

static void thing_init(struct thing *t)
{
	mutex_init(&t->lock);
}

void k_same_class(void)
{
	struct thing x, y;

	thing_init(&x);
	thing_init(&y);
	one_then_other(&x.lock, &y.lock);
}

void k_same_class_subclassed(void)
{
	struct thing x, y;

	thing_init(&x);
	thing_init(&y);
	mutex_lock(&x.lock);
	mutex_lock_nested(&y.lock, SINGLE_DEPTH_NESTING);
	mutex_unlock(&y.lock);
	mutex_unlock(&x.lock);
}

void k_same_subclass(void)
{
	struct thing x, y;

	thing_init(&x);
	thing_init(&y);
	mutex_lock_nested(&x.lock, SINGLE_DEPTH_NESTING);
	mutex_lock_nested(&y.lock, SINGLE_DEPTH_NESTING);
	mutex_unlock(&y.lock);
	mutex_unlock(&x.lock);
}

/* Both ways the same classes are taken in the same order. */
void k_same_lock_where_another_was(void)
{
	struct thing x, y;
	int i;

	thing_init(&x);
	thing_init(&y);
	for (i = 0; i < 3; i++) {
		mutex_lock(&x.lock);
		mutex_lock_nested(i < 2 ? &y.lock : &x.lock, SINGLE_DEPTH_NESTING);
		mutex_unlock(&y.lock);
		mutex_unlock(&x.lock);
	}
}

/* The order that there was is that of another class, whose key lay there. */
void k_order_of_a_key_that_went(bool crosswise)
{
	static struct lock_class_key key, other;
	struct mutex m, o;

	lockdep_register_key(&key);
	__mutex_init(&m, "going", &key);
	__mutex_init(&o, "staying", &other);
	one_then_other(&m, &o);
	one_then_other(&m, &o);
	lockdep_unregister_key(&key);
	lockdep_register_key(&key);
	__mutex_init(&m, "coming", &key);
	one_then_other(&o, &m);
	if (crosswise)
		one_then_other(&m, &o);
	lockdep_unregister_key(&key);
}

/*
 * What is let go first is the one that was taken first: it is not held when the third
 * is wanted. Between it and the second there is no order.
 */
void k_let_go_in_order(bool crosswise)
{
	static DEFINE_MUTEX(one);
	static DEFINE_MUTEX(two);
	static DEFINE_MUTEX(three);
	int i;

	for (i = 0; i < 2; i++) {
		mutex_lock(&one);
		WARN_ON(!mutex_trylock(&two));
		mutex_unlock(&one);
		mutex_lock(&three);
		mutex_unlock(&two);
		mutex_unlock(&three);
	}
	one_then_other(&one, &three);
	if (crosswise)
		one_then_other(&three, &one);
}

void k_same_class_nested(void)
{
	static DEFINE_MUTEX(outer);
	struct { struct mutex lock; } x, y;
	int i;

	for (i = 0; i < 2; i++)
		mutex_init(i ? &x.lock : &y.lock);
	mutex_lock(&outer);
	mutex_lock_nest_lock(&x.lock, &outer);
	mutex_lock_nest_lock(&y.lock, &outer);
	mutex_unlock(&y.lock);
	mutex_unlock(&x.lock);
	mutex_unlock(&outer);
}

static struct thing no_order;

void k_no_validate_crosswise(void)
{
	static DEFINE_MUTEX(plain);
	struct thing other;

	thing_init(&no_order);
	thing_init(&other);
	lockdep_set_novalidate_class(&no_order.lock);
	lockdep_set_novalidate_class(&other.lock);
	one_then_other(&plain, &no_order.lock);
	one_then_other(&no_order.lock, &plain);
	one_then_other(&no_order.lock, &other.lock);
}

void k_no_validate_is_held(void)
{
	mutex_lock(&no_order.lock);
	lockdep_assert_held(&no_order.lock);
	um_task_ends("test", NULL);
	lock_acquire(&no_order.lock.dep_map, 0, 1, 0, 1, NULL, _THIS_IP_);
	mutex_unlock(&no_order.lock);
}

void k_spin_recursive(void)
{
	static DEFINE_SPINLOCK(spin);

	spin_lock(&spin);
	spin_lock(&spin);
}

/* ---- atomic context, and unlocks that do not fit ------------------------------ */

static DEFINE_MUTEX(sleeps);

void k_sleep_under_spinlock(void)
{
	static DEFINE_SPINLOCK(spin);

	spin_lock(&spin);
	mutex_lock(&sleeps);
	mutex_unlock(&sleeps);
	spin_unlock(&spin);
}

void k_sleep_with_preemption_off(void)
{
	preempt_disable();
	mutex_lock(&sleeps);
	mutex_unlock(&sleeps);
	preempt_enable();
}

void k_sleep_in_rcu_reader(void)
{
	rcu_read_lock();
	mutex_lock(&sleeps);
	mutex_unlock(&sleeps);
	rcu_read_unlock();
}

static DEFINE_MUTEX(others_mutex);
static DEFINE_SPINLOCK(others_spin);
static DECLARE_RWSEM(others_sem);
static DEFINE_RWLOCK(others_rw);

static bool others_tried;

static long unlock_others(void *arg)
{
	switch ((long)arg) {
	case 0:
		mutex_unlock(&others_mutex);
		break;
	case 1:
		spin_unlock(&others_spin);
		break;
	case 2:
		downgrade_write(&others_sem);
		break;
	case 3:
		write_unlock(&others_rw);
		break;
	}
	WRITE_ONCE(others_tried, true);
	return 0;
}

/* The owner lets go of it all the same; the mutex is free by then, as in a kernel. */
void k_unlock_by_other(int kind)
{
	struct um_task *other;

	switch (kind) {
	case 0:
		mutex_lock(&others_mutex);
		break;
	case 1:
		spin_lock(&others_spin);
		break;
	case 2:
		down_write(&others_sem);
		break;
	case 3:
		write_lock(&others_rw);
		break;
	}
	WRITE_ONCE(others_tried, false);
	other = um_task_start("other", unlock_others, (void *)(long)kind);
	/* a holder of a spinlock does not sleep */
	while (!READ_ONCE(others_tried))
		cpu_relax();
	switch (kind) {
	case 0:
		lock_release(&others_mutex.dep_map, _THIS_IP_);
		break;
	case 1:
		spin_unlock(&others_spin);
		break;
	case 2:
		up_write(&others_sem);
		break;
	case 3:
		write_unlock(&others_rw);
		break;
	}
	um_task_join(other);
}

static DEFINE_MUTEX(free_mutex);
static DEFINE_SPINLOCK(free_spin);
static DECLARE_RWSEM(free_sem);
static DEFINE_RWLOCK(free_rw);

void k_unlock_free(int kind)
{
	switch (kind) {
	case 0:
		mutex_unlock(&free_mutex);
		break;
	case 1:
		spin_unlock(&free_spin);
		break;
	case 2:
		up_write(&free_sem);
		break;
	case 3:
		write_unlock(&free_rw);
		break;
	case 4:
		up_read(&free_sem);
		break;
	case 5:
		read_unlock(&free_rw);
		break;
	case 6:
		downgrade_write(&free_sem);
		break;
	}
}

void k_rcu_unlock_free(void)
{
	rcu_read_unlock();
}

void k_take_all_free(void)
{
	mutex_lock(&free_mutex);
	down_write(&free_sem);
	spin_lock(&free_spin);
	write_lock(&free_rw);
	write_unlock(&free_rw);
	spin_unlock(&free_spin);
	up_write(&free_sem);
	mutex_unlock(&free_mutex);
	rcu_read_lock();
	rcu_read_unlock();
	might_sleep();
}

void k_destroy_held_mutex(void)
{
	static DEFINE_MUTEX(doomed);

	mutex_lock(&doomed);
	mutex_destroy(&doomed);
	doomed.um.magic = &doomed;
	mutex_unlock(&doomed);
}

static DEFINE_MUTEX(left_mutex);

static void leaving_fn(struct work_struct *work)
{
	mutex_lock(&left_mutex);
	preempt_disable();
}

void k_work_leaves_lock(void)
{
	static DECLARE_WORK(leaving, leaving_fn);

	schedule_work(&leaving);
	flush_work(&leaving);
}

static DEFINE_SPINLOCK(left_spin);

static void leaving_timer_fn(struct timer_list *timer)
{
	spin_lock(&left_spin);
}

static void run_timer(struct timer_list *timer)
{
	mod_timer(timer, jiffies);
	while (timer_pending(timer))
		schedule_timeout_uninterruptible(1);
	del_timer_sync(timer);
}

void k_timer_leaves_lock(void)
{
	static DEFINE_TIMER(leaving, leaving_timer_fn);

	run_timer(&leaving);
}

static void trying_timer_fn(struct timer_list *timer)
{
	static DEFINE_MUTEX(tried_mutex);

	mutex_trylock(&tried_mutex);
}

void k_timer_leaves_mutex(void)
{
	static DEFINE_TIMER(trying, trying_timer_fn);

	run_timer(&trying);
}

static void enabling_timer_fn(struct timer_list *timer)
{
	preempt_enable();
}

void k_timer_enables_too_often(void)
{
	static DEFINE_TIMER(enabling, enabling_timer_fn);

	run_timer(&enabling);
}

static long grace_period(void *arg)
{
	synchronize_rcu();
	return 0;
}

void k_leave_as_reader(void)
{
	struct um_task *waiter;

	rcu_read_lock();
	rcu_read_lock();
	waiter = um_task_start("waiter", grace_period, NULL);
	um_task_ends("test", NULL);
	um_task_join(waiter);
}

/* ---- what the checker has no room for ------------------------------------------ */

void k_too_many_classes(void)
{
	static struct lock_class_key keys[3000];
	struct mutex many;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		__mutex_init(&many, "many", &keys[i]);
		mutex_lock(&many);
		mutex_unlock(&many);
	}
}

void k_too_many_held(void)
{
	static struct lock_class_key keys[60];
	static struct mutex many[60];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(many); i++) {
		__mutex_init(&many[i], "many", &keys[i]);
		mutex_lock(&many[i]);
	}
}

/* ---- waits that are no locks ------------------------------------------------- */

static DEFINE_MUTEX(item_lock);

static void item_fn(struct work_struct *work)
{
	mutex_lock(&item_lock);
	mutex_unlock(&item_lock);
}
static DECLARE_WORK(item, item_fn);

void k_flush_under_items_lock(void)
{
	schedule_work(&item);
	flush_work(&item);
	mutex_lock(&item_lock);
	flush_work(&item);
	mutex_unlock(&item_lock);
}

void k_flush_queue_under_items_lock(void)
{
	struct workqueue_struct *wq = alloc_workqueue("lockdep_test", 0, 1);

	queue_work(wq, &item);
	flush_workqueue(wq);
	mutex_lock(&item_lock);
	flush_workqueue(wq);
	mutex_unlock(&item_lock);
	destroy_workqueue(wq);
}

static void own_fn(struct work_struct *work)
{
	flush_work(work);
}
static DECLARE_WORK(own, own_fn);

void k_flush_own_item(void)
{
	schedule_work(&own);
	flush_work(&own);
}

void k_complete_under_waiters_lock(void)
{
	static DECLARE_COMPLETION(done);
	static DEFINE_MUTEX(waiters_lock);

	mutex_lock(&waiters_lock);
	complete(&done);
	mutex_unlock(&waiters_lock);
	wait_for_completion(&done);

	complete(&done);
	mutex_lock(&waiters_lock);
	wait_for_completion(&done);
	mutex_unlock(&waiters_lock);
}

/* As a release does that the last put calls, under whatever is held there. */
void k_complete_then_wait_under_lock(void)
{
	static DEFINE_MUTEX(owners_lock);
	struct completion released;

	mutex_lock(&owners_lock);
	init_completion(&released);
	complete(&released);
	wait_for_completion(&released);
	mutex_unlock(&owners_lock);
}

/* What is taken afterwards is held while it waits, all the same. */
void k_complete_then_wait_under_another(void)
{
	static DEFINE_MUTEX(around);
	static DEFINE_MUTEX(later);
	static DECLARE_COMPLETION(end);

	mutex_lock(&later);
	complete(&end);
	mutex_unlock(&later);
	wait_for_completion(&end);

	mutex_lock(&around);
	complete(&end);
	mutex_lock(&later);
	wait_for_completion(&end);
	mutex_unlock(&later);
	mutex_unlock(&around);
}

static DEFINE_SPINLOCK(timer_lock);
static DECLARE_COMPLETION(timer_ran);

static void timer_fn(struct timer_list *unused)
{
	spin_lock(&timer_lock);
	spin_unlock(&timer_lock);
	complete(&timer_ran);
}

void k_delete_timer_under_its_lock(void)
{
	static struct timer_list timer;

	timer_setup(&timer, timer_fn, 0);
	mod_timer(&timer, jiffies);
	wait_for_completion(&timer_ran);
	del_timer_sync(&timer);
	spin_lock_bh(&timer_lock);
	del_timer_sync(&timer);
	spin_unlock_bh(&timer_lock);
}

void k_free_held_lock(void)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL);

	thing_init(t);
	mutex_lock(&t->lock);
	kfree(t);
	um_task_ends("test", NULL);
}

/* ---- sysfs --------------------------------------------------------------------- */

static struct kobject *dir;
static DEFINE_MUTEX(store_lock);

static ssize_t locks_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t count)
{
	mutex_lock(&store_lock);
	mutex_unlock(&store_lock);
	return count;
}
static struct kobj_attribute locks_attr = __ATTR_WO(locks);

static ssize_t leaves_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			    size_t count)
{
	mutex_lock(&store_lock);
	return count;
}
static struct kobj_attribute leaves_attr = __ATTR_WO(leaves);

static ssize_t itself_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			    size_t count)
{
	sysfs_remove_file(kobj, &attr->attr);
	return count;
}
/* One user's open file waits for another's: each has its own lock. */
static DECLARE_COMPLETION(files_done);

static ssize_t waits_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t count)
{
	wait_for_completion(&files_done);
	return count;
}
static struct kobj_attribute waits_attr = __ATTR_WO(waits);

static ssize_t completes_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			       size_t count)
{
	complete(&files_done);
	return count;
}
static struct kobj_attribute completes_attr = __ATTR_WO(completes);

static struct kobj_attribute itself_attr = __ATTR_WO(itself);

int k_files_add(void)
{
	dir = kobject_create_and_add("lockdep_test", NULL);
	if (!dir)
		return -ENOMEM;
	return sysfs_create_file(dir, &locks_attr.attr) ?:
	       sysfs_create_file(dir, &leaves_attr.attr) ?:
	       sysfs_create_file(dir, &waits_attr.attr) ?:
	       sysfs_create_file(dir, &completes_attr.attr) ?:
	       sysfs_create_file(dir, &itself_attr.attr);
}

void k_files_remove(void)
{
	kobject_put(dir);
	um_late_flush();
}

void k_remove_under_callbacks_lock(void)
{
	mutex_lock(&store_lock);
	sysfs_remove_file(dir, &locks_attr.attr);
	mutex_unlock(&store_lock);
}

void k_lockdep_count(unsigned int *classes, unsigned long *edges)
{
	um_lockdep_count(classes, edges);
}
