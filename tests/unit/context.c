// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of the context of a task: what may not be done while interrupts and
 * bottom halves are off, and locks that are shared with who interrupts. Each report
 * comes from a run of one task, in which nothing goes wrong. What a task sees of its
 * context is in contract/context.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "child.h"
#include "context.h"
#include "report.h"
#include "umdev/umdev.h"

static uint64_t seq;

static int setup(void **state)
{
	seq = um_kmsg_seq();
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats();
}

#define says_now(...) \
	report_says(report_text(&seq), (const char *const []){ __VA_ARGS__, NULL })

static void sleeping_with_interrupts_off_is_told(void **state)
{
	um_expect_splat("sleeping function called from invalid context at k_sleep_with_irqs_off");
	k_sleep_with_irqs_off();
	says_now("interrupts off since k_sleep_with_irqs_off (tests/unit/context_kern.c:");
}

static void sleeping_with_bottom_halves_off_is_told(void **state)
{
	um_expect_splat("sleeping function called from invalid context at k_sleep_with_bh_off");
	k_sleep_with_bh_off();
	says_now("atomic since k_sleep_with_bh_off (tests/unit/context_kern.c:");
}

static void unlock_that_restores_nothing_is_told_with_its_lock(void **state)
{
	um_expect_splat("returns to user space (test) with interrupts off, since k_unlock_without_restore (");
	k_unlock_without_restore();
	assert_int_equal(um_check_splats(), 0);
	/* told, and put right */
	assert_int_equal(k_irq_states(), 0x3f);
}

static void restore_of_what_was_not_saved_is_told(void **state)
{
	um_expect_splat("called with IRQs enabled");
	k_restore_without_save();
}

static void bottom_halves_enabled_too_often_are_told(void **state)
{
	um_expect_splat("local_bh_enable() without local_bh_disable()");
	k_enable_bh_too_often();
	assert_int_equal(um_check_splats(), 0);
	assert_int_equal(k_bh_states(), 0xf);
}

static void lock_shared_with_a_timer_is_reported(void **state)
{
	um_expect_splat("inconsistent lock state: unsafe_lock is taken in a softirq by timers, and with softirqs on by main");
	k_timer_lock_unsafe();
	says_now("unsafe_lock was taken in a softirq at", "unsafe_fn (tests/unit/context_kern.c:",
		 "unsafe_lock was taken with softirqs on at",
		 "k_timer_lock_unsafe (tests/unit/context_kern.c:");
	/* told once */
	k_timer_lock_unsafe();
}

static void lock_that_keeps_the_timer_out_is_no_fault(void **state)
{
	k_timer_lock_safe();
	k_timer_lock_saved();
}

static void lock_shared_with_an_interrupt_is_reported(void **state)
{
	k_irq_lock_with_irqs_off();
	assert_int_equal(um_check_splats(), 0);
	um_expect_splat("inconsistent lock state: irq_lock is taken in an interrupt by main, and with interrupts on by main");
	k_irq_lock_with_bh_off();
}

static void interrupts_turned_on_under_a_lock_are_reported(void **state)
{
	um_expect_splat("inconsistent lock state: early_lock is taken in an interrupt");
	k_irqs_on_with_lock_held();
}

static void lock_taken_under_one_shared_with_a_timer_is_reported(void **state)
{
	um_expect_splat("possible interrupt lock inversion: outer_lock, taken in a softirq, is held where inner_lock is wanted, which is taken with softirqs on");
	k_inversion();
}

static void lock_that_nobody_interrupts_is_no_inversion(void **state)
{
	k_no_inversion();
}

static void inversion_over_several_locks_is_reported(void **state)
{
	um_expect_splat("possible interrupt lock inversion: far_lock, taken in a softirq, is held where near_lock is wanted, which is taken with softirqs on");
	k_inversion_over_others();
	says_now("the order, in main: far_lock, then middle_lock",
		 "the order, in main: middle_lock, then near_lock", "k_inversion_over_others");
}

static void readers_between_make_no_inversion(void **state)
{
	k_no_inversion_over_readers();
}

static void readers_in_an_interrupt_are_no_fault(void **state)
{
	k_shared_readers();
}

static void condition_that_sleeps_is_told(void **state)
{
	um_expect_splat("do not call blocking ops when !TASK_RUNNING; state=1 set at k_condition_that_sleeps (tests/unit/context_kern.c:");
	k_condition_that_sleeps(1);
	says_now("sleeps at present (tests/unit/context_kern.c:");
}

static void condition_that_is_looked_at_before_is_not(void **state)
{
	k_condition_that_sleeps(0);
}

static void condition_that_allocates_is_told_if_that_may_sleep(void **state)
{
	um_expect_splat("do not call blocking ops when !TASK_RUNNING; state=2 set at k_condition_that_allocates (");
	k_condition_that_allocates();
}

static void wait_ends_in_the_running_state(void **state)
{
	k_wait_after_wait();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(sleeping_with_interrupts_off_is_told),
		T(sleeping_with_bottom_halves_off_is_told),
		T(unlock_that_restores_nothing_is_told_with_its_lock),
		T(restore_of_what_was_not_saved_is_told),
		T(bottom_halves_enabled_too_often_are_told),
		T(lock_shared_with_a_timer_is_reported),
		T(lock_that_keeps_the_timer_out_is_no_fault),
		T(lock_shared_with_an_interrupt_is_reported),
		T(interrupts_turned_on_under_a_lock_are_reported),
		T(lock_taken_under_one_shared_with_a_timer_is_reported),
		T(lock_that_nobody_interrupts_is_no_inversion),
		T(inversion_over_several_locks_is_reported),
		T(readers_between_make_no_inversion),
		T(readers_in_an_interrupt_are_no_fault),
		T(condition_that_sleeps_is_told),
		T(condition_that_is_looked_at_before_is_not),
		T(condition_that_allocates_is_told_if_that_may_sleep),
		T(wait_ends_in_the_running_state),
	};

	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("context", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
