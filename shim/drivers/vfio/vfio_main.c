// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO devices and groups, as Linux 6.1 has them.
 *
 * A device belongs to a group, and the user reaches it through the group:
 * opens /dev/vfio/<n> (once at a time), puts it into a container, asks it for
 * a device by name. Devices of the emulated IOMMU kind get a group of their
 * own when they are registered. Removing a device waits until its last user
 * has closed it.
 *
 * Built into the shim, so it pins no module of its own. Left out: groups of
 * real IOMMUs and the drivers that need one (vfio_register_group_dev()),
 * noiommu, run-time power management. Migration is in migration.c, dirty
 * logging in logging.c. At levels of later kernels a device is opened by way of
 * IOMMUFD, too (iommufd.c), and by a file of its own (device_cdev.c).
 */
#include <linux/anon_inodes.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "check/op.h"
#include "drivers/vfio/vfio.h"

static struct {
	struct class *class;		/* groups */
	struct class *device_class;
	dev_t group_devt;
	struct mutex group_lock;	/* guards group_list */
	struct list_head group_list;
	struct mutex set_lock;		/* guards set_list and counts */
	struct list_head set_list;
} vfio = {
	.group_lock = __MUTEX_INITIALIZER(vfio.group_lock),
	.group_list = LIST_HEAD_INIT(vfio.group_list),
	.set_lock = __MUTEX_INITIALIZER(vfio.set_lock),
	.set_list = LIST_HEAD_INIT(vfio.set_list),
};
static DEFINE_IDA(group_ida);
static DEFINE_IDA(device_ida);

static const struct file_operations group_fops;
static const struct file_operations device_fops;

/* ---- device sets ----------------------------------------------------- */

struct device_set {
	struct vfio_device_set set;
	struct list_head link;
};

/**
 * vfio_assign_device_set() - put a device into the set called @set_id
 * @device: not registered yet, in no set; leaves it when it is freed
 * @set_id: any address that those who share the set agree on
 *
 * Context: may sleep.
 * Return: 0, -EINVAL with a warning for a NULL id, -ENOMEM.
 */
int vfio_assign_device_set(struct vfio_device *device, void *set_id)
{
	struct device_set *s, *found = NULL;

	if (WARN_ON(!set_id))
		return -EINVAL;
	mutex_lock(&vfio.set_lock);
	list_for_each_entry(s, &vfio.set_list, link)
		if (s->set.set_id == set_id)
			found = s;
	if (!found) {
		found = kzalloc(sizeof(*found), GFP_KERNEL);
		if (!found) {
			mutex_unlock(&vfio.set_lock);
			return -ENOMEM;
		}
		mutex_init(&found->set.lock);
		INIT_LIST_HEAD(&found->set.device_list);
		found->set.set_id = set_id;
		list_add(&found->link, &vfio.set_list);
	}
	found->set.device_count++;
	mutex_unlock(&vfio.set_lock);

	mutex_lock(&found->set.lock);
	device->dev_set = &found->set;
	list_add_tail(&device->dev_set_list, &found->set.device_list);
	mutex_unlock(&found->set.lock);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_assign_device_set);

static void release_device_set(struct vfio_device *device)
{
	struct vfio_device_set *set = device->dev_set;
	struct device_set *s;

	if (!set)
		return;
	mutex_lock(&set->lock);
	list_del(&device->dev_set_list);
	mutex_unlock(&set->lock);
	mutex_lock(&vfio.set_lock);
	if (!--set->device_count) {
		s = container_of(set, struct device_set, set);
		list_del(&s->link);
		mutex_destroy(&set->lock);
		kfree(s);
	}
	mutex_unlock(&vfio.set_lock);
}

/* ---- groups ---------------------------------------------------------- */

static void group_release(struct device *dev)
{
	struct vfio_group *group = container_of(dev, struct vfio_group, dev);

	mutex_destroy(&group->device_lock);
	mutex_destroy(&group->group_lock);
	WARN_ON(group->iommu_group);
	ida_free(&group_ida, MINOR(dev->devt));
	kfree(group);
}

static struct vfio_group *group_alloc(struct iommu_group *iommu_group)
{
	struct vfio_group *group;
	int minor;

	group = kzalloc(sizeof(*group), GFP_KERNEL);
	if (!group)
		return ERR_PTR(-ENOMEM);
	minor = ida_alloc_max(&group_ida, MINORMASK, GFP_KERNEL);
	if (minor < 0) {
		kfree(group);
		return ERR_PTR(minor);
	}
	device_initialize(&group->dev);
	group->dev.devt = MKDEV(MAJOR(vfio.group_devt), minor);
	group->dev.class = vfio.class;
	group->dev.release = group_release;
	cdev_init(&group->cdev, &group_fops);
	group->cdev.owner = THIS_MODULE;
	refcount_set(&group->drivers, 1);
	mutex_init(&group->group_lock);
	INIT_LIST_HEAD(&group->device_list);
	mutex_init(&group->device_lock);
	/* dropped by leave_group() */
	group->iommu_group = iommu_group_ref_get(iommu_group);
	return group;
}

/* Never shown to anybody: what is undone by leave_group() otherwise. */
static void group_discard(struct vfio_group *group)
{
	iommu_group_put(group->iommu_group);
	group->iommu_group = NULL;
	put_device(&group->dev);
}

static struct vfio_group *group_create(struct iommu_group *iommu_group)
{
	struct vfio_group *group = group_alloc(iommu_group);
	int err;

	if (IS_ERR(group))
		return group;
	err = dev_set_name(&group->dev, "%d", iommu_group_id(iommu_group));
	if (err)
		goto discard;
	mutex_lock(&vfio.group_lock);
	err = cdev_device_add(&group->cdev, &group->dev);
	if (!err)
		list_add(&group->vfio_next, &vfio.group_list);
	mutex_unlock(&vfio.group_lock);
	if (err)
		goto discard;
	return group;

discard:
	group_discard(group);
	return ERR_PTR(err);
}

/* A group for one device that has no IOMMU, with a made-up IOMMU group. */
static struct vfio_group *emulated_group_alloc(struct device *dev)
{
	struct iommu_group *iommu_group;
	struct vfio_group *group;
	int err;

	iommu_group = iommu_group_alloc();
	if (IS_ERR(iommu_group))
		return ERR_CAST(iommu_group);
	err = iommu_group_set_name(iommu_group, "vfio-noiommu");
	if (err)
		goto put_group;
	err = iommu_group_add_device(iommu_group, dev);
	if (err)
		goto put_group;
	group = group_create(iommu_group);
	if (IS_ERR(group)) {
		err = PTR_ERR(group);
		goto remove_device;
	}
	iommu_group_put(iommu_group);
	return group;

remove_device:
	iommu_group_remove_device(dev);
put_group:
	iommu_group_put(iommu_group);
	return ERR_PTR(err);
}

static void leave_group(struct vfio_device *device)
{
	struct vfio_group *group = device->group;
	struct iommu_group *iommu_group;

	iommu_group_remove_device(device->dev);
	if (!refcount_dec_and_mutex_lock(&group->drivers, &vfio.group_lock))
		return;
	list_del(&group->vfio_next);
	/* under the lock: a group of the same name may come at once */
	cdev_device_del(&group->cdev, &group->dev);
	mutex_lock(&group->group_lock);
	WARN_ON(!list_empty(&group->device_list));
	/* an open group file stays, of no more use */
	if (group->container)
		vfio_group_detach_container(group);
	iommu_group = group->iommu_group;
	group->iommu_group = NULL;
	mutex_unlock(&group->group_lock);
	mutex_unlock(&vfio.group_lock);
	iommu_group_put(iommu_group);
	put_device(&group->dev);
}

/* ---- devices --------------------------------------------------------- */

static void describe_registration(const void *obj, char *buf, size_t size)
{
	const struct vfio_device *device = container_of(obj, struct vfio_device, refcount);

	scnprintf(buf, size, "%s", dev_name(&device->device));
}

void vfio_put_registration(struct vfio_device *device)
{
	um_object_put(&device->refcount);
	if (refcount_dec_and_test(&device->refcount))
		complete(&device->comp);
}

bool vfio_try_get_registration(struct vfio_device *device)
{
	if (!refcount_inc_not_zero(&device->refcount))
		return false;
	um_object_get(&device->refcount);
	return true;
}

static void device_release(struct device *dev)
{
	struct vfio_device *device = container_of(dev, struct vfio_device, device);

	release_device_set(device);
	ida_free(&device_ida, device->index);
#if KAPI_ABI_VFIO_FREE_DEVICE
	device->ops->release(device);
#else
	if (device->ops->release)
		device->ops->release(device);
	kvfree(device);
#endif
}

/**
 * vfio_init_device() - make a device ready to be registered
 * @device: zeroed; part of a structure that ops->release() frees
 * @dev:    the device it stands for, which must outlive it
 * @ops:    operations
 *
 * Context: may sleep; calls ops->init().
 * Return: 0, and vfio_put_device() is the inverse; or -ENOMEM, -ENOSPC, or
 * the error of ops->init(), and ops->release() is not called.
 */
int vfio_init_device(struct vfio_device *device, struct device *dev,
		     const struct vfio_device_ops *ops)
{
	int ret;

	ret = ida_alloc_max(&device_ida, MINORMASK, GFP_KERNEL);
	if (ret < 0)
		return ret;
	device->index = ret;
	init_completion(&device->comp);
	device->dev = dev;
	device->ops = ops;
	if (ops->init) {
		ret = ops->init(device);
		if (ret)
			goto free_index;
	}
	device_initialize(&device->device);
	um_object_kind(&device->device.kobj, "VFIO device");
	device->device.release = device_release;
	device->device.class = vfio.device_class;
	device->device.parent = dev;
	return 0;

free_index:
	release_device_set(device);
	ida_free(&device_ida, device->index);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_init_device);

/**
 * _vfio_alloc_device() - allocate a device; called as vfio_alloc_device()
 * @size: bytes of the structure that begins with a struct vfio_device
 * @dev:  the device it stands for, which must outlive it
 * @ops:  operations; their release() calls vfio_free_device()
 *
 * Context: may sleep; calls ops->init().
 * Return: the device, which vfio_put_device() lets go, or ERR_PTR(): -ENOMEM,
 * -EINVAL with a warning for too small a size, or as vfio_init_device().
 */
struct vfio_device *_vfio_alloc_device(size_t size, struct device *dev,
				       const struct vfio_device_ops *ops)
{
	struct vfio_device *device;
	int err;

	if (WARN_ON(size < sizeof(*device)))
		return ERR_PTR(-EINVAL);
	device = kvzalloc(size, GFP_KERNEL);
	if (!device)
		return ERR_PTR(-ENOMEM);
	err = vfio_init_device(device, dev, ops);
	if (err) {
		kvfree(device);
		return ERR_PTR(err);
	}
	return device;
}
EXPORT_SYMBOL_GPL(_vfio_alloc_device);

#if KAPI_ABI_VFIO_FREE_DEVICE
/**
 * vfio_free_device() - free what vfio_alloc_device() allocated
 * @device: the device; not touched afterwards
 *
 * Context: may sleep; in ops->release(), as its last act.
 */
void vfio_free_device(struct vfio_device *device)
{
	kvfree(device);
}
EXPORT_SYMBOL_GPL(vfio_free_device);
#endif

/* Takes over the caller's count on group->drivers, also when it fails. */
static int register_dev(struct vfio_device *device, struct vfio_group *group)
{
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	device->group = group;
	err = 0;
	if (!device->dev_set)
		err = vfio_assign_device_set(device, device);
	if (err)
		goto remove_group;
	err = dev_set_name(&device->device, "vfio%d", device->index);
	if (err)
		goto remove_group;
	err = vfio_device_add(device);
	if (err)
		goto remove_group;
	refcount_set(&device->refcount, 1);
	um_object_new(&device->refcount, "VFIO registration", describe_registration);
	mutex_lock(&group->device_lock);
	list_add(&device->group_next, &group->device_list);
	mutex_unlock(&group->device_lock);
	return 0;

remove_group:
	leave_group(device);
	return err;
}

/**
 * vfio_register_emulated_iommu_dev() - offer a device that does no DMA itself
 * @device: from vfio_alloc_device()
 *
 * The device must be in no IOMMU group; it gets one of its own. From here on
 * a user may open it. vfio_unregister_group_dev() is the inverse.
 *
 * Context: may sleep.
 * Return: 0; -EEXIST when it is in a group already; -EINVAL with a warning where
 * IOMMUFD is there and the driver lacks some of the operations for it; -ENOMEM and
 * others, with all undone.
 */
int vfio_register_emulated_iommu_dev(struct vfio_device *device)
{
	int err = vfio_iommufd_check_ops(device);

	return err ?: register_dev(device, emulated_group_alloc(device->dev));
}
EXPORT_SYMBOL_GPL(vfio_register_emulated_iommu_dev);

/* Until the last user is gone. A signal only changes how one waits. */
static void wait_for_users(struct vfio_device *device)
{
	bool interrupted = false;
	unsigned int i = 0;
	long left = try_wait_for_completion(&device->comp);

	while (left <= 0) {
		if (device->ops->request)
			device->ops->request(device, i++);
		if (interrupted) {
			left = wait_for_completion_timeout(&device->comp, HZ * 10);
			continue;
		}
		left = wait_for_completion_interruptible_timeout(&device->comp, HZ * 10);
		if (left < 0) {
			interrupted = true;
			dev_warn(device->dev,
				 "Device is currently in use, task \"%s\" (%d) blocked until device is released",
				 current->comm, task_pid_nr(current));
		}
	}
}

/* Nobody finds it any more. */
static void unlist(struct vfio_device *device)
{
	struct vfio_group *group = device->group;

	mutex_lock(&group->device_lock);
	list_del(&device->group_next);
	mutex_unlock(&group->device_lock);
	vfio_device_del(device);
}

/**
 * vfio_unregister_group_dev() - take a device back from VFIO
 * @device: registered; still the caller's, who gives it to vfio_put_device()
 *
 * Waits until no user has it open, asking the driver every ten seconds, by
 * ops->request(), to see to it. A signal does not end the wait: it gives one
 * message. Afterwards no operation but release() is called.
 *
 * Context: may sleep, for as long as users like. No lock may be held that an
 * operation of the device takes.
 */
void vfio_unregister_group_dev(struct vfio_device *device)
{
	/* its own file must not open it again while we wait for those who have it */
	bool first = KAPI_ABI_VFIO_DETACH_IOAS;

	if (first)
		unlist(device);
	vfio_put_registration(device);
	wait_for_users(device);
	um_object_freed(&device->refcount);
	if (!first)
		unlist(device);
	leave_group(device);
}
EXPORT_SYMBOL_GPL(vfio_unregister_group_dev);

/* A device of the group by name, with a count on its registration. */
static struct vfio_device *device_by_name(struct vfio_group *group, char *name)
{
	struct vfio_device *it, *device = ERR_PTR(-ENODEV);
	int match;

	mutex_lock(&group->device_lock);
	list_for_each_entry(it, &group->device_list, group_next) {
		if (it->ops->match)
			match = it->ops->match(it, name);
		else
			match = !strcmp(dev_name(it->dev), name);
		if (match < 0) {
			device = ERR_PTR(match);
			break;
		}
		if (match && vfio_try_get_registration(it)) {
			device = it;
			break;
		}
	}
	mutex_unlock(&group->device_lock);
	return device;
}

/* ---- opening a device ------------------------------------------------ */

/* True between open_device() and close_device(). */
bool vfio_assert_device_open(struct vfio_device *device)
{
	return !WARN_ON_ONCE(!READ_ONCE(device->open_count));
}

/* For the first time: what iommu it uses is there. */
int vfio_open_device(struct vfio_device *device, struct kvm *kvm)
{
	device->kvm = kvm;
	return device->ops->open_device ? device->ops->open_device(device) : 0;
}

void vfio_close_device(struct vfio_device *device)
{
	if (device->ops->close_device)
		device->ops->close_device(device);
}

static int first_open(struct vfio_device *device)
{
	struct vfio_group *group = device->group;
	int err;

	mutex_lock(&group->group_lock);
	err = vfio_open_device(device, group->kvm);
	if (!err)
		vfio_device_container_register(device);
	mutex_unlock(&group->group_lock);
	return err;
}

static void last_close(struct vfio_device *device)
{
	mutex_lock(&device->group->group_lock);
	if (device->open_count == 1) {
		vfio_close_device(device);
		vfio_device_container_unregister(device);
	}
	mutex_unlock(&device->group->group_lock);
}

/* dev_set->lock held */
static void drop_open_count(struct vfio_device *device)
{
	WRITE_ONCE(device->open_count, device->open_count - 1);
	if (!device->open_count)
		device->kvm = NULL;
}

static int open_in_container(struct vfio_device *device)
{
	int err;

	mutex_lock(&device->group->group_lock);
	err = vfio_device_assign_container(device);
	mutex_unlock(&device->group->group_lock);
	if (err)
		return err;
	if (!try_module_get(device->dev->driver->owner)) {
		err = -ENODEV;
		goto unassign_container;
	}
	mutex_lock(&device->dev_set->lock);
	WRITE_ONCE(device->open_count, device->open_count + 1);
	if (device->open_count == 1) {
		err = first_open(device);
		if (err)
			goto drop_count;
	}
	mutex_unlock(&device->dev_set->lock);
	return 0;

drop_count:
	drop_open_count(device);
	mutex_unlock(&device->dev_set->lock);
	module_put(device->dev->driver->owner);
unassign_container:
	vfio_device_unassign_container(device);
	return err;
}

static void device_close(struct vfio_device *device)
{
	bool closed;

	mutex_lock(&device->dev_set->lock);
	vfio_assert_device_open(device);
	closed = vfio_iommufd_close(device);
	if (!closed) {
		last_close(device);
		drop_open_count(device);
	}
	mutex_unlock(&device->dev_set->lock);
	if (closed)
		return;
	module_put(device->dev->driver->owner);
	vfio_device_unassign_container(device);
}

static struct file *device_open(struct vfio_device *device)
{
	struct file *file;
	int err;

	err = vfio_iommufd_open(device);
	if (err > 0)
		err = open_in_container(device);
	if (err)
		return ERR_PTR(err);

	/* not anon_inode_getfd(): reads and writes have positions here */
	file = anon_inode_getfile("[vfio-device]", &device_fops, device, O_RDWR);
	if (IS_ERR(file)) {
		device_close(device);
		return file;
	}
	file->f_mode |= FMODE_PREAD | FMODE_PWRITE;
	return file;
}

static int device_file_release(struct inode *inode, struct file *file)
{
	struct vfio_device *device = file->private_data;

	device_close(device);
	vfio_put_registration(device);
	return 0;
}

/* ---- device files ---------------------------------------------------- */

static long device_feature(struct vfio_device *device,
			   struct vfio_device_feature __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_feature, flags);
	struct vfio_device_feature feature;
	u32 op;

	if (copy_from_user(&feature, arg, minsz))
		return -EFAULT;
	if (feature.argsz < minsz)
		return -EINVAL;
	if (feature.flags & ~(VFIO_DEVICE_FEATURE_MASK | VFIO_DEVICE_FEATURE_SET |
			      VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_PROBE))
		return -EINVAL;
	op = feature.flags & (VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET);
	if (!(feature.flags & VFIO_DEVICE_FEATURE_PROBE) &&
	    op == (VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET))
		return -EINVAL;
	switch (feature.flags & VFIO_DEVICE_FEATURE_MASK) {
	case VFIO_DEVICE_FEATURE_MIGRATION:
	case VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE:
	case VFIO_DEVICE_FEATURE_MIG_DATA_SIZE:
		return vfio_migration_feature(device, feature.flags, arg->data,
					      feature.argsz - minsz);
	case VFIO_DEVICE_FEATURE_DMA_LOGGING_START:
	case VFIO_DEVICE_FEATURE_DMA_LOGGING_STOP:
	case VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT:
		return vfio_logging_feature(device, feature.flags, arg->data,
					    feature.argsz - minsz);
	default:
		if (!device->ops->device_feature)
			return -ENOTTY;
		return device->ops->device_feature(device, feature.flags, arg->data,
						   feature.argsz - minsz);
	}
}

#if KAPI_ABI_VFIO_REGION_INFO
/* The driver answers in kernel memory; capabilities follow the structure. */
static long region_info(struct vfio_device *device,
			struct vfio_region_info __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info = { };
	struct vfio_info_cap caps = { };
	long ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	ret = device->ops->get_region_info_caps(device, &info, &caps);
	if (ret)
		goto out;

	if (caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		info.cap_offset = 0;
		if (info.argsz < sizeof(info) + caps.size) {
			info.argsz = sizeof(info) + caps.size;
		} else {
			info.cap_offset = sizeof(info);
			vfio_info_cap_shift(&caps, sizeof(info));
			if (copy_to_user(arg + 1, caps.buf, caps.size))
				ret = -EFAULT;
		}
	}
	if (!ret && copy_to_user(arg, &info, minsz))
		ret = -EFAULT;
out:
	kfree(caps.buf);
	return ret;
}
#endif

long vfio_device_ioctl(struct vfio_device *device, unsigned int cmd, unsigned long arg)
{
	if (cmd == VFIO_DEVICE_FEATURE)
		return device_feature(device, (void __user *)arg);
#if KAPI_ABI_VFIO_REGION_INFO
	if (cmd == VFIO_DEVICE_GET_REGION_INFO && device->ops->get_region_info_caps)
		return region_info(device, (void __user *)arg);
#endif
	if (!device->ops->ioctl)
		return -EINVAL;
	return device->ops->ioctl(device, cmd, arg);
}

ssize_t vfio_device_read(struct vfio_device *device, char __user *buf, size_t count,
			 loff_t *ppos)
{
	if (!device->ops->read)
		return -EINVAL;
	return device->ops->read(device, buf, count, ppos);
}

ssize_t vfio_device_write(struct vfio_device *device, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	if (!device->ops->write)
		return -EINVAL;
	return device->ops->write(device, buf, count, ppos);
}

int vfio_device_mmap(struct vfio_device *device, struct vm_area_struct *vma)
{
	if (!device->ops->mmap)
		return -EINVAL;
	return device->ops->mmap(device, vma);
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret = vfio_cdev_only_ioctl(cmd, arg);

	return ret == -ENOIOCTLCMD ? vfio_device_ioctl(file->private_data, cmd, arg) : ret;
}

static ssize_t device_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return vfio_device_read(file->private_data, buf, count, ppos);
}

static ssize_t device_write(struct file *file, const char __user *buf, size_t count,
			    loff_t *ppos)
{
	return vfio_device_write(file->private_data, buf, count, ppos);
}

static int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	return vfio_device_mmap(file->private_data, vma);
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.release = device_file_release,
	.read = device_read,
	.write = device_write,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = device_mmap,
};

/* ---- group files ----------------------------------------------------- */

static int group_get_device_fd(struct vfio_group *group, char __user *arg)
{
	struct vfio_device *device;
	struct file *file;
	char *name;
	int fd;

	name = strndup_user(arg, PAGE_SIZE);
	if (IS_ERR(name))
		return PTR_ERR(name);
	device = device_by_name(group, name);
	kfree(name);
	if (IS_ERR(device))
		return PTR_ERR(device);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		goto put;
	/* the count on the registration is the file's from here on */
	file = device_open(device);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto put;
	}
	fd_install(fd, file);
	return fd;

put:
	vfio_put_registration(device);
	return fd;
}

static int group_get_status(struct vfio_group *group, struct vfio_group_status __user *arg)
{
	size_t minsz = offsetofend(struct vfio_group_status, flags);
	struct vfio_group_status status;
	bool gone;

	if (copy_from_user(&status, arg, minsz))
		return -EFAULT;
	if (status.argsz < minsz)
		return -EINVAL;
	status.flags = VFIO_GROUP_FLAGS_VIABLE;
	mutex_lock(&group->group_lock);
	gone = !group->iommu_group;
	if (group->container || vfio_group_has_iommufd(group))
		status.flags |= VFIO_GROUP_FLAGS_CONTAINER_SET;
	mutex_unlock(&group->group_lock);
	if (gone)
		return -ENODEV;
	return copy_to_user(arg, &status, minsz) ? -EFAULT : 0;
}

static int group_set_container(struct vfio_group *group, int __user *arg)
{
	struct vfio_container *container;
	struct fd f;
	int ret, fd;

	if (get_user(fd, arg))
		return -EFAULT;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	mutex_lock(&group->group_lock);
	container = vfio_container_from_file(f.file);
	if (group->container || vfio_group_has_iommufd(group) || WARN_ON(group->container_users))
		ret = -EINVAL;
	else if (!group->iommu_group)
		ret = -ENODEV;
	else if (!container)
		ret = vfio_iommufd_set_container(group, f.file);
	else
		ret = vfio_container_attach_group(container, group);
	mutex_unlock(&group->group_lock);
	fdput(f);
	return ret;
}

static int group_unset_container(struct vfio_group *group)
{
	int ret = 0;

	mutex_lock(&group->group_lock);
	if (vfio_iommufd_drop(group))
		ret = 0;
	else if (!group->container)
		ret = -EINVAL;
	else if (group->container_users != 1)
		ret = -EBUSY;
	else
		vfio_group_detach_container(group);
	mutex_unlock(&group->group_lock);
	return ret;
}

static long group_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vfio_group *group = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_GROUP_GET_DEVICE_FD:
		return group_get_device_fd(group, uarg);
	case VFIO_GROUP_GET_STATUS:
		return group_get_status(group, uarg);
	case VFIO_GROUP_SET_CONTAINER:
		return group_set_container(group, uarg);
	case VFIO_GROUP_UNSET_CONTAINER:
		return group_unset_container(group);
	default:
		return -ENOTTY;
	}
}

static int group_open(struct inode *inode, struct file *file)
{
	struct vfio_group *group = container_of(inode->i_cdev, struct vfio_group, cdev);
	int ret = 0;

	mutex_lock(&group->group_lock);
	if (!refcount_read(&group->drivers)) {
		ret = -ENODEV;
	} else if (group->opened_file || vfio_group_has_cdev_open(group)) {
		ret = -EBUSY;
	} else {
		group->opened_file = file;
		file->private_data = group;
	}
	mutex_unlock(&group->group_lock);
	return ret;
}

/* Open devices hold the group's file, so there are none. */
static int group_file_release(struct inode *inode, struct file *file)
{
	struct vfio_group *group = file->private_data;

	file->private_data = NULL;
	mutex_lock(&group->group_lock);
	if (group->container)
		vfio_group_detach_container(group);
	vfio_iommufd_drop(group);
	group->opened_file = NULL;
	mutex_unlock(&group->group_lock);
	return 0;
}

static const struct file_operations group_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = group_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.open = group_open,
	.release = group_file_release,
};

/**
 * vfio_file_is_group() - is it an open /dev/vfio/<n>?
 * @file: any open file
 *
 * Return: whether it is.
 */
bool vfio_file_is_group(struct file *file)
{
	return file->f_op == &group_fops;
}
EXPORT_SYMBOL_GPL(vfio_file_is_group);

/**
 * vfio_file_set_kvm() - devices that are opened from now on see @kvm
 * @file: an open group; nothing happens for another file
 * @kvm:  not referenced; NULL takes it away
 *
 * Context: may sleep; takes the group's mutex, under which open_device() is
 * called.
 */
void vfio_file_set_kvm(struct file *file, struct kvm *kvm)
{
	struct vfio_group *group = file->private_data;

	if (!vfio_file_is_group(file))
		return;
	mutex_lock(&group->group_lock);
	group->kvm = kvm;
	mutex_unlock(&group->group_lock);
}
EXPORT_SYMBOL_GPL(vfio_file_set_kvm);

/* ---- helpers for drivers' ioctls ------------------------------------- */

/**
 * vfio_info_cap_add() - append a zeroed capability to a chain
 * @caps:    {} at first; caps->buf is the caller's to kfree()
 * @size:    bytes, with the header
 * @id:      of the capability
 * @version: of the capability
 *
 * Offsets of the chain count from the buffer's start until
 * vfio_info_cap_shift().
 *
 * Context: may sleep.
 * Return: the new header, valid until the next call; or ERR_PTR(-ENOMEM), and
 * the chain is freed.
 */
struct vfio_info_cap_header *vfio_info_cap_add(struct vfio_info_cap *caps,
					       size_t size, u16 id, u16 version)
{
	struct vfio_info_cap_header *header, *last;
	char *buf;

	buf = krealloc(caps->buf, caps->size + size, GFP_KERNEL);
	if (!buf) {
		kfree(caps->buf);
		caps->buf = NULL;
		caps->size = 0;
		return ERR_PTR(-ENOMEM);
	}
	header = (void *)(buf + caps->size);
	memset(header, 0, size);
	header->id = id;
	header->version = version;
	/* the first capability links to itself with 0: the end */
	last = (void *)buf;
	while (last->next)
		last = (void *)(buf + last->next);
	last->next = caps->size;
	caps->buf = (void *)buf;
	caps->size += size;
	return header;
}
EXPORT_SYMBOL_GPL(vfio_info_cap_add);

/**
 * vfio_info_cap_shift() - offsets as they are once @offset bytes lie in front
 * @caps:   a chain that is not empty; nothing can be added afterwards
 * @offset: bytes of the structure that the chain follows
 */
void vfio_info_cap_shift(struct vfio_info_cap *caps, size_t offset)
{
	struct vfio_info_cap_header *cap = caps->buf;
	u32 next;

	while ((next = cap->next)) {
		cap->next = next + offset;
		cap = (void *)((char *)caps->buf + next);
	}
}
EXPORT_SYMBOL(vfio_info_cap_shift);

/**
 * vfio_info_add_capability() - append a copy of a capability to a chain
 * @caps: as for vfio_info_cap_add()
 * @cap:  the capability; of its header the id and the version count
 * @size: bytes, with the header
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, and the chain is freed.
 */
int vfio_info_add_capability(struct vfio_info_cap *caps,
			     struct vfio_info_cap_header *cap, size_t size)
{
	struct vfio_info_cap_header *header;

	header = vfio_info_cap_add(caps, size, cap->id, cap->version);
	if (IS_ERR(header))
		return PTR_ERR(header);
	memcpy(header + 1, cap + 1, size - sizeof(*header));
	return 0;
}
EXPORT_SYMBOL(vfio_info_add_capability);

/**
 * vfio_set_irqs_validate_and_prepare() - check a VFIO_DEVICE_SET_IRQS
 * @hdr:          what the user passed, copied
 * @num_irqs:     interrupts of hdr->index
 * @max_irq_type: indexes
 * @data_size:    set to the bytes of data that follow; NULL when there may be
 *	none
 *
 * Return: 0 or -EINVAL.
 */
int vfio_set_irqs_validate_and_prepare(struct vfio_irq_set *hdr, int num_irqs,
				       int max_irq_type, size_t *data_size)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count), size;

	if (hdr->argsz < minsz || hdr->index >= max_irq_type ||
	    hdr->count >= U32_MAX - hdr->start ||
	    hdr->flags & ~(VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK))
		return -EINVAL;
	if (data_size)
		*data_size = 0;
	if (hdr->start >= num_irqs || hdr->start + hdr->count > num_irqs)
		return -EINVAL;
	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		size = sizeof(u8);
		break;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		size = sizeof(s32);
		break;
	default:
		return -EINVAL;
	}
	if (hdr->argsz - minsz < hdr->count * size || !data_size)
		return -EINVAL;
	*data_size = hdr->count * size;
	return 0;
}
EXPORT_SYMBOL(vfio_set_irqs_validate_and_prepare);

/* ---- at boot --------------------------------------------------------- */

static char *vfio_devnode(struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "vfio/%s", dev_name(dev));
}

static int __init vfio_init(void)
{
	int err;

	err = vfio_container_init();
	if (err)
		return err;
	vfio.class = class_create(THIS_MODULE, "vfio");
	if (IS_ERR(vfio.class))
		return PTR_ERR(vfio.class);
	vfio.class->devnode = vfio_devnode;
	vfio.device_class = class_create(THIS_MODULE, "vfio-dev");
	if (IS_ERR(vfio.device_class))
		return PTR_ERR(vfio.device_class);
	err = vfio_cdev_init(vfio.device_class);
	if (err)
		return err;
	return alloc_chrdev_region(&vfio.group_devt, 0, MINORMASK + 1, "vfio");
}
device_initcall(vfio_init);
