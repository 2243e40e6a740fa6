/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the two sides of the test of held tasks: steps of modelled tasks. */
#ifndef UNIT_INTERLEAVE_H
#define UNIT_INTERLEAVE_H

/* Everything below as it was at first; nobody may hold a lock. */
void k_reset(void);
/* The letters noted so far, in their order. */
const char *k_notes(void);

/* Notes a letter, under no lock. */
void k_note(char c);
/* Takes and releases a mutex nobody else has, @times: two points each. */
void k_pass_points(unsigned int times);
/* The same with a spinlock. */
void k_pass_points_atomic(void);
/* As the compiler does in a module that is built for it: one point. */
void k_basic_block(void);
void k_lock(void);
void k_unlock(void);
void k_spin_lock(void);
void k_spin_unlock(void);
/* Adds one to a number: reads it, passes two points, writes it. */
void k_add(void);
int k_number(void);
/* The same at once, for TSan to see. */
void k_add_unordered(void);
/* Waits for k_complete(). */
void k_wait(void);
void k_complete(void);
void k_warn(void);

#endif
