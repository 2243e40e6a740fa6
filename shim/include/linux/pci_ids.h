/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI vendor, device and class numbers that drivers of modelled cards name.
 * Left out: all the others of the PCI id list.
 */
#ifndef _LINUX_PCI_IDS_H
#define _LINUX_PCI_IDS_H

#define PCI_CLASS_NETWORK_ETHERNET	0x0200
#define PCI_CLASS_DISPLAY_VGA		0x0300
#define PCI_CLASS_DISPLAY_OTHER		0x0380
#define PCI_CLASS_COMMUNICATION_SERIAL	0x0700
#define PCI_CLASS_COMMUNICATION_OTHER	0x0780

#define PCI_VENDOR_ID_REDHAT		0x1b36
#define PCI_VENDOR_ID_REDHAT_QUMRANET	0x1af4
#define PCI_SUBVENDOR_ID_REDHAT_QUMRANET 0x1af4
#define PCI_SUBDEVICE_ID_QEMU		0x1100

#endif
