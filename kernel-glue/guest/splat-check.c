// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat-check FILE: prints each splat in the kernel log that no test program
 * has looked at, and exits with 1 if there is one. FILE holds the number of
 * the first record that nobody has read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kmsg.h"

int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
	struct splat splat;
	uint64_t seq = 0, found;
	const char *text;
	int n = 0;

	if (f) {
		if (fscanf(f, "%" SCNu64, &seq) != 1)
			seq = 0;
		fclose(f);
	}
	if (kmsg_open(seq)) {
		perror("/dev/kmsg");
		return 1;
	}
	while (splat_next(seq, &splat)) {
		n++;
		for (seq = splat.first; seq <= splat.last; seq = found + 1) {
			text = kmsg_find(seq, &found);
			if (!text || found > splat.last)
				break;
			printf("# %s\n", text);
		}
		seq = splat.last + 1;
	}
	kmsg_close();
	return n ? 1 : 0;
}
