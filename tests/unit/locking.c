// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting where a kernel cannot be asked: tasks that stand still in atomic context, for
 * which a guest has too few processors, and those that are killed; what TSan learns; and
 * what must be reported of misuse, which a kernel does not survive. All else is in
 * contract/locking and contract/later.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "child.h"
#include "locking.h"
#include "umdev/umdev.h"

static int setup(void **state)
{
	k_reset();
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats();
}

/* The waiting one goes on when the holder does. */
static void waits_for(long (*holds)(void *arg), long (*wants)(void *arg))
{
	struct um_task *holder = um_task_start("holder", holds, NULL);
	struct um_task *waiter;

	assert_true(um_task_wait_blocked(holder));
	waiter = um_task_start("waiter", wants, NULL);
	assert_true(um_task_wait_blocked(waiter));
	k_unpark();
	um_task_join(holder);
	um_task_join(waiter);
	k_reset();
}

static void spinlock_waits_for_its_owner(void **state)
{
	waits_for(k_spin_hold, k_spin_once);
}

static void rwlock_keeps_writers_from_readers_and_each_other(void **state)
{
	waits_for(k_read_lock_hold, k_write_lock_once);
	waits_for(k_write_lock_hold, k_read_lock_once);
	waits_for(k_write_lock_hold, k_write_lock_once);
}

static void rwlock_lets_readers_in_until_a_writer_waits(void **state)
{
	struct um_task *holder = um_task_start("holder", k_read_lock_hold, NULL);
	struct um_task *writer, *reader;

	assert_true(um_task_wait_blocked(holder));
	assert_int_equal(k_read_lock_once(NULL), 0);
	writer = um_task_start("writer", k_write_lock_once, NULL);
	assert_true(um_task_wait_blocked(writer));
	reader = um_task_start("reader", k_read_lock_once, NULL);
	assert_true(um_task_wait_blocked(reader));
	k_unpark();
	um_task_join(holder);
	um_task_join(writer);
	um_task_join(reader);
}

static void fatal_signal_ends_a_killable_wait(void **state)
{
	static const int want[] = { -EINTR, -EINTR, -EINTR, -EINTR, -512, -512 };
	struct um_task *t;
	long i;

	k_killable_take();
	for (i = 0; i < (long)(sizeof(want) / sizeof(want[0])); i++) {
		t = um_task_start("waiter", k_killable_wait, (void *)i);
		assert_true(um_task_wait_blocked(t));
		um_task_interrupt(t);
		assert_true(um_task_wait_blocked(t));
		um_task_kill(t);
		assert_int_equal(um_task_join(t), want[i]);
	}
	k_killable_give();
}

static void *lock_once(void *unused)
{
	return (void *)k_mutex_lock_once(NULL);
}

/* Were it still counted as running, nothing would ever be seen to be blocked. */
static void thread_of_the_program_is_a_task_until_it_ends(void **state)
{
	struct um_task *holder;
	pthread_t thread;

	if (getenv("UMDEV_TASKS")) {
		puts("SKIP: with tasks on fibers there are no other threads");
		skip();
	}
	assert_int_equal(pthread_create(&thread, NULL, lock_once, NULL), 0);
	pthread_join(thread, NULL);
	holder = um_task_start("holder", k_mutex_hold, NULL);
	assert_true(um_task_wait_blocked(holder));
	k_release_holder();
	um_task_join(holder);
}

static void work_that_was_never_initialised_is_told_and_left_alone(void **state)
{
	um_expect_splat("shim/kernel/workqueue.c:");
	k_work_never_initialised_queue();
	assert_int_equal(um_check_splats(), 0);
	um_expect_splat("shim/kernel/workqueue.c:");
	assert_false(k_work_never_initialised_flush());
	assert_int_equal(um_check_splats(), 0);
	um_expect_splat("shim/kernel/workqueue.c:");
	assert_false(k_work_never_initialised_cancel_sync());
	assert_int_equal(um_check_splats(), 0);
	um_expect_splat("shim/kernel/workqueue.c:");
	k_work_never_initialised_delay();
	assert_int_equal(um_check_splats(), 0);
	/* no wait, no splat */
	assert_false(k_work_never_initialised_cancel());
}

static void timer_that_was_never_set_up_is_told_and_left_alone(void **state)
{
	um_expect_splat("was never set up");
	assert_false(k_timer_never_set_up_mod());
	um_expect_splat("was never set up");
	assert_false(k_timer_never_set_up_del());
	um_expect_splat("was never set up");
	assert_false(k_timer_never_set_up_del_sync());
	assert_false(k_timer_never_set_up_pending());
}

/* Where there is a race between the two, TSan says so. */
static void completion_that_is_seen_done_orders_what_was_before(void **state)
{
	struct um_task *t = um_task_start("writer", k_completed_writer, NULL);

	assert_int_equal(k_completed_poll(), 5);
	um_task_join(t);
}

static void grace_period_waits_for_readers(void **state)
{
	struct um_task *reader = um_task_start("reader", k_rcu_reader, NULL);
	struct um_task *other = um_task_start("other", k_rcu_reader, NULL);
	struct um_task *writer;

	assert_true(um_task_wait_blocked(reader));
	assert_true(um_task_wait_blocked(other));
	writer = um_task_start("writer", k_rcu_synchronize, NULL);
	assert_true(um_task_wait_blocked(writer));
	k_unpark();
	assert_true(um_task_join(writer));
	assert_false(um_task_join(reader));
	assert_false(um_task_join(other));
	assert_true(k_call_rcu());
}

static void rcu_callback_that_sleeps_is_told(void **state)
{
	um_expect_splat("sleeping function called from invalid context");
	k_call_rcu_sleeping();
}

static void delete_waits_for_a_running_timer_function(void **state)
{
	struct um_task *t;

	k_timer_blocks();
	t = um_task_start("deleter", k_timer_delete, NULL);
	assert_true(um_task_wait_blocked(t));
	k_unpark();
	assert_int_equal(um_task_join(t), 0);
}

static void timer_that_is_pending_is_not_added_again(void **state)
{
	um_expect_splat("shim/kernel/time/timer.c:");
	assert_true(k_timer_add_twice());
}

/* ---- reports ---------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*fn)(void);
} children[] = {
	{ "recursive", k_mutex_recursive },
	{ "abba", k_abba },
	{ "bug", k_bug },
	{ "panic", k_panic },
	{ "sorts", k_deadlock_of_all_sorts },
	{ "race", k_race },
};

static int child_main(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(children) / sizeof(children[0]); i++) {
		if (strcmp(name, children[i].name))
			continue;
		um_console_level(7);
		children[i].fn();
		return 0;
	}
	return 127;
}

static void dies(const char *name, const char *const *texts)
{
	static char text[32768];
	int status = run_child(name, text, sizeof(text));

	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	for (; *texts; texts++) {
		if (strstr(text, *texts))
			continue;
		print_error("no '%s' in:\n%s\n", *texts, text);
		fail();
	}
}

static void recursion_is_reported_with_its_place(void **state)
{
	dies("recursive", (const char *const []){
		"possible recursive locking", "lock_a", "locking_kern.c", NULL });
}

static void deadlock_names_tasks_locks_and_holders(void **state)
{
	dies("abba", (const char *const []){
		"deadlock", "waits for mutex lock_b, held by other",
		"task other", "waits for mutex lock_a, held by", "holds lock_b",
		"b_then_a", "locking_kern.c", NULL });
}

static void deadlock_names_holders_of_every_sort(void **state)
{
	dies("sorts", (const char *const []){
		"deadlock: no task can go on",
		"task spinner", "waits for test",
		"task reader", "waits for rwsem for reading ring_sem, held by main",
		"task other", "waits for rwlock for reading held_rw, held by writer",
		"task main", "waits for spinlock &ring_spin, held by spinner",
		"holds ring_sem, taken in k_deadlock_of_all_sorts (tests/unit/locking_kern.c:",
		NULL });
}

static void bug_ends_the_process_with_its_place(void **state)
{
	dies("bug", (const char *const []){ "kernel BUG at", "locking_kern.c", "k_bug", NULL });
}

static void panic_ends_the_process_with_its_place(void **state)
{
	dies("panic", (const char *const []){
		"Kernel panic - not syncing: nothing works since yesterday",
		"k_panic (tests/unit/locking_kern.c:", NULL });
}

static void initcall_that_fails_ends_the_boot(void **state)
{
	static char text[4096];
	int status = run_child("initcall", text, sizeof(text));

	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 19);
	assert_non_null(strstr(text, "initcall failing_initcall failed with error -19"));
}

static void sleeping_under_a_spinlock_splats(void **state)
{
	um_expect_splat("sleeping function called from invalid context");
	um_expect_splat("scheduling while atomic");
	k_sleep_under_spinlock();
}

static void unlock_by_another_task_splats(void **state)
{
	um_expect_splat("bad unlock balance: other releases mutex lock_a, held by");
	um_expect_splat("returns to user space (test) with lock_a held");
	k_unlock_by_other();
}

static void uninitialised_mutex_splats(void **state)
{
	um_expect_splat("never initialised");
	um_expect_splat("never initialised");
	k_uninitialised_mutex();
}

static void other_uninitialised_locks_splat(void **state)
{
	int i;

	for (i = 0; i < 2; i++) {
		um_expect_splat("bad magic: spinlock");
		um_expect_splat("bad magic: spinlock");
		um_expect_splat("is used but was never initialised");
	}
	k_uninitialised_others();
}

static void leaving_the_kernel_with_a_lock_splats(void **state)
{
	um_expect_splat("returns to user space (test) with lock_a held, taken in k_leave_with_mutex");
	k_leave_with_mutex();
}

static void unannounced_splat_is_counted(void **state)
{
	assert_int_equal(um_check_splats(), 0);
	um_expect_splat("this never comes");
	fflush(stderr);
	assert_int_equal(um_check_splats(), 1);
}

/* ---- TSan -------------------------------------------------------------------------- */

static void race_under_two_locks_fires_under_tsan(void **state)
{
#if defined(__SANITIZE_THREAD__)
	dies("race", (const char *const []){ "data race", "race_under", NULL });
#else
	puts("SKIP: this build has no TSan (preset tsan has)");
	skip();
#endif
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(spinlock_waits_for_its_owner),
		T(rwlock_keeps_writers_from_readers_and_each_other),
		T(rwlock_lets_readers_in_until_a_writer_waits),
		T(fatal_signal_ends_a_killable_wait),
		T(thread_of_the_program_is_a_task_until_it_ends),
		T(recursion_is_reported_with_its_place),
		T(deadlock_names_tasks_locks_and_holders),
		T(deadlock_names_holders_of_every_sort),
		T(bug_ends_the_process_with_its_place),
		T(panic_ends_the_process_with_its_place),
		T(initcall_that_fails_ends_the_boot),
		T(sleeping_under_a_spinlock_splats),
		T(unlock_by_another_task_splats),
		T(uninitialised_mutex_splats),
		T(other_uninitialised_locks_splat),
		T(leaving_the_kernel_with_a_lock_splats),
		T(unannounced_splat_is_counted),
		T(race_under_two_locks_fires_under_tsan),
		T(work_that_was_never_initialised_is_told_and_left_alone),
		T(timer_that_was_never_set_up_is_told_and_left_alone),
		T(completion_that_is_seen_done_orders_what_was_before),
		T(rcu_callback_that_sleeps_is_told),
		T(delete_waits_for_a_running_timer_function),
		T(timer_that_is_pending_is_not_added_again),
		T(grace_period_waits_for_readers),
	};

	if (argc == 3 && !strcmp(argv[2], "initcall")) {
		um_console_level(7);
		k_initcall_fails();
		return -um_boot(NULL);
	}
	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("locking", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
