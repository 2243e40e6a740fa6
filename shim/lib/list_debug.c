// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks on the neighbours of a list entry, as CONFIG_DEBUG_LIST makes. A
 * kernel ends with BUG() where data corruption is fatal; here it is a splat,
 * and the list stays as it is. So each insertion and removal comes by here: it
 * is a step that another task may come before, and if nothing keeps it out, the
 * neighbours are not what they were.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/list.h>

#include "check/op.h"

/* All is as it should be: nothing needs to be looked at one by one. */
static bool are_neighbours(const struct list_head *prev, const struct list_head *next)
{
	return prev && next && prev->next == next && next->prev == prev;
}

static bool is_between(const struct list_head *prev, const struct list_head *entry,
		       const struct list_head *next)
{
	return prev && next && prev != LIST_POISON2 && next != LIST_POISON1 &&
	       prev->next == entry && next->prev == entry;
}

/**
 * __list_add_valid() - may an entry be linked in here?
 * @entry: the entry
 * @prev: its neighbour to be before it
 * @next: its neighbour to be after it
 *
 * Return: true; false, after a splat, when the neighbours do not point at each
 * other, one is missing, or @entry is one of them.
 */
bool __list_add_valid(struct list_head *entry, struct list_head *prev,
		      struct list_head *next)
{
	um_begin(UM_LIST_ADD, .object = entry, .start = prev);
	if (likely(are_neighbours(prev, next) && entry != prev && entry != next))
		return true;
	if (WARN(!prev || !next, "list_add corruption. %s is NULL\n",
		 prev ? "next" : "prev"))
		return false;
	if (WARN(next->prev != prev,
		 "list_add corruption. next->prev should be prev (%px), but was %px. (next=%px).\n",
		 prev, next->prev, next))
		return false;
	if (WARN(prev->next != next,
		 "list_add corruption. prev->next should be next (%px), but was %px. (prev=%px).\n",
		 next, prev->next, prev))
		return false;
	return !WARN(entry == prev || entry == next,
		     "list_add double add: new=%px, prev=%px, next=%px.\n",
		     entry, prev, next);
}
EXPORT_SYMBOL(__list_add_valid);

/**
 * __list_del_entry_valid() - may an entry be unlinked?
 * @entry: the entry
 *
 * Return: true; false, after a splat, when it was deleted already or its
 * neighbours do not point at it.
 */
bool __list_del_entry_valid(struct list_head *entry)
{
	struct list_head *prev = entry->prev, *next = entry->next;

	um_step(UM_LIST_DEL, entry);
	if (likely(is_between(prev, entry, next)))
		return true;
	if (WARN(!prev || !next, "list_del corruption, %px->%s is NULL\n",
		 entry, next ? "prev" : "next"))
		return false;
	if (WARN(next == LIST_POISON1,
		 "list_del corruption, %px->next is LIST_POISON1 (%px)\n",
		 entry, LIST_POISON1))
		return false;
	if (WARN(prev == LIST_POISON2,
		 "list_del corruption, %px->prev is LIST_POISON2 (%px)\n",
		 entry, LIST_POISON2))
		return false;
	if (WARN(prev->next != entry,
		 "list_del corruption. prev->next should be %px, but was %px. (prev=%px)\n",
		 entry, prev->next, prev))
		return false;
	return !WARN(next->prev != entry,
		     "list_del corruption. next->prev should be %px, but was %px. (next=%px)\n",
		     entry, next->prev, next);
}
EXPORT_SYMBOL(__list_del_entry_valid);
