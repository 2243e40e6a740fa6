// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kobjects, ksets, uevents and reference counts as a kernel has them.
 */
#include "thing.h"

/* ---- names and life ------------------------------------------------------ */

static void added_object_is_a_directory(void **state)
{
	load_thing();
	run("add one", 0);
	expect_list(THING "/one", "");
	run("put one", 0);
	assert_false(t_exists(THING "/one"));
	expect_log("release one\n");
}

static void taken_name_is_eexist_with_a_message(void **state)
{
	load_thing();
	run("add one", 0);
	run("add one", -EEXIST);
	assert_true(t_kmsg_has("cannot create duplicate filename '/devices/virtual/mdev_test/thing/one'"));
	assert_true(t_kmsg_has("failed for one with -EEXIST"));
	/* whoever fails to add still has to put */
	expect_log("release one\n");
	assert_true(t_exists(THING "/one"));
}

static void name_of_a_file_is_taken_too(void **state)
{
	load_thing();
	run("add value", -EEXIST);
	t_expect(t_put(THING "/value", "x"), 1);
}

static void slash_in_a_name_becomes_an_exclamation_mark(void **state)
{
	load_thing();
	run("add a/b", 0);
	expect_list(THING "/a!b", "");
}

static void empty_name_is_einval_with_a_warning(void **state)
{
	load_thing();
	t_expect_splat("attempted to be registered with empty name");
	run("add_nameless", -EINVAL);
}

static void uninitialized_object_is_einval_with_a_message(void **state)
{
	load_thing();
	run("add_uninitialized one", -EINVAL);
	assert_true(t_kmsg_has("tried to add an uninitialized object"));
	assert_false(t_exists(THING "/one"));
}

static void deleted_object_lives_until_it_is_put(void **state)
{
	load_thing();
	run("add one", 0);
	run("del one", 0);
	assert_false(t_exists(THING "/one"));
	expect_log("");
	run("put one", 0);
	expect_log("release one\n");
}

static void name_of_a_deleted_object_is_free(void **state)
{
	load_thing();
	run("add one", 0);
	run("del one", 0);
	run("add one", 0);
	run("put one", 0);
	run("put one", 0);
	expect_log("release one\nrelease one\n");
}

static void children_pin_their_parent(void **state)
{
	load_thing();
	run("add parent", 0);
	run("add_below child parent", 0);
	run("put parent", 0);
	assert_true(t_exists(THING "/parent/child"));
	expect_log("");
	run("put child", 0);
	expect_log("release child\nrelease parent\n");
	assert_false(t_exists(THING "/parent"));
}

static void renamed_object_moves(void **state)
{
	load_thing();
	run("add one", 0);
	run("add two", 0);
	run("rename one three", 0);
	assert_false(t_exists(THING "/one"));
	assert_true(t_exists(THING "/three"));
	run("rename two three", -EEXIST);
	assert_true(t_exists(THING "/two"));
}

static void object_without_a_destination_goes_to_its_set(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("add a", 0);
	run("set family", 0);
	run("add_to_set one", 0);
	run("move one a", 0);
	assert_true(t_exists(THING "/a/one"));
	assert_false(t_exists(THING "/family/one"));
	assert_true(t_uevent_next(&ev));
	assert_string_equal(ev.action, "move");
	assert_string_equal(ev.devpath, "/devices/virtual/mdev_test/thing/a/one");
	assert_string_equal(t_uevent_get(&ev, "DEVPATH_OLD"),
			    "/devices/virtual/mdev_test/thing/family/one");
	run("move one", 0);
	assert_true(t_exists(THING "/family/one"));
	assert_false(t_exists(THING "/a/one"));
	run("put one", 0);
}

static void renamed_and_moved_object_keeps_its_files(void **state)
{
	load_thing();
	run("add a", 0);
	run("add b", 0);
	run("add_below one a", 0);
	run("add_below taken b", 0);
	run("mark one", 0);
	run("rename one two", 0);
	assert_false(t_exists(THING "/a/one"));
	t_expect(t_put(THING "/a/two/mark", "here"), 4);
	run("move one b", 0);
	t_expect_text(THING "/b/two/mark", "here\n");
	run("rename one taken", -EEXIST);
	t_expect_text(THING "/b/two/mark", "here\n");
	run("add_below two a", 0);
	run("move one a", -EEXIST);
	t_expect_text(THING "/b/two/mark", "here\n");
}

/* With what it was moved out of gone. */
static void moved_object_pins_its_new_parent(void **state)
{
	load_thing();
	run("add a", 0);
	run("add b", 0);
	run("add_below one a", 0);
	run("move one b", 0);
	run("put a", 0);
	expect_log("release a\n");
	run("put b", 0);
	expect_log("release a\n");
	run("put one", 0);
	expect_log("release a\nrelease one\nrelease b\n");
}

static void objects_of_a_set_are_found_by_name(void **state)
{
	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	run("find one", 0);
	run("find on", -ENOENT);
	run("find two", -ENOENT);
	run("rename one two", 0);
	run("find two", 0);
	run("del one", 0);
	run("find two", -ENOENT);
}

static void device_without_release_warns(void **state)
{
	load_thing();
	t_expect_splat("does not have a release() function");
	run("device_without_release", 0);
	assert_false(t_exists("/sys/devices/immortal"));
}

/* ---- uevents ------------------------------------------------------------- */

static void object_of_a_set_sends_uevents(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	assert_true(t_exists(THING "/family/one"));
	run("uevent one add", 0);
	assert_true(t_uevent_next(&ev));
	assert_string_equal(ev.action, "add");
	assert_string_equal(ev.devpath, "/devices/virtual/mdev_test/thing/family/one");
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "family");
	t_expect(ev.n_env, 1);
	assert_false(t_uevent_next(&ev));
}

static void own_variables_come_after_the_subsystem(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	run("uevent one change", 0);
	assert_true(t_uevent_next(&ev));
	assert_string_equal(ev.action, "change");
	t_expect(ev.n_env, 3);
	assert_string_equal(ev.env[0], "SUBSYSTEM=family");
	assert_string_equal(ev.env[1], "COLOUR=blue");
	assert_string_equal(ev.env[2], "SIZE=3");
}

static void variables_come_as_caller_then_set(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family talking", 0);
	run("add_to_set one", 0);
	run("uevent one change", 0);
	assert_true(t_uevent_next(&ev));
	t_expect(ev.n_env, 5);
	assert_string_equal(ev.env[0], "SUBSYSTEM=family");
	assert_string_equal(ev.env[1], "COLOUR=blue");
	assert_string_equal(ev.env[2], "SIZE=3");
	assert_string_equal(ev.env[3], "MODALIAS=umdev-child:one");
	assert_string_equal(ev.env[4], "AFTER=1");
}

/* It would have a program load the driver that has just let go. */
static void unbind_names_no_modalias(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family talking", 0);
	run("add_to_set one", 0);
	run("uevent one unbind", 0);
	assert_true(t_uevent_next(&ev));
	assert_string_equal(ev.action, "unbind");
	t_expect(ev.n_env, 4);
	assert_null(t_uevent_get(&ev, "MODALIAS"));
	assert_string_equal(ev.env[3], "AFTER=1");
}

static void filter_of_a_set_keeps_events_back(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family silent", 0);
	run("add_to_set one", 0);
	run("uevent one add", 0);
	run("uevent one change", 0);
	run("put one", 0);
	assert_false(t_uevent_next(&ev));
}

static void numbers_of_uevents_rise(void **state)
{
	struct t_uevent one, two;

	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	run("uevent one change", 0);
	run("uevent one change", 0);
	assert_true(t_uevent_next(&one));
	assert_true(t_uevent_next(&two));
	t_expect(two.seqnum, one.seqnum + 1);
}

static void remove_is_sent_if_add_was(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	run("uevent one add", 0);
	t_uevent_flush();
	run("put one", 0);
	assert_true(t_uevent_find("remove", "/family/one", &ev));
}

static void remove_is_not_sent_if_add_was_not(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	run("put one", 0);
	assert_false(t_uevent_next(&ev));
}

static void remove_is_sent_once(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("set family", 0);
	run("add_to_set one", 0);
	run("uevent one add", 0);
	run("uevent one remove", 0);
	t_uevent_flush();
	run("put one", 0);
	assert_false(t_uevent_next(&ev));
}

static void object_below_a_device_sends_none(void **state)
{
	struct t_uevent ev;

	load_thing();
	run("add one", 0);
	run("uevent one add", 0);
	assert_false(t_uevent_next(&ev));
}

static void device_with_a_class_is_announced(void **state)
{
	struct t_uevent ev;

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_uevent_flush();
	t_expect(t_insmod("sysfs_test", NULL), 0);
	assert_true(t_uevent_find("add", "/mdev_test/thing", &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "mdev_test");
	t_expect(t_rmmod("sysfs_test"), 0);
	assert_true(t_uevent_find("remove", "/mdev_test/thing", &ev));
}

static void device_without_bus_and_class_is_not_announced(void **state)
{
	struct t_uevent ev;

	load_thing();
	t_expect_splat("does not have a release() function");
	run("device_without_release", 0);
	assert_false(t_uevent_find("add", "/immortal", &ev));
}

static void uevent_file_sends_what_is_written(void **state)
{
	struct t_uevent ev;

	load_thing();
	t_expect(t_put(THING "/uevent", "change"), 6);
	assert_true(t_uevent_find("change", "/mdev_test/thing", &ev));
	assert_string_equal(t_uevent_get(&ev, "SYNTH_UUID"), "0");
	t_expect(t_put(THING "/uevent", "add\n"), 4);
	assert_true(t_uevent_find("add", "/mdev_test/thing", &ev));
}

static void uevent_file_takes_a_uuid_and_variables(void **state)
{
	static const char text[] = "change " UUID_A " A=1 B=two";
	struct t_uevent ev;

	load_thing();
	t_expect(t_put(THING "/uevent", text), strlen(text));
	assert_true(t_uevent_find("change", "/mdev_test/thing", &ev));
	assert_string_equal(t_uevent_get(&ev, "SYNTH_UUID"), UUID_A);
	assert_string_equal(t_uevent_get(&ev, "SYNTH_ARG_A"), "1");
	assert_string_equal(t_uevent_get(&ev, "SYNTH_ARG_B"), "two");
}

static void uevent_file_refuses_what_is_no_action(void **state)
{
	struct t_uevent ev;

	load_thing();
	t_expect(t_put(THING "/uevent", "frob"), -EINVAL);
	t_expect(t_put(THING "/uevent", "addx"), -EINVAL);
	/* Linux looks behind the action's name here, and goes by what it finds */
	if (t_is_shim())
		t_expect(t_put_bytes(THING "/uevent", "add\0x", 5), -EINVAL);
	t_expect(t_put(THING "/uevent", "change not-a-uuid"), -EINVAL);
	t_expect(t_put(THING "/uevent", "change " UUID_A " A"), -EINVAL);
	assert_false(t_uevent_next(&ev));
}

/* ---- reference counts ---------------------------------------------------- */

static void put_too_many_warns(void **state)
{
	load_thing();
	t_expect_splat("refcount_t: underflow; use-after-free.");
	run("underflow", 0);
}

static void get_of_zero_warns(void **state)
{
	load_thing();
	t_expect_splat("refcount_t: addition on 0; use-after-free.");
	run("get_of_zero", 0);
}

static void overflow_saturates_and_warns(void **state)
{
	load_thing();
	t_expect_splat("refcount_t: saturated; leaking memory.");
	run("overflow", 0);
}

static void get_unless_zero_fails_at_zero(void **state)
{
	load_thing();
	run("get_unless_zero", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(added_object_is_a_directory),
		T_TEST(taken_name_is_eexist_with_a_message),
		T_TEST(name_of_a_file_is_taken_too),
		T_TEST(slash_in_a_name_becomes_an_exclamation_mark),
		T_TEST(empty_name_is_einval_with_a_warning),
		T_TEST(uninitialized_object_is_einval_with_a_message),
		T_TEST(deleted_object_lives_until_it_is_put),
		T_TEST(name_of_a_deleted_object_is_free),
		T_TEST(children_pin_their_parent),
		T_TEST(renamed_object_moves),
		T_TEST(object_without_a_destination_goes_to_its_set),
		T_TEST(renamed_and_moved_object_keeps_its_files),
		T_TEST(moved_object_pins_its_new_parent),
		T_TEST(objects_of_a_set_are_found_by_name),
		T_TEST(device_without_release_warns),
		T_TEST(object_of_a_set_sends_uevents),
		T_TEST(own_variables_come_after_the_subsystem),
		T_TEST(variables_come_as_caller_then_set),
		T_TEST(unbind_names_no_modalias),
		T_TEST(filter_of_a_set_keeps_events_back),
		T_TEST(numbers_of_uevents_rise),
		T_TEST(remove_is_sent_if_add_was),
		T_TEST(remove_is_not_sent_if_add_was_not),
		T_TEST(remove_is_sent_once),
		T_TEST(object_below_a_device_sends_none),
		T_TEST(device_with_a_class_is_announced),
		T_TEST(device_without_bus_and_class_is_not_announced),
		T_TEST(uevent_file_sends_what_is_written),
		T_TEST(uevent_file_takes_a_uuid_and_variables),
		T_TEST(uevent_file_refuses_what_is_no_action),
		T_TEST(put_too_many_warns),
		T_TEST(get_of_zero_warns),
		T_TEST(overflow_saturates_and_warns),
		T_TEST(get_unless_zero_fails_at_zero),
	};

	return t_run("kobject", tests);
}
