/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module information strings and module parameters.
 *
 * MODULE_INFO() leaves "tag=value" in the section .modinfo, which modpost
 * and the loader read. A parameter is a record in the section __param of its
 * module; in code that is linked into a program the record is registered by
 * a constructor, under "<module>.<parameter>". What is left out: levels of
 * early boot parameters, locking down of hardware parameters.
 */
#ifndef _LINUX_MODULE_PARAMS_H
#define _LINUX_MODULE_PARAMS_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define MAX_PARAM_PREFIX_LEN	(64 - sizeof(unsigned long))
#define MODULE_NAME_LEN		MAX_PARAM_PREFIX_LEN

#ifdef MODULE
#define MODULE_PARAM_PREFIX	/* the loader knows whose parameters it sets */
#define __MODULE_INFO_PREFIX
#else
#define MODULE_PARAM_PREFIX	KBUILD_MODNAME "."
#define __MODULE_INFO_PREFIX	KBUILD_MODNAME "."
#endif

/* @name only keeps the kernel's shape: the record's own name is unique anyway */
#define __MODULE_INFO(tag, name, info)					\
	static const char __UNIQUE_ID(um_modinfo)[]			\
		__attribute__((__section__(".modinfo"), __used__, __aligned__(1))) = \
		__MODULE_INFO_PREFIX __stringify(tag) "=" info

#define __MODULE_PARM_TYPE(name, _type)					\
	__MODULE_INFO(parmtype, name##type, #name ":" _type)
#define MODULE_PARM_DESC(_parm, desc)					\
	__MODULE_INFO(parm, _parm, #_parm ":" desc)

struct kernel_param;
struct module;

enum {
	KERNEL_PARAM_OPS_FL_NOARG = (1 << 0),	/* "name" without "=value" is fine */
};

struct kernel_param_ops {
	unsigned int flags;
	/* 0 or a negative errno */
	int (*set)(const char *val, const struct kernel_param *kp);
	/* into a page; the length or a negative errno */
	int (*get)(char *buffer, const struct kernel_param *kp);
	/* may be NULL; called when the module goes */
	void (*free)(void *arg);
};

enum {
	KERNEL_PARAM_FL_UNSAFE = (1 << 0),
	KERNEL_PARAM_FL_HWPARAM = (1 << 1),
};

struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	const u16 perm;
	s8 level;
	u8 flags;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};

#ifdef MODULE
extern struct module __this_module;
#define __um_param_module	(&__this_module)
#define __um_param_register(name)
#else
#define __um_param_module	NULL
struct um_builtin_param {
	struct um_builtin_param *next;
	const struct kernel_param *kp;
};
/* Called by constructors, before main(): only links the record. */
void um_builtin_param_register(struct um_builtin_param *param);
#define __um_param_register(name)					\
	static struct um_builtin_param __um_param_node_##name = {	\
		.kp = &__param_##name					\
	};								\
	static void __attribute__((__constructor__))			\
	__um_param_register_##name(void)				\
	{								\
		um_builtin_param_register(&__um_param_node_##name);	\
	}
#endif

#ifndef VERIFY_OCTAL_PERMISSIONS
#define VERIFY_OCTAL_PERMISSIONS(perms)					\
	(BUILD_BUG_ON_ZERO((perms) < 0) +				\
	 BUILD_BUG_ON_ZERO((perms) > 0777) +				\
	 BUILD_BUG_ON_ZERO((((perms) >> 6) & 4) < (((perms) >> 3) & 4)) + \
	 BUILD_BUG_ON_ZERO((((perms) >> 3) & 4) < ((perms) & 4)) +	\
	 BUILD_BUG_ON_ZERO((((perms) >> 6) & 2) < (((perms) >> 3) & 2)) + \
	 BUILD_BUG_ON_ZERO((perms) & 2) +				\
	 (perms))
#endif

/* The alignment is given so that the section is an array without gaps. */
#define __module_param_call(_prefix, _name, _ops, _arg, _perm, _level, _flags) \
	static const char __param_str_##_name[] = _prefix #_name;	\
	static struct kernel_param __param_##_name			\
		__attribute__((__section__("__param"), __used__,	\
			       __aligned__(__alignof__(struct kernel_param)))) = { \
		.name = __param_str_##_name, .mod = __um_param_module,	\
		.ops = _ops, .perm = VERIFY_OCTAL_PERMISSIONS(_perm),	\
		.level = _level, .flags = _flags, { .arg = (void *)(_arg) } \
	};								\
	__um_param_register(_name)					\
	extern int __um_param_declared_##_name

#define module_param_cb(name, ops, arg, perm)				\
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, 0)
#define module_param_cb_unsafe(name, ops, arg, perm)			\
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, \
			    KERNEL_PARAM_FL_UNSAFE)

/* A wrong type of @value is a compile error: param_check_<type>() sees its address. */
#define module_param_named(name, value, type, perm)			\
	param_check_##type(name, &(value));				\
	module_param_cb(name, &param_ops_##type, &(value), perm);	\
	__MODULE_PARM_TYPE(name, #type)
#define module_param_named_unsafe(name, value, type, perm)		\
	param_check_##type(name, &(value));				\
	module_param_cb_unsafe(name, &param_ops_##type, &(value), perm); \
	__MODULE_PARM_TYPE(name, #type)
#define module_param(name, type, perm)					\
	module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm)				\
	module_param_named_unsafe(name, name, type, perm)

#define module_param_string(name, string, len, perm)			\
	static const struct kparam_string __param_string_##name = {	\
		len, string						\
	};								\
	module_param_cb(name, &param_ops_string, &__param_string_##name, perm); \
	__MODULE_PARM_TYPE(name, "string")

#define module_param_array_named(name, array, type, nump, perm)		\
	param_check_##type(name, &(array)[0]);				\
	static const struct kparam_array __param_arr_##name = {		\
		.max = sizeof(array) / sizeof((array)[0]), .num = nump,	\
		.ops = &param_ops_##type,				\
		.elemsize = sizeof((array)[0]), .elem = array		\
	};								\
	module_param_cb(name, &param_array_ops, &__param_arr_##name, perm); \
	__MODULE_PARM_TYPE(name, "array of " #type)
#define module_param_array(name, type, nump, perm)			\
	module_param_array_named(name, name, type, nump, perm)

#define __param_check(name, p, type)					\
	static inline type __attribute__((__unused__))			\
	*__check_##name(void) { return p; }				\
	extern int __um_param_checked_##name

#define __um_param_type(name)						\
	extern const struct kernel_param_ops param_ops_##name;		\
	int param_set_##name(const char *val, const struct kernel_param *kp); \
	int param_get_##name(char *buffer, const struct kernel_param *kp)

__um_param_type(byte);
__um_param_type(short);
__um_param_type(ushort);
__um_param_type(int);
__um_param_type(uint);
__um_param_type(long);
__um_param_type(ulong);
__um_param_type(ullong);
__um_param_type(hexint);
__um_param_type(charp);
__um_param_type(bool);
__um_param_type(invbool);
#define param_check_byte(name, p) __param_check(name, p, unsigned char)
#define param_check_short(name, p) __param_check(name, p, short)
#define param_check_ushort(name, p) __param_check(name, p, unsigned short)
#define param_check_int(name, p) __param_check(name, p, int)
#define param_check_uint(name, p) __param_check(name, p, unsigned int)
#define param_check_long(name, p) __param_check(name, p, long)
#define param_check_ulong(name, p) __param_check(name, p, unsigned long)
#define param_check_ullong(name, p) __param_check(name, p, unsigned long long)
#define param_check_hexint(name, p) param_check_uint(name, p)
#define param_check_charp(name, p) __param_check(name, p, char *)
#define param_check_bool(name, p) __param_check(name, p, bool)
#define param_check_invbool(name, p) __param_check(name, p, bool)

/* a bool that can be turned on but never off again: -EROFS */
extern const struct kernel_param_ops param_ops_bool_enable_only;
int param_set_bool_enable_only(const char *val, const struct kernel_param *kp);
#define param_check_bool_enable_only param_check_bool
/* an int that takes what a bool takes */
extern const struct kernel_param_ops param_ops_bint;
int param_set_bint(const char *val, const struct kernel_param *kp);
#define param_get_bint param_get_int
#define param_check_bint param_check_int

void param_free_charp(void *arg);

extern const struct kernel_param_ops param_array_ops;
extern const struct kernel_param_ops param_ops_string;
int param_set_copystring(const char *val, const struct kernel_param *kp);
int param_get_string(char *buffer, const struct kernel_param *kp);

void kernel_param_lock(struct module *mod);
void kernel_param_unlock(struct module *mod);

/* '-' and '_' are the same */
bool parameq(const char *name1, const char *name2);
bool parameqn(const char *name1, const char *name2, size_t n);

/*
 * parse_args - give "a=1 b=x,y c" to the parameters that it names.
 *
 * @args is written to. An unknown name goes to @unknown, or is an error
 * without it. All are tried; NULL, what follows a lone "--", or the last
 * error as a pointer. May sleep; takes the module's parameter lock.
 */
char *parse_args(const char *doing, char *args, const struct kernel_param *params,
		 unsigned int num, s16 min_level, s16 max_level, void *arg,
		 int (*unknown)(char *param, char *val, const char *doing, void *arg));

#endif
