// SPDX-License-Identifier: GPL-2.0-only
/* What keeps things, where it fails, is damaged, or has two tasks; see collections.c. */
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/xarray.h>
#include <umdev/umdev.h>

#include "collections.h"

/* ---- xarray ---------------------------------------------------------------------------- */

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
	case_fails_next();
	CHECK_EQ(xa_err(xa_cmpxchg(&xa, 100, NULL, &xa, GFP_KERNEL)), -ENOMEM);
	CHECK(!xa_load(&xa, 100));
	CHECK(!xa_store(&xa, 7, &xa, GFP_KERNEL));
	case_fails_next();
	CHECK(!xa_store(&xa, 8, &xa, GFP_KERNEL));
	CHECK(xa_store(&xa, 8, NULL, GFP_KERNEL) == &xa);
	CHECK(case_fault_pending());
	xa_destroy(&xa);
}

/* ---- idr, ida ------------------------------------------------------------------------------ */

static void ids_fail_only_to_allocate(void)
{
	DEFINE_IDR(idr);
	DEFINE_IDA(ida);

	CHECK_EQ(idr_alloc(&idr, &idr, 0, 0, GFP_KERNEL), 0);
	case_fails_next();
	CHECK_EQ(idr_alloc(&idr, &idr, 1000, 0, GFP_KERNEL), -ENOMEM);
	CHECK(!idr_find(&idr, 1000));
	idr_destroy(&idr);
	case_fails_next();
	CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), -ENOMEM);
	CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), 0);
	ida_destroy(&ida);
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

static void list_corruption_is_reported(void)
{
	struct list_head item;
	LIST_HEAD(a);

	list_add(&item, &a);
	case_expects("list_add double add");
	list_add(&item, &a);
	list_del(&item);
	case_expects("next is LIST_POISON1");
	list_del(&item);
	CHECK(list_empty(&a));
}

#define CASE(fn) { #fn, fn }

const struct kern_case collections_cases[] = {
	CASE(xarray_fails_only_to_allocate),
	CASE(ids_fail_only_to_allocate),
	CASE(ids_by_two_tasks),
	CASE(last_reference_is_decided_under_the_lock),
	CASE(list_corruption_is_reported),
	{ NULL, NULL }
};
