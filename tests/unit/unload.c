// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of a module that goes, and of whom: callbacks that would call
 * it, objects that it leaves, objects that others hold; and that nobody is
 * accused of what another task holds for a moment, at its points.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "points.h"
#include "unload.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#define UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define TYPE	"/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1"
#define DRIVER	"/sys/bus/mdev/drivers/vfio_mdev"

static int setup(void **state)
{
	um_audit_mark();
	return 0;
}

/* ---- callbacks: what is queued lies in what is gone then, the end of a process ------ */

static int load_and_unload(const char *params)
{
	int err = um_insmod("mod_late", params);

	return err ? err : um_rmmod("mod_late");
}

static void exit_that_waits_for_all_is_not(void **state)
{
	assert_int_equal(load_and_unload("what=rcu clean=1"), 0);
	assert_int_equal(load_and_unload("what=rcu_waited clean=1"), 0);
	assert_int_equal(load_and_unload("what=srcu clean=1"), 0);
	assert_int_equal(load_and_unload("what=srcu_reader clean=1"), 0);
	assert_int_equal(load_and_unload("what=timer clean=1"), 0);
	assert_int_equal(load_and_unload("what=hrtimer clean=1"), 0);
	assert_int_equal(load_and_unload("what=delayed clean=1"), 0);
	assert_int_equal(load_and_unload("what=work clean=1"), 0);
	assert_int_equal(load_and_unload("what=tasklet clean=1"), 0);
	assert_int_equal(load_and_unload("what=irq clean=1"), 0);
}

/* Always, not only when the callback comes late: several times. */
static void exit_without_a_barrier_is_told(void **state)
{
	int i;

	for (i = 0; i < 5; i++)
		told_by_a_child("rcu", "module mod_late is unloaded and RCU will call late_rcu "
				       "(tests/modules/mod_late.c:");
	told_by_a_child("rcu_waited", "its exit lacks rcu_barrier()");
	told_by_a_child("srcu", "module mod_late is unloaded and SRCU will call late_rcu "
				"(tests/modules/mod_late.c:");
	told_by_a_child("srcu", "its exit lacks srcu_barrier()");
}

static void domain_with_a_reader_is_told(void **state)
{
	told_by_a_child("srcu_reader", "module mod_late is unloaded and its SRCU domain late_srcu "
				       "has 1 readers");
}

static void probe_of_a_tracepoint_is_told(void **state)
{
	told_by_a_child("probe", "module mod_probe is unloaded and a tracepoint will call late_probe "
				 "(tests/modules/mod_probe.c:");
	assert_int_equal(um_modprobe("mod_probe", "clean=1"), 0);
	assert_int_equal(um_rmmod("mod_probe"), 0);
	assert_int_equal(um_rmmod("trace_test"), 0);
	assert_int_equal(um_rmmod("mdev_test_control"), 0);
}

static void pending_timers_are_told(void **state)
{
	told_by_a_child("timer", "module mod_late is unloaded and a timer will call late_timer "
				 "(tests/modules/mod_late.c:");
	told_by_a_child("hrtimer", "module mod_late is unloaded and a timer will call late_hrtimer "
				   "(tests/modules/mod_late.c:");
	told_by_a_child("delayed", "module mod_late is unloaded and a timer will call late_work "
				   "(tests/modules/mod_late.c:");
	told_by_a_child("timer fail=1", "its init lacks del_timer_sync()");
}

static void interrupts_that_may_come_are_told(void **state)
{
	told_by_a_child("tasklet", "module mod_late is unloaded and a tasklet will call "
				   "late_tasklet_fn (tests/modules/mod_late.c:");
	told_by_a_child("irq", "module mod_late is unloaded and an interrupt will call "
			       "late_handler (tests/modules/mod_late.c:");
	told_by_a_child("irq", "its exit lacks free_irq()");
}

/*
 * Found under the lock of all that waits, which the report must not want; if nobody
 * told it before, and took it out.
 */
static void pending_timer_in_memory_that_is_gone_is_told(void **state)
{
	setenv("UMDEV_DETECTORS", "off", 1);
	told_by_a_child("walk", "it was data of a module that is gone, at ");
	unsetenv("UMDEV_DETECTORS");
	told_by_a_child("walk", "timers go on");
}

/* ---- what lies in the data of a module, for functions of another ------------------- */

static const struct {
	const char *what, *told;
} data[] = {
	{ "timer", "is unloaded and a timer will call called_timer (tests/modules/mod_called.c:" },
	{ "timer", ") with its data: its exit lacks del_timer_sync(), hrtimer_cancel() or cancel_delayed_work_sync()" },
	{ "hrtimer", "is unloaded and a timer will call called_hrtimer (" },
	{ "work", "is unloaded and a work item will call called_work (" },
	{ "delayed", "is unloaded and a timer will call called_work (" },
	{ "tasklet", "is unloaded and a tasklet will call called_tasklet (" },
	{ "kwork", "is unloaded and a kthread_work will call called_kwork (" },
	{ "kdelayed", "is unloaded and a timer will call called_kwork (" },
	{ "rcu", "is unloaded and RCU will call called_rcu (" },
	{ "rcu_pending", "is unloaded and RCU will call called_rcu (" },
	{ "srcu", "is unloaded and SRCU will call called_rcu (" },
	{ "irq", "is unloaded and an interrupt will call called_handler (" },
	{ "completion", "is unloaded, and its data holds a completion, which task called waits for" },
	{ "queue", "is unloaded, and its data holds a wait queue, on which task called waits" },
	{ "object", "is unloaded and leaves 1 object alive" },
};

static void what_others_have_of_its_data_is_told(void **state)
{
	char child[32];
	size_t i;

	for (i = 0; i < sizeof(data) / sizeof(data[0]); i++) {
		snprintf(child, sizeof(child), "data %s", data[i].what);
		told_by_a_child(child, data[i].told);
	}
}

static void load_data(const char *what, bool clean)
{
	char params[64];

	snprintf(params, sizeof(params), "what=%s clean=%d", what, clean);
	assert_int_equal(um_modprobe("mod_data", params), 0);
}

/* A thread that is about to wait may be found or not: none runs when this has returned. */
static void settle(void)
{
	um_task_wait_blocked(um_task_start("last", k_wait_for_ever, NULL));
}

static void data_that_nobody_has_is_not(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(data) / sizeof(data[0]); i++) {
		load_data(data[i].what, true);
		assert_int_equal(um_rmmod("mod_data"), 0);
	}
	assert_int_equal(um_rmmod("mod_called"), 0);
}

/* What ASan has to say of a global, it looks for among those of modules that are gone, too. */
static void asan_tells_of_a_global_after_an_unload(void **state)
{
#ifdef HAVE_ASAN
	told_by_a_child("overrun", "ASan: global-buffer-overflow on address ");
	told_by_a_child("overrun", "in k_overrun (tests/unit/unload_kern.c:");
	told_by_a_child("overrun", "is located 2 bytes ");
#else
	puts("SKIP: this build has no ASan (preset test has)");
	skip();
#endif
}

static void start_reader(void)
{
	um_task_start("reader", k_read_rcu, NULL);
	k_wait_reader();
}

static int child_main(const char *what)
{
	char params[64];

	if (um_boot(NULL))
		return 1;
	um_console_level(7);
	end_in_time(60);
	snprintf(params, sizeof(params), "what=%s", what);
	if (!strcmp(what, "overrun")) {
		load_and_unload("what=rcu clean=1");
		_exit(k_overrun(10));
	}
	if (!strcmp(what, "probe")) {
		um_modprobe("mod_probe", NULL);
		um_rmmod("mod_probe");
		_exit(0);
	}
	if (!strcmp(what, "walk")) {
		load_and_unload("what=timer");
		k_arm_and_disarm();
		fprintf(stderr, "timers go on\n");
		_exit(0);
	}
	if (!strncmp(what, "data ", 5)) {
		bool reader = !strcmp(what + 5, "rcu_pending");

		if (reader)
			start_reader();
		load_data(what + 5, false);
		if (!reader)
			settle();
		um_rmmod("mod_data");
		_exit(0);
	}
	load_and_unload(params);
	_exit(0);
}

/* ---- objects --------------------------------------------------------------------- */

static void holder_is_accused_and_not_the_maker(void **state)
{
	assert_int_equal(um_insmod("mod_lender", NULL), 0);
	assert_int_equal(um_insmod("mod_borrower", NULL), 0);
	assert_int_equal(um_rmmod("mod_borrower"), 0);
	um_expect_splat("module mod_borrower holds 1 object of module mod_lender, which is unloaded");
	assert_int_equal(um_rmmod("mod_lender"), 0);
	um_audit_mark();
}

static long make_a_call(void *arg)
{
	return put("/sys/module/mod_params/parameters/byte", "1");
}

/* A leak is one also while others are in system calls: told when they have come out. */
static void leak_is_told_when_the_calls_are_over(void **state)
{
	struct um_task *task;

	assert_int_equal(um_insmod("mod_params", NULL), 0);
	assert_int_equal(um_insmod("leaky", NULL), 0);
	task = um_task_start_held("holder", make_a_call, NULL, 8);
	assert_true(um_task_wait_held(task));
	assert_int_equal(um_rmmod("leaky"), 0);
	assert_int_equal(um_check_splats(), 0);
	um_expect_splat("module leaky is unloaded and leaves 1 object alive");
	um_task_resume(task);
	um_task_join(task);
	um_audit_mark();
}

static const char *action;

static long act(void *arg)
{
	if (!strcmp(action, "probe"))
		return put("/sys/bus/mdev/drivers_probe", UUID);
	if (!strcmp(action, "uevent"))
		return put("/sys/bus/mdev/devices/" UUID "/uevent", "change");
	put(DRIVER "/unbind", UUID);
	return strcmp(action, "bind") ? 0 : put(DRIVER "/bind", UUID);
}

static long unload(void *arg)
{
	return um_rmmod(arg);
}

/* False when the task has fewer points than @n. */
static bool unload_at(const char *module, unsigned long n)
{
	struct um_task *first, *second;
	bool held;

	assert_int_equal(um_modprobe("mtty", NULL), 0);
	assert_int_equal(um_modprobe("vfio_mdev", NULL), 0);
	assert_int_equal(put(TYPE "/create", UUID), 36);
	first = um_task_start_held("first", act, NULL, n);
	held = um_task_wait_held(first);
	second = um_task_start("second", unload, (void *)module);
	um_task_wait_blocked(second);
	if (held)
		um_task_resume(first);
	um_task_join(first);
	um_task_join(second);
	if (um_check_splats())
		fail_msg("%s held at point %lu", action, n);
	um_rmmod("mtty");
	um_rmmod("vfio_mdev");
	return held;
}

static void task_that_holds_for_a_moment_makes_no_leak(void **state)
{
	static const char *const actions[] = { "bind", "unbind", "probe", "uevent" };
	unsigned long n, i;

	for (i = 0; i < 4; i++) {
		action = actions[i];
		/* every fifth, not the same for each: all of them are a minute's work */
		for (n = 1 + i; unload_at("mtty", n); n += 5)
			;
	}
}

/* Its name is in the event: the driver stays until that was read, or is not found. */
static void event_that_names_a_driver_may_meet_its_unload(void **state)
{
	unsigned long n;

	action = "uevent";
	for (n = 1; unload_at("vfio_mdev", n); n += 3)
		;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(exit_without_a_barrier_is_told),
		POINTS_TEST(domain_with_a_reader_is_told),
		POINTS_TEST(probe_of_a_tracepoint_is_told),
		POINTS_TEST(exit_that_waits_for_all_is_not),
		POINTS_TEST(pending_timers_are_told),
		POINTS_TEST(interrupts_that_may_come_are_told),
		POINTS_TEST(pending_timer_in_memory_that_is_gone_is_told),
		POINTS_TEST(what_others_have_of_its_data_is_told),
		POINTS_TEST(data_that_nobody_has_is_not),
		POINTS_TEST(asan_tells_of_a_global_after_an_unload),
		POINTS_TEST(holder_is_accused_and_not_the_maker),
		POINTS_TEST(leak_is_told_when_the_calls_are_over),
		POINTS_TEST(task_that_holds_for_a_moment_makes_no_leak),
		POINTS_TEST(event_that_names_a_driver_may_meet_its_unload),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	return run_points("unload", tests);
}
