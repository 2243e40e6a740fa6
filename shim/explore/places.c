// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where tasks meet: an operation can only matter to another task when both touch
 * its object. Objects come and go with each schedule; what stays is the place in
 * the code, so a place counts from the schedule on in which an object was
 * touched there that another task touched as well, before or after.
 *
 * Representation: for one schedule a table of objects, with who touched each
 * and at which places; for all of them a set of places, in memory that all
 * processes of a search share.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "explore/explore_internal.h"
#include "host/host.h"

#define OBJECTS	8192	/* a power of two */
#define TOUCHES	32768

struct touch {
	u64 place;
	u32 next;
};

static struct {
	struct met {
		const void *object;
		u32 round;		/* of another one: nothing is here */
		u8 who;			/* a bit for each task */
		u32 touches;		/* index of the last, 0: none */
	} met[OBJECTS];
	struct touch touch[TOUCHES];
	u32 n_touches, n_met;
	u32 round;
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

/* NULL when there are too many: then all places count. */
static struct met *find(const void *object)
{
	u32 i = ((unsigned long)object * 0x9e3779b97f4a7c15ULL) >> 51;

	for (;; i++) {
		struct met *o = &m.met[i & (OBJECTS - 1)];

		if (o->round == m.round && o->object == object)
			return o;
		if (o->round == m.round)
			continue;
		if (m.n_met == OBJECTS - 1)
			return NULL;
		m.n_met++;
		*o = (struct met){ .object = object, .round = m.round };
		return o;
	}
}

static bool has_touched(const struct met *o, u64 place)
{
	u32 t;

	for (t = o->touches; t; t = m.touch[t].next)
		if (m.touch[t].place == place)
			return true;
	return false;
}

bool um_meet(const void *object, unsigned int who, u64 place)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	struct met *o = object ? find(object) : NULL;
	u32 t;

	if (!o || m.n_touches == TOUCHES - 1) {
		add_place(sh, place);
		return true;
	}
	if (!has_touched(o, place)) {
		t = ++m.n_touches;
		m.touch[t] = (struct touch){ .place = place, .next = o->touches };
		o->touches = t;
	} else if (o->who & 1u << who) {
		return is_place(sh, place);
	}
	o->who |= 1u << who;
	if (o->who & (o->who - 1))
		for (t = o->touches; t; t = m.touch[t].next)
			add_place(sh, m.touch[t].place);
	return is_place(sh, place);
}

void um_meet_nobody(void)
{
	m.round++;
	m.n_touches = 0;
	m.n_met = 0;
}
