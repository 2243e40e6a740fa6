// SPDX-License-Identifier: GPL-2.0-only
/*
 * vringh where a real kernel cannot be asked: allocations that fail, and the
 * two sides of a ring in two tasks, for TSan. The tests themselves are kernel
 * code, in vringh_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vringh.h"
#include "kern_cases.h"

int main(void)
{
	return run_kern_cases("vringh", NULL, 0, vringh_cases);
}
