/* SPDX-License-Identifier: GPL-2.0-only */
/* told_kern.c, as told.c calls it. */
#ifndef UMDEV_TESTS_UNIT_TOLD_H
#define UMDEV_TESTS_UNIT_TOLD_H

/* A fault, what is told of it, and what is like it and right. */
struct told_fault {
	const char *words;
	void (*fault)(void);
	void (*clean)(void);
};

/* Ended by one without words. */
extern const struct told_fault k_faults[];

/* What is made and left, until it is dropped. */
struct told_left {
	const char *sort;
	void (*make)(void);
	void (*drop)(void);
};

extern const struct told_left k_left[];

/* What the cases share; 0 */
int k_begin(void);
void k_end(void);

#endif
