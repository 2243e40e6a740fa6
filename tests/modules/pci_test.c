// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver of QEMU's edu card, 1234:11e8: enables it, has its BAR and a vector, and
 * has a file "pci_test" in the device that says what it found. The parameter "fail"
 * makes its probe fail, and undo all of it.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include "compat/levels.h"

#if !KAPI_PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

static int fail;
module_param(fail, int, 0644);

struct pci_test {
	void __iomem *bar;
	unsigned long data;
	int vectors;
};

static irqreturn_t handle(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}

static ssize_t pci_test_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pci_test *t = dev_get_drvdata(dev);
	struct pci_dev *pdev = to_pci_dev(dev);

	return sysfs_emit(buf, "data %lu vectors %d %s enabled %d master %d length %llu\n", t->data,
			  t->vectors, pdev->msi_enabled ? "msi" : "intx", pci_is_enabled(pdev),
			  pdev->is_busmaster,
			  (unsigned long long)pci_resource_len(pdev, 0));
}
static DEVICE_ATTR_RO(pci_test);

static struct attribute *pci_test_attrs[] = {
	&dev_attr_pci_test.attr,
	NULL,
};
ATTRIBUTE_GROUPS(pci_test);

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pci_test *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int err;

	if (!t)
		return -ENOMEM;
	t->data = id->driver_data;
	err = pci_enable_device(pdev);
	if (err)
		goto err_free;
	err = pci_request_regions(pdev, "pci_test");
	if (err)
		goto err_disable;
	err = -ENOMEM;
	t->bar = pci_ioremap_bar(pdev, 0);
	if (!t->bar)
		goto err_release;
	pci_set_master(pdev);
	t->vectors = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	err = t->vectors;
	if (err < 0)
		goto err_unmap;
	err = request_irq(pci_irq_vector(pdev, 0), handle, IRQF_SHARED, "pci_test", t);
	if (err)
		goto err_vectors;
	err = fail;
	if (err)
		goto err_irq;
	pci_set_drvdata(pdev, t);
	return 0;

err_irq:
	free_irq(pci_irq_vector(pdev, 0), t);
err_vectors:
	pci_free_irq_vectors(pdev);
err_unmap:
	pci_iounmap(pdev, t->bar);
err_release:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(t);
	return err;
}

static void unbind(struct pci_dev *pdev)
{
	struct pci_test *t = pci_get_drvdata(pdev);

	free_irq(pci_irq_vector(pdev, 0), t);
	pci_free_irq_vectors(pdev);
	pci_iounmap(pdev, t->bar);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	kfree(t);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8), .driver_data = 7 },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

static struct pci_driver pci_test_driver = {
	.name = "pci_test",
	.id_table = ids,
	.probe = probe,
	.remove = unbind,
	.dev_groups = pci_test_groups,
};
module_pci_driver(pci_test_driver);

MODULE_DESCRIPTION("a driver of the edu card");
MODULE_LICENSE("GPL");
