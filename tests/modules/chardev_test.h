/* SPDX-License-Identifier: GPL-2.0-only */
/* What chardev_test and its test agree on. */
#ifndef CHARDEV_TEST_H
#define CHARDEV_TEST_H

/* ioctls of /dev/chardev_plain; the argument is what each line says */
#define CD_FLAGS	0x6300	/* nothing: 1 if the file does not block */
#define CD_ANON		0x6301	/* nothing: a descriptor that no path leads to */
#define CD_CLEAR	0x6302	/* user memory: clear 16 bytes, what was left */
#define CD_STRUCT	0x6303	/* a size, a structure of that size: its second member */
#define CD_DUP		0x6304	/* a string: the length of a copy that ends in NUL */
#define CD_COPY		0x6305	/* any address: -EIO unless what failed to come is 0 */
#define CD_PIN		0x6306	/* user memory: pin two pages, how many there are */
#define CD_REFS		0x6307	/* nothing: references on the page that mmap() maps */
#define CD_VM_FLAGS	0x6308	/* nothing: CD_VM_* of the last mapping */

#define CD_VM_SHARED	1
#define CD_VM_MAYWRITE	2

/* mmap offsets, in pages: what comes of it */
enum {
	CD_MAP_VMALLOC,		/* two pages of vmalloc(), by frame numbers */
	CD_MAP_PAGE = 2,	/* a page, by vm_insert_page() */
	CD_MAP_TWICE,		/* the same in one place twice */
	CD_MAP_OUTSIDE,		/* the same behind the end of the mapping */
	CD_MAP_RESERVED,	/* two pages in a row, by their physical address */
	CD_MAP_NOTHING = 7,	/* no page */
	CD_MAP_WHOLE,		/* no page, and the mapping cannot be split */
	CD_MAP_NOT_USERS,	/* memory that is not of vmalloc_user() */
	CD_MAP_NO_AREA,		/* memory that is not of vmalloc() at all */
	CD_MAP_LATE,		/* a frame, when it is touched */
	CD_MAP_TOLD,		/* a page; mappings that come and go are logged */
};

#endif
