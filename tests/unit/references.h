/* SPDX-License-Identifier: GPL-2.0-only */
/* What references.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_REFERENCES_H
#define UMDEV_TESTS_UNIT_REFERENCES_H

int k_leak_three(void);
void k_give_back_three(void);
void k_put_twice(void);
void k_get_after_free(void);
void k_put_twice_in_heap(void);
int k_leak_page(void);
void k_give_back_page(void);
/* Bit 0: released by the put; bit 1: after the flush. */
int k_late(void);
void k_wait_for_release(void);

#endif
