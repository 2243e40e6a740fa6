/* SPDX-License-Identifier: GPL-2.0-only */
/* What locking.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_LOCKING_H
#define UMDEV_TESTS_UNIT_LOCKING_H

void k_reset(void);
long k_mutex_hold(void *arg);
long k_mutex_lock_once(void *arg);
void k_release_holder(void);

long k_spin_hold(void *arg);
long k_spin_once(void *arg);
long k_read_lock_hold(void *arg);
long k_read_lock_once(void *arg);
long k_write_lock_hold(void *arg);
long k_write_lock_once(void *arg);
/* Those that hold park, in atomic context, until then. */
void k_unpark(void);
/* Waits of each sort that only a fatal signal ends, while main holds what they want. */
void k_killable_take(void);
void k_killable_give(void);
long k_killable_wait(void *kind);

void k_mutex_recursive(void);
void k_panic(void);
void k_uninitialised_others(void);
void k_initcall_fails(void);
void k_abba(void);
void k_deadlock_of_all_sorts(void);
void k_sleep_under_spinlock(void);
void k_unlock_by_other(void);
void k_uninitialised_mutex(void);
void k_bug(void);
void k_leave_with_mutex(void);
void k_race(void);

int k_work_never_initialised_queue(void);
int k_work_never_initialised_flush(void);
int k_work_never_initialised_cancel(void);
int k_work_never_initialised_cancel_sync(void);
int k_work_never_initialised_delay(void);
void k_timer_blocks(void);
long k_timer_delete(void *arg);
int k_timer_add_twice(void);
int k_timer_never_set_up_mod(void);
int k_timer_never_set_up_del(void);
int k_timer_never_set_up_del_sync(void);
int k_timer_never_set_up_pending(void);
long k_completed_writer(void *arg);
int k_completed_poll(void);
long k_rcu_reader(void *arg);
long k_rcu_synchronize(void *arg);
int k_call_rcu(void);
void k_call_rcu_sleeping(void);

#endif
