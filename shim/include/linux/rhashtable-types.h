/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types of the resizable hash table (linux/rhashtable.h), for structures that
 * have one in them.
 *
 * Left out: rhltable, whose objects may have a key in common.
 */
#ifndef _LINUX_RHASHTABLE_TYPES_H
#define _LINUX_RHASHTABLE_TYPES_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct rhashtable;
struct bucket_table;

/* In each object. */
struct rhash_head {
	struct rhash_head __rcu *next;
};

struct rhashtable_compare_arg {
	struct rhashtable *ht;
	const void *key;
};

typedef u32 (*rht_hashfn_t)(const void *data, u32 len, u32 seed);
typedef u32 (*rht_obj_hashfn_t)(const void *data, u32 len, u32 seed);
/* 0 for the object with the key */
typedef int (*rht_obj_cmpfn_t)(struct rhashtable_compare_arg *arg, const void *obj);

/**
 * struct rhashtable_params - what is in a table, and how large it is
 * @nelem_hint: objects expected; the first size has room for them
 * @key_len: bytes of a key
 * @key_offset: of the key in an object
 * @head_offset: of the struct rhash_head in an object
 * @max_size: most buckets, 0 for no limit; no more than twice as many objects
 * @min_size: fewest buckets when it shrinks; 4 at least
 * @automatic_shrinking: shrink when objects are removed
 * @hashfn: of a key; jhash() if NULL
 * @obj_hashfn: of an object; @hashfn of its key if NULL
 * @obj_cmpfn: compares a key with an object; memcmp() of its key if NULL
 */
struct rhashtable_params {
	u16 nelem_hint;
	u16 key_len;
	u16 key_offset;
	u16 head_offset;
	unsigned int max_size;
	u16 min_size;
	bool automatic_shrinking;
	rht_hashfn_t hashfn;
	rht_obj_hashfn_t obj_hashfn;
	rht_obj_cmpfn_t obj_cmpfn;
};

struct rhashtable {
	struct bucket_table __rcu *tbl;
	unsigned int key_len;
	unsigned int max_elems;
	struct rhashtable_params p;
	struct work_struct run_work;
	struct mutex mutex;		/* who resizes in process context */
	spinlock_t lock;		/* who changes anything; and walkers */
	struct list_head um_walkers;
	atomic_t nelems;
};

struct rhashtable_walker {
	struct list_head list;
	struct bucket_table *tbl;
};

struct rhashtable_iter {
	struct rhashtable *ht;
	struct rhash_head *p;
	struct rhashtable_walker walker;
	unsigned int slot;
	unsigned int skip;
	bool end_of_table;
};

int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params);

#endif
