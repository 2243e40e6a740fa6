/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration that the shim models: Debian's 6.1 where a driver can tell. */
#ifndef _LINUX_AUTOCONF_H
#define _LINUX_AUTOCONF_H

#define CONFIG_64BIT 1
#define CONFIG_X86_64 1
#define CONFIG_MMU 1
#define CONFIG_MODULES 1
#define CONFIG_MODULE_UNLOAD 1
#define CONFIG_PRINTK 1
#define CONFIG_SMP 1
#define CONFIG_SYSFS 1
#define CONFIG_DEBUG_FS 1
#define CONFIG_EVENTFD 1
#define CONFIG_HOTPLUG 1
#define CONFIG_IOMMU_API 1
#define CONFIG_LOCKDEP 1
#define CONFIG_PROVE_LOCKING 1
#define CONFIG_DEBUG_LOCK_ALLOC 1
#define CONFIG_VFIO_MODULE 1
#define CONFIG_VFIO_MDEV_MODULE 1
#define CONFIG_VFIO_MDEV_DEVICE_MODULE 1

#endif
