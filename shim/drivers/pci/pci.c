// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver does with its device: enables it, has its BARs, lets it master the
 * bus, saves and restores its config space. BARs are memory; what a driver has
 * requested and mapped is known to the audit (kernel/resource.c, mm/ioremap.c).
 *
 * Left out: resets, wake-up, link and payload settings, delays between power states.
 */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/export.h>

#include "drivers/pci/pci.h"

/* ---- on and off ------------------------------------------------------------------- */

static void set_command(struct pci_dev *dev, u16 clear, u16 set)
{
	u16 old, new;

	pci_read_config_word(dev, PCI_COMMAND, &old);
	new = (old & ~clear) | set;
	if (new != old)
		pci_write_config_word(dev, PCI_COMMAND, new);
}

static int um_pci_enable(struct pci_dev *dev)
{
	int err;

	if (atomic_inc_return(&dev->enable_cnt) > 1)
		return 0;
	err = pci_set_power_state(dev, PCI_D0);
	if (err < 0 && err != -EIO) {
		atomic_dec(&dev->enable_cnt);
		return err;
	}
	set_command(dev, 0, PCI_COMMAND_MEMORY);
	/* its pin may be the driver's way to hear of it */
	if (!pci_dev_msi_enabled(dev) && dev->pin)
		set_command(dev, PCI_COMMAND_INTX_DISABLE, 0);
	return 0;
}

/**
 * pci_enable_device() - have a device answer
 * @dev: the device; enabled as often as it must be disabled
 *
 * Context: may sleep.
 * Return: 0, or a negative errno.
 */
int pci_enable_device(struct pci_dev *dev)
{
	return um_fallible("pci_enable_device", -EIO, um_pci_enable(dev));
}
EXPORT_SYMBOL(pci_enable_device);

/**
 * pci_enable_device_mem() - pci_enable_device() for who needs no ports
 * @dev: as there
 *
 * Context: may sleep.
 * Return: as there.
 */
int pci_enable_device_mem(struct pci_dev *dev)
{
	return pci_enable_device(dev);
}
EXPORT_SYMBOL(pci_enable_device_mem);

void pci_disable_enabled_device(struct pci_dev *dev)
{
	set_command(dev, PCI_COMMAND_MASTER, 0);
	dev->is_busmaster = 0;
}

/**
 * pci_disable_device() - undo one pci_enable_device()
 * @dev: the device; one that is not enabled is a warning
 *
 * With the last one it cannot master the bus any more. Its registers answer still,
 * and each access to them is told.
 *
 * Context: may sleep.
 */
void pci_disable_device(struct pci_dev *dev)
{
	if (WARN(atomic_read(&dev->enable_cnt) <= 0, "%s %s: disabling already-disabled device\n",
		 dev_driver_string(&dev->dev), pci_name(dev)))
		return;
	if (!atomic_dec_return(&dev->enable_cnt))
		pci_disable_enabled_device(dev);
}
EXPORT_SYMBOL(pci_disable_device);

/**
 * pci_set_master() - let a device read and write memory, and send messages
 * @dev: the device
 */
void pci_set_master(struct pci_dev *dev)
{
	set_command(dev, 0, PCI_COMMAND_MASTER);
	dev->is_busmaster = 1;
}
EXPORT_SYMBOL(pci_set_master);

/**
 * pci_clear_master() - undo pci_set_master()
 * @dev: the device
 */
void pci_clear_master(struct pci_dev *dev)
{
	set_command(dev, PCI_COMMAND_MASTER, 0);
	dev->is_busmaster = 0;
}
EXPORT_SYMBOL(pci_clear_master);

/**
 * pci_intx() - may a device raise its pin?
 * @pdev:   the device
 * @enable: whether it may
 */
void pci_intx(struct pci_dev *pdev, int enable)
{
	set_command(pdev, enable ? PCI_COMMAND_INTX_DISABLE : 0,
		    enable ? 0 : PCI_COMMAND_INTX_DISABLE);
}
EXPORT_SYMBOL_GPL(pci_intx);

/**
 * pci_intx_mask_supported() - can a device be told not to raise its pin?
 * @pdev: the device
 *
 * Return: whether it can.
 */
bool pci_intx_mask_supported(struct pci_dev *pdev)
{
	u16 orig, new;

	if (pdev->broken_intx_masking)
		return false;
	pci_read_config_word(pdev, PCI_COMMAND, &orig);
	pci_write_config_word(pdev, PCI_COMMAND, orig ^ PCI_COMMAND_INTX_DISABLE);
	pci_read_config_word(pdev, PCI_COMMAND, &new);
	pci_write_config_word(pdev, PCI_COMMAND, orig);
	return (new ^ orig) & PCI_COMMAND_INTX_DISABLE;
}
EXPORT_SYMBOL_GPL(pci_intx_mask_supported);

/* Only if the pin is raised, or is not, as is wanted: whether it was. */
static bool check_and_set_intx(struct pci_dev *dev, bool raised, bool mask)
{
	u16 status;

	pci_read_config_word(dev, PCI_STATUS, &status);
	if (!!(status & PCI_STATUS_INTERRUPT) != raised)
		return false;
	pci_intx(dev, !mask);
	return true;
}

/**
 * pci_check_and_mask_intx() - in a handler: is it this device? Then it is quiet now
 * @dev: the device
 *
 * Return: whether it was this one.
 */
bool pci_check_and_mask_intx(struct pci_dev *dev)
{
	return check_and_set_intx(dev, true, true);
}
EXPORT_SYMBOL_GPL(pci_check_and_mask_intx);

/**
 * pci_check_and_unmask_intx() - let a device raise its pin again, unless it would at once
 * @dev: the device
 *
 * Return: false when it would.
 */
bool pci_check_and_unmask_intx(struct pci_dev *dev)
{
	return check_and_set_intx(dev, false, false);
}
EXPORT_SYMBOL_GPL(pci_check_and_unmask_intx);

/**
 * pci_set_power_state() - have a device in a state of power
 * @dev:   the device
 * @state: PCI_D0 to PCI_D3cold; it answers in D0 only
 *
 * Return: 0; 1 for one without power management and PCI_D1 and so on as Linux has
 * it; -EIO when it is not in the state that was wanted.
 */
int pci_set_power_state(struct pci_dev *dev, pci_power_t state)
{
	u16 ctrl;

	if (state > PCI_D3hot)
		state = PCI_D3hot;
	if (dev->current_state == state)
		return 0;
	/* a device without power management is on, whoever asks */
	if (!dev->pm_cap && state == PCI_D0)
		WRITE_ONCE(dev->current_state, PCI_D0);
	if (!dev->pm_cap || ((state == PCI_D1 || state == PCI_D2)))
		return -EIO;
	pci_read_config_word(dev, dev->pm_cap + PCI_PM_CTRL, &ctrl);
	ctrl &= ~PCI_PM_CTRL_STATE_MASK;
	pci_write_config_word(dev, dev->pm_cap + PCI_PM_CTRL, ctrl | (__force u16)state);
	pci_read_config_word(dev, dev->pm_cap + PCI_PM_CTRL, &ctrl);
	WRITE_ONCE(dev->current_state, (__force pci_power_t)(ctrl & PCI_PM_CTRL_STATE_MASK));
	return dev->current_state == state ? 0 : -EIO;
}
EXPORT_SYMBOL(pci_set_power_state);

/**
 * pci_save_state() - note the header of config space
 * @dev: the device
 *
 * Return: 0.
 */
int pci_save_state(struct pci_dev *dev)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dev->saved_config_space); i++)
		pci_read_config_dword(dev, i * 4, &dev->saved_config_space[i]);
	dev->state_saved = true;
	return 0;
}
EXPORT_SYMBOL(pci_save_state);

/**
 * pci_restore_state() - put back what pci_save_state() has noted, once
 * @dev: the device
 */
void pci_restore_state(struct pci_dev *dev)
{
	int i;

	if (!dev->state_saved)
		return;
	for (i = ARRAY_SIZE(dev->saved_config_space) - 1; i >= 0; i--)
		pci_write_config_dword(dev, i * 4, dev->saved_config_space[i]);
	dev->state_saved = false;
}
EXPORT_SYMBOL(pci_restore_state);

/**
 * pci_device_is_present() - is the hardware there?
 * @pdev: the device
 *
 * Return: whether it answers.
 */
bool pci_device_is_present(struct pci_dev *pdev)
{
	u16 vendor;

	pci_read_config_word(pdev, PCI_VENDOR_ID, &vendor);
	return !PCI_POSSIBLE_ERROR(vendor);
}
EXPORT_SYMBOL_GPL(pci_device_is_present);

/* ---- BARs --------------------------------------------------------------------------- */

/**
 * pci_select_bars() - which BARs are of a sort
 * @dev:   the device
 * @flags: IORESOURCE_MEM or IORESOURCE_IO
 *
 * Return: a bit for each.
 */
int pci_select_bars(struct pci_dev *dev, unsigned long flags)
{
	int i, bars = 0;

	for (i = 0; i < PCI_NUM_RESOURCES; i++)
		if (pci_resource_flags(dev, i) & flags)
			bars |= 1 << i;
	return bars;
}
EXPORT_SYMBOL(pci_select_bars);

static int request_bar(struct pci_dev *pdev, int bar, const char *name, int flags)
{
	const struct resource *res = pci_resource_n(pdev, bar);

	if (!pci_resource_len(pdev, bar))
		return 0;
	if (__request_region(&iomem_resource, res->start, resource_size(res), name, flags))
		return 0;
	pci_warn(pdev, "BAR %d: can't reserve [mem %#010llx-%#010llx]\n", bar, res->start,
		 res->end);
	return -EBUSY;
}

/**
 * pci_request_region() - have a BAR for oneself
 * @pdev: the device
 * @bar:  which; one that is not there is had by everybody
 * @name: of the driver; not copied
 *
 * Context: may sleep.
 * Return: 0; -EBUSY when it is another's.
 */
int pci_request_region(struct pci_dev *pdev, int bar, const char *name)
{
	return request_bar(pdev, bar, name, 0);
}
EXPORT_SYMBOL(pci_request_region);

/**
 * pci_release_region() - give a BAR back
 * @pdev: the device
 * @bar:  which
 */
void pci_release_region(struct pci_dev *pdev, int bar)
{
	if (pci_resource_len(pdev, bar))
		release_mem_region(pci_resource_start(pdev, bar), pci_resource_len(pdev, bar));
}
EXPORT_SYMBOL(pci_release_region);

/**
 * pci_release_selected_regions() - give some BARs back
 * @pdev: the device
 * @bars: a bit for each
 */
void pci_release_selected_regions(struct pci_dev *pdev, int bars)
{
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (bars & 1 << i)
			pci_release_region(pdev, i);
}
EXPORT_SYMBOL(pci_release_selected_regions);

static int request_bars(struct pci_dev *pdev, int bars, const char *name, int flags)
{
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		if (!(bars & 1 << i) || !request_bar(pdev, i, name, flags))
			continue;
		pci_release_selected_regions(pdev, bars & ((1 << i) - 1));
		return -EBUSY;
	}
	return 0;
}

/**
 * pci_request_selected_regions() - have some BARs, or none of them
 * @pdev: the device
 * @bars: a bit for each
 * @name: of the driver; not copied
 *
 * Context: may sleep.
 * Return: 0; -EBUSY when one is another's.
 */
int pci_request_selected_regions(struct pci_dev *pdev, int bars, const char *name)
{
	return request_bars(pdev, bars, name, 0);
}
EXPORT_SYMBOL(pci_request_selected_regions);

/**
 * pci_request_selected_regions_exclusive() - pci_request_selected_regions(), and no
 *	user may map them
 * @pdev: as there
 * @bars: as there
 * @name: as there
 *
 * Context: may sleep.
 * Return: as there.
 */
int pci_request_selected_regions_exclusive(struct pci_dev *pdev, int bars, const char *name)
{
	return request_bars(pdev, bars, name, IORESOURCE_EXCLUSIVE);
}
EXPORT_SYMBOL(pci_request_selected_regions_exclusive);

#define ALL_BARS ((1 << PCI_STD_NUM_BARS) - 1)

static void release_managed(struct device *dev, void *res)
{
	pci_release_regions(to_pci_dev(dev));
}

/**
 * pci_request_regions() - have all BARs, or none of them
 * @pdev: the device; of one that is managed they are given back with the driver
 * @name: of the driver; not copied
 *
 * Context: may sleep.
 * Return: 0; -EBUSY when one is another's; -ENOMEM.
 */
int pci_request_regions(struct pci_dev *pdev, const char *name)
{
	void *dr = NULL;
	int err;

	if (pdev->is_managed && !devres_find(&pdev->dev, release_managed, NULL, NULL)) {
		dr = devres_alloc(release_managed, 1, GFP_KERNEL);
		if (!dr)
			return -ENOMEM;
	}
	err = request_bars(pdev, ALL_BARS, name, 0);
	if (!err && dr)
		devres_add(&pdev->dev, dr);
	else
		devres_free(dr);
	return err;
}
EXPORT_SYMBOL(pci_request_regions);

/**
 * pci_request_regions_exclusive() - pci_request_regions(), and no user may map them
 * @pdev: as there; not given back by itself
 * @name: as there
 *
 * Context: may sleep.
 * Return: as there.
 */
int pci_request_regions_exclusive(struct pci_dev *pdev, const char *name)
{
	return request_bars(pdev, ALL_BARS, name, IORESOURCE_EXCLUSIVE);
}
EXPORT_SYMBOL(pci_request_regions_exclusive);

/**
 * pci_release_regions() - give all BARs back
 * @pdev: the device
 */
void pci_release_regions(struct pci_dev *pdev)
{
	void *dr = devres_remove(&pdev->dev, release_managed, NULL, NULL);

	devres_free(dr);
	pci_release_selected_regions(pdev, ALL_BARS);
}
EXPORT_SYMBOL(pci_release_regions);

/**
 * pci_ioremap_bar() - map a BAR
 * @pdev: the device
 * @bar:  which; one that is not there is a message
 *
 * Context: may sleep.
 * Return: as ioremap().
 */
void __iomem *pci_ioremap_bar(struct pci_dev *pdev, int bar)
{
	const struct resource *res = pci_resource_n(pdev, bar);

	if (res->flags & IORESOURCE_UNSET || !(res->flags & IORESOURCE_MEM)) {
		pci_err(pdev, "can't ioremap BAR %d: [%#llx-%#llx]\n", bar, res->start, res->end);
		return NULL;
	}
	return ioremap(res->start, resource_size(res));
}
EXPORT_SYMBOL_GPL(pci_ioremap_bar);

/**
 * pci_ioremap_wc_bar() - pci_ioremap_bar()
 * @pdev: as there
 * @bar:  as there
 *
 * Context: may sleep.
 * Return: as there.
 */
void __iomem *pci_ioremap_wc_bar(struct pci_dev *pdev, int bar)
{
	return pci_ioremap_bar(pdev, bar);
}
EXPORT_SYMBOL_GPL(pci_ioremap_wc_bar);
