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
/* Whoever runs now comes behind all that fibers have run that were freed. */
void host_fiber_all_ended(void);
/* From here on so many can begin to run without a new stack. */
void host_fiber_spare(unsigned int n);
/* From the running one; returns when somebody switches back. */
void host_fiber_switch(struct host_fiber *to);
/* The same for ever: the running one has ended, or is abandoned. */
void host_fiber_leave(struct host_fiber *to) __noreturn;
/* One that does not run, whatever it was in. */
void host_fiber_free(struct host_fiber *f);
/* Around a fork, which fibers outlive in both processes; by the thread on its own stack. */
void host_fiber_fork_begins(void);
void host_fiber_fork_ends(void);

/*
 * What the @n innermost functions return to, behind the first @skip, as a number: from
 * @frame on, in the running fiber's stack. That these are addresses of code is not looked at.
 */
u64 host_fiber_returns(const void *frame, unsigned int skip, unsigned int n);

/* For host/snapshot.c: is a switch but a pointer and what lies on the stack? */
bool host_fiber_can_be_copied(void);
/* The @i-th stack that there is, used or not; false: there are no more. */
bool host_fiber_stack(unsigned int i, uintptr_t *low, uintptr_t *high);
/* What is in use of it by one that waits; @low is NULL where none does. */
bool host_fiber_live(unsigned int i, char **low, char **high);

#endif
