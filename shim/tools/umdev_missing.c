// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev missing: all that kernel sources need and the shim lacks, as one table.
 * The work is done by a Python program, shim/tools/missing, which gets to know
 * where this build and its sources are.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "umdev.h"

int missing_main(int argc, char **argv)
{
	char **args = calloc(argc + 2, sizeof(*args));

	if (!args)
		return 1;
	args[0] = "python3";
	args[1] = UMDEV_SOURCE_DIR "/shim/tools/missing";
	memcpy(args + 2, argv + 1, (argc - 1) * sizeof(*args));
	setenv("UMDEV_SOURCE_DIR", UMDEV_SOURCE_DIR, 1);
	setenv("UMDEV_BINARY_DIR", UMDEV_BINARY_DIR, 1);
	setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
	execvp(args[0], args);
	fprintf(stderr, "umdev missing: cannot run python3: %s: on Debian 'apt-get install python3'\n",
		strerror(errno));
	free(args);
	return 1;
}
