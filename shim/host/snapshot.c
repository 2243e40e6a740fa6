// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the whole process, noted and put back.
 *
 * What is noted is each private page that can be written: data of the program,
 * of libraries and modules, the heap, tables; the file of the modelled pages; and
 * the stacks of fibers as far as they are in use. Nothing is copied in advance:
 * pages are made readable only, and the first write to one faults, is noted with
 * what the page had, and goes on. Such a page stays writable and is put back each
 * time, so once the pages are known that something writes to, noting costs no
 * more faults and putting back is as many copies.
 *
 * States that come out of it can be marked, one after the other, and gone back to as
 * well, which saves what leads to them.
 *
 * Left alone: the thread's own stack, on which both are called; memory that
 * processes share; what was named by host_snapshot_keep(), and what comes from
 * host_keep(). Those accumulate on purpose: the lock graph, the search.
 *
 * A module that is unloaded stays mapped, and nobody may touch it, until its end is
 * not to be undone any more.
 *
 * What no copy undoes spoils a snapshot: mappings, modules that are loaded, threads,
 * descriptors. So does a report, since files are read for its lines: a
 * system call cannot write to such a page, and fails where a store would fault.
 *
 * Not under a sanitizer, which has a state of its own beside each page, nor where
 * counters of coverage would be put back.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/fiber.h"
#include "host/memory.h"
#include "host/process.h"
#include "host/snapshot.h"

#ifdef UMDEV_SNAPSHOT

#define PAGE		4096UL
#define MAX_RANGES	512
#define MAX_KEPT	12
#define MAX_HOT		16384
#define MAX_STACKS	256
/* A state that is put back has no stack that was made since: workers come when others wait. */
#define SPARE_FIBERS	8
#define MAX_CLOSED	16
#define MAX_CLOSED_PAGES 4096	/* of one */
#define MAX_MARKED	16384
#define FILE_PAGES	(1UL << 21)
#define STACKS_SIZE	(4UL << 20)
#define MAX_POLLED	64		/* descriptors */
/*
 * Around the thread pointer: what the host's kernel writes to whenever the thread
 * has been preempted must be writable all the time.
 */
#define TLS_BELOW	(4 * PAGE)
#define TLS_ABOVE	(2 * PAGE)

struct range {
	uintptr_t low, high;
};

/* Of a module that was unloaded since: it is mapped still, and nobody may touch it. */
struct closed {
	uintptr_t low, high;
	void *handle;
	char name[64];
};

/* What the fibers had on them that were live. */
struct stacks {
	unsigned int n;
	size_t used;
	struct {
		char *at;
		size_t size, copy;		/* where in bytes[] */
	} stack[MAX_STACKS];
	char bytes[STACKS_SIZE];
};

/*
 * A state that came out of the one that was noted: pages that were hot by then are in
 * marked[] from the first on, all others are what they were at first.
 */
struct mark {
	unsigned int first, n_hot;
	uintptr_t end_of_heap;
	struct stacks stacks;
};

/* In memory that is no part of it. */
struct snapshot {
	bool active;
	unsigned int n_ranges, n_hot;
	struct range ranges[MAX_RANGES];	/* readable only, but for hot pages */
	uintptr_t hot[MAX_HOT];			/* pages, the n-th with its copy in copies[n] */
	bool has_kept[MAX_HOT];			/* something in it */
	unsigned char hot_file[FILE_PAGES / 8];	/* a bit for each page of the file */
	uintptr_t heap, end_of_heap;
	unsigned int n_closed;
	struct closed closed[MAX_CLOSED];
	struct host_memory views;
	int next_fd;				/* the first that was free */
	unsigned int n_marks;
	/* what is below has its own counts of what is in use */
	struct stacks stacks;
	struct mark mark[HOST_MARKS];
	char copies[MAX_HOT][PAGE];
	char marked[MAX_MARKED][PAGE];
};

static struct snapshot *snap;
static struct range kept[MAX_KEPT];
static unsigned int n_kept;

bool host_snapshot_can(void)
{
	return host_fiber_can_be_copied();
}

/* ---- what is kept ------------------------------------------------------------------ */

void host_snapshot_keep(const void *p, size_t size)
{
	if (n_kept == MAX_KEPT)
		host_abort();
	kept[n_kept++] = (struct range){ (uintptr_t)p, (uintptr_t)p + size };
}

#define KEEP_SIZE (1UL << 30)

/* At the beginning of the memory from which it gives. */
static struct keep {
	size_t used;
	struct spare {
		struct spare *next;
		size_t size;
	} *spare;
} *keep;
static struct host_lock keep_lock;

/* Lock held, or alone. */
static void keep_begin(void)
{
	if (keep)
		return;
	keep = mmap(NULL, KEEP_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (keep == MAP_FAILED) {
		if (!host_limit_met(errno))
			perror("umdev: no memory to keep");
		host_abort();
	}
	keep->used = sizeof(*keep);
	host_snapshot_keep(keep, KEEP_SIZE);
}

/* Lock held; NULL: there is none of that size. */
static void *used_before(size_t size)
{
	struct spare **p, *s;

	for (p = &keep->spare; (s = *p); p = &s->next) {
		if (s->size != size)
			continue;
		*p = s->next;
		memset(s, 0, size);
		break;
	}
	return s;
}

void *host_keep(size_t size)
{
	void *at;

	size = (size + sizeof(struct spare) - 1) & -sizeof(struct spare);
	host_lock(&keep_lock);
	keep_begin();
	at = used_before(size);
	if (!at) {
		if (keep->used + size > KEEP_SIZE)
			host_abort();
		at = (char *)keep + keep->used;
		keep->used += size;
	}
	host_unlock(&keep_lock);
	return at;
}

void host_keep_free(void *p, size_t size)
{
	struct spare *s = p;

	if (!s)
		return;
	host_lock(&keep_lock);
	s->size = (size + sizeof(*s) - 1) & -sizeof(*s);
	s->next = keep->spare;
	keep->spare = s;
	host_unlock(&keep_lock);
}

static bool has_kept(uintptr_t page)
{
	unsigned int i;

	for (i = 0; i < n_kept; i++)
		if (page + PAGE > kept[i].low && page < kept[i].high)
			return true;
	return false;
}

/* The page gets what is in @from, but for what is kept. */
static void copy_around_kept(uintptr_t page, const char *from)
{
	uintptr_t at = page, end = at + PAGE, next;
	unsigned int i;

	while (at < end) {
		next = end;
		for (i = 0; i < n_kept; i++) {
			if (at >= kept[i].low && at < kept[i].high) {
				at = kept[i].high;
				break;
			}
			if (kept[i].low > at && kept[i].low < next)
				next = kept[i].low;
		}
		if (i < n_kept || at >= end)
			continue;
		memcpy((char *)at, from + (at - page), next - at);
		at = next;
	}
}

/* ---- pages ----------------------------------------------------------------------------- */

/* The host may have no room for more mappings; valgrind has memory that nobody may protect. */
static bool can_protect(uintptr_t low, uintptr_t high, int prot)
{
	return low >= high || !mprotect((void *)low, high - low, prot);
}

static void protect(uintptr_t low, uintptr_t high, int prot)
{
	if (!can_protect(low, high, prot)) {
		perror("umdev: mprotect");
		host_abort();
	}
}

static bool is_hot_in_file(uintptr_t at)
{
	return at / PAGE < FILE_PAGES && snap->hot_file[at / PAGE / 8] >> at / PAGE % 8 & 1;
}

static void note_page(uintptr_t page)
{
	memcpy(snap->copies[snap->n_hot], (void *)page, PAGE);
	snap->has_kept[snap->n_hot] = has_kept(page);
	snap->hot[snap->n_hot++] = page;
}

/* Its copy is made, and it can be written from now on. */
static bool heat(uintptr_t page)
{
	const struct host_memory *v = &snap->views;
	uintptr_t view = page - (uintptr_t)v->kernel;

	if (snap->n_hot == MAX_HOT || !can_protect(page, page + PAGE, PROT_READ | PROT_WRITE))
		return false;
	note_page(page);
	if (view < v->size) {
		if (!can_protect((uintptr_t)v->vmalloc + view,
				 (uintptr_t)v->vmalloc + view + PAGE, PROT_READ | PROT_WRITE))
			return false;
		if (view / PAGE < FILE_PAGES)
			snap->hot_file[view / PAGE / 8] |= 1 << view / PAGE % 8;
	}
	return true;
}

/* Holes stay holes: only what is there is noted, and put back into the new ones. */
bool host_snapshot_note_pages(int fd, unsigned long offset, unsigned long size)
{
	off_t at = offset, end = offset + size, hole;

	if (!host_snapshot_is_active())
		return true;
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0 && at < end) {
		hole = lseek(fd, at, SEEK_HOLE);
		for (; at < hole && at < end; at += PAGE)
			if (!is_hot_in_file(at) && !heat((uintptr_t)snap->views.kernel + at))
				return false;
	}
	return true;
}

void host_snapshot_will_write(void *p, size_t size)
{
	volatile char *at = p, *end = at + size;

	if (!host_snapshot_is_active())
		return;
	while (at < end) {
		*at = *at;
		at = (volatile char *)(((uintptr_t)at | (PAGE - 1)) + 1);
	}
}

static bool is_in_range(uintptr_t page)
{
	unsigned int i;

	for (i = 0; i < snap->n_ranges; i++)
		if (page >= snap->ranges[i].low && page < snap->ranges[i].high)
			return true;
	return false;
}

static bool is_closed(uintptr_t page)
{
	unsigned int i;

	for (i = 0; i < snap->n_closed; i++)
		if (page >= snap->closed[i].low && page < snap->closed[i].high)
			return true;
	return false;
}

bool host_snapshot_fault(unsigned long addr, bool write)
{
	uintptr_t page = addr & ~(PAGE - 1);
	const struct host_memory *v;

	if (!snap || !snap->active || !write || is_closed(page))
		return false;
	v = &snap->views;
	if (page - (uintptr_t)v->vmalloc < v->size)
		page = (uintptr_t)v->kernel + (page - (uintptr_t)v->vmalloc);
	if (page - (uintptr_t)v->kernel >= v->size && !is_in_range(page))
		return false;
	if (!heat(page))
		host_snapshot_spoil();
	return true;
}

static void add_range(uintptr_t low, uintptr_t high)
{
	unsigned int i;

	if (low >= high)
		return;
	for (i = 0; i < n_kept; i++) {
		uintptr_t from = (kept[i].low + PAGE - 1) & ~(PAGE - 1);
		uintptr_t to = kept[i].high & ~(PAGE - 1);

		if (from >= to || to <= low || from >= high)
			continue;
		add_range(low, from);
		add_range(to, high);
		return;
	}
	if (snap->n_ranges == MAX_RANGES)
		host_abort();
	snap->ranges[snap->n_ranges++] = (struct range){ low, high };
}

static struct range thread_data(void)
{
	uintptr_t self;

	__asm__ ("movq %%fs:0, %0" : "=r" (self));
	return (struct range){ (self - TLS_BELOW) & ~(PAGE - 1), (self + TLS_ABOVE) & ~(PAGE - 1) };
}

/* Without what stacks of fibers lie there; the thread's own data is noted at once. */
static void add_mapping(uintptr_t low, uintptr_t high)
{
	const struct range tls = thread_data();
	uintptr_t from, to, page;
	unsigned int i;

	if (low < tls.high && high > tls.low) {
		from = low > tls.low ? low : tls.low;
		to = high < tls.high ? high : tls.high;
		for (page = from; page < to; page += PAGE)
			note_page(page);
		add_range(low, from);
		add_range(to, high);
		return;
	}

	for (i = 0; host_fiber_stack(i, &from, &to); i++) {
		if (to <= low || from >= high)
			continue;
		add_mapping(low, from > low ? from : low);
		add_mapping(to < high ? to : high, high);
		return;
	}
	add_range(low, high);
}

/* Ours are in memory that is shared, and so is the file of the pages. */
static bool find_ranges(void)
{
	char line[512], perms[8], path[256];
	unsigned long low, high;
	FILE *f = fopen("/proc/self/maps", "re");

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		path[0] = '\0';
		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &low, &high, perms, path) < 3)
			continue;
		if (!strcmp(path, "[heap]"))
			snap->heap = low;
		if (!strcmp(perms, "rw-p") && strcmp(path, "[stack]"))
			add_mapping(low, high);
	}
	fclose(f);
	return true;
}

/* ---- descriptors ------------------------------------------------------------------------ */

static int first_free_fd(void)
{
	int fd = fcntl(1, F_DUPFD_CLOEXEC, 0);

	close(fd);
	return fd;
}

/* Is that the first free one still? It takes one system call, where to look for it takes two. */
static bool is_first_free(int fd)
{
	struct pollfd all[MAX_POLLED];
	int i;

	if (fd < 0 || fd >= MAX_POLLED)
		return first_free_fd() == fd;
	for (i = 0; i <= fd; i++)
		all[i] = (struct pollfd){ .fd = i };
	if (poll(all, fd + 1, 0) < 0)
		return first_free_fd() == fd;
	for (i = 0; i < fd && !(all[i].revents & POLLNVAL); i++)
		;
	return i == fd && all[fd].revents & POLLNVAL;
}

static bool has_one_thread(void)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += *e->d_name != '.';
	if (d)
		closedir(d);
	return n == 1;
}

/* ---- stacks ----------------------------------------------------------------------------- */

/* Of those that wait what they have on them; nobody is where the others were. */
static bool note_stacks(struct stacks *s)
{
	char *low, *high;
	unsigned int i;
	size_t size;

	s->n = 0;
	s->used = 0;
	for (i = 0; host_fiber_live(i, &low, &high); i++) {
		if (!low)
			continue;
		size = high - low;
		if (s->n == MAX_STACKS || s->used + size > STACKS_SIZE)
			return false;
		memcpy(s->bytes + s->used, low, size);
		s->stack[s->n].at = low;
		s->stack[s->n].size = size;
		s->stack[s->n++].copy = s->used;
		s->used += size;
	}
	return true;
}

static void put_stacks_back(const struct stacks *s)
{
	unsigned int i;

	for (i = 0; i < s->n; i++)
		memcpy(s->stack[i].at, s->bytes + s->stack[i].copy, s->stack[i].size);
}

/* ---- modules that are unloaded -------------------------------------------------------- */

bool host_snapshot_close(void *handle, const char *name, void *base, unsigned long size)
{
	struct closed *c;

	if (!host_snapshot_is_active() || snap->n_closed == MAX_CLOSED ||
	    size / PAGE >= MAX_CLOSED_PAGES)
		return false;
	c = &snap->closed[snap->n_closed];
	memset(c, 0, sizeof(*c));
	c->handle = handle;
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->low = (uintptr_t)base;
	c->high = c->low + ((size + PAGE - 1) & ~(PAGE - 1));
	snap->n_closed++;
	protect(c->low, c->high, PROT_NONE);
	return true;
}

/* Those of its pages can be written that are @hot; each call costs as much as some hundred operations. */
static void heat_again(const struct closed *c, const bool *hot, unsigned int n)
{
	unsigned int i, from;

	for (i = 0; i < n; i++) {
		for (from = i; i < n && hot[i]; i++)
			;
		protect(c->low + from * PAGE, c->low + i * PAGE, PROT_READ | PROT_WRITE);
	}
}

/*
 * Hot pages can be written, as when the state was noted. What cannot be executed is told from
 * what can no more, which saves a call for each part. The data are the last of an image, and hot
 * most of them: those change once.
 */
static void open_again(void)
{
	static bool hot[MAX_CLOSED_PAGES];
	const struct closed *c;
	unsigned int i, n, cold;

	for (c = snap->closed; c < snap->closed + snap->n_closed; c++) {
		n = (c->high - c->low) / PAGE;
		memset(hot, 0, n);
		for (i = 0; i < snap->n_hot; i++)
			if (snap->hot[i] - c->low < c->high - c->low)
				hot[(snap->hot[i] - c->low) / PAGE] = true;
		for (cold = n; cold && hot[cold - 1]; cold--)
			;
		protect(c->low, c->low + cold * PAGE, PROT_READ | PROT_EXEC);
		heat_again(c, hot, n);
	}
	snap->n_closed = 0;
}

/* What the file says of them, which is read in the image. */
static int open_parts(struct dl_phdr_info *info, size_t size, void *arg)
{
	const struct closed *c = arg;
	uintptr_t low, high;
	int i;

	if (info->dlpi_addr != c->low)
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_LOAD)
			continue;
		low = (c->low + ph->p_vaddr) & ~(PAGE - 1);
		high = (c->low + ph->p_vaddr + ph->p_memsz + PAGE - 1) & ~(PAGE - 1);
		protect(low, high, PROT_READ | (ph->p_flags & PF_X ? PROT_EXEC : 0) |
			(ph->p_flags & PF_W ? PROT_WRITE : 0));
	}
	return 1;
}

void host_snapshot_end_closed(void)
{
	struct closed *c;

	if (!snap || snap->active)
		return;
	for (c = snap->closed; c < snap->closed + snap->n_closed; c++) {
		protect(c->low, c->high, PROT_READ);
		dl_iterate_phdr(open_parts, c);
		dlclose(c->handle);
		host_module_unmapped(c->name);
	}
	snap->n_closed = 0;
}

/* ---- noting and putting back ------------------------------------------------------------- */

/* As libc knows it, who alone moves it. */
static uintptr_t end_of_heap(void)
{
	return (uintptr_t)sbrk(0);
}

static bool protect_all(int prot)
{
	const struct host_memory *v = &snap->views;
	bool done = true;
	unsigned int i;

	for (i = 0; i < snap->n_ranges; i++)
		done &= can_protect(snap->ranges[i].low, snap->ranges[i].high, prot);
	done &= can_protect((uintptr_t)v->kernel, (uintptr_t)v->kernel + v->size, prot);
	return done & can_protect((uintptr_t)v->vmalloc, (uintptr_t)v->vmalloc + v->size, prot);
}

bool host_snapshot_take(void)
{
	if (!host_snapshot_can() || !has_one_thread())
		return false;
	keep_begin();
	if (!snap) {
		/* the heap neither shrinks nor grows, and nothing large is mapped apart */
		mallopt(M_MMAP_THRESHOLD, 1 << 30);
		mallopt(M_TRIM_THRESHOLD, 1 << 30);
		mallopt(M_TOP_PAD, 32 << 20);
		free(malloc(1 << 20));
		snap = host_shared(sizeof(*snap));
	}
	host_snapshot_spoil();
	host_snapshot_end_closed();
	host_fiber_spare(SPARE_FIBERS);
	memset(snap, 0, offsetof(struct snapshot, stacks));
	snap->views = *host_memory_views();
	snap->next_fd = first_free_fd();
	if (!find_ranges() || !note_stacks(&snap->stacks))
		return false;
	snap->end_of_heap = end_of_heap();
	snap->active = true;
	if (!protect_all(PROT_READ)) {
		host_snapshot_spoil();
		return false;
	}
	return true;
}

bool host_snapshot_is_active(void)
{
	return snap && snap->active;
}

bool host_snapshot_is_heap(const void *p)
{
	return (uintptr_t)p >= snap->heap && (uintptr_t)p < end_of_heap();
}

static bool can_go_back(void)
{
	if (!host_snapshot_is_active())
		return false;
	if (is_first_free(snap->next_fd))
		return true;
	host_snapshot_spoil();
	return false;
}

/* It is at @now. What libc believes of it was put back, too. */
static void put_heap_back(uintptr_t now, uintptr_t end)
{
	if (now != end)
		syscall(SYS_brk, end);
}

/* Hot pages from the @i-th to that before @end. */
static void put_pages_back(unsigned int i, unsigned int end, char (*from)[PAGE])
{
	for (; i < end; i++, from++)
		if (snap->has_kept[i])
			copy_around_kept(snap->hot[i], *from);
		else
			memcpy((void *)snap->hot[i], *from, PAGE);
}

bool host_snapshot_restore(void)
{
	uintptr_t now = end_of_heap();

	if (!can_go_back())
		return false;
	open_again();
	put_pages_back(0, snap->n_hot, snap->copies);
	put_stacks_back(&snap->stacks);
	put_heap_back(now, snap->end_of_heap);
	snap->n_marks = 0;
	return true;
}

/* One in which a module is closed would have to close it again. */
bool host_snapshot_mark(void)
{
	struct mark *m;
	unsigned int i;

	if (!host_snapshot_is_active() || snap->n_marks == HOST_MARKS || snap->n_closed ||
	    !is_first_free(snap->next_fd))
		return false;
	m = &snap->mark[snap->n_marks];
	m->first = snap->n_marks ? m[-1].first + m[-1].n_hot : 0;
	m->n_hot = snap->n_hot;
	m->end_of_heap = end_of_heap();
	if (m->first + m->n_hot > MAX_MARKED || !note_stacks(&m->stacks))
		return false;
	for (i = 0; i < m->n_hot; i++)
		memcpy(snap->marked[m->first + i], (void *)snap->hot[i], PAGE);
	snap->n_marks++;
	return true;
}

bool host_snapshot_back_to_mark(unsigned int n)
{
	uintptr_t now = end_of_heap();
	const struct mark *m;

	if (!can_go_back() || n >= snap->n_marks)
		return false;
	m = &snap->mark[n];
	open_again();
	put_pages_back(0, m->n_hot, snap->marked + m->first);
	put_pages_back(m->n_hot, snap->n_hot, snap->copies + m->n_hot);
	put_stacks_back(&m->stacks);
	put_heap_back(now, m->end_of_heap);
	snap->n_marks = n + 1;
	return true;
}

void host_snapshot_spoil(void)
{
	unsigned int i;

	if (!host_snapshot_is_active())
		return;
	protect_all(PROT_READ | PROT_WRITE);
	for (i = 0; i < snap->n_closed; i++)
		protect(snap->closed[i].low, snap->closed[i].high, PROT_NONE);
	snap->active = false;
}

#else

bool host_snapshot_can(void)
{
	return false;
}

void host_snapshot_keep(const void *p, size_t size)
{
}

void *host_keep(size_t size)
{
	return host_need(size);
}

void host_keep_free(void *p, size_t size)
{
	host_free(p);
}

bool host_snapshot_is_heap(const void *p)
{
	return false;
}

bool host_snapshot_fault(unsigned long addr, bool write)
{
	return false;
}

bool host_snapshot_note_pages(int fd, unsigned long offset, unsigned long size)
{
	return true;
}

void host_snapshot_will_write(void *p, size_t size)
{
}

bool host_snapshot_take(void)
{
	return false;
}

bool host_snapshot_is_active(void)
{
	return false;
}

bool host_snapshot_restore(void)
{
	return false;
}

bool host_snapshot_mark(void)
{
	return false;
}

bool host_snapshot_back_to_mark(unsigned int n)
{
	return false;
}

void host_snapshot_spoil(void)
{
}

bool host_snapshot_close(void *handle, const char *name, void *base, unsigned long size)
{
	return false;
}

void host_snapshot_end_closed(void)
{
}

#endif
