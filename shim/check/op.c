// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dispatcher of operations: who wants to know of which kind.
 *
 * Of each kind there is a list of functions, in the order of their ranks, which is
 * never changed: whoever subscribes has another list put in its place, and those
 * that there were are kept, since somebody may still be in one, and used again.
 * The table that the inline tests read has for each kind the function that goes
 * through its list, or, of most, the one for a list of one.
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

struct um_op_table um_op_table;
EXPORT_SYMBOL(um_op_table);

struct um_op_models um_op_models;
const struct um_teller *um_teller;
bool um_detectors_off;

/* Some that are on: as many as @ranks has bits, at least one, and NULL. */
struct listeners {
	struct listeners *next;			/* of all lists that there were */
	u32 ranks;
	bool ends;
	union {
		um_begin_fn begin[UM_RANKS + 1];
		um_end_fn end[UM_RANKS + 1];	/* backwards */
	};
};

static struct {
	struct host_lock lock;			/* guards changes */
	struct um_subscriber *all[UM_RANKS];
	struct listeners *lists;
	/* of a kind of which nobody wants to know any more the last there was */
	struct listeners *begin[UM_KINDS], *end[UM_KINDS];
	/* of a list of one */
	um_begin_fn only_begin[UM_KINDS];
	um_end_fn only_end[UM_KINDS];
} ops;

/* Who may decide UM_SWITCH, which is no list of one for. */
#define MAY_SWITCH (1u << UM_RANK_POINTS | 1u << UM_RANK_EXPLORER)

/* ---- the two phases -------------------------------------------------------------- */

/*
 * Each has a frame of its own between the model and the first subscriber: UM_OP_FRAMES.
 */

static enum um_decision begin_one(enum um_kind kind, struct um_op *op)
{
	return __atomic_load_n(&ops.only_begin[kind], __ATOMIC_ACQUIRE)(kind, op);
}

/* What the first one that decides has decided. In most cases nobody does. */
static enum um_decision begin_all(enum um_kind kind, struct um_op *op)
{
	const um_begin_fn *fn = __atomic_load_n(&ops.begin[kind], __ATOMIC_ACQUIRE)->begin;
	enum um_decision decision = UM_GO_ON, d;

	do {
		d = (*fn++)(kind, op);
	} while (likely(d == UM_GO_ON) && *fn);
	if (likely(d == UM_GO_ON))
		return UM_GO_ON;
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

static void end_one(enum um_kind kind, int outcome, struct um_op *op)
{
	__atomic_load_n(&ops.only_end[kind], __ATOMIC_ACQUIRE)(kind, outcome, op);
}

static void end_all(enum um_kind kind, int outcome, struct um_op *op)
{
	const um_end_fn *fn = __atomic_load_n(&ops.end[kind], __ATOMIC_ACQUIRE)->end;

	do {
		(*fn)(kind, outcome, op);
	} while (*++fn);
}

/* ---- subscribing ------------------------------------------------------------ */

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

static bool is_one(u32 ranks)
{
	return !(ranks & (ranks - 1)) && !(ranks & MAY_SWITCH);
}

/* Lock held. The table last: whoever reads it finds the list. */
static void set_begin(enum um_kind kind, u32 ranks)
{
	struct listeners *l;

	if (!ranks) {
		__atomic_store_n(&um_op_table.begin[kind], NULL, __ATOMIC_RELEASE);
		return;
	}
	l = list_of(ranks, false);
	__atomic_store_n(&ops.begin[kind], l, __ATOMIC_RELEASE);
	if (is_one(ranks))
		__atomic_store_n(&ops.only_begin[kind], l->begin[0], __ATOMIC_RELEASE);
	__atomic_store_n(&um_op_table.begin[kind], is_one(ranks) ? begin_one : begin_all,
			 __ATOMIC_RELEASE);
}

/* Lock held. */
static void set_end(enum um_kind kind, u32 ranks)
{
	struct listeners *l;

	if (!ranks) {
		__atomic_store_n(&um_op_table.end[kind], NULL, __ATOMIC_RELEASE);
		return;
	}
	l = list_of(ranks, true);
	__atomic_store_n(&ops.end[kind], l, __ATOMIC_RELEASE);
	if (is_one(ranks))
		__atomic_store_n(&ops.only_end[kind], l->end[0], __ATOMIC_RELEASE);
	__atomic_store_n(&um_op_table.end[kind], is_one(ranks) ? end_one : end_all,
			 __ATOMIC_RELEASE);
}

void um_op_subscribe(struct um_subscriber *s, bool on)
{
	int kind;

	host_lock(&ops.lock);
	s->on = on;
	for (kind = 0; kind < UM_KINDS; kind++) {
		if (s->begins & UM_ON(kind))
			set_begin(kind, ranks_of(kind, false));
		if (s->ends & UM_ON(kind))
			set_end(kind, ranks_of(kind, true));
	}
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

/* Lock held: one whose task has ended; or NULL. */
static struct um_watch *idle_watch(void)
{
	struct um_watch *w;

	for (w = um_watches.first; w && w->task; w = w->next)
		;
	return w;
}

struct um_watch *um_new_watch(struct um_op_task *t)
{
	struct um_watch *w, *next;
	struct host_range stack;

	host_stack_range(&stack);
	host_lock(&um_watches.lock);
	w = idle_watch();
	if (w) {
		next = w->next;
		memset(w, 0, sizeof(*w));
		w->next = next;
	} else {
		w = host_need(sizeof(*w));
		w->next = um_watches.first;
		__atomic_store_n(&um_watches.first, w, __ATOMIC_RELEASE);
	}
	w->task = t;
	w->stack = stack;
	host_unlock(&um_watches.lock);
	t->watch = w;
	return w;
}

void um_op_task_free(struct um_op_task *task)
{
	struct um_watch *w = task->watch;
	int i;

	for (i = 0; i < UM_RANKS; i++)
		if (ops.all[i] && ops.all[i]->forget)
			ops.all[i]->forget(task);
	if (!w)
		return;
	host_lock(&um_watches.lock);
	WRITE_ONCE(w->n_held, 0);
	w->stack = (struct host_range){ 0 };
	w->task = NULL;
	host_unlock(&um_watches.lock);
	task->watch = NULL;
}

/* ---- for the header's inline functions ---------------------------------------------- */

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
