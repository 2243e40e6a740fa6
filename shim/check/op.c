// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dispatcher of operations: who wants to know of which kind.
 *
 * Of each kind there is a list of functions, in the order of their ranks, which is
 * never changed: whoever subscribes has another list put in its place, and those
 * that there were are kept, since somebody may still be in one, and used again.
 * The masks that the inline tests read say which lists are not empty.
 *
 * Below the models and the detectors: calls the host and nobody else by name.
 * Never instrumented for TSan, to which it must be no order.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "check/op.h"
#include "check/subscriber.h"
#include "check/watch.h"
#include "host/host.h"
#include "umdev/umdev.h"

struct um_op_mask um_op_mask;
EXPORT_SYMBOL(um_op_mask);

struct um_op_models um_op_models;
const struct um_teller *um_teller;
bool um_detectors_off;

typedef enum um_decision (*begin_fn)(enum um_kind kind, struct um_op *op);
typedef void (*end_fn)(enum um_kind kind, int outcome, struct um_op *op);

/* Some that are on: as many as @ranks has bits, and NULL. */
struct listeners {
	struct listeners *next;			/* of all lists that there were */
	u32 ranks;
	bool ends;
	union {
		begin_fn begin[UM_RANKS + 1];
		end_fn end[UM_RANKS + 1];	/* backwards */
	};
};
static struct listeners nobody;

static struct {
	struct host_lock lock;			/* guards changes */
	struct um_subscriber *all[UM_RANKS];
	struct listeners *lists;
	struct listeners *begin[UM_KINDS], *end[UM_KINDS];
} ops = {
	.begin = { [0 ... UM_KINDS - 1] = &nobody }, .end = { [0 ... UM_KINDS - 1] = &nobody },
};

/* ---- subscribing ------------------------------------------------------------ */

static void store(u64 *words, um_kinds mask)
{
	unsigned int i;

	for (i = 0; i < UM_OP_WORDS; i++)
		__atomic_store_n(&words[i], (u64)(mask >> 64 * i), __ATOMIC_RELEASE);
}

/* Lock held. */
static void sum_up(void)
{
	um_kinds begins = 0, ends = 0;
	unsigned int i;

	for (i = 0; i < UM_RANKS; i++) {
		if (!ops.all[i] || !ops.all[i]->on)
			continue;
		begins |= ops.all[i]->begins;
		ends |= ops.all[i]->ends;
	}
	store(um_op_mask.begin, begins);
	store(um_op_mask.end, ends);
}

/* Lock held: the ranks of those who want to know of it now. */
static u32 ranks_of(enum um_kind kind, bool ends)
{
	u32 ranks = 0;
	int i;

	for (i = 0; i < UM_RANKS; i++)
		if (ops.all[i] && ops.all[i]->on &&
		    (ends ? ops.all[i]->ends : ops.all[i]->begins) & UM_ON(kind))
			ranks |= 1u << i;
	return ranks;
}

/* Lock held. */
static struct listeners *list_of(u32 ranks, bool ends)
{
	struct listeners *l;
	unsigned int n = 0;
	int i;

	for (l = ops.lists; l; l = l->next)
		if (l->ranks == ranks && l->ends == ends)
			return l;
	l = host_need(sizeof(*l));
	l->ranks = ranks;
	l->ends = ends;
	/* backwards at an end: the next point comes when all else has been noted */
	for (i = UM_RANKS; ends && i-- > 0; )
		if (ranks & 1u << i)
			l->end[n++] = ops.all[i]->end;
	for (i = 0; !ends && i < UM_RANKS; i++)
		if (ranks & 1u << i)
			l->begin[n++] = ops.all[i]->begin;
	l->next = ops.lists;
	ops.lists = l;
	return l;
}

void um_op_subscribe(struct um_subscriber *s, bool on)
{
	int kind;

	host_lock(&ops.lock);
	s->on = on;
	for (kind = 0; kind < UM_KINDS; kind++) {
		if (s->begins & UM_ON(kind))
			__atomic_store_n(&ops.begin[kind], list_of(ranks_of(kind, false), false),
					 __ATOMIC_RELEASE);
		if (s->ends & UM_ON(kind))
			__atomic_store_n(&ops.end[kind], list_of(ranks_of(kind, true), true),
					 __ATOMIC_RELEASE);
	}
	sum_up();
	host_unlock(&ops.lock);
}

void um_op_register(struct um_subscriber *s)
{
	ops.all[s->rank] = s;
	um_op_subscribe(s, !s->when_asked);
}

void um_op_points(void)
{
	struct um_subscriber *points = ops.all[UM_RANK_POINTS];

	if (!points->on)
		um_op_subscribe(points, true);
}

void um_op_look(void)
{
	int i;

	for (i = 0; i < UM_RANKS; i++)
		if (ops.all[i] && ops.all[i]->on && ops.all[i]->look)
			ops.all[i]->look();
}

/* ---- the detectors as a whole ------------------------------------------------ */

/* Is @name in @list, whose members have commas between them? */
static bool is_in(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p = list;

	while ((p = strstr(p, name))) {
		if ((p == list || p[-1] == ',') && (!p[len] || p[len] == ','))
			return true;
		p += len;
	}
	return false;
}

void um_detectors_init(void)
{
	static const char off[] =
		"umdev: detectors are off (UMDEV_DETECTORS=off): what this run leaves and locks is not checked\n";
	const char *value = host_getenv("UMDEV_DETECTORS");
	struct um_subscriber *s;
	int i;

	if (!value || !*value || !strcmp(value, "on"))
		return;
	um_detectors_off = !strcmp(value, "off");
	if (um_detectors_off)
		host_write(2, off, sizeof(off) - 1);
	for (i = 0; i < UM_RANKS; i++) {
		s = ops.all[i];
		if (s && s->name && s->on && !is_in(value, s->name))
			um_op_subscribe(s, false);
	}
}

bool um_detectors_on(void)
{
	return !um_detectors_off;
}

/* ---- tasks --------------------------------------------------------------------- */

struct um_watches um_watches;

struct um_watch *um_new_watch(struct um_op_task *t)
{
	struct um_watch *w = host_need(sizeof(*w));

	w->task = t;
	host_stack_range(&w->stack);
	host_lock(&um_watches.lock);
	w->next = um_watches.first;
	um_watches.first = w;
	host_unlock(&um_watches.lock);
	t->watch = w;
	return w;
}

void um_op_task_free(struct um_op_task *task)
{
	struct um_watch **p, *w = task->watch;
	int i;

	for (i = 0; i < UM_RANKS; i++)
		if (ops.all[i] && ops.all[i]->forget)
			ops.all[i]->forget(task);
	if (!w)
		return;
	host_lock(&um_watches.lock);
	for (p = &um_watches.first; *p != w; p = &(*p)->next)
		;
	*p = w->next;
	host_unlock(&um_watches.lock);
	host_free(w);
	task->watch = NULL;
}

/* ---- the two phases -------------------------------------------------------------- */

/**
 * um_op_begin() - somebody wants to know of an operation that begins
 * @kind: of it
 * @op:   the operation
 *
 * Called by um_begin(). It has a frame of its own wherever it is called:
 * UM_OP_FRAMES.
 *
 * Return: what the first one that decides has decided.
 */
noinline enum um_decision um_op_begin(enum um_kind kind, struct um_op *op)
{
	const begin_fn *fn = __atomic_load_n(&ops.begin[kind], __ATOMIC_ACQUIRE)->begin;
	enum um_decision decision = UM_GO_ON, d;

	/* in most cases nobody decides anything */
	do {
		if (!*fn)
			return UM_GO_ON;
		d = (*fn++)(kind, op);
	} while (likely(d == UM_GO_ON));
	for (;;) {
		if (d == UM_SWITCH)
			um_op_models.hold();
		else if (decision == UM_GO_ON)
			decision = d;
		if (!*fn)
			return decision;
		d = (*fn++)(kind, op);
	}
}
EXPORT_SYMBOL(um_op_begin);

/**
 * um_op_end() - somebody wants to know how an operation has ended
 * @kind:    of it
 * @outcome: 0 when it was done; otherwise it has changed nothing
 * @op:      the operation, as it was begun
 *
 * Called by um_end().
 */
void um_op_end(enum um_kind kind, int outcome, struct um_op *op)
{
	const end_fn *fn = __atomic_load_n(&ops.end[kind], __ATOMIC_ACQUIRE)->end;

	for (; *fn; fn++)
		(*fn)(kind, outcome, op);
}
EXPORT_SYMBOL(um_op_end);

/**
 * um_op_step() - somebody wants to know of an operation that is but a step
 * @kind:   of it
 * @object: what it is done to
 *
 * Called by um_step().
 */
void um_op_step(enum um_kind kind, const void *object)
{
	struct um_op op = { .object = object };

	um_op_begin(kind, &op);
}
EXPORT_SYMBOL(um_op_step);

/**
 * um_op_fault() - shall a fallible call fail?
 * @site: record of the place, with its figures
 *
 * Called by um_fault_hit().
 *
 * Return: whether it shall.
 */
bool um_op_fault(struct um_fault_site *site)
{
	struct um_op op = { .sites = site };

	return um_op_begin(UM_FALLIBLE, &op) == UM_FAIL;
}
EXPORT_SYMBOL(um_op_fault);

#ifdef UMDEV_COVERAGE
/**
 * um_fault_hit() - shall a fallible call fail? Inline but when coverage is measured
 * @site: record of the place, with its figures
 *
 * Return: whether it shall.
 */
bool um_fault_hit(struct um_fault_site *site)
{
	return um_wanted(UM_FALLIBLE) && um_op_fault(site);
}
EXPORT_SYMBOL(um_fault_hit);
#endif

void __sanitizer_cov_trace_pc(void);

/**
 * __sanitizer_cov_trace_pc() - a point, at the beginning of a basic block
 *
 * Called by the compiler in each basic block of a module (UMDEV_BLOCK_POINTS
 * in shim/tools/umdev.cmake): what happens between two tasks without any
 * operation can only be told apart by points like these.
 */
void __sanitizer_cov_trace_pc(void)
{
	um_step(UM_BLOCK, NULL);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_pc);

void um_object_overput(const void *obj, const char *kind, um_describe_fn describe)
{
	char name[160];

	if (um_begin(UM_OBJECT_OVERPUT, .object = obj, .what = kind,
		     .describe = describe) != UM_GO_ON)
		return;
	describe(obj, name, sizeof(name));
	um_splat("reference", "a reference on %s '%s' is given back that nobody has", kind, name);
}

/* ---- telling ---------------------------------------------------------------------- */

/**
 * um_splat() - something happened that a kernel would shout about.
 * @kind: short and fixed: "WARNING", "refcount", "lock", "kobject"
 * @fmt: what happened, as for the host's printf()
 * @...: its arguments
 *
 * See check/op.h.
 */
void um_splat(const char *kind, const char *fmt, ...)
{
	char text[768];
	va_list ap;
	int n;

	n = host_snprintf(text, sizeof(text), "%s: ", kind);
	va_start(ap, fmt);
	host_vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	um_teller->splat(kind, text, 1);
}
EXPORT_SYMBOL(um_splat);

void um_splat_text(const char *kind, const char *text, unsigned int skip)
{
	um_teller->splat(kind, text, skip + 1);
}

/**
 * um_die() - um_splat(), after which nothing can go on.
 * @kind: as for um_splat()
 * @fmt: likewise
 * @...: its arguments
 *
 * Context: whoever runs the task ends it; free running, the process ends
 * by abort().
 */
void um_die(const char *kind, const char *fmt, ...)
{
	char text[768];
	va_list ap;
	int n;

	n = host_snprintf(text, sizeof(text), "%s: ", kind);
	va_start(ap, fmt);
	host_vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	um_teller->die(kind, text, 1);
	unreachable();
}
EXPORT_SYMBOL(um_die);

void um_die_text(const char *kind, const char *text, unsigned int skip)
{
	um_teller->die(kind, text, skip + 1);
	unreachable();
}

void um_die_waiting(const char *kind, const char *headline, const struct um_waiter *waiters,
		    unsigned int n)
{
	um_teller->die_waiting(kind, headline, waiters, n);
	unreachable();
}

void um_print_stack(const char *level, unsigned int skip)
{
	um_teller->stack(level, skip + 1);
}

void um_bad_unlock(const char *kind, const struct lockdep_map *map, const char *owner,
		   unsigned long taken_at)
{
	const char *comm = um_op_task()->comm;
	char name[256];

	if (!owner) {
		um_splat("lock", "bad unlock balance: %s releases %s %s, which nobody holds",
			 comm, kind, map->name);
		return;
	}
	host_symbolize((void *)taken_at, name, sizeof(name));
	um_splat("lock", "bad unlock balance: %s releases %s %s, held by %s, taken in %s",
		 comm, kind, map->name, owner, name);
}
