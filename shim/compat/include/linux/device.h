/* SPDX-License-Identifier: GPL-2.0-only */
/* Classes as 5.4 made them and linked to devices. */
#ifndef COMPAT_LINUX_DEVICE_H
#define COMPAT_LINUX_DEVICE_H

#include_next <linux/device.h>

#ifdef KAPI_AS_5_4
#include <linux/sysfs.h>
#include "compat/levels.h"

#if !KAPI_CLASS_CREATE_OWNER
/* Nothing was ever done with the owner. */
#define class_create(owner, name) ((class_create)(name))
#endif

#if !KAPI_ABI_CLASS_COMPAT_DEVICE_LINK
/* With a link "device" in the directory of @dev, if @device_link is given. */
static inline int compat_class_create_link(struct class_compat *cls,
					   struct device *dev,
					   struct device *device_link)
{
	int ret = class_compat_create_link(cls, dev);

	if (ret || !device_link)
		return ret;

	ret = sysfs_create_link(&dev->kobj, &device_link->kobj, "device");
	if (ret)
		class_compat_remove_link(cls, dev);
	return ret;
}

static inline void compat_class_remove_link(struct class_compat *cls,
					    struct device *dev,
					    struct device *device_link)
{
	if (device_link)
		sysfs_remove_link(&dev->kobj, "device");
	class_compat_remove_link(cls, dev);
}

#define class_compat_create_link	compat_class_create_link
#define class_compat_remove_link	compat_class_remove_link
#endif

#endif /* KAPI_AS_5_4 */

#endif
