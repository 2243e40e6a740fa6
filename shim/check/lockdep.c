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
 * with it. Leaves out: interrupts, kinds of waiting within kinds of waiting.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "check/check.h"
#include "check/lockdep.h"
#include "check/report.h"
#include "host/host.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/sched.h"

#define MAX_CLASSES	2048

/* Kinds of edge from A to B; A was taken Exclusively or Shared, B may Recurse or Not. */
#define KIND(a_exclusive, b_not_recursive) (1u << ((a_exclusive) + 2 * (b_not_recursive)))
#define KINDS_FROM_EXCLUSIVE	(KIND(1, 0) | KIND(1, 1))
#define KINDS_NOT_RECURSIVE	(KIND(0, 1) | KIND(1, 1))

struct edge {
	struct edge *next;
	u16 to;
	u8 kinds;
	char comm[TASK_COMM_LEN];
	struct um_lock_stack from_stack, to_stack;
};

struct class {
	const struct lock_class_key *key;	/* NULL: a free row */
	unsigned int subclass;
	char name[80];
	struct edge *out;
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

struct lock_class_key __lockdep_no_validate__;
EXPORT_SYMBOL(__lockdep_no_validate__);

/* ---- classes ------------------------------------------------------------------- */

/**
 * lockdep_init_map() - what the checker knows of a lock
 * @map:      in the lock
 * @name:     for reports, not copied
 * @key:      class of the lock; &__lockdep_no_validate__: no order is checked
 * @subclass: added to that of each taking
 *
 * Context: any.
 */
void lockdep_init_map(struct lockdep_map *map, const char *name,
		      struct lock_class_key *key, int subclass)
{
	map->name = name;
	map->of = NULL;
	map->key = key;
	map->subclass = subclass;
	map->class = 0;
	map->novalidate = key == &__lockdep_no_validate__;
	map->one_users = false;
}
EXPORT_SYMBOL(lockdep_init_map);

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

void um_lockdep_drop_keys(const void *start, unsigned long size)
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

/**
 * lockdep_register_key() - a key in memory that is not static
 * @key: the key; what is known of an earlier one at its place is forgotten
 *
 * Any address makes a key here, registered or not.
 *
 * Context: any.
 */
void lockdep_register_key(struct lock_class_key *key)
{
	um_lockdep_drop_keys(key, sizeof(*key));
}
EXPORT_SYMBOL(lockdep_register_key);

/**
 * lockdep_unregister_key() - before the memory of a key is freed
 * @key: the key; what is known of its classes is forgotten
 *
 * Context: any; locks of the class are not used any more.
 */
void lockdep_unregister_key(struct lock_class_key *key)
{
	um_lockdep_drop_keys(key, sizeof(*key));
}
EXPORT_SYMBOL(lockdep_unregister_key);

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
	void *pc[UM_LOCK_STACK + 4];
	unsigned int i, n, skip = 0;

	n = host_stack(pc, ARRAY_SIZE(pc), 2);
	for (i = 0; i < n && i < 5; i++)
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

static void report_recursion(struct um_sched_task *t, const struct um_held *held,
			     const struct um_held *next, bool certain)
{
	char name[128], headline[512];
	struct um_report r = { 0 };

	map_name(next->map, next->subclass, name, sizeof(name));
	host_snprintf(headline, sizeof(headline),
		      "possible recursive locking detected: %s is taken again by %s, %s", name,
		      t->task.comm, certain ? "which holds it: this never ends" :
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
	char comm[8][TASK_COMM_LEN];
	char from[8][80], to[8][80];
	struct um_lock_stack from_stack[8], to_stack[8];
};

static void report_circle(struct um_sched_task *t, const struct um_held *held,
			  const struct um_held *next, const struct circle *c)
{
	char wanted[128], holding[128], headline[640];
	struct um_report r = { 0 };
	unsigned int i;

	map_name(next->map, next->subclass, wanted, sizeof(wanted));
	map_name(held->map, held->subclass, holding, sizeof(holding));
	host_snprintf(headline, sizeof(headline),
		      "possible circular locking dependency detected: %s wants %s and holds %s",
		      t->task.comm, wanted, holding);
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
	strscpy(e->comm, comm, sizeof(e->comm));
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
static void check_pair(struct um_sched_task *t, const struct um_held *held, unsigned int from,
		       const struct um_held *next, unsigned int to)
{
	u8 kind = KIND(!held->read, next->read != 2);
	struct circle *circle = NULL;
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
		add_edge(from, to, kind, t->task.comm, &held->stack, &next->stack);
	}
	host_unlock(&dep.lock);
	if (circle)
		report_circle(t, held, next, circle);
	host_free(circle);
}

/* ---- taking and releasing ------------------------------------------------------------ */

static bool is_held(struct um_sched_task *t, const struct lockdep_map *map)
{
	unsigned int i;

	for (i = 0; i < t->n_held; i++)
		if (t->held[i].map == map)
			return true;
	return false;
}

/* Returns false when a held lock of the class makes an order with others pointless. */
static bool check_recursion(struct um_sched_task *t, const struct um_held *next,
			    unsigned int class, const struct lockdep_map *nest)
{
	const struct um_held *h;
	unsigned int i;

	for (i = 0; i < t->n_held; i++) {
		h = &t->held[i];
		if (h->map == next->map && !(h->read && next->read)) {
			report_recursion(t, h, next, true);
			return false;
		}
		if (!class || h->class != class)
			continue;
		if (next->read == 2 && h->read)
			continue;
		if (nest && is_held(t, nest))
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
static void check_order(struct um_sched_task *t, const struct um_held *next)
{
	const struct um_held *h;
	unsigned int i;

	for (i = t->n_held; i-- > 0; ) {
		h = &t->held[i];
		if (!h->class)
			continue;
		if (h->class != next->class)
			check_pair(t, h, h->class, next, next->class);
		if (!h->trylock)
			return;
	}
}

/**
 * lock_acquire() - a lock is wanted, or was got by a trylock
 * @map:      of the lock
 * @subclass: tells locks of one class apart that are held together
 * @trylock:  non-zero: it was got, and nobody waited
 * @read:     0: exclusively, 1: shared, 2: shared, and may recurse
 * @check:    0: held, and of no order
 * @nest:     of a lock under which any number of this class may be taken, or
 *	NULL
 * @ip:       where the caller of the lock function is, for reports
 *
 * Called before the wait, so that a deadlock is told before it happens. A lock
 * that the task has ends the process, unless both are shared. With the
 * detectors off it does nothing.
 *
 * Context: any.
 */
void lock_acquire(struct lockdep_map *map, unsigned int subclass, int trylock,
		  int read, int check, struct lockdep_map *nest, unsigned long ip)
{
	struct um_sched_task *t = um_this();
	struct um_held *h;

	if (um_detectors_off)
		return;
	if (t->n_held == UM_MAX_HELD)
		um_die("lock", "%s holds %u locks, more than can be followed",
		       t->task.comm, UM_MAX_HELD);
	h = &t->held[t->n_held];
	h->map = map;
	h->subclass = subclass;
	h->read = read;
	h->trylock = trylock;
	h->ip = ip;
	h->class = 0;
	take_stack(&h->stack, ip);
	/* a report may take locks itself: they are followed, and not judged */
	if (!t->in_lockdep) {
		t->in_lockdep = true;
		if (check)
			h->class = class_of(map, subclass);
		if (!trylock && check_recursion(t, h, h->class, nest) && h->class)
			check_order(t, h);
		t->in_lockdep = false;
	}
	t->n_held++;
}
EXPORT_SYMBOL(lock_acquire);

/**
 * lock_release() - a lock is given back
 * @map: of the lock; nothing happens when the task does not have it
 * @ip:  where the caller of the lock function is
 *
 * Context: any.
 */
void lock_release(struct lockdep_map *map, unsigned long ip)
{
	struct um_sched_task *t = um_this();
	unsigned int i;

	for (i = t->n_held; i-- > 0; ) {
		if (t->held[i].map != map)
			continue;
		t->n_held--;
		for (; i < t->n_held; i++)
			t->held[i] = t->held[i + 1];
		return;
	}
	/* who releases another's lock has been told so by the lock itself */
}
EXPORT_SYMBOL(lock_release);

void um_lock_waits(struct lockdep_map *map, unsigned long ip)
{
	lock_acquire(map, 0, 0, 0, 1, NULL, ip);
	lock_release(map, ip);
}

void um_lock_ends_wait(struct lockdep_map *map, unsigned long ip)
{
	struct um_sched_task *t = um_this();
	struct um_held waited = { .map = map, .ip = ip };
	unsigned int i;

	if (!t->n_held || t->in_lockdep)
		return;
	t->in_lockdep = true;
	waited.class = class_of(map, 0);
	take_stack(&waited.stack, ip);
	for (i = 0; waited.class && i < t->n_held; i++)
		if (t->held[i].class && t->held[i].class != waited.class && !t->held[i].trylock &&
		    !t->held[i].map->one_users)
			check_pair(t, &waited, waited.class, &t->held[i], t->held[i].class);
	t->in_lockdep = false;
}

/**
 * lock_is_held_type() - does this task have a lock?
 * @map:  of the lock
 * @read: -1: in any way, 0: exclusively, 1: shared
 *
 * Context: any.
 * Return: 1 or 0; -1, which means perhaps, with the detectors off.
 */
int lock_is_held_type(const struct lockdep_map *map, int read)
{
	struct um_sched_task *t = um_this();
	unsigned int i;

	if (um_detectors_off)
		return -1;
	for (i = 0; i < t->n_held; i++)
		if (t->held[i].map == map && (read == -1 || !t->held[i].read == !read))
			return 1;
	return 0;
}
EXPORT_SYMBOL(lock_is_held_type);

unsigned int um_locks_held(void)
{
	return um_this()->n_held;
}

/* With what the lock's holder did to take it. */
static __printf(2, 3) void splat_held(const struct um_held *held, const char *fmt, ...)
{
	struct um_report r = { 0 };
	char what[320], name[160], headline[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	host_symbolize((void *)held->ip, name, sizeof(name));
	host_snprintf(headline, sizeof(headline), "%s, taken in %s", what, name);
	add_stack(&r, held->map->name, "was taken at", "", &held->stack);
	um_splat_report("lock", headline, &r);
	um_report_free(&r);
}

void um_check_no_locks_freed(const void *mem)
{
	struct um_sched_task *t = um_this();
	unsigned long size;
	unsigned int i;

	if (likely(!t->n_held))
		return;
	size = host_alloc_size(mem);
	for (i = t->n_held; i-- > 0; ) {
		if ((unsigned long)t->held[i].map - (unsigned long)mem >= size)
			continue;
		splat_held(&t->held[i], "held lock freed: %s", t->held[i].map->name);
		lock_release(t->held[i].map, _RET_IP_);
	}
}

void um_no_locks_left(const char *does)
{
	struct um_sched_task *t = um_this();
	char name[256];
	unsigned int i;

	for (i = 0; i < t->n_held; i++)
		splat_held(&t->held[i], "%s with %s held", does, t->held[i].map->name);
	if (t->atomic) {
		host_symbolize((void *)t->atomic_ip, name, sizeof(name));
		um_splat("BUG", "%s in atomic context, count %d, since %s", does, t->atomic, name);
	}
	t->n_held = 0;
	t->atomic = 0;
	if (t->rcu_depth)
		um_rcu_leave(t);
}

void um_no_locks_held(const char *where)
{
	struct um_sched_task *t = um_this();
	char does[128];

	if (likely(!t->n_held && !t->atomic))
		return;
	host_snprintf(does, sizeof(does), "%s returns to user space (%s)", t->task.comm, where);
	um_no_locks_left(does);
}

void um_bad_unlock(const char *kind, const struct lockdep_map *map,
		   const struct task_struct *owner, unsigned long taken_at)
{
	char name[256];

	if (!owner) {
		um_splat("lock", "bad unlock balance: %s releases %s %s, which nobody holds",
			 current->comm, kind, map->name);
		return;
	}
	host_symbolize((void *)taken_at, name, sizeof(name));
	um_splat("lock", "bad unlock balance: %s releases %s %s, held by %s, taken in %s",
		 current->comm, kind, map->name, owner->comm, name);
}
