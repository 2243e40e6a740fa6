// SPDX-License-Identifier: GPL-2.0-only
/*
 * Containers of the kernel, asked over sysfs.
 *
 * The device "containers" of the class mdev_test has one file for each: llist,
 * kfifo, kfifo_records, radix_tree. Reading it does what can be done to one, and
 * shows a line "name: results" for each. To kfifo_user a program first writes where it
 * has 16 bytes.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kfifo.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/radix-tree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "compat/levels.h"
#include "lines.h"
#include "mdev_test.h"

/* Results, the first one first: arguments have no order. */
#define SHOW2(out, name, a, b)						\
do {									\
	long __a = (a);							\
	long __b = (b);							\
									\
	line(out, name ": %ld %ld", __a, __b);				\
} while (0)
#define SHOW3(out, name, a, b, c)					\
do {									\
	long __a = (a);							\
	long __b = (b);							\
	long __c = (c);							\
									\
	line(out, name ": %ld %ld %ld", __a, __b, __c);			\
} while (0)

/* ---- llist --------------------------------------------------------------- */

struct item {
	int n;
	struct llist_node node;
};

static void show_items(struct out *out, const char *name, struct llist_node *first)
{
	struct item *item, *next;
	int all = 0;

	llist_for_each_entry_safe(item, next, first, node)
		all = all * 10 + item->n;
	line(out, "%s: %d", name, all);
}

static ssize_t llist_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct item items[4] = { { 1 }, { 2 }, { 3 }, { 4 } };
	struct out out = { .buf = buf };
	struct llist_node *first;
	LLIST_HEAD(list);

	SHOW2(&out, "empty", llist_empty(&list), !llist_del_first(&list));
	SHOW2(&out, "add", llist_add(&items[0].node, &list),
	     llist_add(&items[1].node, &list));
	items[2].node.next = &items[3].node;
	SHOW2(&out, "batch", llist_add_batch(&items[2].node, &items[3].node, &list),
	     llist_empty(&list));
	first = llist_del_first(&list);
	line(&out, "first: %d then %d", llist_entry(first, struct item, node)->n,
	     llist_entry(list.first, struct item, node)->n);
	first = llist_del_all(&list);
	show_items(&out, "all", first);
	line(&out, "taken: %d", llist_empty(&list));
	show_items(&out, "turned", llist_reverse_order(first));
	show_items(&out, "none", NULL);
	SHOW2(&out, "alone", __llist_add(&items[0].node, &list),
	     __llist_del_all(&list) == &items[0].node);
#if KAPI_LLIST_INIT_NODE
	init_llist_node(&items[0].node);
	SHOW3(&out, "on a list", llist_on_list(&items[0].node),
	     (llist_add(&items[0].node, &list), llist_on_list(&items[0].node)),
	     (llist_del_first_init(&list), llist_on_list(&items[0].node)));
	llist_add(&items[1].node, &list);
	llist_add(&items[0].node, &list);
	SHOW2(&out, "this one", llist_del_first_this(&list, &items[1].node),
	     llist_del_first_this(&list, &items[0].node));
#endif
	return out.len;
}
static DEVICE_ATTR_RO(llist);

/* ---- kfifo --------------------------------------------------------------- */

static DEFINE_KFIFO(numbers, int, 4);
static DEFINE_SPINLOCK(lock);

static void show_numbers(struct out *out)
{
	int some[3] = { 6, 7, 8 }, got[4] = { }, n = 0;
	unsigned int ret;

	kfifo_reset(&numbers);
	line(out, "made: %u %u %u %d", kfifo_size(&numbers), kfifo_esize(&numbers),
	     kfifo_len(&numbers), !!kfifo_initialized(&numbers));
	ret = kfifo_get(&numbers, &n);
	SHOW2(out, "empty", kfifo_is_empty(&numbers), ret);
	SHOW2(out, "put", kfifo_put(&numbers, 5), kfifo_len(&numbers));
	SHOW2(out, "in", kfifo_in(&numbers, some, 3), kfifo_in(&numbers, some, 3));
	ret = kfifo_avail(&numbers);
	SHOW3(out, "full", kfifo_is_full(&numbers), ret,
	     kfifo_put(&numbers, 9));
	ret = kfifo_peek(&numbers, &n);
	line(out, "peek: %u %d, %u bytes", ret, n, kfifo_peek_len(&numbers));
	kfifo_skip(&numbers);
	ret = kfifo_get(&numbers, &n);
	SHOW2(out, "get", ret, n);
	/* round the end */
	line(out, "in locked: %u", kfifo_in_spinlocked(&numbers, some, 2, &lock));
	ret = kfifo_out_peek(&numbers, got, 4);
	line(out, "out peek: %u %d%d%d%d", ret, got[0], got[1], got[2], got[3]);
	ret = kfifo_out_spinlocked(&numbers, got, 3, &lock);
	line(out, "out locked: %u %d%d%d, %u left", ret, got[0], got[1], got[2],
	     kfifo_len(&numbers));
	kfifo_reset_out(&numbers);
	line(out, "reset: %u", kfifo_len(&numbers));
}

static ssize_t kfifo_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	DECLARE_KFIFO_PTR(allocated, u16);
	struct out out = { .buf = buf };
	struct kfifo bytes;
	char room[21], got[8] = "";
	unsigned int ret;
	int err;

	show_numbers(&out);
	INIT_KFIFO(allocated);
	err = kfifo_alloc(&allocated, 5, GFP_KERNEL);
	SHOW2(&out, "alloc", err, kfifo_size(&allocated));
	if (!err)
		SHOW2(&out, "put u16", kfifo_put(&allocated, 0x1234),
		     kfifo_peek_len(&allocated));
	kfifo_free(&allocated);
	line(&out, "freed: %d", !!kfifo_initialized(&allocated));
	err = kfifo_alloc(&allocated, 1, GFP_KERNEL);
	line(&out, "alloc 1: %d", err);
	line(&out, "alloc of one with a buffer: %d",
	     ({ int ret2 = kfifo_alloc(&numbers, 8, GFP_KERNEL); ret2; }));
	err = kfifo_init(&bytes, room, sizeof(room));
	SHOW2(&out, "init", err, kfifo_size(&bytes));
	ret = kfifo_in(&bytes, "some text that is too long", 26);
	line(&out, "bytes: %u", ret);
	ret = kfifo_out(&bytes, got, 4);
	line(&out, "out: %u %s", ret, got);
	return out.len;
}
static DEVICE_ATTR_RO(kfifo);

static ssize_t kfifo_records_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	STRUCT_KFIFO_REC_1(16) records;
	struct kfifo_rec_ptr_2 large;
	struct out out = { .buf = buf };
	char got[8] = "";
	unsigned int ret;
	int err;

	INIT_KFIFO(records);
	ret = kfifo_avail(&records);
	line(&out, "made: %zu %u", kfifo_recsize(&records), ret);
	SHOW2(&out, "in", kfifo_in(&records, "hello", 5), kfifo_in(&records, "ab", 2));
	ret = kfifo_avail(&records);
	line(&out, "left: %u bytes, room %u", kfifo_len(&records), ret);
	line(&out, "too long: %u", kfifo_in(&records, "0123456", 7));
	line(&out, "next: %u", kfifo_peek_len(&records));
	ret = kfifo_out_peek(&records, got, sizeof(got));
	line(&out, "peek: %u %.5s", ret, got);
	/* what there is no room for is lost */
	ret = kfifo_out(&records, got, 3);
	line(&out, "out: %u %.3s", ret, got);
	line(&out, "in again: %u", kfifo_in(&records, "wrapped", 7));
	kfifo_skip(&records);
	ret = kfifo_out(&records, got, sizeof(got));
	line(&out, "wrapped: %u %.7s, empty %d", ret, got, kfifo_is_empty(&records));
	ret = kfifo_out(&records, got, sizeof(got));
	line(&out, "none: %u", ret);
	err = kfifo_alloc(&large, 512, GFP_KERNEL);
	if (!err) {
		memset(buf + 2048, 'x', 300);
		SHOW3(&out, "large", kfifo_in(&large, buf + 2048, 300),
		     kfifo_peek_len(&large), kfifo_len(&large));
		kfifo_free(&large);
	}
	return out.len;
}
static DEVICE_ATTR_RO(kfifo_records);

/* What the 16 bytes at the user's address that was written last did. */
static struct {
	unsigned int bytes[4], records[2];
	int errors[3];
	bool empty;
	char first[7];
} from_user;

static int copy_records(void __user *user)
{
	STRUCT_KFIFO_REC_1(16) records;

	INIT_KFIFO(records);
	if (kfifo_from_user(&records, user + 12, 4, &from_user.records[0]))
		return -EFAULT;
	from_user.errors[1] = kfifo_to_user(&records, (void __user *)8, 4, &from_user.records[1]);
	from_user.errors[2] = kfifo_to_user(&records, user + 8, 8, &from_user.records[1]);
	return 0;
}

static ssize_t kfifo_user_store(struct device *dev, struct device_attribute *attr,
				const char *text, size_t count)
{
	DECLARE_KFIFO(bytes, char, 8);
	unsigned long address;
	void __user *user;

	if (kstrtoul(text, 0, &address))
		return -EINVAL;
	user = (void __user *)address;
	memset(&from_user, 0, sizeof(from_user));
	INIT_KFIFO(bytes);
	if (kfifo_from_user(&bytes, user, 16, &from_user.bytes[0]))
		return -EFAULT;
	if (kfifo_out(&bytes, from_user.first, 6) != 6)
		return -EIO;
	/* round the end */
	if (kfifo_from_user(&bytes, user + 8, 6, &from_user.bytes[1]) ||
	    kfifo_to_user(&bytes, user, 16, &from_user.bytes[2]))
		return -EFAULT;
	from_user.empty = kfifo_is_empty(&bytes);
	from_user.errors[0] = kfifo_from_user(&bytes, (void __user *)8, 4, &from_user.bytes[3]);
	return copy_records(user) ?: count;
}

static ssize_t kfifo_user_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	line(&out, "bytes: %u of 16 %s, %u more, %u back, empty %d", from_user.bytes[0],
	     from_user.first, from_user.bytes[1], from_user.bytes[2], from_user.empty);
	line(&out, "from nowhere: %d %u", from_user.errors[0], from_user.bytes[3]);
	line(&out, "record: %u, to nowhere %d, then %d %u", from_user.records[0],
	     from_user.errors[1], from_user.errors[2], from_user.records[1]);
	return out.len;
}
static DEVICE_ATTR_RW(kfifo_user);

/* ---- radix tree ---------------------------------------------------------- */

static RADIX_TREE(tree, GFP_KERNEL);

static void show_walk(struct out *out, const char *name, bool tagged, unsigned long start)
{
	struct radix_tree_iter iter;
	void __rcu **slot;
	char text[64] = "";
	int n = 0;

	rcu_read_lock();
	if (tagged)
		radix_tree_for_each_tagged(slot, &tree, &iter, start, 1)
			n += scnprintf(text + n, sizeof(text) - n, " %lu=%s", iter.index,
				       (char *)radix_tree_deref_slot(slot));
	else
		radix_tree_for_each_slot(slot, &tree, &iter, start)
			n += scnprintf(text + n, sizeof(text) - n, " %lu=%s", iter.index,
				       (char *)radix_tree_deref_slot(slot));
	rcu_read_unlock();
	line(out, "%s:%s", name, text);
}

static ssize_t radix_tree_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	/* items are aligned to 4: the low bits of a pointer are the tree's */
	static char a[4] __aligned(4) = "a", b[4] __aligned(4) = "b", c[4] __aligned(4) = "c",
		    d[4] __aligned(4) = "d";
	struct out out = { .buf = buf };
	struct radix_tree_iter iter;
	void *some[4] = { };
	void __rcu **slot;
	unsigned int n;
	int err;

	SHOW2(&out, "empty", radix_tree_empty(&tree), !radix_tree_lookup(&tree, 0));
	SHOW3(&out, "insert", radix_tree_insert(&tree, 3, a),
	     radix_tree_insert(&tree, 70, b), radix_tree_insert(&tree, 1UL << 40, c));
	line(&out, "again: %d", radix_tree_insert(&tree, 3, d));
	line(&out, "lookup: %s %d", (char *)radix_tree_lookup(&tree, 70),
	     !radix_tree_lookup(&tree, 71));
	err = radix_tree_preload(GFP_KERNEL);
	if (!err) {
		err = radix_tree_insert(&tree, 5, d);
		radix_tree_preload_end();
	}
	line(&out, "preloaded: %d", err);
	SHOW3(&out, "tag", radix_tree_tag_set(&tree, 70, 1) == b,
	     radix_tree_tag_get(&tree, 70, 1), radix_tree_tag_get(&tree, 3, 1));
	SHOW2(&out, "tags", !!radix_tree_tagged(&tree, 1), !!radix_tree_tagged(&tree, 0));
	radix_tree_tag_set(&tree, 1UL << 40, 1);
	show_walk(&out, "walk", false, 0);
	show_walk(&out, "from 4", false, 4);
	show_walk(&out, "tagged", true, 0);
	n = radix_tree_gang_lookup(&tree, some, 4, 2);
	line(&out, "gang: %u %s %s", n, (char *)some[0], (char *)some[1]);
	line(&out, "gang tagged: %u", radix_tree_gang_lookup_tag(&tree, some, 71, 4, 1));
	rcu_read_lock();
	slot = radix_tree_lookup_slot(&tree, 3);
	SHOW2(&out, "slot", radix_tree_deref_slot(slot) == a,
	     !radix_tree_lookup_slot(&tree, 4));
	rcu_read_unlock();
	radix_tree_replace_slot(&tree, slot, b);
	line(&out, "replaced: %s", (char *)radix_tree_lookup(&tree, 3));
	SHOW2(&out, "clear", radix_tree_tag_clear(&tree, 70, 1) == b,
	     radix_tree_tag_get(&tree, 70, 1));
	SHOW2(&out, "delete", radix_tree_delete(&tree, 70) == b,
	     !radix_tree_delete(&tree, 70));
	SHOW2(&out, "delete item", !radix_tree_delete_item(&tree, 3, a),
	     radix_tree_delete_item(&tree, 3, b) == b);
	radix_tree_for_each_slot(slot, &tree, &iter, 0)
		radix_tree_iter_delete(&tree, &iter, slot);
	SHOW2(&out, "deleted", radix_tree_empty(&tree), radix_tree_tagged(&tree, 1));
	return out.len;
}
static DEVICE_ATTR_RO(radix_tree);

static struct attribute *containers_attrs[] = {
	&dev_attr_llist.attr,
	&dev_attr_kfifo.attr,
	&dev_attr_kfifo_records.attr,
	&dev_attr_kfifo_user.attr,
	&dev_attr_radix_tree.attr,
	NULL
};
ATTRIBUTE_GROUPS(containers);

static struct device *containers;

static int __init containers_test_init(void)
{
	containers = device_create_with_groups(&mdev_test_class, NULL, 0, NULL,
					       containers_groups, "containers");
	return PTR_ERR_OR_ZERO(containers);
}

static void __exit containers_test_exit(void)
{
	device_unregister(containers);
}

module_init(containers_test_init);
module_exit(containers_test_exit);
MODULE_DESCRIPTION("Containers");
MODULE_LICENSE("GPL v2");
