// SPDX-License-Identifier: GPL-2.0-only
/* Scatter lists, DMA mapping, dma-bufs; see dma_buf.c. */
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <umdev/umdev.h>

#include "../modules/exporter.h"
#include "fs/internal.h"
#include "dma_buf.h"

/* ---- scatter lists ------------------------------------------------------------ */

/* As later kernels let a driver ask for it. */
static void segment_is_at_least_a_page(void)
{
	struct page *block = alloc_pages(GFP_KERNEL, 1);
	struct page *pages[] = { block, block + 1 };
	struct sg_table sgt;

	CHECK(block);
	CHECK_EQ(sg_alloc_table_from_pages_segment(&sgt, pages, 2, 0, 2 * PAGE_SIZE, PAGE_SIZE,
						   GFP_KERNEL), 0);
	CHECK_EQ(sgt.orig_nents, 2);
	sg_free_table(&sgt);
	um_expect_splat("um_sg_alloc_table_from_pages");
	CHECK_EQ(sg_alloc_table_from_pages_segment(&sgt, pages, 2, 0, 2 * PAGE_SIZE, 100,
						   GFP_KERNEL), -EINVAL);
	__free_pages(block, 1);
}

static void table_without_memory_is_enomem(void)
{
	struct sg_table sgt;

	um_fail_nth(1);
	CHECK_EQ(sg_alloc_table(&sgt, 1, GFP_KERNEL), -ENOMEM);
	CHECK_EQ(um_fail_nth(0), 0);
}

/* ---- something to export -------------------------------------------------------- */

/* What an exporter may do besides. */
static struct {
	int vmap_result, vmaps, vunmaps;
} asked;

/* Both forms of a mapping for the kernel, tested by the later one's words. */
#if KAPI_ABI_DMA_BUF_VMAP_ADDRESS
static void *exp_vmap(struct dma_buf *dmabuf)
{
	asked.vmaps++;
	return asked.vmap_result ? ERR_PTR(asked.vmap_result) : page_address(exporter.page);
}

static void exp_vunmap(struct dma_buf *dmabuf, void *vaddr)
{
	asked.vunmaps++;
}

static int vmap_buf(struct dma_buf *dmabuf, struct iosys_map *map)
{
	iosys_map_set_vaddr(map, dma_buf_vmap(dmabuf));
	if (!iosys_map_is_null(map))
		return 0;
	return dmabuf->ops->vmap ? asked.vmap_result : -EINVAL;
}

static void vunmap_buf(struct dma_buf *dmabuf, struct iosys_map *map)
{
	dma_buf_vunmap(dmabuf, map->vaddr);
}
#else
static int exp_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	asked.vmaps++;
	iosys_map_set_vaddr(map, page_address(exporter.page));
	return asked.vmap_result;
}

static void exp_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	asked.vunmaps++;
}

static int vmap_buf(struct dma_buf *dmabuf, struct iosys_map *map)
{
	return dma_buf_vmap(dmabuf, map);
}

static void vunmap_buf(struct dma_buf *dmabuf, struct iosys_map *map)
{
	dma_buf_vunmap(dmabuf, map);
}
#endif

static int exp_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return vm_insert_page(vma, vma->vm_start, exporter.page);
}

static const struct dma_buf_ops plain_ops = {
	PLAIN_OPS,
	.vmap = exp_vmap, .vunmap = exp_vunmap, .mmap = exp_mmap,
};

static const struct dma_buf_ops caching_ops = {
	.cache_sgt_mapping = true,
	.map_dma_buf = exp_map, .unmap_dma_buf = exp_unmap, .release = exp_release,
};

static struct dma_buf *export_with(const struct dma_buf_ops *ops)
{
	struct dma_buf *dmabuf = export(ops);

	memset(&asked, 0, sizeof(asked));
	CHECK(!IS_ERR(dmabuf));
	return dmabuf;
}

/* The release of a file is put off to the end of the system call. */
static void put_now(struct dma_buf *dmabuf)
{
	um_syscall_enter();
	dma_buf_put(dmabuf);
	um_syscall_exit();
}

/* ---- DMA mapping ----------------------------------------------------------------------- */

static void device_without_a_mask_cannot_map(void)
{
	struct device *dev = new_device(false);
	struct scatterlist sg;
	struct page *page = alloc_page(GFP_KERNEL);

	sg_init_table(&sg, 1);
	sg_set_page(&sg, page, PAGE_SIZE, 0);
	um_expect_splat("dma_mask");
	CHECK_EQ(dma_map_sg(dev, &sg, 1, DMA_TO_DEVICE), 0);
	CHECK_EQ(dma_set_mask(dev, DMA_BIT_MASK(64)), -EIO);
	__free_page(page);
	put_device(dev);
}

/* ---- dma-bufs ------------------------------------------------------------------------------ */

static void failed_export_releases_nothing(void)
{
	struct dma_buf_export_info info = {
		.exp_name = "test", .ops = &plain_ops, .size = PAGE_SIZE, .priv = &exporter,
	};
	struct dma_buf *dmabuf;
	unsigned int n, left;

	memset(&exporter, 0, sizeof(exporter));
	for (n = 1; n < 100; n++) {
		um_fail_nth(n);
		dmabuf = dma_buf_export(&info);
		left = um_fail_nth(0);
		if (!IS_ERR(dmabuf))
			break;
		CHECK_EQ(left, 0);
		CHECK_EQ(exporter.releases, 0);
	}
	CHECK(n > 1 && n < 100);
	exporter.page = alloc_page(GFP_KERNEL);
	put_now(dmabuf);
	CHECK_EQ(exporter.releases, 1);
}

static void cached_mapping_lasts_until_detach(void)
{
	struct dma_buf *dmabuf = export_with(&caching_ops);
	struct device *dev = new_device(true);
	struct dma_buf_attachment *at = dma_buf_attach(dmabuf, dev);
	struct sg_table *a;

	CHECK(!IS_ERR(at));
	a = dma_buf_map_attachment(at, DMA_TO_DEVICE);
	CHECK(!IS_ERR(a));
	dma_buf_unmap_attachment(at, a, DMA_TO_DEVICE);
	CHECK_EQ(exporter.unmaps, 0);
	CHECK(dma_buf_map_attachment(at, DMA_TO_DEVICE) == a);
	CHECK_EQ(PTR_ERR(dma_buf_map_attachment(at, DMA_FROM_DEVICE)), -EBUSY);
	dma_buf_detach(dmabuf, at);
	CHECK_EQ(exporter.unmaps, 1);
	put_now(dmabuf);
	put_device(dev);
}

static void kernel_mapping_is_shared(void)
{
	struct dma_buf *dmabuf = export_with(&plain_ops);
	struct iosys_map a, b;

	CHECK_EQ(vmap_buf(dmabuf, &a), 0);
	CHECK_EQ(vmap_buf(dmabuf, &b), 0);
	CHECK(iosys_map_is_equal(&a, &b) && a.vaddr == page_address(exporter.page));
	CHECK_EQ(asked.vmaps, 1);
	vunmap_buf(dmabuf, &a);
	CHECK_EQ(asked.vunmaps, 0);
	vunmap_buf(dmabuf, &b);
	CHECK_EQ(asked.vunmaps, 1);
	put_now(dmabuf);

	dmabuf = export_with(&caching_ops);
	CHECK_EQ(vmap_buf(dmabuf, &a), -EINVAL);
	CHECK(iosys_map_is_null(&a));
	put_now(dmabuf);
}

static void failed_kernel_mapping_is_none(void)
{
	struct dma_buf *dmabuf = export_with(&plain_ops);
	struct iosys_map map;

	asked.vmap_result = -ENOMEM;
	um_expect_splat("drivers/dma-buf/dma-buf.c");
	CHECK_EQ(vmap_buf(dmabuf, &map), -ENOMEM);
	CHECK(iosys_map_is_null(&map) && iosys_map_is_null(&dmabuf->vmap_ptr));
	asked.vmap_result = 0;
	CHECK_EQ(vmap_buf(dmabuf, &map), 0);
	vunmap_buf(dmabuf, &map);
	put_now(dmabuf);
}

static void descriptor_takes_the_reference(void)
{
	struct dma_buf *dmabuf = export_with(&plain_ops), *again;
	int fd;

	um_fail_nth(1);
	CHECK_EQ(dma_buf_fd(dmabuf, 0), -EMFILE);
	um_fail_nth(0);
	fd = dma_buf_fd(dmabuf, 0);
	CHECK(fd >= 0);
	again = dma_buf_get(fd);
	CHECK(again == dmabuf);
	CHECK_EQ(um_close(fd), 0);
	CHECK_EQ(exporter.releases, 0);
	put_now(again);
	CHECK_EQ(exporter.releases, 1);
	CHECK_EQ(PTR_ERR(dma_buf_get(fd)), -EBADF);
	CHECK_EQ(dma_buf_fd(NULL, 0), -EINVAL);
}

static void name_must_be_the_users_and_short(void)
{
	struct dma_buf *dmabuf = export_with(&plain_ops);
	char *name = um_user_alloc(PAGE_SIZE);
	int fd = dma_buf_fd(dmabuf, 0);

	CHECK(name && fd >= 0);
	memset(um_user_ptr(name), 'n', PAGE_SIZE);
	CHECK_EQ(um_ioctl(fd, DMA_BUF_SET_NAME_B, (unsigned long)name), -EINVAL);
	CHECK_EQ(um_ioctl(fd, DMA_BUF_SET_NAME_B, 8), -EFAULT);
	CHECK(!dmabuf->name);
	strcpy(um_user_ptr(name), "frame");
	CHECK_EQ(um_ioctl(fd, DMA_BUF_SET_NAME_B, (unsigned long)name), 0);
	CHECK_EQ(strcmp(dmabuf->name, "frame"), 0);
	um_user_free(name);
	CHECK_EQ(um_close(fd), 0);
}

/* A device whose mmap operation gives out pages of a dma-buf, from @window_start on. */
static struct dma_buf *window;
static unsigned long window_start;

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	return dma_buf_mmap(window, vma, window_start);
}

static const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.mmap = window_mmap,
};

static long map_window(const struct dma_buf_ops *ops, unsigned long start, size_t size)
{
	struct miscdevice misc = {
		.minor = MISC_DYNAMIC_MINOR, .name = "window", .fops = &window_fops,
	};
	char *at;
	int fd;

	window = export_with(ops);
	window_start = start;
	CHECK_EQ(misc_register(&misc), 0);
	fd = um_open("/dev/window", O_RDWR);
	CHECK(fd >= 0);
	strcpy(page_address(exporter.page), "through the window");
	at = um_mmap(size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	put_now(window);
	CHECK_EQ(um_close(fd), 0);
	misc_deregister(&misc);
	if (IS_ERR(at))
		return PTR_ERR(at);
	/* the mapping keeps the buffer, and only that */
	CHECK_EQ(exporter.releases, 0);
	CHECK_EQ(strcmp(at, "through the window"), 0);
	CHECK_EQ(um_munmap(at, size), 0);
	return 0;
}

static void buffer_can_be_mapped_through_another_file(void)
{
	CHECK_EQ(map_window(&plain_ops, 0, PAGE_SIZE), 0);
	CHECK_EQ(exporter.releases, 1);
}

static void mapping_through_another_file_is_checked(void)
{
	CHECK_EQ(map_window(&plain_ops, 1, PAGE_SIZE), -EINVAL);
	CHECK_EQ(map_window(&plain_ops, 0, 2 * PAGE_SIZE), -EINVAL);
	CHECK_EQ(map_window(&plain_ops, ULONG_MAX, PAGE_SIZE), -EOVERFLOW);
	CHECK_EQ(map_window(&caching_ops, 0, PAGE_SIZE), -EINVAL);
	CHECK_EQ(exporter.releases, 1);
}

#define CASE(fn) { #fn, fn }

const struct kern_case dma_buf_cases[] = {
	CASE(segment_is_at_least_a_page),
	CASE(table_without_memory_is_enomem),
	CASE(device_without_a_mask_cannot_map),
	CASE(failed_export_releases_nothing),
	CASE(cached_mapping_lasts_until_detach),
	CASE(kernel_mapping_is_shared),
	CASE(failed_kernel_mapping_is_none),
	CASE(descriptor_takes_the_reference),
	CASE(name_must_be_the_users_and_short),
	CASE(buffer_can_be_mapped_through_another_file),
	CASE(mapping_through_another_file_is_checked),
	{ NULL, NULL },
};
