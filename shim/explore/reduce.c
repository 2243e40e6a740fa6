// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a search need not be run, since another schedule of it does the same
 * (explore/README.md has the rule and why it may be combined with the bound).
 *
 * Each schedule leaves a list of what its tasks have touched, in order, in memory that
 * the search shares with it: it is there however the schedule has ended. From it
 * follows at which choices of the schedule somebody else must come first: before what
 * another task has touched, too, later on. Only there are alternatives run.
 *
 * Representation: an object is a number, which belongs to an address as long as the
 * process lives. Where an object ends, with the memory that it lies in, all that lay
 * there is touched.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <asm/page.h>

#include "check/quarantine.h"
#include "explore/explore_internal.h"
#include "host/host.h"
#include "host/snapshot.h"

#define NAMES		(1u << 14)
#define NAME_SLOTS	(2 * NAMES)
#define PAGE_CHAINS	4096
#define MAX_FREED_PAGES	64
/* Ways to touch an object; two of the same, but for the first, are nothing to each other. */
#define CHANGES		0
#define READS		1
#define WAITS		2
#define WAYS		3
#define ALL		4	/* no object: it matters to everybody */
#define NEW		8	/* no object: another one goes by this number from here on */
#define NO_CHOICE	0xffff

/* Two objects have no address: all that kernel threads have to run, and who reads under RCU. */
#define LATER		0
#define GRACE		1
#define NO_NAMES	GRACE

/* In memory that is put back with nothing: a prefix that schedules share keeps its numbers. */
static struct {
	unsigned int n;				/* the last that was given */
	bool full;
	struct name {
		unsigned long addr;
		u16 next;			/* in the chain of its page; 0: none */
	} name[NAMES];
	u16 at[NAME_SLOTS];			/* by hash; 0: none */
	u16 page[PAGE_CHAINS];
} names = { .n = NO_NAMES };

static u32 hash(unsigned long value, u32 slots)
{
	return (value * 0x9e3779b97f4a7c15ULL >> 40) & (slots - 1);
}

/* 0: there is no room for more. */
static u16 number_of(unsigned long addr)
{
	u16 *page;
	u32 i;

	for (i = hash(addr, NAME_SLOTS); names.at[i]; i = (i + 1) & (NAME_SLOTS - 1))
		if (names.name[names.at[i]].addr == addr)
			return names.at[i];
	if (names.n + 1 == NAMES) {
		names.full = true;
		return 0;
	}
	names.at[i] = ++names.n;
	page = &names.page[hash(addr / PAGE_SIZE, PAGE_CHAINS)];
	names.name[names.n] = (struct name){ .addr = addr, .next = *page };
	*page = names.n;
	return names.n;
}

/* ---- what a schedule touches ---------------------------------------------------------- */

bool um_reduces(void)
{
	const struct um_exploration *x = um_explore_run.x;

	return x->reduce && x->how == UM_DEPTH_FIRST && !x->blocks && !x->only_preemptions &&
	       !um_explore_run.replay;
}

static void add(unsigned int who, u32 object, unsigned int flags)
{
	struct um_explore_shared *sh = um_explore_run.sh;

	if (sh->n_touches == UM_TOUCHES) {
		sh->touches_lost = true;
		return;
	}
	sh->touch[sh->n_touches++] = (struct um_touch){
		.object = object, .who = who, .flags = flags, .choice = sh->at_choice,
		.began = sh->began,
	};
}

void um_touch_begin(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;

	sh->n_touches = 0;
	sh->touches_lost = false;
	sh->at_choice = NO_CHOICE;
	sh->began = NO_CHOICE;
	/* addresses that come once only */
	if (names.full) {
		memset(&names, 0, sizeof(names));
		names.n = NO_NAMES;
	}
}

void um_touch_all(unsigned int who)
{
	add(who, 0, ALL);
}

void um_touch_new(unsigned int who)
{
	add(who, 0, NEW);
}

void um_touch_switch(unsigned int who, int choice)
{
	um_explore_run.sh->goes_on = who;
	um_explore_run.sh->at_choice = NO_CHOICE;
	um_explore_run.sh->began = choice < 0 ? NO_CHOICE : choice;
}

void um_touch_choice(u32 choice, bool taken)
{
	um_explore_run.sh->at_choice = taken ? NO_CHOICE : choice;
}

static void touch(unsigned int who, const void *object, unsigned int flags)
{
	u16 n = number_of((unsigned long)object);

	if (n)
		add(who, n, flags);
	else
		um_touch_all(who);
}

/* Memory goes: nobody can use what lies in it any more. */
static void touch_range(unsigned int who, unsigned long start, unsigned long size)
{
	unsigned long page, pages = (start + size - 1) / PAGE_SIZE - start / PAGE_SIZE + 1;
	u16 i;

	if (!size)
		return;
	if (pages > MAX_FREED_PAGES) {
		um_touch_all(who);
		return;
	}
	for (page = start / PAGE_SIZE; pages--; page++)
		for (i = names.page[hash(page, PAGE_CHAINS)]; i; i = names.name[i].next)
			if (names.name[i].addr - start < size &&
			    names.name[i].addr / PAGE_SIZE == page)
				add(who, i, CHANGES);
}

static void touch_freed(unsigned int who, const void *p)
{
	ssize_t size = p ? um_block_room(p) : 0;

	if (size < 0)
		size = host_alloc_size(p);
	if (p)
		touch(who, p, CHANGES);
	touch_range(who, (unsigned long)p, size);
}

/* What is linked in or out is the way from the entry before it to it, and that behind it. */
static void touch_link(unsigned int who, const struct um_op *op)
{
	touch(who, op->object, CHANGES);
	if (op->start)
		touch(who, op->start, CHANGES);
}

static unsigned int way_of(enum um_kind kind, const struct um_op *op)
{
	switch (kind) {
	case UM_LOCK:
	case UM_TRYLOCK:
	case UM_UNLOCK:
		return op->read ? READS : CHANGES;
	case UM_RCU_LOCK:
	case UM_RCU_UNLOCK:
	case UM_LOAD_ACQUIRE:
		return READS;
	default:
		return CHANGES;
	}
}

void um_touch(unsigned int who, enum um_kind kind, const struct um_op *op)
{
	switch (kind) {
	case UM_IRQS_ON:
		/* is nothing to other tasks; interrupts are everything */
		return;
	case UM_MODULE_LOADED:
	case UM_MODULE_EXITED:
	case UM_MODULE_GONE:
		um_touch_all(who);
		return;
	case UM_FREE:
		touch_freed(who, op->object);
		return;
	case UM_PAGES_FREE:
	case UM_AREA_FREE:
		touch_range(who, (unsigned long)op->start, op->size);
		return;
	case UM_LIST_ADD:
	case UM_LIST_DEL:
		touch_link(who, op);
		return;
	case UM_WORK_RUN:
	case UM_TIMER_RUN:
	case UM_TASK_RUN:
		/* another one runs beside it, unless it has to be behind it */
		add(who, LATER, READS);
		if (op->start)
			touch(who, op->start, CHANGES);
		break;
	case UM_RCU_CALL:
		add(who, GRACE, CHANGES);
		fallthrough;
	case UM_WORK_QUEUE:
	case UM_TIMER_ARM:
	case UM_TASK_START:
	case UM_TASK_JOIN:
		add(who, LATER, CHANGES);
		break;
	case UM_WAIT:
		/* perhaps for one of these */
		add(who, LATER, WAITS);
		break;
	case UM_RCU_LOCK:
	case UM_RCU_UNLOCK:
		add(who, GRACE, READS);
		break;
	default:
		break;
	}
	if (op->object)
		touch(who, op->object, way_of(kind, op));
	else
		um_touch_all(who);
}

/* ---- what has to be run ----------------------------------------------------------------- */

/*
 * What kernel threads run has a number of its own for each, though one goes by the number
 * of another that has ended: that one's operations may have to come behind somebody's, too.
 */
#define ACTORS		64
#define LOG		(1u << 18)

/*
 * Of the schedule that is looked at. A touch is its place in the list, and 1; 0: none.
 * What has changed is logged, since the next schedule begins alike, and is looked at from
 * where it is another.
 */
static struct {
	u32 last_in[ACTORS][NAMES][WAITS + 1];	/* touches of an object, in each way */
	struct actor {
		u32 last, all;			/* touches; what matters to all */
		u32 limit[ACTORS];		/* what each other has come upon up to now */
	} actor[ACTORS];
	u32 number[UM_SLOTS + 1];		/* whose operations are a task's */
	u32 n_actors;
	bool too_many;				/* of them, or changes */
	struct change {
		u32 *where, old;
	} log[LOG];
	u32 n_log, log_before[UM_TOUCHES];	/* each touch */
	struct um_touch touch[UM_TOUCHES];	/* that were looked at */
	u32 n;
	u32 looks;				/* at this list and those before it */
} look;

void um_keep_touches(void)
{
	host_snapshot_keep(&names, sizeof(names));
	host_snapshot_keep(&look, sizeof(look));
}

static void set(u32 *where, u32 value)
{
	if (look.n_log == LOG) {
		look.too_many = true;
		return;
	}
	look.log[look.n_log++] = (struct change){ where, *where };
	*where = value;
}

static void take_back_to(u32 n_log)
{
	for (; look.n_log > n_log; look.n_log--)
		*look.log[look.n_log - 1].where = look.log[look.n_log - 1].old;
}

/* The last of @who that @t is not independent of; 0: none. */
static u32 last_before(u32 who, const struct um_touch *t)
{
	const struct actor *a = &look.actor[who];
	const u32 *last_in = look.last_in[who][t->object];
	unsigned int way;
	u32 last = a->all;

	if (t->flags & ALL)
		return a->last;
	for (way = 0; way <= WAITS; way++)
		if (!way || way != (t->flags & WAYS))
			last = max(last, last_in[way]);
	return last;
}

static void need(u16 choice)
{
	if (choice != NO_CHOICE)
		um_explore_run.sh->choice[choice].needed = true;
}

/*
 * What another task has done, and @t does not leave as it is, may come behind @t: that
 * task is to be stopped before it, if it is the last such. There is nothing more in what
 * comes before another one that this task has come upon already.
 */
static void look_at_others(const struct um_touch *t)
{
	const struct um_touch *touch = um_explore_run.sh->touch;
	u32 who, self = look.number[t->who], last;

	for (who = 0; who < look.n_actors; who++) {
		u32 *limit = &look.actor[who].limit[self];

		if (who == self)
			continue;
		last = last_before(who, t);
		if (last <= *limit)
			continue;
		set(limit, last);
		need(touch[last - 1].choice);
		need(touch[last - 1].began);
	}
}

static void add_own(u32 i, const struct um_touch *t)
{
	u32 self = look.number[t->who];

	set(&look.actor[self].last, i + 1);
	if (t->flags & ALL)
		set(&look.actor[self].all, i + 1);
	else
		set(&look.last_in[self][t->object][t->flags & WAYS], i + 1);
}

static void is_new(unsigned int who)
{
	if (look.n_actors == ACTORS) {
		look.too_many = true;
		return;
	}
	set(&look.number[who], look.n_actors);
	set(&look.n_actors, look.n_actors + 1);
}

static void look_at(u32 i)
{
	const struct um_touch *t = &um_explore_run.sh->touch[i];

	look.log_before[i] = look.n_log;
	look.touch[i] = *t;
	if (t->flags & NEW) {
		is_new(t->who);
		return;
	}
	look_at_others(t);
	add_own(i, t);
}

/* It was not survived: what happened last matters to all, and all to it. */
static void look_at_end(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	const struct um_touch all = { .who = sh->goes_on, .flags = ALL };
	u32 before = look.n_log;

	need(sh->at_choice);
	need(sh->began);
	look_at_others(&all);
	take_back_to(before);
}

/* So much of the list is as it was, and what is needed because of that is known. */
static u32 looked_at_before(void)
{
	const struct um_explore_shared *sh = um_explore_run.sh;
	u32 i, n = min3(look.n, sh->n_touches, sh->same_touches);

	/* another process has looked at the one before */
	if (look.looks != sh->looks || look.too_many)
		return 0;
	for (i = 0; i < n && !memcmp(&look.touch[i], &sh->touch[i], sizeof(look.touch[i])); i++)
		;
	return i;
}

/* Only at what comes behind the first @n; to begin with each has the number that it goes by. */
static void look_back_to(u32 n)
{
	unsigned int i;

	if (n < look.n)
		take_back_to(look.log_before[n]);
	look.n = n;
	if (n)
		return;
	look.too_many = false;
	for (i = 0; i <= UM_SLOTS; i++)
		look.number[i] = i;
	look.n_actors = UM_SLOTS + 1;
}

void um_find_needed(bool survived)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	u32 i;

	if (!um_reduces())
		return;
	look_back_to(looked_at_before());
	for (i = look.n; i < sh->n_touches; i++)
		look_at(i);
	look.n = sh->n_touches;
	look.looks = ++sh->looks;
	if (!survived)
		look_at_end();
	for (i = 0; (sh->touches_lost || look.too_many) && i < sh->n_choices; i++)
		need(i);
}

/* Shards cannot tell each other what the others of the first choices have led to. */
static bool is_first_of_shard(u32 choice)
{
	const struct um_explore_shared *sh = um_explore_run.sh;
	u32 i;

	if (um_explore_run.x->shards < 2)
		return false;
	for (i = 0; i < choice; i++)
		if (sh->choice[i].taken)
			return false;
	return true;
}

bool um_is_needed(u32 choice, unsigned int alternative)
{
	const struct um_choice *c = &um_explore_run.sh->choice[choice];

	return !um_reduces() || c->kind == UM_AT_FAULT || c->needed ||
	       c->task[alternative] >= UM_SLOTS || c->task[0] >= UM_SLOTS || c->task[0] < 0 ||
	       is_first_of_shard(choice);
}
