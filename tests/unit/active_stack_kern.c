// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of active_stack.c: objects on stacks. */
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "active.h"
#include "active_cases.h"
#include "fs/internal.h"
#include "umdev/umdev.h"

/* What does not lie there. */
struct thing {
	struct timer_list timer;
	struct work_struct work;
	struct completion done;
};

static struct thing *thing;

static void make(bool unused)
{
	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	init_completion(&thing->done);
}

static void go_on(bool unused)
{
	timers_and_work_go_on();
}

/*
 * Far below what comes after it: until what was left is told of, nobody writes to where
 * it lies, be it the end of a system call or who uses it; and the thread of the timers may
 * look at it. A report takes more of main's stack than other tasks have, which tell
 * nothing. No sanitizer's calls come behind fn(): they would be as deep.
 */
#define OF_MAIN	SZ_2M
#define OF_TASK	SZ_128K

static noinline __no_sanitize_address __no_sanitize_thread
char deep(size_t room, void (*fn)(bool clean), bool clean)
{
	volatile char *above = __builtin_alloca(room);

	above[0] = 0;
	fn(clean);
	return above[0];
}

/* ---- a helper arms it and returns, or waits for its end before ------------------------ */

static noinline void arm_on_stack(bool clean)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, thing_timer, 0);
	mod_timer(&timer, jiffies + LATER);
	if (!clean)
		return;
	del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
}

static noinline void delay_on_stack(bool clean)
{
	struct delayed_work delayed;

	INIT_DELAYED_WORK_ONSTACK(&delayed, thing_work);
	schedule_delayed_work(&delayed, LATER);
	if (!clean)
		return;
	cancel_delayed_work_sync(&delayed);
	destroy_delayed_work_on_stack(&delayed);
}

static struct completion *done_on_stack;

static long wait_for_it(void *unused)
{
	wait_for_completion(done_on_stack);
	return 0;
}

/* Another task waits for what lies there. */
static noinline void complete_on_stack(bool clean)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct um_task *task;

	done_on_stack = &done;
	task = um_task_start("waiter", wait_for_it, NULL);
	um_task_wait_blocked(task);
	if (!clean)
		return;
	complete(&done);
	um_task_join(task);
}

/* As in a system call: at its end nothing may be left. */
static void on_stack(void (*fn)(bool clean), bool clean)
{
	um_syscall_enter();
	deep(OF_MAIN, fn, clean);
	um_syscall_exit();
	kfree(thing);
}

static void stack_timer_case(bool clean)
{
	on_stack(arm_on_stack, clean);
}

static void stack_delayed_case(bool clean)
{
	on_stack(delay_on_stack, clean);
}

static void stack_completion_case(bool clean)
{
	on_stack(complete_on_stack, clean);
}

static noinline void destroy_on_stack(bool clean)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, thing_timer, 0);
	mod_timer(&timer, jiffies + LATER);
	if (clean)
		del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
	del_timer_sync(&timer);
}

static void stack_destroyed_case(bool clean)
{
	on_stack(destroy_on_stack, clean);
}

/* ---- set up as what it is not -------------------------------------------------------- */

static void work_as_elsewhere_case(bool clean)
{
	struct work_struct work;

	if (clean)
		INIT_WORK_ONSTACK(&work, thing_work);
	else
		INIT_WORK(&work, thing_work);
	destroy_work_on_stack(&work);
	kfree(thing);
}

static void delayed_as_elsewhere_case(bool clean)
{
	struct delayed_work delayed;

	if (clean)
		INIT_DELAYED_WORK_ONSTACK(&delayed, thing_work);
	else
		INIT_DELAYED_WORK(&delayed, thing_work);
	destroy_delayed_work_on_stack(&delayed);
	kfree(thing);
}

static void timer_as_elsewhere_case(bool clean)
{
	struct timer_list timer;

	if (clean)
		timer_setup_on_stack(&timer, thing_timer, 0);
	else
		timer_setup(&timer, thing_timer, 0);
	destroy_timer_on_stack(&timer);
	kfree(thing);
}

static void work_as_on_stack_case(bool clean)
{
	if (clean)
		INIT_WORK(&thing->work, thing_work);
	else
		INIT_WORK_ONSTACK(&thing->work, thing_work);
	kfree(thing);
}

static void timer_as_on_stack_case(bool clean)
{
	if (clean)
		timer_setup(&thing->timer, thing_timer, 0);
	else
		timer_setup_on_stack(&thing->timer, thing_timer, 0);
	kfree(thing);
}

/* ---- used when its function has returned ------------------------------------------- */

static void *left;

/* As a driver's list would have it: no compiler sees that it points to a variable. */
static noinline void remember(void *object)
{
	left = object;
}

/* Looks once, and will not wait; a clean one does not leave before the other has come. */
static noinline void gives_up(bool clean)
{
	DECLARE_COMPLETION_ONSTACK(done);

	remember(&done);
	if (clean)
		complete(left);
	try_wait_for_completion(&done);
}

static noinline void has_queue(bool clean)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(queue);

	remember(&queue);
	if (clean)
		wake_up(&queue);
}

static noinline void has_work(bool clean)
{
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, thing_work);
	remember(&work);
	if (clean) {
		schedule_work(&work);
		flush_work(&work);
		destroy_work_on_stack(&work);
	}
}

static noinline void has_timer(bool clean)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, thing_timer, 0);
	remember(&timer);
	if (clean) {
		mod_timer(&timer, jiffies + LATER);
		del_timer_sync(&timer);
		destroy_timer_on_stack(&timer);
	}
}

static void completion_left_case(bool clean)
{
	deep(OF_MAIN, gives_up, clean);
	if (!clean)
		complete(left);
	kfree(thing);
}

static void queue_left_case(bool clean)
{
	deep(OF_MAIN, has_queue, clean);
	if (!clean)
		wake_up((struct wait_queue_head *)left);
	kfree(thing);
}

static void work_left_case(bool clean)
{
	deep(OF_MAIN, has_work, clean);
	if (!clean)
		schedule_work(left);
	kfree(thing);
}

static void timer_left_case(bool clean)
{
	deep(OF_MAIN, has_timer, clean);
	if (!clean)
		mod_timer(left, jiffies + LATER);
	kfree(thing);
}

static DECLARE_COMPLETION(given_up);

/* Another task gives up, and waits for something else. */
static long give_up_and_wait(void *clean)
{
	deep(OF_TASK, gives_up, clean);
	complete(&given_up);
	wait_for_completion(&thing->done);
	return 0;
}

static void completion_left_waiting_case(bool clean)
{
	struct um_task *task = um_task_start("waiter", give_up_and_wait, clean ? thing : NULL);

	wait_for_completion(&given_up);
	um_task_wait_blocked(task);
	if (!clean)
		complete(left);
	complete(&thing->done);
	um_task_join(task);
	kfree(thing);
}

static long give_up_in_a_call(void *clean)
{
	um_syscall_enter();
	deep(OF_TASK, gives_up, clean);
	um_syscall_exit_from("gives_up");
	return 0;
}

static void completion_left_ended_case(bool clean)
{
	struct um_task *task = um_task_start("waiter", give_up_in_a_call, clean ? thing : NULL);

	um_task_join(task);
	if (!clean)
		complete(left);
	kfree(thing);
}

static const struct active_case cases[] = {
	{ "make", make },
	{ "go on", go_on },
	{ "stack timer", stack_timer_case },
	{ "stack delayed", stack_delayed_case },
	{ "stack completion", stack_completion_case },
	{ "stack destroyed", stack_destroyed_case },
	{ "work not as on a stack", work_as_elsewhere_case },
	{ "delayed not as on a stack", delayed_as_elsewhere_case },
	{ "timer not as on a stack", timer_as_elsewhere_case },
	{ "work not on a stack", work_as_on_stack_case },
	{ "timer not on a stack", timer_as_on_stack_case },
	{ "completion left", completion_left_case },
	{ "completion left waiting", completion_left_waiting_case },
	{ "completion left ended", completion_left_ended_case },
	{ "queue left", queue_left_case },
	{ "work left", work_left_case },
	{ "timer left", timer_left_case },
};

int k_run_case(const char *name, int clean)
{
	return run_active_case(cases, ARRAY_SIZE(cases), name, clean);
}
