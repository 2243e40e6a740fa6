/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings whose size is a power of two: one writes at head, one reads at tail,
 * and one place stays free so that a full ring is no empty one. Ordering the
 * accesses is the caller's.
 */
#ifndef _LINUX_CIRC_BUF_H
#define _LINUX_CIRC_BUF_H

struct circ_buf {
	char *buf;
	int head;
	int tail;
};

#define CIRC_CNT(head, tail, size) (((head) - (tail)) & ((size) - 1))
#define CIRC_SPACE(head, tail, size) CIRC_CNT((tail), ((head) + 1), (size))

/* Up to the end of the buffer only; @head and @tail are read once each. */
#define CIRC_CNT_TO_END(head, tail, size)				\
({									\
	int __um_tail = (tail);						\
	int __um_end = (size) - __um_tail;				\
	int __um_n = ((head) + __um_end) & ((size) - 1);		\
									\
	__um_n < __um_end ? __um_n : __um_end;				\
})
#define CIRC_SPACE_TO_END(head, tail, size)				\
({									\
	int __um_head = (head);						\
	int __um_end = (size) - 1 - __um_head;				\
	int __um_n = (__um_end + (tail)) & ((size) - 1);		\
									\
	__um_n <= __um_end ? __um_n : __um_end + 1;			\
})

#endif
