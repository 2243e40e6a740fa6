/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A user of VFIO for unit tests: an mdev's group, a container of its own, and the
 * device, one step after the other.
 */
#ifndef UMDEV_TESTS_UNIT_VFIO_OPEN_H
#define UMDEV_TESTS_UNIT_VFIO_OPEN_H

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>

#include "umdev/umdev.h"

struct vfio_user {
	void *memory;
	int container, group, device;	/* below 0: not open */
};

/* The file of an mdev's group, given its directory; it is there while a driver is bound. */
static inline void vfio_node(const char *mdev, char *node, size_t size)
{
	char path[256], link[512];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/iommu_group", mdev);
	len = um_readlink(path, link, sizeof(link) - 1);
	link[len < 0 ? 0 : len] = '\0';
	snprintf(node, size, "/dev/vfio/%.32s", len < 0 ? "none" : strrchr(link, '/') + 1);
}

/* Up to the last step. */
static inline long vfio_open_group(struct vfio_user *u, const char *node)
{
	*u = (struct vfio_user){ um_user_alloc(512), -1, -1, -1 };
	u->container = um_open("/dev/vfio/vfio", O_RDWR);
	if (u->container < 0)
		return u->container;
	u->group = um_open(node, O_RDWR);
	if (u->group < 0)
		return u->group;
	*(int *)um_user_ptr(u->memory) = u->container;
	if (um_ioctl(u->group, VFIO_GROUP_SET_CONTAINER, (unsigned long)u->memory) ||
	    um_ioctl(u->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -ENODEV;
	return 0;
}

static inline long vfio_open_device(struct vfio_user *u, const char *name)
{
	strcpy(um_user_ptr(u->memory), name);
	u->device = um_ioctl(u->group, VFIO_GROUP_GET_DEVICE_FD, (unsigned long)u->memory);
	return u->device < 0 ? u->device : 0;
}

static inline long vfio_open(struct vfio_user *u, const char *node, const char *name)
{
	long ret = vfio_open_group(u, node);

	return ret ? ret : vfio_open_device(u, name);
}

/* Whatever is open of it. */
static inline void vfio_close(struct vfio_user *u)
{
	int *fds[] = { &u->device, &u->group, &u->container };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		if (*fds[i] >= 0)
			um_close(*fds[i]);
		*fds[i] = -1;
	}
	um_user_free(u->memory);
	u->memory = NULL;
}

#endif
