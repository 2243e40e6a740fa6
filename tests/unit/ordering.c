// SPDX-License-Identifier: GPL-2.0-only
/*
 * What TSan learns of each kind of operation: a number that one task hands to
 * another by it is no race; and it is one, and is told, as soon as that kind
 * says nothing of what it orders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "child.h"
#include "ordering.h"
#include "umdev/umdev.h"

#ifdef __SANITIZE_THREAD__
static char text[65536];

static int races(const char *how, const char *name)
{
	char child[64];

	snprintf(child, sizeof(child), "%s:%s", how, name);
	run_child(child, text, sizeof(text));
	return strstr(text, "data race") != NULL;
}
#endif

static void each_edge_is_needed_and_there(void **state)
{
#ifdef __SANITIZE_THREAD__
	unsigned int i, bad = 0;

	for (i = 0; i < k_n_edges; i++) {
		const char *name = k_edges[i].name;

		if (races("with", name)) {
			print_error("%s: a race where there is none\n%s\n", name, text);
			bad++;
		}
		if (!races("without", name)) {
			print_error("%s: no race without its edge\n%s\n", name, text);
			bad++;
		}
	}
	printf("%u edges, each with and without\n", k_n_edges);
	assert_int_equal(bad, 0);
#else
	puts("SKIP: this build has no TSan (preset tsan has)");
	skip();
#endif
}

/* In any build: whatever hands it over, the number arrives. */
static void each_way_hands_the_number_over(void **state)
{
	unsigned int i;

	for (i = 0; i < k_n_edges; i++)
		k_edge_run(&k_edges[i], 0);
	assert_int_equal(um_check_splats(), 0);
}

static int child_main(const char *name)
{
	int forget = !strncmp(name, "without:", 8);
	unsigned int i;

	name = strchr(name, ':') + 1;
	for (i = 0; i < k_n_edges; i++)
		if (!strcmp(name, k_edges[i].name))
			k_edge_run(&k_edges[i], forget);
	/* the end of a child that was made to race is no matter */
	_exit(0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_edge_is_needed_and_there),
		cmocka_unit_test(each_way_hands_the_number_over),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("ordering", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
