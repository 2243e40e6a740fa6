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
#include "lockdep.h"
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

/* Kernel messages of this test, as one text. */
static const char *messages(void)
{
	static char text[65536];
	size_t used = 0;
	ssize_t n;
	int level;

	while ((n = um_kmsg_read(&seq, &level, text + used, sizeof(text) - used - 2)) > 0) {
		used += n;
		text[used++] = '\n';
	}
	text[used] = '\0';
	return text;
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
#define report_says(...) says(messages(), (const char *const []){ __VA_ARGS__, NULL })

static void crosswise_taking_is_reported_with_both_stacks(void **state)
{
	k_a_then_b();
	um_expect_splat("possible circular locking dependency detected: main wants lock_a and holds lock_b");
	k_b_then_a();
	report_says("the order now: lock_b, then lock_a",
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
	report_says("first, then second", "second, then third",
		    "the circle: third -> first -> second -> third");
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

static void trylock_makes_no_order(void **state)
{
	k_trylock_crosswise();
}

static void same_class_twice_is_reported(void **state)
{
	um_expect_splat("possible recursive locking detected: &t->lock is taken again by main, which holds another of that class");
	k_same_class();
	report_says("is wanted at", "k_same_class (tests/unit/lockdep_kern.c:",
		    "is held since", "k_same_class (tests/unit/lockdep_kern.c:");
}

static void subclass_tells_two_of_a_class_apart(void **state)
{
	k_same_class_subclassed();
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
	report_says("the order before, in kworker", "item, then item_lock",
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
	report_says("done, then waiters_lock", "k_complete_under_waiters_lock");
}

static void freeing_a_held_lock_is_reported(void **state)
{
	um_expect_splat("held lock freed: &t->lock, taken in k_free_held_lock");
	k_free_held_lock();
}

static long put_text(const char *path, const char *text)
{
	size_t len = strlen(text);
	void *user = um_user_alloc(len);
	int fd = um_open(path, O_WRONLY);
	long ret = fd;

	memcpy(um_user_ptr(user), text, len);
	if (fd >= 0) {
		ret = um_write(fd, user, len);
		um_close(fd);
	}
	um_user_free(user);
	return ret;
}

static long put(const char *path)
{
	return put_text(path, "1");
}

static void removing_a_file_under_its_callbacks_lock_is_reported(void **state)
{
	assert_int_equal(k_files_add(), 0);
	assert_int_equal(put(DIR "/locks"), 1);
	um_expect_splat("main wants kn->active (locks) and holds store_lock");
	k_remove_under_callbacks_lock();
	report_says("kn->active (locks), then store_lock", "locks_store (tests/unit/lockdep_kern.c:");
	k_files_remove();
}

/* The vendor's mistake, seen although no mdev is there when it is made. */
static void unregistering_a_parent_under_removes_lock_is_reported(void **state)
{
	static const char uuid[] = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";

	assert_int_equal(um_insmod("mdev", NULL), 0);
	assert_int_equal(um_insmod("mdev_locked", NULL), 0);
	assert_int_equal(put_text(LOCKED "/mdev_supported_types/mdev_locked-1/create", uuid), 36);
	assert_int_equal(put(LOCKED "/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001/remove"), 1);
	um_expect_splat("possible circular locking dependency detected: main wants &parent->unreg_sem and holds vendor_lock");
	assert_int_equal(put("/sys/module/mdev_locked/parameters/unregister"), 1);
	report_says("vendor_lock is held since", "unregister_set (tests/modules/mdev_locked.c:",
		    "the order before", "&parent->unreg_sem, then vendor_lock",
		    "locked_remove (tests/modules/mdev_locked.c:");
	assert_int_equal(um_rmmod("mdev_locked"), 0);
	assert_int_equal(um_rmmod("mdev"), 0);
}

static void leaving_a_system_call_with_a_lock_is_reported(void **state)
{
	assert_int_equal(k_files_add(), 0);
	um_expect_splat("main returns to user space (um_write) with store_lock held, taken in leaves_store (tests/unit/lockdep_kern.c:");
	assert_int_equal(put(DIR "/leaves"), 1);
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
		put(DIR "/itself");
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
	{ "itself", remove_itself },
	{ "flush", k_flush_own_item },
	{ "json", two_reports },
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
	says(text, texts);
}

static void spinlock_taken_twice_ends_at_once(void **state)
{
	dies("spin", (const char *const []){
		"possible recursive locking detected: spin is taken again by main, which holds it",
		"k_spin_recursive (tests/unit/lockdep_kern.c:", NULL });
}

static void self_removal_in_a_store_ends_with_a_report(void **state)
{
	dies("itself", (const char *const []){
		"possible recursive locking detected: kn->active (itself) is taken again by main, which holds it",
		"is wanted at", "itself_store (", "is held since", "kernfs_fop_write (", NULL });
}

static void item_that_flushes_itself_is_reported_first(void **state)
{
	dies("flush", (const char *const []){
		"possible recursive locking detected: own is taken again by kworker",
		"own_fn (tests/unit/lockdep_kern.c:", "deadlock", NULL });
}

static void reports_have_a_json_form(void **state)
{
	static char out[65536], text[65536];
	char path[] = "/tmp/umdev-report-XXXXXX";
	int fd = mkstemp(path);
	ssize_t n;

	assert_true(fd >= 0);
	setenv("UMDEV_REPORT", path, 1);
	assert_int_equal(run_child("json", out, sizeof(out)), 0);
	unsetenv("UMDEV_REPORT");
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	unlink(path);
	assert_true(n > 0);
	text[n] = '\0';
	says(text, (const char *const []){
		"{\"report\": \"splat\", \"text\": \"lock: possible circular locking",
		"\"details\": \"the order now: lock_b, then lock_a\\n",
		"\"expected\": true", "\"task\": \"main\"", "\"stack\": [\"",
		"k_b_then_a (tests/unit/lockdep_kern.c:", "]}\n",
		"{\"report\": \"splat\", \"text\": \"lock: possible recursive locking",
		"\"expected\": false", "k_same_class (tests/unit/lockdep_kern.c:", "]}\n",
		NULL });
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(crosswise_taking_is_reported_with_both_stacks),
		T(circle_of_three_is_told_link_by_link),
		T(reader_and_writer_crosswise_are_reported),
		T(recursive_readers_crosswise_are_no_fault),
		T(trylock_makes_no_order),
		T(same_class_twice_is_reported),
		T(subclass_tells_two_of_a_class_apart),
		T(outer_lock_allows_several_of_a_class),
		T(no_validate_class_has_no_order),
		T(flush_under_the_items_lock_is_reported),
		T(flush_of_a_queue_under_an_items_lock_is_reported),
		T(wait_for_who_needs_the_lock_is_reported),
		T(freeing_a_held_lock_is_reported),
		T(removing_a_file_under_its_callbacks_lock_is_reported),
		T(unregistering_a_parent_under_removes_lock_is_reported),
		T(leaving_a_system_call_with_a_lock_is_reported),
		T(classes_of_a_module_go_with_it),
		T(spinlock_taken_twice_ends_at_once),
		T(self_removal_in_a_store_ends_with_a_report),
		T(item_that_flushes_itself_is_reported_first),
		T(reports_have_a_json_form),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("lockdep", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
