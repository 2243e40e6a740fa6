// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for VFIO as it has been since 6.1, without mdev: the device "native0"
 * of the bus "vfio_native" has sixteen bytes of state, which a user reads and
 * writes at offset 0, and which can be saved and restored (stop and copy). A
 * write of eight bytes at NATIVE_DMA is a page that the device writes to, which is
 * noted while that is logged. Attributes of the device:
 *	ranges	how many ranges are logged, and the pages between the first and
 *		the last of them
 */
#define VFIO_COMPAT_NO_RENAME
#include <linux/anon_inodes.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/interval_tree.h>
#include <linux/iova_bitmap.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
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

/* ---- the device ---------------------------------------------------------------------- */

static int native_init(struct vfio_device *vdev)
{
	struct native *native = to_native(vdev);

	mutex_init(&native->lock);
	native->mig = VFIO_DEVICE_STATE_RUNNING;
	vdev->migration_flags = VFIO_MIGRATION_STOP_COPY;
	vdev->mig_ops = &mig_ops;
	vdev->log_ops = &log_ops;
	return 0;
}

static void native_release(struct vfio_device *vdev)
{
	mutex_destroy(&to_native(vdev)->lock);
#if KAPI_VFIO_FREE_DEVICE
	vfio_free_device(vdev);
#endif
}

static int native_open(struct vfio_device *vdev)
{
	return 0;
}

static void native_close(struct vfio_device *vdev)
{
	log_stop(vdev);
}

static ssize_t native_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct native *native = to_native(vdev);
	ssize_t ret;

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
	.open_device = native_open,
	.close_device = native_close,
	.read = native_read,
	.write = native_write,
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

static struct attribute *native_attrs[] = {
	&dev_attr_ranges.attr,
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
