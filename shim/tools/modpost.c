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
 *	modpost -c FILE.ko			write the checksum behind a linked
 *						module, which the loader asks for
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
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include "../kernel/module/vermagic.h"
#include "modpost.h"
#include "modpost_object.h"

/* ---- small helpers --------------------------------------------------------- */

static unsigned int errors;
static bool only_warn;	/* about symbols */
static bool quiet;	/* about warnings */
static bool guest;	/* its failure is its own */
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

static void __attribute__((format(printf, 2, 3))) complain(bool fail, const char *fmt, ...)
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

static bool starts_with(const char *s, const char *prefix)
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

/* A text under construction. */
struct text {
	char *buf;
	size_t len;
	FILE *f;
};

static FILE *text_open(struct text *t)
{
	t->f = need(open_memstream(&t->buf, &t->len));
	return t->f;
}

static void text_write(struct text *t, const char *dir, const char *name, const char *suffix)
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

static const char *module;	/* the one at hand */

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
static struct strings aliases;
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

/* ---- aliases from device tables ---------------------------------------------------------- */

static void add_alias(const char *alias)
{
	if (!strings_have(&aliases, alias))
		strings_add(&aliases, alias);
}

static bool mdev_alias(const unsigned char *id, char *buf, size_t size)
{
	uint16_t class;

	memcpy(&class, id, sizeof(class));
	snprintf(buf, size, "mdev:c%02X", class);
	return true;
}

static void __attribute__((format(printf, 3, 4))) append(char *buf, size_t size, const char *fmt,
							  ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);
}

/* A number of 32 bits; PCI_ANY_ID and VIRTIO_DEV_ANY_ID stand for all. */
static void append_id(char *buf, size_t size, const char *tag, uint32_t value)
{
	if (value == UINT32_MAX)
		append(buf, size, "%s*", tag);
	else
		append(buf, size, "%s%08X", tag, value);
}

/* Whatever a later kernel appends matches too. */
static void append_wildcard(char *buf, size_t size)
{
	if (buf[strlen(buf) - 1] != '*')
		append(buf, size, "*");
}

static bool virtio_alias(const unsigned char *id, char *buf, size_t size)
{
	uint32_t v[2];

	memcpy(v, id, sizeof(v));
	snprintf(buf, size, "virtio:");
	append_id(buf, size, "d", v[0]);
	append_id(buf, size, "v", v[1]);
	append_wildcard(buf, size);
	return true;
}

/* Class, subclass, interface: a byte each, each matched whole or not at all. */
static bool append_pci_class(char *buf, size_t size, uint32_t class, uint32_t mask)
{
	static const char *const tag[] = { "bc", "sc", "i" };

	for (int i = 0, shift = 16; i < 3; i++, shift -= 8) {
		uint8_t byte_mask = mask >> shift;

		if (byte_mask && byte_mask != 0xff) {
			complain(false, "Can't handle masks in %s:%04X", module, mask);
			return false;
		}
		if (byte_mask)
			append(buf, size, "%s%02X", tag[i], class >> shift & 0xff);
		else
			append(buf, size, "%s*", tag[i]);
	}
	return true;
}

static bool pci_alias(const unsigned char *id, char *buf, size_t size)
{
	uint32_t v[6], override_only;

	memcpy(v, id, sizeof(v));
	/* behind driver_data */
	memcpy(&override_only, id + 32, sizeof(override_only));
	if (override_only > 1) {
		complain(false, "Unknown PCI driver_override alias %08X", override_only);
		return false;
	}
	snprintf(buf, size, override_only ? "vfio_pci:" : "pci:");
	append_id(buf, size, "v", v[0]);
	append_id(buf, size, "d", v[1]);
	append_id(buf, size, "sv", v[2]);
	append_id(buf, size, "sd", v[3]);
	if (!append_pci_class(buf, size, v[4], v[5]))
		return false;
	append_wildcard(buf, size);
	return true;
}

static bool platform_alias(const unsigned char *id, char *buf, size_t size)
{
	snprintf(buf, size, "platform:%.20s", id);
	return true;
}

/*
 * One row per type of table: the size of an id, and what makes an alias of
 * one (false: there is none).
 */
static const struct device_table {
	const char *type;
	size_t size;
	bool (*alias)(const unsigned char *id, char *buf, size_t size);
} device_tables[] = {
	{ "mdev", 2, mdev_alias },
	{ "virtio", 8, virtio_alias },
	{ "pci", 40, pci_alias },
	{ "platform", 32, platform_alias },
};

static const struct device_table *device_table(const char *symbol_name)
{
	for (size_t i = 0; i < sizeof(device_tables) / sizeof(device_tables[0]); i++) {
		char prefix[64];

		snprintf(prefix, sizeof(prefix), "__mod_%s__", device_tables[i].type);
		if (starts_with(symbol_name, prefix))
			return &device_tables[i];
	}
	return NULL;
}

static bool all_zero(const unsigned char *p, size_t n)
{
	while (n && !p[n - 1])
		n--;
	return !n;
}

static void read_device_table(struct object *o, const char *name, const GElf_Sym *sym)
{
	const size_t suffix = strlen("_device_table"), len = strlen(name);
	const struct device_table *t;
	const unsigned char *p, *end;
	Elf_Data *data;

	if (!starts_with(name, "__mod_") || len < suffix ||
	    strcmp(name + len - suffix, "_device_table"))
		return;
	t = device_table(name);
	if (!t) {
		/* a guest can be loaded by its name */
		complain(!guest, "%s: no aliases are known for the device table %s%s", module, name,
			 guest ? ": no device loads the module" : "");
		return;
	}
	data = elf_getdata(elf_getscn(o->elf, sym->st_shndx), NULL);
	if (!data || !data->d_buf)
		return;	/* all zero: an empty table */
	if (sym->st_value > data->d_size || sym->st_size > data->d_size - sym->st_value)
		fatal("%s: damaged: %s is not in its section. Build it again", o->path, name);
	p = (unsigned char *)data->d_buf + sym->st_value;
	end = sym->st_size ? p + sym->st_size : (unsigned char *)data->d_buf + data->d_size;
	for (;; p += t->size) {
		char alias[128];

		if (t->size > (size_t)(end - p)) {
			complain(true, "%s: struct %s_device_id is not terminated with a NULL entry!",
				 module, t->type);
			return;
		}
		if (all_zero(p, t->size))
			return;
		if (t->alias(p, alias, sizeof(alias)))
			add_alias(alias);
	}
}

/* ---- which line uses a symbol --------------------------------------------------------------- */

/* Not dwfl_module_getsrc(): it needs .debug_aranges, which clang does not write. */
static const char *find_line(Dwfl_Module *mod, GElf_Addr addr, int *lineno)
{
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;

	while ((cu = dwfl_module_nextcu(mod, cu, &bias))) {
		Dwarf_Line *line;

		if (dwarf_haspc(cu, addr - bias) <= 0)
			continue;
		line = dwarf_getsrc_die(cu, addr - bias);
		if (!line || dwarf_lineno(line, lineno))
			continue;
		return dwarf_linesrc(line, NULL, NULL);
	}
	return NULL;
}

static const Dwfl_Callbacks offline_callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* "file.c:12" of an offset in a section of a relocatable, by its debug information. */
static bool source_line(struct object *o, size_t shndx, uint64_t offset, char *buf, size_t size)
{
	Dwfl *dwfl = dwfl_begin(&offline_callbacks);
	Dwfl_Module *mod = NULL;
	const char *file = NULL;
	GElf_Addr bias;
	GElf_Shdr sh;
	int lineno = 0;
	Elf *elf;

	if (!dwfl)
		return false;
	mod = dwfl_report_offline(dwfl, "", o->path, -1);
	dwfl_report_end(dwfl, NULL, NULL);
	/* libdwfl has given the sections addresses, in its own copy of the headers */
	elf = mod ? dwfl_module_getelf(mod, &bias) : NULL;
	if (elf && gelf_getshdr(elf_getscn(elf, shndx), &sh))
		file = find_line(mod, sh.sh_addr + bias + offset, &lineno);
	if (file)
		snprintf(buf, size, "%s:%d", file, lineno);
	dwfl_end(dwfl);
	return file != NULL;
}

/* The function or variable that covers an offset in a section. */
static const char *covering_symbol(struct object *o, size_t shndx, uint64_t offset, bool *function)
{
	const char *best = NULL;
	GElf_Sym sym;

	for (size_t i = 1; i < o->n_symbols; i++) {
		const char *name = object_symbol(o, i, &sym);
		int type = GELF_ST_TYPE(sym.st_info);

		if (sym.st_shndx != shndx || (type != STT_FUNC && type != STT_OBJECT))
			continue;
		if (offset < sym.st_value || offset >= sym.st_value + (sym.st_size ?: 1))
			continue;
		/* its real name, not the alias that module_init() makes */
		if (best && (!strcmp(name, "init_module") || !strcmp(name, "cleanup_module")))
			continue;
		best = name;
		*function = type == STT_FUNC;
	}
	return best;
}

static bool show_use(struct object *o, const GElf_Rela *rela, size_t shndx)
{
	char where[4096] = "";
	bool function = true;
	const char *user = covering_symbol(o, shndx, rela->r_offset, &function);

	if (only_warn && quiet)
		return true;
	if (!function || !source_line(o, shndx, rela->r_offset, where, sizeof(where)))
		snprintf(where, sizeof(where), "%s", o->path);
	fprintf(stderr, "        %s: used by %s%s\n", where, user ?: "?",
		user && function ? "()" : "");
	return true;
}

/* Prints the first use in each object. */
static void show_users(char **paths, int n, const char *wanted)
{
	for (int i = 0; i < n; i++) {
		Elf_Scn *scn = NULL, *target;
		struct object o;
		GElf_Shdr sh, tsh;
		bool shown = false;

		object_open(&o, paths[i], false);
		while (!shown && (scn = elf_nextscn(o.elf, scn))) {
			Elf_Data *data;

			if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_RELA)
				continue;
			target = elf_getscn(o.elf, sh.sh_info);
			if (!gelf_getshdr(target, &tsh) || !(tsh.sh_flags & SHF_ALLOC) ||
			    !strcmp(section_name(&o, target), ".eh_frame"))
				continue;
			data = elf_getdata(scn, NULL);
			for (size_t r = 0; !shown && r < sh.sh_size / sh.sh_entsize; r++) {
				GElf_Rela rela;
				GElf_Sym sym;

				gelf_getrela(data, r, &rela);
				if (!strcmp(object_symbol(&o, GELF_R_SYM(rela.r_info), &sym),
					    wanted))
					shown = show_use(&o, &rela, sh.sh_info);
			}
		}
		object_close(&o);
	}
}

/* Is @name declared as a variable? One that is missing cannot be made up. */
static bool object_has_variable(const char *path, const char *name)
{
	Dwfl *dwfl = dwfl_begin(&offline_callbacks);
	Dwfl_Module *mod;
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;
	bool found = false;

	if (!dwfl)
		return false;
	mod = dwfl_report_offline(dwfl, "", path, -1);
	dwfl_report_end(dwfl, NULL, NULL);
	while (mod && !found && (cu = dwfl_module_nextcu(mod, cu, &bias))) {
		Dwarf_Die die;

		if (dwarf_child(cu, &die))
			continue;
		do {
			const char *this = dwarf_diename(&die);

			found = dwarf_tag(&die) == DW_TAG_variable && this && !strcmp(this, name);
		} while (!found && !dwarf_siblingof(&die, &die));
	}
	dwfl_end(dwfl);
	return found;
}

static bool is_variable(char **paths, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (object_has_variable(paths[i], name))
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
		show_users(paths, n, s->name);
		return;
	}
	if (s->gpl && !gpl) {
		complain(!only_warn, "GPL-incompatible module %s.ko uses GPL-only symbol '%s'",
			 module, s->name);
		show_users(paths, n, s->name);
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

/* ---- the tree: what modprobe reads ------------------------------------------------------------------- */

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

static int index_tree(const char *dir, const char *left_out, char **args, int n)
{
	for (int i = 0; i < n; i++)
		read_info(args[i]);
	if (n_infos)
		qsort(infos, n_infos, sizeof(*infos), compare_infos);
	write_dep(dir);
	write_aliases(dir);
	write_softdeps(dir);
	write_absent(dir, left_out);
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
	if (tree)
		return index_tree(tree, left_out, argv, argc);
	return usage();
}
