// SPDX-License-Identifier: GPL-2.0-only
/*
 * dma-bufs: memory of an exporter behind a file, whose references are the
 * buffer's own. User space has it as a descriptor that can be mapped, asked
 * for its size (lseek to the end) and named; another driver attaches a device
 * to it.
 *
 * The exporter's module is pinned as long as the file is open. A buffer is an
 * object that the audit knows, and so is each attachment.
 *
 * Left out: reservation objects and fences (a buffer is always ready, which
 * is what poll() says), hence dynamic importers and pinning too; sync files;
 * statistics in sysfs.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "check/op.h"
#include "compat/levels.h"
#include "fs/internal.h"
#include "host/host.h"

#if KAPI_ABI_DMA_BUF_NAMESPACE
/* Each of these functions, as the level has them: in a namespace, */
#define EXPORT_DMA_BUF(sym) EXPORT_SYMBOL_NS_GPL(sym, DMA_BUF)
#else
/* or in none. */
#define EXPORT_DMA_BUF(sym) EXPORT_SYMBOL_GPL(sym)
#endif

static void describe_dma_buf(const void *obj, char *buf, size_t size)
{
	const struct dma_buf *dmabuf = obj;

	host_snprintf(buf, size, "of %s, %zu bytes", dmabuf->exp_name, dmabuf->size);
}

static void describe_attachment(const void *obj, char *buf, size_t size)
{
	const struct dma_buf_attachment *attach = obj;

	host_snprintf(buf, size, "of %s to a dma-buf of %s", dev_name(attach->dev),
		      attach->dmabuf->exp_name);
}

/* ---- as a file ------------------------------------------------------------------ */

static int dma_buf_file_release(struct inode *inode, struct file *file)
{
	struct dma_buf *dmabuf = file->private_data;

	/* The file of an export that failed */
	if (!dmabuf)
		return 0;
	BUG_ON(dmabuf->vmapping_counter);
	dmabuf->ops->release(dmabuf);
	WARN_ON(!list_empty(&dmabuf->attachments));
	module_put(dmabuf->owner);
	um_object_freed(dmabuf);
	kfree(dmabuf->name);
	kfree(dmabuf);
	return 0;
}

static int dma_buf_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dma_buf *dmabuf = file->private_data;

	if (!dmabuf->ops->mmap)
		return -EINVAL;
	if (vma->vm_pgoff + vma_pages(vma) > dmabuf->size >> PAGE_SHIFT)
		return -EINVAL;
	return dmabuf->ops->mmap(dmabuf, vma);
}

/* Only for finding out the size. */
static loff_t dma_buf_llseek(struct file *file, loff_t offset, int whence)
{
	struct dma_buf *dmabuf = file->private_data;

	if (offset)
		return -EINVAL;
	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_END:
		return dmabuf->size;
	default:
		return -EINVAL;
	}
}

static __poll_t dma_buf_poll(struct file *file, poll_table *wait)
{
	return EPOLLIN | EPOLLOUT;
}

static int sync_direction(u64 flags)
{
	switch (flags & DMA_BUF_SYNC_RW) {
	case DMA_BUF_SYNC_READ:
		return DMA_FROM_DEVICE;
	case DMA_BUF_SYNC_WRITE:
		return DMA_TO_DEVICE;
	case DMA_BUF_SYNC_RW:
		return DMA_BIDIRECTIONAL;
	default:
		return -EINVAL;
	}
}

static long dma_buf_sync(struct dma_buf *dmabuf, void __user *arg)
{
	struct dma_buf_sync sync;
	int dir;

	if (copy_from_user(&sync, arg, sizeof(sync)))
		return -EFAULT;
	if (sync.flags & ~DMA_BUF_SYNC_VALID_FLAGS_MASK)
		return -EINVAL;
	dir = sync_direction(sync.flags);
	if (dir < 0)
		return dir;
	if (sync.flags & DMA_BUF_SYNC_END)
		return dma_buf_end_cpu_access(dmabuf, dir);
	return dma_buf_begin_cpu_access(dmabuf, dir);
}

static long dma_buf_set_name(struct dma_buf *dmabuf, const char __user *arg)
{
	char *name = strndup_user(arg, DMA_BUF_NAME_LEN);
	const char *old;

	if (IS_ERR(name))
		return PTR_ERR(name);
	spin_lock(&dmabuf->name_lock);
	old = dmabuf->name;
	dmabuf->name = name;
	spin_unlock(&dmabuf->name_lock);
	kfree(old);
	return 0;
}

static long dma_buf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case DMA_BUF_IOCTL_SYNC:
		return dma_buf_sync(file->private_data, (void __user *)arg);
	case DMA_BUF_SET_NAME_A:
	case DMA_BUF_SET_NAME_B:
		return dma_buf_set_name(file->private_data,
					(const char __user *)arg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations dma_buf_fops = {
	.release = dma_buf_file_release,
	.mmap = dma_buf_file_mmap,
	.llseek = dma_buf_llseek,
	.poll = dma_buf_poll,
	.unlocked_ioctl = dma_buf_ioctl,
};

/* ---- exporting -------------------------------------------------------------------- */

static bool export_info_valid(const struct dma_buf_export_info *info)
{
	return info->priv && info->ops && info->ops->map_dma_buf &&
	       info->ops->unmap_dma_buf && info->ops->release;
}

/**
 * dma_buf_export() - make a dma-buf
 * @exp_info: what of; @exp_info->priv, ops, and of these map_dma_buf,
 *	unmap_dma_buf and release must be there; not kept
 *
 * Context: may sleep.
 * Return: a buffer with one reference, to be given to dma_buf_fd() or
 * dma_buf_put(); or an ERR_PTR: -EINVAL with a warning, -ENOENT for an owner
 * that is going, -ENOMEM, and then @exp_info->ops->release() is not called.
 */
struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info)
{
	struct dma_buf *dmabuf;
	struct file *file;
	int err;

	if (WARN_ON(!export_info_valid(exp_info)))
		return ERR_PTR(-EINVAL);
	if (!try_module_get(exp_info->owner))
		return ERR_PTR(-ENOENT);
	file = um_file_alloc("/dmabuf:", exp_info->flags & (O_ACCMODE | O_NONBLOCK),
			     OPEN_FMODE(exp_info->flags) | FMODE_LSEEK);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto put_module;
	}
	dmabuf = kzalloc(sizeof(*dmabuf), GFP_KERNEL);
	if (!dmabuf) {
		err = -ENOMEM;
		goto put_file;
	}
	dmabuf->size = exp_info->size;
	dmabuf->file = file;
	INIT_LIST_HEAD(&dmabuf->attachments);
	dmabuf->ops = exp_info->ops;
	mutex_init(&dmabuf->lock);
	dmabuf->exp_name = exp_info->exp_name;
	spin_lock_init(&dmabuf->name_lock);
	dmabuf->owner = exp_info->owner;
	dmabuf->priv = exp_info->priv;
	um_object_new(dmabuf, "dma-buf", describe_dma_buf);
	file->f_op = &dma_buf_fops;
	file->private_data = dmabuf;
	um_file_opened(file);
	return dmabuf;

put_file:
	fput(file);
put_module:
	module_put(exp_info->owner);
	return ERR_PTR(err);
}
EXPORT_DMA_BUF(dma_buf_export);

/**
 * dma_buf_fd() - a descriptor for a buffer, which takes over one reference
 * @dmabuf: the buffer
 * @flags:  O_CLOEXEC or 0; ignored, as nothing execs
 *
 * Context: may sleep.
 * Return: the descriptor; -EINVAL for NULL, -EMFILE, and then the reference is
 * still the caller's.
 */
int dma_buf_fd(struct dma_buf *dmabuf, int flags)
{
	int fd;

	if (!dmabuf || !dmabuf->file)
		return -EINVAL;
	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;
	fd_install(fd, dmabuf->file);
	return fd;
}
EXPORT_DMA_BUF(dma_buf_fd);

/**
 * dma_buf_get() - the buffer behind a descriptor
 * @fd: the descriptor
 *
 * Context: may sleep.
 * Return: the buffer with a reference for the caller, or an ERR_PTR: -EBADF
 * when nothing is open, -EINVAL when it is no dma-buf.
 */
struct dma_buf *dma_buf_get(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op != &dma_buf_fops) {
		fput(file);
		return ERR_PTR(-EINVAL);
	}
	return file->private_data;
}
EXPORT_DMA_BUF(dma_buf_get);

/**
 * dma_buf_put() - give a reference back
 * @dmabuf: the buffer; NULL gives a warning
 *
 * With the last reference the exporter's release() is called and its module
 * let go.
 *
 * Context: may sleep.
 */
void dma_buf_put(struct dma_buf *dmabuf)
{
	if (WARN_ON(!dmabuf || !dmabuf->file))
		return;
	fput(dmabuf->file);
}
EXPORT_DMA_BUF(dma_buf_put);

/* ---- importing ---------------------------------------------------------------------- */

/**
 * dma_buf_attach() - make a device a user of a buffer
 * @dmabuf: buffer; the caller keeps a reference while it is attached
 * @dev:    device that is to reach it; must outlive the attachment
 *
 * Context: may sleep; calls the exporter's attach().
 * Return: an attachment for dma_buf_detach(), or an ERR_PTR: -EINVAL with a
 * warning, -ENOMEM, or what the exporter's attach() says.
 */
struct dma_buf_attachment *dma_buf_attach(struct dma_buf *dmabuf,
					  struct device *dev)
{
	struct dma_buf_attachment *attach;
	int err;

	if (WARN_ON(!dmabuf || !dev))
		return ERR_PTR(-EINVAL);
	attach = kzalloc(sizeof(*attach), GFP_KERNEL);
	if (!attach)
		return ERR_PTR(-ENOMEM);
	attach->dev = dev;
	attach->dmabuf = dmabuf;
	if (dmabuf->ops->attach) {
		err = dmabuf->ops->attach(dmabuf, attach);
		if (err) {
			kfree(attach);
			return ERR_PTR(err);
		}
	}
	mutex_lock(&dmabuf->lock);
	list_add(&attach->node, &dmabuf->attachments);
	mutex_unlock(&dmabuf->lock);
	um_object_new(attach, "dma-buf attachment", describe_attachment);
	return attach;
}
EXPORT_DMA_BUF(dma_buf_attach);

/**
 * dma_buf_detach() - undo dma_buf_attach(), and a mapping that was cached
 * @dmabuf: the buffer; the caller's reference stays
 * @attach: from dma_buf_attach(); freed
 *
 * Warns about NULL.
 *
 * Context: may sleep; calls the exporter's detach().
 */
void dma_buf_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	if (WARN_ON(!dmabuf || !attach))
		return;
	if (attach->sgt)
		dmabuf->ops->unmap_dma_buf(attach, attach->sgt, attach->dir);
	mutex_lock(&dmabuf->lock);
	list_del(&attach->node);
	mutex_unlock(&dmabuf->lock);
	if (dmabuf->ops->detach)
		dmabuf->ops->detach(dmabuf, attach);
	um_object_freed(attach);
	kfree(attach);
}
EXPORT_DMA_BUF(dma_buf_detach);

/**
 * dma_buf_map_attachment() - where the device finds the buffer
 * @attach:    from dma_buf_attach()
 * @direction: of the transfers
 *
 * Context: may sleep; calls the exporter's map_dma_buf().
 * Return: a mapped table, the exporter's own, to be given back by
 * dma_buf_unmap_attachment(); or an ERR_PTR: -EINVAL with a warning, -EBUSY
 * when it is cached for another direction, or the exporter's error, -ENOMEM
 * if it gave NULL.
 */
struct sg_table *dma_buf_map_attachment(struct dma_buf_attachment *attach,
					enum dma_data_direction direction)
{
	struct sg_table *sgt;

	might_sleep();
	if (WARN_ON(!attach || !attach->dmabuf))
		return ERR_PTR(-EINVAL);
	if (attach->sgt) {
		if (attach->dir != direction && attach->dir != DMA_BIDIRECTIONAL)
			return ERR_PTR(-EBUSY);
		return attach->sgt;
	}
	sgt = attach->dmabuf->ops->map_dma_buf(attach, direction);
	if (!sgt)
		return ERR_PTR(-ENOMEM);
	if (!IS_ERR(sgt) && attach->dmabuf->ops->cache_sgt_mapping) {
		attach->sgt = sgt;
		attach->dir = direction;
	}
	return sgt;
}
EXPORT_DMA_BUF(dma_buf_map_attachment);

/**
 * dma_buf_unmap_attachment() - undo dma_buf_map_attachment()
 * @attach:    as given to dma_buf_map_attachment()
 * @sg_table:  what that returned
 * @direction: as given to it
 *
 * A table that is cached stays mapped until dma_buf_detach(). Warns about
 * NULL.
 *
 * Context: may sleep; calls the exporter's unmap_dma_buf().
 */
void dma_buf_unmap_attachment(struct dma_buf_attachment *attach,
			      struct sg_table *sg_table,
			      enum dma_data_direction direction)
{
	might_sleep();
	if (WARN_ON(!attach || !attach->dmabuf || !sg_table))
		return;
	if (attach->sgt == sg_table)
		return;
	attach->dmabuf->ops->unmap_dma_buf(attach, sg_table, direction);
}
EXPORT_DMA_BUF(dma_buf_unmap_attachment);

/* ---- access by the CPU ----------------------------------------------------------------- */

/**
 * dma_buf_begin_cpu_access() - before the CPU reads or writes the buffer
 * @dmabuf:    the buffer; NULL gives a warning
 * @direction: of the transfers around
 *
 * There is no fence to be waited for.
 *
 * Context: may sleep.
 * Return: what the exporter's operation says, 0 without one, -EINVAL for NULL.
 */
int dma_buf_begin_cpu_access(struct dma_buf *dmabuf,
			     enum dma_data_direction direction)
{
	if (WARN_ON(!dmabuf))
		return -EINVAL;
	if (!dmabuf->ops->begin_cpu_access)
		return 0;
	return dmabuf->ops->begin_cpu_access(dmabuf, direction);
}
EXPORT_DMA_BUF(dma_buf_begin_cpu_access);

/**
 * dma_buf_end_cpu_access() - after the CPU has read or written the buffer
 * @dmabuf:    the buffer; NULL gives a warning
 * @direction: as given to dma_buf_begin_cpu_access()
 *
 * Context: may sleep.
 * Return: what the exporter's operation says, 0 without one, -EINVAL for NULL.
 */
int dma_buf_end_cpu_access(struct dma_buf *dmabuf,
			   enum dma_data_direction direction)
{
	if (WARN_ON(!dmabuf))
		return -EINVAL;
	if (!dmabuf->ops->end_cpu_access)
		return 0;
	return dmabuf->ops->end_cpu_access(dmabuf, direction);
}
EXPORT_DMA_BUF(dma_buf_end_cpu_access);

/**
 * dma_buf_mmap() - map a buffer in another file's mmap operation
 * @dmabuf: the buffer
 * @vma:    the area; from now on it is one of the buffer's file
 * @pgoff:  where in the buffer it begins, in pages
 *
 * Context: may sleep; in a file's mmap operation.
 * Return: 0; -EINVAL when the buffer cannot be mapped or is too small, or,
 * with a warning, for NULL; -EOVERFLOW; or the exporter's error.
 */
int dma_buf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma,
		 unsigned long pgoff)
{
	struct file *old;

	if (WARN_ON(!dmabuf || !vma))
		return -EINVAL;
	if (!dmabuf->ops->mmap)
		return -EINVAL;
	if (pgoff + vma_pages(vma) < pgoff)
		return -EOVERFLOW;
	if (pgoff + vma_pages(vma) > dmabuf->size >> PAGE_SHIFT)
		return -EINVAL;
	old = vma->vm_file;
	vma->vm_file = get_file(dmabuf->file);
	vma->vm_pgoff = pgoff;
	if (old)
		fput(old);
	return dmabuf->ops->mmap(dmabuf, vma);
}
EXPORT_DMA_BUF(dma_buf_mmap);

static int call_vmap(struct dma_buf *dmabuf)
{
#if KAPI_ABI_DMA_BUF_VMAP_ADDRESS
	void *vaddr = dmabuf->ops->vmap(dmabuf);

	if (IS_ERR(vaddr))
		return PTR_ERR(vaddr);
	iosys_map_set_vaddr(&dmabuf->vmap_ptr, vaddr);
	return 0;
#else
	return dmabuf->ops->vmap(dmabuf, &dmabuf->vmap_ptr);
#endif
}

static void call_vunmap(struct dma_buf *dmabuf)
{
	if (!dmabuf->ops->vunmap)
		return;
#if KAPI_ABI_DMA_BUF_VMAP_ADDRESS
	dmabuf->ops->vunmap(dmabuf, dmabuf->vmap_ptr.vaddr);
#else
	dmabuf->ops->vunmap(dmabuf, &dmabuf->vmap_ptr);
#endif
}

static int get_vmapping(struct dma_buf *dmabuf, struct iosys_map *map)
{
	int err = 0;

	iosys_map_clear(map);
	if (WARN_ON(!dmabuf))
		return -EINVAL;
	if (!dmabuf->ops->vmap)
		return -EINVAL;
	mutex_lock(&dmabuf->lock);
	if (!dmabuf->vmapping_counter)
		err = call_vmap(dmabuf);
	if (WARN_ON_ONCE(err)) {
		iosys_map_clear(&dmabuf->vmap_ptr);
	} else if (!KAPI_ABI_DMA_BUF_VMAP_ADDRESS || !iosys_map_is_null(&dmabuf->vmap_ptr)) {
		dmabuf->vmapping_counter++;
		*map = dmabuf->vmap_ptr;
	}
	mutex_unlock(&dmabuf->lock);
	return err;
}

static void put_vmapping(struct dma_buf *dmabuf, const struct iosys_map *map)
{
	if (WARN_ON(!dmabuf))
		return;
	mutex_lock(&dmabuf->lock);
	BUG_ON(!dmabuf->vmapping_counter);
	BUG_ON(!iosys_map_is_equal(&dmabuf->vmap_ptr, map));
	if (!--dmabuf->vmapping_counter) {
		call_vunmap(dmabuf);
		iosys_map_clear(&dmabuf->vmap_ptr);
	}
	mutex_unlock(&dmabuf->lock);
}

#if KAPI_ABI_DMA_BUF_VMAP_ADDRESS
/**
 * dma_buf_vmap() - map a buffer into the kernel, once for all who ask
 * @dmabuf: the buffer; NULL gives a warning
 *
 * Context: may sleep; takes a mutex of the buffer around the exporter's
 * vmap(), which is called when nobody has it mapped.
 * Return: the address; NULL for a NULL, without vmap(), or when it has none;
 * for an ERR_PTR of its there is one warning ever. dma_buf_vunmap() is the inverse.
 */
void *dma_buf_vmap(struct dma_buf *dmabuf)
{
	struct iosys_map map;

	return get_vmapping(dmabuf, &map) ? NULL : map.vaddr;
}

/**
 * dma_buf_vunmap() - undo one dma_buf_vmap()
 * @dmabuf: mapped as often as unmapped, or it is a bug that stops here; NULL
 *	gives a warning
 * @vaddr:  what dma_buf_vmap() returned, likewise
 *
 * Context: may sleep; takes a mutex of the buffer around the exporter's
 * vunmap(), which is called with the last one.
 */
void dma_buf_vunmap(struct dma_buf *dmabuf, void *vaddr)
{
	struct iosys_map map = IOSYS_MAP_INIT_VADDR(vaddr);

	put_vmapping(dmabuf, &map);
}
#else
/**
 * dma_buf_vmap() - map a buffer into the kernel, once for all who ask
 * @dmabuf: the buffer; NULL gives a warning
 * @map:    set to the mapping, cleared when there is none
 *
 * Context: may sleep; takes a mutex of the buffer around the exporter's
 * vmap(), which is called when nobody has it mapped.
 * Return: 0; -EINVAL for NULL or without vmap(); or, with one warning ever,
 * the exporter's error. dma_buf_vunmap() is the inverse.
 */
int dma_buf_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	return get_vmapping(dmabuf, map);
}

/**
 * dma_buf_vunmap() - undo one dma_buf_vmap()
 * @dmabuf: mapped as often as unmapped, or it is a bug that stops here; NULL
 *	gives a warning
 * @map:    as dma_buf_vmap() set it, likewise
 *
 * Context: may sleep; takes a mutex of the buffer around the exporter's
 * vunmap(), which is called with the last one.
 */
void dma_buf_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	put_vmapping(dmabuf, map);
}
#endif
EXPORT_DMA_BUF(dma_buf_vmap);
EXPORT_DMA_BUF(dma_buf_vunmap);

#if KAPI_ABI_DMA_BUF_KMAP
/**
 * dma_buf_kmap() - map one page of a buffer into the kernel
 * @dmabuf: the buffer; NULL gives a warning
 * @page:   its number
 *
 * Context: may sleep if the exporter does.
 * Return: what the exporter's map() does, NULL without one. dma_buf_kunmap()
 * is the inverse.
 */
void *dma_buf_kmap(struct dma_buf *dmabuf, unsigned long page)
{
	WARN_ON(!dmabuf);
	return dmabuf->ops->map ? dmabuf->ops->map(dmabuf, page) : NULL;
}
EXPORT_DMA_BUF(dma_buf_kmap);

/**
 * dma_buf_kunmap() - undo one dma_buf_kmap()
 * @dmabuf: the buffer; NULL gives a warning
 * @page:   the page's number
 * @vaddr:  what dma_buf_kmap() returned
 *
 * Context: may sleep if the exporter does.
 */
void dma_buf_kunmap(struct dma_buf *dmabuf, unsigned long page, void *vaddr)
{
	WARN_ON(!dmabuf);
	if (dmabuf->ops->unmap)
		dmabuf->ops->unmap(dmabuf, page, vaddr);
}
EXPORT_DMA_BUF(dma_buf_kunmap);
#endif
