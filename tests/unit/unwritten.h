/* SPDX-License-Identifier: GPL-2.0-only */
/* The device /dev/leaky of unwritten_kern.c: each ioctl copies to the user at arg. */
#ifndef UMDEV_TESTS_UNIT_UNWRITTEN_H
#define UMDEV_TESTS_UNIT_UNWRITTEN_H

#define LEAKY_HEAP	0x7601	/* a struct of kmalloc(), a member of which is not written */
#define LEAKY_CACHE	0x7602	/* an object of a cache, whose second half is not */
#define LEAKY_KREALLOC	0x7603	/* what has come behind a written one */
#define LEAKY_STACK	0x7604	/* a struct on the stack, two members of which are not */
#define LEAKY_PADDING	0x7605	/* one that is written, between whose members there is room */
#define LEAKY_PAGES	0x7606	/* what alloc_pages() gave */
#define LEAKY_VMALLOC	0x7607	/* what vmalloc() gave */
#define LEAKY_BRANCH	0x7608	/* nothing: it decides by what nobody has written */

/* the same, and written */
#define CLEAN_HEAP	0x7611
#define CLEAN_CACHE	0x7612
#define CLEAN_KREALLOC	0x7613
#define CLEAN_STACK	0x7614
#define CLEAN_PADDING	0x7615
#define CLEAN_PAGES	0x7616
#define CLEAN_VMALLOC	0x7617
/* a vmalloc area, written by one of its addresses and copied by the other */
#define CLEAN_BY_PAGE	0x7618
#define CLEAN_BY_AREA	0x7619
/* 64 bytes at arg, by way of the stack and of the heap */
#define CLEAN_ECHO	0x761a
/* the first bytes of the page that is mapped */
#define CLEAN_MAPPED	0x761b

#define LEAKY_SIZE	64

/* offsets of a mapping, in pages: what is mapped there */
enum leaky_map {
	LEAKY_MAP_PAGE,		/* a page, by vm_insert_page() */
	LEAKY_MAP_PFN,		/* a page, by remap_pfn_range() */
	LEAKY_MAP_FAULT,	/* a page of vmalloc(), when it is touched */
	LEAKY_MAPS,
	CLEAN_MAP_PAGE = LEAKY_MAPS,
	CLEAN_MAP_PFN,
	CLEAN_MAP_FAULT,
};

int k_leaky_add(void);
void k_leaky_remove(void);

#endif
