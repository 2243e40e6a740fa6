// SPDX-License-Identifier: GPL-2.0-only
/*
 * modpost: what comes between compiling a module's objects and linking it.
 *
 * Reads ELF relocatables (libelf) and does what the kernel's tool of that
 * name does: every symbol a module uses must be exported by the kernel or by
 * another module, to a module with its licence and namespaces; the module
 * must name its licence. Written are the module's own description
 * (struct module, magic, dependencies, the list of imported symbols that the
 * loader checks again), aliases from device tables, a version script by
 * which only exported symbols are visible, and the files modprobe reads.
 *
 *	modpost -s OUT [-k] NAME FILE...	exports of one module (-k: of
 *						the kernel, a shared library)
 *	modpost -m DIR [-w] [-q] NAME LIST FILE...
 *						check NAME against the exports
 *						listed in the files that LIST
 *						names; write DIR/NAME.mod.c,
 *						NAME.lds and NAME.info
 *	modpost -d DIR [-x FILE] FILE.info...	write modules.dep, .alias,
 *						.softdep, .absent
 *	modpost -c FILE.ko			let a linked module begin at any page,
 *						and write the checksum behind it,
 *						which the loader asks for
 *
 * -w makes errors about symbols warnings, as KBUILD_MODPOST_WARN=1 does; -q
 * does not print them.
 * -a, --allow-missing lets functions be missing: a call of one ends the process,
 * with its name and where the headers of the kernel tree -l TREE have it.
 * -g is for guests, whose failure is theirs: an object that is not there, or an
 * error, is noted in NAME.info, and the exit status is 0. -d writes them into
 * modules.absent, with the lines of FILE: who was left out and why.
 * Files whose content would not change are not written, so that a build
 * stops there. Left out: checksums of symbols, section mismatches.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../kernel/module/vermagic.h"
#include "modpost.h"
#include "modpost_object.h"

/* ---- small helpers --------------------------------------------------------- */

static unsigned int errors;
static bool only_warn;	/* about symbols */
static bool quiet;	/* about warnings */
bool guest;		/* its failure is its own */
static bool allow_missing;	/* functions */
static const char *linux_tree;	/* whose headers tell where Linux has a function */
static char *first_error;	/* of a guest */

void fatal(const char *fmt, ...)
{
	va_list ap;

	fputs("FATAL: modpost: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void complain(bool fail, const char *fmt, ...)
{
	va_list ap;

	if (!fail && quiet)
		return;
	fputs(fail ? "ERROR: modpost: " : "WARNING: modpost: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	errors += fail;
	if (!fail || first_error)
		return;
	va_start(ap, fmt);
	if (vasprintf(&first_error, fmt, ap) < 0)
		first_error = NULL;
	va_end(ap);
}

void *need(void *p)
{
	if (!p)
		fatal("out of memory");
	return p;
}

void strings_add(struct strings *s, const char *text)
{
	s->at = need(realloc(s->at, (s->n + 1) * sizeof(*s->at)));
	s->at[s->n++] = need(strdup(text));
}

bool strings_have(const struct strings *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->at[i], text))
			return true;
	return false;
}

bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	size_t size = 0, got;
	char *buf = NULL;

	if (!f)
		return NULL;
	do {
		buf = need(realloc(buf, size + 65537));
		got = fread(buf + size, 1, 65536, f);
		size += got;
	} while (got);
	fclose(f);
	buf[size] = '\0';
	*len = size;
	return buf;
}

static void write_if_changed(const char *path, const char *text, size_t len)
{
	size_t old_len;
	char *old = read_file(path, &old_len);
	bool same = old && old_len == len && !memcmp(old, text, len);
	FILE *f;

	free(old);
	if (same)
		return;
	f = fopen(path, "we");
	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		fatal("%s: %s", path, strerror(errno));
}

FILE *text_open(struct text *t)
{
	t->f = need(open_memstream(&t->buf, &t->len));
	return t->f;
}

void text_write(struct text *t, const char *dir, const char *name, const char *suffix)
{
	char path[4096];

	fclose(t->f);
	snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	write_if_changed(path, t->buf, t->len);
	free(t->buf);
}

/* ---- symbols by name --------------------------------------------------------- */

struct symbol {
	struct symbol *next;
	char *name;
	/* exported: by whom and how; NULL when it is not */
	char *owner;
	char *ns;
	bool gpl;
	/* in the module at hand */
	bool defined, strong, undefined, weak;
	bool missing;	/* and modpost defines it: see allow_missing */
};

#define BUCKETS 4096
static struct symbol *table[BUCKETS];
/* in order of appearance, so that output does not depend on the hash */
static struct symbol **seen;
static size_t n_seen;

static struct symbol *symbol(const char *name)
{
	unsigned int h = 5381;
	struct symbol *s;

	for (const char *c = name; *c; c++)
		h = h * 33 + (unsigned char)*c;
	for (s = table[h % BUCKETS]; s; s = s->next)
		if (!strcmp(s->name, name))
			return s;
	s = need(calloc(1, sizeof(*s)));
	s->name = need(strdup(name));
	s->next = table[h % BUCKETS];
	table[h % BUCKETS] = s;
	seen = need(realloc(seen, (n_seen + 1) * sizeof(*seen)));
	seen[n_seen++] = s;
	return s;
}

const char *module;	/* the one at hand */

/* ---- exports ---------------------------------------------------------------------- */

/* Records are licence NUL name NUL namespace NUL: see linux/export.h. */
static void read_exports(struct object *o)
{
	Elf_Scn *scn = NULL;

	while ((scn = next_section(o, scn, "um_ksymtab"))) {
		size_t size = 0;
		const char *p = section_strings(o, scn, &size), *end = p + size;

		while (p && p < end) {
			const char *licence = p, *name = licence + strlen(licence) + 1;
			const char *ns = name < end ? name + strlen(name) + 1 : end;
			struct symbol *s;

			if (ns >= end)
				fatal("%s: damaged: its last export is cut. Build it again",
				      o->path);
			s = symbol(name);
			if (s->owner)
				complain(!only_warn,
					 "%s: '%s' exported twice. Previous export was in %s",
					 module, name, s->owner);
			s->owner = need(strdup(module));
			s->gpl = !strcmp(licence, "GPL");
			s->ns = need(strdup(ns));
			p = ns + strlen(ns) + 1;
		}
	}
}

static void read_symvers(const char *path)
{
	size_t len;
	char *text = read_file(path, &len), *line, *save;

	if (!text)
		fatal("%s: %s", path, strerror(errno));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *field[5] = { 0 };
		struct symbol *s;

		for (int i = 0; i < 5; i++)
			field[i] = line ? strsep(&line, "\t") : NULL;
		if (!field[3])
			fatal("%s: parse error in symbol dump file", path);
		s = symbol(field[1]);
		/* the later of the two complains, not every other module too */
		if (s->owner && !strcmp(field[2], module))
			complain(!only_warn,
				 "%s: '%s' exported twice. Previous export was in %s",
				 field[2], field[1], s->owner);
		if (s->owner && strcmp(field[2], module))
			continue;
		s->owner = need(strdup(field[2]));
		s->gpl = !strcmp(field[3], "EXPORT_SYMBOL_GPL");
		s->ns = need(strdup(field[4] ?: ""));
	}
	free(text);
}

static int compare_symbols(const void *a, const void *b)
{
	return strcmp((*(struct symbol *const *)a)->name, (*(struct symbol *const *)b)->name);
}

static void sort_symbols(void)
{
	if (n_seen)
		qsort(seen, n_seen, sizeof(*seen), compare_symbols);
}

static void write_symvers(const char *path)
{
	struct text t;
	FILE *f = text_open(&t);

	sort_symbols();
	for (size_t i = 0; i < n_seen; i++)
		if (seen[i]->owner)
			fprintf(f, "0x00000000\t%s\t%s\tEXPORT_SYMBOL%s\t%s\n",
				seen[i]->name, seen[i]->owner, seen[i]->gpl ? "_GPL" : "",
				seen[i]->ns);
	fclose(t.f);
	write_if_changed(path, t.buf, t.len);
	free(t.buf);
}

/* ---- the module at hand -------------------------------------------------------------- */

static struct strings modinfo;		/* "tag=value" */
static struct strings depends;

static const char *get_modinfo(const char *tag, size_t *at)
{
	size_t len = strlen(tag);

	for (; *at < modinfo.n; ++*at)
		if (!strncmp(modinfo.at[*at], tag, len) && modinfo.at[*at][len] == '=')
			return modinfo.at[(*at)++] + len + 1;
	return NULL;
}

/* Strings may have zeros between them: a sanitizer's padding. */
static void read_modinfo(struct object *o)
{
	Elf_Scn *scn = NULL;

	while ((scn = next_section(o, scn, ".modinfo"))) {
		size_t size = 0;
		const char *p = section_strings(o, scn, &size), *end = p + size;

		for (; p && p < end; p += strlen(p) + 1)
			if (*p)
				strings_add(&modinfo, p);
	}
}

static bool licence_is_gpl(const char *licence)
{
	static const char *const gpl[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL",
		"Dual MIT/GPL", "Dual MPL/GPL",
	};

	for (size_t i = 0; i < sizeof(gpl) / sizeof(gpl[0]); i++)
		if (!strcmp(licence, gpl[i]))
			return true;
	return false;
}

/* All of them must be compatible. */
static bool module_is_gpl(void)
{
	const char *licence;
	size_t at = 0;

	while ((licence = get_modinfo("license", &at)))
		if (!licence_is_gpl(licence))
			return false;
	return true;
}

/* What compilers, sanitizers, profilers and the linker bring themselves. */
static bool is_runtime(const char *name)
{
	static const char *const prefix[] = {
		"__asan_", "__ubsan_", "__tsan_", "__sanitizer_", "__lsan_", "__msan_",
		"__gcov_", "__llvm_", "__sancov_", "__start_", "__stop_", "__atomic_",
		"_ITM_", "__stack_chk_", "__odr_asan", "__cyg_profile_", "__profc_", "__profd_",
	};
	static const char *const exact[] = {
		"_GLOBAL_OFFSET_TABLE_", "__dso_handle", "__cxa_finalize", "__gmon_start__",
		"__ehdr_start", "__tls_get_addr", "_DYNAMIC", "__this_module",
		"_mcleanup", "mcount", "__fentry__",
	};

	for (size_t i = 0; i < sizeof(prefix) / sizeof(prefix[0]); i++)
		if (starts_with(name, prefix[i]))
			return true;
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (!strcmp(name, exact[i]))
			return true;
	return false;
}

/* ---- checks ------------------------------------------------------------------------------------ */

/* Of what stands in a group the linker takes one: no symbol of two. */
static bool object_in_group(struct object *o, const GElf_Sym *sym)
{
	GElf_Shdr sh;

	return sym->st_shndx < SHN_LORESERVE &&
		gelf_getshdr(elf_getscn(o->elf, sym->st_shndx), &sh) && sh.sh_flags & SHF_GROUP;
}

static void read_module_symbols(struct object *o)
{
	GElf_Sym sym;

	for (size_t i = 1; i < o->n_symbols; i++) {
		const char *name = object_symbol(o, i, &sym);
		int bind = GELF_ST_BIND(sym.st_info);
		struct symbol *s;

		if (!*name || (bind != STB_GLOBAL && bind != STB_WEAK))
			continue;
		s = symbol(name);
		if (sym.st_shndx != SHN_UNDEF) {
			/* what the linker would say, for a guest in modpost's place */
			bool strong = bind == STB_GLOBAL && !object_in_group(o, &sym);

			if (strong && s->strong)
				complain(true, "%s: two of its objects define '%s'", module, name);
			s->strong |= strong;
			s->defined = true;
			read_device_table(o, name, &sym);
			continue;
		}
		s->weak = bind == STB_WEAK && (!s->undefined || s->weak);
		s->undefined = true;
	}
}

static bool imports(const struct symbol *s)
{
	return s->undefined && !s->defined && !s->missing && !is_runtime(s->name);
}

static bool imports_namespace(const char *ns)
{
	const char *have;
	size_t at = 0;

	while ((have = get_modinfo("import_ns", &at)))
		if (!strcmp(have, ns))
			return true;
	return false;
}

static void tell_users(char **paths, int n, const char *wanted)
{
	if (!only_warn || !quiet)
		show_users(paths, n, wanted);
}

static void check_import(struct symbol *s, bool gpl, char **paths, int n)
{
	if (!s->owner) {
		if (s->weak)
			return;
		if (allow_missing && !is_variable(paths, n, s->name)) {
			complain(false, "\"%s\" [%s.ko] is missing: a call of it ends the test",
				 s->name, module);
			s->missing = true;
			return;
		}
		complain(!only_warn, "\"%s\" [%s.ko] undefined!", s->name, module);
		tell_users(paths, n, s->name);
		return;
	}
	if (s->gpl && !gpl) {
		complain(!only_warn, "GPL-incompatible module %s.ko uses GPL-only symbol '%s'",
			 module, s->name);
		tell_users(paths, n, s->name);
	}
	if (*s->ns && !imports_namespace(s->ns))
		complain(!only_warn,
			 "module %s uses symbol %s from namespace %s, but does not import it.",
			 module, s->name, s->ns);
	if (strcmp(s->owner, "vmlinux") && strcmp(s->owner, module) &&
	    !strings_have(&depends, s->owner))
		strings_add(&depends, s->owner);
}

static void check_module(char **paths, int n)
{
	bool gpl = module_is_gpl();
	size_t at = 0;

	if (!get_modinfo("license", &at))
		complain(true, "missing MODULE_LICENSE() in %s.o", module);
	for (size_t i = 0; i < n_seen; i++) {
		struct symbol *s = seen[i];

		if (imports(s))
			check_import(s, gpl, paths, n);
		else if (s->owner && !strcmp(s->owner, module) && !s->defined)
			complain(true, "%s: EXPORT_SYMBOL(%s), which it does not define as a global",
				 module, s->name);
	}
}

/* ---- what is written for it ------------------------------------------------------------------------ */

/* Under its own name by asm(), since the compiler may know another type of it. */
static void write_missing(FILE *f)
{
	bool any = false;

	for (size_t i = 0; i < n_seen; i++) {
		const char *where;

		if (!seen[i]->missing)
			continue;
		if (!any)
			fputs("\nvoid um_missing_function(const char *name, const char *where, void *caller);\n", f);
		any = true;
		where = where_linux_has(linux_tree, seen[i]->name);
		fprintf(f, "\nvoid um_missing_%zu(void) __asm__(\"%s\");\n"
			"void um_missing_%zu(void)\n{\n"
			"\tum_missing_function(\"%s\", \"%s\", __builtin_return_address(0));\n}\n",
			i, seen[i]->name, i, seen[i]->name, where ?: "");
	}
}

static void write_mod_c(const char *dir)
{
	struct text t;
	FILE *f = text_open(&t);

	fputs("/* written by modpost */\n"
	      "#include <linux/module.h>\n\n"
	      "MODULE_INFO(vermagic, \"" UM_VERMAGIC "\");\n", f);
	fprintf(f, "MODULE_INFO(name, \"%s\");\n", module);
	fputs("MODULE_INFO(depends, \"", f);
	for (size_t i = 0; i < depends.n; i++)
		fprintf(f, "%s%s", i ? "," : "", depends.at[i]);
	fputs("\");\n", f);
	for (size_t i = 0; i < aliases.n; i++)
		fprintf(f, "MODULE_ALIAS(\"%s\");\n", aliases.at[i]);
	/* The loader looks these up before it maps the module; '?' marks weak ones. */
	fputs("\nstatic const char um_import_names[]\n"
	      "__attribute__((__section__(\"um_imports\"), __used__, __aligned__(1))) =\n", f);
	for (size_t i = 0; i < n_seen; i++)
		if (imports(seen[i]))
			fprintf(f, "\t\"%s%s\\0\"\n", seen[i]->weak ? "?" : "", seen[i]->name);
	fputs("\t\"\";\n\n"
	      "struct module __this_module\n"
	      "__attribute__((__section__(\"um_this_module\"), __used__)) = {\n"
	      "\t.name = KBUILD_MODNAME,\n", f);
	if (symbol("init_module")->defined)
		fputs("\t.init = init_module,\n", f);
	if (symbol("cleanup_module")->defined)
		fputs("\t.exit = cleanup_module,\n", f);
	fputs("};\n", f);
	write_missing(f);
	text_write(&t, dir, module, ".mod.c");
}

static void write_version_script(const char *dir)
{
	struct text t;
	FILE *f = text_open(&t);
	bool any = false;

	fputs("{\n", f);
	for (size_t i = 0; i < n_seen; i++) {
		if (!seen[i]->owner || strcmp(seen[i]->owner, module))
			continue;
		fprintf(f, "%s\t%s;\n", any ? "" : "global:\n", seen[i]->name);
		any = true;
	}
	fputs("local:\n\t*;\n};\n", f);
	text_write(&t, dir, module, ".lds");
}

/* @failed: why there is no module of that name, or NULL. */
static void write_info(const char *dir, const char *failed)
{
	const char *value;
	struct text t;
	FILE *f = text_open(&t);
	size_t at;

	fprintf(f, "name %s\n", module);
	if (failed) {
		fprintf(f, "failed %s\n", failed);
		text_write(&t, dir, module, ".info");
		return;
	}
	for (size_t i = 0; i < depends.n; i++)
		fprintf(f, "depends %s\n", depends.at[i]);
	for (at = 0; (value = get_modinfo("alias", &at)); )
		add_alias(value);
	for (size_t i = 0; i < aliases.n; i++)
		fprintf(f, "alias %s\n", aliases.at[i]);
	for (at = 0; (value = get_modinfo("softdep", &at)); )
		fprintf(f, "softdep %s\n", value);
	text_write(&t, dir, module, ".info");
}

/* A guest that cannot be linked: what an earlier build wrote for it goes. */
static int give_up(const char *dir, const char *reason)
{
	static const char *const suffixes[] = { ".mod.c", ".lds" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s%s", dir, module, suffixes[i]);
		if (unlink(path) && errno != ENOENT)
			fatal("%s: %s", path, strerror(errno));
	}
	write_info(dir, reason);
	return 0;
}

static int post_module(const char *dir, const char *list, char **paths, int n)
{
	char *line, *save, *text;
	struct object o;
	size_t len;

	for (int i = 0; guest && i < n; i++) {
		const char *reason = absent_reason(paths[i]);

		if (reason)
			return give_up(dir, reason);
	}
	text = read_file(list, &len);
	if (!text)
		fatal("%s: %s", list, strerror(errno));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		/* of one that this build does not need they may be missing */
		if (!access(line, F_OK))
			read_symvers(line);
	for (int i = 0; i < n; i++) {
		object_open(&o, paths[i], false);
		read_modinfo(&o);
		read_module_symbols(&o);
		object_close(&o);
	}
	free(text);
	check_module(paths, n);
	if (errors && guest)
		return give_up(dir, first_error ?: "modpost refuses it");
	if (errors)
		return 1;
	sort_symbols();
	write_mod_c(dir);
	write_version_script(dir);
	write_info(dir, NULL);
	return 0;
}

/* ---- main --------------------------------------------------------------------------------------------- */

static void add_absent_export(const char *name, bool gpl)
{
	struct symbol *s = symbol(name);

	if (s->owner)
		return;
	s->owner = need(strdup(module));
	s->gpl = gpl;
	s->ns = need(strdup(""));
}

static int dump_exports(const char *out, bool kernel, char **args, int n)
{
	struct object o;

	module = kernel ? "vmlinux" : args[0];
	for (int i = 1; i < n; i++) {
		if (guest && absent_reason(args[i])) {
			absent_exports(args[i], add_absent_export);
			continue;
		}
		object_open(&o, args[i], kernel);
		read_exports(&o);
		object_close(&o);
	}
	if (errors)
		return 1;
	write_symvers(out);
	return 0;
}

static int usage(void)
{
	fputs("usage: modpost -s OUT [-k] [-g] NAME FILE...\n"
	      "       modpost -m DIR [-w] [-q] [-g] [--allow-missing] [-l TREE] NAME LIST FILE...\n"
	      "       modpost -d DIR [-x FILE] FILE.info...\n"
	      "       modpost -c FILE.ko\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *exports = NULL, *post = NULL, *tree = NULL, *left_out = NULL, *ko = NULL;
	static const struct option options[] = {
		{ "allow-missing", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	bool kernel = false;
	int c;

	while ((c = getopt_long(argc, argv, "s:m:d:c:x:l:kwqga", options, NULL)) != -1) {
		switch (c) {
		case 's': exports = optarg; break;
		case 'm': post = optarg; break;
		case 'd': tree = optarg; break;
		case 'c': ko = optarg; break;
		case 'k': kernel = true; break;
		case 'w': only_warn = true; break;
		case 'q': quiet = true; break;
		case 'g': guest = true; break;
		case 'a': allow_missing = true; break;
		case 'l': linux_tree = optarg; break;
		case 'x': left_out = optarg; break;
		default: return usage();
		}
	}
	argv += optind;
	argc -= optind;
	if (elf_version(EV_CURRENT) == EV_NONE)
		fatal("libelf is too old");
	if (exports && argc >= 2)
		return dump_exports(exports, kernel, argv, argc);
	if (post && argc >= 3) {
		module = argv[0];
		return post_module(post, argv[1], argv + 2, argc - 2);
	}
	/* of a guest that could not be linked there is none */
	if (ko)
		return guest && access(ko, F_OK) ? 0 : seal_module(ko);
	if (tree) {
		index_tree(tree, left_out, argv, argc);
		return 0;
	}
	return usage();
}
