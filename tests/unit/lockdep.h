/* SPDX-License-Identifier: GPL-2.0-only */
/* What lockdep.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_LOCKDEP_H
#define UMDEV_TESTS_UNIT_LOCKDEP_H

void k_a_then_b(void);
void k_b_then_a(void);
void k_three_in_a_circle(void);
void k_read_a_write_b(void);
void k_write_b_read_a(void);
void k_readers_recurse(void);
void k_trylock_crosswise(void);
void k_same_class(void);
void k_same_class_subclassed(void);
void k_same_class_nested(void);
void k_no_validate_crosswise(void);
void k_no_validate_is_held(void);
void k_spin_recursive(void);
void k_flush_under_items_lock(void);
void k_flush_queue_under_items_lock(void);
void k_flush_own_item(void);
void k_complete_under_waiters_lock(void);
void k_free_held_lock(void);

int k_files_add(void);
void k_files_remove(void);
/* Removes the file "locks" while holding what its store takes. */
void k_remove_under_callbacks_lock(void);

void k_lockdep_count(unsigned int *classes, unsigned long *edges);

#endif
