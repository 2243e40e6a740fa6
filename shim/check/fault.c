// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection. Every fallible leaf of the modelled kernel passes through
 * um_fault_hit() with the record of its site. A task arms itself: its n-th
 * fallible call fails, once or from then on. Other tasks are not disturbed.
 *
 * Figures of a module's sites are added up when it goes, so that it can be
 * said of a whole run which sites were never made to fail.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "check/check.h"
#include "check/fault.h"
#include "check/report.h"
#include "host/host.h"
#include "kernel/sched/sched.h"
#include "umdev/umdev.h"

/**
 * um_fault_hit() - shall this fallible call fail?
 * @site: record of the place, with its figures
 *
 * Counts the call. See um_fail_nth().
 *
 * Context: any.
 * Return: whether it shall.
 */
bool um_fault_hit(struct um_fault_site *site)
{
	struct um_sched_task *t = um_this();

	__atomic_fetch_add(&site->hits, 1, __ATOMIC_RELAXED);
	t->fallible++;
	if (likely(!t->fault_in))
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
		t->fault_depth = host_stack(t->fault_stack, UM_STACK_DEPTH, 1);
	}
	return true;
}
EXPORT_SYMBOL(um_fault_hit);

static unsigned int arm(unsigned int n, bool every)
{
	struct um_sched_task *t = um_this();
	unsigned int left = t->fault_fired ? 0 : t->fault_in;

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
	struct um_sched_task *t = um_this();
	unsigned int n = t->fallible;

	t->fallible = 0;
	return n;
}

const char *um_fault_place(void)
{
	struct um_sched_task *t = um_this();

	return t->fault_fired ? t->fault_text : NULL;
}

void um_fault_stack(struct um_text *text, const char *before, const char *after)
{
	struct um_sched_task *t = um_this();
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
	struct um_sched_task *t = um_this();

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
	strscpy(text, t.at, sizeof(text));
	um_text_free(&t);
	return text;
}

/* ---- sites of modules ----------------------------------------------------------- */

struct total {
	struct total *next;
	struct um_site site;
	char text[];		/* what, file and func, each with its NUL */
};

static struct {
	struct host_lock lock;
	struct total *first;
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

void um_fault_keep_sites(struct um_fault_site *sites, unsigned int n)
{
	struct total *t;

	host_lock(&totals.lock);
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
	host_unlock(&totals.lock);
}

void um_sites(void (*fn)(const struct um_site *site, void *arg), void *arg)
{
	struct total *t;

	um_modules_keep_sites();
	for (t = totals.first; t; t = t->next)
		fn(&t->site, arg);
}
