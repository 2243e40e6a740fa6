// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers of PCI devices: which one serves a device, by its table, by ids that a
 * user has added, or by the device's override; probe, remove and shutdown.
 *
 * Left out: power management, NUMA, DMA by others than the driver.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "drivers/pci/pci.h"

struct pci_dynid {
	struct list_head node;
	struct pci_device_id id;
};

/* ---- matching ----------------------------------------------------------------------- */

static bool has_number(u32 wanted, u32 has)
{
	return wanted == (u32)PCI_ANY_ID || wanted == has;
}

static bool match_one(const struct pci_device_id *id, const struct pci_dev *pdev)
{
	return has_number(id->vendor, pdev->vendor) && has_number(id->device, pdev->device) &&
	       has_number(id->subvendor, pdev->subsystem_vendor) &&
	       has_number(id->subdevice, pdev->subsystem_device) &&
	       !((id->class ^ pdev->class) & id->class_mask);
}

static bool is_last(const struct pci_device_id *id)
{
	return !id->vendor && !id->subvendor && !id->class_mask;
}

/* @overridden: entries count that are for such devices only. */
static const struct pci_device_id *match_table(const struct pci_device_id *id,
					       const struct pci_dev *pdev, bool overridden)
{
	for (; id && !is_last(id); id++)
		if (match_one(id, pdev) && (overridden || !id->override_only))
			return id;
	return NULL;
}

/**
 * pci_match_id() - the entry of a table that a device has
 * @ids: the table, ended by zeroes, or NULL
 * @dev: the device
 *
 * Return: the entry, or NULL.
 */
const struct pci_device_id *pci_match_id(const struct pci_device_id *ids, struct pci_dev *dev)
{
	return match_table(ids, dev, true);
}
EXPORT_SYMBOL(pci_match_id);

static const struct pci_device_id any_id = {
	.vendor = PCI_ANY_ID, .device = PCI_ANY_ID,
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID,
};

/* Ids that a user has added come first. */
static const struct pci_device_id *match_dynamic(struct pci_driver *drv,
						 const struct pci_dev *pdev)
{
	const struct pci_device_id *found = NULL;
	struct pci_dynid *dynid;

	spin_lock(&drv->dynids.lock);
	list_for_each_entry(dynid, &drv->dynids.list, node) {
		if (!match_one(&dynid->id, pdev))
			continue;
		found = &dynid->id;
		break;
	}
	spin_unlock(&drv->dynids.lock);
	return found;
}

static const struct pci_device_id *match_device(struct pci_driver *drv, struct pci_dev *pdev)
{
	const struct pci_device_id *found;

	if (pdev->driver_override && strcmp(pdev->driver_override, drv->name))
		return NULL;
	found = match_dynamic(drv, pdev);
	if (!found)
		found = match_table(drv->id_table, pdev, pdev->driver_override);
	/* who is asked for by name serves anything */
	return found || !pdev->driver_override ? found : &any_id;
}

static int pci_bus_match(struct device *dev, struct device_driver *drv)
{
	return !!match_device(to_pci_driver(drv), to_pci_dev(dev));
}

/* ---- ids that a user adds -------------------------------------------------------------- */

/**
 * pci_add_dynid() - have a driver serve one more sort of devices, and probe them
 * @drv:         registered
 * @vendor:      or PCI_ANY_ID, as the next three
 * @device:      as @vendor
 * @subvendor:   as @vendor
 * @subdevice:   as @vendor
 * @class:       base, sub and interface
 * @class_mask:  bits of it that count
 * @driver_data: for its probe
 *
 * Context: may sleep; probes.
 * Return: 0, -ENOMEM.
 */
int pci_add_dynid(struct pci_driver *drv, unsigned int vendor, unsigned int device,
		  unsigned int subvendor, unsigned int subdevice, unsigned int class,
		  unsigned int class_mask, unsigned long driver_data)
{
	struct pci_dynid *dynid = kzalloc(sizeof(*dynid), GFP_KERNEL);

	if (!dynid)
		return -ENOMEM;
	dynid->id = (struct pci_device_id){
		.vendor = vendor, .device = device, .subvendor = subvendor,
		.subdevice = subdevice, .class = class, .class_mask = class_mask,
		.driver_data = driver_data,
	};
	spin_lock(&drv->dynids.lock);
	list_add_tail(&dynid->node, &drv->dynids.list);
	spin_unlock(&drv->dynids.lock);
	return driver_attach(&drv->driver);
}
EXPORT_SYMBOL_GPL(pci_add_dynid);

static void free_dynids(struct pci_driver *drv)
{
	struct pci_dynid *dynid, *next;

	spin_lock(&drv->dynids.lock);
	list_for_each_entry_safe(dynid, next, &drv->dynids.list, node) {
		list_del(&dynid->node);
		kfree(dynid);
	}
	spin_unlock(&drv->dynids.lock);
}

/* One of the driver's own numbers for its probe. */
static bool has_data(const struct pci_device_id *id, unsigned long data)
{
	if (!id)
		return true;
	for (; !is_last(id); id++)
		if (id->driver_data == data)
			return true;
	return false;
}

static ssize_t new_id_store(struct device_driver *driver, const char *buf, size_t count)
{
	u32 vendor, device, subvendor = PCI_ANY_ID, subdevice = PCI_ANY_ID;
	u32 class = 0, class_mask = 0;
	struct pci_driver *drv = to_pci_driver(driver);
	unsigned long data = 0;
	int fields, err;

	fields = sscanf(buf, "%x %x %x %x %x %x %lx", &vendor, &device, &subvendor, &subdevice,
			&class, &class_mask, &data);
	if (fields < 2)
		return -EINVAL;
	if (fields != 7) {
		const struct pci_dev pdev = {
			.vendor = vendor, .device = device, .subsystem_vendor = subvendor,
			.subsystem_device = subdevice, .class = class,
		};

		if (match_table(drv->id_table, &pdev, false))
			return -EEXIST;
	}
	if (!has_data(drv->id_table, data))
		return -EINVAL;
	err = pci_add_dynid(drv, vendor, device, subvendor, subdevice, class, class_mask, data);
	return err ?: count;
}
static DRIVER_ATTR_WO(new_id);

static ssize_t remove_id_store(struct device_driver *driver, const char *buf, size_t count)
{
	u32 vendor, device, subvendor = PCI_ANY_ID, subdevice = PCI_ANY_ID;
	u32 class = 0, class_mask = 0;
	struct pci_driver *drv = to_pci_driver(driver);
	struct pci_dynid *dynid, *next;
	ssize_t ret = -ENODEV;

	if (sscanf(buf, "%x %x %x %x %x %x", &vendor, &device, &subvendor, &subdevice, &class,
		   &class_mask) < 2)
		return -EINVAL;
	spin_lock(&drv->dynids.lock);
	list_for_each_entry_safe(dynid, next, &drv->dynids.list, node) {
		const struct pci_device_id *id = &dynid->id;

		if (id->vendor != vendor || id->device != device ||
		    (subvendor != (u32)PCI_ANY_ID && id->subvendor != subvendor) ||
		    (subdevice != (u32)PCI_ANY_ID && id->subdevice != subdevice) ||
		    (id->class ^ class) & class_mask)
			continue;
		list_del(&dynid->node);
		kfree(dynid);
		ret = count;
		break;
	}
	spin_unlock(&drv->dynids.lock);
	return ret;
}
static DRIVER_ATTR_WO(remove_id);

static struct attribute *pci_drv_attrs[] = {
	&driver_attr_new_id.attr,
	&driver_attr_remove_id.attr,
	NULL,
};
ATTRIBUTE_GROUPS(pci_drv);

/* ---- probe and remove -------------------------------------------------------------------- */

static int pci_device_probe(struct device *dev)
{
	struct pci_driver *drv = to_pci_driver(dev->driver);
	struct pci_dev *pdev = to_pci_dev(dev);
	const struct pci_device_id *id;
	int ret;

	if (!drv->probe)
		return 0;
	id = match_device(drv, pdev);
	if (!id)
		return -ENODEV;
	pci_dev_get(pdev);
	pdev->driver = drv;
	ret = drv->probe(pdev, id);
	if (ret > 0) {
		pci_warn(pdev, "Driver probe function unexpectedly returned %d\n", ret);
		ret = 0;
	}
	if (ret < 0) {
		pdev->driver = NULL;
		pci_dev_put(pdev);
	}
	return ret;
}

static void pci_device_remove(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct pci_driver *drv = pdev->driver;

	if (!drv)
		return;
	if (drv->remove)
		drv->remove(pdev);
	pdev->driver = NULL;
	if (pdev->current_state == PCI_D0)
		WRITE_ONCE(pdev->current_state, PCI_UNKNOWN);
	pci_dev_put(pdev);
}

static void pci_device_shutdown(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);

	if (pdev->driver && pdev->driver->shutdown)
		pdev->driver->shutdown(pdev);
}

static int pci_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	const struct pci_dev *pdev = to_pci_dev(dev);

	if (add_uevent_var(env, "PCI_CLASS=%04X", pdev->class) ||
	    add_uevent_var(env, "PCI_ID=%04X:%04X", pdev->vendor, pdev->device) ||
	    add_uevent_var(env, "PCI_SUBSYS_ID=%04X:%04X", pdev->subsystem_vendor,
			   pdev->subsystem_device) ||
	    add_uevent_var(env, "PCI_SLOT_NAME=%s", pci_name(pdev)) ||
	    add_uevent_var(env, "MODALIAS=pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
			   pdev->vendor, pdev->device, pdev->subsystem_vendor,
			   pdev->subsystem_device, (u8)(pdev->class >> 16),
			   (u8)(pdev->class >> 8), (u8)pdev->class))
		return -ENOMEM;
	return 0;
}

static int um_pci_uevent(struct device *dev, struct kobj_uevent_env *env)
{
	return pci_uevent(dev, env);
}

struct bus_type pci_bus_type = {
	.name = "pci",
	.match = pci_bus_match,
	.uevent = um_pci_uevent,
	.probe = pci_device_probe,
	.remove = pci_device_remove,
	.shutdown = pci_device_shutdown,
	.bus_groups = pci_bus_groups,
	.drv_groups = pci_drv_groups,
};
EXPORT_SYMBOL(pci_bus_type);

static int pci_driver_init(void)
{
	return bus_register(&pci_bus_type);
}
arch_initcall(pci_driver_init);

/**
 * __pci_register_driver() - register a driver, which is asked for each device; called
 *	as pci_register_driver()
 * @drv:      stays the caller's, until pci_unregister_driver()
 * @owner:    its module
 * @mod_name: that one's name
 *
 * Context: may sleep; probes.
 * Return: 0, also when no device is there; or the error of registering it.
 */
int __pci_register_driver(struct pci_driver *drv, struct module *owner, const char *mod_name)
{
	drv->driver.name = drv->name;
	drv->driver.bus = &pci_bus_type;
	drv->driver.owner = owner;
	drv->driver.mod_name = mod_name;
	drv->driver.groups = drv->groups;
	drv->driver.dev_groups = drv->dev_groups;
	spin_lock_init(&drv->dynids.lock);
	INIT_LIST_HEAD(&drv->dynids.list);
	return driver_register(&drv->driver);
}
EXPORT_SYMBOL(__pci_register_driver);

/**
 * pci_unregister_driver() - undo pci_register_driver(): remove() for each device
 * @drv: the driver
 *
 * Context: may sleep.
 */
void pci_unregister_driver(struct pci_driver *drv)
{
	driver_unregister(&drv->driver);
	free_dynids(drv);
}
EXPORT_SYMBOL(pci_unregister_driver);

/**
 * pci_dev_driver() - the driver of a device
 * @dev: the device
 *
 * Return: the driver, or NULL.
 */
struct pci_driver *pci_dev_driver(const struct pci_dev *dev)
{
	return dev->driver;
}
EXPORT_SYMBOL(pci_dev_driver);

/**
 * pci_dev_get() - take a reference on a device
 * @dev: the device, or NULL
 *
 * Return: @dev.
 */
struct pci_dev *pci_dev_get(struct pci_dev *dev)
{
	if (dev)
		get_device(&dev->dev);
	return dev;
}
EXPORT_SYMBOL(pci_dev_get);

/**
 * pci_dev_put() - put a reference on a device
 * @dev: the device, or NULL
 */
void pci_dev_put(struct pci_dev *dev)
{
	if (dev)
		put_device(&dev->dev);
}
EXPORT_SYMBOL(pci_dev_put);
