// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver with one mdev to a parent, in the shape of the s390 channel
 * I/O driver: the parents are subchannels, an mdev has one I/O region of two
 * halves, read and written but not mapped, and one interrupt. A request
 * written to the first half is answered, inverted, in the second.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define SUBCHANNELS	2
#define HALF		32
#define REGION_SIZE	(2 * HALF)

/* A parent's; the mdev's while there is one. */
struct subchannel {
	struct device *dev;
	struct mutex lock;		/* guards what follows */
	bool taken;
	u8 region[REGION_SIZE];
	struct eventfd_ctx *trigger;
};

static struct subchannel subchannels[SUBCHANNELS];

/* ---- ops ------------------------------------------------------------- */

/* Takes over the reference on @trigger. */
static void set_trigger(struct subchannel *sch, struct eventfd_ctx *trigger)
{
	mutex_lock(&sch->lock);
	swap(sch->trigger, trigger);
	mutex_unlock(&sch->lock);
	if (trigger)
		eventfd_ctx_put(trigger);
}

static int single_open(struct mdev_device *mdev)
{
	return 0;
}

static void single_release(struct mdev_device *mdev)
{
	set_trigger(mdev_get_drvdata(mdev), NULL);
}

/* How much of @count at @pos is in the region, or -EINVAL. */
static ssize_t clamp_transfer(size_t count, loff_t pos)
{
	if (!count)
		return 0;
	if (pos >= REGION_SIZE)
		return -EINVAL;
	return min_t(u64, count, REGION_SIZE - pos);
}

static ssize_t single_read(struct mdev_device *mdev, char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct subchannel *sch = mdev_get_drvdata(mdev);
	ssize_t len = clamp_transfer(count, *ppos);
	u8 region[REGION_SIZE];

	if (len <= 0)
		return len;
	mutex_lock(&sch->lock);
	memcpy(region, sch->region, sizeof(region));
	mutex_unlock(&sch->lock);
	if (copy_to_user(buf, region + *ppos, len))
		return -EFAULT;
	*ppos += len;
	return len;
}

static void do_request(struct subchannel *sch)
{
	unsigned int i;

	for (i = 0; i < HALF; i++)
		sch->region[HALF + i] = ~sch->region[i];
	if (sch->trigger)
		eventfd_signal(sch->trigger, 1);
}

/* The answer cannot be written: what is meant for it is thrown away. */
static ssize_t single_write(struct mdev_device *mdev, const char __user *buf, size_t count,
			    loff_t *ppos)
{
	struct subchannel *sch = mdev_get_drvdata(mdev);
	ssize_t len = clamp_transfer(count, *ppos);
	u8 data[REGION_SIZE];

	if (len <= 0)
		return len;
	if (copy_from_user(data, buf, len))
		return -EFAULT;
	if (*ppos < HALF) {
		mutex_lock(&sch->lock);
		memcpy(sch->region + *ppos, data, min_t(size_t, len, HALF - *ppos));
		do_request(sch);
		mutex_unlock(&sch->lock);
	}
	*ppos += len;
	return len;
}

static long get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 1;
	info.num_irqs = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long get_region_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index)
		return -EINVAL;
	info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	info.cap_offset = 0;
	info.size = REGION_SIZE;
	info.offset = 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long get_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long set_eventfd(struct subchannel *sch, void __user *arg)
{
	struct eventfd_ctx *trigger = NULL;
	s32 fd;

	if (get_user(fd, (s32 __user *)arg))
		return -EFAULT;
	if (fd != -1) {
		trigger = eventfd_ctx_fdget(fd);
		if (IS_ERR(trigger))
			return PTR_ERR(trigger);
	}
	set_trigger(sch, trigger);
	return 0;
}

static long set_irqs(struct subchannel *sch, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count), size;
	struct vfio_irq_set set;
	int ret;

	if (copy_from_user(&set, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&set, 1, 1, &size);
	if (ret)
		return ret;
	if (!(set.flags & VFIO_IRQ_SET_ACTION_TRIGGER))
		return -EINVAL;
	if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD && set.count)
		return set_eventfd(sch, arg + minsz);
	if (set.flags & VFIO_IRQ_SET_DATA_NONE && !set.count) {
		set_trigger(sch, NULL);
		return 0;
	}
	return -EINVAL;
}

static long reset(struct subchannel *sch)
{
	mutex_lock(&sch->lock);
	memset(sch->region, 0, sizeof(sch->region));
	mutex_unlock(&sch->lock);
	return 0;
}

static long single_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return get_region_info(uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irq_info(uarg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(mdev_get_drvdata(mdev), uarg);
	case VFIO_DEVICE_RESET:
		return reset(mdev_get_drvdata(mdev));
	default:
		return -ENOTTY;
	}
}

static const struct mdev_vfio_device_ops single_ops = {
	.open = single_open,
	.release = single_release,
	.read = single_read,
	.write = single_write,
	.ioctl = single_ioctl,
};

/* ---- the parents' ops ------------------------------------------------ */

static bool take(struct subchannel *sch, bool taken)
{
	bool changed;

	mutex_lock(&sch->lock);
	changed = sch->taken != taken;
	sch->taken = taken;
	memset(sch->region, 0, sizeof(sch->region));
	mutex_unlock(&sch->lock);
	return changed;
}

static int single_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct subchannel *sch = dev_get_drvdata(mdev_parent_dev(mdev));

	if (!take(sch, true))
		return -ENOSPC;
	mdev_set_drvdata(mdev, sch);
	mdev_set_vfio_ops(mdev, &single_ops);
	return 0;
}

static int single_remove(struct mdev_device *mdev)
{
	take(mdev_get_drvdata(mdev), false);
	mdev_set_drvdata(mdev, NULL);
	return 0;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "I/O subchannel\n");
}
static MDEV_TYPE_ATTR_RO(name);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s\n", VFIO_DEVICE_API_CCW_STRING);
}
static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj, struct device *dev, char *buf)
{
	struct subchannel *sch = dev_get_drvdata(dev);
	bool taken;

	mutex_lock(&sch->lock);
	taken = sch->taken;
	mutex_unlock(&sch->lock);
	return sysfs_emit(buf, "%d\n", !taken);
}
static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL
};
static struct attribute_group io_group = { .name = "io", .attrs = type_attrs };
static struct attribute_group *types[] = { &io_group, NULL };

static const struct mdev_parent_ops parent_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = types,
	.create = single_create,
	.remove = single_remove,
};

/* ---- module ---------------------------------------------------------- */

static struct class *shape_class;

static void remove_subchannel(struct subchannel *sch)
{
	mdev_unregister_device(sch->dev);
	device_unregister(sch->dev);
	mutex_destroy(&sch->lock);
}

static int add_subchannel(struct subchannel *sch, int n)
{
	int ret;

	mutex_init(&sch->lock);
	sch->dev = device_create(shape_class, NULL, MKDEV(0, 0), sch, "subchannel%d", n);
	if (IS_ERR(sch->dev)) {
		ret = PTR_ERR(sch->dev);
		goto destroy_lock;
	}
	ret = mdev_register_device(sch->dev, &parent_ops);
	if (ret)
		goto unregister_device;
	return 0;

unregister_device:
	device_unregister(sch->dev);
destroy_lock:
	mutex_destroy(&sch->lock);
	return ret;
}

static int __init shape_single_init(void)
{
	int i, ret;

	shape_class = class_create(THIS_MODULE, "shape_single");
	if (IS_ERR(shape_class))
		return PTR_ERR(shape_class);
	for (i = 0; i < SUBCHANNELS; i++) {
		ret = add_subchannel(&subchannels[i], i);
		if (ret)
			goto remove_subchannels;
	}
	return 0;

remove_subchannels:
	while (i--)
		remove_subchannel(&subchannels[i]);
	class_destroy(shape_class);
	return ret;
}

static void __exit shape_single_exit(void)
{
	int i;

	for (i = SUBCHANNELS - 1; i >= 0; i--)
		remove_subchannel(&subchannels[i]);
	class_destroy(shape_class);
}

module_init(shape_single_init);
module_exit(shape_single_exit);
MODULE_DESCRIPTION("Vendor driver with one mdev to a parent");
MODULE_LICENSE("GPL v2");
