// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatter lists, DMA mapping and dma-bufs as another driver sees them. The device
 * "dmabuf_cases" of the class mdev_test has a file "case", to which the name of a case
 * (cases.h) is written. A buffer whose last reference was given back is released when the
 * writer is back in user space; until then the module stays.
 */
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cases.h"
#include "exporter.h"
#include "mdev_test.h"

/* ---- scatter lists -------------------------------------------------------------- */

static void neighbours_share_an_entry(void)
{
	struct page *block = alloc_pages(GFP_KERNEL, 2);
	struct page *pages[] = { block, block + 1, block + 3, block + 2 };
	struct sg_table sgt;

	CHECK(block);
	CHECK_EQ(sg_alloc_table_from_pages(&sgt, pages, 4, 100, 3 * PAGE_SIZE + 50, GFP_KERNEL), 0);
	CHECK_EQ(sgt.orig_nents, 3);
	CHECK_EQ(sg_nents(sgt.sgl), 3);
	CHECK(sg_page(&sgt.sgl[0]) == block);
	CHECK_EQ(sgt.sgl[0].offset, 100);
	CHECK_EQ(sgt.sgl[0].length, 2 * PAGE_SIZE - 100);
	CHECK(sg_page(&sgt.sgl[1]) == block + 3);
	CHECK_EQ(sgt.sgl[1].length, PAGE_SIZE);
	CHECK_EQ(sgt.sgl[2].length, 150);
	CHECK(sg_is_last(&sgt.sgl[2]));
	CHECK(sg_last(sgt.sgl, 3) == &sgt.sgl[2]);
	sg_free_table(&sgt);
	CHECK(!sgt.sgl);
	__free_pages(block, 2);
}

static void chains_are_followed(void)
{
	void *page = (void *)__get_free_page(GFP_KERNEL);
	struct scatterlist a[3], b[2], *sg;
	unsigned int n = 0;

	CHECK(page);
	sg_init_table(a, 3);
	sg_init_table(b, 2);
	sg_unmark_end(&a[2]);
	sg_chain(a, 3, b);
	CHECK(sg_is_chain(&a[2]));
	for (sg = a; sg; sg = sg_next(sg))
		n++;
	CHECK_EQ(n, 4);
	sg_init_one(b, (char *)page + 16, 32);
	CHECK(sg_virt(b) == (char *)page + 16);
	CHECK_EQ(b[0].length, 32);
	free_page((unsigned long)page);
}

static void empty_tables_are_refused(void)
{
	struct sg_table sgt;

	CHECK_EQ(sg_alloc_table(&sgt, 0, GFP_KERNEL), -EINVAL);
}

static const struct dma_buf_ops plain_ops = { PLAIN_OPS };

/* ---- DMA mapping ---------------------------------------------------------------- */

static void device_sees_physical_addresses(void)
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32);
	struct device *dev = new_device(true);
	struct scatterlist sg;

	CHECK(dev && page);
	sg_init_table(&sg, 1);
	sg_set_page(&sg, page, 100, 24);
	CHECK_EQ(dma_map_sg(dev, &sg, 1, DMA_BIDIRECTIONAL), 1);
	CHECK_EQ(sg_dma_address(&sg), page_to_phys(page) + 24);
	CHECK_EQ(sg_dma_len(&sg), 100);
	dma_unmap_sg(dev, &sg, 1, DMA_BIDIRECTIONAL);
	__free_page(page);
	put_device(dev);
}

/* ---- dma-bufs ------------------------------------------------------------------- */

static void export_wants_its_operations(void)
{
	static const struct dma_buf_ops incomplete = { .release = exp_release };
	struct dma_buf *dmabuf = export(&incomplete);

	CHECK_EQ(PTR_ERR(dmabuf), -EINVAL);
}

static void attachment_maps_each_time(void)
{
	struct dma_buf *dmabuf = export(&plain_ops);
	struct device *dev = new_device(true);
	struct dma_buf_attachment *at;
	struct sg_table *a, *b;

	CHECK(!IS_ERR(dmabuf) && dev);
	at = dma_buf_attach(dmabuf, dev);
	CHECK(!IS_ERR(at));
	a = dma_buf_map_attachment(at, DMA_TO_DEVICE);
	b = dma_buf_map_attachment(at, DMA_FROM_DEVICE);
	CHECK(!IS_ERR(a) && !IS_ERR(b) && a != b);
	CHECK_EQ(exporter.maps, 2);
	dma_buf_unmap_attachment(at, a, DMA_TO_DEVICE);
	dma_buf_unmap_attachment(at, b, DMA_FROM_DEVICE);
	CHECK_EQ(exporter.unmaps, 2);
	dma_buf_detach(dmabuf, at);
	CHECK_EQ(exporter.detaches, 1);
	dma_buf_put(dmabuf);
	put_device(dev);
}

static void exporter_may_refuse_a_device(void)
{
	struct dma_buf *dmabuf = export(&plain_ops);
	struct device *dev = new_device(true);

	CHECK(!IS_ERR(dmabuf) && dev);
	exporter.attach_result = -EBUSY;
	CHECK_EQ(PTR_ERR(dma_buf_attach(dmabuf, dev)), -EBUSY);
	CHECK_EQ(exporter.attaches, 1);
	CHECK_EQ(exporter.detaches, 0);
	dma_buf_put(dmabuf);
	put_device(dev);
}

static void access_is_announced_to_the_exporter(void)
{
	struct dma_buf *dmabuf = export(&plain_ops);

	CHECK(!IS_ERR(dmabuf));
	CHECK_EQ(dma_buf_begin_cpu_access(dmabuf, DMA_FROM_DEVICE), 0);
	CHECK_EQ(dma_buf_end_cpu_access(dmabuf, DMA_FROM_DEVICE), 0);
	CHECK_EQ(exporter.begins, 1);
	CHECK_EQ(exporter.ends, 1);
	dma_buf_put(dmabuf);
}

static const struct mdev_test_case cases[] = {
	CASE(neighbours_share_an_entry),
	CASE(chains_are_followed),
	CASE(empty_tables_are_refused),
	CASE(device_sees_physical_addresses),
	CASE(export_wants_its_operations),
	CASE(attachment_maps_each_time),
	CASE(exporter_may_refuse_a_device),
	CASE(access_is_announced_to_the_exporter),
};

static ssize_t case_store(struct device *dev, struct device_attribute *attr, const char *name,
			  size_t count)
{
	return mdev_test_run_case(cases, ARRAY_SIZE(cases), name, count);
}
static DEVICE_ATTR_WO(case);

static struct attribute *dmabuf_cases_attrs[] = {
	&dev_attr_case.attr,
	NULL
};
ATTRIBUTE_GROUPS(dmabuf_cases);

static struct device *dmabuf_cases;

static int __init dmabuf_cases_init(void)
{
	dmabuf_cases = device_create_with_groups(&mdev_test_class, NULL, 0, NULL,
						 dmabuf_cases_groups, "dmabuf_cases");
	return PTR_ERR_OR_ZERO(dmabuf_cases);
}

static void __exit dmabuf_cases_exit(void)
{
	device_unregister(dmabuf_cases);
}

module_init(dmabuf_cases_init);
module_exit(dmabuf_cases_exit);
MODULE_DESCRIPTION("Cases of scatter lists, DMA mapping and dma-bufs");
MODULE_LICENSE("GPL v2");
MODULE_IMPORT_NS(DMA_BUF);
