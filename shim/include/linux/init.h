/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Initcalls. In the shim itself and in modules linked straight into a
 * program ("built in") each level's calls run at um_boot(), in the order of
 * the levels; within one level in link order.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define __init
#define __exit __used
#define __initdata
#define __initconst
#define __exitdata
#define __devinit

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

struct um_initcall {
	struct um_initcall *next;
	initcall_t fn;
	const char *name;
	int level;
};
/* Called by constructors, before main(): only links the record. */
void um_initcall_register(struct um_initcall *call);

#define __um_initcall(f, lvl)						\
	static struct um_initcall __PASTE(__um_initcall_, f) = {	\
		.fn = f, .name = #f, .level = lvl			\
	};								\
	static void __attribute__((__constructor__))			\
	__PASTE(__um_initcall_register_, f)(void)			\
	{								\
		um_initcall_register(&__PASTE(__um_initcall_, f));	\
	}

#ifndef MODULE
#define pure_initcall(f)	__um_initcall(f, 0)
#define core_initcall(f)	__um_initcall(f, 1)
#define postcore_initcall(f)	__um_initcall(f, 2)
#define arch_initcall(f)	__um_initcall(f, 3)
#define subsys_initcall(f)	__um_initcall(f, 4)
#define fs_initcall(f)		__um_initcall(f, 5)
#define device_initcall(f)	__um_initcall(f, 6)
#define late_initcall(f)	__um_initcall(f, 7)
#define __initcall(f)		device_initcall(f)
#else
#define core_initcall(f)	module_init(f)
#define postcore_initcall(f)	module_init(f)
#define arch_initcall(f)	module_init(f)
#define subsys_initcall(f)	module_init(f)
#define fs_initcall(f)		module_init(f)
#define device_initcall(f)	module_init(f)
#define late_initcall(f)	module_init(f)
#endif

#endif
