// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device reaches by DMA, of a platform device without operations of its own:
 * "dma" of the class mdev_test has
 *	masks, transfers, lists, resources
 *		one line "name: results" for each behaviour
 * No device writes anything: what is mapped has to come back as it was.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mdev_test.h"

static struct platform_device *card;
static struct device *dma_test;

/* ---- masks --------------------------------------------------------------- */

static ssize_t masks_show(struct device *unused, struct device_attribute *attr, char *buf)
{
	/* not a device at all, but for what is looked at */
	struct device *dev = &card->dev, *maskless = kzalloc(sizeof(*maskless), GFP_KERNEL);
	int len = 0, err;

	if (!maskless)
		return -ENOMEM;

	len += sysfs_emit_at(buf, len, "at first: %llx %llx\n", *dev->dma_mask,
			     dev->coherent_dma_mask);
	len += sysfs_emit_at(buf, len, "too small: %d %d %d\n", dma_set_mask(dev, DMA_BIT_MASK(23)),
			     dma_set_coherent_mask(dev, DMA_BIT_MASK(23)),
			     dma_set_mask_and_coherent(dev, 0));
	len += sysfs_emit_at(buf, len, "as they were: %llx %llx\n", *dev->dma_mask,
			     dev->coherent_dma_mask);
	err = dma_set_mask(dev, DMA_BIT_MASK(40));
	len += sysfs_emit_at(buf, len, "set: %d %llx", err, *dev->dma_mask);
	err = dma_set_coherent_mask(dev, DMA_BIT_MASK(31));
	len += sysfs_emit_at(buf, len, " %d %llx\n", err, dev->coherent_dma_mask);
	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	len += sysfs_emit_at(buf, len, "both: %d %llx %llx %llx\n", err, *dev->dma_mask,
			     dev->coherent_dma_mask, dma_get_mask(dev));
	len += sysfs_emit_at(buf, len, "none: %d %llx\n", dma_set_mask(maskless, DMA_BIT_MASK(32)),
			     dma_get_mask(maskless));
	kfree(maskless);
	len += sysfs_emit_at(buf, len, "forced: %d",
			     dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32)));
	len += sysfs_emit_at(buf, len, " %d %llx\n", dev->dma_mask == &dev->coherent_dma_mask,
			     dma_get_mask(dev));
	return len;
}
static DEVICE_ATTR_RO(masks);

/* ---- one piece of memory ------------------------------------------------- */

static const char text[] = "what is mapped comes back";

/* Also where the device does not reach it itself, and has a copy. */
static ssize_t transfers_show(struct device *unused, struct device_attribute *attr, char *buf)
{
	static const enum dma_data_direction dirs[] = {
		DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_BIDIRECTIONAL,
	};
	struct device *dev = &card->dev;
	char *mem = kmalloc(sizeof(text), GFP_KERNEL);
	int len = 0, i, same = 0, mapped = 0, within = 0;
	dma_addr_t addr;

	if (!mem || dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32))) {
		kfree(mem);
		return -ENOMEM;
	}
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		memcpy(mem, text, sizeof(text));
		addr = dma_map_single(dev, mem, sizeof(text), dirs[i]);
		if (dma_mapping_error(dev, addr))
			continue;
		mapped++;
		within += addr + sizeof(text) - 1 <= DMA_BIT_MASK(32);
		dma_sync_single_for_cpu(dev, addr, sizeof(text), dirs[i]);
		same += !memcmp(mem, text, sizeof(text));
		mem[0]++;
		dma_sync_single_for_device(dev, addr, sizeof(text), dirs[i]);
		mem[0]--;
		dma_sync_single_range_for_device(dev, addr, 0, 1, dirs[i]);
		dma_unmap_single(dev, addr, sizeof(text), dirs[i]);
		same += !memcmp(mem, text, sizeof(text));
	}
	kfree(mem);
	len += sysfs_emit_at(buf, len, "mapped: %d %d\n", mapped, within);
	len += sysfs_emit_at(buf, len, "as it was: %d\n", same);
	return len;
}
static DEVICE_ATTR_RO(transfers);

/* ---- lists --------------------------------------------------------------- */

static ssize_t lists_show(struct device *unused, struct device_attribute *attr, char *buf)
{
	struct device *dev = &card->dev;
	struct scatterlist sgl[3];
	char *mem[3] = {};
	int len = 0, i, n, same = 0;

	if (dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32)))
		return -EIO;
	sg_init_table(sgl, ARRAY_SIZE(sgl));
	for (i = 0; i < ARRAY_SIZE(sgl); i++) {
		mem[i] = kmemdup(text, sizeof(text), GFP_KERNEL);
		if (!mem[i])
			goto out;
		sg_set_buf(&sgl[i], mem[i], sizeof(text));
	}
	n = dma_map_sg(dev, sgl, ARRAY_SIZE(sgl), DMA_BIDIRECTIONAL);
	len += sysfs_emit_at(buf, len, "mapped: %d\n", n);
	if (!n)
		goto out;
	dma_sync_sg_for_cpu(dev, sgl, ARRAY_SIZE(sgl), DMA_BIDIRECTIONAL);
	mem[1][0] = 'W';
	dma_sync_sg_for_device(dev, sgl, ARRAY_SIZE(sgl), DMA_BIDIRECTIONAL);
	dma_unmap_sg(dev, sgl, ARRAY_SIZE(sgl), DMA_BIDIRECTIONAL);
	for (i = 0; i < ARRAY_SIZE(sgl); i++)
		same += !strcmp(mem[i] + 1, text + 1);
	len += sysfs_emit_at(buf, len, "as it was: %d %c%c%c\n", same, mem[0][0], mem[1][0],
			     mem[2][0]);
out:
	for (i = 0; i < ARRAY_SIZE(sgl); i++)
		kfree(mem[i]);
	return len ?: -ENOMEM;
}
static DEVICE_ATTR_RO(lists);

/* ---- registers of others ------------------------------------------------- */

static ssize_t resources_show(struct device *unused, struct device_attribute *attr, char *buf)
{
	struct device *dev = &card->dev;
	phys_addr_t phys = 0xfed00000;
	dma_addr_t addr;
	int len = 0;

	if (dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32)))
		return -EIO;
	addr = dma_map_resource(dev, phys, 16, DMA_BIDIRECTIONAL, 0);
	len += sysfs_emit_at(buf, len, "mapped: %d %d\n", dma_mapping_error(dev, addr),
			     addr == phys);
	dma_unmap_resource(dev, addr, 16, DMA_BIDIRECTIONAL, 0);
	addr = dma_map_resource(dev, phys << 8, 16, DMA_BIDIRECTIONAL, 0);
	len += sysfs_emit_at(buf, len, "beyond the mask: %d\n", dma_mapping_error(dev, addr));
	return len;
}
static DEVICE_ATTR_RO(resources);

static struct attribute *dma_test_attrs[] = {
	&dev_attr_masks.attr,
	&dev_attr_transfers.attr,
	&dev_attr_lists.attr,
	&dev_attr_resources.attr,
	NULL
};
ATTRIBUTE_GROUPS(dma_test);

static int __init dma_test_init(void)
{
	card = platform_device_register_simple("umdev_dma", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(card))
		return PTR_ERR(card);
	dma_test = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, dma_test_groups,
					     "dma");
	if (!IS_ERR(dma_test))
		return 0;
	platform_device_unregister(card);
	return PTR_ERR(dma_test);
}

static void __exit dma_test_exit(void)
{
	device_unregister(dma_test);
	platform_device_unregister(card);
}

module_init(dma_test_init);
module_exit(dma_test_exit);
MODULE_DESCRIPTION("What a device reaches");
MODULE_LICENSE("GPL v2");
