/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest sees of an mdpy display.
 *
 * BAR 0 is the framebuffer: linear, without gaps between lines, starting with
 * the top left pixel. Its format is fixed, and told by a vendor capability in
 * the PCI config space: a DRM fourcc, the width and the height in pixels, each
 * 32 bits, little endian, read only.
 */
#ifndef MDPY_DEFS_H
#define MDPY_DEFS_H

#include <linux/pci_ids.h>

#define MDPY_PCI_VENDOR_ID	PCI_VENDOR_ID_REDHAT
#define MDPY_PCI_DEVICE_ID	0x000f
#define MDPY_PCI_SUBVENDOR_ID	PCI_SUBVENDOR_ID_REDHAT_QUMRANET
#define MDPY_PCI_SUBDEVICE_ID	PCI_SUBDEVICE_ID_QEMU

/* Offsets in the config space */
#define MDPY_VENDORCAP_OFFSET	0x40
#define MDPY_VENDORCAP_SIZE	0x10
#define MDPY_FORMAT_OFFSET	(MDPY_VENDORCAP_OFFSET + 0x04)
#define MDPY_WIDTH_OFFSET	(MDPY_VENDORCAP_OFFSET + 0x08)
#define MDPY_HEIGHT_OFFSET	(MDPY_VENDORCAP_OFFSET + 0x0c)

#endif
