// SPDX-License-Identifier: GPL-2.0-only
/* The audit for a test: not before what is on its way to its release is there. */
#include <linux/kernel.h>

#include "check/object.h"
#include "kernel/kthread.h"
#include "umdev/umdev.h"

int um_audit(void (*report)(const char *line, void *arg), void *arg)
{
	um_late_flush();
	um_kthreads_free();
	return um_objects_audit(report, arg);
}
