/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices that nothing finds by itself: whoever knows of one registers it, with its
 * resources (drivers/base/platform.c). Left out: firmware's descriptions of devices,
 * bundles of a driver and its device, power management.
 */
#ifndef _PLATFORM_DEVICE_H_
#define _PLATFORM_DEVICE_H_

#include <linux/device.h>
#include <linux/ioport.h>
#include "compat/levels.h"

#define PLATFORM_DEVID_NONE	(-1)
#define PLATFORM_DEVID_AUTO	(-2)

struct fwnode_handle;
struct mfd_cell;
struct platform_device_id;
struct property_entry;

struct platform_device {
	const char *name;
	int id;
	bool id_auto;
	struct device dev;
	u64 platform_dma_mask;
	struct device_dma_parameters dma_parms;
	u32 num_resources;
	struct resource *resource;
	const struct platform_device_id *id_entry;	/* of the driver that is bound */
	const char *driver_override;
	struct mfd_cell *mfd_cell;
};

#define platform_get_device_id(pdev)	((pdev)->id_entry)
#define to_platform_device(x)		container_of((x), struct platform_device, dev)
#define dev_is_platform(dev)		((dev)->bus == &platform_bus_type)

extern struct bus_type platform_bus_type;
extern struct device platform_bus;

struct platform_device_info {
	struct device *parent;
	struct fwnode_handle *fwnode;		/* must be NULL */
	bool of_node_reused;
	const char *name;
	int id;
	const struct resource *res;
	unsigned int num_res;
	const void *data;
	size_t size_data;
	u64 dma_mask;
	const struct property_entry *properties;	/* must be NULL */
};

struct platform_device *platform_device_alloc(const char *name, int id);
int platform_device_add_resources(struct platform_device *pdev, const struct resource *res,
				  unsigned int num);
int platform_device_add_data(struct platform_device *pdev, const void *data, size_t size);
int platform_device_add(struct platform_device *pdev);
void platform_device_del(struct platform_device *pdev);
void platform_device_put(struct platform_device *pdev);
int platform_device_register(struct platform_device *pdev);
void platform_device_unregister(struct platform_device *pdev);
int platform_add_devices(struct platform_device **devs, int num);
struct platform_device *platform_device_register_full(const struct platform_device_info *info);

static inline struct platform_device *
platform_device_register_resndata(struct device *parent, const char *name, int id,
				  const struct resource *res, unsigned int num,
				  const void *data, size_t size)
{
	struct platform_device_info info = {
		.parent = parent, .name = name, .id = id, .res = res, .num_res = num,
		.data = data, .size_data = size,
	};

	return platform_device_register_full(&info);
}

static inline struct platform_device *
platform_device_register_simple(const char *name, int id, const struct resource *res,
				unsigned int num)
{
	return platform_device_register_resndata(NULL, name, id, res, num, NULL, 0);
}

static inline struct platform_device *
platform_device_register_data(struct device *parent, const char *name, int id,
			      const void *data, size_t size)
{
	return platform_device_register_resndata(parent, name, id, NULL, 0, data, size);
}

/* ---- resources ------------------------------------------------------------------ */

struct resource *platform_get_resource(struct platform_device *dev, unsigned int type,
				       unsigned int num);
struct resource *platform_get_mem_or_io(struct platform_device *dev, unsigned int num);
struct resource *platform_get_resource_byname(struct platform_device *dev, unsigned int type,
					      const char *name);
int platform_get_irq(struct platform_device *dev, unsigned int num);
int platform_get_irq_optional(struct platform_device *dev, unsigned int num);
int platform_get_irq_byname(struct platform_device *dev, const char *name);
int platform_get_irq_byname_optional(struct platform_device *dev, const char *name);
int platform_irq_count(struct platform_device *dev);
void __iomem *devm_platform_get_and_ioremap_resource(struct platform_device *pdev,
						     unsigned int index,
						     struct resource **res);
void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int index);
void __iomem *devm_platform_ioremap_resource_byname(struct platform_device *pdev,
						    const char *name);

/* ---- drivers ---------------------------------------------------------------------- */

struct platform_driver {
	int (*probe)(struct platform_device *dev);
#if KAPI_ABI_PLATFORM_REMOVE_INT
	int (*remove)(struct platform_device *dev);
	void (*remove_new)(struct platform_device *dev);
#else
	union {
		void (*remove)(struct platform_device *dev);
		void (*remove_new)(struct platform_device *dev);
	};
#endif
	void (*shutdown)(struct platform_device *dev);
	int (*suspend)(struct platform_device *dev, pm_message_t state);	/* nobody calls it */
	int (*resume)(struct platform_device *dev);				/* nor this */
	struct device_driver driver;
	const struct platform_device_id *id_table;
	bool prevent_deferred_probe;
	bool driver_managed_dma;
};

#define to_platform_driver(drv) container_of((drv), struct platform_driver, driver)

int __platform_driver_register(struct platform_driver *drv, struct module *owner);
void platform_driver_unregister(struct platform_driver *drv);
#define platform_driver_register(drv) __platform_driver_register(drv, THIS_MODULE)
#define module_platform_driver(__platform_driver) \
	module_driver(__platform_driver, platform_driver_register, platform_driver_unregister)
#define builtin_platform_driver(__platform_driver) \
	builtin_driver(__platform_driver, platform_driver_register)

static inline void *platform_get_drvdata(const struct platform_device *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void platform_set_drvdata(struct platform_device *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

#endif
