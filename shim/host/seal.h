/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seal of a module: a checksum that the build puts behind the file and
 * the loader compares, as a kernel does with a module's signature. ld.so
 * trusts what it maps: a damaged file would end the process without a word,
 * or run. Against accidents, not against anybody who means it.
 */
#ifndef UMDEV_HOST_SEAL_H
#define UMDEV_HOST_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SEAL_MAGIC	"~umdev module~\n"

/* The last bytes of the file. */
struct seal {
	uint64_t sum;
	uint64_t length;	/* of all before */
	char magic[16];
};

/* Any bit that changes, and any byte that comes or goes, changes it. */
static inline uint64_t seal_sum(const unsigned char *p, size_t length)
{
	uint64_t sum = length ^ 0x9e3779b97f4a7c15ull, word;

	for (; length; length -= length < 8 ? length : 8, p += 8) {
		word = 0;
		memcpy(&word, p, length < 8 ? length : 8);
		sum = (sum ^ word) * 0xff51afd7ed558ccdull;
		sum ^= sum >> 32;
	}
	return sum;
}

/* Is there a seal at the end of a file, right or wrong? */
static inline bool seal_find(const unsigned char *file, size_t size, struct seal *seal)
{
	if (size < sizeof(*seal))
		return false;
	memcpy(seal, file + size - sizeof(*seal), sizeof(*seal));
	return !memcmp(seal->magic, SEAL_MAGIC, sizeof(seal->magic));
}

#endif
