// SPDX-License-Identifier: GPL-2.0-only
/*
 * The type 1 IOMMU driver, for groups whose IOMMU is emulated.
 *
 * A container's mappings from IOVAs to user addresses are a list, sorted and
 * without overlaps. Nothing is pinned when the user maps: that happens page
 * by page when a device's driver asks (version 2 of the interface only), and
 * each mapping counts its pinned pages. Unmapping a range that has some first
 * tells the devices, which must unpin.
 *
 * Not as in Linux 6.1: there registering a device takes device_list_lock inside
 * lock, and an unmap that has a device unpin takes them the other way round,
 * which can deadlock. Here device_list_lock always comes first.
 *
 * Left out, as only groups behind a real IOMMU have it: pinning at map time,
 * ranges of valid IOVAs, updating of user addresses. Left out too: the limit on
 * locked memory (the user is root).
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "check/op.h"
#include "drivers/vfio/type1.h"
#include "drivers/vfio/vfio.h"
#include "host/host.h"

/* mappings that a container may have */
#define DMA_ENTRY_LIMIT		U16_MAX
#define NOTIFY_RETRIES		10

struct type1_group {
	struct list_head link;
	struct iommu_group *iommu_group;
};

/* ---- mappings -------------------------------------------------------- */

/**
 * type1_find_dma() - a mapping that overlaps a range
 * @iommu: the container's
 * @start: first byte of the range
 * @size: its bytes, at least 1
 *
 * Context: the container's lock is held.
 *
 * Return: the first such mapping, or NULL.
 */
struct type1_dma *type1_find_dma(struct type1 *iommu, dma_addr_t start, size_t size)
{
	struct type1_dma *dma;

	list_for_each_entry(dma, &iommu->dma_list, link) {
		if (dma->iova > start + size - 1)
			break;
		if (start <= type1_last(dma))
			return dma;
	}
	return NULL;
}

static void link_dma(struct type1 *iommu, struct type1_dma *new)
{
	struct type1_dma *dma;

	list_for_each_entry(dma, &iommu->dma_list, link)
		if (dma->iova > new->iova)
			break;
	list_add_tail(&new->link, &dma->link);
}

/* ---- pins ------------------------------------------------------------ */

static void describe_pin(const void *obj, char *buf, size_t size)
{
	const struct type1_pin *pin = obj;

	host_snprintf(buf, size, "IOVA %#llx, %u times",
		      (unsigned long long)pin->iova, pin->count);
}

static struct type1_pin *find_pin(struct type1_dma *dma, dma_addr_t iova)
{
	struct type1_pin *pin;

	list_for_each_entry(pin, &dma->pins, link)
		if (pin->iova == iova)
			return pin;
	return NULL;
}

static int pin_page(struct type1_dma *dma, dma_addr_t iova, struct page **page)
{
	unsigned long vaddr = dma->vaddr + (iova - dma->iova);
	struct type1_pin *pin;
	long n;

	pin = find_pin(dma, iova);
	if (pin) {
		pin->count++;
		um_object_get(pin);
		*page = pin->page;
		return 0;
	}
	pin = kzalloc(sizeof(*pin), GFP_KERNEL);
	if (!pin)
		return -ENOMEM;
	n = pin_user_pages_fast(vaddr, 1, dma->prot & IOMMU_WRITE ? FOLL_WRITE : 0,
				&pin->page);
	if (n != 1) {
		kfree(pin);
		return n < 0 ? n : -EFAULT;
	}
	pin->iova = iova;
	pin->count = 1;
	list_add(&pin->link, &dma->pins);
	type1_dirty_mark(dma, iova, PAGE_SIZE);
	um_object_new(pin, "pinned page", describe_pin);
	*page = pin->page;
	return 0;
}

static void pin_free(struct type1_pin *pin)
{
	list_del(&pin->link);
	unpin_user_page(pin->page);
	um_object_freed(pin);
	kfree(pin);
}

static void unpin_page(struct type1_dma *dma, dma_addr_t iova)
{
	struct type1_pin *pin = find_pin(dma, iova);

	if (!pin)
		return;
	um_object_put(pin);
	if (!--pin->count)
		pin_free(pin);
}

static int pin_iova(struct type1 *iommu, dma_addr_t iova, int prot, struct page **page)
{
	struct type1_dma *dma = type1_find_dma(iommu, iova, PAGE_SIZE);

	if (!dma)
		return -EINVAL;
	if ((dma->prot & prot) != prot)
		return -EPERM;
	return pin_page(dma, iova, page);
}

static void unpin_iova(struct type1 *iommu, dma_addr_t iova)
{
	struct type1_dma *dma = type1_find_dma(iommu, iova, PAGE_SIZE);

	if (dma)
		unpin_page(dma, iova);
}

static int pin_range(struct type1 *iommu, dma_addr_t iova, int npage, int prot,
		     struct page **pages)
{
	int i, err;

	for (i = 0; i < npage; i++) {
		err = pin_iova(iommu, iova + PAGE_SIZE * i, prot, &pages[i]);
		if (err)
			goto unpin;
	}
	return npage;

unpin:
	pages[i] = NULL;
	while (i--) {
		unpin_iova(iommu, iova + PAGE_SIZE * i);
		pages[i] = NULL;
	}
	return err;
}

static int type1_pin_pages(void *iommu_data, dma_addr_t iova, int npage, int prot,
			   struct page **pages)
{
	struct type1 *iommu = iommu_data;
	int ret = -EINVAL;

	if (!iommu->v2)
		return -EACCES;
	mutex_lock(&iommu->lock);
	/* somebody must be there to be told of an unmap */
	if (!list_empty(&iommu->device_list))
		ret = pin_range(iommu, iova, npage, prot, pages);
	mutex_unlock(&iommu->lock);
	return ret;
}

static void type1_unpin_pages(void *iommu_data, dma_addr_t iova, int npage)
{
	struct type1 *iommu = iommu_data;
	int i;

	if (WARN_ON(!iommu->v2))
		return;
	mutex_lock(&iommu->lock);
	for (i = 0; i < npage; i++)
		if (!type1_find_dma(iommu, iova + PAGE_SIZE * i, PAGE_SIZE))
			break;
		else
			unpin_iova(iommu, iova + PAGE_SIZE * i);
	mutex_unlock(&iommu->lock);
	WARN_ON(i != npage);
}

static void remove_dma(struct type1 *iommu, struct type1_dma *dma)
{
	struct type1_pin *pin, *next;

	WARN_ON(!list_empty(&dma->pins));
	list_for_each_entry_safe(pin, next, &dma->pins, link)
		pin_free(pin);
	list_del(&dma->link);
	type1_dirty_stop(dma);
	kfree(dma);
	iommu->dma_avail++;
}

static void remove_all(struct type1 *iommu)
{
	struct type1_dma *dma, *next;

	list_for_each_entry_safe(dma, next, &iommu->dma_list, link)
		remove_dma(iommu, dma);
}

/* ---- map ------------------------------------------------------------- */

static int do_map(struct type1 *iommu, const struct vfio_iommu_type1_dma_map *map, int prot)
{
	bool set_vaddr = map->flags & VFIO_DMA_MAP_FLAG_VADDR;
	struct type1_dma *dma;
	int err = 0;

	if (!map->size || (map->size | map->iova | map->vaddr) & ~PAGE_MASK)
		return -EINVAL;
	if (map->iova + map->size - 1 < map->iova || map->vaddr + map->size - 1 < map->vaddr)
		return -EINVAL;
	dma = type1_find_dma(iommu, map->iova, map->size);
	/* no address was ever taken away, so there is none to be set */
	if (set_vaddr)
		return dma ? -EINVAL : -ENOENT;
	if (dma)
		return -EEXIST;
	if (!iommu->dma_avail)
		return -ENOSPC;
	dma = kzalloc(sizeof(*dma), GFP_KERNEL);
	if (!dma)
		return -ENOMEM;
	iommu->dma_avail--;
	dma->iova = map->iova;
	dma->vaddr = map->vaddr;
	dma->size = map->size;
	dma->prot = prot;
	INIT_LIST_HEAD(&dma->pins);
	link_dma(iommu, dma);
	if (iommu->tracking)
		err = type1_dirty_start(dma);
	if (err)
		remove_dma(iommu, dma);
	return err;
}

static int map_dma(struct type1 *iommu, void __user *arg)
{
	const u32 mask = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE |
			 VFIO_DMA_MAP_FLAG_VADDR;
	size_t minsz = offsetofend(struct vfio_iommu_type1_dma_map, size);
	struct vfio_iommu_type1_dma_map map;
	int prot = 0, err;

	if (copy_from_user(&map, arg, minsz))
		return -EFAULT;
	if (map.argsz < minsz || map.flags & ~mask)
		return -EINVAL;
	if (map.flags & VFIO_DMA_MAP_FLAG_WRITE)
		prot |= IOMMU_WRITE;
	if (map.flags & VFIO_DMA_MAP_FLAG_READ)
		prot |= IOMMU_READ;
	if (!prot == !(map.flags & VFIO_DMA_MAP_FLAG_VADDR))
		return -EINVAL;
	mutex_lock(&iommu->lock);
	err = do_map(iommu, &map, prot);
	mutex_unlock(&iommu->lock);
	return err;
}

/* ---- unmap ----------------------------------------------------------- */

/*
 * The devices unpin in their dma_unmap(), which comes back here for the lock:
 * it is dropped meanwhile, and @dma may be gone afterwards.
 */
static void notify_unmap(struct type1 *iommu, const struct type1_dma *dma)
{
	u64 iova = dma->iova, size = dma->size;
	struct vfio_device *device;

	if (list_empty(&iommu->device_list))
		return;
	mutex_unlock(&iommu->lock);
	mutex_lock(&iommu->device_list_lock);
	list_for_each_entry(device, &iommu->device_list, iommu_entry)
		device->ops->dma_unmap(device, iova, size);
	mutex_unlock(&iommu->device_list_lock);
	mutex_lock(&iommu->lock);
}

/* Version 2 wants whole mappings. */
bool type1_cuts_a_mapping(struct type1 *iommu, dma_addr_t iova, u64 size)
{
	struct type1_dma *dma;

	dma = type1_find_dma(iommu, iova, 1);
	if (dma && dma->iova != iova)
		return true;
	dma = type1_find_dma(iommu, iova + size - 1, 1);
	return dma && type1_last(dma) != iova + size - 1;
}

/* The first mapping that the unmap is to take away, or NULL. */
static struct type1_dma *first_to_unmap(struct type1 *iommu, dma_addr_t iova, dma_addr_t last)
{
	struct type1_dma *dma;

	list_for_each_entry(dma, &iommu->dma_list, link) {
		if (type1_last(dma) < iova)
			continue;
		if (dma->iova > last)
			return NULL;
		/* version 1: only from its beginning, and then whole */
		return !iommu->v2 && iova > dma->iova ? NULL : dma;
	}
	return NULL;
}

/* @bitmap: gets the dirty pages, or NULL */
static int unmap_range(struct type1 *iommu, dma_addr_t iova, u64 size, bool all,
		       const struct vfio_bitmap *bitmap, u64 *unmapped)
{
	dma_addr_t end = all ? U64_MAX : iova + size - 1;
	struct type1_dma *dma, *last = NULL;
	int retries = 0, err;

	for (;;) {
		if (iommu->v2 && !all && type1_cuts_a_mapping(iommu, iova, size))
			return -EINVAL;
		while ((dma = first_to_unmap(iommu, iova, end)) && list_empty(&dma->pins)) {
			err = bitmap ? type1_dirty_report(dma, bitmap->data, iova) : 0;
			if (err)
				return err;
			*unmapped += dma->size;
			remove_dma(iommu, dma);
		}
		if (!dma)
			return 0;
		/* a device that does not unpin would keep us here for ever */
		if (dma == last) {
			BUG_ON(++retries > NOTIFY_RETRIES);
		} else {
			last = dma;
			retries = 0;
		}
		notify_unmap(iommu, dma);
	}
}

static int do_unmap(struct type1 *iommu, struct vfio_iommu_type1_dma_unmap *unmap,
		    const struct vfio_bitmap *bitmap)
{
	bool dirty = unmap->flags & VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP;
	bool all = unmap->flags & VFIO_DMA_UNMAP_FLAG_ALL;
	u64 size = unmap->size, unmapped = 0;
	int err;

	if (unmap->flags & VFIO_DMA_UNMAP_FLAG_VADDR)
		return -EBUSY;
	if (unmap->iova & ~PAGE_MASK)
		return -EINVAL;
	if (all) {
		if (unmap->iova || size)
			return -EINVAL;
	} else if (!size || size & ~PAGE_MASK || unmap->iova + size - 1 < unmap->iova) {
		return -EINVAL;
	}
	if (dirty && (!iommu->tracking || bitmap->pgsize != PAGE_SIZE))
		return -EINVAL;
	err = unmap_range(iommu, unmap->iova, size, all, dirty ? bitmap : NULL, &unmapped);
	unmap->size = unmapped;
	return err;
}

static int unmap_dma(struct type1 *iommu, void __user *arg)
{
	const u32 mask = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP |
			 VFIO_DMA_UNMAP_FLAG_VADDR | VFIO_DMA_UNMAP_FLAG_ALL;
	size_t minsz = offsetofend(struct vfio_iommu_type1_dma_unmap, size);
	struct vfio_iommu_type1_dma_unmap unmap;
	struct vfio_bitmap bitmap = {};
	int err;

	if (copy_from_user(&unmap, arg, minsz))
		return -EFAULT;
	if (unmap.argsz < minsz || unmap.flags & ~mask)
		return -EINVAL;
	if (unmap.flags & VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP &&
	    unmap.flags & (VFIO_DMA_UNMAP_FLAG_ALL | VFIO_DMA_UNMAP_FLAG_VADDR))
		return -EINVAL;
	if (unmap.flags & VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP) {
		if (unmap.argsz < minsz + sizeof(bitmap))
			return -EINVAL;
		if (copy_from_user(&bitmap, (char __user *)arg + minsz, sizeof(bitmap)))
			return -EFAULT;
		err = type1_bitmap_check(&bitmap, unmap.size);
		if (err)
			return err;
	}
	mutex_lock(&iommu->lock);
	err = do_unmap(iommu, &unmap, &bitmap);
	mutex_unlock(&iommu->lock);
	if (err)
		return err;
	return copy_to_user(arg, &unmap, minsz) ? -EFAULT : 0;
}

/* ---- what the container asks for ------------------------------------- */

static int check_extension(unsigned long arg)
{
	switch (arg) {
	case VFIO_TYPE1_IOMMU:
	case VFIO_TYPE1v2_IOMMU:
	case VFIO_TYPE1_NESTING_IOMMU:
	case VFIO_UNMAP_ALL:
		return 1;
	default:
		return 0;
	}
}

static bool has_emulated(struct type1 *iommu)
{
	bool has;

	mutex_lock(&iommu->lock);
	has = !list_empty(&iommu->groups);
	mutex_unlock(&iommu->lock);
	return has;
}

static int build_caps(struct type1 *iommu, struct vfio_info_cap *caps)
{
	struct vfio_iommu_type1_info_cap_migration migration = {
		.header.id = VFIO_IOMMU_TYPE1_INFO_CAP_MIGRATION,
		.header.version = 1,
		.pgsize_bitmap = PAGE_SIZE,
		.max_dirty_bitmap_size = DIRTY_BITMAP_SIZE_MAX,
	};
	struct vfio_iommu_type1_info_dma_avail avail = {
		.header.id = VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL,
		.header.version = 1,
		.avail = iommu->dma_avail,
	};
	int err;

	err = vfio_info_add_capability(caps, &migration.header, sizeof(migration));
	if (err)
		return err;
	return vfio_info_add_capability(caps, &avail.header, sizeof(avail));
}

static int get_info(struct type1 *iommu, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_iommu_type1_info, iova_pgsizes);
	size_t capsz = offsetofend(struct vfio_iommu_type1_info, cap_offset);
	struct vfio_info_cap caps = {};
	struct vfio_iommu_type1_info info = {};
	int err;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	if (info.argsz >= capsz)
		minsz = capsz;
	mutex_lock(&iommu->lock);
	err = build_caps(iommu, &caps);
	mutex_unlock(&iommu->lock);
	if (err)
		goto free_caps;
	info.flags = VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS;
	info.iova_pgsizes = PAGE_MASK;
	info.cap_offset = 0;
	if (info.argsz < sizeof(info) + caps.size) {
		info.argsz = sizeof(info) + caps.size;
	} else {
		vfio_info_cap_shift(&caps, sizeof(info));
		err = -EFAULT;
		if (copy_to_user((char __user *)arg + sizeof(info), caps.buf, caps.size))
			goto free_caps;
		info.cap_offset = sizeof(info);
	}
	err = copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
free_caps:
	kfree(caps.buf);
	return err;
}

static long type1_ioctl(void *iommu_data, unsigned int cmd, unsigned long arg)
{
	struct type1 *iommu = iommu_data;

	switch (cmd) {
	case VFIO_CHECK_EXTENSION:
		if (arg == VFIO_UPDATE_VADDR)
			return iommu && !has_emulated(iommu);
		/* every real IOMMU of the container is coherent: there is none */
		if (arg == VFIO_DMA_CC_IOMMU)
			return !!iommu;
		return check_extension(arg);
	case VFIO_IOMMU_GET_INFO:
		return get_info(iommu, (void __user *)arg);
	case VFIO_IOMMU_MAP_DMA:
		return map_dma(iommu, (void __user *)arg);
	case VFIO_IOMMU_UNMAP_DMA:
		return unmap_dma(iommu, (void __user *)arg);
	case VFIO_IOMMU_DIRTY_PAGES:
		return type1_dirty_pages(iommu, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

/* ---- groups and devices ---------------------------------------------- */

static struct type1_group *find_group(struct type1 *iommu, struct iommu_group *iommu_group)
{
	struct type1_group *group;

	list_for_each_entry(group, &iommu->groups, link)
		if (group->iommu_group == iommu_group)
			return group;
	return NULL;
}

static int type1_attach_group(void *iommu_data, struct iommu_group *iommu_group)
{
	struct type1 *iommu = iommu_data;
	struct type1_group *group;

	group = kzalloc(sizeof(*group), GFP_KERNEL);
	if (!group)
		return -ENOMEM;
	group->iommu_group = iommu_group;
	mutex_lock(&iommu->lock);
	list_add(&group->link, &iommu->groups);
	mutex_unlock(&iommu->lock);
	return 0;
}

static void type1_detach_group(void *iommu_data, struct iommu_group *iommu_group)
{
	struct type1 *iommu = iommu_data;
	struct type1_group *group;

	mutex_lock(&iommu->lock);
	group = find_group(iommu, iommu_group);
	if (group) {
		list_del(&group->link);
		kfree(group);
		if (list_empty(&iommu->groups)) {
			WARN_ON(!list_empty(&iommu->device_list));
			remove_all(iommu);
		}
	}
	mutex_unlock(&iommu->lock);
}

static void type1_register_device(void *iommu_data, struct vfio_device *vdev)
{
	struct type1 *iommu = iommu_data;

	if (!vdev->ops->dma_unmap)
		return;
	mutex_lock(&iommu->device_list_lock);
	mutex_lock(&iommu->lock);
	list_add(&vdev->iommu_entry, &iommu->device_list);
	mutex_unlock(&iommu->lock);
	mutex_unlock(&iommu->device_list_lock);
}

static void type1_unregister_device(void *iommu_data, struct vfio_device *vdev)
{
	struct type1 *iommu = iommu_data;

	if (!vdev->ops->dma_unmap)
		return;
	mutex_lock(&iommu->device_list_lock);
	mutex_lock(&iommu->lock);
	list_del(&vdev->iommu_entry);
	mutex_unlock(&iommu->lock);
	mutex_unlock(&iommu->device_list_lock);
}

/* ---- copies by IOVA -------------------------------------------------- */

/* As much as one mapping has: how many bytes, or an error. */
static long rw_chunk(struct type1 *iommu, dma_addr_t iova, void *data, size_t count,
		     bool write)
{
	struct type1_dma *dma = type1_find_dma(iommu, iova, 1);
	void __user *vaddr;
	unsigned long left;

	if (!dma)
		return -EINVAL;
	/* a mapping that can only be written cannot be written either */
	if ((write && !(dma->prot & IOMMU_WRITE)) || !(dma->prot & IOMMU_READ))
		return -EPERM;
	count = min_t(u64, count, dma->size - (iova - dma->iova));
	vaddr = (void __user *)(dma->vaddr + (iova - dma->iova));
	left = write ? copy_to_user(vaddr, data, count) : copy_from_user(data, vaddr, count);
	if (left)
		return -EFAULT;
	if (write)
		type1_dirty_mark(dma, iova, count);
	return count;
}

static int type1_dma_rw(void *iommu_data, dma_addr_t iova, void *data, size_t count,
			bool write)
{
	struct type1 *iommu = iommu_data;
	char *p = data;
	long n = 0;

	mutex_lock(&iommu->lock);
	while (count) {
		n = rw_chunk(iommu, iova, p, count, write);
		if (n < 0)
			break;
		count -= n;
		p += n;
		iova += n;
	}
	mutex_unlock(&iommu->lock);
	return n < 0 ? n : 0;
}

/* ---- life ------------------------------------------------------------ */

static void *type1_open(unsigned long arg)
{
	struct type1 *iommu;

	if (arg != VFIO_TYPE1_IOMMU && arg != VFIO_TYPE1v2_IOMMU &&
	    arg != VFIO_TYPE1_NESTING_IOMMU)
		return ERR_PTR(-EINVAL);
	iommu = kzalloc(sizeof(*iommu), GFP_KERNEL);
	if (!iommu)
		return ERR_PTR(-ENOMEM);
	iommu->v2 = arg != VFIO_TYPE1_IOMMU;
	iommu->dma_avail = DMA_ENTRY_LIMIT;
	mutex_init(&iommu->lock);
	mutex_init(&iommu->device_list_lock);
	INIT_LIST_HEAD(&iommu->dma_list);
	INIT_LIST_HEAD(&iommu->groups);
	INIT_LIST_HEAD(&iommu->device_list);
	return iommu;
}

static void type1_release(void *iommu_data)
{
	struct type1 *iommu = iommu_data;

	WARN_ON(!list_empty(&iommu->groups));
	remove_all(iommu);
	mutex_destroy(&iommu->device_list_lock);
	mutex_destroy(&iommu->lock);
	kfree(iommu);
}

static const struct vfio_iommu_driver_ops type1_ops = {
	.name = "vfio-iommu-type1",
	.open = type1_open,
	.release = type1_release,
	.ioctl = type1_ioctl,
	.attach_group = type1_attach_group,
	.detach_group = type1_detach_group,
	.pin_pages = type1_pin_pages,
	.unpin_pages = type1_unpin_pages,
	.register_device = type1_register_device,
	.unregister_device = type1_unregister_device,
	.dma_rw = type1_dma_rw,
};

static int __init vfio_iommu_type1_init(void)
{
	return vfio_register_iommu_driver(&type1_ops);
}
late_initcall(vfio_iommu_type1_init);
