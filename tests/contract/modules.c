// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules: loading, unloading, references, dependencies, parameters, states.
 */
#include "mdev_test.h"

#define MODULE(name)	"/sys/module/" name
#define PARAM(name)	MODULE("mod_params") "/parameters/" name

static long insmod_main(void *name)
{
	return t_insmod(name, NULL);
}

/* ---- loading and unloading ----------------------------------------------- */

static void loaded_module_has_a_directory(void **state)
{
	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect_text(MODULE("mod_exports") "/initstate", "live\n");
	t_expect_text(MODULE("mod_exports") "/refcnt", "0\n");
	t_expect_text(MODULE("mod_exports") "/version", "1.2\n");
	expect_list(MODULE("mod_exports") "/holders", "");
	t_expect(t_rmmod("mod_exports"), 0);
	assert_false(t_exists(MODULE("mod_exports")));
}

static void init_and_exit_are_run(void **state)
{
	t_expect(t_insmod("mod_exports", NULL), 0);
	assert_true(t_kmsg_has("mod_exports: hello"));
	assert_false(t_kmsg_has("mod_exports: bye"));
	t_expect(t_rmmod("mod_exports"), 0);
	assert_true(t_kmsg_has("mod_exports: bye, counter 100"));
}

static void size_of_a_module_is_told(void **state)
{
	char text[32];

	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect(t_get(MODULE("mod_exports") "/coresize", text, sizeof(text)) > 4, true);
	t_expect(atol(text) >= 4096, true);
}

static void second_insmod_is_eexist(void **state)
{
	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect(t_insmod("mod_exports", NULL), -EEXIST);
	t_expect_text(MODULE("mod_exports") "/initstate", "live\n");
}

static void rmmod_of_what_is_not_loaded_is_enoent(void **state)
{
	t_expect(t_rmmod("mod_exports"), -ENOENT);
	t_expect(t_rmmod("no_such_module"), -ENOENT);
	t_expect(t_rmmod(""), -ENOENT);
}

static void insmod_and_modprobe_of_nothing_are_enoent(void **state)
{
	t_expect(t_insmod("no_such_module", NULL), -ENOENT);
	t_expect(t_modprobe("no_such_module", NULL), -ENOENT);
	t_expect(t_modprobe("no:such*alias", NULL), -ENOENT);
}

static void error_of_init_is_insmods(void **state)
{
	struct t_uevent ev;

	t_expect(t_insmod("mod_exports", "init_returns=-28"), -ENOSPC);
	/* nobody hears of it */
	assert_false(t_uevent_find("add", "/module/mod_exports", &ev));
	assert_false(t_exists(MODULE("mod_exports")));
	t_expect(t_insmod("mod_exports", NULL), 0);
}

static void positive_return_of_init_is_only_suspicious(void **state)
{
	t_expect(t_insmod("mod_exports", "init_returns=3"), 0);
	assert_true(t_kmsg_has("'mod_exports'->init suspiciously returned 3, it should follow "
			       "0/-E convention"));
	t_expect_text(MODULE("mod_exports") "/initstate", "live\n");
}

static void module_without_init_and_exit_unloads(void **state)
{
	t_expect(t_insmod("mod_empty", NULL), 0);
	t_expect(t_rmmod("mod_empty"), 0);
}

static void static_data_is_new_after_each_load(void **state)
{
	int i;

	t_expect(t_insmod("mod_holder", NULL), 0);
	for (i = 0; i < 3; i++) {
		t_expect(t_insmod("mod_empty", NULL), 0);
		t_expect_text(MODULE("mod_holder") "/parameters/calls", "1\n");
		t_expect_text(MODULE("mod_holder") "/parameters/calls", "2\n");
		t_expect(t_rmmod("mod_empty"), 0);
	}
}

static void loading_is_announced(void **state)
{
	struct t_uevent ev;

	t_expect(t_insmod("mod_empty", NULL), 0);
	assert_true(t_uevent_find("add", "/module/mod_empty", &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "module");
	t_expect(t_rmmod("mod_empty"), 0);
	assert_true(t_uevent_find("remove", "/module/mod_empty", &ev));
}

static void written_uevent_is_sent(void **state)
{
	struct t_uevent ev;

	t_expect(t_insmod("mod_empty", NULL), 0);
	t_uevent_flush();
	t_expect(t_put(MODULE("mod_empty") "/uevent", "change"), 6);
	assert_true(t_uevent_find("change", "/module/mod_empty", &ev));
	assert_string_equal(t_uevent_get(&ev, "SYNTH_UUID"), "0");
	t_expect(t_put(MODULE("mod_empty") "/uevent", "changed"), -EINVAL);
	assert_false(t_uevent_next(&ev));
}

static void what_init_needed_is_gone_afterwards(void **state)
{
	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect_text(MODULE("mod_exports") "/initsize", "0\n");
}

/* ---- dependencies -------------------------------------------------------- */

static void missing_provider_is_enoent(void **state)
{
	t_expect(t_insmod("mod_user", NULL), -ENOENT);
	assert_true(t_kmsg_has("mod_user: Unknown symbol mod_exports_next (err -2)"));
	assert_true(t_kmsg_has("mod_user: Unknown symbol mod_exports_counter (err -2)"));
	assert_false(t_exists(MODULE("mod_user")));
}

static void user_holds_its_provider(void **state)
{
	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect(t_insmod("mod_user", NULL), 0);
	t_expect(t_refcnt("mod_exports"), 1);
	expect_list(MODULE("mod_exports") "/holders", "mod_user");
	t_expect(t_rmmod("mod_exports"), -EWOULDBLOCK);
	t_expect(t_rmmod("mod_user"), 0);
	t_expect(t_refcnt("mod_exports"), 0);
	expect_list(MODULE("mod_exports") "/holders", "");
	t_expect(t_rmmod("mod_exports"), 0);
}

static void modprobe_loads_what_is_needed_first(void **state)
{
	t_expect(t_modprobe("mod_user", NULL), 0);
	assert_true(t_exists(MODULE("mod_exports")));
	assert_true(t_kmsg_has("mod_user: next 101 counter 101 gpl 42 ns 43"));
	/* a second time there is nothing to do */
	t_expect(t_modprobe("mod_user", NULL), 0);
}

static void modprobe_takes_aliases(void **state)
{
	t_expect(t_modprobe("mod-test:user", NULL), -ENOENT);
	t_expect(t_modprobe("mod-test:user-whatever", NULL), 0);
	assert_true(t_exists(MODULE("mod_user")));
	t_expect(t_modprobe("mod-test:soft3x", NULL), 0);
	assert_true(t_exists(MODULE("mod_soft")));
	t_expect(t_modprobe("mod-test:soft7x", NULL), -ENOENT);
	t_expect(t_modprobe("mod-test:setz", NULL), -ENOENT);
	t_expect(t_rmmod("mod_soft"), 0);
	t_expect(t_modprobe("mod-test:sety", NULL), 0);
	assert_true(t_exists(MODULE("mod_soft")));
}

static void modprobe_takes_dashes_for_underscores(void **state)
{
	t_expect(t_modprobe("mod-empty", NULL), 0);
	assert_true(t_exists(MODULE("mod_empty")));
}

static void modprobe_gives_parameters_to_the_module_alone(void **state)
{
	t_expect(t_modprobe("mod_user", "init_returns=-1"), 0);
	assert_true(t_exists(MODULE("mod_exports")));
	assert_true(t_kmsg_has("mod_user: unknown parameter 'init_returns' ignored"));
}

/* While somebody answers them. */
static void events_load_modules_by_alias(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/alias", "mod-test:soft3x"), 15);
	t_autoload(true);
	t_expect(t_put(MODULE("mod_holder") "/parameters/alias", "nobody:knows"), 12);
	t_expect(t_put(MODULE("mod_holder") "/parameters/alias", "mod-test:user-1"), 15);
	t_autoload_settle();
	assert_true(t_exists(MODULE("mod_user")));
	assert_false(t_exists(MODULE("mod_soft")));
}

static void soft_dependencies_come_along(void **state)
{
	t_expect(t_modprobe("mod_soft", NULL), 0);
	assert_true(t_exists(MODULE("mod_exports")));
	assert_true(t_exists(MODULE("mod_params")));
	/* but hold nothing */
	t_expect(t_rmmod("mod_exports"), 0);
	t_expect(t_rmmod("mod_params"), 0);
}

static void soft_dependencies_are_not_insmods(void **state)
{
	t_expect(t_insmod("mod_soft", NULL), 0);
	assert_false(t_exists(MODULE("mod_exports")));
	assert_false(t_exists(MODULE("mod_params")));
}

/* By the program that a kernel calls for it: its status is the result. */
static void kernel_code_asks_for_a_module(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/request", "mod_user"), 8);
	assert_true(t_kmsg_has("request_module(mod_user) = 0"));
	t_expect(t_exists(MODULE("mod_user")), true);
	t_expect(t_put(MODULE("mod_holder") "/parameters/request", "mod_of_nobody"), 13);
	assert_true(t_kmsg_has("request_module(mod_of_nobody) = 256"));
}

/* ---- references ---------------------------------------------------------- */

static void module_with_a_reference_does_not_unload(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/self", "1"), 1);
	t_expect(t_refcnt("mod_holder"), 1);
	t_expect(t_rmmod("mod_holder"), -EWOULDBLOCK);
	t_expect_text(MODULE("mod_holder") "/initstate", "live\n");
	t_expect(t_put(MODULE("mod_holder") "/parameters/self", "0"), 1);
	t_expect(t_rmmod("mod_holder"), 0);
}

static void symbol_got_at_run_time_is_a_reference(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/symbol", "1"), -ENXIO);
	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/symbol", "1"), 1);
	t_expect(t_rmmod("mod_exports"), -EWOULDBLOCK);
	t_expect(t_put(MODULE("mod_holder") "/parameters/symbol", "0"), 1);
	t_expect(t_rmmod("mod_exports"), 0);
}

static void only_gpl_only_symbols_are_got_at_run_time(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_insmod("mod_exports", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/lookup", "mod_exports_next"), -ENXIO);
	assert_true(t_kmsg_has("failing symbol_get of non-GPLONLY symbol mod_exports_next."));
	t_expect(t_put(MODULE("mod_holder") "/parameters/lookup", "mod_exports_gpl"), 15);
	t_expect(t_refcnt("mod_exports"), 0);
	/* the kernel's own need no reference */
	t_expect(t_put(MODULE("mod_holder") "/parameters/lookup", "device_register"), 15);
	t_expect(t_put(MODULE("mod_holder") "/parameters/lookup", "no_such_symbol"), -ENXIO);
}

static void open_sysfs_file_is_no_reference(void **state)
{
	char buf[16];
	int fd;

	t_expect(t_insmod("mod_params", NULL), 0);
	fd = t_open(PARAM("number"), O_RDONLY);
	t_expect(fd >= 0, true);
	t_expect(t_refcnt("mod_params"), 0);
	t_expect(t_rmmod("mod_params"), 0);
	t_expect(t_read(fd, buf, sizeof(buf)), -ENODEV);
	t_close(fd);
}

static void open_char_device_is_a_reference(void **state)
{
	int fd;

	t_expect(t_insmod("mod_node", NULL), 0);
	fd = t_open("/dev/mod_node", O_RDONLY);
	t_expect(fd >= 0, true);
	t_expect(t_rmmod("mod_node"), -EWOULDBLOCK);
	t_close(fd);
	t_expect(t_rmmod("mod_node"), 0);
	t_expect(t_open("/dev/mod_node", O_RDONLY), -ENOENT);
}

/* ---- flags of delete_module() --------------------------------------------- */

/* Names are as the kernel has them: dashes are a tool's affair. */
static void system_call_takes_the_name_as_it_is(void **state)
{
	t_expect(t_insmod("mod_empty", NULL), 0);
	t_expect(t_delete_module("mod-empty", O_NONBLOCK), -ENOENT);
	t_expect(t_delete_module("mod_empty ", O_NONBLOCK), -ENOENT);
	t_expect(t_delete_module("mod_empty", O_NONBLOCK), 0);
	t_expect(t_delete_module("mod_empty", 0), -ENOENT);
}

/* Linux waits for nobody any more, whatever the flags say. */
static void module_in_use_is_never_waited_for(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/self", "1"), 1);
	t_expect(t_delete_module("mod_holder", 0), -EWOULDBLOCK);
	t_expect(t_delete_module("mod_holder", O_NONBLOCK), -EWOULDBLOCK);
	t_expect(t_put(MODULE("mod_holder") "/parameters/self", "0"), 1);
	t_expect(t_delete_module("mod_holder", 0), 0);
}

static void force_unloads_what_is_in_use(void **state)
{
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_put(MODULE("mod_holder") "/parameters/self", "1"), 1);
	t_expect(t_delete_module("mod_holder", O_NONBLOCK | O_TRUNC), 0);
	assert_false(t_exists(MODULE("mod_holder")));
	t_expect(t_insmod("mod_holder", NULL), 0);
	t_expect(t_refcnt("mod_holder"), 0);
}

static void force_does_not_unload_what_others_need(void **state)
{
	t_expect(t_modprobe("mod_user", NULL), 0);
	t_expect(t_delete_module("mod_exports", O_NONBLOCK | O_TRUNC), -EWOULDBLOCK);
	t_expect_text(MODULE("mod_exports") "/initstate", "live\n");
}

/* ---- coming and going ---------------------------------------------------- */

static void module_that_is_coming_is_ebusy(void **state)
{
	struct t_task *loader;

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	hold("init");
	loader = t_task_start("insmod", insmod_main, "module_test_going");
	expect_held(loader, "init");
	t_expect_text(MODULE("module_test_going") "/initstate", "coming\n");
	t_expect(t_rmmod("module_test_going"), -EBUSY);
	release("init");
	t_expect(t_task_join(loader), 0);
	t_expect_text(MODULE("module_test_going") "/initstate", "live\n");
}

static void second_insmod_waits_for_one_that_is_coming(void **state)
{
	struct t_task *first, *second;

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	hold("init");
	first = t_task_start("insmod", insmod_main, "module_test_going");
	expect_held(first, "init");
	second = t_task_start("insmod too", insmod_main, "module_test_going");
	assert_true(t_task_wait_blocked(second));
	release("init");
	t_expect(t_task_join(first), 0);
	t_expect(t_task_join(second), -EEXIST);
}

#define GO	MODULE("mod_slow") "/parameters/go"

/* Its init waits, until the file is written, for what it is to return. */
static struct t_task *start_slow(void)
{
	struct t_task *loader = t_task_start("insmod", insmod_main, "mod_slow");

	assert_true(t_task_wait_blocked(loader));
	return loader;
}

static void second_insmod_of_one_that_fails_is_ebusy(void **state)
{
	struct t_task *first = start_slow(), *second;

	second = t_task_start("insmod too", insmod_main, "mod_slow");
	assert_true(t_task_wait_blocked(second));
	t_expect(t_put(GO, "-5"), 2);
	t_expect(t_task_join(first), -EIO);
	t_expect(t_task_join(second), -EBUSY);
	assert_false(t_exists(MODULE("mod_slow")));
}

static void user_waits_for_its_provider_to_come(void **state)
{
	struct t_task *provider = start_slow(), *user;

	user = t_task_start("insmod user", insmod_main, "mod_slow_user");
	assert_true(t_task_wait_blocked(user));
	t_expect(t_put(GO, "0"), 1);
	t_expect(t_task_join(provider), 0);
	t_expect(t_task_join(user), 0);
	t_expect(t_refcnt("mod_slow"), 1);
}

static void user_of_a_provider_that_fails_finds_no_symbol(void **state)
{
	struct t_task *provider = start_slow(), *user;

	user = t_task_start("insmod user", insmod_main, "mod_slow_user");
	assert_true(t_task_wait_blocked(user));
	t_expect(t_put(GO, "-5"), 2);
	t_expect(t_task_join(provider), -EIO);
	t_expect(t_task_join(user), -ENOENT);
	assert_true(t_kmsg_has("mod_slow_user: Unknown symbol mod_slow_value (err -2)"));
}

static void module_that_is_going_is_ebusy_and_gives_no_reference(void **state)
{
	struct t_task *unloader;

	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("module_test_going", NULL), 0);
	clear_log();
	hold("exit");
	unloader = t_rmmod_start("module_test_going");
	expect_held(unloader, "exit");
	t_expect_text(MODULE("module_test_going") "/initstate", "going\n");
	t_expect(t_rmmod("module_test_going"), -EBUSY);
	t_expect(t_insmod("module_test_going", NULL), -EBUSY);
	release("exit");
	t_expect(t_task_join(unloader), 0);
	expect_log("exit going\nrefused going\n");
	t_expect(t_insmod("module_test_going", NULL), 0);
}

static void exit_does_not_run_after_a_failed_init(void **state)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("module_test_going", "init_returns=-5"), -EIO);
	assert_false(t_exists(MODULE("module_test_going")));
	expect_log("init going\n");
	t_expect(t_refcnt("mdev_test_control"), 0);
}

/* ---- parameters ---------------------------------------------------------- */

static void parameters_have_their_defaults(void **state)
{
	t_expect(t_insmod("mod_params", NULL), 0);
	t_expect_text(PARAM("number"), "1\n");
	t_expect_text(PARAM("byte"), "0\n");
	t_expect_text(PARAM("flag"), "N\n");
	t_expect_text(PARAM("text"), "default\n");
	t_expect_text(PARAM("fixed"), "abc\n");
}

static void parameters_are_set_at_load(void **state)
{
	t_expect(t_insmod("mod_params", "number=-7 byte=255 big=0x100000000 hex=48879 flag "
			  "inverse=0 text=\"two words\" fixed=1234567 list=1,2,3 hidden=9 even=4"),
		 0);
	t_expect_text(PARAM("number"), "-7\n");
	t_expect_text(PARAM("byte"), "255\n");
	t_expect_text(PARAM("big"), "4294967296\n");
	t_expect_text(PARAM("hex"), "0x00beef\n");
	t_expect_text(PARAM("flag"), "Y\n");
	t_expect_text(PARAM("inverse"), "N\n");
	t_expect_text(PARAM("text"), "two words\n");
	t_expect_text(PARAM("fixed"), "1234567\n");
	t_expect_text(PARAM("list"), "1,2,3\n");
	t_expect_text(PARAM("even"), "4\n");
	assert_false(t_exists(PARAM("hidden")));
	assert_true(t_kmsg_has("hidden 9"));
}

static void numbers_fit_their_types(void **state)
{
	t_expect(t_insmod("mod_params", "small=-32768 wide=-5000000000 "
			  "widest=18446744073709551615 on=y"), 0);
	t_expect_text(PARAM("small"), "-32768\n");
	t_expect_text(PARAM("wide"), "-5000000000\n");
	t_expect_text(PARAM("widest"), "18446744073709551615\n");
	t_expect_text(PARAM("on"), "1\n");
	t_expect(t_put(PARAM("small"), "32768"), -ERANGE);
	t_expect(t_put(PARAM("widest"), "-1"), -EINVAL);
	t_expect(t_put(PARAM("on"), "2"), -EINVAL);
	t_expect_text(PARAM("on"), "1\n");
}

static void what_can_only_be_turned_on_stays_on(void **state)
{
	t_expect(t_insmod("mod_params", NULL), 0);
	t_expect(t_put(PARAM("once"), "0"), 1);
	t_expect(t_put(PARAM("once"), "maybe"), -EINVAL);
	t_expect(t_put(PARAM("once"), "1"), 1);
	t_expect(t_put(PARAM("once"), "0"), -EROFS);
	t_expect_text(PARAM("once"), "Y\n");
}

static void quotes_hold_an_argument_together(void **state)
{
	t_expect(t_insmod("mod_params", "\"text=two words\" number=2"), 0);
	t_expect_text(PARAM("text"), "two words\n");
	t_expect_text(PARAM("number"), "2\n");
}

static void dangerous_parameter_is_announced(void **state)
{
	t_expect(t_insmod("mod_params", NULL), 0);
	t_expect(t_put(PARAM("danger"), "1"), 1);
	assert_true(t_kmsg_has("Setting dangerous option danger - tainting kernel"));
}

static void strings_of_an_array_are_replaced(void **state)
{
	t_expect(t_insmod("mod_params", "names=one,two"), 0);
	t_expect_text(PARAM("names"), "one,two\n");
	t_expect(t_put(PARAM("names"), "three,four"), 10);
	t_expect_text(PARAM("names"), "three,four\n");
}

static void long_string_is_enospc(void **state)
{
	char text[1026];

	t_expect(t_insmod("mod_params", NULL), 0);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	t_expect(t_put(PARAM("text"), text), -ENOSPC);
	assert_true(t_kmsg_has("text: string parameter too long"));
	t_expect_text(PARAM("text"), "default\n");
	text[1024] = '\0';
	t_expect(t_put(PARAM("text"), text), 1024);
}

static void parameters_are_files_by_their_mode(void **state)
{
	struct t_stat st;

	t_expect(t_insmod("mod_params", NULL), 0);
	t_expect(t_stat(PARAM("number"), &st), 0);
	t_expect(st.mode & 07777, 0644);
	t_expect(t_stat(PARAM("byte"), &st), 0);
	t_expect(st.mode & 07777, 0444);
	t_expect(t_open(PARAM("byte"), O_WRONLY), -EACCES);
	t_expect(t_stat(PARAM("write_only"), &st), 0);
	t_expect(st.mode & 07777, 0200);
	t_expect(t_open(PARAM("write_only"), O_RDONLY), -EACCES);
}

static void parameters_are_written(void **state)
{
	t_expect(t_insmod("mod_params", NULL), 0);
	t_expect(t_put(PARAM("number"), "0x10\n"), 5);
	t_expect_text(PARAM("number"), "16\n");
	t_expect(t_put(PARAM("flag"), "on"), 2);
	t_expect_text(PARAM("flag"), "Y\n");
	t_expect(t_put(PARAM("text"), "new"), 3);
	t_expect_text(PARAM("text"), "new\n");
	t_expect(t_put(PARAM("list"), "7,8"), 3);
	t_expect_text(PARAM("list"), "7,8\n");
}

static void bad_values_change_nothing(void **state)
{
	t_expect(t_insmod("mod_params", NULL), 0);
	t_expect(t_put(PARAM("number"), "seven"), -EINVAL);
	t_expect(t_put(PARAM("number"), "99999999999"), -ERANGE);
	t_expect(t_put(PARAM("number"), "1 2"), -EINVAL);
	t_expect_text(PARAM("number"), "1\n");
	t_expect(t_put(PARAM("flag"), "maybe"), -EINVAL);
	t_expect_text(PARAM("flag"), "N\n");
	t_expect(t_put(PARAM("even"), "3"), -ERANGE);
	t_expect_text(PARAM("even"), "0\n");
	t_expect(t_put(PARAM("fixed"), "12345678"), -ENOSPC);
	t_expect_text(PARAM("fixed"), "abc\n");
}

static void bad_parameter_refuses_the_module(void **state)
{
	t_expect(t_insmod("mod_params", "number=seven"), -EINVAL);
	assert_true(t_kmsg_has("mod_params: `seven' invalid for parameter `number'"));
	t_expect(t_insmod("mod_params", "fixed=12345678"), -ENOSPC);
	assert_true(t_kmsg_has("fixed: string doesn't fit in 7 chars."));
	assert_true(t_kmsg_has("mod_params: `12345678' too large for parameter `fixed'"));
	t_expect(t_insmod("mod_params", "list=1,2,3,4,5"), -EINVAL);
	assert_true(t_kmsg_has("list: can only take 4 arguments"));
	t_expect(t_insmod("mod_params", "text=kept even=1"), -ERANGE);
	t_expect(t_insmod("mod_params", "byte=256"), -ERANGE);
	t_expect(t_insmod("mod_params", "number"), -EINVAL);
	t_expect(t_insmod("mod_params", "lost=1"), -ENOENT);
	assert_true(t_kmsg_has("mod_params: Unknown parameter `lost'"));
	assert_false(t_exists(MODULE("mod_params")));
}

static void unknown_parameter_is_ignored_with_a_message(void **state)
{
	t_expect(t_insmod("mod_params", "nonsense=1 =x number=5 -- rest=1"), 0);
	assert_true(t_kmsg_has("mod_params: parameters 'rest=1' after `--' ignored"));
	assert_true(t_kmsg_has("mod_params: unknown parameter 'nonsense' ignored"));
	assert_true(t_kmsg_has("mod_params: unknown parameter '=x' ignored"));
	t_expect_text(PARAM("number"), "5\n");
}

/* What it looks for is before any dot, and of what it does not know it keeps that. */
static void parameters_of_dynamic_debug_are_taken(void **state)
{
	t_expect(t_insmod("mod_params", "dyndbg other.dyndbg=+p dyndbg=+p number=5"), 0);
	assert_false(t_kmsg_has("unknown parameter"));
	t_expect_text(PARAM("number"), "5\n");
	t_expect(t_rmmod("mod_params"), 0);
	t_expect(t_insmod("mod_params", "mod_params.number=6 other.dyndbgs=1"), 0);
	assert_true(t_kmsg_has("mod_params: unknown parameter 'mod_params' ignored"));
	assert_true(t_kmsg_has("mod_params: unknown parameter 'other' ignored"));
	t_expect_text(PARAM("number"), "1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(loaded_module_has_a_directory),
		T_TEST(init_and_exit_are_run),
		T_TEST(size_of_a_module_is_told),
		T_TEST(second_insmod_is_eexist),
		T_TEST(rmmod_of_what_is_not_loaded_is_enoent),
		T_TEST(insmod_and_modprobe_of_nothing_are_enoent),
		T_TEST(error_of_init_is_insmods),
		T_TEST(positive_return_of_init_is_only_suspicious),
		T_TEST(module_without_init_and_exit_unloads),
		T_TEST(static_data_is_new_after_each_load),
		T_TEST(loading_is_announced),
		T_TEST(written_uevent_is_sent),
		T_TEST(what_init_needed_is_gone_afterwards),
		T_TEST(missing_provider_is_enoent),
		T_TEST(user_holds_its_provider),
		T_TEST(modprobe_loads_what_is_needed_first),
		T_TEST(modprobe_takes_aliases),
		T_TEST(modprobe_takes_dashes_for_underscores),
		T_TEST(modprobe_gives_parameters_to_the_module_alone),
		T_TEST(events_load_modules_by_alias),
		T_TEST(soft_dependencies_come_along),
		T_TEST(soft_dependencies_are_not_insmods),
		T_TEST(kernel_code_asks_for_a_module),
		T_TEST(module_with_a_reference_does_not_unload),
		T_TEST(symbol_got_at_run_time_is_a_reference),
		T_TEST(only_gpl_only_symbols_are_got_at_run_time),
		T_TEST(open_sysfs_file_is_no_reference),
		T_TEST(open_char_device_is_a_reference),
		T_TEST(system_call_takes_the_name_as_it_is),
		T_TEST(module_in_use_is_never_waited_for),
		T_TEST(force_unloads_what_is_in_use),
		T_TEST(force_does_not_unload_what_others_need),
		T_TEST(module_that_is_coming_is_ebusy),
		T_TEST(second_insmod_waits_for_one_that_is_coming),
		T_TEST(second_insmod_of_one_that_fails_is_ebusy),
		T_TEST(user_waits_for_its_provider_to_come),
		T_TEST(user_of_a_provider_that_fails_finds_no_symbol),
		T_TEST(module_that_is_going_is_ebusy_and_gives_no_reference),
		T_TEST(exit_does_not_run_after_a_failed_init),
		T_TEST(parameters_have_their_defaults),
		T_TEST(parameters_are_set_at_load),
		T_TEST(numbers_fit_their_types),
		T_TEST(what_can_only_be_turned_on_stays_on),
		T_TEST(quotes_hold_an_argument_together),
		T_TEST(dangerous_parameter_is_announced),
		T_TEST(strings_of_an_array_are_replaced),
		T_TEST(long_string_is_enospc),
		T_TEST(parameters_are_files_by_their_mode),
		T_TEST(parameters_are_written),
		T_TEST(bad_values_change_nothing),
		T_TEST(bad_parameter_refuses_the_module),
		T_TEST(unknown_parameter_is_ignored_with_a_message),
		T_TEST(parameters_of_dynamic_debug_are_taken),
	};

	return t_run("modules", tests);
}
