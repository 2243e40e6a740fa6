// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of platform.c: registers of a platform device, and regions. */
#include <linux/dmapool.h>
#include <linux/err.h>
#include <linux/io-mapping.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/platform_device.h>

#include "mm/ioremap.h"
#include "platform.h"

static u32 seen;
static int probe_error;

static int probe(struct platform_device *pdev)
{
	void __iomem *registers = devm_platform_ioremap_resource(pdev, 0);

	probe_error = PTR_ERR_OR_ZERO((void __force *)registers);
	if (probe_error)
		return probe_error;
	seen = readl(registers + 0x10);
	writel(seen + 1, registers + 0x14);
	return 0;
}

static struct platform_driver driver = {
	.probe = probe, .driver = { .name = "plat_registers" },
};

static struct um_io_region *region;

static struct platform_device *add(void)
{
	struct resource res;

	region = um_io_region_new(8192, "plat_registers", NULL, NULL);
	if (!region)
		return ERR_PTR(-ENOMEM);
	((u32 *)um_io_region_memory(region))[4] = 1234;
	res = (struct resource)DEFINE_RES_MEM(um_io_region_phys(region), 4096);
	return platform_device_register_simple("plat_registers", PLATFORM_DEVID_NONE, &res, 1);
}

static int remove(struct platform_device *pdev, int ret)
{
	platform_driver_unregister(&driver);
	platform_device_unregister(pdev);
	um_io_region_free(region);
	return ret;
}

int k_registers(void)
{
	struct platform_device *pdev = add();
	int ret = 0;

	if (IS_ERR(pdev) || platform_driver_register(&driver))
		return 1;
	if (seen != 1234)
		ret = 2;
	if (((u32 *)um_io_region_memory(region))[5] != 1235)
		ret = 3;
	return remove(pdev, ret);
}

int k_region_of_another(void)
{
	struct platform_device *pdev = add();
	resource_size_t at = um_io_region_phys(region);
	int err;

	if (IS_ERR(pdev) || !request_mem_region(at + 0x20, 16, "another"))
		return 0;
	err = platform_driver_register(&driver);
	release_mem_region(at + 0x20, 16);
	return remove(pdev, err ?: probe_error);
}

int k_io_mapping(void)
{
	struct platform_device *pdev = add();
	struct io_mapping *m = io_mapping_create_wc(um_io_region_phys(region), 8192);
	u32 __iomem *part;
	int ret = 0;

	if (IS_ERR(pdev) || !m)
		return 1;
	part = io_mapping_map_wc(m, 0, 4096);
	if (readl(&part[4]) != 1234)
		ret = 2;
	io_mapping_unmap(part);
	part = io_mapping_map_atomic_wc(m, 4096);
	if (!in_atomic())
		ret = 3;
	writel(5, part);
	io_mapping_unmap_atomic(part);
	if (in_atomic() || ((u32 *)um_io_region_memory(region))[1024] != 5)
		ret = 4;
	io_mapping_free(m);
	platform_device_unregister(pdev);
	um_io_region_free(region);
	return ret;
}

/* A block that is given back twice is one block all the same. */
int k_pool_twice(void)
{
	struct platform_device *pdev = platform_device_register_simple("pool", 0, NULL, 0);
	struct dma_pool *pool;
	dma_addr_t at;
	void *block;
	int ret;

	if (IS_ERR(pdev))
		return 1;
	pool = dma_pool_create("p", &pdev->dev, 100, 32, 0);
	block = dma_pool_alloc(pool, GFP_KERNEL, &at);
	dma_pool_free(pool, block, at);
	dma_pool_free(pool, block, at);
	ret = dma_pool_alloc(pool, GFP_ATOMIC, &at) == block ? 0 : 2;
	dma_pool_free(pool, block, at);
	dma_pool_destroy(pool);
	platform_device_unregister(pdev);
	return ret;
}

void k_leave_region(void)
{
	WARN_ON(!request_mem_region(0x2000, 16, "left"));
}

void k_release_region(void)
{
	release_mem_region(0x2000, 16);
}
