// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an audit says of the objects that are alive: those of one kind that were
 * made at one place are a group, told with the stacks of references that were taken
 * and, as far as can be told, not given back (check/holders.c); groups that
 * nothing but other groups keeps come last.
 *
 * Works on copies (um_objects_gather()), without the registry's lock.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/holders.h"
#include "check/object_internal.h"
#include "check/report.h"
#include "check/stacks.h"
#include "host/host.h"
#include "host/sanitizer.h"

#define RELEASES	256	/* of the last blocks that were freed */

void um_object_add_stack(struct um_report *r, const char *what, const struct stack *s)
{
	um_report_stack(r, what, "", "        ", s->pc, s->depth);
}

static void add_holder(struct um_report *r, const struct um_holder *h)
{
	if (h->extra)
		um_text_add(&r->lines, "    %u given back without being taken at\n", h->extra);
	else if (h->unpaired && h->unpaired < h->gets)
		um_text_add(&r->lines, "    %u of %u taken at\n", h->unpaired, h->gets);
	else if (h->gets && h->puts)
		um_text_add(&r->lines, "    %u taken, %u given back at\n", h->gets, h->puts);
	else
		um_text_add(&r->lines, "    %u %s at\n", h->gets + h->puts,
			    h->gets ? "taken" : "given back");
	um_report_stack(r, NULL, "", "        ", h->pc, h->depth);
}

static void add_holder_json(struct um_report *r, const struct um_holder *h)
{
	char members[128];

	host_snprintf(members, sizeof(members),
		      ", \"taken\": %u, \"given_back\": %u, \"unpaired\": %u, \"extra\": %u", h->gets,
		      h->puts, h->unpaired, h->extra);
	um_report_stack(r, "holder", members, NULL, h->pc, h->depth);
}

static void reverse(struct um_holder *h, unsigned int n)
{
	struct um_holder last;
	unsigned int i;

	for (i = 0; i < n / 2; i++) {
		last = h[n - 1 - i];
		h[n - 1 - i] = h[i];
		h[i] = last;
	}
}

/* Of those that may be it the last: older puts are paired first. */
static void find_extra(struct um_holder *h, unsigned int n, const struct object *o)
{
	unsigned int i;

	reverse(h, n);
	/* one that lives on keeps its first reference */
	um_pair_holders(h, n, o->born->pc, o->born->depth, o->freed ? 1 : 0);
	reverse(h, n);
	for (i = 0; i < n; i++)
		h[i].unpaired = 0;
}

void um_object_add_holders(struct um_report *r, struct object *o, bool overput)
{
	struct um_holder *h;
	unsigned int i, n_holders = um_object_holders(&o, 1, &h);

	if (overput)
		find_extra(h, n_holders, o);
	for (i = 0; i < n_holders; i++) {
		add_holder(r, &h[i]);
		add_holder_json(r, &h[i]);
	}
	host_free(h);
}

/* All the names, for programs. */
static void add_names(struct um_text *t, struct object *const *objects, unsigned int n)
{
	unsigned int i;

	um_text_add(t, ", \"count\": %u, \"names\": [", n);
	for (i = 0; i < n; i++) {
		um_text_add(t, "%s", i ? ", " : "");
		um_text_add_json(t, objects[i]->text);
	}
	um_text_add(t, "]");
}

static void add_headline(struct um_text *t, struct object *const *objects, unsigned int n)
{
	unsigned int i;

	um_text_add(t, "still alive: ");
	if (n > 1)
		um_text_add(t, "%u times ", n);
	um_text_add(t, "%s", objects[0]->kind);
	for (i = 0; i < n && i < 4; i++) {
		um_text_add(t, "%s '%s'", i ? "," : "", objects[i]->text);
	}
	um_text_add(t, "%s", i < n ? ", ..." : "");
}

/* What an audit says of objects of one kind that were made at one place. */
struct group {
	struct object *const *objects;
	unsigned int n;
	struct um_holder *holders;
	unsigned int n_holders;
	unsigned int births;	/* first references that nobody gave back */
	const struct stack *ended;
	bool released;		/* what a holder made with its reference is gone: @release says how */
	struct host_freed release;
	bool has_counterpart;	/* who else would have put it: */
	struct um_counterpart counterpart;
	struct um_trace born;
	const char *name;	/* of the first */
	bool is_module;
	bool pinned;		/* nothing but other groups keeps it */
};

/* References that were taken for such memory, and given back. */
static unsigned int given_back(const struct group *g, const struct um_trace *made)
{
	const struct um_holder *h;
	unsigned int n = 0;

	for (h = g->holders; h < g->holders + g->n_holders; h++) {
		struct um_trace get = { };

		um_read_trace(&get, h->pc, h->depth);
		if (h->gets > h->unpaired && um_taken_for(&get, made))
			n += h->gets - h->unpaired;
	}
	return n;
}

/*
 * Looks for memory that was made where a reference was taken, and is freed. If
 * that is no more than references were given back, each that is freed gave back
 * its own, and of the one that is left nothing is known.
 */
static bool find_release(struct group *g, const struct um_holder *h)
{
	struct um_trace get = { }, made;
	unsigned int i, released = 0;
	struct host_freed f;

	um_read_trace(&get, h->pc, h->depth);
	for (i = 0; i < RELEASES && host_freed_block(i, &f); i++) {
		memset(&made, 0, sizeof(made));
		um_read_trace(&made, f.made_at, f.n_made);
		/* its own, not what a call of it made on the way */
		if (!strstr(made.api, "alloc") || !um_taken_for(&get, &made))
			continue;
		if (!released++)
			g->release = f;
		if (released > given_back(g, &made))
			return true;
	}
	return false;
}

static void read_group(const struct um_registry *registry, struct group *g)
{
	const struct stack *born = g->objects[0]->born;
	unsigned int i;

	g->n_holders = um_object_holders(g->objects, g->n, &g->holders);
	g->births = um_pair_holders(g->holders, g->n_holders, born->pc, born->depth, g->n);
	for (i = 0; i < g->n && !g->ended; i++)
		g->ended = g->objects[i]->ended;
	for (i = 0; i < g->n_holders && !g->released; i++)
		g->released = g->holders[i].unpaired &&
			      find_release(g, &g->holders[i]);
	for (i = 0; i < g->n_holders && !g->released && !g->has_counterpart; i++)
		g->has_counterpart = g->holders[i].unpaired &&
				     um_find_counterpart(registry, &g->holders[i], &g->counterpart);
	um_read_trace(&g->born, born->pc, born->depth);
	g->name = g->objects[0]->text;
	g->is_module = !strcmp(g->objects[0]->kind, "module");
}

static bool holds_one_of(const struct group *all, unsigned int n, const struct group *g,
			 const struct um_holder *h)
{
	struct um_trace get = { };
	unsigned int i;

	um_read_trace(&get, h->pc, h->depth);
	for (i = 0; i < n; i++)
		if (&all[i] != g && um_taken_for(&get, &all[i].born))
			return true;
	return false;
}

/* A module's own: its directories, and what its module_init() made. */
static bool is_kept_by_module(const struct group *g, const struct group *module)
{
	if (!module->is_module || module == g)
		return false;
	return !strcmp(g->born.init_of, module->name) ||
	       !strcmp(g->objects[0]->kind, "module directory");
}

static bool is_pinned(const struct group *all, unsigned int n, const struct group *g)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (is_kept_by_module(g, &all[i]))
			return true;
	if (g->births || g->is_module)
		return false;
	for (i = 0; i < g->n_holders; i++)
		if (g->holders[i].unpaired && !holds_one_of(all, n, g, &g->holders[i]))
			return false;
	return true;
}

/* A module cannot go while anything lives that its code made. */
static bool made_something(const struct group *all, unsigned int n, const struct group *module)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!all[i].is_module && !all[i].pinned &&
		    !strcmp(all[i].born.object, module->name))
			return true;
	return false;
}

/* Each group knows then whether it is only kept alive by others, which are told first. */
static void find_roots(struct group *all, unsigned int n)
{
	unsigned int i, roots = 0;

	for (i = 0; i < n; i++)
		all[i].pinned = is_pinned(all, n, &all[i]);
	for (i = 0; i < n; i++)
		if (all[i].is_module)
			all[i].pinned = made_something(all, n, &all[i]);
	for (i = 0; i < n; i++)
		roots += !all[i].pinned;
	/* each holds the other */
	for (i = 0; !roots && i < n; i++)
		all[i].pinned = false;
}

/* The stacks that lost their put; what pairs off is counted. */
static void add_group_lines(struct um_text *t, const struct group *g)
{
	struct um_report r = { 0 };
	unsigned int i, paired = 0;
	const struct um_holder *h;

	for (i = 0; i < g->n_holders; i++) {
		h = &g->holders[i];
		if (h->unpaired || um_report_verbose()) {
			add_holder(&r, h);
			paired += h->gets - h->unpaired;
		} else {
			paired += h->gets;
		}
	}
	if (g->released) {
		um_text_add(&r.lines, "    what was made with it was freed at\n");
		um_report_stack(&r, NULL, "", "        ", g->release.freed_at,
				g->release.n_freed);
	}
	if (g->has_counterpart) {
		um_text_add(&r.lines, "    what %s took otherwise is given back at\n",
			    g->counterpart.of);
		um_report_stack(&r, NULL, "", "        ", g->counterpart.pc,
				g->counterpart.depth);
	}
	um_text_add(&r.lines, g->births ? "    its first reference is kept; made at\n" :
		    "    made at\n");
	um_object_add_stack(&r, NULL, g->objects[0]->born);
	if (g->ended && g->births) {
		um_text_add(&r.lines, "    taken out of use at\n");
		um_object_add_stack(&r, NULL, g->ended);
	}
	if (paired && !um_report_verbose())
		um_text_add(&r.lines,
			    "    %u more taken and given back (UMDEV_VERBOSE=1 shows where)\n",
			    paired);
	um_text_add(t, "%s", r.lines.at);
	um_report_free(&r);
}

static void add_group_json(const struct group *g, const char *text, const char *lines)
{
	const struct stack *born = g->objects[0]->born;
	struct um_report_head head = {
		.report = "alive", .kind = g->objects[0]->kind, .text = text, .what = "made",
		.pc = born->pc, .n = born->depth,
	};
	struct um_report r = { 0 };
	unsigned int i;

	if (!um_report_wanted())
		return;
	um_text_add(&r.lines, "%s", lines);
	add_names(&r.fields, g->objects, g->n);
	um_text_add(&r.fields, ", \"unpaired\": %u, \"pinned\": %s", g->births,
		    g->pinned ? "true" : "false");
	if (g->has_counterpart) {
		um_text_add(&r.fields, ", \"counterpart\": ");
		um_text_add_json(&r.fields, g->counterpart.function);
		um_report_stack(&r, "counterpart", "", NULL, g->counterpart.pc,
				g->counterpart.depth);
	}
	if (g->ended)
		um_report_stack(&r, "ended", "", NULL, g->ended->pc, g->ended->depth);
	if (g->released)
		um_report_stack(&r, "released", "", NULL, g->release.freed_at,
				g->release.n_freed);
	for (i = 0; i < g->n_holders; i++)
		add_holder_json(&r, &g->holders[i]);
	um_report_json(&head, &r);
	um_report_free(&r);
}

/* For people into @r; a line of JSON of its own. */
static void add_group(struct um_report *r, const struct group *g)
{
	struct um_text headline = { 0 }, lines = { 0 };

	add_headline(&headline, g->objects, g->n);
	add_group_lines(&lines, g);
	if (!g->pinned || um_report_verbose())
		um_text_add(&r->lines, "umdev: %s\n%s", headline.at, lines.at);
	add_group_json(g, headline.at, lines.at);
	um_text_free(&headline);
	um_text_free(&lines);
}

static void add_pinned(struct um_report *r, const struct group *all, unsigned int n)
{
	const char *before = "umdev: which keeps alive:";
	unsigned int i;

	if (um_report_verbose())
		return;
	for (i = 0; i < n; i++) {
		if (!all[i].pinned)
			continue;
		um_text_add(&r->lines, "%s %s '%s'%s", before, all[i].objects[0]->kind,
			    all[i].name, all[i].n > 1 ? " and its like" : "");
		before = ",";
	}
	if (*before == ',')
		um_text_add(&r->lines, "\n");
}

static int by_kind_and_place(const void *a, const void *b)
{
	const struct object *x = *(struct object *const *)a, *y = *(struct object *const *)b;
	int by_kind = strcmp(x->kind, y->kind);

	if (by_kind)
		return by_kind;
	if (x->born != y->born)
		return x->born < y->born ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

/* The module of every get that lost its put; "" when there are several, or first references. */
static void find_holder(const struct group *all, unsigned int n, char *holder, size_t size)
{
	struct um_trace get;
	unsigned int i, k;

	*holder = '\0';
	for (i = 0; i < n; i++) {
		for (k = 0; k < all[i].n_holders && !all[i].births; k++) {
			if (!all[i].holders[k].unpaired)
				continue;
			memset(&get, 0, sizeof(get));
			um_read_trace(&get, all[i].holders[k].pc, all[i].holders[k].depth);
			if (*holder && strcmp(holder, get.object))
				break;
			host_snprintf(holder, size, "%s", get.object);
		}
		if (all[i].births || k < all[i].n_holders) {
			*holder = '\0';
			return;
		}
	}
}

void um_objects_tell(const struct um_registry *registry, struct um_report *r,
		     struct object **objects, unsigned int n, char *holder, size_t size)
{
	struct group *all = host_need((n + 1) * sizeof(*all));
	unsigned int first, end, i, n_groups = 0;

	host_sort(objects, n, sizeof(*objects), by_kind_and_place);
	for (first = 0; first < n; first = end) {
		for (end = first + 1; end < n; end++)
			if (objects[end]->born != objects[first]->born ||
			    strcmp(objects[end]->kind, objects[first]->kind))
				break;
		all[n_groups].objects = objects + first;
		all[n_groups].n = end - first;
		read_group(registry, &all[n_groups++]);
	}
	find_roots(all, n_groups);
	if (holder)
		find_holder(all, n_groups, holder, size);
	for (i = 0; i < n_groups; i++)
		if (!all[i].pinned)
			add_group(r, &all[i]);
	for (i = 0; i < n_groups; i++)
		if (all[i].pinned)
			add_group(r, &all[i]);
	add_pinned(r, all, n_groups);
	for (i = 0; i < n_groups; i++)
		host_free(all[i].holders);
	host_free(all);
}
