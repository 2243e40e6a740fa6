/* SPDX-License-Identifier: GPL-2.0-only */
/* What the benchmarks found: filled in by bench.c, shown by report.c. */
#ifndef UMDEV_BENCH_H
#define UMDEV_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#define N_SIZES		4

/* Seconds for one create and one remove, medians. */
struct population {
	unsigned int live;
	double seconds;
	double list_seconds;	/* with the walked list */
};

/* Seconds for loading and unloading a module once, median. */
struct load {
	const char *module;
	double seconds;
};

#define N_LOADS		2

struct results {
	struct population create_remove[N_SIZES];
	double direct_read, vfio_read;	/* seconds, medians */
	double direct_frame, virtio_frame;
	struct load load[N_LOADS];
};

/* Of which one is judged; the others are told. */
struct check {
	const char *name;
	double ratio;
	double limit;		/* at most; 0: not judged */
};

#define N_CHECKS	4

void report_checks(const struct results *r, struct check checks[N_CHECKS]);
bool report_passed(const struct check checks[N_CHECKS]);
void report_text(const struct results *r, const struct check checks[N_CHECKS]);
/* Returns 0 or a negative errno. */
int report_json(const struct results *r, const struct check checks[N_CHECKS], const char *path);

#endif
