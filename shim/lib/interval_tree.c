// SPDX-License-Identifier: GPL-2.0-only
/* Ranges in the order of their starts; they may overlap. */
#include <linux/export.h>
#include <linux/interval_tree.h>

#define to_range(_node) rb_entry_safe(_node, struct interval_tree_node, rb)

/**
 * interval_tree_insert() - put a range into a tree
 * @node: in no tree, with its start and its last
 * @root: the tree
 *
 * Context: the user's lock on the tree is held.
 */
void interval_tree_insert(struct interval_tree_node *node, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (node->start < to_range(parent)->start) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	node->__subtree_last = node->last;
	rb_link_node(&node->rb, parent, link);
	rb_insert_color_cached(&node->rb, root, leftmost);
}
EXPORT_SYMBOL_GPL(interval_tree_insert);

/**
 * interval_tree_remove() - take a range out of a tree
 * @node: in @root
 * @root: the tree
 *
 * Context: the user's lock on the tree is held.
 */
void interval_tree_remove(struct interval_tree_node *node, struct rb_root_cached *root)
{
	rb_erase_cached(&node->rb, root);
}
EXPORT_SYMBOL_GPL(interval_tree_remove);

/* The first from @node on that has something of the range. */
static struct interval_tree_node *first_from(struct interval_tree_node *node,
					     unsigned long start, unsigned long last)
{
	for (; node && node->start <= last; node = to_range(rb_next(&node->rb)))
		if (node->last >= start)
			return node;
	return NULL;
}

/**
 * interval_tree_iter_first() - the first range that overlaps another
 * @root:  the tree
 * @start: first in that
 * @last:  and last
 *
 * Context: the user's lock on the tree is held.
 * Return: the range with the lowest start, or NULL.
 */
struct interval_tree_node *interval_tree_iter_first(struct rb_root_cached *root,
						    unsigned long start, unsigned long last)
{
	return first_from(to_range(rb_first_cached(root)), start, last);
}
EXPORT_SYMBOL_GPL(interval_tree_iter_first);

/**
 * interval_tree_iter_next() - the next range that overlaps another
 * @node:  in a tree: from interval_tree_iter_first() or this
 * @start: first in that
 * @last:  and last
 *
 * Context: the user's lock on the tree is held.
 * Return: the range, or NULL.
 */
struct interval_tree_node *interval_tree_iter_next(struct interval_tree_node *node,
						   unsigned long start, unsigned long last)
{
	return first_from(to_range(rb_next(&node->rb)), start, last);
}
EXPORT_SYMBOL_GPL(interval_tree_iter_next);
