/* SPDX-License-Identifier: GPL-2.0-only */
/* pci_kern.c, as pci.c calls it: a driver of 1af4:1110, and what it does. */
#ifndef UMDEV_TESTS_UNIT_PCI_H
#define UMDEV_TESTS_UNIT_PCI_H

int k_register(void);
void k_unregister(void);
/* Bound to a device now? */
int k_is_bound(void);
unsigned int k_read(unsigned int offset);
void k_write(unsigned int offset, unsigned int value);
int k_alloc_vectors(int how_many);	/* and a handler on each */
void k_free_vectors(void);
unsigned int k_interrupts(unsigned int vector);
void k_await_interrupt(unsigned int vector);
void k_mask(unsigned int vector);
void k_unmask(unsigned int vector);
int k_request_intx(void);
void k_free_intx(void);

void k_read_unmapped(void);
unsigned int k_read_disabled(void);
unsigned int k_read_given_up(void);
int k_copy(void);
int k_managed(void);

#endif
