/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOMMU groups: numbered sets of devices that share an address space, with
 * /sys/kernel/iommu_groups/<n> and a link in each device.
 *
 * Left out: domains, page tables, faults, reserved regions of hardware, and
 * ownership of a group's DMA: there is no IOMMU here. What is attached to a
 * group is what a driver adds by iommu_group_add_device().
 */
#ifndef __LINUX_IOMMU_H_SHIM
#define __LINUX_IOMMU_H_SHIM

#include <linux/device.h>
#include <linux/err.h>
#include <linux/irqhandler.h>
#include <linux/mod_devicetable.h>
#include <linux/scatterlist.h>
#include <linux/types.h>
#if __has_include_next(<linux/iommu.h>)
#include_next <linux/iommu.h>
#endif

#define IOMMU_READ	(1 << 0)
#define IOMMU_WRITE	(1 << 1)
#define IOMMU_CACHE	(1 << 2)
#define IOMMU_NOEXEC	(1 << 3)
#define IOMMU_MMIO	(1 << 4)
#define IOMMU_PRIV	(1 << 5)

struct iommu_group;

struct iommu_group *iommu_group_alloc(void);
struct iommu_group *iommu_group_get(struct device *dev);
struct iommu_group *iommu_group_ref_get(struct iommu_group *group);
void iommu_group_put(struct iommu_group *group);
int iommu_group_id(struct iommu_group *group);
int iommu_group_set_name(struct iommu_group *group, const char *name);
int iommu_group_add_device(struct iommu_group *group, struct device *dev);
void iommu_group_remove_device(struct device *dev);
void *iommu_group_get_iommudata(struct iommu_group *group);
void iommu_group_set_iommudata(struct iommu_group *group, void *iommu_data,
			       void (*release)(void *iommu_data));
int iommu_group_for_each_dev(struct iommu_group *group, void *data,
			     int (*fn)(struct device *, void *));

#endif
