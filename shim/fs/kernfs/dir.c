// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes and directories: names, active references, removal.
 *
 * Removing a node marks its whole subtree, so that no callback starts any
 * more, then takes node after node from below: wait for its callbacks, unlink
 * it, drop the tree's reference. kernfs_rwsem is dropped for each wait, so
 * several tasks may remove the same subtree; who unlinks a node drops the
 * reference, and all return when all is gone.
 *
 * Siblings are in a hash table that grows and shrinks with their number. Left
 * out: several roots, creation of deactivated nodes, namespaces, time stamps.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sprintf.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "check/op.h"
#include "fs/kernfs/kernfs-internal.h"
#include "host/host.h"
#include "kernel/sched/wait.h"

DECLARE_RWSEM(kernfs_rwsem);
static DEFINE_SPINLOCK(kernfs_rename_lock);
static atomic64_t kernfs_last_ino;
/* siblings and empty buckets passed on the way to a node: a measure of the work */
atomic64_t kernfs_passed;

/* ---- siblings: buckets in the order of their keys ------------------------------ */

/*
 * Linux's own, since it shows: it is the position of an entry, and so the
 * order of readdir(). It leaves 0 and 1 to "." and "..", and INT_MAX to the end.
 */
static u32 name_hash(const char *name, size_t len)
{
	u64 hash = 0;

	while (len--) {
		u64 c = *name++;

		hash = (hash + (c << 4) + (c >> 4)) * 11;
	}
	return clamp_t(u32, hash_long(hash, 32) & INT_MAX, 2, INT_MAX - 1);
}

/* By the upper bits, so that one bucket after the other is the order of keys. */
static u32 bucket_of(const struct kernfs_node *dir, u64 key)
{
	return dir->dir.bits ? key >> (64 - dir->dir.bits) : 0;
}

static struct kernfs_node **bucket_at(struct kernfs_node *dir, u32 i)
{
	return dir->dir.buckets ? &dir->dir.buckets[i] : &dir->dir.bucket;
}

/*
 * Bookkeeping of the shim: it does not fail, but for chains that stay longer
 * than they should when the host itself has no memory.
 */
static void resize(struct kernfs_node *dir, u8 bits)
{
	struct kernfs_node **old = dir->dir.buckets, **buckets = NULL;
	struct kernfs_node *kn, *all = NULL, **end = &all;
	u32 i;

	if (bits) {
		buckets = host_zalloc(sizeof(*buckets) << bits);
		if (!buckets)
			return;
	}

	for (i = dir->dir.first; i < 1u << dir->dir.bits; i++)
		for (*end = *bucket_at(dir, i); *end; end = &(*end)->next)
			;

	dir->dir.buckets = buckets;
	dir->dir.bucket = NULL;
	dir->dir.bits = bits;
	dir->dir.first = all ? bucket_of(dir, all->key) : 0;
	while ((kn = all)) {
		end = bucket_at(dir, bucket_of(dir, kn->key));
		*end = kn;
		/* Those that follow in the same bucket are linked already. */
		while (kn->next && bucket_at(dir, bucket_of(dir, kn->next->key)) == end)
			kn = kn->next;
		all = kn->next;
		kn->next = NULL;
	}
	host_free(old);
}

/* Eight children need no table; in one, 1/8 to 2 of them are to a bucket. */
static void fit(struct kernfs_node *dir)
{
	u32 children = dir->dir.children, bits = dir->dir.bits;

	if (children > 8 && children > 2u << bits && bits < 24)
		resize(dir, bits ? bits + 2 : 4);
	else if (bits && (!children || children < (1u << bits) / 8))
		resize(dir, children && bits > 4 ? bits - 2 : 0);
}

/**
 * kernfs_child_from() - the first child at a key or after it, active or not
 * @dir: a directory, or another node, which has none
 * @key: the key
 *
 * Context: kernfs_rwsem is held.
 *
 * Return: the child, valid as long as kernfs_rwsem is held; NULL for none.
 */
struct kernfs_node *kernfs_child_from(struct kernfs_node *dir, u64 key)
{
	struct kernfs_node *kn;
	u32 i, passed = 0;

	if (dir->type != KERNFS_DIR)
		return NULL;

	i = max(bucket_of(dir, key), dir->dir.first);
	kn = *bucket_at(dir, i);
	for (; kn && kn->key < key; kn = kn->next)
		passed++;
	for (; !kn && ++i < 1u << dir->dir.bits; kn = *bucket_at(dir, i))
		passed++;
	atomic64_add(passed, &kernfs_passed);
	return kn;
}

/**
 * kernfs_find() - the child of that name, active or not
 * @parent: a directory, or another node, which has none
 * @name: the name
 * @len: length of @name
 *
 * Context: kernfs_rwsem is held.
 *
 * Return: the child, valid as long as kernfs_rwsem is held; NULL for none.
 */
struct kernfs_node *kernfs_find(struct kernfs_node *parent, const char *name,
				size_t len)
{
	u32 hash = name_hash(name, len), passed = 0;
	struct kernfs_node *kn;

	if (parent->type != KERNFS_DIR)
		return NULL;

	kn = *bucket_at(parent, bucket_of(parent, (u64)hash << KERNFS_KEY_SHIFT));
	for (; kn && kn->key >> KERNFS_KEY_SHIFT <= hash; kn = kn->next, passed++) {
		if (kn->key >> KERNFS_KEY_SHIFT == hash &&
		    !strncmp(kn->name, name, len) && !kn->name[len])
			break;
	}
	atomic64_add(passed, &kernfs_passed);
	return kn && kn->key >> KERNFS_KEY_SHIFT <= hash ? kn : NULL;
}

/* Among siblings of the same hash the new one comes last: their keys stay. */
static int kernfs_link_sibling(struct kernfs_node *kn)
{
	struct kernfs_node *parent = kn->parent, **pos;
	size_t len = strlen(kn->name);
	u32 hash = name_hash(kn->name, len), passed = 0, i;
	u64 key = (u64)hash << KERNFS_KEY_SHIFT | 1;

	if (kernfs_find(parent, kn->name, len))
		return -EEXIST;

	i = bucket_of(parent, key);
	for (pos = bucket_at(parent, i); *pos && (*pos)->key >> KERNFS_KEY_SHIFT <= hash;
	     pos = &(*pos)->next, passed++)
		if ((*pos)->key >> KERNFS_KEY_SHIFT == hash)
			key = (*pos)->key + 1;
	atomic64_add(passed, &kernfs_passed);
	kn->key = key;
	kn->next = *pos;
	*pos = kn;
	kn->linked = true;
	if (i < parent->dir.first || !parent->dir.children)
		parent->dir.first = i;
	parent->dir.children++;
	parent->dir.subdirs += kn->type == KERNFS_DIR;
	fit(parent);
	return 0;
}

static bool kernfs_unlink_sibling(struct kernfs_node *kn)
{
	struct kernfs_node *parent = kn->parent, **pos;
	u32 passed = 0;

	if (!kn->linked)
		return false;
	pos = bucket_at(parent, bucket_of(parent, kn->key));
	for (; *pos != kn; pos = &(*pos)->next)
		passed++;
	*pos = kn->next;
	kn->next = NULL;
	kn->linked = false;
	parent->dir.children--;
	parent->dir.subdirs -= kn->type == KERNFS_DIR;
	/* Somebody takes all away from the first on: seek it once. */
	for (; parent->dir.children && !*bucket_at(parent, parent->dir.first); passed++)
		parent->dir.first++;
	atomic64_add(passed, &kernfs_passed);
	fit(parent);
	return true;
}

/* ---- active references ---------------------------------------------------------- */

/* A node that is there for user space: kernfs_rwsem held. */
bool kernfs_active(struct kernfs_node *kn)
{
	return atomic_read(&kn->active) >= 0;
}

/**
 * kernfs_get_active() - keep what the callbacks of a node use
 * @kn: the node, on which the caller has a reference
 *
 * Return: whether it is kept, until kernfs_put_active(); false once removal
 * has begun.
 */
bool kernfs_get_active(struct kernfs_node *kn)
{
	int v = atomic_read(&kn->active);

	um_step(UM_ACTIVE_GET, kn);
	do {
		if (v < 0)
			return false;
	} while (!atomic_try_cmpxchg(&kn->active, &v, v + 1));
	um_end(UM_ACTIVE_GET, 0, .object = kn, .map = kn->lockdep ? &kn->dep_map : NULL,
	       .read = 1, .ip = _RET_IP_);
	return true;
}

void kernfs_put_active(struct kernfs_node *kn)
{
	um_begin(UM_ACTIVE_PUT, .object = kn, .map = kn->lockdep ? &kn->dep_map : NULL);
	if (atomic_dec_return(&kn->active) != KN_DEACTIVATED_BIAS)
		return;

	/* @kn may be gone by now: its address says whom to wake, no more. */
	um_sched_lock();
	um_wake(kn);
	um_sched_unlock();
}

/*
 * Predicates are called by whoever looks for blocked tasks, without any
 * order that TSan could know of.
 */
static __no_sanitize_thread bool kernfs_drained(const void *arg)
{
	const struct kernfs_node *kn = arg;

	return READ_ONCE(kn->active.counter) == KN_DEACTIVATED_BIAS;
}

/* Ordered after the put of whoever ran last. */
static void kernfs_wait(struct kernfs_node *kn, bool (*ready)(const void *arg),
			struct lockdep_map *map)
{
	const struct um_why why = {
		.kind = "kn->active", .object = kn, .name = kn->name,
	};

	um_begin(UM_WAIT, .object = kn, .map = map, .sleeps = true, .ip = _RET_IP_);
	um_sched_lock();
	um_wait_until(ready, kn, &why, UM_FOREVER);
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = kn);
}

/*
 * Waits for the callbacks of a deactivated node. The lock checker is told
 * even when nobody is to be waited for (Linux says nothing then), so that a
 * lock that is held here and taken by a callback shows in any run. That must
 * be without kernfs_rwsem, which callbacks take too.
 */
static void kernfs_drain(struct kernfs_node *kn)
{
	WARN_ON_ONCE(kernfs_active(kn));

	/* Nobody ever runs in a directory or a link. */
	if (kn->type != KERNFS_FILE)
		return;

	up_write(&kernfs_rwsem);
	kernfs_wait(kn, kernfs_drained, kn->lockdep ? &kn->dep_map : NULL);
	down_write(&kernfs_rwsem);
}

/* ---- nodes ------------------------------------------------------------------------ */

/**
 * kernfs_get() - take a reference on a node
 * @kn: a node that the caller may use, or NULL; a splat for one without any
 *
 * The reference keeps the memory, not the callbacks: see kernfs_get_active().
 */
void kernfs_get(struct kernfs_node *kn)
{
	if (!kn)
		return;
	WARN_ON(!atomic_read(&kn->count));
	atomic_inc(&kn->count);
}
EXPORT_SYMBOL_GPL(kernfs_get);

static void kernfs_free(struct kernfs_node *kn)
{
	WARN(!kernfs_drained(kn),
	     "kernfs_put: %s/%s: released with incorrect active_ref %d\n",
	     kn->parent ? kn->parent->name : "", kn->name,
	     atomic_read(&kn->active));

	if (kn->type == KERNFS_LINK)
		kernfs_put(kn->symlink.target);
	kernfs_xattrs_free(kn);
	kfree_const(kn->name);
	kfree(kn);
}

/**
 * kernfs_put() - drop a reference on a node; the last one frees it
 * @kn: the node, or NULL; freeing it drops the one it has on its parent
 */
void kernfs_put(struct kernfs_node *kn)
{
	struct kernfs_node *parent;

	while (kn && atomic_dec_and_test(&kn->count)) {
		parent = kn->parent;
		kernfs_free(kn);
		kn = parent;
	}
}
EXPORT_SYMBOL_GPL(kernfs_put);

static struct kernfs_node *__kernfs_new_node(const char *name, umode_t mode,
					     enum kernfs_node_type type,
					     struct lock_class_key *key)
{
	struct kernfs_node *kn;

	name = kstrdup_const(name, GFP_KERNEL);
	if (!name)
		return NULL;
	kn = kzalloc(sizeof(*kn), GFP_KERNEL);
	if (!kn) {
		kfree_const(name);
		return NULL;
	}

	kn->type = type;
	kn->lockdep = key;
	if (key)
		lockdep_init_map(&kn->dep_map, "kn->active", key, 0);
	atomic_set(&kn->count, 1);
	atomic_set(&kn->active, KN_DEACTIVATED_BIAS);
	kn->name = name;
	kn->dep_map.of = name;
	kn->mode = mode;
	kn->ino = atomic64_inc_return(&kernfs_last_ino);
	return kn;
}

/**
 * kernfs_new_node() - a node that is not in the tree yet
 * @parent: where it is to be; it is held
 * @name: its name, copied unless it is a constant
 * @mode: type and permissions
 * @type: what it is
 * @key: lock class of the active reference, NULL for none
 *
 * Context: may sleep.
 *
 * Return: a node with one reference, which kernfs_add_one() makes the tree's
 * and kernfs_put() drops; NULL without memory.
 */
struct kernfs_node *kernfs_new_node(struct kernfs_node *parent, const char *name,
				    umode_t mode, enum kernfs_node_type type,
				    struct lock_class_key *key)
{
	struct kernfs_node *kn;

	kn = __kernfs_new_node(name, mode, type, key);
	if (!kn)
		return NULL;
	kernfs_get(parent);
	kn->parent = parent;
	return kn;
}

/* The topmost directory; it is never removed. NULL without memory. */
struct kernfs_node *kernfs_new_root(void)
{
	struct kernfs_node *kn;

	kn = __kernfs_new_node("", S_IFDIR | 0555, KERNFS_DIR, NULL);
	if (kn)
		atomic_set(&kn->active, 0);
	return kn;
}

/**
 * kernfs_add_one() - link a node into its parent and activate it
 * @kn: a new node
 *
 * Context: may sleep.
 *
 * Return: 0, -EEXIST, -EINVAL when the parent is no directory, -ENOENT when
 * the parent is being removed. The reference stays the caller's after an
 * error.
 */
int kernfs_add_one(struct kernfs_node *kn)
{
	struct kernfs_node *parent = kn->parent;
	int err;

	down_write(&kernfs_rwsem);
	if (parent->type != KERNFS_DIR)
		err = -EINVAL;
	else if (parent->flags & KERNFS_REMOVING)
		err = -ENOENT;
	else
		err = kernfs_link_sibling(kn);
	if (!err)
		atomic_set(&kn->active, 0);
	up_write(&kernfs_rwsem);
	return err;
}

/* The node is the tree's: valid until it is removed. ERR_PTR() on errors. */
struct kernfs_node *kernfs_create_dir(struct kernfs_node *parent,
				      const char *name, umode_t mode, void *priv)
{
	struct kernfs_node *kn;
	int err;

	kn = kernfs_new_node(parent, name, mode | S_IFDIR, KERNFS_DIR, NULL);
	if (!kn)
		return ERR_PTR(-ENOMEM);
	kn->priv = priv;

	err = kernfs_add_one(kn);
	if (err) {
		kernfs_put(kn);
		return ERR_PTR(err);
	}
	return kn;
}

/**
 * kernfs_find_and_get_ns() - the child of that name
 * @parent: a directory
 * @name: the name
 * @ns: NULL, the only namespace there is
 *
 * Context: may sleep; takes kernfs_rwsem.
 *
 * Return: the node with a reference, or NULL. A node that is being removed is
 * found until it is unlinked.
 */
struct kernfs_node *kernfs_find_and_get_ns(struct kernfs_node *parent,
					   const char *name, const void *ns)
{
	struct kernfs_node *kn;

	if (WARN(ns, "kernfs: ns invalid in '%s' for '%s'\n", parent->name, name))
		return NULL;

	down_read(&kernfs_rwsem);
	kn = kernfs_find(parent, name, strlen(name));
	kernfs_get(kn);
	up_read(&kernfs_rwsem);
	return kn;
}
EXPORT_SYMBOL_GPL(kernfs_find_and_get_ns);

/* With a reference. */
struct kernfs_node *kernfs_get_parent(struct kernfs_node *kn)
{
	struct kernfs_node *parent;
	unsigned long flags;

	spin_lock_irqsave(&kernfs_rename_lock, flags);
	parent = kn->parent;
	kernfs_get(parent);
	spin_unlock_irqrestore(&kernfs_rename_lock, flags);
	return parent;
}

/* ---- paths ---------------------------------------------------------------------------- */

static unsigned int kernfs_depth(const struct kernfs_node *kn)
{
	unsigned int depth = 0;

	for (; kn->parent; kn = kn->parent)
		depth++;
	return depth;
}

/* The ancestor of @kn at @depth, or @kn itself. */
static struct kernfs_node *kernfs_up_to(struct kernfs_node *kn, unsigned int depth)
{
	unsigned int d = kernfs_depth(kn);

	while (d-- > depth)
		kn = kn->parent;
	return kn;
}

/**
 * kernfs_path() - the path of a node in its tree
 * @kn: the node
 * @buf: where to
 * @buflen: its size; the path is cut to it
 *
 * Return: the length of what is in @buf, without the NUL.
 */
int kernfs_path(struct kernfs_node *kn, char *buf, size_t buflen)
{
	unsigned int depth;
	unsigned long flags;
	int len = 0;

	spin_lock_irqsave(&kernfs_rename_lock, flags);
	if (!kn->parent)
		len = strscpy(buf, "/", buflen);
	for (depth = 1; depth <= kernfs_depth(kn); depth++)
		len += scnprintf(buf + len, buflen - len, "/%s",
				 kernfs_up_to(kn, depth)->name);
	spin_unlock_irqrestore(&kernfs_rename_lock, flags);
	return len;
}

/* ---- removal ---------------------------------------------------------------------------- */

/* From here on no callback of the subtree starts; children first, as drained. */
static void kernfs_deactivate(struct kernfs_node *kn)
{
	struct kernfs_node *child;

	for (child = kernfs_child_from(kn, 0); child;
	     child = kernfs_child_from(kn, child->key + 1))
		kernfs_deactivate(child);

	kn->flags |= KERNFS_REMOVING;
	if (kernfs_active(kn))
		atomic_add(KN_DEACTIVATED_BIAS, &kn->active);
}

static struct kernfs_node *kernfs_lowest(struct kernfs_node *kn)
{
	struct kernfs_node *child;

	while ((child = kernfs_child_from(kn, 0)))
		kn = child;
	return kn;
}

/* kernfs_rwsem held for writing, and dropped in between. */
static void __kernfs_remove(struct kernfs_node *kn)
{
	struct kernfs_node *pos;

	/* Somebody else, or a callback of @kn itself, has removed it already. */
	if (kn->parent && !kn->linked)
		return;

	kernfs_deactivate(kn);
	do {
		pos = kernfs_lowest(kn);
		/* Another remover may drop the tree's reference while we wait. */
		kernfs_get(pos);
		kernfs_drain(pos);
		if (!pos->parent || kernfs_unlink_sibling(pos))
			kernfs_put(pos);
		kernfs_put(pos);
	} while (pos != kn);
}

/**
 * kernfs_remove() - remove a node with all below it
 * @kn: the node, or NULL; the caller holds a reference if others may remove it
 *
 * Context: sleeps until no callback of any of them runs: deadlocks when called
 * from one.
 */
void kernfs_remove(struct kernfs_node *kn)
{
	if (!kn)
		return;
	down_write(&kernfs_rwsem);
	__kernfs_remove(kn);
	up_write(&kernfs_rwsem);
}

/**
 * kernfs_remove_by_name() - as kernfs_remove(), for the child of that name
 * @parent: the directory; NULL is a splat
 * @name: the name
 *
 * Context: as kernfs_remove().
 *
 * Return: 0 or -ENOENT.
 */
int kernfs_remove_by_name(struct kernfs_node *parent, const char *name)
{
	struct kernfs_node *kn;

	if (WARN(!parent, "kernfs: can not remove '%s', no directory\n", name))
		return -ENOENT;

	down_write(&kernfs_rwsem);
	kn = kernfs_find(parent, name, strlen(name));
	if (kn) {
		kernfs_get(kn);
		__kernfs_remove(kn);
		kernfs_put(kn);
	}
	up_write(&kernfs_rwsem);
	return kn ? 0 : -ENOENT;
}

/**
 * kernfs_break_active_protection() - give up the callback's own reference
 * @kn: the node, whose removal does not wait for the callback any more
 *
 * Context: in a callback of @kn.
 */
void kernfs_break_active_protection(struct kernfs_node *kn)
{
	kernfs_put_active(kn);
}

/**
 * kernfs_unbreak_active_protection() - take it again, before returning
 * @kn: the node
 *
 * Only so that the callback's end has one to drop: it protects nothing, the
 * node may be removed already. Removal that waits then waits a little more.
 *
 * Context: in a callback of @kn.
 */
void kernfs_unbreak_active_protection(struct kernfs_node *kn)
{
	atomic_inc(&kn->active);
	if (kn->lockdep)
		lock_acquire(&kn->dep_map, 0, 1, 0, 1, NULL, _RET_IP_);
}

static __no_sanitize_thread bool kernfs_winner_done(const void *arg)
{
	const struct kernfs_node *kn = arg;

	return READ_ONCE(kn->suicided) && kernfs_drained(kn);
}

/*
 * Looks again under kernfs_rwsem: the winner counts itself in again while it
 * holds that, and must not be overtaken in between.
 */
static void kernfs_wait_for_winner(struct kernfs_node *kn)
{
	while (!kernfs_winner_done(kn)) {
		up_write(&kernfs_rwsem);
		kernfs_wait(kn, kernfs_winner_done, NULL);
		down_write(&kernfs_rwsem);
	}
	(void)atomic_read_acquire(&kn->active);
}

/**
 * kernfs_remove_self() - remove a node from one of its own callbacks
 * @kn: the node
 *
 * Of several callbacks that do so one removes. The others wait until the
 * whole callback of that one has ended.
 *
 * Context: may sleep; in a callback of @kn.
 *
 * Return: whether it was this call that removed the node.
 */
bool kernfs_remove_self(struct kernfs_node *kn)
{
	bool won;

	down_write(&kernfs_rwsem);
	kernfs_break_active_protection(kn);

	won = !(kn->flags & KERNFS_SUICIDAL);
	if (won) {
		kn->flags |= KERNFS_SUICIDAL;
		__kernfs_remove(kn);
		WRITE_ONCE(kn->suicided, true);
	} else {
		kernfs_wait_for_winner(kn);
		WARN_ON_ONCE(kn->linked);
	}

	/* Before kernfs_rwsem is dropped: see kernfs_wait_for_winner(). */
	kernfs_unbreak_active_protection(kn);
	up_write(&kernfs_rwsem);
	return won;
}

/* ---- renaming ------------------------------------------------------------------------------ */

/* @name: NULL keeps the old one; returns what is to be freed. */
static const char *kernfs_relink(struct kernfs_node *kn,
				 struct kernfs_node *new_parent, const char *name)
{
	struct kernfs_node *old_parent = kn->parent;

	kernfs_unlink_sibling(kn);
	kernfs_get(new_parent);

	spin_lock_irq(&kernfs_rename_lock);
	kn->parent = new_parent;
	if (name)
		swap(kn->name, name);
	spin_unlock_irq(&kernfs_rename_lock);

	kernfs_link_sibling(kn);
	kernfs_put(old_parent);
	return name;
}

/**
 * kernfs_rename() - move a node, give it another name, or both
 * @kn: the node
 * @new_parent: the directory it is to be in
 * @new_name: the name, copied unless it is a constant
 *
 * Context: may sleep.
 *
 * Return: 0, -EINVAL for the root, -ENOENT when either is being removed,
 * -EEXIST, -ENOMEM.
 */
int kernfs_rename(struct kernfs_node *kn, struct kernfs_node *new_parent,
		  const char *new_name)
{
	const char *name = NULL;
	bool same_name;
	int err = 0;

	if (!kn->parent)
		return -EINVAL;

	down_write(&kernfs_rwsem);
	same_name = !strcmp(kn->name, new_name);
	if (!kernfs_active(kn) || !kernfs_active(new_parent)) {
		err = -ENOENT;
		goto unlock;
	}
	if (same_name && kn->parent == new_parent)
		goto unlock;
	if (kernfs_find(new_parent, new_name, strlen(new_name))) {
		err = -EEXIST;
		goto unlock;
	}
	if (!same_name) {
		name = kstrdup_const(new_name, GFP_KERNEL);
		if (!name) {
			err = -ENOMEM;
			goto unlock;
		}
	}
	name = kernfs_relink(kn, new_parent, name);
	kfree_const(name);
unlock:
	up_write(&kernfs_rwsem);
	return err;
}
