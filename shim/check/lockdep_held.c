// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks that are held where none may be: in memory that is freed or made anew, and
 * at the end of what must leave nothing behind. Whose they are, and where they were
 * taken, is what the lock checker (check/lockdep.c) knows of each task.
 *
 * What another task holds is looked at while it goes on.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>

#include <asm/page.h>

#include "check/lockdep.h"
#include "check/lockdep_graph.h"
#include "check/report.h"
#include "check/watch.h"
#include "host/host.h"

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
static bool other_holds(struct um_watch *w, void *arg)
{
	unsigned int i, n = READ_ONCE(w->n_held);
	struct others *o = arg;

	for (i = 0; w != o->but && i < n && i < UM_MAX_HELD; i++) {
		const struct lockdep_map *map = READ_ONCE(w->held[i].map);

		if (!map || w->held[i].link & HELD_NO_LOCK || !lies_in(o, map))
			continue;
		o->held = w->held[i];
		/* on that task's stack */
		o->held.at.last = NULL;
		host_snprintf(o->comm, sizeof(o->comm), "%s", w->task->comm);
		return o->held.map == map;
	}
	return false;
}

static bool holds(struct um_watch *w, void *but)
{
	return READ_ONCE(w->n_held) && w != but;
}

static noinline void look_at_others(const struct um_watch *but, const void *start,
				    unsigned long size, const char *what)
{
	struct others o = { .but = but, .start = start, .size = size };

	/* what the story is of lies behind that lock */
	if (um_watch_find(other_holds, &o))
		splat_held(&o.held, "%s: %s, which task %s holds", what, o.held.map->name,
			   o.comm);
}

/* Mostly nobody else holds anything. */
static __always_inline void check_others(struct um_watch *but, const void *start,
					 unsigned long size, const char *what)
{
	if (unlikely(um_watch_any(holds, but)))
		look_at_others(but, start, size, what);
}

/* Memory that goes must hold no lock that a task holds. @size: 0 for a block of the host's heap. */
static void check_freed(struct um_op_task *t, const void *mem, unsigned long size)
{
	struct um_watch *w = t->watch;
	unsigned int i;

	check_others(w, mem, size, "held lock freed");
	if (likely(!w->n_held))
		return;
	size = size ?: host_alloc_size(mem);
	for (i = w->n_held; i-- > 0; ) {
		if ((unsigned long)w->held[i].map - (unsigned long)mem >= size)
			continue;
		splat_held(&w->held[i], "held lock freed: %s", w->held[i].map->name);
		um_lock_take_out(t, w, i);
	}
}

/* One that a task holds must not be made anew. */
static void check_made(struct um_op_task *t, const struct lockdep_map *map)
{
	struct um_watch *w = t->watch;
	unsigned int i;

	if (!map)
		return;
	check_others(w, map, 1, "held lock initialised again");
	for (i = w->n_held; i-- > 0; ) {
		if (w->held[i].map != map)
			continue;
		splat_held(&w->held[i], "held lock initialised again: %s", map->name);
		um_lock_take_out(t, w, i);
	}
}

/* What is still held is told and forgotten, so that what comes next starts clean. */
static noinline void check_left(struct um_watch *w, const struct um_op *op)
{
	unsigned int i;
	char does[160];

	um_report_ending(op, does, sizeof(does));
	for (i = 0; i < w->n_held; i++)
		splat_held(&w->held[i], "%s with %s held", does, w->held[i].map->name);
	w->n_held = 0;
	w->n_completed = 0;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch_of(t);

	switch (kind) {
	case UM_RETURN:
		if (likely(!w->n_held))
			break;
		check_left(w, op);
		return UM_REFUSE;
	case UM_FREE:
		check_freed(t, op->object, 0);
		break;
	case UM_PAGES_FREE:
		check_freed(t, op->start, op->size << PAGE_SHIFT);
		break;
	case UM_AREA_FREE:
		check_freed(t, op->start, op->size);
		break;
	default:
		check_made(t, op->map);
		break;
	}
	return UM_GO_ON;
}

static struct um_subscriber held = {
	.name = "order", .rank = UM_RANK_HELD,
	.begins = UM_ON(UM_INIT) | UM_ON(UM_RETURN) | UM_ON(UM_FREE) | UM_ON(UM_PAGES_FREE) |
		  UM_ON(UM_AREA_FREE),
	.begin = begin,
};
UM_SUBSCRIBER(held)
