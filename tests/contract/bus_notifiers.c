// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a notifier of a bus hears of its devices, and when: after and before
 * what else happens to them.
 */
#include "mdev_test.h"

#define DEVICES		"/sys/devices"
#define TESTBUS		"/sys/bus/testbus"

static void run(const char *command, long want)
{
	t_expect(t_put(DIR_TEST "/binder/do", command),
		 want < 0 ? want : (long)strlen(command));
}

static void load_and_listen(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("driver_test", NULL), 0);
	run("listen", 0);
	t_uevent_flush();
}

static void device_is_heard_of_when_its_files_are_there(void **state)
{
	struct t_task *task;
	struct t_uevent ev;

	load_and_listen();
	hold("heard_add");
	task = t_put_start(DIR_TEST "/binder/do", "device a1");
	expect_held(task, "heard_add");
	t_expect_text(DEVICES "/a1/of_device", "of_device\n");
	expect_link(TESTBUS "/devices/a1", "../../../devices/a1");
	assert_false(t_uevent_find("add", "/devices/a1", &ev));
	release("heard_add");
	t_expect(t_task_join(task), strlen("device a1"));
	assert_true(t_uevent_find("add", "/devices/a1", &ev));
}

static void binding_is_heard_of_before_and_after(void **state)
{
	load_and_listen();
	run("driver a", 0);
	clear_log();
	run("device a1", 0);
	expect_log("group of_type\ngroup of_device\ngroup of_bus\nheard_add a1\n"
		   "heard_bind a1\nprobe a1\ngroup of_driver\nheard_bound a1\n");
}

static void removal_is_heard_of_before_and_after(void **state)
{
	load_and_listen();
	run("driver a", 0);
	run("device a1", 0);
	clear_log();
	run("undevice a1", 0);
	expect_log("heard_del a1\nheard_unbind a1\nremove a1\nresource a1\nheard_unbound a1\n"
		   "heard_removed a1\nrelease a1\n");
}

static void files_are_there_until_removal_is_heard_of(void **state)
{
	struct t_task *task;
	struct t_uevent ev;

	load_and_listen();
	run("driver a", 0);
	run("device a1", 0);
	hold("heard_del");
	task = t_put_start(DIR_TEST "/binder/do", "undevice a1");
	expect_held(task, "heard_del");
	t_expect_text(DEVICES "/a1/of_device", "of_device\n");
	expect_link_to(DEVICES "/a1/driver", "a");
	hold("heard_removed");
	release("heard_del");
	expect_held(task, "heard_removed");
	assert_false(t_exists(TESTBUS "/devices/a1"));
	assert_false(t_uevent_find("remove", "/devices/a1", &ev));
	release("heard_removed");
	t_expect(t_task_join(task), strlen("undevice a1"));
	assert_true(t_uevent_find("remove", "/devices/a1", &ev));
}

static void failed_probe_is_heard_of(void **state)
{
	load_and_listen();
	answer("probe -5");
	run("driver a", 0);
	clear_log();
	run("device a1", 0);
	expect_log("group of_type\ngroup of_device\ngroup of_bus\nheard_add a1\n"
		   "heard_bind a1\nprobe a1\nheard_not_bound a1\nresource a1\n");
}

static void device_that_cannot_be_added_is_not_heard_of(void **state)
{
	load_and_listen();
	run("device a1", 0);
	clear_log();
	run("device a1", -EEXIST);
	expect_log("release a1\n");
}

static void nothing_is_heard_after_the_last_call(void **state)
{
	load_and_listen();
	run("device a1", 0);
	run("unlisten", 0);
	run("unlisten", -ENOENT);
	clear_log();
	run("undevice a1", 0);
	expect_log("release a1\n");
}

static void listener_is_taken_once(void **state)
{
	load_and_listen();
	t_expect_splat("already registered");
	run("listen", -EEXIST);
}

static void changing_the_listeners_waits_for_what_they_hear(void **state)
{
	struct t_task *adder, *leaver;

	load_and_listen();
	hold("heard_add");
	adder = t_put_start(DIR_TEST "/binder/do", "device a1");
	expect_held(adder, "heard_add");
	leaver = t_put_start(DIR_TEST "/binder/do", "unlisten");
	t_expect(t_task_wait_blocked(leaver), true);
	release("heard_add");
	t_expect(t_task_join(adder), strlen("device a1"));
	t_expect(t_task_join(leaver), strlen("unlisten"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(device_is_heard_of_when_its_files_are_there),
		T_TEST(binding_is_heard_of_before_and_after),
		T_TEST(removal_is_heard_of_before_and_after),
		T_TEST(files_are_there_until_removal_is_heard_of),
		T_TEST(failed_probe_is_heard_of),
		T_TEST(device_that_cannot_be_added_is_not_heard_of),
		T_TEST(nothing_is_heard_after_the_last_call),
		T_TEST(listener_is_taken_once),
		T_TEST(changing_the_listeners_waits_for_what_they_hear),
	};

	return t_run("bus_notifiers", tests);
}
