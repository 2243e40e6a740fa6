/* SPDX-License-Identifier: GPL-2.0-only */
/* What detectors share to write their reports: long texts, JSON (check/report.c). */
#ifndef UMDEV_CHECK_REPORT_H
#define UMDEV_CHECK_REPORT_H

#include <linux/compiler.h>
#include <linux/types.h>

/* A text that grows; starts zeroed. Memory of the host: never fails by injection. */
struct um_text {
	char *at;
	size_t len, size;
};

void um_text_add(struct um_text *t, const char *fmt, ...) __printf(2, 3);
void um_text_put(struct um_text *t, const char *bytes, size_t len);
/* As a JSON string, with its quotes. */
void um_text_add_json(struct um_text *t, const char *string);
/* As a JSON array of strings, one for each program counter. */
void um_text_add_json_stack(struct um_text *t, void *const *pc, unsigned int n);
void um_text_free(struct um_text *t);

/* um_splat() and um_die() with more lines after the first: @details is NULL or whole lines. */
void um_splat_with(const char *kind, const char *headline, const char *details);
void um_die_with(const char *kind, const char *headline, const char *details) __noreturn;

/* As um_splat_with(), and at once on standard error: the process may not live long. */
void um_splat_now(const char *kind, const char *headline, const char *details);

/*
 * The variable UMDEV_REPORT names a file to which each report is appended as
 * one line of JSON. um_report_json() takes such an object, without newline.
 */
bool um_report_wanted(void);
void um_report_json(const char *object);

#endif
