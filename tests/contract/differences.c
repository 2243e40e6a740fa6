// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the modelled kernel is meant to differ from a real one: a row of the
 * comparison for each, whose reason is in kernel-glue/guest/differences.txt.
 * What is the same on both is checked; what is not is only looked at.
 */
#include <unistd.h>

#include "mdev_test.h"

#define LIB	DIR_TEST "/lib"

/* A block has the size that was asked for, so that each byte beyond it is seen. */
static void block_has_no_size_class(void **state)
{
	char text[4096];

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("lib_test", NULL), 0);
	t_expect(t_get(LIB "/ksize", text, sizeof(text)) > 0, true);
	t_expect(atoi(text) >= 10, true);
}

/* A shared object has other sections than a module, and nobody signs it. */
static void module_is_a_shared_object(void **state)
{
	char list[2048], taint[16];

	t_expect(t_insmod("mod_empty", NULL), 0);
	t_expect(t_list("/sys/module/mod_empty", list, sizeof(list)) > 0, true);
	assert_non_null(strstr(list, "refcnt"));
	t_get("/sys/module/mod_empty/taint", taint, sizeof(taint));
}

/* A kernel that fortifies strings takes the size it knows for one that no string has. */
static void size_of_no_string_is_refused(void **state)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("lib_test", NULL), 0);
	if (t_is_shim())
		t_expect_splat("lib/string.c");
	else if (t_put(LIB "/oversize", "fortified") == -EOPNOTSUPP)
		t_skip("this kernel does not fortify strings");
	t_expect(t_put(LIB "/oversize", "known"), 5);
	t_expect_text(LIB "/result", t_is_shim() ? "-7 \n" : "3 ghi\n");
}

/* Only a kernel brings the counter to its very last value, of which poll() tells an error. */
static void eventfd_has_the_room_that_programs_have(void **state)
{
	char text[16];
	uint64_t got;
	int fd;

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("lib_test", NULL), 0);
	fd = t_eventfd();
	snprintf(text, sizeof(text), "%d", fd);
	t_expect(t_eventfd_add(fd, UINT64_MAX - 2), 0);
	t_expect(t_put(LIB "/signal", text), strlen(text));
	t_expect(t_put(LIB "/signal", text), strlen(text));
	got = t_eventfd_take(fd);
	t_expect(got == UINT64_MAX - (t_is_shim() ? 1 : 0), true);
	close(fd);
}

/* What is built in has parameters, and is no module that a test could want. */
static void kernel_has_more_built_in(void **state)
{
	char list[16384];

	t_expect(t_list("/sys/module", list, sizeof(list)) >= 0, true);
}

/* A real /dev is a tmpfs, where root may make what it likes. */
static void dev_is_no_tmpfs(void **state)
{
	int fd;

	fd = t_open("/dev/umdev_new", O_CREAT | O_RDWR);
	if (fd >= 0) {
		t_close(fd);
		t_expect(t_unlink("/dev/umdev_new"), 0);
	}
	if (!t_mkdir("/dev/umdev_new"))
		t_expect(t_rmdir("/dev/umdev_new"), 0);
	t_expect(t_exists("/dev/umdev_new"), false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(block_has_no_size_class),
		T_TEST(module_is_a_shared_object),
		T_TEST(size_of_no_string_is_refused),
		T_TEST(eventfd_has_the_room_that_programs_have),
		T_TEST(kernel_has_more_built_in),
		T_TEST(dev_is_no_tmpfs),
	};

	return t_run("differences", tests);
}
