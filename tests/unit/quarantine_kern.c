// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of quarantine.c: objects used after their end, and behind it. */
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "quarantine.h"
#include "umdev/umdev.h"

/* More than the quarantine has room for. */
#define MANY 6000

static noinline void *k_new(size_t size)
{
	return kmalloc(size, GFP_KERNEL);
}

static noinline void k_free(void *p)
{
	kfree(p);
}

noinline void k_write_after_free(void)
{
	volatile char *p = k_new(64);

	k_free((void *)p);
	p[8] = 1;
	p[9] = 2;
}

noinline void k_write_after_free_to_cache(void)
{
	struct kmem_cache *cache = kmem_cache_create("things", 24, 0, 0, NULL);
	volatile char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, (void *)p);
	kmem_cache_destroy(cache);
	p[23] = 0;
}

static noinline struct page *k_new_page(void)
{
	return alloc_page(GFP_KERNEL);
}

noinline void k_write_freed_page(void)
{
	struct page *page = k_new_page();
	volatile char *p = page_address(page);

	__free_page(page);
	p[100] = 1;
}

static void write_freed_area(size_t size)
{
	volatile char *p = vmalloc_user(size);

	vfree((void *)p);
	p[size / 2] = 1;
}

noinline void k_write_freed_area(void)
{
	write_freed_area(64 << 10);
}

/* It goes back to the host. */
noinline void k_write_freed_large_area(void)
{
	write_freed_area(32 << 20);
}

/* It stays alive, and is nobody's leak. */
static volatile char *kept;

noinline void k_write_behind(void)
{
	kept = k_new(13);
	kept[13] = 1;
}

noinline void k_write_behind_and_free(void)
{
	k_write_behind();
	k_free((void *)kept);
}

noinline void k_free_twice(void)
{
	void *p = k_new(32);

	k_free(p);
	k_free(p);
}

noinline void k_free_inside(void)
{
	char *p = k_new(32);

	k_free(p + 8);
	k_free(p);
}

noinline void k_free_no_object(void)
{
	static u64 not_of_kmalloc[4];

	k_free(not_of_kmalloc + 2);
}

struct thing {
	char *text;
	long value;
	void (*fn)(struct thing *t);
};

noinline void k_follow_freed(void)
{
	struct thing *t = k_new(sizeof(*t));

	k_free(t);
	(void)READ_ONCE(*READ_ONCE(t->text));
}

noinline void k_call_freed(void)
{
	struct thing *t = k_new(sizeof(*t));

	k_free(t);
	OPTIMIZER_HIDE_VAR(t);
	t->fn(t);
}

noinline void k_follow_unwritten(void)
{
	struct thing *t = k_new(sizeof(*t));

	(void)READ_ONCE(*READ_ONCE(t->text));
	k_free(t);
}

noinline void k_follow_deleted(void)
{
	LIST_HEAD(head);
	LIST_HEAD(entry);

	list_add(&entry, &head);
	list_del(&entry);
	(void)READ_ONCE(READ_ONCE(entry.next)->prev);
}

noinline void k_put_freed(void)
{
	struct kobject *kobj = kobject_create_and_add("freed", NULL);

	kobject_put(kobj);
	um_late_flush();
	kobject_put(kobj);
}

noinline void k_trust_index(unsigned int index)
{
	volatile u32 *table = k_new(8 * sizeof(*table));

	table[index] = 1;
	k_free((void *)table);
}

noinline void k_trust_shift(unsigned int n)
{
	volatile unsigned long bit = 1UL << n;

	(void)bit;
}

void k_push_out(void)
{
	unsigned int i;

	for (i = 0; i < MANY; i++)
		k_free(k_new(16));
}

/* They come in turn from 8192, until more are needed at a time. */
void k_use_all_pages(void)
{
	unsigned int i;

	for (i = 0; i < 8192; i++)
		__free_page(k_new_page());
}

void k_use_large_areas(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		vfree(vmalloc_user(32 << 20));
}

/* ---- tasks: nothing but what they do themselves orders them ------------------- */

static struct {
	struct mutex lock;
	char *object;		/* under the lock */
	int freed;		/* read and written without any order */
	long raced;
} shared = { .lock = __MUTEX_INITIALIZER(shared.lock) };

static long write_object(void *arg)
{
	mutex_lock(&shared.lock);
	memset(shared.object, 1, 64);
	mutex_unlock(&shared.lock);
	return 0;
}

static long free_object(void *arg)
{
	mutex_lock(&shared.lock);
	k_free(shared.object);
	mutex_unlock(&shared.lock);
	__atomic_store_n(&shared.freed, 1, __ATOMIC_RELAXED);
	return 0;
}

static long push_out_object(void *arg)
{
	while (!__atomic_load_n(&shared.freed, __ATOMIC_RELAXED))
		barrier();
	k_push_out();
	return 0;
}

void k_free_in_tasks(void)
{
	struct um_task *pusher, *freer;

	shared.object = k_new(64);
	pusher = um_task_start("pusher", push_out_object, NULL);
	um_task_join(um_task_start("writer", write_object, NULL));
	freer = um_task_start("freer", free_object, NULL);
	um_task_join(pusher);
	um_task_join(freer);
}

static long free_and_count(void *arg)
{
	int i;

	for (i = 0; i < 100; i++) {
		k_free(k_new(16));
		shared.raced++;
	}
	return 0;
}

void k_race_of_freers(void)
{
	struct um_task *other;

	k_push_out();
	other = um_task_start("other", free_and_count, NULL);
	free_and_count(NULL);
	um_task_join(other);
}
