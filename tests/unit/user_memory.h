/* SPDX-License-Identifier: GPL-2.0-only */
/* The device /dev/trusting of user_memory_kern.c. */
#ifndef UMDEV_TESTS_UNIT_USER_MEMORY_H
#define UMDEV_TESTS_UNIT_USER_MEMORY_H

#define TRUSTING_TOUCH	0x7501	/* reads *arg */
#define TRUSTING_LENGTH	0x7502	/* copies as many bytes as the u32 at arg says */

int k_trusting_add(void);
void k_trusting_remove(void);

#endif
