// SPDX-License-Identifier: GPL-2.0-only
/*
 * kobjects, uevents, sysfs, refcounts and klists as their users see them:
 * the kernel side is kobject_kern.c, user space is here.
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

static long get_at(int fd, size_t count, int64_t pos)
{
	memset(text(), 0, 2 * PAGE);
	return um_pread(fd, user_buf, count, pos);
}

static long get(const char *path)
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

static long put_bytes(const char *path, const char *bytes, size_t count)
{
	void *buf = um_user_alloc(count ? count : 1);
	long ret;
	int fd;

	fd = um_open(path, O_WRONLY);
	ret = fd;
	if (fd >= 0) {
		memcpy(um_user_ptr(buf), bytes, count);
		ret = um_write(fd, buf, count);
		um_close(fd);
	}
	um_user_free(buf);
	return ret;
}

static long put(const char *path, const char *s)
{
	return put_bytes(path, s, strlen(s));
}

static bool exists(const char *path)
{
	struct um_stat st;

	return !um_stat(path, &st, false);
}

static uint32_t mode_of(const char *path)
{
	struct um_stat st;

	assert_int_equal(um_stat(path, &st, false), 0);
	return st.mode;
}

static bool said(uint64_t seq, const char *what)
{
	char line[1024];
	int level;

	while (um_kmsg_read(&seq, &level, line, sizeof(line)) > 0)
		if (strstr(line, what))
			return true;
	return false;
}

/* ---- objects ------------------------------------------------------------------- */

static void object_is_a_directory_while_it_lives(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int before = kt_released();

	assert_non_null(o);
	assert_int_equal(mode_of("/sys/kt"), S_IFDIR | 0755);
	assert_int_equal(mode_of("/sys/kt/value"), S_IFREG | 0644);
	kt_put(o);
	assert_false(exists("/sys/kt"));
	assert_int_equal(kt_released(), before + 1);
}

static void deleted_object_lives_until_the_last_put(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int before = kt_released();

	kt_get(o);
	kt_del(o);
	assert_false(exists("/sys/kt"));
	kt_put(o);
	assert_int_equal(kt_released(), before);
	kt_put(o);
	assert_int_equal(kt_released(), before + 1);
}

static void child_pins_its_parent(void **state)
{
	struct kt_object *parent = kt_new("parent", NULL);
	struct kt_object *child = kt_new("child", parent);
	int before = kt_released();

	kt_put(parent);
	assert_int_equal(kt_released(), before);
	assert_true(exists("/sys/parent/child/value"));
	kt_put(child);
	assert_int_equal(kt_released(), before + 2);
	assert_false(exists("/sys/parent"));
}

static void second_name_is_refused_aloud(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	uint64_t seq = um_kmsg_seq();
	int before = kt_released();

	assert_int_equal(kt_add_error("kt", NULL), -EEXIST);
	assert_int_equal(kt_released(), before + 1);
	assert_true(said(seq, "sysfs: cannot create duplicate filename '//kt'"));
	assert_true(said(seq, "kobject_add_internal failed for kt with -EEXIST"));
	assert_true(exists("/sys/kt/value"));
	kt_put(o);
}

static void object_without_release_is_a_debug_message(void **state)
{
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(kt_without_release(), 0);
	assert_false(said(seq, "does not have a release() function"));
	um_debug("kobject.c");
	assert_int_equal(kt_without_release(), 0);
	um_debug(NULL);
	assert_true(said(seq, "does not have a release() function"));
	assert_false(exists("/sys/immortal"));
}

static void slashes_in_names_become_exclamation_marks(void **state)
{
	struct kt_object *o = kt_new("a/b", NULL);

	assert_true(exists("/sys/a!b/value"));
	kt_put(o);
}

static void empty_name_is_a_splat(void **state)
{
	um_expect_splat("attempted to be registered with empty name");
	assert_int_equal(kt_add_error("", NULL), -EINVAL);
}

static void object_without_a_type_is_refused_aloud(void **state)
{
	uint64_t seq = um_kmsg_seq();

	kt_misuse("init without type");
	assert_true(said(seq, "must have a ktype to be initialized properly!"));
	kt_misuse("init nothing");
	assert_true(said(seq, "invalid kobject pointer!"));
	seq = um_kmsg_seq();
	assert_int_equal(kt_misuse("set without type"), -EINVAL);
	assert_true(said(seq, "must have a ktype to be initialized properly!"));
}

/* Linux only prints it, and the name of the first is lost. */
static void second_init_is_said_aloud(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("active: initialised again: a kobject '(no name yet)', which is alive");
	kt_misuse("init twice");
	assert_true(said(seq, "tried to init an initialized object, something is seriously wrong."));
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
	assert_int_equal(get("/sys/b/p/value"), 1);
	assert_int_equal(kt_rename(o, "taken"), -EEXIST);
	kt_put(a);
	assert_false(exists("/sys/a"));
	kt_put(o);
	kt_put(taken);
	kt_put(b);
}

/* ---- files ------------------------------------------------------------------------ */

static void show_and_store(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(put("/sys/kt/value", "hello\n"), 6);
	assert_int_equal(get("/sys/kt/value"), 6);
	assert_string_equal(text(), "hello\n");
	kt_put(o);
}

static void what_a_file_cannot_do_root_cannot_open(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(um_open("/sys/kt/wo", O_RDONLY), -EACCES);
	assert_int_equal(um_open("/sys/kt/wo", O_RDWR), -EACCES);
	assert_int_equal(um_open("/sys/kt/long", O_WRONLY), -EACCES);
	assert_int_equal(um_open("/sys/kt/nothing", O_RDONLY), -ENOENT);
	kt_put(o);
}

static void attribute_without_callbacks_gives_eio(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(get("/sys/kt/mute"), -EIO);
	assert_int_equal(put("/sys/kt/mute", "x"), -EIO);
	kt_put(o);
}

static void text_is_fetched_once_and_read_in_pieces(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int fd;

	put("/sys/kt/value", "abcdef");
	fd = um_open("/sys/kt/value", O_RDONLY);
	assert_int_equal(um_read(fd, user_buf, 2), 2);
	put("/sys/kt/value", "uvwxyz");
	assert_int_equal(um_read(fd, user_buf, 2), 2);
	assert_memory_equal(text(), "cd", 2);
	assert_int_equal(um_read(fd, user_buf, 100), 2);
	assert_int_equal(um_read(fd, user_buf, 100), 0);
	/* from the start: fetched anew */
	assert_int_equal(um_lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(um_read(fd, user_buf, 100), 6);
	assert_memory_equal(text(), "uvwxyz", 6);
	um_close(fd);
	kt_put(o);
}

static void reads_at_odd_places(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int fd;

	put("/sys/kt/value", "abcdef");
	fd = um_open("/sys/kt/value", O_RDONLY);
	assert_int_equal(get_at(fd, 100, 4), 2);
	assert_string_equal(text(), "ef");
	assert_int_equal(get_at(fd, 1, 1), 1);
	assert_string_equal(text(), "b");
	assert_int_equal(get_at(fd, 100, 6), 0);
	assert_int_equal(get_at(fd, 100, 5000), 0);
	assert_int_equal(get_at(fd, 0, 0), 0);
	um_close(fd);
	kt_put(o);
}

static void too_long_a_text_is_cut_with_a_message(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(get("/sys/kt/long"), PAGE - 1);
	assert_true(said(seq, "fill_read_buffer: "));
	assert_true(said(seq, "returned bad count"));
	kt_put(o);
}

static void write_is_cut_at_a_page(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	char big[PAGE + 10];

	memset(big, 'y', sizeof(big));
	assert_int_equal(put_bytes("/sys/kt/value", big, sizeof(big)), PAGE);
	assert_int_equal(kt_last_count(o), PAGE);
	kt_put(o);
}

static void empty_write_does_not_reach_store(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(put("/sys/kt/value", ""), 0);
	assert_int_equal(kt_stores(o), 0);
	kt_put(o);
}

static void binary_file_has_bounds(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	struct um_stat st;
	int fd;

	assert_int_equal(um_stat("/sys/kt/bin", &st, true), 0);
	assert_int_equal(st.size, 16);
	fd = um_open("/sys/kt/bin", O_RDWR);
	memcpy(text(), "0123456789abcdefXX", 18);
	assert_int_equal(um_pwrite(fd, user_buf, 18, 0), 16);
	assert_int_equal(um_pwrite(fd, user_buf, 1, 16), -EFBIG);
	assert_int_equal(get_at(fd, 100, 10), 6);
	assert_string_equal(text(), "abcdef");
	assert_int_equal(get_at(fd, 100, 16), 0);
	assert_int_equal(um_lseek(fd, -2, SEEK_END), 14);
	um_close(fd);
	kt_put(o);
}

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

static void notify_wakes_pollers_until_they_read(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int fd = um_open("/sys/kt/group/seen", O_RDONLY);

	assert_int_equal(um_read(fd, user_buf, 10), 0);
	assert_int_equal(um_poll(fd, POLLPRI, 0), 0);
	kt_notify(o, "group", "seen");
	assert_int_equal(um_poll(fd, POLLPRI, 0) & POLLPRI, POLLPRI);
	assert_int_equal(um_lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(um_read(fd, user_buf, 10), 0);
	assert_int_equal(um_poll(fd, POLLPRI, 0), 0);
	kt_put(o);
	assert_int_equal(um_poll(fd, POLLPRI, 0) & POLLPRI, POLLPRI);
	um_close(fd);
}

static void open_file_of_a_removed_object_gives_enodev(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int fd, half;

	put("/sys/kt/value", "abcdef");
	fd = um_open("/sys/kt/value", O_RDWR);
	half = um_open("/sys/kt/value", O_RDONLY);
	assert_int_equal(um_read(half, user_buf, 2), 2);
	kt_put(o);
	assert_int_equal(um_read(fd, user_buf, 10), -ENODEV);
	assert_int_equal(um_write(fd, user_buf, 1), -ENODEV);
	/* what was fetched before is still there, the end is not */
	assert_int_equal(um_read(half, user_buf, 10), 4);
	assert_int_equal(um_read(half, user_buf, 10), -ENODEV);
	um_close(fd);
	um_close(half);
}

static void duplicate_file_is_refused_aloud(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(kt_create_file(o, "extra"), 0);
	assert_true(exists("/sys/kt/extra"));
	assert_int_equal(kt_create_file(o, "value"), -EEXIST);
	assert_true(said(seq, "cannot create duplicate filename '/kt/value'"));
	kt_remove_file(o, "extra");
	kt_remove_file(o, "extra");
	assert_false(exists("/sys/kt/extra"));
	kt_put(o);
}

/* ---- groups and links ------------------------------------------------------------------ */

static void group_shows_what_is_visible(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(mode_of("/sys/kt/group"), S_IFDIR | 0755);
	assert_int_equal(mode_of("/sys/kt/group/seen"), S_IFREG | 0444);
	assert_int_equal(mode_of("/sys/kt/group/binseen"), S_IFREG | 0400);
	assert_false(exists("/sys/kt/group/unseen"));
	assert_int_equal(kt_update_group(o, 1), 0);
	assert_true(exists("/sys/kt/group/unseen"));
	assert_int_equal(kt_update_group(o, 0), 0);
	assert_false(exists("/sys/kt/group/unseen"));
	kt_put(o);
}

static void failing_group_takes_the_others_along(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(kt_bad_groups(o), -EEXIST);
	assert_false(exists("/sys/kt/one"));
	assert_false(exists("/sys/kt/fresh"));
	assert_true(exists("/sys/kt/value"));
	kt_put(o);
}

static void links_are_relative(void **state)
{
	struct kt_object *a = kt_new("a", NULL), *b = kt_new("b", a);
	struct kt_object *c = kt_new("c", NULL);
	char path[256];
	ssize_t len;

	assert_int_equal(kt_create_link(c, b, "down"), 0);
	len = um_readlink("/sys/c/down", path, sizeof(path));
	assert_int_equal(len, 6);
	assert_memory_equal(path, "../a/b", 6);
	assert_int_equal(kt_create_link(b, a, "up"), 0);
	len = um_readlink("/sys/a/b/up", path, sizeof(path));
	assert_int_equal(len, 7);
	assert_memory_equal(path, "../../a", 7);
	assert_int_equal(kt_create_link(a, b, "inside"), 0);
	len = um_readlink("/sys/a/inside", path, sizeof(path));
	assert_int_equal(len, 1);
	assert_memory_equal(path, "b", 1);

	assert_int_equal(put("/sys/c/down/up/inside/value", "x"), 1);
	assert_int_equal(kt_create_link(c, b, "down"), -EEXIST);
	kt_remove_link(c, "down");
	assert_false(exists("/sys/c/down"));
	kt_put(b);
	kt_put(a);
	kt_put(c);
}

/* ---- removal and callbacks ---------------------------------------------------------------- */

static long read_slow(void *arg)
{
	void *buf = um_user_alloc(64);
	int fd = um_open("/sys/kt/slow", O_RDONLY);
	long ret = um_read(fd, buf, 64);

	um_close(fd);
	um_user_free(buf);
	return ret;
}

static long del_object(void *arg)
{
	kt_del(arg);
	return 0;
}

static void removal_waits_for_a_running_show(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	struct um_task *reader, *remover;

	kt_close_gate();
	reader = um_task_start("reader", read_slow, NULL);
	assert_true(um_task_wait_blocked(reader));
	remover = um_task_start("remover", del_object, o);
	assert_true(um_task_wait_blocked(remover));
	assert_false(exists("/sys/kt/slow"));
	assert_int_equal(um_open("/sys/kt/value", O_RDONLY), -ENOENT);
	kt_open_gate();
	assert_int_equal(um_task_join(reader), 5);
	assert_int_equal(um_task_join(remover), 0);
	kt_put(o);
}

static void callback_without_protection_may_be_removed(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);

	assert_int_equal(put("/sys/kt/broken", "x"), 1);
	assert_false(exists("/sys/kt/broken"));
	kt_put(o);
}

static long write_suicide(void *arg)
{
	return put("/sys/kt/suicide", arg);
}

static void file_removes_itself(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	int wins = kt_won();

	assert_int_equal(put("/sys/kt/suicide", "now"), 3);
	assert_int_equal(kt_won(), wins + 1);
	assert_false(exists("/sys/kt/suicide"));
	assert_int_equal(put("/sys/kt/suicide", "now"), -ENOENT);
	kt_put(o);
}

static void of_two_self_removals_one_wins_and_the_other_waits_for_its_end(void **state)
{
	struct kt_object *o = kt_new("kt", NULL);
	struct um_task *first, *second;
	int wins = kt_won(), losses = kt_lost();

	kt_close_gate();
	kt_close_winner_gate();
	second = um_task_start("late", write_suicide, "late");
	assert_true(um_task_wait_blocked(second));
	first = um_task_start("slow", write_suicide, "slow");
	/* it drains the other callback before it has removed anything */
	assert_true(um_task_wait_blocked(first));
	kt_open_gate();
	while (kt_won() == wins)
		assert_true(um_task_wait_blocked(first));
	assert_true(um_task_wait_blocked(second));
	assert_int_equal(kt_lost(), losses);
	kt_open_winner_gate();
	assert_int_equal(um_task_join(first), 4);
	assert_int_equal(um_task_join(second), 4);
	assert_int_equal(kt_won(), wins + 1);
	assert_int_equal(kt_lost(), losses + 1);
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

static void sent_events_are_counted(void **state)
{
	struct kt_set *s = kt_set_new("set", 0);
	struct kt_object *o = kt_new_in(s, "o");
	unsigned long before;

	assert_true(get("/sys/kernel/uevent_seqnum") > 0);
	before = strtoul(text(), NULL, 10);
	kt_uevent(o, "change");
	assert_true(get("/sys/kernel/uevent_seqnum") > 0);
	assert_int_equal(strtoul(text(), NULL, 10), before + 1);
	kt_put(o);
	kt_set_free(s);
}

static void no_remove_without_add_and_none_twice(void **state)
{
	struct kt_set *s = kt_set_new("set", 0);
	struct kt_object *quiet = kt_new_in(s, "quiet"), *o = kt_new_in(s, "o");
	struct um_uevents *u = um_uevents_open();

	kt_put(quiet);
	assert_null(next_event(u));
	kt_uevent(o, "add");
	kt_uevent(o, "remove");
	kt_put(o);
	assert_non_null(next_event(u));
	assert_non_null(next_event(u));
	assert_null(next_event(u));
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

static void synthetic_events(void **state)
{
	struct kt_set *s = kt_set_new("set", 0);
	struct kt_object *o = kt_new_in(s, "o");
	struct um_uevents *u = um_uevents_open();
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(kt_synth(o, "change\n"), 0);
	assert_string_equal(next_event(u),
			    "change@/set/o ACTION=change DEVPATH=/set/o SUBSYSTEM=set SYNTH_UUID=0 MODALIAS=kt:o AFTER=1");
	assert_int_equal(kt_synth(o, "add fe4d7c9d-b8c6-4a70-9ef1-3d8a58d18eed A=1 B=abc"), 0);
	assert_string_equal(next_event(u),
			    "add@/set/o ACTION=add DEVPATH=/set/o SUBSYSTEM=set SYNTH_UUID=fe4d7c9d-b8c6-4a70-9ef1-3d8a58d18eed SYNTH_ARG_A=1 SYNTH_ARG_B=abc MODALIAS=kt:o AFTER=1");
	assert_int_equal(kt_synth(o, "chang"), -EINVAL);
	assert_true(said(seq, "synth uevent: /set/o: unknown uevent action string"));
	assert_int_equal(kt_synth(o, ""), -EINVAL);
	assert_int_equal(kt_synth(o, "add "), -EINVAL);
	assert_true(said(seq, "synth uevent: /set/o: incorrect uevent action arguments"));
	seq = um_kmsg_seq();
	assert_int_equal(kt_synth(o, "add nonsense"), -EINVAL);
	assert_true(said(seq, "synth uevent: /set/o: incorrect uevent action arguments"));
	assert_int_equal(kt_synth(o, "add fe4d7c9d-b8c6-4a70-9ef1-3d8a58d18eed A="), -EINVAL);
	assert_int_equal(kt_synth(o, "add fe4d7c9d-b8c6-4a70-9ef1-3d8a58d18eed A"), -EINVAL);
	um_uevents_close(u);
	kt_put(o);
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
		TEST(object_is_a_directory_while_it_lives),
		TEST(deleted_object_lives_until_the_last_put),
		TEST(child_pins_its_parent),
		TEST(second_name_is_refused_aloud),
		TEST(object_without_release_is_a_debug_message),
		TEST(slashes_in_names_become_exclamation_marks),
		TEST(empty_name_is_a_splat),
		TEST(object_without_a_type_is_refused_aloud),
		TEST(second_init_is_said_aloud),
		TEST(object_without_a_parent_is_not_renamed),
		TEST(object_without_references_gives_none),
		TEST(object_moved_to_nowhere_goes_to_its_set),
		TEST(renamed_and_moved_object_keeps_its_files),
		TEST(show_and_store),
		TEST(what_a_file_cannot_do_root_cannot_open),
		TEST(attribute_without_callbacks_gives_eio),
		TEST(text_is_fetched_once_and_read_in_pieces),
		TEST(reads_at_odd_places),
		TEST(too_long_a_text_is_cut_with_a_message),
		TEST(write_is_cut_at_a_page),
		TEST(empty_write_does_not_reach_store),
		TEST(binary_file_has_bounds),
		TEST(preallocated_file_calls_show_for_each_piece),
		TEST(notify_wakes_pollers_until_they_read),
		TEST(open_file_of_a_removed_object_gives_enodev),
		TEST(duplicate_file_is_refused_aloud),
		TEST(group_shows_what_is_visible),
		TEST(failing_group_takes_the_others_along),
		TEST(links_are_relative),
		TEST(removal_waits_for_a_running_show),
		TEST(callback_without_protection_may_be_removed),
		TEST(file_removes_itself),
		TEST(of_two_self_removals_one_wins_and_the_other_waits_for_its_end),
		TEST(directory_is_read_while_entries_go),
		TEST(cost_does_not_grow_with_the_directory),
		TEST(events_carry_their_variables),
		TEST(sent_events_are_counted),
		TEST(no_remove_without_add_and_none_twice),
		TEST(filtered_and_homeless_objects_send_nothing),
		TEST(synthetic_events),
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
