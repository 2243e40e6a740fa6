// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of the test of kobjects and sysfs. */
#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/kernel.h>
#include <asm/page.h>

#include "compat/const.h"
#include "fs/kernfs/kernfs-internal.h"
#include "kobject.h"
#include "umdev/umdev.h"

struct kt_object {
	struct kobject kobj;
	char value[PAGE_SIZE + 1];
	unsigned char bytes[16];
};

static struct kt_object *to_object(struct kobject *kobj)
{
	return container_of(kobj, struct kt_object, kobj);
}

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", to_object(kobj)->value);
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	struct kt_object *o = to_object(kobj);

	if (strlen(buf) != count)
		return -EINVAL;
	memcpy(o->value, buf, count + 1);
	return count;
}
static struct kobj_attribute value_attr = __ATTR_RW(value);

static struct kobj_attribute prealloc_attr =
	__ATTR_PREALLOC(prealloc, 0644, value_show, value_store);

static struct attribute *kt_attrs[] = {
	&value_attr.attr, &prealloc_attr.attr, NULL,
};

static ssize_t bin_read(struct file *file, struct kobject *kobj,
			kapi_bin_const struct bin_attribute *attr, char *buf, loff_t pos,
			size_t count)
{
	memcpy(buf, to_object(kobj)->bytes + pos, count);
	return count;
}

static ssize_t bin_write(struct file *file, struct kobject *kobj,
			 kapi_bin_const struct bin_attribute *attr, char *buf, loff_t pos,
			 size_t count)
{
	memcpy(to_object(kobj)->bytes + pos, buf, count);
	return count;
}
static BIN_ATTR_RW(bin, 16);
static kapi_bin_const struct bin_attribute *kapi_bin_const kt_bin_attrs[] = {
	&bin_attr_bin, NULL,
};

static const struct attribute_group kt_plain_group = {
	.attrs = kt_attrs,
	.bin_attrs = kt_bin_attrs,
};

static struct kobj_attribute seen_attr = __ATTR(seen, 0644, value_show, value_store);
static struct kobj_attribute unseen_attr = __ATTR(unseen, 0644, value_show, value_store);
static struct attribute *kt_group_attrs[] = {
	&seen_attr.attr, &unseen_attr.attr, NULL,
};
static struct bin_attribute bin_attr_binseen = __BIN_ATTR(binseen, 0444, bin_read, NULL, 16);
static kapi_bin_const struct bin_attribute *kapi_bin_const kt_group_bin_attrs[] = {
	&bin_attr_binseen, NULL,
};

static umode_t kt_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	if (attr == &seen_attr.attr)
		return 0444;
	return 0;
}

static umode_t kt_bin_visible(struct kobject *kobj,
			      kapi_bin_visible_const struct bin_attribute *attr, int n)
{
	return 0400;
}

static const struct attribute_group kt_named_group = {
	.name = "group",
	.is_visible = kt_visible,
	.is_bin_visible = kt_bin_visible,
	.attrs = kt_group_attrs,
	.bin_attrs = kt_group_bin_attrs,
};

static const struct attribute_group *kt_groups[] = {
	&kt_plain_group, &kt_named_group, NULL,
};

static void kt_release(struct kobject *kobj)
{
	kfree(to_object(kobj));
}

static const struct kobj_type kt_ktype = {
	.release = kt_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = kt_groups,
};

/* ---- objects ------------------------------------------------------------------ */

/* The last one, too: its test goes on when the object is released. */
static void kt_put(struct kt_object *o)
{
	kobject_put(&o->kobj);
	um_late_flush();
}

static struct kt_object *kt_make(const char *name, struct kobject *parent)
{
	struct kt_object *o;
	int err;

	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return ERR_PTR(-ENOMEM);
	err = kobject_init_and_add(&o->kobj, &kt_ktype, parent, "%s", name);
	if (err) {
		kt_put(o);
		return ERR_PTR(err);
	}
	return o;
}

static const struct kobj_type no_release = {
	.sysfs_ops = &kobj_sysfs_ops,
};

int kt_without_release(void)
{
	static struct kobject kobj;
	int err;

	memset(&kobj, 0, sizeof(kobj));
	err = kobject_init_and_add(&kobj, &no_release, NULL, "immortal");
	kobject_put(&kobj);
	um_late_flush();
	return err;
}

void kt_init_twice(void)
{
	struct kobject kobj = { 0 };

	kobject_init(&kobj, &no_release);
	kobject_init(&kobj, &no_release);
	kobject_put(&kobj);
	um_late_flush();
}

/* ---- a crowd -------------------------------------------------------------------------- */

struct kt_crowd {
	struct kobject *dir;
	int n;
	struct kobject *members[];
};

struct kt_crowd *kt_crowd_new(const char *name, int n)
{
	struct kt_crowd *c = kvzalloc(sizeof(*c) + n * sizeof(c->members[0]), GFP_KERNEL);
	char member[32];
	int i;

	c->n = n;
	c->dir = kobject_create_and_add(name, NULL);
	for (i = 0; i < n; i++) {
		snprintf(member, sizeof(member), "member-%d", i);
		c->members[i] = kobject_create_and_add(member, c->dir);
	}
	return c;
}

void kt_crowd_free(struct kt_crowd *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		kobject_put(c->members[i]);
	kobject_put(c->dir);
	um_late_flush();
	kvfree(c);
}

long kt_passed(void)
{
	return atomic64_xchg(&kernfs_passed, 0);
}

/* ---- faults -------------------------------------------------------------------------------- */

int kt_sweep_step(void)
{
	struct kt_object *o, *target;
	int err;

	o = kt_make("sweep", NULL);
	if (IS_ERR(o))
		return PTR_ERR(o);
	target = kt_make("target", &o->kobj);
	err = PTR_ERR_OR_ZERO(target);
	if (!err) {
		err = sysfs_create_link(&o->kobj, &target->kobj, "link");
		err = err ?: kobject_rename(&target->kobj, "renamed");
		err = err ?: kobject_move(&target->kobj, NULL);
		kobject_put(&target->kobj);
	}
	kt_put(o);
	return err;
}
