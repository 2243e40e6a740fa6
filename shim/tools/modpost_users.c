// SPDX-License-Identifier: GPL-2.0-only
/*
 * What objects say of the symbols that they use, for who is told that one is not
 * there: in which function and on which line, by their debug information; and
 * whether it is a variable.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "modpost.h"
#include "modpost_object.h"

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

	if (!function || !source_line(o, shndx, rela->r_offset, where, sizeof(where)))
		snprintf(where, sizeof(where), "%s", o->path);
	fprintf(stderr, "        %s: used by %s%s\n", where, user ?: "?",
		user && function ? "()" : "");
	return true;
}

/* Prints the first use in each object. */
void show_users(char **paths, int n, const char *wanted)
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

bool is_variable(char **paths, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (object_has_variable(paths[i], name))
			return true;
	return false;
}
