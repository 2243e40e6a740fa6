// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame of the contract tests is itself tested: what a test leaves or
 * does wrong has to fail it, from whichever task. Each scenario is a group of
 * one bad test, run in a child.
 */
#include <signal.h>
#include <sys/mman.h>

#define PATIENCE_MS	300
#include "../contract/target_common.c"
#include "../contract/target_shim.c"

#include "child.h"

#define HOLD	"/sys/devices/virtual/mdev_test/control/hold"

/* ---- bad tests ----------------------------------------------------------------- */

static long wrong_in_a_worker(void *arg)
{
	t_expect(1 + 1, 3);
	return 0;
}

static void worker(void **state)
{
	t_task_join(t_task_start("worker", wrong_in_a_worker, NULL));
}

static void runner(void **state)
{
	t_expect(-EINVAL, -ENOENT);
}

static void text(void **state)
{
	t_expect_text("/sys/class/no_such", "x");
}

static void module_in_use(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put("/sys/module/mod_holder/parameters/self", "1"), 1);
}

static void task_left(void **state)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("sysfs_test", NULL), 0);
	t_expect(t_put(HOLD, "store"), 5);
	assert_true(t_task_wait_blocked(t_put_start("/sys/class/mdev_test/thing/value", "x")));
}

static long unload(void *name)
{
	return t_rmmod(name);
}

/* One waits for the other, which a signal ends, and it does not. */
static void failed_with_tasks(void **state)
{
	task_left(state);
	assert_true(t_task_wait_blocked(t_task_start("rmmod", unload, (void *)"sysfs_test")));
	assert_string_equal("the reason", "why it failed");
}

static long runs_for_ever(void *unused)
{
	for (;;)
		usleep(1000);
	return 0;
}

static void failed_with_a_task_that_runs(void **state)
{
	t_task_start("runner", runs_for_ever, NULL);
	assert_string_equal("the reason", "why it failed");
}

static void calls_exit(void **state)
{
	exit(0);
}

static void splat(void **state)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("sysfs_test", NULL), 0);
	t_put("/sys/class/mdev_test/thing/do", "underflow");
}

static void no_splat(void **state)
{
	t_expect_splat("refcount_t: underflow");
}

static void file_left_open(void **state)
{
	t_expect(t_open("/sys/class", O_RDONLY) >= 0, true);
}

/* The module and the group cannot go while these are there. */
static void failed_with_files(void **state)
{
	int err;

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("user_memory_test", NULL), 0);
	t_expect(t_open("/dev/user_memory", O_RDWR) >= 0, true);
	t_expect(t_mmap(4096, PROT_READ, MAP_SHARED, t_open("/dev/user_memory", O_RDWR), 0,
			&err) != NULL, true);
	assert_string_equal("the reason", "why it failed");
}

static void clean(void **state)
{
	t_expect(t_modprobe("mdev_test_parent", NULL), 0);
}

static void skipped(void **state)
{
	t_skip("a reason to skip");
}

static const struct CMUnitTest scenarios[] = {
	T_TEST(worker), T_TEST(runner), T_TEST(text), T_TEST(module_in_use), T_TEST(task_left),
	T_TEST(failed_with_tasks), T_TEST(failed_with_a_task_that_runs), T_TEST(calls_exit),
	T_TEST(splat), T_TEST(no_splat), T_TEST(file_left_open), T_TEST(failed_with_files), T_TEST(clean),
	T_TEST(skipped),
};

static int teardown_fails(void **state)
{
	return 1;
}

static int teardown_asserts(void **state)
{
	assert_true(false);
	return 0;
}

static void nothing(void **state)
{
}

static long waits_for_ever(void *unused)
{
	char count[8] = "";

	return t_read(t_eventfd(), count, sizeof(count));
}

static int leaves_a_task(void **state)
{
	return !t_task_wait_blocked(t_task_start("waiter", waits_for_ever, NULL));
}

static int run_group(CMFixtureFunction setup, CMFixtureFunction teardown)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing) };

	return cmocka_run_group_tests_name("group", tests, setup, teardown);
}

/* Fixtures with a fault, which the shim was not called before. */
static int follows_null(void **state)
{
	static char *volatile nowhere = (char *)16;	/* that a compiler cannot know */

	return *(volatile char *)nowhere;
}

static int divides_by_zero(void **state)
{
#if defined(__x86_64__)
	unsigned int low = 1, high = 0;

	/* no compiler's check, and no sanitizer's, is before it */
	asm volatile("divl %2" : "+a"(low), "+d"(high) : "r"(0U) : "cc");
	return low;
#else
	return raise(SIGFPE);
#endif
}

static int aborts(void **state)
{
	abort();
}

static int run_scenario(const char *name)
{
	struct CMUnitTest one[1];
	size_t i;

	if (!strcmp(name, "group"))
		return run_group(NULL, NULL);
	if (!strcmp(name, "group_teardown"))
		return run_group(NULL, teardown_fails);
	if (!strcmp(name, "group_teardown_asserts"))
		return run_group(NULL, teardown_asserts);
	if (!strcmp(name, "setup_follows"))
		return run_group(follows_null, NULL);
	if (!strcmp(name, "teardown_follows"))
		return run_group(NULL, follows_null);
	if (!strcmp(name, "setup_divides"))
		return run_group(divides_by_zero, NULL);
	if (!strcmp(name, "teardown_aborts"))
		return run_group(NULL, aborts);
	if (!strcmp(name, "setup_leaves_a_task")) {
		one[0] = (struct CMUnitTest){ "nothing", nothing, leaves_a_task, NULL, NULL };
		return t_run("scenario", one);
	}
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (strcmp(scenarios[i].name, name))
			continue;
		one[0] = scenarios[i];
		return t_run("scenario", one);
	}
	return 99;
}

/* ---- that they fail -------------------------------------------------------------- */

static char output[65536];

static bool said(const char *words)
{
	if (strstr(output, words))
		return true;
	print_error("%s\n", output);
	return false;
}

static void scenario_fails(const char *name, const char *words)
{
	int status = run_child(name, output, sizeof(output));

	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(said(words));
}

static void scenario_passes(const char *name)
{
	int status = run_child(name, output, sizeof(output));

	if (!WIFEXITED(status) || WEXITSTATUS(status))
		print_error("%s\n", output);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void failure_of_a_worker_fails_the_test(void **state)
{
	scenario_fails("worker", "in task worker: 1 + 1 is 2, want 3");
}

static void failure_names_the_errno(void **state)
{
	scenario_fails("runner", "-EINVAL is -EINVAL (-22), want -ENOENT (-2)");
}

static void failure_of_a_read_names_the_file(void **state)
{
	scenario_fails("text", "reading /sys/class/no_such gives -ENOENT (-2), want \"x\"");
}

static void module_that_stays_fails_the_test(void **state)
{
	scenario_fails("module_in_use", "modules that do not unload: mod_holder");
}

static void task_that_stays_is_ended_and_fails_the_test(void **state)
{
	scenario_fails("task_left", "task put was left running");
}

static void unannounced_splat_fails_the_test(void **state)
{
	scenario_fails("splat", "refcount_t: underflow; use-after-free.");
}

static void announced_splat_that_does_not_come_fails_the_test(void **state)
{
	scenario_fails("no_splat", "refcount_t: underflow");
}

static void file_that_stays_open_fails_the_test(void **state)
{
	scenario_fails("file_left_open", "1 files were left open or mapped");
}

static void files_of_a_failed_test_are_closed_and_its_reason_comes_last(void **state)
{
	const char *last;

	scenario_fails("failed_with_files", "3 files were left open or mapped");
	assert_false(strstr(output, "still alive") || strstr(output, "do not unload"));
	last = strstr(output, "\"the reason\" != \"why it failed\"");
	assert_non_null(last);
	assert_true(last > strstr(output, "were left open"));
}

/* Whatever its tasks are at. */
static void reason_of_a_failed_test_comes_last(const char *name, const char *before)
{
	const char *last, *first;

	scenario_fails(name, before);
	first = strstr(output, before);
	last = strstr(output, "\"the reason\" != \"why it failed\"");
	assert_non_null(last);
	assert_true(last > first);
	assert_null(strstr(output, "deadlock"));
}

static void tasks_of_a_failed_test_are_ended_and_its_reason_comes_last(void **state)
{
	reason_of_a_failed_test_comes_last("failed_with_tasks", "task rmmod was left running");
	reason_of_a_failed_test_comes_last("failed_with_a_task_that_runs",
					   "task runner does not come to its end");
}

static void task_that_a_fixture_leaves_fails_the_program(void **state)
{
	scenario_fails("setup_leaves_a_task", "task waiter was left running");
}

static void exit_in_a_test_fails_the_program(void **state)
{
	scenario_fails("calls_exit", "umdev: exit() was called before the tests had ended");
}

static void teardown_of_a_group_that_fails_is_told(void **state)
{
	scenario_passes("group");
	scenario_fails("group_teardown", "GROUP TEARDOWN");
	scenario_fails("group_teardown_asserts", "GROUP TEARDOWN");
}

static void fault_of_a_fixture_is_told_with_its_line(void **state)
{
	scenario_fails("setup_follows", "address 0x10, in follows_null (tests/unit/target_frame.c:");
	scenario_fails("teardown_follows", "address 0x10, in follows_null (tests/unit/target_frame.c:");
#if defined(__x86_64__)
	scenario_fails("setup_divides", "in divides_by_zero (tests/unit/target_frame.c:");
#endif
	scenario_fails("teardown_aborts", "in aborts (tests/unit/target_frame.c:");
}

static void modules_that_a_test_leaves_are_unloaded(void **state)
{
	scenario_passes("clean");
}

static void skip_prints_its_reason(void **state)
{
	scenario_passes("skipped");
	assert_true(said("a reason to skip"));
}

static void filter_is_not_for_what_a_test_runs(void **state)
{
	assert_int_equal(setenv("UMDEV_FILTER", "skip_prints_its_reason", 1), 0);
	scenario_passes("itself");
	unsetenv("UMDEV_FILTER");
	assert_true(said("[       OK ] skip_prints_its_reason"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failure_of_a_worker_fails_the_test),
		cmocka_unit_test(failure_names_the_errno),
		cmocka_unit_test(failure_of_a_read_names_the_file),
		cmocka_unit_test(module_that_stays_fails_the_test),
		cmocka_unit_test(task_that_stays_is_ended_and_fails_the_test),
		cmocka_unit_test(unannounced_splat_fails_the_test),
		cmocka_unit_test(announced_splat_that_does_not_come_fails_the_test),
		cmocka_unit_test(file_that_stays_open_fails_the_test),
		cmocka_unit_test(files_of_a_failed_test_are_closed_and_its_reason_comes_last),
		cmocka_unit_test(tasks_of_a_failed_test_are_ended_and_its_reason_comes_last),
		cmocka_unit_test(task_that_a_fixture_leaves_fails_the_program),
		cmocka_unit_test(exit_in_a_test_fails_the_program),
		cmocka_unit_test(teardown_of_a_group_that_fails_is_told),
		cmocka_unit_test(fault_of_a_fixture_is_told_with_its_line),
		cmocka_unit_test(modules_that_a_test_leaves_are_unloaded),
		cmocka_unit_test(skip_prints_its_reason),
		cmocka_unit_test(filter_is_not_for_what_a_test_runs),
	};

	if (argc == 3 && !strcmp(argv[1], "--child")) {
		/* what cmocka prints is part of what the parent reads */
		dup2(2, 1);
		if (strcmp(argv[2], "itself"))
			return run_scenario(argv[2]);
	}
	return cmocka_run_group_tests_name("target_frame", tests, NULL, NULL);
}
