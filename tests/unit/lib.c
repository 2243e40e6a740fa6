// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's library where the shim alone can be asked: allocations that fail, what
 * is told, messages with their levels. The rest is in contract/lib. The tests
 * themselves are kernel code, in lib_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kern_cases.h"
#include "lib.h"

int main(void)
{
	return run_kern_cases("lib", NULL, 0, lib_cases);
}
