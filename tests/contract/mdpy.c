// SPDX-License-Identifier: GPL-2.0-only
/* The sample driver mdpy: PCI displays with one fixed mode. */
#include "display.h"

#define PARENT_DIR	"/sys/class/mdev_bus/mdpy"
#define TYPE(t)		PARENT_DIR "/mdev_supported_types/mdpy-" t
#define MDEV(uuid)	MDEV_DEVICES uuid

#define VGA_STRIDE	(640 * 4)
#define VGA_SIZE	(2 << 20)	/* 640 * 480 * 4, and the next power of two */

static void load(const char *params)
{
	load_sample("mdpy", params);
}

static void load_vga(struct vfio_user *v)
{
	load(NULL);
	create(TYPE("vga"), UUID_A);
	vfio_open(v, UUID_A);
}

static void done(struct vfio_user *v)
{
	vfio_close(v);
	discard(MDEV(UUID_A));
}

/* ---- types and limits ---------------------------------------------------------- */

static void types_have_their_attributes(void **state)
{
	load(NULL);
	expect_list(PARENT_DIR "/mdev_supported_types", "mdpy-hd mdpy-vga mdpy-xga");
	t_expect_text(TYPE("vga") "/name", "mdpy-vga\n");
	t_expect_text(TYPE("xga") "/name", "mdpy-xga\n");
	t_expect_text(TYPE("hd") "/name", "mdpy-hd\n");
	t_expect_text(TYPE("vga") "/description", "virtual display, 640x480 framebuffer\n");
	t_expect_text(TYPE("xga") "/description", "virtual display, 1024x768 framebuffer\n");
	t_expect_text(TYPE("hd") "/description", "virtual display, 1920x1080 framebuffer\n");
	t_expect_text(TYPE("hd") "/device_api", "vfio-pci\n");
	t_expect_text(TYPE("hd") "/available_instances", "4\n");
}

static void mdev_shows_its_resolution(void **state)
{
	load(NULL);
	create(TYPE("xga"), UUID_A);
	t_expect_text(MDEV(UUID_A) "/vendor/resolution", "1024x768\n");
	discard(MDEV(UUID_A));
}

static void count_limits_displays_of_all_types_together(void **state)
{
	load("count=2");
	create(TYPE("vga"), UUID_A);
	create(TYPE("hd"), UUID_B);
	t_expect_text(TYPE("xga") "/available_instances", "0\n");
	t_expect(is_full(t_put(TYPE("xga") "/create", UUID_C)), true);
	discard(MDEV(UUID_A));
	t_expect_text(TYPE("xga") "/available_instances", "1\n");
	create(TYPE("xga"), UUID_C);
	discard(MDEV(UUID_C));
	discard(MDEV(UUID_B));
	t_expect_text(TYPE("xga") "/available_instances", "2\n");
}

static void creating_at_once_stays_within_the_count(void **state)
{
	unsigned int i;

	load("count=1");
	for (i = 0; i < 10; i++) {
		t_expect(create_at_once(TYPE("vga") "/create", MAX_CREATORS) <= 1, true);
		t_expect_text(TYPE("vga") "/available_instances", "1\n");
	}
}

static void unloading_takes_the_displays_along(void **state)
{
	load(NULL);
	create(TYPE("vga"), UUID_A);
	t_expect(t_rmmod("mdpy"), 0);
	t_expect(t_exists(MDEV(UUID_A)), false);
	t_expect(t_exists(PARENT_DIR), false);
}

/* ---- config space ------------------------------------------------------------------ */

static void config_space_tells_the_mode(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	t_expect(region_get(&v, CONFIG, PCI_VENDOR_ID, 4), 0x000f1b36);
	t_expect(region_get(&v, CONFIG, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x11001af4);
	t_expect(region_get(&v, CONFIG, PCI_CLASS_DEVICE, 2), 0x0380);
	t_expect(region_get(&v, CONFIG, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
	t_expect(region_get(&v, CONFIG, PCI_CAPABILITY_LIST, 1), 0x40);
	t_expect(region_get(&v, CONFIG, 0x40, 4), 0x00100009);
	t_expect(region_get(&v, CONFIG, 0x44, 4), FOURCC_XR24);
	t_expect(region_get(&v, CONFIG, 0x48, 4), 640);
	t_expect(region_get(&v, CONFIG, 0x4c, 4), 480);
	done(&v);
}

static void config_space_ends_where_it_ends(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_config_space_ends(&v);
	done(&v);
}

static void only_the_address_can_be_written(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	region_set(&v, CONFIG, PCI_VENDOR_ID, 0, 4);
	t_expect(region_get(&v, CONFIG, PCI_VENDOR_ID, 4), 0x000f1b36);
	region_set(&v, CONFIG, 0x48, 0, 4);
	t_expect(region_get(&v, CONFIG, 0x48, 4), 640);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_0, 0xffffffff, 4);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_0, 4),
		 (uint32_t)~(VGA_SIZE - 1) | PCI_BASE_ADDRESS_MEM_PREFETCH);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_0, 0xe1234567, 4);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_0, 4),
		 0xe1200000 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_1, 0xffffffff, 4);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_1, 4), 0);
	done(&v);
}

/* ---- framebuffer -------------------------------------------------------------------- */

static void framebuffer_is_the_same_by_read_write_and_mmap(void **state)
{
	struct vfio_user v;
	uint32_t word;
	char *map;
	int err;

	load_vga(&v);
	map = region_map(&v, BAR0, 0, VGA_SIZE, MAP_SHARED, &err);
	assert_non_null(map);

	region_set(&v, BAR0, 100 * VGA_STRIDE + 8, 0x11223344, 4);
	memcpy(&word, map + 100 * VGA_STRIDE + 8, 4);
	t_expect(word, 0x11223344);

	word = 0x55667788;
	memcpy(map + VGA_SIZE - 4, &word, 4);
	t_expect(region_get(&v, BAR0, VGA_SIZE - 4, 4), 0x55667788);
	t_expect(region_get(&v, BAR0, VGA_SIZE - 3, 2), 0x6677);

	t_expect(t_munmap(map, VGA_SIZE), 0);
	done(&v);
}

static void part_of_the_framebuffer_can_be_mapped(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_part_can_be_mapped(&v);
	done(&v);
}

static void reset_draws_a_gradient(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	region_set(&v, BAR0, 240 * VGA_STRIDE, 0, 4);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_0, 0xe0000000, 4);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect(region_get(&v, BAR0, 0, 4), 0);
	t_expect(region_get(&v, BAR0, 240 * VGA_STRIDE, 4), 0x7f7f7f7f);
	t_expect(region_get(&v, BAR0, 480 * VGA_STRIDE - 4, 4), 0xfefefefe);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_0, 4), PCI_BASE_ADDRESS_MEM_PREFETCH);
	done(&v);
}

static void transfers_outside_are_refused(void **state)
{
	struct vfio_user v;
	int64_t bar;

	load_vga(&v);
	bar = vfio_region(&v, BAR0).offset;
	expect_no_transfer_outside(&v, VGA_SIZE);
	t_expect(t_lseek(v.device, bar, SEEK_SET) == bar ||
		 t_lseek(v.device, bar, SEEK_SET) == -ESPIPE, true);
	done(&v);
}

static void bad_pointers_are_faults(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	/* vfio files keep their position where it is: 0 is BAR 0 */
	t_expect(t_read_raw(v.device, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_write_raw(v.device, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_GET_INFO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_GET_REGION_INFO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_GET_IRQ_INFO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_QUERY_GFX_PLANE, T_BAD_ADDR), -EFAULT);
	done(&v);
}

static void answer_that_cannot_be_written_is_a_fault(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_faults_of_answers(&v, VFIO_GFX_PLANE_TYPE_REGION);
	done(&v);
}

static void mapping_shrinks_and_does_not_grow(void **state)
{
	struct vfio_user v;
	char *map;
	int err;

	load_vga(&v);
	map = region_map(&v, BAR0, 0, 0x4000, MAP_SHARED, &err);
	assert_non_null(map);
	t_expect(t_mremap(map, 0x4000, 0x5000), -EFAULT);
	t_expect(t_mremap(map, 0x4000, 0x2000), 0);
	t_expect(t_mremap(map, 0x4000, 0x5000), -EFAULT);
	t_expect(t_mremap(map, 0x2000, 0x2000), 0);
	t_expect(t_mremap(map + 0x2000, 0x1000, 0x1000), -EFAULT);
	t_expect(t_mremap(map + 1, 0x1000, 0x1000), -EINVAL);
	t_expect(t_mremap(map, 0x2000, 0), -EINVAL);
	map[0x1fff] = 0x5a;
	t_expect(region_get(&v, BAR0, 0x1fff, 1), 0x5a);
	t_expect(t_munmap(map, 0x2000), 0);
	done(&v);
}

static void mappings_outside_are_refused(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_no_mapping_outside(&v, VGA_SIZE);
	expect_no_mapping(&v, CONFIG, 0, 4096, MAP_SHARED);
	done(&v);
}

/* ---- what VFIO tells ------------------------------------------------------------------ */

static void device_and_regions_are_described(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_questions_are_checked(&v);

	t_expect(vfio_region(&v, BAR0).size, VGA_SIZE);
	t_expect(vfio_region(&v, BAR0).flags, VFIO_REGION_INFO_FLAG_READ |
		 VFIO_REGION_INFO_FLAG_WRITE | VFIO_REGION_INFO_FLAG_MMAP);
	t_expect(vfio_region(&v, CONFIG).flags,
		 VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE);
	t_expect(vfio_region(&v, VFIO_PCI_BAR2_REGION_INDEX).size, 0);
	t_expect(vfio_region(&v, VFIO_PCI_BAR2_REGION_INDEX).flags, 0);
	expect_rest_untouched(&v, BAR0, 0);
	done(&v);
}

static void there_are_no_interrupts(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_no_interrupts(&v);
	done(&v);
}

static void plane_is_a_region(void **state)
{
	struct vfio_device_gfx_plane_info plane = { .argsz = sizeof(plane),
		.drm_plane_type = PLANE_PRIMARY, .flags = VFIO_GFX_PLANE_TYPE_REGION };
	struct vfio_user v;
	uint32_t word;
	char *map;
	int err;

	load_vga(&v);
	t_expect(query_plane(&v, &plane), 0);
	t_expect(plane.drm_format, FOURCC_XR24);
	t_expect(plane.width, 640);
	t_expect(plane.height, 480);
	t_expect(plane.stride, VGA_STRIDE);
	t_expect(plane.size, VGA_SIZE);
	t_expect(vfio_region(&v, plane.region_index).size, VGA_SIZE);
	region_set(&v, BAR0, 0x2000, 0x0badcafe, 4);
	t_expect(region_get(&v, plane.region_index, 0x2000, 4), 0x0badcafe);
	map = region_map(&v, plane.region_index, 0x2000, 0x1000, MAP_SHARED, &err);
	assert_non_null(map);
	memcpy(&word, map, 4);
	t_expect(word, 0x0badcafe);
	t_expect(t_munmap(map, 0x1000), 0);

	expect_plane_only_as(&v, VFIO_GFX_PLANE_TYPE_REGION);
	done(&v);
}

static void cursor_plane_is_off(void **state)
{
	struct vfio_user v;

	load_vga(&v);
	expect_no_cursor(&v, VFIO_GFX_PLANE_TYPE_REGION);
	done(&v);
}

static void framebuffers_are_apart(void **state)
{
	struct vfio_user a, b;

	load(NULL);
	create(TYPE("vga"), UUID_A);
	create(TYPE("vga"), UUID_B);
	vfio_open(&a, UUID_A);
	vfio_open(&b, UUID_B);
	region_set(&a, BAR0, 64, 0x01020304, 4);
	t_expect(region_get(&b, BAR0, 64, 4), 0);
	vfio_close(&a);
	vfio_open(&a, UUID_A);
	t_expect(region_get(&a, BAR0, 64, 4), 0x01020304);
	vfio_close(&a);
	vfio_close(&b);
	discard(MDEV(UUID_A));
	discard(MDEV(UUID_B));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(types_have_their_attributes),
		T_TEST(mdev_shows_its_resolution),
		T_TEST(count_limits_displays_of_all_types_together),
		T_TEST(creating_at_once_stays_within_the_count),
		T_TEST(unloading_takes_the_displays_along),
		T_TEST(config_space_tells_the_mode),
		T_TEST(config_space_ends_where_it_ends),
		T_TEST(only_the_address_can_be_written),
		T_TEST(framebuffer_is_the_same_by_read_write_and_mmap),
		T_TEST(part_of_the_framebuffer_can_be_mapped),
		T_TEST(reset_draws_a_gradient),
		T_TEST(transfers_outside_are_refused),
		T_TEST(bad_pointers_are_faults),
		T_TEST(answer_that_cannot_be_written_is_a_fault),
		T_TEST(mapping_shrinks_and_does_not_grow),
		T_TEST(mappings_outside_are_refused),
		T_TEST(device_and_regions_are_described),
		T_TEST(there_are_no_interrupts),
		T_TEST(plane_is_a_region),
		T_TEST(cursor_plane_is_off),
		T_TEST(framebuffers_are_apart),
	};

	return t_run("mdpy", tests);
}
