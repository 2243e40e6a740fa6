// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of bounce.c: a device of 32 bits, which is played here by who writes
 * where its address leads to.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bounce.h"

#define CHECK(expr)	do { if (!(expr)) return __LINE__; } while (0)
#define SIZE		64

static struct platform_device *card;

static char *seen_by_device(dma_addr_t addr)
{
	return phys_to_virt(addr);
}

static int with_card(int (*fn)(struct device *dev, char *mem))
{
	char *mem = kmalloc(SIZE, GFP_KERNEL);
	int ret = -ENOMEM;

	card = platform_device_register_simple("bounce", 0, NULL, 0);
	if (mem && !IS_ERR(card)) {
		memset(mem, 'o', SIZE);
		ret = fn(&card->dev, mem);
	}
	if (!IS_ERR(card))
		platform_device_unregister(card);
	kfree(mem);
	return ret;
}

static int from_device(struct device *dev, char *mem)
{
	dma_addr_t addr = dma_map_single(dev, mem, SIZE, DMA_FROM_DEVICE);

	CHECK(!dma_mapping_error(dev, addr) && addr + SIZE - 1 <= DMA_BIT_MASK(32));
	/* what a device leaves alone stays */
	CHECK(seen_by_device(addr)[SIZE - 1] == 'o');
	seen_by_device(addr)[0] = 'd';
	CHECK(mem[0] == 'o');
	dma_sync_single_for_cpu(dev, addr + 1, 1, DMA_FROM_DEVICE);
	CHECK(mem[0] == 'o');
	dma_sync_single_for_cpu(dev, addr, SIZE, DMA_FROM_DEVICE);
	CHECK(mem[0] == 'd' && mem[1] == 'o');
	mem[1] = 'c';
	dma_sync_single_for_device(dev, addr, SIZE, DMA_FROM_DEVICE);
	CHECK(seen_by_device(addr)[1] == 'o');
	seen_by_device(addr)[2] = 'd';
	dma_unmap_single(dev, addr, SIZE, DMA_FROM_DEVICE);
	CHECK(mem[2] == 'd');
	return 0;
}

static int to_device(struct device *dev, char *mem)
{
	dma_addr_t addr = dma_map_single(dev, mem, SIZE, DMA_TO_DEVICE);

	CHECK(!dma_mapping_error(dev, addr) && seen_by_device(addr)[5] == 'o');
	mem[5] = 'c';
	CHECK(seen_by_device(addr)[5] == 'o');
	dma_sync_single_for_device(dev, addr, SIZE, DMA_TO_DEVICE);
	CHECK(seen_by_device(addr)[5] == 'c');
	seen_by_device(addr)[6] = 'd';
	dma_sync_single_for_cpu(dev, addr, SIZE, DMA_TO_DEVICE);
	dma_unmap_single(dev, addr, SIZE, DMA_TO_DEVICE);
	CHECK(mem[6] == 'o');
	return 0;
}

static int both_ways(struct device *dev, char *mem)
{
	dma_addr_t addr = dma_map_single(dev, mem, SIZE, DMA_BIDIRECTIONAL);

	CHECK(!dma_mapping_error(dev, addr));
	mem[0] = 'c';
	dma_sync_single_for_device(dev, addr, SIZE, DMA_BIDIRECTIONAL);
	CHECK(seen_by_device(addr)[0] == 'c');
	seen_by_device(addr)[1] = 'd';
	dma_unmap_single_attrs(dev, addr, SIZE, DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	CHECK(mem[1] == 'o');
	return 0;
}

/* What the device reaches is not copied. */
static int page_within(struct device *dev, char *mem)
{
	struct page *page = alloc_page(GFP_KERNEL);
	dma_addr_t addr;

	CHECK(page);
	addr = dma_map_page(dev, page, 8, SIZE, DMA_BIDIRECTIONAL);
	CHECK(addr == page_to_phys(page) + 8);
	dma_unmap_page(dev, addr, SIZE, DMA_BIDIRECTIONAL);
	__free_page(page);
	return 0;
}

static int list(struct device *dev, char *mem)
{
	struct scatterlist sgl[2];

	sg_init_table(sgl, 2);
	sg_set_buf(&sgl[0], mem, SIZE / 2);
	sg_set_buf(&sgl[1], mem + SIZE / 2, SIZE / 2);
	CHECK(dma_map_sg(dev, sgl, 2, DMA_FROM_DEVICE) == 2);
	seen_by_device(sg_dma_address(&sgl[1]))[0] = 'd';
	CHECK(mem[SIZE / 2] == 'o');
	dma_sync_sg_for_cpu(dev, sgl, 2, DMA_FROM_DEVICE);
	CHECK(mem[SIZE / 2] == 'd');
	seen_by_device(sg_dma_address(&sgl[0]))[0] = 'd';
	dma_unmap_sg(dev, sgl, 2, DMA_FROM_DEVICE);
	CHECK(mem[0] == 'd');
	return 0;
}

/* There is no memory below 256 MB. */
static int out_of_reach(struct device *dev, char *mem)
{
	struct scatterlist sg;
	dma_addr_t addr;

	CHECK(!dma_set_mask_and_coherent(dev, DMA_BIT_MASK(24)));
	CHECK(dma_mapping_error(dev, dma_map_single(dev, mem, SIZE, DMA_TO_DEVICE)));
	CHECK(!dma_alloc_coherent(dev, SIZE, &addr, GFP_KERNEL));
	sg_init_one(&sg, mem, SIZE);
	CHECK(!dma_map_sg(dev, &sg, 1, DMA_TO_DEVICE));
	return 0;
}

static int resource_out_of_reach(struct device *dev, char *mem)
{
	CHECK(dma_mapping_error(dev, dma_map_resource(dev, 1ULL << 40, 16, DMA_TO_DEVICE, 0)));
	return 0;
}

static dma_addr_t lost;
static char *lost_mem;

int bounce_left(void)
{
	lost_mem = kzalloc(SIZE, GFP_KERNEL);
	card = platform_device_register_simple("bounce", 0, NULL, 0);
	if (!lost_mem || IS_ERR(card))
		return -ENOMEM;
	lost = dma_map_single(&card->dev, lost_mem, SIZE, DMA_TO_DEVICE);
	return dma_mapping_error(&card->dev, lost);
}

void bounce_give_back(void)
{
	dma_unmap_single(&card->dev, lost, SIZE, DMA_TO_DEVICE);
	platform_device_unregister(card);
	kfree(lost_mem);
}

int bounce_from_device(void) { return with_card(from_device); }
int bounce_to_device(void) { return with_card(to_device); }
int bounce_both_ways(void) { return with_card(both_ways); }
int bounce_page_within_the_mask(void) { return with_card(page_within); }
int bounce_list(void) { return with_card(list); }
int bounce_out_of_reach(void) { return with_card(out_of_reach); }
int bounce_resource_out_of_reach(void) { return with_card(resource_out_of_reach); }
