// SPDX-License-Identifier: GPL-2.0-only
/* Handlers that go with a device's driver. Left out: lines that do. */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/interrupt.h>

struct irq_devres {
	unsigned int irq;
	void *dev_id;
};

static void devm_irq_release(struct device *dev, void *res)
{
	struct irq_devres *this = res;

	free_irq(this->irq, this->dev_id);
}

static int devm_irq_match(struct device *dev, void *res, void *data)
{
	const struct irq_devres *this = res, *match = data;

	return this->irq == match->irq && this->dev_id == match->dev_id;
}

/**
 * devm_request_threaded_irq() - request_threaded_irq(), freed with the driver; called
 *	as devm_request_irq()
 * @dev:       the device
 * @irq:       as there
 * @handler:   as there
 * @thread_fn: as there
 * @irqflags:  as there
 * @devname:   for reports, not copied; NULL: the device's name
 * @dev_id:    as there; must outlive what is freed after it, the last taken first
 *
 * Context: may sleep.
 * Return: as there.
 */
int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
			      irq_handler_t thread_fn, unsigned long irqflags,
			      const char *devname, void *dev_id)
{
	struct irq_devres *dr;
	int ret;

	dr = devres_alloc(devm_irq_release, sizeof(*dr), GFP_KERNEL);
	if (!dr)
		return -ENOMEM;
	ret = request_threaded_irq(irq, handler, thread_fn, irqflags, devname ?: dev_name(dev),
				   dev_id);
	if (ret) {
		devres_free(dr);
		return ret;
	}
	dr->irq = irq;
	dr->dev_id = dev_id;
	devres_add(dev, dr);
	return 0;
}
EXPORT_SYMBOL(devm_request_threaded_irq);

/**
 * devm_free_irq() - free_irq() of what devm_request_irq() asked for
 * @dev:    the device
 * @irq:    the line
 * @dev_id: as it was asked for
 *
 * Context: may sleep.
 */
void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id)
{
	struct irq_devres match = { irq, dev_id };

	WARN_ON(devres_destroy(dev, devm_irq_release, devm_irq_match, &match));
	free_irq(irq, dev_id);
}
EXPORT_SYMBOL(devm_free_irq);
