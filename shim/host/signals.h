/* SPDX-License-Identifier: GPL-2.0-only */
/* The signals of faults, of which the shim's handlers come first (host/signals.c). */
#ifndef UMDEV_HOST_SIGNALS_H
#define UMDEV_HOST_SIGNALS_H

#include <signal.h>

#include "host/host.h"

typedef void (*host_handler)(int sig, siginfo_t *si, void *context);

/* One of SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT; again: should somebody have displaced ours. */
void host_signal_catch(int sig, host_handler fn);
/* signal(), of programs, too. */
void (*host_signal(int sig, void (*handler)(int sig)))(int sig);
/* To whoever would have it without us. False: nobody, the process is to end. */
bool host_signal_pass(int sig, siginfo_t *si, void *context);
/* Is that somebody who is told where it comes from? A sanitizer is, a test framework is not. */
bool host_signal_is_told(int sig);
/*
 * In a process that was forked: a test framework would go on with its tests there, so
 * only a sanitizer that tells of it comes behind ours any more.
 */
void host_signal_child(void);
/* From now on the process ends by it. */
void host_signal_default(int sig);

#endif
