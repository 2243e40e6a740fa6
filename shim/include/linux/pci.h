/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI as far as a driver that models a card in software uses it: register
 * numbers and bits (from the system's UAPI headers), class numbers, slots.
 *
 * Left out: the PCI bus. There are no PCI devices here, and no pci_dev.
 */
#ifndef LINUX_PCI_H_SHIM
#define LINUX_PCI_H_SHIM

#include <linux/mod_devicetable.h>
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irqreturn.h>
#include_next <linux/pci.h>	/* brings linux/pci_regs.h */
#include <linux/pci_ids.h>

#endif
