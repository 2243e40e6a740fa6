// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ASan, LeakSanitizer, UBSan, TSan and MSan find is told as every other report is: in lines
 * of the kernel's source, those of unloaded modules too, and as JSON. The
 * sanitizer's own report, which knows more of its sort, is printed as well, by
 * itself.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/released.h"
#include "check/report.h"
#include "check/subscriber.h"
#include "host/sanitizer.h"

/* How many of the innermost frames are the hook's and the tool's own. */
static unsigned int tools_own(void *const *pc, unsigned int n)
{
	bool in_tool = false;
	struct host_symbol s;
	unsigned int i;

	for (i = 0; i < n; i++) {
		host_find_symbol(pc[i], &s);
		if (in_tool && !s.library)
			return i;
		in_tool = s.library;
	}
	return 0;
}

static void print(const char *text, const struct um_report *r)
{
	struct um_text t = { 0 };

	um_text_add(&t, "umdev: %s\n%s", text, r->lines.at ?: "");
	host_write(2, t.at, t.len);
	um_text_free(&t);
}

/* Leaks of one place have one line: the first of a hundred tells as much as all. */
static bool is_told(const struct host_finding *f, const char *where)
{
	static char told[64][128];
	static unsigned int n;
	unsigned int i;

	if (strcmp(f->tool, "LSan"))
		return false;
	for (i = 0; i < n; i++)
		if (!strcmp(told[i], where))
			return true;
	if (n < ARRAY_SIZE(told))
		host_snprintf(told[n++], sizeof(told[0]), "%.127s", where);
	return false;
}

static void found(const struct host_finding *f)
{
	unsigned int own = f->n_stacks ? tools_own(f->stacks[0].pc, f->stacks[0].depth) : 0, i;
	struct um_report_head head = { .report = "sanitizer", .kind = f->tool, .what = "here" };
	struct um_report r = { 0 };
	struct um_text text = { 0 };
	char where[256] = "?";

	if (f->n_stacks) {
		head.what = f->stacks[0].what;
		head.pc = f->stacks[0].pc + own;
		head.n = f->stacks[0].depth - own;
		r.place = um_report_place(head.pc, head.n);
		host_symbolize(r.place, where, sizeof(where));
	}
	if (is_told(f, where))
		return;
	um_text_add(&text, "%s: %s in %s", f->tool, f->text, where);
	head.text = text.at;
	um_text_add(&r.lines, "    %s\n", head.what);
	um_report_stack(&r, NULL, "", "        ", head.pc, head.n);
	for (i = 1; i < f->n_stacks; i++) {
		um_text_add(&r.lines, "    %s\n", f->stacks[i].what);
		um_report_stack(&r, f->stacks[i].what, "", "        ", f->stacks[i].pc,
				f->stacks[i].depth);
	}
	if (!strcmp(f->tool, "LSan") && f->n_stacks)
		um_released_story(&r, f->stacks[0].pc, f->stacks[0].depth);
	um_text_add(&r.fields, ", \"finding\": ");
	um_text_add_json(&r.fields, f->sort ?: "");
	print(text.at, &r);
	um_report_json(&head, &r);
	um_text_free(&text);
	um_report_free(&r);
}

void um_sanitizer_init(void)
{
	host_sanitizer_init(found);
}
