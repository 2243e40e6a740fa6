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

/* Called for a fault; true when the access is to be tried again. */
struct host_memory_faults {
	bool (*mapped)(unsigned long addr, bool write);
	/*
	 * @addr lies in the user view; @pc touched it, in a function with @frame.
	 * Where that keeps none, it is its caller's, and @caller where it returns to.
	 */
	void (*user_touched)(unsigned long addr, const void *pc, const void *caller,
			     const void *frame) __noreturn;
	/*
	 * @addr lay in a module that is gone; @pc touched it. Where that is the
	 * same, it was called, and @caller is where that would return to.
	 */
	void (*unloaded_touched)(unsigned long addr, const void *pc, const void *caller,
				 const void *frame) __noreturn;
};

/* Once; ends the process when the host cannot do it. */
const struct host_memory *host_memory_init(unsigned long size,
					   const struct host_memory_faults *faults);
/* Sees to it that faults come here, should somebody have set another handler. */
void host_memory_catch(void);
/* Zeroed memory for a table of which little is used. */
void *host_memory_table(size_t size);
/* A piece of the file goes back to the host and reads as zeroes again. */
void host_memory_discard(unsigned long offset, unsigned long size);

/* Address space for a user's mapping, without access; NULL when there is none. */
void *host_map_reserve(unsigned long size);
/* A piece of the file at a reserved address. */
bool host_map_pages(void *addr, unsigned long offset, unsigned long size,
		    bool read, bool write);
/* Reserved again. */
void host_map_revoke(void *addr, unsigned long size);
void host_map_release(void *addr, unsigned long size);
/* The process gets SIGBUS, as for an access that no page can be had for. */
void host_raise_sigbus(void);

/* ASan: a range nobody may touch, and again may. Nothing in other builds. */
void host_memory_poison(const void *p, size_t size);
void host_memory_unpoison(const void *p, size_t size);
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
/* Adds @n; false when the counter has no room for it. */
bool host_eventfd_add(int fd, u64 n);

#endif
