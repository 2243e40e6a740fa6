// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the addresses in call stacks (host/walk.c), named by libdw from a
 * table of mapped objects that is never shortened: an unloaded module keeps
 * its row, and its address range stays reserved without access, so that no
 * other object can come to lie there, a stale call faults, and a stack taken
 * before the unload can be named after it. One that is loaded again and again
 * has KEPT such ranges; the next time it comes to lie in the oldest of them,
 * where its stacks mean the same as before.
 */
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/host.h"
#include "host/snapshot.h"
#include "host/walk.h"

struct mapped {
	struct mapped *next;
	uintptr_t base, start, end;
	bool unloaded;
	bool given_up;		/* and its range may be anybody's */
	bool main;		/* the program, or where the shim itself lies */
	char name[64];
	char path[512];
	Dwfl *dwfl;		/* opened at the first question */
	Dwfl_Module *mod;
	uintptr_t read_at;	/* where @mod believes the object to lie */
};

#define KEPT 16

static struct mapped *maps;	/* newest first */
static pthread_mutex_t maps_lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void add_map(const struct dl_phdr_info *info, const char *path, const char *name)
{
	struct mapped *m = calloc(1, sizeof(*m));
	int i;

	if (!m)
		return;
	m->base = info->dlpi_addr;
	m->start = UINTPTR_MAX;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t lo = info->dlpi_addr + ph->p_vaddr;

		if (ph->p_type != PT_LOAD)
			continue;
		if (lo < m->start)
			m->start = lo;
		if (lo + ph->p_memsz > m->end)
			m->end = lo + ph->p_memsz;
	}
	snprintf(m->path, sizeof(m->path), "%s", path);
	snprintf(m->name, sizeof(m->name), "%s", name);
	m->next = maps;
	maps = m;
}

static bool is_here(const struct mapped *m)
{
	return (uintptr_t)&maps >= m->start && (uintptr_t)&maps < m->end;
}

struct seek {
	uintptr_t addr;
	const char *name;
	bool found;
};

static int map_of_address(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct seek *s = arg;
	char exe[512];
	int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t lo = info->dlpi_addr + ph->p_vaddr;
		const char *path = info->dlpi_name;
		ssize_t n;

		if (ph->p_type != PT_LOAD || s->addr < lo || s->addr >= lo + ph->p_memsz)
			continue;
		if (!path || !*path) {
			n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
			exe[n > 0 ? n : 0] = '\0';
			path = exe;
		}
		add_map(info, path, s->name ? s->name : "");
		if (maps)
			maps->main = !info->dlpi_name || !*info->dlpi_name || is_here(maps);
		s->found = true;
		return 1;
	}
	return 0;
}

static struct mapped *find_map(uintptr_t addr)
{
	struct seek s = { .addr = addr };
	struct mapped *m;
	int again;

	for (again = 0; again < 2; again++) {
		for (m = maps; m; m = m->next)
			if (addr >= m->start && addr < m->end)
				return m;
		if (again || !dl_iterate_phdr(map_of_address, &s))
			break;
	}
	return NULL;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/*
 * A module that was loaded before and is the same file has been read before:
 * its addresses are the old ones, moved. Reading takes milliseconds.
 */
static bool share_dwarf(struct mapped *m)
{
	struct mapped *o;

	for (o = maps; o; o = o->next) {
		if (!o->mod || strcmp(o->path, m->path) || o->end - o->start != m->end - m->start)
			continue;
		m->dwfl = o->dwfl;
		m->mod = o->mod;
		m->read_at = o->read_at;
		return true;
	}
	return false;
}

static void open_dwarf(struct mapped *m)
{
	if (share_dwarf(m))
		return;
	m->read_at = m->base;
	m->dwfl = dwfl_begin(&callbacks);
	if (!m->dwfl)
		return;
	dwfl_report_begin(m->dwfl);
	m->mod = dwfl_report_elf(m->dwfl, m->name, m->path, -1, m->base, false);
	dwfl_report_end(m->dwfl, NULL, NULL);
}

static const char *short_path(const char *path)
{
	static const char top[] = UMDEV_SOURCE_DIR;
	size_t len = sizeof(top) - 1;

	return strncmp(path, top, len) ? path : path + len;
}

static bool is_header(const char *file)
{
	const char *end = strrchr(file, '.');

	return !strncmp(short_path(file), "shim/", 5) && end && !strcmp(end, ".h");
}

static const char *call_place(Dwarf_Die *cu, Dwarf_Die *inlined, int *number)
{
	Dwarf_Attribute attr;
	Dwarf_Files *files;
	Dwarf_Word file, line;
	size_t n;

	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attr), &file) ||
	    dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attr), &line) ||
	    dwarf_getsrcfiles(cu, &files, &n) || file >= n)
		return NULL;
	*number = line;
	return dwarf_filesrc(files, file, NULL, NULL);
}

static void set_place(struct host_symbol *s, const char *function, const char *file, int line)
{
	if (function)
		snprintf(s->function, sizeof(s->function), "%s", function);
	if (file)
		snprintf(s->file, sizeof(s->file), "%s", short_path(file));
	s->line = line;
	s->shim = !strncmp(s->file, "shim/", 5);
}

/*
 * The functions that were inlined around an address, innermost first, and then
 * the one that they are in. (The scopes of an address end at the definition of
 * its innermost function; those of that one's place lead outwards.) An inline
 * function of a kernel header is left out: what one wants to see is the line
 * that called it.
 */
static unsigned int inlined_at(Dwfl_Module *mod, uintptr_t addr, const char *file, int line,
			       struct host_symbol *s, unsigned int max)
{
	Dwarf_Die *cu, *inner = NULL, *scopes = NULL;
	unsigned int found = 0;
	Dwarf_Addr bias;
	int i, n = 0;

	cu = dwfl_module_addrdie(mod, addr, &bias);
	if (cu && dwarf_getscopes(cu, addr - bias, &inner) > 0)
		n = dwarf_getscopes_die(inner, &scopes);
	for (i = 0; i < n && found + 1 < max; i++) {
		if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine)
			continue;
		if (!is_header(file)) {
			set_place(&s[found], dwarf_diename(&scopes[i]), file, line);
			s[found++].inlined = true;
		}
		file = call_place(cu, &scopes[i], &line) ?: file;
	}
	set_place(&s[found], NULL, file, line);
	free(scopes);
	free(inner);
	return found + 1;
}

/* Lock held. */
static unsigned int look_up(Dwfl_Module *mod, uintptr_t addr, struct host_symbol *s,
			    unsigned int max)
{
	const char *func, *file = NULL;
	GElf_Off offset = 0;
	unsigned int n = 1;
	Dwfl_Line *line;
	GElf_Sym sym;
	int number;

	func = dwfl_module_addrinfo(mod, addr, &offset, &sym, NULL, NULL, NULL);
	line = dwfl_module_getsrc(mod, addr);
	if (line)
		file = dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
	/* an address that a function begins at stands for the function */
	if (file && offset)
		n = inlined_at(mod, addr, file, number, s, max);
	else if (file)
		set_place(s, NULL, file, number);
	/* what a compiler made of it has its name and more: ".part.0", ".localalias" */
	if (func)
		snprintf(s[n - 1].function, sizeof(s->function), "%.*s", (int)strcspn(func, "."),
			 func);
	return n;
}

/*
 * What addresses were found to be: an audit asks for the same few hundred over
 * and over, and libdw reads through a compilation unit for each answer. Of two
 * that share a place the later one stays.
 */
static struct known {
	Dwfl_Module *mod;
	uintptr_t addr;		/* where @mod believes it to lie */
	unsigned int n;
	struct host_symbol s[HOST_INLINED];
} *known[1024];

/* Lock held. */
static unsigned int find_in(struct mapped *m, uintptr_t pc, struct host_symbol *s,
			    unsigned int max)
{
	uintptr_t addr = pc - m->base + m->read_at;
	struct known **at = &known[addr * 0x9e3779b97f4a7c15ULL >> 54], *k = *at;

	if (max != HOST_INLINED)
		return look_up(m->mod, addr, s, max);
	if (!k)
		k = *at = calloc(1, sizeof(*k));
	if (!k)
		return look_up(m->mod, addr, s, max);
	if (k->mod != m->mod || k->addr != addr) {
		memset(k, 0, sizeof(*k));
		k->n = look_up(m->mod, addr, k->s, max);
		k->mod = m->mod;
		k->addr = addr;
	}
	memcpy(s, k->s, k->n * sizeof(*s));
	return k->n;
}

unsigned int host_find_symbols(const void *pc, struct host_symbol *s, unsigned int max)
{
	uintptr_t addr = (uintptr_t)pc - 1;	/* the call, not the return */
	unsigned int i, n = 1;
	struct mapped *m;

	/* libdw reads files */
	host_snapshot_spoil();
	memset(s, 0, max * sizeof(*s));
	/* a sanitizer that ends the process in here has it told without names */
	if (pthread_mutex_lock(&maps_lock))
		return n;
	m = find_map(addr);
	if (!m)
		goto out;
	if (!m->dwfl)
		open_dwarf(m);
	if (m->mod)
		n = find_in(m, addr, s, max);
	for (i = 0; i < n; i++) {
		s[i].module = *m->name;
		/* a sanitizer may be part of the program; it has no debug information */
		s[i].library = !*m->name && (!m->main || !*s[i].file);
		snprintf(s[i].object, sizeof(s[i].object), "%.255s", *m->name ? m->name : m->path);
		s[i].offset = addr + 1 - m->base;
		s[i].unloaded = m->unloaded;
	}
out:
	pthread_mutex_unlock(&maps_lock);
	return n;
}

void host_find_symbol(const void *pc, struct host_symbol *s)
{
	struct host_symbol all[HOST_INLINED];

	host_find_symbols(pc, all, HOST_INLINED);
	*s = all[0];
}

void host_symbol_text(const struct host_symbol *s, const void *pc, char *buf, size_t size)
{
	if (!*s->object)
		snprintf(buf, size, "%p", pc);
	else if (*s->function && *s->file)
		snprintf(buf, size, "%s (%s:%d)%s", s->function, s->file, s->line,
			 s->unloaded ? " [unloaded]" : "");
	else
		snprintf(buf, size, "%s+0x%zx [%s%s]", *s->function ? s->function : "?", s->offset,
			 s->object, s->unloaded ? ", unloaded" : "");
}

void host_symbolize(const void *pc, char *buf, size_t size)
{
	struct host_symbol s;

	host_find_symbol(pc, &s);
	host_symbol_text(&s, pc, buf, size);
}

bool host_is_unloaded(unsigned long addr)
{
	struct mapped *m;

	/* from a fault: whoever names addresses just now does not touch modules */
	if (pthread_mutex_trylock(&maps_lock))
		return false;
	for (m = maps; m; m = m->next)
		if (m->unloaded && !m->given_up && addr >= m->start && addr < m->end)
			break;
	pthread_mutex_unlock(&maps_lock);
	return m;
}

static uintptr_t first_page(const struct mapped *m)
{
	return m->start & ~4095UL;
}

static size_t size_in_pages(const struct mapped *m)
{
	return ((m->end + 4095) & ~4095UL) - first_page(m);
}

/* Lock held. */
static void reserve(struct mapped *m)
{
	void *p = mmap((void *)first_page(m), size_in_pages(m), PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	m->given_up = p == MAP_FAILED;
}

/* Lock held: the range that this object left first, when it has left enough of them. */
static struct mapped *oldest_range(const char *path)
{
	struct mapped *m, *oldest = NULL;
	unsigned int n = 0;

	for (m = maps; m; m = m->next) {
		if (!m->unloaded || m->given_up || strcmp(m->path, path))
			continue;
		oldest = m;
		n++;
	}
	return n < KEPT ? NULL : oldest;
}

void host_module_maps(const char *path)
{
	struct mapped *m;

	pthread_mutex_lock(&maps_lock);
	m = oldest_range(path);
	if (m) {
		munmap((void *)first_page(m), size_in_pages(m));
		m->given_up = true;
	}
	pthread_mutex_unlock(&maps_lock);
}

/* Lock held: the row of an object that lay here before, with all that is known of it. */
static bool is_back(const struct link_map *lm)
{
	struct mapped *m, **p;
	bool back = false;

	for (p = &maps; (m = *p); p = &m->next) {
		if (!m->given_up || strcmp(m->path, lm->l_name))
			continue;
		if (m->base == lm->l_addr) {
			/* the newest again */
			*p = m->next;
			m->next = maps;
			maps = m;
			m->unloaded = false;
			m->given_up = false;
			back = true;
			break;
		}
		reserve(m);
	}
	return back;
}

void host_module_mapped(void *handle, const char *name)
{
	struct link_map *lm;
	struct seek s = { .name = name };

	if (dlinfo(handle, RTLD_DI_LINKMAP, &lm))
		return;
	s.addr = (uintptr_t)lm->l_ld;
	pthread_mutex_lock(&maps_lock);
	if (!is_back(lm))
		dl_iterate_phdr(map_of_address, &s);
	host_walk_note_code();
	pthread_mutex_unlock(&maps_lock);
}

/* The newest row of that name; NULL: it was never mapped. */
static struct mapped *row_of(const char *name)
{
	struct mapped *m;

	for (m = maps; m && strcmp(m->name, name); m = m->next)
		;
	return m;
}

void host_module_closed(const char *name)
{
	struct mapped *m;

	pthread_mutex_lock(&maps_lock);
	m = row_of(name);
	if (m)
		m->unloaded = true;
	pthread_mutex_unlock(&maps_lock);
}

void host_module_unmapped(const char *name)
{
	struct mapped *m;

	pthread_mutex_lock(&maps_lock);
	m = row_of(name);
	if (m) {
		m->unloaded = true;
		reserve(m);
	}
	pthread_mutex_unlock(&maps_lock);
}
