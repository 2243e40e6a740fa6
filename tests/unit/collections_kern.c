// SPDX-License-Identifier: GPL-2.0-only
/* Corner cases of what keeps things: xarrays, numbers, references, lists; see collections.c. */
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <umdev/umdev.h>

#include "collections.h"
#include "compat/levels.h"

/* ---- xarray ---------------------------------------------------------------------------- */

static void xarray_stores_and_finds(void)
{
	static const unsigned long at[] = { 0, 1, 63, 64, 4095, 4096, 1UL << 40,
					    ULONG_MAX };
	DEFINE_XARRAY(xa);
	unsigned long index, i;
	void *entry;

	for (i = 0; i < ARRAY_SIZE(at); i++)
		CHECK(!xa_store(&xa, at[i], xa_mk_value(i), GFP_KERNEL));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		CHECK_EQ(xa_to_value(xa_load(&xa, at[i])), i);
	CHECK(!xa_load(&xa, 2) && !xa_load(&xa, 1UL << 41));
	i = 0;
	xa_for_each(&xa, index, entry) {
		CHECK(index == at[i]);
		CHECK_EQ(xa_to_value(entry), i);
		i++;
	}
	CHECK_EQ(i, ARRAY_SIZE(at));
	i = 0;
	xa_for_each_range(&xa, index, entry, 63, 4096)
		i++;
	CHECK_EQ(i, 4);
	CHECK(xa_store(&xa, 63, &xa, GFP_KERNEL) == xa_mk_value(2));
	CHECK(xa_erase(&xa, 63) == &xa && !xa_erase(&xa, 63));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		xa_erase(&xa, at[i]);
	CHECK(xa_empty(&xa));
}

static void xarray_insert_and_exchange(void)
{
	DEFINE_XARRAY(xa);

	CHECK_EQ(xa_insert(&xa, 5, xa_mk_value(1), GFP_KERNEL), 0);
	CHECK_EQ(xa_insert(&xa, 5, xa_mk_value(2), GFP_KERNEL), -EBUSY);
	CHECK(xa_cmpxchg(&xa, 5, xa_mk_value(1), xa_mk_value(3), GFP_KERNEL) ==
	      xa_mk_value(1));
	CHECK(xa_cmpxchg(&xa, 5, xa_mk_value(1), NULL, GFP_KERNEL) == xa_mk_value(3));
	CHECK(xa_load(&xa, 5) == xa_mk_value(3));
	CHECK_EQ(xa_reserve(&xa, 9, GFP_KERNEL), 0);
	CHECK(!xa_load(&xa, 9));
	CHECK_EQ(xa_insert(&xa, 9, &xa, GFP_KERNEL), -EBUSY);
	xa_release(&xa, 9);
	CHECK_EQ(xa_insert(&xa, 9, &xa, GFP_KERNEL), 0);
	case_expects("um_xa_store");
	CHECK_EQ(xa_err(xa_store(&xa, 1, xa_mk_internal(3), GFP_KERNEL)), -EINVAL);
	case_expects("um_xa_cmpxchg");
	CHECK_EQ(xa_err(xa_cmpxchg(&xa, 1, NULL, xa_mk_internal(3), GFP_KERNEL)), -EINVAL);
	case_fails_next();
	CHECK_EQ(xa_err(xa_cmpxchg(&xa, 100, NULL, &xa, GFP_KERNEL)), -ENOMEM);
	CHECK(!xa_load(&xa, 100));
	xa_destroy(&xa);
	CHECK(xa_empty(&xa));
}

static void xarray_marks(void)
{
	unsigned long index, seen = 0;
	DEFINE_XARRAY(xa);
	void *entry;

	for (index = 0; index < 1000; index += 100)
		xa_store(&xa, index, xa_mk_value(index), GFP_KERNEL);
	xa_set_mark(&xa, 300, XA_MARK_1);
	xa_set_mark(&xa, 900, XA_MARK_1);
	xa_set_mark(&xa, 301, XA_MARK_1);
	CHECK(xa_get_mark(&xa, 300, XA_MARK_1) && !xa_get_mark(&xa, 301, XA_MARK_1));
	xa_for_each_marked(&xa, index, entry, XA_MARK_1)
		seen += index;
	CHECK_EQ(seen, 1200);
	xa_clear_mark(&xa, 300, XA_MARK_1);
	xa_erase(&xa, 900);
	index = 0;
	CHECK(!xa_find(&xa, &index, ULONG_MAX, XA_MARK_1));
	xa_destroy(&xa);
}

static void xarray_allocates(void)
{
	DEFINE_XARRAY_ALLOC1(xa);
	DEFINE_XARRAY_ALLOC(all);
	u32 id = 99, next = 0, i;

	for (i = 1; i < 200; i++) {
		CHECK_EQ(xa_alloc(&xa, &id, &xa, xa_limit_32b, GFP_KERNEL), 0);
		CHECK_EQ(id, i);
	}
	xa_erase(&xa, 70);
	CHECK_EQ(xa_alloc(&xa, &id, NULL, xa_limit_32b, GFP_KERNEL), 0);
	CHECK_EQ(id, 70);
	CHECK_EQ(xa_alloc(&xa, &id, &xa, XA_LIMIT(10, 12), GFP_KERNEL), -EBUSY);
	xa_destroy(&xa);

	CHECK_EQ(xa_alloc(&all, &id, &xa, xa_limit_32b, GFP_KERNEL), 0);
	CHECK_EQ(id, 0);
	xa_destroy(&all);
	for (i = 0; i < 3; i++)
		CHECK_EQ(xa_alloc_cyclic(&all, &id, &xa, XA_LIMIT(0, 2), &next, GFP_KERNEL), 0);
	CHECK_EQ(xa_alloc_cyclic(&all, &id, &xa, XA_LIMIT(0, 2), &next, GFP_KERNEL), -EBUSY);
	xa_erase(&all, 1);
	CHECK_EQ(xa_alloc_cyclic(&all, &id, &xa, XA_LIMIT(0, 2), &next, GFP_KERNEL), 1);
	CHECK_EQ(id, 1);
	xa_destroy(&all);
}

static void xarray_fails_only_to_allocate(void)
{
	DEFINE_XARRAY(xa);

	case_fails_next();
	CHECK_EQ(xa_err(xa_store(&xa, 7, &xa, GFP_KERNEL)), -ENOMEM);
	CHECK(xa_empty(&xa));
	case_fails_next();
	CHECK(!xa_store(&xa, 0, &xa, GFP_KERNEL));
	CHECK(xa_store(&xa, 0, xa_mk_value(1), GFP_KERNEL) == &xa);
	CHECK(case_fault_pending());
	CHECK(!xa_store(&xa, 7, &xa, GFP_KERNEL));
	case_fails_next();
	CHECK(!xa_store(&xa, 8, &xa, GFP_KERNEL));
	CHECK(xa_store(&xa, 8, NULL, GFP_KERNEL) == &xa);
	CHECK(case_fault_pending());
	xa_destroy(&xa);
}

/* Against a plain table, with numbers that do not change from run to run. */
static void xarray_agrees_with_a_table(void)
{
	static bool table[5000];
	unsigned long index, n = 0;
	DEFINE_XARRAY(xa);
	u32 seed = 1, i;
	void *entry;

	for (i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		index = (seed >> 8) % 5000;
		if (seed & 0x80)
			xa_store(&xa, index, xa_mk_value(index), GFP_KERNEL);
		else
			xa_erase(&xa, index);
		table[index] = seed & 0x80;
	}
	for (index = 0; index < 5000; index++) {
		CHECK(xa_load(&xa, index) == (table[index] ? xa_mk_value(index) : NULL));
		n += table[index];
	}
	xa_for_each(&xa, index, entry) {
		CHECK(table[index]);
		n--;
	}
	CHECK_EQ(n, 0);
	xa_destroy(&xa);
}

/* ---- idr, ida ------------------------------------------------------------------------------ */

static int sum_ids(int id, void *p, void *data)
{
	*(int *)data += id;
	return 0;
}

static void idr_ids(void)
{
	DEFINE_IDR(idr);
	int i, id, sum = 0;
	void *p;

	for (i = 0; i < 100; i++)
		CHECK_EQ(idr_alloc(&idr, &idr, 0, 0, GFP_KERNEL), i);
	CHECK(idr_remove(&idr, 50) == &idr && !idr_remove(&idr, 50));
	CHECK_EQ(idr_alloc(&idr, NULL, 10, 0, GFP_KERNEL), 50);
	CHECK(!idr_find(&idr, 50));
	CHECK(!idr_replace(&idr, &sum, 50) && idr_find(&idr, 50) == &sum);
	CHECK_EQ(PTR_ERR(idr_replace(&idr, &sum, 500)), -ENOENT);
	CHECK_EQ(idr_alloc(&idr, &idr, 5, 20, GFP_KERNEL), -ENOSPC);
	CHECK_EQ(idr_alloc(&idr, &idr, 1000, 1001, GFP_KERNEL), 1000);
	idr_for_each(&idr, sum_ids, &sum);
	CHECK_EQ(sum, 99 * 100 / 2 + 1000);
	i = 0;
	idr_for_each_entry(&idr, p, id)
		i++;
	CHECK_EQ(i, 101);
	CHECK_EQ(id, 1001);
	idr_destroy(&idr);
	CHECK(idr_is_empty(&idr));
	case_expects("um_idr_alloc");
	CHECK_EQ(idr_alloc(&idr, &idr, -1, 0, GFP_KERNEL), -EINVAL);
}

static void idr_cyclic_and_base(void)
{
	struct idr based;
	DEFINE_IDR(idr);

	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 0, 3, GFP_KERNEL), 0);
	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 0, 3, GFP_KERNEL), 1);
	idr_remove(&idr, 0);
	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 0, 3, GFP_KERNEL), 2);
	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 0, 3, GFP_KERNEL), 0);
	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 0, 3, GFP_KERNEL), -ENOSPC);
	/* the start has moved past the next one */
	idr_remove(&idr, 0);
	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 100, 0, GFP_KERNEL), 100);
	CHECK_EQ(idr_alloc_cyclic(&idr, &idr, 0, 0, GFP_KERNEL), 101);
	case_fails_next();
	CHECK_EQ(idr_alloc(&idr, &idr, 1000, 0, GFP_KERNEL), -ENOMEM);
	CHECK(!idr_find(&idr, 1000));
	idr_destroy(&idr);

	idr_init_base(&based, 1);
	CHECK_EQ(idr_alloc(&based, &idr, 0, 0, GFP_KERNEL), 1);
	CHECK(idr_find(&based, 1) == &idr && !idr_find(&based, 0));
	idr_preload(GFP_KERNEL);
	CHECK_EQ(idr_alloc(&based, &idr, 0, 0, GFP_NOWAIT), 2);
	idr_preload_end();
	idr_destroy(&based);
}

static void ida_ids(void)
{
	DEFINE_IDA(ida);
	int i;

	for (i = 0; i < 2500; i++)
		CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 100);
	ida_free(&ida, 2000);
	CHECK_EQ(ida_alloc_min(&ida, 101, GFP_KERNEL), 2000);
	CHECK_EQ(ida_alloc_max(&ida, 99, GFP_KERNEL), -ENOSPC);
	CHECK_EQ(ida_simple_get(&ida, 0, 101, GFP_KERNEL), 100);
	CHECK_EQ(ida_alloc_range(&ida, 0x7ffffffe, ~0, GFP_KERNEL), 0x7ffffffe);
	CHECK_EQ(ida_alloc_range(&ida, 0x7fffffff, ~0, GFP_KERNEL), 0x7fffffff);
	CHECK_EQ(ida_alloc_range(&ida, 0x7ffffffe, ~0, GFP_KERNEL), -ENOSPC);
	CHECK_EQ(ida_alloc_min(&ida, 0x80000000, GFP_KERNEL), -ENOSPC);
	case_expects("ida_free called for id=5000");
	ida_free(&ida, 5000);
	case_fails_next();
	CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), -ENOMEM);
	for (i = 0; i < 2500; i++)
		ida_free(&ida, i);
	CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), 0);
	ida_destroy(&ida);
	CHECK(ida_is_empty(&ida));
}

static DEFINE_IDA(shared_ida);
static DEFINE_XARRAY_ALLOC(shared_xa);

static long use_shared(void *arg)
{
	int i, id;
	u32 xid;

	for (i = 0; i < 500; i++) {
		id = ida_alloc(&shared_ida, GFP_KERNEL);
		if (id < 0 || xa_alloc(&shared_xa, &xid, &shared_ida,
				       xa_limit_32b, GFP_KERNEL))
			return -1;
		pr_info("ids %d %u\n", id, xid);
		xa_load(&shared_xa, i);
		if (xa_erase(&shared_xa, xid) != &shared_ida)
			return -1;
		ida_free(&shared_ida, id);
	}
	return 0;
}

/* For TSan; the locks are the structures' own. */
static void ids_by_two_tasks(void)
{
	struct um_task *a = um_task_start("ids-a", use_shared, NULL);
	struct um_task *b = um_task_start("ids-b", use_shared, NULL);

	CHECK_EQ(um_task_join(a), 0);
	CHECK_EQ(um_task_join(b), 0);
	CHECK(ida_is_empty(&shared_ida) && xa_empty(&shared_xa));
}

/* ---- references -------------------------------------------------------------------------- */

static DEFINE_MUTEX(last_ref_lock);
static refcount_t last_ref;

static long drop_last_ref(void *arg)
{
	bool last = refcount_dec_and_mutex_lock(&last_ref, &last_ref_lock);

	if (last)
		mutex_unlock(&last_ref_lock);
	return last;
}

/* Whoever holds the lock may take a reference as long as it does. */
static void last_reference_is_decided_under_the_lock(void)
{
	struct um_task *task;

	refcount_set(&last_ref, 1);
	mutex_lock(&last_ref_lock);
	task = um_task_start("drop", drop_last_ref, NULL);
	CHECK(um_task_wait_blocked(task));
	refcount_inc(&last_ref);
	mutex_unlock(&last_ref_lock);
	CHECK_EQ(um_task_join(task), false);
	CHECK_EQ(refcount_read(&last_ref), 1);
	CHECK(mutex_trylock(&last_ref_lock));
	mutex_unlock(&last_ref_lock);
	CHECK_EQ(drop_last_ref(NULL), true);
}

/* ---- lists ------------------------------------------------------------------------------------- */

struct item {
	int key, seq;
	struct list_head list;
	struct hlist_node hash;
};

static void list_operations(void)
{
	struct item item[5], *pos, *tmp;
	LIST_HEAD(a);
	LIST_HEAD(b);
	int i, n = 0;

	CHECK(list_empty(&a));
	for (i = 0; i < 5; i++) {
		item[i].key = i;
		list_add_tail(&item[i].list, &a);
	}
	CHECK_EQ(list_first_entry(&a, struct item, list)->key, 0);
	CHECK_EQ(list_last_entry(&a, struct item, list)->key, 4);
	list_move(&item[4].list, &a);
	CHECK_EQ(list_first_entry(&a, struct item, list)->key, 4);
	list_for_each_entry_safe(pos, tmp, &a, list)
		if (pos->key % 2)
			list_move_tail(&pos->list, &b);
	list_for_each_entry_reverse(pos, &b, list)
		n = n * 10 + pos->key;
	CHECK_EQ(n, 31);
	list_splice_init(&b, &a);
	CHECK(list_empty(&b));
	n = 0;
	list_for_each_entry(pos, &a, list)
		n = n * 10 + pos->key;
	CHECK_EQ(n, 13402);
	list_del_init(&item[0].list);
	CHECK(list_empty(&item[0].list));
	CHECK(!list_first_entry_or_null(&b, struct item, list));
}

static void list_corruption_is_reported(void)
{
	struct item item;
	LIST_HEAD(a);

	list_add(&item.list, &a);
	case_expects("list_add double add");
	list_add(&item.list, &a);
	list_del(&item.list);
	case_expects("next is LIST_POISON1");
	list_del(&item.list);
	CHECK(list_empty(&a));
}

static int by_key(void *priv, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct item, list)->key -
	       list_entry(b, struct item, list)->key;
}

static void list_sort_keeps_order(void)
{
	static const int keys[] = { 3, 1, 2, 3, 1, 0, 2, 9, 3 };
	struct item item[ARRAY_SIZE(keys)], *pos;
	int i, key = -1, seq = -1;
	LIST_HEAD(list);

	list_sort(NULL, &list, by_key);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		item[i].key = keys[i];
		item[i].seq = i;
		list_add_tail(&item[i].list, &list);
	}
	list_sort(NULL, &list, by_key);
	i = 0;
	list_for_each_entry(pos, &list, list) {
		CHECK(pos->key > key || (pos->key == key && pos->seq > seq));
		key = pos->key;
		seq = pos->seq;
		i++;
	}
	CHECK_EQ(i, ARRAY_SIZE(keys));
}

static void hash_tables(void)
{
	DEFINE_HASHTABLE(table, 3);
	struct item item[20], *pos;
	struct hlist_node *tmp;
	int i, bkt, n = 0;

	CHECK(hash_empty(table));
	for (i = 0; i < 20; i++) {
		item[i].key = i;
		hash_add(table, &item[i].hash, i);
	}
	hash_for_each_possible(table, pos, hash, 7)
		n += pos->key == 7;
	CHECK_EQ(n, 1);
	hash_for_each_safe(table, bkt, tmp, pos, hash)
		if (pos->key % 2)
			hash_del(&pos->hash);
	n = 0;
	hash_for_each(table, bkt, pos, hash)
		n += pos->key;
	CHECK_EQ(n, 90);
	CHECK(!hash_hashed(&item[1].hash) && hash_hashed(&item[2].hash));
}

#define CASE(fn) { #fn, fn }

const struct kern_case collections_cases[] = {
	CASE(xarray_stores_and_finds),
	CASE(xarray_insert_and_exchange),
	CASE(xarray_marks),
	CASE(xarray_allocates),
	CASE(xarray_fails_only_to_allocate),
	CASE(xarray_agrees_with_a_table),
	CASE(idr_ids),
	CASE(idr_cyclic_and_base),
	CASE(ida_ids),
	CASE(ids_by_two_tasks),
	CASE(last_reference_is_decided_under_the_lock),
	CASE(list_operations),
	CASE(list_corruption_is_reported),
	CASE(list_sort_keeps_order),
	CASE(hash_tables),
	{ NULL, NULL }
};
