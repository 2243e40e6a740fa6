/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A user of the sample driver mtty: one card, its registers, its interrupts.
 */
#ifndef UMDEV_TESTS_MTTY_H
#define UMDEV_TESTS_MTTY_H

#include <linux/pci_regs.h>
#include <linux/serial_reg.h>
#include <unistd.h>

#include "vfio_user.h"

#define PARENT_DIR	"/sys/class/mdev_bus/mtty"
#define TYPES_DIR	PARENT_DIR "/mdev_supported_types"
#define SINGLE		TYPES_DIR "/mtty-1"
#define DUAL		TYPES_DIR "/mtty-2"
#define CARD		MDEV_DEVICES UUID_A

#define TOTAL_PORTS	24
#define FIFO_SIZE	16
#define BAR_SIZE	8
#define CONFIG		VFIO_PCI_CONFIG_REGION_INDEX
#define CONFIG_MAX	256
#define INTX		VFIO_PCI_INTX_IRQ_INDEX
#define MSI		VFIO_PCI_MSI_IRQ_INDEX
#define MASK		VFIO_IRQ_SET_ACTION_MASK
#define UNMASK		VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER		VFIO_IRQ_SET_ACTION_TRIGGER

static struct vfio_user card;

static inline void load(void)
{
	t_expect(t_modprobe("mtty", NULL), 0);
}

/* How long the config space is: 255 bytes in Linux. */
static inline unsigned int config_size(void)
{
	unsigned int size = vfio_region(&card, CONFIG).size;

	t_expect(size <= CONFIG_MAX, true);
	return size;
}

static inline void start_undescribed(const char *type)
{
	char path[256];

	load();
	snprintf(path, sizeof(path), TYPES_DIR "/mtty-%s/create", type);
	t_expect(t_put(path, UUID_A), UUID_LEN);
	vfio_open(&card, UUID_A);
}

static inline void start(const char *type)
{
	start_undescribed(type);
	vfio_describe(&card);
}

static inline void stop(void)
{
	vfio_close(&card);
	discard(CARD);
}

/* A register of a port; BAR n is port n. */
static inline unsigned int in(unsigned int port, unsigned int reg)
{
	return region_get(&card, port, reg, 1);
}

static inline void out(unsigned int port, unsigned int reg, unsigned int value)
{
	region_set(&card, port, reg, value, 1);
}

static inline void send_text(unsigned int port, const char *text)
{
	for (; *text; text++)
		out(port, UART_TX, (unsigned char)*text);
}

static inline void expect_received(unsigned int port, const char *text)
{
	for (; *text; text++) {
		t_expect(in(port, UART_LSR) & UART_LSR_DR, UART_LSR_DR);
		t_expect(in(port, UART_RX), (unsigned char)*text);
	}
	t_expect(in(port, UART_LSR) & UART_LSR_DR, 0);
}

/* The lines that a card sees: what its plug returns of those it sets. */
static inline void needs_plug(unsigned int port)
{
	if (in(port, UART_MSR) & 0xf0) {
		stop();
		t_skip("this card has no plug that returns its modem lines");
	}
}

static inline int use_eventfd(unsigned int index)
{
	int fd = t_eventfd();

	t_expect(fd >= 0, true);
	t_expect(irq_eventfd(&card, index, fd), 0);
	return fd;
}

#endif
