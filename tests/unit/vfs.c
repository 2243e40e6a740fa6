// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files and user memory where the shim alone can be asked: what its tree has, how exactly
 * user memory ends, copies that fail, and what is told of a driver. What each system call
 * returns is in contract/files, contract/chardev and contract/user_memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "vfs_kern.h"

#define NODE "/dev/vfs/test"
#define PAGE 4096

/* ---- fixtures and helpers -------------------------------------------- */

static void *user;	/* a page of user memory */

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
	user = um_user_alloc(PAGE);
	um_audit_mark();
	return vk_register();
}

static int teardown(void **state)
{
	int bad;

	vk_unregister();
	bad = um_check_splats() + um_audit(NULL, NULL);
	um_user_free(user);
	return bad;
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static char *bytes(void)
{
	return um_user_ptr(user);
}

static int dev_open(int flags)
{
	int fd = um_open(NODE, flags);

	assert_true(fd >= 1 << 20);
	return fd;
}

static int append(const char *name, void *arg)
{
	strcat(arg, name);
	strcat(arg, " ");
	return 0;
}

/* ---- paths ----------------------------------------------------------- */

static void link_is_cut_to_the_buffer(void **state)
{
	char target[8];

	assert_int_equal(um_readlink("/sys/class/misc/vfs_test", target, 0), -EINVAL);
	assert_int_equal(um_readlink("/sys/class/misc/vfs_test", target, 5), 5);
	assert_memory_equal(target, "../..", 5);
}

static void tree_has_sys_and_dev(void **state)
{
	char names[4096] = "";
	struct um_stat st;

	assert_int_equal(um_readdir("/", append, names), 0);
	assert_non_null(strstr(names, "sys "));
	assert_non_null(strstr(names, "dev "));
	names[0] = '\0';
	assert_int_equal(um_readdir("/dev/vfs", append, names), 0);
	assert_string_equal(names, "test ");
	assert_int_equal(um_readdir(NODE, append, names), -ENOTDIR);
	/* a user makes no file there */
	assert_int_equal(um_open("/dev/nothing", O_RDWR | O_CREAT), -EACCES);
	vk_unregister();
	assert_int_equal(um_stat("/dev/vfs", &st, true), -ENOENT);
	assert_int_equal(vk_register(), 0);
}

/* ---- user memory ----------------------------------------------------- */

/* Memory of the program that is not the user's, too: here they are apart. */
static void memory_of_the_program_is_no_users(void **state)
{
	char on_stack[8] = "";
	int fd = dev_open(O_RDWR);

	assert_int_equal(um_read(fd, on_stack, 1), -EFAULT);
	assert_int_equal(um_write(fd, on_stack, 1), -EFAULT);
	assert_int_equal(um_close(fd), 0);
}

/* To the byte, where a kernel's ends with a page. */
static void copies_end_where_the_memory_ends(void **state)
{
	void *small = um_user_alloc(10), *four = um_user_alloc(4);
	int fd = dev_open(O_RDWR);

	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small), 54);
	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small + 9), 63);
	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small + 10), 64);
	um_user_free(small);
	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small), 64);
	memset(um_user_ptr(four), 'x', 4);
	assert_int_equal(um_ioctl(fd, VK_STRING, (unsigned long)four), -EFAULT);
	assert_int_equal(um_ioctl(fd, VK_STRNLEN, (unsigned long)four), 0);
	um_user_free(four);
	assert_int_equal(um_close(fd), 0);
}

static void copies_fail_by_injection(void **state)
{
	int fd = dev_open(O_RDWR);

	*(int *)bytes() = 1;
	um_fail_nth(1);
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, (unsigned long)user), -EFAULT);
	assert_non_null(strstr(um_fault_fired(), "get_user"));
	um_fail_nth(2);
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, (unsigned long)user), -EFAULT);
	um_fail_nth(0);
	assert_int_equal(*(int *)bytes(), 1);
	assert_int_equal(um_close(fd), 0);
}

static void a_copy_in_atomic_context_splats(void **state)
{
	int fd = dev_open(O_RDWR);

	um_expect_splat("sleeping function called from invalid context");
	assert_int_equal(um_ioctl(fd, VK_ATOMIC_COPY, (unsigned long)user), 0);
	assert_int_equal(um_close(fd), 0);
}

static int touch(void)
{
	setup(NULL);
	um_ioctl(dev_open(O_RDWR), VK_TOUCH, (unsigned long)user);
	return 0;
}

static void a_direct_dereference_is_named_and_ends_the_process(void **state)
{
	static char text[65536];
	int status = run_child("touch", text, sizeof(text));

	assert_true(WIFSIGNALED(status));
	assert_non_null(strstr(text, "user memory"));
	assert_non_null(strstr(text, "do_ioctl (tests/unit/vfs_kern.c:"));
}

/* ---- mappings -------------------------------------------------------- */

static char *map(int fd, unsigned long page)
{
	char *p = um_mmap(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page * PAGE);

	assert_true((long)p > 0 || (long)p < -4095);
	return p;
}

/* A driver that throws its frame out of a mapping is asked for it again. */
static void frame_that_was_zapped_comes_by_fault(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_PFN);

	strcpy(p, "frame");
	assert_int_equal(vk_faults, 0);
	assert_int_equal(um_ioctl(fd, VK_ZAP, 0), 0);
	assert_string_equal(p, "frame");
	assert_int_equal(vk_faults, 1);
	assert_int_equal(um_munmap(p, PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

/* Behind each is another, or nothing: where, a kernel alone decides. */
static void mapping_has_no_room_to_grow(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_NOTHING);

	assert_int_equal(um_mremap(p, PAGE, 2 * PAGE), -ENOMEM);
	assert_int_equal(um_mremap(p, 2 * PAGE, 3 * PAGE), -EFAULT);
	assert_int_equal(um_mremap(p, -1, PAGE), -EINVAL);
	assert_int_equal(um_mremap(p, PAGE, SIZE_MAX), -EINVAL);
	assert_int_equal(um_munmap(p, PAGE), 0);
	assert_int_equal(um_munmap(p, PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(link_is_cut_to_the_buffer),
		TEST(tree_has_sys_and_dev),
		TEST(memory_of_the_program_is_no_users),
		TEST(copies_end_where_the_memory_ends),
		TEST(copies_fail_by_injection),
		TEST(a_copy_in_atomic_context_splats),
		TEST(a_direct_dereference_is_named_and_ends_the_process),
		TEST(frame_that_was_zapped_comes_by_fault),
		TEST(mapping_has_no_room_to_grow),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return setup_all(NULL) || touch();
	return cmocka_run_group_tests_name("vfs", tests, setup_all, teardown_all);
}
