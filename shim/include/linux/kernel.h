/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's common ground: sizes, halves of words, and the mark of what may
 * sleep. Most of what it had once is included from headers of its own.
 */
#ifndef _LINUX_KERNEL_H_SHIM
#define _LINUX_KERNEL_H_SHIM

#include <linux/stdarg.h>
#include <linux/align.h>
#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/bitops.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/build_bug.h>
#include <linux/array_size.h>
#define UM_SPLIT_HEADER
#include <linux/sprintf.h>
#include <linux/hex.h>
#include <linux/wordpart.h>
#undef UM_SPLIT_HEADER
#include_next <linux/kernel.h>

#include "compat/levels.h"

#define STACK_MAGIC 0xdeadbeef
#define PTR_IF(cond, ptr) ((cond) ? (ptr) : NULL)
#define u64_to_user_ptr(x) ((void __user *)(uintptr_t)(x))

/* may sleep: a splat in atomic context */
void um_might_sleep(const char *file, int line);
#define might_sleep() um_might_sleep(__FILE__, __LINE__)
#define might_sleep_if(cond) do { if (cond) might_sleep(); } while (0)
#define might_fault() might_sleep()

void panic(const char *fmt, ...) __printf(1, 2) __noreturn;
#if KAPI_COMPLETE_AND_EXIT
struct completion;
void do_exit(long code) __noreturn;
void complete_and_exit(struct completion *comp, long code) __noreturn;
#endif

#endif
