/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of modpost: modpost.c does a kernel's work on a module that is
 * there, modpost_tree.c on all of them, modpost_object.c reads their objects,
 * modpost_alias.c their tables of devices, modpost_users.c who uses a symbol;
 * modpost_absent.c deals with what is not there: guests that did not compile,
 * functions that the shim does not have.
 */
#ifndef UMDEV_TOOLS_MODPOST_H
#define UMDEV_TOOLS_MODPOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* ---- modpost.c ------------------------------------------------------------- */

extern const char *module;	/* the name of the one at hand */
extern bool guest;		/* its failure is its own */

void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
/* An error, if it is to @fail, or a warning. */
void complain(bool fail, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void *need(void *p);
bool starts_with(const char *s, const char *prefix);

/* A list of strings. Memory lives until the process ends. */
struct strings {
	char **at;
	size_t n;
};

void strings_add(struct strings *s, const char *text);
bool strings_have(const struct strings *s, const char *text);

/* With a NUL behind it; NULL if it cannot be read. */
char *read_file(const char *path, size_t *len);

/* A text under construction; it is written to DIR/NAMESUFFIX if it is another than before. */
struct text {
	char *buf;
	size_t len;
	FILE *f;
};

FILE *text_open(struct text *t);
void text_write(struct text *t, const char *dir, const char *name, const char *suffix);

/* ---- modpost_users.c ------------------------------------------------------- */

/* Prints where each of the objects @paths uses @wanted first. */
void show_users(char **paths, int n, const char *wanted);
/* Does one of them declare @name as a variable? */
bool is_variable(char **paths, int n, const char *name);

/* ---- modpost_tree.c -------------------------------------------------------- */

/* Writes modules.* into @dir of the notes @args; @left_out: lines for modules.absent, or NULL. */
void index_tree(const char *dir, const char *left_out, char **args, int n);

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
