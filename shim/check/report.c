// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts of reports, and their JSON form: one object per line, appended to the
 * file that UMDEV_REPORT names, so that runs of many programs can share one.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/report.h"
#include "check/subscriber.h"
#include "host/host.h"

static void need_room(struct um_text *t, size_t more)
{
	char *old = t->at;

	if (t->len + more + 1 <= t->size)
		return;
	t->size = 2 * (t->len + more + 1);
	t->at = host_need(t->size);
	if (old)
		memcpy(t->at, old, t->len);
	host_free(old);
}

void um_text_put(struct um_text *t, const char *bytes, size_t len)
{
	need_room(t, len);
	memcpy(t->at + t->len, bytes, len);
	t->len += len;
	t->at[t->len] = '\0';
}

void um_text_add(struct um_text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = host_vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	need_room(t, n);
	va_start(ap, fmt);
	t->len += host_vsnprintf(t->at + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
}

void um_text_add_json(struct um_text *t, const char *string)
{
	const char *p;

	um_text_add(t, "\"");
	for (p = string; *p; p++) {
		if (*p == '"' || *p == '\\')
			um_text_add(t, "\\%c", *p);
		else if (*p == '\n')
			um_text_add(t, "\\n");
		else if ((unsigned char)*p < 0x20)
			um_text_add(t, "\\u%04x", *p);
		else
			um_text_add(t, "%c", *p);
	}
	um_text_add(t, "\"");
}

void um_text_free(struct um_text *t)
{
	host_free(t->at);
	memset(t, 0, sizeof(*t));
}

/* ---- reports ------------------------------------------------------------------- */

bool um_report_wanted(void)
{
	const char *path = host_getenv("UMDEV_REPORT");

	return path && *path;
}

static void add_place(struct um_text *t, const struct host_symbol *s)
{
	um_text_add(t, "\"function\": ");
	if (*s->function)
		um_text_add_json(t, s->function);
	else
		um_text_add(t, "null");
	um_text_add(t, ", \"file\": ");
	if (*s->file)
		um_text_add_json(t, s->file);
	else
		um_text_add(t, "null");
	um_text_add(t, *s->file ? ", \"line\": %d" : ", \"line\": null", s->line);
}

static void add_frame(struct um_text *t, const struct host_symbol *s)
{
	um_text_add(t, "{");
	add_place(t, s);
	if (s->inlined)
		um_text_add(t, ", \"inlined\": true");
	if (s->library)
		um_text_add(t, ", \"library\": true");
	if (s->unloaded)
		um_text_add(t, ", \"unloaded\": true");
	if (!*s->file) {
		um_text_add(t, ", \"object\": ");
		um_text_add_json(t, s->object);
		um_text_add(t, ", \"offset\": %lu", s->offset);
	}
	um_text_add(t, "}");
}

static void add_stack(struct um_text *t, const char *what, const char *members,
		      void *const *pc, unsigned int n)
{
	struct host_symbol s[HOST_INLINED];
	unsigned int i, k, found;

	um_text_add(t, "%s{\"what\": ", t->len ? ", " : "");
	um_text_add_json(t, what);
	um_text_add(t, "%s, \"frames\": [", members);
	for (i = 0; i < n; i++) {
		found = host_find_symbols(pc[i], s, HOST_INLINED);
		for (k = 0; k < found; k++) {
			um_text_add(t, "%s", i || k ? ", " : "");
			add_frame(t, &s[k]);
		}
	}
	um_text_add(t, "]}");
}

bool um_report_verbose(void)
{
	const char *value = host_getenv("UMDEV_VERBOSE");

	return value && *value && strcmp(value, "0");
}

bool um_report_is_own(const struct host_symbol *s)
{
	return !s->shim && !s->library && *s->object;
}

static void add_line(struct um_text *t, const char *indent, const struct host_symbol *s,
		     const void *pc)
{
	char text[512];

	host_symbol_text(s, pc, text, sizeof(text));
	um_text_add(t, "%s%s", indent, text);
}

/* Frames @from to before @to, none of them a driver's or a test's. */
static void fold(struct um_text *t, const char *indent, const struct host_symbol *s,
		 unsigned int from, unsigned int to)
{
	if (to - from == 1) {
		add_line(t, indent, &s[from], NULL);
		um_text_add(t, "\n");
	} else if (to > from) {
		um_text_add(t, "%s... %u frames of the shim\n", indent, to - from);
	}
}

/* What the first own frame called, from there inwards. */
static void add_calls(struct um_text *t, const struct host_symbol *s, unsigned int own)
{
	unsigned int i;

	for (i = own; i-- > 0; ) {
		if (i && own - i > 2) {
			um_text_add(t, " > ...");
			i = 1;
			continue;
		}
		um_text_add(t, "%s%s", i + 1 == own ? ", in " : " > ", s[i].function);
	}
}

/*
 * A driver's and a test's frames one in a line, the first with the calls of the
 * shim that it was in; the shim's further out are counted, and those of what
 * runs the test are left out. All of them, where there is nothing else.
 */
void um_report_add_stack(struct um_text *t, const char *indent, void *const *pc, unsigned int n)
{
	struct host_symbol *s = host_need((n * HOST_INLINED + 1) * sizeof(*s));
	unsigned int i, first, last = 0, count = 0;

	for (i = 0; i < n; i++)
		count += host_find_symbols(pc[i], s + count, HOST_INLINED);
	for (first = 0; first < count && !um_report_is_own(&s[first]); first++)
		;
	if (first == count || um_report_verbose()) {
		for (i = 0; i < count; i++) {
			add_line(t, indent, &s[i], count == n ? pc[i] : NULL);
			um_text_add(t, "\n");
		}
		host_free(s);
		return;
	}
	add_line(t, indent, &s[first], NULL);
	add_calls(t, s, first);
	um_text_add(t, "\n");
	for (i = last = first + 1; i < count; i++) {
		if (!um_report_is_own(&s[i]))
			continue;
		fold(t, indent, s, last, i);
		add_line(t, indent, &s[i], NULL);
		um_text_add(t, "\n");
		last = i + 1;
	}
	host_free(s);
}

void um_report_stack(struct um_report *r, const char *what, const char *members,
		     const char *indent, void *const *pc, unsigned int n)
{
	if (indent)
		um_report_add_stack(&r->lines, indent, pc, n);
	if (what && um_report_wanted())
		add_stack(&r->stacks, what, members, pc, n);
}

void um_report_frames(void *const *pc, unsigned int n,
		      void (*line)(void *data, const char *function), void *data)
{
	struct host_symbol s[HOST_INLINED];
	unsigned int i, k, found;
	char text[512];

	for (i = 0; i < n; i++) {
		found = host_find_symbols(pc[i], s, HOST_INLINED);
		for (k = 0; k < found; k++) {
			host_symbol_text(&s[k], pc[i], text, sizeof(text));
			line(data, text);
		}
	}
}

void um_report_free(struct um_report *r)
{
	um_text_free(&r->lines);
	um_text_free(&r->stacks);
	um_text_free(&r->fields);
}

const void *um_report_place(void *const *pc, unsigned int n)
{
	const void *inner = NULL;
	struct host_symbol s;
	unsigned int i;

	for (i = 0; i < n; i++) {
		host_find_symbol(pc[i], &s);
		if (s.library || !*s.object)
			continue;
		if (!s.shim)
			return pc[i];
		inner = inner ?: pc[i];
	}
	return inner ?: n ? pc[0] : NULL;
}

static void add_place_of(struct um_text *t, const void *pc)
{
	struct host_symbol s = { };

	if (pc)
		host_find_symbol(pc, &s);
	add_place(t, &s);
}

static void add_test(struct um_text *t)
{
	const char *test = host_getenv("UMDEV_TEST");

	um_text_add(t, ", \"test\": ");
	if (test && *test)
		um_text_add_json(t, test);
	else
		um_text_add(t, "null");
}

void um_report_json(const struct um_report_head *head, const struct um_report *r)
{
	static const struct um_report none;
	struct um_text t = { 0 }, first = { 0 };

	if (!um_report_wanted())
		return;
	r = r ?: &none;
	um_text_add(&t, "{\"report\": \"%s\", \"kind\": ", head->report);
	um_text_add_json(&t, head->kind);
	um_text_add(&t, ", \"text\": ");
	um_text_add_json(&t, head->text);
	um_text_add(&t, ", ");
	add_place_of(&t, r->place ?: um_report_place(head->pc, head->n));
	um_text_add(&t, "%s, \"details\": ", r->fields.at ?: "");
	um_text_add_json(&t, r->lines.at ?: "");
	um_text_add(&t, ", \"pid\": %d, \"task\": ", um_op_task()->pid);
	um_text_add_json(&t, um_op_task()->comm);
	add_test(&t);
	add_stack(&first, head->what, "", head->pc, head->n);
	um_text_add(&t, ", \"stacks\": [%s%s%s]}\n", first.at, r->stacks.len ? ", " : "",
		    r->stacks.at ?: "");
	host_append(host_getenv("UMDEV_REPORT"), t.at, t.len);
	um_text_free(&first);
	um_text_free(&t);
}

void um_report_ending(const struct um_op *op, char *buf, size_t size)
{
	struct host_symbol s;

	if (!op->start) {
		host_snprintf(buf, size, "%s returns to user space (%s)", um_op_task()->comm,
			      op->what);
		return;
	}
	/* as a return address: that of the call before it is looked for */
	host_find_symbol((const char *)op->start + 1, &s);
	host_snprintf(buf, size, "%s %s ends", op->what, s.function);
}
