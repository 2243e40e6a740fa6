// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/iommu: contexts of IOMMUFD, the objects in each, and its ioctls, as Linux
 * 6.12 has them; at levels from 6.2 on.
 *
 * A context is an open file. Its objects have ids; an id is reserved first, and
 * found by others only when the object is whole. Served is what devices without
 * an IOMMU of their own need (mediated ones): address spaces and accesses by the
 * CPU. Left out, and -ENOTTY as an ioctl: what is about IOMMU domains, which
 * nothing here could be attached to (HWPT, hardware information, faults), files
 * as memory, and the change of the process.
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "drivers/iommu/iommufd/iommufd_private.h"

/* ---- objects -------------------------------------------------------------- */

/* Reserves an id: nobody finds the object before iommufd_object_finalize(). */
int iommufd_object_init(struct iommufd_ctx *ictx, struct iommufd_object *obj,
			enum iommufd_object_type type)
{
	obj->type = type;
	refcount_set(&obj->shortterm_users, 1);
	refcount_set(&obj->users, 1);
	return xa_alloc(&ictx->objects, &obj->id, XA_ZERO_ENTRY, xa_limit_31b,
			GFP_KERNEL_ACCOUNT);
}

/* Cannot fail: the id is reserved. Others may destroy it at once. */
void iommufd_object_finalize(struct iommufd_ctx *ictx, struct iommufd_object *obj)
{
	WARN_ON(xa_store(&ictx->objects, obj->id, obj, GFP_KERNEL));
}

/* In place of that; the object's memory is the caller's. */
void iommufd_object_abort(struct iommufd_ctx *ictx, struct iommufd_object *obj)
{
	xa_erase(&ictx->objects, obj->id);
}

static void destroy(struct iommufd_object *obj)
{
	if (obj->type == IOMMUFD_OBJ_ACCESS)
		iommufd_access_release(obj);
	else
		iommufd_ioas_destroy(obj);
	kfree(obj);
}

bool iommufd_lock_obj(struct iommufd_object *obj)
{
	if (!refcount_inc_not_zero(&obj->shortterm_users))
		return false;
	if (refcount_inc_not_zero(&obj->users))
		return true;
	refcount_dec(&obj->shortterm_users);
	return false;
}

struct iommufd_object *iommufd_get_object(struct iommufd_ctx *ictx, u32 id,
					  enum iommufd_object_type type)
{
	struct iommufd_object *obj;

	xa_lock(&ictx->objects);
	obj = xa_load(&ictx->objects, id);
	if (!obj || (type != IOMMUFD_OBJ_ANY && obj->type != type) || !iommufd_lock_obj(obj))
		obj = ERR_PTR(-ENOENT);
	xa_unlock(&ictx->objects);
	return obj;
}

void iommufd_put_object(struct iommufd_ctx *ictx, struct iommufd_object *obj)
{
	/* first: who destroys it may wait for the other, and then finds this one gone */
	refcount_dec(&obj->users);
	if (refcount_dec_and_test(&obj->shortterm_users))
		wake_up_interruptible_all(&ictx->destroy_wait);
}

/* No more shortterm users come. */
static void wait_shortterm(struct iommufd_ctx *ictx, struct iommufd_object *obj)
{
	if (!refcount_dec_and_test(&obj->shortterm_users))
		wait_event(ictx->destroy_wait, !refcount_read(&obj->shortterm_users));
}

/* The caller is the object's only user but the context. */
void iommufd_object_destroy_user(struct iommufd_ctx *ictx, struct iommufd_object *obj)
{
	bool only;

	wait_shortterm(ictx, obj);
	xa_lock(&ictx->objects);
	refcount_dec(&obj->users);
	only = refcount_dec_if_one(&obj->users);
	if (only)
		__xa_erase(&ictx->objects, obj->id);
	xa_unlock(&ictx->objects);
	if (!WARN_ON(!only))
		destroy(obj);
}

/* ---- ioctls ---------------------------------------------------------------- */

int iommufd_respond(struct iommufd_ucmd *ucmd, size_t size)
{
	if (copy_to_user(ucmd->ubuffer, ucmd->cmd, min_t(size_t, ucmd->user_size, size)))
		return -EFAULT;
	return 0;
}

static int destroy_ioctl(struct iommufd_ucmd *ucmd)
{
	struct iommu_destroy *cmd = ucmd->cmd;
	struct iommufd_ctx *ictx = ucmd->ictx;
	struct iommufd_object *obj;
	int err = 0;

	xa_lock(&ictx->objects);
	obj = xa_load(&ictx->objects, cmd->id);
	if (!obj)
		err = -ENOENT;
	else if (!refcount_dec_if_one(&obj->users))
		err = -EBUSY;
	if (!err) {
		__xa_erase(&ictx->objects, cmd->id);
		if (ictx->vfio_ioas && &ictx->vfio_ioas->obj == obj)
			ictx->vfio_ioas = NULL;
	}
	xa_unlock(&ictx->objects);
	if (err)
		return err;
	wait_shortterm(ictx, obj);
	destroy(obj);
	return 0;
}

union ucmd_buffer {
	struct iommu_destroy destroy;
	struct iommu_ioas_alloc alloc;
	struct iommu_ioas_allow_iovas allow_iovas;
	struct iommu_ioas_copy ioas_copy;
	struct iommu_ioas_iova_ranges iova_ranges;
	struct iommu_ioas_map map;
	struct iommu_ioas_unmap unmap;
	struct iommu_option option;
	struct iommu_vfio_ioas vfio_ioas;
};

/* @min_size: what a user must have of the structure at least */
static const struct ioctl_op {
	unsigned int cmd, size, min_size;
	int (*execute)(struct iommufd_ucmd *ucmd);
} ioctl_ops[] = {
#define IOCTL_OP(cmd, fn, type, last)					\
	[_IOC_NR(cmd) - IOMMUFD_CMD_BASE] =				\
		{ cmd, sizeof(struct type), offsetofend(struct type, last), fn }
	IOCTL_OP(IOMMU_DESTROY, destroy_ioctl, iommu_destroy, id),
	IOCTL_OP(IOMMU_IOAS_ALLOC, iommufd_ioas_alloc_ioctl, iommu_ioas_alloc, out_ioas_id),
	IOCTL_OP(IOMMU_IOAS_ALLOW_IOVAS, iommufd_ioas_allow_iovas, iommu_ioas_allow_iovas,
		 allowed_iovas),
	IOCTL_OP(IOMMU_IOAS_COPY, iommufd_ioas_copy, iommu_ioas_copy, src_iova),
	IOCTL_OP(IOMMU_IOAS_IOVA_RANGES, iommufd_ioas_iova_ranges, iommu_ioas_iova_ranges,
		 out_iova_alignment),
	IOCTL_OP(IOMMU_IOAS_MAP, iommufd_ioas_map, iommu_ioas_map, iova),
	IOCTL_OP(IOMMU_IOAS_UNMAP, iommufd_ioas_unmap, iommu_ioas_unmap, length),
	IOCTL_OP(IOMMU_OPTION, iommufd_option, iommu_option, val64),
	IOCTL_OP(IOMMU_VFIO_IOAS, iommufd_vfio_ioas, iommu_vfio_ioas, __reserved),
#undef IOCTL_OP
};

static long iommufd_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct iommufd_ctx *ictx = file->private_data;
	unsigned int nr = _IOC_NR(cmd);
	struct iommufd_ucmd ucmd = { .ictx = ictx, .ubuffer = (void __user *)arg };
	const struct ioctl_op *op;
	union ucmd_buffer buf;
	int err;

	if (nr < IOMMUFD_CMD_BASE || nr - IOMMUFD_CMD_BASE >= ARRAY_SIZE(ioctl_ops))
		return iommufd_vfio_ioctl(ictx, cmd, arg);

	err = get_user(ucmd.user_size, (u32 __user *)ucmd.ubuffer);
	if (err)
		return err;
	op = &ioctl_ops[nr - IOMMUFD_CMD_BASE];
	if (op->cmd != cmd)
		return -ENOIOCTLCMD;
	if (ucmd.user_size < op->min_size)
		return -EINVAL;
	ucmd.cmd = &buf;
	err = copy_struct_from_user(ucmd.cmd, op->size, ucmd.ubuffer, ucmd.user_size);
	return err ?: op->execute(&ucmd);
}

/* ---- files ------------------------------------------------------------------- */

static int iommufd_open(struct inode *inode, struct file *file)
{
	struct iommufd_ctx *ictx;

	ictx = kzalloc(sizeof(*ictx), GFP_KERNEL_ACCOUNT);
	if (!ictx)
		return -ENOMEM;
	xa_init_flags(&ictx->objects, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	init_waitqueue_head(&ictx->destroy_wait);
	ictx->file = file;
	file->private_data = ictx;
	return 0;
}

/* Accesses hold the file, so there is none; and nothing uses an address space. */
static int iommufd_release(struct inode *inode, struct file *file)
{
	struct iommufd_ctx *ictx = file->private_data;
	struct iommufd_object *obj;
	unsigned long index;

	xa_for_each(&ictx->objects, index, obj) {
		if (WARN_ON(!refcount_dec_if_one(&obj->users)))
			continue;
		xa_erase(&ictx->objects, index);
		destroy(obj);
	}
	xa_destroy(&ictx->objects);
	kfree(ictx);
	return 0;
}

static const struct file_operations iommufd_fops = {
	.owner = THIS_MODULE,
	.open = iommufd_open,
	.release = iommufd_release,
	.unlocked_ioctl = iommufd_ioctl,
};

/**
 * iommufd_ctx_get() - one more reference on a context
 * @ictx: one of whose references is held already
 */
void iommufd_ctx_get(struct iommufd_ctx *ictx)
{
	get_file(ictx->file);
}
EXPORT_SYMBOL_NS_GPL(iommufd_ctx_get, IOMMUFD);

/**
 * iommufd_ctx_put() - give a reference back
 * @ictx: the context, which goes with its last reference once the user has
 *	closed it
 *
 * Context: may sleep with the last reference.
 */
void iommufd_ctx_put(struct iommufd_ctx *ictx)
{
	fput(ictx->file);
}
EXPORT_SYMBOL_NS_GPL(iommufd_ctx_put, IOMMUFD);

/**
 * iommufd_ctx_from_file() - the context of an open /dev/iommu
 * @file: any open file
 *
 * Return: the context, with a reference for the caller; ERR_PTR(-EBADFD) for
 * another file.
 */
struct iommufd_ctx *iommufd_ctx_from_file(struct file *file)
{
	struct iommufd_ctx *ictx;

	if (file->f_op != &iommufd_fops)
		return ERR_PTR(-EBADFD);
	ictx = file->private_data;
	iommufd_ctx_get(ictx);
	return ictx;
}
EXPORT_SYMBOL_NS_GPL(iommufd_ctx_from_file, IOMMUFD);

/**
 * iommufd_ctx_from_fd() - the context behind a descriptor of the user's
 * @fd: the descriptor
 *
 * Context: may sleep.
 * Return: the context, with a reference for the caller; ERR_PTR(-EBADF) for a
 * descriptor that is not open, -EBADFD for another file.
 */
struct iommufd_ctx *iommufd_ctx_from_fd(int fd)
{
	struct iommufd_ctx *ictx;
	struct file *file;

	file = fget(fd);
	if (!file)
		return ERR_PTR(-EBADF);
	ictx = iommufd_ctx_from_file(file);
	fput(file);
	return ictx;
}
EXPORT_SYMBOL_NS_GPL(iommufd_ctx_from_fd, IOMMUFD);

static struct miscdevice iommu_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "iommu",
	.fops = &iommufd_fops,
	.nodename = "iommu",
	.mode = 0660,
};

static int __init iommufd_init(void)
{
	return misc_register(&iommu_dev);
}
device_initcall(iommufd_init);
#endif
