/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page that is exported, and a device that imports it: for tests that are kernel code,
 * each of which has one of them. The exporter counts what is asked of it.
 */
#ifndef UMDEV_TESTS_EXPORTER_H
#define UMDEV_TESTS_EXPORTER_H

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

/* ---- the device -------------------------------------------------------------- */

static void release_device(struct device *dev)
{
	kfree(dev);
}

/* Of which nothing is known by any bus; without a mask it can map nothing. */
static struct device *new_device(bool with_mask)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	dev->release = release_device;
	device_initialize(dev);
	if (!dev_set_name(dev, "importer") &&
	    (!with_mask || !dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32))))
		return dev;
	put_device(dev);
	return NULL;
}

/* ---- the exporter ------------------------------------------------------------ */

static struct {
	struct page *page;
	int attach_result;
	int releases, attaches, detaches, maps, unmaps, begins, ends;
} exporter;

static int exp_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *at)
{
	exporter.attaches++;
	return exporter.attach_result;
}

static void exp_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *at)
{
	exporter.detaches++;
}

static struct sg_table *exp_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	if (sg_alloc_table(sgt, 1, GFP_KERNEL))
		goto free_sgt;
	sg_set_page(sgt->sgl, exporter.page, PAGE_SIZE, 0);
	sgt->nents = dma_map_sg(at->dev, sgt->sgl, 1, dir);
	if (!sgt->nents)
		goto free_table;
	exporter.maps++;
	return sgt;

free_table:
	sg_free_table(sgt);
free_sgt:
	kfree(sgt);
	return ERR_PTR(-ENOMEM);
}

static void exp_unmap(struct dma_buf_attachment *at, struct sg_table *sgt,
		      enum dma_data_direction dir)
{
	exporter.unmaps++;
	dma_unmap_sg(at->dev, sgt->sgl, 1, dir);
	sg_free_table(sgt);
	kfree(sgt);
}

static void exp_release(struct dma_buf *dmabuf)
{
	exporter.releases++;
	__free_page(exporter.page);
}

static int exp_begin(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	exporter.begins++;
	return 0;
}

static int exp_end(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	exporter.ends++;
	return 0;
}

#define PLAIN_OPS							\
	.attach = exp_attach, .detach = exp_detach,			\
	.map_dma_buf = exp_map, .unmap_dma_buf = exp_unmap, .release = exp_release, \
	.begin_cpu_access = exp_begin, .end_cpu_access = exp_end

static struct dma_buf *export(const struct dma_buf_ops *ops)
{
	struct dma_buf_export_info info = {
		.exp_name = KBUILD_MODNAME, .owner = THIS_MODULE, .ops = ops, .size = PAGE_SIZE,
		.priv = &exporter,
	};
	struct dma_buf *dmabuf;

	memset(&exporter, 0, sizeof(exporter));
	exporter.page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!exporter.page)
		return ERR_PTR(-ENOMEM);
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		__free_page(exporter.page);
	return dmabuf;
}

#endif
