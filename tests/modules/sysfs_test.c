// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kobjects and sysfs as a driver uses them, one call per command.
 *
 * The device "thing" of the class mdev_test has a file "do"; what is written
 * there, a command and up to two words, is carried out, and its error is the
 * error of the write. Points of mdev_test_control are passed where a callback
 * can be made to wait.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "compat/const.h"
#include "mdev_test.h"

#define WORD	48

static struct device *thing;
static struct kset *set;

/* ---- child kobjects, by name --------------------------------------------- */

struct child {
	struct kobject kobj;
	struct list_head list;
	char name[WORD];
	char mark[WORD];
};

static LIST_HEAD(children);

static void child_release(struct kobject *kobj)
{
	mdev_test_call("release", kobject_name(kobj) ?: "(null)");
	kfree(container_of(kobj, struct child, kobj));
}

static struct kobj_type child_type = {
	.sysfs_ops = &kobj_sysfs_ops,
	.release = child_release,
};

static struct child *find_child(const char *name)
{
	struct child *c;

	list_for_each_entry(c, &children, list)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int add_child_to(const char *name, struct kset *kset)
{
	struct child *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int ret;

	if (!c)
		return -ENOMEM;
	strscpy(c->name, name, sizeof(c->name));
	c->kobj.kset = kset;
	ret = kobject_init_and_add(&c->kobj, &child_type, kset ? NULL : &thing->kobj,
				   "%s", name);
	if (ret)
		kobject_put(&c->kobj);
	else
		list_add_tail(&c->list, &children);
	return ret;
}

static int do_add(const char *name, const char *b)
{
	return add_child_to(name, NULL);
}

static int do_put(const char *name, const char *b)
{
	struct child *c = find_child(name);

	if (!c)
		return -ENOENT;
	list_del(&c->list);
	kobject_put(&c->kobj);
	return 0;
}

/* Out of sysfs, but alive until put. */
static int do_del(const char *name, const char *b)
{
	struct child *c = find_child(name);

	if (!c)
		return -ENOENT;
	kobject_del(&c->kobj);
	return 0;
}

static int do_rename(const char *name, const char *to)
{
	struct child *c = find_child(name);

	return c ? kobject_rename(&c->kobj, to) : -ENOENT;
}

/* To another child, or to where it belongs anyway: its set, if any. */
static int do_move(const char *name, const char *to)
{
	struct child *c = find_child(name), *parent = find_child(to);

	return c ? kobject_move(&c->kobj, parent ? &parent->kobj : NULL) : -ENOENT;
}

static ssize_t mark_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", container_of(kobj, struct child, kobj)->mark);
}

static ssize_t mark_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t count)
{
	strscpy(container_of(kobj, struct child, kobj)->mark, buf, WORD);
	return count;
}
static struct kobj_attribute mark_attr = __ATTR_RW(mark);

/* A file of its own. */
static int do_mark(const char *name, const char *b)
{
	struct child *c = find_child(name);

	return c ? sysfs_create_file(&c->kobj, &mark_attr.attr) : -ENOENT;
}

static int do_add_nameless(const char *a, const char *b)
{
	return add_child_to("", NULL);
}

static int do_add_uninitialized(const char *name, const char *b)
{
	struct kobject *kobj = kzalloc(sizeof(*kobj), GFP_KERNEL);
	int ret;

	if (!kobj)
		return -ENOMEM;
	ret = kobject_add(kobj, &thing->kobj, "%s", name);
	kfree(kobj);
	return ret;
}

/* The child is still a parent: its memory has to stay. */
static int do_add_below(const char *name, const char *below)
{
	struct child *parent = find_child(below);
	struct child *c;
	int ret;

	if (!parent)
		return -ENOENT;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	strscpy(c->name, name, sizeof(c->name));
	ret = kobject_init_and_add(&c->kobj, &child_type, &parent->kobj, "%s", name);
	if (ret)
		kobject_put(&c->kobj);
	else
		list_add_tail(&c->list, &children);
	return ret;
}

/* ---- ksets and uevents --------------------------------------------------- */

static int no_events(kapi_kset_uevent_set(struct kset *kset)
		     kapi_kset_uevent_const struct kobject *kobj)
{
	return 0;
}

static int two_variables(kapi_kset_uevent_set(struct kset *kset)
			 kapi_kset_uevent_const struct kobject *kobj, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "MODALIAS=umdev-child:%s", kobject_name(kobj)) ?:
	       add_uevent_var(env, "AFTER=1");
}

static const struct kset_uevent_ops silent_ops = { .filter = no_events };
static const struct kset_uevent_ops talking_ops = { .uevent = two_variables };

/* A set that lets no event out, or has something to say in each. */
static int do_set(const char *name, const char *how)
{
	const struct kset_uevent_ops *ops = NULL;

	if (set)
		return -EBUSY;
	if (!strcmp(how, "silent"))
		ops = &silent_ops;
	else if (!strcmp(how, "talking"))
		ops = &talking_ops;
	set = kset_create_and_add(name, ops, &thing->kobj);
	return set ? 0 : -ENOMEM;
}

static int do_find(const char *name, const char *b)
{
	struct kobject *kobj = kset_find_obj(set, name);

	kobject_put(kobj);
	return kobj ? 0 : -ENOENT;
}

static int do_unset(const char *a, const char *b)
{
	if (!set)
		return -ENOENT;
	kset_unregister(set);
	set = NULL;
	return 0;
}

static int do_add_to_set(const char *name, const char *b)
{
	return set ? add_child_to(name, set) : -ENOENT;
}

static int do_uevent(const char *name, const char *action)
{
	char *envp[] = { "COLOUR=blue", "SIZE=3", NULL };
	struct child *c = find_child(name);

	if (!c)
		return -ENOENT;
	if (!strcmp(action, "add"))
		return kobject_uevent(&c->kobj, KOBJ_ADD);
	if (!strcmp(action, "remove"))
		return kobject_uevent(&c->kobj, KOBJ_REMOVE);
	if (!strcmp(action, "unbind"))
		return kobject_uevent_env(&c->kobj, KOBJ_UNBIND, envp);
	return kobject_uevent_env(&c->kobj, KOBJ_CHANGE, envp);
}

static int do_notify(const char *file, const char *unused)
{
	sysfs_notify(&thing->kobj, NULL, file);
	return 0;
}

/* ---- attributes ---------------------------------------------------------- */

static char stored[256];
static size_t stored_len;
static ssize_t show_returns = -1;

static ssize_t value_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	mdev_test_hold("show");
	return sysfs_emit(buf, "%s", stored);
}

static ssize_t value_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	mdev_test_hold("store");
	stored_len = count;
	/* relies on the NUL that sysfs puts behind what was written */
	scnprintf(stored, sizeof(stored), "%s", buf);
	return count;
}
static DEVICE_ATTR_RW(value);

static ssize_t length_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%zu\n", stored_len);
}
static DEVICE_ATTR_RO(length);

static ssize_t page_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	memset(buf, 'p', PAGE_SIZE);
	return show_returns;
}

static ssize_t page_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	int ret, n;

	ret = kstrtoint(buf, 0, &n);
	if (ret)
		return ret;
	show_returns = n;
	return count;
}
static DEVICE_ATTR_RW(page);

/* Takes part of what it is given: the rest is the writer's to write again. */
static ssize_t sip_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	return min_t(size_t, count, 3);
}
static DEVICE_ATTR_WO(sip);

static ssize_t limit_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int len = 0;

	while (len < PAGE_SIZE - 1)
		len += sysfs_emit_at(buf, len, "0123456789");
	len += sysfs_emit_at(buf, len, "more");
	return len;
}
static DEVICE_ATTR_RO(limit);

static struct device_attribute dev_attr_mute = __ATTR(mute, 0644, NULL, NULL);

static ssize_t suicide_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	mdev_test_hold("suicide");
	if (device_remove_file_self(dev, attr))
		mdev_test_call("won", dev_name(dev));
	else
		mdev_test_call("lost", dev_name(dev));
	return count;
}
static DEVICE_ATTR_WO(suicide);

/* Gives its protection up, so that whoever removes the file need not wait: itself. */
static ssize_t unprotected_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	struct kernfs_node *kn = sysfs_break_active_protection(&dev->kobj, &attr->attr);

	if (!kn)
		return -ENODEV;
	device_remove_file(dev, attr);
	sysfs_unbreak_active_protection(kn);
	return count;
}
static DEVICE_ATTR_WO(unprotected);

static struct device_attribute dev_attr_prealloc =
	__ATTR_PREALLOC(prealloc, 0644, value_show, value_store);

static struct attribute *thing_attrs[] = {
	&dev_attr_value.attr,
	&dev_attr_length.attr,
	&dev_attr_page.attr,
	&dev_attr_sip.attr,
	&dev_attr_limit.attr,
	&dev_attr_mute.attr,
	NULL
};
static const struct attribute_group thing_group = { .attrs = thing_attrs };

static int do_file(const char *a, const char *b)
{
	return device_create_file(thing, &dev_attr_suicide);
}

static int do_unfile(const char *a, const char *b)
{
	device_remove_file(thing, &dev_attr_suicide);
	return 0;
}

static int do_unprotected(const char *a, const char *b)
{
	return device_create_file(thing, &dev_attr_unprotected);
}

/* Its buffer is made with the file. */
static int do_prealloc(const char *a, const char *b)
{
	return device_create_file(thing, &dev_attr_prealloc);
}

static int do_unprealloc(const char *a, const char *b)
{
	device_remove_file(thing, &dev_attr_prealloc);
	return 0;
}

/* A file of a name that no program could use, or longer than most allow. */
static char odd_name[301];
static struct device_attribute dev_attr_odd = __ATTR(odd, 0444, length_show, NULL);

static int do_odd(const char *name, const char *b)
{
	if (strcmp(name, "long")) {
		strscpy(odd_name, name, sizeof(odd_name));
	} else {
		memset(odd_name, 'n', sizeof(odd_name) - 1);
		odd_name[sizeof(odd_name) - 1] = '\0';
	}
	dev_attr_odd.attr.name = odd_name;
	return device_create_file(thing, &dev_attr_odd);
}

static int do_unodd(const char *a, const char *b)
{
	device_remove_file(thing, &dev_attr_odd);
	return 0;
}

static int do_unvalue(const char *a, const char *b)
{
	device_remove_file(thing, &dev_attr_value);
	return 0;
}

static int do_value(const char *a, const char *b)
{
	return device_create_file(thing, &dev_attr_value);
}

static int do_chmod(const char *a, const char *b)
{
	return sysfs_chmod_file(&thing->kobj, &dev_attr_value.attr, 0444);
}

static int do_chmod_absent(const char *a, const char *b)
{
	return sysfs_chmod_file(&thing->kobj, &dev_attr_suicide.attr, 0444);
}

/* What a callback of a file that somebody else has removed gets. */
static int do_unprotect_absent(const char *a, const char *b)
{
	struct kernfs_node *kn;

	kn = sysfs_break_active_protection(&thing->kobj, &dev_attr_suicide.attr);
	if (!kn)
		return -ENOENT;
	sysfs_unbreak_active_protection(kn);
	return 0;
}

/* ---- groups -------------------------------------------------------------- */

static ssize_t colour_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "blue\n");
}
static DEVICE_ATTR_RO(colour);

static ssize_t weight_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "heavy\n");
}

static ssize_t weight_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	return count;
}
static DEVICE_ATTR_RW(weight);

static ssize_t ghost_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "boo\n");
}
static DEVICE_ATTR_RO(ghost);

static char blob[64];

static ssize_t blob_read(struct file *filp, struct kobject *kobj,
			 kapi_bin_const struct bin_attribute *attr,
			 char *buf, loff_t pos, size_t count)
{
	return memory_read_from_buffer(buf, count, &pos, blob, sizeof(blob));
}

static ssize_t blob_write(struct file *filp, struct kobject *kobj,
			  kapi_bin_const struct bin_attribute *attr,
			  char *buf, loff_t pos, size_t count)
{
	memcpy(blob + pos, buf, count);
	return count;
}
static BIN_ATTR_RW(blob, sizeof(blob));

static ssize_t endless_read(struct file *filp, struct kobject *kobj,
			    kapi_bin_const struct bin_attribute *attr,
			    char *buf, loff_t pos, size_t count)
{
	return memory_read_from_buffer(buf, count, &pos, blob, sizeof(blob));
}
/* Size 0: sysfs sets no bounds, the callback sees every position. */
static BIN_ATTR_RO(endless, 0);

static bool ghost_is_seen;

static umode_t looks_is_visible(struct kobject *kobj, struct attribute *attr, int i)
{
	if (attr == &dev_attr_ghost.attr)
		return ghost_is_seen ? attr->mode : 0;
	if (attr == &dev_attr_weight.attr)
		return 0400;
	return attr->mode;
}

static struct attribute *looks_attrs[] = {
	&dev_attr_colour.attr,
	&dev_attr_ghost.attr,
	&dev_attr_weight.attr,
	NULL
};

/* Only one of the two can be there: as long as there is a ghost, no blob. */
static umode_t looks_is_bin_visible(struct kobject *kobj,
				    kapi_bin_visible_const struct bin_attribute *attr, int i)
{
	return ghost_is_seen ? 0 : attr->attr.mode;
}

static kapi_bin_const struct bin_attribute *kapi_bin_const looks_bin_attrs[] = {
	&bin_attr_blob, NULL,
};
static const struct attribute_group looks = {
	.name = "looks",
	.attrs = looks_attrs,
	.bin_attrs = looks_bin_attrs,
	.is_visible = looks_is_visible,
	.is_bin_visible = looks_is_bin_visible,
};

static struct attribute *plain_attrs[] = { &dev_attr_colour.attr, NULL };
static const struct attribute_group plain = { .attrs = plain_attrs };
static struct attribute *clash_attrs[] = {
	&dev_attr_ghost.attr,
	&dev_attr_value.attr,
	NULL
};
static const struct attribute_group clash = { .attrs = clash_attrs };
static const struct attribute_group hollow = { .name = "hollow" };

static const struct attribute_group *good_groups[] = { &looks, &plain, NULL };
static const struct attribute_group *bad_groups[] = { &looks, &plain, &clash, NULL };

static int do_group(const char *a, const char *b)
{
	return sysfs_create_group(&thing->kobj, &looks);
}

static int do_ungroup(const char *a, const char *b)
{
	sysfs_remove_group(&thing->kobj, &looks);
	return 0;
}

static int do_hollow(const char *a, const char *b)
{
	return sysfs_create_group(&thing->kobj, &hollow);
}

static int do_clash(const char *a, const char *b)
{
	return sysfs_create_group(&thing->kobj, &clash);
}

static int do_groups(const char *a, const char *b)
{
	return sysfs_create_groups(&thing->kobj, good_groups);
}

static int do_ungroups(const char *a, const char *b)
{
	sysfs_remove_groups(&thing->kobj, good_groups);
	return 0;
}

static int do_bad_groups(const char *a, const char *b)
{
	return sysfs_create_groups(&thing->kobj, bad_groups);
}

static int do_no_groups(const char *a, const char *b)
{
	return sysfs_create_groups(&thing->kobj, NULL);
}

static int do_ghost(const char *seen, const char *b)
{
	ghost_is_seen = seen[0] == '1';
	return 0;
}

static int do_update(const char *a, const char *b)
{
	return sysfs_update_group(&thing->kobj, &looks);
}

static int do_update_groups(const char *a, const char *b)
{
	return sysfs_update_groups(&thing->kobj, good_groups);
}

/* ---- more files in a group that is there ---------------------------------- */

static struct attribute *extra_attrs[] = {
	&dev_attr_ghost.attr,
	&dev_attr_suicide.attr,
	NULL
};
static const struct attribute_group extra = { .name = "looks", .attrs = extra_attrs };
static struct attribute *bad_extra_attrs[] = {
	&dev_attr_ghost.attr,
	&dev_attr_colour.attr,
	&dev_attr_suicide.attr,
	NULL
};
static const struct attribute_group bad_extra = { .name = "looks", .attrs = bad_extra_attrs };

static int do_merge(const char *a, const char *b)
{
	return sysfs_merge_group(&thing->kobj, &extra);
}

static int do_bad_merge(const char *a, const char *b)
{
	return sysfs_merge_group(&thing->kobj, &bad_extra);
}

static int do_unmerge(const char *a, const char *b)
{
	sysfs_unmerge_group(&thing->kobj, &extra);
	return 0;
}

/* Without a group's name: in the object's own directory. */
static int do_group_file(const char *group, const char *b)
{
	return sysfs_add_file_to_group(&thing->kobj, &dev_attr_ghost.attr,
				       group[0] ? group : NULL);
}

static int do_group_unfile(const char *group, const char *b)
{
	sysfs_remove_file_from_group(&thing->kobj, &dev_attr_ghost.attr,
				     group[0] ? group : NULL);
	return 0;
}

/* ---- files in a row -------------------------------------------------------- */

static const struct attribute *row[] = {
	&dev_attr_colour.attr,
	&dev_attr_weight.attr,
	NULL
};
static const struct attribute *bad_row[] = {
	&dev_attr_colour.attr,
	&dev_attr_value.attr,
	&dev_attr_weight.attr,
	NULL
};

static int do_files(const char *a, const char *b)
{
	return sysfs_create_files(&thing->kobj, row);
}

static int do_bad_files(const char *a, const char *b)
{
	return sysfs_create_files(&thing->kobj, bad_row);
}

static int do_unfiles(const char *a, const char *b)
{
	sysfs_remove_files(&thing->kobj, row);
	return 0;
}

static int do_bin(const char *a, const char *b)
{
	return sysfs_create_bin_file(&thing->kobj, &bin_attr_endless);
}

static int do_unbin(const char *a, const char *b)
{
	sysfs_remove_bin_file(&thing->kobj, &bin_attr_endless);
	return 0;
}

/* ---- links --------------------------------------------------------------- */

static int do_link(const char *name, const char *target)
{
	struct child *c = find_child(target);

	return c ? sysfs_create_link(&thing->kobj, &c->kobj, name) : -ENOENT;
}

static int do_unlink(const char *name, const char *b)
{
	sysfs_remove_link(&thing->kobj, name);
	return 0;
}

static int do_rename_link(const char *from, const char *to)
{
	struct child *c = find_child("one");

	return c ? sysfs_rename_link(&thing->kobj, &c->kobj, from, to) : -ENOENT;
}

/* Always to the child "one". */
static int do_link_in(const char *group, const char *name)
{
	struct child *c = find_child("one");

	return c ? sysfs_add_link_to_group(&thing->kobj, group, &c->kobj, name) : -ENOENT;
}

static int do_unlink_in(const char *group, const char *name)
{
	sysfs_remove_link_from_group(&thing->kobj, group, name);
	return 0;
}

/* ---- references ---------------------------------------------------------- */

static void nothing(struct kref *ref)
{
}

static int do_underflow(const char *a, const char *b)
{
	struct kref ref;

	kref_init(&ref);
	kref_put(&ref, nothing);
	kref_put(&ref, nothing);
	return 0;
}

static int do_get_of_zero(const char *a, const char *b)
{
	struct kref ref;

	kref_init(&ref);
	kref_put(&ref, nothing);
	kref_get(&ref);
	return 0;
}

static int do_overflow(const char *a, const char *b)
{
	refcount_t ref = REFCOUNT_INIT(INT_MAX);

	refcount_inc(&ref);
	/* saturated: it cannot come down any more */
	return refcount_read(&ref) == REFCOUNT_SATURATED ? 0 : -EINVAL;
}

static int do_get_unless_zero(const char *a, const char *b)
{
	struct kref ref;

	kref_init(&ref);
	if (!kref_get_unless_zero(&ref))
		return -EINVAL;
	kref_put(&ref, nothing);
	kref_put(&ref, nothing);
	return kref_get_unless_zero(&ref) ? -EINVAL : 0;
}

/* Nobody tells when its release has warned: freed with the module. */
static struct device *immortal;

static int do_device_without_release(const char *a, const char *b)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	kfree(immortal);
	immortal = dev;
	if (!dev)
		return -ENOMEM;
	ret = dev_set_name(dev, "immortal");
	if (!ret) {
		ret = device_register(dev);
		if (!ret)
			device_del(dev);
		put_device(dev);
	}
	return ret;
}

/* ---- commands ------------------------------------------------------------ */

static const struct mdev_test_command commands[] = {
	{ "add", do_add },
	{ "put", do_put },
	{ "del", do_del },
	{ "rename", do_rename },
	{ "move", do_move },
	{ "mark", do_mark },
	{ "add_nameless", do_add_nameless },
	{ "add_uninitialized", do_add_uninitialized },
	{ "add_below", do_add_below },
	{ "set", do_set },
	{ "unset", do_unset },
	{ "find", do_find },
	{ "add_to_set", do_add_to_set },
	{ "uevent", do_uevent },
	{ "notify", do_notify },
	{ "file", do_file },
	{ "unfile", do_unfile },
	{ "unprotected", do_unprotected },
	{ "prealloc", do_prealloc },
	{ "unprealloc", do_unprealloc },
	{ "odd", do_odd },
	{ "unodd", do_unodd },
	{ "value", do_value },
	{ "unvalue", do_unvalue },
	{ "chmod", do_chmod },
	{ "chmod_absent", do_chmod_absent },
	{ "unprotect_absent", do_unprotect_absent },
	{ "group", do_group },
	{ "ungroup", do_ungroup },
	{ "hollow", do_hollow },
	{ "clash", do_clash },
	{ "groups", do_groups },
	{ "ungroups", do_ungroups },
	{ "bad_groups", do_bad_groups },
	{ "no_groups", do_no_groups },
	{ "ghost", do_ghost },
	{ "update", do_update },
	{ "update_groups", do_update_groups },
	{ "merge", do_merge },
	{ "bad_merge", do_bad_merge },
	{ "unmerge", do_unmerge },
	{ "group_file", do_group_file },
	{ "group_unfile", do_group_unfile },
	{ "files", do_files },
	{ "bad_files", do_bad_files },
	{ "unfiles", do_unfiles },
	{ "bin", do_bin },
	{ "unbin", do_unbin },
	{ "link", do_link },
	{ "unlink", do_unlink },
	{ "rename_link", do_rename_link },
	{ "link_in", do_link_in },
	{ "unlink_in", do_unlink_in },
	{ "underflow", do_underflow },
	{ "get_of_zero", do_get_of_zero },
	{ "overflow", do_overflow },
	{ "get_unless_zero", do_get_unless_zero },
	{ "device_without_release", do_device_without_release },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR_WO(do);

static struct attribute *do_attrs[] = { &dev_attr_do.attr, NULL };
static const struct attribute_group do_group_of_thing = { .attrs = do_attrs };
static const struct attribute_group *thing_groups[] = {
	&do_group_of_thing,
	&thing_group,
	NULL
};

static void thing_release(struct device *dev)
{
	kfree(dev);
}

static int __init sysfs_test_init(void)
{
	int ret;

	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	if (!thing)
		return -ENOMEM;
	device_initialize(thing);
	thing->class = &mdev_test_class;
	thing->groups = thing_groups;
	thing->release = thing_release;
	ret = dev_set_name(thing, "thing");
	if (!ret)
		ret = device_add(thing);
	if (ret)
		put_device(thing);
	return ret;
}

static void __exit sysfs_test_exit(void)
{
	struct child *c, *next;

	list_for_each_entry_safe_reverse(c, next, &children, list) {
		list_del(&c->list);
		kobject_put(&c->kobj);
	}
	if (set)
		kset_unregister(set);
	device_unregister(thing);
	kfree(immortal);
}

module_init(sysfs_test_init);
module_exit(sysfs_test_exit);
MODULE_DESCRIPTION("Kobjects and sysfs on command");
MODULE_LICENSE("GPL v2");
