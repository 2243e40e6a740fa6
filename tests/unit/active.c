// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in use and is freed or initialised again (check/active.c): each sort
 * is told when that happens, with what it is, and not when its use has ended
 * before. The process is no worse for it, but where a task waits in the memory that
 * went. What lies on stacks is in active_stack.c.
 */
#include "active_run.h"

static const struct fault cases[] = {
	{ "timer", "active: kfree() frees memory that holds a timer, which will call thing_timer (tests/unit/active_cases.h:" },
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

static const struct waiter tasks[] = {
	{ "completion", k_wait_completion },
	{ "completion again", k_wait_completion },
	{ "mutex", k_wait_mutex },
	{ "held", k_hold_mutex },
	{ "held again", k_hold_mutex },
	{ "queue", k_wait_event },
	{ "queue again", k_wait_event },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_told),
		cmocka_unit_test(clean_twins_are_not),
	};

	return run_faults(argc, argv, "active", tests, cases, sizeof(cases) / sizeof(cases[0]),
			  tasks);
}
