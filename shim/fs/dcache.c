// SPDX-License-Identifier: GPL-2.0-only
/* References on dentries. What one of them is, its filesystem knows. */
#include <linux/dcache.h>
#include <linux/export.h>

#include "check/op.h"

/**
 * dget() - take a reference on a dentry
 * @dentry: one on which the caller has a reference; or NULL
 *
 * Return: @dentry.
 */
struct dentry *dget(struct dentry *dentry)
{
	if (dentry) {
		um_object_get(dentry);
		refcount_inc(&dentry->um_count);
	}
	return dentry;
}
EXPORT_SYMBOL_GPL(dget);

/**
 * dput() - drop a reference on a dentry
 * @dentry: the caller's no longer; or NULL
 *
 * Context: may sleep.
 */
void dput(struct dentry *dentry)
{
	if (!dentry)
		return;
	might_sleep();
	um_object_put(dentry);
	if (refcount_dec_and_test(&dentry->um_count))
		dentry->um_free(dentry);
}
EXPORT_SYMBOL(dput);
