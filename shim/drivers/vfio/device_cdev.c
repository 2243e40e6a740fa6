// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of VFIO devices, /dev/vfio/devices/vfio<n>, as Linux 6.12 has them; at levels
 * from 6.6 on, with what 7.3 has where the level has it.
 *
 * Such a file can do nothing before its user binds it to a context of IOMMUFD, which
 * opens the device; it is bound to its end. Only one user can, and nobody has the
 * group open meanwhile.
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_DETACH_IOAS
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/iommufd.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>
#include <linux/vfio.h>

#include "drivers/vfio/vfio.h"

/* flags of the ioctls that linux-libc-dev may be too old for */
#define BIND_FLAG_TOKEN		(1 << 0)
#define PT_FLAG_PASID		(1 << 0)

/* With room for what later kernels added. */
struct bind_arg {
	u32 argsz, flags;
	s32 iommufd;
	u32 out_devid;
	u64 token_uuid_ptr;
};

struct pt_arg {
	u32 argsz, flags;
	u32 pt_id, pasid;
};

struct unpt_arg {
	u32 argsz, flags;
	u32 pasid;
};

struct device_file {
	struct vfio_device *device;
	struct iommufd_ctx *iommufd;
	u32 id;
	/* set once, with the lock of the device's set; read without */
	bool access_granted;
};

static dev_t device_devt;

/* ---- the group's users and ours ------------------------------------------------- */

static int block_group(struct vfio_device *device)
{
	struct vfio_group *group = device->group;
	int err = 0;

	mutex_lock(&group->group_lock);
	if (group->opened_file)
		err = -EBUSY;
	else
		group->cdev_opened++;
	mutex_unlock(&group->group_lock);
	return err;
}

static void unblock_group(struct vfio_device *device)
{
	mutex_lock(&device->group->group_lock);
	device->group->cdev_opened--;
	mutex_unlock(&device->group->group_lock);
}

/* ---- open and close ---------------------------------------------------------------- */

static int cdev_open(struct inode *inode, struct file *file)
{
	struct vfio_device *device = container_of(inode->i_cdev, struct vfio_device, cdev);
	struct device_file *df;

	if (!vfio_try_get_registration(device))
		return -ENODEV;
	df = kzalloc(sizeof(*df), GFP_KERNEL_ACCOUNT);
	if (!df) {
		vfio_put_registration(device);
		return -ENOMEM;
	}
	df->device = device;
	file->private_data = df;
	return 0;
}

/* dev_set->lock held, as in what follows */
static int df_open(struct device_file *df)
{
	struct vfio_device *device = df->device;
	int err;

	/* by its own file once only */
	if (device->open_count)
		return -EINVAL;
	if (!try_module_get(device->dev->driver->owner))
		return -ENODEV;
	WRITE_ONCE(device->open_count, 1);
	err = vfio_iommufd_bind(device, df->iommufd, &df->id);
	if (err)
		goto put_module;
	err = vfio_open_device(device, NULL);
	if (err)
		goto unbind;
	return 0;

unbind:
	vfio_iommufd_unbind(device);
put_module:
	WRITE_ONCE(device->open_count, 0);
	module_put(device->dev->driver->owner);
	return err;
}

static void df_close(struct device_file *df)
{
	struct vfio_device *device = df->device;

	vfio_close_device(device);
	vfio_iommufd_unbind(device);
	WRITE_ONCE(device->open_count, 0);
	module_put(device->dev->driver->owner);
}

static int cdev_release(struct inode *inode, struct file *file)
{
	struct device_file *df = file->private_data;
	struct vfio_device *device = df->device;

	if (df->access_granted) {
		mutex_lock(&device->dev_set->lock);
		df_close(df);
		iommufd_ctx_put(df->iommufd);
		device->cdev_opened = false;
		mutex_unlock(&device->dev_set->lock);
		unblock_group(device);
	}
	vfio_put_registration(device);
	kfree(df);
	return 0;
}

/* ---- bind --------------------------------------------------------------------------- */

#if KAPI_ABI_VFIO_TOKEN
#define BIND_FLAGS	BIND_FLAG_TOKEN

static int copy_bind(struct bind_arg *bind, void __user *arg)
{
	u32 size;
	int err = get_user(size, (u32 __user *)arg);

	if (err)
		return err;
	if (size < offsetofend(struct bind_arg, out_devid))
		return -EINVAL;
	return copy_struct_from_user(bind, sizeof(*bind), arg, size);
}

static int check_token(struct vfio_device *device, const struct bind_arg *bind)
{
	uuid_t uuid;

	if (!device->ops->match_token_uuid)
		return bind->flags & BIND_FLAG_TOKEN ? -EINVAL : 0;
	if (!(bind->flags & BIND_FLAG_TOKEN))
		return device->ops->match_token_uuid(device, NULL);
	if (copy_from_user(&uuid, u64_to_user_ptr(bind->token_uuid_ptr), sizeof(uuid)))
		return -EFAULT;
	return device->ops->match_token_uuid(device, &uuid);
}
#else
#define BIND_FLAGS	0

static int copy_bind(struct bind_arg *bind, void __user *arg)
{
	size_t minsz = offsetofend(struct bind_arg, out_devid);

	if (copy_from_user(bind, arg, minsz))
		return -EFAULT;
	return bind->argsz < minsz ? -EINVAL : 0;
}

static int check_token(struct vfio_device *device, const struct bind_arg *bind)
{
	return 0;
}
#endif

static int do_bind(struct device_file *df, const struct bind_arg *bind,
		   struct bind_arg __user *arg)
{
	struct vfio_device *device = df->device;
	struct iommufd_ctx *ictx;
	int err;

	if (df->access_granted)
		return -EINVAL;
	err = check_token(device, bind);
	if (err)
		return err;
	ictx = iommufd_ctx_from_fd(bind->iommufd);
	if (IS_ERR(ictx))
		return PTR_ERR(ictx);
	df->iommufd = ictx;
	err = df_open(df);
	if (err)
		goto put_ctx;
	if (copy_to_user(&arg->out_devid, &df->id, sizeof(df->id))) {
		err = -EFAULT;
		goto close;
	}
	device->cdev_opened = true;
	smp_store_release(&df->access_granted, true);
	return 0;

close:
	df_close(df);
put_ctx:
	iommufd_ctx_put(ictx);
	df->iommufd = NULL;
	return err;
}

static int bind_iommufd(struct device_file *df, void __user *arg)
{
	struct vfio_device *device = df->device;
	struct bind_arg bind = {};
	int err;

	err = copy_bind(&bind, arg);
	if (err)
		return err;
	if (bind.iommufd < 0 || bind.flags & ~BIND_FLAGS)
		return -EINVAL;
	err = block_group(device);
	if (err)
		return err;
	mutex_lock(&device->dev_set->lock);
	err = do_bind(df, &bind, arg);
	mutex_unlock(&device->dev_set->lock);
	if (err)
		unblock_group(device);
	return err;
}

/* ---- attach and detach ------------------------------------------------------------- */

static int attach(struct vfio_device *device, struct pt_arg *pt)
{
#if KAPI_ABI_VFIO_PASID
	if (pt->flags)
		return device->ops->pasid_attach_ioas(device, pt->pasid, &pt->pt_id);
#endif
	return device->ops->attach_ioas(device, &pt->pt_id);
}

static void detach(struct vfio_device *device, u32 flags, u32 pasid)
{
#if KAPI_ABI_VFIO_PASID
	if (flags) {
		device->ops->pasid_detach_ioas(device, pasid);
		return;
	}
#endif
	device->ops->detach_ioas(device);
}

/* What the user has given beyond @minsz of @arg, if the flags ask for it. */
static int copy_pasid(const struct vfio_device *device, u32 flags, u32 argsz, size_t minsz,
		      u32 *pasid, void __user *arg)
{
#if KAPI_ABI_VFIO_PASID
	if (flags & ~PT_FLAG_PASID)
		return -EINVAL;
	if (!flags)
		return 0;
	if (!device->ops->pasid_attach_ioas || !device->ops->pasid_detach_ioas)
		return -EOPNOTSUPP;
	if (argsz < minsz + sizeof(*pasid))
		return -EINVAL;
	return copy_from_user(pasid, (char __user *)arg + minsz, sizeof(*pasid)) ? -EFAULT : 0;
#else
	return flags ? -EINVAL : 0;
#endif
}

/* The beginning of @pt, which has its size and its flags first, and what these say is behind. */
static int copy_pt(struct vfio_device *device, void *pt, size_t minsz, u32 *pasid,
		   void __user *arg)
{
	const u32 *head = pt;

	if (copy_from_user(pt, arg, minsz))
		return -EFAULT;
	if (head[0] < minsz)
		return -EINVAL;
	return copy_pasid(device, head[1], head[0], minsz, pasid, arg);
}

static int attach_pt(struct vfio_device *device, struct pt_arg __user *arg)
{
	struct pt_arg pt = {};
	int err;

	err = copy_pt(device, &pt, offsetofend(struct pt_arg, pt_id), &pt.pasid, arg);
	if (err)
		return err;
	mutex_lock(&device->dev_set->lock);
	err = attach(device, &pt);
	if (!err && copy_to_user(&arg->pt_id, &pt.pt_id, sizeof(pt.pt_id))) {
		detach(device, pt.flags, pt.pasid);
		err = -EFAULT;
	}
	mutex_unlock(&device->dev_set->lock);
	return err;
}

static int detach_pt(struct vfio_device *device, void __user *arg)
{
	struct unpt_arg pt = {};
	int err;

	err = copy_pt(device, &pt, offsetofend(struct unpt_arg, flags), &pt.pasid, arg);
	if (err)
		return err;
	mutex_lock(&device->dev_set->lock);
	detach(device, pt.flags, pt.pasid);
	mutex_unlock(&device->dev_set->lock);
	return 0;
}

/* ---- files ------------------------------------------------------------------------- */

static bool granted(struct device_file *df)
{
	return smp_load_acquire(&df->access_granted);
}

static long cdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct device_file *df = file->private_data;

	if (cmd == VFIO_DEVICE_BIND_IOMMUFD)
		return bind_iommufd(df, (void __user *)arg);
	if (!granted(df))
		return -EINVAL;
	if (cmd == VFIO_DEVICE_ATTACH_IOMMUFD_PT)
		return attach_pt(df->device, (void __user *)arg);
	if (cmd == VFIO_DEVICE_DETACH_IOMMUFD_PT)
		return detach_pt(df->device, (void __user *)arg);
	return vfio_device_ioctl(df->device, cmd, arg);
}

static ssize_t cdev_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct device_file *df = file->private_data;

	return granted(df) ? vfio_device_read(df->device, buf, count, ppos) : -EINVAL;
}

static ssize_t cdev_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct device_file *df = file->private_data;

	return granted(df) ? vfio_device_write(df->device, buf, count, ppos) : -EINVAL;
}

static int cdev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct device_file *df = file->private_data;

	return granted(df) ? vfio_device_mmap(df->device, vma) : -EINVAL;
}

static const struct file_operations cdev_fops = {
	.owner = THIS_MODULE,
	.open = cdev_open,
	.release = cdev_release,
	.read = cdev_read,
	.write = cdev_write,
	.unlocked_ioctl = cdev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = cdev_mmap,
};

/* On a file that the group has opened; -ENOIOCTLCMD: it is no matter of ours. */
long vfio_cdev_only_ioctl(unsigned int cmd, unsigned long arg)
{
	struct bind_arg bind = {};
	int err;

	if (cmd != VFIO_DEVICE_BIND_IOMMUFD)
		return -ENOIOCTLCMD;
	err = copy_bind(&bind, (void __user *)arg);
	return err ?: -EINVAL;
}

int vfio_device_add(struct vfio_device *device)
{
	device->device.devt = MKDEV(MAJOR(device_devt), device->index);
	cdev_init(&device->cdev, &cdev_fops);
	device->cdev.owner = THIS_MODULE;
	return cdev_device_add(&device->cdev, &device->device);
}

void vfio_device_del(struct vfio_device *device)
{
	cdev_device_del(&device->cdev, &device->device);
}

static char *device_devnode(struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "vfio/devices/%s", dev_name(dev));
}

int vfio_cdev_init(struct class *device_class)
{
	device_class->devnode = device_devnode;
	return alloc_chrdev_region(&device_devt, 0, MINORMASK + 1, "vfio-dev");
}
#endif
