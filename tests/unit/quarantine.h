/* SPDX-License-Identifier: GPL-2.0-only */
/* What quarantine_kern.c does wrong with objects of kmalloc(), one fault each. */
#ifndef UMDEV_TESTS_UNIT_QUARANTINE_H
#define UMDEV_TESTS_UNIT_QUARANTINE_H

void k_write_after_free(void);
void k_write_after_free_to_cache(void);
void k_write_freed_page(void);
void k_write_freed_area(void);
void k_write_freed_large_area(void);
void k_write_behind(void);
void k_write_behind_and_free(void);
void k_free_twice(void);
void k_free_inside(void);
void k_free_no_object(void);
void k_follow_freed(void);
void k_call_freed(void);
void k_follow_unwritten(void);
void k_follow_deleted(void);
void k_put_freed(void);
/* @index: of a table of 8 numbers that begin in an object of their own */
void k_trust_index(unsigned int index);
void k_trust_shift(unsigned int n);

/* Frees so many objects that none stays in quarantine which was there before. */
void k_push_out(void);
/* Each page that was freed is handed out once, and freed again. */
void k_use_all_pages(void);
/* Likewise, those that are freed in large pieces. */
void k_use_large_areas(void);
/* Objects of other tasks leave the quarantine; none of these is ordered by it. */
void k_free_in_tasks(void);
void k_race_of_freers(void);

#endif
