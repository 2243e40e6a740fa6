// SPDX-License-Identifier: GPL-2.0-only
/*
 * The graph of the lock checker: edges between classes, and ways along them.
 *
 * Breadth first, so that the shortest way is told. Below both who look for
 * something in it, circles (check/lockdep.c) and inversions by interrupts
 * (check/lockdep_irq.c).
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/lockdep_graph.h"
#include "check/report.h"
#include "host/host.h"
#include "host/snapshot.h"

struct um_lock_graph um_dep = { .n_classes = 1 };

/* ---- reports ----------------------------------------------------------------------- */

const struct stack *um_lock_whole(struct um_lock_at *at)
{
	void *pc[UM_LOCK_STACK];
	unsigned int n = um_lock_frames(at);

	if (at->whole)
		return at->whole;
	memcpy(pc, at->pc, sizeof(at->pc));
	if (n == UM_LOCK_FRAMES && at->last)
		n += host_stack_beyond(at->last, pc[n - 1], pc + n, UM_LOCK_STACK - n);
	at->whole = um_stack_save(pc, n);
	return at->whole;
}

void um_lock_add_stack(struct um_report *r, const char *lock, const char *what,
		       const char *indent, const struct stack *s)
{
	char both[160];

	host_snprintf(both, sizeof(both), "%s %s", lock, what);
	um_text_add(&r->lines, "%s%s:\n", indent, both);
	um_report_stack(r, both, "", "    ", s->pc, s->depth);
}

void um_lock_add_orders(struct um_report *r, const struct circle *c, const char *when)
{
	unsigned int i;

	for (i = 0; i < c->n; i++) {
		um_text_add(&r->lines, "%s, in %s: %s, then %s\n", when, c->comm[i], c->from[i],
			    c->to[i]);
		um_lock_add_stack(r, c->from[i], "was held since", "  ", c->from_stack[i]);
		um_lock_add_stack(r, c->to[i], "was wanted at", "  ", c->to_stack[i]);
	}
}

static void map_name(const struct lockdep_map *map, unsigned int subclass, char *buf, size_t size)
{
	int n = host_snprintf(buf, size, "%s", map->name ? map->name : "a lock");

	if (map->of)
		n += host_snprintf(buf + n, size - n, " (%s)", map->of);
	if (subclass)
		host_snprintf(buf + n, size - n, "/%u", subclass);
}

void um_lock_tell_recursion(const struct um_op_task *t, struct um_held *held, struct um_held *next,
			    bool certain)
{
	char name[128], headline[512];
	struct um_report r = { 0 };

	map_name(next->map, next->subclass, name, sizeof(name));
	host_snprintf(headline, sizeof(headline),
		      "possible recursive locking detected: %s is taken again by %s, %s", name,
		      t->comm, certain ? "which holds it: this never ends" :
		      "which holds another of that class, and no subclass tells them apart");
	um_lock_add_stack(&r, name, "is wanted at", "", um_lock_whole(&next->at));
	map_name(held->map, held->subclass, name, sizeof(name));
	um_lock_add_stack(&r, name, "is held since", "", um_lock_whole(&held->at));
	if (certain)
		um_die_report("lock", headline, &r);
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

void um_lock_tell_circle(const struct um_op_task *t, struct um_held *held, struct um_held *next,
			 const struct circle *c)
{
	char wanted[128], holding[128], headline[640];
	struct um_report r = { 0 };
	unsigned int i;

	map_name(next->map, next->subclass, wanted, sizeof(wanted));
	map_name(held->map, held->subclass, holding, sizeof(holding));
	host_snprintf(headline, sizeof(headline),
		      "possible circular locking dependency detected: %s wants %s and holds %s",
		      t->comm, wanted, holding);
	um_text_add(&r.lines, "the order now: %s, then %s\n", holding, wanted);
	um_lock_add_stack(&r, holding, "is held since", "  ", um_lock_whole(&held->at));
	um_lock_add_stack(&r, wanted, "is wanted at", "  ", um_lock_whole(&next->at));
	um_lock_add_orders(&r, c, "the order before");
	um_text_add(&r.lines, "the circle: %s -> %s", holding, wanted);
	for (i = 0; i < c->n; i++)
		um_text_add(&r.lines, " -> %s", c->to[i]);
	um_text_add(&r.lines, "\n");
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

/* ---- the graph: lock held --------------------------------------------------------- */

bool um_lock_visit(unsigned int *tail, unsigned int class, bool recursive, struct edge *by,
		   unsigned int from)
{
	u8 bit = recursive ? 1 : 2;

	if (um_dep.classes[class].gone)
		return false;
	/* having come as one that blocks covers having come as a recursive reader */
	if (um_dep.visited[class] & (bit | 2))
		return false;
	um_dep.visited[class] |= bit;
	um_dep.queue[*tail] = (struct visit){
		.class = class, .recursive = recursive, .by = by, .from = from,
	};
	(*tail)++;
	return true;
}

/*
 * Breadth first from @start to @target, so that the shortest circle is told.
 * Where a recursive reader comes in, only an exclusive holder stops it: an
 * edge into one and a shared one out of it make no deadlock.
 * Returns the index of the visit that closes the circle, 0 for none.
 */
unsigned int um_lock_path(unsigned int start, unsigned int target, u8 kind)
{
	unsigned int head = 1, tail = 1;

	memset(um_dep.visited, 0, um_dep.n_classes);
	um_lock_visit(&tail, start, !(kind & KINDS_NOT_RECURSIVE), NULL, 0);
	for (; head < tail; head++) {
		struct visit v = um_dep.queue[head];
		struct edge *e;

		if (v.class == target && v.by &&
		    (!v.recursive || kind & KINDS_FROM_EXCLUSIVE))
			return head;
		for (e = um_dep.classes[v.class].out; e; e = e->next) {
			u8 kinds = e->kinds;

			if (v.recursive)
				kinds &= KINDS_FROM_EXCLUSIVE;
			if (kinds)
				um_lock_visit(&tail, e->to, !(kinds & KINDS_NOT_RECURSIVE), e, head);
		}
	}
	return 0;
}

void um_lock_circle(struct circle *c, unsigned int end)
{
	unsigned int i, n = 0;

	for (i = end; um_dep.queue[i].by; i = um_dep.queue[i].from)
		n++;
	c->n = min(n, 8u);
	for (i = end; um_dep.queue[i].by; i = um_dep.queue[i].from) {
		const struct edge *e = um_dep.queue[i].by;

		if (--n >= 8)
			continue;
		memcpy(c->comm[n], e->comm, sizeof(c->comm[n]));
		strcpy(c->from[n], um_dep.classes[um_dep.queue[um_dep.queue[i].from].class].name);
		strcpy(c->to[n], um_dep.classes[e->to].name);
		c->from_stack[n] = e->from_stack;
		c->to_stack[n] = e->to_stack;
	}
}

void um_lock_add_edge(unsigned int from, unsigned int to, u8 kind, const char *comm,
		      const struct stack *from_stack, const struct stack *to_stack)
{
	struct edge *e;

	for (e = um_dep.classes[from].out; e; e = e->next) {
		if (e->to == to) {
			e->kinds |= kind;
			return;
		}
	}
	e = host_keep(sizeof(*e));
	e->to = to;
	e->kinds = kind;
	host_snprintf(e->comm, sizeof(e->comm), "%s", comm);
	e->from_stack = from_stack;
	e->to_stack = to_stack;
	e->next = um_dep.classes[from].out;
	um_dep.classes[from].out = e;
	um_dep.edges++;
}
