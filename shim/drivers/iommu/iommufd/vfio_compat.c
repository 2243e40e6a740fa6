// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context of IOMMUFD in place of a container of VFIO: the ioctls that a
 * container has work on one address space of it, which comes when a group is put
 * into the context, or is named by the user.
 *
 * Left out, as in Linux: dirty pages, nesting, updates of addresses, and the
 * check of what containers allow beyond (a mapping is cut where type 1 version 1
 * was asked for).
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/err.h>
#include <linux/export.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/linux/vfio.h>

#include "drivers/iommu/iommufd/iommufd_private.h"

/* To be put, or ERR_PTR(-ENODEV). */
static struct iommufd_ioas *get_compat_ioas(struct iommufd_ctx *ictx)
{
	struct iommufd_ioas *ioas;

	xa_lock(&ictx->objects);
	ioas = ictx->vfio_ioas;
	if (!ioas || !iommufd_lock_obj(&ioas->obj))
		ioas = ERR_PTR(-ENODEV);
	xa_unlock(&ictx->objects);
	return ioas;
}

/**
 * iommufd_vfio_compat_ioas_get_id() - which address space VFIO's ioctls work on
 * @ictx:        the context
 * @out_ioas_id: set to its id
 *
 * Return: 0; -ENODEV if there is none.
 */
int iommufd_vfio_compat_ioas_get_id(struct iommufd_ctx *ictx, u32 *out_ioas_id)
{
	struct iommufd_ioas *ioas = get_compat_ioas(ictx);

	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	*out_ioas_id = ioas->obj.id;
	iommufd_put_ioas(ictx, ioas);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(iommufd_vfio_compat_ioas_get_id, IOMMUFD_VFIO);

/**
 * iommufd_vfio_compat_ioas_create() - see to it that there is one
 * @ictx: the context
 *
 * It is as one that the user made: he may learn its id, and destroy it.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM.
 */
int iommufd_vfio_compat_ioas_create(struct iommufd_ctx *ictx)
{
	struct iommufd_ioas *ioas = iommufd_ioas_alloc(ictx);
	bool ours;

	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	xa_lock(&ictx->objects);
	ours = !ictx->vfio_ioas;
	if (ours)
		ictx->vfio_ioas = ioas;
	xa_unlock(&ictx->objects);
	if (ours) {
		iommufd_object_finalize(ictx, &ioas->obj);
	} else {
		iommufd_object_abort(ictx, &ioas->obj);
		iommufd_ioas_destroy(&ioas->obj);
		kfree(ioas);
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(iommufd_vfio_compat_ioas_create, IOMMUFD_VFIO);

static int set_compat_ioas(struct iommufd_ctx *ictx, u32 id)
{
	struct iommufd_ioas *ioas = iommufd_get_ioas(ictx, id);

	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	xa_lock(&ictx->objects);
	ictx->vfio_ioas = ioas;
	xa_unlock(&ictx->objects);
	iommufd_put_ioas(ictx, ioas);
	return 0;
}

int iommufd_vfio_ioas(struct iommufd_ucmd *ucmd)
{
	struct iommu_vfio_ioas *cmd = ucmd->cmd;
	struct iommufd_ctx *ictx = ucmd->ictx;
	int err;

	if (cmd->__reserved)
		return -EOPNOTSUPP;
	switch (cmd->op) {
	case IOMMU_VFIO_IOAS_GET:
		err = iommufd_vfio_compat_ioas_get_id(ictx, &cmd->ioas_id);
		return err ?: iommufd_respond(ucmd, sizeof(*cmd));
	case IOMMU_VFIO_IOAS_SET:
		return set_compat_ioas(ictx, cmd->ioas_id);
	case IOMMU_VFIO_IOAS_CLEAR:
		xa_lock(&ictx->objects);
		ictx->vfio_ioas = NULL;
		xa_unlock(&ictx->objects);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

/* ---- what a container is asked for ----------------------------------------------- */

static int map_dma(struct iommufd_ctx *ictx, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_iommu_type1_dma_map, size);
	struct vfio_iommu_type1_dma_map map;
	struct iommufd_ioas *ioas;
	unsigned long iova;
	int prot, err;

	if (copy_from_user(&map, arg, minsz))
		return -EFAULT;
	if (map.argsz < minsz ||
	    map.flags & ~(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE))
		return -EINVAL;
	prot = (map.flags & VFIO_DMA_MAP_FLAG_READ ? IOMMU_READ : 0) |
	       (map.flags & VFIO_DMA_MAP_FLAG_WRITE ? IOMMU_WRITE : 0);
	ioas = get_compat_ioas(ictx);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	iova = map.iova;
	err = iopt_map_user(&ioas->iopt, map.vaddr, map.size, prot, true, &iova);
	iommufd_put_ioas(ictx, ioas);
	return err;
}

/* Version 1 takes away from the middle of mappings, too: they are cut there. */
static int cut_and_unmap(struct io_pagetable *iopt, u64 iova, u64 size, unsigned long *unmapped)
{
	unsigned long last;
	int err = 0;

	if (READ_ONCE(iopt->disable_large_pages)) {
		err = iopt_cut(iopt, iova + size - 1);
		if (!err && iova)
			err = iopt_cut(iopt, iova - 1);
	}
	if (err)
		return err;
	if (!size)
		return -EINVAL;
	if (check_add_overflow((unsigned long)iova, (unsigned long)size - 1, &last))
		return -EOVERFLOW;
	return iopt_unmap(iopt, iova, last, unmapped);
}

static int unmap_dma(struct iommufd_ctx *ictx, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_iommu_type1_dma_unmap, size);
	struct vfio_iommu_type1_dma_unmap unmap;
	unsigned long unmapped = 0;
	struct iommufd_ioas *ioas;
	int err;

	if (copy_from_user(&unmap, arg, minsz))
		return -EFAULT;
	if (unmap.argsz < minsz || unmap.flags & ~VFIO_DMA_UNMAP_FLAG_ALL)
		return -EINVAL;
	if (unmap.flags && (unmap.iova || unmap.size))
		return -EINVAL;
	ioas = get_compat_ioas(ictx);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	if (unmap.flags)
		err = iopt_unmap(&ioas->iopt, 0, ULONG_MAX, &unmapped);
	else
		err = cut_and_unmap(&ioas->iopt, unmap.iova, unmap.size, &unmapped);
	iommufd_put_ioas(ictx, ioas);
	unmap.size = unmapped;
	return copy_to_user(arg, &unmap, minsz) ? -EFAULT : err;
}

static int check_extension(struct iommufd_ctx *ictx, unsigned long type)
{
	struct iommufd_ioas *ioas;

	switch (type) {
	case VFIO_TYPE1_IOMMU:
	case VFIO_TYPE1v2_IOMMU:
	case VFIO_UNMAP_ALL:
		return 1;
	case VFIO_DMA_CC_IOMMU:
		/* every domain is coherent: there is none */
		ioas = get_compat_ioas(ictx);
		if (IS_ERR(ioas))
			return PTR_ERR(ioas);
		iommufd_put_ioas(ictx, ioas);
		return 1;
	default:
		return 0;
	}
}

static int set_iommu(struct iommufd_ctx *ictx, unsigned long type)
{
	struct iommufd_ioas *ioas;
	int err = 0;

	if (type != VFIO_TYPE1_IOMMU && type != VFIO_TYPE1v2_IOMMU)
		return -EINVAL;
	ioas = get_compat_ioas(ictx);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	if (type == VFIO_TYPE1_IOMMU)
		err = iopt_set_large_pages(&ioas->iopt, false);
	iommufd_put_ioas(ictx, ioas);
	return err;
}

/* What follows the structure, if the user has room for all of it. */
struct info_caps {
	struct vfio_iommu_type1_info_dma_avail avail;
	u32 padding;
	struct vfio_info_cap_header ranges_header;
	u32 nr_iovas, reserved;
	struct vfio_iova_range range;
};

static int get_info(struct iommufd_ctx *ictx, void __user *arg)
{
	const u32 first = sizeof(struct vfio_iommu_type1_info);
	size_t minsz = offsetofend(struct vfio_iommu_type1_info, iova_pgsizes);
	struct vfio_iommu_type1_info info = {};
	struct info_caps caps = {
		.avail = {
			.header.id = VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL,
			.header.version = 1,
			.header.next = first + offsetof(struct info_caps, ranges_header),
			.avail = U32_MAX,
		},
		.ranges_header = {
			.id = VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE,
			.version = 1,
		},
		.nr_iovas = 1,
		.range.end = ULONG_MAX,
	};
	struct iommufd_ioas *ioas;
	size_t room;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	ioas = get_compat_ioas(ictx);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	iommufd_put_ioas(ictx, ioas);
	room = info.argsz;
	info.argsz = first + sizeof(caps);
	info.flags = VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS;
	info.iova_pgsizes = PAGE_MASK;
	info.cap_offset = 0;
	if (room >= info.argsz) {
		info.cap_offset = first;
		if (copy_to_user((char __user *)arg + first, &caps, sizeof(caps)))
			return -EFAULT;
	}
	return copy_to_user(arg, &info, min(room, sizeof(info))) ? -EFAULT : 0;
}

long iommufd_vfio_ioctl(struct iommufd_ctx *ictx, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case VFIO_GET_API_VERSION:
		return VFIO_API_VERSION;
	case VFIO_SET_IOMMU:
		return set_iommu(ictx, arg);
	case VFIO_CHECK_EXTENSION:
		return check_extension(ictx, arg);
	case VFIO_IOMMU_GET_INFO:
		return get_info(ictx, (void __user *)arg);
	case VFIO_IOMMU_MAP_DMA:
		return map_dma(ictx, (void __user *)arg);
	case VFIO_IOMMU_UNMAP_DMA:
		return unmap_dma(ictx, (void __user *)arg);
	default:
		return -ENOIOCTLCMD;
	}
}
#endif
