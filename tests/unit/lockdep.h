/* SPDX-License-Identifier: GPL-2.0-only */
/* What lockdep.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_LOCKDEP_H
#define UMDEV_TESTS_UNIT_LOCKDEP_H

void k_a_then_b(void);
void k_b_then_a(void);
void k_three_in_a_circle(void);
void k_ten_in_a_circle(void);
void k_read_a_write_b(void);
void k_write_b_read_a(void);
void k_readers_recurse(void);
void k_read_lock_twice(void);
void k_trylock_crosswise(void);
void k_same_class(void);
void k_same_class_subclassed(void);
void k_same_subclass(void);
void k_same_lock_where_another_was(void);
void k_order_of_a_key_that_went(bool crosswise);
void k_let_go_in_order(bool crosswise);
void k_same_class_nested(void);
void k_no_validate_crosswise(void);
void k_no_validate_is_held(void);
void k_spin_recursive(void);
void k_flush_under_items_lock(void);
void k_flush_queue_under_items_lock(void);
void k_flush_own_item(void);
void k_complete_under_waiters_lock(void);
void k_complete_then_wait_under_lock(void);
void k_complete_then_wait_under_another(void);
void k_delete_timer_under_its_lock(void);
void k_free_held_lock(void);
void k_sleep_under_spinlock(void);
void k_sleep_with_preemption_off(void);
void k_sleep_in_rcu_reader(void);
/* One kind of lock each, see the tests. */
void k_unlock_by_other(int kind);
void k_unlock_free(int kind);
void k_rcu_unlock_free(void);
void k_take_all_free(void);
void k_destroy_held_mutex(void);
void k_work_leaves_lock(void);
void k_timer_leaves_lock(void);
void k_timer_leaves_mutex(void);
void k_timer_enables_too_often(void);
void k_leave_as_reader(void);
void k_too_many_classes(void);
void k_too_many_held(void);

int k_files_add(void);
void k_files_remove(void);
/* Removes the file "locks" while holding what its store takes. */
void k_remove_under_callbacks_lock(void);

void k_lockdep_count(unsigned int *classes, unsigned long *edges);

#endif
