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
 * that comes to lie; which place a stack of addresses is, is kept.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "explore/explore_internal.h"
#include "host/host.h"
#include "host/snapshot.h"

#define OBJECTS	8192	/* a power of two, as all of these */
#define TOUCHES	32768
#define STACKS	8192
#define MIX	0x9e3779b97f4a7c15ULL

struct touch {
	const void *object;
	u64 place;
	u32 round;		/* of another one: nothing is here */
	u32 next;		/* of the same object, and 1; 0: none */
	bool meets;		/* it is in the set of places */
	u8 who;			/* a bit for each task */
	u16 met;
};

static struct {
	struct met {
		const void *object;
		u32 round;
		u32 touches;	/* the last, and 1; 0: none */
		u8 who;
	} met[OBJECTS];
	struct touch touch[TOUCHES];
	u32 n_touches, n_met;
	u32 round;
	struct known_stack {
		u64 stack, place;
	} known[STACKS];
} m = { .round = 1 };

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

	for (i = slot_of((unsigned long)object, OBJECTS); ; i = (i + 1) & (OBJECTS - 1)) {
		o = &m.met[i];
		if (o->round != m.round)
			break;
		if (o->object == object)
			return o;
	}
	if (m.n_met == OBJECTS - 1)
		return NULL;
	m.n_met++;
	*o = (struct met){ .object = object, .round = m.round };
	return o;
}

/* Likewise. */
static struct touch *find_touch(const void *object, u64 place)
{
	struct touch *t;
	struct met *o;
	u32 i;

	for (i = slot_of((unsigned long)object ^ place, TOUCHES); ; i = (i + 1) & (TOUCHES - 1)) {
		t = &m.touch[i];
		if (t->round != m.round)
			break;
		if (t->object == object && t->place == place)
			return t;
	}
	o = find(object);
	if (!o || m.n_touches == TOUCHES - 1)
		return NULL;
	m.n_touches++;
	*t = (struct touch){ .object = object, .place = place, .round = m.round,
			     .next = o->touches, .met = o - m.met };
	o->touches = i + 1;
	return t;
}

static void add_places(const struct met *o)
{
	struct touch *t;
	u32 i;

	for (i = o->touches; i; i = t->next) {
		t = &m.touch[i - 1];
		if (!t->meets)
			add_place(um_explore_run.sh, t->place);
		t->meets = true;
	}
}

bool um_meet(const void *object, unsigned int who, u64 place)
{
	struct touch *t = object ? find_touch(object, place) : NULL;
	struct met *o;

	if (!t) {
		add_place(um_explore_run.sh, place);
		return true;
	}
	if (!(t->who & 1u << who)) {
		o = &m.met[t->met];
		t->who |= 1u << who;
		o->who |= 1u << who;
		if (o->who & (o->who - 1))
			add_places(o);
	}
	/* or it has become one by another object */
	t->meets = t->meets || is_place(um_explore_run.sh, place);
	return t->meets;
}

void um_keep_places(void)
{
	host_snapshot_keep(&m, sizeof(m));
}

void um_meet_nobody(void)
{
	m.round++;
	m.n_touches = 0;
	m.n_met = 0;
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
