/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of the processor's caches: 64 bytes, as x86-64 has them. */
#ifndef __LINUX_CACHE_H
#define __LINUX_CACHE_H

#include <linux/align.h>
#include <linux/compiler.h>
#include <linux/export.h>

#define L1_CACHE_SHIFT	6
#define L1_CACHE_BYTES	(1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES	L1_CACHE_BYTES
#define L1_CACHE_ALIGN(x) ALIGN(x, L1_CACHE_BYTES)

#endif
