/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side of the VFIO test: devices "vk0" and "vk1" on a bus of their
 * own, whose driver offers them to VFIO and does what the test asks by ioctl.
 */
#ifndef TESTS_UNIT_VFIO_KERN_H
#define TESTS_UNIT_VFIO_KERN_H

int vk_init(void);
void vk_exit(void);
/* the device comes, is probed; goes, is unbound */
int vk_add(void);
void vk_remove(void);
int vk_is_bound(void);
/* "vk0" is the first; only vk_add() clears what follows below */
#define VK_DEVICES 2
int vk_add_nth(int n);
void vk_remove_nth(int n);
/* how many devices share a set with vk0 */
int vk_in_set(void);
/* of the devices of an open group */
int vk_set_kvm(int fd, void *kvm);
/* Makes a chain of three, or an error: NULL, or what is wrong with it. */
const char *vk_capabilities(int *err);

/* The argument points at one. */
struct vk_dma {
	unsigned long long iova;
	unsigned int n;		/* pages */
	unsigned int prot;	/* IOMMU_READ 1, IOMMU_WRITE 2 */
};

enum {
	VK_PIN = 0x3c00,
	VK_UNPIN,
};

extern int vk_opens, vk_closes;
extern void *vk_kvm;	/* as the last open saw it */

#endif
