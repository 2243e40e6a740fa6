// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in use and must neither be freed nor initialised again: armed timers,
 * queued work items, locks and completions that a task waits for, objects that
 * somebody still has a reference on.
 *
 * Told at the free itself, which is where the fault is, and not when a timer
 * that was overwritten expires: that is a race which most runs win. As debug
 * objects of Linux do it, but for every sort in one table. What lies on a task's
 * stack goes when its function returns; that is looked at when the task has left
 * what it was called for.
 *
 * Representation: a record for each, in chains by the page that it lies in, so
 * that a block that is freed looks at its own pages only. Several tasks may
 * wait for one thing: records are counted. All of it is bookkeeping that no
 * kernel does, so none of it is fallible.
 *
 * What was told is taken out of use by its model, as debug objects have their fixups:
 * the list that an armed timer is in would lead into memory that is something else.
 *
 * Left out: locks that are held and that nobody waits for are lockdep.c's. What a task
 * waits for stays.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <asm/page.h>

#include "check/chains.h"
#include "check/object.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "check/subscriber.h"
#include "check/watch.h"
#include "host/host.h"

struct active {
	struct active *next;		/* in its chain; first: check/chains.h */
	const void *object;
	const char *sort;		/* "timer", "work item", "kobject" */
	um_describe_fn describe;	/* of what lives by a reference count; or NULL */
	const void *function;		/* that will be called; or NULL */
	bool (*in_use)(const void *object);	/* asked before it is told; or NULL */
	void (*undo)(const void *object);	/* when it was told; or NULL */
	unsigned int count;
	char comm[16];			/* who waits for it, if none of the above */
	const struct um_op_task *owner;	/* on whose stack it lies; or NULL */
	struct active *next_on_stack;
};

static struct {
	struct host_lock lock;		/* guards all of it */
	struct um_chains chains;	/* by the page of what is in use */
	struct active *spare;		/* records to be used again, linked by next */
	struct active *on_stacks;	/* those with an owner */
} table;

/* ---- records ---------------------------------------------------------------------- */

static unsigned long page_of(const void *addr)
{
	return (unsigned long)addr >> PAGE_SHIFT;
}

/* Any so many pages in a row are all chains: take() */
static unsigned long chain_number(const struct um_chains *chains, const void *record)
{
	return um_chains_in_turn(chains, page_of(((const struct active *)record)->object));
}

/* Lock held. */
static struct active **chain_of(unsigned long page)
{
	if (unlikely(!table.chains.heads))
		um_chains_grow(&table.chains, chain_number);
	return (struct active **)&table.chains.heads[um_chains_in_turn(&table.chains, page)];
}

/* Lock held: the link to it. */
static struct active **find(const void *object, const char *sort)
{
	struct active **a = chain_of(page_of(object));

	while (*a && ((*a)->object != object || strcmp((*a)->sort, sort)))
		a = &(*a)->next;
	return a;
}

/* Lock held. */
static void drop(struct active **link)
{
	struct active *a = *link, **p;

	for (p = &table.on_stacks; a->owner && *p != a; p = &(*p)->next_on_stack)
		;
	if (a->owner)
		WRITE_ONCE(*p, a->next_on_stack);
	*link = a->next;
	a->next = table.spare;
	table.spare = a;
	WRITE_ONCE(table.chains.n, table.chains.n - 1);
}

struct place {
	uintptr_t at;
	const struct um_op_task *task;
};

static bool is_on_its_stack(struct um_watch *w, void *arg)
{
	struct place *p = arg;

	if (p->at - w->stack.low >= w->stack.high - w->stack.low)
		return false;
	p->task = w->task;
	return true;
}

static const struct um_op_task *owner_of(const void *object)
{
	struct place p = { .at = (uintptr_t)object };

	um_watch_any(is_on_its_stack, &p);
	return p.task;
}

/* Lock held. */
static struct active *add(const struct um_op *op, const struct um_op_task *owner)
{
	struct active **chain, *a = table.spare;

	um_chains_make_room(&table.chains, chain_number);
	chain = chain_of(page_of(op->object));
	if (a)
		table.spare = a->next;
	else
		a = host_need(sizeof(*a));
	*a = (struct active){
		.next = *chain, .object = op->object, .sort = op->what, .count = 1,
		.describe = op->describe, .function = op->start, .in_use = op->in_use,
		.undo = op->undo, .owner = owner, .next_on_stack = table.on_stacks,
	};
	if (owner)
		WRITE_ONCE(table.on_stacks, a);
	*chain = a;
	WRITE_ONCE(table.chains.n, table.chains.n + 1);
	return a;
}

static void becomes_active(const struct um_op *op)
{
	/* what lives by a reference count lies on no stack */
	const struct um_op_task *owner = op->describe ? NULL : owner_of(op->object);
	struct active *a;

	host_lock(&table.lock);
	a = *find(op->object, op->what);
	if (a)
		a->count++;
	else
		a = add(op, owner);
	if (!a->function && !a->describe)
		host_snprintf(a->comm, sizeof(a->comm), "%s", um_op_task()->comm);
	host_unlock(&table.lock);
}

static void becomes_idle(const void *object, const char *sort)
{
	struct active **a;

	host_lock(&table.lock);
	a = find(object, sort);
	if (*a && !--(*a)->count)
		drop(a);
	host_unlock(&table.lock);
}

/* Lock held: the link to what lives by a reference count, whose sort may change. */
static struct active **find_counted(const void *object)
{
	struct active **a = chain_of(page_of(object));

	while (*a && ((*a)->object != object || !(*a)->describe))
		a = &(*a)->next;
	return a;
}

static void ends(const void *object)
{
	struct active **a;

	host_lock(&table.lock);
	a = find_counted(object);
	if (*a)
		drop(a);
	host_unlock(&table.lock);
}

static void is_a(const void *object, const char *sort)
{
	struct active *a;

	host_lock(&table.lock);
	a = *find_counted(object);
	if (a)
		a->sort = sort;
	host_unlock(&table.lock);
}

/* ---- reports ------------------------------------------------------------------------ */

/* "timer, which will call late_fn (driver.c:12)" */
static void add_what(struct um_text *t, const struct active *a)
{
	char name[256];

	um_text_add(t, "%s", a->sort);
	if (a->describe) {
		/* no point of the task: a driver's own step is not taken */
		um_op_task()->quiet++;
		a->describe(a->object, name, sizeof(name));
		um_op_task()->quiet--;
		um_text_add(t, " '%s', which is alive", name);
	} else if (a->in_use && !a->function) {
		um_text_add(t, ", on which task %s waits, or put an entry", a->comm);
	} else if (a->function) {
		host_symbolize((const char *)a->function + 1, name, sizeof(name));
		um_text_add(t, ", which will call %s", name);
	} else {
		um_text_add(t, ", which task %s waits for", a->comm);
	}
}

/* Nobody's lock is held. */
static void undo(const struct active *a)
{
	if (a->undo)
		a->undo(a->object);
}

/* @a: a copy, of what still lies where it was */
static void tell(const struct active *a, const char *before, const char *after)
{
	struct um_text headline = { 0 };
	struct um_report r = { 0 };

	um_text_add(&headline, "%s", before);
	add_what(&headline, a);
	um_text_add(&headline, "%s", after);
	if (a->describe)
		um_object_story(&r, a->object);
	um_splat_report("active", headline.at, &r);
	um_report_free(&r);
	um_text_free(&headline);
	/* another object will lie there, of which this one's story is not */
	if (a->describe)
		um_object_forget(a->object);
	undo(a);
}

/* ---- what ends it all ----------------------------------------------------------------- */

/* Lock held: takes one of the page out that lies in the range; false if there is none. */
static bool take_of_page(unsigned long page, const char *start, size_t size, struct active *copy)
{
	struct active **a;

	for (a = chain_of(page); *a; a = &(*a)->next) {
		if ((const char *)(*a)->object - start >= size ||
		    (const char *)(*a)->object < start)
			continue;
		*copy = **a;
		drop(a);
		return true;
	}
	return false;
}

static bool take(const char *start, size_t size, struct active *copy)
{
	unsigned long page = page_of(start), last = page_of(start + size - 1);
	bool found = false;

	host_lock(&table.lock);
	/* one turn visits every chain */
	last = min(last, page + (1UL << table.chains.bits) - 1);
	for (; !found && page <= last; page++)
		found = take_of_page(page, start, size, copy);
	host_unlock(&table.lock);
	return found;
}

/* 0: not an object that is alive, which others tell. */
static size_t size_of(const void *mem)
{
	return um_wanted(UM_SIZE) ? um_block_size(mem) : host_alloc_size(mem);
}

/* Whoever ended its use may have done so unseen. */
static bool is_in_use(const struct active *a)
{
	return !a->in_use || a->in_use(a->object);
}

/* @by: what frees it */
static void memory_goes(const void *start, size_t size, const char *by)
{
	char before[128];
	struct active a;

	while (size && take(start, size, &a)) {
		if (!is_in_use(&a))
			continue;
		host_snprintf(before, sizeof(before), "%s() frees memory that holds a ", by);
		tell(&a, before, "");
	}
}

/*
 * What will call a function was told when the module exited (kernel/module/leftovers.c),
 * and what is alive with all that the module leaves.
 */
static void image_goes(const struct um_op *op)
{
	char before[128];
	struct active a;

	host_snprintf(before, sizeof(before), "module %s is unloaded, and its data holds a ", op->what);
	while (take(op->start, op->size, &a)) {
		if (a.function || a.describe)
			undo(&a);
		else if (!op->settled && is_in_use(&a))
			tell(&a, before, "");
	}
}

/*
 * Told as what is @before it, and whether something was. Of what lives by a reference
 * count the record is made anew.
 */
static bool initialised(const void *object, bool counted, const char *before)
{
	bool told = false;
	struct active a;

	while (take(object, 1, &a)) {
		if (counted == !a.describe || !is_in_use(&a))
			continue;
		tell(&a, before, "");
		told = true;
	}
	return told;
}

/* Lock held: takes out one that lies in what functions have left of the task's stack. */
static bool take_left(const struct um_op_task *t, unsigned long frame, struct active *copy)
{
	struct active *a, **link;

	for (a = table.on_stacks; a; a = a->next_on_stack) {
		if (a->owner != t || (uintptr_t)a->object >= frame)
			continue;
		*copy = *a;
		link = find(a->object, a->sort);
		drop(link);
		return true;
	}
	return false;
}

static noinline void look_at_stack(const struct um_op *op)
{
	char does[160], before[200];
	struct active a;
	bool found;

	do {
		host_lock(&table.lock);
		found = take_left(um_op_task(), op->frame, &a);
		host_unlock(&table.lock);
		if (!found || !is_in_use(&a))
			continue;
		um_report_ending(op, does, sizeof(does));
		host_snprintf(before, sizeof(before), "%s and has left on its stack a ", does);
		tell(&a, before, "");
	} while (found);
}

/* ---- the subscriber --------------------------------------------------------------------- */

static noinline enum um_decision begin_other(enum um_kind kind, struct um_op *op)
{
	switch (kind) {
	case UM_OBJECT_NEW:
		initialised(op->object, true, "initialised again: a ");
		fallthrough;
	case UM_ACTIVE:
		becomes_active(op);
		break;
	case UM_IDLE:
		becomes_idle(op->object, op->what);
		break;
	case UM_OBJECT_KIND:
		is_a(op->object, op->what);
		break;
	case UM_OBJECT_FREED:
	case UM_OBJECT_FORGOTTEN:
		ends(op->object);
		break;
	case UM_OFF_STACK:
		initialised(op->object, false, "its function is about to return, and leaves a ");
		break;
	case UM_PAGES_FREE:
		memory_goes(op->start, op->size << PAGE_SHIFT, "free_pages");
		break;
	case UM_AREA_FREE:
		memory_goes(op->start, op->size, op->what);
		break;
	default:
		image_goes(op);
		break;
	}
	return UM_GO_ON;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	switch (kind) {
	case UM_FREE:
		if (READ_ONCE(table.chains.n))
			memory_goes(op->object, size_of(op->object), op->what);
		return UM_GO_ON;
	case UM_INIT:
		return initialised(op->object, false, "initialised again: a ") ? UM_REFUSE : UM_GO_ON;
	case UM_RETURN:
		if (unlikely(READ_ONCE(table.on_stacks)))
			look_at_stack(op);
		return UM_GO_ON;
	default:
		return begin_other(kind, op);
	}
}

static struct um_subscriber active = {
	.name = "active", .rank = UM_RANK_ACTIVE,
	.begins = UM_ON(UM_INIT) | UM_ON(UM_OFF_STACK) | UM_ON(UM_ACTIVE) | UM_ON(UM_IDLE) | UM_ON(UM_OBJECT_NEW) |
		  UM_ON(UM_OBJECT_KIND) | UM_ON(UM_OBJECT_FREED) | UM_ON(UM_OBJECT_FORGOTTEN) |
		  UM_ON(UM_RETURN) | UM_ON(UM_FREE) | UM_ON(UM_PAGES_FREE) |
		  UM_ON(UM_AREA_FREE) | UM_ON(UM_MODULE_GONE),
	.begin = begin,
};
UM_SUBSCRIBER(active)
