/* SPDX-License-Identifier: GPL-2.0-only */
/* What sanitizers find, as pieces of a report (host/sanitizer.c). */
#ifndef UMDEV_HOST_SANITIZER_H
#define UMDEV_HOST_SANITIZER_H

#include "host/host.h"

#define HOST_FINDING_STACKS	6
#define HOST_FINDING_DEPTH	24

struct host_finding {
	const char *tool;	/* "ASan", "UBSan", "TSan", "LSan", "MSan" */
	const char *sort;	/* as it names it: "heap-use-after-free", "data race" */
	char text[512];		/* its first line, without its own name */
	/* the first is where it was found, from the hook on: frames of the tool come first */
	struct {
		char what[64];
		void *pc[HOST_FINDING_DEPTH];
		unsigned int depth;
	} stacks[HOST_FINDING_STACKS];
	unsigned int n_stacks;
};

/*
 * @found is called for each finding, in the task that made it and inside of
 * the tool, which holds its own locks. Nothing in builds without a sanitizer.
 * Of TSan only the finding that ends the process (halt_on_error=1): the hook
 * that it has for others can be defined by a program alone.
 */
void host_sanitizer_init(void (*found)(const struct host_finding *f));
/* The process ends: tells what TSan, LeakSanitizer or MSan ends it for. */
void host_sanitizer_death(void);

/* Where the block around @addr was allocated; 0: not known, as without ASan. */
unsigned int host_allocated_at(const void *addr, void **pc, unsigned int max);
/* The block of the heap that @addr lies in; NULL: in none, or not known, as without ASan. */
const void *host_block_of(const void *addr);
/* A block was freed, while the detectors are on; nothing without ASan. */
void host_note_freed(const void *block);
/* Those noted so far are of no interest any more. */
void host_forget_freed(void);
/* Where the one that was freed as the @i-th last was made and freed; false: no such. */
struct host_freed {
	void *made_at[HOST_FINDING_DEPTH], *freed_at[HOST_FINDING_DEPTH];
	unsigned int n_made, n_freed;
};
bool host_freed_block(unsigned int i, struct host_freed *f);

#endif
