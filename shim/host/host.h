/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel-side files of the shim may ask of the host.
 *
 * The files in shim/host/ are the only ones that include libc; everything
 * else in the shim is compiled like a kernel, without libc headers, and goes
 * through these functions. They never call back into the shim except where
 * their kernel-doc says so, and none of them blocks on anything the shim
 * models.
 */
#ifndef UMDEV_HOST_H
#define UMDEV_HOST_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/stdarg.h>
#else
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef uint32_t u32;
typedef unsigned long long u64;
typedef long long s64;
#define __noreturn __attribute__((__noreturn__))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#endif

/* ---- memory: malloc, so that ASan and LSan judge every byte ------------ */

void *host_alloc(size_t size);		/* uninitialised; NULL when out of memory */
void *host_zalloc(size_t size);
/* Zeroed, for what must not fail: the process ends when there is none. */
void *host_need(size_t size);
void *host_realloc(void *p, size_t size);
void *host_memalign(size_t align, size_t size);
void host_free(void *p);
/* To TSan this is no write: the caller is not ordered after those who used the block. */
void host_free_unseen(void *p);
size_t host_alloc_size(const void *p);	/* usable size, for ksize() */
/* A block that is meant to live as long as the process: LSan ignores it. */
void *host_alloc_permanent(size_t size);

/* Does the allocator have @addr, as far as a sanitizer knows? -1 where none does. */
int host_address_is_heap(const void *addr);

/* ASan: one of the calling task's variables that it keeps elsewhere than on the stack? */
bool host_on_fake_stack(const void *addr);

/* ---- output and the end of the process --------------------------------- */

void host_write(int fd, const char *buf, size_t len);
/* Appends in one write; a file that cannot be opened is told on standard error once. */
void host_append(const char *path, const char *buf, size_t len);
int host_snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int host_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap) __printf(3, 0);
void host_sort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
const char *host_getenv(const char *name);
void host_abort(void) __noreturn;
/* A sanitizer that ends the process says so here. */
void host_catch_death(void);
/* Before such an end. */
void host_die_once(void);
/* Is it under way? What comes from there is no other fault. */
bool host_dies(void);
/* Before an end that runs no exit handlers: what a coverage build has counted is written. */
void host_keep_counters(void);

/* ---- limits of the process ----------------------------------------------- */

/*
 * Is the errno @err, of a call that has just failed, a limit of this process? Then
 * that is said, once, with what to do.
 */
bool host_limit_met(int err);
/*
 * At boot: 0, or a negative errno, which has been told, where too few files may be
 * open or there are no @space bytes of addresses.
 */
int host_limits_check(unsigned long space);

/* ---- time --------------------------------------------------------------- */

u64 host_monotonic_ns(void);
/* Of processors, for the calling thread; or for the process and its children that have ended. */
u64 host_thread_ns(void);
u64 host_used_ns(void);
u64 host_realtime_ns(void);

/* ---- call stacks --------------------------------------------------------- */

/*
 * host_stack - program counters of the callers, innermost first.
 * @pc:   filled with at most @max entries
 * @skip: how many frames of the caller itself to leave out: its static
 *        functions among them are noinline, or a compiler changes the count
 *
 * Walks frame pointers (everything is built with -fno-omit-frame-pointer);
 * cheap enough for every reference taken. Returns the number of entries.
 */
unsigned int host_stack(void **pc, unsigned int max, unsigned int skip);
/* Who takes stacks all the time wants that of somebody else: so many frames are his own. */
#define HOST_STACK_OWN 3
/*
 * host_stack_kept - as host_stack(), for one who keeps equal stacks once.
 * @skip: frames of the caller itself, at least HOST_STACK_OWN
 * @keep: gives the copy that stays for ever; not called for a stack that was
 *        walked before from the same frame and is still the same
 *
 * HOST_KEPT_DEPTH frames at most. Returns what @keep did. By any thread; not from a
 * signal handler.
 */
#define HOST_KEPT_DEPTH 12
typedef void *const *(*host_keep_fn)(void *const *pc, unsigned int n);
void *const *host_stack_kept(unsigned int skip, host_keep_fn keep);
#define HOST_STACK_SINCE 4
struct host_range {
	uintptr_t low, high;
};
/*
 * HOST_STACK_SINCE entries from the function on that is returned to at @ip, or from here if
 * it is far away, as they stand in the calling task's @stack: not all need be return
 * addresses (host_was_code()). NULL behind the last when there are fewer.
 * *@last is the frame of which the last entry is: as long as that has not been left,
 * host_stack_beyond() has what lies outside of it.
 */
void host_stack_since(unsigned long ip, const struct host_range *stack, void **pc,
		      const void **last);
unsigned int host_stack_beyond(const void *last, const void *ret, void **pc, unsigned int max);
/*
 * The callers of the function that has this frame. Of a fault: code without
 * frame pointers may have had anything there, and then there are none.
 */
unsigned int host_stack_from(const void *frame, void **pc, unsigned int max);
/*
 * The frame in which @addr lies, among those from @frame on and below @high, and in *@ret
 * where it returns to; 0: none of them.
 */
uintptr_t host_frame_of(uintptr_t frame, uintptr_t high, uintptr_t addr, void **ret);
/* The callers of a function that others have left where it is, by its frame. */
unsigned int host_stack_at(const void *frame, void **pc, unsigned int max);
/*
 * Of a thread that runs, given by its number and its task: asked by a signal.
 * 0 if it has not answered.
 */
unsigned int host_stack_of(u64 tid, const void *task, void **pc, unsigned int max);
/*
 * The callers by unwind tables, through code without frame pointers and through
 * signal handlers: from where the program counter is @from (the innermost entry,
 * where a signal came), or from here with NULL. Slow, and takes locks of the
 * dynamic linker: for the last report of a process.
 */
unsigned int host_stack_unwind(const void *from, void **pc, unsigned int max);
/*
 * A fault at @addr: does not return if it is the unwinder's, which met a frame whose
 * code is gone. The stack ends there, and nobody is asked what to do: who has a stack
 * looked at may have the locks for that.
 */
void host_unwind_fault(unsigned long addr);

/*
 * host_symbolize - name one program counter.
 *
 * Writes "function (dir/file.c:123)", or "function+0x12 [module]" without
 * debug information. Addresses in modules that were unloaded meanwhile are
 * named too: host_module_mapped() keeps what is needed. Source paths are
 * shortened to be relative to the top of the source tree.
 */
void host_symbolize(const void *pc, char *buf, size_t size);

/* The same in pieces; what is not known is "". */
struct host_symbol {
	char function[128];
	char file[256];		/* relative to the top of the source tree */
	int line;
	char object[256];	/* the module's name, or the path of what is mapped there */
	size_t offset;		/* of the program counter in it */
	bool unloaded;
	bool module;		/* of a module, not of the kernel */
	bool shim;		/* the modelled kernel's own code */
	bool library;		/* libc's, a sanitizer's: neither that nor built like a module */
	bool inlined;		/* into the next one of host_find_symbols() */
};
/* The innermost function, which may be inlined. */
void host_find_symbol(const void *pc, struct host_symbol *s);
/*
 * With those that it is inlined into, innermost first; inline functions of
 * kernel headers are left out. At most @max; returns how many, at least one.
 */
#define HOST_INLINED 6
unsigned int host_find_symbols(const void *pc, struct host_symbol *s, unsigned int max);
/* As host_symbolize() writes it. */
void host_symbol_text(const struct host_symbol *s, const void *pc, char *buf, size_t size);
/* May @addr be where a call returns to? */
/* Was it, in a module that may be gone? */
bool host_was_code(const void *addr);
bool host_is_code(const void *addr);
/* The same wherever the object that has this code comes to lie, and in each run. */
u64 host_code_key(const void *pc);
/* Which objects are mapped where: another number, and addresses may mean other code. */
unsigned int host_code_table(void);

/*
 * Told by the module loader: a file is about to be mapped, an object was, is gone.
 * host_module_unmapped() is called after dlclose() and reserves the range
 * without access, so that a call into it faults with a name instead of
 * reaching whatever is loaded there next.
 */
void host_module_maps(const char *path);
void host_module_mapped(void *handle, const char *name);
void host_module_unmapped(const char *name);
/* It is mapped still, and is to be taken for gone (host/snapshot.c). */
void host_module_closed(const char *name);
/* Was there a module that is gone? */
bool host_is_unloaded(unsigned long addr);

/* ---- threads: used by kernel/sched/core.c alone --------------------------- */

struct host_thread;
/* Ends the process when no thread can be made. The thread is joined by host_thread_join(). */
struct host_thread *host_thread_start(void (*fn)(void *arg), void *arg);
void host_thread_join(struct host_thread *t);
/* Calls @fn, which ends early where host_end_call() is called, at whatever depth, with @call. */
void host_call(void (*fn)(void *arg), void *arg, void **call);
void host_end_call(void *call) __attribute__((__noreturn__));
/* Read at each operation: libumdev is there from a program's beginning. */
extern __thread void *host_this_task __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* The value set by this thread. */
static inline void *host_task_get(void)
{
	return host_this_task;
}

/* Each thread has another one, as long as it lives; takes no system call. */
static inline u64 host_thread_number(void)
{
	return (unsigned long)&host_this_task;
}

void host_task_set(void *task);
/* Registers @fn to be called with the task of a thread that ends. */
void host_task_on_exit(void (*fn)(void *task));

/* The calling task's stack: from low to high. */
void host_stack_range(struct host_range *r);

/* A lock and a parking place that TSan does not see (futexes). */
struct host_lock { u32 word; };	/* 0 free, 1 taken, 2 taken and waited for */
void host_lock_slowly(struct host_lock *l);
void host_unlock_slowly(struct host_lock *l);
/* Somebody waits. */
void host_unlock_waited(struct host_lock *l);
/* From here on the calling thread is the only one that there is. */
void host_thread_is_alone(void);

#ifdef UMDEV_TSAN
static inline void host_lock(struct host_lock *l)
{
	host_lock_slowly(l);
}

static inline void host_unlock(struct host_lock *l)
{
	host_unlock_slowly(l);
}
#else
/* What is atomic for others takes ten times as long. */
extern bool host_one_thread __attribute__((visibility("hidden")));

static inline void host_lock(struct host_lock *l)
{
	u32 was = 0;

	if (host_one_thread && !l->word)
		l->word = 1;
	else if (!__atomic_compare_exchange_n(&l->word, &was, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		host_lock_slowly(l);
}

static inline void host_unlock(struct host_lock *l)
{
	if (host_one_thread && l->word == 1)
		l->word = 0;
	else if (__atomic_fetch_sub(&l->word, 1, __ATOMIC_RELEASE) != 1)
		host_unlock_waited(l);
}
#endif
struct host_park { u32 word; };
/* Sleeps until host_unpark(), or @ns (< 0: for ever) have passed. */
void host_park(struct host_park *p, s64 ns);
void host_unpark(struct host_park *p);
void host_cpu_relax(void);
u64 host_tid(void);

/* ---- random --------------------------------------------------------------- */

void host_random(void *buf, size_t len);

#endif
