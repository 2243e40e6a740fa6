// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of snapshot.c. */
#include <linux/mutex.h>

#include "check/lockdep.h"
#include "snapshot.h"

static DEFINE_MUTEX(outer);
static DEFINE_MUTEX(inner);

void k_take_in_order(void)
{
	mutex_lock(&outer);
	mutex_lock(&inner);
	mutex_unlock(&inner);
	mutex_unlock(&outer);
}

unsigned long k_orders(void)
{
	unsigned int classes;
	unsigned long orders;

	um_lockdep_count(&classes, &orders);
	return orders;
}
