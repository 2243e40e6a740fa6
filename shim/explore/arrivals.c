// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes that is no task of the scenario.
 *
 * A kernel thread becomes one of the tasks when it begins with a work item, a
 * timer's function or that of a driver's thread, and is none any more when that
 * has ended; what it does in between is its own. Where a timer is armed it is an
 * alternative that it expires now, since nobody knows how long a task is stopped:
 * on another processor, or on this one, which has it run to its end first, unless
 * bottom halves are off. Likewise where a line of interrupts has a handler, which may
 * have to run at any time; and when nobody could run it is first of all that which
 * comes.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "explore/schedule_internal.h"
#include "host/host.h"
#include "kernel/irq.h"
#include "kernel/sched/driver.h"
#include "kernel/time/time.h"

#define MAX_LATE_ARRIVALS UM_SLOTS

/* ---- what kernel threads run -------------------------------------------------------- */

int um_slot_of(const struct um_op_task *t)
{
	int i;

	for (i = 0; i < UM_SLOTS; i++)
		if (um_now.task[i] && t == &um_now.task[i]->op)
			return i;
	return -1;
}

/* With too many at once one runs as it comes. A place is taken again as late as can be. */
bool um_arrives(enum um_kind kind, const struct um_op *op)
{
	struct um_op_task *t = host_task_get();
	unsigned int i, slot;

	if (!um_now.n || t->quiet || um_slot_of(t) >= 0 || !op->ip)
		return false;
	/* what goes on when all have ended may go on for ever */
	if (um_all_have_ended() && um_now.late_arrivals++ == MAX_LATE_ARRIVALS)
		return false;
	for (i = um_now.n; i < UM_SLOTS; i++) {
		slot = um_now.n + um_now.arrivals++ % (UM_SLOTS - um_now.n);
		if (um_now.task[slot])
			continue;
		um_now.task[slot] = container_of(t, struct um_sched_task, op);
		if (slot == um_now.running)
			um_now.op = t;
		um_now.arrival[slot] = (struct arrival){ kind, op->ip, t->in_hardirq };
		um_step_begins(slot, kind, op);
		if (um_now.reduces)
			um_touch_new(slot);
		um_now.newest = slot;
		return true;
	}
	return false;
}

void um_leaves(enum um_kind kind)
{
	int slot = um_slot_of(host_task_get());

	if (slot < (int)um_now.n || um_now.arrival[slot].kind != kind)
		return;
	if (um_now.reduces)
		um_step_touches(slot);
	um_now.task[slot] = NULL;
	if (slot == (int)um_now.running)
		um_now.op = NULL;
}

void um_title(int who, char *buf, size_t size)
{
	const struct um_exploration *x = um_explore_run.x;
	const struct arrival *a = &um_now.arrival[who % UM_SLOTS];
	struct host_symbol symbol;

	if (who >= UM_SLOTS || who < x->tasks) {
		host_snprintf(buf, size, "%s", who == UM_TIME ? "time" : who == UM_INTERRUPT ?
			      "the timer" : who >= UM_LINE ? "an interrupt" :
			      x->task_name[who] ?: "task");
		return;
	}
	host_find_symbol((const void *)a->ip, &symbol);
	host_snprintf(buf, size, "%s %s", a->kind == UM_WORK_RUN ? "work" :
		      a->interrupt ? "interrupt" :
		      a->kind == UM_TIMER_RUN ? "timer" : "thread", symbol.function);
}

/* ---- timers and interrupts ---------------------------------------------------------- */

unsigned int um_line(unsigned int n)
{
	unsigned int irq = 0;

	do
		irq = um_irq_could_come(irq + 1);
	while (irq && n--);
	return irq;
}

/* What is offered may not be all: that is said beside "complete". */
static void note_lines(void)
{
	struct um_explored *sum = &um_explore_run.sh->sum;
	unsigned int n = 0, irq = 0;

	while ((irq = um_irq_could_come(irq + 1)))
		n++;
	sum->lines = max(sum->lines, n);
	sum->more_interrupts |= n && um_now.lines_came >= UM_EXPLORE_INTERRUPTS;
}

void um_line_comes(unsigned int n, bool elsewhere)
{
	unsigned int irq = um_line(n);

	um_now.lines_came++;
	if (irq)
		um_irq_comes(irq, elsewhere);
}

/*
 * Nobody could run, and it may be an interrupt that they wait for, however many have
 * come: which is a choice.
 */
bool um_some_line_comes(void)
{
	struct um_choice c = { .pos = um_explore_run.sh->pos, .kind = UM_AT_STOP };
	unsigned int n;

	note_lines();
	for (n = 0; n < UM_LINES && um_line(n); n++)
		c.task[c.n++] = UM_LINE + 2 * n;
	if (!c.n)
		return false;
	if (um_fibers_sleeps())
		c.task[c.n++] = UM_TIME;
	n = c.task[um_choose(&c)];
	if (n == UM_TIME)
		return false;
	um_line_comes((n - UM_LINE) / 2, true);
	return true;
}

void um_offer_timer(struct um_choice *c)
{
	const struct um_op_task *t = host_task_get();

	if (um_all_have_ended() || !um_timer_is_armed() || um_explore_run.x->only_preemptions)
		return;
	c->task[c->n++] = UM_TIME;
	if (!t->bh_off && !t->irqs_off && !t->in_softirq && !t->in_hardirq)
		c->task[c->n++] = UM_INTERRUPT;
}

void um_offer_lines(struct um_choice *c)
{
	const struct um_op_task *t = host_task_get();
	unsigned int n;

	if (um_all_have_ended() || um_explore_run.x->only_preemptions)
		return;
	note_lines();
	if (um_now.lines_came >= UM_EXPLORE_INTERRUPTS)
		return;
	for (n = 0; n < UM_LINES && um_line(n); n++) {
		c->task[c->n++] = UM_LINE + 2 * n;
		if (!t->irqs_off && !t->in_hardirq)
			c->task[c->n++] = UM_LINE + 2 * n + 1;
	}
}

bool um_is_on_this(int who)
{
	return who == UM_INTERRUPT || (who >= UM_LINE && (who - UM_LINE) % 2);
}

void um_interrupts(int what)
{
	if (um_now.reduces)
		um_touch_all(um_now.running);
	if (um_explore_run.trace)
		um_trace_switch(um_now.running, what, "is interrupted");
	if (what == UM_INTERRUPT) {
		um_fibers_pass_time();
		um_timer_interrupt();
	} else {
		um_line_comes((what - UM_LINE) / 2, false);
	}
	if (um_explore_run.trace)
		um_trace_switch(what, um_now.running, "has ended");
}
