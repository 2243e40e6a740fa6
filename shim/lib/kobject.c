// SPDX-License-Identifier: GPL-2.0-only
/*
 * kobject and kset: named, reference counted objects that are directories in
 * sysfs. An added object pins its parent until it is deleted, and its kset
 * as a member; the name is the object's own and is freed after its release().
 * Failing to add an object leaves its reference with the caller, who drops
 * it by kobject_put() like any other.
 *
 * Each object's life is reported to the registry of check/object.c. Left
 * out: namespaces, owners.
 */
#define pr_fmt(fmt) fmt

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kobject.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "check/op.h"
#include "lib/kobject_late.h"

static void kobject_describe(const void *obj, char *buf, size_t size)
{
	const struct kobject *kobj = obj;
	const char *name = kobj->name;

	strscpy(buf, name ? name : "(no name yet)", size);
}

/* ---- the directory ---------------------------------------------------------- */

static int create_dir(struct kobject *kobj)
{
	const struct kobj_type *ktype = get_ktype(kobj);
	int err;

	err = sysfs_create_dir_ns(kobj, NULL);
	if (err)
		return err;

	if (ktype) {
		err = sysfs_create_groups(kobj, ktype->default_groups);
		if (err) {
			sysfs_remove_dir(kobj);
			return err;
		}
	}

	/* An ancestor that goes takes the node along: keep it for kobject_del(). */
	sysfs_get(kobj->sd);
	return 0;
}

/**
 * kobject_get_path() - the path of an object below /sys
 * @kobj: object whose ancestors do not move meanwhile
 * @gfp_mask: how to allocate
 *
 * Context: as @gfp_mask says.
 *
 * Return: a string to be freed by kfree(); NULL without memory, or when the
 * object or an ancestor has no name.
 */
char *kobject_get_path(const struct kobject *kobj, gfp_t gfp_mask)
{
	const struct kobject *k;
	size_t len = 0, n;
	char *path, *end;

	for (k = kobj; k; k = k->parent) {
		if (!kobject_name(k))
			return NULL;
		len += strlen(kobject_name(k)) + 1;
	}

	path = kzalloc(len + 1, gfp_mask);
	if (!path)
		return NULL;

	end = path + len;
	for (k = kobj; k; k = k->parent) {
		n = strlen(kobject_name(k));
		/* someone renamed an ancestor under us: the caller's fault */
		if (WARN_ON((size_t)(end - path) < n + 1))
			break;
		end -= n;
		memcpy(end, kobject_name(k), n);
		*--end = '/';
	}
	return path;
}
EXPORT_SYMBOL_GPL(kobject_get_path);

/* ---- members of a kset -------------------------------------------------------- */

static void kset_join(struct kobject *kobj)
{
	if (!kobj->kset)
		return;

	kset_get(kobj->kset);
	spin_lock(&kobj->kset->list_lock);
	list_add_tail(&kobj->entry, &kobj->kset->list);
	spin_unlock(&kobj->kset->list_lock);
}

static void kset_leave(struct kobject *kobj)
{
	if (!kobj->kset)
		return;

	spin_lock(&kobj->kset->list_lock);
	list_del_init(&kobj->entry);
	spin_unlock(&kobj->kset->list_lock);
	kset_put(kobj->kset);
}

static void leave_told(const void *object)
{
	struct kobject *kobj = (struct kobject *)object;

	if (!kobj->kset)
		return;
	spin_lock(&kobj->kset->list_lock);
	list_del_init(&kobj->entry);
	spin_unlock(&kobj->kset->list_lock);
}

/* ---- name, init, add ------------------------------------------------------------ */

static void kobject_init_fields(struct kobject *kobj)
{
	kref_init(&kobj->kref);
	INIT_LIST_HEAD(&kobj->entry);
	kobj->state_in_sysfs = 0;
	kobj->state_add_uevent_sent = 0;
	kobj->state_remove_uevent_sent = 0;
	kobj->state_initialized = 1;
}

static void report_add_failure(struct kobject *kobj, struct kobject *parent,
			       int err)
{
	if (err == -EEXIST)
		pr_err("kobject_add_internal failed for %s with -EEXIST, don't try to register things with the same name in the same directory.\n",
		       kobject_name(kobj));
	else
		pr_err("kobject_add_internal failed for %s (error: %d parent: %s)\n",
		       kobject_name(kobj), err,
		       parent ? kobject_name(parent) : "'none'");
}

static int kobject_add_internal(struct kobject *kobj)
{
	struct kobject *parent;
	int err;

	if (!kobj)
		return -ENOENT;

	if (!kobj->name || !kobj->name[0]) {
		WARN(1, "kobject: (%p): attempted to be registered with empty name!\n",
		     kobj);
		return -EINVAL;
	}

	parent = kobject_get(kobj->parent);
	if (kobj->kset) {
		if (!parent)
			parent = kobject_get(&kobj->kset->kobj);
		kset_join(kobj);
		kobj->parent = parent;
	}

	err = create_dir(kobj);
	if (err) {
		kset_leave(kobj);
		report_add_failure(kobj, parent, err);
		kobject_put(parent);
		kobj->parent = NULL;
		return err;
	}
	kobj->state_in_sysfs = 1;
	return 0;
}

/**
 * kobject_set_name_vargs() - give an object its name
 * @kobj: the object
 * @fmt: NULL keeps a name that is there
 * @vargs: arguments for @fmt
 *
 * A '/' becomes a '!'.
 *
 * Context: may sleep.
 *
 * Return: 0, or -ENOMEM, which leaves an earlier name.
 */
int kobject_set_name_vargs(struct kobject *kobj, const char *fmt, va_list vargs)
{
	const char *name;
	char *copy;

	if (kobj->name && !fmt)
		return 0;

	name = kvasprintf_const(GFP_KERNEL, fmt, vargs);
	if (!name)
		return -ENOMEM;

	/* What kvasprintf_const() gives may be read-only. */
	if (strchr(name, '/')) {
		copy = kstrdup(name, GFP_KERNEL);
		kfree_const(name);
		if (!copy)
			return -ENOMEM;
		strreplace(copy, '/', '!');
		name = copy;
	}
	kfree_const(kobj->name);
	kobj->name = name;
	return 0;
}

/**
 * kobject_set_name() - give an object its name, before it is added
 * @kobj: the object, which owns the name from here on
 * @fmt: the name; a '/' becomes a '!'
 * @...: arguments for @fmt
 *
 * Context: may sleep.
 *
 * Return: 0, or -ENOMEM, which leaves an earlier name.
 */
int kobject_set_name(struct kobject *kobj, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = kobject_set_name_vargs(kobj, fmt, args);
	va_end(args);
	return err;
}
EXPORT_SYMBOL(kobject_set_name);

/**
 * kobject_init() - start an object's life with one reference, the caller's
 * @kobj: the object, zeroed
 * @ktype: its type, which must stay
 *
 * From here on it ends by kobject_put() only. A NULL argument and an object
 * initialised before are complained about with a backtrace, as in 6.1.
 */
void kobject_init(struct kobject *kobj, const struct kobj_type *ktype)
{
	const char *wrong = NULL;

	if (!kobj)
		wrong = "invalid kobject pointer!";
	else if (!ktype)
		wrong = "must have a ktype to be initialized properly!\n";
	if (wrong) {
		pr_err("kobject (%p): %s\n", kobj, wrong);
		dump_stack();
		return;
	}
	if (kobj->state_initialized) {
		/* not an end: an object in memory that was not zeroed goes on; one alive is a splat */
		pr_err("kobject (%p): tried to init an initialized object, something is seriously wrong.\n",
		       kobj);
		dump_stack();
	}

	/* before it loses its place among others, if it is alive and has one */
	um_begin(UM_OBJECT_NEW, .object = kobj, .what = "kobject",
		 .describe = kobject_describe, .undo = leave_told);
	kobject_init_fields(kobj);
	kobj->ktype = ktype;
}
EXPORT_SYMBOL(kobject_init);

static __printf(3, 0) int kobject_add_vargs(struct kobject *kobj,
					    struct kobject *parent,
					    const char *fmt, va_list vargs)
{
	int err;

	err = kobject_set_name_vargs(kobj, fmt, vargs);
	if (err) {
		pr_err("kobject: can not set name properly!\n");
		return err;
	}
	kobj->parent = parent;
	return kobject_add_internal(kobj);
}

/**
 * kobject_add() - name an object and make its directory
 * @kobj: an initialised object
 * @parent: NULL for the kset's object, or the root of sysfs without a kset
 * @fmt: the name; a '/' becomes a '!'
 * @...: arguments for @fmt
 *
 * Sends no uevent. Until kobject_del() the object holds its parent, and its
 * kset, which it has joined.
 *
 * Context: may sleep.
 *
 * Return: 0; -EEXIST when @parent has an entry of that name, said aloud;
 * -ENOMEM; -EINVAL for a NULL or uninitialised object and, with a warning, for
 * an empty name; -ENOENT for a parent without a directory; the error of the
 * default groups. In any case the reference stays the caller's.
 */
int kobject_add(struct kobject *kobj, struct kobject *parent,
		const char *fmt, ...)
{
	va_list args;
	int err;

	if (!kobj)
		return -EINVAL;

	if (!kobj->state_initialized) {
		pr_err("kobject '%s' (%p): tried to add an uninitialized object, something is seriously wrong.\n",
		       kobject_name(kobj), kobj);
		dump_stack();
		return -EINVAL;
	}

	va_start(args, fmt);
	err = kobject_add_vargs(kobj, parent, fmt, args);
	va_end(args);
	return err;
}
EXPORT_SYMBOL(kobject_add);

/**
 * kobject_init_and_add() - kobject_init() and kobject_add()
 * @kobj: the object, zeroed
 * @ktype: its type, which must stay
 * @parent: as for kobject_add()
 * @fmt: the name
 * @...: arguments for @fmt
 *
 * Context: may sleep.
 *
 * Return: as kobject_add(); after an error too the caller must kobject_put().
 */
int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype,
			 struct kobject *parent, const char *fmt, ...)
{
	va_list args;
	int err;

	kobject_init(kobj, ktype);

	va_start(args, fmt);
	err = kobject_add_vargs(kobj, parent, fmt, args);
	va_end(args);
	return err;
}
EXPORT_SYMBOL_GPL(kobject_init_and_add);

/* ---- moving ------------------------------------------------------------------------ */

/* "DEVPATH_OLD=..." for the event of a move; NULL without memory. */
static char *old_devpath(struct kobject *kobj)
{
	char *path, *var;

	path = kobject_get_path(kobj, GFP_KERNEL);
	if (!path)
		return NULL;
	var = kasprintf(GFP_KERNEL, "DEVPATH_OLD=%s", path);
	kfree(path);
	return var;
}

/**
 * kobject_rename() - change the name of an added object
 * @kobj: the object; the caller keeps others from renaming it meanwhile
 * @new_name: the name, copied; a '/' is not replaced
 *
 * Sends MOVE with the old path.
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL for NULL or an object without a parent; -EEXIST; -ENOMEM,
 * also when the path cannot be had.
 */
int kobject_rename(struct kobject *kobj, const char *new_name)
{
	char *envp[2] = { NULL, NULL };
	const char *name;
	int err = -ENOMEM;

	kobj = kobject_get(kobj);
	if (!kobj)
		return -EINVAL;
	if (!kobj->parent) {
		err = -EINVAL;
		goto put;
	}

	envp[0] = old_devpath(kobj);
	if (!envp[0])
		goto put;
	name = kstrdup_const(new_name, GFP_KERNEL);
	if (!name)
		goto free_path;

	err = sysfs_rename_dir_ns(kobj, new_name, NULL);
	if (!err)
		swap(kobj->name, name);
	if (!err)
		kobject_uevent_env(kobj, KOBJ_MOVE, envp);
	kfree_const(name);
free_path:
	kfree(envp[0]);
put:
	kobject_put(kobj);
	return err;
}
EXPORT_SYMBOL_GPL(kobject_rename);

/**
 * kobject_move() - give an added object another parent
 * @kobj: the object; the caller keeps others from moving it meanwhile
 * @new_parent: NULL for its kset, or the root of sysfs without one
 *
 * Sends MOVE with the old path. The reference on the old parent is dropped
 * and one on the new parent taken.
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL for NULL; -EEXIST, -ENOENT; -ENOMEM, also when the path
 * cannot be had.
 */
int kobject_move(struct kobject *kobj, struct kobject *new_parent)
{
	char *envp[2] = { NULL, NULL };
	int err;

	kobj = kobject_get(kobj);
	if (!kobj)
		return -EINVAL;
	new_parent = kobject_get(new_parent);
	if (!new_parent && kobj->kset)
		new_parent = kobject_get(&kobj->kset->kobj);

	err = -ENOMEM;
	envp[0] = old_devpath(kobj);
	if (!envp[0])
		goto put;

	err = sysfs_move_dir_ns(kobj, new_parent, NULL);
	if (!err) {
		swap(kobj->parent, new_parent);
		kobject_uevent_env(kobj, KOBJ_MOVE, envp);
	}
	kfree(envp[0]);
put:
	/* the old parent after a move, the new one after a failure */
	kobject_put(new_parent);
	kobject_put(kobj);
	return err;
}
EXPORT_SYMBOL_GPL(kobject_move);

/* ---- del, get, put ------------------------------------------------------------------- */

/* All of kobject_del() but the reference on the parent. */
static void kobject_unlink(struct kobject *kobj)
{
	struct kernfs_node *sd = kobj->sd;
	const struct kobj_type *ktype = get_ktype(kobj);

	if (ktype)
		sysfs_remove_groups(kobj, ktype->default_groups);

	/* While the path can still be told. */
	if (kobj->state_add_uevent_sent && !kobj->state_remove_uevent_sent)
		kobject_uevent(kobj, KOBJ_REMOVE);

	sysfs_remove_dir(kobj);
	sysfs_put(sd);

	kobj->state_in_sysfs = 0;
	kset_leave(kobj);
	kobj->parent = NULL;
}

/**
 * kobject_del() - take an object out of the tree
 * @kobj: the object, or NULL
 *
 * Waits for callbacks of its files, so it must not be called from one. Sends
 * REMOVE if ADD was sent and REMOVE was not. The reference on the parent is
 * dropped, those on @kobj stay.
 *
 * Context: may sleep.
 */
void kobject_del(struct kobject *kobj)
{
	struct kobject *parent;

	if (!kobj)
		return;

	um_object_ended(kobj);
	parent = kobj->parent;
	kobject_unlink(kobj);
	kobject_put(parent);
}
EXPORT_SYMBOL(kobject_del);

/**
 * kobject_get() - take a reference
 * @kobj: an object that the caller may use, or NULL
 *
 * Warns about an object that was not initialised.
 *
 * Return: @kobj.
 */
struct kobject *kobject_get(struct kobject *kobj)
{
	if (!kobj)
		return NULL;

	um_object_get(kobj);
	WARN(!kobj->state_initialized,
	     "kobject: '%s' (%p): is not initialized, yet kobject_get() is being called.\n",
	     kobject_name(kobj), kobj);
	kref_get(&kobj->kref);
	return kobj;
}
EXPORT_SYMBOL(kobject_get);

/**
 * kobject_get_unless_zero() - a reference for one who holds none
 * @kobj: memory that stays valid meanwhile, or NULL
 *
 * Return: @kobj, or NULL if the object is on its way out.
 */
struct kobject *kobject_get_unless_zero(struct kobject *kobj)
{
	if (!kobj || !kref_get_unless_zero(&kobj->kref))
		return NULL;
	um_object_get(kobj);
	return kobj;
}
EXPORT_SYMBOL(kobject_get_unless_zero);

static void kobject_cleanup(struct kref *kref)
{
	struct kobject *kobj = container_of(kref, struct kobject, kref);
	const struct kobj_type *ktype = get_ktype(kobj);
	struct kobject *parent = NULL;
	const char *name = kobj->name;

	if (ktype && !ktype->release)
		pr_debug("kobject: '%s' (%p): does not have a release() function, it is broken and must be fixed. See Documentation/core-api/kobject.rst.\n",
			 kobject_name(kobj), kobj);

	if (kobj->state_in_sysfs) {
		parent = kobj->parent;
		kobject_unlink(kobj);
	}

	if (ktype && ktype->release) {
		um_released(kobj, ktype->release);
		ktype->release(kobj);
	}

	kfree_const(name);
	kobject_put(parent);
}

static void kobject_release(struct kref *kref)
{
	/* From here on a reference is one too many, however late release() comes. */
	um_object_freed(container_of(kref, struct kobject, kref));
	um_release(kref, kobject_cleanup);
}

/**
 * kobject_put() - drop a reference; the last one ends the object
 * @kobj: the object, or NULL; not to be touched afterwards
 *
 * The end: an object still in the tree is taken out as by kobject_del(), then
 * release() of its type is called and the name freed. Late, from a work item,
 * when UMDEV_LATE_RELEASE is set.
 *
 * Context: may sleep if it is the last reference; else any. Each put is checked
 * against the references taken, and one too many is a splat.
 */
void kobject_put(struct kobject *kobj)
{
	if (!kobj)
		return;

	/* first: it knows an object that is gone already, without touching it */
	um_object_put(kobj);
	WARN(!kobj->state_initialized,
	     "kobject: '%s' (%p): is not initialized, yet kobject_put() is being called.\n",
	     kobject_name(kobj), kobj);
	kref_put(&kobj->kref, kobject_release);
}
EXPORT_SYMBOL(kobject_put);

/* ---- objects that are nothing but a directory ------------------------------------------ */

static void dynamic_kobj_release(struct kobject *kobj)
{
	kfree(kobj);
}

static const struct kobj_type dynamic_kobj_ktype = {
	.release = dynamic_kobj_release,
	.sysfs_ops = &kobj_sysfs_ops,
};

/**
 * kobject_create_and_add() - a plain directory
 * @name: its name
 * @parent: its parent, NULL for the root of sysfs
 *
 * Context: may sleep.
 *
 * Return: an object to be dropped by kobject_put(), or NULL after any error.
 */
struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	struct kobject *kobj;
	int err;

	kobj = kzalloc(sizeof(*kobj), GFP_KERNEL);
	if (!kobj)
		return NULL;
	kobject_init(kobj, &dynamic_kobj_ktype);

	err = kobject_add(kobj, parent, "%s", name);
	if (err) {
		pr_warn("%s: kobject_add error: %d\n", __func__, err);
		kobject_put(kobj);
		return NULL;
	}
	return kobj;
}
EXPORT_SYMBOL_GPL(kobject_create_and_add);

static ssize_t kobj_attr_show(struct kobject *kobj, struct attribute *attr,
			      char *buf)
{
	struct kobj_attribute *ka = container_of(attr, struct kobj_attribute, attr);

	return ka->show ? ka->show(kobj, ka, buf) : -EIO;
}

static ssize_t kobj_attr_store(struct kobject *kobj, struct attribute *attr,
			       const char *buf, size_t count)
{
	struct kobj_attribute *ka = container_of(attr, struct kobj_attribute, attr);

	return ka->store ? ka->store(kobj, ka, buf, count) : -EIO;
}

const struct sysfs_ops kobj_sysfs_ops = {
	.show = kobj_attr_show,
	.store = kobj_attr_store,
};
EXPORT_SYMBOL_GPL(kobj_sysfs_ops);

/* ---- ksets ------------------------------------------------------------------------------- */

/* Initialises without registering: for ksets that are lists only. */
void kset_init(struct kset *kset)
{
	kobject_init_fields(&kset->kobj);
	INIT_LIST_HEAD(&kset->list);
	spin_lock_init(&kset->list_lock);
}

/**
 * kset_register() - initialise and add a kset whose name and ktype are set
 * @kset: the kset
 *
 * Sends ADD, which nobody gets unless it or an ancestor is in a kset.
 *
 * Context: may sleep.
 *
 * Return: 0, -EINVAL for NULL or without a ktype, or as kobject_add(). After an
 * error the name is freed, as kernels from 6.2 on do (6.1 leaks it), and the
 * caller frees the kset itself.
 */
int kset_register(struct kset *kset)
{
	int err;

	if (!kset)
		return -EINVAL;
	if (!kset->kobj.ktype) {
		pr_err("must have a ktype to be initialized properly!\n");
		return -EINVAL;
	}

	kset_init(kset);
	um_object_new(&kset->kobj, "kobject", kobject_describe);
	err = kobject_add_internal(&kset->kobj);
	if (err) {
		um_object_forgotten(&kset->kobj);
		kfree_const(kset->kobj.name);
		kset->kobj.name = NULL;
		return err;
	}
	kobject_uevent(&kset->kobj, KOBJ_ADD);
	return 0;
}
EXPORT_SYMBOL(kset_register);

/**
 * kset_unregister() - kobject_del() and kobject_put() of a kset
 * @kset: the kset, or NULL; its last reference ends it
 *
 * Context: may sleep.
 */
void kset_unregister(struct kset *kset)
{
	if (!kset)
		return;
	kobject_del(&kset->kobj);
	kobject_put(&kset->kobj);
}
EXPORT_SYMBOL(kset_unregister);

/**
 * kset_find_obj() - the member of that name
 * @kset: the kset
 * @name: the name
 *
 * Context: takes the kset's list_lock, interrupts on: not in an interrupt.
 *
 * Return: the object with a reference for the caller, or NULL. Members that
 * lost their last reference but are still listed do not count.
 */
struct kobject *kset_find_obj(struct kset *kset, const char *name)
{
	struct kobject *k, *found = NULL;

	spin_lock(&kset->list_lock);
	list_for_each_entry(k, &kset->list, entry) {
		if (kobject_name(k) && !strcmp(kobject_name(k), name)) {
			found = kobject_get_unless_zero(k);
			break;
		}
	}
	spin_unlock(&kset->list_lock);
	return found;
}
EXPORT_SYMBOL_GPL(kset_find_obj);

static void kset_release(struct kobject *kobj)
{
	kfree(to_kset(kobj));
}

static const struct kobj_type kset_ktype = {
	.sysfs_ops = &kobj_sysfs_ops,
	.release = kset_release,
};

/**
 * kset_create_and_add() - a kset of its own memory
 * @name: its name
 * @uevent_ops: what it adds to its members' uevents, or NULL; must stay
 * @parent_kobj: its parent, NULL for the root of sysfs
 *
 * Context: may sleep.
 *
 * Return: a kset to be ended by kset_unregister(), or NULL after any error.
 */
struct kset *kset_create_and_add(const char *name,
				 const struct kset_uevent_ops *uevent_ops,
				 struct kobject *parent_kobj)
{
	struct kset *kset;

	kset = kzalloc(sizeof(*kset), GFP_KERNEL);
	if (!kset)
		return NULL;
	if (kobject_set_name(&kset->kobj, "%s", name))
		goto free_kset;

	kset->uevent_ops = uevent_ops;
	kset->kobj.parent = parent_kobj;
	kset->kobj.ktype = &kset_ktype;
	if (kset_register(kset))
		goto free_kset;
	return kset;

free_kset:
	kfree(kset);
	return NULL;
}
EXPORT_SYMBOL_GPL(kset_create_and_add);
