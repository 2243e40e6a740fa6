// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes: /sys/class/<class> with a link to each device, attributes,
 * interfaces that are told of every device, and compatibility classes,
 * which are a directory of links and nothing else.
 *
 * The devices themselves live below their parents, or below
 * /sys/devices/virtual/<class> (core.c).
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"
#include "drivers/base/base.h"

#define to_class_attr(_attr) container_of(_attr, struct class_attribute, attr)

/* /sys/class */
static struct kset *class_kset;

static ssize_t class_attr_show(struct kobject *kobj, struct attribute *attr,
			       char *buf)
{
	struct class_attribute *class_attr = to_class_attr(attr);

	if (!class_attr->show)
		return -EIO;
	return class_attr->show(to_subsys_private(kobj)->class, class_attr,
				buf);
}

static ssize_t class_attr_store(struct kobject *kobj, struct attribute *attr,
				const char *buf, size_t count)
{
	struct class_attribute *class_attr = to_class_attr(attr);

	if (!class_attr->store)
		return -EIO;
	return class_attr->store(to_subsys_private(kobj)->class, class_attr,
				 buf, count);
}

static const struct sysfs_ops class_sysfs_ops = {
	.show	= class_attr_show,
	.store	= class_attr_store,
};

static void class_release(struct kobject *kobj)
{
	struct subsys_private *cp = to_subsys_private(kobj);

	subsys_withdraw(cp);
	if (cp->class->class_release)
		cp->class->class_release(cp->class);
	kfree(cp);
}

static const struct kobj_type class_ktype = {
	.sysfs_ops	= &class_sysfs_ops,
	.release	= class_release,
};

static struct class *class_get(struct class *cls)
{
	if (cls)
		kset_get(&subsys_private(cls)->subsys);
	return cls;
}

static void class_put(struct class *cls)
{
	if (cls)
		kset_put(&subsys_private(cls)->subsys);
}

/**
 * class_create_file_ns() - add an attribute to a registered class
 * @class: the class
 * @attr:  stays the caller's and must outlive the file
 * @ns:    NULL: there are no namespaces
 *
 * Called as class_create_file().
 *
 * Context: may sleep.
 * Return: 0, -EINVAL without a class, -EEXIST, -ENOMEM.
 */
int class_create_file_ns(struct class *class,
			 const struct class_attribute *attr, const void *ns)
{
	if (!class)
		return -EINVAL;
	return sysfs_create_file_ns(&subsys_private(class)->subsys.kobj, &attr->attr, ns);
}
EXPORT_SYMBOL_GPL(class_create_file_ns);

/**
 * class_remove_file_ns() - undo class_create_file_ns(); waits for callbacks
 * @class: registered; NULL does nothing
 * @attr:  as given to class_create_file_ns()
 * @ns:    NULL
 *
 * Context: may sleep. No lock may be held that a callback takes.
 */
void class_remove_file_ns(struct class *class,
			  const struct class_attribute *attr, const void *ns)
{
	if (class)
		sysfs_remove_file_ns(&subsys_private(class)->subsys.kobj, &attr->attr, ns);
}
EXPORT_SYMBOL_GPL(class_remove_file_ns);

/**
 * show_class_attr_string() - the show callback of CLASS_ATTR_STRING()
 * @class: not looked at
 * @attr:  in a struct class_attribute_string
 * @buf:   a page, as sysfs passes it
 *
 * Return: bytes in @buf: the string and a newline.
 */
ssize_t show_class_attr_string(struct class *class,
			       struct class_attribute *attr, char *buf)
{
	struct class_attribute_string *cs;

	cs = container_of(attr, struct class_attribute_string, attr);
	return sysfs_emit(buf, "%s\n", cs->str);
}
EXPORT_SYMBOL_GPL(show_class_attr_string);

/* ---- registration -------------------------------------------------------------- */

static struct device *class_device(struct klist_node *n)
{
	return to_device_private_class(n)->device;
}

static void klist_class_dev_get(struct klist_node *n)
{
	get_device(class_device(n));
}

static void klist_class_dev_put(struct klist_node *n)
{
	put_device(class_device(n));
}

/**
 * __class_register() - make a class; called as class_register()
 * @class: its owner's, who unregisters it before it goes
 * @key:   class of its lock
 *
 * When it fails, ->class_release is not called and @class stays the caller's.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -EEXIST when the name is taken, or what adding its
 * groups gave.
 */
int __class_register(struct class *class, struct lock_class_key *key)
{
	struct subsys_private *cp;
	int err;

	cp = kzalloc(sizeof(*cp), GFP_KERNEL);
	if (!cp)
		return -ENOMEM;

	klist_init(&cp->klist_devices, klist_class_dev_get,
		   klist_class_dev_put);
	INIT_LIST_HEAD(&cp->interfaces);
	kset_init(&cp->glue_dirs);
	__mutex_init(&cp->mutex, "subsys mutex", key ?: &cp->lock_key);
	err = kobject_set_name(&cp->subsys.kobj, "%s", class->name);
	if (err)
		goto err_private;

	cp->subsys.kobj.kset = class_kset;
	cp->subsys.kobj.ktype = &class_ktype;
	cp->class = class;
	subsys_set_private(class, cp);

	err = kset_register(&cp->subsys);
	if (err)
		goto err_private;

	err = sysfs_create_groups(&cp->subsys.kobj, class->class_groups);
	if (err)
		goto err_kset;
	return 0;

err_kset:
	/* no last put: it would release the class, which is the caller's */
	kobject_del(&cp->subsys.kobj);
	um_object_freed(&cp->subsys.kobj);
	kfree_const(cp->subsys.kobj.name);
err_private:
	subsys_withdraw(cp);
	kfree(cp);
	return err;
}
EXPORT_SYMBOL_GPL(__class_register);

/**
 * class_unregister() - undo class_register()
 * @class: without devices; its ->class_release is called with the last
 *	reference, which is usually this one
 *
 * Context: may sleep; waits for callbacks of the class's files.
 */
void class_unregister(struct class *class)
{
	sysfs_remove_groups(&subsys_private(class)->subsys.kobj, class->class_groups);
	kset_unregister(&subsys_private(class)->subsys);
}
EXPORT_SYMBOL_GPL(class_unregister);

static void class_create_release(struct class *class)
{
	kfree(class);
}

/**
 * __class_create() - allocate and register a class; called as class_create()
 * @owner: the module
 * @name:  not copied
 * @key:   class of its lock
 *
 * Context: may sleep.
 * Return: the class, which class_destroy() frees, or ERR_PTR(): -ENOMEM,
 * -EEXIST.
 */
struct class *__class_create(struct module *owner, const char *name,
			     struct lock_class_key *key)
{
	struct class *class;
	int err;

	class = kzalloc(sizeof(*class), GFP_KERNEL);
	if (!class)
		return ERR_PTR(-ENOMEM);

	class->name = name;
	class->owner = owner;
	class->class_release = class_create_release;

	err = __class_register(class, key);
	if (err) {
		kfree(class);
		return ERR_PTR(err);
	}
	return class;
}
EXPORT_SYMBOL_GPL(__class_create);

/**
 * class_destroy() - undo class_create()
 * @cls: without devices; NULL and ERR_PTR() are ignored
 *
 * Context: may sleep, as class_unregister().
 */
void class_destroy(struct class *cls)
{
	if (!IS_ERR_OR_NULL(cls))
		class_unregister(cls);
}
EXPORT_SYMBOL_GPL(class_destroy);

/* ---- devices of a class ------------------------------------------------------------- */

/**
 * class_dev_iter_init() - begin to walk the devices of a class
 * @iter:  ended by class_dev_iter_exit()
 * @class: registered
 * @start: the device before the first one, or NULL
 * @type:  only devices of this type, or NULL
 *
 * Context: no lock is held between the calls of a walk, in which devices may
 * come and go.
 */
void class_dev_iter_init(struct class_dev_iter *iter, struct class *class,
			 struct device *start, const struct device_type *type)
{
	klist_iter_init_node(&subsys_private(class)->klist_devices, &iter->ki,
			     start ? &start->p->knode_class : NULL);
	iter->type = type;
}
EXPORT_SYMBOL_GPL(class_dev_iter_init);

/**
 * class_dev_iter_next() - the next device of a walk
 * @iter: begun by class_dev_iter_init()
 *
 * Context: may sleep: the device before loses the walk's reference.
 * Return: the device, referenced by the walk until it moves on or ends; NULL
 * at the end.
 */
struct device *class_dev_iter_next(struct class_dev_iter *iter)
{
	struct klist_node *n;

	while ((n = klist_next(&iter->ki))) {
		struct device *dev = class_device(n);

		if (!iter->type || iter->type == dev->type)
			return dev;
	}
	return NULL;
}
EXPORT_SYMBOL_GPL(class_dev_iter_next);

/**
 * class_dev_iter_exit() - end a walk, anywhere
 * @iter: begun by class_dev_iter_init()
 *
 * Context: may sleep: the last device loses the walk's reference.
 */
void class_dev_iter_exit(struct class_dev_iter *iter)
{
	klist_iter_exit(&iter->ki);
}
EXPORT_SYMBOL_GPL(class_dev_iter_exit);

/**
 * class_for_each_device() - call a function for each device of a class
 * @class: the class; one that is not registered gives a warning
 * @start: the device before the first one, or NULL
 * @data:  passed on
 * @fn:    non-zero ends the walk; may remove the device
 *
 * Context: may sleep, as @fn may: no lock is held around it.
 * Return: what the last call gave, 0, or -EINVAL for an unregistered class.
 */
int class_for_each_device(struct class *class, struct device *start,
			  void *data, int (*fn)(struct device *, void *))
{
	struct class_dev_iter iter;
	struct device *dev;
	int ret = 0;

	if (!class)
		return -EINVAL;
	if (!subsys_private(class)) {
		WARN(1, "%s called for class '%s' before it was initialized",
		     __func__, class->name);
		return -EINVAL;
	}

	class_dev_iter_init(&iter, class, start, NULL);
	while (!ret && (dev = class_dev_iter_next(&iter)))
		ret = fn(dev, data);
	class_dev_iter_exit(&iter);

	return ret;
}
EXPORT_SYMBOL_GPL(class_for_each_device);

/**
 * class_find_device() - the first device of a class that a function likes
 * @class: the class; one that is not registered gives a warning
 * @start: the device before the first one, or NULL
 * @data:  passed on
 * @match: non-zero for the device that is looked for
 *
 * Context: may sleep, as @match may: no lock is held around it.
 * Return: the device with a reference for the caller, or NULL.
 */
struct device *class_find_device(struct class *class, struct device *start,
				 const void *data,
				 int (*match)(struct device *, const void *))
{
	struct class_dev_iter iter;
	struct device *dev;

	if (!class)
		return NULL;
	if (!subsys_private(class)) {
		WARN(1, "%s called for class '%s' before it was initialized",
		     __func__, class->name);
		return NULL;
	}

	class_dev_iter_init(&iter, class, start, NULL);
	while ((dev = class_dev_iter_next(&iter)))
		if (match(dev, data))
			break;
	get_device(dev);
	class_dev_iter_exit(&iter);

	return dev;
}
EXPORT_SYMBOL_GPL(class_find_device);

/**
 * class_interface_register() - be told of all devices of a class
 * @intf: class and callbacks set; stays its owner's until it is unregistered
 *
 * add_dev is called for the devices there are, and for each that comes; its
 * result is ignored. Holds a reference on the class.
 *
 * Context: may sleep; the callbacks are called under a mutex of the class:
 * they must not add or remove devices of it.
 * Return: 0, -ENODEV without a class.
 */
int class_interface_register(struct class_interface *intf)
{
	struct class_dev_iter iter;
	struct class *class;
	struct device *dev;

	if (!intf || !intf->class)
		return -ENODEV;
	class = class_get(intf->class);

	mutex_lock(&subsys_private(class)->mutex);
	list_add_tail(&intf->node, &subsys_private(class)->interfaces);
	if (intf->add_dev) {
		class_dev_iter_init(&iter, class, NULL, NULL);
		while ((dev = class_dev_iter_next(&iter)))
			intf->add_dev(dev, intf);
		class_dev_iter_exit(&iter);
	}
	mutex_unlock(&subsys_private(class)->mutex);
	return 0;
}
EXPORT_SYMBOL_GPL(class_interface_register);

/**
 * class_interface_unregister() - undo class_interface_register()
 * @intf: registered; without a class nothing happens
 *
 * remove_dev is called for all devices that are there.
 *
 * Context: as class_interface_register().
 */
void class_interface_unregister(struct class_interface *intf)
{
	struct class *class = intf->class;
	struct class_dev_iter iter;
	struct device *dev;

	if (!class)
		return;

	mutex_lock(&subsys_private(class)->mutex);
	list_del_init(&intf->node);
	if (intf->remove_dev) {
		class_dev_iter_init(&iter, class, NULL, NULL);
		while ((dev = class_dev_iter_next(&iter)))
			intf->remove_dev(dev, intf);
		class_dev_iter_exit(&iter);
	}
	mutex_unlock(&subsys_private(class)->mutex);

	class_put(class);
}
EXPORT_SYMBOL_GPL(class_interface_unregister);

/* ---- compatibility classes ------------------------------------------------------------- */

struct class_compat {
	struct kobject *kobj;
};

/**
 * class_compat_register() - make an empty directory /sys/class/<name>
 * @name: copied
 *
 * Context: may sleep.
 * Return: for class_compat_unregister(), or NULL when it cannot be made.
 */
struct class_compat *class_compat_register(const char *name)
{
	struct class_compat *cls;

	cls = kmalloc(sizeof(*cls), GFP_KERNEL);
	if (!cls)
		return NULL;

	cls->kobj = kobject_create_and_add(name, &class_kset->kobj);
	if (!cls->kobj) {
		kfree(cls);
		return NULL;
	}
	return cls;
}
EXPORT_SYMBOL_GPL(class_compat_register);

/**
 * class_compat_unregister() - remove it, with the links that are left
 * @cls: from class_compat_register(); freed
 *
 * Context: may sleep.
 */
void class_compat_unregister(struct class_compat *cls)
{
	kobject_put(cls->kobj);
	kfree(cls);
}
EXPORT_SYMBOL_GPL(class_compat_unregister);

static int compat_create_link(struct class_compat *cls, struct device *dev,
			      struct device *device_link)
{
	int err;

	err = sysfs_create_link(cls->kobj, &dev->kobj, dev_name(dev));
	if (err || !device_link)
		return err;

	err = sysfs_create_link(&dev->kobj, &device_link->kobj, "device");
	if (err)
		sysfs_remove_link(cls->kobj, dev_name(dev));
	return err;
}

static void compat_remove_link(struct class_compat *cls, struct device *dev,
			       struct device *device_link)
{
	if (device_link)
		sysfs_remove_link(&dev->kobj, "device");
	sysfs_remove_link(cls->kobj, dev_name(dev));
}

#if KAPI_ABI_CLASS_COMPAT_DEVICE_LINK
/**
 * class_compat_create_link() - link a device into the class
 * @cls:         the class
 * @dev:         gets /sys/class/<name>/<device>
 * @device_link: what a link "device" in @dev shows, or NULL
 *
 * Context: may sleep.
 * Return: 0, -EEXIST, -ENOMEM, with no link left.
 */
int class_compat_create_link(struct class_compat *cls, struct device *dev,
			     struct device *device_link)
{
	return compat_create_link(cls, dev, device_link);
}

/**
 * class_compat_remove_link() - undo class_compat_create_link()
 * @cls:         the class
 * @dev:         the device
 * @device_link: as given to class_compat_create_link()
 *
 * Context: may sleep.
 */
void class_compat_remove_link(struct class_compat *cls, struct device *dev,
			      struct device *device_link)
{
	compat_remove_link(cls, dev, device_link);
}
#else
int class_compat_create_link(struct class_compat *cls, struct device *dev)
{
	return compat_create_link(cls, dev, NULL);
}

void class_compat_remove_link(struct class_compat *cls, struct device *dev)
{
	compat_remove_link(cls, dev, NULL);
}
#endif
EXPORT_SYMBOL_GPL(class_compat_create_link);
EXPORT_SYMBOL_GPL(class_compat_remove_link);

/* /sys/class. It stays for ever. */
int classes_init(void)
{
	class_kset = kset_create_and_add("class", NULL, NULL);
	if (!class_kset)
		return -ENOMEM;
	um_object_permanent(&class_kset->kobj);
	return 0;
}
