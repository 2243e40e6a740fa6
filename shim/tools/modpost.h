/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of modpost: modpost.c does a kernel's work on modules that
 * are there, modpost_object.c reads their objects, modpost_absent.c deals with what is not: guests that did not
 * compile, functions that the shim does not have.
 */
#ifndef UMDEV_TOOLS_MODPOST_H
#define UMDEV_TOOLS_MODPOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void *need(void *p);

/* A list of strings. Memory lives until the process ends. */
struct strings {
	char **at;
	size_t n;
};

void strings_add(struct strings *s, const char *text);
bool strings_have(const struct strings *s, const char *text);

/* With a NUL behind it; NULL if it cannot be read. */
char *read_file(const char *path, size_t *len);

/* ---- modpost_absent.c ------------------------------------------------------ */

/*
 * Why object @path is not there: the first error, as its compiler's launcher
 * noted it (shim/tools/guest). NULL if it is there, or nobody knows.
 */
const char *absent_reason(const char *path);

/* What the source of the absent object @path would have exported, as far as its text tells. */
void absent_exports(const char *path, void (*add)(const char *name, bool gpl));

/*
 * Where a kernel tree declares function @name: "linux/foo.h", or NULL. @tree
 * is one with include/, or NULL.
 */
const char *where_linux_has(const char *tree, const char *name);

#endif
