// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock checker: what each task holds, and in which order classes of
 * locks are ever taken.
 *
 * A class is an initialisation site (lock_class_key) and a subclass. Each
 * task has a stack of what it holds, with the call stack of each taking.
 * Taking B while A is held makes the edge A -> B, kept for ever with both call
 * stacks; an edge that closes a circle is a deadlock that some interleaving
 * reaches, and is reported from the run at hand, before the wait begins.
 * Whatever waits takes part: a sysfs removal waits for active references, a
 * flush for its items, a wait for a completion for what its completer held.
 *
 * Representation: for each pair of classes a byte says which kinds of edge are
 * known, so that a known order costs one load; edges with their stacks hang
 * on the class they start from. All of it is guarded by one host lock.
 *
 * As Linux does: a trylock cannot wait, so it gets no edges, but what is
 * taken under it does; readers that may recurse do not block each other; the
 * no-validate class counts as held and has no order; keys in a module go
 * with it.
 *
 * Of each class it is also known whether it was taken in a softirq or an
 * interrupt, and whether it was taken where one could come. Both is a deadlock:
 * the handler waits for the task it has interrupted. So is it when a lock of
 * the first sort is held while one of the second is taken. Each is reported
 * from the run at hand, whether or not the handler came just then.
 *
 * Leaves out: kinds of waiting within kinds of waiting; inversions of
 * interrupts over more than one edge.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "check/lockdep.h"
#include "check/report.h"
#include "check/watch.h"
#include "host/host.h"

#define MAX_CLASSES	2048

/* Kinds of edge from A to B; A was taken Exclusively or Shared, B may Recurse or Not. */
#define KIND(a_exclusive, b_not_recursive) (1u << ((a_exclusive) + 2 * (b_not_recursive)))
#define KINDS_FROM_EXCLUSIVE	(KIND(1, 0) | KIND(1, 1))
#define KINDS_NOT_RECURSIVE	(KIND(0, 1) | KIND(1, 1))

struct edge {
	struct edge *next;
	u16 to;
	u8 kinds;
	char comm[16];
	struct um_lock_stack from_stack, to_stack;
};

/* How a class was taken; each alone or shared. */
enum state {
	IN_HARDIRQ, HARDIRQS_ON, IN_SOFTIRQ, SOFTIRQS_ON, STATES,
};
#define STATE(s, read)	(1u << (2 * (s) + !!(read)))
#define IN_STATES (STATE(IN_HARDIRQ, 0) | STATE(IN_HARDIRQ, 1) | STATE(IN_SOFTIRQ, 0) |	\
		   STATE(IN_SOFTIRQ, 1))

/* When a class first was. */
struct usage {
	char comm[16];
	struct um_lock_stack stack;
};

struct class {
	const struct lock_class_key *key;	/* NULL: a free row */
	unsigned int subclass;
	char name[80];
	struct edge *out;
	u8 states;				/* STATE() of those that were */
	bool state_told;
	struct usage *usage[2 * STATES];
};

/* A step of the search for a circle. */
struct visit {
	u16 class;
	bool recursive;		/* reached only as a recursive reader */
	struct edge *by;
	unsigned int from;	/* index of the visit before */
};

static struct {
	struct host_lock lock;
	struct class classes[MAX_CLASSES];	/* row 0 is nobody's */
	unsigned int n_classes;			/* rows ever used */
	u8 known[MAX_CLASSES][MAX_CLASSES];	/* kinds of edge seen, reported ones too */
	struct visit queue[2 * MAX_CLASSES];
	u8 visited[MAX_CLASSES];
	unsigned long edges;
} dep = { .n_classes = 1 };

/* ---- classes ------------------------------------------------------------------- */

/* Lock held. */
static unsigned int new_class(const struct lockdep_map *map, unsigned int subclass)
{
	struct class *c;
	unsigned int i;
	size_t n;

	for (i = 1; i < dep.n_classes; i++)
		if (!dep.classes[i].key)
			break;
	if (i == MAX_CLASSES)
		return 0;
	if (i == dep.n_classes)
		dep.n_classes++;
	c = &dep.classes[i];
	c->key = map->key;
	c->subclass = subclass;
	n = host_snprintf(c->name, sizeof(c->name), "%s", map->name);
	if (map->of && n < sizeof(c->name))
		n += host_snprintf(c->name + n, sizeof(c->name) - n, " (%s)", map->of);
	if (subclass && n < sizeof(c->name))
		host_snprintf(c->name + n, sizeof(c->name) - n, "/%u", subclass);
	return i;
}

static bool is_class(unsigned int id, const struct lockdep_map *map, unsigned int subclass)
{
	return dep.classes[id].key == map->key && dep.classes[id].subclass == subclass;
}

/* Row of the class, 0 when it is not checked. A map remembers the row it had last. */
static unsigned int class_of(struct lockdep_map *map, unsigned int subclass)
{
	unsigned int id = READ_ONCE(map->class);

	if (!map->key || map->novalidate)
		return 0;
	subclass += map->subclass;
	if (id && is_class(id, map, subclass))
		return id;
	host_lock(&dep.lock);
	for (id = 1; id < dep.n_classes; id++)
		if (is_class(id, map, subclass))
			break;
	if (id == dep.n_classes)
		id = new_class(map, subclass);
	host_unlock(&dep.lock);
	WRITE_ONCE(map->class, id);
	if (unlikely(!id))
		um_die("lock", "more than %u classes of locks; the next is %s", MAX_CLASSES,
		       map->name);
	return id;
}

/* Lock held. */
static void drop_class(unsigned int id)
{
	struct edge *e, **p;
	unsigned int i;

	for (i = 0; i < 2 * STATES; i++)
		host_free(dep.classes[id].usage[i]);
	while ((e = dep.classes[id].out)) {
		dep.classes[id].out = e->next;
		dep.edges--;
		host_free(e);
	}
	for (i = 1; i < dep.n_classes; i++) {
		dep.known[i][id] = 0;
		dep.known[id][i] = 0;
		for (p = &dep.classes[i].out; (e = *p); ) {
			if (e->to != id) {
				p = &e->next;
				continue;
			}
			*p = e->next;
			dep.edges--;
			host_free(e);
		}
	}
	memset(&dep.classes[id], 0, sizeof(dep.classes[id]));
}

static void drop_keys(const void *start, unsigned long size)
{
	unsigned long from = (unsigned long)start, key;
	unsigned int id;

	host_lock(&dep.lock);
	for (id = 1; id < dep.n_classes; id++) {
		key = (unsigned long)dep.classes[id].key;
		if (key && key - from < size)
			drop_class(id);
	}
	host_unlock(&dep.lock);
}

void um_lockdep_count(unsigned int *classes, unsigned long *edges)
{
	unsigned int id;

	*classes = 0;
	host_lock(&dep.lock);
	for (id = 1; id < dep.n_classes; id++)
		*classes += dep.classes[id].key != NULL;
	*edges = dep.edges;
	host_unlock(&dep.lock);
}

/* ---- call stacks ------------------------------------------------------------------ */

/* From whoever called the lock function on: @ip is where that returns to. */
static noinline void take_stack(struct um_lock_stack *s, unsigned long ip)
{
	void *pc[UM_LOCK_STACK + 7];
	unsigned int i, n, skip = 0;

	n = host_stack(pc, ARRAY_SIZE(pc), 2);
	for (i = 0; i < n && i < 8; i++)
		if (pc[i] == (void *)ip)
			skip = i;
	s->depth = min_t(unsigned int, n - skip, UM_LOCK_STACK);
	memcpy(s->pc, pc + skip, s->depth * sizeof(*pc));
}

static void add_stack(struct um_report *r, const char *lock, const char *what,
		      const char *indent, const struct um_lock_stack *s)
{
	char both[160];

	host_snprintf(both, sizeof(both), "%s %s", lock, what);
	um_text_add(&r->lines, "%s%s:\n", indent, both);
	um_report_stack(r, both, "", "    ", s->pc, s->depth);
}

/* ---- reports ------------------------------------------------------------------------ */

static void map_name(const struct lockdep_map *map, unsigned int subclass, char *buf, size_t size)
{
	int n = host_snprintf(buf, size, "%s", map->name ? map->name : "a lock");

	if (map->of)
		n += host_snprintf(buf + n, size - n, " (%s)", map->of);
	if (subclass)
		host_snprintf(buf + n, size - n, "/%u", subclass);
}

static void report_recursion(struct um_op_task *t, const struct um_held *held,
			     const struct um_held *next, bool certain)
{
	char name[128], headline[512];
	struct um_report r = { 0 };

	map_name(next->map, next->subclass, name, sizeof(name));
	host_snprintf(headline, sizeof(headline),
		      "possible recursive locking detected: %s is taken again by %s, %s", name,
		      t->comm, certain ? "which holds it: this never ends" :
		      "which holds another of that class, and no subclass tells them apart");
	add_stack(&r, name, "is wanted at", "", &next->stack);
	map_name(held->map, held->subclass, name, sizeof(name));
	add_stack(&r, name, "is held since", "", &held->stack);
	if (certain)
		um_die_report("lock", headline, &r);
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

/* What a report says of the circle, copied out under the lock. */
struct circle {
	unsigned int n;
	char comm[8][16];
	char from[8][80], to[8][80];
	struct um_lock_stack from_stack[8], to_stack[8];
};

static void report_circle(struct um_op_task *t, const struct um_held *held,
			  const struct um_held *next, const struct circle *c)
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
	add_stack(&r, holding, "is held since", "  ", &held->stack);
	add_stack(&r, wanted, "is wanted at", "  ", &next->stack);
	for (i = 0; i < c->n; i++) {
		um_text_add(&r.lines, "the order before, in %s: %s, then %s\n", c->comm[i],
			    c->from[i], c->to[i]);
		add_stack(&r, c->from[i], "was held since", "  ", &c->from_stack[i]);
		add_stack(&r, c->to[i], "was wanted at", "  ", &c->to_stack[i]);
	}
	um_text_add(&r.lines, "the circle: %s -> %s", holding, wanted);
	for (i = 0; i < c->n; i++)
		um_text_add(&r.lines, " -> %s", c->to[i]);
	um_text_add(&r.lines, "\n");
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

/* ---- interrupts ----------------------------------------------------------------------- */

static const char *const state_names[] = {
	[IN_HARDIRQ] = "in an interrupt", [HARDIRQS_ON] = "with interrupts on",
	[IN_SOFTIRQ] = "in a softirq", [SOFTIRQS_ON] = "with softirqs on",
};

/* Of two classes, or one: what is taken by who interrupts, and where he may. */
struct clash {
	bool found;
	char in_name[80], on_name[80];
	enum state in, on;
	struct usage in_usage, on_usage;
};

/* Lock held. One taken by a handler and one where that can come; both shared do not clash. */
static bool find_clash(struct clash *c, struct class *in, struct class *on)
{
	static const enum state pairs[][2] = {
		{ IN_HARDIRQ, HARDIRQS_ON }, { IN_SOFTIRQ, SOFTIRQS_ON },
	};
	unsigned int i, r;

	if (in->state_told || on->state_told)
		return false;
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		for (r = 0; r < 3; r++) {
			unsigned int a = 2 * pairs[i][0] + (r == 1), b = 2 * pairs[i][1] + (r == 2);

			if (!(in->states & 1u << a) || !(on->states & 1u << b))
				continue;
			*c = (struct clash){ .found = true, .in = pairs[i][0], .on = pairs[i][1] };
			memcpy(c->in_name, in->name, sizeof(c->in_name));
			memcpy(c->on_name, on->name, sizeof(c->on_name));
			c->in_usage = *in->usage[a];
			c->on_usage = *on->usage[b];
			in->state_told = true;
			on->state_told = true;
			return true;
		}
	}
	return false;
}

static void report_clash(const struct clash *c)
{
	bool one = !strcmp(c->in_name, c->on_name);
	char headline[384], how[64];
	struct um_report r = { 0 };

	if (one)
		host_snprintf(headline, sizeof(headline),
			      "inconsistent lock state: %s is taken %s by %s, and %s by %s",
			      c->in_name, state_names[c->in], c->in_usage.comm,
			      state_names[c->on], c->on_usage.comm);
	else
		host_snprintf(headline, sizeof(headline),
			      "possible interrupt lock inversion: %s, taken %s, is held where %s is wanted, which is taken %s",
			      c->in_name, state_names[c->in], c->on_name, state_names[c->on]);
	host_snprintf(how, sizeof(how), "was taken %s at", state_names[c->in]);
	add_stack(&r, c->in_name, how, "", &c->in_usage.stack);
	host_snprintf(how, sizeof(how), "was taken %s at", state_names[c->on]);
	add_stack(&r, c->on_name, how, "", &c->on_usage.stack);
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

/* Lock held. Does the class clash with itself, or with one before or after it? */
static void look_around(struct clash *c, unsigned int id, unsigned int new)
{
	struct edge *e;
	unsigned int i;

	if (find_clash(c, &dep.classes[id], &dep.classes[id]))
		return;
	if (new & IN_STATES)
		for (e = dep.classes[id].out; e; e = e->next)
			if (find_clash(c, &dep.classes[id], &dep.classes[e->to]))
				return;
	if (!(new & ~IN_STATES))
		return;
	for (i = 1; i < dep.n_classes; i++)
		for (e = dep.classes[i].out; e; e = e->next)
			if (e->to == id && find_clash(c, &dep.classes[i], &dep.classes[id]))
				return;
}

/* What states the task is in, for a lock that it takes or, when they go on, holds. */
static unsigned int states_now(const struct um_op_task *t, const struct um_held *h)
{
	unsigned int states = 0;

	if (!h->trylock && t->in_hardirq)
		states |= STATE(IN_HARDIRQ, h->read);
	if (!h->trylock && t->in_softirq)
		states |= STATE(IN_SOFTIRQ, h->read);
	if (t->irqs_off)
		return states;
	states |= STATE(HARDIRQS_ON, h->read);
	if (!t->bh_off && !t->in_softirq && !t->in_hardirq)
		states |= STATE(SOFTIRQS_ON, h->read);
	return states;
}

static void note_states(const struct um_op_task *t, const struct um_held *h)
{
	unsigned int i, states = states_now(t, h);
	struct class *c = &dep.classes[h->class];
	struct clash clash = { };

	if (likely(!(states & ~READ_ONCE(c->states))))
		return;
	host_lock(&dep.lock);
	states &= ~c->states;
	for (i = 0; i < 2 * STATES; i++) {
		if (!(states & 1u << i))
			continue;
		c->usage[i] = host_need(sizeof(*c->usage[i]));
		c->usage[i]->stack = h->stack;
		host_snprintf(c->usage[i]->comm, sizeof(c->usage[i]->comm), "%s", t->comm);
	}
	WRITE_ONCE(c->states, c->states | states);
	if (states)
		look_around(&clash, h->class, states);
	host_unlock(&dep.lock);
	if (clash.found)
		report_clash(&clash);
}

/* ---- the graph: lock held --------------------------------------------------------- */

static bool visit(unsigned int *tail, unsigned int class, bool recursive, struct edge *by,
		  unsigned int from)
{
	u8 bit = recursive ? 1 : 2;

	/* having come as one that blocks covers having come as a recursive reader */
	if (dep.visited[class] & (bit | 2))
		return false;
	dep.visited[class] |= bit;
	dep.queue[*tail] = (struct visit){
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
static unsigned int find_path(unsigned int start, unsigned int target, u8 kind)
{
	unsigned int head = 1, tail = 1;

	memset(dep.visited, 0, dep.n_classes);
	visit(&tail, start, !(kind & KINDS_NOT_RECURSIVE), NULL, 0);
	for (; head < tail; head++) {
		struct visit v = dep.queue[head];
		struct edge *e;

		if (v.class == target && v.by &&
		    (!v.recursive || kind & KINDS_FROM_EXCLUSIVE))
			return head;
		for (e = dep.classes[v.class].out; e; e = e->next) {
			u8 kinds = e->kinds;

			if (v.recursive)
				kinds &= KINDS_FROM_EXCLUSIVE;
			if (kinds)
				visit(&tail, e->to, !(kinds & KINDS_NOT_RECURSIVE), e, head);
		}
	}
	return 0;
}

static void copy_circle(struct circle *c, unsigned int end)
{
	unsigned int i, n = 0;

	for (i = end; dep.queue[i].by; i = dep.queue[i].from)
		n++;
	c->n = min(n, 8u);
	for (i = end; dep.queue[i].by; i = dep.queue[i].from) {
		const struct edge *e = dep.queue[i].by;

		if (--n >= 8)
			continue;
		memcpy(c->comm[n], e->comm, sizeof(c->comm[n]));
		strcpy(c->from[n], dep.classes[dep.queue[dep.queue[i].from].class].name);
		strcpy(c->to[n], dep.classes[e->to].name);
		c->from_stack[n] = e->from_stack;
		c->to_stack[n] = e->to_stack;
	}
}

static void add_edge(unsigned int from, unsigned int to, u8 kind, const char *comm,
		     const struct um_lock_stack *from_stack,
		     const struct um_lock_stack *to_stack)
{
	struct edge *e;

	for (e = dep.classes[from].out; e; e = e->next) {
		if (e->to == to) {
			e->kinds |= kind;
			return;
		}
	}
	e = host_need(sizeof(*e));
	e->to = to;
	e->kinds = kind;
	host_snprintf(e->comm, sizeof(e->comm), "%s", comm);
	e->from_stack = *from_stack;
	e->to_stack = *to_stack;
	e->next = dep.classes[from].out;
	dep.classes[from].out = e;
	dep.edges++;
}

/*
 * @next is wanted while @held is. An edge that closes a circle is reported
 * once and not kept: it would make one of every later one.
 */
static void check_pair(struct um_op_task *t, const struct um_held *held, unsigned int from,
		       const struct um_held *next, unsigned int to)
{
	u8 kind = KIND(!held->read, next->read != 2);
	struct circle *circle = NULL;
	struct clash clash = { };
	unsigned int end;

	if (likely(READ_ONCE(dep.known[from][to]) & kind))
		return;
	host_lock(&dep.lock);
	if (dep.known[from][to] & kind) {
		host_unlock(&dep.lock);
		return;
	}
	WRITE_ONCE(dep.known[from][to], dep.known[from][to] | kind);
	end = find_path(to, from, kind);
	if (end) {
		circle = host_need(sizeof(*circle));
		copy_circle(circle, end);
	} else {
		add_edge(from, to, kind, t->comm, &held->stack, &next->stack);
		find_clash(&clash, &dep.classes[from], &dep.classes[to]);
	}
	host_unlock(&dep.lock);
	if (clash.found)
		report_clash(&clash);
	if (circle)
		report_circle(t, held, next, circle);
	host_free(circle);
}

/* ---- taking and releasing ------------------------------------------------------------ */

static bool is_held(struct um_watch *w, const struct lockdep_map *map, int read)
{
	unsigned int i;

	for (i = 0; i < w->n_held; i++)
		if (w->held[i].map == map && (read == -1 || !w->held[i].read == !read))
			return true;
	return false;
}

/* Returns false when a held lock of the class makes an order with others pointless. */
static bool check_recursion(struct um_op_task *t, const struct um_held *next,
			    const struct lockdep_map *nest)
{
	struct um_watch *w = t->watch;
	const struct um_held *h;
	unsigned int i, class = next->class;

	for (i = 0; i < w->n_held; i++) {
		h = &w->held[i];
		if (h->map == next->map && !(h->read && next->read)) {
			report_recursion(t, h, next, true);
			return false;
		}
		if (!class || h->class != class)
			continue;
		if (next->read == 2 && h->read)
			continue;
		if (nest && is_held(w, nest, -1))
			continue;
		if (READ_ONCE(dep.known[class][class]))
			return false;
		WRITE_ONCE(dep.known[class][class], 1);
		report_recursion(t, h, next, false);
		return false;
	}
	return true;
}

/* What is held under the last one that was waited for has its edges already. */
static void check_order(struct um_op_task *t, const struct um_held *next)
{
	struct um_watch *w = t->watch;
	const struct um_held *h;
	unsigned int i;

	for (i = w->n_held; i-- > 0; ) {
		h = &w->held[i];
		if (!h->class)
			continue;
		if (h->class != next->class)
			check_pair(t, h, h->class, next, next->class);
		if (!h->trylock)
			return;
	}
}

/*
 * Before the wait, so that a deadlock is told before it happens: the lock that
 * is wanted, behind those that are held. One that the task has ends the
 * process, unless both are shared.
 */
static void want(struct um_op_task *t, const struct um_op *op, bool trylock, bool spins)
{
	struct um_watch *w = t->watch;
	struct um_held *h;

	if (w->n_held == UM_MAX_HELD)
		um_die("lock", "%s holds %u locks, more than can be followed", t->comm,
		       UM_MAX_HELD);
	h = &w->held[w->n_held];
	h->map = op->map;
	h->subclass = op->subclass;
	h->read = op->read;
	h->trylock = trylock;
	h->ip = op->ip;
	h->class = 0;
	take_stack(&h->stack, op->ip);
	/* a report may take locks itself: they are followed, and not judged */
	if (w->in_lockdep)
		return;
	w->in_lockdep = true;
	t->quiet++;
	if (!op->unchecked)
		h->class = class_of(op->map, op->subclass);
	h->spins = spins;
	if (h->class && spins)
		note_states(t, h);
	if (!trylock && check_recursion(t, h, op->nest) && h->class)
		check_order(t, h);
	t->quiet--;
	w->in_lockdep = false;
}

/* They can come from now on, while the task holds what it holds. */
static void irqs_on(struct um_op_task *t)
{
	struct um_watch *w = t->watch;
	unsigned int i;

	if (likely(!w->n_held) || w->in_lockdep)
		return;
	w->in_lockdep = true;
	for (i = 0; i < w->n_held; i++)
		if (w->held[i].class && w->held[i].spins)
			note_states(t, &w->held[i]);
	w->in_lockdep = false;
}

/* Something may have been wanted in between. */
static void take(struct um_op_task *t, const struct um_op *op)
{
	struct um_watch *w = t->watch;

	if (unlikely(w->held[w->n_held].map != op->map))
		want(t, op, true, false);
	w->n_held++;
}

/* Of one that the task does not have nothing is known: the lock itself has told. */
static void release(struct um_watch *w, const struct lockdep_map *map)
{
	unsigned int i;

	for (i = w->n_held; i-- > 0; ) {
		if (w->held[i].map != map)
			continue;
		w->n_held--;
		for (; i < w->n_held; i++)
			w->held[i] = w->held[i + 1];
		/* what lies behind is nothing that is wanted */
		w->held[w->n_held].map = NULL;
		return;
	}
}

/*
 * "Waits for" without a lock: what is held now must not be needed by whoever
 * ends the wait.
 */
static void waits(struct um_op_task *t, const struct um_op *op)
{
	if (!op->map || !op->map->key)
		return;
	want(t, op, false, false);
	t->watch->held[t->watch->n_held].map = NULL;
}

/* The task ends such waits, so what it holds stands between a waiter and its end. */
static void ends_wait(struct um_op_task *t, const struct um_op *op)
{
	struct um_held waited = { .map = op->map, .ip = op->ip };
	struct um_watch *w = t->watch;
	unsigned int i;

	if (!op->map || !w->n_held || w->in_lockdep)
		return;
	w->in_lockdep = true;
	t->quiet++;
	waited.class = class_of(op->map, 0);
	take_stack(&waited.stack, op->ip);
	for (i = 0; waited.class && i < w->n_held; i++) {
		const struct um_held *h = &w->held[i];

		if (h->class && h->class != waited.class && !h->trylock && !h->map->one_users)
			check_pair(t, &waited, waited.class, h, h->class);
	}
	t->quiet--;
	w->in_lockdep = false;
}

/* What runs is like a lock to who waits for its end; an item also of its queue. */
static void runs(struct um_op_task *t, const struct um_op *op)
{
	struct um_op run = *op;

	if (op->nest) {
		run.map = op->nest;
		run.nest = NULL;
		want(t, &run, false, false);
		take(t, &run);
	}
	run.map = op->map;
	want(t, &run, false, false);
	take(t, &run);
}

static void has_run(struct um_watch *w, const struct um_op *op)
{
	release(w, op->map);
	if (op->nest)
		release(w, op->nest);
}

/* ---- what is held where nothing may be ------------------------------------------- */

unsigned int um_locks_held(void)
{
	return um_watch()->n_held;
}

/* With what the lock's holder did to take it. */
static __printf(2, 3) void splat_held(const struct um_held *held, const char *fmt, ...)
{
	struct um_report r = { 0 };
	char what[320], name[160], headline[512];
	va_list ap;

	va_start(ap, fmt);
	host_vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	host_symbolize((void *)held->ip, name, sizeof(name));
	host_snprintf(headline, sizeof(headline), "%s, taken in %s", what, name);
	add_stack(&r, held->map->name, "was taken at", "", &held->stack);
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

/* A block of the host's heap that goes must hold no lock that the task holds. */
static void check_freed(struct um_watch *w, const void *mem)
{
	unsigned long size;
	unsigned int i;

	if (likely(!w->n_held))
		return;
	size = host_alloc_size(mem);
	for (i = w->n_held; i-- > 0; ) {
		if ((unsigned long)w->held[i].map - (unsigned long)mem >= size)
			continue;
		splat_held(&w->held[i], "held lock freed: %s", w->held[i].map->name);
		release(w, w->held[i].map);
	}
}

/* What is still held is told and forgotten, so that what comes next starts clean. */
static bool check_left(struct um_watch *w, const struct um_op *op)
{
	unsigned int i;
	char does[160];

	if (likely(!w->n_held))
		return true;
	um_report_ending(op, does, sizeof(does));
	for (i = 0; i < w->n_held; i++)
		splat_held(&w->held[i], "%s with %s held", does, w->held[i].map->name);
	w->n_held = 0;
	return false;
}

/* ---- the subscriber ----------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	struct um_watch *w = um_watch();
	struct um_op_task *t = um_op_task();

	switch (kind) {
	case UM_LOCK:
		if (op->map)
			want(t, op, false, !op->sleeps);
		break;
	case UM_ENTER:
		want(t, op, op->trylock, false);
		take(t, op);
		break;
	case UM_UNLOCK:
	case UM_DOWNGRADE:
	case UM_LEAVE:
	case UM_ACTIVE_PUT:
		release(w, op->map);
		break;
	case UM_HELD:
		return is_held(w, op->map, op->read) ? UM_TAKEN : UM_REFUSE;
	case UM_WORK_RUN:
	case UM_TIMER_RUN:
		runs(t, op);
		break;
	case UM_WAIT:
		waits(t, op);
		break;
	case UM_WAKE:
		ends_wait(t, op);
		break;
	case UM_FREE:
		check_freed(w, op->object);
		break;
	case UM_RETURN:
		return check_left(w, op) ? UM_GO_ON : UM_REFUSE;
	case UM_IRQS_ON:
		irqs_on(t);
		break;
	case UM_KEYS_GONE:
	case UM_MODULE_GONE:
		drop_keys(op->start, op->size);
		break;
	default:
		break;
	}
	return UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	struct um_watch *w = um_watch();
	struct um_op_task *t = um_op_task();

	if (!op->map)
		return;
	if (kind == UM_WORK_RUN || kind == UM_TIMER_RUN) {
		has_run(w, op);
		return;
	}
	if (kind == UM_LOCK && outcome)
		w->held[w->n_held].map = NULL;
	if (outcome)
		return;
	if (kind != UM_LOCK)
		want(t, op, true, kind == UM_TRYLOCK && !op->sleeps);
	take(t, op);
}

static struct um_subscriber order = {
	.name = "order", .rank = UM_RANK_ORDER,
	.begins = UM_ON(UM_LOCK) | UM_ON(UM_ENTER) | UM_ON(UM_UNLOCK) | UM_ON(UM_DOWNGRADE) |
		  UM_ON(UM_LEAVE) | UM_ON(UM_ACTIVE_PUT) | UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_HELD) | UM_ON(UM_WAIT) |
		  UM_ON(UM_WAKE) | UM_ON(UM_FREE) | UM_ON(UM_RETURN) | UM_ON(UM_IRQS_ON) | UM_ON(UM_KEYS_GONE) |
		  UM_ON(UM_MODULE_GONE),
	.ends = UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_DOWNGRADE) | UM_ON(UM_ACTIVE_GET) |
		UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN),
	.begin = begin, .end = end,
};
UM_SUBSCRIBER(order)
