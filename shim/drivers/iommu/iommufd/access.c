// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses of IOMMUFD: a driver reads, writes and pins by the CPU what an address
 * space maps. An access is one of the context's objects, whose id the user learns
 * and can do nothing with. It holds its context, and its address space while it
 * is attached.
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "drivers/iommu/iommufd/iommufd_private.h"

/* ---- attaching ------------------------------------------------------------------ */

/*
 * To @new, or to nothing; ioas_lock is held, and dropped while the driver gives its
 * pages back. From the beginning of that nothing is pinned, and to its end pages can
 * be given back; who comes in between is refused.
 */
static int change_ioas(struct iommufd_access *access, struct iommufd_ioas *new)
{
	struct iommufd_ioas *old = access->ioas;
	u32 old_id = access->iopt_id;
	int err;

	lockdep_assert_held(&access->ioas_lock);
	if (old != access->ioas_unpin)
		return -EBUSY;
	if (old == new)
		return 0;
	if (new) {
		err = iopt_add_access(&new->iopt, access, &access->iopt_id);
		if (err)
			return err;
		refcount_inc(&new->obj.users);
	}
	access->ioas = NULL;
	if (old) {
		if (access->ops->unmap) {
			mutex_unlock(&access->ioas_lock);
			access->ops->unmap(access->data, 0, ULONG_MAX);
			mutex_lock(&access->ioas_lock);
		}
		iopt_remove_access(&old->iopt, old_id);
		refcount_dec(&old->obj.users);
	}
	access->ioas = new;
	access->ioas_unpin = new;
	return 0;
}

static int change_ioas_id(struct iommufd_access *access, u32 id)
{
	struct iommufd_ioas *ioas = iommufd_get_ioas(access->ictx, id);
	int err;

	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	err = change_ioas(access, ioas);
	iommufd_put_ioas(access->ictx, ioas);
	return err;
}

/**
 * iommufd_access_attach() - an access begins to see an address space
 * @access:  attached to none, or there is a warning
 * @ioas_id: which
 *
 * Context: may sleep.
 * Return: 0; -ENOENT where the context has no such address space; -EADDRINUSE
 * where something is mapped there by parts of pages, and the access pins;
 * -EBUSY while it is being detached; -EINVAL, -ENOMEM.
 */
int iommufd_access_attach(struct iommufd_access *access, u32 ioas_id)
{
	int err = -EINVAL;

	mutex_lock(&access->ioas_lock);
	if (!WARN_ON(access->ioas))
		err = change_ioas_id(access, ioas_id);
	mutex_unlock(&access->ioas_lock);
	return err;
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_attach, IOMMUFD);

/**
 * iommufd_access_replace() - an access sees another address space from now on
 * @access:  attached
 * @ioas_id: to which now
 *
 * The unmap operation is called for all that is pinned, unless it is the same.
 *
 * Context: may sleep.
 * Return: as iommufd_access_attach(); -ENOENT if it is not attached.
 */
int iommufd_access_replace(struct iommufd_access *access, u32 ioas_id)
{
	int err = -ENOENT;

	mutex_lock(&access->ioas_lock);
	if (access->ioas)
		err = change_ioas_id(access, ioas_id);
	mutex_unlock(&access->ioas_lock);
	return err;
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_replace, IOMMUFD);

/**
 * iommufd_access_detach() - an access sees no address space any more
 * @access: attached, or there is a warning
 *
 * The unmap operation is called for all that is pinned.
 *
 * Context: may sleep.
 */
void iommufd_access_detach(struct iommufd_access *access)
{
	mutex_lock(&access->ioas_lock);
	if (!WARN_ON(!access->ioas))
		WARN_ON(change_ioas(access, NULL));
	mutex_unlock(&access->ioas_lock);
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_detach, IOMMUFD);

/* ---- life ---------------------------------------------------------------------------- */

/**
 * iommufd_access_create() - a driver's access to what a context's user maps
 * @ictx: the access takes a reference of its own
 * @ops:  unmap is called while it is attached, and before it is no more
 * @data: for that
 * @id:   set to the object's id
 *
 * Context: may sleep.
 * Return: the access, attached to nothing; ERR_PTR(-ENOMEM).
 */
struct iommufd_access *iommufd_access_create(struct iommufd_ctx *ictx,
					     const struct iommufd_access_ops *ops,
					     void *data, u32 *id)
{
	struct iommufd_access *access;
	int err;

	access = kzalloc(sizeof(*access), GFP_KERNEL_ACCOUNT);
	if (!access)
		return ERR_PTR(-ENOMEM);
	err = iommufd_object_init(ictx, &access->obj, IOMMUFD_OBJ_ACCESS);
	if (err) {
		kfree(access);
		return ERR_PTR(err);
	}
	access->data = data;
	access->ops = ops;
	access->ictx = ictx;
	mutex_init(&access->ioas_lock);
	iommufd_ctx_get(ictx);
	/* the driver's, until iommufd_access_destroy() */
	refcount_inc(&access->obj.users);
	*id = access->obj.id;
	iommufd_object_finalize(ictx, &access->obj);
	return access;
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_create, IOMMUFD);

/**
 * iommufd_access_destroy() - end of an access
 * @access: not used by the driver any more; detached here, if it is not
 *
 * Waits for calls of unmap that run.
 *
 * Context: may sleep; no lock may be held that unmap takes.
 */
void iommufd_access_destroy(struct iommufd_access *access)
{
	iommufd_object_destroy_user(access->ictx, &access->obj);
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_destroy, IOMMUFD);

void iommufd_access_release(struct iommufd_object *obj)
{
	struct iommufd_access *access = container_of(obj, struct iommufd_access, obj);

	mutex_lock(&access->ioas_lock);
	if (access->ioas)
		WARN_ON(change_ioas(access, NULL));
	mutex_unlock(&access->ioas_lock);
	mutex_destroy(&access->ioas_lock);
	iommufd_ctx_put(access->ictx);
}

/* Each access of the table is told; none of our locks is held meanwhile. */
void iommufd_access_notify_unmap(struct io_pagetable *iopt, unsigned long iova,
				 unsigned long length)
{
	struct iommufd_access *access;
	unsigned long index;

	xa_lock(&iopt->accesses);
	xa_for_each(&iopt->accesses, index, access) {
		if (!iommufd_lock_obj(&access->obj))
			continue;
		xa_unlock(&iopt->accesses);
		access->ops->unmap(access->data, iova, length);
		iommufd_put_object(access->ictx, &access->obj);
		xa_lock(&iopt->accesses);
	}
	xa_unlock(&iopt->accesses);
}

/* ---- use ------------------------------------------------------------------------------- */

static int last_of(unsigned long iova, unsigned long length, unsigned long *last)
{
	if (!length)
		return -EINVAL;
	return check_add_overflow(iova, length - 1, last) ? -EOVERFLOW : 0;
}

/* With the lock of @access held, if it is 0. */
static int begin_use(struct iommufd_access *access, unsigned long iova, unsigned long length,
		     unsigned long *last)
{
	int err = last_of(iova, length, last);

	if (err)
		return err;
	mutex_lock(&access->ioas_lock);
	if (access->ioas)
		return 0;
	mutex_unlock(&access->ioas_lock);
	return -ENOENT;
}

/**
 * iommufd_access_pin_pages() - the pages behind a range of IOVAs, pinned
 * @access:    of a driver that has unmap
 * @iova:      first, of a whole page
 * @length:    in bytes, of whole pages
 * @out_pages: filled in
 * @flags:     IOMMUFD_ACCESS_RW_WRITE to write to them
 *
 * Context: may sleep.
 * Return: 0, and iommufd_access_unpin_pages() of this very range is the inverse;
 * -ENOENT if some of it is not mapped, or the access not attached; -EINVAL for no
 * bytes, or while it is being unmapped; -EPERM, -EFAULT, -ENOMEM, -EOVERFLOW.
 */
int iommufd_access_pin_pages(struct iommufd_access *access, unsigned long iova,
			     unsigned long length, struct page **out_pages,
			     unsigned int flags)
{
	unsigned long last;
	int err = begin_use(access, iova, length, &last);

	if (err)
		return err;
	err = iopt_pin(&access->ioas->iopt, iova, last, out_pages,
		       flags & IOMMUFD_ACCESS_RW_WRITE ? IOMMU_WRITE : IOMMU_READ);
	mutex_unlock(&access->ioas_lock);
	return err;
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_pin_pages, IOMMUFD);

/**
 * iommufd_access_unpin_pages() - give back what was pinned
 * @access: attached, or just being detached; else there is a warning
 * @iova:   as it was pinned, or there is a warning
 * @length: likewise
 *
 * Context: may sleep; also in unmap.
 */
void iommufd_access_unpin_pages(struct iommufd_access *access, unsigned long iova,
				unsigned long length)
{
	unsigned long last = 0;

	if (WARN_ON(last_of(iova, length, &last)))
		return;
	mutex_lock(&access->ioas_lock);
	if (!WARN_ON(!access->ioas_unpin))
		iopt_unpin(&access->ioas_unpin->iopt, iova, last);
	mutex_unlock(&access->ioas_lock);
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_unpin_pages, IOMMUFD);

/**
 * iommufd_access_rw() - copy between a buffer of the kernel's and what is mapped
 * @access: whose
 * @iova:   first byte
 * @data:   the buffer
 * @length: bytes
 * @flags:  IOMMUFD_ACCESS_RW_WRITE to write to the user's memory
 *
 * Context: may sleep.
 * Return: 0, or as iommufd_access_pin_pages(); some may have been copied.
 */
int iommufd_access_rw(struct iommufd_access *access, unsigned long iova, void *data,
		      size_t length, unsigned int flags)
{
	unsigned long last;
	int err = begin_use(access, iova, length, &last);

	if (err)
		return err;
	err = iopt_rw(&access->ioas->iopt, iova, last, data, flags & IOMMUFD_ACCESS_RW_WRITE);
	mutex_unlock(&access->ioas_lock);
	return err;
}
EXPORT_SYMBOL_NS_GPL(iommufd_access_rw, IOMMUFD);
#endif
