// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks that are held at a point, and um_interleave(): in which orders the tasks
 * do what they do, what it finds, and how it says so.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "interleave.h"
#include "on_fibers.h"

/* ---- a task that is held --------------------------------------------------- */

/* Passes two points between each two letters. */
static long spell(void *arg)
{
	const char *word = arg;

	for (; *word; word++) {
		k_note(*word);
		k_pass_points(1);
	}
	return 7;
}

static struct um_task *start_held(long (*fn)(void *arg), void *arg, unsigned long n)
{
	struct um_task *task = um_task_start_held("held", fn, arg, n);

	assert_non_null(task);
	return task;
}

static void task_stops_before_its_nth_point(void **state)
{
	struct um_task *task = start_held(spell, "abc", 4);

	assert_true(um_task_wait_held(task));
	assert_string_equal(k_notes(), "ab");
	um_task_resume(task);
	assert_int_equal(um_task_join(task), 7);
	assert_string_equal(k_notes(), "abc");
}

static void task_with_fewer_points_is_not_held(void **state)
{
	struct um_task *task = start_held(spell, "abc", 7);

	assert_false(um_task_wait_held(task));
	assert_int_equal(um_task_join(task), 7);
}

static void points_of_a_task_are_counted(void **state)
{
	um_point_count();
	k_pass_points(5);
	assert_int_equal(um_point_count(), 10);
	assert_int_equal(um_point_count(), 0);
}

static long spell_in_blocks(void *arg)
{
	const char *word = arg;

	for (; *word; word++) {
		k_basic_block();
		k_note(*word);
	}
	return 0;
}

static void basic_blocks_of_a_module_are_points(void **state)
{
	struct um_task *task = start_held(spell_in_blocks, "abc", 3);

	assert_true(um_task_wait_held(task));
	assert_string_equal(k_notes(), "ab");
	um_task_resume(task);
	um_task_join(task);
	assert_string_equal(k_notes(), "abc");
}

static long note_under_the_mutex(void *arg)
{
	k_lock();
	k_note(*(const char *)arg);
	k_pass_points(1);
	k_unlock();
	return 0;
}

static long note_under_the_spinlock(void *arg)
{
	k_spin_lock();
	k_note(*(const char *)arg);
	k_spin_unlock();
	return 0;
}

static long note_under_two_spinlocks(void *arg)
{
	k_spin_lock();
	k_note(*(const char *)arg);
	k_pass_points_atomic();
	k_spin_unlock();
	return 0;
}

static void held_task_keeps_its_lock(void **state)
{
	struct um_task *first = start_held(note_under_the_mutex, "a", 2), *second;

	assert_true(um_task_wait_held(first));
	second = um_task_start("second", note_under_the_mutex, "b");
	assert_true(um_task_wait_blocked(second));
	assert_string_equal(k_notes(), "a");
	um_task_resume(first);
	um_task_join(first);
	um_task_join(second);
	assert_string_equal(k_notes(), "ab");
}

static void task_can_be_held_in_atomic_context(void **state)
{
	struct um_task *first = start_held(note_under_two_spinlocks, "a", 2), *second;

	assert_true(um_task_wait_held(first));
	second = um_task_start("second", note_under_the_spinlock, "b");
	assert_true(um_task_wait_blocked(second));
	assert_string_equal(k_notes(), "a");
	um_task_resume(first);
	um_task_join(first);
	um_task_join(second);
	assert_string_equal(k_notes(), "ab");
}

static long wait_and_note(void *arg)
{
	k_wait();
	k_note('w');
	return 0;
}

static void task_that_waits_is_held_there_before_its_point(void **state)
{
	struct um_task *task = start_held(wait_and_note, NULL, 2);

	assert_true(um_task_wait_held(task));
	k_complete();
	assert_true(um_task_wait_blocked(task));
	um_task_resume(task);
	assert_int_equal(um_task_join(task), 0);
	assert_string_equal(k_notes(), "w");
}

/* What it waits for has come, and it is held all the same. */
static void task_run_alone_is_held_where_it_waits(void **state)
{
	struct um_task *task = um_task_start("waiter", wait_and_note, NULL);

	assert_true(um_task_run_alone(task) <= 0);
	assert_int_equal(um_task_run_alone(task), -EBUSY);
	k_complete();
	assert_true(um_task_wait_blocked(task));
	assert_string_equal(k_notes(), "");
	assert_int_equal(um_task_run_alone(task), 1);
	assert_string_equal(k_notes(), "w");
	um_task_join(task);
}

/* ---- interleavings: which ----------------------------------------------------- */

#define ORDERS 8192

static char report[65536];

static void add_line(const char *line, void *arg)
{
	size_t used = strlen(report);

	snprintf(report + used, sizeof(report) - used, "%s\n", line);
}

/* Schedules run in a process of their own: in memory that is shared. */
static char *orders;

static long reset(void *arg)
{
	k_reset();
	return 0;
}

static long keep_order(void *arg, long first, long second)
{
	size_t used = strlen(orders);

	snprintf(orders + used, ORDERS - used, "%s ", k_notes());
	return 0;
}

static long spell_ab(void *arg)
{
	return spell("ab");
}

static long spell_x(void *arg)
{
	return spell("x");
}

static void second_task_runs_at_each_point_of_the_first(void **state)
{
	const struct um_interleaving s = {
		.name = "spelling", .setup = reset, .first = spell_ab, .second = spell_x,
		.check = keep_order, .report = add_line,
	};

	/*
	 * Two points after each letter. Before them it runs without a preemption: until
	 * it is twice the same, and once that counts.
	 */
	assert_int_equal(um_interleave(&s), 6);
	assert_string_equal(orders, "abx abx abx abx abx abx axb axb ");
	assert_non_null(strstr(report, "umdev: spelling: complete to 1 preemption of the first task, 2 tasks, "));
}

static long lock_a_then_wait_b(void *arg)
{
	k_lock();
	k_note('a');
	k_unlock();
	k_note('b');
	k_wait();
	k_note('c');
	k_pass_points(1);
	k_note('d');
	return 0;
}

static long lock_x_then_complete(void *arg)
{
	k_lock();
	k_note('x');
	k_unlock();
	k_complete();
	k_note('y');
	return 0;
}

static void tasks_switch_only_where_one_must_wait(void **state)
{
	const struct um_interleaving s = {
		.name = "ping pong", .setup = reset, .first = lock_a_then_wait_b,
		.second = lock_x_then_complete, .check = keep_order, .report = add_line,
	};

	assert_int_equal(um_interleave(&s), 5);
	assert_string_equal(orders, "abxycd abxycd abxycd abxycd abxycd axybcd xyabcd ");
}

static long hold_the_lock_twice(void *arg)
{
	k_lock();
	k_note('a');
	k_pass_points(1);
	k_note('b');
	k_unlock();
	k_note('c');
	return 0;
}

/* When the first has released the lock, who waited for it may be next, or not. */
static void task_that_gets_its_lock_waits_for_its_turn(void **state)
{
	const struct um_interleaving s = {
		.name = "one lock", .setup = reset, .first = hold_the_lock_twice,
		.second = note_under_the_mutex, .check = keep_order, .arg = "x",
		.report = add_line,
	};

	assert_int_equal(um_interleave(&s), 6);
	assert_string_equal(orders, "abcx abcx abcx abcx abxc abcx abcx xabc ");
}

/* ---- interleavings: what they find ------------------------------------------------ */

static long add(void *arg)
{
	k_add();
	return 0;
}

static long add_locked(void *arg)
{
	k_lock();
	k_add();
	k_unlock();
	return 0;
}

static long is_two(void *arg, long first, long second)
{
	return k_number() != 2;
}

static void lost_update_is_found_with_its_point(void **state)
{
	const struct um_interleaving s = {
		.name = "adding", .setup = reset, .first = add, .second = add,
		.check = is_two, .report = add_line,
	};

	assert_int_equal(um_interleave(&s), -ECANCELED);
	assert_non_null(strstr(report, "umdev: adding: its check says that something is wrong\n"));
	assert_non_null(strstr(report, "first is preempted: second goes on\n"));
	assert_non_null(strstr(report, "k_pass_points interleave_kern.c:"));
	assert_non_null(strstr(report, "replay: "));
	assert_null(strstr(report, "complete to"));
}

static void locked_update_passes(void **state)
{
	const struct um_interleaving s = {
		.name = "adding", .setup = reset, .first = add_locked, .second = add_locked,
		.check = is_two, .report = add_line,
	};

	assert_int_equal(um_interleave(&s), 6);
}

static long always_wrong(void *arg, long first, long second)
{
	return 1;
}

static long nothing(void *arg)
{
	return 0;
}

static void what_fails_one_after_the_other_needs_no_preemption(void **state)
{
	const struct um_interleaving s = {
		.name = "nothing", .first = nothing, .second = nothing,
		.check = always_wrong, .report = add_line,
	};

	assert_int_equal(um_interleave(&s), -ECANCELED);
	assert_non_null(strstr(report, "umdev: nothing: its check says that something is wrong\n"));
	assert_null(strstr(report, "is preempted"));
}

static long no_setup(void *arg)
{
	return -EIO;
}

static void setup_that_fails_is_told(void **state)
{
	const struct um_interleaving s = {
		.name = "nothing", .setup = no_setup, .first = nothing, .second = nothing,
		.check = keep_order, .report = add_line,
	};

	assert_int_equal(um_interleave(&s), -ECANCELED);
	assert_non_null(strstr(report, "umdev: nothing: it cannot be set up\n"));
}

/* ---- what ends the process: in a child ---------------------------------------------- */

static long warn(void *arg)
{
	k_warn();
	return 0;
}

static long all_is_well(void *arg, long first, long second)
{
	return 0;
}

/* In a child for its message: it goes to standard error. */
static void splat_in_a_schedule(void)
{
	const struct um_interleaving s = {
		.name = "warning", .first = spell_ab, .second = warn, .check = all_is_well,
	};

	um_interleave(&s);
}

static void splat_fails_its_schedule(void **state)
{
	char text[16384];
	int status = run_child("splat", text, sizeof(text));

	assert_true(WIFEXITED(status));
	assert_non_null(strstr(text, "one that nobody wants"));
	assert_non_null(strstr(text, "umdev: warning: "));
	assert_non_null(strstr(text, "the interleaving:\n"));
	assert_null(strstr(text, "complete to"));
}

static void splat_before_the_schedules(void)
{
	const struct um_interleaving s = {
		.name = "spelling", .setup = reset, .first = spell_ab, .second = spell_x,
		.check = all_is_well,
	};

	k_warn();
	um_interleave(&s);
}

static void splat_from_before_is_told_and_fails_no_schedule(void **state)
{
	char text[16384];
	int status = run_child("earlier", text, sizeof(text));

	assert_true(WIFEXITED(status));
	assert_non_null(strstr(text, "one that nobody wants"));
	assert_non_null(strstr(text, "umdev: spelling: complete to 1 preemption"));
	assert_null(strstr(text, "the interleaving:"));
}

static long take_the_lock(void *arg)
{
	k_lock();
	return 0;
}

static void deadlock_in_a_schedule(void)
{
	const struct um_interleaving s = {
		.name = "locks", .first = note_under_the_mutex, .second = take_the_lock,
		.check = all_is_well, .arg = "a",
	};

	um_interleave(&s);
}

static void deadlock_is_told_with_its_schedule(void **state)
{
	char text[16384];
	int status = run_child("deadlock", text, sizeof(text));

	assert_true(WIFEXITED(status));
	assert_non_null(strstr(text, "umdev: locks: "));
	assert_non_null(strstr(text, "deadlock: "));
	assert_non_null(strstr(text, "the interleaving:\n"));
}

static long add_unordered(void *arg)
{
	k_add_unordered();
	k_pass_points(1);
	return 0;
}

static void race_in_a_schedule(void)
{
	const struct um_interleaving s = {
		.name = "race", .setup = reset, .first = add_unordered,
		.second = add_unordered, .check = all_is_well,
	};

	um_interleave(&s);
}

/* Neither being held nor being let go is a lock. */
static void race_of_tasks_that_take_turns_fires_under_tsan(void **state)
{
#if defined(__SANITIZE_THREAD__)
	char text[16384];

	run_child("race", text, sizeof(text));
	assert_non_null(strstr(text, "data race"));
	assert_non_null(strstr(text, "k_add_unordered"));
	assert_non_null(strstr(text, "the interleaving:\n"));
#else
	puts("SKIP: this build has no TSan (preset tsan has)");
	skip();
#endif
}

static int child(const char *name)
{
	if (um_boot(NULL))
		return 2;
	um_console_level(-1);
	if (!strcmp(name, "splat"))
		splat_in_a_schedule();
	else if (!strcmp(name, "earlier"))
		splat_before_the_schedules();
	else if (!strcmp(name, "race"))
		race_in_a_schedule();
	else
		deadlock_in_a_schedule();
	return 0;
}

/* ---------------------------------------------------------------------------------------- */

static int setup(void **state)
{
	um_check_splats();
	k_reset();
	report[0] = '\0';
	memset(orders, 0, ORDERS);
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats() ? -1 : 0;
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int shut_down(void **state)
{
	return um_shutdown();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		/* on threads, too */
		TEST(task_stops_before_its_nth_point),
		TEST(task_with_fewer_points_is_not_held),
		TEST(points_of_a_task_are_counted),
		TEST(basic_blocks_of_a_module_are_points),
		TEST(held_task_keeps_its_lock),
		TEST(task_can_be_held_in_atomic_context),
		TEST(task_that_waits_is_held_there_before_its_point),
		TEST(task_run_alone_is_held_where_it_waits),
		/* needs fibers */
		TEST(second_task_runs_at_each_point_of_the_first),
		TEST(tasks_switch_only_where_one_must_wait),
		TEST(task_that_gets_its_lock_waits_for_its_turn),
		TEST(lost_update_is_found_with_its_point),
		TEST(locked_update_passes),
		TEST(what_fails_one_after_the_other_needs_no_preemption),
		TEST(setup_that_fails_is_told),
		TEST(splat_fails_its_schedule),
		TEST(splat_from_before_is_told_and_fails_no_schedule),
		TEST(deadlock_is_told_with_its_schedule),
		TEST(race_of_tasks_that_take_turns_fires_under_tsan),
	};
	const size_t held = 8, all = sizeof(tests) / sizeof(tests[0]);

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child(argv[2]);
	orders = mmap(NULL, ORDERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (orders == MAP_FAILED)
		return 1;
	if (is_on_fibers())
		return _cmocka_run_group_tests("interleave", tests, all, boot, shut_down);
	if (_cmocka_run_group_tests("held", tests, held, boot, shut_down))
		return 1;
	on_fibers(argv);
}
