/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the sample drivers mdpy and mbochs have in common: a PCI display with
 * its memory in BAR 0 and a config space, one plane, and no interrupts.
 */
#ifndef UMDEV_TESTS_DISPLAY_H
#define UMDEV_TESTS_DISPLAY_H

#include <linux/pci_regs.h>

#include "vfio_test.h"

#define FOURCC_XR24	0x34325258
#define PLANE_PRIMARY	1
#define PLANE_CURSOR	2

#define CONFIG		VFIO_PCI_CONFIG_REGION_INDEX
#define BAR0		VFIO_PCI_BAR0_REGION_INDEX

static inline long query_plane(struct vfio_user *v, struct vfio_device_gfx_plane_info *plane)
{
	return t_ioctl(v->device, VFIO_DEVICE_QUERY_GFX_PLANE, plane, sizeof(*plane));
}

/* ---- regions -------------------------------------------------------------- */

/* As VFIO refuses it (-EINVAL), or as Linux's displays do. */
static inline bool is_refused(ssize_t ret)
{
	return ret == -EINVAL || ret == -EFAULT;
}

/* As long as it says: 255 bytes in Linux. */
static inline void expect_config_space_ends(struct vfio_user *v)
{
	unsigned int end = vfio_region(v, CONFIG).size;
	char buf[512] = "";

	t_expect(end <= 256, true);
	t_expect(region_read(v, CONFIG, end - 4, buf, 8), 4);
	t_expect(region_read(v, CONFIG, end - 1, buf, 4), 1);
	t_expect(region_read(v, CONFIG, 0, buf, 512), end);
	t_expect(is_refused(region_read(v, CONFIG, end, buf, 1)), true);
	t_expect(region_write(v, CONFIG, end - 4, buf, 8), 4);
	t_expect(region_write(v, CONFIG, end - 2, buf, 4), 2);
	t_expect(is_refused(region_write(v, CONFIG, end, buf, 1)), true);
}

static inline void expect_part_can_be_mapped(struct vfio_user *v)
{
	uint32_t word;
	char *map;
	int err;

	region_set(v, BAR0, 0x5010, 0xcafe0001, 4);
	map = region_map(v, BAR0, 0x5000, 0x2000, MAP_SHARED, &err);
	assert_non_null(map);
	memcpy(&word, map + 0x10, 4);
	t_expect(word, 0xcafe0001);
	t_expect(t_munmap(map, 0x2000), 0);
}

/* A region that is not there has no place either, or one where nothing is. */
static inline void expect_nothing_there(struct vfio_user *v, unsigned int index)
{
	struct vfio_region_info info = vfio_region(v, index);
	char c = 0;

	t_expect(info.size, 0);
	if (!info.offset)
		return;
	t_expect(is_refused(t_pread(v->device, &c, 1, info.offset)), true);
	t_expect(is_refused(t_pwrite(v->device, &c, 1, info.offset)), true);
}

/*
 * @size: of the memory; there is no BAR 1. Of a transfer across the end a part is
 * done, or all of it is refused.
 */
static inline void expect_no_transfer_outside(struct vfio_user *v, uint64_t size)
{
	int64_t bar = vfio_region(v, BAR0).offset;
	char buf[64] = "";
	ssize_t ret;

	ret = region_read(v, BAR0, size - 4, buf, 64);
	t_expect(ret == 4 || is_refused(ret), true);
	ret = region_write(v, BAR0, size - 4, buf, 64);
	t_expect(ret == 4 || is_refused(ret), true);
	t_expect(is_refused(region_read(v, BAR0, size, buf, 1)), true);
	t_expect(is_refused(region_write(v, BAR0, size, buf, 1)), true);
	expect_nothing_there(v, VFIO_PCI_BAR1_REGION_INDEX);
	expect_nothing_there(v, VFIO_PCI_ROM_REGION_INDEX);
	t_expect(is_refused(t_pread(v->device, buf, 1, INT64_MAX - 1)), true);
	t_expect(t_pread(v->device, buf, 0, bar), 0);
	t_expect(t_pwrite(v->device, buf, 0, bar), 0);
}

static inline void expect_no_mapping(struct vfio_user *v, unsigned int index, uint64_t offset,
				     size_t length, int flags)
{
	int err;

	assert_null(region_map(v, index, offset, length, flags, &err));
	t_expect(err, -EINVAL);
}

static inline void expect_no_mapping_outside(struct vfio_user *v, uint64_t size)
{
	expect_no_mapping(v, BAR0, 0, size + 4096, MAP_SHARED);
	expect_no_mapping(v, BAR0, size, 4096, MAP_SHARED);
	expect_no_mapping(v, BAR0, size - 4096, 8192, MAP_SHARED);
	expect_no_mapping(v, BAR0, 0, 4096, MAP_PRIVATE);
}

/* ---- answers and questions -------------------------------------------------- */

/* @type: VFIO_GFX_PLANE_TYPE_*, as its plane is had */
static inline void expect_faults_of_answers(struct vfio_user *v, uint32_t type)
{
	struct vfio_device_gfx_plane_info plane = { .argsz = sizeof(plane),
		.drm_plane_type = PLANE_PRIMARY, .flags = type };
	struct vfio_device_info device = { .argsz = sizeof(device) };
	struct vfio_region_info region = { .argsz = sizeof(region), .index = BAR0 };
	struct vfio_irq_info irq = { .argsz = sizeof(irq) };
	int fd = v->device;

	vfio_describe(v);
	t_expect(ioctl_readonly(fd, VFIO_DEVICE_GET_INFO, &device, sizeof(device)), -EFAULT);
	t_expect(ioctl_readonly(fd, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)),
		 -EFAULT);
	t_expect(ioctl_readonly(fd, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)), -EFAULT);
	t_expect(ioctl_readonly(fd, VFIO_DEVICE_QUERY_GFX_PLANE, &plane, sizeof(plane)), -EFAULT);
}

static inline void expect_questions_are_checked(struct vfio_user *v)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region = { .argsz = sizeof(region) };

	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), 0);
	t_expect(info.flags, VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET);
	t_expect(info.num_irqs, VFIO_PCI_NUM_IRQS);
	region.index = info.num_regions;
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)), -EINVAL);
	region.index = BAR0;
	region.argsz = sizeof(region) - 1;
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)), -EINVAL);
	info.argsz = 8;
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), -EINVAL);
}

static inline void expect_no_interrupts(struct vfio_user *v)
{
	struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = VFIO_PCI_INTX_IRQ_INDEX };
	struct vfio_irq_set set = { .argsz = sizeof(set), .count = 1,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER };

	vfio_describe(v);
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)), 0);
	t_expect(irq.count, 0);
	irq.index = VFIO_PCI_NUM_IRQS;
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)), -EINVAL);
	irq.index = VFIO_PCI_INTX_IRQ_INDEX;
	irq.argsz = sizeof(irq) - 1;
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)), -EINVAL);
	t_expect(t_ioctl(v->device, VFIO_DEVICE_SET_IRQS, &set, sizeof(set)), -EINVAL);
	t_expect(t_ioctl_raw(v->device, _IO(VFIO_TYPE, VFIO_BASE + 99), 0), -ENOTTY);
}

/* Its plane is had as @type only, and told to nobody who has no room for it. */
static inline void expect_plane_only_as(struct vfio_user *v, uint32_t type)
{
	uint32_t other = type ^ (VFIO_GFX_PLANE_TYPE_REGION | VFIO_GFX_PLANE_TYPE_DMABUF);
	struct vfio_device_gfx_plane_info plane = { .argsz = sizeof(plane),
		.drm_plane_type = PLANE_PRIMARY, .flags = type | VFIO_GFX_PLANE_TYPE_PROBE };

	t_expect(query_plane(v, &plane), 0);
	plane.flags = other;
	t_expect(query_plane(v, &plane), -EINVAL);
	plane.flags = other | VFIO_GFX_PLANE_TYPE_PROBE;
	t_expect(query_plane(v, &plane), -EINVAL);
	plane.flags = type;
	plane.argsz = 8;
	t_expect(query_plane(v, &plane), -EINVAL);
}

static inline void expect_no_cursor(struct vfio_user *v, uint32_t type)
{
	struct vfio_device_gfx_plane_info plane = { .argsz = sizeof(plane), .flags = type,
		.drm_plane_type = PLANE_CURSOR, .drm_format = 5, .width = 5, .size = 5,
		.dmabuf_id = 5 };

	t_expect(query_plane(v, &plane), 0);
	t_expect(plane.drm_format, 0);
	t_expect(plane.width, 0);
	t_expect(plane.size, 0);
	t_expect(plane.dmabuf_id, 0);	/* and so the region: a union */
}

#endif
