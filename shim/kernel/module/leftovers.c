// SPDX-License-Identifier: GPL-2.0-only
/*
 * What would call a module that is gone, or return to it: timers, work items and
 * RCU callbacks that its exit has not waited for, and tasks that wait in its
 * code. Tasks that run cannot be looked at: what they do there is found when
 * they touch it.
 *
 * Looked at when exit has returned, or an init that failed, and before anything else is waited for: a
 * callback that just happens to come before the image goes is no less wrong.
 */
#include <linux/kernel.h>
#include <linux/module.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/module/internal.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/workqueue_internal.h"

struct look {
	const struct module *mod;
	const char *by;			/* "exit", "init", which should have waited */
};

static void tell(const struct look *look, const void *function, const char *what,
		 const char *remedy)
{
	char name[256];

	if (!function)
		return;
	host_symbolize((const char *)function + 1, name, sizeof(name));
	um_splat("module", "module %s is unloaded and %s %s: its %s lacks %s", look->mod->name,
		 what, name, look->by, remedy);
}

void um_module_leftovers(const struct module *mod, const char *by, u64 rcu_before)
{
	struct look look = { .mod = mod, .by = by };

	tell(&look, um_timer_find_in(mod->base, mod->size), "a timer will call",
	     "del_timer_sync(), hrtimer_cancel() or cancel_delayed_work_sync()");
	tell(&look, um_work_find_in(mod->base, mod->size), "a work item will call",
	     "cancel_work_sync() or a flush");
	tell(&look, um_rcu_find_in(mod->base, mod->size, rcu_before), "RCU will call",
	     "rcu_barrier()");
}

void um_module_tasks(const struct module *mod)
{
	struct um_found_task found;
	char name[256];

	um_task_find_in(mod->base, mod->size, &found);
	if (!found.pc)
		return;
	host_symbolize(found.pc, name, sizeof(name));
	um_splat("module", "module %s is unloaded and task %s is in %s, where it waits for a %s",
		 mod->name, found.comm, name, found.kind);
}
