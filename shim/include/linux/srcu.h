/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleepable RCU (kernel/rcu/srcu.c): readers are counted for each domain, by one
 * of two indexes; a grace period turns to the other index and waits until the
 * readers of the one before have left. Readers may sleep, and wait for anything
 * but a grace period of their own domain.
 *
 * One made by init_srcu_struct() is to be cleaned up; DEFINE_SRCU() of a module
 * goes with it, and must have neither readers nor callbacks then.
 */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "compat/levels.h"

struct srcu_struct {
	struct lockdep_map dep_map;
	/* the shim's own, all under the inner lock of kernel/sched */
	unsigned int um_index;		/* of readers that come now */
	unsigned int um_readers[2];
	bool um_busy;			/* a grace period runs */
	bool um_made;			/* by init_srcu_struct() */
	bool um_known;			/* on the list of all */
	unsigned long um_done;		/* grace periods that have ended */
	unsigned long um_wanted;	/* by start_poll_synchronize_srcu() */
	struct list_head um_all;
	struct rcu_head *um_first, *um_last;
	struct rcu_head *um_due;	/* after this grace period, or by now */
	struct work_struct um_work;
};

void um_srcu_work(struct work_struct *work);

#define __SRCU_STRUCT_INIT(_name)					\
	{ .dep_map = STATIC_LOCKDEP_MAP_INIT(#_name, &(_name)),		\
	  .um_work = __WORK_INITIALIZER((_name).um_work, um_srcu_work), }
#define DEFINE_SRCU(name)	struct srcu_struct name = __SRCU_STRUCT_INIT(name)
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)

int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key);
#define init_srcu_struct(ssp)						\
({									\
	static struct lock_class_key __srcu_key;			\
									\
	__init_srcu_struct((ssp), #ssp, &__srcu_key);			\
})
void cleanup_srcu_struct(struct srcu_struct *ssp);

int srcu_read_lock(struct srcu_struct *ssp);
void srcu_read_unlock(struct srcu_struct *ssp, int idx);
#define srcu_read_lock_notrace(ssp)		srcu_read_lock(ssp)
#define srcu_read_unlock_notrace(ssp, idx)	srcu_read_unlock(ssp, idx)
#if KAPI_SRCU_NMISAFE || defined(UMDEV_BUILTIN)
#define srcu_read_lock_nmisafe(ssp)		srcu_read_lock(ssp)
#define srcu_read_unlock_nmisafe(ssp, idx)	srcu_read_unlock(ssp, idx)
#endif

void synchronize_srcu(struct srcu_struct *ssp);
#define synchronize_srcu_expedited(ssp) synchronize_srcu(ssp)
void call_srcu(struct srcu_struct *ssp, struct rcu_head *head,
	       void (*func)(struct rcu_head *head));
void srcu_barrier(struct srcu_struct *ssp);
unsigned long get_state_synchronize_srcu(struct srcu_struct *ssp);
unsigned long start_poll_synchronize_srcu(struct srcu_struct *ssp);
bool poll_state_synchronize_srcu(struct srcu_struct *ssp, unsigned long cookie);

/* As with a kernel that has no lock checker, true where that is off. */
static inline int srcu_read_lock_held(const struct srcu_struct *ssp)
{
	return lock_is_held(&ssp->dep_map) != 0;
}

#define srcu_dereference_check(p, ssp, c)	rcu_dereference_check(p, c)
#define srcu_dereference(p, ssp)		rcu_dereference(p)
#define srcu_dereference_notrace(p, ssp)	rcu_dereference(p)

static inline void smp_mb__after_srcu_read_unlock(void)
{
}

DEFINE_LOCK_GUARD_1(srcu, struct srcu_struct, _T->idx = srcu_read_lock(_T->lock),
		    srcu_read_unlock(_T->lock, _T->idx), int idx)

#endif
