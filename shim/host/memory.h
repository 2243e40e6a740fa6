/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory file behind all pages, and the host's eventfds. */
#ifndef UMDEV_HOST_MEMORY_H
#define UMDEV_HOST_MEMORY_H

#include "host/host.h"

struct host_memory {
	unsigned long size;
	char *kernel;	/* readable and writable: page_address() */
	char *vmalloc;	/* the same once more */
	char *user;	/* no access: what um_user_alloc() gives out */
};

#define HOST_FAULT_DEPTH 24

/* An access that cannot be served. */
struct host_fault {
	unsigned long addr;		/* 0 where the processor does not tell it */
	bool called;			/* it was no access: the code there was called */
	/* from the instruction on, as return addresses; from its caller if @called */
	void *stack[HOST_FAULT_DEPTH];
	unsigned int depth;
	/* what the registers held, and where an indirect call would have gone */
	unsigned long values[20];
	unsigned int n_values;
};

/* Who tells of them. */
struct host_memory_faults {
	/* @addr lies in the user view. */
	void (*user_touched)(const struct host_fault *f) __noreturn;
	/* @addr lay in a module that is gone. */
	void (*unloaded_touched)(const struct host_fault *f) __noreturn;
	/* The page at @addr cannot be had: SIGBUS comes next. */
	void (*no_page)(const struct host_fault *f);
	/*
	 * None of these, and whoever handles the signal, which is called @what, does not see
	 * where it comes from. @accesses: @addr is what it accessed.
	 */
	void (*fault)(const struct host_fault *f, const char *what, bool accesses);
	/* No address of user space: returns if nothing is known about it. */
	void (*wild)(const struct host_fault *f);
};

void host_memory_tell(const struct host_memory_faults *faults);

/*
 * Once; ends the process when the host cannot do it. @mapped is called for
 * every fault: true when the access is to be tried again.
 */
const struct host_memory *host_memory_init(unsigned long size,
					   bool (*mapped)(unsigned long addr, bool write));
/* Where they are; empty before that. */
const struct host_memory *host_memory_views(void);
/* Sees to it that faults come here, should somebody have set another handler. */
void host_memory_catch(void);
/* And nobody sets one of his own any more: it is not looked at again, which takes some calls. */
void host_memory_catch_for_good(void);
/* Zeroed memory for a table of which little is used. */
void *host_memory_table(size_t size);
/* A piece of the file goes back to the host and reads as zeroes again. */
void host_memory_discard(unsigned long offset, unsigned long size);
/*
 * How many of the @size bytes at @p, in the kernel's view, lie before the first page
 * that is in memory: that was touched since it went back to the host.
 */
unsigned long host_memory_untouched(const void *p, unsigned long size);
/* And how many before the first that is not; the page at @p is. */
unsigned long host_memory_touched(const void *p, unsigned long size);

/* Address space for a user's mapping, without access; NULL when there is none. */
void *host_map_reserve(unsigned long size);
/* A piece of the file at a reserved address. */
bool host_map_pages(void *addr, unsigned long offset, unsigned long size,
		    bool read, bool write);
/* Reserved again. */
void host_map_revoke(void *addr, unsigned long size);
void host_map_release(void *addr, unsigned long size);
/* Inside @mapped: the thread gets SIGBUS, since no page can be had for @addr. */
void host_raise_sigbus(unsigned long addr);

/* ASan: a range nobody may touch, and again may. Nothing in other builds. */
void host_memory_poison(const void *p, size_t size);
void host_memory_unpoison(const void *p, size_t size);
/* Where the other of the kernel's views has what is at @p; NULL: it is in neither. */
void *host_memory_other_view(const void *p);
/*
 * What lies there nobody has written; somebody has whom MSan did not see
 * (host/unwritten.c).
 */
void host_memory_unwritten(void *p, size_t size);
void host_memory_written(const void *p, size_t size);
/* Where the first such byte is, and in *@n how many there are in a row; @size: none is. */
size_t host_memory_find_unwritten(const void *p, size_t size, size_t *n);
/* A user has sent this: what looks like unwritten may be his. */
void host_memory_sent(const void *p, size_t size);
/* The pattern of builds without MSan, as a pointer that is read there. */
#define HOST_UNWRITTEN	0x5ae3971cb24d680fULL
/* How MSan names what it is there that was not written. */
#define HOST_UNWRITTEN_ORIGIN "memory that nobody has written"
/* LSan: pointers in this range keep what they point to. */
void host_memory_root(const void *p, size_t size);
void host_memory_unroot(const void *p, size_t size);

/* ---- eventfds (eventfd.c) -------------------------------------------- */

/*
 * A duplicate of @fd, which is an eventfd, and in *@id what the host calls
 * the object behind it. -EBADF, -EINVAL when it is something else.
 */
int host_eventfd_get(int fd, u64 *id);
void host_eventfd_close(int fd);
/* Adds @n, or as much of it as the counter has room for; says how much. */
u64 host_eventfd_add(int fd, u64 n);

#endif
