// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of devices.c. */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/kernel.h>
#include <linux/pci.h>

#include "devices.h"

/* ---- lines ---------------------------------------------------------------------------- */

static int line;

static irqreturn_t handler(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}

static void raise_fn(struct irq_work *work)
{
	generic_handle_irq(line);
}

/* By software, in a task of its own: a line that is freed meanwhile waits for that. */
static void line_is_freed_while_it_comes_again(void)
{
	static DEFINE_IRQ_WORK(work, raise_fn);
	int i;

	for (i = 0; i < 20; i++) {
		line = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
		CHECK(line > 0);
		irq_set_chip_and_handler(line, &dummy_irq_chip, handle_edge_irq);
		CHECK_EQ(request_irq(line, handler, 0, "flow", &line), 0);
		disable_irq(line);
		irq_work_queue(&work);
		irq_work_sync(&work);
		enable_irq(line);
		free_irq(line, &line);
		irq_free_desc(line);
	}
}

/* ---- cards ------------------------------------------------------------------------------ */

static struct pci_dev *find_card(void)
{
	struct pci_dev *pdev = pci_get_device(0x1af4, 0x1110, NULL);

	CHECK(pdev);
	return pdev;
}

void k_regions_of_a_card(void)
{
	struct pci_dev *pdev = find_card();
	void __iomem *bar;
	int bars;

	CHECK_EQ(pci_enable_device(pdev), 0);
	bars = pci_select_bars(pdev, IORESOURCE_MEM);
	CHECK_EQ(bars, 1 << 0 | 1 << 2);
	CHECK_EQ(pci_select_bars(pdev, IORESOURCE_IO), 0);
	CHECK_EQ(pci_request_selected_regions(pdev, bars, "first"), 0);
	CHECK_EQ(pci_request_regions(pdev, "second"), -EBUSY);
	CHECK_EQ(pci_request_region(pdev, 2, "second"), -EBUSY);
	pci_release_selected_regions(pdev, bars);
	CHECK_EQ(pci_request_selected_regions_exclusive(pdev, 1 << 2, "first"), 0);
	/* what was had of the others is given back */
	CHECK_EQ(pci_request_regions_exclusive(pdev, "second"), -EBUSY);
	CHECK_EQ(pci_request_region(pdev, 0, "second"), 0);
	pci_release_region(pdev, 0);
	pci_release_selected_regions(pdev, 1 << 2);
	CHECK_EQ(pci_request_regions_exclusive(pdev, "all"), 0);
	pci_release_regions(pdev);

	bar = pci_ioremap_bar(pdev, 0);
	CHECK(bar);
	writel(17, bar);
	pci_iounmap(pdev, bar);
	bar = pci_ioremap_wc_bar(pdev, 0);
	CHECK_EQ(readl(bar), 17);
	pci_iounmap(pdev, bar);
	bar = pci_iomap_range(pdev, 2, 4096, 0);
	CHECK(bar);
	pci_iounmap(pdev, bar);
	CHECK(!pci_iomap_range(pdev, 2, 65536, 0));
	CHECK(!pci_iomap(pdev, 1, 0));
	pci_disable_device(pdev);
	pci_dev_put(pdev);
}

static irqreturn_t vector_handler(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}

void k_vectors_of_a_card(void)
{
	struct msix_entry entries[] = { { .entry = 0 }, { .entry = 1 }, { .entry = 2 },
					{ .entry = 3 }, { .entry = 4 } };
	struct pci_dev *pdev = find_card();

	CHECK(pci_msi_enabled());
	CHECK_EQ(pci_enable_device(pdev), 0);
	CHECK_EQ(pci_msix_vec_count(pdev), 4);
	CHECK_EQ(pci_msi_vec_count(pdev), -EINVAL);
	CHECK_EQ(pci_enable_msi(pdev), -EINVAL);
	/* an entry that the table has not; more than it has, and not all are needed */
	CHECK_EQ(pci_enable_msix_range(pdev, &entries[4], 1, 1), -EINVAL);
	CHECK_EQ(pci_enable_msix_range(pdev, entries, 5, 5), -ENOSPC);
	CHECK_EQ(pci_enable_msix_range(pdev, entries, 2, 3), 3);
	CHECK(pdev->msix_enabled && entries[0].vector && entries[1].vector != entries[0].vector);
	CHECK_EQ(request_irq(entries[1].vector, vector_handler, 0, "vector", pdev), 0);
	free_irq(entries[1].vector, pdev);
	pci_disable_msix(pdev);
	CHECK(!pdev->msix_enabled);

	CHECK_EQ(pci_alloc_irq_vectors(pdev, 5, 8, PCI_IRQ_MSIX), -ENOSPC);
	CHECK_EQ(pci_alloc_irq_vectors(pdev, 1, 8, PCI_IRQ_ALL_TYPES), 4);
	CHECK_EQ(pci_irq_vector(pdev, 4), -EINVAL);
	CHECK_EQ(pci_request_irq(pdev, 1, vector_handler, NULL, pdev, "vector%d", 1), 0);
	pci_free_irq(pdev, 1, pdev);
	pci_free_irq_vectors(pdev);
	pci_disable_device(pdev);
	pci_dev_put(pdev);
}

/* One message by the oldest way. */
static void one_message(struct pci_dev *pdev)
{
	CHECK_EQ(pci_msi_vec_count(pdev), 4);
	CHECK_EQ(pci_enable_msi(pdev), 0);
	CHECK(pdev->msi_enabled);
	pci_disable_msi(pdev);
	CHECK(!pdev->msi_enabled);
}

static int probe_card(struct pci_dev *pdev, const struct pci_device_id *id)
{
	void __iomem *bar;

	if (pcim_enable_device(pdev))
		return -EIO;
	one_message(pdev);
	CHECK_EQ(pcim_iomap_regions(pdev, 1 << 1, "none"), -EINVAL);
	CHECK_EQ(pcim_iomap_regions(pdev, 1 << 0 | 1 << 2, "card"), 0);
	CHECK(pcim_iomap_table(pdev)[0] && pcim_iomap_table(pdev)[2]);
	pcim_iounmap_regions(pdev, 1 << 0 | 1 << 2);
	CHECK(!pcim_iomap_table(pdev)[0]);
	bar = pcim_iomap(pdev, 2, 0);
	CHECK(bar && pcim_iomap_table(pdev)[2] == bar);
	pcim_iounmap(pdev, bar);
	CHECK(!pcim_iomap_table(pdev)[2]);
	/* it stays enabled when the driver goes */
	pcim_pin_device(pdev);
	return 0;
}

void k_managed_card(void)
{
	static const struct pci_device_id ids[] = { { PCI_DEVICE(0x1af4, 0x1110) }, { } };
	static struct pci_driver driver = {
		.name = "devices_test", .id_table = ids, .probe = probe_card,
	};
	struct pci_dev *pdev = find_card();

	CHECK_EQ(pci_register_driver(&driver), 0);
	CHECK(pci_dev_driver(pdev) == &driver);
	pci_unregister_driver(&driver);
	CHECK(pci_is_enabled(pdev));
	pci_disable_device(pdev);
	pci_dev_put(pdev);
}

void k_pin_of_a_card(int raised)
{
	struct pci_dev *pdev = find_card();
	u16 command;

	CHECK_EQ(pci_check_and_mask_intx(pdev), raised);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	CHECK_EQ(!!(command & PCI_COMMAND_INTX_DISABLE), raised);
	/* not while it would be raised at once */
	CHECK_EQ(pci_check_and_unmask_intx(pdev), !raised);
	pci_intx(pdev, 1);
	pci_dev_put(pdev);
}

#define CASE(fn) { #fn, fn }
const struct kern_case devices_cases[] = {
	CASE(line_is_freed_while_it_comes_again), { }
};
