/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hardware made by software: what a test program plugs in, and how it plays the
 * device's part. Beside umdev.h, after um_boot().
 *
 * A card has a config space, registers and interrupts. Drivers see it on bus 0 of
 * PCI, in sysfs and by what they read and write; the test sees its registers as
 * memory, is called for each access if it wants to be, and raises its interrupts.
 */
#ifndef UMDEV_HARDWARE_H
#define UMDEV_HARDWARE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct um_pci;

#define UM_PCI_BARS	6

/* What a card is. All that is 0 is left out. */
struct um_pci_config {
	uint16_t vendor, device;
	uint16_t subvendor, subdevice;
	uint32_t class_code;		/* 24 bits: base, sub, interface */
	uint8_t revision;
	uint64_t bar[UM_PCI_BARS];	/* bytes of registers, a power of 2; 16 at least */
	bool wide;			/* each BAR has 64 bits, and takes the next one's register */
	bool pcie;			/* the capability of PCI Express, and 4096 bytes of config */
	unsigned int intx;		/* 1 to 4: its pin, A to D */
	unsigned int msi;		/* messages: 1, 2, 4, ... 32 */
	unsigned int msix;		/* messages: 1 to 2048; their table is in no BAR */
	/*
	 * May be NULL. Before a read of @size bytes the card may change what lies there;
	 * after a write it does what it is told. In the driver's context: an interrupt
	 * may be raised, nothing may sleep.
	 */
	void (*read)(struct um_pci *card, unsigned int bar, uint64_t offset, unsigned int size,
		     void *arg);
	void (*write)(struct um_pci *card, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t value, void *arg);
	void *arg;
};

/**
 * um_pci_add() - plug a card in, and have the bus find it.
 * @config: what it is; copied
 *
 * Return: the card, for um_pci_remove(); NULL for one that cannot be, which is
 * told as a kernel message, without memory, or when the bus is full.
 */
struct um_pci *um_pci_add(const struct um_pci_config *config);

/**
 * um_pci_add_text() - um_pci_add() for a command line.
 * @text: "1af4:1110" or with more, separated by commas: "sub=1af4:1100",
 *        "class=ff0000", "rev=1", "bar0=64K", "wide", "pcie", "intx=1", "msi=4", "msix=8"
 *
 * The variable UMDEV_PCI at boot has such texts, with blanks between, of cards that
 * are there from the start; "umdev --pci TEXT ..." adds to it.
 *
 * Return: as there.
 */
struct um_pci *um_pci_add_text(const char *text);

/**
 * um_pci_remove() - pull a card out, under its driver if there is one.
 * @card: from um_pci_add(); gone afterwards
 *
 * First it does not answer any more: all reads are ones; then the bus finds that
 * out, and the driver's remove() is called.
 */
void um_pci_remove(struct um_pci *card);

/**
 * um_pci_name() - what the card is called in sysfs.
 * @card: the card
 *
 * Return: "0000:00:01.0"; valid as long as the card.
 */
const char *um_pci_name(const struct um_pci *card);

/**
 * um_pci_bar() - the registers, as the card has them.
 * @card: the card
 * @bar: which
 *
 * Return: their memory; NULL where there are none.
 */
void *um_pci_bar(struct um_pci *card, unsigned int bar);

/**
 * um_pci_config_read() - config space, as the card has it.
 * @card: the card
 * @offset: a multiple of 4
 *
 * Return: the 32 bits there.
 */
uint32_t um_pci_config_read(struct um_pci *card, unsigned int offset);

/**
 * um_pci_message() - send a message: MSI or MSI-X, whichever the driver has enabled.
 * @card: the card
 * @vector: which
 *
 * With interrupts on its handler has run when this returns; a masked one comes
 * when it is unmasked.
 *
 * Return: 0; -EIO when it is lost: the card may not master the bus, neither is
 * enabled, or the driver has allocated fewer.
 */
int um_pci_message(struct um_pci *card, unsigned int vector);

/**
 * um_pci_intx() - raise or lower the card's pin.
 * @card: the card
 * @raised: as long as it is, the interrupt comes again and again, unless the card's
 *          interrupts are disabled by its command register
 *
 * Return: 0; -EIO for a card without a pin.
 */
int um_pci_intx(struct um_pci *card, bool raised);

#ifdef __cplusplus
}
#endif
#endif
