// SPDX-License-Identifier: GPL-2.0-only
/*
 * XArray over a radix tree of 64 slots per node.
 *
 * A node knows its own height, so a reader that has one needs nothing else:
 * the root can be replaced under it. Three summaries per node, one bit a
 * slot, make searching proportional to the depth: present (there is
 * something), full (nothing free below; what is missing counts as free) and
 * the marks. The tree is no higher than its largest index needs, and nodes
 * without entries go away after a grace period.
 *
 * As in Linux, an array whose only entry is at index 0 needs no node; here it
 * has one all the same, but no fault is injected for it. That a node cannot be
 * made is simulated before the first one is: there is nothing to undo.
 *
 * Left out: the advanced interface, multi-index entries, lockdep of
 * the callers of the locked forms.
 */
#include <linux/bits.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "check/op.h"
#include "host/host.h"
#include "lib/xarray.h"

#define SLOT_BITS	6
#define SLOTS		(1U << SLOT_BITS)
#define MARKS		3

struct um_xa_node {
	struct rcu_head rcu;
	struct um_xa_node *parent;	/* NULL at the top */
	unsigned int shift;		/* of the index, at this node; 0: a leaf */
	unsigned int offset;		/* in the parent */
	u64 present;
	u64 full;
	u64 marks[MARKS];
	void *slots[SLOTS];
};

static unsigned long node_max(const struct um_xa_node *node)
{
	unsigned int bits = node->shift + SLOT_BITS;

	return bits >= BITS_PER_LONG ? ULONG_MAX : (1UL << bits) - 1;
}

static unsigned int slot_of(const struct um_xa_node *node, unsigned long index)
{
	return (index >> node->shift) & (SLOTS - 1);
}

/* The index of @slot's first entry, given any index below @node. */
static unsigned long slot_base(const struct um_xa_node *node,
			       unsigned long index, unsigned int slot)
{
	return (index & ~node_max(node)) | ((unsigned long)slot << node->shift);
}

static void set_summary(u64 *word, unsigned int bit, bool on)
{
	WRITE_ONCE(*word, on ? *word | BIT_ULL(bit) : *word & ~BIT_ULL(bit));
}

static void free_node_rcu(struct rcu_head *head)
{
	host_free(container_of(head, struct um_xa_node, rcu));
}

static struct um_xa_node *new_node(struct um_xa_node *parent,
				   unsigned int offset, unsigned int shift)
{
	struct um_xa_node *node = host_need(sizeof(*node));

	node->parent = parent;
	node->offset = offset;
	node->shift = shift;
	return node;
}

/* ---- finding --------------------------------------------------------------- */

static struct um_xa_node *top_of(const struct xarray *xa)
{
	return rcu_dereference_raw(xa->um_top);
}

static struct um_xa_node *leaf_of(const struct xarray *xa, unsigned long index)
{
	struct um_xa_node *node = top_of(xa);

	if (!node || index > node_max(node))
		return NULL;
	while (node && node->shift)
		node = rcu_dereference_raw(node->slots[slot_of(node, index)]);
	return node;
}

void *um_xa_peek(const struct xarray *xa, unsigned long index)
{
	struct um_xa_node *leaf = leaf_of(xa, index);

	return leaf ? rcu_dereference_raw(leaf->slots[slot_of(leaf, index)]) : NULL;
}

static u64 summary(const struct um_xa_node *node, xa_mark_t filter)
{
	return READ_ONCE(*(filter < MARKS ? &node->marks[filter] : &node->present));
}

static void *next_below(struct um_xa_node *node, unsigned long *index,
			xa_mark_t filter)
{
	unsigned int slot = slot_of(node, *index);
	unsigned long from = *index;
	u64 bits = summary(node, filter) & (~0ULL << slot);
	void *entry;

	for (; bits; bits &= bits - 1) {
		unsigned int s = __ffs64(bits);

		if (s != slot)
			*index = slot_base(node, from, s);
		entry = rcu_dereference_raw(node->slots[s]);
		if (entry && node->shift)
			entry = next_below(entry, index, filter);
		if (entry)
			return entry;
	}
	return NULL;
}

void **um_xa_slot(const struct xarray *xa, unsigned long index)
{
	struct um_xa_node *leaf = leaf_of(xa, index);
	unsigned int slot = leaf ? slot_of(leaf, index) : 0;

	return leaf && rcu_dereference_raw(leaf->slots[slot]) ? &leaf->slots[slot] : NULL;
}

void *um_xa_next(const struct xarray *xa, unsigned long *index,
		 unsigned long max, xa_mark_t filter)
{
	struct um_xa_node *top = top_of(xa);
	unsigned long at = *index;
	void *entry;

	if (!top || at > node_max(top))
		return NULL;
	entry = next_below(top, &at, filter);
	if (!entry || at > max)
		return NULL;
	*index = at;
	return entry;
}

static bool free_below(struct um_xa_node *node, unsigned long *index)
{
	unsigned int slot = slot_of(node, *index);
	unsigned long from = *index;
	u64 bits = ~node->full & (~0ULL << slot);

	for (; bits; bits &= bits - 1) {
		unsigned int s = __ffs64(bits);

		if (s != slot)
			*index = slot_base(node, from, s);
		if (!node->shift || !node->slots[s] ||
		    free_below(node->slots[s], index))
			return true;
	}
	return false;
}

bool um_xa_first_free(const struct xarray *xa, unsigned long min,
		      unsigned long max, unsigned long *index)
{
	struct um_xa_node *top = xa->um_top;
	unsigned long at = min;

	if (top && min <= node_max(top) && !free_below(top, &at)) {
		if (node_max(top) == ULONG_MAX)
			return false;
		at = node_max(top) + 1;
	}
	if (at > max)
		return false;
	*index = at;
	return true;
}

/* ---- changing ----------------------------------------------------------------- */

/* Would Linux keep this array in its head, without a node? */
static bool head_only(const struct um_xa_node *top)
{
	return !top || (!top->shift && !(top->present & ~1ULL));
}

static bool needs_node(const struct xarray *xa, unsigned long index)
{
	return head_only(xa->um_top) ? index != 0 : !leaf_of(xa, index);
}

static void link_node(struct um_xa_node *parent, unsigned int slot, void *entry)
{
	rcu_assign_pointer(parent->slots[slot], entry);
	set_summary(&parent->present, slot, true);
}

/* Makes the tree high enough, top first. An unused top node does no harm. */
static void grow(struct xarray *xa, unsigned long index)
{
	struct um_xa_node *top = xa->um_top, *above;
	unsigned int m;

	if (!top) {
		top = new_node(NULL, 0, 0);
		rcu_assign_pointer(xa->um_top, top);
	}
	while (index > node_max(top)) {
		above = new_node(NULL, 0, top->shift + SLOT_BITS);
		if (top->present) {
			set_summary(&above->full, 0, !~top->full);
			for (m = 0; m < MARKS; m++)
				set_summary(&above->marks[m], 0, top->marks[m]);
			link_node(above, 0, top);
			top->parent = above;
			rcu_assign_pointer(xa->um_top, above);
		} else {
			rcu_assign_pointer(xa->um_top, above);
			call_rcu(&top->rcu, free_node_rcu);
		}
		top = above;
	}
}

static void shrink(struct xarray *xa)
{
	struct um_xa_node *top = xa->um_top, *child;

	while (top->shift && top->present == 1) {
		child = top->slots[0];
		child->parent = NULL;
		rcu_assign_pointer(xa->um_top, child);
		call_rcu(&top->rcu, free_node_rcu);
		top = child;
	}
}

/* Takes nodes without entries out, from @node upwards. */
static void prune(struct xarray *xa, struct um_xa_node *node)
{
	while (!node->present) {
		struct um_xa_node *parent = node->parent;

		if (parent) {
			rcu_assign_pointer(parent->slots[node->offset], NULL);
			set_summary(&parent->present, node->offset, false);
		} else {
			rcu_assign_pointer(xa->um_top, NULL);
		}
		call_rcu(&node->rcu, free_node_rcu);
		if (!parent)
			return;
		node = parent;
	}
	shrink(xa);
}

/* The leaf for @index, made when missing. */
static struct um_xa_node *make_leaf(struct xarray *xa, unsigned long index)
{
	struct um_xa_node *node, *child;

	grow(xa, index);
	for (node = xa->um_top; node->shift; node = child) {
		unsigned int slot = slot_of(node, index);

		child = node->slots[slot];
		if (child)
			continue;
		child = new_node(node, slot, node->shift - SLOT_BITS);
		link_node(node, slot, child);
	}
	return node;
}

static void mark_full(struct um_xa_node *node, unsigned int slot, bool full)
{
	while (node) {
		set_summary(&node->full, slot, full);
		full = !~node->full;
		slot = node->offset;
		node = node->parent;
	}
}

static void mark_slot(struct um_xa_node *node, unsigned int slot, xa_mark_t mark,
		      bool on)
{
	while (node) {
		set_summary(&node->marks[mark], slot, on);
		on = node->marks[mark] != 0;
		slot = node->offset;
		node = node->parent;
	}
}

void *um_xa_put(struct xarray *xa, unsigned long index, void *entry,
		struct um_fault_site *site, gfp_t gfp)
{
	struct um_xa_node *leaf;
	unsigned int slot;
	void *old;

	if (site && !(gfp & __GFP_NOFAIL) && needs_node(xa, index) &&
	    um_fault_hit(site))
		return xa_mk_internal(-ENOMEM);
	leaf = make_leaf(xa, index);
	slot = slot_of(leaf, index);
	old = leaf->slots[slot];
	link_node(leaf, slot, entry);
	mark_full(leaf, slot, true);
	return old;
}

void *um_xa_take(struct xarray *xa, unsigned long index)
{
	struct um_xa_node *leaf = leaf_of(xa, index);
	unsigned int slot;
	xa_mark_t mark;
	void *old;

	if (!leaf)
		return NULL;
	slot = slot_of(leaf, index);
	old = leaf->slots[slot];
	if (!old)
		return NULL;
	rcu_assign_pointer(leaf->slots[slot], NULL);
	set_summary(&leaf->present, slot, false);
	mark_full(leaf, slot, false);
	for (mark = 0; mark < MARKS; mark++)
		mark_slot(leaf, slot, mark, false);
	prune(xa, leaf);
	return old;
}

void um_xa_set_full(struct xarray *xa, unsigned long index, bool full)
{
	struct um_xa_node *leaf = leaf_of(xa, index);

	mark_full(leaf, slot_of(leaf, index), full);
}

/* ---- locks ---------------------------------------------------------------------- */

static void lock_as(struct xarray *xa, enum um_xa_locking how)
{
	switch (how) {
	case UM_XA_LOCK:
		xa_lock(xa);
		break;
	case UM_XA_LOCK_BH:
		xa_lock_bh(xa);
		break;
	case UM_XA_LOCK_IRQ:
		xa_lock_irq(xa);
		break;
	case UM_XA_LOCKED:
		break;
	}
}

static void unlock_as(struct xarray *xa, enum um_xa_locking how)
{
	switch (how) {
	case UM_XA_LOCK:
		xa_unlock(xa);
		break;
	case UM_XA_LOCK_BH:
		xa_unlock_bh(xa);
		break;
	case UM_XA_LOCK_IRQ:
		xa_unlock_irq(xa);
		break;
	case UM_XA_LOCKED:
		break;
	}
}

/*
 * Before the lock: may the call sleep? The locked forms drop the lock to
 * allocate when their flags allow it, so they are not exempt in Linux; but
 * only when they allocate, and here that never takes a sleep.
 */
static void check_context(gfp_t gfp, enum um_xa_locking how,
			  const struct um_fault_site *site)
{
	if (how != UM_XA_LOCKED)
		um_might_alloc(gfp, site->file, site->line);
}

/* Siblings and the retry entry are the tree's own; other internal entries may be stored. */
static bool storable(const void *entry)
{
	return !xa_is_internal(entry) || entry > xa_mk_internal(256);
}

static void *visible(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

/* ---- reading ---------------------------------------------------------------------- */

/**
 * xa_load() - the entry at an index
 * @xa: the array
 * @index: the index
 *
 * Context: takes rcu_read_lock() by itself. Who frees what entries point at
 * waits for a grace period.
 *
 * Return: the entry; NULL for none and for a reserved one.
 */
void *xa_load(struct xarray *xa, unsigned long index)
{
	void *entry;

	rcu_read_lock();
	entry = um_xa_peek(xa, index);
	rcu_read_unlock();
	return visible(entry);
}
EXPORT_SYMBOL(xa_load);

/**
 * xa_empty() - is nothing stored?
 * @xa: the array
 *
 * Return: true without an entry; a reserved one is an entry.
 */
bool xa_empty(const struct xarray *xa)
{
	return !top_of(xa);
}
EXPORT_SYMBOL(xa_empty);

/**
 * xa_get_mark() - has the entry at an index this mark?
 * @xa: the array
 * @index: the index
 * @mark: the mark
 *
 * Return: whether it has; false where there is no entry.
 */
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct um_xa_node *leaf;
	bool marked;

	rcu_read_lock();
	leaf = leaf_of(xa, index);
	marked = leaf && (summary(leaf, mark) & BIT_ULL(slot_of(leaf, index)));
	rcu_read_unlock();
	return marked;
}
EXPORT_SYMBOL(xa_get_mark);

/**
 * xa_find() - the first entry at an index or after it
 * @xa: the array
 * @index: in: where to start; out: where it was found
 * @max: the last index to look at
 * @filter: XA_PRESENT, or a mark that the entry must have
 *
 * Reserved entries are passed over.
 *
 * Return: the entry, or NULL, and *@index is untouched then.
 */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      xa_mark_t filter)
{
	unsigned long at = *index;
	void *entry;

	rcu_read_lock();
	entry = um_xa_next(xa, &at, max, filter);
	while (xa_is_zero(entry))
		entry = at++ < max ? um_xa_next(xa, &at, max, filter) : NULL;
	rcu_read_unlock();
	if (entry)
		*index = at;
	return entry;
}
EXPORT_SYMBOL(xa_find);

/**
 * xa_find_after() - the first entry after an index
 * @xa: the array
 * @index: in: what precedes the start; out: where it was found
 * @max: the last index to look at
 * @filter: XA_PRESENT, or a mark that the entry must have
 *
 * Return: the entry, or NULL, and *@index is untouched then.
 */
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter)
{
	unsigned long at = *index + 1;
	void *entry;

	if (!at)
		return NULL;
	entry = xa_find(xa, &at, max, filter);
	if (entry)
		*index = at;
	return entry;
}
EXPORT_SYMBOL(xa_find_after);

/* ---- writing ------------------------------------------------------------------------ */

static void *store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
		   struct um_fault_site *site)
{
	return entry ? um_xa_put(xa, index, entry, site, gfp) :
		       um_xa_take(xa, index);
}

/**
 * um_xa_store() - xa_store(): set an entry
 * @xa: the array
 * @index: the index
 * @entry: the entry; NULL erases the one there, but reserves the index in an
 *         allocating array
 * @gfp: says whether the call may sleep, and __GFP_NOFAIL
 * @how: the form of the call: xa_store(), _bh(), _irq(), __xa_store()
 * @site: the call, where a fault may be injected
 *
 * Context: as the form; that @gfp fits is checked but for __xa_store().
 *
 * Return: the entry before, or an error to be asked for by xa_err(): -ENOMEM
 * by an injected fault only; -EINVAL, with a warning, for an entry that is not
 * storable.
 */
void *um_xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
		  enum um_xa_locking how, struct um_fault_site *site)
{
	void *old;

	check_context(gfp, how, site);
	if (WARN_ON(!storable(entry)))
		return xa_mk_internal(-EINVAL);
	if ((xa->xa_flags & XA_FLAGS_TRACK_FREE) && !entry)
		entry = XA_ZERO_ENTRY;
	lock_as(xa, how);
	old = store(xa, index, entry, gfp, site);
	unlock_as(xa, how);
	return visible(old);
}
EXPORT_SYMBOL(um_xa_store);

/**
 * um_xa_cmpxchg() - xa_cmpxchg(): set an entry if the one there is expected
 * @xa: the array
 * @index: the index
 * @old: what must be there; NULL: nothing, and no reservation
 * @entry: the entry; NULL erases
 * @gfp: as for xa_store()
 * @how: the form of the call
 * @site: the call, where a fault may be injected
 *
 * Context: as um_xa_store().
 *
 * Return: the entry that was there (NULL for a reserved one), or an error as
 * xa_store().
 */
void *um_xa_cmpxchg(struct xarray *xa, unsigned long index, void *old,
		    void *entry, gfp_t gfp, enum um_xa_locking how,
		    struct um_fault_site *site)
{
	void *curr;

	check_context(gfp, how, site);
	if (WARN_ON(!storable(entry)))
		return xa_mk_internal(-EINVAL);
	lock_as(xa, how);
	curr = um_xa_peek(xa, index);
	if (curr == old) {
		void *err = store(xa, index, entry, gfp, site);

		if (xa_is_err(err))
			curr = err;
	}
	unlock_as(xa, how);
	return visible(curr);
}
EXPORT_SYMBOL(um_xa_cmpxchg);

/**
 * um_xa_insert() - xa_insert(): set an entry where none is
 * @xa: the array
 * @index: the index
 * @entry: the entry; NULL reserves the index
 * @gfp: as for xa_store()
 * @how: the form of the call
 * @site: the call, where a fault may be injected
 *
 * Context: as um_xa_store().
 *
 * Return: 0; -EBUSY when something is there, a reservation too; -ENOMEM,
 * -EINVAL as xa_store().
 */
int um_xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
		 enum um_xa_locking how, struct um_fault_site *site)
{
	int err = -EBUSY;

	check_context(gfp, how, site);
	if (WARN_ON(!storable(entry)))
		return -EINVAL;
	lock_as(xa, how);
	if (!um_xa_peek(xa, index))
		err = xa_err(um_xa_put(xa, index, entry ? entry : XA_ZERO_ENTRY,
				       site, gfp));
	unlock_as(xa, how);
	return err;
}
EXPORT_SYMBOL(um_xa_insert);

/**
 * um_xa_reserve() - xa_reserve(): see to it that a later store cannot fail
 * @xa: the array
 * @index: the index; an entry that is there stays
 * @gfp: as for xa_store()
 * @site: the call, where a fault may be injected
 *
 * Context: as @gfp says; takes xa_lock().
 *
 * Return: 0, or -ENOMEM by an injected fault.
 */
int um_xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp,
		  struct um_fault_site *site)
{
	return xa_err(um_xa_cmpxchg(xa, index, NULL, XA_ZERO_ENTRY, gfp,
				    UM_XA_LOCK, site));
}
EXPORT_SYMBOL(um_xa_reserve);

/**
 * xa_release() - give up a reservation that was not used
 * @xa: the array
 * @index: the index; an entry stored there stays
 *
 * Context: takes xa_lock(), interrupts on: for an array that no interrupt
 * uses.
 */
void xa_release(struct xarray *xa, unsigned long index)
{
	xa_lock(xa);
	if (xa_is_zero(um_xa_peek(xa, index)))
		um_xa_take(xa, index);
	xa_unlock(xa);
}
EXPORT_SYMBOL(xa_release);

static int alloc_locked(struct xarray *xa, u32 *id, void *entry,
			struct xa_limit limit, gfp_t gfp,
			struct um_fault_site *site)
{
	unsigned long min = limit.min, index;
	void *err;

	/* index 0 of such an array is never free */
	if (!min && (xa->xa_flags & XA_FLAGS_ZERO_BUSY))
		min = 1;
	if (!um_xa_first_free(xa, min, limit.max, &index))
		return -EBUSY;
	*id = index;
	err = um_xa_put(xa, index, entry ? entry : XA_ZERO_ENTRY, site, gfp);
	return xa_err(err);
}

/**
 * um_xa_alloc() - xa_alloc(): store at the lowest free index of a range
 * @xa: an array made with XA_FLAGS_ALLOC
 * @id: the index; written unless none is free
 * @entry: the entry; NULL reserves the index
 * @limit: the range, both ends belong to it
 * @gfp: as for xa_store()
 * @how: the form of the call
 * @site: the call, where a fault may be injected
 *
 * Context: as um_xa_store().
 *
 * Return: 0; -EBUSY when the range is used up; -ENOMEM by an injected fault;
 * -EINVAL, with a warning, for another kind of array or entry.
 */
int um_xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
		gfp_t gfp, enum um_xa_locking how, struct um_fault_site *site)
{
	int err;

	check_context(gfp, how, site);
	if (WARN_ON(!storable(entry) || !(xa->xa_flags & XA_FLAGS_TRACK_FREE)))
		return -EINVAL;
	lock_as(xa, how);
	err = alloc_locked(xa, id, entry, limit, gfp, site);
	unlock_as(xa, how);
	return err;
}
EXPORT_SYMBOL(um_xa_alloc);

/**
 * um_xa_alloc_cyclic() - xa_alloc_cyclic(): the next free index, around a range
 * @xa: an array made with XA_FLAGS_ALLOC
 * @id: the index
 * @entry: the entry; NULL reserves the index
 * @limit: the range, both ends belong to it
 * @next: where to start; becomes the index after @id
 * @gfp: as for xa_store()
 * @how: the form of the call
 * @site: the call, where a fault may be injected
 *
 * Context: as um_xa_store().
 *
 * Return: 0, or 1 when it had to start again from the lowest index; errors as
 * um_xa_alloc().
 */
int um_xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		       struct xa_limit limit, u32 *next, gfp_t gfp,
		       enum um_xa_locking how, struct um_fault_site *site)
{
	struct xa_limit upper = limit;
	int err;

	check_context(gfp, how, site);
	if (WARN_ON(!storable(entry) || !(xa->xa_flags & XA_FLAGS_TRACK_FREE)))
		return -EINVAL;
	lock_as(xa, how);
	upper.min = max(limit.min, *next);
	err = alloc_locked(xa, id, entry, upper, gfp, site);
	if (!err && (xa->xa_flags & XA_FLAGS_ALLOC_WRAPPED)) {
		xa->xa_flags &= ~XA_FLAGS_ALLOC_WRAPPED;
		err = 1;
	}
	if (err < 0 && upper.min > limit.min) {
		err = alloc_locked(xa, id, entry, limit, gfp, site);
		if (!err)
			err = 1;
	}
	if (err >= 0) {
		*next = *id + 1;
		if (!*next)
			xa->xa_flags |= XA_FLAGS_ALLOC_WRAPPED;
	}
	unlock_as(xa, how);
	return err;
}
EXPORT_SYMBOL(um_xa_alloc_cyclic);

static void *erase(struct xarray *xa, unsigned long index, enum um_xa_locking how)
{
	void *old;

	lock_as(xa, how);
	old = um_xa_take(xa, index);
	unlock_as(xa, how);
	return visible(old);
}

/**
 * xa_erase() - erase an entry
 * @xa: the array
 * @index: the index
 *
 * Context: takes xa_lock(), interrupts on: for an array that no interrupt
 * uses.
 *
 * Return: the entry that was there, the caller's again; NULL for none.
 */
void *xa_erase(struct xarray *xa, unsigned long index)
{
	return erase(xa, index, UM_XA_LOCK);
}
EXPORT_SYMBOL(xa_erase);

/**
 * __xa_erase() - xa_erase() for a caller that holds xa_lock()
 * @xa: the array
 * @index: the index
 *
 * Context: xa_lock() is held.
 *
 * Return: the entry that was there, the caller's again; NULL for none.
 */
void *__xa_erase(struct xarray *xa, unsigned long index)
{
	return erase(xa, index, UM_XA_LOCKED);
}
EXPORT_SYMBOL(__xa_erase);

/**
 * xa_erase_irq() - xa_erase() with interrupts off
 * @xa: the array
 * @index: the index
 *
 * Context: interrupts are on; takes xa_lock_irq().
 *
 * Return: the entry that was there, the caller's again; NULL for none.
 */
void *xa_erase_irq(struct xarray *xa, unsigned long index)
{
	return erase(xa, index, UM_XA_LOCK_IRQ);
}
EXPORT_SYMBOL(xa_erase_irq);

/* Only entries have marks: nothing happens where there is none. */
void um_xa_mark(struct xarray *xa, unsigned long index, xa_mark_t mark, bool on)
{
	struct um_xa_node *leaf = leaf_of(xa, index);

	if (leaf && leaf->slots[slot_of(leaf, index)])
		mark_slot(leaf, slot_of(leaf, index), mark, on);
}

/**
 * __xa_set_mark() - xa_set_mark() for a caller that holds xa_lock()
 * @xa: the array
 * @index: the index; nothing happens where there is no entry
 * @mark: the mark
 *
 * Context: xa_lock() is held.
 */
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	um_xa_mark(xa, index, mark, true);
}
EXPORT_SYMBOL(__xa_set_mark);

/**
 * __xa_clear_mark() - xa_clear_mark() for a caller that holds xa_lock()
 * @xa: the array
 * @index: the index
 * @mark: the mark
 *
 * Context: xa_lock() is held.
 */
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	um_xa_mark(xa, index, mark, false);
}
EXPORT_SYMBOL(__xa_clear_mark);

/**
 * xa_set_mark() - give an entry a mark, which it keeps until it is erased
 * @xa: the array
 * @index: the index; nothing happens where there is no entry
 * @mark: the mark
 *
 * Context: takes xa_lock(), interrupts on: for an array that no interrupt
 * uses.
 */
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_lock(xa);
	um_xa_mark(xa, index, mark, true);
	xa_unlock(xa);
}
EXPORT_SYMBOL(xa_set_mark);

/**
 * xa_clear_mark() - take a mark from an entry
 * @xa: the array
 * @index: the index
 * @mark: the mark
 *
 * Context: takes xa_lock(), interrupts on: for an array that no interrupt
 * uses.
 */
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_lock(xa);
	um_xa_mark(xa, index, mark, false);
	xa_unlock(xa);
}
EXPORT_SYMBOL(xa_clear_mark);

static void free_tree(struct um_xa_node *node)
{
	u64 bits = node->shift ? node->present : 0;

	for (; bits; bits &= bits - 1)
		free_tree(node->slots[__ffs64(bits)]);
	call_rcu(&node->rcu, free_node_rcu);
}

/**
 * xa_destroy() - drop all entries
 * @xa: the array; empty afterwards and to be used again at will
 *
 * What the entries point at is the caller's.
 *
 * Context: takes xa_lock_irqsave(): not with xa_lock() held.
 */
void xa_destroy(struct xarray *xa)
{
	struct um_xa_node *top;
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	top = xa->um_top;
	rcu_assign_pointer(xa->um_top, NULL);
	if (top)
		free_tree(top);
	xa_unlock_irqrestore(xa, flags);
}
EXPORT_SYMBOL(xa_destroy);
