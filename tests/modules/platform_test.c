// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platform devices, a line of interrupts and a driver of both: "plat_one.0" with the
 * line and data, "plat_two.N.auto" with nothing. A bound device says in its file
 * "found" what the driver was given; writing to it raises the line.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct platform_test {
	unsigned long data;
	int irq, other_irq, named;
	unsigned int interrupts;
};

static int line;

static void raise_fn(struct irq_work *work)
{
	generic_handle_irq(line);
}

static DEFINE_IRQ_WORK(raise_work, raise_fn);

static irqreturn_t handle(int irq, void *dev_id)
{
	struct platform_test *t = dev_id;

	t->interrupts++;
	return IRQ_HANDLED;
}

static ssize_t found_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct platform_test *t = dev_get_drvdata(dev);
	const char *text = dev_get_platdata(dev);

	return sysfs_emit(buf, "data %lu text %s irq %d other %d named %d interrupts %u\n", t->data,
			  text ? text : "none", t->irq > 0, t->other_irq, t->named == t->irq,
			  t->interrupts);
}

static ssize_t found_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	irq_work_queue(&raise_work);
	irq_work_sync(&raise_work);
	return count;
}
static DEVICE_ATTR_RW(found);

static struct attribute *platform_test_attrs[] = {
	&dev_attr_found.attr,
	NULL,
};
ATTRIBUTE_GROUPS(platform_test);

static int probe(struct platform_device *pdev)
{
	struct platform_test *t = devm_kzalloc(&pdev->dev, sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	t->data = platform_get_device_id(pdev)->driver_data;
	t->irq = platform_get_irq_optional(pdev, 0);
	t->other_irq = platform_get_irq_optional(pdev, 1);
	t->named = platform_get_irq_byname_optional(pdev, "bell");
	platform_set_drvdata(pdev, t);
	if (t->irq < 0)
		return 0;
	return devm_request_irq(&pdev->dev, t->irq, handle, 0, NULL, t);
}

static const struct platform_device_id ids[] = {
	{ "plat_one", 1 },
	{ "plat_two", 2 },
	{ }
};
MODULE_DEVICE_TABLE(platform, ids);

static struct platform_driver driver = {
	.probe = probe,
	.driver = { .name = "platform_test", .dev_groups = platform_test_groups },
	.id_table = ids,
};

static struct platform_device *one, *two;

static int add_devices(void)
{
	const struct resource res = DEFINE_RES_IRQ_NAMED(line, "bell");

	one = platform_device_register_resndata(NULL, "plat_one", 0, &res, 1, "hello", 6);
	if (IS_ERR(one))
		return PTR_ERR(one);
	two = platform_device_register_simple("plat_two", PLATFORM_DEVID_AUTO, NULL, 0);
	if (!IS_ERR(two))
		return 0;
	platform_device_unregister(one);
	return PTR_ERR(two);
}

static int __init platform_test_init(void)
{
	int err;

	line = irq_alloc_desc(NUMA_NO_NODE);
	if (line < 0)
		return line;
	irq_set_chip_and_handler(line, &dummy_irq_chip, handle_simple_irq);
	irq_clear_status_flags(line, IRQ_NOREQUEST);
	err = platform_driver_register(&driver);
	if (err)
		goto err_line;
	err = add_devices();
	if (err)
		goto err_driver;
	return 0;

err_driver:
	platform_driver_unregister(&driver);
err_line:
	irq_free_desc(line);
	return err;
}
module_init(platform_test_init);

/* Unbound by a user, the devices give the module back, whose line they pin. */
static void __exit platform_test_exit(void)
{
	platform_device_unregister(two);
	platform_device_unregister(one);
	platform_driver_unregister(&driver);
	irq_free_desc(line);
}
module_exit(platform_test_exit);

MODULE_DESCRIPTION("platform devices and their driver");
MODULE_LICENSE("GPL");
