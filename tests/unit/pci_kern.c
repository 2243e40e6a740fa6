// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of pci.c. */
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/wait.h>

#include "pci.h"

static struct pci_dev *bound;
static void __iomem *bar;
static unsigned int interrupts[8];
static int vectors;

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	if (pci_enable_device(pdev))
		return -EIO;
	if (pci_request_regions(pdev, "test"))
		goto err_disable;
	bar = pci_iomap(pdev, 0, 0);
	if (!bar)
		goto err_release;
	pci_set_master(pdev);
	bound = pdev;
	return 0;

err_release:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return -EBUSY;
}

static void unbind(struct pci_dev *pdev)
{
	k_free_vectors();
	bound = NULL;
	pci_iounmap(pdev, bar);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1110) },
	{ }
};

static struct pci_driver driver = {
	.name = "test", .id_table = ids, .probe = probe, .remove = unbind,
};

int k_register(void)
{
	return pci_register_driver(&driver);
}

void k_unregister(void)
{
	pci_unregister_driver(&driver);
}

int k_is_bound(void)
{
	return bound != NULL;
}

unsigned int k_read(unsigned int offset)
{
	return readl(bar + offset);
}

void k_write(unsigned int offset, unsigned int value)
{
	writel(value, bar + offset);
}

/* ---- interrupts -------------------------------------------------------------------- */

static DECLARE_WAIT_QUEUE_HEAD(came);

static irqreturn_t handle(int irq, void *dev_id)
{
	unsigned int *n = dev_id;

	WRITE_ONCE(*n, *n + 1);
	wake_up(&came);
	return IRQ_HANDLED;
}

void k_await_interrupt(unsigned int vector)
{
	wait_event(came, READ_ONCE(interrupts[vector]));
}

int k_alloc_vectors(int how_many)
{
	int i;

	vectors = pci_alloc_irq_vectors(bound, 1, how_many, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	for (i = 0; i < vectors; i++) {
		interrupts[i] = 0;
		if (request_irq(pci_irq_vector(bound, i), handle, 0, "test", &interrupts[i]))
			return -EBUSY;
	}
	return vectors;
}

void k_free_vectors(void)
{
	int i;

	for (i = 0; i < vectors; i++)
		free_irq(pci_irq_vector(bound, i), &interrupts[i]);
	vectors = 0;
	pci_free_irq_vectors(bound);
}

unsigned int k_interrupts(unsigned int vector)
{
	return READ_ONCE(interrupts[vector]);
}

void k_mask(unsigned int vector)
{
	disable_irq(pci_irq_vector(bound, vector));
}

void k_unmask(unsigned int vector)
{
	enable_irq(pci_irq_vector(bound, vector));
}

/* A device that is served by its registers: the handler lowers its pin. */
static irqreturn_t serve(int irq, void *dev_id)
{
	if (!readl(bar))
		return IRQ_NONE;
	interrupts[0]++;
	writel(0, bar);
	return IRQ_HANDLED;
}

int k_request_intx(void)
{
	interrupts[0] = 0;
	return request_irq(bound->irq, serve, IRQF_SHARED, "test", bound);
}

void k_free_intx(void)
{
	free_irq(bound->irq, bound);
}

/* ---- what is told -------------------------------------------------------------------- */

void k_read_unmapped(void)
{
	void __iomem *addr = pci_iomap(bound, 0, 0);

	readl(addr + 8);
	pci_iounmap(bound, addr);
	readl(addr + 8);
}

unsigned int k_read_disabled(void)
{
	unsigned int value;
	u16 command;

	pci_read_config_word(bound, PCI_COMMAND, &command);
	pci_write_config_word(bound, PCI_COMMAND, command & ~PCI_COMMAND_MEMORY);
	value = readl(bar);
	pci_write_config_word(bound, PCI_COMMAND, command);
	return value;
}

unsigned int k_read_given_up(void)
{
	unsigned int value;

	pci_disable_device(bound);
	value = readl(bar);
	return pci_enable_device(bound) ?: value;
}

int k_copy(void)
{
	char out[23] = "registers are memory...", in[23] = "";

	memcpy_toio(bar + 3, out, sizeof(out));
	memcpy_fromio(in, bar + 3, sizeof(in));
	if (memcmp(in, out, sizeof(in)))
		return 1;
	memset_io(bar + 3, 0, sizeof(in));
	return readb(bar + 3) | readw(bar + 10) | !!readq(bar + 8);
}

/* All of it by a managed driver, which gives nothing back. */
static int probe_managed(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err = pcim_enable_device(pdev);

	if (err)
		return err;
	err = pcim_iomap_regions(pdev, 1 << 0, "managed");
	if (err)
		return err;
	pci_set_master(pdev);
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (err < 0)
		return err;
	bar = pcim_iomap_table(pdev)[0];
	writel(42, bar);
	return devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 0), handle, 0, NULL,
				&interrupts[0]);
}

static struct pci_driver managed = {
	.name = "managed", .id_table = ids, .probe = probe_managed,
};

int k_managed(void)
{
	struct pci_dev *pdev;
	int err = pci_register_driver(&managed), was;

	if (err)
		return err;
	pdev = pci_get_device(0x1af4, 0x1110, NULL);
	was = pdev->dev.driver && pci_is_enabled(pdev) && pci_dev_msi_enabled(pdev) &&
	      readl(bar) == 42;
	pci_unregister_driver(&managed);
	err = !was || pci_is_enabled(pdev) || pci_dev_msi_enabled(pdev);
	pci_dev_put(pdev);
	return err;
}
