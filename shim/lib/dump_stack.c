// SPDX-License-Identifier: GPL-2.0-only
/* A backtrace on request: no splat, only messages. */
#include <linux/export.h>
#include <linux/kern_levels.h>
#include <linux/printk.h>

#include "check/op.h"

/**
 * dump_stack() - print a backtrace of the caller
 *
 * No splat: it fails no test. Frames have source lines; the CPU, PID and
 * kernel lines that a kernel prints first are left out.
 */
void dump_stack(void)
{
	um_print_stack(KERN_DEFAULT, 1);
}
EXPORT_SYMBOL(dump_stack);
