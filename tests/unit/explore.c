// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer: each planted fault is found at the bound at which it can be,
 * and not below; the search goes on after a schedule that was not survived;
 * what was found can be replayed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "explore.h"
#include "on_fibers.h"
#include "umdev/explore.h"

static char report[1 << 18];
static struct um_explored out;

static void keep(const char *line, void *arg)
{
	size_t n = strlen(report);

	snprintf(report + n, sizeof(report) - n, "%s\n", line);
}

static long explore(struct um_exploration *x)
{
	report[0] = '\0';
	x->report = keep;
	x->name = x->name ? x->name : "planted";
	x->setup = x->setup ? x->setup : k_reset;
	return um_explore(x, &out);
}

static int setup(void **state)
{
	return um_boot(NULL);
}

static int teardown(void **state)
{
	return um_shutdown();
}

/* What comes behind @what in the report, as a string of its own. */
static const char *after(const char *what)
{
	static char text[512];
	const char *p = strstr(report, what);

	assert_non_null(p);
	p += strlen(what);
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(p, "\n"), p);
	return text;
}

/* ---- what is found, and when ----------------------------------------------------- */

static long sum_is_right(void *arg, const long *result, unsigned int faults)
{
	return k_sum() != 2;
}

static struct um_exploration lost_update(unsigned int bound)
{
	return (struct um_exploration){
		.tasks = 2, .task_name = { "first", "second" },
		.run = { k_add_one, k_add_one }, .check = sum_is_right, .bound = bound,
	};
}

static void one_after_the_other_there_are_as_many_schedules_as_orders(void **state)
{
	struct um_exploration x = lost_update(0);

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	assert_int_equal(out.schedules, 2);
	x.tasks = 3;
	x.run[2] = k_looks;
	x.task_name[2] = "third";
	assert_int_equal(explore(&x), 0);
	assert_int_equal(out.schedules, 6);
}

static void lost_update_needs_one_preemption(void **state)
{
	struct um_exploration x = lost_update(1);

	assert_int_equal(explore(&x), 1);
	assert_true(out.complete);
	assert_false(out.nondeterministic);
	assert_true(out.bad > 1 && out.bad < out.schedules);
	assert_non_null(strstr(report, " is preempted: "));
	assert_non_null(strstr(report, "set explore_kern.c:"));
}

static long says_how_it_went(void *arg, const long *result, unsigned int faults)
{
	long wrong = sum_is_right(arg, result, faults);

	fputs(wrong ? "it went wrong\n" : "it went well\n", stderr);
	return wrong;
}

static void what_other_schedules_wrote_is_not_told(void **state)
{
	struct um_exploration x = lost_update(1);

	x.check = says_how_it_went;
	assert_int_equal(explore(&x), 1);
	assert_true(out.complete);
	assert_non_null(strstr(report, "it went wrong"));
	assert_null(strstr(report, "it went well"));
}

static long saw_nothing(void *arg, const long *result, unsigned int faults)
{
	return k_saw_wrong();
}

static void fault_of_two_preemptions_is_found_with_two(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "steps", "looks" },
		.run = { k_two_steps, k_looks_twice }, .check = saw_nothing, .bound = 1,
	};
	unsigned long fewer;

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	fewer = out.schedules;
	x.bound = 2;
	assert_int_equal(explore(&x), 1);
	assert_true(out.complete && out.schedules > fewer);
}

static long walked_well(void *arg, const long *result, unsigned int faults)
{
	return k_went_wrong();
}

/* Where no state can be put back a schedule costs ten times as much: fewer do there. */
static unsigned int fewer(unsigned int n)
{
	static int noted = 1;

	if (noted > 0)
		noted = um_snapshot();
	return noted == -EOPNOTSUPP ? (n + 9) / 10 : n;
}

static void long_schedule_goes_on_in_the_middle_of_the_one_before(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "first", "second" }, .run = { k_goes_far, k_goes_far },
		.run_arg = { (void *)0, (void *)1 }, .check = walked_well, .bound = 1,
	};

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	assert_false(out.nondeterministic);
	/* one after the other twice, and each step of the first behind the other's */
	assert_int_equal(out.schedules, 2 + 2 + 2 * K_LONG);
	if (um_snapshot() == -EOPNOTSUPP)
		assert_int_equal(out.resumed, 0);
	else
		assert_in_range(out.resumed, out.schedules / 3, out.schedules);
}

/* What a mark says of a class of locks is worth nothing when that has gone. */
static void schedule_begins_again_when_a_class_of_its_marks_is_gone(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "first", "second" },
		.run = { k_goes_far_with_a_class, k_goes_far_with_a_class },
		.run_arg = { (void *)0, (void *)1 }, .check = walked_well, .bound = 1,
	};

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	assert_false(out.nondeterministic);
	assert_int_equal(out.schedules, 2 + 2 + 2 * K_LONG);
	assert_int_equal(out.resumed, 0);
}

/* How many schedules this process has run; a new one begins where the test's does. */
static unsigned int run_here;

static long uses_up_its_process(void *arg, const long *result, unsigned int faults)
{
	/* the first of a process is run until it is twice the same */
	return ++run_here > 7 ? 1 : UM_EXPLORE_RENEW;
}

static void process_can_be_renewed(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "steps", "looks" },
		.run = { k_two_steps, k_looks_twice }, .bound = 2,
	};
	unsigned long schedules;

	assert_int_equal(explore(&x), 0);
	schedules = out.schedules;
	assert_true(schedules > 7);
	x.check = uses_up_its_process;
	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	assert_int_equal(out.schedules, schedules);
}

static void search_goes_on_after_a_deadlock(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "waits", "completes" },
		.run = { k_waits, k_completes_if_early }, .bound = 1,
	};

	assert_int_equal(explore(&x), 1);
	assert_true(out.complete);
	assert_true(out.bad < out.schedules);
	assert_non_null(strstr(report, "deadlock: no task can go on"));
	assert_non_null(strstr(report, "task waits (pid"));
}

static long follows_nothing(void *arg)
{
	static char *volatile nowhere = (char *)16;	/* that a compiler cannot know */

	return *(volatile char *)nowhere;
}

static void search_goes_on_after_a_fault(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "steps", "follows" },
		.run = { k_two_steps, follows_nothing }, .bound = 0,
	};

	assert_int_equal(explore(&x), 1);
	assert_true(out.complete);
	assert_int_equal(out.bad, out.schedules);
	assert_non_null(strstr(report, "follows_nothing"));
}

static void two_frees_are_found_and_named(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "frees", "uses" },
		.run = { k_frees, k_uses }, .bound = 1,
	};

	assert_int_equal(explore(&x), 1);
	assert_true(out.complete && out.bad < out.schedules);
	assert_non_null(strstr(report, "double"));
}

/* ---- faults are choices, too ----------------------------------------------------------- */

static void fault_and_race_are_found_together_only(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .task_name = { "allocates", "looks" },
		.run = { k_allocates, k_looks }, .check = saw_nothing,
	};

	x.bound = 2;
	assert_int_equal(explore(&x), 0);
	x.bound = 0;
	x.faults = 1;
	assert_int_equal(explore(&x), 0);
	x.bound = 1;
	assert_int_equal(explore(&x), 1);
	assert_non_null(strstr(report, "kmalloc fails  k_allocates explore_kern.c:"));
}

/* A place that is found late lies just before a call that was chosen to fail. */
static void place_may_be_found_before_a_failure(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .run = { k_may_fail_behind_a_place, k_touches_if_it_saw },
		.bound = 1, .faults = 1,
	};

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete && !out.nondeterministic);
}

/* ---- which operations are points ------------------------------------------------------- */

static void what_no_other_touches_is_no_point(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .run = { k_alone, k_looks }, .bound = 2,
	};

	assert_int_equal(explore(&x), 0);
	assert_int_equal(out.schedules, 2);
	assert_true(out.points >= 8);
	/* either order is the same */
	x.reduce = true;
	assert_int_equal(explore(&x), 0);
	assert_int_equal(out.schedules, 1);
}

/* ---- what kernel threads run -------------------------------------------------------------- */

static long work_has_added(void *arg, const long *result, unsigned int faults)
{
	return k_sum_of_work() != 2;
}

static long thread_has_added(void *arg, const long *result, unsigned int faults)
{
	return k_sum_of_thread() != 2;
}

static long timer_has_added(void *arg, const long *result, unsigned int faults)
{
	return k_count() != 2;
}

/* What it starts adds one, and so does itself. Returns findings; there is none at bound 0. */
static long explore_alone(long (*run)(void *), long (*check)(void *, const long *, unsigned int),
			  unsigned int bound)
{
	struct um_exploration x = {
		.tasks = 1, .task_name = { "starts it" }, .run = { run }, .check = check,
	};
	long found;

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	x.bound = bound;
	found = explore(&x);
	assert_true(out.complete);
	assert_false(out.nondeterministic);
	return found;
}

static void work_item_runs_beside_the_task(void **state)
{
	assert_int_equal(explore_alone(k_queues_and_adds, work_has_added, 1), 1);
	assert_non_null(strstr(report, "is preempted: work add_by_work goes on"));
	assert_int_equal(explore_alone(k_cancels_and_adds, work_has_added, 2), 0);
	assert_true(out.schedules > 1);
}

static void two_work_items_run_beside_each_other(void **state)
{
	assert_int_equal(explore_alone(k_queues_two, work_has_added, 1), 1);
	assert_non_null(strstr(report, "work add_by_work is preempted, holds events, one_work: "
			       "work add_by_work goes on"));
}

static void thread_of_a_driver_runs_beside_the_task(void **state)
{
	assert_int_equal(explore_alone(k_starts_and_adds, thread_has_added, 1), 1);
	assert_non_null(strstr(report, "thread add_by_thread"));
}

static void timer_may_expire_anywhere(void **state)
{
	assert_int_equal(explore_alone(k_arms_and_counts, timer_has_added, 1), 1);
	assert_non_null(strstr(report, "is preempted: time goes on"));
	assert_int_equal(explore_alone(k_disarms_and_counts, timer_has_added, 2), 0);
	assert_true(out.schedules > 10);
}

static long all_is_right(void *arg, const long *result, unsigned int faults)
{
	return 0;
}

static void timer_may_interrupt_the_task(void **state)
{
	assert_int_equal(explore_alone(k_is_busy, all_is_right, 1), 1);
	assert_non_null(strstr(report, "is interrupted: the timer goes on"));
	assert_non_null(strstr(report, "livelock: "));
	assert_int_equal(explore_alone(k_is_busy_uninterrupted, all_is_right, 2), 0);
	assert_true(out.schedules > 2);
}

/* Counts results; what the task has added must be there, however often there was an interrupt. */
static unsigned long *times;

static long one_was_added(void *arg, const long *result, unsigned int faults)
{
	times[result[0]]++;
	return k_sum_of_interrupts() != 1;
}

static long note_result(void *arg, const long *result, unsigned int faults)
{
	times[result[0]]++;
	return 0;
}

static long with_devices(unsigned int n, long (*fn)(void *arg), unsigned int bound,
			 long (*check)(void *arg, const long *result, unsigned int faults))
{
	struct um_exploration x = {
		.tasks = 1, .task_name = { "task" }, .run = { fn }, .bound = bound,
		.setup = k_devices_reset, .arg = (void *)(long)n, .check = check,
	};
	long found;

	/* schedules are run by other processes */
	if (!times)
		times = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(times, 0, 4096);
	found = explore(&x);
	assert_true(out.complete);
	assert_false(out.nondeterministic);
	return found;
}

static long with_a_device(long (*fn)(void *arg), unsigned int bound,
			  long (*check)(void *arg, const long *result, unsigned int faults))
{
	return with_devices(1, fn, bound, check);
}

static int devices_end(void **state)
{
	k_devices_end();
	return 0;
}

static void interrupt_comes_where_it_can(void **state)
{
	assert_int_equal(with_a_device(k_adds_open, 0, one_was_added), 0);
	assert_int_equal(with_a_device(k_adds_open, 1, one_was_added), 1);
	/* on the task, too */
	assert_true(times[1]);
	assert_int_equal(with_a_device(k_adds_locked, 2, one_was_added), 0);
}

static void interrupt_comes_on_another_processor_when_they_are_off_here(void **state)
{
	assert_int_equal(with_a_device(k_adds_with_interrupts_off, 1, one_was_added), 1);
	assert_int_equal(times[1], 0);
	assert_non_null(strstr(report, "interrupt device_handler"));
}

/* And with an end to it the device may be silent as well, which is a choice. */
static void interrupt_that_is_waited_for_comes(void **state)
{
	assert_int_equal(with_a_device(k_waits_for_the_interrupt, 0, note_result), 0);
	assert_int_equal(with_a_device(k_waits_a_while_for_it, 0, note_result), 0);
	assert_true(times[1] && times[2]);
}

/* Who interrupted, and is anything lost that was added? */
static long none_is_lost(void *arg, const long *result, unsigned int faults)
{
	times[k_who_interrupted()]++;
	return k_sum_of_interrupts() != 1;
}

static void each_of_two_lines_may_interrupt(void **state)
{
	assert_int_equal(with_devices(2, k_adds_open, 1, none_is_lost), 1);
	assert_int_equal(out.lines, 2);
	assert_false(out.more_interrupts);
	assert_true(times[0] && times[1] && times[2]);
	assert_int_equal(times[3], 0);
	assert_int_equal(with_devices(2, k_adds_locked, 2, none_is_lost), 0);
	assert_true(times[3]);
}

static void line_that_is_not_tried_is_told(void **state)
{
	assert_int_equal(with_devices(3, k_adds_locked, 2, none_is_lost), 0);
	assert_int_equal(out.lines, 3);
	assert_true(times[1] && times[2] && times[3]);
	assert_int_equal(times[4] + times[5] + times[6] + times[7], 0);
}

/* As many as are waited for; others than those come four times at most. */
static void interrupts_that_are_waited_for_have_no_bound(void **state)
{
	assert_int_equal(with_a_device(k_waits_for_many, 0, all_is_right), 0);
	assert_int_equal(out.lines, 1);
	assert_true(out.more_interrupts);
	assert_int_equal(with_a_device(k_waits_for_the_interrupt, 0, all_is_right), 0);
	assert_false(out.more_interrupts);
}

static void line_may_interrupt_from_when_it_has_a_handler(void **state)
{
	assert_int_equal(with_devices(0, k_adds_open, 2, none_is_lost), 0);
	assert_int_equal(out.lines, 0);
	assert_int_equal(with_devices(0, k_requests_and_adds, 1, none_is_lost), 1);
	assert_int_equal(out.lines, 1);
	assert_true(times[0] && times[1]);
	assert_non_null(strstr(report, "interrupt device_handler"));
	if (um_snapshot() == -EOPNOTSUPP)
		assert_int_equal(out.resumed, 0);
	else
		assert_true(out.resumed > 0);
}

static void chance_lets_time_pass(void **state)
{
	struct um_exploration x = {
		.tasks = 1, .run = { k_arms_and_counts }, .check = timer_has_added,
		.how = UM_PCT, .depth = 3, .seed = 3, .schedules = 100,
	};

	assert_int_equal(explore(&x), 1);
}

static void what_goes_on_for_ever_is_a_livelock(void **state)
{
	struct um_exploration x = { .tasks = 1, .run = { k_waits_beside_a_timer } };

	assert_int_equal(explore(&x), 1);
	assert_true(out.complete);
	assert_non_null(strstr(report, "livelock: after "));
}

/* The first time it takes a step that it never takes again. */
static void what_is_made_once_is_no_part_of_the_search(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .run = { k_makes_it_once, k_makes_it_once }, .bound = 2,
	};

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete);
	assert_false(out.nondeterministic);
}

/* ---- what is left out ------------------------------------------------------------------ */

static void orders_of_what_is_nothing_to_each_other_are_one(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .run = { k_meets_once, k_meets_once },
		.run_arg = { (void *)0, (void *)1 }, .bound = 2, .reduce = true,
	};
	unsigned long few;

	assert_int_equal(explore(&x), 0);
	assert_true(out.complete && out.left_out);
	few = out.schedules;
	x.reduce = false;
	assert_int_equal(explore(&x), 0);
	assert_true(out.complete && !out.left_out);
	/*
	 * Each step of one before each of the other's. Of all these two differ, who has the
	 * lock first, and whether the other comes for it meanwhile: at each of three bounds.
	 */
	assert_true(out.schedules > 4 * K_MEET * K_MEET);
	assert_in_range(few, 3 * 2, 12);
}

static long work_and_both_have_added(void *arg, const long *result, unsigned int faults)
{
	return k_sum_of_work() != 3;
}

struct planted {
	long (*run[2])(void *arg);
	long (*check)(void *arg, const long *result, unsigned int faults);
	unsigned int faults;
	unsigned int bound;
};

static void what_is_left_out_would_have_found_nothing_else(void **state)
{
	static const struct planted planted[] = {
		{ { k_add_one, k_add_one }, sum_is_right, 0, 2 },
		{ { k_two_steps, k_looks_twice }, saw_nothing, 0, 2 },
		{ { k_waits, k_completes_if_early }, NULL, 0, 1 },
		{ { k_frees, k_uses }, NULL, 0, 1 },
		{ { k_allocates, k_looks }, saw_nothing, 1, 1 },
		{ { k_queues_and_adds, k_add_one }, work_and_both_have_added, 0, 1 },
		{ { k_starts_and_adds, k_looks_twice }, thread_has_added, 0, 1 },
		{ { k_arms_and_counts, k_looks }, timer_has_added, 0, 1 },
	};
	unsigned int i, bound, reduced = 0, most = fewer(20) - 1;
	unsigned long few;
	long found;

	for (i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		struct um_exploration x = {
			.tasks = 2, .run = { planted[i].run[0], planted[i].run[1] },
			.check = planted[i].check, .faults = planted[i].faults,
		};

		for (bound = 0; bound <= planted[i].bound && bound <= most; bound++) {
			x.bound = bound;
			x.reduce = true;
			found = explore(&x);
			few = out.schedules;
			assert_true(found >= 0 && out.complete);
			x.reduce = false;
			assert_int_equal(explore(&x), found);
			assert_true(out.complete);
			assert_true(few <= out.schedules);
			reduced += few < out.schedules;
		}
	}
	assert_true(reduced > 3);
}

/* All that programs come to, in memory that processes share. */
#define MAX_ENDS 65536
static struct ends {
	unsigned int n;
	unsigned long long end[MAX_ENDS];	/* in order */
} *ends;

static long note_end(void *arg, const long *result, unsigned int faults)
{
	unsigned long long end = k_program_end();
	unsigned int low = 0, high = ends->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (ends->end[middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ends->n && ends->end[low] == end)
		return 0;
	assert_true(ends->n < MAX_ENDS);
	memmove(&ends->end[low + 1], &ends->end[low], (ends->n++ - low) * sizeof(end));
	ends->end[low] = end;
	return 0;
}

static unsigned int went_wrong;		/* programs */

/* Returns how many schedules one form has more than the other. */
static unsigned long compare_program(unsigned long seed, unsigned int tasks, unsigned int bound)
{
	static unsigned long long few[MAX_ENDS];
	struct um_exploration x = {
		.tasks = tasks, .run = { k_program, k_program, k_program },
		.run_arg = { (void *)1, (void *)2, (void *)3 }, .arg = (void *)seed,
		.setup = k_program_reset, .check = note_end, .bound = bound, .reduce = true,
	};
	unsigned long schedules;
	unsigned int n;
	long found;

	ends->n = 0;
	found = explore(&x);
	assert_true(found == 0 || (found > 0 && seed & K_NESTS));
	assert_true(out.complete);
	schedules = out.schedules;
	n = ends->n;
	memcpy(few, ends->end, n * sizeof(few[0]));
	ends->n = 0;
	x.reduce = false;
	assert_int_equal(explore(&x), found);
	assert_true(out.complete);
	went_wrong += found > 0;
	if (getenv("UMDEV_TEST_SEEDS"))
		fprintf(stderr, "seed %lu: %u tasks, bound %u: %lu of %lu schedules, %u of %u ends, %ld findings\n",
			seed & ~(K_NESTS | K_BEGINS_AGAIN), tasks, bound, schedules, out.schedules, n, ends->n, found);
	assert_int_equal(n, ends->n);
	assert_memory_equal(few, ends->end, n * sizeof(few[0]));
	return out.schedules - schedules;
}

/* UMDEV_TEST_SEEDS: so many instead of @few, and further, for an hour or a night. */
static void compare_programs(unsigned long form, unsigned long few, unsigned int bound, bool three)
{
	const char *seeds = getenv("UMDEV_TEST_SEEDS");
	unsigned long seed, n = seeds ? strtoul(seeds, NULL, 10) : few, spared = 0;
	unsigned int i;

	ends = mmap(NULL, sizeof(*ends), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(ends != MAP_FAILED);
	for (seed = 1; seed <= n; seed++) {
		for (i = 0; i <= bound + !!seeds; i++)
			spared += compare_program(seed | form, 2, i);
		if (three)
			spared += compare_program(seed | form, 3, seeds ? 2 : 0);
	}
	assert_true(spared > n);
	munmap(ends, sizeof(*ends));
}

static void programs_by_chance_come_to_each_end(void **state)
{
	compare_programs(0, 3, 2, true);
}

/* So many that one goes by the number of another that has ended. */
static void programs_of_many_work_items_come_to_each_end(void **state)
{
	compare_programs(K_BEGINS_AGAIN, 2, 1, false);
}

static void programs_by_chance_come_to_each_deadlock(void **state)
{
	went_wrong = 0;
	compare_programs(K_NESTS, 2, 2, false);
	assert_true(went_wrong);
}

/*
 * What no operation tells of is not seen to meet. Such tasks race for memory: with each
 * basic block or operation a point they are run, and TSan tells in any order of them.
 */
static void what_no_operation_tells_of_is_a_data_race(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .run = { k_adds_under_its_own_lock, k_adds_under_its_own_lock },
		.run_arg = { (void *)0, (void *)1 }, .check = sum_is_right, .bound = 1, .reduce = true,
	};

#ifdef __SANITIZE_THREAD__
	assert_int_equal(explore(&x), 1);
	assert_non_null(strstr(report, "data race"));
#else
	assert_int_equal(explore(&x), 0);
#endif
	x.blocks = true;
	assert_true(explore(&x) >= 1);
}

/* ---- chance -------------------------------------------------------------------------------- */

static void chance_finds_it_too(void **state)
{
	struct um_exploration x = lost_update(2);

	x.how = UM_PCT;
	x.depth = 2;
	x.seed = 7;
	x.schedules = 60;
	assert_int_equal(explore(&x), 1);
	assert_int_equal(out.schedules, 60);
	assert_false(out.complete);
	x.how = UM_AT_RANDOM;
	assert_int_equal(explore(&x), 1);
}

/* ---- parts ------------------------------------------------------------------------------- */

/* Of all parts, each of which has the one without any choice at both bounds; and how many are bad. */
static unsigned long in_parts(unsigned int shards, unsigned int *bad)
{
	struct um_exploration x = lost_update(1);
	unsigned long sum = 2;

	*bad = 0;
	x.shards = shards;
	for (x.shard = 0; x.shard < shards; x.shard++) {
		assert_true(explore(&x) >= 0);
		assert_true(out.complete);
		sum += out.schedules - 2;
		*bad += out.bad;
	}
	return sum;
}

static void shards_make_up_the_whole(void **state)
{
	unsigned int two, five;

	assert_int_equal(in_parts(2, &two), in_parts(5, &five));
	assert_int_equal(two, five);
	assert_true(two > 0);
}

/* ---- replay --------------------------------------------------------------------------------- */

static void finding_can_be_replayed(void **state)
{
	struct um_exploration x = lost_update(1);
	char string[512];
	int i;

	assert_int_equal(explore(&x), 1);
	snprintf(string, sizeof(string), "%s", after("replay: "));
	x.replay = string;
	for (i = fewer(100); i; i--)
		assert_int_equal(explore(&x), 1);
	assert_non_null(strstr(report, " is preempted: "));
}

static void replay_of_something_else_is_refused(void **state)
{
	struct um_exploration x = lost_update(1);
	char string[512];

	assert_int_equal(explore(&x), 1);
	snprintf(string, sizeof(string), "%s", after("replay: "));
	x.replay = string;
	x.name = "another";
	assert_int_equal(explore(&x), -EINVAL);
	x.name = "planted";
	x.run[1] = k_looks;
	assert_int_equal(explore(&x), -EINVAL);
	assert_non_null(strstr(report, "it is of another build"));
	x.replay = "nonsense";
	assert_int_equal(explore(&x), -EINVAL);
}

/* ---- what cannot be explored ------------------------------------------------------------------ */

static void scenario_that_differs_from_run_to_run_is_told(void **state)
{
	struct um_exploration x = {
		.tasks = 2, .run = { k_fickle, k_fickle }, .bound = 2,
	};

	x.arg = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(x.arg != MAP_FAILED);
	assert_true(explore(&x) >= 0);
	assert_true(out.nondeterministic);
	assert_non_null(strstr(report, "it is not deterministic"));
	assert_non_null(strstr(report, " did not come again, but "));
	assert_non_null(strstr(report, "; behind "));
	munmap(x.arg, 4096);
}

static long fails(void *arg)
{
	return -ENODEV;
}

static void setup_that_fails_is_told(void **state)
{
	struct um_exploration x = lost_update(0);

	x.setup = fails;
	assert_int_equal(explore(&x), -EIO);
	assert_non_null(strstr(report, "it cannot be set up"));
}

static void tasks_that_make_no_sense_are_refused(void **state)
{
	struct um_exploration x = lost_update(0);

	x.tasks = 0;
	assert_int_equal(explore(&x), -EINVAL);
	x.tasks = UM_EXPLORE_TASKS + 1;
	assert_int_equal(explore(&x), -EINVAL);
	x = lost_update(0);
	x.shard = 2;
	x.shards = 2;
	assert_int_equal(explore(&x), -EINVAL);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other_there_are_as_many_schedules_as_orders),
		cmocka_unit_test(lost_update_needs_one_preemption),
		cmocka_unit_test(what_other_schedules_wrote_is_not_told),
		cmocka_unit_test(fault_of_two_preemptions_is_found_with_two),
		cmocka_unit_test(long_schedule_goes_on_in_the_middle_of_the_one_before),
		cmocka_unit_test(schedule_begins_again_when_a_class_of_its_marks_is_gone),
		cmocka_unit_test(process_can_be_renewed),
		cmocka_unit_test(search_goes_on_after_a_deadlock),
		cmocka_unit_test(search_goes_on_after_a_fault),
		cmocka_unit_test(two_frees_are_found_and_named),
		cmocka_unit_test(fault_and_race_are_found_together_only),
		cmocka_unit_test(place_may_be_found_before_a_failure),
		cmocka_unit_test(what_no_other_touches_is_no_point),
		cmocka_unit_test(orders_of_what_is_nothing_to_each_other_are_one),
		cmocka_unit_test(what_is_left_out_would_have_found_nothing_else),
		cmocka_unit_test(programs_by_chance_come_to_each_end),
		cmocka_unit_test(programs_of_many_work_items_come_to_each_end),
		cmocka_unit_test(programs_by_chance_come_to_each_deadlock),
		cmocka_unit_test(what_no_operation_tells_of_is_a_data_race),
		cmocka_unit_test(work_item_runs_beside_the_task),
		cmocka_unit_test(two_work_items_run_beside_each_other),
		cmocka_unit_test(thread_of_a_driver_runs_beside_the_task),
		cmocka_unit_test(timer_may_expire_anywhere),
		cmocka_unit_test(timer_may_interrupt_the_task),
		cmocka_unit_test(what_goes_on_for_ever_is_a_livelock),
		cmocka_unit_test(what_is_made_once_is_no_part_of_the_search),
		cmocka_unit_test_teardown(interrupt_comes_where_it_can, devices_end),
		cmocka_unit_test_teardown(interrupt_comes_on_another_processor_when_they_are_off_here, devices_end),
		cmocka_unit_test_teardown(interrupt_that_is_waited_for_comes, devices_end),
		cmocka_unit_test_teardown(each_of_two_lines_may_interrupt, devices_end),
		cmocka_unit_test_teardown(line_that_is_not_tried_is_told, devices_end),
		cmocka_unit_test_teardown(interrupts_that_are_waited_for_have_no_bound, devices_end),
		cmocka_unit_test_teardown(line_may_interrupt_from_when_it_has_a_handler, devices_end),
		cmocka_unit_test(chance_lets_time_pass),
		cmocka_unit_test(chance_finds_it_too),
		cmocka_unit_test(shards_make_up_the_whole),
		cmocka_unit_test(finding_can_be_replayed),
		cmocka_unit_test(replay_of_something_else_is_refused),
		cmocka_unit_test(scenario_that_differs_from_run_to_run_is_told),
		cmocka_unit_test(setup_that_fails_is_told),
		cmocka_unit_test(tasks_that_make_no_sense_are_refused),
	};

	on_fibers(argv);
	return cmocka_run_group_tests_name("explore", tests, setup, teardown);
}
