/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Classes: struct class, its devices, attributes and interfaces, and the
 * compatibility classes whose members are plain links.
 *
 * Left out: namespaces and owners of a class's entries, power management; ->pm
 * and ->shutdown_pre are carried and never called.
 */
#ifndef _DEVICE_CLASS_H_
#define _DEVICE_CLASS_H_

#include <linux/device/bus.h>

struct class {
	const char		*name;
#if KAPI_CLASS_CREATE_OWNER
	struct module		*owner;
#else
	struct module		*um_owner;
#endif

	const struct attribute_group	**class_groups;
	const struct attribute_group	**dev_groups;
	struct kobject			*dev_kobj;

	int (*dev_uevent)(kapi_class_uevent_const struct device *dev,
			  struct kobj_uevent_env *env);
	char *(*devnode)(kapi_class_uevent_const struct device *dev,
			 umode_t *mode);

	void (*class_release)(kapi_bus_const struct class *class);
	void (*dev_release)(struct device *dev);

	int (*shutdown_pre)(struct device *dev);

	const struct dev_pm_ops *pm;

	struct subsys_private *p;
};

struct class_dev_iter {
	struct klist_iter		ki;
	const struct device_type	*type;
};

extern struct kobject *sysfs_dev_block_kobj;
extern struct kobject *sysfs_dev_char_kobj;

/* Without @key the class gets one of its own. */
int __must_check __class_register(struct class *class,
				  struct lock_class_key *key);
void class_unregister(kapi_bus_const struct class *class);

#if !KAPI_BUS_CONST
/* A macro, so that every class has a lock class of its own. */
#define class_register(class)			\
({						\
	static struct lock_class_key __key;	\
	__class_register(class, &__key);	\
})
#else
static inline int __must_check class_register(const struct class *class)
{
	return __class_register((struct class *)class, NULL);
}
#endif

struct class_compat;
struct class_compat *class_compat_register(const char *name);
void class_compat_unregister(struct class_compat *cls);
#if KAPI_ABI_CLASS_COMPAT_DEVICE_LINK
int class_compat_create_link(struct class_compat *cls, struct device *dev,
			     struct device *device_link);
void class_compat_remove_link(struct class_compat *cls, struct device *dev,
			      struct device *device_link);
#else
int class_compat_create_link(struct class_compat *cls, struct device *dev);
void class_compat_remove_link(struct class_compat *cls, struct device *dev);
#endif

void class_dev_iter_init(struct class_dev_iter *iter, kapi_bus_const struct class *class,
			 struct device *start, const struct device_type *type);
struct device *class_dev_iter_next(struct class_dev_iter *iter);
void class_dev_iter_exit(struct class_dev_iter *iter);

int class_for_each_device(kapi_bus_const struct class *class, struct device *start,
			  void *data,
			  int (*fn)(struct device *dev, void *data));
struct device *class_find_device(kapi_bus_const struct class *class, struct device *start,
				 const void *data,
				 int (*match)(struct device *, const void *));

static inline struct device *class_find_device_by_name(kapi_bus_const struct class *class,
						       const char *name)
{
	return class_find_device(class, NULL, name, device_match_name);
}

static inline struct device *class_find_device_by_devt(kapi_bus_const struct class *class,
						       dev_t devt)
{
	return class_find_device(class, NULL, &devt, device_match_devt);
}

struct class_attribute {
	struct attribute attr;
	ssize_t (*show)(kapi_bus_const struct class *class,
			kapi_bus_const struct class_attribute *attr,
			char *buf);
	ssize_t (*store)(kapi_bus_const struct class *class,
			 kapi_bus_const struct class_attribute *attr,
			 const char *buf, size_t count);
};

#define CLASS_ATTR_RW(_name) \
	struct class_attribute class_attr_##_name = __ATTR_RW(_name)
#define CLASS_ATTR_RO(_name) \
	struct class_attribute class_attr_##_name = __ATTR_RO(_name)
#define CLASS_ATTR_WO(_name) \
	struct class_attribute class_attr_##_name = __ATTR_WO(_name)

int __must_check class_create_file_ns(kapi_bus_const struct class *class,
				      const struct class_attribute *attr,
				      const void *ns);
void class_remove_file_ns(kapi_bus_const struct class *class,
			  const struct class_attribute *attr, const void *ns);

static inline int __must_check class_create_file(kapi_bus_const struct class *class,
					const struct class_attribute *attr)
{
	return class_create_file_ns(class, attr, NULL);
}

static inline void class_remove_file(kapi_bus_const struct class *class,
				     const struct class_attribute *attr)
{
	class_remove_file_ns(class, attr, NULL);
}

struct class_attribute_string {
	struct class_attribute attr;
	char *str;
};

#define _CLASS_ATTR_STRING(_name, _mode, _str) \
	{ __ATTR(_name, _mode, show_class_attr_string, NULL), _str }
#define CLASS_ATTR_STRING(_name, _mode, _str) \
	struct class_attribute_string class_attr_##_name = \
		_CLASS_ATTR_STRING(_name, _mode, _str)

ssize_t show_class_attr_string(kapi_bus_const struct class *class,
			       kapi_bus_const struct class_attribute *attr,
			       char *buf);

struct class_interface {
	struct list_head	node;
	struct class		*class;

	/* the shim always passes two: what takes one does not see the other */
#if KAPI_CLASS_INTERFACE_SELF
	int (*add_dev)(struct device *dev, struct class_interface *intf);
	void (*remove_dev)(struct device *dev, struct class_interface *intf);
#else
	int (*add_dev)(struct device *dev);
	void (*remove_dev)(struct device *dev);
#endif
};

int __must_check class_interface_register(struct class_interface *intf);
void class_interface_unregister(struct class_interface *intf);

struct class * __must_check __class_create(struct module *owner,
					   const char *name,
					   struct lock_class_key *key);
void class_destroy(kapi_bus_const struct class *cls);

#if KAPI_CLASS_CREATE_OWNER
#define class_create(owner, name)		\
({						\
	static struct lock_class_key __key;	\
	__class_create(owner, name, &__key);	\
})
#else
static inline struct class * __must_check class_create(const char *name)
{
	return __class_create(NULL, name, NULL);
}
#endif

#endif
