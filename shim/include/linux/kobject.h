/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kobject, kset, ktype and uevents as in Linux 6.1. Left out: namespaces
 * (no child_ns_type, no namespace in struct kobj_type) and owners.
 */
#ifndef _KOBJECT_H_
#define _KOBJECT_H_

#include <linux/types.h>
#include <linux/list.h>
#include <linux/sysfs.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/spinlock.h>
#include <linux/kref.h>
#include <linux/wait.h>
#include <linux/atomic.h>
#include <linux/workqueue.h>
#include <linux/stdarg.h>
#include "compat/const.h"

#define UEVENT_HELPER_PATH_LEN	256
#define UEVENT_NUM_ENVP		64	/* pointers in an event's environment */
#define UEVENT_BUFFER_SIZE	2048	/* bytes for its variables */

/* Number of the last event; /sys/kernel/uevent_seqnum. */
extern u64 uevent_seqnum;

enum kobject_action {
	KOBJ_ADD,
	KOBJ_REMOVE,
	KOBJ_CHANGE,
	KOBJ_MOVE,
	KOBJ_ONLINE,
	KOBJ_OFFLINE,
	KOBJ_BIND,
	KOBJ_UNBIND,
};

struct kobj_type;

struct kobject {
	const char *name;
	struct list_head entry;
	struct kobject *parent;
	struct kset *kset;
	const struct kobj_type *ktype;
	struct kernfs_node *sd;
	struct kref kref;
	bool state_initialized;
	bool state_in_sysfs;
	bool state_add_uevent_sent;
	bool state_remove_uevent_sent;
	bool uevent_suppress;
};

int kobject_set_name(struct kobject *kobj, const char *name, ...) __printf(2, 3);
int kobject_set_name_vargs(struct kobject *kobj, const char *fmt, va_list vargs)
	__printf(2, 0);

static inline const char *kobject_name(const struct kobject *kobj)
{
	return kobj->name;
}

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype);
int __must_check kobject_add(struct kobject *kobj, struct kobject *parent,
			     const char *fmt, ...) __printf(3, 4);
int __must_check kobject_init_and_add(struct kobject *kobj,
				      const struct kobj_type *ktype,
				      struct kobject *parent,
				      const char *fmt, ...) __printf(4, 5);
void kobject_del(struct kobject *kobj);
struct kobject * __must_check kobject_create_and_add(const char *name,
						     struct kobject *parent);
int __must_check kobject_rename(struct kobject *kobj, const char *new_name);
int __must_check kobject_move(struct kobject *kobj, struct kobject *new_parent);

struct kobject *kobject_get(struct kobject *kobj);
struct kobject * __must_check kobject_get_unless_zero(struct kobject *kobj);
void kobject_put(struct kobject *kobj);

char *kobject_get_path(const struct kobject *kobj, gfp_t flag);

struct kobj_type {
	void (*release)(struct kobject *kobj);
	const struct sysfs_ops *sysfs_ops;
	const struct attribute_group **default_groups;
};

struct kobj_uevent_env {
	char *argv[3];
	char *envp[UEVENT_NUM_ENVP];
	int envp_idx;
	char buf[UEVENT_BUFFER_SIZE];
	int buflen;
};

struct kset_uevent_ops {
	int (* const filter)(kapi_kset_uevent_set(struct kset *kset)
			     kapi_kset_uevent_const struct kobject *kobj);
	const char *(* const name)(kapi_kset_uevent_set(struct kset *kset)
				   kapi_kset_uevent_const struct kobject *kobj);
	int (* const uevent)(kapi_kset_uevent_set(struct kset *kset)
			     kapi_kset_uevent_const struct kobject *kobj,
			     struct kobj_uevent_env *env);
};

struct kobj_attribute {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, struct kobj_attribute *attr,
			char *buf);
	ssize_t (*store)(struct kobject *kobj, struct kobj_attribute *attr,
			 const char *buf, size_t count);
};

extern const struct sysfs_ops kobj_sysfs_ops;

struct kset {
	struct list_head list;
	spinlock_t list_lock;
	struct kobject kobj;
	const struct kset_uevent_ops *uevent_ops;
};

void kset_init(struct kset *kset);
int __must_check kset_register(struct kset *kset);
void kset_unregister(struct kset *kset);
struct kset * __must_check kset_create_and_add(const char *name,
					       const struct kset_uevent_ops *u,
					       struct kobject *parent_kobj);

static inline struct kset *to_kset(struct kobject *kobj)
{
	return kobj ? container_of(kobj, struct kset, kobj) : NULL;
}

static inline struct kset *kset_get(struct kset *k)
{
	return k ? to_kset(kobject_get(&k->kobj)) : NULL;
}

static inline void kset_put(struct kset *k)
{
	kobject_put(&k->kobj);
}

static inline const struct kobj_type *get_ktype(struct kobject *kobj)
{
	return kobj->ktype;
}

struct kobject *kset_find_obj(struct kset *kset, const char *name);

/* /sys/kernel (kernel/ksysfs.c) */
extern struct kobject *kernel_kobj;

int kobject_uevent(struct kobject *kobj, enum kobject_action action);
int kobject_uevent_env(struct kobject *kobj, enum kobject_action action,
		       char *envp[]);
int kobject_synth_uevent(struct kobject *kobj, const char *buf, size_t count);
int add_uevent_var(struct kobj_uevent_env *env, const char *format, ...)
	__printf(2, 3);

/*
 * Called after each event was queued for the listeners, in the context that
 * sent it, which holds no lock of the uevent code. NULL when nobody cares.
 */
extern void (*um_uevent_hook)(const struct kobj_uevent_env *env);

#endif
