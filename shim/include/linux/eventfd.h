/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts of real eventfds: the descriptor a test passes is the host's own,
 * so that any program can wait for it with read() or poll().
 */
#ifndef _LINUX_EVENTFD_H_SHIM
#define _LINUX_EVENTFD_H_SHIM

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
/* user space has one, too, with later releases */
#if __has_include_next(<linux/eventfd.h>)
#include_next <linux/eventfd.h>
#endif
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/types.h>
#include "compat/levels.h"

#define EFD_SEMAPHORE (1 << 0)
#define EFD_CLOEXEC O_CLOEXEC
#define EFD_NONBLOCK O_NONBLOCK

struct eventfd_ctx;

void eventfd_ctx_put(struct eventfd_ctx *ctx);
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
#if KAPI_ABI_EVENTFD_SIGNAL_N
__u64 eventfd_signal(struct eventfd_ctx *ctx, __u64 n);
#else
void eventfd_signal(struct eventfd_ctx *ctx);
#endif

#endif
