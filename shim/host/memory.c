// SPDX-License-Identifier: GPL-2.0-only
/*
 * One memory file, mapped several times, and the handler for faults on it.
 *
 * The file is sparse: what nobody has touched takes no memory. The kernel
 * side has it readable and writable; the user's view has no access rights,
 * so that a driver which follows a user pointer faults at once, in every
 * build, with the exact address; user mappings are pieces of the file put
 * over reserved address space, some of them only when they are touched.
 *
 * The handler of SIGSEGV serves those mappings and reports the touches, and
 * pointers that are no addresses: what they are tells where they were read. It
 * runs on the stack of the thread that faulted, not on an alternate one: it
 * calls a driver's fault handler, which is ordinary kernel code and needs
 * room. Whatever it does not know goes to the handler that was there before
 * (host/signals.c), as do the other signals of a fault, and abort(): they are told with
 * their stack where nobody else would.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "host/memory.h"
#include "host/snapshot.h"
#include "host/signals.h"

#if defined(__SANITIZE_ADDRESS__)
#define UM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UM_ASAN 1
#endif
#endif
#ifdef UM_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

static struct {
	struct host_memory views;
	const struct host_memory_faults *faults;
	bool (*mapped)(unsigned long addr, bool write);
	int fd;
	bool caught;			/* signals, for good */
} memory;

/* What this thread did when it faulted. */
static __thread const ucontext_t *faulting;

static void must(bool done, const char *what)
{
	if (done)
		return;
	if (!host_limit_met(errno))
		perror(what);
	host_abort();
}

/* ---- faults ---------------------------------------------------------- */

static const void *fault_pc(const ucontext_t *uc)
{
#if defined(__x86_64__)
	return (const void *)uc->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)uc->uc_mcontext.pc;
#else
	return NULL;
#endif
}

static const void *fault_frame(const ucontext_t *uc)
{
#if defined(__x86_64__)
	return (const void *)uc->uc_mcontext.gregs[REG_RBP];
#elif defined(__aarch64__)
	return (const void *)uc->uc_mcontext.regs[29];
#else
	return NULL;
#endif
}

/* Of a function that has just been called; any other has poisoned bytes there. */
__attribute__((noinline, no_sanitize("address")))
static const void *fault_caller(const ucontext_t *uc)
{
#if defined(__x86_64__)
	return *(const void *const *)uc->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	return (const void *)uc->uc_mcontext.regs[30];
#else
	return NULL;
#endif
}

static bool fault_is_write(const ucontext_t *uc)
{
#if defined(__x86_64__)
	return uc->uc_mcontext.gregs[REG_ERR] & 2;
#else
	return false;
#endif
}

#if defined(__x86_64__)
/* A register by its number in an instruction. */
static unsigned long numbered(const ucontext_t *uc, unsigned int number)
{
	static const int names[16] = {
		REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
		REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
	};

	return uc->uc_mcontext.gregs[names[number & 15]];
}

/*
 * Where "call *disp(%reg)" and "jmp *disp(%reg)" go: no register holds it. Other
 * forms of address (an index, relative to the program counter) are left out.
 */
__attribute__((no_sanitize("address")))
static unsigned long indirect_target(const ucontext_t *uc)
{
	const unsigned char *code = fault_pc(uc);
	unsigned int rex = (*code & 0xf0) == 0x40 ? *code++ : 0, mod, base;
	const signed char *near;
	unsigned long at;
	int far = 0;

	if (code[0] != 0xff || ((code[1] >> 3 & 7) != 2 && (code[1] >> 3 & 7) != 4))
		return 0;
	mod = code[1] >> 6;
	base = code[1] & 7;
	if (mod == 3 || base == 4 || (!mod && base == 5))
		return 0;
	near = (const signed char *)code + 2;
	if (mod == 1)
		far = *near;
	if (mod == 2)
		memcpy(&far, near, sizeof(far));
	at = numbered(uc, base | (rex & 1) << 3) + far;
	/* or is it this address that is none? */
	return at >> 47 ? 0 : *(const unsigned long *)at;
}
#endif

static void take_values(struct host_fault *f, const ucontext_t *uc, bool general)
{
#if defined(__x86_64__)
	unsigned int i;

	for (i = 0; i < 16; i++)
		f->values[f->n_values++] = numbered(uc, i);
	/* the code was reached, so it can be read; so could what it names */
	if (general)
		f->values[f->n_values++] = indirect_target(uc);
#else
	f->values[f->n_values++] = f->addr;
#endif
}

static void take_fault(struct host_fault *f, unsigned long addr, const ucontext_t *uc)
{
	const void *pc = fault_pc(uc), *caller = fault_caller(uc);

	memset(f, 0, sizeof(*f));
	f->addr = addr;
	f->called = addr && pc == (const void *)addr;
	if (!f->called)
		f->depth = host_stack_unwind(pc, f->stack, HOST_FAULT_DEPTH);
	if (f->depth > 1)
		return;
	/* nothing is known about the code there */
	f->depth = 0;
	if (!f->called)
		f->stack[f->depth++] = (char *)pc + 1;
	if (host_is_code(caller))
		f->stack[f->depth++] = (void *)caller;
	f->depth += host_stack_from(fault_frame(uc), f->stack + f->depth,
				    HOST_FAULT_DEPTH - f->depth);
}

/*
 * A pointer that is none of user space: the processor tells no address, TSan
 * makes another of it before it looks.
 */
static bool is_wild(const siginfo_t *si)
{
#ifdef UMDEV_TSAN
	return (unsigned long)si->si_addr >= 4096 || !si->si_addr;
#elif defined(__x86_64__)
	return si->si_code == SI_KERNEL;
#else
	return (unsigned long)si->si_addr >> 48;
#endif
}

static void pass_on(int sig, siginfo_t *si, void *context)
{
	if (host_signal_pass(sig, si, context))
		return;
	/* the access is repeated and ends the process; so does abort() when this has returned */
	host_signal_default(sig);
	host_die_once();
	host_keep_counters();
}

static const char *meaning(int sig)
{
	switch (sig) {
	case SIGSEGV:
		return "SIGSEGV: nothing may be accessed there";
	case SIGBUS:
		return "SIGBUS: what it accesses cannot be had, or is not aligned";
	case SIGFPE:
		return "SIGFPE: a division by zero, or whose quotient has no room";
	case SIGILL:
		return "SIGILL: no instruction of this processor";
	default:
		return "SIGABRT: abort() was called";
	}
}

/* A sanitizer tells it, a test framework does not. @addr: what it accessed, or 0 */
static void tell(int sig, unsigned long addr, const ucontext_t *uc)
{
	struct host_fault f;

	if (host_signal_is_told(sig) || host_dies())
		return;
	take_fault(&f, addr, uc);
	memory.faults->fault(&f, meaning(sig), sig == SIGSEGV || sig == SIGBUS);
}

/*
 * ASan knows every global that there ever was, and reads what the modules had of
 * them when it looks for what lies near an address: its report must not end in
 * another. There they read as zeroes, which is near nothing.
 */
static bool asan_looks_there(unsigned long addr, const ucontext_t *uc)
{
#ifdef UM_ASAN
	Dl_info asan, at;

	return dladdr((void *)__asan_describe_address, &asan) && dladdr(fault_pc(uc), &at) &&
	       at.dli_fbase == asan.dli_fbase &&
	       !mprotect((void *)(addr & ~4095UL), 4096, PROT_READ);
#else
	return false;
#endif
}

static void on_fault(int sig, siginfo_t *si, void *context)
{
	unsigned long addr = (unsigned long)si->si_addr;
	bool users = addr - (unsigned long)memory.views.user < memory.views.size;
	struct host_fault f;
	bool unloaded;

	if (si->si_code <= 0) {
		pass_on(sig, si, context);
		return;
	}
	/* before anything is written: it may be on such a page itself */
	if (host_snapshot_fault(addr, fault_is_write(context)))
		return;
	host_unwind_fault(addr);
	faulting = context;
	if (!users && memory.mapped && memory.mapped(addr, fault_is_write(context)))
		return;
	unloaded = host_is_unloaded(addr);
	if (unloaded && asan_looks_there(addr, context))
		return;
	if (users || unloaded || is_wild(si))
		take_fault(&f, addr, context);
	if (users)
		memory.faults->user_touched(&f);
	if (unloaded)
		memory.faults->unloaded_touched(&f);
	if (is_wild(si)) {
		take_values(&f, context, si->si_code == SI_KERNEL);
		memory.faults->wild(&f);
	}
	tell(sig, addr, context);
	pass_on(sig, si, context);
}

static void on_signal(int sig, siginfo_t *si, void *context)
{
	/* sent by somebody, it is no fault; but so does abort() */
	if (si->si_code > 0 || sig == SIGABRT)
		tell(sig, sig == SIGBUS ? (unsigned long)si->si_addr : 0, context);
	pass_on(sig, si, context);
}

void host_memory_catch(void)
{
	static const int others[] = { SIGBUS, SIGFPE, SIGILL, SIGABRT };
	unsigned int i;

	if (memory.caught)
		return;
	host_signal_catch(SIGSEGV, on_fault);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		host_signal_catch(others[i], on_signal);
}

void host_memory_catch_for_good(void)
{
	host_memory_catch();
	memory.caught = true;
}

/*
 * As for a page that the host's kernel cannot have. Its handler is called on this
 * stack: that of a sanitizer would have the signal on one of its own, which is
 * too small for our reports.
 */
void host_raise_sigbus(unsigned long addr)
{
	siginfo_t si = { .si_signo = SIGBUS, .si_code = BUS_ADRERR, .si_addr = (void *)addr };
	struct host_fault f;

	take_fault(&f, addr, faulting);
	memory.faults->no_page(&f);
	if (host_signal_pass(SIGBUS, &si, (void *)faulting))
		return;
	host_die_once();
	host_keep_counters();
	host_signal_default(SIGBUS);
	raise(SIGBUS);
}

/* ---- the file and its views ------------------------------------------ */

static char *view(unsigned long size, int prot)
{
	void *p = mmap(NULL, size, prot, MAP_SHARED | MAP_NORESERVE, memory.fd, 0);

	must(p != MAP_FAILED, "umdev: cannot map the memory file");
	madvise(p, size, MADV_DONTDUMP);
	return p;
}

void *host_memory_other_view(const void *p)
{
	const struct host_memory *v = &memory.views;

	if ((uintptr_t)p - (uintptr_t)v->kernel < v->size)
		return v->vmalloc + ((const char *)p - v->kernel);
	if ((uintptr_t)p - (uintptr_t)v->vmalloc < v->size)
		return v->kernel + ((const char *)p - v->vmalloc);
	return NULL;
}

const struct host_memory *host_memory_views(void)
{
	return &memory.views;
}

void host_memory_tell(const struct host_memory_faults *faults)
{
	memory.faults = faults;
	host_memory_catch();
}

const struct host_memory *host_memory_init(unsigned long size,
					   bool (*mapped)(unsigned long addr, bool write))
{
	memory.fd = memfd_create("umdev", MFD_CLOEXEC);
	must(memory.fd >= 0 && !ftruncate(memory.fd, (off_t)size),
	     "umdev: cannot make the memory file");
	memory.mapped = mapped;
	memory.views.size = size;
	memory.views.kernel = view(size, PROT_READ | PROT_WRITE);
	memory.views.vmalloc = view(size, PROT_READ | PROT_WRITE);
	memory.views.user = view(size, PROT_NONE);
	return &memory.views;
}

void *host_memory_table(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	must(p != MAP_FAILED, "umdev: no room for the page table");
	madvise(p, size, MADV_DONTDUMP);
	return p;
}

/* Up to the next @whence, SEEK_DATA or SEEK_HOLE, at most @size. */
static unsigned long up_to(int whence, const void *p, unsigned long size)
{
	off_t from = (const char *)p - memory.views.kernel;
	off_t at = lseek(memory.fd, from, whence);

	return at < 0 || at - from >= (off_t)size ? size : (unsigned long)(at - from);
}

unsigned long host_memory_untouched(const void *p, unsigned long size)
{
	return up_to(SEEK_DATA, p, size);
}

unsigned long host_memory_touched(const void *p, unsigned long size)
{
	return up_to(SEEK_HOLE, p, size);
}

void host_memory_discard(unsigned long offset, unsigned long size)
{
	if (!host_snapshot_note_pages(memory.fd, offset, size))
		host_snapshot_spoil();
	fallocate(memory.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		  (off_t)offset, (off_t)size);
}

/* ---- a user's mappings ----------------------------------------------- */

void *host_map_reserve(unsigned long size)
{
	host_snapshot_spoil();
	void *p = mmap(NULL, size, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool host_map_pages(void *addr, unsigned long offset, unsigned long size,
		    bool read, bool write)
{
	int prot = (read ? PROT_READ : 0) | (write ? PROT_WRITE : 0);

	host_snapshot_spoil();
	return mmap(addr, size, prot, MAP_SHARED | MAP_NORESERVE | MAP_FIXED,
		    memory.fd, (off_t)offset) != MAP_FAILED;
}

void host_map_revoke(void *addr, unsigned long size)
{
	host_snapshot_spoil();
	must(mmap(addr, size, PROT_NONE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
		  -1, 0) != MAP_FAILED, "umdev: cannot revoke a mapping");
}

void host_map_release(void *addr, unsigned long size)
{
	host_snapshot_spoil();
	munmap(addr, size);
}

/* ---- sanitizers ------------------------------------------------------ */

void host_memory_poison(const void *p, size_t size)
{
#ifdef UM_ASAN
	__asan_poison_memory_region(p, size);
#endif
}

void host_memory_unpoison(const void *p, size_t size)
{
#ifdef UM_ASAN
	__asan_unpoison_memory_region(p, size);
#endif
}

void host_memory_root(const void *p, size_t size)
{
#ifdef UM_ASAN
	__lsan_register_root_region(p, size);
#endif
}

void host_memory_unroot(const void *p, size_t size)
{
#ifdef UM_ASAN
	__lsan_unregister_root_region(p, size);
#endif
}
