/* SPDX-License-Identifier: GPL-2.0-only */
/* What chardev_test and its test agree on. */
#ifndef CHARDEV_TEST_H
#define CHARDEV_TEST_H

/* ioctls of /dev/chardev_plain; the argument is what each line says */
#define CD_FLAGS	0x6300	/* nothing: 1 if the file does not block */
#define CD_ANON		0x6301	/* nothing: a descriptor that no path leads to */
#define CD_EVENTFD	0x6302	/* an eventfd: keep it */
#define CD_SAME_EVENTFD	0x6303	/* an eventfd: 1 if it is the one that is kept */
#define CD_SIGNAL	0x6304	/* nothing: signal it once */
#define CD_DROP_EVENTFD	0x6305	/* nothing: keep it no longer */
#define CD_READABLE	0x6306	/* 1 or 0: whether poll() says that it can be read */
#define CD_FPUT		0x6307	/* nothing: put a file whose release takes a lock, under it */

#endif
