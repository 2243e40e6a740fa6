// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in use and is freed or initialised again (check/active.c): each sort
 * is told when that happens, with what it is, and not when its use has ended
 * before. The process is no worse for it, but where a task waits in the memory that
 * went.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "active.h"
#include "child.h"

enum after {
	GOES_ON,	/* so that others can follow in the same process */
	ALONE,		/* it does, and something of it stays */
	/* a task waits in that memory, or it was gone before it was used: all is open, an end, too */
	ENDS,
};

static const struct {
	const char *name, *told;
	enum after after;
} cases[] = {
	{ "timer", "active: kfree() frees memory that holds a timer, which will call thing_timer (tests/unit/active_kern.c:" },
	{ "timer again", "active: initialised again: a timer, which will call thing_timer (" },
	{ "delayed", "active: kfree() frees memory that holds a timer, which will call thing_work (" },
	{ "work", "active: kfree() frees memory that holds a work item, which will call thing_work (" },
	{ "work again", "active: initialised again: a work item, which will call thing_work (", ALONE },
	{ "completion", "active: kfree() frees memory that holds a completion, which task waiter waits for", ENDS },
	{ "mutex", "active: kfree() frees memory that holds a mutex, which task waiter waits for", ENDS },
	{ "mutex again", "lock: held lock initialised again: &thing->lock, taken in mutex_again_case (", ALONE },
	{ "kobject", "active: kfree() frees memory that holds a kobject '(no name yet)', which is alive", ALONE },
	{ "kobject again", "active: initialised again: a kobject '(no name yet)', which is alive", ALONE },
	{ "held", "lock: held lock freed: &thing->lock, which task waiter holds, taken in k_hold_mutex (", ENDS },
	{ "held again", "lock: held lock initialised again: &thing->lock, which task waiter holds, taken in k_hold_mutex (", ENDS },
	{ "queue", "active: kfree() frees memory that holds a wait queue, on which task waiter waits", ENDS },
	{ "queue again", "active: initialised again: a wait queue, on which task waiter waits", ALONE },
	{ "rcu", "active: kfree() frees memory that holds a callback of RCU, which will call rcu_callback (" },
	{ "rcu again", "active: initialised again: a callback of RCU, which will call rcu_callback (" },
	{ "srcu", "active: kfree() frees memory that holds a callback of SRCU, which will call rcu_callback (" },
	{ "kthread_work", "active: kfree() frees memory that holds a kthread_work, which will call thing_kwork (" },
	{ "device", "active: kfree() frees memory that holds a device 'gadget', which is alive", ALONE },
	{ "device again", "active: initialised again: a device 'gadget', which is alive", ALONE },
	{ "stack timer", "active: main returns to user space (on_stack) and has left on its stack a timer, which will call thing_timer (", ENDS },
	{ "stack delayed", "active: main returns to user space (on_stack) and has left on its stack a timer, which will call thing_work (", ENDS },
	{ "stack completion", "active: main returns to user space (on_stack) and has left on its stack a completion, which task waiter waits for", ENDS },
	{ "stack destroyed", "active: its function is about to return, and leaves a timer, which will call thing_timer (" },
	{ "work not as on a stack", "active: a work item on the stack of task main is not set up as one: " },
	{ "delayed not as on a stack", "active: a work item on the stack of task main is not set up as one: " },
	{ "timer not as on a stack", "active: a timer on the stack of task main is not set up as one: " },
	{ "work not on a stack", "active: a work item is set up as one on the stack of task main, where it does not lie" },
	{ "timer not on a stack", "active: a timer is set up as one on the stack of task main, where it does not lie" },
	{ "completion left", "use after return: complete() of a completion on the stack of task main, in a frame that gives_up (tests/unit/active_kern.c:", ENDS },
	{ "completion left waiting", "use after return: complete() of a completion on the stack of task waiter, in a frame that gives_up (tests/unit/active_kern.c:", ENDS },
	{ "completion left ended", "    before waiter returned to user space (gives_up)", ENDS },
	{ "queue left", "use after return: wake_up() of a wait queue on the stack of task main, in a frame that has_queue (tests/unit/active_kern.c:", ENDS },
	{ "work left", "use after return: queue_work() of a work item on the stack of task main, in a frame that has_work (tests/unit/active_kern.c:", ENDS },
	{ "timer left", "use after return: mod_timer() of a timer on the stack of task main, in a frame that has_timer (tests/unit/active_kern.c:", ENDS },
	{ "kfree_rcu", "active: kfree() frees memory that holds a callback of RCU, which will call kfree (" },
	{ "kfree_rcu again", "active: initialised again: a callback of RCU, which will call kfree (" },
	{ "page", "active: free_pages() frees memory that holds a timer, which will call thing_timer (" },
	{ "area", "active: vfree() frees memory that holds a timer, which will call thing_timer (" },
	{ "area held", "lock: held lock freed: mutex, taken in lock (" },
	{ "area or block", "active: kfree() frees memory that holds a timer, which will call thing_timer (" },
	{ "page held", "lock: held lock freed: mutex, taken in lock (" },
	{ "cache", "active: kmem_cache_free() frees memory that holds a timer, which will call thing_timer (" },
	{ "grown", "active: kfree() frees memory that holds a timer, which will call thing_timer (" },
	{ "devm", "active: kfree() frees memory that holds a timer, which will call thing_timer (" },
	{ "pool", "active: dma_pool_free() frees memory that holds a timer, which will call thing_timer (" },
	{ "coherent", "active: free_pages() frees memory that holds a timer, which will call thing_timer (" },
	{ "tasklet again", "active: initialised again: a tasklet, which will call thing_tasklet (" },
	{ "irq_work again", "active: initialised again: a irq_work, which will call thing_irq_work (" },
	{ "kthread_work again", "active: initialised again: a kthread_work, which will call thing_kwork (" },
	{ "kthread_work delayed", "active: kfree() frees memory that holds a timer, which will call thing_kwork (" },
	{ "kthread_work delayed again", "active: initialised again: a timer, which will call thing_kwork (" },
	{ "delayed again", "active: initialised again: a timer, which will call thing_work (" },
	{ "completion again", "active: initialised again: a completion, which task waiter waits for", ALONE },
	{ "srcu again", "active: initialised again: a callback of SRCU, which will call rcu_callback (" },
	{ "kobject added again", "active: initialised again: a kobject 'thing', which is alive", ALONE },
	{ "device added again", "active: initialised again: a device 'gadget', which is alive", ALONE },
};

/* What another task does that waits meanwhile; of a clean case it has ended. */
static const struct {
	const char *name;
	long (*fn)(void *unused);
} tasks[] = {
	{ "completion", k_wait_completion },
	{ "completion again", k_wait_completion },
	{ "mutex", k_wait_mutex },
	{ "held", k_hold_mutex },
	{ "held again", k_hold_mutex },
	{ "queue", k_wait_event },
	{ "queue again", k_wait_event },
};

static void run_case(const char *name, bool clean)
{
	bool mutex = !strcmp(name, "mutex");
	struct um_task *task;
	size_t i;

	k_run_case("make", 0);
	if (mutex)
		k_run_case("hold", 0);
	for (i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		if (strcmp(tasks[i].name, name))
			continue;
		task = um_task_start("waiter", tasks[i].fn, NULL);
		um_task_wait_blocked(task);
		if (clean) {
			k_run_case(mutex ? "unhold" : "let go", 0);
			um_task_join(task);
		}
	}
	k_run_case(name, clean);
}

static void is_told(size_t i, const char *text, int status)
{
	char on[64];

	snprintf(on, sizeof(on), "%s went on", cases[i].name);
	if (strstr(text, cases[i].told) &&
	    (cases[i].after == ENDS ||
	     (strstr(text, on) && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))))
		return;
	print_error("%s: no '%s', or it did not go on:\n%s\n", cases[i].name, cases[i].told, text);
	fail();
}

/* Of what all that go on have printed, that of one. */
static void is_told_among(size_t i, char *text, int status)
{
	char name[64], *begin, *end;

	snprintf(name, sizeof(name), "case %s\n", cases[i].name);
	begin = strstr(text, name);
	assert_non_null(begin);
	end = strstr(begin + 1, "\ncase ");
	if (end)
		*end = '\0';
	is_told(i, begin, status);
	if (end)
		*end = '\n';
}

/* When it was told, the program goes on, and comes to its end. */
static void faults_are_told(void **state)
{
	static char text[1 << 20];
	int status = run_child("together", text, sizeof(text));
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].after == GOES_ON)
			is_told_among(i, text, status);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].after == GOES_ON)
			continue;
		status = run_child(cases[i].name, text, sizeof(text));
		is_told(i, text, status);
	}
}

static void clean_twins_are_not(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run_case(cases[i].name, true);
	um_late_flush();
	assert_int_equal(um_check_splats(), 0);
}

static void run_fault(const char *name)
{
	fprintf(stderr, "case %s\n", name);
	run_case(name, false);
	k_run_case("go on", 0);
	fprintf(stderr, "%s went on\n", name);
}

static int child_main(const char *name)
{
	unsigned int seconds = 60;
	size_t i;

	if (um_boot(NULL))
		return 1;
	um_console_level(7);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].after == ENDS && !strcmp(name, cases[i].name))
			seconds = 5;
	/* whatever was told, it ends */
	end_in_time(seconds);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].after == GOES_ON && !strcmp(name, "together"))
			run_fault(cases[i].name);
	if (strcmp(name, "together"))
		run_fault(name);
	_exit(0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_told),
		cmocka_unit_test(clean_twins_are_not),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("active", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
