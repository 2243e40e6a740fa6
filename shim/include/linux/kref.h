/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kref: a reference count that knows how its object ends. Nothing is left
 * out. The counting, and so the checking, is refcount_t's.
 */
#ifndef _LINUX_KREF_H
#define _LINUX_KREF_H

#include <linux/refcount.h>
#include <linux/spinlock.h>

struct kref {
	refcount_t refcount;
};

#define KREF_INIT(n)	{ .refcount = REFCOUNT_INIT(n), }

static inline void kref_init(struct kref *kref)
{
	refcount_set(&kref->refcount, 1);
}

static inline unsigned int kref_read(const struct kref *kref)
{
	return refcount_read(&kref->refcount);
}

static inline void kref_get(struct kref *kref)
{
	refcount_inc(&kref->refcount);
}

/**
 * kref_put() - drop a reference
 * @kref: the reference count
 * @release: called with it after the last one
 *
 * Context: as @release.
 *
 * Return: 1 if @release was called. 0 says nothing about the future: others
 * may drop the last reference at any time.
 */
static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (!refcount_dec_and_test(&kref->refcount))
		return 0;
	um_released(kref, release);
	release(kref);
	return 1;
}

/* As kref_put(); @release is called with @lock held and must drop it. */
static inline int kref_put_mutex(struct kref *kref,
				 void (*release)(struct kref *kref),
				 struct mutex *lock)
{
	if (!refcount_dec_and_mutex_lock(&kref->refcount, lock))
		return 0;
	um_released(kref, release);
	release(kref);
	return 1;
}

static inline int kref_put_lock(struct kref *kref,
				void (*release)(struct kref *kref),
				spinlock_t *lock)
{
	if (!refcount_dec_and_lock(&kref->refcount, lock))
		return 0;
	um_released(kref, release);
	release(kref);
	return 1;
}

/* For lookups that find an object before its owner could unlink it. */
static inline int __must_check kref_get_unless_zero(struct kref *kref)
{
	return refcount_inc_not_zero(&kref->refcount);
}

#endif
