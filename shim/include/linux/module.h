/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules: what one says about itself, and references on it.
 *
 * A module is a shared object; THIS_MODULE lies in its image and comes from
 * the file that modpost writes. In code linked straight into a program
 * THIS_MODULE is NULL and module_init() is an initcall. Left out: live
 * patching, signatures, symbol versions (checksums), per-CPU data,
 * notifiers, forced loading and unloading.
 */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/stringify.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include "check/op.h"
#include "compat/levels.h"
#if KAPI_MODULE_BRINGS_FS
#include <linux/fs.h>
#endif

struct module;
struct module_kobject;
struct module_param_attrs;
struct completion;
struct um_image;

struct module_attribute {
	struct attribute attr;
	ssize_t (*show)(struct module_attribute *attr, struct module_kobject *mk, char *buf);
	ssize_t (*store)(struct module_attribute *attr, struct module_kobject *mk,
			 const char *buf, size_t count);
	void (*setup)(struct module *mod, const char *text);
	int (*test)(struct module *mod);	/* whether this module has the file */
	void (*free)(struct module *mod);
};

struct module_kobject {
	struct kobject kobj;
	struct module *mod;
	struct kobject *drivers_dir;
	struct module_param_attrs *mp;
	struct completion *kobj_completion;
};

extern struct kset *module_kset;
extern struct kobj_type module_ktype;

enum module_state {
	MODULE_STATE_LIVE,	/* normal */
	MODULE_STATE_COMING,	/* formed, its init is running */
	MODULE_STATE_GOING,	/* its exit is running */
	MODULE_STATE_UNFORMED,	/* being set up or freed */
};

/* One record per (user, used) pair of modules. */
struct module_use {
	struct list_head source_list;	/* on the used module */
	struct list_head target_list;	/* on the image of the user */
	struct um_image *source;
	struct module *target;
};

struct module {
	enum module_state state;
	char name[MODULE_NAME_LEN];

	struct module_kobject mkobj;	/* /sys/module/<name> */
	struct module_attribute *modinfo_attrs;
	const char *version;
	struct kobject *holders_dir;

	struct mutex param_lock;	/* serialises parameter access */
	struct kernel_param *kp;
	unsigned int num_kp;
	char *args;

	bool using_gplonly_symbols;
	unsigned long taints;		/* BIT(TAINT_*) */

	int (*init)(void);
	void (*exit)(void);

	atomic_t refcnt;		/* one base reference while not going */
	struct list_head source_list;	/* struct module_use of those that use this one */

	/* what the loader of the shim knows of the image */
	struct um_image *image;
	void *base;
	unsigned long size;
	struct um_fault_site *fault_sites;
	unsigned int num_fault_sites;
};

#define MODULE_ARCH_INIT {}

/* bits of module->taints */
#define TAINT_PROPRIETARY_MODULE	0

#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE ((struct module *)NULL)
#endif

/* ---- entry points ------------------------------------------------------------ */

#ifdef MODULE
/*
 * The unused functions check the types. Drivers write these with and without
 * a semicolon, so the macros bring their own.
 */
#define module_init(initfn)						\
	static inline initcall_t __maybe_unused __inittest(void)	\
	{ return initfn; }						\
	int init_module(void) __attribute__((__alias__(#initfn)));
#define module_exit(exitfn)						\
	static inline exitcall_t __maybe_unused __exittest(void)	\
	{ return exitfn; }						\
	void cleanup_module(void) __attribute__((__alias__(#exitfn)));
int init_module(void);
void cleanup_module(void);
#else
#define module_init(x)	__initcall(x);
/* Never called, like that of a driver built into a kernel. */
#define module_exit(x)							\
	static inline exitcall_t __maybe_unused __PASTE(__exitcall_, x)(void) \
	{ return x; }
#endif

/* ---- what a module says about itself -------------------------------------------- */

#define MODULE_INFO(tag, info) __MODULE_INFO(tag, tag, info)
#define MODULE_ALIAS(_alias) MODULE_INFO(alias, _alias)
/* "pre: mod-a mod-b post: mod-c" */
#define MODULE_SOFTDEP(_softdep) MODULE_INFO(softdep, _softdep)
#define MODULE_LICENSE(_license) MODULE_INFO(license, _license)
#define MODULE_AUTHOR(_author) MODULE_INFO(author, _author)
#define MODULE_DESCRIPTION(_description) MODULE_INFO(description, _description)
#define MODULE_VERSION(_version) MODULE_INFO(version, _version)
#define __MODULE_STRING(x) __stringify(x)
#define MODULE_FIRMWARE(_firmware) MODULE_INFO(firmware, _firmware)
#if KAPI_NAMESPACE_QUOTED
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, ns)
#else
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, __stringify(ns))
#endif
#if KAPI_MODULE_SUPPORTED_DEVICE
#define MODULE_SUPPORTED_DEVICE(name)
#endif

/* modpost finds the table by the name of this alias and writes MODULE_ALIASes for it. */
#ifdef MODULE
#define MODULE_DEVICE_TABLE(type, name)					\
	extern typeof(name) __mod_##type##__##name##_device_table	\
		__attribute__((__unused__, __alias__(#name)))
#else
#define MODULE_DEVICE_TABLE(type, name)					\
	extern typeof(name) __mod_##type##__##name##_device_table
#endif

#define MODULE_ALIAS_CHARDEV(major, minor) \
	MODULE_ALIAS("char-major-" __stringify(major) "-" __stringify(minor))
#define MODULE_ALIAS_CHARDEV_MAJOR(major) \
	MODULE_ALIAS("char-major-" __stringify(major) "-*")
#define MODULE_ALIAS_MISCDEV(minor) MODULE_ALIAS_CHARDEV(10, minor)

/* ---- references -------------------------------------------------------------------- */

static inline const char *module_name(struct module *mod)
{
	return mod ? mod->name : "kernel";
}

static inline bool module_is_live(struct module *mod)
{
	return READ_ONCE(mod->state) != MODULE_STATE_GOING;
}

/* References without the base one; -1 while the module is going. */
int module_refcount(struct module *mod);
/* The caller must hold a reference already, or know that the module cannot go. */
void __module_get(struct module *mod);
/* False when the module is going; true for NULL (built in), which cannot fail. */
bool um_try_module_get(struct module *mod, struct um_fault_site *site);
#define try_module_get(mod) \
	um_try_module_get(mod, um_fault_site("try_module_get"))
void module_put(struct module *mod);
void __module_put_and_kthread_exit(struct module *mod, long code) __noreturn;
#if KAPI_COMPLETE_AND_EXIT
#define module_put_and_exit(code) __module_put_and_kthread_exit(THIS_MODULE, code)
#else
#define module_put_and_kthread_exit(code) __module_put_and_kthread_exit(THIS_MODULE, code)
#endif

/* The address of an exported symbol of a live module, with a reference on it; or NULL. */
void *__symbol_get(const char *symbol);
void __symbol_put(const char *symbol);
#define symbol_get(x) ((typeof(&x))(__symbol_get(__stringify(x))))
#define symbol_put(x) __symbol_put(__stringify(x))

/* By exact name; a module that is not formed is not found. module_mutex held. */
struct module *find_module(const char *name);
extern struct mutex module_mutex;

/* ---- whole modules in one line --------------------------------------------------------- */

#ifndef module_driver
#define module_driver(__driver, __register, __unregister, ...)		\
static int __init __driver##_init(void)					\
{									\
	return __register(&(__driver), ##__VA_ARGS__);			\
}									\
module_init(__driver##_init);						\
static void __exit __driver##_exit(void)				\
{									\
	__unregister(&(__driver), ##__VA_ARGS__);			\
}									\
module_exit(__driver##_exit)
#endif

#endif
