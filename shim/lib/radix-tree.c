// SPDX-License-Identifier: GPL-2.0-only
/*
 * The radix tree, on the tree that xarray, idr and ida lie in (lib/xarray.c). It
 * takes no lock and asks for none: its callers' are of any kind.
 *
 * A place for an entry may have to be allocated, with the flags that the tree was
 * made with, unless the task has preloaded: from then to radix_tree_preload_end()
 * the first insertion cannot fail.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/radix-tree.h>

#include "check/op.h"
#include "kernel/sched/sched.h"
#include "lib/xarray.h"

/* What XA_FLAGS_… have in common with flags of gfp.h is not asked for by drivers. */
static gfp_t gfp_of(const struct radix_tree_root *root)
{
	return root->xa_flags;
}

/**
 * radix_tree_insert() - store an item where there is none
 * @root:  the tree, whose lock the caller holds
 * @index: where
 * @item:  not NULL, and aligned to 4
 *
 * Context: as the flags say that the tree was made with.
 * Return: 0; -EEXIST; -ENOMEM.
 */
int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item)
{
	struct um_sched_task *t = um_this();
	struct um_fault_site *site = um_fault_site("radix_tree_insert");
	void *old;

	if (um_xa_peek(root, index))
		return -EEXIST;
	if (t->radix_preloaded) {
		t->radix_preloaded = false;
		site = NULL;
	}
	old = um_xa_put(root, index, item, site, gfp_of(root));
	return xa_err(old);
}
EXPORT_SYMBOL(radix_tree_insert);

/**
 * radix_tree_lookup() - the item at an index
 * @root:  the tree, whose lock or rcu_read_lock() the caller holds
 * @index: where
 *
 * Return: the item, or NULL.
 */
void *radix_tree_lookup(const struct radix_tree_root *root, unsigned long index)
{
	return um_xa_peek(root, index);
}
EXPORT_SYMBOL(radix_tree_lookup);

/**
 * radix_tree_lookup_slot() - where the item at an index is stored
 * @root:  the tree, whose lock or rcu_read_lock() the caller holds
 * @index: of the item
 *
 * Return: a slot for radix_tree_deref_slot() and radix_tree_replace_slot(), or
 * NULL if there is no item.
 */
void __rcu **radix_tree_lookup_slot(const struct radix_tree_root *root, unsigned long index)
{
	return um_xa_slot(root, index);
}
EXPORT_SYMBOL(radix_tree_lookup_slot);

/**
 * radix_tree_replace_slot() - put another item in a slot
 * @root:  the tree, whose lock the caller holds
 * @slot:  of radix_tree_lookup_slot(), or of a walk
 * @entry: the other item, not NULL
 */
void radix_tree_replace_slot(struct radix_tree_root *root, void __rcu **slot, void *entry)
{
	if (WARN_ON_ONCE(!entry))
		return;
	rcu_assign_pointer(*slot, entry);
}
EXPORT_SYMBOL(radix_tree_replace_slot);

/**
 * radix_tree_delete_item() - take an item out if it is a certain one
 * @root:  the tree, whose lock the caller holds
 * @index: where
 * @item:  the item; NULL: any
 *
 * Its tags go with it.
 *
 * Return: what was there and is taken out, or NULL.
 */
void *radix_tree_delete_item(struct radix_tree_root *root, unsigned long index, void *item)
{
	if (item && um_xa_peek(root, index) != item)
		return NULL;
	return um_xa_take(root, index);
}
EXPORT_SYMBOL(radix_tree_delete_item);

/**
 * radix_tree_delete() - take an item out
 * @root:  the tree, whose lock the caller holds
 * @index: where
 *
 * Return: the item, or NULL if there was none.
 */
void *radix_tree_delete(struct radix_tree_root *root, unsigned long index)
{
	return radix_tree_delete_item(root, index, NULL);
}
EXPORT_SYMBOL(radix_tree_delete);

/* ---- tags ---------------------------------------------------------------- */

/**
 * radix_tree_tag_set() - tag an item
 * @root:  the tree, whose lock the caller holds
 * @index: of the item, which is a BUG if there is none
 * @tag:   less than RADIX_TREE_MAX_TAGS
 *
 * Return: the item.
 */
void *radix_tree_tag_set(struct radix_tree_root *root, unsigned long index, unsigned int tag)
{
	void *item = um_xa_peek(root, index);

	BUG_ON(!item);
	um_xa_mark(root, index, tag, true);
	return item;
}
EXPORT_SYMBOL(radix_tree_tag_set);

/**
 * radix_tree_tag_clear() - take a tag off an item
 * @root:  the tree, whose lock the caller holds
 * @index: of the item
 * @tag:   less than RADIX_TREE_MAX_TAGS
 *
 * Return: the item, or NULL if there is none.
 */
void *radix_tree_tag_clear(struct radix_tree_root *root, unsigned long index, unsigned int tag)
{
	um_xa_mark(root, index, tag, false);
	return um_xa_peek(root, index);
}
EXPORT_SYMBOL(radix_tree_tag_clear);

/**
 * radix_tree_tag_get() - has an item a tag?
 * @root:  the tree, whose lock or rcu_read_lock() the caller holds
 * @index: of the item
 * @tag:   less than RADIX_TREE_MAX_TAGS
 *
 * Return: 1 or 0.
 */
int radix_tree_tag_get(const struct radix_tree_root *root, unsigned long index,
		       unsigned int tag)
{
	unsigned long at = index;

	return um_xa_next(root, &at, index, tag) != NULL;
}
EXPORT_SYMBOL(radix_tree_tag_get);

/**
 * radix_tree_tagged() - has any item a tag?
 * @root: the tree, whose lock or rcu_read_lock() the caller holds
 * @tag:  less than RADIX_TREE_MAX_TAGS
 *
 * Return: 1 or 0.
 */
int radix_tree_tagged(const struct radix_tree_root *root, unsigned int tag)
{
	unsigned long at = 0;

	return um_xa_next(root, &at, ULONG_MAX, tag) != NULL;
}
EXPORT_SYMBOL(radix_tree_tagged);

/* ---- many items ---------------------------------------------------------- */

/**
 * um_radix_tree_next() - a step of a walk, of radix_tree_for_each_slot() and its like
 * @root: the tree, whose lock or rcu_read_lock() the caller holds
 * @iter: the walk
 * @tag:  that the items have; -1: any item
 *
 * Return: the slot that the walk is at, or NULL at the end.
 */
void __rcu **um_radix_tree_next(const struct radix_tree_root *root, struct radix_tree_iter *iter,
				int tag)
{
	unsigned long at = iter->next_index;

	if (!um_xa_next(root, &at, ULONG_MAX, tag < 0 ? XA_PRESENT : (xa_mark_t)tag))
		return NULL;
	iter->index = at;
	/* 0 behind the last one that there can be */
	iter->next_index = at + 1;
	return um_xa_slot(root, at);
}
EXPORT_SYMBOL(um_radix_tree_next);

static unsigned int gang(const struct radix_tree_root *root, void **results,
			 unsigned long first_index, unsigned int max_items, int tag)
{
	struct radix_tree_iter iter = { .next_index = first_index };
	unsigned int n = 0;
	void __rcu **slot;

	do {
		slot = n < max_items ? um_radix_tree_next(root, &iter, tag) : NULL;
		if (!slot)
			break;
		results[n] = rcu_dereference_raw(*slot);
		/* one that has just gone is none */
		n += results[n] != NULL;
	} while (iter.next_index);
	return n;
}

/**
 * radix_tree_gang_lookup() - the next items
 * @root:        the tree, whose lock or rcu_read_lock() the caller holds
 * @results:     room for @max_items
 * @first_index: where to begin
 * @max_items:   how many at most
 *
 * Return: how many there are in @results, in the order of their indexes.
 */
unsigned int radix_tree_gang_lookup(const struct radix_tree_root *root, void **results,
				    unsigned long first_index, unsigned int max_items)
{
	return gang(root, results, first_index, max_items, -1);
}
EXPORT_SYMBOL(radix_tree_gang_lookup);

/**
 * radix_tree_gang_lookup_tag() - the next items that have a tag
 * @root:        the tree, whose lock or rcu_read_lock() the caller holds
 * @results:     room for @max_items
 * @first_index: where to begin
 * @max_items:   how many at most
 * @tag:         less than RADIX_TREE_MAX_TAGS
 *
 * Return: how many there are in @results, in the order of their indexes.
 */
unsigned int radix_tree_gang_lookup_tag(const struct radix_tree_root *root, void **results,
					unsigned long first_index, unsigned int max_items,
					unsigned int tag)
{
	return gang(root, results, first_index, max_items, tag);
}
EXPORT_SYMBOL(radix_tree_gang_lookup_tag);

/**
 * radix_tree_iter_delete() - take the item out that a walk is at
 * @root: the tree, whose lock the caller holds
 * @iter: the walk, which may go on
 * @slot: where it is
 */
void radix_tree_iter_delete(struct radix_tree_root *root, struct radix_tree_iter *iter,
			    void __rcu **slot)
{
	um_xa_take(root, iter->index);
}
EXPORT_SYMBOL(radix_tree_iter_delete);

/* ---- preloading ---------------------------------------------------------- */

/**
 * radix_tree_preload() - make sure that an insertion under a lock has memory
 * @gfp_mask: how to allocate it; may wait
 *
 * Context: may sleep. With 0 the task must not until radix_tree_preload_end(),
 * and its next insertion does not fail for lack of memory.
 * Return: 0 or -ENOMEM.
 */
int radix_tree_preload(gfp_t gfp_mask)
{
	um_might_alloc(gfp_mask, __FILE__, __LINE__);
	if (um_fallible("radix_tree_preload", true, false))
		return -ENOMEM;
	preempt_disable();
	um_this()->radix_preloaded = true;
	return 0;
}
EXPORT_SYMBOL(radix_tree_preload);

/**
 * radix_tree_maybe_preload() - radix_tree_preload() where the flags allow to wait
 * @gfp_mask: how to allocate; where that may not wait, there is nothing preloaded
 *
 * Context: as @gfp_mask says; to be ended as radix_tree_preload().
 * Return: 0 or -ENOMEM.
 */
int radix_tree_maybe_preload(gfp_t gfp_mask)
{
	if (gfpflags_allow_blocking(gfp_mask))
		return radix_tree_preload(gfp_mask);
	preempt_disable();
	return 0;
}
EXPORT_SYMBOL(radix_tree_maybe_preload);

/**
 * radix_tree_preload_end() - the end of what radix_tree_preload() began
 *
 * Context: the task may sleep again afterwards.
 */
void radix_tree_preload_end(void)
{
	um_this()->radix_preloaded = false;
	preempt_enable();
}
EXPORT_SYMBOL(radix_tree_preload_end);
