/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists without locks (lib/llist.c): any number of tasks push in front, and one
 * takes all, or one at a time. What is taken comes the youngest first. Pushing is
 * allowed in any context. Who takes one at a time must be alone in doing so.
 *
 * init_llist_node(), llist_on_list(), llist_del_first_init() and
 * llist_del_first_this() came with 6.7 (KAPI_LLIST_INIT_NODE).
 */
#ifndef _LINUX_LLIST_H_SHIM
#define _LINUX_LLIST_H_SHIM

#include <linux/atomic.h>
#include <linux/container_of.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include "compat/levels.h"

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)

/*
 * An entry of a node that may be NULL: counted as a number, as no pointer may be.
 * The member's address is NULL again then.
 */
#define um_llist_entry(node, type, member) \
	((type)((uintptr_t)(struct llist_node *)(node) - offsetof(typeof(*(type)NULL), member)))
#define member_address_is_nonnull(ptr, member) \
	((uintptr_t)(ptr) + offsetof(typeof(*(ptr)), member) != 0)

#define llist_for_each(pos, node) \
	for ((pos) = (node); pos; (pos) = (pos)->next)
#define llist_for_each_safe(pos, n, node) \
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))
#define llist_for_each_entry(pos, node, member)				\
	for ((pos) = um_llist_entry(node, typeof(pos), member);		\
	     member_address_is_nonnull(pos, member);			\
	     (pos) = um_llist_entry((pos)->member.next, typeof(pos), member))
#define llist_for_each_entry_safe(pos, n, node, member)			\
	for ((pos) = um_llist_entry(node, typeof(pos), member);		\
	     member_address_is_nonnull(pos, member) &&			\
	     ((n) = um_llist_entry((pos)->member.next, typeof(n), member), true); \
	     (pos) = (n))

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
	return node->next;
}

bool llist_add_batch(struct llist_node *new_first, struct llist_node *new_last,
		     struct llist_head *head);
struct llist_node *llist_del_first(struct llist_head *head);
struct llist_node *llist_reverse_order(struct llist_node *head);

/* Whether the list was empty: who pushes onto an empty one wakes the one who takes. */
static inline bool llist_add(struct llist_node *new, struct llist_head *head)
{
	return llist_add_batch(new, new, head);
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

/* ---- where nobody else is at the list ---------------------------------- */

static inline bool __llist_add_batch(struct llist_node *new_first, struct llist_node *new_last,
				     struct llist_head *head)
{
	new_last->next = head->first;
	head->first = new_first;
	return !new_last->next;
}

static inline bool __llist_add(struct llist_node *new, struct llist_head *head)
{
	return __llist_add_batch(new, new, head);
}

static inline struct llist_node *__llist_del_all(struct llist_head *head)
{
	struct llist_node *all = head->first;

	head->first = NULL;
	return all;
}

#if KAPI_LLIST_INIT_NODE || defined(UMDEV_BUILTIN)
/* ---- nodes that know whether they are on a list ------------------------- */

bool llist_del_first_this(struct llist_head *head, struct llist_node *this);

/* On no list: it leads to itself. */
static inline void init_llist_node(struct llist_node *node)
{
	WRITE_ONCE(node->next, node);
}

static inline bool llist_on_list(const struct llist_node *node)
{
	return READ_ONCE(node->next) != node;
}

static inline struct llist_node *llist_del_first_init(struct llist_head *head)
{
	struct llist_node *first = llist_del_first(head);

	if (first)
		init_llist_node(first);
	return first;
}
#endif

#endif
