// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps of what one does with a mediated device: each is a few system calls, and
 * the same for any driver. What a driver has is known by looking (umdev_look.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_steps.h"

static unsigned int has_of(const struct driver *d)
{
	unsigned int has = 0;

	if (d->vfio)
		has |= NEEDS_VFIO;
	if (d->virtio)
		has |= NEEDS_VIRTIO;
	if (d->config)
		has |= NEEDS_CONFIG;
	if (d->irq)
		has |= NEEDS_IRQ;
	if (d->mmap_region >= 0)
		has |= NEEDS_MMAP;
	if (d->display)
		has |= NEEDS_DISPLAY;
	if (d->dmabuf)
		has |= NEEDS_DMABUF;
	return has;
}

void vendor_of(const struct driver *d, struct vendor *v)
{
	snprintf(v->name, sizeof(v->name), "%s", d->module);
	snprintf(v->create, sizeof(v->create), "%s/%s/create", d->parent, d->type);
	v->has = has_of(d);
	v->memory = d->memory;
	v->mmap_region = d->mmap_region;
}

long step_put(const char *path, const char *text)
{
	size_t len = strlen(text);
	void *user = um_user_alloc(len);
	long ret;
	int fd;

	if (!user)
		return -ENOMEM;
	memcpy(um_user_ptr(user), text, len);
	fd = um_open(path, O_WRONLY);
	ret = fd;
	if (fd >= 0) {
		ret = um_write(fd, user, len);
		um_close(fd);
	}
	um_user_free(user);
	return ret < 0 ? ret : 0;
}

long step_create(void *arg)
{
	struct use *u = arg;

	return step_put(u->vendor->create, STEP_UUID);
}

long step_remove(void *arg)
{
	return step_put(STEP_MDEV "/remove", "1");
}

long step_open(void *arg)
{
	struct use *u = arg;

	return vfio_open(&u->vfio, STEP_UUID);
}

long step_close(void *arg)
{
	struct use *u = arg;

	vfio_close(&u->vfio);
	return 0;
}

long step_device_info(void *arg)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct use *u = arg;

	return user_ioctl(u->vfio.device, VFIO_DEVICE_GET_INFO, &info, sizeof(info));
}

long step_region_info(void *arg)
{
	union {
		struct vfio_region_info info;
		char bytes[4096];
	} buf;
	struct vfio_device_info device = { .argsz = sizeof(device) };
	struct use *u = arg;
	unsigned int i;
	long ret;

	ret = user_ioctl(u->vfio.device, VFIO_DEVICE_GET_INFO, &device, sizeof(device));
	if (ret)
		return ret;
	for (i = 0; i < device.num_regions; i++) {
		memset(&buf, 0, sizeof(buf));
		buf.info.argsz = sizeof(buf);
		buf.info.index = i;
		ret = user_ioctl(u->vfio.device, VFIO_DEVICE_GET_REGION_INFO, &buf, sizeof(buf));
		if (ret && !(ret == -EINVAL && i >= VFIO_PCI_VGA_REGION_INDEX))
			return ret;
	}
	return 0;
}

long step_irq_info(void *arg)
{
	struct vfio_irq_info info = { .argsz = sizeof(info) };
	struct use *u = arg;

	return user_ioctl(u->vfio.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info));
}

long step_set_irq(void *arg)
{
	struct use *u = arg;

	return vfio_irq_eventfd(&u->vfio, VFIO_PCI_INTX_IRQ_INDEX, u->eventfd);
}

long step_clear_irq(void *arg)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = VFIO_PCI_INTX_IRQ_INDEX,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	};
	struct use *u = arg;

	return user_ioctl(u->vfio.device, VFIO_DEVICE_SET_IRQS, &set, sizeof(set));
}

long step_reset(void *arg)
{
	struct use *u = arg;

	return um_ioctl(u->vfio.device, VFIO_DEVICE_RESET, 0);
}

long step_read_config(void *arg)
{
	struct vfio_region_info info;
	struct use *u = arg;
	uint32_t id;
	long ret = vfio_region(&u->vfio, VFIO_PCI_CONFIG_REGION_INDEX, &info);

	if (ret)
		return ret;
	ret = vfio_read(&u->vfio, info.offset, &id, sizeof(id));
	return ret < 0 ? ret : 0;
}

long step_write_config(void *arg)
{
	struct vfio_region_info info;
	struct use *u = arg;
	uint32_t value = 0;
	size_t size;
	long ret = vfio_region(&u->vfio, VFIO_PCI_CONFIG_REGION_INDEX, &info);

	for (size = 4; !ret && size; size /= 2) {
		ret = vfio_write(&u->vfio, info.offset + 0x3c, &value, size);
		ret = ret < 0 ? ret : 0;
		if (!ret)
			ret = vfio_read(&u->vfio, info.offset + 0x3c, &value, size);
		ret = ret < 0 ? ret : 0;
	}
	return ret;
}

long step_map(void *arg)
{
	struct vfio_region_info info;
	struct use *u = arg;
	long ret = vfio_region(&u->vfio, u->vendor->mmap_region, &info);

	if (ret)
		return ret;
	u->map = um_mmap(info.size, PROT_READ | PROT_WRITE, MAP_SHARED, u->vfio.device,
			 info.offset);
	return (long)u->map < 0 && (long)u->map > -4096 ? (long)u->map : 0;
}

long step_unmap(void *arg)
{
	struct vfio_region_info info;
	struct use *u = arg;
	long ret = vfio_region(&u->vfio, u->vendor->mmap_region, &info);

	return ret ? ret : um_munmap(u->map, info.size);
}

long step_query_plane(void *arg)
{
	struct vfio_device_gfx_plane_info plane = { .argsz = sizeof(plane) };
	struct use *u = arg;

	plane.flags = u->vendor->has & NEEDS_DMABUF ? VFIO_GFX_PLANE_TYPE_DMABUF :
						       VFIO_GFX_PLANE_TYPE_REGION;
	return user_ioctl(u->vfio.device, VFIO_DEVICE_QUERY_GFX_PLANE, &plane, sizeof(plane));
}

long step_memory(void *arg)
{
	struct vfio_region_info info;
	struct use *u = arg;
	uint8_t byte = 0;
	long ret;

	if (!u->vendor->memory)
		return 0;
	ret = vfio_region(&u->vfio, VFIO_PCI_BAR0_REGION_INDEX, &info);
	if (!ret)
		ret = vfio_write(&u->vfio, info.offset, &byte, 1);
	if (ret >= 0)
		ret = vfio_read(&u->vfio, info.offset, &byte, 1);
	return ret < 0 ? ret : 0;
}
