/* SPDX-License-Identifier: GPL-2.0-only */
/* Fibers: stacks between which one thread switches (host/fiber.c). */
#ifndef UMDEV_HOST_FIBER_H
#define UMDEV_HOST_FIBER_H

#include "host/host.h"

struct host_fiber;

/* What the calling thread runs now, as a fiber; its stack stays the thread's. */
struct host_fiber *host_fiber_adopt(void);
/* Runs @fn when it is first switched to. @fn may not return: it ends by host_fiber_leave(). */
struct host_fiber *host_fiber_new(void (*fn)(void *arg), void *arg);
/* From the running one; returns when somebody switches back. */
void host_fiber_switch(struct host_fiber *to);
/* The same for ever: the running one has ended, or is abandoned. */
void host_fiber_leave(struct host_fiber *to) __noreturn;
/* One that does not run, whatever it was in. */
void host_fiber_free(struct host_fiber *f);

#endif
