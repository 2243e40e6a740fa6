// SPDX-License-Identifier: GPL-2.0-only
/*
 * The platform bus: devices that somebody registers since he knows that they are
 * there, under /sys/devices/platform, and drivers that serve them by name. Regions
 * of a device are in the trees of resources as long as it is registered.
 *
 * Left out: what firmware says of devices, properties, power management, drivers that
 * are probed once, bundles.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/dma-mapping.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/mod_devicetable.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "drivers/base/base.h"

static DEFINE_IDA(platform_devid_ida);

struct device platform_bus = { .init_name = "platform" };
EXPORT_SYMBOL_GPL(platform_bus);

/* ---- resources ----------------------------------------------------------------------- */

/**
 * platform_get_resource() - a resource of a device by its number
 * @dev:  the device
 * @type: IORESOURCE_MEM and so on
 * @num:  the first of its type is 0
 *
 * Return: the resource, or NULL.
 */
struct resource *platform_get_resource(struct platform_device *dev, unsigned int type,
				       unsigned int num)
{
	u32 i;

	for (i = 0; i < dev->num_resources; i++)
		if (type == resource_type(&dev->resource[i]) && num-- == 0)
			return &dev->resource[i];
	return NULL;
}
EXPORT_SYMBOL_GPL(platform_get_resource);

/**
 * platform_get_mem_or_io() - a resource of memory or of ports by its number
 * @dev: the device
 * @num: the first is 0
 *
 * Return: the resource, or NULL.
 */
struct resource *platform_get_mem_or_io(struct platform_device *dev, unsigned int num)
{
	u32 i;

	for (i = 0; i < dev->num_resources; i++)
		if (dev->resource[i].flags & (IORESOURCE_MEM | IORESOURCE_IO) && num-- == 0)
			return &dev->resource[i];
	return NULL;
}
EXPORT_SYMBOL_GPL(platform_get_mem_or_io);

/**
 * platform_get_resource_byname() - a resource of a device by its name
 * @dev:  the device
 * @type: IORESOURCE_MEM and so on
 * @name: what it is called
 *
 * Return: the resource, or NULL.
 */
struct resource *platform_get_resource_byname(struct platform_device *dev, unsigned int type,
					      const char *name)
{
	u32 i;

	for (i = 0; i < dev->num_resources; i++) {
		struct resource *r = &dev->resource[i];

		if (r->name && type == resource_type(r) && !strcmp(r->name, name))
			return r;
	}
	return NULL;
}
EXPORT_SYMBOL_GPL(platform_get_resource_byname);

static int line_of(const struct resource *r)
{
	int irq = r ? r->start : -ENXIO;

	return WARN(!irq, "0 is an invalid IRQ number\n") ? -EINVAL : irq;
}

/**
 * platform_get_irq_optional() - the line of a device by its number, if there is one
 * @dev: the device
 * @num: the first is 0
 *
 * Return: the line; -ENXIO if there is none.
 */
int platform_get_irq_optional(struct platform_device *dev, unsigned int num)
{
	struct resource *r = platform_get_resource(dev, IORESOURCE_IRQ, num);

	if (r && r->flags & IRQ_TYPE_SENSE_MASK) {
		if (!irq_get_irq_data(r->start))
			return -ENXIO;
		irq_modify_status(r->start, IRQ_TYPE_SENSE_MASK, r->flags & IRQ_TYPE_SENSE_MASK);
	}
	return line_of(r);
}
EXPORT_SYMBOL_GPL(platform_get_irq_optional);

/**
 * platform_get_irq() - the line of a device by its number; none is a message
 * @dev: the device
 * @num: the first is 0
 *
 * Context: may sleep.
 * Return: as platform_get_irq_optional().
 */
int platform_get_irq(struct platform_device *dev, unsigned int num)
{
	int ret = platform_get_irq_optional(dev, num);

	if (ret < 0)
		return dev_err_probe(&dev->dev, ret, "IRQ index %u not found\n", num);
	return ret;
}
EXPORT_SYMBOL_GPL(platform_get_irq);

/**
 * platform_get_irq_byname_optional() - the line of a device by its name, if there is one
 * @dev:  the device
 * @name: what it is called
 *
 * Return: the line; -ENXIO if there is none.
 */
int platform_get_irq_byname_optional(struct platform_device *dev, const char *name)
{
	return line_of(platform_get_resource_byname(dev, IORESOURCE_IRQ, name));
}
EXPORT_SYMBOL_GPL(platform_get_irq_byname_optional);

/**
 * platform_get_irq_byname() - the line of a device by its name; none is a message
 * @dev:  the device
 * @name: what it is called
 *
 * Context: may sleep.
 * Return: as platform_get_irq_byname_optional().
 */
int platform_get_irq_byname(struct platform_device *dev, const char *name)
{
	int ret = platform_get_irq_byname_optional(dev, name);

	if (ret < 0)
		return dev_err_probe(&dev->dev, ret, "IRQ %s not found\n", name);
	return ret;
}
EXPORT_SYMBOL_GPL(platform_get_irq_byname);

/**
 * platform_irq_count() - how many lines a device has
 * @dev: the device
 *
 * Return: their number.
 */
int platform_irq_count(struct platform_device *dev)
{
	int n = 0;

	while (platform_get_irq_optional(dev, n) >= 0)
		n++;
	return n;
}
EXPORT_SYMBOL_GPL(platform_irq_count);

/**
 * devm_platform_get_and_ioremap_resource() - devm_ioremap_resource() of a resource by
 *	its number
 * @pdev:  the device
 * @index: the first of memory is 0
 * @res:   gets the resource, if not NULL
 *
 * Context: may sleep.
 * Return: as there.
 */
void __iomem *devm_platform_get_and_ioremap_resource(struct platform_device *pdev,
						     unsigned int index, struct resource **res)
{
	struct resource *r = platform_get_resource(pdev, IORESOURCE_MEM, index);

	if (res)
		*res = r;
	return devm_ioremap_resource(&pdev->dev, r);
}
EXPORT_SYMBOL_GPL(devm_platform_get_and_ioremap_resource);

/**
 * devm_platform_ioremap_resource() - the same for who does not need the resource
 * @pdev:  the device
 * @index: the first of memory is 0
 *
 * Context: may sleep.
 * Return: as devm_ioremap_resource().
 */
void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int index)
{
	return devm_platform_get_and_ioremap_resource(pdev, index, NULL);
}
EXPORT_SYMBOL_GPL(devm_platform_ioremap_resource);

/**
 * devm_platform_ioremap_resource_byname() - the same of a resource by its name
 * @pdev: the device
 * @name: what it is called
 *
 * Context: may sleep.
 * Return: as devm_ioremap_resource().
 */
void __iomem *devm_platform_ioremap_resource_byname(struct platform_device *pdev,
						    const char *name)
{
	return devm_ioremap_resource(&pdev->dev,
				     platform_get_resource_byname(pdev, IORESOURCE_MEM, name));
}
EXPORT_SYMBOL_GPL(devm_platform_ioremap_resource_byname);

/* ---- devices ---------------------------------------------------------------------------- */

struct platform_object {
	struct platform_device pdev;
	char name[];
};

static void platform_device_release(struct device *dev)
{
	struct platform_object *pa = container_of(dev, struct platform_object, pdev.dev);

	kfree(pa->pdev.dev.platform_data);
	kfree(pa->pdev.resource);
	kfree(pa->pdev.driver_override);
	kfree(pa);
}

static void init_masks(struct platform_device *pdev)
{
	pdev->dev.dma_parms = &pdev->dma_parms;
	if (!pdev->dev.coherent_dma_mask)
		pdev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	if (!pdev->dev.dma_mask) {
		pdev->platform_dma_mask = DMA_BIT_MASK(32);
		pdev->dev.dma_mask = &pdev->platform_dma_mask;
	}
}

/**
 * platform_device_alloc() - make a device, to be added by platform_device_add()
 * @name: of its driver, and with @id its own; copied
 * @id:   or PLATFORM_DEVID_NONE, PLATFORM_DEVID_AUTO
 *
 * Context: may sleep.
 * Return: the device, for platform_device_put(); NULL without memory.
 */
struct platform_device *platform_device_alloc(const char *name, int id)
{
	struct platform_object *pa = kzalloc(sizeof(*pa) + strlen(name) + 1, GFP_KERNEL);

	if (!pa)
		return NULL;
	strcpy(pa->name, name);
	pa->pdev.name = pa->name;
	pa->pdev.id = id;
	device_initialize(&pa->pdev.dev);
	pa->pdev.dev.release = platform_device_release;
	init_masks(&pa->pdev);
	return &pa->pdev;
}
EXPORT_SYMBOL_GPL(platform_device_alloc);

/**
 * platform_device_add_resources() - say what a device has
 * @pdev: from platform_device_alloc(), not added; what was said before is forgotten
 * @res:  copied
 * @num:  how many
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM.
 */
int platform_device_add_resources(struct platform_device *pdev, const struct resource *res,
				  unsigned int num)
{
	struct resource *r = NULL;

	if (res) {
		r = kmemdup(res, sizeof(*r) * num, GFP_KERNEL);
		if (!r)
			return -ENOMEM;
	}
	kfree(pdev->resource);
	pdev->resource = r;
	pdev->num_resources = num;
	return 0;
}
EXPORT_SYMBOL_GPL(platform_device_add_resources);

/**
 * platform_device_add_data() - what a driver will find by dev_get_platdata()
 * @pdev: from platform_device_alloc()
 * @data: copied; NULL: nothing
 * @size: in bytes
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM.
 */
int platform_device_add_data(struct platform_device *pdev, const void *data, size_t size)
{
	void *d = NULL;

	if (data) {
		d = kmemdup(data, size, GFP_KERNEL);
		if (!d)
			return -ENOMEM;
	}
	kfree(pdev->dev.platform_data);
	pdev->dev.platform_data = d;
	return 0;
}
EXPORT_SYMBOL_GPL(platform_device_add_data);

static int set_name(struct platform_device *pdev)
{
	if (pdev->id == PLATFORM_DEVID_NONE)
		return dev_set_name(&pdev->dev, "%s", pdev->name);
	if (pdev->id != PLATFORM_DEVID_AUTO)
		return dev_set_name(&pdev->dev, "%s.%d", pdev->name, pdev->id);
	pdev->id = ida_alloc(&platform_devid_ida, GFP_KERNEL);
	if (pdev->id < 0) {
		int err = pdev->id;

		pdev->id = PLATFORM_DEVID_AUTO;
		return err;
	}
	pdev->id_auto = true;
	return dev_set_name(&pdev->dev, "%s.%d.auto", pdev->name, pdev->id);
}

static void free_id(struct platform_device *pdev)
{
	if (!pdev->id_auto)
		return;
	ida_free(&platform_devid_ida, pdev->id);
	pdev->id = PLATFORM_DEVID_AUTO;
	pdev->id_auto = false;
}

static void release_resources(struct platform_device *pdev, unsigned int n)
{
	while (n--)
		if (pdev->resource[n].parent)
			release_resource(&pdev->resource[n]);
}

/* Where the machine has it: inside the range that has room for it, as a PCI card's BAR. */
static int claim(struct resource *r)
{
	struct resource *root = r->parent;

	if (!root && resource_type(r) == IORESOURCE_MEM)
		root = &iomem_resource;
	else if (!root && resource_type(r) == IORESOURCE_IO)
		root = &ioport_resource;
	return root ? insert_resource(root, r) : 0;
}

static int claim_resources(struct platform_device *pdev)
{
	unsigned int i;
	int err;

	for (i = 0; i < pdev->num_resources; i++) {
		struct resource *r = &pdev->resource[i];

		if (!r->name)
			r->name = dev_name(&pdev->dev);
		err = claim(r);
		if (!err)
			continue;
		dev_err(&pdev->dev, "failed to claim resource %u: [%#010llx-%#010llx]\n", i,
			r->start, r->end);
		release_resources(pdev, i);
		return err;
	}
	return 0;
}

/**
 * platform_device_add() - add a device, which may be probed at once
 * @pdev: from platform_device_alloc(), or initialized
 *
 * Context: may sleep; probes.
 * Return: 0; -EBUSY for a region that is another's, or the error of device_add().
 * The device is to be put in any case.
 */
int platform_device_add(struct platform_device *pdev)
{
	int err;

	if (!pdev)
		return -EINVAL;
	if (!pdev->dev.parent)
		pdev->dev.parent = &platform_bus;
	pdev->dev.bus = &platform_bus_type;
	err = set_name(pdev);
	if (err)
		goto err_id;
	err = claim_resources(pdev);
	if (err)
		goto err_id;
	err = device_add(&pdev->dev);
	if (!err)
		return 0;
	release_resources(pdev, pdev->num_resources);
err_id:
	free_id(pdev);
	return err;
}
EXPORT_SYMBOL_GPL(platform_device_add);

/**
 * platform_device_del() - undo platform_device_add()
 * @pdev: the device; NULL and an ERR_PTR do nothing
 *
 * Context: may sleep.
 */
void platform_device_del(struct platform_device *pdev)
{
	if (IS_ERR_OR_NULL(pdev))
		return;
	device_del(&pdev->dev);
	free_id(pdev);
	release_resources(pdev, pdev->num_resources);
}
EXPORT_SYMBOL_GPL(platform_device_del);

/**
 * platform_device_put() - put the reference of platform_device_alloc()
 * @pdev: the device; NULL and an ERR_PTR do nothing
 */
void platform_device_put(struct platform_device *pdev)
{
	if (!IS_ERR_OR_NULL(pdev))
		put_device(&pdev->dev);
}
EXPORT_SYMBOL_GPL(platform_device_put);

/**
 * platform_device_register() - initialize and add a device
 * @pdev: the caller's, with a release()
 *
 * Context: may sleep; probes.
 * Return: as platform_device_add().
 */
int platform_device_register(struct platform_device *pdev)
{
	device_initialize(&pdev->dev);
	init_masks(pdev);
	return platform_device_add(pdev);
}
EXPORT_SYMBOL_GPL(platform_device_register);

/**
 * platform_device_unregister() - platform_device_del() and platform_device_put()
 * @pdev: the device
 *
 * Context: may sleep.
 */
void platform_device_unregister(struct platform_device *pdev)
{
	platform_device_del(pdev);
	platform_device_put(pdev);
}
EXPORT_SYMBOL_GPL(platform_device_unregister);

/**
 * platform_add_devices() - register several devices, or none of them
 * @devs: the devices
 * @num:  how many
 *
 * The one that could not be keeps its first reference, for platform_device_put().
 *
 * Context: may sleep; probes.
 * Return: 0, or the error of the first that could not be.
 */
int platform_add_devices(struct platform_device **devs, int num)
{
	int i, err = 0;

	for (i = 0; i < num && !err; i++)
		err = platform_device_register(devs[i]);
	if (!err)
		return 0;
	for (i--; i--;)
		platform_device_unregister(devs[i]);
	return err;
}
EXPORT_SYMBOL_GPL(platform_add_devices);

/**
 * platform_device_register_full() - make and add a device; called as
 *	platform_device_register_simple() and its like, too
 * @info: what it is; copied
 *
 * Context: may sleep; probes.
 * Return: the device, for platform_device_unregister(); or an ERR_PTR: -EINVAL for what
 * firmware would say, -ENOMEM, or as platform_device_add().
 */
struct platform_device *platform_device_register_full(const struct platform_device_info *info)
{
	struct platform_device *pdev;
	int err;

	if (WARN_ON(info->fwnode || info->properties))
		return ERR_PTR(-EINVAL);
	pdev = platform_device_alloc(info->name, info->id);
	if (!pdev)
		return ERR_PTR(-ENOMEM);
	pdev->dev.parent = info->parent;
	if (info->dma_mask) {
		pdev->platform_dma_mask = info->dma_mask;
		pdev->dev.coherent_dma_mask = info->dma_mask;
	}
	err = platform_device_add_resources(pdev, info->res, info->num_res);
	if (!err)
		err = platform_device_add_data(pdev, info->data, info->size_data);
	if (!err)
		err = platform_device_add(pdev);
	if (!err)
		return pdev;
	platform_device_put(pdev);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(platform_device_register_full);

/* ---- the bus ------------------------------------------------------------------------------- */

static const struct platform_device_id *match_id(const struct platform_device_id *id,
						 struct platform_device *pdev)
{
	for (; id->name[0]; id++) {
		if (strcmp(pdev->name, id->name))
			continue;
		/* looked for without the device's lock, as in Linux */
		if (READ_ONCE(pdev->id_entry) != id)
			WRITE_ONCE(pdev->id_entry, id);
		return id;
	}
	return NULL;
}

static int platform_match(struct device *dev, struct device_driver *driver)
{
	struct platform_driver *drv = to_platform_driver(driver);
	struct platform_device *pdev = to_platform_device(dev);

	if (pdev->driver_override)
		return !strcmp(pdev->driver_override, driver->name);
	if (drv->id_table)
		return match_id(drv->id_table, pdev) != NULL;
	return !strcmp(pdev->name, driver->name);
}

static int platform_probe(struct device *dev)
{
	struct platform_driver *drv = to_platform_driver(dev->driver);
	int ret = drv->probe ? drv->probe(to_platform_device(dev)) : 0;

	if (ret == -EPROBE_DEFER && drv->prevent_deferred_probe) {
		dev_warn(dev, "probe deferral not supported\n");
		ret = -ENXIO;
	}
	return ret;
}

static void platform_remove(struct device *dev)
{
	struct platform_driver *drv = to_platform_driver(dev->driver);
	struct platform_device *pdev = to_platform_device(dev);

	if (drv->remove_new) {
		drv->remove_new(pdev);
		return;
	}
#if KAPI_ABI_PLATFORM_REMOVE_INT
	if (drv->remove && drv->remove(pdev))
		dev_warn(dev, "remove callback returned a non-zero value. This will be ignored.\n");
#endif
}

static void platform_shutdown(struct device *dev)
{
	struct platform_driver *drv;

	if (!dev->driver)
		return;
	drv = to_platform_driver(dev->driver);
	if (drv->shutdown)
		drv->shutdown(to_platform_device(dev));
}

static int platform_uevent(struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "MODALIAS=platform:%s", to_platform_device(dev)->name);
}

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "platform:%s\n", to_platform_device(dev)->name);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t driver_override_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	ssize_t len;

	device_lock(dev);
	len = sysfs_emit(buf, "%s\n", to_platform_device(dev)->driver_override);
	device_unlock(dev);
	return len;
}

static ssize_t driver_override_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	int err = driver_set_override(dev, &to_platform_device(dev)->driver_override, buf, count);

	return err ?: count;
}
static DEVICE_ATTR_RW(driver_override);

static struct attribute *platform_dev_attrs[] = {
	&dev_attr_modalias.attr,
	&dev_attr_driver_override.attr,
	NULL,
};
ATTRIBUTE_GROUPS(platform_dev);

struct bus_type platform_bus_type = {
	.name = "platform",
	.dev_groups = platform_dev_groups,
	.match = platform_match,
	.uevent = platform_uevent,
	.probe = platform_probe,
	.remove = platform_remove,
	.shutdown = platform_shutdown,
};
EXPORT_SYMBOL_GPL(platform_bus_type);

/**
 * __platform_driver_register() - register a driver; called as platform_driver_register()
 * @drv:   stays the caller's, until platform_driver_unregister()
 * @owner: its module
 *
 * Context: may sleep; probes.
 * Return: 0, or the error of driver_register().
 */
int __platform_driver_register(struct platform_driver *drv, struct module *owner)
{
	drv->driver.owner = owner;
	drv->driver.bus = &platform_bus_type;
	return driver_register(&drv->driver);
}
EXPORT_SYMBOL_GPL(__platform_driver_register);

/**
 * platform_driver_unregister() - undo platform_driver_register()
 * @drv: the driver
 *
 * Context: may sleep.
 */
void platform_driver_unregister(struct platform_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(platform_driver_unregister);

static void bus_is_for_ever(struct device *dev)
{
}

static int platform_bus_init(void)
{
	int err;

	platform_bus.release = bus_is_for_ever;
	err = device_register(&platform_bus);
	if (err)
		return err;
	return bus_register(&platform_bus_type);
}
arch_initcall(platform_bus_init);
