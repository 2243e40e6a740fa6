/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A user of VFIO on the modelled kernel, as a virtual machine monitor is one:
 * container, group, device, regions. Every call returns a negative errno.
 */
#ifndef UMDEV_TOOLS_UMDEV_VFIO_H
#define UMDEV_TOOLS_UMDEV_VFIO_H

#include <linux/vfio.h>
#include <stddef.h>
#include <stdint.h>

struct vfio_user {
	int container, group, device;
	char group_path[64];
};

/* Opens everything for the mdev @uuid; on an error nothing stays open. */
int vfio_open(struct vfio_user *v, const char *uuid);
/* What is open of it; its descriptors are -1 then, as they must be before the first vfio_open(). */
void vfio_close(struct vfio_user *v);
/* An ioctl whose argument is @size bytes at @arg, which it may change. */
long user_ioctl(int fd, unsigned int cmd, void *arg, size_t size);
int vfio_region(struct vfio_user *v, unsigned int index, struct vfio_region_info *info);
ssize_t vfio_read(struct vfio_user *v, uint64_t offset, void *buf, size_t count);
ssize_t vfio_write(struct vfio_user *v, uint64_t offset, const void *buf, size_t count);
/* Interrupt @index signals the eventfd @fd from now on; -1: no more. */
int vfio_irq_eventfd(struct vfio_user *v, unsigned int index, int fd);
/* An INTx is masked by being signalled; its user unmasks it when it has been served. */
int vfio_irq_unmask(struct vfio_user *v, unsigned int index);

#endif
