// SPDX-License-Identifier: GPL-2.0-only
/*
 * What would call a module that is gone, or return to it: timers, work items,
 * tasklets, interrupt handlers and RCU callbacks that its exit has not waited for, and tasks that have a frame in
 * its code, whether they wait or run. A timer, an item, a callback that lies in its data
 * goes with that, whosever function it would call.
 *
 * Looked at when exit has returned, or an init that failed, and before anything else is waited for: a
 * callback that just happens to come before the image goes is no less wrong.
 */
#include <linux/kernel.h>
#include <linux/module.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/irq.h"
#include "kernel/kthread.h"
#include "kernel/module/functions.h"
#include "kernel/module/internal.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/trace/trace.h"
#include "kernel/workqueue_internal.h"

#define TASKS	16	/* more are not told */

struct look {
	const struct module *mod;
	const char *by;			/* "exit", "init", which should have waited */
	struct um_functions found;
};

static void tell(struct look *look, const char *what, const char *remedy)
{
	char name[256];
	unsigned int i;

	for (i = 0; i < look->found.n; i++) {
		host_symbolize((const char *)look->found.at[i] + 1, name, sizeof(name));
		um_splat("module", "module %s is unloaded and %s will call %s%s: its %s lacks %s",
			 look->mod->name, what, name,
			 um_functions_lies_in(&look->found, look->found.at[i]) ? "" : " with its data",
			 look->by, remedy);
	}
	look->found.n = 0;
}

static void tell_domain(const struct module *mod)
{
	unsigned int readers;
	const char *domain = um_srcu_find_in(mod->base, mod->size, &readers);

	if (domain)
		um_splat("module", "module %s is unloaded and its SRCU domain %s has %u readers",
			 mod->name, domain, readers);
}

void um_module_leftovers(const struct module *mod, const char *by, u64 rcu_before)
{
	struct look look = {
		.mod = mod, .by = by, .found = { .start = mod->base, .size = mod->size },
	};

	um_timers_in(&look.found);
	tell(&look, "a timer", "del_timer_sync(), hrtimer_cancel() or cancel_delayed_work_sync()");
	um_work_in(&look.found);
	tell(&look, "a work item", "cancel_work_sync() or a flush");
	um_tasklets_in(&look.found);
	tell(&look, "a tasklet", "tasklet_kill()");
	um_kthread_work_in(&look.found);
	tell(&look, "a kthread_work", "kthread_cancel_work_sync() or a flush");
	um_irq_work_in(&look.found);
	tell(&look, "an interrupt", "irq_work_sync()");
	um_irq_handlers_in(&look.found);
	tell(&look, "an interrupt", "free_irq()");
	um_rcu_in(&look.found, rcu_before, false);
	um_rcu_heads_in(&look.found);
	tell(&look, "RCU", "rcu_barrier()");
	um_rcu_in(&look.found, rcu_before, true);
	um_srcu_heads_in(&look.found);
	tell(&look, "SRCU", "srcu_barrier()");
	um_tracepoint_probes_in(&look.found);
	tell(&look, "a tracepoint",
	     "its unregister_trace_...() and tracepoint_synchronize_unregister()");
	tell_domain(mod);
}

/* An instruction to which a compiler gives no line has that of one before it. */
static bool find_line(const char *pc, struct host_symbol *s)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		host_find_symbol(pc - i, s);
		if (s->line || !*s->function)
			break;
	}
	return s->line;
}

/* Of the innermost frame that has a line: a stub of the linker's has none. */
static void name_place(const struct um_found_task *t, char *buf, size_t size)
{
	struct host_symbol s = { };
	unsigned int i;

	for (i = 0; i < t->depth && !find_line(t->pc[i], &s); i++)
		;
	host_symbol_text(&s, t->pc[min(i, t->depth - 1)], buf, size);
}

bool um_module_tasks(const struct module *mod)
{
	struct um_found_task found[TASKS];
	unsigned int i, n = um_tasks_in(mod->base, mod->size, found, TASKS);
	char name[256];

	for (i = 0; i < n; i++) {
		name_place(&found[i], name, sizeof(name));
		if (found[i].kind)
			um_splat("module", "module %s is unloaded and task %s is in %s, where it waits for a %s",
				 mod->name, found[i].comm, name, found[i].kind);
		else
			um_splat("module", "module %s is unloaded and task %s runs in %s",
				 mod->name, found[i].comm, name);
	}
	return n;
}
