// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lies on a stack (check/on_stack.c, check/active.c): whether it is set up as that,
 * is in use when its function returns, or is used when that has returned. Each is told,
 * its clean twin is not, and the process goes on.
 */
#include "active_run.h"

static const struct fault cases[] = {
	{ "stack timer", "active: main returns to user space (on_stack) and has left on its stack a timer, which will call thing_timer (", ALONE },
	{ "stack delayed", "active: main returns to user space (on_stack) and has left on its stack a timer, which will call thing_work (", ALONE },
	{ "stack completion", "active: main returns to user space (on_stack) and has left on its stack a completion, which task waiter waits for", ALONE },
	{ "stack destroyed", "active: its function is about to return, and leaves a timer, which will call thing_timer (" },
	{ "work not as on a stack", "active: a work item on the stack of task main is not set up as one: " },
	{ "delayed not as on a stack", "active: a work item on the stack of task main is not set up as one: " },
	{ "timer not as on a stack", "active: a timer on the stack of task main is not set up as one: " },
	{ "work not on a stack", "active: a work item is set up as one on the stack of task main, where it does not lie" },
	{ "timer not on a stack", "active: a timer is set up as one on the stack of task main, where it does not lie" },
	{ "completion left", "use after return: complete() of a completion on the stack of task main, in a frame that gives_up (tests/unit/active_stack_kern.c:", ALONE },
	{ "completion left waiting", "use after return: complete() of a completion on the stack of task waiter, in a frame that gives_up (tests/unit/active_stack_kern.c:", ALONE },
	{ "completion left ended", "    before waiter returned to user space (gives_up)", ALONE },
	{ "queue left", "use after return: wake_up() of a wait queue on the stack of task main, in a frame that has_queue (tests/unit/active_stack_kern.c:", ALONE },
	{ "work left", "use after return: queue_work() of a work item on the stack of task main, in a frame that has_work (tests/unit/active_stack_kern.c:", ALONE },
	{ "timer left", "use after return: mod_timer() of a timer on the stack of task main, in a frame that has_timer (tests/unit/active_stack_kern.c:", ALONE },
};

static const struct waiter tasks[] = {
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_told),
		cmocka_unit_test(clean_twins_are_not),
	};

	return run_faults(argc, argv, "active_stack", tests, cases, sizeof(cases) / sizeof(cases[0]),
			  tasks);
}
