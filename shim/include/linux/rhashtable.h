/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash table that grows and shrinks with what is in it (lib/rhashtable.c).
 *
 * Looking up takes no lock and sees all the time what is in the table, also
 * while it is resized; objects that others may be looking at are freed after a
 * grace period. Changes take a lock with bottom halves disabled: any context but
 * with interrupts off. The parameters go along with every call, as in Linux,
 * where they are compiled into it.
 *
 * Left out: rhltable_*(), rhashtable_next_key(), and the macros of the inside
 * (rht_for_each() and its like).
 */
#ifndef _LINUX_RHASHTABLE_H
#define _LINUX_RHASHTABLE_H

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>

#include "check/op.h"

struct um_fault_site;

struct bucket_table {
	unsigned int size;		/* a power of two */
	u32 hash_rnd;
	bool um_filling;		/* objects are moving to this table */
	struct rcu_head rcu;
	struct rhash_head __rcu *buckets[];
};

void *um_rhashtable_lookup(struct rhashtable *ht, const void *key,
			   const struct rhashtable_params *params);
/* What has the key already, NULL after an insertion, or an ERR_PTR(). */
void *um_rhashtable_insert(struct rhashtable *ht, const void *key, struct rhash_head *obj,
			   const struct rhashtable_params *params, struct um_fault_site *site);
int um_rhashtable_remove(struct rhashtable *ht, struct rhash_head *obj,
			 const struct rhashtable_params *params);
int um_rhashtable_replace(struct rhashtable *ht, struct rhash_head *old, struct rhash_head *obj,
			  const struct rhashtable_params *params);

/* -EEXIST for an object that was found. */
static inline int um_rhashtable_errno(void *found)
{
	if (IS_ERR(found))
		return PTR_ERR(found);
	return found ? -EEXIST : 0;
}

/* Called under rcu_read_lock(), which also keeps what is found. */
static inline void *rhashtable_lookup(struct rhashtable *ht, const void *key,
				      const struct rhashtable_params params)
{
	return um_rhashtable_lookup(ht, key, &params);
}

static inline void *rhashtable_lookup_fast(struct rhashtable *ht, const void *key,
					   const struct rhashtable_params params)
{
	void *obj;

	rcu_read_lock();
	obj = um_rhashtable_lookup(ht, key, &params);
	rcu_read_unlock();
	return obj;
}

static inline void *um_rht_key(struct rhash_head *obj, const struct rhashtable_params *params)
{
	return (char *)obj - params->head_offset + params->key_offset;
}

static inline int um_rht_insert_fast(struct rhashtable *ht, struct rhash_head *obj,
				     const struct rhashtable_params params,
				     struct um_fault_site *site)
{
	return um_rhashtable_errno(um_rhashtable_insert(ht, NULL, obj, &params, site));
}

static inline void *um_rht_lookup_get_insert_fast(struct rhashtable *ht, struct rhash_head *obj,
						  const struct rhashtable_params params,
						  struct um_fault_site *site)
{
	return um_rhashtable_insert(ht, um_rht_key(obj, &params), obj, &params, site);
}

static inline void *um_rht_lookup_get_insert_key(struct rhashtable *ht, const void *key,
						 struct rhash_head *obj,
						 const struct rhashtable_params params,
						 struct um_fault_site *site)
{
	return um_rhashtable_insert(ht, key, obj, &params, site);
}

/* Equal keys are the caller's business. */
#define rhashtable_insert_fast(ht, obj, params) \
	um_rht_insert_fast(ht, obj, params, um_fault_site("rhashtable_insert"))
/* The object that has the key already, NULL, or an ERR_PTR(). */
#define rhashtable_lookup_get_insert_fast(ht, obj, params) \
	um_rht_lookup_get_insert_fast(ht, obj, params, um_fault_site("rhashtable_insert"))
#define rhashtable_lookup_get_insert_key(ht, key, obj, params) \
	um_rht_lookup_get_insert_key(ht, key, obj, params, um_fault_site("rhashtable_insert"))
/* -EEXIST if the key is there already */
#define rhashtable_lookup_insert_fast(ht, obj, params) \
	um_rhashtable_errno(rhashtable_lookup_get_insert_fast(ht, obj, params))
#define rhashtable_lookup_insert_key(ht, key, obj, params) \
	um_rhashtable_errno(rhashtable_lookup_get_insert_key(ht, key, obj, params))

/* 0, or -ENOENT */
static inline int rhashtable_remove_fast(struct rhashtable *ht, struct rhash_head *obj,
					 const struct rhashtable_params params)
{
	return um_rhashtable_remove(ht, obj, &params);
}

/* @obj has the key of @old: 0; -EINVAL if the hashes differ, -ENOENT */
static inline int rhashtable_replace_fast(struct rhashtable *ht, struct rhash_head *old,
					  struct rhash_head *obj,
					  const struct rhashtable_params params)
{
	return um_rhashtable_replace(ht, old, obj, &params);
}

void rhashtable_walk_enter(struct rhashtable *ht, struct rhashtable_iter *iter);
void rhashtable_walk_exit(struct rhashtable_iter *iter);
int rhashtable_walk_start_check(struct rhashtable_iter *iter);
static inline void rhashtable_walk_start(struct rhashtable_iter *iter)
{
	(void)rhashtable_walk_start_check(iter);
}
void *rhashtable_walk_next(struct rhashtable_iter *iter);
void *rhashtable_walk_peek(struct rhashtable_iter *iter);
void rhashtable_walk_stop(struct rhashtable_iter *iter);

void rhashtable_free_and_destroy(struct rhashtable *ht, void (*free_fn)(void *ptr, void *arg),
				 void *arg);
void rhashtable_destroy(struct rhashtable *ht);

#endif
