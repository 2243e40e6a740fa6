// SPDX-License-Identifier: GPL-2.0-only
/*
 * What keeps things, and what counts and calls them: bitmaps, xarrays, idr and ida,
 * refcounts, lists, hash tables, notifiers.
 *
 * The device "collections" of the class mdev_test has
 *	bitmaps, xarrays, refcounts, lists
 *		one line "name: results" for each function of that kind
 *	twice	registers one notifier two times, and shows the error
 *	case	the name of a case (cases.h) that is run
 */
#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/refcount.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "cases.h"
#include "lines.h"
#include "mdev_test.h"

/* ---- bitmaps ------------------------------------------------------------- */

#define BITS	70

static void bitmaps_combined(struct out *out, unsigned long *a, unsigned long *b)
{
	DECLARE_BITMAP(map, BITS);
	int ret;

	ret = bitmap_and(map, a, b, BITS);
	line(out, "and: %d %*pbl", ret, BITS, map);
	bitmap_or(map, a, b, BITS);
	line(out, "or: %*pbl", BITS, map);
	bitmap_xor(map, a, b, BITS);
	line(out, "xor: %*pbl", BITS, map);
	ret = bitmap_andnot(map, a, b, BITS);
	line(out, "andnot: %d %*pbl", ret, BITS, map);
	ret = bitmap_and(map, map, b, BITS);
	line(out, "nothing: %d %d", ret, bitmap_empty(map, BITS));
	bitmap_complement(map, a, BITS);
	line(out, "complement: %*pbl", BITS, map);
	line(out, "disjoint: %d %d", bitmap_intersects(map, a, BITS),
	     bitmap_intersects(a, b, BITS));
	bitmap_or(map, map, a, BITS);
	line(out, "full: %d %u", bitmap_full(map, BITS), bitmap_weight(map, BITS));
	line(out, "subset: %d %d", bitmap_subset(a, map, BITS), bitmap_subset(map, a, BITS));
	line(out, "equal: %d %d", bitmap_equal(a, a, BITS), bitmap_equal(a, map, BITS));
}

static void bitmaps_searched(struct out *out, unsigned long *a)
{
	int ret;

	line(out, "find: %lu %lu %lu %lu", find_first_bit(a, BITS), find_next_bit(a, BITS, 9),
	     find_next_zero_bit(a, BITS, 3), find_last_bit(a, BITS));
	line(out, "zero_area: %lu %lu", bitmap_find_next_zero_area(a, BITS, 0, 5, 0),
	     bitmap_find_next_zero_area(a, BITS, 0, 5, 7));
	ret = bitmap_find_free_region(a, BITS, 3);
	line(out, "free_region: %d %*pbl", ret, BITS, a);
	line(out, "allocate_region: %d %d", bitmap_allocate_region(a, 8, 3),
	     bitmap_allocate_region(a, 24, 1));
	bitmap_release_region(a, 8, 3);
	line(out, "release_region: %*pbl", BITS, a);
}

static ssize_t bitmaps_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned long *a = bitmap_zalloc(BITS, GFP_KERNEL);
	struct out out = { .buf = buf };
	DECLARE_BITMAP(b, BITS);
	bool was, is;

	if (!a)
		return -ENOMEM;
	bitmap_zero(b, BITS);
	bitmap_set(a, 3, 5);
	bitmap_set(a, 60, 10);
	bitmap_set(b, 6, 60);
	bitmap_clear(b, 8, 50);
	line(&out, "set: %*pbl %*pbl", BITS, a, BITS, b);
	bitmaps_combined(&out, a, b);
	bitmaps_searched(&out, a);
	was = test_and_set_bit(0, b);
	is = test_and_set_bit(0, b);
	line(&out, "test_and_set: %d %d", was, is);
	was = test_and_clear_bit(0, b);
	is = test_and_clear_bit(0, b);
	line(&out, "test_and_clear: %d %d", was, is);
	bitmap_free(a);
	return out.len;
}
static DEVICE_ATTR_RO(bitmaps);

/* ---- xarrays ------------------------------------------------------------- */

static void xarray_found(struct out *out)
{
	unsigned long index, sum = 0;
	struct xarray xa;
	void *entry;

	xa_init(&xa);
	xa_store(&xa, 1, xa_mk_value(1), GFP_KERNEL);
	xa_store(&xa, 100, xa_mk_value(100), GFP_KERNEL);
	xa_store(&xa, 100000, xa_mk_value(100000), GFP_KERNEL);
	xa_for_each_range(&xa, index, entry, 2, 100000)
		sum += xa_to_value(entry);
	line(out, "range: %lu", sum);
	/* a smaller tree does for what is left */
	entry = xa_erase(&xa, 100000);
	line(out, "erase: %lu %lu %lu %d", xa_to_value(entry), xa_to_value(xa_load(&xa, 1)),
	     xa_to_value(xa_load(&xa, 100)), !xa_load(&xa, 100000));
	xa_destroy(&xa);
	line(out, "empty: %d", xa_empty(&xa));
}

static void xarray_reserved(struct out *out)
{
	unsigned long index = 0;
	struct xarray xa;
	int reserved, busy;

	xa_init(&xa);
	reserved = xa_reserve(&xa, 3, GFP_KERNEL);
	xa_store(&xa, 5, xa_mk_value(5), GFP_KERNEL);
	xa_find(&xa, &index, ULONG_MAX, XA_PRESENT);
	busy = xa_insert(&xa, 3, xa_mk_value(3), GFP_KERNEL);
	line(out, "reserved: %d %d %lu %d", reserved, !xa_load(&xa, 3), index, busy);
	index = 0;
	line(out, "only_reserved: %d", !xa_find(&xa, &index, 4, XA_PRESENT));
	xa_release(&xa, 3);
	xa_release(&xa, 5);
	line(out, "released: %d %lu", xa_insert(&xa, 3, xa_mk_value(3), GFP_KERNEL),
	     xa_to_value(xa_load(&xa, 5)));
	xa_destroy(&xa);
}

/* What is neither a value nor a pointer is stored, unless the tree itself uses it. */
static void xarray_internal(struct out *out)
{
	struct xarray xa;
	void *old;

	xa_init(&xa);
	xa_store(&xa, 1, xa_mk_internal(300), GFP_KERNEL);
	old = xa_store(&xa, 1, xa_mk_value(1), GFP_KERNEL);
	line(out, "internal: %d %lu %lu", xa_is_internal(old), xa_to_internal(old),
	     xa_to_value(xa_load(&xa, 1)));
	xa_destroy(&xa);
}

static void xarray_locked(struct out *out)
{
	struct xarray bh, irq;
	bool marked, cleared;
	void *old, *erased;

	xa_init_flags(&bh, XA_FLAGS_LOCK_BH);
	xa_init_flags(&irq, XA_FLAGS_LOCK_IRQ);
	xa_store_bh(&bh, 2, xa_mk_value(2), GFP_KERNEL);
	old = xa_store_bh(&bh, 2, xa_mk_value(3), GFP_KERNEL);
	xa_lock_bh(&bh);
	erased = __xa_erase(&bh, 2);
	xa_unlock_bh(&bh);
	line(out, "bh: %lu %lu", xa_to_value(old), xa_to_value(erased));
	xa_store_irq(&irq, 2, xa_mk_value(2), GFP_KERNEL);
	old = xa_erase_irq(&irq, 2);
	line(out, "irq: %lu %d", xa_to_value(old), xa_empty(&irq));

	xa_lock_irq(&irq);
	__xa_store(&irq, 200, xa_mk_value(9), GFP_ATOMIC);
	__xa_set_mark(&irq, 200, XA_MARK_1);
	marked = xa_get_mark(&irq, 200, XA_MARK_1);
	__xa_clear_mark(&irq, 200, XA_MARK_1);
	cleared = !xa_get_mark(&irq, 200, XA_MARK_1);
	old = __xa_erase(&irq, 200);
	xa_unlock_irq(&irq);
	line(out, "locked: %d %d %lu", marked, cleared, xa_to_value(old));
	xa_destroy(&bh);
	xa_destroy(&irq);
}

static void xarray_ids(struct out *out)
{
	u32 id = 0, first, next = UINT_MAX;
	struct xarray xa;
	int ret, wrapped;

	xa_init_flags(&xa, XA_FLAGS_ALLOC);
	/* NULL keeps an index here */
	xa_store(&xa, 0, NULL, GFP_KERNEL);
	ret = xa_alloc(&xa, &id, xa_mk_value(1), xa_limit_32b, GFP_KERNEL);
	line(out, "null_kept: %d %u %d", ret, id, !xa_load(&xa, 0));
	xa_erase(&xa, 0);
	ret = xa_alloc_cyclic(&xa, &first, &xa, xa_limit_32b, &next, GFP_KERNEL);
	wrapped = xa_alloc_cyclic(&xa, &id, &xa, xa_limit_32b, &next, GFP_KERNEL);
	line(out, "wrapped: %d %u %d %u %u", ret, first, wrapped, id, next);
	ret = xa_alloc_cyclic(&xa, &id, &xa, xa_limit_32b, &next, GFP_KERNEL);
	line(out, "after: %d %u", ret, id);
	xa_destroy(&xa);
}

static int add_digit(int id, void *p, void *data)
{
	*(int *)data = *(int *)data * 10 + id;
	return 0;
}

static void idr_of_nulls(struct out *out)
{
	int id, walked = 0, entries = 0, ids[4];
	struct idr idr;
	void *p;

	idr_init(&idr);
	ids[0] = idr_alloc(&idr, &idr, 1, 0, GFP_KERNEL);
	ids[1] = idr_alloc(&idr, NULL, 1, 0, GFP_KERNEL);
	ids[2] = idr_alloc(&idr, &idr, 1, 0, GFP_KERNEL);
	ids[3] = idr_alloc(&idr, NULL, 1, 0, GFP_KERNEL);
	idr_for_each(&idr, add_digit, &walked);
	idr_for_each_entry(&idr, p, id)
		add_digit(id, p, &entries);
	line(out, "idr_nulls: %d %d %d %d %d %d", ids[0], ids[1], ids[2], ids[3],
	     walked, entries);
	idr_destroy(&idr);
}

static ssize_t xarrays_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	xarray_found(&out);
	xarray_reserved(&out);
	xarray_internal(&out);
	xarray_locked(&out);
	xarray_ids(&out);
	idr_of_nulls(&out);
	return out.len;
}
static DEVICE_ATTR_RO(xarrays);

/* ---- refcounts ----------------------------------------------------------- */

/* Each returns whether the count got to 0, with the lock held; and frees that. */
static bool dec_and_lock(refcount_t *r)
{
	static DEFINE_SPINLOCK(lock);
	bool zero = refcount_dec_and_lock(r, &lock);

	if (zero)
		spin_unlock(&lock);
	return zero;
}

static bool dec_and_lock_irqsave(refcount_t *r)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	bool zero = refcount_dec_and_lock_irqsave(r, &lock, &flags);

	if (zero)
		spin_unlock_irqrestore(&lock, flags);
	return zero;
}

static bool dec_and_mutex_lock(refcount_t *r)
{
	static DEFINE_MUTEX(lock);
	bool zero = refcount_dec_and_mutex_lock(r, &lock);

	if (zero)
		mutex_unlock(&lock);
	return zero;
}

static void two_and_one(struct out *out, const char *name, bool (*dec)(refcount_t *r))
{
	refcount_t r = REFCOUNT_INIT(2);
	bool two = dec(&r), one = dec(&r);

	line(out, "%s: %d %d %u", name, two, one, refcount_read(&r));
}

static ssize_t refcounts_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int added, taken, inc, dec, sub;
	struct out out = { .buf = buf };
	refcount_t r;

	two_and_one(&out, "spinlock", dec_and_lock);
	two_and_one(&out, "irqsave", dec_and_lock_irqsave);
	two_and_one(&out, "mutex", dec_and_mutex_lock);
	two_and_one(&out, "if_one", refcount_dec_if_one);
	refcount_set(&r, 3);
	__refcount_add(2, &r, &added);
	taken = __refcount_add_not_zero(4, &r, &inc);
	line(&out, "add: %d %d %d", added, taken, inc);
	__refcount_inc(&r, &inc);
	__refcount_dec(&r, &dec);
	taken = __refcount_sub_and_test(9, &r, &sub);
	line(&out, "before: %d %d %d %d", inc, dec, taken, sub);
	taken = __refcount_inc_not_zero(&r, &inc);
	line(&out, "zero: %d %d", taken, inc);
	return out.len;
}
static DEVICE_ATTR_RO(refcounts);

/* ---- lists, sorting, notifiers --------------------------------------------- */

static unsigned int swaps;

static int compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void swap_ints(void *a, void *b, int size)
{
	swap(*(int *)a, *(int *)b);
	swaps += size == sizeof(int);
}

static char called[8];
static int answer;

static int note(const char *name)
{
	strlcat(called, name, sizeof(called));
	return answer;
}

static int note_a(struct notifier_block *nb, unsigned long action, void *data)
{
	return note("a");
}

static int note_b(struct notifier_block *nb, unsigned long action, void *data)
{
	return note("b");
}

static int note_c(struct notifier_block *nb, unsigned long action, void *data)
{
	return note("c");
}

static BLOCKING_NOTIFIER_HEAD(chain);
static struct notifier_block nb_a = { .notifier_call = note_a };
static struct notifier_block nb_b = { .notifier_call = note_b, .priority = 5 };
static struct notifier_block nb_c = { .notifier_call = note_c };

static void call_chain(struct out *out, const char *name, int ret)
{
	called[0] = '\0';
	answer = ret;
	ret = blocking_notifier_call_chain(&chain, 1, NULL);
	line(out, "%s: %s %x", name, called, ret);
}

static void notified(struct out *out)
{
	call_chain(out, "nobody", NOTIFY_OK);
	blocking_notifier_chain_register(&chain, &nb_a);
	blocking_notifier_chain_register(&chain, &nb_b);
	blocking_notifier_chain_register(&chain, &nb_c);
	call_chain(out, "by_priority", NOTIFY_OK);
	call_chain(out, "stopped", notifier_from_errno(-EIO));
	blocking_notifier_chain_unregister(&chain, &nb_b);
	call_chain(out, "one_less", NOTIFY_DONE);
	line(out, "unknown: %d", blocking_notifier_chain_unregister(&chain, &nb_b));
	blocking_notifier_chain_unregister(&chain, &nb_a);
	blocking_notifier_chain_unregister(&chain, &nb_c);
}

static ssize_t lists_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int v[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
	struct out out = { .buf = buf };
	struct list_head node;
	LIST_HEAD(from);
	LIST_HEAD(to);

	swaps = 0;
	sort(v, ARRAY_SIZE(v), sizeof(int), compare_ints, swap_ints);
	line(&out, "sorted: %d%d%d%d%d%d%d%d %d", v[0], v[1], v[2], v[3], v[4], v[5], v[6],
	     v[7], swaps > 0);
	list_add(&node, &from);
	list_cut_position(&to, &from, &from);
	line(&out, "cut_none: %d %d", list_empty(&to), list_empty(&from));
	list_cut_position(&to, &from, &node);
	line(&out, "cut_all: %d %d", list_empty(&to), list_empty(&from));
	notified(&out);
	return out.len;
}
static DEVICE_ATTR_RO(lists);

static ssize_t twice_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int ret;

	blocking_notifier_chain_register(&chain, &nb_a);
	ret = blocking_notifier_chain_register(&chain, &nb_a);
	blocking_notifier_chain_unregister(&chain, &nb_a);
	return sysfs_emit(buf, "%d\n", ret);
}
static DEVICE_ATTR_RO(twice);

/* ---- cases -------------------------------------------------------------------- */

static void bitmap_operations(void)
{
	DECLARE_BITMAP(a, 130) = { 0 };
	DECLARE_BITMAP(b, 130);
	unsigned long bit;
	int n = 0;

	CHECK(bitmap_empty(a, 130));
	bitmap_set(a, 60, 10);
	CHECK_EQ(find_first_bit(a, 130), 60);
	CHECK_EQ(find_next_zero_bit(a, 130, 60), 70);
	CHECK_EQ(find_next_bit(a, 130, 70), 130);
	CHECK_EQ(find_last_bit(a, 130), 69);
	CHECK_EQ(bitmap_weight(a, 130), 10);
	for_each_set_bit(bit, a, 130)
		n += bit;
	CHECK_EQ(n, 645);
	bitmap_fill(b, 130);
	CHECK(bitmap_full(b, 130) && bitmap_subset(a, b, 130));
	CHECK(bitmap_andnot(b, b, a, 130) && !bitmap_intersects(a, b, 130));
	CHECK_EQ(bitmap_weight(b, 130), 120);
	CHECK_EQ(bitmap_find_next_zero_area(a, 130, 55, 8, 7), 72);
	CHECK_EQ(bitmap_find_free_region(a, 130, 6), -ENOMEM);
	CHECK_EQ(bitmap_find_free_region(a, 130, 5), 0);
	bitmap_release_region(a, 0, 5);
	CHECK_EQ(bitmap_weight(a, 130), 10);
}

static void xarray_stores_and_finds(void)
{
	static const unsigned long at[] = { 0, 1, 63, 64, 4095, 4096, 1UL << 40,
					    ULONG_MAX };
	static DEFINE_XARRAY(xa);
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
	static DEFINE_XARRAY(xa);

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
	xa_destroy(&xa);
	CHECK(xa_empty(&xa));
}

static void xarray_marks(void)
{
	unsigned long index, seen = 0;
	static DEFINE_XARRAY(xa);
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
	static DEFINE_XARRAY_ALLOC1(xa);
	static DEFINE_XARRAY_ALLOC(all);
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

/* Against a plain table, with numbers that do not change from run to run. */
static void xarray_agrees_with_a_table(void)
{
	static bool table[5000];
	unsigned long index, n = 0;
	static DEFINE_XARRAY(xa);
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

static int sum_ids(int id, void *p, void *data)
{
	*(int *)data += id;
	return 0;
}

static void idr_ids(void)
{
	static DEFINE_IDR(idr);
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
}

static void idr_cyclic_and_base(void)
{
	struct idr idr, based;

	idr_init(&idr);
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
	static DEFINE_IDA(ida);
	int i;

	for (i = 0; i < 2500; i++)
		CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 100);
	ida_free(&ida, 2000);
	CHECK_EQ(ida_alloc_min(&ida, 101, GFP_KERNEL), 2000);
	CHECK_EQ(ida_alloc_max(&ida, 99, GFP_KERNEL), -ENOSPC);
#ifdef ida_simple_get	/* not in each later release */
	CHECK_EQ(ida_simple_get(&ida, 0, 101, GFP_KERNEL), 100);
#else
	CHECK_EQ(ida_alloc_max(&ida, 100, GFP_KERNEL), 100);
#endif
	CHECK_EQ(ida_alloc_range(&ida, 0x7ffffffe, ~0, GFP_KERNEL), 0x7ffffffe);
	CHECK_EQ(ida_alloc_range(&ida, 0x7fffffff, ~0, GFP_KERNEL), 0x7fffffff);
	CHECK_EQ(ida_alloc_range(&ida, 0x7ffffffe, ~0, GFP_KERNEL), -ENOSPC);
	CHECK_EQ(ida_alloc_min(&ida, 0x80000000, GFP_KERNEL), -ENOSPC);
	for (i = 0; i < 2500; i++)
		ida_free(&ida, i);
	CHECK_EQ(ida_alloc(&ida, GFP_KERNEL), 0);
	ida_destroy(&ida);
	CHECK(ida_is_empty(&ida));
}

static void xarray_refuses_advanced_entries(void)
{
	static DEFINE_XARRAY(xa);

	CHECK_EQ(xa_err(xa_store(&xa, 1, xa_mk_internal(3), GFP_KERNEL)), -EINVAL);
	CHECK_EQ(xa_err(xa_cmpxchg(&xa, 1, NULL, xa_mk_internal(3), GFP_KERNEL)), -EINVAL);
	CHECK(xa_empty(&xa));
}

static void idr_refuses_ids_below_zero(void)
{
	static DEFINE_IDR(idr);

	CHECK_EQ(idr_alloc(&idr, &idr, -1, 0, GFP_KERNEL), -EINVAL);
	CHECK(idr_is_empty(&idr));
}

static void ida_frees_what_it_has_not_given(void)
{
	static DEFINE_IDA(ida);

	ida_free(&ida, 5000);
	CHECK(ida_is_empty(&ida));
}

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

static void sort_and_search(void)
{
	int v[200], i, key = 7;

	for (i = 0; i < 200; i++)
		v[i] = (i * 37) % 200;
	sort(v, 200, sizeof(int), compare_ints, NULL);
	for (i = 0; i < 200; i++)
		CHECK_EQ(v[i], i);
	CHECK(bsearch(&key, v, 200, sizeof(int), compare_ints) == &v[7]);
	key = 200;
	CHECK(!bsearch(&key, v, 200, sizeof(int), compare_ints));
	CHECK(!bsearch(&key, v, 0, sizeof(int), compare_ints));
}

static const struct mdev_test_case cases[] = {
	CASE(bitmap_operations),
	CASE(xarray_stores_and_finds),
	CASE(xarray_insert_and_exchange),
	CASE(xarray_marks),
	CASE(xarray_allocates),
	CASE(xarray_agrees_with_a_table),
	CASE(xarray_refuses_advanced_entries),
	CASE(idr_ids),
	CASE(idr_cyclic_and_base),
	CASE(idr_refuses_ids_below_zero),
	CASE(ida_ids),
	CASE(ida_frees_what_it_has_not_given),
	CASE(list_operations),
	CASE(list_sort_keeps_order),
	CASE(hash_tables),
	CASE(sort_and_search),
};

static ssize_t case_store(struct device *dev, struct device_attribute *attr, const char *name,
			  size_t count)
{
	return mdev_test_run_case(cases, ARRAY_SIZE(cases), name, count);
}
static DEVICE_ATTR_WO(case);

static struct attribute *collections_attrs[] = {
	&dev_attr_bitmaps.attr,
	&dev_attr_xarrays.attr,
	&dev_attr_refcounts.attr,
	&dev_attr_lists.attr,
	&dev_attr_twice.attr,
	&dev_attr_case.attr,
	NULL
};
ATTRIBUTE_GROUPS(collections);

static struct device *collections;

static int __init collections_test_init(void)
{
	collections = device_create_with_groups(&mdev_test_class, NULL, 0, NULL,
						collections_groups, "collections");
	return PTR_ERR_OR_ZERO(collections);
}

static void __exit collections_test_exit(void)
{
	device_unregister(collections);
}

module_init(collections_test_init);
module_exit(collections_test_exit);
MODULE_DESCRIPTION("Collections of things");
MODULE_LICENSE("GPL v2");
