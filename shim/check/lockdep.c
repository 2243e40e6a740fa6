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
 * Locks that handlers of interrupts take, too: check/lockdep_irq.c.
 *
 * Whoever completes something while he holds a lock stands between the waiter
 * and his end. That is told when the lock is released: one who waits himself
 * for what he has completed, before he releases it, stands in nobody's way.
 *
 * Leaves out: kinds of waiting within kinds of waiting.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "check/lockdep.h"
#include "check/lockdep_graph.h"
#include "check/report.h"
#include "check/watch.h"
#include "host/host.h"
#include "host/snapshot.h"

/* ---- classes ------------------------------------------------------------------- */

/* Lock held. */
static unsigned int new_class(const struct lockdep_map *map, unsigned int subclass)
{
	struct class *c;
	unsigned int i;
	size_t n;

	for (i = 1; i < um_dep.n_classes; i++)
		if (!um_dep.classes[i].key)
			break;
	if (i == MAX_CLASSES)
		return 0;
	if (i == um_dep.n_classes)
		um_dep.n_classes++;
	c = &um_dep.classes[i];
	c->key = map->key;
	c->subclass = subclass;
	n = host_snprintf(c->name, sizeof(c->name), "%s", map->name);
	if (map->of && n < sizeof(c->name))
		n += host_snprintf(c->name + n, sizeof(c->name) - n, " (%s)", map->of);
	if (subclass && n < sizeof(c->name))
		host_snprintf(c->name + n, sizeof(c->name) - n, "/%u", subclass);
	return i;
}

static __always_inline bool is_class(unsigned int id, const struct lockdep_map *map,
				     unsigned int subclass)
{
	return um_dep.classes[id].key == map->key && um_dep.classes[id].subclass == subclass;
}

static noinline unsigned int look_class_up(struct lockdep_map *map, unsigned int subclass)
{
	unsigned int id;

	host_lock(&um_dep.lock);
	for (id = 1; id < um_dep.n_classes; id++)
		if (is_class(id, map, subclass))
			break;
	if (id == um_dep.n_classes)
		id = new_class(map, subclass);
	host_unlock(&um_dep.lock);
	WRITE_ONCE(map->class, id);
	if (unlikely(!id))
		um_die("lock", "more than %u classes of locks; the next is %s", MAX_CLASSES,
		       map->name);
	return id;
}

/* Row of the class, 0 when it is not checked. A map remembers the row it had last. */
static __always_inline unsigned int class_of(struct lockdep_map *map, unsigned int subclass)
{
	unsigned int id = READ_ONCE(map->class);

	if (unlikely(!map->key || map->novalidate))
		return 0;
	subclass += map->subclass;
	return likely(id && is_class(id, map, subclass)) ? id : look_class_up(map, subclass);
}

/* Lock held. */
static void drop_class(unsigned int id)
{
	struct edge *e, **p;
	unsigned int i;

	um_dep.lost |= um_dep.classes[id].noted;
	for (i = 0; i < 2 * STATES; i++)
		host_keep_free(um_dep.classes[id].usage[i], sizeof(struct usage));
	while ((e = um_dep.classes[id].out)) {
		um_dep.classes[id].out = e->next;
		um_dep.edges--;
		host_keep_free(e, sizeof(*e));
	}
	for (i = 1; i < um_dep.n_classes; i++) {
		um_dep.known[i][id] = 0;
		um_dep.known[id][i] = 0;
		for (p = &um_dep.classes[i].out; (e = *p); ) {
			if (e->to != id) {
				p = &e->next;
				continue;
			}
			*p = e->next;
			um_dep.edges--;
			host_keep_free(e, sizeof(*e));
		}
	}
	memset(&um_dep.classes[id], 0, sizeof(um_dep.classes[id]));
}

static void drop_keys(const void *start, unsigned long size)
{
	unsigned long from = (unsigned long)start, key;
	unsigned int id;

	host_lock(&um_dep.lock);
	for (id = 1; id < um_dep.n_classes; id++) {
		key = (unsigned long)um_dep.classes[id].key;
		if (key && key - from < size)
			drop_class(id);
	}
	host_unlock(&um_dep.lock);
}

/* @state: 0 for what is noted, 1 and so on for its marks. */
static void note_classes(unsigned int state)
{
	unsigned int id;

	host_lock(&um_dep.lock);
	um_dep.lost &= ~(1u << state);
	for (id = 1; id < um_dep.n_classes; id++) {
		um_dep.classes[id].noted &= ~(1u << state);
		if (um_dep.classes[id].key)
			um_dep.classes[id].noted |= 1u << state;
	}
	host_unlock(&um_dep.lock);
}

/* Those that are not of @state and whose keys were memory that is something else now. */
static void drop_others(unsigned int state)
{
	const struct class *c;
	unsigned int id;

	host_lock(&um_dep.lock);
	for (id = 1; id < um_dep.n_classes; id++) {
		c = &um_dep.classes[id];
		if (c->key && !(c->noted & 1u << state) && host_snapshot_is_heap(c->key))
			drop_class(id);
	}
	host_unlock(&um_dep.lock);
}

void um_lockdep_note(void)
{
	static bool kept;

	if (!kept)
		host_snapshot_keep(&um_dep, sizeof(um_dep));
	kept = true;
	note_classes(0);
}

void um_lockdep_put_back(void)
{
	drop_others(0);
}

void um_lockdep_mark(unsigned int n)
{
	BUILD_BUG_ON(HOST_MARKS >= 32);
	note_classes(1 + n);
}

/* Tasks know the locks that they hold by the rows of their classes. */
bool um_lockdep_has_all_of_mark(unsigned int n)
{
	return !(um_dep.lost & 2u << n);
}

void um_lockdep_back_to_mark(unsigned int n)
{
	drop_others(1 + n);
}

void um_lockdep_count(unsigned int *classes, unsigned long *edges)
{
	unsigned int id;

	*classes = 0;
	host_lock(&um_dep.lock);
	for (id = 1; id < um_dep.n_classes; id++)
		*classes += um_dep.classes[id].key != NULL;
	*edges = um_dep.edges;
	host_unlock(&um_dep.lock);
}

/* ---- call stacks ------------------------------------------------------------------ */

/* From whoever called the lock function on: @ip is where that returns to. */
static __always_inline void take_stack(struct um_lock_at *at, const struct um_watch *w,
				       unsigned long ip)
{
	at->whole = NULL;
	at->n = host_stack_since(ip, &w->stack, UM_OP_FRAMES + 1, at->pc, &at->last);
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

static void report_recursion(struct um_op_task *t, struct um_held *held, struct um_held *next,
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

static void report_circle(struct um_op_task *t, struct um_held *held, struct um_held *next,
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

/* ---- orders ------------------------------------------------------------------------- */

/*
 * @next is wanted while @held is. An edge that closes a circle is reported
 * once and not kept: it would make one of every later one.
 */
static noinline void new_pair(struct um_op_task *t, struct um_held *held, unsigned int from,
			      struct um_held *next, unsigned int to, u8 kind)
{
	struct circle *circle = NULL;
	struct clash *clash = NULL;
	unsigned int end;

	host_lock(&um_dep.lock);
	if (um_dep.known[from][to] & kind) {
		host_unlock(&um_dep.lock);
		return;
	}
	WRITE_ONCE(um_dep.known[from][to], um_dep.known[from][to] | kind);
	end = um_lock_path(to, from, kind);
	if (end) {
		circle = host_need(sizeof(*circle));
		um_lock_circle(circle, end);
	} else {
		um_lock_add_edge(from, to, kind, t->comm, um_lock_whole(&held->at), um_lock_whole(&next->at));
		clash = um_lock_new_edge(from);
	}
	host_unlock(&um_dep.lock);
	um_lock_tell(clash);
	if (circle)
		report_circle(t, held, next, circle);
	host_free(circle);
}

static __always_inline void check_pair(struct um_op_task *t, struct um_held *held,
				       unsigned int from, struct um_held *next, unsigned int to)
{
	u8 kind = KIND(!held->read, next->read != 2);

	if (unlikely(!(READ_ONCE(um_dep.known[from][to]) & kind)))
		new_pair(t, held, from, next, to, kind);
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
static noinline bool check_recursion(struct um_op_task *t, struct um_held *next,
				     const struct lockdep_map *nest)
{
	struct um_watch *w = t->watch;
	struct um_held *h;
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
		if (READ_ONCE(um_dep.known[class][class]))
			return false;
		WRITE_ONCE(um_dep.known[class][class], 1);
		report_recursion(t, h, next, false);
		return false;
	}
	return true;
}

/* Is there none that check_recursion() would have to look at? */
static __always_inline bool is_alone(const struct um_watch *w, const struct um_held *next)
{
	const struct um_held *h;

	for (h = w->held; h < next; h++)
		if (h->map == next->map || (h->class == next->class && h->class))
			return false;
	return true;
}

/* What is held under the last one that was waited for has its edges already. */
static __always_inline void check_order(struct um_op_task *t, struct um_watch *w,
					struct um_held *next)
{
	struct um_held *h;
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
static noinline void want(struct um_op_task *t, struct um_watch *w, const struct um_op *op,
			  bool trylock, bool spins)
{
	struct um_held *h;

	if (w->n_held == UM_MAX_HELD)
		um_die("lock", "%s holds %u locks, more than can be followed", t->comm,
		       UM_MAX_HELD);
	h = &w->held[w->n_held];
	h->map = op->map;
	h->subclass = op->subclass;
	h->read = op->read;
	h->trylock = trylock;
	h->no_lock = false;
	h->ip = op->ip;
	h->class = 0;
	take_stack(&h->at, w, op->ip);
	/* a report may take locks itself: they are followed, and not judged */
	if (w->in_lockdep)
		return;
	w->in_lockdep = true;
	t->quiet++;
	if (!op->unchecked)
		h->class = class_of(op->map, op->subclass);
	h->spins = spins;
	if (h->class && spins)
		um_lock_states(t, h);
	if (!trylock && (likely(is_alone(w, h)) || check_recursion(t, h, op->nest)) && h->class)
		check_order(t, w, h);
	t->quiet--;
	w->in_lockdep = false;
}

/* They can come from now on, while the task holds what it holds. */
static noinline void irqs_on(struct um_op_task *t)
{
	struct um_watch *w = t->watch;
	unsigned int i;

	if (likely(!w->n_held) || w->in_lockdep)
		return;
	w->in_lockdep = true;
	for (i = 0; i < w->n_held; i++)
		if (w->held[i].class && w->held[i].spins)
			um_lock_states(t, &w->held[i]);
	w->in_lockdep = false;
}

/* Something may have been wanted in between. */
static __always_inline void take(struct um_op_task *t, struct um_watch *w, const struct um_op *op)
{
	if (unlikely(w->held[w->n_held].map != op->map))
		want(t, w, op, true, false);
	w->held[w->n_held].since = ++w->steps;
	w->n_held++;
}

static noinline void enter(struct um_op_task *t, const struct um_op *op, bool trylock)
{
	want(t, t->watch, op, trylock, false);
	take(t, t->watch, op);
	t->watch->held[t->watch->n_held - 1].no_lock = true;
}

/* ---- waiting without a lock ------------------------------------------------------------ */

/* Was it the task itself that completed this, since it has @h? */
static bool completed_since(const struct um_watch *w, const struct um_held *h,
			    const void *object)
{
	unsigned int i;

	for (i = 0; i < w->n_completed; i++)
		if (w->completed[i].object == object && w->completed[i].at > h->since)
			return true;
	return false;
}

static void forget_completed(struct um_watch *w, unsigned int i)
{
	w->n_completed--;
	for (; i < w->n_completed; i++)
		w->completed[i] = w->completed[i + 1];
}

/* It waits for what it has completed itself: that was for nobody else. */
static void took_own(struct um_watch *w, const void *object)
{
	unsigned int i;

	for (i = w->n_completed; i-- > 0; )
		if (w->completed[i].object == object)
			forget_completed(w, i);
}

/* The task ended such a wait, so @h stood between a waiter and its end. */
static void stood_between(struct um_op_task *t, const struct um_completed *c, struct um_held *h)
{
	struct um_held waited = {
		.map = (struct lockdep_map *)&c->map, .class = c->class, .ip = c->ip,
		.at = c->where,
	};

	if (!h->class || h->trylock || h->map->one_users || h->since > c->at)
		return;
	/* its class may have gone with a module */
	if (waited.class != h->class && um_dep.classes[c->class].key == c->map.key)
		check_pair(t, &waited, waited.class, h, h->class);
}

/* @h is released: what was completed under it is told. */
static noinline void told_at_last(struct um_op_task *t, struct um_held *h)
{
	struct um_watch *w = t->watch;
	unsigned int i;

	if (w->in_lockdep)
		return;
	w->in_lockdep = true;
	t->quiet++;
	for (i = 0; i < w->n_completed; i++)
		stood_between(t, &w->completed[i], h);
	t->quiet--;
	w->in_lockdep = false;
	if (w->n_held <= 1)
		w->n_completed = 0;
}

/*
 * "Waits for" without a lock: what is held now must not be needed by whoever
 * ends the wait.
 */
static noinline void waits(struct um_op_task *t, const struct um_op *op)
{
	struct um_watch *w = t->watch;
	unsigned int n = w->n_held;

	/* what it holds since before it completed this itself, nobody has to release */
	bool own = n && w->n_completed && completed_since(w, &w->held[n - 1], op->object);

	took_own(w, op->object);
	if (own || !op->map || !op->map->key)
		return;
	want(t, w, op, false, false);
	w->held[w->n_held].map = NULL;
}

/* The task ends such waits while it holds something. The waiter may free it at once. */
static noinline void ends_wait(struct um_op_task *t, const struct um_op *op)
{
	struct um_watch *w = t->watch;
	struct um_completed *c;
	unsigned int i;

	if (!op->map || !w->n_held || w->in_lockdep)
		return;
	if (w->n_completed == UM_MAX_COMPLETED) {
		for (i = 0; i < w->n_held; i++)
			stood_between(t, &w->completed[0], &w->held[i]);
		forget_completed(w, 0);
	}
	c = &w->completed[w->n_completed];
	c->class = class_of(op->map, 0);
	if (!c->class)
		return;
	w->n_completed++;
	c->object = op->object;
	c->map = *op->map;
	c->at = ++w->steps;
	c->ip = op->ip;
	take_stack(&c->where, w, op->ip);
}

/* ---- releasing ------------------------------------------------------------------------ */

/* It is the @i-th. What lies behind those held is nothing that is wanted. */
static void take_out(struct um_op_task *t, struct um_watch *w, unsigned int i)
{
	if (unlikely(w->n_completed))
		told_at_last(t, &w->held[i]);
	w->n_held--;
	for (; unlikely(i < w->n_held); i++)
		w->held[i] = w->held[i + 1];
	w->held[w->n_held].map = NULL;
}

/* Of one that the task does not have nothing is known: the lock itself has told. */
static noinline void release_inner(struct um_op_task *t, struct um_watch *w,
				   const struct lockdep_map *map)
{
	unsigned int i;

	for (i = w->n_held; i-- > 0; ) {
		if (w->held[i].map == map) {
			take_out(t, w, i);
			return;
		}
	}
}

/* Most are those that were taken last. */
static __always_inline void release(struct um_op_task *t, struct um_watch *w,
				    const struct lockdep_map *map)
{
	struct um_held *last = &w->held[w->n_held] - 1;

	if (unlikely(!w->n_held || last->map != map || w->n_completed)) {
		release_inner(t, w, map);
		return;
	}
	last->map = NULL;
	w->n_held--;
}

/* What runs is like a lock to who waits for its end; an item also of its queue. */
static noinline void runs(struct um_op_task *t, const struct um_op *op)
{
	struct um_op run = *op;

	if (op->nest) {
		run.map = op->nest;
		run.nest = NULL;
		enter(t, &run, false);
	}
	run.map = op->map;
	enter(t, &run, false);
}

static noinline void has_run(struct um_op_task *t, struct um_watch *w, const struct um_op *op)
{
	release(t, w, op->map);
	if (op->nest)
		release(t, w, op->nest);
}

/* ---- what is held where nothing may be ------------------------------------------- */

unsigned int um_locks_held(void)
{
	return um_watch()->n_held;
}

/* With what the lock's holder did to take it. */
static __printf(2, 3) void splat_held(struct um_held *held, const char *fmt, ...)
{
	struct um_report r = { 0 };
	char what[320], name[160], headline[512];
	va_list ap;

	va_start(ap, fmt);
	host_vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	host_symbolize((void *)held->ip, name, sizeof(name));
	host_snprintf(headline, sizeof(headline), "%s, taken in %s", what, name);
	um_lock_add_stack(&r, held->map->name, "was taken at", "", um_lock_whole(&held->at));
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

/* A lock in a range that another task than @but holds. */
struct others {
	const struct um_watch *but;
	const void *start;
	unsigned long size;		/* 0: not yet known */
	struct um_held held;		/* a copy */
	char comm[16];
};

static bool lies_in(struct others *o, const void *map)
{
	if (!o->size)
		o->size = host_alloc_size(o->start);
	return (unsigned long)map - (unsigned long)o->start < o->size;
}

/*
 * The other task goes on meanwhile. What it has given back before the caller
 * could know of that is not among what it holds any more (release()); what it
 * takes or gives back just now is another lock. What is none, as a work item, may
 * be freed by its function, and while another task flushes it.
 */
static noinline bool holds_of(struct um_watch *w, struct others *o, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n && i < UM_MAX_HELD; i++) {
		const struct lockdep_map *map = READ_ONCE(w->held[i].map);

		if (!map || w->held[i].no_lock || !lies_in(o, map))
			continue;
		o->held = w->held[i];
		/* on that task's stack */
		o->held.at.last = NULL;
		host_snprintf(o->comm, sizeof(o->comm), "%s", w->task->comm);
		return o->held.map == map;
	}
	return false;
}

static __always_inline bool other_holds(struct um_watch *w, void *arg)
{
	unsigned int n = READ_ONCE(w->n_held);
	struct others *o = arg;

	return unlikely(n && w != o->but) && holds_of(w, o, n);
}

static void check_others(struct others *o, const char *what)
{
	/* what the story is of lies behind that lock */
	if (um_watch_find(other_holds, o))
		splat_held(&o->held, "%s: %s, which task %s holds", what, o->held.map->name,
			   o->comm);
}

/* Memory that goes must hold no lock that a task holds. @size: 0 for a block of the host's heap. */
static noinline void check_freed(struct um_op_task *t, const void *mem, unsigned long size)
{
	struct um_watch *w = t->watch;
	struct others o = { .but = w, .start = mem, .size = size };
	unsigned int i;

	check_others(&o, "held lock freed");
	if (likely(!w->n_held))
		return;
	size = size ?: host_alloc_size(mem);
	for (i = w->n_held; i-- > 0; ) {
		if ((unsigned long)w->held[i].map - (unsigned long)mem >= size)
			continue;
		splat_held(&w->held[i], "held lock freed: %s", w->held[i].map->name);
		take_out(t, w, i);
	}
}

/* One that a task holds must not be made anew. */
static noinline void check_made(struct um_op_task *t, const struct lockdep_map *map)
{
	struct um_watch *w = t->watch;
	struct others o = { .but = w, .start = map, .size = 1 };
	unsigned int i;

	if (!map)
		return;
	check_others(&o, "held lock initialised again");
	for (i = w->n_held; i-- > 0; ) {
		if (w->held[i].map != map)
			continue;
		splat_held(&w->held[i], "held lock initialised again: %s", map->name);
		take_out(t, w, i);
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
	w->n_completed = 0;
	return false;
}

/* ---- the subscriber ----------------------------------------------------------------- */

/* What there is less of than of locks taken and given back. */
static noinline enum um_decision begin_other(enum um_kind kind, struct um_op_task *t,
					     struct um_watch *w, struct um_op *op)
{
	switch (kind) {
	case UM_ENTER:
		enter(t, op, op->trylock);
		break;
	case UM_DOWNGRADE:
	case UM_LEAVE:
	case UM_ACTIVE_PUT:
		release(t, w, op->map);
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
		check_freed(t, op->object, 0);
		break;
	case UM_PAGES_FREE:
		check_freed(t, op->start, op->size << PAGE_SHIFT);
		break;
	case UM_AREA_FREE:
		check_freed(t, op->start, op->size);
		break;
	case UM_INIT:
		check_made(t, op->map);
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

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch_of(t);

	if (kind == UM_UNLOCK)
		release(t, w, op->map);
	else if (kind == UM_RETURN && likely(!w->n_held))
		return UM_GO_ON;
	else if (kind != UM_LOCK)
		return begin_other(kind, t, w, op);
	else if (op->map)
		want(t, w, op, false, !op->sleeps);
	return UM_GO_ON;
}

static noinline void end_other(enum um_kind kind, struct um_op_task *t, struct um_watch *w,
			       int outcome, struct um_op *op)
{
	if (!op->map)
		return;
	if (kind == UM_WORK_RUN || kind == UM_TIMER_RUN) {
		has_run(t, w, op);
		return;
	}
	if (kind == UM_LOCK && outcome)
		w->held[w->n_held].map = NULL;
	if (outcome)
		return;
	if (kind != UM_LOCK)
		want(t, w, op, true, kind == UM_TRYLOCK && !op->sleeps);
	take(t, w, op);
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch_of(t);
	struct um_held *h = &w->held[w->n_held];

	if (unlikely(kind != UM_LOCK || outcome || !op->map || h->map != op->map)) {
		end_other(kind, t, w, outcome, op);
		return;
	}
	h->since = ++w->steps;
	w->n_held++;
}

static struct um_subscriber order = {
	.name = "order", .rank = UM_RANK_ORDER,
	.begins = UM_ON(UM_LOCK) | UM_ON(UM_ENTER) | UM_ON(UM_UNLOCK) | UM_ON(UM_DOWNGRADE) |
		  UM_ON(UM_LEAVE) | UM_ON(UM_ACTIVE_PUT) | UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_HELD) | UM_ON(UM_WAIT) |
		  UM_ON(UM_WAKE) | UM_ON(UM_FREE) | UM_ON(UM_INIT) | UM_ON(UM_RETURN) | UM_ON(UM_IRQS_ON) | UM_ON(UM_KEYS_GONE) |
		  UM_ON(UM_PAGES_FREE) | UM_ON(UM_AREA_FREE) | UM_ON(UM_MODULE_GONE),
	.ends = UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_DOWNGRADE) | UM_ON(UM_ACTIVE_GET) |
		UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN),
	.begin = begin, .end = end,
};
UM_SUBSCRIBER(order)
