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
 * known; edges with their stacks hang on the class they start from. What a task
 * holds, in its order, is a chain, which has a number; one that was looked
 * through is not looked through again, so that what is known costs one load. All
 * of it is guarded by one host lock.
 *
 * As Linux does: a trylock cannot wait, so it gets no edges, but what is
 * taken under it does; readers that may recurse do not block each other; the
 * no-validate class counts as held and has no order; keys in a module go
 * with it. Locks that handlers of interrupts take, too: check/lockdep_irq.c.
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
	const struct class *c = &um_dep.classes[id];

	return c->key == map->key && c->subclass == subclass && !c->gone;
}

static u16 *row_hint(const struct lock_class_key *key, unsigned int subclass)
{
	return &um_dep.row_hints[((unsigned long)key + subclass) * 0x9e3779b97f4a7c15ULL >>
				 (64 - HINT_BITS)];
}

static noinline unsigned int look_class_up(struct lockdep_map *map, unsigned int subclass)
{
	u16 *hint = row_hint(map->key, subclass);
	unsigned int id = READ_ONCE(*hint);

	if (likely(id && is_class(id, map, subclass))) {
		WRITE_ONCE(map->class, id);
		return id;
	}
	host_lock(&um_dep.lock);
	for (id = 1; id < um_dep.n_classes; id++)
		if (is_class(id, map, subclass))
			break;
	if (id == um_dep.n_classes)
		id = new_class(map, subclass);
	host_unlock(&um_dep.lock);
	WRITE_ONCE(*hint, id);
	WRITE_ONCE(map->class, id);
	if (unlikely(!id))
		um_die("lock", "more than %u classes of locks; the next is %s", MAX_CLASSES,
		       map->name);
	return id;
}

/*
 * Row of the class as the map remembers it, which it does of one that is checked only;
 * 0: it may have another.
 */
static __always_inline unsigned int class_there(const struct lockdep_map *map,
						unsigned int subclass)
{
	unsigned int id = READ_ONCE(map->class);

	return likely(id && is_class(id, map, subclass + map->subclass)) ? id : 0;
}

/* Row of the class, 0 when it is not checked. */
static unsigned int class_of(struct lockdep_map *map, unsigned int subclass)
{
	if (!map->key || map->novalidate)
		return 0;
	return class_there(map, subclass) ?: look_class_up(map, subclass + map->subclass);
}

/* Lock held. */
static void drop_class(unsigned int id)
{
	struct edge *e, **p;
	unsigned int i;

	um_dep.dropped++;
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

/* Lock held: their rows will be others', unless there are still as many. */
static void forget_chains_since(unsigned int dropped)
{
	if (um_dep.dropped != dropped)
		memset(um_dep.chains, 0, sizeof(um_dep.chains));
}

/*
 * @comes_back: what they lie in is there again in a state that is put back, and so are they;
 * until then nothing is found by them.
 */
static void drop_keys(const void *start, unsigned long size, bool comes_back)
{
	unsigned long from = (unsigned long)start, key;
	unsigned int id, dropped;

	host_lock(&um_dep.lock);
	dropped = um_dep.dropped;
	for (id = 1; id < um_dep.n_classes; id++) {
		key = (unsigned long)um_dep.classes[id].key;
		if (!key || key - from >= size)
			continue;
		if (comes_back)
			um_dep.classes[id].gone = true;
		else
			drop_class(id);
	}
	forget_chains_since(dropped);
	host_unlock(&um_dep.lock);
}

/* What would have come back does not any more. */
static void drop_gone(void)
{
	unsigned int id, dropped;

	host_lock(&um_dep.lock);
	dropped = um_dep.dropped;
	for (id = 1; id < um_dep.n_classes; id++)
		if (um_dep.classes[id].gone)
			drop_class(id);
	forget_chains_since(dropped);
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
	struct class *c;
	unsigned int id, dropped;

	host_lock(&um_dep.lock);
	dropped = um_dep.dropped;
	for (id = 1; id < um_dep.n_classes; id++) {
		c = &um_dep.classes[id];
		c->gone = false;
		if (c->key && !(c->noted & 1u << state) && host_snapshot_is_heap(c->key))
			drop_class(id);
	}
	forget_chains_since(dropped);
	host_unlock(&um_dep.lock);
}

void um_lockdep_note(void)
{
	static bool kept;

	if (!kept)
		host_snapshot_keep(&um_dep, sizeof(um_dep));
	kept = true;
	drop_gone();
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
		*classes += um_dep.classes[id].key && !um_dep.classes[id].gone;
	*edges = um_dep.edges;
	host_unlock(&um_dep.lock);
}

/* ---- call stacks ------------------------------------------------------------------ */

/* From whoever called the lock function on: @ip is where that returns to. */
static __always_inline void take_stack(struct um_lock_at *at, const struct um_watch *w,
				       unsigned long ip)
{
	at->whole = NULL;
	BUILD_BUG_ON(HOST_STACK_OWN > UM_OP_FRAMES + 1);
	host_stack_since(ip, &w->stack, at->pc, &at->last);
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
		um_lock_tell_circle(t, held, next, circle);
	host_free(circle);
}

static __always_inline void check_pair(struct um_op_task *t, struct um_held *held,
				       unsigned int from, struct um_held *next, unsigned int to)
{
	u8 kind = KIND(!um_held_read(held), um_held_read(next) != 2);

	if (unlikely(!(READ_ONCE(um_dep.known[from][to]) & kind)))
		new_pair(t, held, from, next, to, kind);
}

/* ---- taking and releasing ------------------------------------------------------------ */

static bool is_held(struct um_watch *w, const struct lockdep_map *map, int read)
{
	unsigned int i;

	for (i = 0; i < w->n_held; i++)
		if (w->held[i].map == map && (read == -1 || !um_held_read(&w->held[i]) == !read))
			return true;
	return false;
}

/* Returns false when a held lock of the class makes an order with others pointless. */
static noinline bool check_recursion(struct um_op_task *t, struct um_held *next,
				     const struct lockdep_map *nest)
{
	unsigned int i, class = um_held_class(next), read = um_held_read(next);
	struct um_watch *w = t->watch;
	struct um_held *h;

	for (i = 0; i < w->n_held; i++) {
		h = &w->held[i];
		if (h->map == next->map && !(um_held_read(h) && read)) {
			um_lock_tell_recursion(t, h, next, true);
			return false;
		}
		if (!class || um_held_class(h) != class)
			continue;
		if (read == 2 && um_held_read(h))
			continue;
		if (nest && is_held(w, nest, -1))
			continue;
		if (READ_ONCE(um_dep.known[class][class]))
			return false;
		WRITE_ONCE(um_dep.known[class][class], 1);
		um_lock_tell_recursion(t, h, next, false);
		return false;
	}
	return true;
}

/* Is there none that check_recursion() would have to look at? */
static bool is_alone(const struct um_watch *w, const struct um_held *next)
{
	unsigned int class = um_held_class(next);
	const struct um_held *h;

	for (h = w->held; h < next; h++)
		if (h->map == next->map || (class && um_held_class(h) == class))
			return false;
	return true;
}

/* What is held under the last one that was waited for has its edges already. */
static void check_order(struct um_op_task *t, struct um_watch *w, struct um_held *next)
{
	unsigned int i, class, to = um_held_class(next);
	struct um_held *h;

	for (i = w->n_held; i-- > 0; ) {
		h = &w->held[i];
		class = um_held_class(h);
		if (!class)
			continue;
		if (class != to)
			check_pair(t, h, class, next, to);
		if (!(h->link & HELD_TRYLOCK))
			return;
	}
}

/* ---- chains ------------------------------------------------------------------------- */

/*
 * The number of a chain with one link more. Chains that differ in one link never have
 * the same.
 */
static __always_inline u64 longer(u64 chain, u32 link)
{
	if (unlikely(!(link & HELD_CLASS)))
		return chain;
	chain = (chain ^ link) * 0x9e3779b97f4a7c15ULL;
	return chain ^ chain >> 32;
}

static __always_inline u64 *chain_slot(u64 chain)
{
	return &um_dep.chains[chain >> (64 - CHAIN_BITS)];
}

/* It was looked through, unless a class was dropped since there had been @dropped of them. */
static void note_chain(u64 chain, unsigned int dropped)
{
	host_lock(&um_dep.lock);
	if (um_dep.dropped == dropped)
		WRITE_ONCE(*chain_slot(chain), chain);
	host_unlock(&um_dep.lock);
}

/*
 * Has the same been wanted before, with the same held? Of a chain in which no class
 * comes twice it follows what is found, but for a lock that is in it already.
 */
static __always_inline bool is_known(const struct um_watch *w, const struct um_held *next)
{
	u64 chain = w->chains[w->n_held + 1];
	const struct um_held *h;

	if (unlikely(READ_ONCE(*chain_slot(chain)) != chain || !(next->link & HELD_CLASS)))
		return false;
	/* it ends with the lock itself */
	for (h = w->held; h->map != next->map; h++)
		;
	return likely(h == next);
}

/* ---- taking ------------------------------------------------------------------------- */

/* What is not known. A report may take locks itself: they are followed, not judged. */
static noinline void judge(struct um_op_task *t, struct um_watch *w, struct um_held *next,
			   const struct lockdep_map *nest)
{
	unsigned int class = um_held_class(next), dropped = READ_ONCE(um_dep.dropped);
	bool alone;

	if (w->in_lockdep)
		return;
	w->in_lockdep = true;
	t->quiet++;
	if (class && next->link & HELD_SPINS)
		um_lock_states(t, next);
	alone = is_alone(w, next);
	if (!(next->link & HELD_TRYLOCK) && (alone || check_recursion(t, next, nest)) && class)
		check_order(t, w, next);
	if (class && alone)
		note_chain(w->chains[w->n_held + 1], dropped);
	t->quiet--;
	w->in_lockdep = false;
}

/* The lock that is wanted comes behind those that are held. */
static __always_inline struct um_held *add_wanted(const struct um_op_task *t, struct um_watch *w,
						  const struct um_op *op, unsigned int class,
						  bool trylock, bool spins)
{
	struct um_held *h = &w->held[w->n_held];
	u32 link = class | op->read << HELD_READ | (trylock ? HELD_TRYLOCK : 0);

	if (spins)
		link |= HELD_SPINS | um_lock_states_of(t, trylock, op->read) << HELD_STATES;
	h->map = op->map;
	h->ip = op->ip;
	h->subclass = op->subclass;
	h->link = link;
	w->chains[w->n_held + 1] = longer(w->chains[w->n_held], link);
	return h;
}

/*
 * Before the wait, so that a deadlock is told before it happens. One that the task
 * has ends the process, unless both are shared.
 */
static noinline void want(struct um_op_task *t, struct um_watch *w, const struct um_op *op,
			  bool trylock, bool spins)
{
	unsigned int class = 0;
	struct um_held *h;

	if (w->n_held == UM_MAX_HELD)
		um_die("lock", "%s holds %u locks, more than can be followed", t->comm,
		       UM_MAX_HELD);
	if (!w->in_lockdep && !op->unchecked)
		class = class_of(op->map, op->subclass);
	h = add_wanted(t, w, op, class, trylock, spins);
	take_stack(&h->at, w, op->ip);
	if (!is_known(w, h))
		judge(t, w, h, op->nest);
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
		if (um_held_class(&w->held[i]) && w->held[i].link & HELD_SPINS)
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
	t->watch->held[t->watch->n_held - 1].link |= HELD_NO_LOCK;
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
		.map = (struct lockdep_map *)&c->map, .link = c->class, .ip = c->ip,
		.at = c->where,
	};
	unsigned int class = um_held_class(h);

	if (!class || h->link & HELD_TRYLOCK || h->map->one_users || h->since > c->at)
		return;
	/* its class may have gone with a module */
	if (c->class != class && um_dep.classes[c->class].key == c->map.key)
		check_pair(t, &waited, c->class, h, class);
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
void um_lock_take_out(struct um_op_task *t, struct um_watch *w, unsigned int i)
{
	if (unlikely(w->n_completed))
		told_at_last(t, &w->held[i]);
	w->n_held--;
	for (; unlikely(i < w->n_held); i++) {
		w->held[i] = w->held[i + 1];
		w->chains[i + 1] = longer(w->chains[i], w->held[i].link & ~HELD_NO_LOCK);
	}
	w->held[w->n_held].map = NULL;
}

/* Of one that the task does not have nothing is known: the lock itself has told. */
static noinline void release(struct um_op_task *t, struct um_watch *w,
			     const struct lockdep_map *map)
{
	unsigned int i;

	for (i = w->n_held; i-- > 0; ) {
		if (w->held[i].map == map) {
			um_lock_take_out(t, w, i);
			break;
		}
	}
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

/* ---- the subscribers ---------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch_of(t);

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
	case UM_IRQS_ON:
		irqs_on(t);
		break;
	case UM_KEYS_GONE:
		drop_keys(op->start, op->size, false);
		break;
	case UM_MODULE_LOADED:
		/* where another one was, perhaps */
		if (!host_snapshot_is_active())
			drop_gone();
		break;
	case UM_MODULE_GONE:
		drop_keys(op->start, op->size, host_snapshot_is_active());
		break;
	default:
		break;
	}
	return UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch_of(t);

	if (!op->map)
		return;
	if (kind == UM_WORK_RUN || kind == UM_TIMER_RUN) {
		has_run(t, w, op);
	} else if (!outcome) {
		want(t, w, op, true, kind == UM_TRYLOCK && !op->sleeps);
		take(t, w, op);
	}
}

static struct um_subscriber order = {
	.name = "order", .rank = UM_RANK_ORDER,
	.begins = UM_ON(UM_ENTER) | UM_ON(UM_DOWNGRADE) | UM_ON(UM_LEAVE) | UM_ON(UM_ACTIVE_PUT) |
		  UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_HELD) | UM_ON(UM_WAIT) |
		  UM_ON(UM_WAKE) | UM_ON(UM_IRQS_ON) | UM_ON(UM_KEYS_GONE) |
		  UM_ON(UM_MODULE_LOADED) | UM_ON(UM_MODULE_GONE),
	.ends = UM_ON(UM_TRYLOCK) | UM_ON(UM_DOWNGRADE) | UM_ON(UM_ACTIVE_GET) |
		UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN),
	.begin = begin, .end = end,
};
UM_SUBSCRIBER(order)

/* By themselves: of nothing else there is so much. */
static noinline void wanted_otherwise(const struct um_op *op)
{
	struct um_op_task *t = um_op_task();

	if (op->map)
		want(t, um_watch_of(t), op, false, !op->sleeps);
}

/* Most have been seen. Everything else is called last: this takes no longer than it must. */
static enum um_decision wanted(enum um_kind kind, struct um_op *op)
{
	struct um_watch *w = um_watch_there();
	unsigned int class;
	struct um_held *h;

	if (likely(w && op->map && w->n_held < UM_MAX_HELD && !w->in_lockdep)) {
		class = op->unchecked ? 0 : class_there(op->map, op->subclass);
		h = add_wanted(w->task, w, op, class, false, !op->sleeps);
		if (likely(is_known(w, h))) {
			take_stack(&h->at, w, op->ip);
			return UM_GO_ON;
		}
	}
	wanted_otherwise(op);
	return UM_GO_ON;
}

static noinline void taken_otherwise(int outcome, const struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch_of(t);

	if (outcome)
		w->held[w->n_held].map = NULL;
	else if (op->map)
		take(t, w, op);
}

static void taken(enum um_kind kind, int outcome, struct um_op *op)
{
	struct um_watch *w = um_watch_there();
	struct um_held *h;

	if (likely(w && !outcome)) {
		h = &w->held[w->n_held];
		if (likely(op->map && h->map == op->map)) {
			h->since = ++w->steps;
			w->n_held++;
			return;
		}
	}
	taken_otherwise(outcome, op);
}

static struct um_subscriber takings = {
	.name = "order", .rank = UM_RANK_TAKINGS,
	.begins = UM_ON(UM_LOCK), .ends = UM_ON(UM_LOCK), .begin = wanted, .end = taken,
};
UM_SUBSCRIBER(takings)

static noinline void given_otherwise(const struct um_op *op)
{
	struct um_op_task *t = um_op_task();

	release(t, um_watch_of(t), op->map);
}

/* Most are those that were taken last. */
static enum um_decision given(enum um_kind kind, struct um_op *op)
{
	struct um_watch *w = um_watch_there();
	struct um_held *last;

	if (likely(w && w->n_held && !w->n_completed)) {
		last = &w->held[w->n_held - 1];
		if (likely(last->map == op->map)) {
			last->map = NULL;
			w->n_held--;
			return UM_GO_ON;
		}
	}
	given_otherwise(op);
	return UM_GO_ON;
}

static struct um_subscriber givings = {
	.name = "order", .rank = UM_RANK_GIVINGS, .begins = UM_ON(UM_UNLOCK), .begin = given,
};
UM_SUBSCRIBER(givings)
