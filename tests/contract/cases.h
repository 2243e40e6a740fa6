/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that are kernel code of a test module (tests/modules/cases.h), as tests of a
 * program: it defines CASES, the module's file, and load(), which loads the module.
 */
#ifndef UMDEV_TESTS_CONTRACT_CASES_H
#define UMDEV_TESTS_CONTRACT_CASES_H

#include "target.h"

static void run_case_of(const char *name)
{
	char why[256];
	long ret;

	load();
	ret = t_put(CASES, name);
	if (ret == -EIO && t_kmsg_find("case failed at ", why, sizeof(why)))
		fail_msg("%s", strstr(why, "case failed at "));
	t_expect(ret, strlen(name));
}

static void run_case(void **state)
{
	const struct t_tag *tag = *state;

	run_case_of(tag->name);
}

#define T_CASE(case)						\
	{ #case, t_tagged, t_setup, t_teardown,			\
	  &(struct t_tag){ .fn = run_case, .name = #case } }

#endif
