/* SPDX-License-Identifier: GPL-2.0-only */
/* Sorting of lists (lib/sort.c). */
#ifndef _LINUX_LIST_SORT_H
#define _LINUX_LIST_SORT_H

#include <linux/types.h>

typedef int (*list_cmp_func_t)(void *priv, const struct list_head *a,
			       const struct list_head *b);
/* Stable; @cmp may only ask whether it is > 0. */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp);

#endif
