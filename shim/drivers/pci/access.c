// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config space as drivers read and write it, and its capabilities. Of a device that
 * is gone all is ones: pci_lock keeps its card from going while somebody is at it.
 *
 * Left out: locking users out, extended capabilities, of which no card has one.
 */
#include <linux/export.h>
#include <linux/spinlock.h>

#include "drivers/pci/pci.h"

static DEFINE_RAW_SPINLOCK(pci_lock);

void pci_dev_is_gone(struct pci_dev *dev)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pci_lock, flags);
	WRITE_ONCE(dev->error_state, pci_channel_io_perm_failure);
	raw_spin_unlock_irqrestore(&pci_lock, flags);
}

static int read_config(const struct pci_dev *dev, int where, unsigned int size, u32 *value)
{
	unsigned long flags;
	bool gone;

	*value = ~0u;
	if (where & (size - 1))
		return PCIBIOS_BAD_REGISTER_NUMBER;
	raw_spin_lock_irqsave(&pci_lock, flags);
	gone = dev->error_state == pci_channel_io_perm_failure;
	if (!gone)
		*value = um_card_read(dev->um_card, where, size);
	raw_spin_unlock_irqrestore(&pci_lock, flags);
	return gone ? PCIBIOS_DEVICE_NOT_FOUND : PCIBIOS_SUCCESSFUL;
}

static int write_config(const struct pci_dev *dev, int where, unsigned int size, u32 value)
{
	unsigned long flags;
	bool gone;

	if (where & (size - 1))
		return PCIBIOS_BAD_REGISTER_NUMBER;
	raw_spin_lock_irqsave(&pci_lock, flags);
	gone = dev->error_state == pci_channel_io_perm_failure;
	if (!gone)
		um_card_write(dev->um_card, where, size, value);
	raw_spin_unlock_irqrestore(&pci_lock, flags);
	return gone ? PCIBIOS_DEVICE_NOT_FOUND : PCIBIOS_SUCCESSFUL;
}

/**
 * pci_read_config_byte() - read one byte of config space
 * @dev:   the device
 * @where: which
 * @val:   gets it; ones when the device is gone
 *
 * Return: 0; PCIBIOS_DEVICE_NOT_FOUND, which is positive.
 */
int pci_read_config_byte(const struct pci_dev *dev, int where, u8 *val)
{
	u32 value;
	int ret = read_config(dev, where, 1, &value);

	*val = value;
	return ret;
}
EXPORT_SYMBOL(pci_read_config_byte);

/**
 * pci_read_config_word() - read 16 bits of config space
 * @dev:   the device
 * @where: which, a multiple of 2
 * @val:   gets them; ones when the device is gone
 *
 * Return: as pci_read_config_byte(), and PCIBIOS_BAD_REGISTER_NUMBER.
 */
int pci_read_config_word(const struct pci_dev *dev, int where, u16 *val)
{
	u32 value;
	int ret = read_config(dev, where, 2, &value);

	*val = value;
	return ret;
}
EXPORT_SYMBOL(pci_read_config_word);

/**
 * pci_read_config_dword() - read 32 bits of config space
 * @dev:   the device
 * @where: which, a multiple of 4
 * @val:   gets them; ones when the device is gone
 *
 * Return: as pci_read_config_word().
 */
int pci_read_config_dword(const struct pci_dev *dev, int where, u32 *val)
{
	return read_config(dev, where, 4, val);
}
EXPORT_SYMBOL(pci_read_config_dword);

/**
 * pci_write_config_byte() - write one byte of config space
 * @dev:   the device
 * @where: which
 * @val:   for it; bits that cannot be written stay
 *
 * Return: as pci_read_config_byte().
 */
int pci_write_config_byte(const struct pci_dev *dev, int where, u8 val)
{
	return write_config(dev, where, 1, val);
}
EXPORT_SYMBOL(pci_write_config_byte);

/**
 * pci_write_config_word() - write 16 bits of config space
 * @dev:   the device
 * @where: which, a multiple of 2
 * @val:   for them; bits that cannot be written stay
 *
 * Return: as pci_read_config_word().
 */
int pci_write_config_word(const struct pci_dev *dev, int where, u16 val)
{
	return write_config(dev, where, 2, val);
}
EXPORT_SYMBOL(pci_write_config_word);

/**
 * pci_write_config_dword() - write 32 bits of config space
 * @dev:   the device
 * @where: which, a multiple of 4
 * @val:   for them; bits that cannot be written stay
 *
 * Return: as pci_read_config_word().
 */
int pci_write_config_dword(const struct pci_dev *dev, int where, u32 val)
{
	return write_config(dev, where, 4, val);
}
EXPORT_SYMBOL(pci_write_config_dword);

/* ---- capabilities ------------------------------------------------------------------ */

/* The register @at has where the next one is; a list that is too long goes round. */
static u8 find(struct pci_dev *dev, u8 at, int cap)
{
	unsigned int ttl = 48;
	u8 pos, id;

	pci_read_config_byte(dev, at, &pos);
	while (ttl-- && pos >= PCI_STD_HEADER_SIZEOF) {
		pos &= ~3;
		pci_read_config_byte(dev, pos + PCI_CAP_LIST_ID, &id);
		if (id == 0xff)
			break;
		if (id == cap)
			return pos;
		pci_read_config_byte(dev, pos + PCI_CAP_LIST_NEXT, &pos);
	}
	return 0;
}

/**
 * pci_find_capability() - where a capability is
 * @dev: the device
 * @cap: PCI_CAP_ID_
 *
 * Return: its place in config space; 0 if there is none.
 */
u8 pci_find_capability(struct pci_dev *dev, int cap)
{
	u16 status;

	pci_read_config_word(dev, PCI_STATUS, &status);
	return status & PCI_STATUS_CAP_LIST ? find(dev, PCI_CAPABILITY_LIST, cap) : 0;
}
EXPORT_SYMBOL(pci_find_capability);

/**
 * pci_find_next_capability() - where the next one of that sort is
 * @dev: the device
 * @pos: of the one before
 * @cap: PCI_CAP_ID_
 *
 * Return: its place in config space; 0 if there is none.
 */
u8 pci_find_next_capability(struct pci_dev *dev, u8 pos, int cap)
{
	return find(dev, pos + PCI_CAP_LIST_NEXT, cap);
}
EXPORT_SYMBOL_GPL(pci_find_next_capability);

/**
 * pci_find_ext_capability() - where an extended capability is
 * @dev: the device
 * @cap: PCI_EXT_CAP_ID_
 *
 * Return: its place in config space; 0 if there is none.
 */
u16 pci_find_ext_capability(struct pci_dev *dev, int cap)
{
	int ttl = (PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8, pos = PCI_CFG_SPACE_SIZE;
	u32 header;

	if (dev->cfg_size <= PCI_CFG_SPACE_SIZE)
		return 0;
	while (ttl-- && pos >= PCI_CFG_SPACE_SIZE) {
		pci_read_config_dword(dev, pos, &header);
		if (!header || header == ~0u)
			return 0;
		if (PCI_EXT_CAP_ID(header) == cap)
			return pos;
		pos = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(pci_find_ext_capability);

/**
 * pcie_capability_read_word() - read 16 bits of the capability of PCI Express
 * @dev: the device
 * @pos: in the capability
 * @val: gets them; 0 when there is none
 *
 * Return: 0; -EINVAL for an odd place; as pci_read_config_word().
 */
int pcie_capability_read_word(struct pci_dev *dev, int pos, u16 *val)
{
	*val = 0;
	if (pos & 1)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	return dev->pcie_cap ? pci_read_config_word(dev, dev->pcie_cap + pos, val) : 0;
}
EXPORT_SYMBOL(pcie_capability_read_word);

/**
 * pcie_capability_read_dword() - read 32 bits of the capability of PCI Express
 * @dev: the device
 * @pos: in the capability
 * @val: gets them; 0 when there is none
 *
 * Return: as pcie_capability_read_word().
 */
int pcie_capability_read_dword(struct pci_dev *dev, int pos, u32 *val)
{
	*val = 0;
	if (pos & 3)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	return dev->pcie_cap ? pci_read_config_dword(dev, dev->pcie_cap + pos, val) : 0;
}
EXPORT_SYMBOL(pcie_capability_read_dword);

/**
 * pcie_capability_write_word() - write 16 bits of the capability of PCI Express
 * @dev: the device
 * @pos: in the capability
 * @val: for them; nothing is written when there is none
 *
 * Return: as pcie_capability_read_word().
 */
int pcie_capability_write_word(struct pci_dev *dev, int pos, u16 val)
{
	if (pos & 1)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	return dev->pcie_cap ? pci_write_config_word(dev, dev->pcie_cap + pos, val) : 0;
}
EXPORT_SYMBOL(pcie_capability_write_word);

/**
 * pcie_capability_clear_and_set_word() - change bits of that capability
 * @dev:   the device
 * @pos:   in the capability
 * @clear: bits that become 0
 * @set:   bits that become 1
 *
 * Return: as pcie_capability_read_word().
 */
int pcie_capability_clear_and_set_word(struct pci_dev *dev, int pos, u16 clear, u16 set)
{
	u16 val;
	int ret = pcie_capability_read_word(dev, pos, &val);

	return ret ?: pcie_capability_write_word(dev, pos, (val & ~clear) | set);
}
EXPORT_SYMBOL(pcie_capability_clear_and_set_word);
