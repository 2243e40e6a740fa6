// SPDX-License-Identifier: GPL-2.0-only
/* A backtrace on request: no splat, only messages. */
#include <linux/export.h>
#include <linux/kern_levels.h>
#include <linux/printk.h>

#include "check/check.h"

void dump_stack_lvl(const char *log_lvl)
{
	um_print_stack(log_lvl, 1);
}
EXPORT_SYMBOL(dump_stack_lvl);

void dump_stack(void)
{
	um_print_stack(KERN_DEFAULT, 1);
}
EXPORT_SYMBOL(dump_stack);
