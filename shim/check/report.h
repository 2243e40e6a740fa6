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
void um_text_free(struct um_text *t);

/*
 * A report while it is made: lines for people, with the call stacks in them,
 * and the same stacks for programs. Starts zeroed.
 */
struct um_report {
	struct um_text lines;
	struct um_text stacks;	/* JSON objects with commas between */
	struct um_text fields;	/* more members of the JSON object: ", \"count\": 3" */
	const void *place;	/* program counter of what is told; NULL: see below */
};

struct host_symbol;

/* UMDEV_VERBOSE=1: all frames, all holders. */
bool um_report_verbose(void);

/* Is it of a driver or of a test? */
bool um_report_is_own(const struct host_symbol *s);
/*
 * A stack for people, each line after @indent: the shim's own frames are folded.
 * With UMDEV_VERBOSE=1 all of them, one in a line.
 */
void um_report_add_stack(struct um_text *t, const char *indent, void *const *pc, unsigned int n);
/*
 * A stack, one frame in a line, each after @indent; NULL: for programs only.
 * @what: what it is the stack of; NULL: for people only
 * @members: of its JSON object, "" or beginning with a comma
 */
void um_report_stack(struct um_report *r, const char *what, const char *members,
		     const char *indent, void *const *pc, unsigned int n);
void um_report_free(struct um_report *r);
/* @line for each function of a stack, innermost first; what is inlined is one of its own. */
void um_report_frames(void *const *pc, unsigned int n,
		      void (*line)(void *data, const char *function), void *data);
/* Of a stack the innermost frame of a driver or a test; else of the shim; else the innermost. */
const void *um_report_place(void *const *pc, unsigned int n);

/* um_splat() and um_die() with lines and stacks after the first line; @r stays the caller's. */
void um_splat_report(const char *kind, const char *headline, const struct um_report *r);
void um_die_report(const char *kind, const char *headline, const struct um_report *r) __noreturn;
/* As um_splat_report(), and at once on standard error: the process may not live long. */
void um_splat_report_now(const char *kind, const char *headline, const struct um_report *r);

struct um_op;

/* What ends, for a report: "main returns to user space (read)", "work function f ends". */
void um_report_ending(const struct um_op *op, char *buf, size_t size);

/*
 * The variable UMDEV_REPORT names a file to which each report is appended as
 * one line of JSON, an object with these members:
 *
 *   report    who made it: "splat" (something went wrong), "alive" (an audit
 *             found an object), "fault" (the sweep injected one), "sanitizer"
 *             (ASan, LSan, UBSan, TSan or MSan found something, which has printed it too)
 *   kind      of a splat what um_splat() was given: "WARNING", "BUG", "lock",
 *             "reference", "refcount", "user memory", "uninitialised memory", "module", "deadlock",
 *             "use after free", "out of bounds", "double free", "invalid free",
 *             ...; of an object its sort; of a fault its outcome; of a
 *             sanitizer its name: "ASan", "LSan", "UBSan", "TSan", "MSan"
 *   text      one line that says it
 *   function, file, line
 *             where: the first frame that is not the shim's own, so the
 *             driver's line; null where there is none
 *   details   what follows the first line on the screen, with newlines
 *   stacks    array of { "what", "frames": array of { "function", "file",
 *             "line" }}, null where that is not known; one that was inlined into
 *             the next has "inlined": true, one of libc or of a sanitizer
 *             "library": true, one of a module that is gone
 *             "unloaded": true, one without debug information "object" and
 *             "offset"
 *   task, pid whose system call or work it was
 *   test      what the variable UMDEV_TEST said: the frames of tests name the
 *             running one there; null without
 *
 * and of a splat "expected" (announced by the test); of an object "count",
 * "names", and in the stacks of its holders "taken", "given_back" and
 * "unpaired": references taken there for which no partner was found, and "extra",
 * given back for which none was, when more was given back than taken (that of the
 * object's beginning is the report's own "unpaired"; the stack "ended" is where the
 * object was taken out of use, "released" where something ended that a holder had
 * made together with its reference; "counterpart" a function that gives back what else
 * the holder takes, and the stack of that; "pinned": only others that are alive keep it); of a
 * fault "scenario", "n", "every", "error", "site" and "reason"; of a sanitizer
 * "finding", the sort of what it found in its own words; of memory that LSan found the stack
 * "released", when its last reference was given back. A splat about an object
 * of kmalloc() or of a cache has its "size", the "offset" in it that was written
 * or given, and "cache": its name or null.
 */
bool um_report_wanted(void);

/* The stack of a head becomes the first one of the report, and says where it was. */
struct um_report_head {
	const char *report, *kind, *text;
	const char *what;
	void *const *pc;
	unsigned int n;
};
/* Appends such a line; nothing when it is not wanted. @r may be NULL. */
void um_report_json(const struct um_report_head *head, const struct um_report *r);

#endif
