// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files and memory when something is wrong: each failure of an operation is
 * undone, what a driver does to a page or a mapping that it must not is
 * reported, and memory that is not there is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "vfs_faults_kern.h"

#define PAGE 4096

/* ---- fixtures -------------------------------------------------------- */

static int setup_all(void **state)
{
	return um_boot(NULL);
}

static int teardown_all(void **state)
{
	return um_shutdown();
}

static int setup(void **state)
{
	um_audit_mark();
	return vf_register();
}

static int teardown(void **state)
{
	vf_unregister();
	return um_check_splats() + um_audit(NULL, NULL);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static int dev_open(void)
{
	int fd = um_open("/dev/vf", O_RDWR);

	assert_true(fd >= 0);
	return fd;
}

static void *map(int fd, int prot, unsigned int what)
{
	return um_mmap(PAGE, prot, MAP_SHARED, fd, (int64_t)what * PAGE);
}

/* ---- failures -------------------------------------------------------- */

static void each_failure_is_undone(void **state)
{
	const struct um_scenario *s;

	for (s = vf_scenarios; s->name; s++) {
		struct um_sweep figures = { 0 };

		if (um_sweep(s, &figures) || !figures.faults)
			fail_msg("%s: %u faults, %u of them bad", s->name, figures.faults,
				 figures.bad);
	}
}

/* ---- files ----------------------------------------------------------- */

static void files_put_in_a_system_call_go_at_its_end(void **state)
{
	int fd = dev_open();

	assert_int_equal(um_ioctl(fd, VF_FPUT_MANY, 0), 0);
	assert_int_equal(vf_releases, 3);
	assert_int_equal(um_close(fd), 0);
}

static void reference_that_there_is_not_is_reported(void **state)
{
	int fd = dev_open();

	um_expect_splat("fput() of a file without references");
	assert_int_equal(um_ioctl(fd, VF_FPUT_TWICE, 0), 0);
	assert_int_equal(vf_releases, 1);
	assert_int_equal(um_close(fd), 0);
}

static void there_are_many_descriptors(void **state)
{
	int fd = dev_open(), more[200], i;

	for (i = 0; i < 200; i++) {
		more[i] = um_ioctl(fd, VF_OPEN, 0);
		assert_int_equal(more[i], fd + 1 + i);
	}
	for (i = 0; i < 200; i++)
		assert_int_equal(um_close(more[i]), 0);
	assert_int_equal(vf_releases, 200);
	assert_int_equal(um_close(fd), 0);
}

/* ---- pages ----------------------------------------------------------- */

static void references_of_a_free_page_are_reported(void **state)
{
	um_expect_splat("get_page() of the free page");
	um_expect_splat("is given back after it was freed");
	um_expect_splat("put_page() of the free page");
	vf_use_free_page();
}

static void page_freed_with_another_order_is_reported(void **state)
{
	um_expect_splat("of order 1 freed with order 0");
	vf_free_wrong_order();
}

static void large_piece_is_zero_each_time(void **state)
{
	assert_int_equal(vf_large_is_zero(), 0);
}

static void user_memory_that_is_none_is_not_freed(void **state)
{
	char *user = um_user_alloc(2 * PAGE);

	um_user_free(NULL);
	um_expect_splat("which um_user_alloc() did not give");
	um_user_free(user + PAGE);
	um_expect_splat("which um_user_alloc() did not give");
	um_user_free(&user);
	um_user_free(user);
}

/* ---- mappings -------------------------------------------------------- */

static void mapping_of_too_many_frames_is_reported(void **state)
{
	int fd = dev_open();

	um_expect_splat("runs out of its mapping");
	assert_int_equal((long)map(fd, PROT_READ, VF_MAP_LONG), -EINVAL);
	assert_int_equal(um_close(fd), 0);
}

static void mapping_of_a_frame_that_there_is_not_is_reported(void **state)
{
	int fd = dev_open();

	um_expect_splat("frame 0x1, which is no memory of the shim");
	assert_int_equal((long)map(fd, PROT_READ, VF_MAP_NO_FRAME), -EINVAL);
	assert_int_equal(um_close(fd), 0);
}

static void page_that_came_meanwhile_stays(void **state)
{
	int fd = dev_open();
	volatile char *p = map(fd, PROT_READ | PROT_WRITE, VF_MAP_FAULT);

	p[1] = 'm';
	assert_int_equal(vf_page_bytes()[1], 'm');
	assert_int_equal(vf_page_refs(), 2);
	assert_int_equal(um_munmap((void *)p, PAGE), 0);
	assert_int_equal(vf_page_refs(), 1);
	assert_int_equal(um_close(fd), 0);
}

static sigjmp_buf after;

static void on_signal(int sig)
{
	siglongjmp(after, sig);
}

static void write_to_a_mapping_that_is_for_reading_raises_sigsegv(void **state)
{
	void (*before)(int) = signal(SIGSEGV, on_signal);
	int fd = dev_open();
	volatile char *p = map(fd, PROT_READ, VF_MAP_PAGE);

	assert_int_equal(*p, 0);
	if (!sigsetjmp(after, 1)) {
		*p = 1;
		fail();
	}
	signal(SIGSEGV, before);
	assert_int_equal(*p, 0);
	assert_int_equal(um_munmap((void *)p, PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

/* ---- memory that is not there ------------------------------------------ */

static bool apart(const char *a, const char *b, size_t size)
{
	return a + size <= b || b + size <= a;
}

static void memory_is_had_until_there_is_none(void **state)
{
	const size_t size = 30UL << 20, all = 8UL << 30;
	char *a = um_user_alloc(size), *b = um_user_alloc(size), *c, *small;

	assert_true(a && b && apart(a, b, size));
	assert_null(um_user_alloc(all + PAGE));
	assert_null(um_user_alloc(all));
	assert_int_equal((long)um_mmap(all, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
			 -ENOMEM);
	um_user_free(a);
	c = um_user_alloc(size);
	small = um_user_alloc(1);
	assert_true(c && small && apart(b, c, size));
	assert_int_equal(*(char *)um_user_ptr(small), 0);
	um_user_free(small);
	um_user_free(c);
	um_user_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_failure_is_undone),
		TEST(files_put_in_a_system_call_go_at_its_end),
		TEST(reference_that_there_is_not_is_reported),
		TEST(there_are_many_descriptors),
		TEST(references_of_a_free_page_are_reported),
		TEST(page_freed_with_another_order_is_reported),
		TEST(large_piece_is_zero_each_time),
		TEST(user_memory_that_is_none_is_not_freed),
		TEST(mapping_of_too_many_frames_is_reported),
		TEST(mapping_of_a_frame_that_there_is_not_is_reported),
		TEST(page_that_came_meanwhile_stays),
		TEST(write_to_a_mapping_that_is_for_reading_raises_sigsegv),
		TEST(memory_is_had_until_there_is_none),
	};

	return cmocka_run_group_tests_name("vfs_faults", tests, setup_all, teardown_all);
}
