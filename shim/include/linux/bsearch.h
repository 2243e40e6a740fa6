/* SPDX-License-Identifier: GPL-2.0-only */
/* Binary search (lib/sort.c). */
#ifndef _LINUX_BSEARCH_H
#define _LINUX_BSEARCH_H

#include <linux/types.h>

void *bsearch(const void *key, const void *base, size_t num, size_t size,
	      int (*cmp)(const void *key, const void *elt)) __asm__("um_k_bsearch");

#endif
