// SPDX-License-Identifier: GPL-2.0-only
/* Mapping BARs, whatever they are; here they are memory. */
#include <linux/export.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/pci.h>

/**
 * pci_iomap_range() - map a part of a BAR
 * @dev:    the device
 * @bar:    which
 * @offset: where the part begins
 * @maxlen: its bytes at most; 0: to the end
 *
 * Context: may sleep.
 * Return: the address, for ioread32() and its like and pci_iounmap(); NULL when there
 * is no such part, or ioremap() fails.
 */
void __iomem *pci_iomap_range(struct pci_dev *dev, int bar, unsigned long offset,
			      unsigned long maxlen)
{
	resource_size_t start, len;

	if (bar < 0 || bar >= PCI_STD_NUM_BARS)
		return NULL;
	start = pci_resource_start(dev, bar);
	len = pci_resource_len(dev, bar);
	if (len <= offset || !start)
		return NULL;
	len -= offset;
	if (maxlen && len > maxlen)
		len = maxlen;
	return pci_resource_flags(dev, bar) & IORESOURCE_MEM ? ioremap(start + offset, len) : NULL;
}
EXPORT_SYMBOL(pci_iomap_range);

/**
 * pci_iomap() - map a BAR
 * @dev: the device
 * @bar: which
 * @max: its bytes at most; 0: all
 *
 * Context: may sleep.
 * Return: as pci_iomap_range().
 */
void __iomem *pci_iomap(struct pci_dev *dev, int bar, unsigned long max)
{
	return pci_iomap_range(dev, bar, 0, max);
}
EXPORT_SYMBOL(pci_iomap);

/**
 * pci_iounmap() - undo pci_iomap()
 * @dev:  the device
 * @addr: what that gave
 *
 * Context: may sleep.
 */
void pci_iounmap(struct pci_dev *dev, void __iomem *addr)
{
	um_iounmap(addr, _RET_IP_);
}
EXPORT_SYMBOL(pci_iounmap);
