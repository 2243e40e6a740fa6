// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who should have given back what a helper took for its caller?
 *
 * Of a reference that was never put the stack tells who took it. When that is a
 * function made for taking (a constructor, a get), the fault is elsewhere: in whatever
 * undoes it. It is found by what else was taken in the same call, or in the call of
 * its caller: each get that was given back later, outside of that call, leads to
 * the function that undoes it, so many callers further out as the get was further in.
 *
 * Where such a reference was given back itself, that function is right, and it was not
 * called: nobody is named then.
 *
 * A guess, as pairs of gets and puts are (check/holders.c): it names whom to look
 * at first, and accuses nobody by itself. Nothing is known by its name but that a
 * helper is one.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/holders.h"
#include "check/object_internal.h"
#include "host/host.h"

#define LOOKED_AT	32	/* the newest objects: older ones say the same */

/* What is looked for, and how far it is. */
struct search {
	const struct um_registry *all;
	struct um_trace get;		/* of the reference that nobody has put */
	const char *function;		/* one that it was taken in, */
	const void *site;		/* and where that was called */
	void (*look)(struct search *s, const struct um_holder *get, const struct um_holder *put);
	struct um_counterpart *found;
	enum { NOTHING, FOUND, NOT_CALLED } end;
};

static bool has(void *const *pc, unsigned int depth, const void *site)
{
	unsigned int i;

	for (i = 0; i < depth; i++)
		if (pc[i] == site)
			return true;
	return false;
}

/* Was a reference on it taken in a function that was called from there? */
static bool was_taken_below(const struct object *o, const void *site)
{
	const struct use *u;

	for (u = o->uses; u; u = u->next)
		if (u->gets && has(u->stack->pc, u->stack->depth, site))
			return true;
	return false;
}

static int newest_first(const void *a, const void *b)
{
	const struct object *x = *(struct object *const *)a, *y = *(struct object *const *)b;

	return x->seq > y->seq ? -1 : x->seq < y->seq;
}

/* How far in @t @function is, UM_CALLERS when it is not. */
static unsigned int level_of(const struct um_trace *t, const char *function)
{
	unsigned int i;

	for (i = 0; i < UM_CALLERS && strcmp(t->own[i], function); i++)
		;
	return i;
}

/* @get, at the place of the one that nobody has put, was put by @put. */
static void look_for_same(struct search *s, const struct um_holder *get,
			  const struct um_holder *put)
{
	struct um_trace taken = { }, given = { };

	if (!has(get->pc, get->depth, s->site))
		return;
	um_read_trace(&taken, get->pc, get->depth);
	um_read_trace(&given, put->pc, put->depth);
	if (taken.at == s->site && !strcmp(given.object, taken.object))
		s->end = NOT_CALLED;
}

/* @get, in a call of what is looked at, was given back by @put, outside of it. */
static void learn(struct search *s, const struct um_holder *get, const struct um_holder *put)
{
	struct um_trace taken = { }, given = { };
	struct um_counterpart *c = s->found;
	unsigned int level;

	if (!has(get->pc, get->depth, s->site) || has(put->pc, put->depth, s->site))
		return;
	um_read_trace(&taken, get->pc, get->depth);
	level = level_of(&taken, s->function);
	if (level == UM_CALLERS)
		return;
	um_read_trace(&given, put->pc, put->depth);
	while (level && !*given.own[level])
		level--;
	if (!*given.own[level] || strcmp(given.object, taken.object))
		return;
	s->end = FOUND;
	host_snprintf(c->of, sizeof(c->of), "%s", s->function);
	host_snprintf(c->function, sizeof(c->function), "%s", given.own[level]);
	c->depth = min(put->depth, (unsigned int)ARRAY_SIZE(c->pc));
	memcpy(c->pc, put->pc, c->depth * sizeof(*c->pc));
}

static void ask_object(struct search *s, struct object *o)
{
	struct um_holder *h;
	unsigned int i, n = um_object_holders(&o, 1, &h);

	um_pair_holders(h, n, o->born->pc, o->born->depth, 1);
	for (i = 0; i < n && !s->end; i++)
		if (h[i].gets && h[i].partner >= 0)
			s->look(s, &h[i], &h[h[i].partner]);
	host_free(h);
}

static void ask_objects(struct search *s)
{
	struct object **like;
	unsigned int i, n;

	n = s->all->gather_all(was_taken_below, s->site, &like);
	host_sort(like, n, sizeof(*like), newest_first);
	for (i = 0; i < n && i < LOOKED_AT && !s->end; i++)
		ask_object(s, like[i]);
	s->all->release(like, n);
}

bool um_find_counterpart(const struct um_registry *all, const struct um_holder *h,
			 struct um_counterpart *c)
{
	struct search s = { .all = all, .found = c, .look = look_for_same };
	unsigned int i;

	um_read_trace(&s.get, h->pc, h->depth);
	if (!um_is_helper(s.get.own[0]))
		return false;
	s.site = s.get.at;
	ask_objects(&s);
	s.look = learn;
	for (i = 0; i < UM_CALLERS && *s.get.own[i] && s.get.called_from[i] && !s.end; i++) {
		s.function = s.get.own[i];
		s.site = s.get.called_from[i];
		ask_objects(&s);
	}
	return s.end == FOUND;
}
