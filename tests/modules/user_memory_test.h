/* SPDX-License-Identifier: GPL-2.0-only */
/* What user_memory_test and its tests agree on. */
#ifndef USER_MEMORY_TEST_H
#define USER_MEMORY_TEST_H

/* ioctls of /dev/user_memory; the argument is what each line says */
#define UT_CLEAR	0x7500	/* user memory: clear 16 bytes, what was left */
#define UT_STRUCT	0x7501	/* a size, a structure of that size: its second member */
#define UT_DUP		0x7502	/* a string of 8: the length of a copy that ends in NUL */
#define UT_STRNDUP	0x7503	/* a string of 6 at most, with its end: its length */
#define UT_COPY		0x7504	/* any address: -EIO unless what failed to come is 0 */
#define UT_ADD_ONE	0x7505	/* an int, that is one more then */
#define UT_STRING	0x7506	/* a string: how much of 16 bytes strncpy_from_user() takes */
#define UT_STRNLEN	0x7507	/* a string: what strnlen_user() says with a limit of 16 */
#define UT_NUMBER	0x7508	/* struct ut_number: parse it */
#define UT_PIN		0x7509	/* user memory: pin two pages, how many there are */
#define UT_HOLD		0x750a	/* user memory: pin a page */
#define UT_LET_GO	0x750b	/* nothing: write "pinned" there, unpin */
#define UT_REFS		0x750c	/* a number: references on that page of what mmap() maps */
#define UT_FAULTS	0x750d	/* nothing: how many pages came by a fault */
#define UT_VM_FLAGS	0x750e	/* nothing: UT_VM_* of the last mapping */

#define UT_VM_SHARED	1
#define UT_VM_MAYWRITE	2

enum ut_number_type { UT_ULL, UT_LL, UT_UL, UT_L, UT_INT, UT_UINT, UT_U16, UT_U8, UT_BOOL };

struct ut_number {
	unsigned int type, len;
	char text[24];
	unsigned long long value;	/* what came of it, cut */
};

#define UT_PAGES	4

/* mmap offsets, in pages: what comes of it */
enum {
	UT_MAP_VMALLOC,		/* two pages of vmalloc(), by frame numbers */
	UT_MAP_PAGE = 2,	/* the first page, by vm_insert_page() */
	UT_MAP_TWICE,		/* the same in one place twice */
	UT_MAP_OUTSIDE,		/* the same behind the end of the mapping */
	UT_MAP_RESERVED,	/* two pages in a row, by their physical address */
	UT_MAP_NOTHING = 7,	/* no page */
	UT_MAP_WHOLE,		/* no page, and the mapping cannot be split */
	UT_MAP_NOT_USERS,	/* memory that is not of vmalloc_user() */
	UT_MAP_NO_AREA,		/* memory that is not of vmalloc() at all */
	UT_MAP_LATE,		/* the first page's frame, when it is touched */
	UT_MAP_TOLD,		/* the first page; mappings that come and go are logged */
	UT_MAP_REFUSED,		/* the first page, and then -EPERM */
	UT_MAP_USERS = 16,	/* UT_PAGES of vmalloc_user(), from there on */
	UT_MAP_FAULT = 32,	/* UT_PAGES, each by a fault; logged as UT_MAP_TOLD is */
};

#endif
