/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug messages that are off until asked for: by um_debug() or by the
 * environment variable UMDEV_DEBUG, both a comma-separated list of module
 * names, source file names ("mdev_core.c") or "*". There is no control file.
 */
#ifndef _LINUX_DYNAMIC_DEBUG_H
#define _LINUX_DYNAMIC_DEBUG_H

#include <linux/build_bug.h>
#include <linux/stringify.h>
#include <linux/types.h>

/*
 * KBUILD_MODNAME is a string from the command line in kbuild and in the
 * shim's own build of modules; the shim's own files have none.
 */
#ifdef KBUILD_MODNAME
#define UM_KBUILD_MODNAME KBUILD_MODNAME
#else
#define UM_KBUILD_MODNAME "umdev"
#endif

bool um_debug_on(const char *file, const char *modname);

#define dynamic_pr_debug(fmt, ...)					\
do {									\
	if (um_debug_on(__FILE__, UM_KBUILD_MODNAME))			\
		printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__);		\
} while (0)

#endif
