// SPDX-License-Identifier: GPL-2.0-only
/*
 * A resizable hash table on command.
 *
 * The device "table" of the class mdev_test has the file "do", to which a
 * command and two numbers are written, and the files
 *	buckets	how many the table has, once its worker is idle
 *	objects	how many it has; how many a walk gives; the sum of their keys
 *	result	of the last "find": the object's value, or "none"
 * The values of objects are 10 times their keys at first.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "mdev_test.h"

struct object {
	u32 before;
	u32 key;
	u32 value;
	struct rhash_head node;
	struct rcu_head rcu;
};

static const struct rhashtable_params params = {
	.key_len = sizeof(u32),
	.key_offset = offsetof(struct object, key),
	.head_offset = offsetof(struct object, node),
	.automatic_shrinking = true,
};

static const struct rhashtable_params limited_params = {
	.key_len = sizeof(u32),
	.key_offset = offsetof(struct object, key),
	.head_offset = offsetof(struct object, node),
	.max_size = 16,
};

static struct rhashtable table, limited;
static u32 found;
static bool any_found;

static u32 number(const char *text)
{
	u32 n = 0;

	return kstrtou32(text, 0, &n) ? 0 : n;
}

static struct object *new_object(u32 key, u32 value)
{
	struct object *obj = kzalloc(sizeof(*obj), GFP_KERNEL);

	if (obj) {
		obj->key = key;
		obj->value = value;
	}
	return obj;
}

static int insert(struct rhashtable *ht, const struct rhashtable_params p, u32 key)
{
	struct object *obj = new_object(key, 10 * key);
	int ret = obj ? rhashtable_lookup_insert_fast(ht, &obj->node, p) : -ENOMEM;

	if (ret)
		kfree(obj);
	return ret;
}

static int do_insert(const char *from, const char *to)
{
	u32 key;
	int ret = 0;

	for (key = number(from); key < number(to) && !ret; key++)
		ret = insert(&table, params, key);
	return ret;
}

static int do_insert_limited(const char *from, const char *to)
{
	u32 key;
	int ret = 0;

	for (key = number(from); key < number(to) && !ret; key++)
		ret = insert(&limited, limited_params, key);
	return ret;
}

/* Without looking whether the key is there. */
static int do_insert_blindly(const char *key, const char *value)
{
	struct object *obj = new_object(number(key), number(value));
	int ret = obj ? rhashtable_insert_fast(&table, &obj->node, params) : -ENOMEM;

	if (ret)
		kfree(obj);
	return ret;
}

/* What is there already is the answer, too. */
static int do_find_or_insert(const char *key, const char *value)
{
	struct object *obj = new_object(number(key), number(value)), *other;

	if (!obj)
		return -ENOMEM;
	other = rhashtable_lookup_get_insert_fast(&table, &obj->node, params);
	any_found = !IS_ERR_OR_NULL(other);
	found = any_found ? other->value : 0;
	if (other)
		kfree(obj);
	return PTR_ERR_OR_ZERO(other);
}

static int do_remove(const char *from, const char *to)
{
	struct object *obj;
	int ret = 0;
	u32 key;

	for (key = number(from); key < number(to) && !ret; key++) {
		obj = rhashtable_lookup_fast(&table, &key, params);
		ret = obj ? rhashtable_remove_fast(&table, &obj->node, params) : -ENOENT;
		if (!ret)
			kfree_rcu(obj, rcu);
	}
	return ret;
}

/* An object that is not in the table, though one with its key is. */
static int do_remove_stranger(const char *key, const char *b)
{
	struct object *obj = new_object(number(key), 0);
	int ret = obj ? rhashtable_remove_fast(&table, &obj->node, params) : -ENOMEM;

	kfree(obj);
	return ret;
}

static int do_replace(const char *key, const char *value)
{
	u32 k = number(key);
	struct object *old = rhashtable_lookup_fast(&table, &k, params), *obj;
	int ret;

	if (!old)
		return -ENOENT;
	obj = new_object(k, number(value));
	if (!obj)
		return -ENOMEM;
	ret = rhashtable_replace_fast(&table, &old->node, &obj->node, params);
	if (ret)
		kfree(obj);
	else
		kfree_rcu(old, rcu);
	return ret;
}

static int do_find(const char *from, const char *to)
{
	struct object *obj;
	u32 key;

	any_found = false;
	for (key = number(from); key < number(to); key++) {
		rcu_read_lock();
		obj = rhashtable_lookup(&table, &key, params);
		if (obj)
			found = obj->value;
		any_found = obj;
		rcu_read_unlock();
		if (!any_found)
			break;
	}
	return 0;
}

static int do_init(const char *what, const char *b)
{
	struct rhashtable_params p = { .head_offset = params.head_offset };
	struct rhashtable *ht;
	int ret;

	if (!strcmp(what, "hinted")) {
		p = params;
		p.nelem_hint = 300;
	}
	/* it has a work item in it: not on the stack */
	ht = kzalloc(sizeof(*ht), GFP_KERNEL);
	if (!ht)
		return -ENOMEM;
	ret = rhashtable_init(ht, &p);
	if (ret)
		goto free;
	rcu_read_lock();
	found = rcu_dereference(ht->tbl)->size;
	any_found = true;
	rcu_read_unlock();
	rhashtable_destroy(ht);
free:
	kfree(ht);
	return ret;
}

static const struct mdev_test_command commands[] = {
	{ "insert", do_insert },
	{ "insert_limited", do_insert_limited },
	{ "insert_blindly", do_insert_blindly },
	{ "find_or_insert", do_find_or_insert },
	{ "remove", do_remove },
	{ "remove_stranger", do_remove_stranger },
	{ "replace", do_replace },
	{ "find", do_find },
	{ "init", do_init },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR_WO(do);

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return any_found ? sysfs_emit(buf, "%u\n", found) : sysfs_emit(buf, "none\n");
}
static DEVICE_ATTR_RO(result);

static ssize_t buckets_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned int size;

	/* it may have had to queue itself again */
	while (flush_work(&table.run_work))
		;
	rcu_read_lock();
	size = rcu_dereference(table.tbl)->size;
	rcu_read_unlock();
	return sysfs_emit(buf, "%u\n", size);
}
static DEVICE_ATTR_RO(buckets);

static ssize_t objects_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct rhashtable_iter iter;
	unsigned int n = 0, sum = 0;
	struct object *obj;

	rhashtable_walk_enter(&table, &iter);
	rhashtable_walk_start(&iter);
	while ((obj = rhashtable_walk_next(&iter))) {
		if (IS_ERR(obj)) {
			n = sum = 0;
			continue;
		}
		n++;
		sum += obj->key;
		if (n % 7 == 0) {
			/* as one does who has to sleep */
			rhashtable_walk_stop(&iter);
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return sysfs_emit(buf, "%d %u %u\n", atomic_read(&table.nelems), n, sum);
}
static DEVICE_ATTR_RO(objects);

static struct attribute *table_attrs[] = {
	&dev_attr_do.attr,
	&dev_attr_result.attr,
	&dev_attr_buckets.attr,
	&dev_attr_objects.attr,
	NULL
};
ATTRIBUTE_GROUPS(table);

static void table_release(struct device *dev)
{
	kfree(dev);
}

static struct device *dev;

static int add_table(void)
{
	int ret;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return -ENOMEM;
	device_initialize(dev);
	dev->class = &mdev_test_class;
	dev->groups = table_groups;
	dev->release = table_release;
	ret = dev_set_name(dev, "table");
	if (!ret)
		ret = device_add(dev);
	if (ret)
		put_device(dev);
	return ret;
}

static int __init rhashtable_test_init(void)
{
	int ret;

	ret = rhashtable_init(&table, &params);
	if (ret)
		return ret;
	ret = rhashtable_init(&limited, &limited_params);
	if (ret)
		goto destroy_table;
	ret = add_table();
	if (ret)
		goto destroy_limited;
	return 0;

destroy_limited:
	rhashtable_destroy(&limited);
destroy_table:
	rhashtable_destroy(&table);
	return ret;
}

static void free_object(void *ptr, void *arg)
{
	kfree(ptr);
}

static void __exit rhashtable_test_exit(void)
{
	device_unregister(dev);
	rhashtable_free_and_destroy(&limited, free_object, NULL);
	rhashtable_free_and_destroy(&table, free_object, NULL);
}

module_init(rhashtable_test_init);
module_exit(rhashtable_test_exit);
MODULE_DESCRIPTION("Resizable hash table on command");
MODULE_LICENSE("GPL v2");
