/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side of the test of files: a misc device /dev/vfs/test whose operations
 * do what the test asks for.
 */
#ifndef TESTS_UNIT_VFS_KERN_H
#define TESTS_UNIT_VFS_KERN_H

int vk_register(void);
void vk_unregister(void);

/* ioctls; the argument points at an int unless said otherwise */
enum {
	VK_ADD_ONE = 0x7600,	/* reads it, writes it plus one */
	VK_COPY_LONG,		/* copies 64 bytes to the argument */
	VK_STRING,		/* strncpy_from_user of 16: its length */
	VK_STRNLEN,		/* strnlen_user of 16 */
	VK_TOUCH,		/* dereference the argument, as no driver may */
	VK_ATOMIC_COPY,		/* copy_to_user under a spinlock */
	VK_ZAP,			/* the page frame mapping must fault again */
};

/* mmap offsets, in pages: what is mapped */
enum { VK_MAP_PFN = 32, VK_MAP_NOTHING = 48 };

/* Counted in a fault handler, between two instructions of the test. */
extern volatile int vk_faults;

#endif
