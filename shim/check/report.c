// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts of reports, and their JSON form: one object per line, appended to the
 * file that UMDEV_REPORT names, so that runs of many programs can share one.
 */
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "check/report.h"
#include "host/host.h"

static void need_room(struct um_text *t, size_t more)
{
	if (t->len + more + 1 <= t->size)
		return;
	t->size = 2 * (t->len + more + 1);
	t->at = host_realloc(t->at, t->size);
	if (!t->at) {
		host_write(2, "umdev: out of memory for a report\n", 34);
		host_abort();
	}
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
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	need_room(t, n);
	va_start(ap, fmt);
	t->len += vsnprintf(t->at + t->len, t->size - t->len, fmt, ap);
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

void um_text_add_json_stack(struct um_text *t, void *const *pc, unsigned int n)
{
	char name[256];
	unsigned int i;

	um_text_add(t, "[");
	for (i = 0; i < n; i++) {
		host_symbolize(pc[i], name, sizeof(name));
		um_text_add(t, "%s", i ? ", " : "");
		um_text_add_json(t, name);
	}
	um_text_add(t, "]");
}

void um_text_free(struct um_text *t)
{
	host_free(t->at);
	memset(t, 0, sizeof(*t));
}

bool um_report_wanted(void)
{
	const char *path = host_getenv("UMDEV_REPORT");

	return path && *path;
}

void um_report_json(const char *object)
{
	struct um_text line = { 0 };

	if (!um_report_wanted())
		return;
	um_text_add(&line, "%s\n", object);
	host_append(host_getenv("UMDEV_REPORT"), line.at, line.len);
	um_text_free(&line);
}
