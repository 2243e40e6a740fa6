// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where tasks meet: an operation can only matter to another task when both touch
 * its object. Objects come and go with each schedule; what stays is the place in
 * the code, so a place counts from the schedule on in which an object was
 * touched there that another task touched as well, before or after.
 *
 * Representation: a table of objects, and one of objects at places, each with who
 * has touched it in this schedule; they stay for the next ones, most of which touch the
 * same at the same addresses. For all schedules a set of places, in memory that
 * all processes of a search share. A place is what lies in the code, wherever
 * that comes to lie; which place a stack of addresses is, is kept. Who has come to touch
 * what is logged, so that the next schedule, which begins alike, takes back no more
 * than what comes after that.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "explore/explore_internal.h"
#include "host/host.h"
#include "host/snapshot.h"

/* Powers of two. A schedule may have half of them, and finds the rest used by those before. */
#define OBJECTS	16384
#define TOUCHES	32768
#define STACKS	8192
#define LOG	(2 * TOUCHES)
#define MIX	0x9e3779b97f4a7c15ULL

struct touch {
	const void *object;
	u64 place;
	u64 returns;		/* of a stack there, likely the next one's */
	u16 next;		/* of the same object, and 1; 0: none */
	u16 met;
	u16 at;			/* in order[], the last time */
	u16 looked;		/* when there were so many places it was none of them */
	bool meets;		/* it is in the set of places */
	u8 who;			/* a bit for each task */
};

/* What a schedule does lies close together, and is found by tables of numbers. */
static struct {
	struct met {
		const void *object;
		u16 touches;	/* the last that may become places, and 1; 0: none */
		u8 who;
	} met[OBJECTS];
	struct touch touch[TOUCHES];
	u32 n_touches, n_met;
	/* touches, and 1, as they came one after the other, round and round; 0: none yet */
	u16 order[1 << 16];
	u16 end;			/* of what has come */
	u16 before;			/* where the last one came the last time */
	u16 met_at[2 * OBJECTS];	/* by hash: which, and 1; 0: none */
	u16 touch_at[2 * TOUCHES];
	/* a task has touched an object at a place for the first time */
	struct first {
		u32 pos;
		u16 touch;
		u8 who, who_met;	/* its bit, where it was not set before */
	} log[LOG];
	u32 n_log;
	bool overflow;			/* something is not in it */
	u64 returns, place;		/* of the stack that was asked for last */
	struct known_stack {
		u64 stack, place;
	} known[STACKS];
} m;

static bool is_place(const struct um_explore_shared *sh, u64 place)
{
	u32 i;

	for (i = place & (UM_PLACES - 1); sh->place[i]; i = (i + 1) & (UM_PLACES - 1))
		if (sh->place[i] == place)
			return true;
	return false;
}

static void add_place(struct um_explore_shared *sh, u64 place)
{
	u32 i;

	if (is_place(sh, place) || sh->n_places >= UM_PLACES - 1)
		return;
	for (i = place & (UM_PLACES - 1); sh->place[i]; i = (i + 1) & (UM_PLACES - 1))
		;
	sh->place[i] = place;
	sh->n_places++;
	sh->found_place = true;
}

static u32 slot_of(u64 hash, u32 slots)
{
	return (hash * MIX >> 32) & (slots - 1);
}

/* NULL when there are too many: then all places count. */
static struct met *find(const void *object)
{
	struct met *o;
	u32 i;

	for (i = slot_of((unsigned long)object, 2 * OBJECTS); m.met_at[i];
	     i = (i + 1) & (2 * OBJECTS - 1)) {
		o = &m.met[m.met_at[i] - 1];
		if (o->object == object)
			return o;
	}
	if (m.n_met == OBJECTS)
		return NULL;
	o = &m.met[m.n_met++];
	m.met_at[i] = m.n_met;
	*o = (struct met){ .object = object };
	return o;
}

/* Likewise. */
static noinline struct touch *new_touch(const void *object, u64 place, u32 slot)
{
	struct met *o = find(object);
	struct touch *t;

	if (!o || m.n_touches == TOUCHES)
		return NULL;
	t = &m.touch[m.n_touches++];
	m.touch_at[slot] = m.n_touches;
	*t = (struct touch){ .object = object, .place = place, .next = o->touches,
			     .met = o - m.met };
	o->touches = m.n_touches;
	return t;
}

/* What came next last time: in most cases it comes now, and need not be looked for. */
static struct touch *likely_touch(void)
{
	u16 n = m.order[(u16)(m.before + 1)];

	return n ? &m.touch[n - 1] : NULL;
}

static void comes(struct touch *t)
{
	if (t == likely_touch())
		m.before++;
	else
		m.before = t->at;
	t->at = m.end;
	m.order[m.end++] = t - m.touch + 1;
}

static struct touch *find_touch(const void *object, u64 place)
{
	struct touch *t = likely_touch();
	u32 i;

	if (t && t->object == object && t->place == place)
		return t;

	for (i = slot_of((unsigned long)object ^ place, 2 * TOUCHES); m.touch_at[i];
	     i = (i + 1) & (2 * TOUCHES - 1)) {
		t = &m.touch[m.touch_at[i] - 1];
		if (t->object == object && t->place == place)
			return t;
	}
	return new_touch(object, place, i);
}

static void becomes_place(struct touch *t)
{
	if (!t->meets)
		add_place(um_explore_run.sh, t->place);
	t->meets = true;
}

static bool are_several(u8 who)
{
	return who & (who - 1);
}

/* As far as they are this schedule's. Those at places need not be looked at any more. */
static void add_places(struct met *o)
{
	u16 *link = &o->touches;
	struct touch *t;

	while (*link) {
		t = &m.touch[*link - 1];
		if (t->who)
			becomes_place(t);
		if (t->meets)
			*link = t->next;
		else
			link = &t->next;
	}
}

static void touches_first(u32 pos, struct touch *t, u8 who)
{
	struct met *o = &m.met[t->met];
	u8 before = o->who;

	m.log[m.n_log++] = (struct first){
		.pos = pos, .touch = t - m.touch, .who = who, .who_met = who & ~before,
	};
	t->who |= who;
	o->who |= who;
	/* those that it had before are places already */
	if (are_several(before))
		becomes_place(t);
	else if (are_several(o->who))
		add_places(o);
}

/* It may become one by another object. */
static bool is_at_place(struct touch *t)
{
	const struct um_explore_shared *sh = um_explore_run.sh;

	if (!t->meets && t->looked != sh->n_places) {
		t->meets = is_place(sh, t->place);
		t->looked = sh->n_places;
	}
	return t->meets;
}

bool um_meet(u32 pos, const void *object, unsigned int who, u64 place)
{
	struct touch *t = object ? find_touch(object, place) : NULL;
	u8 bit = 1u << who;

	if (unlikely(!t || m.n_log == LOG)) {
		m.overflow |= object != NULL;
		add_place(um_explore_run.sh, place);
		return true;
	}
	comes(t);
	if (m.place == place)
		t->returns = m.returns;
	if (!(t->who & bit))
		touches_first(pos, t, bit);
	return is_at_place(t);
}

/* The last one. That a place is one stays true. */
static void take_back(const struct first *first)
{
	struct touch *t = &m.touch[first->touch];

	t->who &= ~first->who;
	m.met[t->met].who &= ~first->who_met;
}

/* One more schedule may not have room. */
static bool is_full(void)
{
	return m.overflow || m.n_touches > TOUCHES / 2 || m.n_met > OBJECTS / 2;
}

bool um_meet_back_to(u32 pos)
{
	if (is_full())
		return false;
	for (; m.n_log && m.log[m.n_log - 1].pos >= pos; m.n_log--)
		take_back(&m.log[m.n_log - 1]);
	return true;
}

void um_keep_places(void)
{
	host_snapshot_keep(&m, sizeof(m));
}

void um_meet_nobody(void)
{
	if (!um_meet_back_to(0))
		um_meet_anew();
}

void um_meet_anew(void)
{
	m.n_touches = 0;
	m.n_met = 0;
	m.n_log = 0;
	m.overflow = false;
	memset(m.order, 0, sizeof(m.order));
	memset(m.met_at, 0, sizeof(m.met_at));
	memset(m.touch_at, 0, sizeof(m.touch_at));
}

static struct known_stack *known_slot(u64 returns)
{
	return &m.known[slot_of(returns, STACKS)];
}

/* What was loaded there before was other code. */
static u64 returns_now(u64 returns)
{
	return (returns ^ host_code_table()) * MIX;
}

u64 um_known_place(const void *object, u64 returns)
{
	const struct touch *t = likely_touch();
	const struct known_stack *k;

	if (!returns)
		return 0;
	m.returns = returns_now(returns);
	k = known_slot(m.returns);
	if (t && t->object == object && t->returns == m.returns)
		m.place = t->place;
	else
		m.place = k->stack == m.returns ? k->place : 0;
	return m.place;
}

u64 um_place(u64 returns, void *const *pc, unsigned int n)
{
	struct known_stack *k;
	u64 place = n;
	unsigned int i;

	for (i = 0; i < n; i++)
		place = (place ^ host_code_key(pc[i])) * MIX;
	m.returns = returns_now(returns);
	k = known_slot(m.returns);
	*k = (struct known_stack){ .stack = m.returns, .place = place | 1 };
	m.place = k->place;
	return m.place;
}
