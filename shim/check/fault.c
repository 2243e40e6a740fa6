// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection. Every fallible leaf of the modelled kernel asks
 * with the record of its site (UM_FALLIBLE). A task arms itself: its n-th
 * fallible call fails, once or from then on. Other tasks are not disturbed.
 *
 * Figures of a module's sites are added up when it goes, so that it can be
 * said of a whole run which sites were never made to fail.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/fault.h"
#include "check/report.h"
#include "check/watch.h"
#include "host/host.h"
#include "umdev/umdev.h"

static struct um_subscriber faults;

/* It is armed, or has not been seen yet. */
static noinline bool shall_fail(struct um_fault_site *site)
{
	struct um_watch *t = um_watch();

	t->fallible++;
	if (!t->fault_in)
		return false;
	if (t->fault_in > 1) {
		t->fault_in--;
		return false;
	}
	if (!t->fault_every)
		t->fault_in = 0;
	__atomic_fetch_add(&site->fails, 1, __ATOMIC_RELAXED);
	if (!t->fault_fired) {
		t->fault_fired = site;
		/* as text: the site may lie in a module that is unloaded by then */
		host_snprintf(t->fault_text, sizeof(t->fault_text), "%s at %s:%u in %s",
			      site->what, site->file, site->line, site->func);
		t->fault_depth = host_stack(t->fault_stack, UM_STACK_DEPTH, UM_OP_FRAMES + 2);
	}
	return true;
}

static unsigned int arm(unsigned int n, bool every)
{
	struct um_watch *t = um_watch();
	unsigned int left = t->fault_fired ? 0 : t->fault_in;

	/* also when the detectors are off: who asks for a fault gets it */
	if (n && !faults.on)
		um_op_subscribe(&faults, true);
	t->fault_in = n;
	t->fault_every = every;
	if (n) {
		t->fault_fired = NULL;
		t->fault_depth = 0;
	}
	return left;
}

unsigned int um_fail_nth(unsigned int n)
{
	return arm(n, false);
}

unsigned int um_fail_from_nth(unsigned int n)
{
	return arm(n, true);
}

unsigned int um_fallible_count(void)
{
	struct um_watch *t = um_watch();
	unsigned int n = t->fallible;

	if (!faults.on)
		um_op_subscribe(&faults, true);
	t->fallible = 0;
	return n;
}

const char *um_fault_place(void)
{
	struct um_watch *t = um_watch();

	return t->fault_fired ? t->fault_text : NULL;
}

void um_fault_stack(struct um_text *text, const char *before, const char *after)
{
	struct um_watch *t = um_watch();
	struct host_symbol s[HOST_INLINED];
	unsigned int i, k, n;
	char line[512];

	for (i = 0; i < t->fault_depth; i++) {
		n = host_find_symbols(t->fault_stack[i], s, HOST_INLINED);
		for (k = 0; k < n; k++) {
			host_symbol_text(&s[k], t->fault_stack[i], line, sizeof(line));
			um_text_add(text, "%s%s%s", before, line, after);
		}
	}
}

unsigned int um_fault_frames(void *const **pc)
{
	struct um_watch *t = um_watch();

	*pc = t->fault_stack;
	return t->fault_depth;
}

/* The text is the caller's until the next call of this function. */
const char *um_fault_fired(void)
{
	static char text[4096];
	struct um_text t = { 0 };

	if (!um_fault_place())
		return NULL;
	um_text_add(&t, "%s", um_fault_place());
	um_fault_stack(&t, ", from ", "");
	host_snprintf(text, sizeof(text), "%s", t.at);
	um_text_free(&t);
	return text;
}

/* ---- sites of modules ----------------------------------------------------------- */

struct total {
	struct total *next;
	struct um_site site;
	char text[];		/* what, file and func, each with its NUL */
};

/* The records of a module that is loaded. */
struct loaded {
	struct loaded *next;
	struct um_fault_site *sites;
	unsigned int n;
};

static struct {
	struct host_lock lock;
	struct total *first;
	struct loaded *loaded;
} totals;

static struct total *new_total(const struct um_fault_site *s)
{
	size_t what = strlen(s->what) + 1, file = strlen(s->file) + 1, func = strlen(s->func) + 1;
	struct total *t = host_alloc_permanent(sizeof(*t) + what + file + func);

	if (!t)
		host_abort();
	t->site = (struct um_site){
		.what = t->text, .file = t->text + what, .func = t->text + what + file,
		.line = s->line,
	};
	memcpy(t->text, s->what, what);
	memcpy(t->text + what, s->file, file);
	memcpy(t->text + what + file, s->func, func);
	t->next = totals.first;
	totals.first = t;
	return t;
}

/* Lock held: adds the figures of a module's sites to those kept, and zeroes them. */
static void keep_sites(struct um_fault_site *sites, unsigned int n)
{
	struct total *t;

	for (; n--; sites++) {
		if (!sites->what)
			continue;
		for (t = totals.first; t; t = t->next)
			if (t->site.line == sites->line && !strcmp(t->site.what, sites->what) &&
			    !strcmp(t->site.file, sites->file) &&
			    !strcmp(t->site.func, sites->func))
				break;
		if (!t)
			t = new_total(sites);
		t->site.hits += sites->hits;
		t->site.fails += sites->fails;
		sites->hits = 0;
		sites->fails = 0;
	}
}

static void module_loaded(const struct um_op *op)
{
	struct loaded *l;

	/* known by its sites: one without any is as others are */
	if (!op->n_sites)
		return;
	l = host_need(sizeof(*l));
	l->sites = op->sites;
	l->n = op->n_sites;
	host_lock(&totals.lock);
	l->next = totals.loaded;
	totals.loaded = l;
	host_unlock(&totals.lock);
}

static void module_exited(const struct um_op *op)
{
	struct loaded **p, *l;

	if (!op->n_sites)
		return;
	host_lock(&totals.lock);
	for (p = &totals.loaded; (l = *p) && l->sites != op->sites; p = &l->next)
		;
	if (l) {
		keep_sites(l->sites, l->n);
		*p = l->next;
	}
	host_unlock(&totals.lock);
	host_free(l);
}

void um_sites(void (*fn)(const struct um_site *site, void *arg), void *arg)
{
	struct loaded *l;
	struct total *t;

	host_lock(&totals.lock);
	for (l = totals.loaded; l; l = l->next)
		keep_sites(l->sites, l->n);
	host_unlock(&totals.lock);
	for (t = totals.first; t; t = t->next)
		fn(&t->site, arg);
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	struct um_watch *t;

	if (kind == UM_FALLIBLE) {
		__atomic_fetch_add(&op->sites->hits, 1, __ATOMIC_RELAXED);
		t = um_watch_there();
		if (unlikely(!t || t->fault_in))
			return shall_fail(op->sites) ? UM_FAIL : UM_GO_ON;
		t->fallible++;
		return UM_GO_ON;
	}
	if (kind == UM_MODULE_LOADED)
		module_loaded(op);
	else
		module_exited(op);
	return UM_GO_ON;
}

static struct um_subscriber faults = {
	.name = "faults", .rank = UM_RANK_FAULTS,
	.begins = UM_ON(UM_FALLIBLE) | UM_ON(UM_MODULE_LOADED) | UM_ON(UM_MODULE_EXITED),
	.begin = begin,
};
UM_SUBSCRIBER(faults)
