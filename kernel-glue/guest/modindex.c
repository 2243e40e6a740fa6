// SPDX-License-Identifier: GPL-2.0-only
/*
 * What modprobe does, over depmod's text files, in the calling process: a
 * test sees the errno of the system call, which no exit status carries.
 *
 * Leaves out: configuration files, blacklists, compressed modules, symbol
 * aliases. The index is read once; modules do not come or go in a guest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "modindex.h"

struct module {
	struct module *next;
	char *name;		/* with underscores */
	char *path;		/* below the directory of the release */
	char *deps;		/* paths, the directly needed ones first */
	char *pre, *post;	/* soft dependencies: names */
};

struct alias {
	struct alias *next;
	char *pattern;
	char *module;
};

static char base[256];
static struct module *modules;
static struct alias *aliases;

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void underscores(char *s)
{
	for (; *s; s++)
		if (*s == '-')
			*s = '_';
}

/* "updates/mdev.ko" is module "mdev"; to be freed by the caller */
static char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = must(strdup(slash ? slash + 1 : path));
	char *dot = strstr(name, ".ko");

	if (dot)
		*dot = '\0';
	underscores(name);
	return name;
}

static struct module *find(const char *name)
{
	char *plain = must(strdup(name));
	struct module *m;

	underscores(plain);
	for (m = modules; m; m = m->next)
		if (!strcmp(m->name, plain))
			break;
	free(plain);
	return m;
}

static void read_dep(char *line)
{
	char *colon = strchr(line, ':');
	struct module *m;

	if (!colon)
		return;
	*colon = '\0';
	m = must(calloc(1, sizeof(*m)));
	m->path = must(strdup(line));
	m->name = name_of(line);
	m->deps = must(strdup(colon + 1));
	m->next = modules;
	modules = m;
}

static void read_alias(char *line)
{
	char *pattern, *module, *save;
	struct alias *a;

	if (strncmp(line, "alias ", 6))
		return;
	pattern = strtok_r(line + 6, " ", &save);
	module = strtok_r(NULL, " ", &save);
	if (!pattern || !module)
		return;
	a = must(calloc(1, sizeof(*a)));
	a->pattern = must(strdup(pattern));
	a->module = must(strdup(module));
	a->next = aliases;
	aliases = a;
}

/* "softdep mdev pre: a b post: c" */
static void read_softdep(char *line)
{
	char *word, *save, **list = NULL;
	struct module *m;

	if (strncmp(line, "softdep ", 8))
		return;
	word = strtok_r(line + 8, " ", &save);
	m = word ? find(word) : NULL;
	while (m && (word = strtok_r(NULL, " ", &save))) {
		char *old;

		if (!strcmp(word, "pre:")) {
			list = &m->pre;
		} else if (!strcmp(word, "post:")) {
			list = &m->post;
		} else if (list) {
			old = *list;
			if (asprintf(list, "%s %s", old ? old : "", word) < 0)
				abort();
			free(old);
		}
	}
}

static int read_lines(const char *file, void (*fn)(char *line))
{
	char path[512], *line = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", base, file);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (getline(&line, &size, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		fn(line);
	}
	free(line);
	fclose(f);
	return 0;
}

int modindex_read(void)
{
	struct utsname un;
	int err;

	uname(&un);
	snprintf(base, sizeof(base), "/lib/modules/%s", un.release);
	err = read_lines("modules.dep", read_dep);
	if (!err)
		err = read_lines("modules.alias", read_alias);
	if (!err)
		err = read_lines("modules.softdep", read_softdep);
	return err;
}

void modindex_free(void)
{
	while (modules) {
		struct module *m = modules;

		modules = m->next;
		free(m->name);
		free(m->path);
		free(m->deps);
		free(m->pre);
		free(m->post);
		free(m);
	}
	while (aliases) {
		struct alias *a = aliases;

		aliases = a->next;
		free(a->pattern);
		free(a->module);
		free(a);
	}
}

static int load(const struct module *m, const char *params)
{
	char path[512];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", base, m->path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params ? params : "", 0))
		err = -errno;
	close(fd);
	return err;
}

static bool loaded(const struct module *m)
{
	char path[320];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", m->name);
	return !access(path, F_OK);
}

int modindex_insmod(const char *name, const char *params)
{
	const struct module *m = find(name);

	return m ? load(m, params) : -ENOENT;
}

static int probe(const struct module *m, const char *params, unsigned int depth);

static void probe_soft(const char *names, unsigned int depth)
{
	char *copy, *name, *save;
	const struct module *m;

	if (!names)
		return;
	copy = must(strdup(names));
	for (name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
		m = find(name);
		if (m)
			probe(m, NULL, depth + 1);
	}
	free(copy);
}

/* What it needs most indirectly is last in the list, and must be loaded first. */
static int probe_deps(const char *deps, unsigned int depth)
{
	char *copy = must(strdup(deps)), *space, *name;
	const struct module *m;
	int err = 0;

	while (!err && *copy) {
		space = strrchr(copy, ' ');
		name = name_of(space ? space + 1 : copy);
		if (space)
			*space = '\0';
		else
			*copy = '\0';
		m = *name ? find(name) : NULL;
		if (m)
			err = probe(m, NULL, depth + 1);
		free(name);
	}
	free(copy);
	return err;
}

/* @depth ends circles of soft dependencies. */
static int probe(const struct module *m, const char *params, unsigned int depth)
{
	int err;

	if (loaded(m) || depth > 8)
		return 0;
	probe_soft(m->pre, depth);
	err = probe_deps(m->deps, depth);
	if (err)
		return err;
	err = load(m, params);
	if (err && err != -EEXIST)
		return err;
	probe_soft(m->post, depth);
	return 0;
}

int modindex_modprobe(const char *name_or_alias, const char *params)
{
	const struct module *m = find(name_or_alias);
	const struct alias *a;
	int err = -ENOENT, ret = 0;

	if (m)
		return probe(m, params, 0);
	for (a = aliases; a; a = a->next) {
		if (fnmatch(a->pattern, name_or_alias, 0))
			continue;
		m = find(a->module);
		err = m ? probe(m, params, 0) : -ENOENT;
		if (err && !ret)
			ret = err;
		err = 0;
	}
	return ret ? ret : err;
}

int modindex_rmmod(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

bool modindex_is_ours(const char *name)
{
	const struct module *m = find(name);

	return m && strncmp(m->path, "kernel/", 7);
}
