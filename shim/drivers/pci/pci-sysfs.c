// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a PCI device and of the bus. Left out: those of its link, its NUMA node,
 * its ROM, its VPD, resets, and resourceN, which are there to be mapped.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "drivers/base/base.h"
#include "drivers/pci/pci.h"

#define PCI_ATTR(field, format)						\
static ssize_t field##_show(struct device *dev, struct device_attribute *attr, char *buf) \
{									\
	return sysfs_emit(buf, format, to_pci_dev(dev)->field);		\
}									\
static DEVICE_ATTR_RO(field)

PCI_ATTR(vendor, "0x%04x\n");
PCI_ATTR(device, "0x%04x\n");
PCI_ATTR(subsystem_vendor, "0x%04x\n");
PCI_ATTR(subsystem_device, "0x%04x\n");
PCI_ATTR(revision, "0x%02x\n");
PCI_ATTR(class, "0x%06x\n");

static ssize_t irq_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	unsigned int irq;

	/* a driver's, which has them from its probe on */
	device_lock(dev);
	irq = pdev->msi_enabled ? pci_irq_vector(pdev, 0) : pdev->irq;
	device_unlock(dev);
	return sysfs_emit(buf, "%u\n", irq);
}
static DEVICE_ATTR_RO(irq);

static ssize_t power_state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const char *const names[] = {
		"D0", "D1", "D2", "D3hot", "D3cold", "unknown",
	};

	return sysfs_emit(buf, "%s\n",
			  names[(__force int)READ_ONCE(to_pci_dev(dev)->current_state)]);
}
static DEVICE_ATTR_RO(power_state);

static ssize_t resource_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < PCI_NUM_RESOURCES; i++)
		len += sysfs_emit_at(buf, len, "0x%016llx 0x%016llx 0x%016llx\n",
				     (unsigned long long)pdev->resource[i].start,
				     (unsigned long long)pdev->resource[i].end,
				     (unsigned long long)pdev->resource[i].flags);
	return len;
}
static DEVICE_ATTR_RO(resource);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct pci_dev *pdev = to_pci_dev(dev);

	return sysfs_emit(buf, "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n", pdev->vendor,
			  pdev->device, pdev->subsystem_vendor, pdev->subsystem_device,
			  (u8)(pdev->class >> 16), (u8)(pdev->class >> 8), (u8)pdev->class);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t enable_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", atomic_read(&to_pci_dev(dev)->enable_cnt));
}

/* For a device without a driver. */
static ssize_t enable_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	unsigned long val;
	ssize_t ret = 0;

	if (kstrtoul(buf, 0, &val) < 0)
		return -EINVAL;
	device_lock(dev);
	if (dev->driver)
		ret = -EBUSY;
	else if (val)
		ret = pci_enable_device(pdev);
	else if (pci_is_enabled(pdev))
		pci_disable_device(pdev);
	else
		ret = -EIO;
	device_unlock(dev);
	return ret < 0 ? ret : count;
}
static DEVICE_ATTR_RW(enable);

static ssize_t broken_parity_status_show(struct device *dev, struct device_attribute *attr,
					 char *buf)
{
	return sysfs_emit(buf, "%u\n", to_pci_dev(dev)->broken_parity_status);
}

static ssize_t broken_parity_status_store(struct device *dev, struct device_attribute *attr,
					  const char *buf, size_t count)
{
	unsigned long val;

	if (kstrtoul(buf, 0, &val) < 0)
		return -EINVAL;
	/* it shares a word with what the driver writes */
	device_lock(dev);
	to_pci_dev(dev)->broken_parity_status = !!val;
	device_unlock(dev);
	return count;
}
static DEVICE_ATTR_RW(broken_parity_status);

static ssize_t msi_bus_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", !to_pci_dev(dev)->no_msi);
}

static ssize_t msi_bus_store(struct device *dev, struct device_attribute *attr, const char *buf,
			     size_t count)
{
	unsigned long val;

	if (kstrtoul(buf, 0, &val) < 0)
		return -EINVAL;
	device_lock(dev);
	to_pci_dev(dev)->no_msi = !val;
	device_unlock(dev);
	return count;
}
static DEVICE_ATTR_RW(msi_bus);

static ssize_t driver_override_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	ssize_t len;

	device_lock(dev);
	len = sysfs_emit(buf, "%s\n", to_pci_dev(dev)->driver_override);
	device_unlock(dev);
	return len;
}

static ssize_t driver_override_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	int err = driver_set_override(dev, &to_pci_dev(dev)->driver_override, buf, count);

	return err ?: count;
}
static DEVICE_ATTR_RW(driver_override);

/* The file goes with its device. */
static ssize_t remove_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	unsigned long val;

	if (kstrtoul(buf, 0, &val) < 0)
		return -EINVAL;
	if (val && device_remove_file_self(dev, attr))
		pci_stop_and_remove_bus_device_locked(to_pci_dev(dev));
	return count;
}
static DEVICE_ATTR_IGNORE_LOCKDEP(remove, 0220, NULL, remove_store);

static void rescan(void)
{
	pci_lock_rescan_remove();
	pci_rescan_bus(&um_pci_root_bus);
	pci_unlock_rescan_remove();
}

static ssize_t rescan_store(struct bus_type *bus, const char *buf, size_t count)
{
	unsigned long val;

	if (kstrtoul(buf, 0, &val) < 0)
		return -EINVAL;
	if (val)
		rescan();
	return count;
}
static BUS_ATTR_WO(rescan);

static ssize_t dev_rescan_store(struct device *dev, struct device_attribute *attr,
				const char *buf, size_t count)
{
	unsigned long val;

	if (kstrtoul(buf, 0, &val) < 0)
		return -EINVAL;
	if (val)
		rescan();
	return count;
}
static struct device_attribute dev_attr_dev_rescan = __ATTR(rescan, 0200, NULL, dev_rescan_store);

static struct attribute *pci_bus_attrs[] = {
	&bus_attr_rescan.attr,
	NULL,
};
static const struct attribute_group pci_bus_group = { .attrs = pci_bus_attrs };
const struct attribute_group *pci_bus_groups[] = { &pci_bus_group, NULL };

static struct attribute *pci_dev_attrs[] = {
	&dev_attr_power_state.attr,
	&dev_attr_resource.attr,
	&dev_attr_vendor.attr,
	&dev_attr_device.attr,
	&dev_attr_subsystem_vendor.attr,
	&dev_attr_subsystem_device.attr,
	&dev_attr_revision.attr,
	&dev_attr_class.attr,
	&dev_attr_irq.attr,
	&dev_attr_modalias.attr,
	&dev_attr_enable.attr,
	&dev_attr_broken_parity_status.attr,
	&dev_attr_msi_bus.attr,
	&dev_attr_driver_override.attr,
	&dev_attr_remove.attr,
	&dev_attr_dev_rescan.attr,
	NULL,
};
static const struct attribute_group pci_dev_group = { .attrs = pci_dev_attrs };
const struct attribute_group *pci_dev_groups[] = { &pci_dev_group, NULL };

/* ---- config space ---------------------------------------------------------------------- */

static ssize_t config_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			   char *buf, loff_t off, size_t count)
{
	struct pci_dev *pdev = to_pci_dev(kobj_to_dev(kobj));
	size_t i;

	if (off > pdev->cfg_size)
		return 0;
	count = min_t(size_t, count, pdev->cfg_size - off);
	for (i = 0; i < count; i++)
		pci_read_config_byte(pdev, off + i, (u8 *)buf + i);
	return count;
}

static ssize_t config_write(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			    char *buf, loff_t off, size_t count)
{
	struct pci_dev *pdev = to_pci_dev(kobj_to_dev(kobj));
	size_t i;

	if (off > pdev->cfg_size)
		return 0;
	count = min_t(size_t, count, pdev->cfg_size - off);
	for (i = 0; i < count; i++)
		pci_write_config_byte(pdev, off + i, buf[i]);
	return count;
}

static struct bin_attribute config_attr[2] = {
	{ .attr = { .name = "config", .mode = 0644 }, .size = PCI_CFG_SPACE_SIZE,
	  .read = config_read, .write = config_write },
	{ .attr = { .name = "config", .mode = 0644 }, .size = PCI_CFG_SPACE_EXP_SIZE,
	  .read = config_read, .write = config_write },
};

int pci_create_sysfs_dev_files(struct pci_dev *pdev)
{
	return sysfs_create_bin_file(&pdev->dev.kobj,
				     &config_attr[pdev->cfg_size > PCI_CFG_SPACE_SIZE]);
}

void pci_remove_sysfs_dev_files(struct pci_dev *pdev)
{
	sysfs_remove_bin_file(&pdev->dev.kobj,
			      &config_attr[pdev->cfg_size > PCI_CFG_SPACE_SIZE]);
}
