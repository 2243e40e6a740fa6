// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for whom, what ends a wait and what it then returns: locks,
 * completions, wait queues, sleeping. What is put off is in later.c.
 */
#include "mdev_test.h"

#define STEPS	DIR_TEST "/locking"

#include "steps.h"

/* Results of steps that are errors in the kernel. */
#define INTERRUPTED	"-4"
#define TIMED_OUT	"-62"
#define RESTART		"-512"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("locking_test", NULL), 0);
}

/* ---- mutex ------------------------------------------------------------------ */

static void mutex_lets_one_in(void **state)
{
	struct t_task *owner, *next;

	load();
	gives("mutex_is_locked", "0");
	hold("mutex_in");
	owner = waits("mutex");
	gives("mutex_trylock", "0");
	gives("mutex_is_locked", "1");
	next = waits("mutex_killable");
	release("mutex_in");
	t_expect(t_task_join(owner), 5);
	t_expect(t_task_join(next), 14);
	logged_too("mutex", "0");
	logged_too("mutex_killable", "0");
	clear_log();
	gives("mutex_trylock", "1");
	gives("mutex_interruptible", "0");
}

static void signal_ends_an_interruptible_wait_for_a_mutex(void **state)
{
	struct t_task *owner, *killable;

	load();
	hold("mutex_in");
	owner = waits("mutex");
	interrupted("mutex_interruptible", INTERRUPTED);
	killable = waits_on("mutex_killable");
	release("mutex_in");
	t_expect(t_task_join(owner), 5);
	t_expect(t_task_join(killable), 14);
	logged_too("mutex_killable", "0");
}

/* ---- semaphore ----------------------------------------------------------------- */

static void semaphore_lets_as_many_in_as_it_counts(void **state)
{
	struct t_task *a, *b, *c;

	load();
	gives("down_trylock", "0");
	hold("pair_in");
	a = waits("down");
	b = waits("down");
	gives("down_trylock", "1");
	c = waits("down");
	release("pair_in");
	t_expect(t_task_join(a), 4);
	t_expect(t_task_join(b), 4);
	t_expect(t_task_join(c), 4);
	clear_log();
	gives("down_trylock", "0");
}

static void semaphore_wait_ends_by_signal_or_time(void **state)
{
	struct t_task *a, *b, *killable;

	load();
	hold("pair_in");
	a = waits("down");
	b = waits("down");
	gives("down_timeout", TIMED_OUT);
	interrupted("down_interruptible", INTERRUPTED);
	killable = waits_on("down_killable");
	release("pair_in");
	t_expect(t_task_join(a), 4);
	t_expect(t_task_join(b), 4);
	t_expect(t_task_join(killable), 13);
	logged_too("down_killable", "0");
	clear_log();
	gives("down_timeout", "0");
	gives("down_killable", "0");
	gives("down_interruptible", "0");
}

static void semaphore_is_raised_by_anyone(void **state)
{
	struct t_task *waiter;

	load();
	waiter = waits("signal_down");
	run("signal_up");
	t_expect(t_task_join(waiter), 11);
	clear_log();
	run("signal_up");
	run("signal_up");
	clear_log();
	gives("signal_down", "0");
	gives("signal_down", "0");
}

/* ---- rwsem ------------------------------------------------------------------------ */

static void readers_share_and_writers_do_not(void **state)
{
	struct t_task *reader, *writer;

	load();
	gives("rwsem_is_locked", "0");
	hold("read_in");
	reader = waits("read");
	gives("rwsem_is_locked", "1");
	gives("read_trylock", "1");
	gives("write_trylock", "0");
	release("read_in");
	ends(reader, "read", "0");

	hold("write_in");
	writer = waits("write");
	gives("rwsem_is_locked", "1");
	gives("read_trylock", "0");
	gives("write_trylock", "0");
	release("write_in");
	ends(writer, "write", "0");
	gives("write_trylock", "1");
	gives("write_killable", "0");
	gives("read_interruptible", "0");
	gives("read_killable", "0");
}

static void waiting_writer_keeps_new_readers_out(void **state)
{
	struct t_task *reader, *writer, *late;

	load();
	hold("read_in");
	reader = waits("read");
	gives("rwsem_is_contended", "0");
	writer = waits("write");
	gives("rwsem_is_contended", "1");
	gives("read_trylock", "0");
	late = waits("read_interruptible");
	release("read_in");
	t_expect(t_task_join(reader), 4);
	t_expect(t_task_join(writer), 5);
	t_expect(t_task_join(late), 18);
	clear_log();
	gives("rwsem_is_contended", "0");
}

static void waiting_reader_is_contention_too(void **state)
{
	struct t_task *writer, *reader;

	load();
	hold("write_in");
	writer = waits("write");
	reader = waits("read");
	gives("rwsem_is_contended", "1");
	release("write_in");
	t_expect(t_task_join(writer), 5);
	t_expect(t_task_join(reader), 4);
}

static void signal_ends_an_interruptible_wait_for_a_rwsem(void **state)
{
	struct t_task *writer, *reader_on, *writer_on;

	load();
	hold("write_in");
	writer = waits("write");
	interrupted("read_interruptible", INTERRUPTED);
	reader_on = waits_on("read_killable");
	writer_on = waits_on("write_killable");
	release("write_in");
	t_expect(t_task_join(writer), 5);
	t_expect(t_task_join(reader_on), 13);
	t_expect(t_task_join(writer_on), 14);
	logged_too("read_killable", "0");
	logged_too("write_killable", "0");
	clear_log();
	gives("write_trylock", "1");
}

static void downgraded_writer_is_a_reader(void **state)
{
	struct t_task *owner, *reader;

	load();
	hold("write_in");
	hold("read_in");
	owner = waits("downgrade");
	gives("read_trylock", "0");
	reader = waits("read");
	release("write_in");
	/* both are in now */
	t_expect(t_task_wait_blocked(owner), true);
	t_expect(t_task_wait_blocked(reader), true);
	t_expect_text(CONTROL "/held", "read_in 2\n");
	gives("read_trylock", "1");
	gives("write_trylock", "0");
	release("read_in");
	t_expect(t_task_join(owner), 9);
	t_expect(t_task_join(reader), 4);
	clear_log();
	gives("write_trylock", "1");
}

/* ---- spinlock and rwlock -------------------------------------------------------------- */

static void spinlock_as_one_task_sees_it(void **state)
{
	load();
	gives("spin", "31");
	gives("rwlock", "7");
}

/* ---- time-outs below zero ----------------------------------------------------------------- */

/* Has somebody waited, and told whose time-out that was? */
static bool complained(const char *timeout)
{
	char want[64];

	snprintf(want, sizeof(want), "schedule_timeout: wrong timeout value %s", timeout);
	return t_kmsg_has(want) && t_kmsg_has("locking_test");
}

static void wait_with_a_timeout_below_zero_is_over_and_told(void **state)
{
	load();
	t_kmsg_flush();
	gives("wait_past", "0");
	assert_true(complained("fffffffffffffffb"));
	t_kmsg_flush();
	gives("wait_past_interruptible", "0");
	assert_true(complained("fffffffffffffffa"));
	t_kmsg_flush();
	gives("event_past", "0");
	assert_true(complained("fffffffffffffff9"));
	t_kmsg_flush();
	gives("sleep_past", "0");
	assert_true(complained("fffffffffffffff8"));
}

/* The time-out itself is what is left of it. */
static void timeout_below_zero_of_what_has_come_is_not_told(void **state)
{
	load();
	run("complete");
	run("complete");
	run("set_flag");
	clear_log();
	t_kmsg_flush();
	gives("wait_past", "-5");
	gives("wait_past_interruptible", "-6");
	gives("completion_done", "0");
	gives("event_past", "-7");
	assert_false(t_kmsg_has("wrong timeout"));
}

/* The signal comes while the task waits for a mutex, which it does not end. */
static void interrupted_behind_mutex(const char *step, const char *result)
{
	struct t_task *owner, *waiter;

	hold("mutex_in");
	owner = waits("mutex");
	waiter = waits_on(step);
	clear_log();
	release("mutex_in");
	t_expect(t_task_join(owner), strlen("mutex"));
	t_expect(t_task_join(waiter), strlen(step));
	logged_too("mutex", "0");
	logged_too(step, result);
	clear_log();
}

static void signal_goes_before_a_timeout_that_has_passed(void **state)
{
	load();
	t_kmsg_flush();
	interrupted_behind_mutex("behind_mutex", RESTART);
	interrupted_behind_mutex("behind_mutex_past", RESTART);
	/* and what has come before a signal */
	run("complete");
	interrupted_behind_mutex("behind_mutex", "1");
	assert_false(t_kmsg_has("wrong timeout"));
}

static void semaphore_takes_a_timeout_below_zero_as_passed(void **state)
{
	struct t_task *a, *b;

	load();
	t_kmsg_flush();
	gives("down_past", "0");
	hold("pair_in");
	a = waits("down");
	b = waits("down");
	gives("down_past", TIMED_OUT);
	release("pair_in");
	t_expect(t_task_join(a), 4);
	t_expect(t_task_join(b), 4);
	assert_false(t_kmsg_has("wrong timeout"));
}

/* ---- completion --------------------------------------------------------------------------- */

static void each_complete_lets_one_through(void **state)
{
	struct t_task *waiter;

	load();
	gives("completion_done", "0");
	gives("try_wait", "0");
	waiter = waits("wait");
	run("complete");
	t_expect(t_task_join(waiter), 4);
	clear_log();
	gives("wait_timeout", "0");
	run("complete");
	run("complete");
	clear_log();
	gives("completion_done", "1");
	gives("try_wait", "1");
	gives("wait_timeout", "1");
	gives("try_wait", "0");
}

static void complete_all_lets_all_through_until_reinit(void **state)
{
	load();
	run("complete_all");
	run("complete");
	clear_log();
	gives("wait", "0");
	gives("wait_interruptible", "0");
	gives("wait_killable", "0");
	gives("wait_long", "1");
	gives("try_wait", "1");
	gives("completion_done", "1");
	run("reinit");
	clear_log();
	gives("completion_done", "0");
	gives("try_wait", "0");
}

static void signal_ends_an_interruptible_wait_for_a_completion(void **state)
{
	struct t_task *killable;

	load();
	interrupted("wait_interruptible", RESTART);
	interrupted("wait_long", RESTART);
	killable = waits_on("wait_killable");
	run("complete");
	t_expect(t_task_join(killable), 13);
	logged_too("wait_killable", "0");
}

/* ---- wait queue ------------------------------------------------------------------------------ */

static void event_is_waited_for_until_its_condition_holds(void **state)
{
	struct t_task *a, *b;

	load();
	gives("queue_active", "0");
	a = waits("event");
	b = waits("event_long");
	gives("queue_active", "1");
	/* a wake-up without the condition ends nothing */
	gives("wake_all", "0");
	t_expect(t_task_wait_blocked(a), true);
	t_expect(t_task_wait_blocked(b), true);
	gives("event_timeout", "0");
	run("set_flag");
	t_expect(t_task_join(a), 5);
	t_expect(t_task_join(b), 10);
	clear_log();
	gives("event", "0");
	gives("event_interruptible", "0");
	gives("event_killable", "0");
	gives("event_timeout", "1");
	gives("queue_active", "0");
}

static void signal_ends_an_interruptible_wait_for_an_event(void **state)
{
	struct t_task *killable;

	load();
	interrupted("event_interruptible", RESTART);
	interrupted("event_long", RESTART);
	killable = waits_on("event_killable");
	run("set_flag");
	t_expect(t_task_join(killable), 14);
	logged_too("event_killable", "0");
}

static void wake_up_wakes_one_exclusive_waiter_and_all_others(void **state)
{
	struct t_task *first, *second, *other, *added;

	load();
	first = waits("queued_exclusive");
	second = waits("added_exclusive");
	other = waits("queued");
	added = waits("added");
	run("wake");
	t_expect(t_task_join(other), 6);
	t_expect(t_task_join(added), 5);
	t_expect(t_task_join(first), 16);
	t_expect(t_task_wait_blocked(second), true);
	clear_log();
	gives("queue_active", "1");
	run("wake");
	t_expect(t_task_join(second), 15);
}

static void exclusive_waiter_learns_whether_it_is_the_first(void **state)
{
	load();
	gives("queued_first", "1");
	gives("queue_active", "0");
}

static void wake_up_interruptible_leaves_the_uninterruptible_asleep(void **state)
{
	struct t_task *deep, *light;

	load();
	deep = waits("queued_exclusive");
	light = waits("queued");
	run("wake_interruptible");
	t_expect(t_task_join(light), 6);
	t_expect(t_task_wait_blocked(deep), true);
	run("wake_all");
	t_expect(t_task_join(deep), 16);
}

static void wake_up_calls_the_entries_function_with_its_key(void **state)
{
	load();
	gives("callback", "5");
}

/* ---- sleeping and time --------------------------------------------------------------------------- */

static void sleeping_task_is_woken(void **state)
{
	struct t_task *sleeper;

	load();
	sleeper = waits("sleep");
	run("wake_sleeper");
	t_expect(t_task_join(sleeper), 5);
	clear_log();
	gives("wake_self", "1");
}

static void sleep_ends_by_time_or_signal(void **state)
{
	load();
	gives("sleep_a_tick", "0");
	gives("msleep_short", "0");
	interrupted("sleep_long", "1");
	interrupted("sleep_longest", "1");
	interrupted("msleep_interruptible", "1");
}

static void sleeps_last_as_long_as_asked_for(void **state)
{
	load();
	gives("delays", "3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(mutex_lets_one_in),
		T_TEST(signal_ends_an_interruptible_wait_for_a_mutex),
		T_TEST(semaphore_lets_as_many_in_as_it_counts),
		T_TEST(semaphore_wait_ends_by_signal_or_time),
		T_TEST(semaphore_is_raised_by_anyone),
		T_TEST(readers_share_and_writers_do_not),
		T_TEST(waiting_writer_keeps_new_readers_out),
		T_TEST(waiting_reader_is_contention_too),
		T_TEST(signal_ends_an_interruptible_wait_for_a_rwsem),
		T_TEST(downgraded_writer_is_a_reader),
		T_TEST(spinlock_as_one_task_sees_it),
		T_TEST(wait_with_a_timeout_below_zero_is_over_and_told),
		T_TEST(timeout_below_zero_of_what_has_come_is_not_told),
		T_TEST(signal_goes_before_a_timeout_that_has_passed),
		T_TEST(semaphore_takes_a_timeout_below_zero_as_passed),
		T_TEST(each_complete_lets_one_through),
		T_TEST(complete_all_lets_all_through_until_reinit),
		T_TEST(signal_ends_an_interruptible_wait_for_a_completion),
		T_TEST(event_is_waited_for_until_its_condition_holds),
		T_TEST(signal_ends_an_interruptible_wait_for_an_event),
		T_TEST(wake_up_wakes_one_exclusive_waiter_and_all_others),
		T_TEST(exclusive_waiter_learns_whether_it_is_the_first),
		T_TEST(wake_up_interruptible_leaves_the_uninterruptible_asleep),
		T_TEST(wake_up_calls_the_entries_function_with_its_key),
		T_TEST(sleeping_task_is_woken),
		T_TEST(sleep_ends_by_time_or_signal),
		T_TEST(sleeps_last_as_long_as_asked_for),
	};

	return t_run("locking", tests);
}
