// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of registers that go with a device's driver. Left out: ports, and kinds
 * of caching, of which there is one.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/ioport.h>

static void devm_ioremap_release(struct device *dev, void *res)
{
	iounmap(*(void __iomem **)res);
}

static int devm_ioremap_match(struct device *dev, void *res, void *match_data)
{
	return *(void **)res == match_data;
}

/**
 * devm_ioremap() - ioremap(), unmapped with the driver
 * @dev:    the device
 * @offset: where the registers are
 * @size:   in bytes
 *
 * Context: may sleep.
 * Return: as there.
 */
void __iomem *devm_ioremap(struct device *dev, resource_size_t offset, resource_size_t size)
{
	void __iomem **ptr = devres_alloc(devm_ioremap_release, sizeof(*ptr), GFP_KERNEL), *addr;

	if (!ptr)
		return NULL;
	addr = ioremap(offset, size);
	if (addr) {
		*ptr = addr;
		devres_add(dev, ptr);
	} else {
		devres_free(ptr);
	}
	return addr;
}
EXPORT_SYMBOL(devm_ioremap);

/**
 * devm_iounmap() - undo devm_ioremap() before the driver goes
 * @dev:  the device
 * @addr: what that gave
 *
 * Context: may sleep.
 */
void devm_iounmap(struct device *dev, void __iomem *addr)
{
	WARN_ON(devres_destroy(dev, devm_ioremap_release, devm_ioremap_match,
			       (void __force *)addr));
	iounmap(addr);
}
EXPORT_SYMBOL(devm_iounmap);

/**
 * devm_ioremap_resource() - request a region of registers, and map them
 * @dev: the device
 * @res: where they are; what is none of memory, and NULL, is refused with a message
 *
 * Context: may sleep.
 * Return: as ioremap(), but an ERR_PTR: -EINVAL for no memory, -EBUSY for
 * another's, -ENOMEM.
 */
void __iomem *devm_ioremap_resource(struct device *dev, const struct resource *res)
{
	resource_size_t size;
	void __iomem *addr;
	char *name;

	if (!res || resource_type(res) != IORESOURCE_MEM) {
		dev_err(dev, "invalid resource\n");
		return IOMEM_ERR_PTR(-EINVAL);
	}
	size = resource_size(res);
	name = devm_kasprintf(dev, GFP_KERNEL, "%s%s%s", dev_name(dev), res->name ? " " : "",
			      res->name ?: "");
	if (!name)
		return IOMEM_ERR_PTR(-ENOMEM);
	if (!devm_request_mem_region(dev, res->start, size, name)) {
		dev_err(dev, "can't request region for resource [mem %#010llx-%#010llx]\n",
			res->start, res->end);
		return IOMEM_ERR_PTR(-EBUSY);
	}
	addr = devm_ioremap(dev, res->start, size);
	if (!addr) {
		dev_err(dev, "ioremap failed for resource [mem %#010llx-%#010llx]\n", res->start,
			res->end);
		devm_release_mem_region(dev, res->start, size);
		return IOMEM_ERR_PTR(-ENOMEM);
	}
	return addr;
}
EXPORT_SYMBOL(devm_ioremap_resource);
