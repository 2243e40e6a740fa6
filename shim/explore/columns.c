// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interleaving of a schedule that went wrong, as columns, one for each task:
 * operation, object, where, and what the task holds when it is stopped. Written
 * while it runs, since its process may not live to its end.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "check/report.h"
#include "check/watch.h"
#include "explore/explore_internal.h"
#include "host/host.h"
#include "kernel/sched/sched.h"

#define WIDTH 44

static const char *const names[UM_KINDS] = {
	[UM_LOCK] = "lock", [UM_TRYLOCK] = "trylock", [UM_UNLOCK] = "unlock",
	[UM_WAIT] = "wait", [UM_WAKE] = "wake", [UM_WORK_QUEUE] = "queue work",
	[UM_TIMER_ARM] = "arm timer", [UM_RCU_LOCK] = "rcu_read_lock", [UM_RCU_CALL] = "call_rcu",
	[UM_REF_GET] = "get", [UM_REF_TRYGET] = "tryget", [UM_REF_PUT] = "put",
	[UM_MODULE_GET] = "module get", [UM_MODULE_TRYGET] = "module tryget",
	[UM_MODULE_PUT] = "module put", [UM_ACTIVE_GET] = "active get",
	[UM_ACTIVE_PUT] = "active put", [UM_ATOMIC] = "atomic",
	[UM_STORE_RELEASE] = "store", [UM_LOAD_ACQUIRE] = "load", [UM_LIST_ADD] = "list add",
	[UM_LIST_DEL] = "list del", [UM_UEVENT] = "uevent", [UM_BLOCK] = "block",
	[UM_IRQS_ON] = "interrupts on",
};

/* By hand: libc's functions are seen by TSan, to which tasks share this by accident. */
static void line_out(const char *line)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	u32 room = sizeof(sh->trace) - 1 - sh->trace_len;

	for (; *line && room > 1; line++, room--)
		WRITE_ONCE(sh->trace[sh->trace_len++], *line);
	if (room)
		WRITE_ONCE(sh->trace[sh->trace_len++], '\n');
	WRITE_ONCE(sh->trace[sh->trace_len], '\0');
}

/* All that kernel threads run has one, behind those of the tasks. */
static void in_column(unsigned int who, const char *text)
{
	unsigned int column = min(who, um_explore_run.x->tasks);
	char line[320];

	host_snprintf(line, sizeof(line), "  %*s%s", column * WIDTH, "", text);
	line_out(line);
}

static const char *base_name(const char *path)
{
	const char *p = strrchr(path, '/');

	return p ? p + 1 : path;
}

/* The line of a driver or of a test, or else of the shim's caller. */
static void add_place(char *buf, size_t size, void *const *pc, unsigned int n)
{
	struct host_symbol s;

	host_find_symbol(um_report_place(pc, n), &s);
	host_snprintf(buf, size, "%s %s:%d", s.function, base_name(s.file), s.line);
}

void um_trace_op(unsigned int who, enum um_kind kind, const struct um_op *op)
{
	char text[256], place[160];
	void *pc[16];
	unsigned int n;

	if (kind == UM_FALLIBLE) {
		host_snprintf(text, sizeof(text), "%s fails  %s %s:%u", op->sites->what,
			      op->sites->func, base_name(op->sites->file), op->sites->line);
		in_column(who, text);
		return;
	}
	n = host_stack(pc, ARRAY_SIZE(pc), UM_OP_FRAMES + 2);
	add_place(place, sizeof(place), pc, n);
	host_snprintf(text, sizeof(text), "%s %s  %s", names[kind] ?: "step",
		      op->map && op->map->name ? op->map->name : "", place);
	in_column(who, text);
}

static void add_held(char *buf, size_t size, const struct um_watch *w)
{
	unsigned int i;
	int n = 0;

	buf[0] = '\0';
	for (i = 0; w && i < w->n_held && n < size; i++)
		n += host_snprintf(buf + n, size - n, "%s%s", i ? ", " : ", holds ",
				   w->held[i].map->name);
}

void um_trace_switch(unsigned int from, int to, const char *why)
{
	char line[400], held[200], one[64], other[64];

	add_held(held, sizeof(held), um_watch());
	um_title(from, one, sizeof(one));
	um_title(to, other, sizeof(other));
	host_snprintf(line, sizeof(line), "  --- %s %s%s: %s goes on", one, why, held, other);
	line_out(line);
}
