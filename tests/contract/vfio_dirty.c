// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracking of dirty pages by a container, which a user needs to move a
 * machine while a device may write its memory; and mappings at the end of the
 * address space. The device is one whose driver pins pages on command.
 */
#include "vfio_user.h"

#define TYPE		TYPES(DIR_TEST "/vfio_vendor") "/mdev_test-custom"
#define A		MDEV_DEVICES UUID_A
#define KEEP		BUS "/drivers/vfio_test_driver/keep"
#define PAGE		4096ULL
#define IOVA		(0x100 * PAGE)

#define START		VFIO_IOMMU_DIRTY_PAGES_FLAG_START
#define STOP		VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP
#define GET		VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP

static struct vfio_user user;
static struct t_user *bits;	/* two words, where the container writes */
static char *memory;

static void start(void)
{
	load_vfio();
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_vfio", NULL), 0);
	t_expect(t_modprobe("vfio_test_driver", NULL), 0);
	create(TYPE, UUID_A);
	vfio_open(&user, UUID_A);
	memory = dma_memory(8 * PAGE);
	bits = t_user_alloc(16);
}

static void stop(void)
{
	vfio_close(&user);
	discard(A);
	t_expect(t_munmap(memory, 8 * PAGE), 0);
	t_user_free(bits);
}

static uint64_t *word(void)
{
	return t_user_ptr(bits);
}

static void map(uint64_t iova, unsigned int pages)
{
	t_expect(dma_map(&user, iova, memory, pages * PAGE, DMA_READ_WRITE), 0);
}

static void keep(const char *page)
{
	t_expect(t_put(KEEP, page), (long)strlen(page));
}

static long dirty(unsigned int flags)
{
	struct vfio_iommu_type1_dirty_bitmap d = { .argsz = sizeof(d), .flags = flags };

	return t_ioctl(user.container, VFIO_IOMMU_DIRTY_PAGES, &d, sizeof(d));
}

struct get {
	struct vfio_iommu_type1_dirty_bitmap head;
	struct vfio_iommu_type1_dirty_bitmap_get get;
};

static void request(struct get *get, uint64_t iova, uint64_t size)
{
	*get = (struct get){
		.head = { .argsz = sizeof(struct get), .flags = GET },
		.get = { .iova = iova, .size = size, .bitmap = {
			.pgsize = PAGE, .size = 8, .data = (void *)t_user_addr(bits) } },
	};
}

static long ask(struct get *get)
{
	return t_ioctl(user.container, VFIO_IOMMU_DIRTY_PAGES, get, sizeof(*get));
}

/* The first word of the bitmap, for pages from IOVA on. */
static uint64_t dirty_pages(uint64_t size)
{
	struct get get;

	request(&get, IOVA, size);
	memset(word(), 0, 16);
	t_expect(ask(&get), 0);
	return word()[0];
}

/* ---- what counts as dirty ------------------------------------------------ */

static void pinned_page_is_dirty_until_unpinned_and_told(void **state)
{
	start();
	map(IOVA, 3);
	t_expect(dirty(START), 0);
	t_expect(dirty_pages(3 * PAGE), 0);
	keep("257");
	t_expect(dirty_pages(3 * PAGE), 2);
	t_expect(dirty_pages(3 * PAGE), 2);
	keep("-257");
	t_expect(dirty_pages(3 * PAGE), 2);
	t_expect(dirty_pages(3 * PAGE), 0);
	t_expect(dirty(STOP), 0);
	stop();
}

static void page_pinned_before_counts(void **state)
{
	start();
	map(IOVA, 3);
	keep("258");
	t_expect(dirty(START), 0);
	/* again: goes on */
	t_expect(dirty(START), 0);
	t_expect(dirty_pages(3 * PAGE), 4);
	t_expect(dirty(STOP), 0);
	t_expect(dirty(START), 0);
	keep("-258");
	t_expect(dirty_pages(3 * PAGE), 4);
	stop();
}

static void mapping_made_meanwhile_is_tracked(void **state)
{
	start();
	t_expect(dirty(START), 0);
	map(IOVA, 8);
	keep("263");
	t_expect(dirty_pages(8 * PAGE), 0x80);
	keep("-263");
	stop();
}

static void several_mappings_share_a_bitmap(void **state)
{
	struct get get;

	start();
	map(IOVA, 3);
	map(IOVA + 5 * PAGE, 2);
	map(IOVA + 70 * PAGE, 8);
	t_expect(dirty(START), 0);
	keep("256");
	keep("262");
	keep("327");
	request(&get, IOVA, 78 * PAGE);
	get.get.bitmap.size = 16;
	/* a word that begins with a mapping is written anew, another added to */
	word()[0] = ~0ULL;
	word()[1] = 1ULL << 63 | 1;
	t_expect(ask(&get), 0);
	t_expect(word()[0], 1 | 1 << 6);
	t_expect(word()[1], 1ULL << 63 | 1 << 7 | 1);
	keep("-256");
	keep("-262");
	keep("-327");
	stop();
}

static void unmapping_tells_the_dirty_pages(void **state)
{
	struct {
		struct vfio_iommu_type1_dma_unmap head;
		struct vfio_bitmap bitmap;
	} unmap = {
		.head = { .argsz = sizeof(unmap), .iova = IOVA, .size = 3 * PAGE,
			  .flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP },
	};

	start();
	unmap.bitmap = (struct vfio_bitmap){ PAGE, 8, (void *)t_user_addr(bits) };
	map(IOVA, 3);
	t_expect(t_ioctl(user.container, VFIO_IOMMU_UNMAP_DMA, &unmap, sizeof(unmap)), -EINVAL);
	t_expect(dirty(START), 0);
	keep("257");
	keep("-257");
	unmap.bitmap.size = 7;
	t_expect(t_ioctl(user.container, VFIO_IOMMU_UNMAP_DMA, &unmap, sizeof(unmap)), -EINVAL);
	unmap.bitmap.size = 8;
	t_expect(t_ioctl(user.container, VFIO_IOMMU_UNMAP_DMA, &unmap, sizeof(unmap)), 0);
	t_expect(unmap.head.size, 3 * PAGE);
	t_expect(word()[0], 2);
	stop();
}

/* ---- what is refused ----------------------------------------------------- */

static void tracking_wants_one_flag(void **state)
{
	struct vfio_iommu_type1_dirty_bitmap d = { .argsz = 4, .flags = START };

	start();
	t_expect(dirty(START | STOP), -EINVAL);
	t_expect(dirty(8), -EINVAL);
	/* without room for what follows */
	t_expect(dirty(GET), -EINVAL);
	t_expect(t_ioctl(user.container, VFIO_IOMMU_DIRTY_PAGES, &d, sizeof(d)), -EINVAL);
	t_expect(t_ioctl_raw(user.container, VFIO_IOMMU_DIRTY_PAGES, T_BAD_ADDR), -EFAULT);
	/* what was not begun can be ended */
	t_expect(dirty(STOP), 0);
	stop();
}

static void bitmap_must_fit(void **state)
{
	struct get get;

	start();
	map(IOVA, 3);
	request(&get, IOVA, 3 * PAGE);
	/* nobody tracks */
	t_expect(ask(&get), -EINVAL);
	t_expect(dirty(START), 0);
	t_expect(ask(&get), 0);
	get.get.bitmap.pgsize = 2 * PAGE;
	t_expect(ask(&get), -EINVAL);
	request(&get, IOVA, 3 * PAGE);
	get.get.bitmap.size = 7;
	t_expect(ask(&get), -EINVAL);
	get.get.bitmap.size = 1ULL << 32;
	t_expect(ask(&get), -EINVAL);
	request(&get, IOVA + 1, 3 * PAGE);
	t_expect(ask(&get), -EINVAL);
	request(&get, IOVA, 3 * PAGE + 1);
	t_expect(ask(&get), -EINVAL);
	request(&get, IOVA, 0);
	t_expect(ask(&get), -EINVAL);
	/* a part of a mapping */
	request(&get, IOVA, 2 * PAGE);
	t_expect(ask(&get), -EINVAL);
	request(&get, IOVA + PAGE, 2 * PAGE);
	t_expect(ask(&get), -EINVAL);
	/* more than there is */
	request(&get, IOVA, 4 * PAGE);
	t_expect(ask(&get), 0);
	request(&get, IOVA, 3 * PAGE);
	get.get.bitmap.data = (void *)T_BAD_ADDR;
	t_expect(ask(&get), -EFAULT);
	stop();
}

/* ---- the end of the address space ---------------------------------------- */

static void mappings_are_limited(void **state)
{
	uint64_t i;
	long ret = 0;

	start();
	for (i = 0; i < 70000 && !ret; i++)
		ret = dma_map(&user, (70000 - i) * PAGE, memory, PAGE, DMA_READ_WRITE);
	t_expect(ret, -ENOSPC);
	t_expect(i, 65536);
	/* one goes, one may come */
	t_expect(dma_unmap(&user, 70000 * PAGE, PAGE), PAGE);
	t_expect(dma_map(&user, 0, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_map(&user, PAGE, memory, PAGE, DMA_READ_WRITE), -ENOSPC);
	stop();
}

/* Linux finds such a mapping from 6.18 on; before, it stays until the container goes. */
static void last_page_is_unmapped_as_any(void **state)
{
	long again;

	start();
	map(-PAGE, 1);
	again = dma_map(&user, -PAGE, memory, PAGE, DMA_READ_WRITE);
	if (again || t_is_shim())
		t_expect(again, -EEXIST);
	t_expect(dma_unmap(&user, -PAGE, PAGE), again ? PAGE : 0);
	t_expect(dma_unmap(&user, -PAGE, 2 * PAGE), -EINVAL);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(pinned_page_is_dirty_until_unpinned_and_told),
		T_TEST(page_pinned_before_counts),
		T_TEST(mapping_made_meanwhile_is_tracked),
		T_TEST(several_mappings_share_a_bitmap),
		T_TEST(unmapping_tells_the_dirty_pages),
		T_TEST(tracking_wants_one_flag),
		T_TEST(bitmap_must_fit),
		T_TEST(mappings_are_limited),
		T_TEST(last_page_is_unmapped_as_any),
	};

	return t_run("vfio_dirty", tests);
}
