// SPDX-License-Identifier: GPL-2.0-only
/* A user of VFIO on the modelled kernel. Every buffer goes through user memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "umdev/umdev.h"
#include "umdev_vfio.h"

long user_ioctl(int fd, unsigned int cmd, void *arg, size_t size)
{
	void *user = um_user_alloc(size);
	long ret;

	if (!user)
		return -ENOMEM;
	memcpy(um_user_ptr(user), arg, size);
	ret = um_ioctl(fd, cmd, (unsigned long)user);
	memcpy(arg, um_user_ptr(user), size);
	um_user_free(user);
	return ret;
}

static int group_of(const char *uuid, char *path, size_t size)
{
	char link[128], target[256];
	const char *number;
	ssize_t n;

	snprintf(link, sizeof(link), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = um_readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return n;
	target[n] = '\0';
	number = strrchr(target, '/');
	n = snprintf(path, size, "/dev/vfio/%s", number ? number + 1 : target);
	return n < (ssize_t)size ? 0 : -ENAMETOOLONG;
}

static int attach(struct vfio_user *v, const char *uuid)
{
	char name[64];
	int container = v->container;
	long ret;

	ret = user_ioctl(v->group, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container));
	if (ret < 0)
		return ret;
	ret = um_ioctl(v->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU);
	if (ret < 0)
		return ret;
	snprintf(name, sizeof(name), "%s", uuid);
	return user_ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, name, sizeof(name));
}

int vfio_open(struct vfio_user *v, const char *uuid)
{
	int err = group_of(uuid, v->group_path, sizeof(v->group_path));

	v->device = v->group = v->container = -1;
	if (err)
		return err;
	v->container = um_open("/dev/vfio/vfio", O_RDWR);
	err = v->container;
	if (err >= 0)
		err = v->group = um_open(v->group_path, O_RDWR);
	if (err >= 0)
		err = v->device = attach(v, uuid);
	if (err < 0) {
		vfio_close(v);
		return err;
	}
	return 0;
}

static void close_one(int fd)
{
	if (fd >= 0)
		um_close(fd);
}

void vfio_close(struct vfio_user *v)
{
	struct vfio_user was = *v;

	/* another task may close it as well */
	v->device = v->group = v->container = -1;
	close_one(was.device);
	close_one(was.group);
	close_one(was.container);
}

int vfio_region(struct vfio_user *v, unsigned int index, struct vfio_region_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->index = index;
	return user_ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, info, sizeof(*info));
}

ssize_t vfio_read(struct vfio_user *v, uint64_t offset, void *buf, size_t count)
{
	void *user = um_user_alloc(count);
	ssize_t n;

	if (!user)
		return -ENOMEM;
	n = um_pread(v->device, user, count, offset);
	if (n > 0)
		memcpy(buf, um_user_ptr(user), n);
	um_user_free(user);
	return n;
}

ssize_t vfio_write(struct vfio_user *v, uint64_t offset, const void *buf, size_t count)
{
	void *user = um_user_alloc(count);
	ssize_t n;

	if (!user)
		return -ENOMEM;
	memcpy(um_user_ptr(user), buf, count);
	n = um_pwrite(v->device, user, count, offset);
	um_user_free(user);
	return n;
}

int vfio_irq_eventfd(struct vfio_user *v, unsigned int index, int fd)
{
	union {
		struct vfio_irq_set set;
		char bytes[sizeof(struct vfio_irq_set) + sizeof(int)];
	} arg;

	memset(&arg, 0, sizeof(arg));
	arg.set.argsz = sizeof(arg.bytes);
	arg.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	arg.set.index = index;
	arg.set.count = 1;
	memcpy(arg.bytes + sizeof(arg.set), &fd, sizeof(fd));
	return user_ioctl(v->device, VFIO_DEVICE_SET_IRQS, &arg, sizeof(arg.bytes));
}

int vfio_irq_unmask(struct vfio_user *v, unsigned int index)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
		.index = index,
		.count = 1,
	};

	return user_ioctl(v->device, VFIO_DEVICE_SET_IRQS, &set, sizeof(set));
}
