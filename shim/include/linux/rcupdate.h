/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU (kernel/rcu.c): readers are counted per task, a grace period is over
 * when each reader that was inside has left once. Reading is atomic context.
 * For synchronize_rcu_tasks() all kernel code that does not sleep is a reader.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/bottom_half.h>
#include <linux/cleanup.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/lockdep.h>
#include <asm/barrier.h>

void rcu_read_lock(void);
void rcu_read_unlock(void);
int rcu_read_lock_held(void);
void synchronize_rcu(void);
void synchronize_rcu_tasks(void);
#define synchronize_rcu_expedited() synchronize_rcu()
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_barrier(void);
void um_kfree_rcu(struct rcu_head *head, void *p);

#define rcu_dereference(p) __atomic_load_n(&(p), __ATOMIC_CONSUME)
#define rcu_dereference_protected(p, c) (p)
#define rcu_dereference_check(p, c) rcu_dereference(p)
#define rcu_dereference_raw(p) rcu_dereference(p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) smp_store_release(&(p), (v))
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)
#define RCU_LOCKDEP_WARN(c, s) do {} while (0)
#define kfree_rcu(ptr, member) \
	do { typeof(ptr) __p = (ptr); if (__p) um_kfree_rcu(&__p->member, __p); } while (0)

DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())

#endif
