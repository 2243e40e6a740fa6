// SPDX-License-Identifier: GPL-2.0-only
/* The fault sweep: what it finds in operations that each have one mistake. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "sweep.h"

/* The first fault after which something was wrong, or that was benign. */
static struct {
	enum um_fault_outcome outcome;
	long error;
	bool every;
	char site[256], stack[4096], details[4096], reason[128];
} found;

static void keep(const struct um_fault *f, void *arg)
{
	if (found.outcome || f->outcome == UM_FAULT_ROLLED_BACK)
		return;
	found.outcome = f->outcome;
	found.error = f->error;
	found.every = f->every;
	snprintf(found.site, sizeof(found.site), "%s", f->site);
	snprintf(found.stack, sizeof(found.stack), "%s", f->stack);
	snprintf(found.details, sizeof(found.details), "%s", f->details);
	snprintf(found.reason, sizeof(found.reason), "%s", f->reason ? f->reason : "");
}

static int sweep(long (*run)(void *), long (*undo)(void *), struct um_sweep *result)
{
	struct um_scenario s = { .name = "test", .run = run, .undo = undo };

	memset(&found, 0, sizeof(found));
	memset(result, 0, sizeof(*result));
	result->report = keep;
	return um_sweep(&s, result);
}

static void contains(const char *text, const char *part)
{
	if (!strstr(text, part)) {
		print_error("no '%s' in:\n%s\n", part, text);
		fail();
	}
}

static void good_operation_passes_and_is_counted(void **state)
{
	struct um_sweep r;

	assert_int_equal(sweep(k_good, k_undo, &r), 0);
	assert_int_equal(r.scenarios, 1);
	assert_true(r.calls >= 4);
	/* alone, and with all that follow */
	assert_int_equal(r.faults, 2 * r.calls);
	assert_int_equal(r.rolled_back, r.faults);
	assert_int_equal(r.bad, 0);
}

static void what_is_left_behind_is_told_with_its_maker(void **state)
{
	struct um_sweep r;

	assert_int_equal(sweep(k_leaks, k_undo, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_CHANGED);
	assert_int_equal(found.error, -ENOMEM);
	contains(found.site, " at shim/lib/kobject.c:");
	contains(found.stack, "k_leaks (tests/unit/sweep_kern.c:");
	contains(found.details, "new: /sys/swept/\n");
	contains(found.details, "still alive: kobject 'swept'");
	k_undo(NULL);
}

static void failure_that_nobody_notices_is_told(void **state)
{
	struct um_sweep r;

	assert_true(sweep(k_ignores, k_undo, &r) > 0);
	assert_int_equal(found.outcome, UM_FAULT_UNNOTICED);
	contains(found.site, "kmalloc at tests/unit/sweep_kern.c:");
	contains(found.site, "in k_ignores");
}

static void failure_on_the_list_is_benign(void **state)
{
	static const struct um_benign benign[] = {
		{ "in k_ignores", "it was only a try" }, { NULL, NULL },
	};
	struct um_scenario s = {
		.name = "test", .run = k_ignores, .undo = k_undo, .benign = benign,
	};
	struct um_sweep r = { .report = keep };

	memset(&found, 0, sizeof(found));
	assert_int_equal(um_sweep(&s, &r), 0);
	assert_int_equal(r.benign, 1);
	assert_int_equal(found.outcome, UM_FAULT_BENIGN);
	assert_string_equal(found.reason, "it was only a try");
}

static void operation_that_never_works_again_is_told(void **state)
{
	struct um_sweep r;

	assert_int_equal(sweep(k_breaks, k_nothing, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_BREAKS);
	contains(found.details, "afterwards it fails: -16");
}

static long one(void *arg)
{
	return 1;
}

/* What um_sweep() returns above 0 is the number of faults that were not handled. */
static void result_above_zero_of_a_scenario_is_an_error(void **state)
{
	const struct um_scenario scenarios[] = {
		{ .name = "setup", .setup = one, .run = k_nothing, .undo = k_nothing },
		{ .name = "run", .run = one, .undo = k_nothing },
		{ .name = "undo", .run = k_nothing, .undo = one },
	};
	struct um_sweep r = { .report = keep };
	uint64_t ns;
	int i;

	for (i = 0; i < 3; i++) {
		assert_int_equal(um_sweep(&scenarios[i], &r), -EINVAL);
		assert_int_equal(um_sweep_count(&scenarios[i], &ns), -EINVAL);
	}
	assert_int_equal(r.bad, 0);
}

static void splat_of_an_error_path_is_told(void **state)
{
	struct um_sweep r;

	assert_true(sweep(k_warns, k_nothing, &r) > 0);
	assert_int_equal(found.outcome, UM_FAULT_SPLAT);
}

static void lock_that_is_kept_is_told(void **state)
{
	struct um_scenario s = {
		.name = "test", .run = k_keeps_lock, .undo = k_nothing, .teardown = k_drop_lock,
	};
	struct um_sweep r = { .report = keep };

	memset(&found, 0, sizeof(found));
	assert_int_equal(um_sweep(&s, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_CHANGED);
	contains(found.details, "gone: 0 locks held\nnew: 1 locks held\n");
}

static void removal_may_go_on_or_leave_all_in_place(void **state)
{
	struct um_scenario s = {
		.name = "test", .setup = k_good, .run = k_takes_away, .undo = k_good,
		.takes_away = true,
	};
	struct um_sweep r = { .report = keep };

	memset(&found, 0, sizeof(found));
	assert_int_equal(um_sweep(&s, &r), 0);
	assert_int_equal(r.rolled_back, 2);
	s.run = k_takes_half;
	s.setup = NULL;
	assert_int_equal(um_sweep(&s, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_CHANGED);
	contains(found.details, "gone: /sys/swept/below/\n");
	k_undo(NULL);
}

static void operation_that_cannot_be_undone_is_told(void **state)
{
	struct um_sweep r;

	assert_int_equal(sweep(k_ignores, k_undo_fails, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_BREAKS);
	contains(found.details, "it cannot be undone: -5\n");
	k_undo(NULL);
	assert_int_equal(sweep(k_good, k_undo_fails_later, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_BREAKS);
	contains(found.details, "afterwards it cannot be undone: -5\n");
	k_undo(NULL);
}

static void long_list_of_changes_is_cut(void **state)
{
	struct um_sweep r;

	assert_int_equal(sweep(k_leaks_many, k_undo_many, &r), 1);
	assert_int_equal(found.outcome, UM_FAULT_CHANGED);
	contains(found.details, "new: /sys/many");
	contains(found.details, "new: 5 more\n");
	k_undo_many(NULL);
}

static long fails(void *arg)
{
	return -EIO;
}

static void scenario_that_never_works_is_an_error(void **state)
{
	struct um_scenario s = { .name = "test", .setup = fails, .run = k_good, .undo = k_undo };
	struct um_sweep r = { .report = keep };
	uint64_t ns;

	assert_int_equal(um_sweep(&s, &r), -EIO);
	assert_int_equal(um_sweep_count(&s, &ns), -EIO);
	s.setup = NULL;
	s.run = fails;
	assert_int_equal(um_sweep(&s, &r), -EIO);
	assert_int_equal(um_sweep_count(&s, &ns), -EIO);
	assert_int_equal(r.faults, 0);
}

static void count_is_what_the_sweep_finds(void **state)
{
	struct um_scenario s = { .name = "test", .run = k_good, .undo = k_undo };
	struct um_sweep r = { .report = keep };
	uint64_t ns = 0;
	long calls = um_sweep_count(&s, &ns);

	assert_true(ns > 0);
	assert_int_equal(um_sweep(&s, &r), 0);
	assert_int_equal(calls, r.calls);
}

/* ---- in a process of its own ------------------------------------------------- */

/* Nobody takes the reports. */
static void sweep_alone(void)
{
	struct um_scenario s = { .name = "alone", .run = k_leaks, .undo = k_undo };
	struct um_sweep r = { .faults = 0 };

	um_sweep(&s, &r);
	k_undo(NULL);
}

static void faults_that_nobody_takes_are_printed(void **state)
{
	static char text[65536];

	run_child("alone", text, sizeof(text));
	contains(text, "umdev: alone: fault ");
	contains(text, ": not rolled back (kzalloc at shim/lib/kobject.c:");
	contains(text, "returned -12\n    ");
	contains(text, "k_leaks (tests/unit/sweep_kern.c:");
	contains(text, "new: /sys/swept/\n");
	assert_null(strstr(text, "rolled back (kmalloc at tests"));
}

static void count_site(const struct um_site *site, void *arg)
{
	unsigned int *n = arg;

	if (strstr(site->file, "drivers/vfio/mdev/") && site->hits)
		n[0]++;
	if (strstr(site->file, "drivers/vfio/mdev/") && !site->fails)
		n[1]++;
}

static void sites_of_modules_are_known_after_their_unload(void **state)
{
	unsigned int n[2] = { 0, 0 };

	assert_int_equal(um_insmod("mdev", NULL), 0);
	assert_int_equal(um_rmmod("mdev"), 0);
	um_sites(count_site, n);
	assert_true(n[1] > 0);
}

static int setup(void **state)
{
	um_audit_mark();
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats() + um_audit(NULL, NULL);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(good_operation_passes_and_is_counted),
		T(what_is_left_behind_is_told_with_its_maker),
		T(failure_that_nobody_notices_is_told),
		T(failure_on_the_list_is_benign),
		T(operation_that_never_works_again_is_told),
		T(result_above_zero_of_a_scenario_is_an_error),
		T(splat_of_an_error_path_is_told),
		T(lock_that_is_kept_is_told),
		T(removal_may_go_on_or_leave_all_in_place),
		T(operation_that_cannot_be_undone_is_told),
		T(long_list_of_changes_is_cut),
		T(scenario_that_never_works_is_an_error),
		T(count_is_what_the_sweep_finds),
		T(faults_that_nobody_takes_are_printed),
		T(sites_of_modules_are_known_after_their_unload),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child")) {
		sweep_alone();
		return 0;
	}
	if (cmocka_run_group_tests_name("sweep", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
