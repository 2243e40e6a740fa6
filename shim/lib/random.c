// SPDX-License-Identifier: GPL-2.0-only
/* Random numbers: all from the host, ready at once; no pool, no reseeding. */
#include <linux/export.h>
#include <linux/random.h>

#include "host/host.h"

/**
 * get_random_bytes() - random bytes, fit for keys
 * @buf: where to
 * @len: how many bytes
 */
void get_random_bytes(void *buf, size_t len)
{
	host_random(buf, len);
}
EXPORT_SYMBOL(get_random_bytes);

/* A random number of a type, as get_random_bytes() gives it; any context. */
#define DEFINE_GET_RANDOM(type)						\
type get_random_##type(void)						\
{									\
	type v;								\
									\
	host_random(&v, sizeof(v));					\
	return v;							\
}									\
EXPORT_SYMBOL(get_random_##type)

DEFINE_GET_RANDOM(u8);
DEFINE_GET_RANDOM(u16);
DEFINE_GET_RANDOM(u32);
DEFINE_GET_RANDOM(u64);
