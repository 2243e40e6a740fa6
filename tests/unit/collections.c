// SPDX-License-Identifier: GPL-2.0-only
/*
 * xarrays, idr and ida, references that are dropped under a lock, lists and hash
 * tables. The tests themselves are kernel code, in collections_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collections.h"
#include "kern_cases.h"

int main(void)
{
	return run_kern_cases("collections", NULL, 0, collections_cases);
}
