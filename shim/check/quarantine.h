/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory from its allocation to its end (check/quarantine.c, check/page_poison.c). */
#ifndef UMDEV_CHECK_QUARANTINE_H
#define UMDEV_CHECK_QUARANTINE_H

#include <linux/types.h>

struct um_op;
struct um_report;

#if defined(__SANITIZE_ADDRESS__)
#define UM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UM_ASAN 1
#endif
#endif

/*
 * @addr lies in an object that is alive or in quarantine: how many bytes of it
 * may be used from there on, 0 where it was freed. -1: nothing is known.
 */
ssize_t um_block_room(const void *addr);

/* The life of the object around @addr, for a report; nothing when none is known. */
void um_block_story(struct um_report *r, const void *addr);
/* Is the memory at @addr in quarantine? */
bool um_block_is_freed(const void *addr);

/* How many of @n bytes are @byte before one is not. */
size_t um_poison_same(const char *p, unsigned char byte, size_t n);

/* Pages of the operation are about to be free, and are not any more. */
void um_pages_freed(const struct um_op *op);
void um_pages_allocated(const struct um_op *op);
/* The same as um_quarantine_check() for the last pages that were freed. */
void um_page_poison_check(void);

/*
 * Looks at every object, behind those that are alive and into those that were
 * freed; what was written there is a splat each, once.
 */
void um_quarantine_check(void);

#endif
