// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resizable hash table: chains from an array of buckets, whose size is a
 * power of two that follows the number of objects.
 *
 * As in Linux, a work item makes a larger table above 75 % and, where that was
 * asked for, a smaller one below 30 %; an insertion that finds more objects than
 * buckets makes the larger one itself, in atomic context, and fails if it cannot.
 * Other than in Linux all objects move at once, with the lock held that every
 * change takes. Who looks something up takes none; who misses it while objects
 * move looks again under the lock.
 *
 * Left out: a bound on the length of chains, which makes Linux rehash with
 * another seed. What comes of it at worst, -EBUSY for an insertion, comes here by
 * an injected fault only.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>

#define DEFAULT_SIZE	64U
#define MIN_SIZE	4U

static struct bucket_table *table_alloc(unsigned int size, gfp_t gfp)
{
	size_t bytes = struct_size_t(struct bucket_table, buckets, size);
	struct bucket_table *tbl;

	/* memory by pages cannot be had in atomic context */
	if (gfp & __GFP_DIRECT_RECLAIM)
		tbl = kvzalloc(bytes, gfp);
	else
		tbl = kzalloc(bytes, gfp);
	if (!tbl)
		return NULL;
	tbl->size = size;
	tbl->hash_rnd = get_random_u32();
	return tbl;
}

static void table_free_rcu(struct rcu_head *head)
{
	kvfree(container_of(head, struct bucket_table, rcu));
}

/* ---- hashes and keys ------------------------------------------------------------ */

static void *object_of(const struct rhashtable *ht, struct rhash_head *head)
{
	return (char *)head - ht->p.head_offset;
}

static u32 hash_of_key(const struct rhashtable *ht, const struct bucket_table *tbl,
		       const void *key)
{
	return ht->p.hashfn(key, ht->key_len, tbl->hash_rnd) & (tbl->size - 1);
}

static u32 hash_of(const struct rhashtable *ht, const struct bucket_table *tbl,
		   struct rhash_head *head)
{
	char *obj = object_of(ht, head);

	if (ht->p.obj_hashfn)
		return ht->p.obj_hashfn(obj, ht->key_len, tbl->hash_rnd) & (tbl->size - 1);
	return hash_of_key(ht, tbl, obj + ht->p.key_offset);
}

static bool has_key(struct rhashtable *ht, struct rhash_head *head, const void *key)
{
	struct rhashtable_compare_arg arg = { .ht = ht, .key = key };
	char *obj = object_of(ht, head);

	if (ht->p.obj_cmpfn)
		return !ht->p.obj_cmpfn(&arg, obj);
	return !memcmp(obj + ht->p.key_offset, key, ht->p.key_len);
}

static struct rhash_head *search(struct rhashtable *ht, struct bucket_table *tbl, u32 hash,
				 const void *key)
{
	struct rhash_head *head;

	for (head = um_rcu_follow(tbl->buckets[hash]); head; head = um_rcu_follow(head->next))
		if (has_key(ht, head, key))
			break;
	return head;
}

/* ---- size -------------------------------------------------------------------------- */

static bool may_grow(const struct rhashtable *ht, const struct bucket_table *tbl)
{
	return !ht->p.max_size || tbl->size < ht->p.max_size;
}

static bool is_above_75(struct rhashtable *ht, const struct bucket_table *tbl)
{
	return (unsigned int)atomic_read(&ht->nelems) > tbl->size / 4 * 3 && may_grow(ht, tbl);
}

static bool is_above_100(struct rhashtable *ht, const struct bucket_table *tbl)
{
	return (unsigned int)atomic_read(&ht->nelems) > tbl->size && may_grow(ht, tbl);
}

static bool is_below_30(struct rhashtable *ht, const struct bucket_table *tbl)
{
	return (unsigned int)atomic_read(&ht->nelems) < tbl->size * 3 / 10 &&
	       tbl->size > ht->p.min_size;
}

/* The size that the table should have now, as Linux's worker sees it. */
static unsigned int right_size(struct rhashtable *ht, const struct bucket_table *tbl)
{
	unsigned int n = atomic_read(&ht->nelems), size;

	if (is_above_75(ht, tbl))
		return tbl->size * 2;
	if (!ht->p.automatic_shrinking || !is_below_30(ht, tbl))
		return tbl->size;
	size = n ? roundup_pow_of_two(n * 3 / 2) : 0;
	return clamp(size, (unsigned int)ht->p.min_size, tbl->size);
}

static void move_objects(struct rhashtable *ht, struct bucket_table *old,
			 struct bucket_table *tbl)
{
	struct rhash_head *head, *next;
	unsigned int i;
	u32 hash;

	for (i = 0; i < old->size; i++) {
		for (head = old->buckets[i]; head; head = next) {
			next = head->next;
			hash = hash_of(ht, tbl, head);
			um_rcu_publish(head->next, tbl->buckets[hash]);
			um_rcu_publish(tbl->buckets[hash], head);
		}
	}
}

/* Called with ht->lock held; @tbl is the table's from here on. */
static void replace_table(struct rhashtable *ht, struct bucket_table *tbl)
{
	struct bucket_table *old = ht->tbl;
	struct rhashtable_walker *walker, *next;

	tbl->um_filling = true;
	rcu_assign_pointer(ht->tbl, tbl);
	move_objects(ht, old, tbl);
	um_rcu_publish(tbl->um_filling, false);
	list_for_each_entry_safe(walker, next, &ht->um_walkers, list) {
		list_del_init(&walker->list);
		walker->tbl = NULL;
	}
	call_rcu(&old->rcu, table_free_rcu);
}

static void resize_work(struct work_struct *work)
{
	struct rhashtable *ht = container_of(work, struct rhashtable, run_work);
	struct bucket_table *tbl;
	unsigned int size, now;

	mutex_lock(&ht->mutex);
	spin_lock_bh(&ht->lock);
	now = ht->tbl->size;
	size = right_size(ht, ht->tbl);
	spin_unlock_bh(&ht->lock);

	/* without memory nothing is lost: the next change tries again */
	tbl = size != now ? table_alloc(size, GFP_KERNEL) : NULL;
	if (tbl) {
		spin_lock_bh(&ht->lock);
		/* an insertion may have been faster */
		if (ht->tbl->size == now) {
			replace_table(ht, tbl);
			tbl = NULL;
		}
		spin_unlock_bh(&ht->lock);
		kvfree(tbl);
	}
	mutex_unlock(&ht->mutex);
}

/**
 * rhashtable_init() - make a table, without objects
 * @ht:     where
 * @params: copied
 *
 * Context: may sleep.
 * Return: 0; -EINVAL without a way to hash, or to compare, an object; -ENOMEM.
 */
int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params)
{
	unsigned int size = params->nelem_hint ? roundup_pow_of_two(params->nelem_hint * 4 / 3) :
						 DEFAULT_SIZE;

	if ((!params->key_len && !params->obj_hashfn) ||
	    (params->obj_hashfn && !params->obj_cmpfn))
		return -EINVAL;

	memset(ht, 0, sizeof(*ht));
	ht->p = *params;
	ht->key_len = params->key_len;
	if (!ht->p.hashfn)
		ht->p.hashfn = jhash;
	if (params->min_size)
		ht->p.min_size = roundup_pow_of_two(params->min_size);
	ht->p.min_size = max_t(unsigned int, ht->p.min_size, MIN_SIZE);
	ht->max_elems = 1U << 31;
	if (params->max_size) {
		ht->p.max_size = rounddown_pow_of_two(params->max_size);
		ht->max_elems = min(ht->p.max_size, ht->max_elems / 2) * 2;
	}

	ht->tbl = table_alloc(max_t(unsigned int, size, ht->p.min_size), GFP_KERNEL);
	if (!ht->tbl)
		return -ENOMEM;
	mutex_init(&ht->mutex);
	spin_lock_init(&ht->lock);
	INIT_LIST_HEAD(&ht->um_walkers);
	INIT_WORK(&ht->run_work, resize_work);
	return 0;
}
EXPORT_SYMBOL_GPL(rhashtable_init);

/**
 * rhashtable_free_and_destroy() - end a table with what is in it
 * @ht:      nobody uses it any more
 * @free_fn: called for each object; may be NULL
 * @arg:     passed on
 *
 * Context: may sleep.
 */
void rhashtable_free_and_destroy(struct rhashtable *ht, void (*free_fn)(void *ptr, void *arg),
				 void *arg)
{
	struct rhash_head *head, *next;
	unsigned int i;

	cancel_work_sync(&ht->run_work);
	mutex_lock(&ht->mutex);
	for (i = 0; free_fn && i < ht->tbl->size; i++) {
		for (head = ht->tbl->buckets[i]; head; head = next) {
			next = head->next;
			free_fn(object_of(ht, head), arg);
		}
	}
	kvfree(ht->tbl);
	mutex_unlock(&ht->mutex);
}
EXPORT_SYMBOL_GPL(rhashtable_free_and_destroy);

/**
 * rhashtable_destroy() - end a table; objects in it are left alone
 * @ht: nobody uses it any more
 *
 * Context: may sleep.
 */
void rhashtable_destroy(struct rhashtable *ht)
{
	rhashtable_free_and_destroy(ht, NULL, NULL);
}
EXPORT_SYMBOL_GPL(rhashtable_destroy);

/* ---- looking up and changing ---------------------------------------------------- */

static void *lookup_locked(struct rhashtable *ht, const void *key)
{
	struct rhash_head *head;

	spin_lock_bh(&ht->lock);
	head = search(ht, ht->tbl, hash_of_key(ht, ht->tbl, key), key);
	spin_unlock_bh(&ht->lock);
	return head ? object_of(ht, head) : NULL;
}

/**
 * um_rhashtable_lookup() - the object with a key; called as rhashtable_lookup()
 * @ht:     the table
 * @key:    the key
 * @params: those of the table
 *
 * Context: an RCU read section, in which what is found can be used.
 * Return: the object, which stays till the end of the grace period; or NULL.
 */
void *um_rhashtable_lookup(struct rhashtable *ht, const void *key,
			   const struct rhashtable_params *params)
{
	struct bucket_table *tbl = rcu_dereference(ht->tbl);
	bool filling = um_rcu_follow(tbl->um_filling);
	struct rhash_head *head;

	head = search(ht, tbl, hash_of_key(ht, tbl, key), key);
	if (head)
		return object_of(ht, head);
	if (likely(!filling && rcu_dereference(ht->tbl) == tbl))
		return NULL;
	return lookup_locked(ht, key);
}
EXPORT_SYMBOL_GPL(um_rhashtable_lookup);

/* Called with ht->lock held. */
static int make_room(struct rhashtable *ht)
{
	struct bucket_table *tbl;

	if ((unsigned int)atomic_read(&ht->nelems) >= ht->max_elems)
		return -E2BIG;
	if (!is_above_100(ht, ht->tbl))
		return 0;
	tbl = table_alloc(ht->tbl->size * 2, GFP_ATOMIC | __GFP_NOWARN);
	if (!tbl) {
		schedule_work(&ht->run_work);
		return -ENOMEM;
	}
	replace_table(ht, tbl);
	return 0;
}

/**
 * um_rhashtable_insert() - insert an object; called as rhashtable_insert_fast() and its like
 * @ht:     the table
 * @key:    that no object may have yet; NULL: whatever there is
 * @obj:    of the object
 * @params: those of the table
 * @site:   the caller, for faults: -EBUSY
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 * Return: NULL; the object that has the key already; or ERR_PTR(): -E2BIG at the
 * most objects that the table takes, -ENOMEM, -EBUSY.
 */
void *um_rhashtable_insert(struct rhashtable *ht, const void *key, struct rhash_head *obj,
			   const struct rhashtable_params *params, struct um_fault_site *site)
{
	struct rhash_head *head = NULL;
	int err;
	u32 hash;

	if (um_fault_hit(site))
		return ERR_PTR(-EBUSY);

	spin_lock_bh(&ht->lock);
	if (key)
		head = search(ht, ht->tbl, hash_of(ht, ht->tbl, obj), key);
	err = head ? 0 : make_room(ht);
	if (!head && !err) {
		hash = hash_of(ht, ht->tbl, obj);
		obj->next = ht->tbl->buckets[hash];
		um_rcu_publish(ht->tbl->buckets[hash], obj);
		atomic_inc(&ht->nelems);
		if (is_above_75(ht, ht->tbl))
			schedule_work(&ht->run_work);
	}
	spin_unlock_bh(&ht->lock);

	if (err)
		return ERR_PTR(err);
	return head ? object_of(ht, head) : NULL;
}
EXPORT_SYMBOL_GPL(um_rhashtable_insert);

/* Where @obj is linked; NULL if it is not in the table. Called with ht->lock held. */
static struct rhash_head **link_of(struct rhashtable *ht, struct rhash_head *obj)
{
	struct rhash_head **link = &ht->tbl->buckets[hash_of(ht, ht->tbl, obj)];

	while (*link && *link != obj)
		link = &(*link)->next;
	return *link ? link : NULL;
}

/**
 * um_rhashtable_remove() - remove an object; called as rhashtable_remove_fast()
 * @ht:     the table
 * @obj:    of the object, which others may be looking at for a grace period
 * @params: those of the table
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 * Return: 0, or -ENOENT.
 */
int um_rhashtable_remove(struct rhashtable *ht, struct rhash_head *obj,
			 const struct rhashtable_params *params)
{
	struct rhash_head **link;

	spin_lock_bh(&ht->lock);
	link = link_of(ht, obj);
	if (link) {
		um_rcu_publish(*link, obj->next);
		atomic_dec(&ht->nelems);
		if (right_size(ht, ht->tbl) < ht->tbl->size)
			schedule_work(&ht->run_work);
	}
	spin_unlock_bh(&ht->lock);
	return link ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(um_rhashtable_remove);

/**
 * um_rhashtable_replace() - put an object in another's place; called as rhashtable_replace_fast()
 * @ht:     the table
 * @old:    of the object that goes
 * @obj:    of the object that comes, which has the same key
 * @params: those of the table
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 * Return: 0; -EINVAL if their hashes differ; -ENOENT without the old one.
 */
int um_rhashtable_replace(struct rhashtable *ht, struct rhash_head *old, struct rhash_head *obj,
			  const struct rhashtable_params *params)
{
	struct rhash_head **link;
	int err = -EINVAL;

	spin_lock_bh(&ht->lock);
	if (hash_of(ht, ht->tbl, old) == hash_of(ht, ht->tbl, obj)) {
		link = link_of(ht, old);
		err = link ? 0 : -ENOENT;
		if (link) {
			obj->next = old->next;
			um_rcu_publish(*link, obj);
		}
	}
	spin_unlock_bh(&ht->lock);
	return err;
}
EXPORT_SYMBOL_GPL(um_rhashtable_replace);

/* ---- walking -------------------------------------------------------------------------- */

/**
 * rhashtable_walk_enter() - begin a walk over all objects
 * @ht:   the table
 * @iter: where the walk stands
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 */
void rhashtable_walk_enter(struct rhashtable *ht, struct rhashtable_iter *iter)
{
	*iter = (struct rhashtable_iter){ .ht = ht };
	spin_lock_bh(&ht->lock);
	iter->walker.tbl = ht->tbl;
	list_add(&iter->walker.list, &ht->um_walkers);
	spin_unlock_bh(&ht->lock);
}
EXPORT_SYMBOL_GPL(rhashtable_walk_enter);

/**
 * rhashtable_walk_exit() - end a walk
 * @iter: stopped
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 */
void rhashtable_walk_exit(struct rhashtable_iter *iter)
{
	spin_lock_bh(&iter->ht->lock);
	if (iter->walker.tbl)
		list_del(&iter->walker.list);
	spin_unlock_bh(&iter->ht->lock);
}
EXPORT_SYMBOL_GPL(rhashtable_walk_exit);

static struct rhash_head *nth(struct bucket_table *tbl, unsigned int slot, unsigned int n)
{
	struct rhash_head *head = um_rcu_follow(tbl->buckets[slot]);

	while (head && n--)
		head = um_rcu_follow(head->next);
	return head;
}

/* The object given last may have gone, or others may have come before it. */
static void find_again(struct rhashtable_iter *iter)
{
	struct rhash_head *head;
	unsigned int n = 0;

	while ((head = nth(iter->walker.tbl, iter->slot, n++))) {
		if (head == iter->p) {
			iter->skip = n;
			return;
		}
	}
	iter->p = NULL;
}

/**
 * rhashtable_walk_start_check() - go on with a walk
 * @iter: begun, or stopped
 *
 * Context: not with interrupts off; nothing may sleep until
 * rhashtable_walk_stop().
 * Return: 0, or -EAGAIN if the table was resized: the walk begins anew.
 */
int rhashtable_walk_start_check(struct rhashtable_iter *iter)
{
	struct rhashtable *ht = iter->ht;

	rcu_read_lock();
	spin_lock_bh(&ht->lock);
	if (iter->walker.tbl)
		list_del_init(&iter->walker.list);
	spin_unlock_bh(&ht->lock);

	if (iter->end_of_table)
		return 0;
	if (!iter->walker.tbl) {
		iter->walker.tbl = rcu_dereference(ht->tbl);
		iter->slot = 0;
		iter->skip = 0;
		iter->p = NULL;
		return -EAGAIN;
	}
	if (iter->p)
		find_again(iter);
	return 0;
}
EXPORT_SYMBOL_GPL(rhashtable_walk_start_check);

/**
 * rhashtable_walk_next() - the next object
 * @iter: started
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 * Return: the object; NULL at the end; ERR_PTR(-EAGAIN) if the table was
 * resized: from here on all objects come again.
 */
void *rhashtable_walk_next(struct rhashtable_iter *iter)
{
	struct bucket_table *tbl = iter->walker.tbl;

	if (iter->end_of_table)
		return NULL;
	if (rcu_dereference(iter->ht->tbl) != tbl) {
		iter->walker.tbl = rcu_dereference(iter->ht->tbl);
		iter->slot = 0;
		iter->skip = 0;
		iter->p = NULL;
		return ERR_PTR(-EAGAIN);
	}
	for (; iter->slot < tbl->size; iter->slot++) {
		iter->p = nth(tbl, iter->slot, iter->skip++);
		if (iter->p)
			return object_of(iter->ht, iter->p);
		iter->skip = 0;
	}
	iter->end_of_table = true;
	return NULL;
}
EXPORT_SYMBOL_GPL(rhashtable_walk_next);

/**
 * rhashtable_walk_peek() - the object given last, or the first
 * @iter: started
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 * Return: as rhashtable_walk_next().
 */
void *rhashtable_walk_peek(struct rhashtable_iter *iter)
{
	if (iter->p)
		return object_of(iter->ht, iter->p);
	if (iter->skip)
		iter->skip--;
	return rhashtable_walk_next(iter);
}
EXPORT_SYMBOL_GPL(rhashtable_walk_peek);

/**
 * rhashtable_walk_stop() - pause a walk; the caller may sleep afterwards
 * @iter: started
 *
 * Context: not with interrupts off: locks of buckets keep bottom halves out,
 * and let them in again.
 */
void rhashtable_walk_stop(struct rhashtable_iter *iter)
{
	struct rhashtable *ht = iter->ht;

	spin_lock_bh(&ht->lock);
	if (iter->walker.tbl == ht->tbl)
		list_add(&iter->walker.list, &ht->um_walkers);
	else
		iter->walker.tbl = NULL;
	spin_unlock_bh(&ht->lock);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(rhashtable_walk_stop);
