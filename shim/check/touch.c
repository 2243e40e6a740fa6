// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses that cannot be served (host/memory.c), as reports: to user memory
 * behind the back of copy_*_user(), into a module that is gone, through a
 * pointer that was read where nothing valid lies. Nothing can go on after one. Other
 * faults, and abort(), are told where nobody else would say where they were.
 */
#include <linux/kernel.h>
#include <linux/poison.h>

#include "check/report.h"
#include "host/memory.h"

/* The handler's own stack is not told: it may end in what a sanitizer put around it. */
static void __noreturn die_at(const char *kind, const char *headline, const void *place,
			      const struct host_fault *f)
{
	struct um_report r = { .place = place };

	um_text_add(&r.lines, "    touched at\n");
	um_report_stack(&r, "touched", "", "        ", f->stack, f->depth);
	um_die_report(kind, headline, &r);
}

static void __noreturn user_touched(const struct host_fault *f)
{
	const void *place = um_report_place(f->stack, f->depth);
	char where[256], headline[512];

	host_symbolize(place, where, sizeof(where));
	host_snprintf(headline, sizeof(headline),
		      "user address %#lx dereferenced in %s: a driver reaches user memory by copy_from_user() and copy_to_user(), a test by um_user_ptr()",
		      f->addr, where);
	die_at("user memory", headline, place, f);
}

static void __noreturn unloaded_touched(const struct host_fault *f)
{
	const void *place = f->depth ? f->stack[0] : NULL;
	char name[256], from[256], headline[640];

	host_symbolize((const char *)f->addr + 1, name, sizeof(name));
	host_symbolize(place, from, sizeof(from));
	if (f->called)
		host_snprintf(headline, sizeof(headline),
			      "%s is called by %s: its module is gone, and something still points there",
			      name, from);
	else
		host_snprintf(headline, sizeof(headline),
			      "%#lx is accessed in %s: it was data of a module that is gone, at %s",
			      f->addr, from, name);
	die_at("module", headline, place, f);
}

/* A program may wait for the signal: it is no splat. */
static void signal_comes(const char *what, const struct host_fault *f, bool accesses)
{
	const void *place = um_report_place(f->stack, f->depth);
	struct um_report r = { 0 };
	struct um_text t = { 0 };
	char where[256];

	host_symbolize(place, where, sizeof(where));
	um_report_stack(&r, NULL, "", "    ", f->stack, f->depth);
	um_text_add(&t, "umdev: %s, ", what);
	if (accesses)
		um_text_add(&t, "address %#lx, ", f->addr);
	um_text_add(&t, "in %s\n%s", where, r.lines.at ?: "");
	host_write(2, t.at, t.len);
	um_text_free(&t);
	um_report_free(&r);
}

static void no_page(const struct host_fault *f)
{
	signal_comes("SIGBUS: the page cannot be had, its driver's fault handler has failed", f,
		     true);
}

static void fault(const struct host_fault *f, const char *what, bool accesses)
{
	signal_comes(what, f, accesses);
}

/* What memory holds that nobody may read a pointer from. */
static const struct {
	unsigned long value;
	const char *kind, *from;
} poisons[] = {
	{ ~0UL / 255 * POISON_FREE, "use after free", "freed memory" },
	/* the last one of an object */
	{ ~0UL / 255 * POISON_FREE + ((POISON_END - POISON_FREE + 0UL) << 56), "use after free",
	  "freed memory" },
	{ ~0UL / 255 * PAGE_POISON, "use after free", "a freed page" },
	{ HOST_UNWRITTEN, "uninitialised memory", "memory that nobody has written" },
	{ POISON_POINTER_DELTA, "use after free", "an entry that was deleted from its list" },
};
/* How far from its pointer a member may lie. */
#define POISON_REACH 0x10000UL

/* Which of them a register still holds, or nearly; -1: none. */
static int poison_in(const struct host_fault *f, unsigned long *value)
{
	unsigned int k, i;

	for (k = 0; k < ARRAY_SIZE(poisons); k++) {
		for (i = 0; i < f->n_values; i++) {
			*value = f->values[i];
			if (*value - poisons[k].value + POISON_REACH < 2 * POISON_REACH)
				return k;
		}
	}
	return -1;
}

static void wild(const struct host_fault *f)
{
	const void *place = um_report_place(f->stack, f->depth);
	char where[256], headline[512];
	unsigned long value;
	int k = poison_in(f, &value);

	if (k < 0)
		return;
	host_symbolize(place, where, sizeof(where));
	host_snprintf(headline, sizeof(headline), "%s follows a pointer read from %s: %#lx", where,
		      poisons[k].from, value);
	die_at(poisons[k].kind, headline, place, f);
}

static const struct host_memory_faults faults = {
	.user_touched = user_touched,
	.unloaded_touched = unloaded_touched,
	.no_page = no_page,
	.fault = fault,
	.wild = wild,
};

static void __attribute__((__constructor__)) tell_faults(void)
{
	host_memory_tell(&faults);
}
