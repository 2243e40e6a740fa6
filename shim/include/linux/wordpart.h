/* SPDX-License-Identifier: GPL-2.0-only */
/* Halves of words, and a byte in all places of one. */
#include "compat/levels.h"
#if !KAPI_SPLIT_HEADERS && !defined(UM_SPLIT_HEADER) && !defined(UMDEV_BUILTIN)
#error "linux/wordpart.h: not a header of this release, which has what is in it in linux/kernel.h"
#endif

#ifndef _LINUX_WORDPART_H
#define _LINUX_WORDPART_H

#include <linux/types.h>

#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((u32)((n) & 0xffffffff))
#define upper_16_bits(n) ((u16)((n) >> 16))
#define lower_16_bits(n) ((u16)((n) & 0xffff))
#define REPEAT_BYTE(x) ((~0ul / 0xff) * (x))

#endif
