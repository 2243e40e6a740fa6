/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of drivers/vfio/: groups, containers, IOMMU drivers. */
#ifndef UMDEV_DRIVERS_VFIO_H
#define UMDEV_DRIVERS_VFIO_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>

#include "compat/levels.h"

struct file;
struct iommufd_ctx;
struct iommu_group;
struct kvm;
struct page;
struct vfio_container;
struct vfio_device;

struct vfio_group {
	struct device dev;
	struct cdev cdev;
	/* Devices in the group. At 0, iommu_group is about to become NULL. */
	refcount_t drivers;
	struct list_head vfio_next;	/* on the list of all groups */

	struct mutex device_lock;
	struct list_head device_list;

	struct mutex group_lock;	/* guards what follows */
	struct iommu_group *iommu_group;
	struct vfio_container *container;
	struct list_head container_next;
	unsigned int container_users;	/* one itself, one per open device */
	struct file *opened_file;	/* one user at a time */
	struct kvm *kvm;
#if KAPI_ABI_VFIO_IOMMUFD
	struct iommufd_ctx *iommufd;	/* in place of a container */
#endif
#if KAPI_ABI_VFIO_DETACH_IOAS
	unsigned int cdev_opened;	/* devices that are open by files of their own */
#endif
};

/* Who translates IOVAs for a container. */
struct vfio_iommu_driver_ops {
	char *name;
	void *(*open)(unsigned long arg);
	void (*release)(void *iommu_data);
	long (*ioctl)(void *iommu_data, unsigned int cmd, unsigned long arg);
	int (*attach_group)(void *iommu_data, struct iommu_group *group);
	void (*detach_group)(void *iommu_data, struct iommu_group *group);
	int (*pin_pages)(void *iommu_data, dma_addr_t user_iova, int npage,
			 int prot, struct page **pages);
	void (*unpin_pages)(void *iommu_data, dma_addr_t user_iova, int npage);
	void (*register_device)(void *iommu_data, struct vfio_device *vdev);
	void (*unregister_device)(void *iommu_data, struct vfio_device *vdev);
	int (*dma_rw)(void *iommu_data, dma_addr_t user_iova, void *data,
		      size_t count, bool write);
};

struct vfio_iommu_driver {
	const struct vfio_iommu_driver_ops *ops;
	struct list_head vfio_next;
};

int vfio_register_iommu_driver(const struct vfio_iommu_driver_ops *ops);

bool vfio_assert_device_open(struct vfio_device *device);

struct vfio_container *vfio_container_from_file(struct file *file);
/* group->group_lock held */
int vfio_container_attach_group(struct vfio_container *container,
				struct vfio_group *group);
void vfio_group_detach_container(struct vfio_group *group);
int vfio_device_assign_container(struct vfio_device *device);
void vfio_device_unassign_container(struct vfio_device *device);
void vfio_device_container_register(struct vfio_device *device);
void vfio_device_container_unregister(struct vfio_device *device);

int vfio_container_init(void);

/* ---- vfio_main.c, for other ways to open a device ------------------------ */

bool vfio_try_get_registration(struct vfio_device *device);
void vfio_put_registration(struct vfio_device *device);
/* With dev_set->lock and the group's. */
int vfio_open_device(struct vfio_device *device, struct kvm *kvm);
void vfio_close_device(struct vfio_device *device);
/* What the driver answers on a file that may use the device. */
long vfio_device_ioctl(struct vfio_device *device, unsigned int cmd, unsigned long arg);
ssize_t vfio_device_read(struct vfio_device *device, char __user *buf, size_t count,
			 loff_t *ppos);
ssize_t vfio_device_write(struct vfio_device *device, const char __user *buf, size_t count,
			  loff_t *ppos);
int vfio_device_mmap(struct vfio_device *device, struct vm_area_struct *vma);

/* ---- iommufd.c: by way of IOMMUFD ----------------------------------------- */

#if KAPI_ABI_VFIO_IOMMUFD
int vfio_iommufd_check_ops(struct vfio_device *device);
/* dev_set->lock held */
int vfio_iommufd_bind(struct vfio_device *device, struct iommufd_ctx *ictx, u32 *id);
void vfio_iommufd_unbind(struct vfio_device *device);
/* group->group_lock held */
int vfio_iommufd_set_container(struct vfio_group *group, struct file *file);
bool vfio_iommufd_drop(struct vfio_group *group);
/* 1 when the device's group has a container, or nothing, instead */
int vfio_iommufd_open(struct vfio_device *device);
/* Whether it was open so, and is closed now. */
bool vfio_iommufd_close(struct vfio_device *device);
int vfio_iommufd_pin_pages(struct vfio_device *device, dma_addr_t iova, int npage, int prot,
			   struct page **pages);
void vfio_iommufd_unpin_pages(struct vfio_device *device, dma_addr_t iova, int npage);
int vfio_iommufd_dma_rw(struct vfio_device *device, dma_addr_t iova, void *data, size_t len,
			bool write);

static inline bool vfio_group_has_iommufd(struct vfio_group *group)
{
	return group->iommufd;
}

/* Stable while it is open. */
static inline bool vfio_device_is_bound(struct vfio_device *device)
{
	return device->um_bound;
}
#else
static inline int vfio_iommufd_check_ops(struct vfio_device *device)
{
	return 0;
}

static inline int vfio_iommufd_set_container(struct vfio_group *group, struct file *file)
{
	return -EINVAL;
}

static inline bool vfio_iommufd_drop(struct vfio_group *group)
{
	return false;
}

static inline int vfio_iommufd_open(struct vfio_device *device)
{
	return 1;
}

static inline bool vfio_iommufd_close(struct vfio_device *device)
{
	return false;
}

static inline int vfio_iommufd_pin_pages(struct vfio_device *device, dma_addr_t iova,
					 int npage, int prot, struct page **pages)
{
	return -EINVAL;
}

static inline void vfio_iommufd_unpin_pages(struct vfio_device *device, dma_addr_t iova,
					    int npage)
{
}

static inline int vfio_iommufd_dma_rw(struct vfio_device *device, dma_addr_t iova, void *data,
				      size_t len, bool write)
{
	return -EINVAL;
}

static inline bool vfio_group_has_iommufd(struct vfio_group *group)
{
	return false;
}

static inline bool vfio_device_is_bound(struct vfio_device *device)
{
	return false;
}
#endif

/* ---- device_cdev.c: files of devices --------------------------------------- */

#if KAPI_ABI_VFIO_DETACH_IOAS
int vfio_cdev_init(struct class *device_class);
int vfio_device_add(struct vfio_device *device);
void vfio_device_del(struct vfio_device *device);
long vfio_cdev_only_ioctl(unsigned int cmd, unsigned long arg);

static inline bool vfio_group_has_cdev_open(struct vfio_group *group)
{
	return group->cdev_opened;
}
#else
static inline int vfio_cdev_init(struct class *device_class)
{
	return 0;
}

static inline int vfio_device_add(struct vfio_device *device)
{
	return device_add(&device->device);
}

static inline void vfio_device_del(struct vfio_device *device)
{
	device_del(&device->device);
}

static inline long vfio_cdev_only_ioctl(unsigned int cmd, unsigned long arg)
{
	return -ENOIOCTLCMD;
}

static inline bool vfio_group_has_cdev_open(struct vfio_group *group)
{
	return false;
}
#endif

int vfio_logging_feature(struct vfio_device *device, u32 flags,
			 void __user *arg, size_t size);
int vfio_migration_feature(struct vfio_device *device, u32 flags,
			   void __user *arg, size_t size);

#endif
