// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of devices.c. */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/kernel.h>
#include <linux/kfifo.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "devices.h"

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

/* By software, in a task of its own: a line that is freed meanwhile waits for that. */
static void line_is_freed_while_it_comes_again(void)
{
	int i;

	for (i = 0; i < 20; i++) {
		new_line(&plain, handle_fasteoi_irq);
		request(0);
		disable_irq(line);
		raise_line();
		enable_irq(line);
		free_irq(line, &line);
		irq_free_desc(line);
	}
}

static void bad_line_is_said(void)
{
	new_line(&plain, handle_bad_irq);
	CHECK_STR(raise_line(), "a");
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
	irq_set_handler(line, NULL);
	irq_free_desc(line);
}

/* ---- platform devices --------------------------------------------------------------- */

static const struct resource resources[] = {
	DEFINE_RES_MEM_NAMED(0x40000000, 0x100, "registers"),
	DEFINE_RES_IO_NAMED(0x300, 8, "ports"),
	DEFINE_RES_IRQ_NAMED(7, "done"),
};

static void resources_are_found_by_number_and_name(void)
{
	struct platform_device *pdev;

	pdev = platform_device_register_resndata(NULL, "devices_test", 3, resources,
						 ARRAY_SIZE(resources), "data", 5);
	CHECK(!IS_ERR(pdev));
	CHECK_STR(dev_name(&pdev->dev), "devices_test.3");
	CHECK_STR(dev_get_platdata(&pdev->dev), "data");
	CHECK_EQ(platform_get_mem_or_io(pdev, 0)->start, 0x40000000);
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
		.name = "devices_test", .id = PLATFORM_DEVID_AUTO, .res = resources,
		.num_res = ARRAY_SIZE(resources), .dma_mask = DMA_BIT_MASK(32),
	};
	/* some of it, and some beside it */
	struct resource part = DEFINE_RES_MEM(0x40000080, 0x100);
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
	static struct platform_device a = { .name = "devices_a", .id = PLATFORM_DEVID_NONE,
					    .dev.release = no_release };
	static struct platform_device b = { .name = "devices_b", .id = 1,
					    .dev.release = no_release };
	static struct platform_device again = { .name = "devices_a", .id = PLATFORM_DEVID_NONE,
						.dev.release = no_release };
	struct platform_device *two[] = { &a, &b }, *one[] = { &again };

	CHECK_EQ(platform_add_devices(two, 2), 0);
	CHECK_STR(dev_name(&a.dev), "devices_a");
	CHECK_STR(dev_name(&b.dev), "devices_b.1");
	CHECK_EQ(platform_add_devices(one, 1), -EEXIST);
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
		.probe = failing_probe, .driver = { .name = "devices_test" },
	};
	struct platform_device *pdev;

	pdev = platform_device_register_simple("devices_test", PLATFORM_DEVID_NONE, NULL, 0);
	CHECK_EQ(platform_driver_register(&driver), 0);
	CHECK(!pdev->dev.driver);
	platform_driver_unregister(&driver);
	platform_device_unregister(pdev);
}

/* ---- cards ------------------------------------------------------------------------------ */

static struct pci_dev *find_card(void)
{
	struct pci_dev *pdev = pci_get_device(0x1af4, 0x1110, NULL);

	CHECK(pdev);
	return pdev;
}

void k_functions_of_a_card(void)
{
	static const struct pci_device_id present[] = { { PCI_DEVICE(0x1af4, 0x1110) }, { } };
	static const struct pci_device_id absent[] = { { PCI_DEVICE(0x1af4, 0x9999) }, { } };
	struct pci_dev *pdev = find_card(), *same;
	u16 command, before;
	u32 line_of;

	CHECK_EQ(pci_dev_present(present), 1);
	CHECK_EQ(pci_dev_present(absent), 0);
	same = pci_get_subsys(0x1af4, PCI_ANY_ID, 0x1af4, 0x1100, NULL);
	CHECK(same == pdev);
	pci_dev_put(same);
	same = pci_get_class(0x050000, NULL);
	CHECK(same == pdev);
	CHECK(!pci_get_class(0x050000, same));
	same = pci_get_domain_bus_and_slot(0, 0, pdev->devfn);
	CHECK(same == pdev);
	pci_dev_put(same);
	same = pci_get_slot(pdev->bus, pdev->devfn);
	CHECK(same == pdev);
	pci_dev_put(same);
	CHECK(!pci_get_slot(pdev->bus, PCI_DEVFN(31, 7)));
	CHECK(pci_find_bus(0, 0) == pdev->bus);
	CHECK(!pci_find_bus(0, 1));
	CHECK(pci_device_is_present(pdev));
	CHECK(pci_intx_mask_supported(pdev));

	CHECK_EQ(pci_enable_device_mem(pdev), 0);
	CHECK_EQ(pci_enable_device(pdev), 0);
	pci_set_master(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	CHECK(command & PCI_COMMAND_MASTER);
	CHECK_EQ(pci_save_state(pdev), 0);
	pci_clear_master(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &before);
	CHECK(!(before & PCI_COMMAND_MASTER));
	pci_write_config_dword(pdev, PCI_BASE_ADDRESS_0, 0);
	pci_restore_state(pdev);
	/* once */
	pci_restore_state(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &before);
	CHECK_EQ(before, command);
	pci_read_config_dword(pdev, PCI_BASE_ADDRESS_0, &line_of);
	CHECK_EQ(line_of & PCI_BASE_ADDRESS_MEM_MASK, pci_resource_start(pdev, 0));
	pci_disable_device(pdev);
	CHECK(pci_is_enabled(pdev));
	pci_disable_device(pdev);
	CHECK(!pci_is_enabled(pdev));
	pci_dev_put(pdev);
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

/* ---- fifos --------------------------------------------------------------------------------- */

void k_fifo_of_a_user(unsigned long user)
{
	void __user *u = (void __user *)user;
	DECLARE_KFIFO(bytes, char, 8);
	STRUCT_KFIFO_REC_1(16) records;
	unsigned int copied;
	char six[6];

	INIT_KFIFO(bytes);
	CHECK_EQ(kfifo_from_user(&bytes, u, 16, &copied), 0);
	CHECK_EQ(copied, 8);
	CHECK_EQ(kfifo_out(&bytes, six, 6), 6);
	CHECK(!memcmp(six, "012345", 6));
	/* round the end */
	CHECK_EQ(kfifo_from_user(&bytes, u + 8, 6, &copied), 0);
	CHECK_EQ(copied, 6);
	CHECK_EQ(kfifo_to_user(&bytes, u, 16, &copied), 0);
	CHECK_EQ(copied, 8);
	CHECK(kfifo_is_empty(&bytes));
	CHECK_EQ(kfifo_from_user(&bytes, (void __user *)8, 4, &copied), -EFAULT);
	CHECK_EQ(copied, 0);

	INIT_KFIFO(records);
	CHECK_EQ(kfifo_from_user(&records, u + 12, 4, &copied), 0);
	CHECK_EQ(copied, 4);
	CHECK_EQ(kfifo_to_user(&records, (void __user *)8, 4, &copied), -EFAULT);
	CHECK_EQ(kfifo_to_user(&records, u + 8, 8, &copied), 0);
	CHECK_EQ(copied, 4);
}

#define CASE(fn) { #fn, fn }
const struct kern_case devices_cases[] = {
	CASE(level_line_is_masked_while_it_is_handled), CASE(controller_is_told_of_the_end),
	CASE(simple_line_is_only_handled), CASE(edge_is_acknowledged_and_kept_while_it_is_off),
	CASE(line_is_freed_while_it_comes_again), CASE(bad_line_is_said), CASE(chip_enables_and_disables_as_it_can),
	CASE(lines_have_a_type), CASE(chained_line_is_on_at_once),
	CASE(resources_are_found_by_number_and_name),
	CASE(devices_that_want_the_same_are_refused), CASE(several_are_added_or_none),
	CASE(driver_that_finds_nothing_is_not_bound), { }
};
