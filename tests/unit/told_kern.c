// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of told.c: the faults, and what is left. */
#include <linux/cdev.h>
#include <linux/debugfs.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

#include "told.h"

static struct platform_device *pdev;
static struct pci_dev *card;

int k_begin(void)
{
	card = pci_get_device(0x1af4, 0x1112, NULL);
	if (!card || pci_enable_device(card))
		return -ENODEV;
	pdev = platform_device_register_simple("told", PLATFORM_DEVID_NONE, NULL, 0);
	return PTR_ERR_OR_ZERO(pdev);
}

void k_end(void)
{
	platform_device_unregister(pdev);
	pci_disable_device(card);
	pci_dev_put(card);
}

/* ---- DMA ------------------------------------------------------------------------ */

static void unmap_as(size_t size, enum dma_data_direction dir)
{
	void *p = kzalloc(256, GFP_KERNEL);
	dma_addr_t dma = dma_map_single(&pdev->dev, p, 256, DMA_TO_DEVICE);

	dma_unmap_single(&pdev->dev, dma, size, dir);
	kfree(p);
}

static void unmap_less(void)
{
	unmap_as(128, DMA_TO_DEVICE);
}

static void unmap_other_way(void)
{
	unmap_as(256, DMA_FROM_DEVICE);
}

static void unmap_right(void)
{
	unmap_as(256, DMA_TO_DEVICE);
}

static void unmap_twice(void)
{
	void *p = kzalloc(256, GFP_KERNEL);
	dma_addr_t dma = dma_map_single(&pdev->dev, p, 256, DMA_TO_DEVICE);

	dma_unmap_single(&pdev->dev, dma, 256, DMA_TO_DEVICE);
	dma_unmap_single(&pdev->dev, dma, 256, DMA_TO_DEVICE);
	kfree(p);
}

/* ---- others --------------------------------------------------------------------- */

static void expires(struct timer_list *t)
{
}

static void arm_zeros(void)
{
	struct timer_list *t = kzalloc(sizeof(*t), GFP_KERNEL);

	mod_timer(t, jiffies + HZ);
	kfree(t);
}

static void arm_timer(void)
{
	struct timer_list *t = kzalloc(sizeof(*t), GFP_KERNEL);

	timer_setup(t, expires, 0);
	mod_timer(t, jiffies + HZ);
	del_timer_sync(t);
	kfree(t);
}

static void read_beyond(void)
{
	void __iomem *registers = pci_iomap(card, 0, 0);

	readl(registers + SZ_1M);
	pci_iounmap(card, registers);
}

static void read_registers(void)
{
	void __iomem *registers = pci_iomap(card, 0, 0);

	readl(registers);
	pci_iounmap(card, registers);
}

/* Nothing here is a clock, which one of the letters is for. */
static void print_pointer(const char *format)
{
	char text[64];

	snprintf(text, sizeof(text), format, &pdev);
}

static void print_unknown(void)
{
	print_pointer("%pC");
}

static void print_known(void)
{
	print_pointer("%px");
}

const struct told_fault k_faults[] = {
	{ "driver frees DMA memory with different size", unmap_less, unmap_right },
	{ "driver frees DMA memory with different direction", unmap_other_way, unmap_right },
	{ "driver tries to free DMA memory it has not allocated", unmap_twice, unmap_right },
	{ "is used but was never set up", arm_zeros, arm_timer },
	{ ", where no ioremap() has mapped anything", read_beyond, read_registers },
	{ "is not in the shim (lib/vsprintf.c)", print_unknown, print_known },
	{ }
};

/* ---- what is left ----------------------------------------------------------------- */

static void *left;
static dma_addr_t left_dma;

static void leave_area(void)
{
	left = vmalloc(PAGE_SIZE);
}

static void drop_area(void)
{
	vfree(left);
}

static void leave_region(void)
{
	left = request_mem_region(0xfe000000, 4096, "told");
}

static void drop_region(void)
{
	release_mem_region(0xfe000000, 4096);
}

static void leave_io(void)
{
	left = (void __force *)pci_iomap(card, 0, 0);
}

static void drop_io(void)
{
	pci_iounmap(card, (void __iomem *)left);
}

static void leave_vectors(void)
{
	pci_alloc_irq_vectors(card, 1, 1, PCI_IRQ_MSI);
}

static void drop_vectors(void)
{
	pci_free_irq_vectors(card);
}

static void leave_pool(void)
{
	left = dma_pool_create("told", &pdev->dev, 64, 8, 0);
}

static void drop_pool(void)
{
	dma_pool_destroy(left);
}

static void leave_mapping(void)
{
	left = kzalloc(64, GFP_KERNEL);
	left_dma = dma_map_single(&pdev->dev, left, 64, DMA_TO_DEVICE);
}

static void drop_mapping(void)
{
	dma_unmap_single(&pdev->dev, left_dma, 64, DMA_TO_DEVICE);
	kfree(left);
}

static void leave_coherent(void)
{
	left = dma_alloc_coherent(&pdev->dev, 64, &left_dma, GFP_KERNEL);
}

static void drop_coherent(void)
{
	dma_free_coherent(&pdev->dev, 64, left, left_dma);
}

static const struct file_operations no_fops;
static struct cdev cdev;

static void leave_cdev(void)
{
	cdev_init(&cdev, &no_fops);
	cdev_add(&cdev, MKDEV(240, 0), 1);
}

static void drop_cdev(void)
{
	cdev_del(&cdev);
}

static struct sg_table *no_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	return ERR_PTR(-ENOMEM);
}

static void no_unmap(struct dma_buf_attachment *at, struct sg_table *t,
		     enum dma_data_direction dir)
{
}

static void no_release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops buf_ops = {
	.map_dma_buf = no_map, .unmap_dma_buf = no_unmap, .release = no_release,
};

static void leave_buf(void)
{
	struct dma_buf_export_info info = {
		.exp_name = "told", .owner = NULL, .ops = &buf_ops, .size = PAGE_SIZE,
		.flags = O_RDWR, .priv = &left,
	};

	left = dma_buf_export(&info);
}

static void drop_buf(void)
{
	dma_buf_put(left);
}

static struct dma_buf_attachment *attachment;

static void leave_attachment(void)
{
	leave_buf();
	attachment = dma_buf_attach(left, &pdev->dev);
}

static void drop_attachment(void)
{
	dma_buf_detach(left, attachment);
	drop_buf();
}

static void leave_file(void)
{
	left = filp_open("/sys/class", O_RDONLY, 0);
}

static void drop_file(void)
{
	filp_close(left, NULL);
}

static void leave_entry(void)
{
	left = debugfs_create_dir("told", NULL);
}

static void drop_entry(void)
{
	debugfs_remove(left);
}

static struct srcu_struct domain;

static void leave_domain(void)
{
	init_srcu_struct(&domain);
}

static void drop_domain(void)
{
	cleanup_srcu_struct(&domain);
}

static irqreturn_t handler(int irq, void *dev_id)
{
	return IRQ_NONE;
}

static void leave_handler(void)
{
	leave_vectors();
	WARN_ON(request_irq(pci_irq_vector(card, 0), handler, 0, "told", &left));
}

static void drop_handler(void)
{
	free_irq(pci_irq_vector(card, 0), &left);
	drop_vectors();
}

const struct told_left k_left[] = {
	{ "vmalloc area", leave_area, drop_area },
	{ "region", leave_region, drop_region },
	{ "DMA pool", leave_pool, drop_pool },
	{ "DMA mapping", leave_mapping, drop_mapping },
	{ "coherent DMA memory", leave_coherent, drop_coherent },
	{ "cdev", leave_cdev, drop_cdev },
	{ "dma-buf", leave_buf, drop_buf },
	{ "dma-buf attachment", leave_attachment, drop_attachment },
	{ "file", leave_file, drop_file },
	{ "debugfs entry", leave_entry, drop_entry },
	{ "SRCU domain", leave_domain, drop_domain },
	{ "I/O mapping", leave_io, drop_io },
	{ "interrupt vectors", leave_vectors, drop_vectors },
	{ "interrupt handler", leave_handler, drop_handler },
	{ }
};
