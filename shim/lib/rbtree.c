// SPDX-License-Identifier: GPL-2.0-only
/*
 * Red-black trees: no red node has a red child, and each way from the root to a
 * place without a node has the same number of black ones. A missing child is
 * black. All else, above all the order and the locks, is the user's.
 *
 * Both repairs go up from where the rule is broken; what holds for the left holds
 * for the right as in a mirror, so that a side is a value here.
 */
#include <linux/export.h>
#include <linux/rbtree.h>

enum side { LEFT, RIGHT };
#define other(side) ((enum side)!(side))

static struct rb_node **child(struct rb_node *node, enum side side)
{
	return side == LEFT ? &node->rb_left : &node->rb_right;
}

static bool is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & 1);
}

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (unsigned long)parent | (node->__rb_parent_color & 1);
}

static void set_black(struct rb_node *node, bool black)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1UL) | black;
}

/* Where the tree points at a node. */
static struct rb_node **link_to(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(node);

	if (!parent)
		return &root->rb_node;
	return parent->rb_left == node ? &parent->rb_left : &parent->rb_right;
}

static enum side side_of(const struct rb_node *node, const struct rb_node *parent)
{
	return parent->rb_left == node ? LEFT : RIGHT;
}

/* The child on the other side comes up, and @node goes down on @side. */
static void rotate(struct rb_node *node, enum side side, struct rb_root *root)
{
	struct rb_node *up = *child(node, other(side)), *inner = *child(up, side);

	*link_to(node, root) = up;
	set_parent(up, rb_parent(node));
	*child(node, other(side)) = inner;
	if (inner)
		set_parent(inner, node);
	*child(up, side) = node;
	set_parent(node, up);
}

/**
 * rb_insert_color() - balance a tree that a node was linked into
 * @node: after rb_link_node()
 * @root: the tree
 *
 * Context: the user's lock on the tree is held.
 */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *grand, *uncle;
	enum side side;

	while (is_red(parent = rb_parent(node))) {
		grand = rb_parent(parent);	/* the root is black */
		side = side_of(parent, grand);
		uncle = *child(grand, other(side));
		if (is_red(uncle)) {
			set_black(parent, true);
			set_black(uncle, true);
			set_black(grand, false);
			node = grand;
			continue;
		}
		if (side_of(node, parent) != side) {
			rotate(parent, side, root);
			parent = node;
		}
		set_black(parent, true);
		set_black(grand, false);
		rotate(grand, other(side), root);
		break;
	}
	set_black(root->rb_node, true);
}
EXPORT_SYMBOL(rb_insert_color);

/* Below @parent, the ways by its child @node lack one black. */
static void repair_erase(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	struct rb_node *sibling;
	enum side side;

	while (parent && !is_red(node)) {
		side = side_of(node, parent);
		sibling = *child(parent, other(side));
		if (is_red(sibling)) {
			set_black(sibling, true);
			set_black(parent, false);
			rotate(parent, side, root);
			sibling = *child(parent, other(side));
		}
		if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
			set_black(sibling, false);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!is_red(*child(sibling, other(side)))) {
			set_black(*child(sibling, side), true);
			set_black(sibling, false);
			rotate(sibling, other(side), root);
			sibling = *child(parent, other(side));
		}
		set_black(sibling, !is_red(parent));
		set_black(parent, true);
		set_black(*child(sibling, other(side)), true);
		rotate(parent, side, root);
		return;
	}
	if (node)
		set_black(node, true);
}

/**
 * rb_erase() - take a node out of a tree
 * @node: in @root; its own members are as before
 * @root: the tree
 *
 * Context: the user's lock on the tree is held.
 */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *gone = node, *below, *parent;
	bool black;

	/* with two children the next one, which has at most one, takes its place */
	if (node->rb_left && node->rb_right)
		for (gone = node->rb_right; gone->rb_left;)
			gone = gone->rb_left;
	below = gone->rb_left ?: gone->rb_right;
	parent = rb_parent(gone);
	black = !is_red(gone);
	*link_to(gone, root) = below;
	if (below)
		set_parent(below, parent);
	if (gone != node) {
		if (parent == node)
			parent = gone;
		rb_replace_node(node, gone, root);
	}
	if (black)
		repair_erase(below, parent, root);
}
EXPORT_SYMBOL(rb_erase);

/**
 * rb_replace_node() - another node takes the place of one
 * @victim: in @root
 * @new:    in no tree; it must be of the same order as @victim
 * @root:   the tree
 *
 * Context: the user's lock on the tree is held.
 */
void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*link_to(victim, root) = new;
	*new = *victim;
	if (new->rb_left)
		set_parent(new->rb_left, new);
	if (new->rb_right)
		set_parent(new->rb_right, new);
}
EXPORT_SYMBOL(rb_replace_node);

/* ---- in order --------------------------------------------------------------- */

static struct rb_node *end_of(struct rb_node *node, enum side side)
{
	while (node && *child(node, side))
		node = *child(node, side);
	return node;
}

static struct rb_node *neighbour(const struct rb_node *node, enum side side)
{
	struct rb_node *n = (struct rb_node *)node, *parent;

	if (RB_EMPTY_NODE(n))
		return NULL;
	if (*child(n, side))
		return end_of(*child(n, side), other(side));
	while ((parent = rb_parent(n)) && side_of(n, parent) == side)
		n = parent;
	return parent;
}

/**
 * rb_next() - the node behind one
 * @node: in a tree
 *
 * Context: the user's lock on the tree is held.
 * Return: the node, or NULL behind the last, and for a node that RB_CLEAR_NODE()
 * marked as in no tree.
 */
struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, RIGHT);
}
EXPORT_SYMBOL(rb_next);

/**
 * rb_prev() - the node before one
 * @node: in a tree
 *
 * Context: the user's lock on the tree is held.
 * Return: as rb_next().
 */
struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, LEFT);
}
EXPORT_SYMBOL(rb_prev);

/**
 * rb_first() - the first node
 * @root: of a tree
 *
 * Context: the user's lock on the tree is held.
 * Return: the node, or NULL for an empty tree.
 */
struct rb_node *rb_first(const struct rb_root *root)
{
	return end_of(root->rb_node, LEFT);
}
EXPORT_SYMBOL(rb_first);

/**
 * rb_last() - the last node
 * @root: of a tree
 *
 * Context: the user's lock on the tree is held.
 * Return: the node, or NULL for an empty tree.
 */
struct rb_node *rb_last(const struct rb_root *root)
{
	return end_of(root->rb_node, RIGHT);
}
EXPORT_SYMBOL(rb_last);

static struct rb_node *deepest(struct rb_node *node)
{
	while (node && (node->rb_left || node->rb_right))
		node = node->rb_left ?: node->rb_right;
	return node;
}

/**
 * rb_first_postorder() - a node without children, to begin with
 * @root: of a tree
 *
 * Context: the user's lock on the tree is held.
 * Return: the node, or NULL for an empty tree.
 */
struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return deepest(root->rb_node);
}
EXPORT_SYMBOL(rb_first_postorder);

/**
 * rb_next_postorder() - the node to come after one, children first
 * @node: in a tree, or NULL
 *
 * Context: the user's lock on the tree is held.
 * Return: the node, or NULL behind the root.
 */
struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && parent->rb_left == node && parent->rb_right)
		return deepest(parent->rb_right);
	return parent;
}
EXPORT_SYMBOL(rb_next_postorder);
