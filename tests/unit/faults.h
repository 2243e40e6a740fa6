/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests that fail each call of an operation that can fail (um_sweep()). */
#ifndef UMDEV_TESTS_UNIT_FAULTS_H
#define UMDEV_TESTS_UNIT_FAULTS_H

#include <umdev/umdev.h>

/* Nothing is wrong after any of them; and there are some. */
static inline void every_fault_is_rolled_back(const struct um_scenario *s)
{
	struct um_sweep figures = { 0 };

	assert_int_equal(um_sweep(s, &figures), 0);
	print_message("%s%s: %u faults, %u rolled back, %u benign\n", s->name,
		      s->takes_away ? ", undone" : "", figures.faults, figures.rolled_back,
		      figures.benign);
	assert_true(figures.faults > 2);
	assert_int_equal(figures.bad, 0);
}

#endif
