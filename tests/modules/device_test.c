// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes with their devices, and devices that are made in other ways: typed,
 * root and misc devices; and managed resources.
 *
 * What is written to "do" of the device "maker" of the class mdev_test, a
 * command and up to two words, is carried out; its error is the write's. What
 * the core calls, and what a search found, passes points of
 * mdev_test_control.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/const.h"
#include "mdev_test.h"

#define WORD	MDEV_TEST_WORD

/* In the range for local use. */
#define TEST_MAJOR	240

static struct device *maker;
static struct device *root;	/* one at a time */

/* ---- a class ------------------------------------------------------------- */

static int level;

static ssize_t level_show(kapi_bus_const struct class *class,
			  kapi_bus_const struct class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", level);
}

static ssize_t level_store(kapi_bus_const struct class *class,
			   kapi_bus_const struct class_attribute *attr,
			   const char *buf, size_t count)
{
	int ret = kstrtoint(buf, 0, &level);

	return ret ?: count;
}
static CLASS_ATTR_RW(level);
static CLASS_ATTR_STRING(version, 0444, "seven");
/* a mode, and no callback */
static struct class_attribute class_attr_mute = { .attr = { .name = "mute", .mode = 0644 } };

static struct attribute *class_attrs[] = {
	&class_attr_level.attr,
	&class_attr_version.attr.attr,
	&class_attr_mute.attr,
	NULL
};
ATTRIBUTE_GROUPS(class);

static struct attribute *clashing_attrs[] = {
	&class_attr_level.attr,
	&class_attr_level.attr,
	NULL
};
ATTRIBUTE_GROUPS(clashing);

static ssize_t of_class_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "of the class\n");
}
static DEVICE_ATTR_RO(of_class);

static struct attribute *member_attrs[] = { &dev_attr_of_class.attr, NULL };
ATTRIBUTE_GROUPS(member);

struct member {
	struct device dev;
	struct list_head list;
};

static LIST_HEAD(members);

static void free_member(struct device *dev, const char *point)
{
	mdev_test_call(point, dev_name(dev));
	kfree(container_of(dev, struct member, dev));
}

static void class_releases_device(struct device *dev)
{
	free_member(dev, "class_release");
}

static struct class test_class = {
	.name = "test_class",
	.class_groups = class_groups,
	.dev_groups = member_groups,
	.dev_release = class_releases_device,
};

static bool have_class;

static int do_class(const char *a, const char *b)
{
	int ret = class_register(&test_class);

	have_class = !ret;
	return ret;
}

static int do_unclass(const char *a, const char *b)
{
	have_class = false;
	class_unregister(&test_class);
	return 0;
}

static int do_same_class(const char *a, const char *b)
{
	struct class *class = class_create(THIS_MODULE, "test_class");

	class_destroy(class);
	return PTR_ERR_OR_ZERO(class);
}

static int do_clashing_class(const char *a, const char *b)
{
	static struct class clashing_class = {
		.name = "clashing_class", .class_groups = clashing_groups,
	};

	return class_register(&clashing_class);
}

/* ---- its devices --------------------------------------------------------- */

static void type_releases_device(struct device *dev)
{
	free_member(dev, "type_release");
}

static char *type_devnode(kapi_uevent_const struct device *dev, umode_t *mode,
			  kuid_t *uid, kgid_t *gid)
{
	if (mode)
		*mode = 0640;
	if (uid)
		uid->val = 5;
	if (gid)
		gid->val = 6;
	return kasprintf(GFP_KERNEL, "typed/%s", dev_name(dev));
}

static const struct device_type test_type = {
	.name = "typed",
	.devnode = type_devnode,
	.release = type_releases_device,
};

static struct device *find_member(const char *name)
{
	struct member *m;

	list_for_each_entry(m, &members, list)
		if (!strcmp(dev_name(&m->dev), name))
			return &m->dev;
	return NULL;
}

static int add_member(const char *name, struct device *parent, const struct device_type *type,
		      dev_t devt, const struct attribute_group **groups)
{
	struct member *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int ret;

	if (!m)
		return -ENOMEM;
	device_initialize(&m->dev);
	m->dev.class = &test_class;
	m->dev.parent = parent;
	m->dev.type = type;
	m->dev.devt = devt;
	m->dev.groups = groups;
	ret = dev_set_name(&m->dev, "%s", name);
	if (!ret)
		ret = device_add(&m->dev);
	if (ret)
		put_device(&m->dev);
	else
		list_add_tail(&m->list, &members);
	return ret;
}

/* Of the root device, or virtual. */
static int do_member(const char *name, const char *parent)
{
	return add_member(name, *parent ? root : NULL, NULL, 0, NULL);
}

static int do_typed(const char *name, const char *b)
{
	return add_member(name, NULL, &test_type, MKDEV(TEST_MAJOR, 7), NULL);
}

/* Its own file has the name of the class's. */
static int do_clashing(const char *name, const char *b)
{
	return add_member(name, NULL, NULL, 0, member_groups);
}

static void remove_member(struct device *dev)
{
	list_del(&container_of(dev, struct member, dev)->list);
	device_unregister(dev);
}

static int do_unmember(const char *name, const char *b)
{
	struct device *dev = find_member(name);

	if (!dev)
		return -ENOENT;
	remove_member(dev);
	return 0;
}

static int do_rename(const char *name, const char *to)
{
	struct device *dev = find_member(name);

	return dev ? device_rename(dev, to) : -ENOENT;
}

/* ---- walks and searches -------------------------------------------------- */

static int log_device(struct device *dev, void *stop)
{
	mdev_test_call("walk", dev_name(dev));
	return !strcmp(dev_name(dev), stop) ? -EINTR : 0;
}

static int do_walk(const char *start, const char *stop)
{
	return class_for_each_device(&test_class, find_member(start), (void *)stop, log_device);
}

static int do_walk_typed(const char *a, const char *b)
{
	struct class_dev_iter iter;
	struct device *dev;

	class_dev_iter_init(&iter, &test_class, NULL, &test_type);
	while ((dev = class_dev_iter_next(&iter)))
		mdev_test_call("walk", dev_name(dev));
	class_dev_iter_exit(&iter);
	return 0;
}

static int do_find(const char *name, const char *start)
{
	struct device *dev;

	dev = class_find_device(&test_class, find_member(start), name, device_match_name);
	put_device(dev);
	return dev ? 0 : -ENOENT;
}

/* Of a class that nobody registered, and of none. */
static int do_walk_nowhere(const char *a, const char *b)
{
	struct class raw = { .name = "raw" };

	if (class_for_each_device(NULL, NULL, NULL, log_device) != -EINVAL)
		return -EBADMSG;
	return class_for_each_device(&raw, NULL, NULL, log_device);
}

static int do_find_nowhere(const char *a, const char *b)
{
	struct class raw = { .name = "raw" };

	if (class_find_device(NULL, NULL, "x", device_match_name))
		return -EBADMSG;
	return class_find_device(&raw, NULL, "x", device_match_name) ? 0 : -ENOENT;
}

static int do_interface_nowhere(const char *a, const char *b)
{
	struct class_interface intf = { .class = NULL };

	class_interface_unregister(&intf);
	return class_interface_register(&intf);
}

/* ---- root devices -------------------------------------------------------- */

static int do_root(const char *name, const char *b)
{
	struct device *dev = root_device_register(name);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	root = dev;
	return 0;
}

static int do_unroot(const char *a, const char *b)
{
	struct device *dev = root;

	root = NULL;
	root_device_unregister(dev);
	return 0;
}

/* ---- misc devices -------------------------------------------------------- */

struct misc {
	struct miscdevice misc;
	struct list_head list;
	char name[WORD];
};

static LIST_HEAD(miscs);

static const struct file_operations misc_fops = {
	.owner = THIS_MODULE,
};

static int do_misc(const char *name, const char *minor)
{
	struct misc *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int ret = 0;

	if (!m)
		return -ENOMEM;
	strscpy(m->name, name, sizeof(m->name));
	m->misc.name = m->name;
	m->misc.fops = &misc_fops;
	m->misc.minor = MISC_DYNAMIC_MINOR;
	if (*minor)
		ret = kstrtoint(minor, 0, &m->misc.minor);
	if (!ret)
		ret = misc_register(&m->misc);
	if (ret) {
		/* what was to be chosen is to be chosen again */
		WARN_ON(!*minor && m->misc.minor != MISC_DYNAMIC_MINOR);
		kfree(m);
		return ret;
	}
	list_add_tail(&m->list, &miscs);
	return 0;
}

static void remove_misc(struct misc *m)
{
	list_del(&m->list);
	misc_deregister(&m->misc);
	kfree(m);
}

static int do_unmisc(const char *name, const char *b)
{
	struct misc *m;

	list_for_each_entry(m, &miscs, list) {
		if (strcmp(m->name, name))
			continue;
		remove_misc(m);
		return 0;
	}
	return -ENOENT;
}

/* ---- managed resources --------------------------------------------------- */

static void log_number(const char *point, int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	mdev_test_call(point, text);
}

static void number_release(struct device *dev, void *res)
{
	log_number("released", *(int *)res);
}

static int number_match(struct device *dev, void *res, void *data)
{
	return *(int *)res == *(int *)data;
}

static int *new_number(int number)
{
	int *res = devres_alloc(number_release, sizeof(*res), GFP_KERNEL);

	if (res)
		*res = number;
	return res;
}

static int add_number(int number)
{
	int *res = new_number(number);

	if (!res)
		return -ENOMEM;
	devres_add(root, res);
	return 0;
}

/* add <number>, find <number>, ...: resources of the root device */
static int do_add(const char *number, const char *b)
{
	int n, ret = kstrtoint(number, 0, &n);

	return ret ?: add_number(n);
}

static int do_find_number(const char *number, const char *b)
{
	int n, *res, ret = kstrtoint(number, 0, &n);

	if (ret)
		return ret;
	/* no function to match with: the latest of its kind */
	res = devres_find(root, number_release, n ? number_match : NULL, &n);
	if (!res)
		return -ENOENT;
	log_number("found", *res);
	return 0;
}

static int do_get_number(const char *number, const char *b)
{
	int n, *fresh, ret = kstrtoint(number, 0, &n);

	if (ret)
		return ret;
	fresh = new_number(n);
	if (!fresh)
		return -ENOMEM;
	mdev_test_call(devres_get(root, fresh, number_match, &n) == fresh ? "new" : "old", number);
	return 0;
}

static int do_release_number(const char *number, const char *b)
{
	int n, ret = kstrtoint(number, 0, &n);

	return ret ?: devres_release(root, number_release, number_match, &n);
}

static int do_destroy_number(const char *number, const char *b)
{
	int n, ret = kstrtoint(number, 0, &n);

	return ret ?: devres_destroy(root, number_release, number_match, &n);
}

/* Groups are named by a letter. */
static void *group_id(const char *name)
{
	static char ids[128];

	return *name ? &ids[*name & 127] : NULL;
}

static int do_open(const char *name, const char *b)
{
	return devres_open_group(root, group_id(name), GFP_KERNEL) ? 0 : -ENOMEM;
}

static int do_close(const char *name, const char *b)
{
	devres_close_group(root, group_id(name));
	return 0;
}

static int do_forget(const char *name, const char *b)
{
	devres_remove_group(root, group_id(name));
	return 0;
}

static int do_release_group(const char *name, const char *b)
{
	log_number("resources", devres_release_group(root, group_id(name)));
	return 0;
}

static void act(void *data)
{
	mdev_test_call("act", data);
}

/* The second of three actions is taken back, the first one is done at once. */
static int do_actions(const char *a, const char *b)
{
	if (devm_add_action(root, act, "first") || devm_add_action(root, act, "second") ||
	    devm_add_action_or_reset(root, act, "third"))
		return -ENOMEM;
	devm_remove_action(root, act, "second");
	devm_release_action(root, act, "first");
	mdev_test_call("done", dev_name(root));
	return 0;
}

static int check_growing(void)
{
	char *p = devm_krealloc(root, NULL, 8, GFP_KERNEL), *q;

	if (!p)
		return -ENOMEM;
	strcpy(p, "content");
	q = devm_krealloc(root, p, 4 * PAGE_SIZE, GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	if (strcmp(q, "content"))
		return -EBADMSG;
	/* smaller: as it is */
	if (devm_krealloc(root, q, 16, GFP_KERNEL) != q)
		return -EBADMSG;
	return devm_krealloc(root, q, 0, GFP_KERNEL) == ZERO_SIZE_PTR ? 0 : -EBADMSG;
}

static int use_memory(void)
{
	char *p = devm_kasprintf(root, GFP_KERNEL, "%s-%d", "text", 5), *q;

	if (!p)
		return -ENOMEM;
	q = devm_kmemdup(root, p, strlen(p) + 1, GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	if (strcmp(q, "text-5") || devm_kstrdup(root, NULL, GFP_KERNEL))
		return -EBADMSG;
	devm_kfree(root, p);
	return check_growing();
}

static int do_memory(const char *a, const char *b)
{
	void *group = devres_open_group(root, NULL, GFP_KERNEL);
	int ret;

	if (!group)
		return -ENOMEM;
	ret = use_memory();
	devres_release_group(root, group);
	return ret;
}

/* Memory of one device, given to another: refused with a warning. */
static int do_foreign_memory(const char *a, const char *b)
{
	void *p = devm_kmalloc(maker, 8, GFP_KERNEL);
	int ret = -EBADMSG;

	if (!p)
		return -ENOMEM;
	if (!devm_krealloc(root, p, 4 * PAGE_SIZE, GFP_KERNEL))
		ret = 0;
	devm_kfree(maker, p);
	return ret;
}

/* ---- commands ------------------------------------------------------------ */

static const struct mdev_test_command commands[] = {
	{ "class", do_class },
	{ "unclass", do_unclass },
	{ "same_class", do_same_class },
	{ "clashing_class", do_clashing_class },
	{ "member", do_member },
	{ "typed", do_typed },
	{ "clashing", do_clashing },
	{ "unmember", do_unmember },
	{ "rename", do_rename },
	{ "walk", do_walk },
	{ "walk_typed", do_walk_typed },
	{ "find", do_find },
	{ "walk_nowhere", do_walk_nowhere },
	{ "find_nowhere", do_find_nowhere },
	{ "interface_nowhere", do_interface_nowhere },
	{ "root", do_root },
	{ "unroot", do_unroot },
	{ "misc", do_misc },
	{ "unmisc", do_unmisc },
	{ "add", do_add },
	{ "find_number", do_find_number },
	{ "get_number", do_get_number },
	{ "release_number", do_release_number },
	{ "destroy_number", do_destroy_number },
	{ "open", do_open },
	{ "close", do_close },
	{ "forget", do_forget },
	{ "release_group", do_release_group },
	{ "actions", do_actions },
	{ "memory", do_memory },
	{ "foreign_memory", do_foreign_memory },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR_WO(do);

/* Files whose callbacks the core brings. */
static unsigned long word;
static int number;
static bool flag;
static DEVICE_ULONG_ATTR(word, 0644, word);
static DEVICE_INT_ATTR(number, 0644, number);
static DEVICE_BOOL_ATTR(flag, 0644, flag);

static ssize_t much_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	memset(buf, 'm', PAGE_SIZE);
	return PAGE_SIZE;
}
static DEVICE_ATTR_RO(much);

static struct attribute *maker_attrs[] = {
	&dev_attr_do.attr,
	&dev_attr_word.attr.attr,
	&dev_attr_number.attr.attr,
	&dev_attr_flag.attr.attr,
	&dev_attr_much.attr,
	NULL
};
ATTRIBUTE_GROUPS(maker);

static int __init device_test_init(void)
{
	maker = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, maker_groups, "maker");
	return PTR_ERR_OR_ZERO(maker);
}

static void __exit device_test_exit(void)
{
	struct member *m, *next_m;
	struct misc *misc, *next_misc;

	mdev_test_hold("exit");
	device_unregister(maker);
	list_for_each_entry_safe_reverse(misc, next_misc, &miscs, list)
		remove_misc(misc);
	list_for_each_entry_safe_reverse(m, next_m, &members, list)
		remove_member(&m->dev);
	if (root)
		root_device_unregister(root);
	if (have_class)
		class_unregister(&test_class);
}

module_init(device_test_init);
module_exit(device_test_exit);
MODULE_DESCRIPTION("Classes, their devices, and managed resources on command");
MODULE_LICENSE("GPL v2");
