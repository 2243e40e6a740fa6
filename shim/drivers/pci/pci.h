/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside drivers/pci/: cards, and what the bus does with them. */
#ifndef UMDEV_DRIVERS_PCI_H
#define UMDEV_DRIVERS_PCI_H

#include <linux/pci.h>

#include "umdev/hardware.h"

#define UM_PCI_SLOTS	31	/* devices 1 to 31 of the bus, one function each */

/* card.c: the hardware */
u32 um_card_read(const struct um_pci *card, unsigned int where, unsigned int size);
void um_card_write(struct um_pci *card, unsigned int where, unsigned int size, u32 value);
bool um_card_is_there(const struct um_pci *card);
/* From the start to the end: the audit leaves its device out. */
bool um_card_stays(const struct um_pci *card);
unsigned int um_card_config_size(const struct um_pci *card);
resource_size_t um_card_bar_address(const struct um_pci *card, unsigned int bar);
/* What the bus has made of it; its own, not the hardware's. NULL: it has forgotten it. */
void um_card_set_dev(struct um_pci *card, struct pci_dev *dev);
/* Of the bus, its lock held; NULL: nothing is plugged in. */
struct um_pci *um_card_in_slot(unsigned int slot);

/* probe.c */
extern struct pci_bus um_pci_root_bus;
int um_pci_bus_init(void);
/* Of the bus, its lock held. */
int pci_scan_slot_card(struct um_pci *card);
void pci_stop_and_remove(struct pci_dev *dev);

/* pci-sysfs.c */
extern const struct attribute_group *pci_dev_groups[];
extern const struct attribute_group *pci_bus_groups[];
int pci_create_sysfs_dev_files(struct pci_dev *pdev);
void pci_remove_sysfs_dev_files(struct pci_dev *pdev);

/* intx.c */
unsigned int um_intx_irq(unsigned int pin);
/* Inner lock held: the card's pin, or whether it may raise it, has changed. */
void um_intx_set(unsigned int pin, bool raised);
/* And without it, when it is raised. */
void um_intx_tell(unsigned int pin);

/* msi.c */
/* Inner lock held: a device's, which stay until um_msi_deliver(); NULL: there are none. */
struct um_pci_vectors *um_msi_hold(struct pci_dev *dev);
int um_msi_deliver(struct um_pci_vectors *v, unsigned int nr);
void pci_msi_release(struct pci_dev *dev);

/* access.c: its config space is all ones from now on, and nobody is at the card */
void pci_dev_is_gone(struct pci_dev *dev);

/* pci.c */
void pci_disable_enabled_device(struct pci_dev *dev);

#endif
