// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers of devices call, function by function: how lines of interrupts flow,
 * platform devices, regions of addresses, pools of memory for DMA, cards of PCI. The
 * device "hardware" of the class mdev_test has a file "case", to which the name of a
 * case (cases.h) is written. How these play together is in irq_test.c, platform_test.c
 * and pci_test.c.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "cases.h"
#include "mdev_test.h"

/* ---- how lines flow ------------------------------------------------------------------ */

static int line;
static DEFINE_SPINLOCK(said_lock);
static char said[64];		/* a letter for each thing that was done */

static void say(char letter)
{
	unsigned long flags;
	size_t n;

	spin_lock_irqsave(&said_lock, flags);
	n = strlen(said);
	if (n < sizeof(said) - 1)
		said[n] = letter;
	spin_unlock_irqrestore(&said_lock, flags);
}

static void say_nothing(void)
{
	unsigned long flags;

	spin_lock_irqsave(&said_lock, flags);
	memset(said, 0, sizeof(said));
	spin_unlock_irqrestore(&said_lock, flags);
}

#define OP(name, letter) static void name(struct irq_data *data) { say(letter); }
OP(op_ack, 'a')
OP(op_mask, 'm')
OP(op_unmask, 'u')
OP(op_eoi, 'e')
OP(op_mask_ack, 'b')
OP(op_enable, 'E')
OP(op_disable, 'D')

static int op_set_type(struct irq_data *data, unsigned int type)
{
	say('t');
	return type == IRQ_TYPE_EDGE_BOTH ? -EINVAL : IRQ_SET_MASK_OK;
}

static struct irq_chip plain = {
	.name = "plain", .irq_ack = op_ack, .irq_mask = op_mask, .irq_unmask = op_unmask,
	.irq_eoi = op_eoi, .irq_set_type = op_set_type,
};
static struct irq_chip whole = {
	.name = "whole", .irq_mask = op_mask, .irq_unmask = op_unmask,
	.irq_mask_ack = op_mask_ack, .irq_enable = op_enable, .irq_disable = op_disable,
	.irq_set_type = op_set_type, .flags = IRQCHIP_SET_TYPE_MASKED,
};

static irqreturn_t handler(int irq, void *dev_id)
{
	say('h');
	return IRQ_HANDLED;
}

static void raise_fn(struct irq_work *work)
{
	generic_handle_irq(line);
}

/* What was said from before it to its end. */
static const char *raise_line(void)
{
	static DEFINE_IRQ_WORK(work, raise_fn);

	say_nothing();
	irq_work_queue(&work);
	irq_work_sync(&work);
	return said;
}

static void new_line(const struct irq_chip *chip, irq_flow_handler_t flow)
{
	line = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	CHECK(line > 0);
	irq_set_chip_and_handler(line, chip, flow);
	irq_clear_status_flags(line, IRQ_NOREQUEST);
}

static void request(unsigned long flags)
{
	CHECK_EQ(request_irq(line, handler, flags, "flow", &line), 0);
}

static void free_line(void)
{
	free_irq(line, &line);
	irq_free_desc(line);
}

static void level_line_is_masked_while_it_is_handled(void)
{
	new_line(&plain, handle_level_irq);
	CHECK_EQ(irq_set_irq_type(line, IRQ_TYPE_LEVEL_HIGH), 0);
	request(0);
	CHECK_STR(raise_line(), "mahu");
	disable_irq(line);
	/* masked: its device raises it again, nobody else does */
	CHECK_STR(raise_line(), "ma");
	enable_irq(line);
	CHECK_STR(raise_line(), "mahu");
	free_line();

	new_line(&whole, handle_level_irq);
	request(0);
	CHECK_STR(raise_line(), "bhu");
	free_line();
}

static void controller_is_told_of_the_end(void)
{
	new_line(&plain, handle_fasteoi_irq);
	request(0);
	CHECK_STR(raise_line(), "he");
	disable_irq(line);
	CHECK_STR(raise_line(), "me");
	free_line();
}

static void simple_line_is_only_handled(void)
{
	new_line(&plain, handle_simple_irq);
	request(0);
	CHECK_STR(raise_line(), "h");
	disable_irq(line);
	CHECK_STR(raise_line(), "");
	free_line();
}

static void edge_is_acknowledged_and_kept_while_it_is_off(void)
{
	new_line(&plain, handle_edge_irq);
	request(0);
	CHECK_STR(raise_line(), "ah");
	disable_irq(line);
	CHECK_STR(raise_line(), "ma");
	free_line();
}

/* Nobody knows what its controller would have to be told. */
static void bad_line_is_not_handled(void)
{
	say_nothing();
	/* masked since it was made */
	new_line(&plain, handle_bad_irq);
	CHECK_STR(said, "a");
	CHECK_STR(raise_line(), "");
	irq_free_desc(line);
}

static void chip_enables_and_disables_as_it_can(void)
{
	new_line(&whole, handle_level_irq);
	say_nothing();
	request(0);
	CHECK_STR(said, "E");
	disable_irq(line);
	disable_irq(line);
	enable_irq(line);
	CHECK_STR(said, "ED");
	enable_irq(line);
	CHECK_STR(said, "EDE");
	free_line();
}

static void lines_have_a_type(void)
{
	CHECK_EQ(irq_set_irq_type(123456, IRQ_TYPE_LEVEL_HIGH), -EINVAL);
	CHECK_EQ(irq_set_handler_data(123456, &line), -EINVAL);
	CHECK(!irq_get_irq_data(123456));
	new_line(&plain, handle_level_irq);
	say_nothing();
	CHECK_EQ(irq_set_irq_type(line, IRQ_TYPE_LEVEL_HIGH), 0);
	CHECK_STR(said, "t");
	CHECK_EQ(irqd_get_trigger_type(irq_get_irq_data(line)), IRQ_TYPE_LEVEL_HIGH);
	CHECK_EQ(irq_set_irq_type(line, IRQ_TYPE_EDGE_BOTH), -EINVAL);
	irq_free_desc(line);

	new_line(&whole, handle_level_irq);
	request(0);
	say_nothing();
	/* masked meanwhile, where the chip wants that */
	CHECK_EQ(irq_set_irq_type(line, IRQ_TYPE_LEVEL_LOW), 0);
	CHECK_STR(said, "mtu");
	free_line();
}

static void demultiplex(struct irq_desc *desc)
{
	say(irq_desc_get_handler_data(desc) == &plain ? 'c' : '?');
}

static void chained_line_is_on_at_once(void)
{
	new_line(&plain, handle_level_irq);
	irq_set_chained_handler_and_data(line, demultiplex, &plain);
	CHECK_STR(raise_line(), "c");
	/* it has a handler: nobody else is one */
	CHECK_EQ(request_irq(line, handler, 0, "flow", &line), -EINVAL);
	CHECK_EQ(irq_set_handler_data(line, NULL), 0);
	CHECK_STR(raise_line(), "?");
	/* quiet from now on */
	say_nothing();
	irq_set_handler(line, NULL);
	CHECK_STR(said, "ma");
	irq_free_desc(line);
}

/* ---- platform devices --------------------------------------------------------------- */

static const struct resource resources[] = {
	DEFINE_RES_MEM_NAMED(0x4000000000, 0x100, "registers"),
	DEFINE_RES_IO_NAMED(0x300, 8, "ports"),
	DEFINE_RES_IRQ_NAMED(7, "done"),
};

static void resources_are_found_by_number_and_name(void)
{
	struct platform_device *pdev;

	pdev = platform_device_register_resndata(NULL, "hardware_test", 3, resources,
						 ARRAY_SIZE(resources), "data", 5);
	CHECK(!IS_ERR(pdev));
	CHECK_STR(dev_name(&pdev->dev), "hardware_test.3");
	CHECK_STR(dev_get_platdata(&pdev->dev), "data");
	CHECK_EQ(platform_get_mem_or_io(pdev, 0)->start, 0x4000000000);
	CHECK_EQ(platform_get_mem_or_io(pdev, 1)->start, 0x300);
	CHECK(!platform_get_mem_or_io(pdev, 2));
	CHECK_EQ(platform_get_irq(pdev, 0), 7);
	CHECK_EQ(platform_get_irq(pdev, 1), -ENXIO);
	CHECK_EQ(platform_get_irq_optional(pdev, 1), -ENXIO);
	CHECK_EQ(platform_get_irq_byname(pdev, "done"), 7);
	CHECK_EQ(platform_get_irq_byname(pdev, "failed"), -ENXIO);
	CHECK_EQ(platform_irq_count(pdev), 1);
	CHECK(!platform_get_resource_byname(pdev, IORESOURCE_MEM, "ports"));
	CHECK_EQ(PTR_ERR((void __force *)devm_platform_ioremap_resource_byname(pdev, "none")),
		 -EINVAL);
	platform_device_unregister(pdev);
}

static void devices_that_want_the_same_are_refused(void)
{
	struct platform_device_info info = {
		.name = "hardware_test", .id = PLATFORM_DEVID_AUTO, .res = resources,
		.num_res = ARRAY_SIZE(resources), .dma_mask = DMA_BIT_MASK(32),
	};
	/* some of it, and some beside it */
	struct resource part = DEFINE_RES_MEM(0x4000000080, 0x100);
	struct platform_device *first, *second;

	first = platform_device_register_full(&info);
	CHECK(!IS_ERR(first));
	CHECK_EQ(*first->dev.dma_mask, DMA_BIT_MASK(32));
	info.res = &part;
	info.num_res = 1;
	second = platform_device_register_full(&info);
	CHECK(IS_ERR(second));
	CHECK_EQ(PTR_ERR(second), -EBUSY);
	platform_device_unregister(first);
}

static void no_release(struct device *dev)
{
}

static void several_are_added_or_none(void)
{
	static struct platform_device a = { .name = "hardware_a", .id = PLATFORM_DEVID_NONE,
					    .dev.release = no_release };
	static struct platform_device b = { .name = "hardware_b", .id = 1,
					    .dev.release = no_release };
	static struct platform_device again = { .name = "hardware_a", .id = PLATFORM_DEVID_NONE,
						.dev.release = no_release };
	struct platform_device *two[] = { &a, &b }, *one[] = { &again };

	CHECK_EQ(platform_add_devices(two, 2), 0);
	CHECK_STR(dev_name(&a.dev), "hardware_a");
	CHECK_STR(dev_name(&b.dev), "hardware_b.1");
	CHECK_EQ(platform_add_devices(one, 1), -EEXIST);
	platform_device_put(&again);
	platform_device_unregister(&b);
	platform_device_unregister(&a);
}

static int failing_probe(struct platform_device *pdev)
{
	return -ENODEV;
}

static void driver_that_finds_nothing_is_not_bound(void)
{
	static struct platform_driver driver = {
		.probe = failing_probe, .driver = { .name = "hardware_test" },
	};
	struct platform_device *pdev;

	pdev = platform_device_register_simple("hardware_test", PLATFORM_DEVID_NONE, NULL, 0);
	CHECK_EQ(platform_driver_register(&driver), 0);
	CHECK(!pdev->dev.driver);
	platform_driver_unregister(&driver);
	platform_device_unregister(pdev);
}

/* ---- regions of addresses ------------------------------------------------------------ */

#define FREE	0x4000001000ULL		/* where no machine has anything */

static void region_is_had_once(void)
{
	CHECK(request_mem_region(FREE, 16, "first"));
	CHECK(!request_mem_region(FREE + 15, 1, "second"));
	CHECK(!request_mem_region(FREE - 16, 64, "around"));
	CHECK(request_mem_region(FREE + 16, 16, "beside"));
	release_mem_region(FREE, 16);
	release_mem_region(FREE + 16, 16);
	CHECK(request_mem_region(FREE, 32, "both"));
	release_mem_region(FREE, 32);
	/* it is there no more: a message */
	release_mem_region(FREE, 32);
}

/* ---- memory for DMA ------------------------------------------------------------------ */

#define BLOCKS	64

static dma_addr_t block_at[BLOCKS];
static void *block[BLOCKS];

/* Whether block @i is aligned, zeroed, beside no boundary, and apart from the one before. */
static bool block_is_good(int i)
{
	return !(block_at[i] & 31) && block_at[i] / 512 == (block_at[i] + 99) / 512 &&
	       !memchr_inv(block[i], 0, 100) &&
	       (!i || block_at[i] - block_at[i - 1] >= 128 || block_at[i - 1] - block_at[i] >= 128);
}

static void blocks_of_a_pool_are_apart_and_within_bounds(void)
{
	struct platform_device *pdev = platform_device_register_simple("pool", 0, NULL, 0);
	struct dma_pool *pool;
	int i, good = 0;

	CHECK(!IS_ERR(pdev));
	CHECK(!dma_pool_create("p", &pdev->dev, 100, 3, 0));
	CHECK(!dma_pool_create("p", &pdev->dev, 0, 0, 0));
	CHECK(!dma_pool_create("p", &pdev->dev, 100, 0, 64));
	pool = dma_pool_create("p", &pdev->dev, 100, 32, 512);
	CHECK(pool);
	for (i = 0; i < BLOCKS; i++) {
		block[i] = dma_pool_zalloc(pool, GFP_KERNEL, &block_at[i]);
		CHECK(block[i]);
		good += block_is_good(i);
		memset(block[i], 0xff, 100);
	}
	CHECK_EQ(good, BLOCKS);
	/* there is room for one again, wherever */
	dma_pool_free(pool, block[7], block_at[7]);
	block[7] = dma_pool_alloc(pool, GFP_ATOMIC, &block_at[7]);
	CHECK(block[7]);
	for (i = 0; i < BLOCKS; i++)
		dma_pool_free(pool, block[i], block_at[i]);
	dma_pool_destroy(pool);
	platform_device_unregister(pdev);
}

static int dmam_error;

static int dmam_probe(struct platform_device *pdev)
{
	struct dma_pool *pool = dmam_pool_create("p", &pdev->dev, 64, 0, 0);
	dma_addr_t at;
	void *mem = dmam_alloc_coherent(&pdev->dev, 100, &at, GFP_KERNEL), *one;

	one = pool ? dma_pool_alloc(pool, GFP_KERNEL, &at) : NULL;
	if (!mem || !one)
		return -ENOMEM;
	dma_pool_free(pool, one, at);
	dmam_error = 0;
	return 0;
}

/* Nothing is given back but by the driver's end. */
static void managed_memory_for_dma_goes_with_its_driver(void)
{
	static struct platform_driver driver = {
		.probe = dmam_probe, .driver = { .name = "dmam" },
	};
	struct platform_device *pdev = platform_device_register_simple("dmam", 0, NULL, 0);

	dmam_error = 1;
	CHECK(!IS_ERR(pdev));
	CHECK_EQ(platform_driver_register(&driver), 0);
	platform_driver_unregister(&driver);
	platform_device_unregister(pdev);
	CHECK_EQ(dmam_error, 0);
}

/* ---- cards --------------------------------------------------------------------------- */

/* QEMU's edu, which the test has found. */
#define EDU	0x1234, 0x11e8

static void card_is_found_by_what_it_is(void)
{
	static const struct pci_device_id present[] = { { PCI_DEVICE(0x1234, 0x11e8) }, { } };
	static const struct pci_device_id absent[] = { { PCI_DEVICE(0x1234, 0x9999) }, { } };
	struct pci_dev *pdev = pci_get_device(EDU, NULL), *same;

	CHECK(pdev);
	CHECK_EQ(pci_dev_present(present), 1);
	CHECK_EQ(pci_dev_present(absent), 0);
	same = pci_get_subsys(0x1234, PCI_ANY_ID, 0x1af4, 0x1100, NULL);
	CHECK(same == pdev);
	pci_dev_put(same);
	same = pci_get_class(0x00ff00, NULL);
	CHECK(same == pdev);
	CHECK(!pci_get_class(0x00ff00, same));
	same = pci_get_domain_bus_and_slot(0, pdev->bus->number, pdev->devfn);
	CHECK(same == pdev);
	pci_dev_put(same);
	same = pci_get_slot(pdev->bus, pdev->devfn);
	CHECK(same == pdev);
	pci_dev_put(same);
	CHECK(!pci_get_slot(pdev->bus, PCI_DEVFN(30, 7)));
	CHECK(pci_find_bus(0, pdev->bus->number) == pdev->bus);
	CHECK(pci_device_is_present(pdev));
	CHECK(!pci_dev_driver(pdev));
	pci_dev_put(pdev);
}

static void card_is_enabled_as_often_as_disabled(void)
{
	struct pci_dev *pdev = pci_get_device(EDU, NULL);

	CHECK(pdev);
	CHECK(!pci_is_enabled(pdev));
	CHECK_EQ(pci_enable_device_mem(pdev), 0);
	CHECK_EQ(pci_enable_device(pdev), 0);
	pci_disable_device(pdev);
	CHECK(pci_is_enabled(pdev));
	pci_disable_device(pdev);
	CHECK(!pci_is_enabled(pdev));
	pci_dev_put(pdev);
}

static void state_of_a_card_is_restored_once(void)
{
	struct pci_dev *pdev = pci_get_device(EDU, NULL);
	u16 command, now;
	u32 bar;

	CHECK(pdev);
	CHECK_EQ(pci_enable_device(pdev), 0);
	pci_set_master(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	CHECK(command & PCI_COMMAND_MASTER);
	CHECK_EQ(pci_save_state(pdev), 0);
	pci_clear_master(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &now);
	CHECK(!(now & PCI_COMMAND_MASTER));
	pci_write_config_dword(pdev, PCI_BASE_ADDRESS_0, 0);
	pci_restore_state(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &now);
	CHECK_EQ(now, command);
	pci_read_config_dword(pdev, PCI_BASE_ADDRESS_0, &bar);
	CHECK_EQ(bar & PCI_BASE_ADDRESS_MEM_MASK, pci_resource_start(pdev, 0));
	/* what was saved is used up */
	pci_clear_master(pdev);
	pci_restore_state(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &now);
	pci_disable_device(pdev);
	pci_dev_put(pdev);
	CHECK(!(now & PCI_COMMAND_MASTER));
}

static void regions_of_a_card_are_had_once(void)
{
	struct pci_dev *pdev = pci_get_device(EDU, NULL);
	void __iomem *part;

	CHECK(pdev);
	CHECK_EQ(pci_enable_device(pdev), 0);
	CHECK_EQ(pci_select_bars(pdev, IORESOURCE_MEM), 1 << 0);
	CHECK_EQ(pci_select_bars(pdev, IORESOURCE_IO), 0);
	CHECK_EQ(pci_request_selected_regions(pdev, 1 << 0, "first"), 0);
	CHECK_EQ(pci_request_regions(pdev, "second"), -EBUSY);
	CHECK_EQ(pci_request_region(pdev, 0, "second"), -EBUSY);
	pci_release_selected_regions(pdev, 1 << 0);
	CHECK_EQ(pci_request_selected_regions_exclusive(pdev, 1 << 0, "first"), 0);
	CHECK_EQ(pci_request_regions_exclusive(pdev, "second"), -EBUSY);
	pci_release_selected_regions(pdev, 1 << 0);
	CHECK_EQ(pci_request_regions_exclusive(pdev, "all"), 0);
	pci_release_regions(pdev);
	part = pci_iomap_range(pdev, 0, 4096, 0);
	CHECK(part);
	pci_iounmap(pdev, part);
	CHECK(!pci_iomap_range(pdev, 0, pci_resource_len(pdev, 0), 0));
	CHECK(!pci_iomap(pdev, 1, 0));
	pci_disable_device(pdev);
	pci_dev_put(pdev);
}

static irqreturn_t vector_handler(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}

static void vectors_of_a_card_are_those_that_it_has(void)
{
	struct msix_entry entry = { .entry = 0 };
	struct pci_dev *pdev = pci_get_device(EDU, NULL);

	CHECK(pdev);
	CHECK_EQ(pci_enable_device(pdev), 0);
	CHECK_EQ(pci_msi_vec_count(pdev), 1);
	CHECK_EQ(pci_msix_vec_count(pdev), -EINVAL);
	CHECK(pci_enable_msix_range(pdev, &entry, 1, 1) < 0);
	CHECK_EQ(pci_alloc_irq_vectors(pdev, 2, 8, PCI_IRQ_MSI), -ENOSPC);
	CHECK_EQ(pci_alloc_irq_vectors(pdev, 1, 8, PCI_IRQ_MSI | PCI_IRQ_MSIX), 1);
	CHECK(pdev->msi_enabled && !pdev->msix_enabled);
	CHECK_EQ(pci_irq_vector(pdev, 1), -EINVAL);
	CHECK_EQ(pci_request_irq(pdev, 0, vector_handler, NULL, pdev, "vector%d", 0), 0);
	pci_free_irq(pdev, 0, pdev);
	pci_free_irq_vectors(pdev);
	CHECK_EQ(pci_enable_msi(pdev), 0);
	CHECK(pdev->msi_enabled);
	pci_disable_msi(pdev);
	CHECK(!pdev->msi_enabled);
	pci_disable_device(pdev);
	pci_dev_put(pdev);
}

/* ---- the file ------------------------------------------------------------------------ */

static const struct mdev_test_case cases[] = {
	CASE(level_line_is_masked_while_it_is_handled),
	CASE(controller_is_told_of_the_end),
	CASE(simple_line_is_only_handled),
	CASE(edge_is_acknowledged_and_kept_while_it_is_off),
	CASE(bad_line_is_not_handled),
	CASE(chip_enables_and_disables_as_it_can),
	CASE(lines_have_a_type),
	CASE(chained_line_is_on_at_once),
	CASE(resources_are_found_by_number_and_name),
	CASE(devices_that_want_the_same_are_refused),
	CASE(several_are_added_or_none),
	CASE(driver_that_finds_nothing_is_not_bound),
	CASE(region_is_had_once),
	CASE(blocks_of_a_pool_are_apart_and_within_bounds),
	CASE(managed_memory_for_dma_goes_with_its_driver),
	CASE(card_is_found_by_what_it_is),
	CASE(card_is_enabled_as_often_as_disabled),
	CASE(state_of_a_card_is_restored_once),
	CASE(regions_of_a_card_are_had_once),
	CASE(vectors_of_a_card_are_those_that_it_has),
};

static ssize_t case_store(struct device *dev, struct device_attribute *attr, const char *name,
			  size_t count)
{
	return mdev_test_run_case(cases, ARRAY_SIZE(cases), name, count);
}
static DEVICE_ATTR_WO(case);

static struct attribute *hardware_attrs[] = {
	&dev_attr_case.attr,
	NULL
};
ATTRIBUTE_GROUPS(hardware);

static struct device *hardware;

static int __init hardware_test_init(void)
{
	hardware = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, hardware_groups,
					     "hardware");
	return PTR_ERR_OR_ZERO(hardware);
}

static void __exit hardware_test_exit(void)
{
	device_unregister(hardware);
}

module_init(hardware_test_init);
module_exit(hardware_test_exit);
MODULE_DESCRIPTION("Cases of what drivers of devices call");
MODULE_LICENSE("GPL v2");
