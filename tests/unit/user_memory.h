/* SPDX-License-Identifier: GPL-2.0-only */
/* The device /dev/trusting of user_memory_kern.c. */
#ifndef UMDEV_TESTS_UNIT_USER_MEMORY_H
#define UMDEV_TESTS_UNIT_USER_MEMORY_H

#define TRUSTING_TOUCH	0x7501	/* reads *arg */
#define TRUSTING_LENGTH	0x7502	/* copies as many bytes as the u32 at arg says */
#define TRUSTING_MEMCPY	0x7503	/* 512 bytes at arg, by memcpy() */
#define TRUSTING_STRTOL	0x7504	/* by a function of libc that keeps no frame pointer */
#define TRUSTING_PAGES	0x7505	/* copies one byte more than the two pages that it has */
#define TRUSTING_VMALLOC 0x7506	/* copies one byte more than its 5000 of vmalloc() */

int k_trusting_add(void);
void k_trusting_remove(void);

#endif
