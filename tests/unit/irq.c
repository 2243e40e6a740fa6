// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts as only this side can show them: storms, a handler that runs at every
 * point of free_irq(), what locks a handler may take and what it may do, and what is
 * told of memory that is freed while an interrupt still needs it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "child.h"
#include "irq.h"
#include "report.h"
#include "umdev/umdev.h"
#include "on_fibers.h"

static int setup(void **state)
{
	return k_irq_setup();
}

static int teardown(void **state)
{
	k_irq_teardown();
	return um_check_splats();
}

/* In a child whose time does not pass by itself: a storm is one if it does not pause. */
static const char *storm(const char *name)
{
	static char text[65536];

	setenv("UMDEV_TASKS", "fibers", 1);
	setenv("UMDEV_DETECTORS", "off", 1);
	run_child(name, text, sizeof(text));
	unsetenv("UMDEV_TASKS");
	unsetenv("UMDEV_DETECTORS");
	return text;
}

static void line_that_nobody_cares_for_is_given_up(void **state)
{
	report_says(storm("storm"), (const char *const []){
		"nobody cared (try booting with the \"irqpoll\" option)", "handlers:", "count",
		"Disabling IRQ #", "100000 of 100500", NULL });
}

static void line_that_is_handled_is_not(void **state)
{
	report_says(storm("handled"), (const char *const []){ "100500 of 100500", NULL });
}

/* On a new line: an old one may have kept an interrupt, which would come again by itself. */
static long make_device(void *arg)
{
	k_irq_teardown();
	return k_irq_setup() ?: k_make_device();
}

static long raise_it(void *arg)
{
	k_raise();
	return 0;
}

static long free_it(void *arg)
{
	k_free_device();
	return 0;
}

static long is_off(void *arg, long first, long second)
{
	return !k_is_off();
}

static void freeing_waits_for_the_handler_at_each_point(void **state)
{
	const struct um_interleaving raised = {
		.name = "raise, free", .setup = make_device, .first = raise_it, .second = free_it,
		.check = is_off,
	};
	const struct um_interleaving freed = {
		.name = "free, raise", .setup = make_device, .first = free_it, .second = raise_it,
		.check = is_off,
	};

	assert_true(um_interleave(&raised) > 5);
	assert_true(um_interleave(&freed) > 5);
}

static void lock_that_interrupts_take_is_taken_with_them_off(void **state)
{
	um_expect_splat("inconsistent lock state: lock_unsafe is taken in an interrupt by");
	k_lock_unsafe();
	k_lock_safe();
}

static void waiting_for_a_handler_with_its_lock_held_is_told(void **state)
{
	um_expect_splat("possible circular locking");
	k_wait_with_its_lock();
}

static void sleeping_in_a_handler_is_told(void **state)
{
	um_expect_splat("sleeping function called from invalid context at sleep (");
	k_sleep_in_handler();
}

static void handler_that_enables_interrupts_is_told(void **state)
{
	um_expect_splat("handler enable");
	k_enable_interrupts_in_handler();
}

static void interrupt_comes_elsewhere_while_they_are_off(void **state)
{
	assert_true(k_raise_with_irqs_off());
}

/* ---- what is freed in use: each fault is the end of a process ----------------- */

static const struct {
	const char *name;
	void (*run)(int clean);
	const char *told;
} cases[] = {
	{ "dev_id", k_free_dev_id, "active: kfree() frees memory that holds a dev_id of an interrupt handler, which will call note (tests/unit/irq_kern.c:" },
	{ "tasklet", k_free_tasklet, "active: kfree() frees memory that holds a tasklet, which will call nothing (tests/unit/irq_kern.c:" },
	{ "irq_work", k_free_irq_work, "active: kfree() frees memory that holds a irq_work, which will call no_work (tests/unit/irq_kern.c:" },
};

#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static void memory_that_an_interrupt_needs_is_told(void **state)
{
	static char text[65536];
	size_t i;

	for (i = 0; i < N_CASES; i++) {
		run_child(cases[i].name, text, sizeof(text));
		if (strstr(text, cases[i].told))
			continue;
		print_error("%s: no '%s' in:\n%s\n", cases[i].name, cases[i].told, text);
		fail();
	}
}

static void memory_that_none_needs_is_not(void **state)
{
	size_t i;

	for (i = 0; i < N_CASES; i++)
		cases[i].run(1);
	assert_int_equal(um_check_splats(), 0);
}

static int child_main(const char *name)
{
	size_t i;

	if (um_boot(NULL) || k_irq_setup())
		return 1;
	um_console_level(7);
	if (!strcmp(name, "storm") || !strcmp(name, "handled"))
		fprintf(stderr, "%u of 100500\n", k_storm(100500, name[0] == 'h'));
	for (i = 0; i < N_CASES; i++)
		if (!strcmp(cases[i].name, name))
			cases[i].run(0);
	_exit(0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(line_that_nobody_cares_for_is_given_up),
		TEST(line_that_is_handled_is_not),
		TEST(freeing_waits_for_the_handler_at_each_point),
		TEST(lock_that_interrupts_take_is_taken_with_them_off),
		TEST(waiting_for_a_handler_with_its_lock_held_is_told),
		TEST(sleeping_in_a_handler_is_told),
		TEST(handler_that_enables_interrupts_is_told),
		TEST(interrupt_comes_elsewhere_while_they_are_off),
		TEST(memory_that_an_interrupt_needs_is_told),
		TEST(memory_that_none_needs_is_not),
	};

	on_fibers(argv);
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("irq", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
