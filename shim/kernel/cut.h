/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out of a list with what lies in memory that is something else already, as a variable
 * of a function that has returned: neither read nor written itself, only its neighbours are.
 */
#ifndef UMDEV_KERNEL_CUT_H
#define UMDEV_KERNEL_CUT_H

#include <linux/list.h>

/* Was it in the list? */
static inline bool um_list_cut(struct list_head *head, const struct list_head *entry)
{
	struct list_head *prev = head, *next = head;

	while (prev->next != entry && prev->next != head)
		prev = prev->next;
	if (prev->next != entry)
		return false;
	while (next->prev != entry)
		next = next->prev;
	prev->next = next;
	next->prev = prev;
	return true;
}

#endif
