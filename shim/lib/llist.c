// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists without locks: the head is changed by compare and exchange alone, which
 * is where another task may come in between.
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/llist.h>

/**
 * llist_add_batch() - push a chain of nodes in front of a list
 * @new_first: of the chain; the first of the list afterwards
 * @new_last:  of the chain; its next is set here
 * @head:      the list
 *
 * Return: whether the list was empty.
 */
bool llist_add_batch(struct llist_node *new_first, struct llist_node *new_last,
		     struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first), *seen;

	for (;;) {
		/* another may be walking the list already once the head is exchanged */
		WRITE_ONCE(new_last->next, first);
		seen = cmpxchg(&head->first, first, new_first);
		if (seen == first)
			return !first;
		first = seen;
	}
}
EXPORT_SYMBOL_GPL(llist_add_batch);

/**
 * llist_del_first() - take the youngest node
 * @head: the list
 *
 * One task at a time may take from a list: the node that comes next is read from
 * one that another may have taken and pushed again.
 *
 * Return: the node, or NULL.
 */
struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *first = smp_load_acquire(&head->first), *seen;

	while (first) {
		seen = cmpxchg(&head->first, first, READ_ONCE(first->next));
		if (seen == first)
			break;
		first = seen;
	}
	return first;
}
EXPORT_SYMBOL_GPL(llist_del_first);

/**
 * llist_del_first_this() - take the youngest node if it is a certain one
 * @head: the list
 * @this: the node
 *
 * Several tasks may do so at once, each with a node of its own.
 *
 * Return: whether @this was the first, and is taken.
 */
bool llist_del_first_this(struct llist_head *head, struct llist_node *this)
{
	if (smp_load_acquire(&head->first) != this)
		return false;
	return cmpxchg(&head->first, this, READ_ONCE(this->next)) == this;
}
EXPORT_SYMBOL_GPL(llist_del_first_this);

/**
 * llist_reverse_order() - turn a chain round
 * @head: the first of a chain that was taken off a list
 *
 * Return: what was the last, which was pushed first.
 */
struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *turned = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = turned;
		turned = head;
		head = next;
	}
	return turned;
}
EXPORT_SYMBOL_GPL(llist_reverse_order);
