/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side of the VFIO test: a device "vk0" on a bus of its own,
 * whose driver offers it to VFIO and does what the test asks by ioctl.
 */
#ifndef TESTS_UNIT_VFIO_KERN_H
#define TESTS_UNIT_VFIO_KERN_H

int vk_init(void);
void vk_exit(void);
/* the device comes, is probed; goes, is unbound */
int vk_add(void);
void vk_remove(void);
int vk_is_bound(void);

/* The argument points at one. */
struct vk_dma {
	unsigned long long iova;
	unsigned int n;		/* pages, or bytes */
	unsigned int prot;	/* IOMMU_READ 1, IOMMU_WRITE 2 */
	char data[32];
};

enum {
	VK_PIN = 0x3c00,	/* writes "pinned" into the first page if @prot has 2 */
	VK_UNPIN,
	VK_RW,			/* @n bytes of @data, to the IOVA if @prot has 2 */
	VK_KEEP,		/* dma_unmap() unpins nothing until it was called twice */
};

extern int vk_opens, vk_closes, vk_requests, vk_unmaps, vk_open_error;

#endif
