// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes with a PCI device's driver: that it is enabled, and with that its vectors
 * and its BARs; mappings of them.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>

#include "drivers/pci/pci.h"

static void release_enabled(struct device *dev, void *res)
{
	struct pci_dev *pdev = to_pci_dev(dev);

	pci_msi_release(pdev);
	pdev->is_managed = 0;
	if (!pdev->um_pinned && pci_is_enabled(pdev))
		pci_disable_device(pdev);
	pdev->um_pinned = false;
}

/**
 * pcim_enable_device() - pci_enable_device(), undone with the driver
 * @pdev: as there; it is managed from now on: BARs that are requested, and vectors,
 *	are given back with the driver, too
 *
 * Context: may sleep.
 * Return: as there; -ENOMEM.
 */
int pcim_enable_device(struct pci_dev *pdev)
{
	void *dr;
	int err;

	if (pdev->is_managed)
		return 0;
	dr = devres_alloc(release_enabled, 1, GFP_KERNEL);
	if (!dr)
		return -ENOMEM;
	err = pci_enable_device(pdev);
	if (err) {
		devres_free(dr);
		return err;
	}
	pdev->is_managed = 1;
	devres_add(&pdev->dev, dr);
	return 0;
}
EXPORT_SYMBOL(pcim_enable_device);

/**
 * pcim_pin_device() - a managed device stays enabled when its driver goes
 * @pdev: the device; a warning for one that is not managed
 */
void pcim_pin_device(struct pci_dev *pdev)
{
	if (!WARN_ON(!pdev->is_managed))
		pdev->um_pinned = true;
}
EXPORT_SYMBOL(pcim_pin_device);

/* ---- mappings -------------------------------------------------------------------------- */

struct iomap_table {
	void __iomem *bar[PCI_STD_NUM_BARS];
	int requested;			/* a bit for each BAR that was requested with it */
};

static void release_table(struct device *dev, void *res)
{
	struct iomap_table *table = res;
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		if (table->bar[i])
			pci_iounmap(to_pci_dev(dev), table->bar[i]);
		if (table->requested & 1 << i)
			pci_release_region(to_pci_dev(dev), i);
	}
}

static struct iomap_table *table_of(struct pci_dev *pdev)
{
	struct iomap_table *new, *table = devres_find(&pdev->dev, release_table, NULL, NULL);

	if (table)
		return table;
	new = devres_alloc(release_table, sizeof(*new), GFP_KERNEL);
	return new ? devres_get(&pdev->dev, new, NULL, NULL) : NULL;
}

/**
 * pcim_iomap_table() - the mappings of a device's BARs that go with its driver
 * @pdev: the device
 *
 * Context: may sleep.
 * Return: one for each BAR, NULL for those that are not mapped; NULL without memory.
 */
void __iomem * const *pcim_iomap_table(struct pci_dev *pdev)
{
	struct iomap_table *table = table_of(pdev);

	return table ? table->bar : NULL;
}
EXPORT_SYMBOL(pcim_iomap_table);

/**
 * pcim_iomap() - pci_iomap(), unmapped with the driver
 * @pdev:   the device
 * @bar:    which; not mapped yet
 * @maxlen: its bytes at most; 0: all
 *
 * Context: may sleep.
 * Return: as there.
 */
void __iomem *pcim_iomap(struct pci_dev *pdev, int bar, unsigned long maxlen)
{
	struct iomap_table *table;

	if (bar < 0 || bar >= PCI_STD_NUM_BARS)
		return NULL;
	table = table_of(pdev);
	if (!table || table->bar[bar])
		return NULL;
	table->bar[bar] = pci_iomap(pdev, bar, maxlen);
	return table->bar[bar];
}
EXPORT_SYMBOL(pcim_iomap);

/**
 * pcim_iounmap() - undo pcim_iomap() before the driver goes
 * @pdev: the device
 * @addr: what that gave; anything else is a warning
 *
 * Context: may sleep.
 */
void pcim_iounmap(struct pci_dev *pdev, void __iomem *addr)
{
	struct iomap_table *table = table_of(pdev);
	int i;

	for (i = 0; table && i < PCI_STD_NUM_BARS; i++) {
		if (table->bar[i] != addr)
			continue;
		pci_iounmap(pdev, addr);
		table->bar[i] = NULL;
		return;
	}
	WARN_ON(1);
}
EXPORT_SYMBOL(pcim_iounmap);

/**
 * um_pcim_request_region() - pci_request_region(), given back with the driver; called
 *	as pcim_request_region()
 * @pdev: as there
 * @bar:  as there
 * @name: as there
 *
 * Context: may sleep.
 * Return: as there; -ENOMEM.
 */
int um_pcim_request_region(struct pci_dev *pdev, int bar, const char *name)
{
	struct iomap_table *table = table_of(pdev);
	int err;

	if (!table)
		return -ENOMEM;
	err = pci_request_region(pdev, bar, name);
	if (!err)
		table->requested |= 1 << bar;
	return err;
}
EXPORT_SYMBOL(um_pcim_request_region);

static void undo_region(struct pci_dev *pdev, int bar)
{
	struct iomap_table *table = table_of(pdev);

	if (table->bar[bar])
		pcim_iounmap(pdev, table->bar[bar]);
	pci_release_region(pdev, bar);
	table->requested &= ~(1 << bar);
}

/**
 * um_pcim_iomap_region() - request a BAR, and map it; called as pcim_iomap_region()
 * @pdev: the device
 * @bar:  which
 * @name: of the driver; not copied
 *
 * Context: may sleep.
 * Return: as pci_iomap(), but an ERR_PTR: -EBUSY, -ENOMEM.
 */
void __iomem *um_pcim_iomap_region(struct pci_dev *pdev, int bar, const char *name)
{
	int err = um_pcim_request_region(pdev, bar, name);
	void __iomem *addr;

	if (err)
		return IOMEM_ERR_PTR(err);
	addr = pcim_iomap(pdev, bar, 0);
	if (addr)
		return addr;
	undo_region(pdev, bar);
	return IOMEM_ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL(um_pcim_iomap_region);

/**
 * pcim_iounmap_regions() - undo pcim_iomap_regions() before the driver goes
 * @pdev: the device
 * @mask: a bit for each BAR
 *
 * Context: may sleep.
 */
void pcim_iounmap_regions(struct pci_dev *pdev, int mask)
{
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (mask & 1 << i)
			undo_region(pdev, i);
}
EXPORT_SYMBOL(pcim_iounmap_regions);

/**
 * pcim_iomap_regions() - request BARs and map them, or none of them
 * @pdev: the device
 * @mask: a bit for each BAR; all have to be there
 * @name: of the driver; not copied
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a BAR that is not there; -EBUSY, -ENOMEM.
 */
int pcim_iomap_regions(struct pci_dev *pdev, int mask, const char *name)
{
	void __iomem *addr;
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		if (!(mask & 1 << i))
			continue;
		addr = pci_resource_len(pdev, i) ? um_pcim_iomap_region(pdev, i, name) :
						   IOMEM_ERR_PTR(-EINVAL);
		if (!IS_ERR(addr))
			continue;
		pcim_iounmap_regions(pdev, mask & ((1 << i) - 1));
		return PTR_ERR((void __force *)addr);
	}
	return 0;
}
EXPORT_SYMBOL(pcim_iomap_regions);
