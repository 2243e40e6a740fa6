/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side of the file system test: a misc device /dev/vfs/test whose
 * operations do what the test asks for, and counters of what was called.
 */
#ifndef TESTS_UNIT_VFS_KERN_H
#define TESTS_UNIT_VFS_KERN_H

int vk_register(void);
void vk_unregister(void);
int vk_register_bare(void);	/* /dev/vfs_bare: no operations but open */
void vk_unregister_bare(void);

/* ioctls; the argument points at an int unless said otherwise */
enum {
	VK_ADD_ONE = 0x7600,	/* reads it, writes it plus one */
	VK_UNKNOWN,		/* -ENOIOCTLCMD */
	VK_COPY_LONG,		/* copies 64 bytes to the argument */
	VK_STRING,		/* strncpy_from_user of 16: its length */
	VK_STRNLEN,		/* strnlen_user of 16 */
	VK_EVENTFD,		/* the argument is a descriptor: keep its context */
	VK_EVENTFD_AGAIN,	/* whether it is the context kept: 1 or 0 */
	VK_SIGNAL,		/* signal the context */
	VK_EVENTFD_DROP,
	VK_WAKE,		/* make the device readable */
	VK_TOUCH,		/* dereference the argument, as no driver may */
	VK_ATOMIC_COPY,		/* copy_to_user under a spinlock */
	VK_FPUT_LOCKED,		/* last fput of a file whose release takes a held lock */
	VK_PIN,			/* pin the page of the argument */
	VK_UNPIN,		/* "pinned" into it, and unpin */
	VK_ZAP,			/* the page frame mapping must fault again */
};

/* mmap offsets, in pages: what is mapped */
enum { VK_MAP_VMALLOC = 0, VK_MAP_FAULT = 16, VK_MAP_PFN = 32, VK_MAP_BUS = 48,
       VK_MAP_ERROR = 64 };

/* device-side bytes behind a mapping */
char *vk_vmalloc_bytes(void);
char *vk_fault_bytes(unsigned int page);
int vk_fault_refs(unsigned int page);
char *vk_pfn_bytes(void);

/* Counted in a fault handler too, between two instructions of the test. */
extern volatile int vk_opens, vk_releases, vk_vma_opens, vk_vma_closes, vk_faults;

#endif
