// SPDX-License-Identifier: GPL-2.0-only
/*
 * modpost's part about what is not there.
 *
 * A guest's object that did not compile has left a file OBJECT.failed: its
 * source and the first error, a line each. Modules that use what it would
 * have exported are built nevertheless, so the names are taken from the text
 * of the source: EXPORT_SYMBOL*(name) at the start of a line. Names that a
 * macro puts together are not found; who uses them is told of an undefined
 * symbol.
 *
 * Where Linux has a function is found in the headers of a kernel tree, those
 * of include/linux first: the first line that declares or defines it.
 */
#include <ctype.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modpost.h"

/* The @n-th line of OBJECT.failed, from 0. */
static char *failed_line(const char *object, int n)
{
	char *path, *text, *line, *save;
	size_t len;

	if (asprintf(&path, "%s.failed", object) < 0)
		fatal("out of memory");
	text = read_file(path, &len);
	free(path);
	if (!text)
		return NULL;
	for (line = strtok_r(text, "\n", &save); line && n--; line = strtok_r(NULL, "\n", &save))
		;
	line = line ? need(strdup(line)) : NULL;
	free(text);
	return line;
}

const char *absent_reason(const char *path)
{
	if (!access(path, F_OK))
		return NULL;
	return failed_line(path, 1);
}

void absent_exports(const char *path, void (*add)(const char *name, bool gpl))
{
	static const char macro[] = "EXPORT_SYMBOL";
	char *source = failed_line(path, 0), *text, *line, *save;
	size_t len;

	text = source ? read_file(source, &len) : NULL;
	free(source);
	if (!text)
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *name, *end;

		if (strncmp(line, macro, sizeof(macro) - 1))
			continue;
		name = strchr(line, '(');
		if (!name)
			continue;
		name++;
		name += strspn(name, " \t");
		end = name + strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		if (end == name)
			continue;
		*end = '\0';
		add(name, strstr(line, "_GPL(") != NULL);
	}
	free(text);
}

/* ---- where Linux has a function ------------------------------------------------ */

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Does the line at @line, which has @name at @at, declare a function or define a macro of that name? */
static bool declares(const char *line, const char *at, size_t len)
{
	if (at > line && is_name_char(at[-1]))
		return false;
	if (at[len] != '(')
		return false;
	if (!strncmp(line, "#define", 7) || !strncmp(line, "# define", 8))
		return line + 8 + (line[1] == ' ') == at;
	/* a body is indented, a comment begins with its star; a name may stand on a line of its own */
	return !isspace((unsigned char)*line) && *line != '*' && *line != '/' && *line != '#';
}

static bool text_declares(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(text, name); at; at = strstr(at + len, name)) {
		const char *line = at;

		while (line > text && line[-1] != '\n')
			line--;
		if (declares(line, at, len))
			return true;
	}
	return false;
}

/* include/linux first, then by name. */
static int by_path(const FTSENT **a, const FTSENT **b)
{
	bool a_linux = !strcmp((*a)->fts_name, "linux"), b_linux = !strcmp((*b)->fts_name, "linux");

	if (a_linux != b_linux)
		return b_linux - a_linux;
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

const char *where_linux_has(const char *tree, const char *name)
{
	char *include, *paths[2] = { NULL, NULL }, *found = NULL;
	FTSENT *entry;
	FTS *walk;

	if (!tree || asprintf(&include, "%s/include", tree) < 0)
		return NULL;
	paths[0] = include;
	walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_path);
	while (walk && !found && (entry = fts_read(walk))) {
		const char *dot = strrchr(entry->fts_name, '.');
		size_t len;
		char *text;

		if (entry->fts_info != FTS_F || !dot || strcmp(dot, ".h"))
			continue;
		text = read_file(entry->fts_path, &len);
		if (text && text_declares(text, name))
			found = need(strdup(entry->fts_path + strlen(include) + 1));
		free(text);
	}
	if (walk)
		fts_close(walk);
	free(include);
	return found;
}
