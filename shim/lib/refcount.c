// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow side of refcount_t: what happens on misuse, and the operations
 * that end in a lock. The fast side is in linux/refcount.h.
 *
 * A misused counter is set to the middle of the negative range, far from
 * both ends, so that it neither reaches zero nor wraps by what others still
 * do to it: the object leaks instead of being freed under its users. Each
 * misuse is a splat, every time.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

#include "check/op.h"

static const char * const refcount_misuse[] = {
	[REFCOUNT_ADD_NOT_ZERO_OVF] = "saturated; leaking memory",
	[REFCOUNT_ADD_OVF] = "saturated; leaking memory",
	[REFCOUNT_ADD_UAF] = "addition on 0; use-after-free",
	[REFCOUNT_SUB_UAF] = "underflow; use-after-free",
	[REFCOUNT_DEC_LEAK] = "decrement hit 0; leaking memory",
};

/**
 * refcount_warn_saturate() - a counter was misused: saturate it, with a splat
 * @r: the counter
 * @t: what was done to it
 *
 * A splat each time, where a kernel warns once for each kind.
 */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t)
{
	refcount_set(r, REFCOUNT_SATURATED);
	um_splat("refcount", "refcount_t: %s.", refcount_misuse[t]);
}
EXPORT_SYMBOL(refcount_warn_saturate);

/**
 * refcount_dec_if_one() - drop the reference only if it is the last one
 * @r: the counter
 *
 * Never warns: a saturated or a zero counter is not one.
 *
 * Return: true if the counter went from 1 to 0; ordered as a release, with a
 * control dependency for the true case.
 */
bool refcount_dec_if_one(refcount_t *r)
{
	int one = 1;

	return atomic_try_cmpxchg_release(&r->refs, &one, 0);
}
EXPORT_SYMBOL(refcount_dec_if_one);

/**
 * refcount_dec_not_one() - drop the reference unless it is the last one
 * @r: the counter
 *
 * Context: takes no lock. Ordered as a release.
 *
 * Return: false if the counter was 1 and is untouched, true otherwise, for a
 * saturated counter and for an underflow (which splats) as well.
 */
bool refcount_dec_not_one(refcount_t *r)
{
	unsigned int val = refcount_read(r);
	int old;

	for (;;) {
		if (val == (unsigned int)REFCOUNT_SATURATED)
			return true;
		if (val == 1)
			return false;
		if (val == 0) {
			um_splat("refcount",
				 "refcount_t: underflow; use-after-free.");
			return true;
		}
		old = val;
		if (atomic_try_cmpxchg_release(&r->refs, &old, val - 1))
			return true;
		val = old;
	}
}
EXPORT_SYMBOL(refcount_dec_not_one);

/**
 * refcount_dec_and_mutex_lock() - the last reference is dropped under a lock
 * @r: the counter
 * @lock: taken only if the reference may be the last
 *
 * Context: may sleep.
 *
 * Return: true with @lock held if the counter reached 0. Only then: a caller
 * who finds false holds nothing.
 */
bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return false;

	mutex_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	mutex_unlock(lock);
	return false;
}
EXPORT_SYMBOL(refcount_dec_and_mutex_lock);

/**
 * refcount_dec_and_lock() - refcount_dec_and_mutex_lock() with a spinlock
 * @r: the counter
 * @lock: taken only if the reference may be the last
 *
 * Context: as spin_lock().
 *
 * Return: true with @lock held if the counter reached 0, else false.
 */
bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;

	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}
EXPORT_SYMBOL(refcount_dec_and_lock);

/**
 * refcount_dec_and_lock_irqsave() - the same, with interrupts off
 * @r: the counter
 * @lock: taken only if the reference may be the last
 * @flags: for spin_unlock_irqrestore() if true is returned
 *
 * Return: true with @lock held if the counter reached 0, else false.
 */
bool refcount_dec_and_lock_irqsave(refcount_t *r, spinlock_t *lock,
				   unsigned long *flags)
{
	if (refcount_dec_not_one(r))
		return false;

	spin_lock_irqsave(lock, *flags);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock_irqrestore(lock, *flags);
	return false;
}
EXPORT_SYMBOL(refcount_dec_and_lock_irqsave);
