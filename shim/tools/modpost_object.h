/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An ELF file as modpost reads it: one that is damaged or cut is refused when it
 * is opened, so that what is read later can be trusted to be inside the file.
 */
#ifndef UMDEV_TOOLS_MODPOST_OBJECT_H
#define UMDEV_TOOLS_MODPOST_OBJECT_H

#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>

struct object {
	const char *path;
	int fd;
	Elf *elf;
	size_t shstrndx;
	size_t n_sections;
	Elf_Scn *symtab;
	Elf_Data *symbols;
	size_t n_symbols;
	size_t strtab;		/* section of the symbols' names */
};

/*
 * A relocatable, or with @shared the library that is the kernel. Ends the process
 * with a message for anything else, and for one that is not whole.
 */
void object_open(struct object *o, const char *path, bool shared);
void object_close(struct object *o);

/* "" for a section that has none. */
const char *section_name(struct object *o, Elf_Scn *scn);
/* Sections of one name may be several: one per COMDAT group, say. */
Elf_Scn *next_section(struct object *o, Elf_Scn *scn, const char *name);
/* The bytes of a section of strings, which end with a NUL; NULL for an empty one. */
const char *section_strings(struct object *o, Elf_Scn *scn, size_t *size);
/* "" for a symbol without a name. */
const char *object_symbol(struct object *o, size_t i, GElf_Sym *sym);

/* What is done to a linked module, its checksum last; 0, or 1 with a message. */
int seal_module(const char *path);

/* ---- modpost_alias.c ------------------------------------------------------- */

struct strings;
extern struct strings aliases;	/* of the module at hand */
void add_alias(const char *alias);

/* Adds those of a table of devices, if symbol @name is one. */
void read_device_table(struct object *o, const char *name, const GElf_Sym *sym);

#endif
