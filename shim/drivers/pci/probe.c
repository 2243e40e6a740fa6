// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus: finding devices in its slots, adding them, and taking them away. One
 * root bus of domain 0, behind the device pci0000:00. What is found is a card that
 * is plugged in (card.c); one whose device was removed is found again by a rescan.
 *
 * Devices come and go under one lock, as in Linux; a driver must not take it.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "check/op.h"
#include "drivers/pci/pci.h"

static DEFINE_MUTEX(pci_rescan_remove_lock);

struct pci_bus um_pci_root_bus = {
	.devices = LIST_HEAD_INIT(um_pci_root_bus.devices),
	.node = LIST_HEAD_INIT(um_pci_root_bus.node),
	.name = "0000:00",
};

/**
 * pci_lock_rescan_remove() - no device comes or goes until pci_unlock_rescan_remove()
 *
 * Context: may sleep.
 */
void pci_lock_rescan_remove(void)
{
	mutex_lock(&pci_rescan_remove_lock);
}
EXPORT_SYMBOL_GPL(pci_lock_rescan_remove);

/**
 * pci_unlock_rescan_remove() - undo pci_lock_rescan_remove()
 */
void pci_unlock_rescan_remove(void)
{
	mutex_unlock(&pci_rescan_remove_lock);
}
EXPORT_SYMBOL_GPL(pci_unlock_rescan_remove);

/* ---- a device ---------------------------------------------------------------------- */

static void pci_release_dev(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);

	kfree(pdev->driver_override);
	kfree(pdev);
}

static const struct device_type pci_dev_type = { .groups = pci_dev_groups };

/* Made when the first device is found: until then there is no PCI. */
static int have_bridge(void)
{
	struct device *bridge;

	if (um_pci_root_bus.bridge)
		return 0;
	bridge = __root_device_register("pci0000:00", NULL);
	if (IS_ERR(bridge))
		return PTR_ERR(bridge);
	um_object_permanent(&bridge->kobj);
	um_pci_root_bus.bridge = bridge;
	return 0;
}

static void read_bars(struct pci_dev *pdev)
{
	unsigned int i;
	u32 low, mask;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		struct resource *res = &pdev->resource[i];
		unsigned int where = PCI_BASE_ADDRESS_0 + 4 * i;

		res->name = pci_name(pdev);
		res->start = um_card_bar_address(pdev->um_card, i);
		if (!res->start)
			continue;
		/* the size is what can be written */
		pci_read_config_dword(pdev, where, &low);
		pci_write_config_dword(pdev, where, ~0u);
		pci_read_config_dword(pdev, where, &mask);
		pci_write_config_dword(pdev, where, low);
		mask &= PCI_BASE_ADDRESS_MEM_MASK;
		res->end = res->start + (u32)~mask;
		res->flags = IORESOURCE_MEM | IORESOURCE_SIZEALIGN;
		if (low & PCI_BASE_ADDRESS_MEM_TYPE_64)
			res->flags |= IORESOURCE_MEM_64;
	}
}

static void read_header(struct pci_dev *pdev)
{
	u32 class;

	pci_read_config_word(pdev, PCI_VENDOR_ID, &pdev->vendor);
	pci_read_config_word(pdev, PCI_DEVICE_ID, &pdev->device);
	pci_read_config_word(pdev, PCI_SUBSYSTEM_VENDOR_ID, &pdev->subsystem_vendor);
	pci_read_config_word(pdev, PCI_SUBSYSTEM_ID, &pdev->subsystem_device);
	pci_read_config_dword(pdev, PCI_CLASS_REVISION, &class);
	pdev->revision = class & 0xff;
	pdev->class = class >> 8;
	pci_read_config_byte(pdev, PCI_INTERRUPT_PIN, &pdev->pin);
	pdev->irq = um_intx_irq(pdev->pin);
	pci_write_config_byte(pdev, PCI_INTERRUPT_LINE, pdev->irq);
	pdev->cfg_size = um_card_config_size(pdev->um_card);
	pdev->pm_cap = pci_find_capability(pdev, PCI_CAP_ID_PM);
	pdev->msi_cap = pci_find_capability(pdev, PCI_CAP_ID_MSI);
	pdev->msix_cap = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
	pdev->pcie_cap = pci_find_capability(pdev, PCI_CAP_ID_EXP);
	pcie_capability_read_word(pdev, PCI_EXP_FLAGS, &pdev->pcie_flags_reg);
	read_bars(pdev);
}

static void claim_bars(struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (pdev->resource[i].flags)
			WARN_ON(request_resource(&iomem_resource, &pdev->resource[i]));
}

static void release_bars(struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (pdev->resource[i].parent)
			release_resource(&pdev->resource[i]);
}

static unsigned int slot_of(const struct um_pci *card)
{
	unsigned int slot;

	for (slot = 1; slot <= UM_PCI_SLOTS && um_card_in_slot(slot) != card; slot++)
		;
	return slot;
}

static struct pci_dev *alloc_dev(struct um_pci *card)
{
	struct pci_dev *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);

	if (!pdev)
		return NULL;
	INIT_LIST_HEAD(&pdev->bus_list);
	pdev->bus = &um_pci_root_bus;
	pdev->um_card = card;
	pdev->devfn = PCI_DEVFN(slot_of(card), 0);
	pdev->error_state = pci_channel_io_normal;
	/* until it is enabled */
	pdev->current_state = PCI_UNKNOWN;
	pdev->dma_mask = DMA_BIT_MASK(32);
	device_initialize(&pdev->dev);
	pdev->dev.release = pci_release_dev;
	pdev->dev.type = &pci_dev_type;
	pdev->dev.bus = &pci_bus_type;
	pdev->dev.parent = um_pci_root_bus.bridge;
	pdev->dev.dma_mask = &pdev->dma_mask;
	pdev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	pdev->dev.dma_parms = &pdev->dma_parms;
	return pdev;
}

/* Lock held. The device is probed when it is there for everybody. */
static int add_dev(struct um_pci *card)
{
	struct pci_dev *pdev;
	int err = have_bridge();

	if (err)
		return err;
	pdev = alloc_dev(card);
	if (!pdev)
		return -ENOMEM;
	err = dev_set_name(&pdev->dev, "%s", um_pci_name(card));
	if (err)
		goto err_put;
	read_header(pdev);
	claim_bars(pdev);
	list_add_tail(&pdev->bus_list, &um_pci_root_bus.devices);
	um_card_set_dev(card, pdev);
	pci_info(pdev, "[%04x:%04x] type %02x class %#08x\n", pdev->vendor, pdev->device,
		 pdev->hdr_type, pdev->class);
	if (um_card_stays(card))
		um_object_permanent(&pdev->dev.kobj);
	err = device_add(&pdev->dev);
	if (err)
		goto err_del;
	err = pci_create_sysfs_dev_files(pdev);
	if (err)
		pci_warn(pdev, "files of config space: error %d\n", err);
	return 0;

err_del:
	um_card_set_dev(card, NULL);
	list_del(&pdev->bus_list);
	release_bars(pdev);
err_put:
	put_device(&pdev->dev);
	return err;
}

int pci_scan_slot_card(struct um_pci *card)
{
	return add_dev(card);
}

/* Lock held. */
void pci_stop_and_remove(struct pci_dev *pdev)
{
	if (list_empty(&pdev->bus_list))
		return;
	device_release_driver(&pdev->dev);
	pci_remove_sysfs_dev_files(pdev);
	device_del(&pdev->dev);
	list_del_init(&pdev->bus_list);
	um_card_set_dev(pdev->um_card, NULL);
	release_bars(pdev);
	/* who still has a reference finds no hardware */
	pci_dev_is_gone(pdev);
	put_device(&pdev->dev);
}

/**
 * pci_stop_and_remove_bus_device() - take a device away; it can be found again
 * @dev: the device
 *
 * Context: may sleep; pci_lock_rescan_remove() held.
 */
void pci_stop_and_remove_bus_device(struct pci_dev *dev)
{
	pci_stop_and_remove(dev);
}
EXPORT_SYMBOL(pci_stop_and_remove_bus_device);

/**
 * pci_stop_and_remove_bus_device_locked() - the same for who does not hold the lock
 * @dev: the device
 *
 * Context: may sleep; not from a driver's probe or remove.
 */
void pci_stop_and_remove_bus_device_locked(struct pci_dev *dev)
{
	pci_lock_rescan_remove();
	pci_stop_and_remove(dev);
	pci_unlock_rescan_remove();
}
EXPORT_SYMBOL_GPL(pci_stop_and_remove_bus_device_locked);

static bool is_known(const struct um_pci *card)
{
	struct pci_dev *pdev;

	list_for_each_entry(pdev, &um_pci_root_bus.devices, bus_list)
		if (pdev->um_card == card)
			return true;
	return false;
}

/**
 * pci_rescan_bus() - look for devices that are not known
 * @bus: the bus
 *
 * Context: may sleep; pci_lock_rescan_remove() held.
 * Return: the number of its last bus.
 */
unsigned int pci_rescan_bus(struct pci_bus *bus)
{
	struct um_pci *card;
	unsigned int slot;

	for (slot = 1; slot <= UM_PCI_SLOTS; slot++) {
		card = um_card_in_slot(slot);
		if (card && um_card_is_there(card) && !is_known(card))
			add_dev(card);
	}
	return bus->number;
}
EXPORT_SYMBOL_GPL(pci_rescan_bus);

/**
 * pci_find_bus() - a bus by its number
 * @domain: must be 0 for one that is there
 * @busnr:  likewise
 *
 * Return: the bus, or NULL.
 */
struct pci_bus *pci_find_bus(int domain, int busnr)
{
	return !domain && !busnr && um_pci_root_bus.bridge ? &um_pci_root_bus : NULL;
}
EXPORT_SYMBOL(pci_find_bus);
