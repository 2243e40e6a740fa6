// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of sweep.c: one operation, with one mistake each. */
#include <linux/bug.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/kernel.h>

#include "sweep.h"

static struct kobject *dir, *sub;
static bool broken;

long k_good(void *arg)
{
	dir = kobject_create_and_add("swept", NULL);
	if (!dir)
		return -ENOMEM;
	sub = kobject_create_and_add("below", dir);
	if (!sub) {
		kobject_put(dir);
		return -ENOMEM;
	}
	return 0;
}

long k_undo(void *arg)
{
	kobject_put(sub);
	kobject_put(dir);
	sub = NULL;
	dir = NULL;
	return 0;
}

/* Forgets the first when it cannot have the second. */
long k_leaks(void *arg)
{
	dir = kobject_create_and_add("swept", NULL);
	if (!dir)
		return -ENOMEM;
	sub = kobject_create_and_add("below", dir);
	return sub ? 0 : -ENOMEM;
}

long k_ignores(void *arg)
{
	kfree(kmalloc(8, GFP_KERNEL));
	return k_good(arg);
}

long k_breaks(void *arg)
{
	void *p;

	if (broken)
		return -EBUSY;
	p = kmalloc(8, GFP_KERNEL);
	if (!p) {
		broken = true;
		return -ENOMEM;
	}
	kfree(p);
	return 0;
}

long k_warns(void *arg)
{
	void *p = kmalloc(8, GFP_KERNEL);

	if (WARN_ON(!p))
		return -ENOMEM;
	kfree(p);
	return 0;
}

static DEFINE_MUTEX(kept_lock);

/* Returns with the lock when there is no memory. */
long k_keeps_lock(void *arg)
{
	void *p;

	mutex_lock(&kept_lock);
	p = kmalloc(8, GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	kfree(p);
	mutex_unlock(&kept_lock);
	return 0;
}

void k_drop_lock(void *arg)
{
	mutex_unlock(&kept_lock);
}

long k_nothing(void *arg)
{
	return 0;
}

/* Half of it is gone when it says that it cannot. */
long k_takes_half(void *arg)
{
	void *p;

	kobject_put(sub);
	sub = NULL;
	p = kmalloc(8, GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	kfree(p);
	kobject_put(dir);
	dir = NULL;
	return 0;
}

long k_takes_away(void *arg)
{
	kfree(kmalloc(8, GFP_KERNEL));
	return k_undo(arg);
}

static unsigned int tried, undone;

/* The first two times tell what it does when nothing fails. */
long k_undo_fails(void *arg)
{
	return ++tried > 2 ? -EIO : k_undo(arg);
}

/* The third time is after the first fault that was rolled back. */
long k_undo_fails_later(void *arg)
{
	return ++undone > 2 ? -EIO : k_undo(arg);
}

static struct kobject *many[20];

long k_undo_many(void *arg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(many); i++) {
		kobject_put(many[i]);
		many[i] = NULL;
	}
	return 0;
}

long k_leaks_many(void *arg)
{
	char name[16];
	size_t i;
	void *p;

	for (i = 0; i < ARRAY_SIZE(many); i++) {
		snprintf(name, sizeof(name), "many%zu", i);
		many[i] = kobject_create_and_add(name, NULL);
		if (!many[i]) {
			k_undo_many(arg);
			return -ENOMEM;
		}
	}
	p = kmalloc(8, GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	kfree(p);
	return 0;
}
