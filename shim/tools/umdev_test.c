// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev test: tests/, from an edited file to the verdict. That is a matter of
 * ninja, ctest and processes and not of the modelled kernel, so it is a script,
 * umdev_test/, which takes the place of this process: the build may replace the
 * program that asked for it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "umdev.h"

int test_main(int argc, char **argv)
{
	char *script = UMDEV_SOURCE_DIR "/shim/tools/umdev_test";
	char *cache = "pycache_prefix=" UMDEV_BINARY_DIR "/umdev-test/pycache";
	char **args = calloc(argc + 6, sizeof(*args));
	int i, n = 0;

	if (!args) {
		perror("umdev");
		return 2;
	}
	/* nothing of a site is needed, and looking for it takes longer than the rest */
	args[n++] = "python3";
	args[n++] = "-S";
	args[n++] = "-X";
	args[n++] = cache;
	args[n++] = script;
	for (i = 1; i < argc; i++)
		args[n++] = argv[i];
	setenv("UMDEV_TEST_BUILD", UMDEV_BINARY_DIR, 0);
	execvp(args[0], args);
	fprintf(stderr, "umdev: test needs python3: %s\n", strerror(errno));
	free(args);
	return 2;
}
