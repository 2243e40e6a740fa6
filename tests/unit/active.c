// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in use and is freed or initialised again (check/active.c): each sort
 * is told when that happens, with what it is, and not when its use has ended
 * before. What was freed in use cannot be gone on with: each fault is the end
 * of a process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "active.h"
#include "child.h"

static const struct {
	const char *name, *told;
} cases[] = {
	{ "timer", "active: kfree() frees memory that holds a timer, which will call thing_timer (tests/unit/active_kern.c:" },
	{ "timer again", "active: initialised again: a timer, which will call thing_timer (" },
	{ "delayed", "active: kfree() frees memory that holds a timer, which will call thing_work (" },
	{ "work", "active: kfree() frees memory that holds a work item, which will call thing_work (" },
	{ "work again", "active: initialised again: a work item, which will call thing_work (" },
	{ "completion", "active: kfree() frees memory that holds a completion, which task waiter waits for" },
	{ "mutex", "active: kfree() frees memory that holds a mutex, which task waiter waits for" },
	{ "mutex again", "lock: held lock initialised again: &thing->lock, taken in mutex_again_case (" },
	{ "kobject", "active: kfree() frees memory that holds a kobject '(no name yet)', which is alive" },
	{ "kobject again", "active: initialised again: a kobject '(no name yet)', which is alive" },
	{ "held", "lock: held lock freed: &thing->lock, which task waiter holds, taken in k_hold_mutex (" },
	{ "held again", "lock: held lock initialised again: &thing->lock, which task waiter holds, taken in k_hold_mutex (" },
	{ "queue", "active: kfree() frees memory that holds a wait queue, on which task waiter waits" },
	{ "queue again", "active: initialised again: a wait queue, on which task waiter waits" },
	{ "rcu", "active: kfree() frees memory that holds a callback of RCU, which will call rcu_callback (" },
	{ "rcu again", "active: initialised again: a callback of RCU, which will call rcu_callback (" },
	{ "srcu", "active: kfree() frees memory that holds a callback of SRCU, which will call rcu_callback (" },
	{ "kthread_work", "active: kfree() frees memory that holds a kthread_work, which will call thing_kwork (" },
	{ "device", "active: kfree() frees memory that holds a device 'gadget', which is alive" },
	{ "device again", "active: initialised again: a device 'gadget', which is alive" },
	{ "stack timer", "active: main returns to user space (on_stack) and has left on its stack a timer, which will call thing_timer (" },
	{ "stack delayed", "active: main returns to user space (on_stack) and has left on its stack a timer, which will call thing_work (" },
	{ "stack completion", "active: main returns to user space (on_stack) and has left on its stack a completion, which task waiter waits for" },
	{ "stack destroyed", "active: its function is about to return, and leaves a timer, which will call thing_timer (" },
	{ "work not as on a stack", "active: a work item on the stack of task main is not set up as one: " },
	{ "delayed not as on a stack", "active: a work item on the stack of task main is not set up as one: " },
	{ "timer not as on a stack", "active: a timer on the stack of task main is not set up as one: " },
	{ "work not on a stack", "active: a work item is set up as one on the stack of task main, where it does not lie" },
	{ "timer not on a stack", "active: a timer is set up as one on the stack of task main, where it does not lie" },
	{ "completion left", "use after return: complete() of a completion on the stack of task main, in a frame that gives_up (tests/unit/active_kern.c:" },
	{ "completion left waiting", "use after return: complete() of a completion on the stack of task waiter, in a frame that gives_up (tests/unit/active_kern.c:" },
	{ "completion left ended", "    before waiter returned to user space (gives_up)" },
	{ "queue left", "use after return: wake_up() of a wait queue on the stack of task main, in a frame that has_queue (tests/unit/active_kern.c:" },
	{ "work left", "use after return: queue_work() of a work item on the stack of task main, in a frame that has_work (tests/unit/active_kern.c:" },
	{ "timer left", "use after return: mod_timer() of a timer on the stack of task main, in a frame that has_timer (tests/unit/active_kern.c:" },
	{ "kfree_rcu", "active: kfree() frees memory that holds a callback of RCU, which will call kfree (" },
	{ "kfree_rcu again", "active: initialised again: a callback of RCU, which will call kfree (" },
	{ "page", "active: free_pages() frees memory that holds a timer, which will call thing_timer (" },
};

/* What another task does that waits meanwhile; of a clean case it has ended. */
static const struct {
	const char *name;
	long (*fn)(void *unused);
} tasks[] = {
	{ "completion", k_wait_completion },
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

static void faults_are_told(void **state)
{
	static char text[65536];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run_child(cases[i].name, text, sizeof(text));
		if (strstr(text, cases[i].told))
			continue;
		print_error("%s: no '%s' in:\n%s\n", cases[i].name, cases[i].told, text);
		fail();
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

static int child_main(const char *name)
{
	if (um_boot(NULL))
		return 1;
	um_console_level(7);
	run_case(name, false);
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
