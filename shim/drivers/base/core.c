// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices: their life, their place in sysfs, their children and messages.
 *
 * Models the device core of Linux 6.1: the order in which device_add() makes
 * things appear and device_del() makes them go (which is not the mirror
 * image), glue directories between a parent and the devices of a class,
 * /sys/dev, the variables of a device's uevents.
 *
 * Left out: power management (a device here has no directory "power"),
 * firmware nodes, namespaces, owners, block partitions, NUMA nodes, moving a
 * device to another parent, taking one offline, whether it can be unplugged.
 * Links between devices are in links.c.
 */
#include <asm/page.h>
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"
#include "drivers/base/base.h"

#define to_dev_attr(_attr) container_of(_attr, struct device_attribute, attr)
#define to_ext_attr(_attr) container_of(_attr, struct dev_ext_attribute, attr)

/* /sys/devices, /sys/dev/{block,char} and /sys/devices/virtual */
struct kset *devices_kset;
struct kobject *sysfs_dev_block_kobj;
struct kobject *sysfs_dev_char_kobj;
static struct kobject *virtual_dir;

/* ---- attributes ------------------------------------------------------------ */

static ssize_t dev_attr_show(struct kobject *kobj, struct attribute *attr,
			     char *buf)
{
	struct device_attribute *dev_attr = to_dev_attr(attr);
	ssize_t len;

	if (!dev_attr->show)
		return -EIO;

	len = dev_attr->show(kobj_to_dev(kobj), dev_attr, buf);
	if (len >= (ssize_t)PAGE_SIZE)
		printk("dev_attr_show: %pS returned bad count\n",
		       dev_attr->show);
	return len;
}

static ssize_t dev_attr_store(struct kobject *kobj, struct attribute *attr,
			      const char *buf, size_t count)
{
	struct device_attribute *dev_attr = to_dev_attr(attr);

	if (!dev_attr->store)
		return -EIO;
	return dev_attr->store(kobj_to_dev(kobj), dev_attr, buf, count);
}

static const struct sysfs_ops dev_sysfs_ops = {
	.show	= dev_attr_show,
	.store	= dev_attr_store,
};

/* The ready-made callbacks of DEVICE_ULONG_ATTR() and its like. */

/**
 * device_show_ulong() - ready-made show callback of DEVICE_ULONG_ATTR()
 * @dev:  not looked at
 * @attr: in a struct dev_ext_attribute whose var is an unsigned long
 * @buf:  a page, as sysfs passes it
 *
 * The format is hexadecimal without 0x, as in Linux.
 *
 * Return: bytes in @buf.
 */
ssize_t device_show_ulong(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	unsigned long *var = to_ext_attr(attr)->var;

	return sysfs_emit(buf, "%lx\n", *var);
}
EXPORT_SYMBOL_GPL(device_show_ulong);

/**
 * device_store_ulong() - ready-made store callback of DEVICE_ULONG_ATTR()
 * @dev:   not looked at
 * @attr:  in a struct dev_ext_attribute whose var is an unsigned long
 * @buf:   a number, decimal, or octal or hexadecimal with its prefix
 * @count: bytes in @buf
 *
 * Return: @count, or -EINVAL or -ERANGE of kstrtoul() with the variable kept.
 */
ssize_t device_store_ulong(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	unsigned long *var = to_ext_attr(attr)->var;
	int err = kstrtoul(buf, 0, var);

	return err ? err : count;
}
EXPORT_SYMBOL_GPL(device_store_ulong);

/**
 * device_show_int() - ready-made show callback of DEVICE_INT_ATTR()
 * @dev:  not looked at
 * @attr: in a struct dev_ext_attribute whose var is an int
 * @buf:  a page, as sysfs passes it
 *
 * Return: bytes in @buf.
 */
ssize_t device_show_int(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	int *var = to_ext_attr(attr)->var;

	return sysfs_emit(buf, "%d\n", *var);
}
EXPORT_SYMBOL_GPL(device_show_int);

/**
 * device_store_int() - ready-made store callback of DEVICE_INT_ATTR()
 * @dev:   not looked at
 * @attr:  in a struct dev_ext_attribute whose var is an int
 * @buf:   a number, decimal, or octal or hexadecimal with its prefix
 * @count: bytes in @buf
 *
 * Return: @count; -EINVAL for no number or one that is no int, -ERANGE for
 * one that is no long either. The variable is kept then.
 */
ssize_t device_store_int(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	int *var = to_ext_attr(attr)->var;
	long val;
	int err;

	err = kstrtol(buf, 0, &val);
	if (err)
		return err;
	if (val != (int)val)
		return -EINVAL;

	*var = val;
	return count;
}
EXPORT_SYMBOL_GPL(device_store_int);

/**
 * device_show_bool() - ready-made show callback of DEVICE_BOOL_ATTR()
 * @dev:  not looked at
 * @attr: in a struct dev_ext_attribute whose var is a bool
 * @buf:  a page, as sysfs passes it
 *
 * Return: bytes in @buf.
 */
ssize_t device_show_bool(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	bool *var = to_ext_attr(attr)->var;

	return sysfs_emit(buf, "%d\n", *var);
}
EXPORT_SYMBOL_GPL(device_show_bool);

/**
 * device_store_bool() - ready-made store callback of DEVICE_BOOL_ATTR()
 * @dev:   not looked at
 * @attr:  in a struct dev_ext_attribute whose var is a bool
 * @buf:   what kstrtobool() understands
 * @count: bytes in @buf
 *
 * Return: @count, or -EINVAL with the variable kept.
 */
ssize_t device_store_bool(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	bool *var = to_ext_attr(attr)->var;

	return kstrtobool(buf, var) ? -EINVAL : count;
}
EXPORT_SYMBOL_GPL(device_store_bool);

/**
 * device_create_file() - add an attribute file to a device
 * @dev:  the device, in sysfs; NULL does nothing
 * @attr: stays the caller's and must outlive the file
 *
 * Warns about a mode that promises more than the callbacks hold.
 *
 * Context: may sleep.
 * Return: 0, also without a device; -EEXIST, -ENOMEM.
 */
int device_create_file(struct device *dev, const struct device_attribute *attr)
{
	if (!dev)
		return 0;

	WARN((attr->attr.mode & 0222) && !attr->store,
	     "Attribute %s: write permission without 'store'\n",
	     attr->attr.name);
	WARN((attr->attr.mode & 0444) && !attr->show,
	     "Attribute %s: read permission without 'show'\n",
	     attr->attr.name);

	return sysfs_create_file(&dev->kobj, &attr->attr);
}
EXPORT_SYMBOL_GPL(device_create_file);

/**
 * device_remove_file() - remove an attribute file; waits for its callbacks
 * @dev:  the device; NULL does nothing
 * @attr: as given to device_create_file()
 *
 * Called from the file's own callback it waits for itself.
 *
 * Context: may sleep. No lock may be held that a callback takes.
 */
void device_remove_file(struct device *dev, const struct device_attribute *attr)
{
	if (dev)
		sysfs_remove_file(&dev->kobj, &attr->attr);
}
EXPORT_SYMBOL_GPL(device_remove_file);

/**
 * device_remove_file_self() - remove a file from its own callback
 * @dev:  the device
 * @attr: the attribute whose callback is running
 *
 * Context: may sleep; in the callback of @attr.
 * Return: whether this caller removed the file. The others learn it only
 * after the winner's callback has ended.
 */
bool device_remove_file_self(struct device *dev,
			     const struct device_attribute *attr)
{
	return dev && sysfs_remove_file_self(&dev->kobj, &attr->attr);
}
EXPORT_SYMBOL_GPL(device_remove_file_self);

/**
 * device_create_bin_file() - add a binary file to a device
 * @dev:  the device
 * @attr: stays the caller's and must outlive the file
 *
 * Context: may sleep.
 * Return: 0; -EINVAL without a device; -EEXIST, -ENOMEM.
 */
int device_create_bin_file(struct device *dev, const struct bin_attribute *attr)
{
	return dev ? sysfs_create_bin_file(&dev->kobj, attr) : -EINVAL;
}
EXPORT_SYMBOL_GPL(device_create_bin_file);

/**
 * device_remove_bin_file() - remove a binary file; waits for its callbacks
 * @dev:  the device; NULL does nothing
 * @attr: as given to device_create_bin_file()
 *
 * Context: may sleep. No lock may be held that a callback takes.
 */
void device_remove_bin_file(struct device *dev,
			    const struct bin_attribute *attr)
{
	if (dev)
		sysfs_remove_bin_file(&dev->kobj, attr);
}
EXPORT_SYMBOL_GPL(device_remove_bin_file);

/**
 * device_add_groups() - add groups of attributes to a device
 * @dev:    the device, in sysfs
 * @groups: ends with NULL; NULL is an empty list; must outlive the files
 *
 * Context: may sleep.
 * Return: 0, or the first error with what was added removed again: -EEXIST,
 * -ENOMEM, -EINVAL for a group without attributes.
 */
int device_add_groups(struct device *dev, const struct attribute_group **groups)
{
	return sysfs_create_groups(&dev->kobj, groups);
}
EXPORT_SYMBOL_GPL(device_add_groups);

/**
 * device_remove_groups() - remove what device_add_groups() added
 * @dev:    the device
 * @groups: as given to device_add_groups(); NULL is an empty list
 *
 * Context: may sleep; waits for callbacks of the files.
 */
void device_remove_groups(struct device *dev,
			  const struct attribute_group **groups)
{
	sysfs_remove_groups(&dev->kobj, groups);
}
EXPORT_SYMBOL_GPL(device_remove_groups);

/* Groups that go when the driver is unbound: one group, or a list of them. */
struct group_devres {
	const struct attribute_group *group;
	const struct attribute_group **groups;
};

static void group_devres_release(struct device *dev, void *res)
{
	struct group_devres *gr = res;

	if (gr->group)
		sysfs_remove_group(&dev->kobj, gr->group);
	sysfs_remove_groups(&dev->kobj, gr->groups);
}

static int group_devres_add(struct device *dev, struct group_devres want)
{
	struct group_devres *gr;
	int err;

	gr = devres_alloc(group_devres_release, sizeof(*gr), GFP_KERNEL);
	if (!gr)
		return -ENOMEM;

	if (want.group)
		err = sysfs_create_group(&dev->kobj, want.group);
	else
		err = sysfs_create_groups(&dev->kobj, want.groups);
	if (err) {
		devres_free(gr);
		return err;
	}

	*gr = want;
	devres_add(dev, gr);
	return 0;
}

/**
 * devm_device_add_group() - add a group until the driver is unbound
 * @dev: a device that is being probed or is bound
 * @grp: must outlive the binding
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or as sysfs_create_group(), with nothing left.
 */
int devm_device_add_group(struct device *dev, const struct attribute_group *grp)
{
	return group_devres_add(dev, (struct group_devres){ .group = grp });
}
EXPORT_SYMBOL_GPL(devm_device_add_group);

/**
 * devm_device_add_groups() - add groups until the driver is unbound
 * @dev:    a device that is being probed or is bound
 * @groups: ends with NULL; must outlive the binding
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or as device_add_groups(), with nothing left.
 */
int devm_device_add_groups(struct device *dev,
			   const struct attribute_group **groups)
{
	return group_devres_add(dev, (struct group_devres){ .groups = groups });
}
EXPORT_SYMBOL_GPL(devm_device_add_groups);

/* ---- the kobject of a device -------------------------------------------------- */

static void device_private_free(struct device_private *p)
{
	if (!p)
		return;

	/* of a probe that was deferred and not to be retried */
	kfree(p->deferred_probe_reason);
	kfree(p);
}

static void device_release(struct kobject *kobj)
{
	struct device *dev = kobj_to_dev(kobj);
	/* the release callback frees @dev */
	struct device_private *p = dev->p;
	void (*release)(struct device *dev) = NULL;

	/*
	 * A driver may have taken managed resources for a device that it
	 * never bound to; nobody else frees those.
	 */
	devres_release_all(dev);

	if (dev->release)
		release = dev->release;
	else if (dev->type && dev->type->release)
		release = dev->type->release;
	else if (dev->class && dev->class->dev_release)
		release = dev->class->dev_release;

	if (release) {
		um_released(dev, release);
		release(dev);
	} else {
		WARN(1, "Device '%s' does not have a release() function, it is broken and must be fixed. See Documentation/core-api/kobject.rst.\n",
		     dev_name(dev));
	}

	device_private_free(p);
}

static const struct kobj_type device_ktype = {
	.release	= device_release,
	.sysfs_ops	= &dev_sysfs_ops,
};

/* Only devices of a bus or a class have events. */
static int dev_uevent_filter(kapi_kset_uevent_set(struct kset *kset) struct kobject *kobj)
{
	struct device *dev;

	if (get_ktype(kobj) != &device_ktype)
		return 0;

	dev = kobj_to_dev(kobj);
	return dev->bus || dev->class;
}

static const char *dev_uevent_name(kapi_kset_uevent_set(struct kset *kset) struct kobject *kobj)
{
	struct device *dev = kobj_to_dev(kobj);

	if (dev->bus)
		return dev->bus->name;
	return dev->class ? dev->class->name : NULL;
}

static void dev_uevent_devnode(struct device *dev, struct kobj_uevent_env *env)
{
	const char *name, *tmp;
	umode_t mode = 0;
	kuid_t uid = { 0 };
	kgid_t gid = { 0 };

	add_uevent_var(env, "MAJOR=%u", MAJOR(dev->devt));
	add_uevent_var(env, "MINOR=%u", MINOR(dev->devt));

	name = device_get_devnode(dev, &mode, &uid, &gid, &tmp);
	if (!name)
		return;

	add_uevent_var(env, "DEVNAME=%s", name);
	if (mode)
		add_uevent_var(env, "DEVMODE=%#o", mode & 0777);
	if (uid.val)
		add_uevent_var(env, "DEVUID=%u", uid.val);
	if (gid.val)
		add_uevent_var(env, "DEVGID=%u", gid.val);
	kfree(tmp);
}

/*
 * Without the device's lock, which whoever sends an event may hold or not: the
 * driver may be unbound and go, but not before the section ends
 * (module_remove_driver()). 6.1 has nothing here; later kernels have a lock.
 */
static void dev_uevent_driver(const struct device *dev, struct kobj_uevent_env *env)
{
	const struct device_driver *drv;

	rcu_read_lock();
	drv = READ_ONCE(dev->driver);
	if (drv)
		add_uevent_var(env, "DRIVER=%s", drv->name);
	rcu_read_unlock();
}

static int dev_uevent(kapi_kset_uevent_set(struct kset *kset) struct kobject *kobj,
		      struct kobj_uevent_env *env)
{
	struct device *dev = kobj_to_dev(kobj);
	int err = 0;

	if (MAJOR(dev->devt))
		dev_uevent_devnode(dev, env);
	if (dev->type && dev->type->name)
		add_uevent_var(env, "DEVTYPE=%s", dev->type->name);
	dev_uevent_driver(dev, env);

	/* the last of the three decides whether the event is dropped */
	if (dev->bus && dev->bus->uevent)
		err = dev->bus->uevent(dev, env);
	if (dev->class && dev->class->dev_uevent)
		err = dev->class->dev_uevent(dev, env);
	if (dev->type && dev->type->uevent)
		err = dev->type->uevent(dev, env);

	return err;
}

static const struct kset_uevent_ops device_uevent_ops = {
	.filter	= dev_uevent_filter,
	.name	= dev_uevent_name,
	.uevent	= dev_uevent,
};

/* ---- files that every device has, or may have ------------------------------------ */

static ssize_t uevent_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct kobj_uevent_env *env;
	struct kobject *top = &dev->kobj;
	int i, err, len = 0;

	while (!top->kset && top->parent)
		top = top->parent;
	if (!top->kset || top->kset->uevent_ops != &device_uevent_ops)
		return 0;
	if (!dev_uevent_filter(kapi_kset_uevent_set(top->kset) &dev->kobj))
		return 0;

	env = kzalloc(sizeof(*env), GFP_KERNEL);
	if (!env)
		return -ENOMEM;

	/* a driver that is being unbound must not vanish under the callbacks */
	device_lock(dev);
	err = dev_uevent(kapi_kset_uevent_set(top->kset) &dev->kobj, env);
	device_unlock(dev);

	for (i = 0; !err && i < env->envp_idx; i++)
		len += sysfs_emit_at(buf, len, "%s\n", env->envp[i]);

	kfree(env);
	return len;
}

static ssize_t uevent_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	int err = kobject_synth_uevent(&dev->kobj, buf, count);

	if (err) {
		dev_err(dev, "uevent: failed to send synthetic uevent: %d\n",
			err);
		return err;
	}
	return count;
}
static DEVICE_ATTR_RW(uevent);

static ssize_t dev_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	return sysfs_emit(buf, "%u:%u\n", MAJOR(dev->devt),
			  MINOR(dev->devt));
}
static DEVICE_ATTR_RO(dev);

static int device_add_attrs(struct device *dev)
{
	int err;

	if (dev->class) {
		err = device_add_groups(dev, dev->class->dev_groups);
		if (err)
			return err;
	}
	if (dev->type) {
		err = device_add_groups(dev, dev->type->groups);
		if (err)
			goto err_class_groups;
	}
	err = device_add_groups(dev, dev->groups);
	if (err)
		goto err_type_groups;
	return 0;

err_type_groups:
	if (dev->type)
		device_remove_groups(dev, dev->type->groups);
err_class_groups:
	if (dev->class)
		device_remove_groups(dev, dev->class->dev_groups);
	return err;
}

static void device_remove_attrs(struct device *dev)
{
	device_remove_groups(dev, dev->groups);
	if (dev->type)
		device_remove_groups(dev, dev->type->groups);
	if (dev->class)
		device_remove_groups(dev, dev->class->dev_groups);
}

/* ---- place in the tree ---------------------------------------------------------- */

/*
 * A glue directory lies between a parent and its children of one class, so
 * that names of different classes do not clash: <parent>/<class>/<device>.
 * It is made with its first device and goes with its last.
 */
static void class_dir_release(struct kobject *kobj)
{
	kfree(kobj);
}

static const struct kobj_type class_dir_ktype = {
	.release	= class_dir_release,
	.sysfs_ops	= &kobj_sysfs_ops,
};

/* Held while a glue directory is looked up, made, or found to be unused. */
static DEFINE_MUTEX(gdp_mutex);

static struct kobject *class_dir_create(struct class *class,
					struct kobject *parent)
{
	struct kobject *dir;
	int err;

	dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	if (!dir)
		return ERR_PTR(-ENOMEM);

	kobject_init(dir, &class_dir_ktype);
	dir->kset = &subsys_private(class)->glue_dirs;

	err = kobject_add(dir, parent, "%s", class->name);
	if (err) {
		kobject_put(dir);
		return ERR_PTR(err);
	}
	return dir;
}

static struct kobject *class_dir_find(struct class *class,
				      struct kobject *parent)
{
	struct kobject *k, *found = NULL;

	spin_lock(&subsys_private(class)->glue_dirs.list_lock);
	list_for_each_entry(k, &subsys_private(class)->glue_dirs.list, entry) {
		if (k->parent == parent) {
			found = kobject_get(k);
			break;
		}
	}
	spin_unlock(&subsys_private(class)->glue_dirs.list_lock);

	return found;
}

/*
 * Where the kobject of @dev belongs. A glue directory is returned with a
 * reference, which cleanup_glue_dir() gives back; anything else without.
 * NULL: at the top of its kset. ERR_PTR() when the directory cannot be made.
 */
static struct kobject *get_device_parent(struct device *dev,
					 struct device *parent)
{
	struct kobject *parent_kobj, *dir;

	if (!dev->class)
		return parent ? &parent->kobj : NULL;

	/* a child of a class device needs no directory between */
	if (parent && parent->class)
		return &parent->kobj;
	parent_kobj = parent ? &parent->kobj : virtual_dir;

	mutex_lock(&gdp_mutex);
	dir = class_dir_find(dev->class, parent_kobj);
	if (!dir)
		dir = class_dir_create(dev->class, parent_kobj);
	mutex_unlock(&gdp_mutex);

	return dir;
}

/*
 * Give back the reference of get_device_parent(); @dir may be any kobject or
 * NULL. Every device in the directory, and everybody who is about to add
 * one, holds a reference: ours the only one means that it is empty.
 */
static void cleanup_glue_dir(struct device *dev, struct kobject *dir)
{
	if (!dir || !dev->class || dir->kset != &subsys_private(dev->class)->glue_dirs)
		return;

	mutex_lock(&gdp_mutex);
	if (kref_read(&dir->kref) == 1)
		kobject_del(dir);
	kobject_put(dir);
	mutex_unlock(&gdp_mutex);
}

static int device_add_class_symlinks(struct device *dev)
{
	struct kobject *class_kobj;
	int err;

	if (!dev->class)
		return 0;
	class_kobj = &subsys_private(dev->class)->subsys.kobj;

	err = sysfs_create_link(&dev->kobj, class_kobj, "subsystem");
	if (err)
		return err;

	if (dev->parent) {
		err = sysfs_create_link(&dev->kobj, &dev->parent->kobj,
					"device");
		if (err)
			goto err_subsystem;
	}

	err = sysfs_create_link(class_kobj, &dev->kobj, dev_name(dev));
	if (err)
		goto err_device;
	return 0;

err_device:
	if (dev->parent)
		sysfs_remove_link(&dev->kobj, "device");
err_subsystem:
	sysfs_remove_link(&dev->kobj, "subsystem");
	return err;
}

static void device_remove_class_symlinks(struct device *dev)
{
	if (!dev->class)
		return;

	if (dev->parent)
		sysfs_remove_link(&dev->kobj, "device");
	sysfs_remove_link(&dev->kobj, "subsystem");
	sysfs_delete_link(&subsys_private(dev->class)->subsys.kobj, &dev->kobj,
			  dev_name(dev));
}

/* /sys/dev/char, or what the class says. */
static struct kobject *device_to_dev_kobj(struct device *dev)
{
	return dev->class && dev->class->dev_kobj ? dev->class->dev_kobj : sysfs_dev_char_kobj;
}

static void format_devt(char devt[16], const struct device *dev)
{
	snprintf(devt, 16, "%u:%u", MAJOR(dev->devt), MINOR(dev->devt));
}

static int device_create_sys_dev_entry(struct device *dev)
{
	char devt[16];

	format_devt(devt, dev);
	return sysfs_create_link(device_to_dev_kobj(dev), &dev->kobj, devt);
}

static void device_remove_sys_dev_entry(struct device *dev)
{
	char devt[16];

	format_devt(devt, dev);
	sysfs_remove_link(device_to_dev_kobj(dev), devt);
}

/* ---- life ------------------------------------------------------------------------- */

/**
 * dev_set_name() - name a device, before it is added
 * @dev: the device
 * @fmt: format of the name, copied; a '/' becomes '!'
 * @...: its arguments
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM, with the old name kept.
 */
int dev_set_name(struct device *dev, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = kobject_set_name_vargs(&dev->kobj, fmt, args);
	va_end(args);

	return err;
}
EXPORT_SYMBOL_GPL(dev_set_name);

/**
 * device_initialize() - make a zeroed struct device a counted object
 * @dev: the device
 *
 * From now on it is freed by put_device() alone, which calls its release.
 * The first reference is the caller's.
 */
void device_initialize(struct device *dev)
{
	dev->kobj.kset = devices_kset;
	kobject_init(&dev->kobj, &device_ktype);
	um_object_kind(&dev->kobj, "device");

	/*
	 * Drivers nest these locks along their own trees, in orders that no
	 * class of locks can describe: the lock checker leaves them out.
	 */
	mutex_init(&dev->mutex);
	lockdep_set_novalidate_class(&dev->mutex);

	spin_lock_init(&dev->devres_lock);
	INIT_LIST_HEAD(&dev->devres_head);
	device_links_init(dev);
}
EXPORT_SYMBOL_GPL(device_initialize);

static void children_get(struct klist_node *n)
{
	get_device(to_device_private_parent(n)->device);
}

static void children_put(struct klist_node *n)
{
	put_device(to_device_private_parent(n)->device);
}

static int device_private_init(struct device *dev)
{
	struct device_private *p;

	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;

	p->device = dev;
	klist_init(&p->klist_children, children_get, children_put);
	INIT_LIST_HEAD(&p->deferred_probe);
	dev->p = p;
	return 0;
}

/* The name a static device or a bus asks for; -EINVAL when there is none. */
static int device_settle_name(struct device *dev)
{
	/* a failure shows as a missing name below */
	if (dev->init_name) {
		dev_set_name(dev, "%s", dev->init_name);
		dev->init_name = NULL;
	}
	if (!dev_name(dev) && dev->bus && dev->bus->dev_name)
		dev_set_name(dev, "%s%u", dev->bus->dev_name, dev->id);

	return dev_name(dev) ? 0 : -EINVAL;
}

/* "dev", /sys/dev/char/<number> and /dev/<name> of a device with a number. */
static int device_add_devt(struct device *dev)
{
	int err;

	if (!MAJOR(dev->devt))
		return 0;

	err = device_create_file(dev, &dev_attr_dev);
	if (err)
		return err;
	err = device_create_sys_dev_entry(dev);
	if (err) {
		device_remove_file(dev, &dev_attr_dev);
		return err;
	}

	/* a device without its node is still a device */
	devtmpfs_create_node(dev);
	return 0;
}

static void device_remove_devt(struct device *dev)
{
	if (!MAJOR(dev->devt))
		return;

	devtmpfs_delete_node(dev);
	device_remove_sys_dev_entry(dev);
	device_remove_file(dev, &dev_attr_dev);
}

static void device_join_class(struct device *dev)
{
	struct subsys_private *cp;
	struct class_interface *intf;

	if (!dev->class)
		return;
	cp = subsys_private(dev->class);

	mutex_lock(&cp->mutex);
	klist_add_tail(&dev->p->knode_class, &cp->klist_devices);
	list_for_each_entry(intf, &cp->interfaces, node)
		if (intf->add_dev)
			intf->add_dev(dev, intf);
	mutex_unlock(&cp->mutex);
}

static void device_leave_class(struct device *dev)
{
	struct subsys_private *cp;
	struct class_interface *intf;

	if (!dev->class)
		return;
	cp = subsys_private(dev->class);

	device_remove_class_symlinks(dev);

	mutex_lock(&cp->mutex);
	list_for_each_entry(intf, &cp->interfaces, node)
		if (intf->remove_dev)
			intf->remove_dev(dev, intf);
	klist_del(&dev->p->knode_class);
	mutex_unlock(&cp->mutex);
}

/* Everything that shows of a device whose kobject is in place, up to ADD. */
static int device_populate(struct device *dev)
{
	int err;

	err = device_create_file(dev, &dev_attr_uevent);
	if (err)
		return err;
	err = device_add_class_symlinks(dev);
	if (err)
		goto err_uevent;
	err = device_add_attrs(dev);
	if (err)
		goto err_symlinks;
	err = bus_add_device(dev);
	if (err)
		goto err_attrs;
	err = device_add_devt(dev);
	if (err)
		goto err_bus;
	return 0;

err_bus:
	/* nobody probed it; a driver set beforehand is not to be unbound */
	WRITE_ONCE(dev->driver, NULL);
	bus_remove_device(dev);
err_attrs:
	device_remove_attrs(dev);
err_symlinks:
	device_remove_class_symlinks(dev);
err_uevent:
	device_remove_file(dev, &dev_attr_uevent);
	return err;
}

/**
 * device_add() - put an initialised device into the tree and find its driver
 * @dev: named, with parent, bus, class, type, groups set as wanted
 *
 * In this order: name, kobject below the parent, file uevent, links of the
 * class, groups of class, type and device, groups and links of the bus, the
 * device number, the bus's notifiers, ADD uevent, probe (with BIND when it succeeds), the
 * parent's list of children, the class and its interfaces. A probe that
 * fails does not fail this. The parent gets a reference, which device_del()
 * gives back.
 *
 * When it fails nothing is left of it, and the caller still owns a reference
 * to give back with put_device(). Never call it twice for one device.
 *
 * Context: may sleep; takes the device's lock, and calls callbacks of bus,
 * class and driver. On a bus with need_parent_lock the caller holds the
 * parent's lock.
 * Return: 0, -EINVAL without a name, -EEXIST, -ENOMEM, or what adding an
 * attribute gave.
 */
int device_add(struct device *dev)
{
	struct kobject *kobj, *glue_dir;
	struct device *parent;
	int err = -EINVAL;

	dev = get_device(dev);
	if (!dev)
		return err;

	if (!dev->p) {
		err = device_private_init(dev);
		if (err)
			goto out_put;
	}
	err = device_settle_name(dev);
	if (err)
		goto err_private;

	parent = get_device(dev->parent);
	kobj = get_device_parent(dev, parent);
	if (IS_ERR(kobj)) {
		err = PTR_ERR(kobj);
		goto err_parent;
	}
	if (kobj)
		dev->kobj.parent = kobj;
	glue_dir = kobj;

	err = kobject_add(&dev->kobj, dev->kobj.parent, NULL);
	if (err)
		goto err_glue_dir;

	err = device_populate(dev);
	if (err)
		goto err_kobject;

	device_links_set_added(dev, true);
	bus_notify(dev, BUS_NOTIFY_ADD_DEVICE);
	kobject_uevent(&dev->kobj, KOBJ_ADD);

	/* a driver registered meanwhile finds the device, and waits for this */
	device_lock(dev);
	dev->ready_to_probe = true;
	device_unlock(dev);
	bus_probe_device(dev);

	if (parent)
		klist_add_tail(&dev->p->knode_parent,
			       &parent->p->klist_children);
	device_join_class(dev);
	err = 0;
	goto out_put;

err_kobject:
	kobject_uevent(&dev->kobj, KOBJ_REMOVE);
	glue_dir = dev->kobj.parent;
	kobject_del(&dev->kobj);
err_glue_dir:
	cleanup_glue_dir(dev, glue_dir);
err_parent:
	put_device(parent);
err_private:
	device_private_free(dev->p);
	dev->p = NULL;
out_put:
	put_device(dev);
	return err;
}
EXPORT_SYMBOL_GPL(device_add);

/**
 * device_register() - device_initialize() and device_add()
 * @dev: zeroed but for what the owner sets
 *
 * Even when it fails, put_device() is what frees the device.
 *
 * Context: as device_add().
 * Return: as device_add().
 */
int device_register(struct device *dev)
{
	device_initialize(dev);
	return device_add(dev);
}
EXPORT_SYMBOL_GPL(device_register);

/**
 * get_device() - take a reference on a device
 * @dev: one of whose references is held already; or NULL
 *
 * Return: @dev.
 */
struct device *get_device(struct device *dev)
{
	return dev ? kobj_to_dev(kobject_get(&dev->kobj)) : NULL;
}
EXPORT_SYMBOL_GPL(get_device);

/**
 * put_device() - give a reference back; the last one calls the release
 * @dev: not to be touched afterwards; NULL does nothing
 *
 * The release callback is called in the caller's context, and first managed
 * resources that are left are released.
 *
 * Context: may sleep with the last reference, if a release callback does;
 * otherwise any.
 */
void put_device(struct device *dev)
{
	if (dev)
		kobject_put(&dev->kobj);
}
EXPORT_SYMBOL_GPL(put_device);

/**
 * kill_device() - declare a device dead: nothing will probe it any more
 * @dev: added before
 *
 * Context: device lock held.
 * Return: false when it was dead already.
 */
bool kill_device(struct device *dev)
{
	device_lock_assert(dev);

	if (dev->p->dead)
		return false;
	dev->p->dead = true;
	return true;
}
EXPORT_SYMBOL_GPL(kill_device);

/**
 * device_del() - take a device out of the tree, unbinding its driver
 * @dev: added before
 *
 * In this order: dead mark, the bus's notifiers, the parent's list of
 * children, the device number, links and interfaces of the class, file uevent,
 * groups, links and groups of the bus, its driver (with UNBIND), device links, managed
 * resources, the notifiers again, REMOVE uevent, kobject. Files go before the driver is unbound, so a callback of
 * one may not wait for that; removal waits for callbacks.
 *
 * The caller's reference stays; the parent's is given back.
 *
 * Context: may sleep; takes the device lock, which must not be held.
 */
void device_del(struct device *dev)
{
	struct device *parent = dev->parent;
	struct kobject *glue_dir;

	device_lock(dev);
	kill_device(dev);
	device_unlock(dev);

	bus_notify(dev, BUS_NOTIFY_DEL_DEVICE);
	if (parent)
		klist_del(&dev->p->knode_parent);
	device_remove_devt(dev);
	device_leave_class(dev);
	device_remove_file(dev, &dev_attr_uevent);
	device_remove_attrs(dev);
	bus_remove_device(dev);
	device_links_set_added(dev, false);
	driver_deferred_probe_del(dev);
	device_links_purge(dev);

	/* of a device without a bus, or without a driver */
	devres_release_all(dev);

	bus_notify(dev, BUS_NOTIFY_REMOVED_DEVICE);
	kobject_uevent(&dev->kobj, KOBJ_REMOVE);
	glue_dir = dev->kobj.parent;
	kobject_del(&dev->kobj);
	cleanup_glue_dir(dev, glue_dir);
	put_device(parent);
}
EXPORT_SYMBOL_GPL(device_del);

/**
 * device_unregister() - device_del() and put_device()
 * @dev: added before; one of the caller's references goes
 *
 * Context: as device_del().
 */
void device_unregister(struct device *dev)
{
	device_del(dev);
	put_device(dev);
}
EXPORT_SYMBOL_GPL(device_unregister);

/* ---- children ------------------------------------------------------------------------- */

static struct device *child_of_node(struct klist_node *n)
{
	return n ? to_device_private_parent(n)->device : NULL;
}

/**
 * device_for_each_child() - call a function for each child of a device
 * @parent: a device that was never added has no children
 * @data:   passed on
 * @fn:     may remove the child it is given; non-zero ends the walk
 *
 * The oldest child comes first. A child is referenced while @fn has it.
 *
 * Context: may sleep, as @fn may: no lock is held around it.
 * Return: what the last call of @fn gave, or 0.
 */
int device_for_each_child(struct device *parent, void *data,
			  int (*fn)(struct device *dev, void *data))
{
	struct klist_iter i;
	struct device *child;
	int ret = 0;

	if (!parent->p)
		return 0;

	klist_iter_init(&parent->p->klist_children, &i);
	while (!ret && (child = child_of_node(klist_next(&i))))
		ret = fn(child, data);
	klist_iter_exit(&i);

	return ret;
}
EXPORT_SYMBOL_GPL(device_for_each_child);

/**
 * device_for_each_child_reverse() - the same, the youngest child first
 * @parent: a device that was never added has no children
 * @data:   passed on
 * @fn:     may remove the child it is given; non-zero ends the walk
 *
 * Context: as device_for_each_child().
 * Return: what the last call of @fn gave, or 0.
 */
int device_for_each_child_reverse(struct device *parent, void *data,
				  int (*fn)(struct device *dev, void *data))
{
	struct klist_iter i;
	struct device *child;
	int ret = 0;

	if (!parent->p)
		return 0;

	klist_iter_init(&parent->p->klist_children, &i);
	while (!ret && (child = child_of_node(klist_prev(&i))))
		ret = fn(child, data);
	klist_iter_exit(&i);

	return ret;
}
EXPORT_SYMBOL_GPL(device_for_each_child_reverse);

/**
 * device_find_child() - the first child that a function likes
 * @parent: added before; NULL has no children
 * @data:   passed on
 * @match:  non-zero for the child that is looked for
 *
 * Context: may sleep, as @match may: no lock is held around it.
 * Return: the child with a reference for the caller, or NULL.
 */
struct device *device_find_child(struct device *parent, void *data,
				 int (*match)(struct device *dev, void *data))
{
	struct klist_iter i;
	struct device *child;

	if (!parent)
		return NULL;

	klist_iter_init(&parent->p->klist_children, &i);
	while ((child = child_of_node(klist_next(&i))))
		if (match(child, data) && get_device(child))
			break;
	klist_iter_exit(&i);

	return child;
}
EXPORT_SYMBOL_GPL(device_find_child);

static int child_has_name(struct device *dev, void *name)
{
	return sysfs_streq(dev_name(dev), name);
}

/**
 * device_find_child_by_name() - the child of a name
 * @parent: added before; NULL has no children
 * @name:   compared by sysfs_streq(): a newline at its end does not count
 *
 * Context: may sleep.
 * Return: the child with a reference for the caller, or NULL.
 */
struct device *device_find_child_by_name(struct device *parent,
					 const char *name)
{
	return device_find_child(parent, (void *)name, child_has_name);
}
EXPORT_SYMBOL_GPL(device_find_child_by_name);

static int child_is_any(struct device *dev, void *unused)
{
	return 1;
}

/**
 * device_find_any_child() - the oldest child
 * @parent: added before; NULL has no children
 *
 * Context: may sleep.
 * Return: the child with a reference for the caller, or NULL.
 */
struct device *device_find_any_child(struct device *parent)
{
	return device_find_child(parent, NULL, child_is_any);
}
EXPORT_SYMBOL_GPL(device_find_any_child);

/* ---- names ------------------------------------------------------------------------------ */

/**
 * device_get_devnode() - path of a device's node below /dev
 * @dev:  named
 * @mode: permissions, if type or class want others than the default
 * @uid:  owner, if the type wants another
 * @gid:  group, likewise
 * @tmp:  what the caller frees with kfree() when done with the path, or NULL
 *
 * The type is asked first, then the class; without an answer it is the
 * device's name with each '!' turned into a '/'.
 *
 * Context: may sleep.
 * Return: the path, or NULL when out of memory.
 */
const char *device_get_devnode(struct device *dev, umode_t *mode, kuid_t *uid,
			       kgid_t *gid, const char **tmp)
{
	char *path = NULL;

	*tmp = NULL;

	if (dev->type && dev->type->devnode)
		path = dev->type->devnode(dev, mode, uid, gid);
	if (!path && dev->class && dev->class->devnode)
		path = dev->class->devnode(dev, mode);
	if (!path) {
		if (!strchr(dev_name(dev), '!'))
			return dev_name(dev);

		path = kstrdup(dev_name(dev), GFP_KERNEL);
		if (!path)
			return NULL;
		strreplace(path, '!', '/');
	}

	*tmp = path;
	return path;
}

/**
 * device_rename() - give a device another name
 * @dev:      in the tree; the caller keeps others from renaming it meanwhile
 * @new_name: copied; not there yet
 *
 * When the directory cannot be renamed, the link of the class has the new
 * name nevertheless, as in Linux. Links of the bus keep the old one.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL without a device or for one that is not in the tree;
 * -ENOMEM, -EEXIST, -ENOENT.
 */
int device_rename(struct device *dev, const char *new_name)
{
	char *old_name;
	int err = 0;

	dev = get_device(dev);
	if (!dev)
		return -EINVAL;

	old_name = kstrdup(dev_name(dev), GFP_KERNEL);
	if (!old_name) {
		err = -ENOMEM;
		goto out_put;
	}

	if (dev->class)
		err = sysfs_rename_link(&subsys_private(dev->class)->subsys.kobj,
					&dev->kobj, old_name, new_name);
	if (!err)
		err = kobject_rename(&dev->kobj, new_name);

	kfree(old_name);
out_put:
	put_device(dev);
	return err;
}
EXPORT_SYMBOL_GPL(device_rename);

/**
 * dev_driver_string() - who is responsible for a device, as messages say it
 * @dev: the device
 *
 * Context: the device lock, where that matters: without it the driver may be
 * unbound meanwhile, and its name go with its module.
 * Return: the driver's name, or the bus's, or the class's, or "".
 */
const char *dev_driver_string(const struct device *dev)
{
	/* a driver may be bound and unbound meanwhile */
	struct device_driver *drv = READ_ONCE(dev->driver);

	return drv ? drv->name : dev_bus_name(dev);
}
EXPORT_SYMBOL(dev_driver_string);

/* ---- devices that are made here ----------------------------------------------------------- */

struct root_device {
	struct device dev;
	struct module *owner;
};

static void root_device_release(struct device *dev)
{
	kfree(container_of(dev, struct root_device, dev));
}

/**
 * __root_device_register() - a device at the top, to hang others under
 * @name:  its name, copied
 * @owner: module that a link "module" in it shows, or NULL; not pinned
 *
 * Called as root_device_register().
 *
 * Context: may sleep.
 * Return: the device, for root_device_unregister(), or ERR_PTR(): -ENOMEM,
 * -EEXIST.
 */
struct device *__root_device_register(const char *name, struct module *owner)
{
	struct root_device *root;
	int err;

	root = kzalloc(sizeof(*root), GFP_KERNEL);
	if (!root)
		return ERR_PTR(-ENOMEM);

	err = dev_set_name(&root->dev, "%s", name);
	if (err) {
		kfree(root);
		return ERR_PTR(err);
	}

	root->dev.release = root_device_release;
	err = device_register(&root->dev);
	if (err) {
		put_device(&root->dev);
		return ERR_PTR(err);
	}

	if (owner) {
		err = sysfs_create_link(&root->dev.kobj, &owner->mkobj.kobj,
					"module");
		if (err) {
			device_unregister(&root->dev);
			return ERR_PTR(err);
		}
		root->owner = owner;
	}
	return &root->dev;
}
EXPORT_SYMBOL_GPL(__root_device_register);

/**
 * root_device_unregister() - undo root_device_register()
 * @dev: freed with its last reference
 *
 * Context: may sleep.
 */
void root_device_unregister(struct device *dev)
{
	struct root_device *root = container_of(dev, struct root_device, dev);

	if (root->owner)
		sysfs_remove_link(&root->dev.kobj, "module");
	device_unregister(dev);
}
EXPORT_SYMBOL_GPL(root_device_unregister);

static void device_create_release(struct device *dev)
{
	kfree(dev);
}

static struct device * __printf(6, 0)
device_create_vargs(struct class *class, struct device *parent, dev_t devt,
		    void *drvdata, const struct attribute_group **groups,
		    const char *fmt, va_list args)
{
	struct device *dev;
	int err;

	if (IS_ERR_OR_NULL(class))
		return ERR_PTR(-ENODEV);

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);

	device_initialize(dev);
	dev->devt = devt;
	dev->class = class;
	dev->parent = parent;
	dev->groups = groups;
	dev->release = device_create_release;
	dev_set_drvdata(dev, drvdata);

	err = kobject_set_name_vargs(&dev->kobj, fmt, args);
	if (!err)
		err = device_add(dev);
	if (err) {
		put_device(dev);
		return ERR_PTR(err);
	}
	return dev;
}

/**
 * device_create() - make a device of a class and add it
 * @class:   its class
 * @parent:  or NULL for a virtual device
 * @devt:    its number, 0 for none
 * @drvdata: for dev_get_drvdata()
 * @fmt:     format of its name
 * @...:     its arguments
 *
 * The core owns it; it goes by device_destroy() or device_unregister().
 *
 * Context: may sleep.
 * Return: the device, no reference of which is the caller's to keep; or
 * ERR_PTR(): -ENODEV for a bad class, -ENOMEM, or as device_add().
 */
struct device *device_create(struct class *class, struct device *parent,
			     dev_t devt, void *drvdata, const char *fmt, ...)
{
	struct device *dev;
	va_list args;

	va_start(args, fmt);
	dev = device_create_vargs(class, parent, devt, drvdata, NULL, fmt,
				  args);
	va_end(args);

	return dev;
}
EXPORT_SYMBOL_GPL(device_create);

/**
 * device_create_with_groups() - device_create() with groups of attributes
 * @class:   its class
 * @parent:  or NULL for a virtual device
 * @devt:    its number, 0 for none
 * @drvdata: for dev_get_drvdata()
 * @groups:  ends with NULL; there before the ADD uevent
 * @fmt:     format of its name
 * @...:     its arguments
 *
 * Context: may sleep.
 * Return: as device_create().
 */
struct device *device_create_with_groups(struct class *class,
					 struct device *parent, dev_t devt,
					 void *drvdata,
					 const struct attribute_group **groups,
					 const char *fmt, ...)
{
	struct device *dev;
	va_list args;

	va_start(args, fmt);
	dev = device_create_vargs(class, parent, devt, drvdata, groups, fmt,
				  args);
	va_end(args);

	return dev;
}
EXPORT_SYMBOL_GPL(device_create_with_groups);

/**
 * device_destroy() - unregister a device made by device_create()
 * @class: its class
 * @devt:  its number; the first device of the class that has it goes
 *
 * Nothing happens when there is none.
 *
 * Context: may sleep, as device_unregister().
 */
void device_destroy(struct class *class, dev_t devt)
{
	struct device *dev = class_find_device_by_devt(class, devt);

	if (!dev)
		return;

	put_device(dev);
	device_unregister(dev);
}
EXPORT_SYMBOL_GPL(device_destroy);

/* ---- comparisons for the searches ------------------------------------------------------------ */

/**
 * device_match_name() - for the find functions: the device of a name
 * @dev:  a device
 * @name: a string; a newline at its end does not count
 *
 * Return: non-zero when it matches.
 */
int device_match_name(struct device *dev, const void *name)
{
	return sysfs_streq(dev_name(dev), name);
}
EXPORT_SYMBOL_GPL(device_match_name);

/**
 * device_match_devt() - for the find functions: the device of a number
 * @dev:   a device
 * @pdevt: a dev_t
 *
 * Return: non-zero when it matches.
 */
int device_match_devt(struct device *dev, const void *pdevt)
{
	return dev->devt == *(const dev_t *)pdevt;
}
EXPORT_SYMBOL_GPL(device_match_devt);

/**
 * device_match_any() - for the find functions: the first there is
 * @dev:    a device
 * @unused: ignored
 *
 * Return: 1.
 */
int device_match_any(struct device *dev, const void *unused)
{
	return 1;
}
EXPORT_SYMBOL_GPL(device_match_any);

/* ---- messages ------------------------------------------------------------------------------------ */

static void dev_print(const char *level, const struct device *dev,
		      struct va_format *vaf)
{
	if (dev)
		printk("%s%s %s: %pV", level, dev_driver_string(dev),
		       dev_name(dev), vaf);
	else
		printk("%s(NULL device *): %pV", level, vaf);
}

/**
 * _dev_printk() - a message about a device; called as dev_printk()
 * @level: KERN_INFO and so on
 * @dev:   the device; NULL is printed as such
 * @fmt:   format, with a newline at its end
 * @...:   its arguments
 *
 * Prefixed with the device's driver, or bus or class, and its name.
 */
void _dev_printk(const char *level, const struct device *dev, const char *fmt,
		 ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	dev_print(level, dev, &vaf);
	va_end(args);
}
EXPORT_SYMBOL(_dev_printk);

/*
 * _dev_emerg() and its like - a message about a device at one level; called
 * as dev_emerg(dev, fmt, ...) and so on. As _dev_printk(), to which the level
 * is added.
 */
#define DEFINE_DEV_LEVEL(func, level)					\
void func(const struct device *dev, const char *fmt, ...)		\
{									\
	struct va_format vaf = { .fmt = fmt };				\
	va_list args;							\
									\
	va_start(args, fmt);						\
	vaf.va = &args;							\
	dev_print(level, dev, &vaf);					\
	va_end(args);							\
}									\
EXPORT_SYMBOL(func)

DEFINE_DEV_LEVEL(_dev_emerg, KERN_EMERG);
DEFINE_DEV_LEVEL(_dev_alert, KERN_ALERT);
DEFINE_DEV_LEVEL(_dev_crit, KERN_CRIT);
DEFINE_DEV_LEVEL(_dev_err, KERN_ERR);
DEFINE_DEV_LEVEL(_dev_warn, KERN_WARNING);
DEFINE_DEV_LEVEL(_dev_notice, KERN_NOTICE);
DEFINE_DEV_LEVEL(_dev_info, KERN_INFO);

static void __printf(4, 0) dev_probe_failed(const struct device *dev, int err,
					    const char *level, const char *fmt,
					    va_list args)
{
	struct va_format vaf = { .fmt = fmt };
	va_list copy;

	va_copy(copy, args);
	vaf.va = &copy;

	/* a deferral is kept with the device; out of memory was said already */
	if (err == -EPROBE_DEFER) {
		device_set_deferred_probe_reason(dev, &vaf);
		dev_dbg(dev, "error %pe: %pV", ERR_PTR(err), &vaf);
	} else if (err != -ENOMEM) {
		_dev_printk(level, dev, "error %pe: %pV", ERR_PTR(err), &vaf);
	}

	va_end(copy);
}

/**
 * dev_err_probe() - say why a probe fails, unless it will be tried again
 * @dev: the device that is probed
 * @err: a negative errno
 * @fmt: the message, with a newline at its end
 * @...: its arguments
 *
 * Of -EPROBE_DEFER the message is kept with the device, and printed for
 * debugging only; of -ENOMEM there is none.
 *
 * Context: may sleep.
 * Return: @err.
 */
int dev_err_probe(const struct device *dev, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	dev_probe_failed(dev, err, KERN_ERR, fmt, args);
	va_end(args);

	return err;
}
EXPORT_SYMBOL_GPL(dev_err_probe);

/**
 * dev_warn_probe() - dev_err_probe() at the level of a warning
 * @dev: the device that is probed
 * @err: a negative errno
 * @fmt: the message, with a newline at its end
 * @...: its arguments
 *
 * Context: may sleep.
 * Return: @err.
 */
int dev_warn_probe(const struct device *dev, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	dev_probe_failed(dev, err, KERN_WARNING, fmt, args);
	va_end(args);

	return err;
}
EXPORT_SYMBOL_GPL(dev_warn_probe);

/* ---- boot --------------------------------------------------------------------------------------------- */

/* /sys/devices and /sys/dev. They stay for ever: a failure ends the boot. */
int devices_init(void)
{
	struct kobject *dev_kobj;

	devices_kset = kset_create_and_add("devices", &device_uevent_ops, NULL);
	if (!devices_kset)
		return -ENOMEM;
	um_object_permanent(&devices_kset->kobj);

	dev_kobj = kobject_create_and_add("dev", NULL);
	if (!dev_kobj)
		return -ENOMEM;
	um_object_permanent(dev_kobj);

	sysfs_dev_block_kobj = kobject_create_and_add("block", dev_kobj);
	sysfs_dev_char_kobj = kobject_create_and_add("char", dev_kobj);
	if (!sysfs_dev_block_kobj || !sysfs_dev_char_kobj)
		return -ENOMEM;
	um_object_permanent(sysfs_dev_block_kobj);
	um_object_permanent(sysfs_dev_char_kobj);

	virtual_dir = kobject_create_and_add("virtual", &devices_kset->kobj);
	if (!virtual_dir)
		return -ENOMEM;
	um_object_permanent(virtual_dir);
	return 0;
}
