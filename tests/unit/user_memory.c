// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory: a driver that follows a user's pointer, copies more than there
 * is room for or more than it has, or trusts a length, is caught with its line.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "child.h"
#include "report.h"
#include "umdev/umdev.h"
#include "user_memory.h"

static int fd;
static void *user;
static uint64_t seq;

static int setup(void **state)
{
	int err = k_trusting_add();

	if (err)
		return err;
	seq = um_kmsg_seq();
	user = um_user_alloc(4096);
	fd = um_open("/dev/trusting", O_RDWR);
	return fd < 0 ? fd : 0;
}

static int teardown(void **state)
{
	um_close(fd);
	um_user_free(user);
	k_trusting_remove();
	return um_check_splats();
}

/* The report names the driver's function and its file with a line. */
static void driver_is_named(const char *function)
{
	report_names(&seq, function, "tests/unit/user_memory_kern.c", NULL);
}

static void copying_behind_the_users_buffer_is_caught(void **state)
{
	um_expect_splat("user memory: copy_to_user() of 9 bytes at byte 0 of a user's buffer, which has 8");
	assert_int_equal(um_read(fd, user, 8), -EFAULT);
	driver_is_named("trusting_read");
}

static void claiming_more_than_was_asked_for_is_caught(void **state)
{
	um_expect_splat("returned 65 for a request of 64 bytes");
	um_read(fd, user, 64);
	driver_is_named("trusting_read");
}

static void copying_more_than_the_driver_has_is_caught(void **state)
{
	um_expect_splat("user memory: copy_to_user() of 65 bytes, of which only 64 are the driver's own object");
	assert_int_equal(um_read(fd, user, 65), -EFAULT);
	driver_is_named("trusting_read");
}

static void filling_more_than_the_driver_has_is_caught(void **state)
{
	assert_int_equal(um_write(fd, user, 16), 16);
	um_expect_splat("user memory: copy_from_user() of 17 bytes, of which only 16 are the driver's own object");
	assert_int_equal(um_write(fd, user, 17), -EFAULT);
	driver_is_named("trusting_write");
}

static void trusting_a_users_length_is_caught(void **state)
{
	uint32_t *length = um_user_ptr(user);

	*length = 32;
	assert_int_equal(um_ioctl(fd, TRUSTING_LENGTH, (unsigned long)user), 0);
	*length = 1 << 20;
	um_expect_splat("user memory: copy_to_user() of 1048576 bytes, of which only 32");
	assert_int_equal(um_ioctl(fd, TRUSTING_LENGTH, (unsigned long)user), -EFAULT);
	driver_is_named("trusting_ioctl");
}

static void following_a_users_pointer_is_caught(void **state)
{
	static char text[65536];
	int status = run_child("touch", text, sizeof(text));

	assert_true(WIFSIGNALED(status));
	assert_non_null(strstr(text, "user memory: user address"));
	assert_non_null(strstr(text, "trusting_ioctl (tests/unit/user_memory_kern.c:"));
}

static void report_line(const char *scenario, const char *line)
{
	static char text[65536];
	int status = run_child(scenario, text, sizeof(text));

	assert_true(WIFSIGNALED(status));
	if (!strstr(text, line)) {
		print_error("no '%s' in:\n%s\n", line, text);
		fail();
	}
}

#ifdef __SANITIZE_THREAD__
#define NOT_UNDER_TSAN(why) do { puts("SKIP: " why); skip(); } while (0)
#else
#define NOT_UNDER_TSAN(why) do { } while (0)
#endif

/* libc's memcpy() makes no frame, a sanitizer's makes one more. */
static void memcpy_of_a_users_pointer_is_reported_in_the_driver(void **state)
{
	report_line("memcpy", "dereferenced in trusting_copy (tests/unit/user_memory_kern.c:");
}

/* Whatever such code has in place of a frame pointer, the handler does not follow it. */
static void fault_in_code_without_frame_pointers_is_reported_in_the_driver(void **state)
{
	report_line("strtol", "dereferenced in trusting_ioctl (tests/unit/user_memory_kern.c:");
}

/* The pages next to it are another's. */
static void copying_more_pages_than_were_allocated_is_caught(void **state)
{
	um_expect_splat("user memory: copy_to_user() of 8193 bytes, of which only 8192 are the driver's own object");
	assert_int_equal(um_ioctl(fd, TRUSTING_PAGES, (unsigned long)user), -EFAULT);
	driver_is_named("trusting_pages");
}

static void copying_more_than_a_vmalloc_area_is_caught(void **state)
{
	um_expect_splat("user memory: copy_to_user() of 5001 bytes, of which only 5000 are the driver's own object");
	assert_int_equal(um_ioctl(fd, TRUSTING_VMALLOC, (unsigned long)user), -EFAULT);
	driver_is_named("trusting_vmalloc");
}

static void trust_length(void)
{
	*(uint32_t *)um_user_ptr(user) = 1 << 20;
	um_ioctl(fd, TRUSTING_LENGTH, (unsigned long)user);
}

static void run_scenario(const char *name)
{
	if (!strcmp(name, "touch"))
		um_ioctl(fd, TRUSTING_TOUCH, (unsigned long)user);
	else if (!strcmp(name, "memcpy"))
		um_ioctl(fd, TRUSTING_MEMCPY, (unsigned long)user);
	else if (!strcmp(name, "length"))
		trust_length();
	else
		um_ioctl(fd, TRUSTING_STRTOL, (unsigned long)user);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(copying_behind_the_users_buffer_is_caught),
		T(claiming_more_than_was_asked_for_is_caught),
		T(copying_more_than_the_driver_has_is_caught),
		T(filling_more_than_the_driver_has_is_caught),
		T(trusting_a_users_length_is_caught),
		T(following_a_users_pointer_is_caught),
		T(memcpy_of_a_users_pointer_is_reported_in_the_driver),
		T(fault_in_code_without_frame_pointers_is_reported_in_the_driver),
		T(copying_more_pages_than_were_allocated_is_caught),
		T(copying_more_than_a_vmalloc_area_is_caught),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child")) {
		if (!setup(NULL))
			run_scenario(argv[2]);
		return 0;
	}
	if (cmocka_run_group_tests_name("user_memory", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
