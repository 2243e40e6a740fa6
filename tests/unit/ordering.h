/* SPDX-License-Identifier: GPL-2.0-only */
/* ordering_kern.c, as ordering.c calls it. */
#ifndef UMDEV_TESTS_UNIT_ORDERING_H
#define UMDEV_TESTS_UNIT_ORDERING_H

struct k_edge {
	const char *name;	/* of the operation that gives or takes */
	void (*run)(void);
	unsigned long long kinds;	/* what is forgotten for the race */
};

extern const struct k_edge k_edges[];
extern const unsigned int k_n_edges;

void k_edge_run(const struct k_edge *e, int forget);

#endif
