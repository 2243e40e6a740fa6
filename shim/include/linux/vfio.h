/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFIO as from Linux 6.1 on: what a driver that offers a device to user space
 * sees. The model lies in drivers/vfio/. Before, it had other ops: at levels up
 * to 5.12 they come on top, from the adapter's header; between, when it was
 * rebuilt, there are none. Left out: virqfds and everything that needs real
 * hardware. From 6.2 on a device is reached by IOMMUFD, too, from 6.6 on by a file
 * of its own: as where CONFIG_IOMMUFD and CONFIG_VFIO_DEVICE_CDEV are set.
 */
#ifndef _LINUX_VFIO_H_SHIM
#define _LINUX_VFIO_H_SHIM

#include <linux/completion.h>
#include <linux/device.h>
#include <linux/iova_bitmap.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/refcount.h>
#include <linux/uuid.h>
#include <linux/workqueue.h>
#include <uapi/linux/vfio.h>
#include "compat/levels.h"
#if KAPI_ABI_VFIO_DETACH_IOAS
#include <linux/cdev.h>
#endif

struct file;
struct iommu_group;
struct kvm;
struct iommufd_access;
struct iommufd_ctx;
struct rb_root_cached;
struct vfio_device_ops;
struct vfio_group;
struct vfio_info_cap;
struct vm_area_struct;

/* Devices that share the lock around open_device() and close_device(). */
struct vfio_device_set {
	void *set_id;
	struct mutex lock;
	struct list_head device_list;
	unsigned int device_count;
};

struct vfio_device {
	struct device *dev;
	const struct vfio_device_ops *ops;
	struct vfio_group *group;
	/* set before the device is registered, if it can migrate */
	const struct vfio_migration_ops *mig_ops;
	const struct vfio_log_ops *log_ops;
	unsigned int migration_flags;	/* VFIO_MIGRATION_* */
	struct vfio_device_set *dev_set;
	struct list_head dev_set_list;
	/* Valid during open_device(); reference it there or never touch it. */
	struct kvm *kvm;

	/* not for drivers */
	unsigned int index;
	struct device device;		/* the object's life */
	refcount_t refcount;		/* users of the registration */
	unsigned int open_count;
	struct completion comp;		/* the last user is gone */
	struct list_head group_next;
	struct list_head iommu_entry;
#if KAPI_ABI_VFIO_IOMMUFD
	/* guarded by dev_set->lock */
	struct iommufd_access *iommufd_access;
	bool iommufd_attached;
	bool um_bound;			/* open by way of IOMMUFD; also under the group's lock */
#endif
#if KAPI_ABI_VFIO_DETACH_IOAS
	struct cdev cdev;		/* the file of its own */
	bool cdev_opened;
#endif
};

/**
 * struct vfio_device_ops - what a driver does with its device
 * @name: for messages
 * @init: prepares private fields, from vfio_alloc_device()
 * @release: undoes that; until 6.1 mandatory, and frees by vfio_free_device()
 * @bind_iommufd: makes the device a user of the context, before it is opened for
 *	the first time; a device whose DMA is emulated has the functions below for
 *	this and the next three
 * @unbind_iommufd: the inverse, after the last close; detaches, too
 * @attach_ioas: an address space of the context becomes the device's, in place of
 *	one that it has
 * @detach_ioas: the inverse
 * @pasid_attach_ioas: likewise for a part of its DMA; carried out by the driver
 * @pasid_detach_ioas: the inverse
 * @open_device: for the first file that is opened
 * @close_device: after the last one was closed
 * @read: a read at an offset that encodes a region; without it -EINVAL
 * @write: likewise
 * @ioctl: VFIO_DEVICE_*; without it -EINVAL
 * @get_region_info_caps: VFIO_DEVICE_GET_REGION_INFO, in kernel memory; without
 *	it, @ioctl
 * @mmap: maps a region; without it -EINVAL
 * @request: somebody waits for the device to be let go; @count times so far
 * @match: whether @buf names the device: 0 no, above 0 yes, negative errno
 * @match_token_uuid: whether the user who opens the device by its own file knows
 *	its token: 0, or what he gets
 * @dma_unmap: the user takes a range of IOVAs away: unpin what is in it
 * @device_feature: VFIO_DEVICE_FEATURE
 */
struct vfio_device_ops {
	char *name;
	int (*init)(struct vfio_device *vdev);
	void (*release)(struct vfio_device *vdev);
#if KAPI_ABI_VFIO_IOMMUFD
	int (*bind_iommufd)(struct vfio_device *vdev,
			    struct iommufd_ctx *ictx, u32 *out_device_id);
	void (*unbind_iommufd)(struct vfio_device *vdev);
	int (*attach_ioas)(struct vfio_device *vdev, u32 *pt_id);
#endif
#if KAPI_ABI_VFIO_DETACH_IOAS
	void (*detach_ioas)(struct vfio_device *vdev);
#endif
#if KAPI_ABI_VFIO_PASID
	int (*pasid_attach_ioas)(struct vfio_device *vdev, u32 pasid,
				 u32 *pt_id);
	void (*pasid_detach_ioas)(struct vfio_device *vdev, u32 pasid);
#endif
	int (*open_device)(struct vfio_device *vdev);
	void (*close_device)(struct vfio_device *vdev);
	ssize_t (*read)(struct vfio_device *vdev, char __user *buf,
			size_t count, loff_t *ppos);
	ssize_t (*write)(struct vfio_device *vdev, const char __user *buf,
			 size_t count, loff_t *size);
	long (*ioctl)(struct vfio_device *vdev, unsigned int cmd,
		      unsigned long arg);
#if KAPI_ABI_VFIO_REGION_INFO
	int (*get_region_info_caps)(struct vfio_device *vdev,
				    struct vfio_region_info *info,
				    struct vfio_info_cap *caps);
#endif
	int (*mmap)(struct vfio_device *vdev, struct vm_area_struct *vma);
	void (*request)(struct vfio_device *vdev, unsigned int count);
	int (*match)(struct vfio_device *vdev, char *buf);
#if KAPI_ABI_VFIO_TOKEN
	int (*match_token_uuid)(struct vfio_device *vdev, const uuid_t *uuid);
#endif
	void (*dma_unmap)(struct vfio_device *vdev, u64 iova, u64 length);
	int (*device_feature)(struct vfio_device *device, u32 flags,
			      void __user *arg, size_t argsz);
};

/**
 * struct vfio_migration_ops - what a driver does whose device can migrate
 * @migration_set_state: brings the device into a state; a file, of which VFIO
 *	takes over the reference, when data is to be read or written by it,
 *	else NULL, or an ERR_PTR
 * @migration_get_state: which state the device is in
 * @migration_get_data_size: about how much there will be to read; from 6.2 on
 *
 * Serialising them is the driver's.
 */
struct vfio_migration_ops {
	struct file *(*migration_set_state)(struct vfio_device *device,
					    enum vfio_device_mig_state new_state);
	int (*migration_get_state)(struct vfio_device *device,
				   enum vfio_device_mig_state *curr_state);
	int (*migration_get_data_size)(struct vfio_device *device,
				       unsigned long *stop_copy_length);
};

/**
 * struct vfio_log_ops - what a driver does whose device notes where it writes
 * @log_start: begins; the ranges cannot be looked into here. @page_size is
 *	what the user asks for, and becomes what a bit stands for
 * @log_stop: ends
 * @log_read_and_clear: reports what was written to in a range by
 *	iova_bitmap_set(), and forgets it
 */
struct vfio_log_ops {
	int (*log_start)(struct vfio_device *device, struct rb_root_cached *ranges,
			 u32 nnodes, u64 *page_size);
	int (*log_stop)(struct vfio_device *device);
	int (*log_read_and_clear)(struct vfio_device *device, unsigned long iova,
				  unsigned long length, struct iova_bitmap *dirty);
};

#if KAPI_ABI_VFIO_IOMMUFD
int vfio_iommufd_emulated_bind(struct vfio_device *vdev, struct iommufd_ctx *ictx,
			       u32 *out_device_id);
void vfio_iommufd_emulated_unbind(struct vfio_device *vdev);
int vfio_iommufd_emulated_attach_ioas(struct vfio_device *vdev, u32 *pt_id);
#endif
#if KAPI_ABI_VFIO_DETACH_IOAS
void vfio_iommufd_emulated_detach_ioas(struct vfio_device *vdev);
#endif

/*
 * For device_feature(): 1 when the driver is to get or set now, otherwise
 * what it has to return.
 */
static inline int vfio_check_feature(u32 flags, size_t argsz, u32 supported_ops,
				     size_t minsz)
{
	u32 op = flags & (VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET);

	if (op & ~supported_ops)
		return -EINVAL;
	if (flags & VFIO_DEVICE_FEATURE_PROBE)
		return 0;
	return !op || argsz < minsz ? -EINVAL : 1;
}

/* ---- life of a device ------------------------------------------------ */

struct vfio_device *_vfio_alloc_device(size_t size, struct device *dev,
				       const struct vfio_device_ops *ops);
/* A zeroed @dev_struct, whose first member @member is the vfio_device, or an ERR_PTR. */
#define vfio_alloc_device(dev_struct, member, dev, ops)			\
	container_of(_vfio_alloc_device(sizeof(struct dev_struct) +	\
		BUILD_BUG_ON_ZERO(offsetof(struct dev_struct, member)),	\
		dev, ops), struct dev_struct, member)

int vfio_init_device(struct vfio_device *device, struct device *dev,
		     const struct vfio_device_ops *ops);
#if KAPI_VFIO_FREE_DEVICE
void vfio_free_device(struct vfio_device *device);
#endif

static inline void vfio_put_device(struct vfio_device *device)
{
	put_device(&device->device);
}

int vfio_register_emulated_iommu_dev(struct vfio_device *device);
void vfio_unregister_group_dev(struct vfio_device *device);

int vfio_assign_device_set(struct vfio_device *device, void *set_id);

#if KAPI_VFIO_CHECK_PRECOPY
/* For the ioctl of a migration file: 0 with the user's @info, or what to return. */
static inline int vfio_check_precopy_ioctl(struct vfio_device *vdev, unsigned int cmd,
					   unsigned long arg,
					   struct vfio_precopy_info *info)
{
	size_t minsz = offsetofend(struct vfio_precopy_info, dirty_bytes);

	if (cmd != VFIO_MIG_GET_PRECOPY_INFO)
		return -ENOTTY;
	if (copy_from_user(info, (void __user *)arg, minsz))
		return -EFAULT;
	return info->argsz < minsz ? -EINVAL : 0;
}
#endif

int vfio_mig_get_next_state(struct vfio_device *device,
			    enum vfio_device_mig_state cur_fsm,
			    enum vfio_device_mig_state new_fsm,
			    enum vfio_device_mig_state *next_fsm);

/* ---- group files, as their other users see them ---------------------- */

bool vfio_file_is_group(struct file *file);
void vfio_file_set_kvm(struct file *file, struct kvm *kvm);

/* ---- the user's memory, by IOVA -------------------------------------- */

#define VFIO_PIN_PAGES_MAX_ENTRIES (PAGE_SIZE / sizeof(unsigned long))

int vfio_pin_pages(struct vfio_device *device, dma_addr_t iova,
		   int npage, int prot, struct page **pages);
void vfio_unpin_pages(struct vfio_device *device, dma_addr_t iova, int npage);
int vfio_dma_rw(struct vfio_device *device, dma_addr_t iova,
		void *data, size_t len, bool write);

/* ---- helpers for ioctls ---------------------------------------------- */

struct vfio_info_cap {
	struct vfio_info_cap_header *buf;
	size_t size;
};

struct vfio_info_cap_header *vfio_info_cap_add(struct vfio_info_cap *caps,
					       size_t size, u16 id,
					       u16 version);
void vfio_info_cap_shift(struct vfio_info_cap *caps, size_t offset);
int vfio_info_add_capability(struct vfio_info_cap *caps,
			     struct vfio_info_cap_header *cap, size_t size);
int vfio_set_irqs_validate_and_prepare(struct vfio_irq_set *hdr,
				       int num_irqs, int max_irq_type,
				       size_t *data_size);

/* ---- releases before 6.1 --------------------------------------------- */

#ifndef VFIO_COMPAT_NO_RENAME
#if KAPI_VFIO_GROUP_DEV
#include "compat/include/linux/vfio_compat.h"
#elif KAPI_VFIO_REBUILT
/* linux/mdev_vfio_ops.h brings those of 5.4 */
#define vfio_device_ops		vfio_device_ops_before_6_1_is_not_modelled
#define vfio_pin_pages		vfio_pin_pages_before_6_1_is_not_modelled
#define vfio_unpin_pages	vfio_unpin_pages_before_6_1_is_not_modelled
#endif
#endif

#endif
