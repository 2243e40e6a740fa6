// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt handlers and tasklets: in what context they run, who may share a line,
 * what is waited for, what becomes of an interrupt that comes while its line is off.
 * tests/modules/irq_test.c has the line.
 */
#include "target.h"

#define DO	"/sys/devices/irq_test/do"
#define LOG	"/sys/devices/irq_test/log"

static int try_to(const char *cmd)
{
	ssize_t n = t_put(DO, cmd);

	return n < 0 ? n : 0;
}

static void expect_log(const char *want)
{
	char got[256] = "";

	t_get(LOG, got, sizeof(got));
	assert_string_equal(got, want);
	t_expect(try_to("clear"), 0);
}

static void begin(void)
{
	t_expect(t_insmod("irq_test", NULL), 0);
}

static void end(void)
{
	t_expect(t_rmmod("irq_test"), 0);
}

static void handler_runs_in_the_interrupt(void **state)
{
	begin();
	t_expect(try_to("request a"), 0);
	t_expect(try_to("raise"), 0);
	expect_log("a hard\n");
	t_expect(try_to("free a"), 0);
	t_expect(try_to("raise"), 0);
	expect_log("");
	end();
}

static void handler_pins_who_made_the_line(void **state)
{
	begin();
	t_expect(t_refcnt("irq_test"), 0);
	t_expect(try_to("request a"), 0);
	t_expect(t_refcnt("irq_test"), 1);
	t_expect(t_rmmod("irq_test"), -EWOULDBLOCK);
	t_expect(try_to("free a"), 0);
	t_expect(t_refcnt("irq_test"), 0);
	end();
}

static void all_handlers_of_a_shared_line_are_called(void **state)
{
	begin();
	t_expect(try_to("request a shared none"), 0);
	t_expect(try_to("request b shared"), 0);
	t_expect(try_to("raise"), 0);
	expect_log("a hard\nb hard\n");
	t_expect(try_to("free a"), 0);
	t_expect(try_to("raise"), 0);
	expect_log("b hard\n");
	t_expect(try_to("free b"), 0);
	end();
}

static void line_is_shared_if_all_agree(void **state)
{
	begin();
	t_expect(try_to("request a"), 0);
	t_expect(try_to("request b shared"), -EBUSY);
	assert_true(t_kmsg_has("Flags mismatch irq"));
	t_expect(try_to("free a"), 0);
	t_expect(try_to("request a shared"), 0);
	t_expect(try_to("request b shared thread oneshot"), -EBUSY);
	t_expect(try_to("request b"), -EBUSY);
	t_expect(try_to("free a"), 0);
	end();
}

static void shared_line_is_enabled_by_itself(void **state)
{
	begin();
	t_expect(try_to("request a shared noautoen"), -EINVAL);
	end();
}

static void thread_runs_when_the_handler_asks(void **state)
{
	begin();
	t_expect(try_to("request a thread wake"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("sync"), 0);
	expect_log("a hard\nA task\n");
	t_expect(try_to("free a"), 0);
	t_expect(try_to("request a thread"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("sync"), 0);
	expect_log("a hard\n");
	t_expect(try_to("free a"), 0);
	end();
}

static void thread_alone_has_to_be_oneshot(void **state)
{
	begin();
	t_expect(try_to("request a thread only"), -EINVAL);
	assert_true(t_kmsg_has("Threaded irq requested with handler=NULL and !ONESHOT for irq_test"));
	t_expect(try_to("request a only"), -EINVAL);
	t_expect(try_to("request a thread only oneshot"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("sync"), 0);
	expect_log("A task\n");
	t_expect(try_to("free a"), 0);
	end();
}

static void interrupt_of_a_disabled_line_comes_when_it_is_enabled(void **state)
{
	begin();
	t_expect(try_to("request a"), 0);
	t_expect(try_to("disable"), 0);
	t_expect(try_to("disable_nosync"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("enable"), 0);
	expect_log("");
	t_expect(try_to("enable"), 0);
	t_expect(try_to("await 1"), 0);
	/* the handler has said so; it has to have ended before the next one is raised */
	t_expect(try_to("sync"), 0);
	/* brought by software: the line's controller has forgotten it */
	expect_log("a soft, interrupts off\n");
	t_expect(try_to("raise"), 0);
	expect_log("a hard\n");
	t_expect(try_to("free a"), 0);
	end();
}

static void line_that_is_not_enabled_waits_for_it(void **state)
{
	begin();
	t_expect(try_to("request a noautoen"), 0);
	expect_log("");
	t_expect(try_to("enable"), 0);
	t_expect(try_to("raise"), 0);
	expect_log("a hard\n");
	t_expect(try_to("free a"), 0);
	end();
}

static void enabling_too_often_is_warned_of(void **state)
{
	begin();
	t_expect(try_to("request a"), 0);
	t_expect_splat("Unbalanced enable for IRQ");
	t_expect(try_to("enable"), 0);
	t_expect(try_to("free a"), 0);
	end();
}

static void freeing_twice_is_warned_of(void **state)
{
	begin();
	t_expect(try_to("request a"), 0);
	t_expect(try_to("free a"), 0);
	t_expect_splat("Trying to free already-free IRQ");
	t_expect(try_to("free a"), -ENOENT);
	end();
}

static void waits_for_the_thread(const char *cmd)
{
	struct t_task *task;

	begin();
	t_expect(try_to("request a thread wake oneshot"), 0);
	t_expect(try_to("hold a"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("await 2"), 0);
	task = t_put_start(DO, cmd);
	assert_true(t_task_wait_blocked(task));
	t_expect(try_to("let a"), 0);
	t_expect(t_task_join(task), strlen(cmd));
	expect_log("a hard\nA task\n");
}

static void freeing_waits_for_the_thread(void **state)
{
	waits_for_the_thread("free a");
	end();
}

static void synchronizing_waits_for_the_thread(void **state)
{
	waits_for_the_thread("sync");
	t_expect(try_to("free a"), 0);
	end();
}

static void disabling_waits_for_the_thread(void **state)
{
	waits_for_the_thread("disable");
	t_expect(try_to("free a"), 0);
	end();
}

static void tasklet_runs_behind_the_interrupt(void **state)
{
	begin();
	t_expect(try_to("request a"), 0);
	t_expect(try_to("tasklet"), 0);
	t_expect(try_to("raise"), 0);
	t_expect(try_to("tasklet kill"), 0);
	expect_log("a hard\nt soft\n");
	t_expect(try_to("free a"), 0);
	end();
}

static void disabled_tasklet_runs_when_it_is_enabled(void **state)
{
	begin();
	t_expect(try_to("tasklet disable"), 0);
	t_expect(try_to("tasklet schedule"), 0);
	t_expect(try_to("tasklet schedule"), 0);
	expect_log("");
	t_expect(try_to("tasklet enable"), 0);
	t_expect(try_to("tasklet kill"), 0);
	expect_log("t soft\n");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(handler_runs_in_the_interrupt),
		T_TEST(handler_pins_who_made_the_line),
		T_TEST(all_handlers_of_a_shared_line_are_called),
		T_TEST(line_is_shared_if_all_agree),
		T_TEST(shared_line_is_enabled_by_itself),
		T_TEST(thread_runs_when_the_handler_asks),
		T_TEST(thread_alone_has_to_be_oneshot),
		T_TEST(interrupt_of_a_disabled_line_comes_when_it_is_enabled),
		T_TEST(line_that_is_not_enabled_waits_for_it),
		T_TEST(enabling_too_often_is_warned_of),
		T_TEST(freeing_twice_is_warned_of),
		T_TEST(freeing_waits_for_the_thread),
		T_TEST(synchronizing_waits_for_the_thread),
		T_TEST(disabling_waits_for_the_thread),
		T_TEST(tasklet_runs_behind_the_interrupt),
		T_TEST(disabled_tasklet_runs_when_it_is_enabled),
	};

	return t_run("irq", tests);
}
