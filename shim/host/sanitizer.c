// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sanitizers' public interfaces, by which they tell what they have found:
 * ASan calls back with its report, UBSan calls a function of a fixed name,
 * TSan is asked when it ends the process. All of them are weak: a build has
 * one or two of them, and other runtimes than that of the compiler may lack some.
 *
 * LeakSanitizer and MSan have no such interface: their reports go to a file of
 * ours, and the addresses in them are named here, those in modules that are gone,
 * too. LeakSanitizer is run at the program's exit before it would run by itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/memory.h"
#include "host/sanitizer.h"

static struct {
	void (*found)(const struct host_finding *f);
	struct host_finding finding;	/* large, and stacks are short by then */
} sanitizer;

static struct host_finding *new_finding(const char *tool)
{
	struct host_finding *f = &sanitizer.finding;

	memset(f, 0, sizeof(*f));
	f->tool = tool;
	return f;
}

/* The stack that is to be filled next; the last one again when there are too many. */
static void **next_stack(struct host_finding *f, const char *what)
{
	unsigned int i = f->n_stacks;

	if (i == HOST_FINDING_STACKS)
		i--;
	else
		f->n_stacks++;
	memset(&f->stacks[i], 0, sizeof(f->stacks[i]));
	snprintf(f->stacks[i].what, sizeof(f->stacks[i].what), "%s", what);
	return f->stacks[i].pc;
}

static void end_stack(struct host_finding *f, unsigned int depth)
{
	f->stacks[f->n_stacks - 1].depth = depth;
	if (!depth)
		f->n_stacks--;
}

static void add_here(struct host_finding *f)
{
	void **pc = next_stack(f, "here");

	end_stack(f, host_stack_unwind(NULL, pc, HOST_FINDING_DEPTH));
}

/* ---- ASan ------------------------------------------------------------------------ */

void __asan_set_error_report_callback(void (*fn)(const char *report)) __attribute__((weak));
const char *__asan_get_report_description(void) __attribute__((weak));
size_t __asan_get_alloc_stack(void *addr, void **trace, size_t size, int *thread)
	__attribute__((weak));
size_t __asan_get_free_stack(void *addr, void **trace, size_t size, int *thread)
	__attribute__((weak));

const char *__asan_locate_address(void *addr, char *name, size_t name_size, void **region,
				  size_t *region_size) __attribute__((weak));

int host_address_is_heap(const void *addr)
{
	return __asan_locate_address ? !!host_block_of(addr) : -1;
}

const void *host_block_of(const void *addr)
{
	void *region, *made;
	size_t size;
	char name[8];
	int thread;

	/* a variable of a module may have no name, by which ASan falls: it is asked of blocks only */
	if (!__asan_locate_address || !__asan_get_alloc_stack((void *)addr, &made, 1, &thread) ||
	    strncmp(__asan_locate_address((void *)addr, name, sizeof(name), &region, &size),
		    "heap", 4))
		return NULL;
	return region;
}

unsigned int host_allocated_at(const void *addr, void **pc, unsigned int max)
{
	int thread;

	return __asan_get_alloc_stack && host_address_is_heap(addr) > 0 ?
	       __asan_get_alloc_stack((void *)addr, pc, max, &thread) : 0;
}

void *__asan_get_current_fake_stack(void) __attribute__((weak));
void *__asan_addr_is_in_fake_stack(void *stack, void *addr, void **start, void **end)
	__attribute__((weak));

bool host_on_fake_stack(const void *addr)
{
	void *stack = __asan_get_current_fake_stack ? __asan_get_current_fake_stack() : NULL;
	void *start, *end;

	return stack && __asan_addr_is_in_fake_stack(stack, (void *)addr, &start, &end);
}

/* "... ERROR: AddressSanitizer: WHAT ADDRESS ...", in colours or not. */
static const char *first_line(struct host_finding *f, const char *report)
{
	static const char name[] = "AddressSanitizer: ";
	const char *at = strstr(report, name);

	at = at ? at + sizeof(name) - 1 : report;
	snprintf(f->text, sizeof(f->text), "%.*s", (int)strcspn(at, "\n\033"), at);
	return strstr(f->text, "0x");
}

static void on_asan_report(const char *report)
{
	struct host_finding *f = new_finding("ASan");
	const char *number = first_line(f, report);
	void *addr = NULL;
	int thread;

	f->sort = __asan_get_report_description();
	add_here(f);
	if (number && sscanf(number, "%p", &addr) == 1 && addr) {
		void **pc = next_stack(f, "allocated");

		end_stack(f, __asan_get_alloc_stack(addr, pc, HOST_FINDING_DEPTH, &thread));
		pc = next_stack(f, "freed");
		end_stack(f, __asan_get_free_stack(addr, pc, HOST_FINDING_DEPTH, &thread));
	}
	sanitizer.found(f);
}

/*
 * The last blocks that were freed, by address: while they wait in ASan's own
 * quarantine it knows where they came from and went.
 */
#define FREED 1024

static struct {
	uintptr_t block[FREED];	/* inverted: no reference to what comes to lie there next */
	unsigned int n;		/* ever noted */
	unsigned int from;	/* those before are forgotten */
} freed;

void host_note_freed(const void *block)
{
	unsigned int n;

	if (!__asan_get_free_stack)
		return;
	n = __atomic_fetch_add(&freed.n, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&freed.block[n % FREED], ~(uintptr_t)block, __ATOMIC_RELAXED);
}

void host_forget_freed(void)
{
	freed.from = __atomic_load_n(&freed.n, __ATOMIC_RELAXED);
}

bool host_freed_block(unsigned int i, struct host_freed *f)
{
	unsigned int n = __atomic_load_n(&freed.n, __ATOMIC_RELAXED);
	void *block;
	int thread;

	if (i >= FREED || i >= n - freed.from)
		return false;
	block = (void *)~freed.block[(n - 1 - i) % FREED];
	f->n_made = __asan_get_alloc_stack(block, f->made_at, HOST_FINDING_DEPTH, &thread);
	f->n_freed = __asan_get_free_stack(block, f->freed_at, HOST_FINDING_DEPTH, &thread);
	return true;
}

/* ---- UBSan ----------------------------------------------------------------------- */

void __ubsan_get_current_report_data(const char **sort, const char **message, const char **file,
				     unsigned int *line, unsigned int *column, char **addr)
	__attribute__((weak));

/* Found by its name: this library comes before UBSan's in every program. */
void __ubsan_on_report(void);
void __ubsan_on_report(void)
{
	struct host_finding *f;
	const char *message, *file;
	unsigned int line, column;
	char *addr;

	if (!sanitizer.found || !__ubsan_get_current_report_data)
		return;
	f = new_finding("UBSan");
	__ubsan_get_current_report_data(&f->sort, &message, &file, &line, &column, &addr);
	snprintf(f->text, sizeof(f->text), "%s", message);
	add_here(f);
	sanitizer.found(f);
}

/* ---- TSan ------------------------------------------------------------------------ */

void *__tsan_get_current_report(void) __attribute__((weak));
void __tsan_ignore_thread_begin(void) __attribute__((weak));
int __tsan_get_report_data(void *report, const char **sort, int *count, int *stacks, int *accesses,
			   int *locations, int *mutexes, int *threads, int *tids,
			   void **sleep_trace, unsigned long trace_size) __attribute__((weak));
int __tsan_get_report_stack(void *report, unsigned long i, void **trace, unsigned long size)
	__attribute__((weak));
int __tsan_get_report_mop(void *report, unsigned long i, int *tid, void **addr, int *size,
			  int *write, int *atomic, void **trace, unsigned long trace_size)
	__attribute__((weak));
int __tsan_get_report_loc(void *report, unsigned long i, const char **type, void **addr,
			  unsigned long *start, unsigned long *size, int *tid, int *fd,
			  int *suppressable, void **trace, unsigned long trace_size)
	__attribute__((weak));

/* TSan ends a trace by NULL, and has an entry for each inlined function. */
static unsigned int trace_depth(void **pc)
{
	unsigned int i, n = 0;

	for (i = 0; i < HOST_FINDING_DEPTH && pc[i]; i++)
		if (!n || pc[n - 1] != pc[i])
			pc[n++] = pc[i];
	return n;
}

static void add_access(struct host_finding *f, void *report, unsigned long i)
{
	void **pc = next_stack(f, ""), *addr;
	int tid, size, write, atomic;

	__tsan_get_report_mop(report, i, &tid, &addr, &size, &write, &atomic, pc,
			      HOST_FINDING_DEPTH);
	snprintf(f->stacks[f->n_stacks - 1].what, sizeof(f->stacks[0].what),
		 "%s%s of %d byte%s by thread %d", atomic ? "atomic " : "",
		 write ? "write" : "read", size, size == 1 ? "" : "s", tid);
	end_stack(f, trace_depth(pc));
}

static void add_location(struct host_finding *f, void *report, unsigned long i)
{
	void **pc = next_stack(f, "allocated"), *addr;
	unsigned long start, size;
	int tid, fd, suppressable;
	const char *type;

	__tsan_get_report_loc(report, i, &type, &addr, &start, &size, &tid, &fd, &suppressable, pc,
			      HOST_FINDING_DEPTH);
	end_stack(f, trace_depth(pc));
}

static void add_traces(struct host_finding *f, void *report, int accesses, int stacks, int locations)
{
	void **pc;
	int i;

	for (i = 0; i < accesses; i++)
		add_access(f, report, i);
	for (i = 0; i < stacks; i++) {
		pc = next_stack(f, "here");
		__tsan_get_report_stack(report, i, pc, HOST_FINDING_DEPTH);
		end_stack(f, trace_depth(pc));
	}
	for (i = 0; i < locations; i++)
		add_location(f, report, i);
}

/* ---- LeakSanitizer --------------------------------------------------------------- */

void __lsan_do_leak_check(void) __attribute__((weak));
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

/* Where its report goes while it looks; no descriptor: 0 */
static int leaks_fd;

static void look_for_leaks(void)
{
	int fd = memfd_create("leaks", MFD_CLOEXEC);

	if (fd <= 0)
		return;
	leaks_fd = fd;
	__sanitizer_set_report_fd((void *)(long)fd);
	__lsan_do_leak_check();		/* ends the process if there are any */
	__sanitizer_set_report_fd((void *)2L);
	leaks_fd = 0;
	close(fd);
}

/*
 * Lines "#0 0x..." behind the one at *@line, which becomes that after them, or NULL.
 * There is one for each inlined function, and it has the call, where others give the
 * return.
 */
static unsigned int trace_lines(void **pc, const char **line)
{
	unsigned int depth = 0, n;
	void *addr;

	while ((*line = strchr(*line, '\n')) && sscanf(++*line, " #%u %p", &n, &addr) == 2)
		if (depth < HOST_FINDING_DEPTH &&
		    (!depth || pc[depth - 1] != (char *)addr + 1))
			pc[depth++] = (char *)addr + 1;
	return depth;
}

/* "Direct leak of 48 byte(s) in 1 object(s) allocated from:" and lines "#0 0x..." */
static const char *one_leak(const char *line)
{
	struct host_finding *f = new_finding("LSan");
	unsigned long bytes, objects;
	void **pc;

	f->sort = "memory leak";
	if (sscanf(line, "%*s leak of %lu byte(s) in %lu object(s)", &bytes, &objects) != 2)
		return NULL;
	snprintf(f->text, sizeof(f->text), "%lu byte%s in %lu object%s leaked, allocated", bytes,
		 bytes == 1 ? "" : "s", objects, objects == 1 ? "" : "s");
	pc = next_stack(f, "allocated");
	end_stack(f, trace_lines(pc, &line));
	sanitizer.found(f);
	return line;
}

/* All of a report that went to @fd, or NULL. */
static char *whole_report(int fd)
{
	off_t size;
	char *text;

	__sanitizer_set_report_fd((void *)2L);
	size = lseek(fd, 0, SEEK_END);
	text = size > 0 ? calloc(1, size + 1) : NULL;
	if (text && pread(fd, text, size, 0) == size)
		return text;
	free(text);
	return NULL;
}

static void tell_leaks(void)
{
	const char *line, *end;
	char *text = whole_report(leaks_fd);

	leaks_fd = 0;
	if (!text)
		return;
	line = strstr(text, "ERROR: ");
	end = strstr(text, "SUMMARY: ");
	if (line)
		host_write(2, line, strcspn(line, "\n") + 1);
	for (line = strstr(text, "Direct leak of"); line; line = strstr(line, "Direct leak of"))
		line = one_leak(line);
	if (end)
		host_write(2, end, strlen(end));
	free(text);
}

/* ---- MSan ------------------------------------------------------------------------ */

void __msan_set_keep_going(int keep_going) __attribute__((weak));

/* Its report goes there, and is printed when it ends the process by it; 0: no MSan */
static int msan_fd;

static void catch_msan(void)
{
	int fd = memfd_create("msan", MFD_CLOEXEC);

	if (fd <= 0)
		return;
	msan_fd = fd;
	__sanitizer_set_report_fd((void *)(long)fd);
}

/* The stack below the line at @line; what comes after it. */
static const char *take_trace(struct host_finding *f, const char *what, const char *line)
{
	void **pc = next_stack(f, what);

	end_stack(f, trace_lines(pc, &line));
	return line ? line : "";
}

/* Does this line speak of memory of host_memory_unwritten()? */
static bool is_ours(const char *line)
{
	static const char origin[] = HOST_UNWRITTEN_ORIGIN;

	line = strchrnul(line, '\'');
	return *line && !strncmp(line + 1, origin, sizeof(origin) - 1);
}

static void tell_msan(void)
{
	static const char name[] = "MemorySanitizer: ", came[] = "Uninitialized value was ";
	char *text = whole_report(msan_fd);
	struct host_finding *f = new_finding("MSan");
	const char *at = text ? strstr(text, name) : NULL;
	bool made;

	msan_fd = 0;
	if (!at)
		return;
	host_write(2, text, strlen(text));
	at += sizeof(name) - 1;
	snprintf(f->text, sizeof(f->text), "%.*s", (int)strcspn(at, "\n"), at);
	f->sort = f->text;
	at = take_trace(f, "here", at);
	while ((at = strstr(at, came))) {
		at += sizeof(came) - 1;
		made = !strncmp(at, "created", 7);
		if (made && is_ours(at))
			/* the stack of its allocation is the one before */
			snprintf(f->stacks[f->n_stacks - 1].what, sizeof(f->stacks[0].what), "allocated");
		else
			at = take_trace(f, made ? "allocated" : "copied", at);
	}
	sanitizer.found(f);
	free(text);
}

/* ---- the end of the process ------------------------------------------------------- */

void host_sanitizer_death(void)
{
	int count, stacks, accesses, locations, mutexes, threads, tids;
	void *report, *slept[1] = { NULL };
	static bool told;	/* what fails in here ends the process by the same way */
	struct host_finding *f;

	if (sanitizer.found && leaks_fd)
		tell_leaks();
	if (sanitizer.found && msan_fd)
		tell_msan();
	if (!sanitizer.found || !__tsan_get_current_report ||
	    __atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		return;
	report = __tsan_get_current_report();
	if (!report)
		return;
	/* a race found from here on would wait for the report that is being made */
	__tsan_ignore_thread_begin();
	f = new_finding("TSan");
	__tsan_get_report_data(report, &f->sort, &count, &stacks, &accesses, &locations, &mutexes,
			       &threads, &tids, slept, 1);
	snprintf(f->text, sizeof(f->text), "%s", f->sort);
	add_traces(f, report, accesses, stacks, locations);
	sanitizer.found(f);
}

void host_sanitizer_init(void (*found)(const struct host_finding *f))
{
	sanitizer.found = found;
	if (__asan_set_error_report_callback)
		__asan_set_error_report_callback(on_asan_report);
	if (__tsan_get_current_report || __lsan_do_leak_check || __msan_set_keep_going)
		host_catch_death();
	if (__msan_set_keep_going)
		catch_msan();
	/* behind the handlers of whoever comes later, before LeakSanitizer's own */
	if (__lsan_do_leak_check && __sanitizer_set_report_fd)
		atexit(look_for_leaks);
}
