// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for VFIO as it has been since 6.1, without mdev: the device "native0"
 * of the bus "vfio_native" has sixteen bytes of state, which a user reads and
 * writes at offset 0, and which can be saved and restored (stop and copy). A
 * write of eight bytes at NATIVE_DMA is a page that the device writes to, which is
 * noted while that is logged. It pins pages of the user's, and copies from and to
 * them, where it is told (vfio_native.h); what the user is about to unmap it gives
 * back. Attributes of the device:
 *	ranges	how many ranges are logged, and the pages between the first and
 *		the last of them
 *	unmaps	how often it was told of an unmap, and the last of them: the first
 *		byte, and how many
 *	pinned	how many pages are pinned
 *	ways	written the flags of a device that migrates and a state that it is in:
 *		the next state to each state, and to one that there is none of, as
 *		letters of NATIVE_STATES; '-' where there is no way
 *	precopy	whether this kernel knows the states that copy before the device stops
 *	opened	how often it was opened for the first time, and closed for the last
 *	ignore	written a number: of so many unmaps it gives nothing back
 * What init() and match() are to return are parameters. NATIVE_FEATURE is a feature
 * that it has of its own, which gives NATIVE_ANSWER.
 */
#define VFIO_COMPAT_NO_RENAME
#include <linux/anon_inodes.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/interval_tree.h>
#include <linux/iommu.h>
#include <linux/iova_bitmap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vfio.h>

#include "compat/levels.h"
#include "vfio_native.h"

struct native {
	struct vfio_device vdev;
	struct mutex lock;		/* all below */
	char state[NATIVE_STATE];
	enum vfio_device_mig_state mig;
	bool logging;
	unsigned int ranges;
	unsigned long first, last;
	u64 dirty[NATIVE_DIRTY];
	unsigned int n_dirty;
	struct mutex pin_lock;		/* all below; outside of no other lock here */
	struct native_pin pin;
	struct page *pages[NATIVE_PAGES];
	unsigned int unmaps, ignore, opens, closes;
	u64 unmap_iova, unmap_length;
};

#define to_native(v) container_of(v, struct native, vdev)

/* ---- migration ----------------------------------------------------------------- */

static ssize_t saved_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct native *native = file->private_data;
	ssize_t ret;

	mutex_lock(&native->lock);
	ret = simple_read_from_buffer(buf, count, ppos, native->state, sizeof(native->state));
	mutex_unlock(&native->lock);
	return ret;
}

static ssize_t restored_write(struct file *file, const char __user *buf, size_t count,
			      loff_t *ppos)
{
	struct native *native = file->private_data;
	ssize_t ret;

	mutex_lock(&native->lock);
	ret = simple_write_to_buffer(native->state, sizeof(native->state), ppos, buf, count);
	mutex_unlock(&native->lock);
	return ret;
}

/* The file keeps the device, and so the driver, which VFIO keeps while it is open. */
static int data_release(struct inode *inode, struct file *file)
{
	struct native *native = file->private_data;

	vfio_put_device(&native->vdev);
	return 0;
}

static const struct file_operations save_fops = {
	.owner = THIS_MODULE,
	.read = saved_read,
	.release = data_release,
};

static const struct file_operations restore_fops = {
	.owner = THIS_MODULE,
	.write = restored_write,
	.release = data_release,
};

static struct file *data_file(struct native *native, const struct file_operations *fops, int flags)
{
	struct file *file = anon_inode_getfile("vfio_native", fops, native, flags);

	if (!IS_ERR(file))
		get_device(&native->vdev.device);
	return file;
}

/* One step of the way; what comes of it is the user's. */
static struct file *step(struct native *native, enum vfio_device_mig_state next)
{
	if (next == VFIO_DEVICE_STATE_STOP_COPY)
		return data_file(native, &save_fops, O_RDONLY);
	if (next == VFIO_DEVICE_STATE_RESUMING)
		return data_file(native, &restore_fops, O_WRONLY);
	return NULL;
}

static struct file *set_state(struct vfio_device *vdev, enum vfio_device_mig_state want)
{
	struct native *native = to_native(vdev);
	enum vfio_device_mig_state next;
	struct file *file = NULL;
	int ret;

	mutex_lock(&native->lock);
	while (native->mig != want) {
		ret = vfio_mig_get_next_state(vdev, native->mig, want, &next);
		if (!ret && file)
			ret = -EINVAL;	/* no way goes on from a file */
		if (ret) {
			if (file)
				fput(file);
			file = ERR_PTR(ret);
			break;
		}
		file = step(native, next);
		if (IS_ERR(file))
			break;
		native->mig = next;
	}
	mutex_unlock(&native->lock);
	return file;
}

static int get_state(struct vfio_device *vdev, enum vfio_device_mig_state *state)
{
	struct native *native = to_native(vdev);

	mutex_lock(&native->lock);
	*state = native->mig;
	mutex_unlock(&native->lock);
	return 0;
}

static const struct vfio_migration_ops mig_ops = {
	.migration_set_state = set_state,
	.migration_get_state = get_state,
};

/* ---- pages that the device wrote to ----------------------------------------------- */

static int log_start(struct vfio_device *vdev, struct rb_root_cached *ranges, u32 nnodes,
		     u64 *page_size)
{
	struct native *native = to_native(vdev);
	struct interval_tree_node *range;
	int ret = 0;

	mutex_lock(&native->lock);
	if (native->logging) {
		ret = -EINVAL;
		goto unlock;
	}
	native->ranges = 0;
	range = interval_tree_iter_first(ranges, 0, ULONG_MAX);
	for (; range; range = interval_tree_iter_next(range, 0, ULONG_MAX)) {
		if (!native->ranges++)
			native->first = range->start;
		native->last = range->last;
	}
	if (native->ranges != nnodes)
		ret = -EIO;
	native->logging = !ret;
	native->n_dirty = 0;
	*page_size = NATIVE_PAGE;
unlock:
	mutex_unlock(&native->lock);
	return ret;
}

static int log_stop(struct vfio_device *vdev)
{
	struct native *native = to_native(vdev);

	mutex_lock(&native->lock);
	native->logging = false;
	native->ranges = 0;
	mutex_unlock(&native->lock);
	return 0;
}

static int log_read_and_clear(struct vfio_device *vdev, unsigned long iova, unsigned long length,
			      struct iova_bitmap *bitmap)
{
	struct native *native = to_native(vdev);
	unsigned int i, kept = 0;

	mutex_lock(&native->lock);
	for (i = 0; i < native->n_dirty; i++) {
		if (native->dirty[i] >= iova && native->dirty[i] - iova < length)
			iova_bitmap_set(bitmap, native->dirty[i], NATIVE_PAGE);
		else
			native->dirty[kept++] = native->dirty[i];
	}
	native->n_dirty = kept;
	mutex_unlock(&native->lock);
	return 0;
}

static const struct vfio_log_ops log_ops = {
	.log_start = log_start,
	.log_stop = log_stop,
	.log_read_and_clear = log_read_and_clear,
};

/* ---- the user's memory ----------------------------------------------------------------- */

/* pin_lock is held */
static void unpin(struct native *native)
{
	if (native->pin.pages)
		vfio_unpin_pages(&native->vdev, native->pin.iova, native->pin.pages);
	native->pin.pages = 0;
}

static ssize_t write_pin(struct native *native, const char __user *buf, size_t count)
{
	struct native_pin pin;
	int ret = -EBUSY;

	if (count != sizeof(pin) || copy_from_user(&pin, buf, sizeof(pin)) ||
	    pin.pages > NATIVE_PAGES)
		return -EINVAL;
	mutex_lock(&native->pin_lock);
	if (!native->pin.pages) {
		ret = vfio_pin_pages(&native->vdev, pin.iova, pin.pages,
				     pin.write ? IOMMU_READ | IOMMU_WRITE : IOMMU_READ,
				     native->pages);
		if (ret > 0)
			native->pin = pin;
	}
	mutex_unlock(&native->pin_lock);
	return ret > 0 ? count : ret;
}

static ssize_t write_unpin(struct native *native, size_t count)
{
	mutex_lock(&native->pin_lock);
	unpin(native);
	mutex_unlock(&native->pin_lock);
	return count;
}

static void native_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct native *native = to_native(vdev);
	struct native_pin *pin = &native->pin;

	mutex_lock(&native->pin_lock);
	native->unmaps++;
	native->unmap_iova = iova;
	native->unmap_length = length;
	if (native->ignore)
		native->ignore--;
	else if (pin->pages && pin->iova - iova < length)
		unpin(native);
	mutex_unlock(&native->pin_lock);
}

/* @count bytes at most of what lies at @iova */
static ssize_t copy_memory(struct native *native, char __user *to, const char __user *from,
			   size_t count, u64 iova)
{
	char data[NATIVE_COPY];
	int ret;

	count = min_t(size_t, count, sizeof(data));
	if (from && copy_from_user(data, from, count))
		return -EFAULT;
	ret = vfio_dma_rw(&native->vdev, iova, data, count, from);
	if (ret)
		return ret;
	return to && copy_to_user(to, data, count) ? -EFAULT : count;
}

/* ---- the device ---------------------------------------------------------------------- */

static int init_error, match_error;
module_param(init_error, int, 0644);
module_param(match_error, int, 0644);

static int native_init(struct vfio_device *vdev)
{
	struct native *native = to_native(vdev);

	if (init_error)
		return init_error;
	mutex_init(&native->lock);
	mutex_init(&native->pin_lock);
	native->mig = VFIO_DEVICE_STATE_RUNNING;
	vdev->migration_flags = VFIO_MIGRATION_STOP_COPY;
	vdev->mig_ops = &mig_ops;
	vdev->log_ops = &log_ops;
	return 0;
}

static void native_release(struct vfio_device *vdev)
{
	mutex_destroy(&to_native(vdev)->pin_lock);
	mutex_destroy(&to_native(vdev)->lock);
#if KAPI_VFIO_FREE_DEVICE
	vfio_free_device(vdev);
#endif
}

static int native_match(struct vfio_device *vdev, char *buf)
{
	return match_error ?: !strcmp(buf, dev_name(vdev->dev));
}

static int native_feature(struct vfio_device *vdev, u32 flags, void __user *arg, size_t argsz)
{
	u32 answer = NATIVE_ANSWER;
	int ret;

	if ((flags & VFIO_DEVICE_FEATURE_MASK) != NATIVE_FEATURE)
		return -ENOTTY;
	ret = vfio_check_feature(flags, argsz, VFIO_DEVICE_FEATURE_GET, sizeof(answer));
	if (ret != 1)
		return ret;
	return copy_to_user(arg, &answer, sizeof(answer)) ? -EFAULT : 0;
}

static int native_open(struct vfio_device *vdev)
{
	to_native(vdev)->opens++;
	return 0;
}

static void native_close(struct vfio_device *vdev)
{
	log_stop(vdev);
	write_unpin(to_native(vdev), 0);
	to_native(vdev)->closes++;
}

static ssize_t native_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct native *native = to_native(vdev);
	ssize_t ret;

	if (*ppos >= NATIVE_MEMORY)
		return copy_memory(native, buf, NULL, count, *ppos - NATIVE_MEMORY);
	mutex_lock(&native->lock);
	ret = simple_read_from_buffer(buf, count, ppos, native->state, sizeof(native->state));
	mutex_unlock(&native->lock);
	return ret;
}

static ssize_t write_page(struct native *native, const char __user *buf, size_t count)
{
	u64 iova;

	if (count != sizeof(iova) || copy_from_user(&iova, buf, sizeof(iova)))
		return -EINVAL;
	if (native->logging && native->n_dirty < NATIVE_DIRTY)
		native->dirty[native->n_dirty++] = iova;
	return count;
}

static ssize_t native_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			    loff_t *ppos)
{
	struct native *native = to_native(vdev);
	ssize_t ret;

	if (*ppos >= NATIVE_MEMORY)
		return copy_memory(native, NULL, buf, count, *ppos - NATIVE_MEMORY);
	if (*ppos == NATIVE_PIN)
		return write_pin(native, buf, count);
	if (*ppos == NATIVE_UNPIN)
		return write_unpin(native, count);
	mutex_lock(&native->lock);
	if (*ppos == NATIVE_DMA)
		ret = write_page(native, buf, count);
	else
		ret = simple_write_to_buffer(native->state, sizeof(native->state), ppos, buf,
					     count);
	mutex_unlock(&native->lock);
	return ret;
}

static const struct vfio_device_ops native_ops = {
	.name = "vfio_native",
	.init = native_init,
	.release = native_release,
#if KAPI_ABI_VFIO_IOMMUFD
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
#endif
#if KAPI_ABI_VFIO_DETACH_IOAS
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#endif
	.match = native_match,
	.device_feature = native_feature,
	.open_device = native_open,
	.close_device = native_close,
	.read = native_read,
	.write = native_write,
	.dma_unmap = native_unmap,
};

/* ---- its bus --------------------------------------------------------------------------- */

static struct bus_type native_bus = {
	.name = "vfio_native",
};

static int native_probe(struct device *dev)
{
	struct native *native = vfio_alloc_device(native, vdev, dev, &native_ops);
	int ret;

	if (IS_ERR(native))
		return PTR_ERR(native);
	ret = vfio_register_emulated_iommu_dev(&native->vdev);
	if (ret) {
		vfio_put_device(&native->vdev);
		return ret;
	}
	dev_set_drvdata(dev, native);
	return 0;
}

static int native_remove(struct device *dev)
{
	struct native *native = dev_get_drvdata(dev);

	vfio_unregister_group_dev(&native->vdev);
	vfio_put_device(&native->vdev);
	return 0;
}

static ssize_t ranges_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct native *native = dev_get_drvdata(dev);
	ssize_t ret;

	if (!native)
		return -ENODEV;
	mutex_lock(&native->lock);
	ret = sysfs_emit(buf, "%u %lu\n", native->ranges,
			 native->ranges ? (native->last + 1 - native->first) / NATIVE_PAGE : 0);
	mutex_unlock(&native->lock);
	return ret;
}
static DEVICE_ATTR_RO(ranges);

static ssize_t unmaps_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct native *native = dev_get_drvdata(dev);
	ssize_t ret;

	mutex_lock(&native->pin_lock);
	ret = sysfs_emit(buf, "%u %#llx %#llx\n", native->unmaps, native->unmap_iova,
			 native->unmap_length);
	mutex_unlock(&native->pin_lock);
	return ret;
}
static DEVICE_ATTR_RO(unmaps);

static ssize_t pinned_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct native *native = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", native->pin.pages);
}
static DEVICE_ATTR_RO(pinned);

static ssize_t ignore_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct native *native = dev_get_drvdata(dev);
	int ret;

	mutex_lock(&native->pin_lock);
	ret = kstrtouint(buf, 0, &native->ignore);
	mutex_unlock(&native->pin_lock);
	return ret ?: count;
}
static DEVICE_ATTR_WO(ignore);

static unsigned int ways_flags, ways_from;

/*
 * From stop_copy no way leads to pre_copy, and Linux, since it knows pre_copy, looked
 * for one for ever. These releases are known not to.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0) || \
	LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 117) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0))
#define ANSWERS	true
#else
#define ANSWERS	false
#endif

static bool is_blocked(unsigned int from, unsigned int to)
{
	return NATIVE_STATES[from] == 'c' &&
	       ((NATIVE_STATES[to] == 'q' && (ways_flags & 5) == 5) ||
		(NATIVE_STATES[to] == 't' && ways_flags == 7));
}

static ssize_t ways_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	return sscanf(buf, "%u %u", &ways_flags, &ways_from) == 2 ? count : -EINVAL;
}

static ssize_t ways_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vfio_device *vdev = kzalloc(sizeof(*vdev), GFP_KERNEL);
	const unsigned int n = strlen(NATIVE_STATES);
	enum vfio_device_mig_state next;
	unsigned int to;
	int ret;

	if (!vdev)
		return -ENOMEM;
	vdev->migration_flags = ways_flags;
	for (to = 0; to <= n; to++) {
		if (!ANSWERS && ways_from < n && is_blocked(ways_from, to)) {
			buf[to] = '?';
			continue;
		}
		ret = vfio_mig_get_next_state(vdev, ways_from, to, &next);
		buf[to] = ret || next >= n ? '-' : NATIVE_STATES[next];
	}
	kfree(vdev);
	buf[to++] = '\n';
	return to;
}
static DEVICE_ATTR_RW(ways);

static ssize_t answers_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", ANSWERS);
}
static DEVICE_ATTR_RO(answers);

static ssize_t precopy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
#ifdef VFIO_MIGRATION_PRE_COPY
	return sysfs_emit(buf, "1\n");
#else
	return sysfs_emit(buf, "0\n");
#endif
}
static DEVICE_ATTR_RO(precopy);

static ssize_t opened_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct native *native = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u %u\n", native->opens, native->closes);
}
static DEVICE_ATTR_RO(opened);

static struct attribute *native_attrs[] = {
	&dev_attr_ranges.attr,
	&dev_attr_unmaps.attr,
	&dev_attr_pinned.attr,
	&dev_attr_opened.attr,
	&dev_attr_ignore.attr,
	&dev_attr_ways.attr,
	&dev_attr_precopy.attr,
	&dev_attr_answers.attr,
	NULL
};
ATTRIBUTE_GROUPS(native);

static struct device_driver native_driver = {
	.name = "vfio_native_test",
	.owner = THIS_MODULE,
	.bus = &native_bus,
	.probe = native_probe,
	.remove = native_remove,
	.dev_groups = native_groups,
};

static struct device *device;

static void device_free(struct device *dev)
{
	kfree(dev);
}

static int __init add_device(void)
{
	int ret;

	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	device_initialize(device);
	device->bus = &native_bus;
	device->release = device_free;
	ret = dev_set_name(device, "native0");
	if (!ret)
		ret = device_add(device);
	if (ret)
		put_device(device);
	return ret;
}

static int __init native_test_init(void)
{
	int ret;

	ret = bus_register(&native_bus);
	if (ret)
		return ret;
	ret = driver_register(&native_driver);
	if (ret)
		goto unregister_bus;
	ret = add_device();
	if (ret)
		goto unregister_driver;
	return 0;

unregister_driver:
	driver_unregister(&native_driver);
unregister_bus:
	bus_unregister(&native_bus);
	return ret;
}

static void __exit native_test_exit(void)
{
	device_unregister(device);
	driver_unregister(&native_driver);
	bus_unregister(&native_bus);
}

module_init(native_test_init);
module_exit(native_test_exit);
MODULE_DESCRIPTION("A device of VFIO's own that migrates and logs");
MODULE_LICENSE("GPL v2");
