// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that a driver names and the shim does not have.
 *
 * Such a driver is refused, unless its build allows them (UMDEV_ALLOW_MISSING);
 * then modpost writes a body for each into the module, and a call ends up
 * here. Nothing is made up for the caller to go on with.
 */
#include <linux/export.h>
#include <linux/kernel.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/module/internal.h"

/**
 * um_missing_function() - a driver calls a function that is not there
 * @name: its name
 * @where: the header in which Linux has it; "" if nobody knows
 * @caller: where the call returns to
 *
 * Context: does not return: the process ends by abort(), with a report of the
 * kind "missing".
 */
void um_missing_function(const char *name, const char *where, void *caller)
{
	char by[256];

	host_symbolize(caller, by, sizeof(by));
	um_die("missing", "%s() is not in the shim%s%s%s: called by %s", name,
	       *where ? " (Linux has it in " : "", where, *where ? ")" : "", by);
}
EXPORT_SYMBOL(um_missing_function);
