// SPDX-License-Identifier: GPL-2.0-only
/*
 * modprobe: from a name or an alias to the modules that must be loaded.
 *
 * Reads modules.dep, modules.softdep, modules.alias and modules.absent of the
 * module directory (modpost wrote them) at each call. As kmod does it: everything to
 * load is listed first, each module once, dependencies before it, soft
 * dependencies around it; failures of soft dependencies are ignored. Left
 * out: configuration files, blacklists, install commands.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/string.h>
#include <umdev/umdev.h>

#include "check/op.h"
#include "host/module.h"
#include "kernel/boot.h"
#include "kernel/module/internal.h"

#define PROBE_MAX 64

/* The modules to load, in order. */
struct probe_list {
	char *dep, *softdep;	/* the files' text */
	unsigned int n;
	struct {
		char name[MODULE_NAME_LEN];
		bool required;
	} at[PROBE_MAX];
	/* listed, or about to be: no module is listed twice */
	unsigned int n_visited;
	char visited[PROBE_MAX][MODULE_NAME_LEN];
};

/* ---- the directory ------------------------------------------------------------- */

static char module_dir[512] = "modules";

void um_module_dir_set(const char *dir)
{
	host_snprintf(module_dir, sizeof(module_dir), "%s", dir);
}

static char *path_in_dir(const char *name, const char *suffix)
{
	size_t size = strlen(module_dir) + strlen(name) + strlen(suffix) + 2;
	char *path = host_alloc(size);

	if (path)
		host_snprintf(path, size, "%s/%s%s", module_dir, name, suffix);
	return path;
}

/* Into @out, with '-' as '_'; false if it does not fit. */
static bool plain_name(const char *name, size_t len, char *out)
{
	if (!len || len >= MODULE_NAME_LEN)
		return false;
	memcpy(out, name, len);
	out[len] = '\0';
	strreplace(out, '-', '_');
	return true;
}

char *um_module_path(const char *module)
{
	char name[MODULE_NAME_LEN];

	if (strchr(module, '/')) {
		size_t size = strlen(module) + 1;
		char *path = host_alloc(size);

		return path ? memcpy(path, module, size) : NULL;
	}
	return plain_name(module, strlen(module), name) ? path_in_dir(name, ".ko") : NULL;
}

/* An absent file is an empty one. */
static char *read_index(const char *name)
{
	char *path = path_in_dir(name, ""), *text = NULL;

	if (path && host_file_read(path, &text) < 0)
		text = host_zalloc(1);
	host_free(path);
	return text;
}

/* ---- words and lines of the files -------------------------------------------------- */

static const char *line_end(const char *p)
{
	return strchrnul(p, '\n');
}

static const char *next_line(const char *p)
{
	p = line_end(p);
	return *p ? p + 1 : p;
}

/* The word at or after @p within its line; its length in *@len, 0 at the end. */
static const char *word_at(const char *p, size_t *len)
{
	while (*p == ' ' || *p == '\t')
		p++;
	*len = 0;
	while (p[*len] && !isspace(p[*len]))
		++*len;
	return p;
}

/* ---- aliases -------------------------------------------------------------------------- */

static char plain_char(char c)
{
	return c == '-' ? '_' : c;
}

/* Does @c match the set after '['? *@p is moved behind the ']'. */
static bool match_set(const char **p, const char *end, char c)
{
	const char *s = *p;
	bool invert = s < end && (*s == '!' || *s == '^');
	bool found = false;

	s += invert;
	for (; s < end && *s != ']'; s++) {
		if (s + 2 < end && s[1] == '-' && s[2] != ']') {
			found |= s[0] <= c && c <= s[2];
			s += 2;
		} else {
			found |= *s == c;
		}
	}
	*p = s < end ? s + 1 : end;
	return found != invert;
}

/* Shell wildcards, with '-' and '_' the same outside sets. */
static bool match_alias(const char *p, const char *end, const char *s)
{
	for (; p < end; s++) {
		if (*p == '*') {
			while (p < end && *p == '*')
				p++;
			do {
				if (match_alias(p, end, s))
					return true;
			} while (*s++);
			return false;
		}
		if (!*s)
			return false;
		if (*p == '[') {
			p++;
			if (!match_set(&p, end, *s))
				return false;
			continue;
		}
		if (*p != '?' && plain_char(*p) != plain_char(*s))
			return false;
		p++;
	}
	return !*s;
}

/* ---- what to load ------------------------------------------------------------------------ */

/* The line "name.ko: deps" of modules.dep: where the dependencies start, or NULL. */
static const char *find_deps(const char *dep, const char *name)
{
	size_t len = strlen(name);

	for (; *dep; dep = next_line(dep))
		if (!strncmp(dep, name, len) && !strncmp(dep + len, ".ko:", 4))
			return dep + len + 4;
	return NULL;
}

static bool visit(struct probe_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->n_visited; i++)
		if (!strcmp(list->visited[i], name))
			return false;
	if (list->n_visited == PROBE_MAX)
		return false;
	strscpy(list->visited[list->n_visited++], name, MODULE_NAME_LEN);
	return true;
}

static void list_module(struct probe_list *list, const char *name, bool required);

/* The soft dependencies of @name on one side: "softdep name pre: a b post: c". */
static void list_softdeps(struct probe_list *list, const char *name, const char *side)
{
	const char *line, *p;
	char soft[MODULE_NAME_LEN];
	bool here = false;
	size_t len;

	for (line = list->softdep; *line; line = next_line(line)) {
		p = word_at(line, &len);
		if (len != 7 || strncmp(p, "softdep", 7))
			continue;
		p = word_at(p + len, &len);
		if (len != strlen(name) || strncmp(p, name, len))
			continue;
		for (p = word_at(p + len, &len); len; p = word_at(p + len, &len)) {
			if (p[len - 1] == ':')
				here = len == strlen(side) && !strncmp(p, side, len);
			else if (here && plain_name(p, len, soft))
				list_module(list, soft, false);
		}
	}
}

static void append(struct probe_list *list, const char *name, bool required)
{
	list_softdeps(list, name, "pre:");
	if (list->n < PROBE_MAX) {
		strscpy(list->at[list->n].name, name, MODULE_NAME_LEN);
		list->at[list->n++].required = required;
	}
	list_softdeps(list, name, "post:");
}

/* The file names what must be loaded first last. */
static void list_deps(struct probe_list *list, const char *p, bool required)
{
	char name[MODULE_NAME_LEN];
	size_t len;

	p = word_at(p, &len);
	if (!len)
		return;
	list_deps(list, p + len, required);
	/* without ".ko" */
	if (len > 3 && plain_name(p, len - 3, name) && visit(list, name))
		append(list, name, required);
}

static void list_module(struct probe_list *list, const char *name, bool required)
{
	const char *deps = find_deps(list->dep, name);

	if (!deps || !visit(list, name))
		return;
	list_deps(list, deps, required);
	append(list, name, required);
}

static bool is_loaded(const char *name)
{
	struct um_image *image;
	bool loaded;

	mutex_lock(&module_mutex);
	image = um_image_find(name);
	loaded = image && READ_ONCE(image->state) == MODULE_STATE_LIVE;
	mutex_unlock(&module_mutex);
	return loaded;
}

static int load_list(struct probe_list *list, const char *name, const char *params)
{
	unsigned int i;
	int err;

	for (i = 0; i < list->n; i++) {
		const char *this = list->at[i].name;

		if (is_loaded(this))
			continue;
		err = um_insmod(this, strcmp(this, name) ? NULL : params);
		if (err && err != -EEXIST && list->at[i].required)
			return err;
	}
	return 0;
}

static int probe_name(const char *name, const char *params)
{
	struct probe_list *list;
	int err = -ENOENT;

	list = host_zalloc(sizeof(*list));
	if (!list)
		return -ENOMEM;
	list->dep = read_index("modules.dep");
	list->softdep = read_index("modules.softdep");
	if (list->dep && list->softdep && find_deps(list->dep, name)) {
		list_module(list, name, true);
		err = load_list(list, name, params);
	}
	host_free(list->softdep);
	host_free(list->dep);
	host_free(list);
	return err;
}

/* Every module that an alias matches; the last one's error. */
static int probe_alias(const char *wanted, const char *params)
{
	char *aliases = read_index("modules.alias"), name[MODULE_NAME_LEN];
	const char *line, *alias, *module;
	size_t len, module_len;
	int err = -ENOENT;

	for (line = aliases; line && *line; line = next_line(line)) {
		alias = word_at(line, &len);
		if (len != 5 || strncmp(alias, "alias", 5))
			continue;
		alias = word_at(alias + len, &len);
		module = word_at(alias + len, &module_len);
		if (match_alias(alias, alias + len, wanted) &&
		    plain_name(module, module_len, name))
			err = probe_name(name, params);
	}
	host_free(aliases);
	return err;
}

static bool known_name(const char *name)
{
	char *dep = read_index("modules.dep");
	bool known = dep && find_deps(dep, name);

	host_free(dep);
	return known;
}

bool um_module_absent(const char *module, char *why, size_t size)
{
	char *lines = read_index("modules.absent"), name[MODULE_NAME_LEN];
	bool found = false;
	const char *line;
	size_t len;

	if (!plain_name(module, strlen(module), name))
		name[0] = '\0';
	for (line = lines; line && *line && !found; line = next_line(line)) {
		const char *word = word_at(line, &len);

		found = len == strlen(name) && !strncmp(word, name, len);
		if (!found)
			continue;
		word = word_at(word + len, &len);
		host_snprintf(why, size, "%.*s", (int)(line_end(word) - word), word);
	}
	host_free(lines);
	return found;
}

int um_modprobe(const char *name_or_alias, const char *params)
{
	char name[MODULE_NAME_LEN], why[512];
	int err;

	if (plain_name(name_or_alias, strlen(name_or_alias), name) && known_name(name))
		err = probe_name(name, params);
	else
		err = probe_alias(name_or_alias, params);
	if (err == -ENOENT && um_module_absent(name_or_alias, why, sizeof(why)))
		pr_err("modprobe: %s: %s\n", name_or_alias, why);
	return err;
}

/* What waitpid() says of a modprobe that ended with exit status 1. */
#define MODPROBE_FAILED 256

/**
 * __request_module() - a driver asks user space for a module
 * @wait: the caller wants to know how it ended (it is waited for in any case)
 * @fmt:  format of a name or alias
 * @...:  its arguments
 *
 * Context: may sleep; runs the module's init in the calling task.
 * Return: 0, -ENAMETOOLONG, -ENOMEM, or a positive wait status if modprobe
 * failed and @wait says so.
 */
int __request_module(bool wait, const char *fmt, ...)
{
	char name[MODULE_NAME_LEN];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	if (len >= sizeof(name))
		return -ENAMETOOLONG;
	if (um_fallible("request_module", true, false))
		return -ENOMEM;
	if (!um_modprobe(name, NULL))
		return 0;
	return wait ? MODPROBE_FAILED : 0;
}
EXPORT_SYMBOL(__request_module);
