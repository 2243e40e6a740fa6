// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of modules: what modprobe reads, from the notes that were made of each
 * (NAME.info): modules.dep, .alias and .softdep as depmod writes them, and
 * modules.absent, which says of a module that is not there why.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modpost.h"

struct info {
	char *name;
	char *failed;	/* why there is no such module, or NULL */
	struct strings depends, aliases, softdeps;
	int mark;	/* 1: on the path, 2: in the list */
};

static struct info *infos;
static size_t n_infos;

static void read_info(const char *path)
{
	struct info *info;
	char *text, *line, *save;
	size_t len;

	infos = need(realloc(infos, (n_infos + 1) * sizeof(*infos)));
	info = memset(&infos[n_infos++], 0, sizeof(*info));
	text = read_file(path, &len);
	if (!text)
		fatal("%s: %s", path, strerror(errno));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *value = strchr(line, ' ');

		if (!value)
			fatal("%s: cannot read line '%s'", path, line);
		*value++ = '\0';
		if (!strcmp(line, "name"))
			info->name = need(strdup(value));
		else if (!strcmp(line, "failed"))
			info->failed = need(strdup(value));
		else if (!strcmp(line, "depends"))
			strings_add(&info->depends, value);
		else if (!strcmp(line, "alias"))
			strings_add(&info->aliases, value);
		else if (!strcmp(line, "softdep"))
			strings_add(&info->softdeps, value);
	}
	if (!info->name)
		fatal("%s: no name", path);
	free(text);
}

static struct info *find_info(const char *name)
{
	for (size_t i = 0; i < n_infos; i++)
		if (!strcmp(infos[i].name, name))
			return &infos[i];
	fatal("module %s is not in the list", name);
}

/* Dependencies first, each once. */
static void walk_depends(struct info *info, struct strings *order)
{
	if (info->mark == 2)
		return;
	if (info->mark == 1)
		fatal("dependency cycle through module %s", info->name);
	info->mark = 1;
	for (size_t i = 0; i < info->depends.n; i++)
		walk_depends(find_info(info->depends.at[i]), order);
	info->mark = 2;
	strings_add(order, info->name);
}

/* As depmod writes it: what must be loaded first comes last. */
static void write_dep(const char *dir)
{
	struct text t;
	FILE *f = text_open(&t);

	for (size_t i = 0; i < n_infos; i++) {
		struct strings order = { 0 };

		if (infos[i].failed)
			continue;
		for (size_t k = 0; k < n_infos; k++)
			infos[k].mark = 0;
		walk_depends(&infos[i], &order);
		fprintf(f, "%s.ko:", infos[i].name);
		for (size_t k = order.n - 1; k-- > 0; )
			fprintf(f, " %s.ko", order.at[k]);
		fputc('\n', f);
	}
	text_write(&t, dir, "modules", ".dep");
}

static void write_aliases(const char *dir)
{
	struct text t;
	FILE *f = text_open(&t);

	fputs("# Aliases extracted from modules themselves.\n", f);
	for (size_t i = 0; i < n_infos; i++)
		for (size_t k = 0; k < infos[i].aliases.n; k++)
			fprintf(f, "alias %s %s\n", infos[i].aliases.at[k], infos[i].name);
	text_write(&t, dir, "modules", ".alias");
}

static void write_softdeps(const char *dir)
{
	struct text t;
	FILE *f = text_open(&t);

	fputs("# Soft dependencies extracted from modules themselves.\n", f);
	for (size_t i = 0; i < n_infos; i++)
		for (size_t k = 0; k < infos[i].softdeps.n; k++)
			fprintf(f, "softdep %s %s\n", infos[i].name, infos[i].softdeps.at[k]);
	text_write(&t, dir, "modules", ".softdep");
}

/* The first dependency of @info that is not there, or NULL. */
static struct info *absent_dependency(struct info *info)
{
	struct strings order = { 0 };

	for (size_t k = 0; k < n_infos; k++)
		infos[k].mark = 0;
	walk_depends(info, &order);
	for (size_t k = 0; k < order.n; k++)
		if (find_info(order.at[k])->failed)
			return find_info(order.at[k]);
	return NULL;
}

/*
 * "NAME KIND REASON": KIND is failed, needs (a module that failed) or
 * left-out (said so in the file @left_out).
 */
static void write_absent(const char *dir, const char *left_out)
{
	struct text t;
	FILE *f = text_open(&t);
	char *text = NULL;
	size_t len;

	for (size_t i = 0; i < n_infos; i++) {
		struct info *by = absent_dependency(&infos[i]);

		if (infos[i].failed)
			fprintf(f, "%s failed %s\n", infos[i].name, infos[i].failed);
		else if (by)
			fprintf(f, "%s needs %s, which is not built: %s\n", infos[i].name,
				by->name, by->failed);
	}
	if (left_out) {
		text = read_file(left_out, &len);
		if (!text)
			fatal("%s: %s", left_out, strerror(errno));
		fputs(text, f);
	}
	free(text);
	text_write(&t, dir, "modules", ".absent");
}

static int compare_infos(const void *a, const void *b)
{
	return strcmp(((const struct info *)a)->name, ((const struct info *)b)->name);
}

void index_tree(const char *dir, const char *left_out, char **args, int n)
{
	for (int i = 0; i < n; i++)
		read_info(args[i]);
	if (n_infos)
		qsort(infos, n_infos, sizeof(*infos), compare_infos);
	write_dep(dir);
	write_aliases(dir);
	write_softdeps(dir);
	write_absent(dir, left_out);
}
