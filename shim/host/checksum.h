/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the file of a module ends with: a checksum of all before it. modpost
 * writes it after the link, the loader looks at it before anything else of the
 * file, so that one that was damaged, cut or changed since its build is refused
 * instead of run. It is no signature: who wants to change a module can. A
 * linker, and a loader of programs, looks at nothing behind the image.
 */
#ifndef UMDEV_HOST_CHECKSUM_H
#define UMDEV_HOST_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MODULE_TRAILER_MAGIC	"~umdev module~\n"	/* and its NUL: 16 bytes */

struct module_trailer {
	char magic[sizeof(MODULE_TRAILER_MAGIC)];
	uint64_t checksum;
};

/*
 * Of 8 bytes at a time. Each step can be undone, so that two files that differ
 * within one word only never have the same; the length counts.
 */
static inline uint64_t module_checksum(const void *bytes, size_t len)
{
	uint64_t sum = len, word;
	const char *at = bytes;

	for (; len; at += sizeof(word), len -= sizeof(word)) {
		word = 0;
		memcpy(&word, at, len < sizeof(word) ? len : sizeof(word));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
		sum ^= sum >> 32;
		if (len < sizeof(word))
			break;
	}
	return sum;
}

/* Of a file without its trailer. */
static inline struct module_trailer module_trailer_of(const void *bytes, size_t len)
{
	return (struct module_trailer){ MODULE_TRAILER_MAGIC, module_checksum(bytes, len) };
}

static inline bool module_has_trailer(const void *bytes, size_t size)
{
	return size >= sizeof(struct module_trailer) &&
	       !memcmp((const char *)bytes + size - sizeof(struct module_trailer),
		       MODULE_TRAILER_MAGIC, sizeof(MODULE_TRAILER_MAGIC));
}

/* Whether a whole file ends with a trailer, and with that of the rest. */
static inline bool module_is_intact(const void *bytes, size_t size)
{
	size_t len = size - sizeof(struct module_trailer);
	struct module_trailer want;

	if (!module_has_trailer(bytes, size))
		return false;
	want = module_trailer_of(bytes, len);
	return !memcmp((const char *)bytes + len, &want, sizeof(want));
}

#endif
