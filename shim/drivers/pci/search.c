// SPDX-License-Identifier: GPL-2.0-only
/* Looking for devices. Each that is found has a reference for the caller. */
#include <linux/export.h>

#include "drivers/pci/pci.h"

static bool id_matches(unsigned int wanted, unsigned int has)
{
	return wanted == (unsigned int)PCI_ANY_ID || wanted == has;
}

static int match_id(struct device *dev, const void *data)
{
	const struct pci_dev *pdev = to_pci_dev(dev);
	const struct pci_device_id *id = data;

	return id_matches(id->vendor, pdev->vendor) && id_matches(id->device, pdev->device) &&
	       id_matches(id->subvendor, pdev->subsystem_vendor) &&
	       id_matches(id->subdevice, pdev->subsystem_device) &&
	       !((id->class ^ pdev->class) & id->class_mask);
}

static struct pci_dev *get_by_id(const struct pci_device_id *id, struct pci_dev *from)
{
	struct device *dev;

	might_sleep();
	dev = bus_find_device(&pci_bus_type, from ? &from->dev : NULL, id, match_id);
	pci_dev_put(from);
	return dev ? to_pci_dev(dev) : NULL;
}

/**
 * pci_get_subsys() - the next device with these numbers
 * @vendor:    or PCI_ANY_ID, as the others
 * @device:    as @vendor
 * @ss_vendor: as @vendor
 * @ss_device: as @vendor
 * @from:      the one before, whose reference is put; NULL: the first
 *
 * Context: may sleep.
 * Return: the device with a reference for the caller, or NULL.
 */
struct pci_dev *pci_get_subsys(unsigned int vendor, unsigned int device, unsigned int ss_vendor,
			       unsigned int ss_device, struct pci_dev *from)
{
	struct pci_device_id id = {
		.vendor = vendor, .device = device, .subvendor = ss_vendor,
		.subdevice = ss_device,
	};

	return get_by_id(&id, from);
}
EXPORT_SYMBOL(pci_get_subsys);

/**
 * pci_get_device() - the next device with these numbers
 * @vendor: or PCI_ANY_ID
 * @device: or PCI_ANY_ID
 * @from:   the one before, whose reference is put; NULL: the first
 *
 * Context: may sleep.
 * Return: as pci_get_subsys().
 */
struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device, struct pci_dev *from)
{
	return pci_get_subsys(vendor, device, PCI_ANY_ID, PCI_ANY_ID, from);
}
EXPORT_SYMBOL(pci_get_device);

/**
 * pci_get_class() - the next device of a class
 * @class: base, sub and interface
 * @from:  the one before, whose reference is put; NULL: the first
 *
 * Context: may sleep.
 * Return: as pci_get_subsys().
 */
struct pci_dev *pci_get_class(unsigned int class, struct pci_dev *from)
{
	struct pci_device_id id = {
		.vendor = PCI_ANY_ID, .device = PCI_ANY_ID, .subvendor = PCI_ANY_ID,
		.subdevice = PCI_ANY_ID, .class = class, .class_mask = PCI_ANY_ID,
	};

	return get_by_id(&id, from);
}
EXPORT_SYMBOL(pci_get_class);

/**
 * pci_get_domain_bus_and_slot() - a device by its address
 * @domain: of PCI
 * @bus:    number
 * @devfn:  PCI_DEVFN()
 *
 * Context: may sleep.
 * Return: as pci_get_subsys().
 */
struct pci_dev *pci_get_domain_bus_and_slot(int domain, unsigned int bus, unsigned int devfn)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (!domain && pdev->bus->number == bus && pdev->devfn == devfn)
			return pdev;
	return NULL;
}
EXPORT_SYMBOL(pci_get_domain_bus_and_slot);

/**
 * pci_get_slot() - a device of a bus by its slot and function
 * @bus:   the bus
 * @devfn: PCI_DEVFN()
 *
 * Context: may sleep.
 * Return: as pci_get_subsys().
 */
struct pci_dev *pci_get_slot(struct pci_bus *bus, unsigned int devfn)
{
	return pci_get_domain_bus_and_slot(0, bus->number, devfn);
}
EXPORT_SYMBOL(pci_get_slot);

/**
 * pci_dev_present() - is one of these devices there?
 * @ids: a table, ended by zeroes
 *
 * Context: may sleep.
 * Return: 1 when one is, 0 when none is.
 */
int pci_dev_present(const struct pci_device_id *ids)
{
	struct pci_dev *found;

	for (; ids->vendor || ids->subvendor || ids->class_mask; ids++) {
		found = get_by_id(ids, NULL);
		pci_dev_put(found);
		if (found)
			return 1;
	}
	return 0;
}
EXPORT_SYMBOL(pci_dev_present);
