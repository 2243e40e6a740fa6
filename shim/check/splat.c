// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splats: WARN, BUG, and what the detectors find.
 *
 * Each one goes into the kernel log with a backtrace in source lines. It is
 * compared with the announcements of the running test; one that nobody
 * announced is kept as text until um_check_splats() asks for it, and that is
 * what makes a test fail.
 */
#include <linux/kern_levels.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "check/report.h"
#include "check/stacks.h"
#include "check/watch.h"
#include "host/host.h"
#include "umdev/umdev.h"

#define DEPTH 24

struct wanted {
	struct wanted *next;
	bool came;
	bool again;		/* any number of times */
	char text[128];
};

struct seen {
	struct seen *next;
	char text[];
};

static const struct um_report nothing_more;

static struct {
	struct host_lock lock;
	struct wanted *wanted;		/* in the order of their announcement */
	struct seen *unexpected;
	struct seen **last;
} splats = { .last = &splats.unexpected };

static void put_line(struct um_text *all, const char *level, const char *line)
{
	if (um_op_models.print)
		um_op_models.print(level, line);
	um_text_add(all, "%s\n", line);
}

static void put_lines(struct um_text *all, const char *level, const char *lines)
{
	char line[512];
	size_t len;

	while (lines && *lines) {
		len = strcspn(lines, "\n");
		host_snprintf(line, sizeof(line), "%.*s", (int)len, lines);
		put_line(all, level, line);
		lines += len + (lines[len] == '\n');
	}
}

static bool announced(const char *text)
{
	struct wanted *w;
	bool found = false;

	host_lock(&splats.lock);
	/* one that has not come yet, before one that may come again */
	for (w = splats.wanted; w && !found; w = w->next) {
		if (w->came || !strstr(text, w->text))
			continue;
		w->came = true;
		found = true;
	}
	for (w = splats.wanted; w && !found; w = w->next)
		found = w->again && strstr(text, w->text);
	host_unlock(&splats.lock);
	return found;
}

static void keep(const char *text)
{
	struct seen *s = host_need(sizeof(*s) + strlen(text) + 1);

	strcpy(s->text, text);
	host_lock(&splats.lock);
	*splats.last = s;
	splats.last = &s->next;
	host_unlock(&splats.lock);
}

/* Prints and forgets what nobody announced; returns how many. */
static int tell_unexpected(void)
{
	struct seen *s, *next;
	int n = 0;

	host_lock(&splats.lock);
	s = splats.unexpected;
	splats.unexpected = NULL;
	splats.last = &splats.unexpected;
	host_unlock(&splats.lock);
	for (; s; s = next, n++) {
		next = s->next;
		host_write(2, "umdev: unexpected splat\n", 24);
		host_write(2, s->text, strlen(s->text));
		host_free(s);
	}
	return n;
}

static void report(struct um_text *all, const char *level, const char *text,
		   const char *details, void **pc, unsigned int n)
{
	const struct um_op_task *task = um_op_task();
	struct um_text trace = { 0 };
	char line[320];

	put_line(all, level, "------------[ cut here ]------------");
	put_line(all, level, text);
	put_lines(all, level, details);
	host_snprintf(line, sizeof(line), "PID: %d Comm: %s", task->pid, task->comm);
	put_line(all, level, line);
	put_line(all, level, "Call Trace:");
	um_report_add_stack(&trace, " ", pc, n);
	put_lines(all, level, trace.at);
	um_text_free(&trace);
	put_line(all, level, "---[ end trace ]---");
}

static void report_json(const char *kind, const char *text, const struct um_report *r,
			bool expected, void **pc, unsigned int n)
{
	struct um_report_head head = {
		.report = "splat", .kind = kind, .text = text, .what = "here", .pc = pc, .n = n,
	};
	struct um_report all = *r;

	if (!um_report_wanted())
		return;
	memset(&all.fields, 0, sizeof(all.fields));
	um_text_add(&all.fields, "%s, \"expected\": %s", r->fields.at ?: "",
		    expected ? "true" : "false");
	um_report_json(&head, &all);
	um_text_free(&all.fields);
}

static noinline void splat(const char *kind, const char *text, const struct um_report *r,
			   unsigned int skip, bool now)
{
	struct um_text all = { 0 };
	void *pc[DEPTH];
	unsigned int n = host_stack(pc, DEPTH, skip + 1);
	bool expected;

	report(&all, KERN_WARNING, text, r->lines.at, pc, n);
	expected = announced(text);
	report_json(kind, text, r, expected, pc, n);
	if (!expected)
		keep(all.at);
	if (!expected && now)
		host_write(2, all.at, all.len);
	um_text_free(&all);
}

static void splat_text(const char *kind, const char *text, unsigned int skip)
{
	splat(kind, text, &nothing_more, skip + 1, false);
}

static noinline void __noreturn die(const char *kind, const char *text,
				    const struct um_report *r, unsigned int skip)
{
	struct um_text all = { 0 };
	void *pc[DEPTH];
	unsigned int n = host_stack(pc, DEPTH, skip + 1);

	tell_unexpected();
	report(&all, KERN_EMERG, text, r->lines.at, pc, n);
	report_json(kind, text, r, false, pc, n);
	if (um_op_models.verdict && um_op_models.verdict(kind, all.at)) {
		um_text_free(&all);
		if (r != &nothing_more)
			um_report_free((struct um_report *)r);
		um_op_models.abandon();
	}
	host_write(2, all.at, all.len);
	host_abort();
}

static void __noreturn die_text(const char *kind, const char *text, unsigned int skip)
{
	die(kind, text, &nothing_more, skip + 1);
}

void um_splat_report(const char *kind, const char *headline, const struct um_report *r)
{
	char text[768];

	host_snprintf(text, sizeof(text), "%s: %s", kind, headline);
	splat(kind, text, r, 1, false);
}

void um_splat_report_now(const char *kind, const char *headline, const struct um_report *r)
{
	char text[768];

	host_snprintf(text, sizeof(text), "%s: %s", kind, headline);
	splat(kind, text, r, 1, true);
}

void um_die_report(const char *kind, const char *headline, const struct um_report *r)
{
	char text[768];

	host_snprintf(text, sizeof(text), "%s: %s", kind, headline);
	die(kind, text, r, 1);
}

static void print_function(void *level, const char *function)
{
	char line[520];

	host_snprintf(line, sizeof(line), " %s", function);
	um_op_models.print(level, line);
}

static void print_stack(const char *level, unsigned int skip)
{
	void *pc[DEPTH];
	unsigned int n = host_stack(pc, DEPTH, skip + 1);

	um_op_models.print(level, "Call Trace:");
	um_report_frames(pc, n, print_function, (void *)level);
}

/* ---- tasks that wait for ever ------------------------------------------------------- */

static void add_waiter(struct um_report *r, const struct um_waiter *wr)
{
	const struct um_watch *w = wr->task->watch;
	const char *comm = wr->task->comm;
	unsigned int i;
	char line[256];

	host_snprintf(line, sizeof(line), "task %s (pid %d) waits for %s %s%s%s", comm,
		      wr->task->pid, wr->kind, wr->name ?: "", wr->owner ? ", held by " : "",
		      wr->owner ?: "");
	um_text_add(&r->lines, "%s\n", line);
	um_report_stack(r, line, "", "    ", wr->stack, wr->depth);
	for (i = 0; w && i < w->n_held; i++) {
		const struct um_held *h = &w->held[i];
		const struct stack *whole = h->at.whole;

		host_symbolize((void *)h->ip, line, sizeof(line));
		um_text_add(&r->lines, "  holds %s, taken in %s\n", h->map->name, line);
		host_snprintf(line, sizeof(line), "%s, held by %s", h->map->name, comm);
		um_report_stack(r, line, "", NULL, whole ? whole->pc : h->at.pc,
				whole ? whole->depth : um_lock_frames(&h->at));
	}
}

static void __noreturn die_waiting(const char *kind, const char *headline, const struct um_waiter *waiters,
			unsigned int n)
{
	struct um_report r = { 0 };

	while (n--)
		add_waiter(&r, waiters++);
	um_die_report(kind, headline, &r);
}

static const struct um_teller teller = {
	.splat = splat_text, .die = die_text, .die_waiting = die_waiting, .stack = print_stack,
};

static void __attribute__((__constructor__)) register_teller(void)
{
	um_teller = &teller;
}

/* ---- the test's side ------------------------------------------------------------------ */

static void expect(const char *substring, bool again)
{
	struct wanted *w = host_need(sizeof(*w)), **p = &splats.wanted;

	w->again = again;
	host_snprintf(w->text, sizeof(w->text), "%s", substring);
	host_lock(&splats.lock);
	while (*p)
		p = &(*p)->next;
	*p = w;
	host_unlock(&splats.lock);
}

void um_expect_splat(const char *substring)
{
	expect(substring, false);
}

void um_expect_splats(const char *substring)
{
	expect(substring, true);
}

int um_check_splats(void)
{
	struct wanted *w;
	char line[200];
	int bad;

	um_op_look();
	bad = tell_unexpected();
	host_lock(&splats.lock);
	w = splats.wanted;
	splats.wanted = NULL;
	host_unlock(&splats.lock);
	while (w) {
		struct wanted *next = w->next;

		if (!w->came) {
			bad++;
			host_snprintf(line, sizeof(line),
				      "umdev: a splat was announced and did not come: '%s'\n",
				      w->text);
			host_write(2, line, strlen(line));
		}
		host_free(w);
		w = next;
	}
	return bad;
}
