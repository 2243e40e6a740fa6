// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection. Every fallible leaf of the modelled kernel passes through
 * um_fault_hit() with the record of its site. A task arms itself: its n-th
 * fallible call fails, once or from then on. Other tasks are not disturbed.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "check/check.h"
#include "host/host.h"
#include "kernel/sched/sched.h"
#include "umdev/umdev.h"

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

/* The text is the caller's until the next call of this function. */
const char *um_fault_fired(void)
{
	static char text[2048];
	struct um_sched_task *t = um_this();
	size_t used;
	unsigned int i;
	char line[160];

	if (!t->fault_fired)
		return NULL;
	used = host_snprintf(text, sizeof(text), "%s", t->fault_text);
	for (i = 0; i < t->fault_depth && used < sizeof(text); i++) {
		host_symbolize(t->fault_stack[i], line, sizeof(line));
		used += host_snprintf(text + used, sizeof(text) - used, ", from %s", line);
	}
	return text;
}
