// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel, for others to put things into. Of what Linux has in it only
 * uevent_seqnum is here.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kobject.h>

#include "check/op.h"

struct kobject *kernel_kobj;
EXPORT_SYMBOL_GPL(kernel_kobj);

static ssize_t uevent_seqnum_show(struct kobject *kobj,
				  struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  (unsigned long long)READ_ONCE(uevent_seqnum));
}
static struct kobj_attribute uevent_seqnum_attr = __ATTR_RO(uevent_seqnum);

static int ksysfs_init(void)
{
	kernel_kobj = kobject_create_and_add("kernel", NULL);
	if (!kernel_kobj)
		return -ENOMEM;
	um_object_permanent(kernel_kobj);
	return sysfs_create_file(kernel_kobj, &uevent_seqnum_attr.attr);
}
core_initcall(ksysfs_init);
