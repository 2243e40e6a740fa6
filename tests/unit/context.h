/* SPDX-License-Identifier: GPL-2.0-only */
/* context_kern.c, as context.c calls it: each prints or returns what its name says. */
#ifndef UMDEV_TESTS_UNIT_CONTEXT_H
#define UMDEV_TESTS_UNIT_CONTEXT_H

int k_irq_states(void);
int k_bh_states(void);

void k_sleep_with_irqs_off(void);
void k_sleep_with_bh_off(void);
void k_unlock_without_restore(void);
void k_restore_without_save(void);
void k_enable_bh_too_often(void);

void k_condition_that_sleeps(int prepared);
void k_condition_that_allocates(void);
void k_wait_after_wait(void);

void k_timer_lock_unsafe(void);
void k_timer_lock_safe(void);
void k_timer_lock_saved(void);
void k_irq_lock_with_bh_off(void);
void k_irq_lock_with_irqs_off(void);
void k_irqs_on_with_lock_held(void);
void k_inversion(void);
void k_no_inversion(void);
void k_inversion_over_others(void);
void k_no_inversion_over_readers(void);
void k_shared_readers(void);

#endif
