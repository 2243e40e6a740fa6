/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The radix tree: pointers by index, with up to three tags each, in an xarray
 * (lib/radix-tree.c). Who changes it holds a lock of the caller's; who reads it
 * holds that or rcu_read_lock(). An entry may go while a tree is walked.
 *
 * Left out: multi-index entries, radix_tree_iter_resume() and the walk by
 * radix_tree_next_chunk().
 */
#ifndef _LINUX_RADIX_TREE_H
#define _LINUX_RADIX_TREE_H

#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

/* the same, under the names from before 4.20 */
#define radix_tree_root		xarray

#define RADIX_TREE_MAX_TAGS	3

#define RADIX_TREE_INIT(name, mask)	XARRAY_INIT(name, mask)
#define RADIX_TREE(name, mask) \
	struct radix_tree_root name = RADIX_TREE_INIT(name, mask)
#define INIT_RADIX_TREE(root, mask)	xa_init_flags(root, mask)

static inline bool radix_tree_empty(const struct radix_tree_root *root)
{
	return xa_empty(root);
}

int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item);
void *radix_tree_lookup(const struct radix_tree_root *root, unsigned long index);
void __rcu **radix_tree_lookup_slot(const struct radix_tree_root *root, unsigned long index);
void *radix_tree_delete(struct radix_tree_root *root, unsigned long index);
void *radix_tree_delete_item(struct radix_tree_root *root, unsigned long index, void *item);

void *radix_tree_tag_set(struct radix_tree_root *root, unsigned long index, unsigned int tag);
void *radix_tree_tag_clear(struct radix_tree_root *root, unsigned long index, unsigned int tag);
int radix_tree_tag_get(const struct radix_tree_root *root, unsigned long index,
		       unsigned int tag);
int radix_tree_tagged(const struct radix_tree_root *root, unsigned int tag);

unsigned int radix_tree_gang_lookup(const struct radix_tree_root *root, void **results,
				    unsigned long first_index, unsigned int max_items);
unsigned int radix_tree_gang_lookup_tag(const struct radix_tree_root *root, void **results,
					unsigned long first_index, unsigned int max_items,
					unsigned int tag);

int radix_tree_preload(gfp_t gfp_mask);
int radix_tree_maybe_preload(gfp_t gfp_mask);
void radix_tree_preload_end(void);

/* ---- slots --------------------------------------------------------------- */

static inline void *radix_tree_deref_slot(void __rcu **slot)
{
	return rcu_dereference(*slot);
}

static inline void *radix_tree_deref_slot_protected(void __rcu **slot, spinlock_t *treelock)
{
	return rcu_dereference_protected(*slot, lockdep_is_held(treelock));
}

void radix_tree_replace_slot(struct radix_tree_root *root, void __rcu **slot, void *entry);

/* ---- walks --------------------------------------------------------------- */

struct radix_tree_iter {
	unsigned long index;		/* of the slot that the walk is at */
	unsigned long next_index;	/* where it goes on */
};

/* From @iter->next_index on, with @tag unless that is -1; NULL at the end. */
void __rcu **um_radix_tree_next(const struct radix_tree_root *root, struct radix_tree_iter *iter,
				int tag);
void radix_tree_iter_delete(struct radix_tree_root *root, struct radix_tree_iter *iter,
			    void __rcu **slot);

#define um_radix_tree_walk(slot, root, iter, start, tag)		\
	for ((iter)->next_index = (start), (iter)->index = 0,		\
	     (slot) = um_radix_tree_next(root, iter, tag); (slot);	\
	     (slot) = (iter)->next_index ? um_radix_tree_next(root, iter, tag) : NULL)
#define radix_tree_for_each_slot(slot, root, iter, start) \
	um_radix_tree_walk(slot, root, iter, start, -1)
#define radix_tree_for_each_tagged(slot, root, iter, start, tag) \
	um_radix_tree_walk(slot, root, iter, start, (int)(tag))

#endif
