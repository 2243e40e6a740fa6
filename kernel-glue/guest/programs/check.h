/* SPDX-License-Identifier: GPL-2.0-only */
/* How a program in the guest tells what it has found, in TAP. */
#ifndef KERNEL_GLUE_CHECK_H
#define KERNEL_GLUE_CHECK_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int n, failed;

static void check(bool ok, const char *what)
{
	n++;
	if (ok) {
		printf("ok %d - %s\n", n, what);
	} else {
		printf("not ok %d - %s (last error: %s)\n", n, what, strerror(errno));
		failed = 1;
	}
	fflush(stdout);
}

#endif
