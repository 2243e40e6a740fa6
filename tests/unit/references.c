// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of references: what is left is told in groups with its
 * holders, what is used after its end with its whole life; and releases that
 * come late.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "child.h"
#include "references.h"
#include "umdev/umdev.h"

static char lines[65536];

static int setup(void **state)
{
	um_audit_mark();
	lines[0] = '\0';
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats() + um_audit(NULL, NULL);
}

static void keep_line(const char *line, void *arg)
{
	size_t used = strlen(lines);

	snprintf(lines + used, sizeof(lines) - used, "%s\n", line);
}

/* All of them, in that order. */
static void says(const char *text, const char *const *parts)
{
	const char *at = text;

	for (; *parts; parts++) {
		at = strstr(at, *parts);
		if (!at) {
			print_error("no '%s' where it should be in:\n%s\n", *parts, text);
			fail();
		}
	}
}
#define SAYS(text, ...) says(text, (const char *const []){ __VA_ARGS__, NULL })

static void leaks_are_grouped_with_their_holders(void **state)
{
	assert_int_equal(k_leak_three(), 0);
	assert_int_equal(um_audit(keep_line, NULL), 3);
	SAYS(lines, "umdev: still alive: 3 times kobject 'kept0', 'kept1', 'kept2'", "made at",
	     "k_leak_three (tests/unit/references_kern.c:",
	     "3 taken at", "k_hold (tests/unit/references_kern.c:", "k_leak_three");
	assert_null(strstr(strstr(lines, "still alive") + 1, "still alive"));
	k_give_back_three();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void pages_are_followed(void **state)
{
	assert_int_equal(k_leak_page(), 0);
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: page", "made at", "k_leak_page (tests/unit/references_kern.c:");
	k_give_back_page();
}

/* Kernel messages from @seq on, as one text. */
static const char *messages_since(uint64_t seq)
{
	size_t used = 0;
	ssize_t n;
	int level;

	while ((n = um_kmsg_read(&seq, &level, lines + used, sizeof(lines) - used - 2)) > 0) {
		used += n;
		lines[used++] = '\n';
	}
	lines[used] = '\0';
	return lines;
}

static void second_put_tells_the_objects_life(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("reference: a reference on kobject 'twice' is given back after it was freed");
	um_expect_splat("refcount_t: underflow");
	k_put_twice();
	SAYS(messages_since(seq), "is given back after it was freed", "made at", "plain_new",
	     "freed at", "k_put_twice (tests/unit/references_kern.c:", "PID:", "Call Trace:",
	     "k_put_twice (tests/unit/references_kern.c:");
	SAYS(lines, "made at", "1 taken at", "k_hold (tests/unit/references_kern.c:", "freed at");
	SAYS(lines, "made at", "1 given back at", "k_put_twice (tests/unit/references_kern.c:",
	     "freed at");
}

static void taking_a_reference_after_the_end_is_told(void **state)
{
	um_expect_splat("reference: a reference on kobject 'gone' is taken after it was freed");
	um_expect_splat("refcount_t: addition on 0");
	k_get_after_free();
}

/* ---- in a process of its own ------------------------------------------------- */

static int child_main(const char *name)
{
	um_console_level(7);
	if (!strcmp(name, "heap"))
		k_put_twice_in_heap();
	if (!strcmp(name, "late"))
		return k_late();
	if (!strcmp(name, "await"))
		k_wait_for_release();
	if (!strcmp(name, "leaky"))
		return um_insmod("leaky", NULL) || um_rmmod("leaky") || !um_shutdown();
	return 0;
}

static void second_put_in_freed_memory_is_told_before_it_is_touched(void **state)
{
	static char text[65536];

	run_child("heap", text, sizeof(text));
	SAYS(text, "a reference on kobject 'heap' is given back after it was freed",
	     "k_put_twice_in_heap (tests/unit/references_kern.c:");
}

static void unload_tells_what_the_module_leaves(void **state)
{
	static char text[65536];
	int status = run_child("leaky", text, sizeof(text));

	SAYS(text, "module leaky is unloaded and leaves 1 object alive",
	     "still alive: kobject 'leaky'", "made at",
	     "leaky_init (tests/modules/leaky.c:", "1 taken at",
	     "leaky_init (tests/modules/leaky.c:");
	/* LSan has its say too, at the end of the process */
	assert_true(WIFEXITED(status) || WIFSIGNALED(status));
}

static int late_child(const char *name, const char *on)
{
	static char text[65536];
	int status;

	setenv("UMDEV_LATE_RELEASE", on, 1);
	status = run_child(name, text, sizeof(text));
	unsetenv("UMDEV_LATE_RELEASE");
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void release_comes_at_once_or_late_as_told(void **state)
{
	assert_int_equal(late_child("late", "0"), 3);
	assert_int_equal(late_child("late", "1"), 2);
}

static void who_waits_for_a_late_release_gets_it(void **state)
{
	assert_int_equal(late_child("await", "1"), 0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(leaks_are_grouped_with_their_holders),
		T(pages_are_followed),
		T(second_put_tells_the_objects_life),
		T(taking_a_reference_after_the_end_is_told),
		T(second_put_in_freed_memory_is_told_before_it_is_touched),
		T(unload_tells_what_the_module_leaves),
		T(release_comes_at_once_or_late_as_told),
		T(who_waits_for_a_late_release_gets_it),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("references", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
