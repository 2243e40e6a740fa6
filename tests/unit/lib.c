// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's library as the shim has it: printf, numbers, strings, UUIDs,
 * idr, ida, xarray, lists, bitmaps, sorting, allocation, messages. The tests
 * themselves are kernel code, in lib_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "kern_cases.h"
#include "lib.h"

void lib_expect(const char *text)
{
	um_expect_splat(text);
}

void lib_fail_next(void)
{
	um_fail_nth(1);
}

int lib_fault_pending(void)
{
	return um_fail_nth(0) != 0;
}

int main(void)
{
	return run_kern_cases("lib", NULL, 0, lib_cases);
}
