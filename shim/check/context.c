// SPDX-License-Identifier: GPL-2.0-only
/*
 * Context: what may not be done with preemption, interrupts or bottom halves
 * off, in an interrupt, or at the end of something with any of them left so;
 * what may not be called between the preparation of a wait and its sleep.
 *
 * The models keep the state (kernel/softirq.c); here it is only judged.
 */
#include "check/report.h"
#include "check/watch.h"
#include "host/host.h"

static void add_since(struct um_report *r, const char *what, unsigned long ip)
{
	void *pc = (void *)ip;
	char indent[64];

	if (!ip)
		return;
	host_snprintf(indent, sizeof(indent), "%s ", what);
	um_report_stack(r, what, "", indent, &pc, 1);
}

static void splat_context(const struct um_op_task *t, const char *headline)
{
	struct um_report r = { 0 };

	if (t->preempt || t->bh_off)
		add_since(&r, "atomic since", t->atomic_ip);
	if (t->irqs_off)
		add_since(&r, "interrupts off since", t->irqs_ip);
	um_splat_report("BUG", headline, &r);
	um_report_free(&r);
}

/* Of each lock: one test of all. */
static __always_inline bool may_sleep(const struct um_op_task *t)
{
	return !(t->preempt | t->bh_off | t->irqs_off | t->in_softirq | t->in_hardirq);
}

static int depth(const struct um_op_task *t)
{
	return t->preempt + t->bh_off + t->in_softirq + t->in_hardirq;
}

/* @op->what, @op->line: the file of might_sleep(); of a lock it is where its caller is. */
static void say_where(enum um_kind kind, const struct um_op *op, char *buf, size_t size)
{
	if (kind == UM_MAY_SLEEP)
		host_snprintf(buf, size, "%s:%u", op->what, op->line);
	else
		host_symbolize((void *)op->ip, buf, size);
}

/* What sleeps would end the wait that the task has prepared: its own is over, the state lost. */
static noinline void tell_state(enum um_kind kind, const struct um_op_task *t, const struct um_op *op)
{
	char headline[640], at[256], set[256];

	say_where(kind, op, at, sizeof(at));
	host_symbolize((void *)t->state_ip, set, sizeof(set));
	host_snprintf(headline, sizeof(headline),
		      "do not call blocking ops when !TASK_RUNNING; state=%x set at %s, sleeps at %s",
		      t->state, set, at);
	um_splat("WARNING", "%s", headline);
}

static noinline void tell_sleeping(enum um_kind kind, const struct um_op_task *t, const struct um_op *op)
{
	char headline[384], at[256];

	say_where(kind, op, at, sizeof(at));
	host_snprintf(headline, sizeof(headline),
		      "sleeping function called from invalid context at %s (%s, pid %d, atomic %d%s)",
		      at, t->comm, t->pid, depth(t), t->irqs_off ? ", interrupts off" : "");
	splat_context(t, headline);
}

static noinline void tell_scheduling(const struct um_op_task *t, const struct um_op *op)
{
	char headline[256];

	host_snprintf(headline, sizeof(headline),
		      "scheduling while atomic: %s (pid %d) waits for %s %s", t->comm, t->pid,
		      op->what, op->object ? (const char *)op->object : "");
	splat_context(t, headline);
}

/* What ran ends, or returns to user space, and has left something. */
static noinline void tell_left(const struct um_op_task *t, const struct um_op *op)
{
	char name[256], does[160];

	um_report_ending(op, does, sizeof(does));
	if (t->preempt || t->bh_off) {
		host_symbolize((void *)t->atomic_ip, name, sizeof(name));
		um_splat("BUG", "%s in atomic context, count %d, since %s", does,
			 t->preempt + t->bh_off, name);
	}
	if (t->irqs_off) {
		host_symbolize((void *)t->irqs_ip, name, sizeof(name));
		um_splat("BUG", "%s with interrupts off, since %s", does, name);
	}
}

static noinline enum um_decision judge(enum um_kind kind, struct um_op *op)
{
	const struct um_op_task *t = um_op_task();

	if (kind == UM_RETURN) {
		if (likely(!(t->preempt | t->bh_off | t->irqs_off)))
			return UM_GO_ON;
		tell_left(t, op);
		return UM_REFUSE;
	}
	if (kind != UM_MAY_SLEEP && kind != UM_SCHEDULE && !op->sleeps)
		return UM_GO_ON;
	if (unlikely(READ_ONCE(t->state) && !op->in_state && kind != UM_SCHEDULE))
		tell_state(kind, t, op);
	if (likely(may_sleep(t)))
		return UM_GO_ON;
	if (kind == UM_SCHEDULE)
		tell_scheduling(t, op);
	else
		tell_sleeping(kind, t, op);
	return UM_GO_ON;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	const struct um_op_task *t = host_task_get();

	/* then there is nothing to be said of any kind */
	if (likely(t && may_sleep(t) && !READ_ONCE(t->state)))
		return UM_GO_ON;
	return judge(kind, op);
}

static struct um_subscriber context = {
	.name = "context", .rank = UM_RANK_CONTEXT,
	.begins = UM_ON(UM_MAY_SLEEP) | UM_ON(UM_SCHEDULE) | UM_ON(UM_RETURN) | UM_ON(UM_LOCK) | UM_ON(UM_WAIT),
	.begin = begin,
};
UM_SUBSCRIBER(context)
