/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's kernel log as numbered records, and the splats in it.
 */
#ifndef UMDEV_GUEST_KMSG_H
#define UMDEV_GUEST_KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * kmsg_open() - start reading /dev/kmsg.
 * @from: records before this number are skipped
 *
 * Return: 0 or a negative errno. One log per process.
 */
int kmsg_open(uint64_t from);
void kmsg_close(void);

/* The number that the next record will get. */
uint64_t kmsg_next_seq(void);

/**
 * kmsg_find() - the first record whose number is at least @seq.
 * @found: its number
 *
 * Return: its text, owned by the log and valid until kmsg_close(), or NULL.
 */
const char *kmsg_find(uint64_t seq, uint64_t *found);

/*
 * A splat: what the kernel prints when something is wrong with it, from its
 * first line to its last.
 */
struct splat {
	uint64_t first;		/* numbers of its first and last record */
	uint64_t last;
	const char *title;	/* the line that says what it is */
};

/**
 * splat_next() - the first splat that begins at record @seq or later.
 *
 * A report that the kernel is still writing ends where the log ends.
 */
bool splat_next(uint64_t seq, struct splat *splat);

/* Whether any line of it contains @text. */
bool splat_has(const struct splat *splat, const char *text);

#endif
