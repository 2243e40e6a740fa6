// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the modelled kernel, noted and put back: host/snapshot.c copies
 * memory, and here is what must be true of the model around that. What was learnt
 * of the order of locks stays, so that an order of one schedule is compared with
 * those of all others.
 */
#include <linux/errno.h>

#include "check/lockdep.h"
#include "check/stacks.h"
#include "explore/explore_internal.h"
#include "host/snapshot.h"
#include "kernel/sched/driver.h"
#include "kernel/sched/sched.h"

int um_snapshot(void)
{
	if (um_driver != &um_fibers || !host_snapshot_can())
		return -EOPNOTSUPP;
	um_wait_quiet();
	um_lockdep_note();
	um_stacks_note();
	return host_snapshot_take() ? 0 : -EBUSY;
}

int um_restore(void)
{
	if (!host_snapshot_restore())
		return -ESTALE;
	um_lockdep_put_back();
	return 0;
}

bool um_mark(unsigned int n)
{
	if (!host_snapshot_mark())
		return false;
	um_lockdep_mark(n);
	return true;
}

bool um_back_to_mark(unsigned int n)
{
	if (!um_lockdep_has_all_of_mark(n) || !host_snapshot_back_to_mark(n))
		return false;
	um_lockdep_back_to_mark(n);
	return true;
}
