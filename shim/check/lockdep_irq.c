// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks and interrupts: of each class it is known whether it was taken in a
 * softirq or an interrupt, and whether it was taken where one could come. Both
 * is a deadlock: the handler waits for the task that it has interrupted. So is
 * it when a lock of the first sort is held while one of the second is taken, at
 * once or over any number of others: the handler waits for whoever holds the
 * first, who waits for the interrupted task.
 *
 * Looked for when a class comes into a state and when an order is new, from
 * each class that handlers take along the orders. A class is under one of those
 * once it was reached from it: an order between others makes no search.
 *
 * Readers: of a lock taken shared in the handler an exclusive holder only is
 * waited for; one who wants a lock as a recursive reader waits for an
 * exclusive holder only.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/lockdep_graph.h"
#include "check/report.h"
#include "host/snapshot.h"

static const char *const state_names[] = {
	[IN_HARDIRQ] = "in an interrupt", [HARDIRQS_ON] = "with interrupts on",
	[IN_SOFTIRQ] = "in a softirq", [SOFTIRQS_ON] = "with softirqs on",
};

/* Of two classes, or one: what is taken by who interrupts, and where he may. */
struct clash {
	struct clash *next;
	char in_name[80], on_name[80];
	enum state in, on;
	struct usage in_usage, on_usage;
	struct circle way;		/* from the first to the second */
};

/* ---- reports ------------------------------------------------------------------------ */

static void add_usage(struct um_report *r, const char *name, enum state state,
		      const struct usage *usage)
{
	char how[64];

	host_snprintf(how, sizeof(how), "was taken %s at", state_names[state]);
	um_lock_add_stack(r, name, how, "", usage->stack);
}

static void tell(const struct clash *c)
{
	struct um_report r = { 0 };
	char headline[384];

	if (!strcmp(c->in_name, c->on_name))
		host_snprintf(headline, sizeof(headline),
			      "inconsistent lock state: %s is taken %s by %s, and %s by %s",
			      c->in_name, state_names[c->in], c->in_usage.comm,
			      state_names[c->on], c->on_usage.comm);
	else
		host_snprintf(headline, sizeof(headline),
			      "possible interrupt lock inversion: %s, taken %s, is held where %s is wanted, which is taken %s",
			      c->in_name, state_names[c->in], c->on_name, state_names[c->on]);
	add_usage(&r, c->in_name, c->in, &c->in_usage);
	add_usage(&r, c->on_name, c->on, &c->on_usage);
	um_lock_add_orders(&r, &c->way, "the order");
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

void um_lock_tell(struct clash *c)
{
	struct clash *next;

	for (; c; c = next) {
		next = c->next;
		tell(c);
		host_free(c);
	}
}

/* ---- the search: lock held ------------------------------------------------------------ */

static const enum state pairs[][2] = {
	{ IN_HARDIRQ, HARDIRQS_ON }, { IN_SOFTIRQ, SOFTIRQS_ON },
};

/* Each class is told of once. */
static struct clash *add_clash(struct clash **all, struct class *in, unsigned int in_bit,
			       struct class *on, unsigned int on_bit)
{
	struct clash *c = host_need(sizeof(*c));

	c->in = in_bit / 2;
	c->on = on_bit / 2;
	memcpy(c->in_name, in->name, sizeof(c->in_name));
	memcpy(c->on_name, on->name, sizeof(c->on_name));
	c->in_usage = *in->usage[in_bit];
	c->on_usage = *on->usage[on_bit];
	in->state_told = true;
	on->state_told = true;
	c->next = *all;
	*all = c;
	return c;
}

/* Of @states, how @state was, exclusive if it was so; -1: it was not. */
static int bit_of(unsigned int states, enum state state, bool exclusive_only)
{
	if (states & STATE(state, 0))
		return 2 * state;
	return !exclusive_only && states & STATE(state, 1) ? 2 * (int)state + 1 : -1;
}

/* A class by itself: both shared do not clash. */
static void with_itself(struct clash **all, struct class *c)
{
	unsigned int i;
	int in, on;

	for (i = 0; i < ARRAY_SIZE(pairs) && !c->state_told; i++) {
		in = bit_of(c->states, pairs[i][0], false);
		on = bit_of(c->states, pairs[i][1], in & 1);
		if (in >= 0 && on >= 0)
			add_clash(all, c, in, c, on);
	}
}

/* Along the orders from @in, whose bit @in_bit is set, to where @on is a state. */
static void along(struct clash **all, unsigned int in, unsigned int in_bit, enum state on)
{
	struct class *first = &um_dep.classes[in];
	unsigned int head = 1, tail = 1;
	struct edge *e;
	int bit;

	memset(um_dep.visited, 0, um_dep.n_classes);
	um_lock_visit(&tail, in, in_bit & 1, NULL, 0);
	for (; head < tail; head++) {
		struct visit v = um_dep.queue[head];
		struct class *c = &um_dep.classes[v.class];

		c->under = true;
		bit = first->state_told || c->state_told ? -1 : bit_of(c->states, on, v.recursive);
		if (v.class != in && bit >= 0)
			um_lock_circle(&add_clash(all, first, in_bit, c, bit)->way, head);
		for (e = c->out; e; e = e->next) {
			u8 kinds = v.recursive ? e->kinds & KINDS_FROM_EXCLUSIVE : e->kinds;

			if (kinds)
				um_lock_visit(&tail, e->to, !(kinds & KINDS_NOT_RECURSIVE), e, head);
		}
	}
}

static void search_from(struct clash **all, unsigned int id)
{
	unsigned int i;
	int bit;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		bit = bit_of(um_dep.classes[id].states, pairs[i][0], false);
		if (bit >= 0)
			along(all, id, bit, pairs[i][1]);
	}
}

static void search_from_all(struct clash **all)
{
	unsigned int id;

	for (id = 1; id < um_dep.n_classes; id++)
		if (um_dep.classes[id].states & IN_STATES && !um_dep.classes[id].gone)
			search_from(all, id);
}

struct clash *um_lock_new_edge(unsigned int from)
{
	struct clash *all = NULL;

	if (um_dep.classes[from].under)
		search_from_all(&all);
	return all;
}

/* ---- states ------------------------------------------------------------------------------ */

static void note(const struct um_op_task *t, struct um_held *h, struct class *c,
		 unsigned int states)
{
	unsigned int i;

	for (i = 0; i < 2 * STATES; i++) {
		if (!(states & 1u << i))
			continue;
		c->usage[i] = host_keep(sizeof(*c->usage[i]));
		c->usage[i]->stack = um_lock_whole(&h->at);
		host_snprintf(c->usage[i]->comm, sizeof(c->usage[i]->comm), "%s", t->comm);
	}
	WRITE_ONCE(c->states, c->states | states);
}

void um_lock_new_states(const struct um_op_task *t, struct um_held *h, unsigned int states)
{
	struct class *c = &um_dep.classes[um_held_class(h)];
	struct clash *all = NULL;

	host_lock(&um_dep.lock);
	states &= ~c->states;
	note(t, h, c, states);
	if (states)
		with_itself(&all, c);
	if (states & IN_STATES)
		search_from(&all, um_held_class(h));
	if (states & ~IN_STATES && c->under)
		search_from_all(&all);
	host_unlock(&um_dep.lock);
	um_lock_tell(all);
}
