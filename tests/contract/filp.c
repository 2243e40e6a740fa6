// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that the kernel opens itself: filp_open(), kernel_read(), kernel_write().
 */
#include <unistd.h>

#include "mdev_test.h"

#define FILP	DIR_TEST "/filp/"
#define NODE	"/dev/filp"
#define NUMBERS	"/dev/seq_numbers"

static void load(const char *path)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("filp_test", NULL), 0);
	t_expect(t_put(FILP "path", path), strlen(path));
}

static void attribute_can_be_read(void **state)
{
	load(CONTROL "/log");
	clear_log();
	t_expect_text(NODE, "");
	t_expect(t_put(FILP "path", "/sys/module/filp_test/initstate"), 31);
	t_expect_text(NODE, "live\n");
	t_expect_text(FILP "from", "5\n");
}

static void attribute_can_be_written(void **state)
{
	struct t_task *task;

	load(CONTROL "/hold");
	t_expect(t_put(NODE, "never"), 5);
	t_expect_text(FILP "from", "5\n");
	t_expect(t_insmod("srcu_test", NULL), 0);
	hold("reader_in");
	task = t_put_start(DIR_TEST "/srcu/do", "read reader_in");
	expect_held(task, "reader_in");
	t_expect(t_put(FILP "path", CONTROL "/release"), strlen(CONTROL "/release"));
	t_expect(t_put(NODE, "reader_in"), 9);
	t_expect(t_task_join(task), 14);
}

static void position_is_the_callers(void **state)
{
	char text[8];

	load("/sys/module/filp_test/initstate");
	t_expect(t_put(FILP "from", "1"), 1);
	t_expect_text(NODE, "ive\n");
	t_expect_text(FILP "from", "5\n");
	t_expect_text(NODE, "");
	t_expect(t_put(FILP "from", "-1"), 2);
	t_expect(t_get(NODE, text, sizeof(text)), -EINVAL);
}

static void what_cannot_be_opened_says_so(void **state)
{
	char text[128];

	load("/sys/none");
	t_expect(t_get(NODE, text, sizeof(text)), -ENOENT);
	t_expect(t_put(FILP "path", FILP "path/none"), strlen(FILP "path/none"));
	t_expect(t_get(NODE, text, sizeof(text)), -ENOTDIR);
	t_expect(t_put(FILP "path", "/sys"), 4);
	t_expect(t_put(NODE, "x"), -EISDIR);
}

static void error_of_the_file_is_the_callers(void **state)
{
	load("/sys/bus/mdev_test/drivers_probe");
	t_expect(t_put(FILP "path", "/sys/module/mdev_test_control/uevent"), 36);
	t_expect(t_put(NODE, "nonsense"), -EINVAL);
}

/* A driver's own read() takes a user's memory only: from 5.10 on. */
static void node_of_a_driver_is_not_for_the_kernel(void **state)
{
	char text[128];

	load(NUMBERS);
	t_expect(t_insmod("seq_test", NULL), 0);
	t_kmsg_flush();
	t_expect(t_get(NODE, text, sizeof(text)), -EINVAL);
	t_expect(t_kmsg_has("kernel read not supported for file /seq_numbers"), true);
	t_expect(t_refcnt("seq_test"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(attribute_can_be_read),
		T_TEST(attribute_can_be_written),
		T_TEST(position_is_the_callers),
		T_TEST(what_cannot_be_opened_says_so),
		T_TEST(error_of_the_file_is_the_callers),
		T_TEST(node_of_a_driver_is_not_for_the_kernel),
	};

	return t_run("filp", tests);
}
