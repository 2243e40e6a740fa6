// SPDX-License-Identifier: GPL-2.0-only
/*
 * um_snapshot() and um_restore(): whatever was done in between was not, and what
 * cannot be put back is known to be.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>
#include <umdev/explore.h>

#include "files.h"
#include "on_fibers.h"
#include "snapshot.h"

#define CREATE	"/sys/devices/virtual/mdev_test/parent0/mdev_supported_types/mdev_test-1/create"
#define UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define OTHER	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define BUS	"/sys/bus/mdev/devices/"
#define MANY	7

static int setup(void **state)
{
	int i;

	/* twice: threads that are made at the first need are there before anything is noted */
	for (i = 0; i < 2; i++) {
		if (um_modprobe("mdev_test_parent", NULL) || put(CREATE, UUID) != 36)
			return -1;
		if (!i && (put(BUS UUID "/remove", "1") != 1 || um_rmmod("mdev_test_parent")))
			return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	put(BUS UUID "/remove", "1");
	put(BUS OTHER "/remove", "1");
	um_rmmod("mdev_test_parent");
	return 0;
}

/* Where it cannot be had, that is said. */
static void note(void)
{
	int err = um_snapshot();

	if (err == -EOPNOTSUPP) {
		print_message("SKIP: snapshots are of builds without sanitizers and coverage\n");
		skip();
	}
	assert_int_equal(err, 0);
}

static int counter;

static void what_was_done_was_not(void **state)
{
	char *block, *user;
	int i;

	/* first of all: it ends the test where there are none */
	note();
	block = malloc(64);
	user = um_user_alloc(64);
	strcpy(block, "before");
	strcpy(um_user_ptr(user), "before");
	counter = 1;
	note();
	for (i = 0; i < 20; i++) {
		assert_int_equal(put(BUS UUID "/remove", "1"), 1);
		assert_int_equal(put(CREATE, OTHER), 36);
		assert_false(exists(BUS UUID));
		strcpy(block, "after");
		strcpy(um_user_ptr(user), "after");
		counter++;
		assert_int_equal(um_restore(), 0);
		assert_true(exists(BUS UUID));
		assert_false(exists(BUS OTHER));
		assert_string_equal(block, "before");
		assert_string_equal(um_user_ptr(user), "before");
		assert_int_equal(counter, 1);
	}
	um_user_free(user);
	free(block);
}

static struct um_task *waiter;

/* Until it is let go, in the middle of what it does. */
static long waits_and_creates(void *arg)
{
	return put(CREATE, OTHER);
}

static void task_that_waits_waits_again(void **state)
{
	int i;

	note();
	waiter = um_task_start_held("creates", waits_and_creates, NULL, 20);
	um_task_wait_held(waiter);
	note();
	for (i = 0; i < 5; i++) {
		um_task_resume(waiter);
		assert_int_equal(um_task_join(waiter), 36);
		assert_true(exists(BUS OTHER));
		assert_int_equal(um_restore(), 0);
		assert_false(exists(BUS OTHER));
	}
	um_task_resume(waiter);
	assert_int_equal(um_task_join(waiter), 36);
}

static void module_that_was_unloaded_is_loaded(void **state)
{
	int i;

	note();
	for (i = 0; i < 5; i++) {
		assert_int_equal(put(BUS UUID "/remove", "1"), 1);
		assert_int_equal(um_rmmod("mdev_test_parent"), 0);
		assert_false(exists("/sys/module/mdev_test_parent"));
		assert_int_equal(um_restore(), 0);
		assert_int_equal(put(CREATE, OTHER), 36);
	}
	/* and without a way back */
	assert_int_equal(put(BUS UUID "/remove", "1"), 1);
	assert_int_equal(put(BUS OTHER "/remove", "1"), 1);
	assert_int_equal(um_rmmod("mdev_test_parent"), 0);
	assert_int_equal(um_modprobe("mdev_test_parent", NULL), 0);
	assert_int_equal(um_restore(), -ESTALE);
	assert_int_equal(put(CREATE, UUID), 36);
}

/* A system call writes to memory that nobody has written to since. */
static void file_is_read_whole(void **state)
{
	int i;

	note();
	for (i = 0; i < 5; i++) {
		assert_in_range(k_file_size("/proc/self/maps"), 8192, 1 << 20);
		assert_int_equal(um_restore(), 0);
	}
}

static void order_of_locks_is_not_forgotten(void **state)
{
	unsigned long learnt;

	note();
	learnt = k_orders();
	k_take_in_order();
	assert_true(k_orders() > learnt);
	learnt = k_orders();
	assert_int_equal(um_restore(), 0);
	assert_int_equal(k_orders(), learnt);
}

/* While they are not there nothing is known of them either. */
static void order_of_a_modules_locks_is_not_forgotten(void **state)
{
	unsigned int without, i;
	unsigned long learnt;

	note();
	for (i = 0; i < 3; i++) {
		assert_int_equal(put(BUS UUID "/remove", "1"), 1);
		learnt = k_orders();
		assert_int_equal(um_rmmod("mdev_test_parent"), 0);
		um_rmmod("vfio_mdev");
		assert_int_equal(um_rmmod("mdev"), 0);
		without = k_classes();
		assert_int_equal(um_restore(), 0);
		assert_true(k_classes() > without);
		assert_true(k_orders() >= learnt);
	}
}

/* More than there were at once before. */
static void tasks_that_come_do_not_spoil_it(void **state)
{
	struct um_task *t[MANY];
	int i, k;

	note();
	for (k = 0; k < 3; k++) {
		for (i = 0; i < MANY; i++)
			t[i] = um_task_start_held("creates", waits_and_creates, NULL, 1);
		for (i = 0; i < MANY; i++) {
			um_task_wait_held(t[i]);
			um_task_resume(t[i]);
			um_task_join(t[i]);
		}
		assert_int_equal(um_restore(), 0);
		assert_false(exists(BUS OTHER));
	}
}

static void memory_that_went_to_the_host_comes_back(void **state)
{
	int i;

	note();
	k_area_new();
	strcpy(k_area(), "before");
	note();
	for (i = 0; i < 5; i++) {
		k_area_free();
		k_area_new();
		assert_string_equal(k_area(), "");
		strcpy(k_area(), "after");
		assert_int_equal(um_restore(), 0);
		assert_string_equal(k_area(), "before");
	}
	k_area_free();
	assert_int_equal(um_check_splats(), 0);
}

static void what_cannot_be_put_back_spoils_it(void **state)
{
	int fd;

	note();
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	assert_int_equal(um_restore(), -ESTALE);
	assert_int_equal(um_rmmod("mod_empty"), 0);
	note();
	fd = eventfd(0, 0);
	assert_int_equal(um_restore(), -ESTALE);
	note();
	close(fd);
	assert_int_equal(um_restore(), -ESTALE);
	note();
	counter = 2;
	assert_int_equal(um_restore(), 0);
	assert_int_not_equal(counter, 2);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_done_was_not, setup, teardown),
		cmocka_unit_test_setup_teardown(task_that_waits_waits_again, setup, teardown),
		cmocka_unit_test_setup_teardown(module_that_was_unloaded_is_loaded, setup, teardown),
		cmocka_unit_test(file_is_read_whole),
		cmocka_unit_test(order_of_locks_is_not_forgotten),
		cmocka_unit_test_setup_teardown(order_of_a_modules_locks_is_not_forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(tasks_that_come_do_not_spoil_it, setup, teardown),
		cmocka_unit_test(memory_that_went_to_the_host_comes_back),
		cmocka_unit_test(what_cannot_be_put_back_spoils_it),
	};

	on_fibers(argv);
	if (um_boot(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
