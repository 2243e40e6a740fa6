// SPDX-License-Identifier: GPL-2.0-only
/*
 * kobjects, uevents, sysfs, refcounts and klists: what no program sees on a real
 * kernel (misuse, other kernels' kinds of files, what a directory costs, faults).
 * All else is in tests/contract/. The kernel side is kobject_kern.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"
#include "kobject.h"

#define PAGE 4096

static char *user_buf;

static int setup(void **state)
{
	if (um_boot(NULL))
		return -1;
	user_buf = um_user_alloc(2 * PAGE);
	return user_buf ? 0 : -1;
}

static int teardown(void **state)
{
	um_user_free(user_buf);
	return um_shutdown();
}

static int check(void **state)
{
	return um_audit(NULL, NULL) + um_check_splats();
}

static char *text(void)
{
	return um_user_ptr(user_buf);
}

static long get_whole(const char *path)
{
	long ret;
	int fd;

	fd = um_open(path, O_RDONLY);
	if (fd < 0)
		return fd;
	memset(text(), 0, 2 * PAGE);
	ret = um_read(fd, user_buf, 2 * PAGE);
	um_close(fd);
	return ret;
}

/* ---- objects ------------------------------------------------------------------- */

static void object_without_release_is_a_debug_message(void **state)
{
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(kt_without_release(), 0);
	assert_false(said_since(seq, "does not have a release() function"));
	um_debug("kobject.c");
	assert_int_equal(kt_without_release(), 0);
	um_debug(NULL);
	assert_true(said_since(seq, "does not have a release() function"));
	assert_false(exists("/sys/immortal"));
}

static void object_without_a_type_is_refused_aloud(void **state)
{
	uint64_t seq = um_kmsg_seq();

	kt_misuse("init without type");
	assert_true(said_since(seq, "must have a ktype to be initialized properly!"));
	kt_misuse("init nothing");
	assert_true(said_since(seq, "invalid kobject pointer!"));
	seq = um_kmsg_seq();
	assert_int_equal(kt_misuse("set without type"), -EINVAL);
	assert_true(said_since(seq, "must have a ktype to be initialized properly!"));
}

/* Linux only prints it, and the name of the first is lost. */
static void second_init_is_said_aloud(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("active: initialised again: a kobject '(no name yet)', which is alive");
	kt_misuse("init twice");
	assert_true(said_since(seq, "tried to init an initialized object, something is seriously wrong."));
}

static void object_without_a_parent_is_not_renamed(void **state)
{
	assert_int_equal(kt_misuse("rename an orphan"), -EINVAL);
}

static void object_without_references_gives_none(void **state)
{
	assert_int_equal(kt_misuse("get the dead"), 0);
}

static void object_moved_to_nowhere_goes_to_its_set(void **state)
{
	struct kt_set *s = kt_set_new("set", 0);
	struct kt_object *a = kt_new("a", NULL), *o = kt_new_in(s, "o");

	assert_int_equal(kt_move(o, a), 0);
	assert_true(exists("/sys/a/o/value"));
	assert_int_equal(kt_move(o, NULL), 0);
	assert_true(exists("/sys/set/o/value"));
	assert_false(exists("/sys/a/o"));
	kt_put(o);
	kt_put(a);
	kt_set_free(s);
}

static void renamed_and_moved_object_keeps_its_files(void **state)
{
	struct kt_object *a = kt_new("a", NULL), *b = kt_new("b", NULL);
	struct kt_object *o = kt_new("o", a), *taken = kt_new("taken", b);

	assert_int_equal(kt_rename(o, "p"), 0);
	assert_false(exists("/sys/a/o"));
	assert_true(put("/sys/a/p/value", "v") == 1);
	assert_int_equal(kt_move(o, b), 0);
	assert_int_equal(get_whole("/sys/b/p/value"), 1);
	assert_int_equal(kt_rename(o, "taken"), -EEXIST);
	kt_put(a);
	assert_false(exists("/sys/a"));
	kt_put(o);
	kt_put(taken);
	kt_put(b);
}

/* ---- files ------------------------------------------------------------------------ */

static void preallocated_file_calls_show_for_each_piece(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int fd;

	assert_int_equal(put("/sys/kt/prealloc", "abcdef"), 6);
	fd = um_open("/sys/kt/prealloc", O_RDONLY);
	assert_int_equal(um_read(fd, user_buf, 2), 2);
	put("/sys/kt/value", "uvwxyz");
	assert_int_equal(um_read(fd, user_buf, 100), 4);
	assert_memory_equal(text(), "wxyz", 4);
	assert_int_equal(um_read(fd, user_buf, 100), 0);
	um_close(fd);
	kt_put(o);
}

static void duplicate_file_is_refused_aloud(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(kt_create_file(o, "extra"), 0);
	assert_true(exists("/sys/kt/extra"));
	assert_int_equal(kt_create_file(o, "value"), -EEXIST);
	assert_true(said_since(seq, "cannot create duplicate filename '/kt/value'"));
	kt_remove_file(o, "extra");
	kt_remove_file(o, "extra");
	assert_false(exists("/sys/kt/extra"));
	kt_put(o);
}

/* ---- removal -------------------------------------------------------------------------------- */

static void callback_without_protection_may_be_removed(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(put("/sys/kt/broken", "x"), 1);
	assert_false(exists("/sys/kt/broken"));
	kt_put(o);
}

struct walk {
	struct kt_crowd *crowd;
	unsigned char *seen;
	int n, odd, strangers;
};

static int visit(const char *name, void *arg)
{
	struct walk *w = arg;
	int i;

	if (sscanf(name, "member-%d", &i) != 1) {
		w->strangers++;
		return 0;
	}
	w->seen[i]++;
	/* each visit removes another member, before or behind */
	if (w->odd < w->n) {
		kt_crowd_remove(w->crowd, w->odd);
		w->odd += 2;
	}
	return 0;
}

static void directory_is_read_while_entries_go(void **state)
{
	struct walk w = { .n = 1000, .odd = 1 };
	int i;

	w.crowd = kt_crowd_new("crowd", w.n);
	w.seen = calloc(w.n, 1);
	assert_int_equal(um_readdir("/sys/crowd", visit, &w), 0);
	for (i = 0; i < w.n; i += 2)
		assert_int_equal(w.seen[i], 1);
	for (i = 1; i < w.n; i += 2)
		assert_true(w.seen[i] <= 1);
	assert_int_equal(w.strangers, 0);
	kt_crowd_free(w.crowd);
	free(w.seen);
}

static void add_passed(double *passed, int n, const char *what)
{
	double each = kt_passed() / (double)n;

	print_message("passed while %s of %d: %.2f each\n", what, n, each);
	*passed += each;
}

static double crowd_passed(int n)
{
	struct kt_crowd *c;
	double passed = 0;
	char path[64];
	int i;

	kt_passed();
	c = kt_crowd_new("crowd", n);
	add_passed(&passed, n, "made");
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/sys/crowd/member-%d", i);
		assert_true(exists(path));
	}
	add_passed(&passed, n, "found");
	kt_crowd_free(c);
	add_passed(&passed, n, "removed");
	return passed;
}

static void cost_does_not_grow_with_the_directory(void **state)
{
	double few = crowd_passed(500), many = crowd_passed(8000);

	assert_true(few > 0 && many < 2 * few);
}

/* ---- events --------------------------------------------------------------------------------- */

static char event[4096];

static const char *next_event(struct um_uevents *u)
{
	ssize_t len = um_uevents_read(u, event, sizeof(event));
	ssize_t i;

	assert_true(len >= 0);
	if (!len)
		return NULL;
	for (i = 0; i < len - 1; i++)
		if (!event[i])
			event[i] = ' ';
	/* the number differs from run to run */
	if (strstr(event, " SEQNUM="))
		*strstr(event, " SEQNUM=") = '\0';
	return event;
}

static void events_carry_their_variables(void **state)
{
	struct kt_set *s = kt_set_new("set", 0);
	struct kt_object *o = kt_new_in(s, "o");
	struct um_uevents *u = um_uevents_open();
	int hooked = kt_hooked();

	assert_true(kt_find(s, "o"));
	assert_false(kt_find(s, "p"));
	assert_int_equal(kt_uevent(o, "add"), 0);
	assert_string_equal(next_event(u),
			    "add@/set/o ACTION=add DEVPATH=/set/o SUBSYSTEM=set EXTRA=yes MODALIAS=kt:o AFTER=1");
	assert_int_equal(kt_hooked(), hooked + 1);
	assert_int_equal(kt_uevent(o, "unbind"), 0);
	assert_string_equal(next_event(u),
			    "unbind@/set/o ACTION=unbind DEVPATH=/set/o SUBSYSTEM=set EXTRA=yes AFTER=1");
	assert_null(next_event(u));
	/* add was sent: remove comes by itself */
	kt_put(o);
	assert_string_equal(next_event(u),
			    "remove@/set/o ACTION=remove DEVPATH=/set/o SUBSYSTEM=set MODALIAS=kt:o AFTER=1");
	um_uevents_close(u);
	kt_set_free(s);
}

static void filtered_and_homeless_objects_send_nothing(void **state)
{
	struct kt_set *s = kt_set_new("set", 1);
	struct kt_object *o = kt_new_in(s, "o"), *homeless = kt_new("homeless", NULL);
	struct um_uevents *u = um_uevents_open();

	assert_int_equal(kt_uevent(o, "change"), 0);
	assert_int_equal(kt_uevent(homeless, "change"), -EINVAL);
	assert_null(next_event(u));
	um_uevents_close(u);
	kt_put(o);
	kt_put(homeless);
	kt_set_free(s);
}

static void full_environment_is_a_splat(void **state)
{
	um_expect_splat("add_uevent_var: buffer size too small");
	assert_int_equal(kt_var_overflow(), -ENOMEM);
}

static void event_with_too_many_variables_is_not_sent(void **state)
{
	struct kt_set *s = kt_set_new("set", 0);
	struct kt_object *o = kt_new_in(s, "o");
	struct um_uevents *u = um_uevents_open();
	char buf[256];

	um_expect_splat("add_uevent_var: too many keys");
	assert_int_equal(kt_uevent_full(o), -ENOMEM);
	assert_int_equal(um_uevents_read(u, buf, sizeof(buf)), 0);
	um_uevents_close(u);
	kt_put(o);
	kt_set_free(s);
}

/* ---- refcounts, klists -------------------------------------------------------------------------- */

static void misused_refcounts_saturate(void **state)
{
	const int saturated = INT32_MIN / 2;

	um_expect_splat("refcount_t: addition on 0; use-after-free.");
	assert_int_equal(kt_refcount(0, "inc"), saturated);
	um_expect_splat("refcount_t: underflow; use-after-free.");
	assert_int_equal(kt_refcount(0, "dec_and_test"), saturated);
	um_expect_splat("refcount_t: saturated; leaking memory.");
	assert_int_equal(kt_refcount(INT32_MAX, "inc"), saturated);
	um_expect_splat("refcount_t: saturated; leaking memory.");
	assert_int_equal(kt_refcount(INT32_MAX, "add_not_zero"), saturated);
	um_expect_splat("refcount_t: underflow; use-after-free.");
	assert_int_equal(kt_refcount(0, "dec_not_one"), 1);
	um_expect_splat("refcount_t: decrement hit 0; leaking memory.");
	assert_int_equal(kt_refcount(1, "dec"), saturated);
	assert_int_equal(um_check_splats(), 0);
}

static void used_well_refcounts_are_quiet(void **state)
{
	assert_int_equal(kt_refcount(1, "inc"), 2);
	assert_int_equal(kt_refcount(0, "inc_not_zero"), 0);
	assert_int_equal(kt_refcount(1, "dec_and_test"), 1000);
	assert_int_equal(kt_refcount(2, "dec_and_test"), 1);
	assert_int_equal(kt_refcount(1, "dec_not_one"), 0);
	assert_int_equal(kt_refcount(2, "dec_not_one"), 1);
	assert_int_equal(kt_refcount(1, "dec_if_one"), 1);
	assert_int_equal(kt_refcount(2, "dec_if_one"), 0);
}

static void klist_nodes_may_go_under_an_iterator(void **state)
{
	assert_int_equal(kt_klist_walk(), 0);
	assert_int_equal(kt_klist_skip(), 0);
}

static void klist_remove_waits_for_the_iterator(void **state)
{
	struct um_task *task;

	assert_true(kt_klist_hold());
	task = um_task_start("remove", kt_klist_remove_waits, NULL);
	assert_true(um_task_wait_blocked(task));
	kt_klist_let_go();
	assert_int_equal(um_task_join(task), 0);
}

/* ---- faults -------------------------------------------------------------------------------------- */

static void every_failure_is_undone(void **state)
{
	unsigned int n;
	int err;

	for (n = 1; ; n++) {
		um_fail_nth(n);
		err = kt_sweep_step();
		if (um_fail_nth(0)) {
			assert_int_equal(err, 0);
			break;
		}
		if (err != -ENOMEM && err != 0)
			fail_msg("fault %u gives %d", n, err);
		assert_false(exists("/sys/sweep"));
		assert_int_equal(um_audit(NULL, NULL), 0);
	}
	assert_true(n > 20);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, check)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(object_without_release_is_a_debug_message),
		TEST(object_without_a_type_is_refused_aloud),
		TEST(second_init_is_said_aloud),
		TEST(object_without_a_parent_is_not_renamed),
		TEST(object_without_references_gives_none),
		TEST(object_moved_to_nowhere_goes_to_its_set),
		TEST(renamed_and_moved_object_keeps_its_files),
		TEST(preallocated_file_calls_show_for_each_piece),
		TEST(duplicate_file_is_refused_aloud),
		TEST(callback_without_protection_may_be_removed),
		TEST(directory_is_read_while_entries_go),
		TEST(cost_does_not_grow_with_the_directory),
		TEST(events_carry_their_variables),
		TEST(filtered_and_homeless_objects_send_nothing),
		TEST(full_environment_is_a_splat),
		TEST(event_with_too_many_variables_is_not_sent),
		TEST(misused_refcounts_saturate),
		TEST(used_well_refcounts_are_quiet),
		TEST(klist_nodes_may_go_under_an_iterator),
		TEST(klist_remove_waits_for_the_iterator),
		TEST(every_failure_is_undone),
	};

	return cmocka_run_group_tests_name("kobject", tests, setup, teardown);
}
