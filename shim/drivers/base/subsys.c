// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buses and classes by address, for levels whose public structures are const:
 * a table from there to the private half. The table holds no reference; who
 * looks up has a bus or class that stays registered meanwhile, or that never
 * was, and gets NULL.
 */

#include <linux/hashtable.h>
#include <linux/spinlock.h>

#include "drivers/base/base.h"

#if KAPI_ABI_BUS_CONST

static DEFINE_HASHTABLE(table, 6);
static DEFINE_SPINLOCK(table_lock);

struct subsys_private *subsys_find(const void *public)
{
	struct subsys_private *priv, *found = NULL;

	spin_lock(&table_lock);
	hash_for_each_possible(table, priv, node, (unsigned long)public) {
		if (priv->public == public) {
			found = priv;
			break;
		}
	}
	spin_unlock(&table_lock);
	return found;
}

void subsys_publish(struct subsys_private *priv, const void *public)
{
	spin_lock(&table_lock);
	priv->public = public;
	hash_add(table, &priv->node, (unsigned long)public);
	spin_unlock(&table_lock);
}

void subsys_withdraw(struct subsys_private *priv)
{
	spin_lock(&table_lock);
	hash_del(&priv->node);
	spin_unlock(&table_lock);
	lockdep_unregister_key(&priv->lock_key);
}

#endif
