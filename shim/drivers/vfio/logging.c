// SPDX-License-Identifier: GPL-2.0-only
/*
 * The features by which a user asks a device to note the memory that it writes
 * to. The noting is the driver's; here is what is checked before it is asked,
 * as in Linux.
 */
#include <linux/align.h>
#include <linux/err.h>
#include <linux/interval_tree.h>
#include <linux/iova_bitmap.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "drivers/vfio/vfio.h"

/* what fits into a page */
#define MAX_RANGES (PAGE_SIZE / sizeof(struct vfio_device_feature_dma_logging_range))

/* The tree that a driver is handed, and its nodes. */
struct log_ranges {
	struct rb_root_cached root;
	u32 n;
	struct interval_tree_node node[];
};

static int add_range(struct log_ranges *ranges, u64 page_size,
		     const struct vfio_device_feature_dma_logging_range *range)
{
	unsigned long last = range->iova + range->length - 1;
	struct interval_tree_node *node = &ranges->node[ranges->n];
	u64 end;

	if (!IS_ALIGNED(range->iova, page_size) || !IS_ALIGNED(range->length, page_size))
		return -EINVAL;
	if (check_add_overflow(range->iova, range->length, &end))
		return -EOVERFLOW;
	if (interval_tree_iter_first(&ranges->root, range->iova, last))
		return -EINVAL;
	node->start = range->iova;
	node->last = last;
	interval_tree_insert(node, &ranges->root);
	ranges->n++;
	return 0;
}

/* The user's ranges, the caller's to free, or an ERR_PTR. */
static struct log_ranges *
get_ranges(const struct vfio_device_feature_dma_logging_control *control)
{
	struct vfio_device_feature_dma_logging_range __user *user =
		u64_to_user_ptr(control->ranges);
	struct vfio_device_feature_dma_logging_range range;
	struct log_ranges *ranges;
	int ret = 0;
	u32 i;

	if (!control->num_ranges)
		return ERR_PTR(-EINVAL);
	if (control->num_ranges > MAX_RANGES)
		return ERR_PTR(-E2BIG);
	ranges = kzalloc(struct_size(ranges, node, control->num_ranges), GFP_KERNEL);
	if (!ranges)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < control->num_ranges && !ret; i++)
		ret = copy_from_user(&range, &user[i], sizeof(range)) ? -EFAULT :
		      add_range(ranges, control->page_size, &range);
	if (!ret)
		return ranges;
	kfree(ranges);
	return ERR_PTR(ret);
}

static int start(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	struct vfio_device_feature_dma_logging_control control;
	struct log_ranges *ranges;
	int ret;

	ret = vfio_check_feature(flags, size, VFIO_DEVICE_FEATURE_SET, sizeof(control));
	if (ret != 1)
		return ret;
	if (copy_from_user(&control, arg, sizeof(control)))
		return -EFAULT;
	ranges = get_ranges(&control);
	if (IS_ERR(ranges))
		return PTR_ERR(ranges);
	ret = device->log_ops->log_start(device, &ranges->root, ranges->n, &control.page_size);
	kfree(ranges);
	if (ret)
		return ret;
	/* the page size that it became */
	if (copy_to_user(arg, &control, sizeof(control))) {
		device->log_ops->log_stop(device);
		return -EFAULT;
	}
	return 0;
}

static int stop(struct vfio_device *device, u32 flags, size_t size)
{
	int ret = vfio_check_feature(flags, size, VFIO_DEVICE_FEATURE_SET, 0);

	return ret == 1 ? device->log_ops->log_stop(device) : ret;
}

static int read_and_clear(struct iova_bitmap *bitmap, unsigned long iova, size_t length,
			  void *opaque)
{
	struct vfio_device *device = opaque;

	return device->log_ops->log_read_and_clear(device, iova, length, bitmap);
}

static int report(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	struct vfio_device_feature_dma_logging_report report;
	struct iova_bitmap *bitmap;
	u64 end;
	int ret;

	ret = vfio_check_feature(flags, size, VFIO_DEVICE_FEATURE_GET, sizeof(report));
	if (ret != 1)
		return ret;
	if (copy_from_user(&report, arg, sizeof(report)))
		return -EFAULT;
	if (report.page_size < PAGE_SIZE || !is_power_of_2(report.page_size))
		return -EINVAL;
	if (check_add_overflow(report.iova, report.length, &end))
		return -EOVERFLOW;
	bitmap = iova_bitmap_alloc(report.iova, report.length, report.page_size,
				   u64_to_user_ptr(report.bitmap));
	if (IS_ERR(bitmap))
		return PTR_ERR(bitmap);
	ret = iova_bitmap_for_each(bitmap, device, read_and_clear);
	iova_bitmap_free(bitmap);
	return ret;
}

/**
 * vfio_logging_feature() - VFIO_DEVICE_FEATURE, if it is one of dirty logging
 * @device: the device, open
 * @flags: of the user's struct vfio_device_feature, checked for unknown ones
 * @arg: the data behind it
 * @size: and how much of it
 *
 * Context: may sleep.
 * Return: 0 or an error, which is -ENOTTY for a driver without the operations.
 */
int vfio_logging_feature(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	if (!device->log_ops)
		return -ENOTTY;
	switch (flags & VFIO_DEVICE_FEATURE_MASK) {
	case VFIO_DEVICE_FEATURE_DMA_LOGGING_START:
		return start(device, flags, arg, size);
	case VFIO_DEVICE_FEATURE_DMA_LOGGING_STOP:
		return stop(device, flags, size);
	default:
		return report(device, flags, arg, size);
	}
}
