// SPDX-License-Identifier: GPL-2.0-only
/*
 * xarrays, idr and ida, references and lists where the shim alone can be asked:
 * allocations that fail, two tasks at each other's points, damage. The rest is in
 * contract/collections. The tests themselves are kernel code, in collections_kern.c.
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
