// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is an object whole? What a compiler was interrupted at, or a disk has lost,
 * must be refused and not half read: libelf hands out what it finds, and a
 * count that is not true keeps its reader busy for ever.
 *
 * All that modpost relies on is looked at once, before anything is read: that
 * headers and sections lie in the file, links point at what they must,
 * symbols have names and sections, relocations have symbols, strings end. And
 * modpost has a minute of processor time, which no whole object needs, for
 * what only libdw could know of damaged debug information.
 */
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../host/seal.h"
#include "modpost.h"

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#endif

#define CPU_SECONDS	60

struct file {
	const unsigned char *at;
	size_t size;
	const Elf64_Ehdr *eh;
	const Elf64_Shdr *sh;
	size_t n;		/* sections */
	const char *names;	/* of sections */
};

static bool in_file(const struct file *f, uint64_t offset, uint64_t size)
{
	return offset <= f->size && size <= f->size - offset;
}

static const unsigned char *bytes(const struct file *f, size_t i)
{
	return f->at + f->sh[i].sh_offset;
}

static bool has_bytes(const Elf64_Shdr *sh)
{
	return sh->sh_type != SHT_NOBITS && sh->sh_type != SHT_NULL && sh->sh_size;
}

static bool ends_in_nul(const struct file *f, size_t i)
{
	return !has_bytes(&f->sh[i]) || !bytes(f, i)[f->sh[i].sh_size - 1];
}

static bool is_strtab(const struct file *f, size_t i)
{
	return i < f->n && f->sh[i].sh_type == SHT_STRTAB && has_bytes(&f->sh[i]) &&
	       ends_in_nul(f, i);
}

static bool is_symtab(const struct file *f, size_t i)
{
	return i < f->n && (f->sh[i].sh_type == SHT_SYMTAB || f->sh[i].sh_type == SHT_DYNSYM);
}

/* ---- from the outside in --------------------------------------------- */

static const char *check_header(struct file *f)
{
	const Elf64_Ehdr *eh = f->eh = (const void *)f->at;

	if (f->size < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG))
		return "not an ELF object";
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_ident[EI_DATA] != ELFDATA2LSB ||
	    eh->e_machine != MACHINE || (eh->e_type != ET_REL && eh->e_type != ET_DYN))
		return "not an object of this machine";
	if (eh->e_shentsize != sizeof(*f->sh) || !eh->e_shoff || eh->e_shoff % 8 ||
	    !in_file(f, eh->e_shoff, sizeof(*f->sh)))
		return "its section headers are not in the file";
	f->sh = (const void *)(f->at + eh->e_shoff);
	/* more than a half-word tells are counted in the first section */
	f->n = eh->e_shnum ?: f->sh[0].sh_size;
	if (f->n < 2 || f->n > f->size || !in_file(f, eh->e_shoff, f->n * sizeof(*f->sh)))
		return "its section headers are not in the file";
	return NULL;
}

static const char *check_sections(struct file *f)
{
	size_t i, names = f->eh->e_shstrndx == SHN_XINDEX ? f->sh[0].sh_link :
							     f->eh->e_shstrndx;

	for (i = 1; i < f->n; i++) {
		const Elf64_Shdr *sh = &f->sh[i];

		if (has_bytes(sh) && !in_file(f, sh->sh_offset, sh->sh_size))
			return "a section is not in the file";
		if (sh->sh_addralign & (sh->sh_addralign - 1))
			return "a section's alignment is none";
	}
	if (!is_strtab(f, names))
		return "its sections have no names";
	for (i = 1; i < f->n; i++)
		if (f->sh[i].sh_name >= f->sh[names].sh_size)
			return "a section has no name";
	f->names = (const char *)bytes(f, names);
	return NULL;
}

static const char *check_symbols(const struct file *f, size_t i)
{
	const Elf64_Shdr *sh = &f->sh[i];
	const Elf64_Sym *sym = (const void *)bytes(f, i);
	size_t k, n = sh->sh_size / sizeof(*sym);

	if (sh->sh_entsize != sizeof(*sym) || sh->sh_size % sizeof(*sym) || !has_bytes(sh) ||
	    sh->sh_offset % 8 || !is_strtab(f, sh->sh_link))
		return "its symbol table is damaged";
	for (k = 0; k < n; k++) {
		if (sym[k].st_name >= f->sh[sh->sh_link].sh_size)
			return "a symbol has no name";
		if (sym[k].st_shndx < SHN_LORESERVE && sym[k].st_shndx >= f->n)
			return "a symbol is in no section";
	}
	return NULL;
}

static const char *check_relocations(const struct file *f, size_t i)
{
	const Elf64_Shdr *sh = &f->sh[i];
	const Elf64_Rela *rela = (const void *)bytes(f, i);
	size_t k, n = sh->sh_size / sizeof(*rela), symbols = 0;

	if (sh->sh_entsize != sizeof(*rela) || sh->sh_size % sizeof(*rela) || sh->sh_offset % 8 ||
	    sh->sh_info >= f->n || (sh->sh_link && !is_symtab(f, sh->sh_link)))
		return "its relocations are damaged";
	if (sh->sh_link)
		symbols = f->sh[sh->sh_link].sh_size / sizeof(Elf64_Sym);
	for (k = 0; has_bytes(sh) && k < n; k++) {
		if (ELF64_R_SYM(rela[k].r_info) && ELF64_R_SYM(rela[k].r_info) >= symbols)
			return "a relocation has no symbol";
		if (f->eh->e_type == ET_REL && rela[k].r_offset >= f->sh[sh->sh_info].sh_size)
			return "a relocation is outside its section";
	}
	return NULL;
}

/* What modpost reads as strings, one behind the other. */
static const char *check_strings(const struct file *f, size_t i)
{
	const char *name = f->names + f->sh[i].sh_name;

	if (!strcmp(name, ".modinfo") || !strcmp(name, "um_ksymtab"))
		return ends_in_nul(f, i) ? NULL : "its strings do not end";
	return NULL;
}

static const char *check_contents(const struct file *f)
{
	const char *why = NULL;
	size_t i;

	for (i = 1; i < f->n && !why; i++) {
		switch (f->sh[i].sh_type) {
		case SHT_SYMTAB:
		case SHT_DYNSYM:
			why = check_symbols(f, i);
			break;
		case SHT_RELA:
			why = check_relocations(f, i);
			break;
		default:
			why = check_strings(f, i);
		}
	}
	return why;
}

const char *elf_damage(int fd)
{
	struct file f = { 0 };
	const char *why;
	struct stat st;
	void *map;

	if (fstat(fd, &st) || !st.st_size)
		return "empty";
	f.size = st.st_size;
	map = mmap(NULL, f.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return "cannot be read";
	f.at = map;
	why = check_header(&f);
	if (!why)
		why = check_sections(&f);
	if (!why)
		why = check_contents(&f);
	munmap(map, f.size);
	return why;
}

/* ---- the last resort ------------------------------------------------- */

static void on_cpu_limit(int sig)
{
	static const char text[] = "FATAL: modpost: a minute of work on one module: "
				   "is an object damaged? Build it anew.\n";

	(void)sig;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) > 0)
		_exit(1);
	_exit(1);
}

void limit_work(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CPU, &limit) ||
	    (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < CPU_SECONDS))
		return;
	limit.rlim_cur = CPU_SECONDS;
	signal(SIGXCPU, on_cpu_limit);
	setrlimit(RLIMIT_CPU, &limit);
}

/* ---- the seal -------------------------------------------------------- */

void seal_file(const char *path)
{
	struct seal seal;
	unsigned char *file;
	size_t size;
	FILE *f;

	file = (unsigned char *)read_file(path, &size);
	if (!file)
		fatal("%s: cannot be read", path);
	if (seal_find(file, size, &seal))
		size -= sizeof(seal);
	seal.length = size;
	seal.sum = seal_sum(file, size);
	memcpy(seal.magic, SEAL_MAGIC, sizeof(seal.magic));
	f = fopen(path, "r+e");
	if (!f || fseek(f, size, SEEK_SET) || fwrite(&seal, sizeof(seal), 1, f) != 1 || fclose(f))
		fatal("%s: cannot be written", path);
}
