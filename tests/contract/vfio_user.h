/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * More of a VFIO user than vfio_test.h has: interrupts, DMA mappings, the
 * group's name. What VFIO or the driver answers is returned.
 */
#ifndef UMDEV_TESTS_VFIO_USER_H
#define UMDEV_TESTS_VFIO_USER_H

#include "vfio_test.h"

/* ---- interrupts ------------------------------------------------------ */

#define IRQ_SET_SIZE	offsetof(struct vfio_irq_set, data)

/* @flags are those of struct vfio_irq_set, @data follows it. */
static inline long irq_set(struct vfio_user *v, unsigned int index, unsigned int flags,
			   unsigned int start, unsigned int count, const void *data, size_t size)
{
	union {
		struct vfio_irq_set set;
		unsigned char bytes[IRQ_SET_SIZE + 64];
	} all = {
		.set.argsz = IRQ_SET_SIZE + size,
		.set.flags = flags,
		.set.index = index,
		.set.start = start,
		.set.count = count,
	};

	if (size)
		memcpy(all.bytes + IRQ_SET_SIZE, data, size);
	return t_ioctl(v->device, VFIO_DEVICE_SET_IRQS, &all, sizeof(all));
}

static inline long irq_eventfd(struct vfio_user *v, unsigned int index, int fd)
{
	int32_t data = fd;

	return irq_set(v, index, VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1,
		       &data, sizeof(data));
}

/* @action: VFIO_IRQ_SET_ACTION_* */
static inline long irq_do(struct vfio_user *v, unsigned int index, unsigned int action)
{
	return irq_set(v, index, VFIO_IRQ_SET_DATA_NONE | action, 0, 1, NULL, 0);
}

static inline long irq_do_if(struct vfio_user *v, unsigned int index, unsigned int action,
			     uint8_t meant)
{
	return irq_set(v, index, VFIO_IRQ_SET_DATA_BOOL | action, 0, 1, &meant, 1);
}

static inline long irq_disable(struct vfio_user *v, unsigned int index)
{
	return irq_set(v, index, VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER, 0, 0,
		       NULL, 0);
}

/* ---- DMA ------------------------------------------------------------- */

#define DMA_READ_WRITE	(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

static inline long dma_map(struct vfio_user *v, uint64_t iova, void *vaddr, uint64_t size,
			   unsigned int flags)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .flags = flags, .iova = iova,
		.vaddr = (unsigned long)vaddr, .size = size,
	};

	return t_ioctl(v->container, VFIO_IOMMU_MAP_DMA, &map, sizeof(map));
}

/* The bytes unmapped, or an error. */
static inline long dma_unmap(struct vfio_user *v, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = size,
	};
	long ret = t_ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &unmap, sizeof(unmap));

	return ret ?: (long)unmap.size;
}

/* Memory that a user may map for DMA. */
static inline void *dma_memory(size_t size)
{
	void *p;
	int err;

	p = t_mmap(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, &err);
	t_expect(err, 0);
	return p;
}

/* ---- VFIO up to Linux 5.14, where each file is an open ---------------- */

/*
 * The mdev, which is made already or will be, is served by vfio_files instead
 * of vfio_mdev: vfio_open_file() any number of times, and t_close().
 */
static inline void vfio_serve_files(void)
{
	t_expect(t_rmmod("vfio_mdev"), 0);
	t_expect(t_insmod("vfio_files", NULL), 0);
}

static inline int vfio_open_file(void)
{
	int fd = t_open("/dev/vfio_files", O_RDWR);

	t_expect(fd >= 0, true);
	return fd;
}

/* ---- parts of vfio_open() -------------------------------------------- */

/* "/dev/vfio/<n>" of an mdev. */
static inline void group_node(const char *uuid, char *node, size_t size)
{
	char path[256], link[512];

	snprintf(path, sizeof(path), MDEV_DEVICES "%s/iommu_group", uuid);
	t_expect(t_readlink(path, link, sizeof(link)) > 0, true);
	snprintf(node, size, "/dev/vfio/%s", strrchr(link, '/') + 1);
}

/* Everything but the device. */
static inline void vfio_open_group(struct vfio_user *v, const char *uuid)
{
	char node[64];

	v->device = -1;
	v->container = t_open("/dev/vfio/vfio", O_RDWR);
	t_expect(v->container >= 0, true);
	group_node(uuid, node, sizeof(node));
	v->group = t_open(node, O_RDWR);
	t_expect(v->group >= 0, true);
	t_expect(t_ioctl(v->group, VFIO_GROUP_SET_CONTAINER, &v->container,
			 sizeof(v->container)), 0);
	t_expect(t_ioctl_raw(v->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
}

/* The device, again and again if one likes: a file or an error. */
static inline long vfio_get_device(struct vfio_user *v, const char *name)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%s", name);
	return t_ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, copy, sizeof(copy));
}

static inline void vfio_close_group(struct vfio_user *v)
{
	t_expect(t_close(v->group), 0);
	t_expect(t_close(v->container), 0);
}

#endif
