// SPDX-License-Identifier: GPL-2.0-only
/*
 * modpost's view of ELF files. A compiler that was killed, a full disk or a bad
 * one leaves files that look like objects at first: what is said there of sizes
 * and places is checked once, when the file is opened, and one that is not whole
 * ends modpost with a message. Not found is damage of code and data themselves.
 *
 * And what is done to a module's file when it is linked, which ends with its checksum: see
 * host/checksum.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../host/checksum.h"
#include "modpost.h"
#include "modpost_object.h"

static void __attribute__((format(printf, 2, 3), noreturn))
damaged(const struct object *o, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	fatal("%s: damaged, or not whole: %s. Build it again", o->path, what);
}

/* ---- is it whole? ------------------------------------------------------------ */

static void check_header(struct object *o, uint64_t size, bool shared)
{
	GElf_Ehdr eh;

	if (elf_kind(o->elf) != ELF_K_ELF || gelf_getclass(o->elf) != ELFCLASS64 ||
	    !gelf_getehdr(o->elf, &eh))
		fatal("%s: not an ELF object", o->path);
	if (eh.e_type != (shared ? ET_DYN : ET_REL))
		damaged(o, "its type is %u", eh.e_type);
	if (eh.e_shentsize != sizeof(Elf64_Shdr) || elf_getshdrnum(o->elf, &o->n_sections) ||
	    eh.e_shoff > size || o->n_sections > (size - eh.e_shoff) / sizeof(Elf64_Shdr))
		damaged(o, "it ends before its sections do");
	if (elf_getshdrstrndx(o->elf, &o->shstrndx) || o->shstrndx >= o->n_sections)
		damaged(o, "its sections have no names");
}

/* Sections that are tables: of what, and of which kind the section they refer to is. */
static const struct table_kind {
	GElf_Word type;
	size_t entry;
	GElf_Word linked;
} table_kinds[] = {
	{ SHT_SYMTAB, sizeof(Elf64_Sym), SHT_STRTAB },
	{ SHT_DYNSYM, sizeof(Elf64_Sym), SHT_STRTAB },
};

static GElf_Word type_of(struct object *o, size_t section)
{
	GElf_Shdr sh;

	if (section >= o->n_sections || !gelf_getshdr(elf_getscn(o->elf, section), &sh))
		return SHT_NULL;
	return sh.sh_type;
}

static void check_table(struct object *o, const GElf_Shdr *sh, const struct table_kind *kind)
{
	if (sh->sh_entsize != kind->entry || sh->sh_size % kind->entry)
		damaged(o, "its symbols have %" PRIu64 " bytes each, in %" PRIu64,
			sh->sh_entsize, sh->sh_size);
	if (type_of(o, sh->sh_link) != kind->linked)
		damaged(o, "its symbols have their names in section %u", sh->sh_link);
}

static void check_relocations(struct object *o, const GElf_Shdr *sh)
{
	if (sh->sh_entsize != sizeof(Elf64_Rela) || sh->sh_size % sizeof(Elf64_Rela) ||
	    sh->sh_info >= o->n_sections)
		damaged(o, "its relocations have %" PRIu64 " bytes each, for section %u",
			sh->sh_entsize, sh->sh_info);
}

static void check_section(struct object *o, Elf_Scn *scn, uint64_t size)
{
	GElf_Shdr sh;

	if (!gelf_getshdr(scn, &sh) || !elf_strptr(o->elf, o->shstrndx, sh.sh_name))
		damaged(o, "a section has no name");
	if (sh.sh_type == SHT_NOBITS || sh.sh_type == SHT_NULL)
		return;
	if (sh.sh_offset > size || sh.sh_size > size - sh.sh_offset)
		damaged(o, "section %s runs out of it", section_name(o, scn));
	if (sh.sh_type == SHT_RELA)
		check_relocations(o, &sh);
	for (size_t i = 0; i < sizeof(table_kinds) / sizeof(table_kinds[0]); i++)
		if (sh.sh_type == table_kinds[i].type)
			check_table(o, &sh, &table_kinds[i]);
}

static void find_symbols(struct object *o)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(o->elf, scn))) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		if (o->symtab)
			damaged(o, "it has two tables of symbols");
		o->symtab = scn;
		o->symbols = elf_getdata(scn, NULL);
		o->n_symbols = sh.sh_size / sizeof(Elf64_Sym);
		o->strtab = sh.sh_link;
	}
	if (o->symtab && (!o->symbols || o->symbols->d_size / sizeof(Elf64_Sym) != o->n_symbols))
		damaged(o, "its symbols cannot be read");
}

/* What would break the lines and the C that modpost writes. */
static bool is_name(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text == '"' || *text == '\\' || *text == 0x7f)
			return false;
	return true;
}

static void check_symbols(struct object *o)
{
	GElf_Sym sym;

	for (size_t i = 0; i < o->n_symbols; i++) {
		const char *name = NULL;

		if (gelf_getsym(o->symbols, i, &sym))
			name = elf_strptr(o->elf, o->strtab, sym.st_name);
		if (!name || !is_name(name))
			damaged(o, "symbol %zu has no name", i);
		if (sym.st_shndx < SHN_LORESERVE && sym.st_shndx >= o->n_sections)
			damaged(o, "symbol %s is in section %u of %zu", name, sym.st_shndx,
				o->n_sections);
	}
}

/* ---- for the rest of modpost ------------------------------------------------- */

void object_open(struct object *o, const char *path, bool shared)
{
	Elf_Scn *scn = NULL;
	struct stat st;

	*o = (struct object){ .path = path };
	o->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (o->fd < 0 || fstat(o->fd, &st))
		fatal("%s: %s", path, strerror(errno));
	o->elf = elf_begin(o->fd, ELF_C_READ, NULL);
	if (!o->elf)
		fatal("%s: not an ELF object", path);
	check_header(o, st.st_size, shared);
	while ((scn = elf_nextscn(o->elf, scn)))
		check_section(o, scn, st.st_size);
	find_symbols(o);
	/* a library may have been stripped */
	if (!o->symtab && !shared)
		damaged(o, "it has no symbols");
	if (!shared)
		check_symbols(o);
}

void object_close(struct object *o)
{
	elf_end(o->elf);
	close(o->fd);
}

const char *section_name(struct object *o, Elf_Scn *scn)
{
	GElf_Shdr sh;

	if (!gelf_getshdr(scn, &sh))
		return "";
	return elf_strptr(o->elf, o->shstrndx, sh.sh_name) ?: "";
}

Elf_Scn *next_section(struct object *o, Elf_Scn *scn, const char *name)
{
	while ((scn = elf_nextscn(o->elf, scn)))
		if (!strcmp(section_name(o, scn), name))
			return scn;
	return NULL;
}

const char *section_strings(struct object *o, Elf_Scn *scn, size_t *size)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	const char *text = data ? data->d_buf : NULL;

	if (!text || !data->d_size)
		return NULL;
	if (text[data->d_size - 1])
		damaged(o, "the last string of %s has no end", section_name(o, scn));
	*size = data->d_size;
	return text;
}

const char *object_symbol(struct object *o, size_t i, GElf_Sym *sym)
{
	if (!gelf_getsym(o->symbols, i, sym))
		return "";
	return elf_strptr(o->elf, o->strtab, sym->st_name) ?: "";
}

/* ---- a module that is linked ------------------------------------------------------ */

/*
 * Its parts may lie further apart than a page (umdev.cmake), but the image may begin at any:
 * ld.so asks for more room than it needs where it may not, and so never gets back a range
 * that the same module has left (host/stack.c).
 */
static void begin_at_any_page(char *bytes, size_t len)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)bytes;
	const Elf64_Xword page = sysconf(_SC_PAGESIZE);
	Elf64_Phdr *ph;
	size_t i;

	if (len < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) ||
	    eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_phentsize != sizeof(*ph) ||
	    eh->e_phoff > len || eh->e_phnum > (len - eh->e_phoff) / sizeof(*ph))
		return;
	ph = (Elf64_Phdr *)(bytes + eh->e_phoff);
	for (i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD && ph[i].p_align > page)
			ph[i].p_align = page;
}

int seal_module(const char *path)
{
	struct module_trailer trailer;
	size_t len;
	char *bytes = read_file(path, &len);
	FILE *f;

	if (!bytes)
		fatal("%s: %s", path, strerror(errno));
	if (module_has_trailer(bytes, len))
		len -= sizeof(trailer);
	begin_at_any_page(bytes, len);
	trailer = module_trailer_of(bytes, len);
	f = fopen(path, "r+e");
	if (!f || fwrite(bytes, 1, len, f) != len || fwrite(&trailer, sizeof(trailer), 1, f) != 1 ||
	    fclose(f))
		fatal("%s: %s", path, strerror(errno));
	free(bytes);
	return 0;
}
