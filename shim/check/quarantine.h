/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory from its allocation to its end (check/quarantine.c); what it shares with check/page_poison.c. */
#ifndef UMDEV_CHECK_QUARANTINE_H
#define UMDEV_CHECK_QUARANTINE_H

#include <linux/types.h>

struct um_report;

#if defined(__SANITIZE_ADDRESS__)
#define UM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UM_ASAN 1
#elif __has_feature(memory_sanitizer)
#define UM_MSAN 1
#endif
#endif
#if !defined(UM_ASAN) && !defined(UM_MSAN) && !defined(UMDEV_TSAN)
#define UM_BY_LIBC 1
#endif

/*
 * @addr lies in an object that is alive or in quarantine: how many bytes of it
 * may be used from there on, 0 where it was freed. -1: nothing is known.
 */
ssize_t um_block_room(const void *addr);

/* Of the object that begins at @addr and is alive; 0: there is none. */
size_t um_block_size(const void *addr);

/* The life of the object around @addr, for a report; nothing when none is known. */
void um_block_story(struct um_report *r, const void *addr);
/* Is the memory at @addr in quarantine? */
bool um_block_is_freed(const void *addr);

/* What waits there has nobody left who could use it: all of it goes back to the host. */
void um_quarantine_end(void);

/*
 * How many of @n bytes are @byte before one is not. Under a sanitizer by hand:
 * there a function of libc would be an access.
 */
static inline size_t um_poison_same(const char *p, unsigned char byte, size_t n)
{
	u64 all = 0x0101010101010101ULL * byte, words[4];
	size_t i = 0;

#ifdef UM_BY_LIBC
	if (n && (unsigned char)*p == byte && !__builtin_memcmp(p, p + 1, n - 1))
		return n;
#endif
	for (; i + sizeof(words) <= n; i += sizeof(words)) {
		__builtin_memcpy(words, p + i, sizeof(words));
		if ((words[0] ^ all) | (words[1] ^ all) | (words[2] ^ all) | (words[3] ^ all))
			break;
	}
	while (i < n && (unsigned char)p[i] == byte)
		i++;
	return i;
}

#endif
