// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of lockdep.c: one fault of locking each, none of which blocks. */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

#include "check/lockdep.h"
#include "lockdep.h"

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
	static DEFINE_RWLOCK(rw_a);
	static DEFINE_RWLOCK(rw_b);

	read_lock(&rw_a);
	read_lock(&rw_b);
	read_lock(&rw_b);
	read_unlock(&rw_b);
	read_unlock(&rw_b);
	read_unlock(&rw_a);
	read_lock(&rw_b);
	read_lock(&rw_a);
	read_unlock(&rw_a);
	read_unlock(&rw_b);
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
	um_no_locks_held("test");
	lock_acquire(&no_order.lock.dep_map, 0, 1, 0, 1, NULL, _THIS_IP_);
	mutex_unlock(&no_order.lock);
}

void k_spin_recursive(void)
{
	static DEFINE_SPINLOCK(spin);

	spin_lock(&spin);
	spin_lock(&spin);
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

void k_free_held_lock(void)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL);

	thing_init(t);
	mutex_lock(&t->lock);
	kfree(t);
	um_no_locks_held("test");
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
static struct kobj_attribute itself_attr = __ATTR_WO(itself);

int k_files_add(void)
{
	dir = kobject_create_and_add("lockdep_test", NULL);
	if (!dir)
		return -ENOMEM;
	return sysfs_create_file(dir, &locks_attr.attr) ?:
	       sysfs_create_file(dir, &leaves_attr.attr) ?:
	       sysfs_create_file(dir, &itself_attr.attr);
}

void k_files_remove(void)
{
	kobject_put(dir);
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
