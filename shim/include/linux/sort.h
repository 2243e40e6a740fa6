/* SPDX-License-Identifier: GPL-2.0-only */
/* Sorting of arrays (lib/sort.c). */
#ifndef _LINUX_SORT_H
#define _LINUX_SORT_H

#include <linux/types.h>

/* In place, without allocation, n log n at worst, not stable. */
void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp,
	    swap_r_func_t swap_func, const void *priv);
void sort(void *base, size_t num, size_t size, cmp_func_t cmp,
	  swap_func_t swap_func);

#endif
