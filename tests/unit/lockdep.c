// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock checker: each fault of locking is shown to it in a run that does
 * not block, by one task, and the report must say what a reader needs; what
 * is no fault must say nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "child.h"
#include "files.h"
#include "lockdep.h"
#include "report.h"
#include "umdev/umdev.h"

#define DIR "/sys/lockdep_test"
#define LOCKED "/sys/class/mdev_locked/locked"

static uint64_t seq;

static int setup(void **state)
{
	seq = um_kmsg_seq();
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats();
}

#define says_now(...) \
	report_says(report_text(&seq), (const char *const []){ __VA_ARGS__, NULL })

static void crosswise_taking_is_reported_with_both_stacks(void **state)
{
	k_a_then_b();
	um_expect_splat("possible circular locking dependency detected: main wants lock_a and holds lock_b");
	k_b_then_a();
	says_now("the order now: lock_b, then lock_a",
		 "lock_b is held since", "k_b_then_a (tests/unit/lockdep_kern.c:",
		 "lock_a is wanted at", "k_b_then_a (tests/unit/lockdep_kern.c:",
		 "the order before, in main: lock_a, then lock_b",
		 "lock_a was held since", "k_a_then_b (tests/unit/lockdep_kern.c:",
		 "lock_b was wanted at", "k_a_then_b (tests/unit/lockdep_kern.c:",
		 "the circle: lock_b -> lock_a -> lock_b");
	/* told once */
	k_b_then_a();
}

static void circle_of_three_is_told_link_by_link(void **state)
{
	um_expect_splat("possible circular locking dependency detected: main wants first and holds third");
	k_three_in_a_circle();
	says_now("first, then second", "second, then third",
		 "the circle: third -> first -> second -> third");
}

/* It names eight links at most. */
static void long_circle_is_cut(void **state)
{
	um_expect_splat("main wants ten[0] and holds ten[9]");
	k_ten_in_a_circle();
	says_now("ten[0], then ten[1]", "ten[7], then ten[8]",
		 "the circle: ten[9] -> ten[0] -> ten[1] -> ten[2] -> ten[3] -> ten[4] -> ten[5] -> ten[6] -> ten[7] -> ten[8]\n");
}

static void reader_and_writer_crosswise_are_reported(void **state)
{
	k_read_a_write_b();
	um_expect_splat("main wants sem_a and holds sem_b");
	k_write_b_read_a();
}

static void recursive_readers_crosswise_are_no_fault(void **state)
{
	k_readers_recurse();
}

static void nested_reader_that_a_writer_can_stop_is_reported(void **state)
{
	um_expect_splat("possible recursive locking detected: nested is taken again by main");
	k_read_lock_twice();
}

static void trylock_makes_no_order(void **state)
{
	k_trylock_crosswise();
}

static void same_class_twice_is_reported(void **state)
{
	um_expect_splat("possible recursive locking detected: &t->lock is taken again by main, which holds another of that class");
	k_same_class();
	says_now("is wanted at", "k_same_class (tests/unit/lockdep_kern.c:",
		 "is held since", "k_same_class (tests/unit/lockdep_kern.c:");
}

static void subclass_tells_two_of_a_class_apart(void **state)
{
	k_same_class_subclassed();
}

static void subclass_taken_twice_is_told_with_its_number(void **state)
{
	um_expect_splat("&t->lock/1 is taken again by main");
	k_same_subclass();
}

static void order_of_a_key_that_went_is_not_known_of_the_next(void **state)
{
	um_expect_splat("main wants staying and holds coming");
	k_order_of_a_key_that_went(true);
}

static void order_of_a_key_that_went_is_no_order(void **state)
{
	k_order_of_a_key_that_went(false);
}

static void order_that_only_looked_the_same_is_seen(void **state)
{
	um_expect_splat("main wants one and holds three");
	k_let_go_in_order(true);
}

static void order_under_what_is_held_no_more_is_none(void **state)
{
	k_let_go_in_order(false);
}

static void outer_lock_allows_several_of_a_class(void **state)
{
	k_same_class_nested();
}

static void no_validate_class_has_no_order(void **state)
{
	k_no_validate_crosswise();
	um_expect_splat("returns to user space (test) with &no_order.lock held");
	k_no_validate_is_held();
}

static void flush_under_the_items_lock_is_reported(void **state)
{
	um_expect_splat("main wants item and holds item_lock");
	k_flush_under_items_lock();
	says_now("the order before, in kworker", "item, then item_lock",
		 "item_lock was wanted at", "item_fn (tests/unit/lockdep_kern.c:");
}

static void flush_of_a_queue_under_an_items_lock_is_reported(void **state)
{
	um_expect_splat("main wants lockdep_test and holds item_lock");
	k_flush_queue_under_items_lock();
}

static void wait_for_who_needs_the_lock_is_reported(void **state)
{
	um_expect_splat("main wants done and holds waiters_lock");
	k_complete_under_waiters_lock();
	says_now("done, then waiters_lock", "k_complete_under_waiters_lock");
}

static void waiting_for_what_one_completed_oneself_is_no_fault(void **state)
{
	k_complete_then_wait_under_lock();
}

static void lock_taken_before_such_a_wait_counts(void **state)
{
	um_expect_splat("main wants end and holds later");
	k_complete_then_wait_under_another();
	says_now("end, then later");
}

static long put_waits(void *arg)
{
	return put(DIR "/waits", "1");
}

static void deleting_a_timer_under_its_functions_lock_is_reported(void **state)
{
	um_expect_splat("main wants &timer and holds timer_lock");
	k_delete_timer_under_its_lock();
	says_now("timer_lock is held since", "k_delete_timer_under_its_lock (tests/unit/lockdep_kern.c:",
		 "the order before, in timers", "&timer, then timer_lock",
		 "timer_lock was wanted at", "timer_fn (tests/unit/lockdep_kern.c:");
}

static void wait_that_another_open_file_ends_is_no_fault(void **state)
{
	struct um_task *waiter;

	assert_int_equal(k_files_add(), 0);
	waiter = um_task_start("waiter", put_waits, NULL);
	assert_true(um_task_wait_blocked(waiter));
	assert_int_equal(put(DIR "/completes", "1"), 1);
	assert_int_equal(um_task_join(waiter), 1);
	k_files_remove();
}

static void freeing_a_held_lock_is_reported(void **state)
{
	um_expect_splat("held lock freed: &t->lock, taken in k_free_held_lock");
	k_free_held_lock();
}

static void removing_a_file_under_its_callbacks_lock_is_reported(void **state)
{
	assert_int_equal(k_files_add(), 0);
	assert_int_equal(put(DIR "/locks", "1"), 1);
	um_expect_splat("main wants kn->active (locks) and holds store_lock");
	k_remove_under_callbacks_lock();
	says_now("kn->active (locks), then store_lock", "locks_store (tests/unit/lockdep_kern.c:");
	k_files_remove();
}

/* The vendor's mistake, seen although no mdev is there when it is made. */
static void unregistering_a_parent_under_removes_lock_is_reported(void **state)
{
	static const char uuid[] = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";

	assert_int_equal(um_insmod("mdev", NULL), 0);
	assert_int_equal(um_insmod("mdev_locked", NULL), 0);
	assert_int_equal(put(LOCKED "/mdev_supported_types/mdev_locked-1/create", uuid), 36);
	assert_int_equal(put(LOCKED "/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001/remove", "1"), 1);
	um_expect_splat("possible circular locking dependency detected: main wants &parent->unreg_sem and holds vendor_lock");
	assert_int_equal(put("/sys/module/mdev_locked/parameters/unregister", "1"), 1);
	says_now("vendor_lock is held since", "unregister_set (tests/modules/mdev_locked.c:",
		 "the order before", "&parent->unreg_sem, then vendor_lock",
		 "locked_remove (tests/modules/mdev_locked.c:");
	assert_int_equal(um_rmmod("mdev_locked"), 0);
	assert_int_equal(um_rmmod("mdev"), 0);
}

static void sleeping_under_a_spinlock_is_reported_with_both_places(void **state)
{
	um_expect_splat("sleeping function called from invalid context at k_sleep_under_spinlock (");
	k_sleep_under_spinlock();
	says_now("sleeping function called",
		 "atomic since k_sleep_under_spinlock (tests/unit/lockdep_kern.c:",
		 "Call Trace:", "k_sleep_under_spinlock (tests/unit/lockdep_kern.c:");
	um_expect_splat("sleeping function called from invalid context");
	k_sleep_with_preemption_off();
	says_now("atomic since k_sleep_with_preemption_off (tests/unit/lockdep_kern.c:");
	um_expect_splat("sleeping function called from invalid context");
	k_sleep_in_rcu_reader();
	says_now("atomic since k_sleep_in_rcu_reader (tests/unit/lockdep_kern.c:");
}

static void unlocking_what_another_took_is_reported_with_both_places(void **state)
{
	static const char *const kinds[] = {
		"mutex", "spinlock", "rwsem for writing", "rwlock for writing",
	};
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(text, sizeof(text), "other releases %s others_", kinds[i]);
		um_expect_splat(text);
		k_unlock_by_other(i);
		says_now(text, "held by main, taken in k_unlock_by_other (tests/unit/lockdep_kern.c:",
			 "Call Trace:", "unlock_others (tests/unit/lockdep_kern.c:");
	}
}

static void unlocking_what_nobody_took_is_reported(void **state)
{
	static const char *const kinds[] = {
		"mutex free_mutex", "spinlock free_spin", "rwsem for writing free_sem",
		"rwlock for writing free_rw", "rwsem for reading free_sem",
		"rwlock for reading free_rw", "rwsem for writing free_sem",
	};
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(text, sizeof(text), "main releases %s, which nobody holds", kinds[i]);
		um_expect_splat(text);
		k_unlock_free(i);
		says_now(text, "k_unlock_free (tests/unit/lockdep_kern.c:");
	}
	um_expect_splat("rcu_read_unlock() without rcu_read_lock()");
	k_rcu_unlock_free();
	/* and all of them are as they were */
	k_take_all_free();
}

static void destroying_a_held_mutex_is_reported(void **state)
{
	um_expect_splat("mutex doomed is destroyed while main holds it");
	k_destroy_held_mutex();
}

static void callbacks_that_leave_a_lock_taken_are_reported(void **state)
{
	um_expect_splat("work function leaving_fn ends with left_mutex held, taken in leaving_fn (tests/unit/lockdep_kern.c:");
	um_expect_splat("work function leaving_fn ends in atomic context, count 1, since leaving_fn (tests/unit/lockdep_kern.c:");
	k_work_leaves_lock();
	um_expect_splat("timer function leaving_timer_fn ends with left_spin held, taken in leaving_timer_fn (tests/unit/lockdep_kern.c:");
	um_expect_splat("timer function leaving_timer_fn ends in atomic context, count 1");
	k_timer_leaves_lock();
}

/* A mutex is no atomic context: one splat, and not another for the timer's own. */
static void timer_that_leaves_a_mutex_taken_is_reported_once(void **state)
{
	um_expect_splat("timer function trying_timer_fn ends with tried_mutex held, taken in trying_timer_fn (tests/unit/lockdep_kern.c:");
	k_timer_leaves_mutex();
}

static void timer_that_enables_preemption_too_often_is_reported(void **state)
{
	um_expect_splat("timer function enabling_timer_fn ends in atomic context, count -1");
	k_timer_enables_too_often();
}

static void reader_that_leaves_the_kernel_holds_up_no_grace_period(void **state)
{
	um_expect_splat("returns to user space (test) in atomic context, count 2, since k_leave_as_reader (tests/unit/lockdep_kern.c:");
	k_leave_as_reader();
}

static void leaving_a_system_call_with_a_lock_is_reported(void **state)
{
	assert_int_equal(k_files_add(), 0);
	um_expect_splat("main returns to user space (um_write) with store_lock held, taken in leaves_store (tests/unit/lockdep_kern.c:");
	assert_int_equal(put(DIR "/leaves", "1"), 1);
	k_files_remove();
}

static void load(void)
{
	assert_int_equal(um_insmod("mdev", NULL), 0);
	assert_int_equal(um_insmod("mdev_test_control", NULL), 0);
	assert_int_equal(um_insmod("mdev_test_parent", NULL), 0);
}

static void unload(void)
{
	assert_int_equal(um_rmmod("mdev_test_parent"), 0);
	assert_int_equal(um_rmmod("mdev_test_control"), 0);
	assert_int_equal(um_rmmod("mdev"), 0);
}

static void classes_of_a_module_go_with_it(void **state)
{
	unsigned int before, with, after;
	unsigned long edges;
	int i;

	/* once, so that all of the shim's own classes are known */
	load();
	unload();
	k_lockdep_count(&before, &edges);
	for (i = 0; i < 3; i++) {
		load();
		k_lockdep_count(&with, &edges);
		unload();
	}
	k_lockdep_count(&after, &edges);
	assert_true(with > before);
	assert_int_equal(after, before);
}

/* ---- what ends the process ------------------------------------------------------ */

static void remove_itself(void)
{
	if (!k_files_add())
		put(DIR "/itself", "1");
}

static void two_reports(void)
{
	um_expect_splat("circular locking");
	k_a_then_b();
	k_b_then_a();
	k_same_class();
}

static const struct {
	const char *name;
	void (*fn)(void);
} children[] = {
	{ "spin", k_spin_recursive },
	{ "known", k_same_lock_where_another_was },
	{ "itself", remove_itself },
	{ "flush", k_flush_own_item },
	{ "json", two_reports },
	{ "classes", k_too_many_classes },
	{ "held", k_too_many_held },
};

static int child_main(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(children) / sizeof(children[0]); i++)
		if (!strcmp(name, children[i].name)) {
			um_console_level(7);
			children[i].fn();
			return 0;
		}
	return 127;
}

static void dies(const char *name, const char *const *texts)
{
	static char text[65536];
	int status = run_child(name, text, sizeof(text));

	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	report_says(text, texts);
}

static void spinlock_taken_twice_ends_at_once(void **state)
{
	dies("spin", (const char *const []){
		"possible recursive locking detected: spin is taken again by main, which holds it",
		"k_spin_recursive (tests/unit/lockdep_kern.c:", NULL });
}

static void lock_taken_twice_ends_where_two_of_its_class_may_be(void **state)
{
	dies("known", (const char *const []){
		"possible recursive locking detected: &t->lock/1 is taken again by main, which holds it",
		"k_same_lock_where_another_was (tests/unit/lockdep_kern.c:", NULL });
}

static void self_removal_in_a_store_ends_with_a_report(void **state)
{
	dies("itself", (const char *const []){
		"possible recursive locking detected: kn->active (itself) is taken again by main, which holds it",
		"is wanted at", "itself_store (tests/unit/lockdep_kern.c:",
		"is held since", "write_bytes (tests/unit/files.h:", "in um_write", NULL });
}

static void item_that_flushes_itself_is_reported_first(void **state)
{
	dies("flush", (const char *const []){
		"possible recursive locking detected: own is taken again by kworker",
		"own_fn (tests/unit/lockdep_kern.c:", "deadlock", NULL });
}

static void limits_are_told(void **state)
{
	dies("classes", (const char *const []){ "more than 2048 classes of locks; the next is many",
		"k_too_many_classes (tests/unit/lockdep_kern.c:", NULL });
	dies("held", (const char *const []){ "main holds 48 locks, more than can be followed",
		"k_too_many_held (tests/unit/lockdep_kern.c:", NULL });
}

static void report_file_that_cannot_be_opened_is_told_once(void **state)
{
	static const char want[] = "umdev: /nonexistent/report: No such file or directory\n";
	FILE *out = tmpfile();
	int err = dup(2), i;
	char text[512];

	setenv("UMDEV_REPORT", "/nonexistent/report", 1);
	dup2(fileno(out), 2);
	for (i = 0; i < 2; i++) {
		um_expect_splat("mutex doomed is destroyed");
		k_destroy_held_mutex();
	}
	dup2(err, 2);
	close(err);
	unsetenv("UMDEV_REPORT");
	rewind(out);
	text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
	fclose(out);
	assert_string_equal(text, want);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(crosswise_taking_is_reported_with_both_stacks),
		T(circle_of_three_is_told_link_by_link),
		T(long_circle_is_cut),
		T(reader_and_writer_crosswise_are_reported),
		T(recursive_readers_crosswise_are_no_fault),
		T(nested_reader_that_a_writer_can_stop_is_reported),
		T(trylock_makes_no_order),
		T(same_class_twice_is_reported),
		T(subclass_tells_two_of_a_class_apart),
		T(subclass_taken_twice_is_told_with_its_number),
		T(order_of_a_key_that_went_is_not_known_of_the_next),
		T(order_of_a_key_that_went_is_no_order),
		T(order_that_only_looked_the_same_is_seen),
		T(order_under_what_is_held_no_more_is_none),
		T(outer_lock_allows_several_of_a_class),
		T(no_validate_class_has_no_order),
		T(flush_under_the_items_lock_is_reported),
		T(flush_of_a_queue_under_an_items_lock_is_reported),
		T(wait_for_who_needs_the_lock_is_reported),
		T(waiting_for_what_one_completed_oneself_is_no_fault),
		T(lock_taken_before_such_a_wait_counts),
		T(deleting_a_timer_under_its_functions_lock_is_reported),
		T(wait_that_another_open_file_ends_is_no_fault),
		T(freeing_a_held_lock_is_reported),
		T(removing_a_file_under_its_callbacks_lock_is_reported),
		T(unregistering_a_parent_under_removes_lock_is_reported),
		T(sleeping_under_a_spinlock_is_reported_with_both_places),
		T(unlocking_what_another_took_is_reported_with_both_places),
		T(unlocking_what_nobody_took_is_reported),
		T(destroying_a_held_mutex_is_reported),
		T(callbacks_that_leave_a_lock_taken_are_reported),
		T(timer_that_leaves_a_mutex_taken_is_reported_once),
		T(timer_that_enables_preemption_too_often_is_reported),
		T(reader_that_leaves_the_kernel_holds_up_no_grace_period),
		T(leaving_a_system_call_with_a_lock_is_reported),
		T(classes_of_a_module_go_with_it),
		T(spinlock_taken_twice_ends_at_once),
		T(lock_taken_twice_ends_where_two_of_its_class_may_be),
		T(self_removal_in_a_store_ends_with_a_report),
		T(item_that_flushes_itself_is_reported_first),
		T(limits_are_told),
		T(report_file_that_cannot_be_opened_is_told_once),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("lockdep", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
