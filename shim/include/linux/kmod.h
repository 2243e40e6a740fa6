/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking user space for a module: here the shim's own modprobe, run in the
 * caller's task, answers. There is no limit on how many ask at once.
 */
#ifndef __LINUX_KMOD_H__
#define __LINUX_KMOD_H__

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/types.h>
#include <linux/uidgid.h>

/* 0, a negative errno, or the positive wait status of a modprobe that failed */
int __request_module(bool wait, const char *name, ...) __printf(2, 3);

#define request_module(mod...) __request_module(true, mod)
#define request_module_nowait(mod...) __request_module(false, mod)
#define try_then_request_module(x, mod...) \
	((x) ?: (__request_module(true, mod), (x)))

#endif
