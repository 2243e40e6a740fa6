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

struct file;
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

int vfio_logging_feature(struct vfio_device *device, u32 flags,
			 void __user *arg, size_t size);
int vfio_migration_feature(struct vfio_device *device, u32 flags,
			   void __user *arg, size_t size);

#endif
