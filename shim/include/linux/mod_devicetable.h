/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device tables: how a module says which devices it serves. Modpost turns
 * what MODULE_DEVICE_TABLE() names into aliases.
 *
 * Holds those of virtio, PCI and the platform bus. That of the mdev bus, which Linux 6.1 has not, comes
 * from kernel-glue/compat.
 */
#ifndef LINUX_MOD_DEVICETABLE_H
#define LINUX_MOD_DEVICETABLE_H

#include <linux/types.h>
#include <linux/uuid.h>

typedef unsigned long kernel_ulong_t;

#define PCI_ANY_ID	(~0)

struct pci_device_id {
	__u32 vendor, device;
	__u32 subvendor, subdevice;
	__u32 class, class_mask;
	kernel_ulong_t driver_data;
	__u32 override_only;
};

#define PLATFORM_NAME_SIZE	20
#define PLATFORM_MODULE_PREFIX	"platform:"

struct platform_device_id {
	char name[PLATFORM_NAME_SIZE];
	kernel_ulong_t driver_data;
};

struct virtio_device_id {
	__u32 device;
	__u32 vendor;
};
#define VIRTIO_DEV_ANY_ID	0xffffffff

#endif
