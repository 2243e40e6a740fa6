// SPDX-License-Identifier: GPL-2.0-only
/*
 * klist: lists of the driver model that are walked while members come and
 * go. An iterator holds a reference on the node it stands on, not the lock;
 * deleting marks a node dead, which hides it from iterators, and drops the
 * list's reference. Whoever drops the last one unlinks the node.
 *
 * klist->put() is called without the lock and may free the node's object, so
 * the node is not touched after it. Left out: adding elsewhere than at the end.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/klist.h>

#include "kernel/sched/wait.h"

#define NODE_DEAD	1UL

/* A klist_remove() that waits for its node to be unlinked. */
struct klist_waiter {
	struct list_head list;
	struct klist_node *node;
	int gone;
};

/* Inside any klist's lock. */
static DEFINE_SPINLOCK(klist_waiters_lock);
static LIST_HEAD(klist_waiters);

/* Read without the list's lock too: the dead mark changes, the list does not. */
static struct klist *node_list(const struct klist_node *n)
{
	return (struct klist *)((unsigned long)READ_ONCE(n->n_klist) & ~NODE_DEAD);
}

static bool node_dead(const struct klist_node *n)
{
	return (unsigned long)n->n_klist & NODE_DEAD;
}

static struct klist_node *to_node(struct list_head *entry)
{
	return container_of(entry, struct klist_node, n_node);
}

/**
 * klist_init() - make an empty list
 * @k: the list
 * @get: called when a node is added: pins what the node is in; or NULL
 * @put: called without the lock when a node is unlinked: unpins it; or NULL
 */
void klist_init(struct klist *k, void (*get)(struct klist_node *),
		void (*put)(struct klist_node *))
{
	INIT_LIST_HEAD(&k->k_list);
	spin_lock_init(&k->k_lock);
	k->get = get;
	k->put = put;
}
EXPORT_SYMBOL_GPL(klist_init);

/* The list's own reference on @n, and @k's on what @n is embedded in. */
static void node_init(struct klist *k, struct klist_node *n)
{
	INIT_LIST_HEAD(&n->n_node);
	kref_init(&n->n_ref);
	WARN_ON((unsigned long)k & NODE_DEAD);
	n->n_klist = k;
	if (k->get)
		k->get(n);
}

/**
 * klist_add_tail() - add a node at the end
 * @n: the node, in no list
 * @k: the list; its get() is called first
 *
 * Context: not in an interrupt: @k's lock is a plain spinlock.
 */
void klist_add_tail(struct klist_node *n, struct klist *k)
{
	node_init(k, n);
	spin_lock(&k->k_lock);
	list_add_tail(&n->n_node, &k->k_list);
	spin_unlock(&k->k_lock);
}
EXPORT_SYMBOL_GPL(klist_add_tail);

/* The last reference is gone; the list's lock is held. */
static void node_release(struct kref *kref)
{
	struct klist_node *n = container_of(kref, struct klist_node, n_ref);
	struct klist_waiter *w;

	WARN_ON(!node_dead(n));
	list_del(&n->n_node);
	WRITE_ONCE(n->n_klist, NULL);

	spin_lock(&klist_waiters_lock);
	list_for_each_entry(w, &klist_waiters, list) {
		if (w->node != n)
			continue;
		um_step(UM_GIVE, w);
		um_sched_lock();
		WRITE_ONCE(w->gone, 1);
		um_wake(w);
		um_sched_unlock();
	}
	spin_unlock(&klist_waiters_lock);
}

static void node_put(struct klist_node *n, bool kill)
{
	struct klist *k = node_list(n);
	void (*put)(struct klist_node *) = k->put;
	int last;

	spin_lock(&k->k_lock);
	if (kill) {
		WARN_ON(node_dead(n));
		WRITE_ONCE(n->n_klist, (void *)((unsigned long)n->n_klist | NODE_DEAD));
	}
	last = kref_put(&n->n_ref, node_release);
	spin_unlock(&k->k_lock);
	if (last && put)
		put(n);
}

/**
 * klist_del() - hide a node and drop the list's reference
 * @n: a node that was added and not deleted yet; a warning otherwise
 *
 * Does not wait for iterators that stand on it. The list's put() is called
 * once the last of them has moved on: here, if there is none.
 *
 * Context: not in an interrupt, as the lock is a plain spinlock; may sleep if
 * the list's put() does.
 */
void klist_del(struct klist_node *n)
{
	node_put(n, true);
}
EXPORT_SYMBOL_GPL(klist_del);

/* Whoever looks for blocked tasks calls it too: no business of TSan's. */
static __no_sanitize_thread bool node_gone(const void *arg)
{
	const struct klist_waiter *w = arg;

	return READ_ONCE(w->gone);
}

/**
 * klist_remove() - as klist_del(), and wait until the node is unlinked
 * @n: a node that was added and not deleted yet
 *
 * With a put() in the klist the node's object must be pinned by the caller.
 *
 * Context: may sleep. The caller must not stand on the node with an iterator.
 */
void klist_remove(struct klist_node *n)
{
	struct klist_waiter w = { .node = n };
	const struct um_why why = {
		.kind = "klist node", .object = &w, .name = "klist_remove",
	};

	spin_lock(&klist_waiters_lock);
	list_add(&w.list, &klist_waiters);
	spin_unlock(&klist_waiters_lock);

	klist_del(n);

	um_sched_lock();
	um_wait_until(node_gone, &w, &why, UM_FOREVER);
	um_sched_unlock();
	um_step(UM_TAKE, &w);

	spin_lock(&klist_waiters_lock);
	list_del(&w.list);
	spin_unlock(&klist_waiters_lock);
}
EXPORT_SYMBOL_GPL(klist_remove);

/**
 * klist_node_attached() - is a node in a list?
 * @n: the node, zeroed before its first use
 *
 * Return: 0 before it is added and after it is unlinked, else 1; a deleted
 * node that an iterator stands on still counts.
 */
int klist_node_attached(struct klist_node *n)
{
	return READ_ONCE(n->n_klist) != NULL;
}
EXPORT_SYMBOL_GPL(klist_node_attached);

/**
 * klist_iter_init_node() - start a walk at a node
 * @k: the list
 * @i: the iterator, to be ended by klist_iter_exit()
 * @n: a node that the caller keeps from being freed, or NULL: the start
 *
 * If @n is already unlinked, the walk starts at the head of the list. The
 * first klist_next() gives the node after @n.
 */
void klist_iter_init_node(struct klist *k, struct klist_iter *i,
			  struct klist_node *n)
{
	i->i_klist = k;
	i->i_cur = n && kref_get_unless_zero(&n->n_ref) ? n : NULL;
}
EXPORT_SYMBOL_GPL(klist_iter_init_node);

/**
 * klist_iter_init() - start a walk at the head of the list
 * @k: the list
 * @i: the iterator, to be ended by klist_iter_exit()
 */
void klist_iter_init(struct klist *k, struct klist_iter *i)
{
	klist_iter_init_node(k, i, NULL);
}
EXPORT_SYMBOL_GPL(klist_iter_init);

/**
 * klist_iter_exit() - end a walk and let go of the node it stands on
 * @i: the iterator; a second call does no harm
 *
 * Context: not in an interrupt, as the lock is a plain spinlock; may sleep if
 * the list's put() does.
 */
void klist_iter_exit(struct klist_iter *i)
{
	if (!i->i_cur)
		return;
	node_put(i->i_cur, false);
	i->i_cur = NULL;
}
EXPORT_SYMBOL_GPL(klist_iter_exit);

/* Both directions; the neighbour is read before the node it hangs on goes. */
static struct klist_node *iter_step(struct klist_iter *i, bool forward)
{
	struct klist *k = i->i_klist;
	struct klist_node *last = i->i_cur;
	struct list_head *pos = last ? &last->n_node : &k->k_list;
	unsigned long flags;
	bool put_last;

	spin_lock_irqsave(&k->k_lock, flags);
	pos = forward ? pos->next : pos->prev;
	put_last = last && kref_put(&last->n_ref, node_release);

	while (pos != &k->k_list && node_dead(to_node(pos)))
		pos = forward ? pos->next : pos->prev;

	i->i_cur = NULL;
	if (pos != &k->k_list) {
		i->i_cur = to_node(pos);
		kref_get(&i->i_cur->n_ref);
	}
	spin_unlock_irqrestore(&k->k_lock, flags);

	if (put_last && k->put)
		k->put(last);
	return i->i_cur;
}

/**
 * klist_next() - on to the next node that is not dead
 * @i: the iterator
 *
 * Context: not in an interrupt; whatever put() needs, which is called when the
 * iterator was the last to hold the node it leaves.
 *
 * Return: the node, which the iterator holds until it moves on, or NULL at
 * the end.
 */
struct klist_node *klist_next(struct klist_iter *i)
{
	return iter_step(i, true);
}
EXPORT_SYMBOL_GPL(klist_next);

/**
 * klist_prev() - as klist_next(), towards the head
 * @i: the iterator
 *
 * Context: as klist_next().
 *
 * Return: the node, which the iterator holds until it moves on, or NULL at
 * the head.
 */
struct klist_node *klist_prev(struct klist_iter *i)
{
	return iter_step(i, false);
}
EXPORT_SYMBOL_GPL(klist_prev);
