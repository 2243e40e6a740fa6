// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splats: WARN, BUG, and what the detectors find.
 *
 * Each one goes into the kernel log with a backtrace in source lines. It is
 * compared with the announcements of the running test; one that nobody
 * announced is kept as text until um_check_splats() asks for it, and that is
 * what makes a test fail.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "check/check.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "host/host.h"
#include "umdev/umdev.h"

#define DEPTH 24

struct wanted {
	struct wanted *next;
	bool came;
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
	printk("%s%s\n", level, line);
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
	for (w = splats.wanted; w && !found; w = w->next) {
		if (w->came || !strstr(text, w->text))
			continue;
		w->came = true;
		found = true;
	}
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
	struct task_struct *task = current;
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

/**
 * um_splat() - something happened that a kernel would shout about.
 * @kind: short and fixed: "WARNING", "refcount", "lock", "kobject"
 * @fmt: what happened, as for printk()
 * @...: its arguments
 *
 * See check/check.h.
 *
 * Context: any.
 */
void um_splat(const char *kind, const char *fmt, ...)
{
	char text[768];
	va_list ap;
	int n;

	n = host_snprintf(text, sizeof(text), "%s: ", kind);
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	splat(kind, text, &nothing_more, 1, false);
}
EXPORT_SYMBOL(um_splat);

static noinline void die(const char *kind, const char *text, const struct um_report *r,
			 unsigned int skip)
{
	struct um_text all = { 0 };
	void *pc[DEPTH];
	unsigned int n = host_stack(pc, DEPTH, skip + 1);

	tell_unexpected();
	report(&all, KERN_EMERG, text, r->lines.at, pc, n);
	report_json(kind, text, r, false, pc, n);
	host_write(2, all.at, all.len);
	host_abort();
}

/**
 * um_die() - um_splat(), after which nothing can go on.
 * @kind: as for um_splat()
 * @fmt: likewise
 * @...: its arguments
 *
 * Context: any. The process ends by abort().
 */
void um_die(const char *kind, const char *fmt, ...)
{
	char text[768];
	va_list ap;
	int n;

	n = host_snprintf(text, sizeof(text), "%s: ", kind);
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	die(kind, text, &nothing_more, 1);
	unreachable();
}
EXPORT_SYMBOL(um_die);

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
	unreachable();
}

void um_print_stack(const char *level, unsigned int skip)
{
	void *pc[DEPTH];
	unsigned int i, n = host_stack(pc, DEPTH, skip + 1);
	char name[256];

	printk("%sCall Trace:\n", level);
	for (i = 0; i < n; i++) {
		host_symbolize(pc[i], name, sizeof(name));
		printk("%s %s\n", level, name);
	}
}

/* ---- WARN and BUG ------------------------------------------------------------------ */

static noinline void warn(const char *file, int line, const char *func, const char *message,
			  unsigned int skip)
{
	char text[1024];
	size_t len;

	host_snprintf(text, sizeof(text), "WARNING: CPU: 0 PID: %d at %s:%d %s%s%s",
		      current->pid, file, line, func, message ? ": " : "",
		      message ? message : "");
	len = strlen(text);
	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	splat("WARNING", text, &nothing_more, skip + 1, false);
}

/**
 * um_warn_on() - WARN_ON().
 * @cond: whether to warn
 * @expr: its text
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 *
 * Context: any.
 * Return: @cond.
 */
bool um_warn_on(bool cond, const char *expr, const char *file, int line, const char *func)
{
	if (unlikely(cond))
		warn(file, line, func, NULL, 1);
	return cond;
}
EXPORT_SYMBOL(um_warn_on);

/**
 * um_warn() - WARN().
 * @cond: whether to warn
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 * @fmt: what to say, as for printk()
 * @...: its arguments
 *
 * Context: any.
 * Return: @cond.
 */
bool um_warn(bool cond, const char *file, int line, const char *func, const char *fmt, ...)
{
	char message[512];
	va_list ap;

	if (likely(!cond))
		return false;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	warn(file, line, func, message, 1);
	return true;
}
EXPORT_SYMBOL(um_warn);

/**
 * um_warn_once() - WARN_ONCE() and WARN_ON_ONCE().
 * @warned: the site's own: whether it has warned
 * @cond: whether to warn
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 * @fmt: what to say, as for printk()
 * @...: its arguments
 *
 * Context: any.
 * Return: @cond, each time.
 */
bool um_warn_once(bool *warned, bool cond, const char *file, int line, const char *func,
		  const char *fmt, ...)
{
	char message[512];
	va_list ap;

	if (likely(!cond) || __atomic_exchange_n(warned, true, __ATOMIC_RELAXED))
		return cond;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	warn(file, line, func, message, 1);
	return true;
}
EXPORT_SYMBOL(um_warn_once);

/**
 * um_bug() - BUG() and BUG_ON().
 * @expr: what was true
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 *
 * Context: any. The process ends by abort().
 */
void um_bug(const char *expr, const char *file, int line, const char *func)
{
	char text[512];

	host_snprintf(text, sizeof(text), "kernel BUG at %s:%d! (%s in %s)", file, line,
		      expr, func);
	die("BUG", text, &nothing_more, 1);
	unreachable();
}
EXPORT_SYMBOL(um_bug);

/**
 * panic() - the end of the modelled kernel.
 * @fmt: why, as for printk()
 * @...: its arguments
 *
 * Context: any. The process ends by abort().
 */
void panic(const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	n = host_snprintf(text, sizeof(text), "Kernel panic - not syncing: ");
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	die("panic", text, &nothing_more, 1);
	unreachable();
}
EXPORT_SYMBOL(panic);


/* ---- the test's side ------------------------------------------------------------------ */

void um_expect_splat(const char *substring)
{
	struct wanted *w = host_need(sizeof(*w)), **p = &splats.wanted;

	host_snprintf(w->text, sizeof(w->text), "%s", substring);
	host_lock(&splats.lock);
	while (*p)
		p = &(*p)->next;
	*p = w;
	host_unlock(&splats.lock);
}

int um_check_splats(void)
{
	struct wanted *w;
	char line[200];
	int bad;

	um_quarantine_check();
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
