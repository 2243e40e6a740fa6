// SPDX-License-Identifier: GPL-2.0-only
/*
 * Call stacks and their names.
 *
 * Stacks are walked by frame pointers, those of faults and of what a sanitizer
 * found by unwind tables: code of libraries lies between. Addresses are named by libdw from a
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
#include <unwind.h>

#include "host/host.h"
#include "host/snapshot.h"

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

/*
 * Where code is: a return address elsewhere is not one. Code without frame
 * pointers (a program not built by us) would otherwise end a walk with
 * rubbish, different each time. Readers take the current table as it is; an
 * old one is kept, since one may still be reading it, and used again when the
 * same is mapped again.
 */
struct code {
	struct code *next;	/* of all there were */
	unsigned int n;
	unsigned int number;	/* from 1 on */
	struct code_range {
		uintptr_t start, end;
		uintptr_t base;
		u64 object;	/* a hash of its path */
	} at[];			/* by address */
};

#define CODE_MAX 256
#define KEPT 16
/* No stack is larger. */
#define STACK_MAX (8UL << 20)

static struct code *code, *all_code;
/* Where the last address was found, by whoever looked: most come from one object. */
static unsigned int code_hint;
/*
 * Return addresses that were found to be code, each with the number of the table
 * that said so in the bits that no address has.
 */
#define SEEN		4096
#define ADDRESS_BITS	47
static u64 seen[SEEN];
static struct mapped *maps;	/* newest first */
static pthread_mutex_t maps_lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static u64 hash_of(const char *text)
{
	u64 h = 14695981039346656037ULL;

	while (text && *text)
		h = (h ^ (unsigned char)*text++) * 1099511628211ULL;
	return h;
}

static int add_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct code *c = arg;
	int i;

	for (i = 0; i < info->dlpi_phnum && c->n < CODE_MAX; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X))
			continue;
		c->at[c->n].start = info->dlpi_addr + ph->p_vaddr;
		c->at[c->n].end = c->at[c->n].start + ph->p_memsz;
		c->at[c->n].base = info->dlpi_addr;
		c->at[c->n].object = hash_of(info->dlpi_name);
		c->n++;
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct code_range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static struct code *known_code(const struct code *like)
{
	struct code *c;

	for (c = all_code; c; c = c->next)
		if (c->n == like->n && !memcmp(c->at, like->at, c->n * sizeof(c->at[0])))
			break;
	return c;
}

static struct code *note_code(void)
{
	struct code *all = calloc(1, sizeof(*all) + CODE_MAX * sizeof(all->at[0])), *c;

	if (!all)
		abort();
	dl_iterate_phdr(add_code, all);
	qsort(all->at, all->n, sizeof(all->at[0]), by_start);
	c = known_code(all);
	if (c) {
		free(all);
	} else {
		c = realloc(all, sizeof(*c) + all->n * sizeof(c->at[0]));
		if (!c)
			c = all;
		c->number = all_code ? all_code->number + 1 : 1;
		c->next = all_code;
		all_code = c;
	}
	__atomic_store_n(&code, c, __ATOMIC_RELEASE);
	return c;
}

static bool is_in(const struct code *c, unsigned int i, uintptr_t addr)
{
	return i < c->n && addr >= c->at[i].start && addr < c->at[i].end;
}

/* NULL: no code is there. */
static const struct code_range *code_at(uintptr_t addr)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);
	unsigned int low = __atomic_load_n(&code_hint, __ATOMIC_RELAXED), high, middle;

	if (!c)
		c = note_code();
	if (is_in(c, low, addr))
		return &c->at[low];
	low = 0;
	for (high = c->n; low < high; ) {
		middle = (low + high) / 2;
		if (addr < c->at[middle].end)
			high = middle;
		else
			low = middle + 1;
	}
	if (!is_in(c, low, addr))
		return NULL;
	__atomic_store_n(&code_hint, low, __ATOMIC_RELAXED);
	return &c->at[low];
}

static u64 *seen_slot(uintptr_t addr)
{
	return &seen[(addr ^ addr >> 12) % SEEN];
}

/* Of the table as it is now; no entry begins with the other. */
static u64 seen_begin(void)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);

	return c && !(c->number >> (64 - ADDRESS_BITS)) ? (u64)c->number << ADDRESS_BITS : ~0ULL;
}

/* What is not there yet is looked up; @begin is that of now. */
static __attribute__((noinline)) bool becomes_seen(uintptr_t addr, u64 begin)
{
	if (!code_at(addr))
		return false;
	if (begin != ~0ULL)
		__atomic_store_n(seen_slot(addr), begin | addr, __ATOMIC_RELAXED);
	return true;
}

static inline __attribute__((always_inline)) bool is_seen(uintptr_t addr, u64 begin)
{
	/* one with more bits than an address has gives another number */
	return (__atomic_load_n(seen_slot(addr), __ATOMIC_RELAXED) ^ addr) == begin;
}

bool host_is_code(const void *addr)
{
	return code_at((uintptr_t)addr);
}

unsigned int host_code_table(void)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);

	return c ? c->number : 0;
}

u64 host_code_key(const void *pc)
{
	const struct code_range *r = code_at((uintptr_t)pc);

	return r ? r->object + ((uintptr_t)pc - r->base) : 0;
}

/* Frames of code without frame pointers end a walk. */
static bool is_outside(const uintptr_t *next, const uintptr_t *frame)
{
	uintptr_t size = (uintptr_t)next - (uintptr_t)frame;

	return next > frame && size <= STACK_MAX && !(size & 7);
}

/* *@last: the frame of the last entry; it and those before are ours, as @frame is. */
__attribute__((no_sanitize("address")))
static unsigned int walk_from(uintptr_t *frame, void **pc, unsigned int max, uintptr_t **last)
{
	u64 begin = seen_begin();
	unsigned int n = 0;

	while (n < max) {
		uintptr_t *next = (uintptr_t *)frame[0];
		uintptr_t ret = frame[1];

		if (!is_seen(ret, begin) && !becomes_seen(ret, begin))
			break;
		pc[n++] = (void *)ret;
		*last = frame;
		if (!is_outside(next, frame))
			break;
		frame = next;
	}
	return n;
}

/* The @skip innermost are the shim's own, and have frames. */
__attribute__((no_sanitize("address")))
static unsigned int walk(uintptr_t *frame, void **pc, unsigned int max, unsigned int skip)
{
	uintptr_t *last;

	while (skip--)
		frame = (uintptr_t *)frame[0];
	return walk_from(frame, pc, max, &last);
}

unsigned int host_stack(void **pc, unsigned int max, unsigned int skip)
{
	return walk(__builtin_frame_address(0), pc, max, skip);
}

__attribute__((no_sanitize("address")))
unsigned int host_stack_since(unsigned long ip, void **pc, unsigned int max, const void **last)
{
	uintptr_t *here = __builtin_frame_address(0), *frame = here, *at = NULL;
	unsigned int i, n;

	for (i = 0; i < 12 && frame[1] != ip && is_outside((uintptr_t *)frame[0], frame); i++)
		frame = (uintptr_t *)frame[0];
	n = walk_from(frame[1] == ip ? frame : here, pc, max, &at);
	*last = at;
	return n;
}

__attribute__((no_sanitize("address")))
unsigned int host_stack_beyond(const void *last, const void *ret, void **pc, unsigned int max)
{
	uintptr_t *frame = __builtin_frame_address(0), *at;

	while (frame < (uintptr_t *)last && is_outside((uintptr_t *)frame[0], frame))
		frame = (uintptr_t *)frame[0];
	if (frame != last || frame[1] != (uintptr_t)ret || !is_outside((uintptr_t *)frame[0], frame))
		return 0;
	return walk_from((uintptr_t *)frame[0], pc, max, &at);
}

unsigned int host_stack_from(const void *frame, void **pc, unsigned int max)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0), at = (uintptr_t)frame;

	if (at & 7 || at <= here || at - here > STACK_MAX)
		return 0;
	return walk((uintptr_t *)at, pc, max, 0);
}

__attribute__((no_sanitize("address")))
uintptr_t host_frame_of(uintptr_t frame, uintptr_t high, uintptr_t addr, void **ret)
{
	uintptr_t next;

	for (; !(frame & 7) && high - frame >= 16 && frame < high; frame = next) {
		next = ((uintptr_t *)frame)[0];
		*ret = ((void **)frame)[1];
		if (frame > addr)
			return frame;
		if (next <= frame)
			break;
	}
	return 0;
}

unsigned int host_stack_at(const void *frame, void **pc, unsigned int max)
{
	return walk((uintptr_t *)frame, pc, max, 0);
}

struct unwinding {
	uintptr_t from;		/* the frame at which this program counter is begins it; 0: all */
	void **pc;
	unsigned int n, max;
};

static _Unwind_Reason_Code unwind_frame(struct _Unwind_Context *frame, void *arg)
{
	struct unwinding *u = arg;
	int before = 0;
	uintptr_t pc = _Unwind_GetIPInfo(frame, &before);

	if (u->from && pc != u->from)
		return _URC_NO_REASON;
	u->from = 0;
	if (!pc || u->n == u->max)
		return _URC_END_OF_STACK;
	/* one that a signal interrupted has not called: as if it had */
	u->pc[u->n++] = (void *)(pc + before);
	return _URC_NO_REASON;
}

unsigned int host_stack_unwind(const void *from, void **pc, unsigned int max)
{
	struct unwinding u = { .from = (uintptr_t)from, .pc = pc, .max = max };

	_Unwind_Backtrace(unwind_frame, &u);
	return u.n;
}

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
	return (uintptr_t)&code >= m->start && (uintptr_t)&code < m->end;
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
	note_code();
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
