/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_USER_H
#define UMDEV_CHECK_USER_H

#include <linux/types.h>

/*
 * The buffer of the read() or write() that this task is in; 0 and 0: none.
 * Returns through @old what was set before, for calls within calls.
 */
struct um_user_buffer {
	unsigned long start, size;
};
void um_user_buffer_set(unsigned long start, unsigned long size, struct um_user_buffer *old);
void um_user_buffer_restore(const struct um_user_buffer *old);

/*
 * Is this copy sound? A splat if not, and nothing may be copied.
 * @what: name of the function that copies
 */
bool um_check_user_copy(const char *what, unsigned long user, const void *kernel,
			unsigned long n);

#endif
