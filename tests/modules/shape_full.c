// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver that uses all there is, in the shape of the i915 driver: six
 * ops in a const table declared ahead, parent ops without owner, the class set
 * last in create(), types built when the module is loaded, and access to the
 * guest's memory by pinned pages, which are let go when the guest unmaps them.
 *
 * A file position is a region's number, shifted by 40, and an offset. BAR 2 is
 * the aperture: memory that is read, written and mapped. BAR 0 has registers
 * of eight bytes:
 *
 *	0x00	written a guest page number: pin it
 *	0x08	written a guest page number: unpin it
 *	0x10	the guest page number that DATA is about
 *	0x18	DATA: the first eight bytes of that page, -ENXIO if it is not pinned
 *	0x20	how many pages are pinned
 *	0x28	how many unmap notices came
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/highmem.h>
#include <linux/iommu.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

#define REGION_SHIFT	40
#define REGION_MASK	((1ULL << REGION_SHIFT) - 1)
#define REGISTERS	VFIO_PCI_BAR0_REGION_INDEX
#define APERTURE	VFIO_PCI_BAR2_REGION_INDEX
#define REGISTERS_SIZE	0x30
#define APERTURE_SIZE	(4 * PAGE_SIZE)
#define MAX_PINS	16
#define MAX_TYPES	8
#define MAX_VGPUS	8

enum { REG_PIN, REG_UNPIN, REG_PAGE, REG_DATA, REG_PINNED, REG_NOTICES };

static unsigned int types = 3;
module_param(types, uint, 0444);
MODULE_PARM_DESC(types, "number of types to build");

static bool writable = true;
module_param(writable, bool, 0444);
MODULE_PARM_DESC(writable, "pin pages for writing too");

static const struct mdev_vfio_device_ops full_ops;

struct pin {
	unsigned long gfn;	/* of the guest */
	unsigned long pfn;	/* of the host */
};

struct vgpu {
	struct mdev_device *mdev;
	struct notifier_block unmap;
	void *aperture;

	struct mutex lock;	/* guards what follows; taken in the unmap notice */
	struct pin pins[MAX_PINS];
	unsigned int n_pins;
	unsigned long gfn;
	unsigned long notices;
};

static DEFINE_MUTEX(vgpus_lock);
static unsigned int vgpus;

/* ---- guest pages ----------------------------------------------------- */

static struct pin *find_pin(struct vgpu *vgpu, unsigned long gfn)
{
	unsigned int i;

	for (i = 0; i < vgpu->n_pins; i++)
		if (vgpu->pins[i].gfn == gfn)
			return &vgpu->pins[i];
	return NULL;
}

/* Its place is taken by the last one. */
static void drop_pin(struct vgpu *vgpu, struct pin *pin)
{
	WARN_ON(vfio_unpin_pages(mdev_dev(vgpu->mdev), &pin->gfn, 1) != 1);
	*pin = vgpu->pins[--vgpu->n_pins];
}

static int pin_guest_page(struct vgpu *vgpu, unsigned long gfn)
{
	struct pin pin = { .gfn = gfn };
	int ret;

	if (find_pin(vgpu, gfn))
		return -EEXIST;
	if (vgpu->n_pins == MAX_PINS)
		return -ENOSPC;
	ret = vfio_pin_pages(mdev_dev(vgpu->mdev), &pin.gfn, 1,
			     IOMMU_READ | (writable ? IOMMU_WRITE : 0), &pin.pfn);
	if (ret != 1)
		return ret < 0 ? ret : -EINVAL;
	vgpu->pins[vgpu->n_pins++] = pin;
	return 0;
}

static int unpin_guest_page(struct vgpu *vgpu, unsigned long gfn)
{
	struct pin *pin = find_pin(vgpu, gfn);

	if (!pin)
		return -ENXIO;
	drop_pin(vgpu, pin);
	return 0;
}

/* *@value is read from the page, or written to it. */
static int access_guest_page(struct vgpu *vgpu, u64 *value, bool write)
{
	struct pin *pin = find_pin(vgpu, vgpu->gfn);
	void *page;

	if (!pin)
		return -ENXIO;
	page = kmap_local_page(pfn_to_page(pin->pfn));
	if (write)
		memcpy(page, value, sizeof(*value));
	else
		memcpy(value, page, sizeof(*value));
	kunmap_local(page);
	return 0;
}

static int unmap_notice(struct notifier_block *nb, unsigned long action, void *data)
{
	struct vgpu *vgpu = container_of(nb, struct vgpu, unmap);
	struct vfio_iommu_type1_dma_unmap *unmap = data;
	unsigned long first = unmap->iova >> PAGE_SHIFT, n = unmap->size >> PAGE_SHIFT;
	unsigned int i;

	if (action != VFIO_IOMMU_NOTIFY_DMA_UNMAP)
		return NOTIFY_DONE;
	mutex_lock(&vgpu->lock);
	vgpu->notices++;
	for (i = vgpu->n_pins; i--; )
		if (vgpu->pins[i].gfn >= first && vgpu->pins[i].gfn - first < n)
			drop_pin(vgpu, &vgpu->pins[i]);
	mutex_unlock(&vgpu->lock);
	return NOTIFY_OK;
}

/* ---- open and release ------------------------------------------------ */

static int full_open(struct mdev_device *mdev)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);
	unsigned long events = VFIO_IOMMU_NOTIFY_DMA_UNMAP;

	vgpu->unmap.notifier_call = unmap_notice;
	return vfio_register_notifier(mdev_dev(mdev), VFIO_IOMMU_NOTIFY, &events, &vgpu->unmap);
}

static void full_release(struct mdev_device *mdev)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);

	WARN_ON(vfio_unregister_notifier(mdev_dev(mdev), VFIO_IOMMU_NOTIFY, &vgpu->unmap));
	mutex_lock(&vgpu->lock);
	while (vgpu->n_pins)
		drop_pin(vgpu, &vgpu->pins[vgpu->n_pins - 1]);
	mutex_unlock(&vgpu->lock);
}

/* ---- regions --------------------------------------------------------- */

static u64 region_size(u64 region)
{
	if (region == REGISTERS)
		return REGISTERS_SIZE;
	return region == APERTURE ? APERTURE_SIZE : 0;
}

/* How much of @count at @pos is in a region, or -EINVAL. */
static ssize_t clamp_transfer(size_t count, u64 pos)
{
	u64 size = region_size(pos >> REGION_SHIFT), offset = pos & REGION_MASK;

	if (!count)
		return 0;
	if (offset >= size)
		return -EINVAL;
	return min_t(u64, count, size - offset);
}

static int read_register(struct vgpu *vgpu, unsigned int reg, u64 *value)
{
	int ret = 0;

	*value = 0;
	mutex_lock(&vgpu->lock);
	switch (reg) {
	case REG_PAGE:
		*value = vgpu->gfn;
		break;
	case REG_DATA:
		ret = access_guest_page(vgpu, value, false);
		break;
	case REG_PINNED:
		*value = vgpu->n_pins;
		break;
	case REG_NOTICES:
		*value = vgpu->notices;
		break;
	}
	mutex_unlock(&vgpu->lock);
	return ret;
}

/*
 * VFIO's lock of mappings is taken inside the lock here, and the unmap notice
 * takes the lock here: VFIO has let go of its own by then.
 */
static int write_register(struct vgpu *vgpu, unsigned int reg, u64 value)
{
	int ret = 0;

	mutex_lock(&vgpu->lock);
	switch (reg) {
	case REG_PIN:
		ret = pin_guest_page(vgpu, value);
		break;
	case REG_UNPIN:
		ret = unpin_guest_page(vgpu, value);
		break;
	case REG_PAGE:
		vgpu->gfn = value;
		break;
	case REG_DATA:
		ret = access_guest_page(vgpu, &value, true);
		break;
	}
	mutex_unlock(&vgpu->lock);
	return ret;
}

static bool is_register(size_t count, u64 offset)
{
	return count == sizeof(u64) && !(offset % sizeof(u64));
}

static ssize_t full_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);
	u64 offset = *ppos & REGION_MASK, value;
	ssize_t len = clamp_transfer(count, *ppos);
	int ret;

	if (len <= 0)
		return len;
	if (*ppos >> REGION_SHIFT == APERTURE) {
		if (copy_to_user(buf, vgpu->aperture + offset, len))
			return -EFAULT;
	} else {
		if (!is_register(len, offset))
			return -EINVAL;
		ret = read_register(vgpu, offset / sizeof(u64), &value);
		if (ret)
			return ret;
		if (copy_to_user(buf, &value, sizeof(value)))
			return -EFAULT;
	}
	*ppos += len;
	return len;
}

static ssize_t full_write(struct mdev_device *mdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);
	u64 offset = *ppos & REGION_MASK, value;
	ssize_t len = clamp_transfer(count, *ppos);
	int ret;

	if (len <= 0)
		return len;
	if (*ppos >> REGION_SHIFT == APERTURE) {
		if (copy_from_user(vgpu->aperture + offset, buf, len))
			return -EFAULT;
	} else {
		if (!is_register(len, offset))
			return -EINVAL;
		if (copy_from_user(&value, buf, sizeof(value)))
			return -EFAULT;
		ret = write_register(vgpu, offset / sizeof(u64), value);
		if (ret)
			return ret;
	}
	*ppos += len;
	return len;
}

static int full_mmap(struct mdev_device *mdev, struct vm_area_struct *vma)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);
	u64 pos = (u64)vma->vm_pgoff << PAGE_SHIFT, offset = pos & REGION_MASK;
	u64 size = vma->vm_end - vma->vm_start;

	if (pos >> REGION_SHIFT != APERTURE || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (offset >= APERTURE_SIZE || size > APERTURE_SIZE - offset)
		return -EINVAL;
	return remap_vmalloc_range(vma, vgpu->aperture, offset >> PAGE_SHIFT);
}

/* ---- ioctls ---------------------------------------------------------- */

static long get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long get_region_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info.size = region_size(info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	if (info.index == APERTURE)
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
	info.cap_offset = 0;
	info.offset = (u64)info.index << REGION_SHIFT;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long full_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info((void __user *)arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return get_region_info((void __user *)arg);
	case VFIO_DEVICE_RESET:
		memset(vgpu->aperture, 0, APERTURE_SIZE);
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct mdev_vfio_device_ops full_ops = {
	.open = full_open,
	.release = full_release,
	.read = full_read,
	.write = full_write,
	.ioctl = full_ioctl,
	.mmap = full_mmap,
};

/* ---- the parent's ops ------------------------------------------------ */

static int take_vgpu(void)
{
	int ret = -ENOSPC;

	mutex_lock(&vgpus_lock);
	if (vgpus < MAX_VGPUS) {
		vgpus++;
		ret = 0;
	}
	mutex_unlock(&vgpus_lock);
	return ret;
}

static void return_vgpu(void)
{
	mutex_lock(&vgpus_lock);
	vgpus--;
	mutex_unlock(&vgpus_lock);
}

static int full_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct vgpu *vgpu;
	int ret;

	ret = take_vgpu();
	if (ret)
		return ret;
	ret = -ENOMEM;
	vgpu = kzalloc(sizeof(*vgpu), GFP_KERNEL);
	if (!vgpu)
		goto return_vgpu;
	vgpu->aperture = vmalloc_user(APERTURE_SIZE);
	if (!vgpu->aperture)
		goto free_vgpu;
	mutex_init(&vgpu->lock);
	vgpu->mdev = mdev;
	mdev_set_drvdata(mdev, vgpu);
	mdev_set_vfio_ops(mdev, &full_ops);
	return 0;

free_vgpu:
	kfree(vgpu);
return_vgpu:
	return_vgpu();
	return ret;
}

static int full_remove(struct mdev_device *mdev)
{
	struct vgpu *vgpu = mdev_get_drvdata(mdev);

	mdev_set_drvdata(mdev, NULL);
	mutex_destroy(&vgpu->lock);
	vfree(vgpu->aperture);
	kfree(vgpu);
	return_vgpu();
	return 0;
}

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}
static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj, struct device *dev, char *buf)
{
	unsigned int left;

	mutex_lock(&vgpus_lock);
	left = MAX_VGPUS - vgpus;
	mutex_unlock(&vgpus_lock);
	return sysfs_emit(buf, "%u\n", left);
}
static MDEV_TYPE_ATTR_RO(available_instances);

static ssize_t description_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "aperture: %lu bytes\n", (unsigned long)APERTURE_SIZE);
}
static MDEV_TYPE_ATTR_RO(description);

static struct attribute *type_attrs[] = {
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	&mdev_type_attr_description.attr,
	NULL
};

static struct attribute_group *type_groups[MAX_TYPES + 1];

static struct mdev_parent_ops parent_ops = {
	.supported_type_groups = type_groups,
	.create = full_create,
	.remove = full_remove,
};

/* ---- types ----------------------------------------------------------- */

static void free_types(void)
{
	unsigned int i;

	for (i = 0; i < MAX_TYPES; i++) {
		if (!type_groups[i])
			continue;
		kfree(type_groups[i]->name);
		kfree(type_groups[i]);
		type_groups[i] = NULL;
	}
}

static int build_types(void)
{
	struct attribute_group *group;
	unsigned int i;

	for (i = 0; i < types && i < MAX_TYPES; i++) {
		group = kzalloc(sizeof(*group), GFP_KERNEL);
		if (!group)
			goto free_types;
		type_groups[i] = group;
		group->attrs = type_attrs;
		group->name = kasprintf(GFP_KERNEL, "V5_%u", 1 << i);
		if (!group->name)
			goto free_types;
	}
	return 0;

free_types:
	free_types();
	return -ENOMEM;
}

/* ---- module ---------------------------------------------------------- */

static struct class *shape_class;
static struct device *parent;

static int __init shape_full_init(void)
{
	int ret;

	ret = build_types();
	if (ret)
		return ret;
	shape_class = class_create(THIS_MODULE, "shape_full");
	if (IS_ERR(shape_class)) {
		ret = PTR_ERR(shape_class);
		goto free_types;
	}
	parent = device_create(shape_class, NULL, MKDEV(0, 0), NULL, "gpu");
	if (IS_ERR(parent)) {
		ret = PTR_ERR(parent);
		goto destroy_class;
	}
	ret = mdev_register_device(parent, &parent_ops);
	if (ret)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(parent);
destroy_class:
	class_destroy(shape_class);
free_types:
	free_types();
	return ret;
}

static void __exit shape_full_exit(void)
{
	mdev_unregister_device(parent);
	device_unregister(parent);
	class_destroy(shape_class);
	free_types();
}

module_init(shape_full_init);
module_exit(shape_full_exit);
MODULE_DESCRIPTION("Vendor driver with all ops and pinned guest pages");
MODULE_LICENSE("GPL v2");
