// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sample vendor driver: mediated PCI displays with one fixed mode, in
 * software. What the guest sees is in mdpy-defs.h.
 *
 * The framebuffer is vmalloc memory that exists as long as the mdev. A user
 * reaches the same bytes by reading, writing and mapping BAR 0, and shows them
 * as what VFIO calls a gfx plane in a region: the display region, which is
 * BAR 0 under another number.
 *
 * Left out: interrupts, a cursor, changing the mode.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci_regs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>
#include <asm/unaligned.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_plane.h>

#include "mdpy-defs.h"

#define MDPY_NAME		"mdpy"

#define MDPY_CONFIG_SIZE	256
#define MDPY_BYTES_PER_PIXEL	4

/* Only this region is beyond those that PCI has. */
#define MDPY_DISPLAY_REGION	VFIO_PCI_NUM_REGIONS
#define MDPY_NUM_REGIONS	(VFIO_PCI_NUM_REGIONS + 1)

/* A file position is the number of a region and an offset into it. */
#define MDPY_REGION_SHIFT	40
#define MDPY_REGION_MASK	((1ULL << MDPY_REGION_SHIFT) - 1)

/**
 * struct mdpy_type - a size of display
 * @name:	of the type's group
 * @width:	in pixels
 * @height:	in pixels
 */
struct mdpy_type {
	const char *name;
	u32 width;
	u32 height;
};

static const struct mdpy_type mdpy_types[] = {
	{ "vga", 640, 480 },
	{ "xga", 1024, 768 },
	{ "hd", 1920, 1080 },
};

/**
 * struct mdpy - a display
 * @type:	its size
 * @fb_size:	size of BAR 0, a power of two
 * @fb:		the framebuffer. No lock: whoever has it mapped writes to it
 *		at any time anyway.
 * @lock:	protects @config
 * @config:	PCI config space
 */
struct mdpy {
	const struct mdpy_type *type;
	u32 fb_size;
	void *fb;

	struct mutex lock;	/* see above */
	u8 config[MDPY_CONFIG_SIZE];
};

static unsigned int mdpy_max_devices = 4;
module_param_named(count, mdpy_max_devices, uint, 0444);
MODULE_PARM_DESC(count, "number of displays that can exist at a time");

static DEFINE_MUTEX(mdpy_devices_lock);
static unsigned int mdpy_devices;

static struct class *mdpy_class;
static struct device *mdpy_parent;

/* ---- the display ------------------------------------------------------------ */

static u32 mdpy_stride(const struct mdpy *mdpy)
{
	return mdpy->type->width * MDPY_BYTES_PER_PIXEL;
}

static void mdpy_reset_config(struct mdpy *mdpy)
{
	u8 *config = mdpy->config;

	memset(config, 0, sizeof(mdpy->config));
	put_unaligned_le16(MDPY_PCI_VENDOR_ID, &config[PCI_VENDOR_ID]);
	put_unaligned_le16(MDPY_PCI_DEVICE_ID, &config[PCI_DEVICE_ID]);
	put_unaligned_le16(MDPY_PCI_SUBVENDOR_ID,
			   &config[PCI_SUBSYSTEM_VENDOR_ID]);
	put_unaligned_le16(MDPY_PCI_SUBDEVICE_ID, &config[PCI_SUBSYSTEM_ID]);
	put_unaligned_le16(PCI_COMMAND_IO | PCI_COMMAND_MEMORY,
			   &config[PCI_COMMAND]);
	put_unaligned_le16(PCI_STATUS_CAP_LIST, &config[PCI_STATUS]);
	put_unaligned_le16(PCI_CLASS_DISPLAY_OTHER, &config[PCI_CLASS_DEVICE]);
	config[PCI_REVISION_ID] = 0x01;
	put_unaligned_le32(PCI_BASE_ADDRESS_SPACE_MEMORY |
			   PCI_BASE_ADDRESS_MEM_TYPE_32 |
			   PCI_BASE_ADDRESS_MEM_PREFETCH,
			   &config[PCI_BASE_ADDRESS_0]);

	config[PCI_CAPABILITY_LIST] = MDPY_VENDORCAP_OFFSET;
	config[MDPY_VENDORCAP_OFFSET + PCI_CAP_LIST_ID] = PCI_CAP_ID_VNDR;
	config[MDPY_VENDORCAP_OFFSET + PCI_CAP_FLAGS] = MDPY_VENDORCAP_SIZE;
	put_unaligned_le32(DRM_FORMAT_XRGB8888, &config[MDPY_FORMAT_OFFSET]);
	put_unaligned_le32(mdpy->type->width, &config[MDPY_WIDTH_OFFSET]);
	put_unaligned_le32(mdpy->type->height, &config[MDPY_HEIGHT_OFFSET]);
}

/* From black at the top to white at the bottom. */
static void mdpy_reset_fb(struct mdpy *mdpy)
{
	u32 height = mdpy->type->height;
	u32 stride = mdpy_stride(mdpy);
	u32 y;

	for (y = 0; y < height; y++)
		memset(mdpy->fb + y * stride, y * 255 / height, stride);
}

/* The bits of a byte of the config space that can be written. */
static u8 mdpy_config_writable(const struct mdpy *mdpy, unsigned int offset)
{
	/* The address is aligned to the size, which is how one finds it out. */
	u32 address = ~(mdpy->fb_size - 1);

	if (offset < PCI_BASE_ADDRESS_0 || offset >= PCI_BASE_ADDRESS_1)
		return 0;
	return address >> (8 * (offset - PCI_BASE_ADDRESS_0));
}

/* ---- what a VFIO user does ---------------------------------------------------- */

/* 0 for a region that the display does not have, or that does not exist. */
static u64 mdpy_region_size(const struct mdpy *mdpy, u64 region)
{
	switch (region) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return MDPY_CONFIG_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX:
	case MDPY_DISPLAY_REGION:
		return mdpy->fb_size;
	default:
		return 0;
	}
}

/* How much of @count at @pos is in a region: a length, or -EINVAL. */
static ssize_t mdpy_clamp(const struct mdpy *mdpy, size_t count, u64 pos)
{
	u64 size = mdpy_region_size(mdpy, pos >> MDPY_REGION_SHIFT);
	u64 offset = pos & MDPY_REGION_MASK;

	if (offset >= size)
		return -EINVAL;
	return min_t(u64, count, size - offset);
}

/* VFIO wants an open; there is nothing to do. */
static int mdpy_open(struct mdev_device *mdev)
{
	return 0;
}

static int mdpy_config_read(struct mdpy *mdpy, char __user *buf,
			    unsigned int offset, size_t len)
{
	u8 bounce[MDPY_CONFIG_SIZE];

	mutex_lock(&mdpy->lock);
	memcpy(bounce, &mdpy->config[offset], len);
	mutex_unlock(&mdpy->lock);
	return copy_to_user(buf, bounce, len) ? -EFAULT : 0;
}

static int mdpy_config_write(struct mdpy *mdpy, const char __user *buf,
			     unsigned int offset, size_t len)
{
	u8 bounce[MDPY_CONFIG_SIZE];
	unsigned int i;
	u8 mask;

	if (copy_from_user(bounce, buf, len))
		return -EFAULT;

	mutex_lock(&mdpy->lock);
	for (i = 0; i < len; i++) {
		mask = mdpy_config_writable(mdpy, offset + i);
		mdpy->config[offset + i] &= ~mask;
		mdpy->config[offset + i] |= bounce[i] & mask;
	}
	mutex_unlock(&mdpy->lock);
	return 0;
}

static ssize_t mdpy_read(struct mdev_device *mdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct mdpy *mdpy = mdev_get_drvdata(mdev);
	u64 offset = *ppos & MDPY_REGION_MASK;
	ssize_t len;
	int ret;

	if (!count)
		return 0;

	len = mdpy_clamp(mdpy, count, *ppos);
	if (len < 0)
		return len;

	if (*ppos >> MDPY_REGION_SHIFT == VFIO_PCI_CONFIG_REGION_INDEX)
		ret = mdpy_config_read(mdpy, buf, offset, len);
	else
		ret = copy_to_user(buf, mdpy->fb + offset, len) ? -EFAULT : 0;
	if (ret)
		return ret;

	*ppos += len;
	return len;
}

static ssize_t mdpy_write(struct mdev_device *mdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct mdpy *mdpy = mdev_get_drvdata(mdev);
	u64 offset = *ppos & MDPY_REGION_MASK;
	ssize_t len;
	int ret;

	if (!count)
		return 0;

	len = mdpy_clamp(mdpy, count, *ppos);
	if (len < 0)
		return len;

	if (*ppos >> MDPY_REGION_SHIFT == VFIO_PCI_CONFIG_REGION_INDEX)
		ret = mdpy_config_write(mdpy, buf, offset, len);
	else
		ret = copy_from_user(mdpy->fb + offset, buf, len) ? -EFAULT : 0;
	if (ret)
		return ret;

	*ppos += len;
	return len;
}

static int mdpy_mmap(struct mdev_device *mdev, struct vm_area_struct *vma)
{
	struct mdpy *mdpy = mdev_get_drvdata(mdev);
	unsigned int shift = MDPY_REGION_SHIFT - PAGE_SHIFT;
	unsigned long region = vma->vm_pgoff >> shift;
	unsigned long pgoff = vma->vm_pgoff & ((1UL << shift) - 1);
	unsigned long pages = mdpy->fb_size >> PAGE_SHIFT;

	if (region != VFIO_PCI_BAR0_REGION_INDEX &&
	    region != MDPY_DISPLAY_REGION)
		return -EINVAL;
	if (pgoff >= pages || vma_pages(vma) > pages - pgoff)
		return -EINVAL;
	/* A private mapping would not show what others draw. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;

	return remap_vmalloc_range(vma, mdpy->fb, pgoff);
}

static long mdpy_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = MDPY_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long mdpy_get_region_info(struct mdpy *mdpy, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= MDPY_NUM_REGIONS)
		return -EINVAL;

	info.size = mdpy_region_size(mdpy, info.index);
	info.flags = 0;
	if (info.size)
		info.flags = VFIO_REGION_INFO_FLAG_READ |
			     VFIO_REGION_INFO_FLAG_WRITE;
	if (info.size && info.index != VFIO_PCI_CONFIG_REGION_INDEX)
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
	info.cap_offset = 0;
	info.offset = (u64)info.index << MDPY_REGION_SHIFT;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* All that PCI knows are there to be asked for, and there are none of them. */
static long mdpy_get_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;

	info.flags = 0;
	info.count = 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* A plane other than the primary one is always off, which is no error. */
static void mdpy_fill_plane(struct mdpy *mdpy,
			    struct vfio_device_gfx_plane_info *plane)
{
	u32 argsz = plane->argsz;
	u32 flags = plane->flags;
	u32 type = plane->drm_plane_type;

	memset(plane, 0, sizeof(*plane));
	plane->argsz = argsz;
	plane->flags = flags;
	plane->drm_plane_type = type;
	if (type != DRM_PLANE_TYPE_PRIMARY)
		return;

	plane->drm_format = DRM_FORMAT_XRGB8888;
	plane->width = mdpy->type->width;
	plane->height = mdpy->type->height;
	plane->stride = mdpy_stride(mdpy);
	plane->size = mdpy->fb_size;
	plane->region_index = MDPY_DISPLAY_REGION;
}

static long mdpy_query_gfx_plane(struct mdpy *mdpy, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_gfx_plane_info,
				   region_index);
	struct vfio_device_gfx_plane_info plane;

	if (copy_from_user(&plane, arg, minsz))
		return -EFAULT;
	if (plane.argsz < minsz)
		return -EINVAL;

	if (plane.flags == (VFIO_GFX_PLANE_TYPE_PROBE |
			    VFIO_GFX_PLANE_TYPE_REGION))
		return 0;
	if (plane.flags != VFIO_GFX_PLANE_TYPE_REGION)
		return -EINVAL;

	mdpy_fill_plane(mdpy, &plane);
	return copy_to_user(arg, &plane, minsz) ? -EFAULT : 0;
}

static long mdpy_device_reset(struct mdpy *mdpy)
{
	mutex_lock(&mdpy->lock);
	mdpy_reset_config(mdpy);
	mutex_unlock(&mdpy->lock);
	mdpy_reset_fb(mdpy);
	return 0;
}

static long mdpy_ioctl(struct mdev_device *mdev, unsigned int cmd,
		       unsigned long arg)
{
	struct mdpy *mdpy = mdev_get_drvdata(mdev);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return mdpy_get_info(uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return mdpy_get_region_info(mdpy, uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return mdpy_get_irq_info(uarg);
	case VFIO_DEVICE_SET_IRQS:
		return -EINVAL;
	case VFIO_DEVICE_QUERY_GFX_PLANE:
		return mdpy_query_gfx_plane(mdpy, uarg);
	case VFIO_DEVICE_RESET:
		return mdpy_device_reset(mdpy);
	default:
		return -ENOTTY;
	}
}

static const struct mdev_vfio_device_ops mdpy_vfio_ops = {
	.open = mdpy_open,
	.read = mdpy_read,
	.write = mdpy_write,
	.ioctl = mdpy_ioctl,
	.mmap = mdpy_mmap,
};

/* ---- the parent --------------------------------------------------------------- */

/*
 * The core ends a type's name in that of its group, which has no dash. There
 * are no groups but those of the table: who is not found before is the last.
 */
static const struct mdpy_type *mdpy_find_type(struct kobject *kobj)
{
	const char *name = strrchr(kobject_name(kobj), '-') + 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mdpy_types) - 1; i++) {
		if (!strcmp(mdpy_types[i].name, name))
			break;
	}
	return &mdpy_types[i];
}

static int mdpy_take_device(void)
{
	int ret = -ENOSPC;

	mutex_lock(&mdpy_devices_lock);
	if (mdpy_devices < mdpy_max_devices) {
		mdpy_devices++;
		ret = 0;
	}
	mutex_unlock(&mdpy_devices_lock);
	return ret;
}

static void mdpy_return_device(void)
{
	mutex_lock(&mdpy_devices_lock);
	mdpy_devices--;
	mutex_unlock(&mdpy_devices_lock);
}

static int mdpy_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct mdpy *mdpy;
	int ret;

	ret = mdpy_take_device();
	if (ret)
		return ret;

	ret = -ENOMEM;
	mdpy = kzalloc(sizeof(*mdpy), GFP_KERNEL);
	if (!mdpy)
		goto return_device;

	mdpy->type = mdpy_find_type(kobj);
	mdpy->fb_size = roundup_pow_of_two(mdpy_stride(mdpy) *
					   mdpy->type->height);
	mdpy->fb = vmalloc_user(mdpy->fb_size);
	if (!mdpy->fb)
		goto free_mdpy;

	mutex_init(&mdpy->lock);
	mdpy_reset_config(mdpy);
	mdpy_reset_fb(mdpy);

	mdev_set_drvdata(mdev, mdpy);
	mdev_set_vfio_ops(mdev, &mdpy_vfio_ops);
	return 0;

free_mdpy:
	kfree(mdpy);
return_device:
	mdpy_return_device();
	return ret;
}

static int mdpy_remove(struct mdev_device *mdev)
{
	struct mdpy *mdpy = mdev_get_drvdata(mdev);

	mdev_set_drvdata(mdev, NULL);
	mutex_destroy(&mdpy->lock);
	vfree(mdpy->fb);
	kfree(mdpy);
	mdpy_return_device();
	return 0;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "%s-%s\n", MDPY_NAME, mdpy_find_type(kobj)->name);
}

static MDEV_TYPE_ATTR_RO(name);

static ssize_t description_show(struct kobject *kobj, struct device *dev,
				char *buf)
{
	const struct mdpy_type *type = mdpy_find_type(kobj);

	return sprintf(buf, "virtual display, %ux%u framebuffer\n",
		       type->width, type->height);
}

static MDEV_TYPE_ATTR_RO(description);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev,
			       char *buf)
{
	return sprintf(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}

static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj,
					struct device *dev, char *buf)
{
	unsigned int available;

	mutex_lock(&mdpy_devices_lock);
	available = mdpy_max_devices - mdpy_devices;
	mutex_unlock(&mdpy_devices_lock);
	return sprintf(buf, "%u\n", available);
}

static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *mdpy_type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_description.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL,
};

static struct attribute_group mdpy_vga_group = {
	.name = "vga",
	.attrs = mdpy_type_attrs,
};

static struct attribute_group mdpy_xga_group = {
	.name = "xga",
	.attrs = mdpy_type_attrs,
};

static struct attribute_group mdpy_hd_group = {
	.name = "hd",
	.attrs = mdpy_type_attrs,
};

static struct attribute_group *mdpy_type_groups[] = {
	&mdpy_vga_group,
	&mdpy_xga_group,
	&mdpy_hd_group,
	NULL,
};

static ssize_t resolution_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct mdpy *mdpy = mdev_get_drvdata(mdev_from_dev(dev));

	return sprintf(buf, "%ux%u\n", mdpy->type->width, mdpy->type->height);
}

static DEVICE_ATTR_RO(resolution);

static struct attribute *mdpy_mdev_attrs[] = {
	&dev_attr_resolution.attr,
	NULL,
};

static const struct attribute_group mdpy_mdev_group = {
	.name = "vendor",
	.attrs = mdpy_mdev_attrs,
};

static const struct attribute_group *mdpy_mdev_groups[] = {
	&mdpy_mdev_group,
	NULL,
};

static const struct mdev_parent_ops mdpy_parent_ops = {
	.owner = THIS_MODULE,
	.mdev_attr_groups = mdpy_mdev_groups,
	.supported_type_groups = mdpy_type_groups,
	.create = mdpy_create,
	.remove = mdpy_remove,
};

/*
 * The parent is made by device_create(), whose release is not in this module:
 * somebody who holds an mdev may keep it alive after the module has gone.
 */
static int __init mdpy_init(void)
{
	int ret;

	mdpy_class = class_create(THIS_MODULE, MDPY_NAME);
	if (IS_ERR(mdpy_class))
		return PTR_ERR(mdpy_class);

	mdpy_parent = device_create(mdpy_class, NULL, MKDEV(0, 0), NULL,
				    MDPY_NAME);
	if (IS_ERR(mdpy_parent)) {
		ret = PTR_ERR(mdpy_parent);
		goto destroy_class;
	}

	ret = mdev_register_device(mdpy_parent, &mdpy_parent_ops);
	if (ret)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(mdpy_parent);
destroy_class:
	class_destroy(mdpy_class);
	return ret;
}

static void __exit mdpy_exit(void)
{
	mdev_unregister_device(mdpy_parent);
	device_unregister(mdpy_parent);
	class_destroy(mdpy_class);
}

module_init(mdpy_init)
module_exit(mdpy_exit)

MODULE_DESCRIPTION("Sample mediated devices: PCI displays with a framebuffer");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
