/* SPDX-License-Identifier: GPL-2.0-only */
/* Modes of fallocate(). User space's header; left out: everything else: there is no such call. */
#ifndef _LINUX_FALLOC_H_SHIM
#define _LINUX_FALLOC_H_SHIM

#include_next <linux/falloc.h>

#endif
