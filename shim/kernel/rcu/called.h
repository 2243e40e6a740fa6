/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions given to call_rcu() and call_srcu(), by which a module that goes is
 * asked whether RCU will still call it, or might have (kernel/rcu/called.c).
 */
#ifndef UMDEV_KERNEL_CALLED_H
#define UMDEV_KERNEL_CALLED_H

#include <linux/types.h>

struct rcu_head;

/* @domain: NULL for call_rcu(), else the struct srcu_struct */
void um_called(const void *domain, const struct rcu_head *head,
	       void (*func)(struct rcu_head *head));
void um_called_ran(const void *domain, void (*func)(struct rcu_head *head));
/* How many were given so far, to any domain. */
u64 um_called_queued(void);
/* All that had been given to the domain by then have been waited for. */
void um_called_waited(const void *domain, u64 queued);

#endif
