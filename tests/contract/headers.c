// SPDX-License-Identifier: GPL-2.0-only
/* What drivers use of small headers; tests/modules/headers_test.c tries them. */
#include "target.h"

static void is_ok(const char *subject)
{
	char path[128];

	t_expect(t_insmod("headers_test", NULL), 0);
	snprintf(path, sizeof(path), "/sys/module/headers_test/parameters/%s", subject);
	t_expect_text(path, "ok\n");
}

static void an_index_too_large_is_zero(void **state)
{
	is_ok("nospec");
}

static void polling_ends_with_the_condition_or_the_time(void **state)
{
	is_ok("iopoll");
}

static void registers_are_accessed_by_their_width(void **state)
{
	is_ok("registers");
}

static void fields_rings_and_ranges(void **state)
{
	is_ok("fields");
}

static void what_goes_out_of_scope_is_undone(void **state)
{
	is_ok("cleanup");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(an_index_too_large_is_zero),
		T_TEST(polling_ends_with_the_condition_or_the_time),
		T_TEST(registers_are_accessed_by_their_width),
		T_TEST(fields_rings_and_ranges),
		T_TEST(what_goes_out_of_scope_is_undone),
	};

	return t_run("headers", tests);
}
