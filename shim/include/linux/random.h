/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers come from the host, which may have been given a seed. */
#ifndef _LINUX_RANDOM_H_SHIM
#define _LINUX_RANDOM_H_SHIM

#include <linux/once.h>
#include <linux/types.h>
#include <asm/processor.h>
#include_next <linux/random.h>

void get_random_bytes(void *buf, size_t len);
u8 get_random_u8(void);
u16 get_random_u16(void);
u32 get_random_u32(void);
u64 get_random_u64(void);

static inline unsigned int get_random_int(void)
{
	return get_random_u32();
}

static inline unsigned long get_random_long(void)
{
	return get_random_u64();
}

static inline u32 prandom_u32(void)
{
	return get_random_u32();
}

static inline u32 prandom_u32_max(u32 ceil)
{
	return (u32)(((u64)get_random_u32() * ceil) >> 32);
}

static inline void prandom_bytes(void *buf, size_t len)
{
	get_random_bytes(buf, len);
}

static inline int wait_for_random_bytes(void)
{
	return 0;
}

#include <linux/prandom.h>

#endif
