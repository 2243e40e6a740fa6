// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver that uses all there is: types built at run time, no owner,
 * an aperture that is mapped, and pinned guest pages.
 */
#include "vfio_user.h"

#define PARENT_DIR	"/sys/devices/virtual/shape_full/gpu"
#define TYPE		TYPES(PARENT_DIR) "/shape_full-V5_1"
#define A		PARENT_DIR "/" UUID_A
#define B		PARENT_DIR "/" UUID_B

#define PAGE		4096UL
#define REGISTERS	VFIO_PCI_BAR0_REGION_INDEX
#define APERTURE	VFIO_PCI_BAR2_REGION_INDEX
#define APERTURE_SIZE	(4 * PAGE)

enum { PIN = 0x00, UNPIN = 0x08, GUEST_PAGE = 0x10, DATA = 0x18, PINNED = 0x20, NOTICES = 0x28 };

/* Where the guest sees its memory. */
#define GFN		0x1000UL
#define IOVA		(GFN * PAGE)
#define NR_PAGES	4

static struct vfio_user user;
static char *memory;

static void load(const char *params)
{
	t_expect(t_modprobe("vfio_mdev", NULL), 0);
	t_expect(t_modprobe("shape_full", params), 0);
}

static void start(void)
{
	load(NULL);
	create(TYPE, UUID_A);
	vfio_open(&user, UUID_A);
}

static void stop(void)
{
	vfio_close(&user);
	discard(A);
}

/* A guest with four pages of memory. */
static void start_guest(void)
{
	start();
	memory = dma_memory(NR_PAGES * PAGE);
	memset(memory, 0, NR_PAGES * PAGE);
	t_expect(dma_map(&user, IOVA, memory, NR_PAGES * PAGE, DMA_READ_WRITE), 0);
}

static void stop_guest(void)
{
	stop();
	t_expect(t_munmap(memory, NR_PAGES * PAGE), 0);
}

static long write_reg(struct vfio_user *v, unsigned int reg, uint64_t value)
{
	ssize_t ret = region_write(v, REGISTERS, reg, &value, sizeof(value));

	return ret == sizeof(value) ? 0 : ret;
}

static uint64_t read_reg(struct vfio_user *v, unsigned int reg)
{
	uint64_t value = 0;

	t_expect(region_read(v, REGISTERS, reg, &value, sizeof(value)), sizeof(value));
	return value;
}

static long read_data(struct vfio_user *v, uint64_t gfn, uint64_t *value)
{
	ssize_t ret;

	t_expect(write_reg(v, GUEST_PAGE, gfn), 0);
	ret = region_read(v, REGISTERS, DATA, value, sizeof(*value));
	return ret == sizeof(*value) ? 0 : ret;
}

/* ---- types and owner ------------------------------------------------- */

static void types_are_built_when_the_module_is_loaded(void **state)
{
	load("types=5");
	expect_list(TYPES(PARENT_DIR), "shape_full-V5_1 shape_full-V5_16 shape_full-V5_2 "
				       "shape_full-V5_4 shape_full-V5_8");
	t_expect_text(TYPE "/device_api", "vfio-pci\n");
	t_expect_text(TYPE "/available_instances", "8\n");
	t_expect_text(TYPE "/description", "aperture: 16384 bytes\n");
	t_expect(t_exists(TYPE "/name"), false);
	create(TYPES(PARENT_DIR) "/shape_full-V5_16", UUID_A);
	expect_link_to(A "/mdev_type", "shape_full-V5_16");
	t_expect_text(TYPE "/available_instances", "7\n");
}

static void parent_without_types_to_offer_has_none(void **state)
{
	load("types=0");
	expect_list(TYPES(PARENT_DIR), "");
}

static void module_without_owner_waits_for_its_user(void **state)
{
	struct t_task *rmmod;

	start();
	t_expect(t_refcnt("shape_full"), 0);
	t_expect(t_rmmod("vfio_mdev"), -EWOULDBLOCK);
	rmmod = t_rmmod_start("shape_full");
	t_expect(t_task_wait_blocked(rmmod), true);
	t_expect(region_get(&user, APERTURE, 0, 4), 0);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(rmmod), 0);
	vfio_close_group(&user);
}

/* ---- the aperture ---------------------------------------------------- */

static void aperture_is_the_same_by_read_write_and_mmap(void **state)
{
	uint32_t *p;
	int err;

	start();
	p = region_map(&user, APERTURE, 0, APERTURE_SIZE, MAP_SHARED, &err);
	t_expect(err, 0);
	region_set(&user, APERTURE, 3 * PAGE + 8, 0x12345678, 4);
	t_expect(p[(3 * PAGE + 8) / 4], 0x12345678);
	p[1] = 0x9abcdef0;
	t_expect(region_get(&user, APERTURE, 4, 4), 0x9abcdef0);
	t_expect(t_munmap(p, APERTURE_SIZE), 0);
	p = region_map(&user, APERTURE, 3 * PAGE, PAGE, MAP_SHARED, &err);
	t_expect(err, 0);
	t_expect(p[2], 0x12345678);
	t_expect(t_munmap(p, PAGE), 0);
	stop();
}

static void mapping_outlives_the_file(void **state)
{
	uint32_t *p;
	int err;

	start();
	p = region_map(&user, APERTURE, 0, PAGE, MAP_SHARED, &err);
	t_expect(err, 0);
	t_expect(t_close(user.device), 0);
	p[0] = 1;
	t_expect(t_munmap(p, PAGE), 0);
	vfio_close_group(&user);
	discard(A);
}

static void other_mappings_are_einval(void **state)
{
	int err;

	start();
	assert_null(region_map(&user, APERTURE, 0, APERTURE_SIZE + PAGE, MAP_SHARED, &err));
	t_expect(err, -EINVAL);
	assert_null(region_map(&user, APERTURE, APERTURE_SIZE, PAGE, MAP_SHARED, &err));
	t_expect(err, -EINVAL);
	assert_null(region_map(&user, APERTURE, 0, PAGE, MAP_PRIVATE, &err));
	t_expect(err, -EINVAL);
	assert_null(region_map(&user, REGISTERS, 0, PAGE, MAP_SHARED, &err));
	t_expect(err, -EINVAL);
	stop();
}

static void regions_end_where_they_end(void **state)
{
	uint64_t value = 0;

	start();
	t_expect(region_read(&user, APERTURE, APERTURE_SIZE - 2, &value, 8), 2);
	t_expect(region_write(&user, APERTURE, APERTURE_SIZE - 2, &value, 8), 2);
	t_expect(region_read(&user, APERTURE, APERTURE_SIZE, &value, 1), -EINVAL);
	t_expect(region_read(&user, REGISTERS, 0x30, &value, 8), -EINVAL);
	t_expect(region_read(&user, REGISTERS, 0x20, &value, 4), -EINVAL);
	t_expect(region_read(&user, REGISTERS, 0x24, &value, 8), -EINVAL);
	t_expect(region_read(&user, VFIO_PCI_CONFIG_REGION_INDEX, 0, &value, 4), -EINVAL);
	t_expect(t_pread_raw(user.device, T_BAD_ADDR, 8, (int64_t)APERTURE << 40), -EFAULT);
	t_expect(t_pwrite_raw(user.device, T_BAD_ADDR, 8, (int64_t)APERTURE << 40), -EFAULT);
	t_expect(t_pread_raw(user.device, T_BAD_ADDR, 8, PINNED), -EFAULT);
	t_expect(t_pwrite_raw(user.device, T_BAD_ADDR, 8, GUEST_PAGE), -EFAULT);
	stop();
}

/* ---- guest pages ----------------------------------------------------- */

static void pinned_page_is_the_guests(void **state)
{
	uint64_t value;

	start_guest();
	t_expect(write_reg(&user, PIN, GFN + 2), 0);
	t_expect(read_reg(&user, PINNED), 1);
	memcpy(memory + 2 * PAGE, "to  card", 8);
	t_expect(read_data(&user, GFN + 2, &value), 0);
	assert_memory_equal(&value, "to  card", 8);
	memcpy(&value, "to guest", 8);
	t_expect(write_reg(&user, DATA, value), 0);
	assert_memory_equal(memory + 2 * PAGE, "to guest", 8);
	assert_memory_equal(memory + 1 * PAGE, "\0\0\0\0\0\0\0\0", 8);
	t_expect(write_reg(&user, UNPIN, GFN + 2), 0);
	t_expect(read_data(&user, GFN + 2, &value), -ENXIO);
	stop_guest();
}

static void page_that_is_not_mapped_is_einval(void **state)
{
	start_guest();
	t_expect(write_reg(&user, PIN, GFN - 1), -EINVAL);
	t_expect(write_reg(&user, PIN, GFN + NR_PAGES), -EINVAL);
	t_expect(write_reg(&user, PIN, 0), -EINVAL);
	t_expect(read_reg(&user, PINNED), 0);
	stop_guest();
}

static void page_that_must_not_be_written_is_eperm(void **state)
{
	start();
	memory = dma_memory(NR_PAGES * PAGE);
	t_expect(dma_map(&user, IOVA, memory, NR_PAGES * PAGE, VFIO_DMA_MAP_FLAG_READ), 0);
	t_expect(write_reg(&user, PIN, GFN), -EPERM);
	stop_guest();
}

static void page_that_is_only_read_may_be_read_only(void **state)
{
	uint64_t value;

	load("writable=0");
	create(TYPE, UUID_A);
	vfio_open(&user, UUID_A);
	memory = dma_memory(NR_PAGES * PAGE);
	memset(memory, 'r', NR_PAGES * PAGE);
	t_expect(dma_map(&user, IOVA, memory, NR_PAGES * PAGE, VFIO_DMA_MAP_FLAG_READ), 0);
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(read_data(&user, GFN, &value), 0);
	assert_memory_equal(&value, "rrrrrrrr", 8);
	stop_guest();
}

static void version_1_has_no_pinning(void **state)
{
	char node[64];

	load(NULL);
	create(TYPE, UUID_A);
	user.container = t_open("/dev/vfio/vfio", O_RDWR);
	group_node(UUID_A, node, sizeof(node));
	user.group = t_open(node, O_RDWR);
	t_expect(t_ioctl(user.group, VFIO_GROUP_SET_CONTAINER, &user.container,
			 sizeof(user.container)), 0);
	t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU), 0);
	user.device = vfio_get_device(&user, UUID_A);
	t_expect(user.device >= 0, true);
	memory = dma_memory(NR_PAGES * PAGE);
	t_expect(dma_map(&user, IOVA, memory, NR_PAGES * PAGE, DMA_READ_WRITE), 0);
	t_expect(write_reg(&user, PIN, GFN), -EACCES);
	stop_guest();
}

static void several_pages_can_be_pinned(void **state)
{
	unsigned int i;

	start_guest();
	for (i = 0; i < NR_PAGES; i++)
		t_expect(write_reg(&user, PIN, GFN + i), 0);
	t_expect(write_reg(&user, PIN, GFN), -EEXIST);
	t_expect(read_reg(&user, PINNED), NR_PAGES);
	t_expect(write_reg(&user, UNPIN, GFN + 1), 0);
	t_expect(write_reg(&user, UNPIN, GFN + 1), -ENXIO);
	t_expect(read_reg(&user, PINNED), NR_PAGES - 1);
	stop_guest();
}

static void unmap_notice_lets_the_pages_go(void **state)
{
	uint64_t value;

	start_guest();
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(write_reg(&user, PIN, GFN + 3), 0);
	t_expect(dma_unmap(&user, IOVA, NR_PAGES * PAGE), NR_PAGES * PAGE);
	t_expect(read_reg(&user, NOTICES), 1);
	t_expect(read_reg(&user, PINNED), 0);
	t_expect(read_data(&user, GFN, &value), -ENXIO);
	t_expect(write_reg(&user, PIN, GFN), -EINVAL);
	stop_guest();
}

static void unmapping_what_is_not_pinned_tells_nobody(void **state)
{
	start_guest();
	t_expect(dma_map(&user, 2 * IOVA, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(dma_unmap(&user, 2 * IOVA, PAGE), PAGE);
	t_expect(read_reg(&user, NOTICES), 0);
	t_expect(read_reg(&user, PINNED), 1);
	stop_guest();
}

static void notice_is_about_its_mapping_only(void **state)
{
	start_guest();
	t_expect(dma_map(&user, 2 * IOVA, memory, 2 * PAGE, DMA_READ_WRITE), 0);
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(write_reg(&user, PIN, 2 * GFN + 1), 0);
	t_expect(dma_unmap(&user, 2 * IOVA, 2 * PAGE), 2 * PAGE);
	t_expect(read_reg(&user, NOTICES), 1);
	t_expect(read_reg(&user, PINNED), 1);
	t_expect(dma_unmap(&user, IOVA, NR_PAGES * PAGE), NR_PAGES * PAGE);
	t_expect(read_reg(&user, PINNED), 0);
	stop_guest();
}

static void mapping_can_be_made_anew(void **state)
{
	uint64_t value;

	start_guest();
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(dma_unmap(&user, IOVA, NR_PAGES * PAGE), NR_PAGES * PAGE);
	memcpy(memory + PAGE, "new page", 8);
	t_expect(dma_map(&user, IOVA, memory + PAGE, PAGE, DMA_READ_WRITE), 0);
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(read_data(&user, GFN, &value), 0);
	assert_memory_equal(&value, "new page", 8);
	stop_guest();
}

/* What stays pinned is an object that the audit after the test would find. */
static void closing_lets_the_pages_go(void **state)
{
	start_guest();
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(write_reg(&user, PIN, GFN + 1), 0);
	t_expect(t_close(user.device), 0);
	user.device = vfio_get_device(&user, UUID_A);
	t_expect(user.device >= 0, true);
	t_expect(read_reg(&user, PINNED), 0);
	t_expect(dma_unmap(&user, IOVA, NR_PAGES * PAGE), NR_PAGES * PAGE);
	t_expect(read_reg(&user, NOTICES), 0);
	stop_guest();
}

static void page_stays_while_the_guest_has_unmapped_its_memory(void **state)
{
	uint64_t value;

	start_guest();
	memcpy(memory, "still ok", 8);
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(t_munmap(memory, NR_PAGES * PAGE), 0);
	t_expect(read_data(&user, GFN, &value), 0);
	assert_memory_equal(&value, "still ok", 8);
	stop();
}

/* Two cards of one guest: one container, both are told. */
static void all_cards_of_a_container_are_told(void **state)
{
	struct vfio_user other;
	char node[64];

	start_guest();
	create(TYPE, UUID_B);
	other.container = user.container;
	group_node(UUID_B, node, sizeof(node));
	other.group = t_open(node, O_RDWR);
	t_expect(t_ioctl(other.group, VFIO_GROUP_SET_CONTAINER, &other.container,
			 sizeof(other.container)), 0);
	other.device = vfio_get_device(&other, UUID_B);
	t_expect(other.device >= 0, true);
	t_expect(write_reg(&user, PIN, GFN), 0);
	t_expect(write_reg(&other, PIN, GFN), 0);
	t_expect(dma_unmap(&user, IOVA, NR_PAGES * PAGE), NR_PAGES * PAGE);
	t_expect(read_reg(&user, PINNED), 0);
	t_expect(read_reg(&other, PINNED), 0);
	t_expect(t_close(other.device), 0);
	t_expect(t_close(other.group), 0);
	discard(B);
	stop_guest();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(types_are_built_when_the_module_is_loaded),
		T_TEST(parent_without_types_to_offer_has_none),
		T_TEST(module_without_owner_waits_for_its_user),
		T_TEST(aperture_is_the_same_by_read_write_and_mmap),
		T_TEST(mapping_outlives_the_file),
		T_TEST(other_mappings_are_einval),
		T_TEST(regions_end_where_they_end),
		T_TEST(pinned_page_is_the_guests),
		T_TEST(page_that_is_not_mapped_is_einval),
		T_TEST(page_that_must_not_be_written_is_eperm),
		T_TEST(page_that_is_only_read_may_be_read_only),
		T_TEST(version_1_has_no_pinning),
		T_TEST(several_pages_can_be_pinned),
		T_TEST(unmap_notice_lets_the_pages_go),
		T_TEST(unmapping_what_is_not_pinned_tells_nobody),
		T_TEST(notice_is_about_its_mapping_only),
		T_TEST(mapping_can_be_made_anew),
		T_TEST(closing_lets_the_pages_go),
		T_TEST(page_stays_while_the_guest_has_unmapped_its_memory),
		T_TEST(all_cards_of_a_container_are_told),
	};

	return t_run("shape_full", tests);
}
