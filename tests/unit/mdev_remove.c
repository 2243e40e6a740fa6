// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two writers inside the store of an mdev's file "remove", by force: both have
 * found the mdev active before either can take the file away. Free runs
 * (tests/contract/mdev_remove.c) hardly ever get there.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"
#include "mdev_remove.h"

#define DIR_TEST	"/sys/devices/virtual/mdev_test"
#define CONTROL		DIR_TEST "/control"
#define PARENT		DIR_TEST "/parent0"
#define CREATE		PARENT "/mdev_supported_types/mdev_test-1/create"
#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MDEV		PARENT "/" UUID

static long write_one(void *fd)
{
	return write_bytes(*(int *)fd, "1", 1);
}

/* Two tasks that wait inside the store, and whose results are due. */
struct writers {
	int fd[2];
	struct um_task *task[2];
};

static void start_inside_the_store(struct writers *w)
{
	int i;

	assert_int_equal(put(CREATE, UUID), strlen(UUID));
	for (i = 0; i < 2; i++) {
		w->fd[i] = um_open(MDEV "/remove", O_WRONLY);
		assert_true(w->fd[i] >= 0);
	}
	k_hold_sysfs();
	for (i = 0; i < 2; i++)
		w->task[i] = um_task_start("writer", write_one, &w->fd[i]);
	for (i = 0; i < 2; i++)
		assert_true(um_task_wait_blocked(w->task[i]));
	k_release_sysfs();
}

static void both_succeed(struct writers *w)
{
	int i;

	for (i = 0; i < 2; i++)
		assert_int_equal(um_task_join(w->task[i]), 1);
	for (i = 0; i < 2; i++)
		um_close(w->fd[i]);
	assert_false(exists(MDEV));
}

static void one_of_two_removes_and_both_succeed(void **state)
{
	struct writers w;

	start_inside_the_store(&w);
	both_succeed(&w);
	/* the UUID is free: everything was given back, and once */
	assert_int_equal(put(CREATE, UUID), strlen(UUID));
	assert_int_equal(put(MDEV "/remove", "1"), 1);
}

static void loser_returns_when_the_winner_is_done(void **state)
{
	struct writers w;
	int i;

	assert_int_equal(put(CONTROL "/hold", "remove"), strlen("remove"));
	start_inside_the_store(&w);
	for (i = 0; i < 2; i++)
		assert_true(um_task_wait_blocked(w.task[i]));
	assert_int_equal(put(CONTROL "/release", "remove"), strlen("remove"));
	both_succeed(&w);
}

/* The loser holds the parent as well as the winner does. */
static void unregistering_waits_for_winner_and_loser(void **state)
{
	struct writers w;

	assert_int_equal(put(CONTROL "/hold", "remove"), strlen("remove"));
	start_inside_the_store(&w);
	assert_true(um_task_wait_blocked(w.task[0]));
	assert_int_equal(put(CREATE, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"), strlen(UUID));
	assert_int_equal(put(CONTROL "/release", "remove"), strlen("remove"));
	assert_int_equal(um_rmmod("mdev_test_parent"), 0);
	both_succeed(&w);
}

static int setup(void **state)
{
	um_check_splats();
	um_audit_mark();
	return um_insmod("mdev", NULL) || um_insmod("mdev_test_control", NULL) ||
	       um_insmod("mdev_test_parent", NULL);
}

static int teardown(void **state)
{
	um_rmmod("mdev_test_parent");
	um_rmmod("mdev_test_control");
	um_rmmod("mdev");
	return um_audit(NULL, NULL) + um_check_splats() ? -1 : 0;
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int shut_down(void **state)
{
	return um_shutdown();
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_of_two_removes_and_both_succeed),
		TEST(loser_returns_when_the_winner_is_done),
		TEST(unregistering_waits_for_winner_and_loser),
	};

	return cmocka_run_group_tests_name("mdev_remove", tests, boot, shut_down);
}
