// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that uses somebody else's dma-buf, as a graphics card does that
 * shows a picture of another. Its files are in
 * /sys/devices/virtual/dmabuf_test/importer:
 *
 * import	written: a descriptor of the writer's; attaches and maps it
 * drop		written: unmaps and detaches
 * size		bytes that are mapped
 * sum		of all these bytes
 */
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>

static struct {
	struct class *class;
	struct device *dev;

	struct mutex lock;	/* protects all that follows */
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
} importer = {
	.lock = __MUTEX_INITIALIZER(importer.lock),
};

/* Takes over the reference on @dmabuf if it succeeds. */
static int importer_map(struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	if (importer.attach)
		return -EBUSY;

	attach = dma_buf_attach(dmabuf, importer.dev);
	if (IS_ERR(attach))
		return PTR_ERR(attach);

	sgt = dma_buf_map_attachment(attach, DMA_BIDIRECTIONAL);
	if (IS_ERR(sgt)) {
		dma_buf_detach(dmabuf, attach);
		return PTR_ERR(sgt);
	}
	importer.attach = attach;
	importer.sgt = sgt;
	return 0;
}

static void importer_drop(void)
{
	struct dma_buf_attachment *attach = importer.attach;
	struct dma_buf *dmabuf;

	if (!attach)
		return;

	dmabuf = attach->dmabuf;
	dma_buf_unmap_attachment(attach, importer.sgt, DMA_BIDIRECTIONAL);
	dma_buf_detach(dmabuf, attach);
	dma_buf_put(dmabuf);
	importer.attach = NULL;
	importer.sgt = NULL;
}

static ssize_t import_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct dma_buf *dmabuf;
	int fd, ret;

	ret = kstrtoint(buf, 10, &fd);
	if (ret)
		return ret;

	dmabuf = dma_buf_get(fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);

	mutex_lock(&importer.lock);
	ret = importer_map(dmabuf);
	mutex_unlock(&importer.lock);
	if (ret) {
		dma_buf_put(dmabuf);
		return ret;
	}
	return count;
}

static DEVICE_ATTR_WO(import);

static ssize_t drop_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	mutex_lock(&importer.lock);
	importer_drop();
	mutex_unlock(&importer.lock);
	return count;
}

static DEVICE_ATTR_WO(drop);

static ssize_t size_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	unsigned long size = 0;
	struct scatterlist *sg;
	unsigned int i;

	mutex_lock(&importer.lock);
	if (importer.sgt) {
		for_each_sg(importer.sgt->sgl, sg, importer.sgt->nents, i)
			size += sg_dma_len(sg);
	}
	mutex_unlock(&importer.lock);
	return sprintf(buf, "%lu\n", size);
}

static DEVICE_ATTR_RO(size);

static u64 importer_sum(void)
{
	struct scatterlist *sg;
	unsigned int i, j;
	u64 sum = 0;
	u8 *bytes;

	for_each_sg(importer.sgt->sgl, sg, importer.sgt->orig_nents, i) {
		bytes = sg_virt(sg);
		for (j = 0; j < sg->length; j++)
			sum += bytes[j];
	}
	return sum;
}

static ssize_t sum_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	u64 sum = 0;

	mutex_lock(&importer.lock);
	if (importer.sgt)
		sum = importer_sum();
	mutex_unlock(&importer.lock);
	return sprintf(buf, "%llu\n", sum);
}

static DEVICE_ATTR_RO(sum);

static struct attribute *importer_attrs[] = {
	&dev_attr_import.attr,
	&dev_attr_drop.attr,
	&dev_attr_size.attr,
	&dev_attr_sum.attr,
	NULL,
};

ATTRIBUTE_GROUPS(importer);

static int __init dmabuf_test_init(void)
{
	int ret;

	importer.class = class_create(THIS_MODULE, "dmabuf_test");
	if (IS_ERR(importer.class))
		return PTR_ERR(importer.class);

	importer.dev = device_create_with_groups(importer.class, NULL,
						 MKDEV(0, 0), NULL,
						 importer_groups, "importer");
	if (IS_ERR(importer.dev)) {
		ret = PTR_ERR(importer.dev);
		goto destroy_class;
	}

	ret = dma_coerce_mask_and_coherent(importer.dev, DMA_BIT_MASK(64));
	if (ret)
		goto unregister;
	return 0;

unregister:
	device_unregister(importer.dev);
destroy_class:
	class_destroy(importer.class);
	return ret;
}

static void __exit dmabuf_test_exit(void)
{
	importer_drop();
	device_unregister(importer.dev);
	class_destroy(importer.class);
}

module_init(dmabuf_test_init)
module_exit(dmabuf_test_exit)

MODULE_DESCRIPTION("Test: a device that imports a dma-buf");
MODULE_AUTHOR("umdev contributors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
