// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where tasks meet: an operation can only matter to another task when both touch
 * its object. Objects come and go with each schedule; what stays is the place in
 * the code, so a place counts from the schedule on in which an object was
 * touched there that another task touched as well, before or after.
 *
 * Representation: for one schedule a table of objects, with who touched each,
 * and one of objects at places; for all schedules a set of places, in memory that
 * all processes of a search share. A place is what lies in the code, wherever
 * that comes to lie; which place a stack of addresses is, is kept. What a schedule
 * has added is logged, so that the next one, which begins alike, takes back no more
 * than what comes after that.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "explore/explore_internal.h"
#include "host/host.h"
#include "host/snapshot.h"

#define OBJECTS	8192	/* a power of two, as all of these */
#define TOUCHES	16384
#define STACKS	8192
#define LOG	(2 * TOUCHES)
#define MIX	0x9e3779b97f4a7c15ULL

struct touch {
	const void *object;
	u64 place;
	u16 next;		/* of the same object, and 1; 0: none */
	u16 met;
	bool meets;		/* it is in the set of places */
	u8 who;			/* a bit for each task */
};

/* What a schedule does lies close together, and is found by tables of numbers. */
static struct {
	struct met {
		const void *object;
		u16 touches;	/* the last, and 1; 0: none */
		u8 who;
	} met[OBJECTS];
	struct touch touch[TOUCHES];
	u32 n_touches, n_met;
	u16 met_at[2 * OBJECTS];	/* by hash: which, and 1; 0: none */
	u16 touch_at[2 * TOUCHES];
	/* a task has touched an object at a place for the first time */
	struct first {
		u32 pos;
		u16 touch;
		u8 who, who_met;	/* its bit, where it was not set before */
		u16 touch_slot, met_slot;
		bool new_touch, new_met;
	} log[LOG];
	u32 n_log;
	bool overflow;			/* something is not in it */
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
static struct met *find(const void *object, struct first *first)
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
	first->met_slot = i;
	first->new_met = true;
	*o = (struct met){ .object = object };
	return o;
}

/* Likewise. */
static struct touch *find_touch(const void *object, u64 place, struct first *first)
{
	struct touch *t;
	struct met *o;
	u32 i;

	for (i = slot_of((unsigned long)object ^ place, 2 * TOUCHES); m.touch_at[i];
	     i = (i + 1) & (2 * TOUCHES - 1)) {
		t = &m.touch[m.touch_at[i] - 1];
		if (t->object == object && t->place == place)
			return t;
	}
	o = find(object, first);
	if (!o || m.n_touches == TOUCHES || m.n_log == LOG)
		return NULL;
	t = &m.touch[m.n_touches++];
	m.touch_at[i] = m.n_touches;
	first->touch_slot = i;
	first->new_touch = true;
	*t = (struct touch){ .object = object, .place = place, .next = o->touches,
			     .met = o - m.met };
	o->touches = m.n_touches;
	return t;
}

static void add_places(const struct met *o)
{
	struct touch *t;
	u16 i;

	for (i = o->touches; i; i = t->next) {
		t = &m.touch[i - 1];
		if (!t->meets)
			add_place(um_explore_run.sh, t->place);
		t->meets = true;
	}
}

bool um_meet(u32 pos, const void *object, unsigned int who, u64 place)
{
	struct first first = { .pos = pos };
	struct touch *t = object ? find_touch(object, place, &first) : NULL;
	struct met *o;

	if (!t) {
		m.overflow |= object != NULL;
		add_place(um_explore_run.sh, place);
		return true;
	}
	if (!(t->who & 1u << who)) {
		o = &m.met[t->met];
		first.touch = t - m.touch;
		first.who = 1u << who;
		first.who_met = first.who & ~o->who;
		m.log[m.n_log++] = first;
		t->who |= first.who;
		o->who |= first.who;
		if (o->who & (o->who - 1))
			add_places(o);
	}
	/* or it has become one by another object */
	t->meets = t->meets || is_place(um_explore_run.sh, place);
	return t->meets;
}

/* The last one. That a place is one stays true. */
static void take_back(const struct first *first)
{
	struct touch *t = &m.touch[first->touch];
	struct met *o = &m.met[t->met];

	t->who &= ~first->who;
	o->who &= ~first->who_met;
	if (first->new_touch) {
		o->touches = t->next;
		m.touch_at[first->touch_slot] = 0;
		m.n_touches--;
	}
	if (first->new_met) {
		m.met_at[first->met_slot] = 0;
		m.n_met--;
	}
}

bool um_meet_back_to(u32 pos)
{
	if (m.overflow)
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
	m.n_touches = 0;
	m.n_met = 0;
	m.n_log = 0;
	m.overflow = false;
	memset(m.met_at, 0, sizeof(m.met_at));
	memset(m.touch_at, 0, sizeof(m.touch_at));
}

u64 um_place(void *const *pc, unsigned int n)
{
	u64 stack = host_code_table(), place = n;
	struct known_stack *k;
	unsigned int i;

	for (i = 0; i < n; i++)
		stack = (stack ^ (unsigned long)pc[i]) * MIX;
	k = &m.known[slot_of(stack, STACKS)];
	if (k->stack == stack)
		return k->place;
	for (i = 0; i < n; i++)
		place = (place ^ host_code_key(pc[i])) * MIX;
	*k = (struct known_stack){ .stack = stack, .place = place | 1 };
	return k->place;
}
