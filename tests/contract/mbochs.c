// SPDX-License-Identifier: GPL-2.0-only
/* The sample driver mbochs: PCI displays with the registers of Bochs. */
#include <linux/dma-buf.h>
#include <poll.h>

#include "display.h"
#include "vfio_user.h"

#define PARENT_DIR	"/sys/class/mdev_bus/mbochs"
#define TYPE(t)		PARENT_DIR "/mdev_supported_types/mbochs-" t
#define MDEV(uuid)	MDEV_DEVICES uuid
#define IMPORTER	"/sys/devices/virtual/dmabuf_test/importer"

#define MMIO		VFIO_PCI_BAR2_REGION_INDEX
#define MB		(1U << 20)
#define PAGE		4096

enum { ID, XRES, YRES, BPP, ENABLE, BANK, VIRT_WIDTH, VIRT_HEIGHT, X_OFFSET, Y_OFFSET, MEMORY_64K };

static void load(const char *params)
{
	load_sample("mbochs", params);
}

static void load_type(struct vfio_user *v, const char *create_file)
{
	load(NULL);
	t_expect(t_put(create_file, UUID_A), UUID_LEN);
	vfio_open(v, UUID_A);
}

static void load_small(struct vfio_user *v)
{
	load_type(v, TYPE("small") "/create");
}

static void done(struct vfio_user *v)
{
	vfio_close(v);
	discard(MDEV(UUID_A));
}

static unsigned int vbe_get(struct vfio_user *v, unsigned int reg)
{
	return region_get(v, MMIO, 0x500 + 2 * reg, 2);
}

static void vbe_set(struct vfio_user *v, unsigned int reg, unsigned int value)
{
	region_set(v, MMIO, 0x500 + 2 * reg, value, 2);
}

static void set_mode(struct vfio_user *v, unsigned int width, unsigned int height)
{
	vbe_set(v, XRES, width);
	vbe_set(v, YRES, height);
	vbe_set(v, BPP, 32);
	vbe_set(v, ENABLE, 0x41);
}

static long query(struct vfio_user *v, struct vfio_device_gfx_plane_info *plane)
{
	memset(plane, 0xa5, sizeof(*plane));
	plane->argsz = sizeof(*plane);
	plane->flags = VFIO_GFX_PLANE_TYPE_DMABUF;
	plane->drm_plane_type = PLANE_PRIMARY;
	return query_plane(v, plane);
}

/*
 * Of a plane whose mode has been asked for: the first question about a mode gets
 * -ENOMEM of Linux's mbochs, which then has it (first_query_of_a_mode_succeeds).
 */
static void query_again(struct vfio_user *v, struct vfio_device_gfx_plane_info *plane)
{
	if (query(v, plane))
		t_expect(query(v, plane), 0);
}

static uint32_t current_id(struct vfio_user *v)
{
	struct vfio_device_gfx_plane_info plane;

	query_again(v, &plane);
	return plane.dmabuf_id;
}

static long get_dmabuf(struct vfio_user *v, uint32_t id)
{
	return t_ioctl(v->device, VFIO_DEVICE_GET_GFX_DMABUF, &id, sizeof(id));
}

/* The region of the type GFX and the subtype EDID, found by its capability. */
static unsigned int edid_region(struct vfio_user *v)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct {
		struct vfio_region_info info;
		struct vfio_region_info_cap_type type;
	} ext;
	unsigned int i;

	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), 0);
	for (i = VFIO_PCI_NUM_REGIONS; i < info.num_regions; i++) {
		memset(&ext, 0, sizeof(ext));
		ext.info.argsz = sizeof(ext);
		ext.info.index = i;
		t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, &ext, sizeof(ext)), 0);
		if (ext.info.flags & VFIO_REGION_INFO_FLAG_CAPS &&
		    ext.info.cap_offset == sizeof(ext.info) &&
		    ext.type.header.id == VFIO_REGION_INFO_CAP_TYPE &&
		    ext.type.type == VFIO_REGION_TYPE_GFX &&
		    ext.type.subtype == VFIO_REGION_SUBTYPE_GFX_EDID)
			return i;
	}
	fail_msg("no EDID region");
	return 0;
}

#define EDID_REG(name)	offsetof(struct vfio_region_gfx_edid, name)

/* ---- types and limits ---------------------------------------------------------- */

static void types_have_their_attributes(void **state)
{
	load(NULL);
	expect_list(PARENT_DIR "/mdev_supported_types", "mbochs-large mbochs-medium mbochs-small");
	t_expect_text(TYPE("small") "/name", "mbochs-small\n");
	t_expect_text(TYPE("medium") "/name", "mbochs-medium\n");
	t_expect_text(TYPE("large") "/name", "mbochs-large\n");
	t_expect_text(TYPE("small") "/description", "virtual display, 4 MB video memory\n");
	t_expect_text(TYPE("large") "/description", "virtual display, 64 MB video memory\n");
	t_expect_text(TYPE("medium") "/device_api", "vfio-pci\n");
	t_expect_text(TYPE("small") "/available_instances", "64\n");
	t_expect_text(TYPE("medium") "/available_instances", "16\n");
	t_expect_text(TYPE("large") "/available_instances", "4\n");
}

static void mdev_shows_its_memory(void **state)
{
	load(NULL);
	create(TYPE("medium"), UUID_A);
	t_expect_text(MDEV(UUID_A) "/vendor/memory", "16 MB\n");
	discard(MDEV(UUID_A));
}

/* Linux's mbochs calls it "count". */
static void load_with_memory(unsigned int mbytes)
{
	char params[32];

	snprintf(params, sizeof(params), "%s=%u", parameter_of("mbochs", "mbytes", "count"),
		 mbytes);
	load(params);
}

static void mbytes_limit_displays_of_all_types_together(void **state)
{
	load_with_memory(24);
	t_expect_text(TYPE("large") "/available_instances", "0\n");
	t_expect(is_full(t_put(TYPE("large") "/create", UUID_A)), true);
	create(TYPE("medium"), UUID_A);
	t_expect_text(TYPE("medium") "/available_instances", "0\n");
	t_expect_text(TYPE("small") "/available_instances", "2\n");
	create(TYPE("small"), UUID_B);
	create(TYPE("small"), UUID_C);
	t_expect(is_full(t_put(TYPE("small") "/create", "83b8f4f2-509f-382f-3c1e-e6bfe0fa1004")),
		 true);
	discard(MDEV(UUID_A));
	t_expect_text(TYPE("small") "/available_instances", "4\n");
	discard(MDEV(UUID_B));
	discard(MDEV(UUID_C));
	t_expect_text(TYPE("small") "/available_instances", "6\n");
}

static void creating_at_once_stays_within_the_memory(void **state)
{
	unsigned int i;

	load_with_memory(64);
	for (i = 0; i < 20; i++) {
		t_expect(create_at_once(TYPE("large") "/create", MAX_CREATORS) <= 1, true);
		t_expect_text(TYPE("large") "/available_instances", "1\n");
	}
}

/* ---- config space ------------------------------------------------------------------ */

static void config_space_identifies_the_card(void **state)
{
	struct vfio_user v;

	load_small(&v);
	t_expect(region_get(&v, CONFIG, PCI_VENDOR_ID, 4), 0x11111234);
	t_expect(region_get(&v, CONFIG, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x11001af4);
	t_expect(region_get(&v, CONFIG, PCI_CLASS_DEVICE, 2), 0x0380);
	done(&v);
}

static void config_space_ends_where_it_ends(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_config_space_ends(&v);
	done(&v);
}

static void only_addresses_can_be_written(void **state)
{
	struct vfio_user v;

	load_small(&v);
	region_set(&v, CONFIG, PCI_VENDOR_ID, 0, 4);
	t_expect(region_get(&v, CONFIG, PCI_VENDOR_ID, 4), 0x11111234);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_0, 0xffffffff, 4);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_0, 4),
		 0xffc00000 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_2, 0xffffffff, 4);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_2, 4), 0xfffff000);
	region_set(&v, CONFIG, PCI_BASE_ADDRESS_1, 0xffffffff, 4);
	t_expect(region_get(&v, CONFIG, PCI_BASE_ADDRESS_1, 4), 0);
	done(&v);
}

/* ---- VBE registers --------------------------------------------------------------------- */

static void vbe_registers_keep_what_is_written(void **state)
{
	struct vfio_user v;
	unsigned int i;

	load_small(&v);
	t_expect(vbe_get(&v, ID), 0xb0c5);
	t_expect(vbe_get(&v, MEMORY_64K), 64);
	for (i = XRES; i < MEMORY_64K; i++)
		vbe_set(&v, i, 0x1200 + i);
	for (i = XRES; i < MEMORY_64K; i++)
		t_expect(vbe_get(&v, i), 0x1200 + i);
	t_expect(region_get(&v, MMIO, 0x502, 4), 0x12021201);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect(vbe_get(&v, XRES), 0);
	t_expect(vbe_get(&v, ID), 0xb0c5);
	done(&v);
}

static void vbe_refuses_what_makes_no_sense(void **state)
{
	struct vfio_user v;

	load_small(&v);
	vbe_set(&v, ID, 0xb0c4);
	t_expect(vbe_get(&v, ID), 0xb0c4);
	vbe_set(&v, ID, 0x1234);
	t_expect(vbe_get(&v, ID), 0xb0c4);
	vbe_set(&v, ID, 0xb0c6);
	t_expect(vbe_get(&v, ID), 0xb0c4);
	vbe_set(&v, MEMORY_64K, 1);
	t_expect(vbe_get(&v, MEMORY_64K), 64);
	/* half a register, one across two, one after the last */
	vbe_set(&v, XRES, 0x1111);
	region_set(&v, MMIO, 0x502, 0xff, 1);
	region_set(&v, MMIO, 0x503, 0xffff, 2);
	t_expect(vbe_get(&v, XRES), 0x1111);
	region_set(&v, MMIO, 0x516, 0xffff, 2);
	t_expect(region_get(&v, MMIO, 0x516, 2), 0);
	done(&v);
}

static void write_from_before_the_registers_reaches_them(void **state)
{
	struct vfio_user v;

	load_small(&v);
	region_set(&v, MMIO, 0x4fe, 0xb0c2ffff, 4);
	t_expect(vbe_get(&v, ID), 0xb0c2);
	t_expect(region_get(&v, MMIO, 0x4fe, 2), 0);
	region_set(&v, MMIO, 0, 0xffffffff, 4);
	t_expect(region_get(&v, MMIO, 0, 4), 0);
	done(&v);
}

static void registers_end_with_their_page(void **state)
{
	char buf[64] = "";
	struct vfio_user v;

	load_small(&v);
	t_expect(vfio_region(&v, MMIO).size, PAGE);
	t_expect(region_read(&v, MMIO, PAGE - 8, buf, 64), 8);
	t_expect(region_write(&v, MMIO, PAGE - 8, buf, 64), 8);
	t_expect(region_read(&v, MMIO, PAGE, buf, 1), -EINVAL);
	t_expect(region_write(&v, MMIO, PAGE, buf, 1), -EINVAL);
	done(&v);
}

/* ---- video memory ---------------------------------------------------------------------- */

static void memory_is_the_same_by_read_write_and_mmap(void **state)
{
	struct vfio_user v;
	uint32_t word;
	char *map;
	int err;

	load_small(&v);
	region_set(&v, BAR0, 0x1004, 0x11223344, 4);
	map = region_map(&v, BAR0, 0, 4 * MB, MAP_SHARED, &err);
	assert_non_null(map);
	memcpy(&word, map + 0x1004, 4);
	t_expect(word, 0x11223344);

	/* a page that the mapping touches first, and the last one */
	word = 0x55667788;
	memcpy(map + 0x3000, &word, 4);
	memcpy(map + 4 * MB - 4, &word, 4);
	t_expect(region_get(&v, BAR0, 0x3000, 4), 0x55667788);
	t_expect(region_get(&v, BAR0, 4 * MB - 4, 4), 0x55667788);

	/* and on, when both have been there */
	region_set(&v, BAR0, 0x3004, 0x99aabbcc, 4);
	memcpy(&word, map + 0x3004, 4);
	t_expect(word, 0x99aabbcc);
	t_expect(t_munmap(map, 4 * MB), 0);
	done(&v);
}

static void part_of_the_memory_can_be_mapped(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_part_can_be_mapped(&v);
	done(&v);
}

static void transfers_cross_pages(void **state)
{
	static unsigned char out[3 * PAGE], in[3 * PAGE];
	struct vfio_user v;
	size_t i;

	load_small(&v);
	for (i = 0; i < sizeof(out); i++)
		out[i] = i * 7 + i / PAGE;
	t_expect(region_write(&v, BAR0, PAGE - 100, out, sizeof(out)), sizeof(out));
	t_expect(region_read(&v, BAR0, PAGE - 100, in, sizeof(in)), sizeof(in));
	assert_memory_equal(out, in, sizeof(out));
	done(&v);
}

static void memory_starts_empty_for_each_user(void **state)
{
	struct vfio_user v;

	load_small(&v);
	t_expect(region_get(&v, BAR0, 0x2000, 4), 0);
	region_set(&v, BAR0, 0x2000, 0x12345678, 4);
	vfio_close(&v);
	vfio_open(&v, UUID_A);
	t_expect(region_get(&v, BAR0, 0x2000, 4), 0);
	done(&v);
}

static void transfers_outside_are_refused(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_no_transfer_outside(&v, 4 * MB);
	t_expect(t_read_raw(v.device, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_write_raw(v.device, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_GET_REGION_INFO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_QUERY_GFX_PLANE, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_GET_GFX_DMABUF, T_BAD_ADDR), -EFAULT);
	done(&v);
}

/* The buffer begins in memory and runs over its end. */
static void transfer_ends_where_the_buffer_does(void **state)
{
	struct t_user *user = t_user_alloc(2 * PAGE);
	unsigned long end = t_user_addr(user) + 2 * PAGE;
	char *bytes = t_user_ptr(user);
	struct vfio_user v;
	int64_t config, memory;
	ssize_t ret;

	load_small(&v);
	config = vfio_region(&v, CONFIG).offset;
	memory = vfio_region(&v, BAR0).offset;
	memset(bytes, 0x11, 2 * PAGE);
	/* as far as whole pages of the video memory go, or as far and a fault */
	ret = t_pwrite_raw(v.device, end - PAGE, 2 * PAGE, memory);
	t_expect(ret == PAGE || ret == -EFAULT, true);
	t_expect(region_get(&v, BAR0, PAGE - 4, 4), 0x11111111);
	t_expect(region_get(&v, BAR0, PAGE, 4), 0);
	memset(bytes, 0x22, 2 * PAGE);
	ret = t_pread_raw(v.device, end - PAGE, 2 * PAGE, memory);
	t_expect(ret == PAGE || ret == -EFAULT, true);
	t_expect(bytes[2 * PAGE - 1], 0x11);
	t_expect(t_pread_raw(v.device, end - 4, 8, memory), -EFAULT);
	t_expect(t_pwrite_raw(v.device, end - 4, 8, memory), -EFAULT);
	t_expect(t_pread_raw(v.device, end - 4, 8, config), -EFAULT);
	t_expect(t_pwrite_raw(v.device, end - 4, 8, config), -EFAULT);
	done(&v);
	t_user_free(user);
}

static void transfer_of_nothing_does_nothing(void **state)
{
	static const unsigned int regions[] = { BAR0, VFIO_PCI_BAR1_REGION_INDEX, MMIO, CONFIG };
	struct vfio_user v;
	unsigned int i;
	char c = 1;

	load_small(&v);
	for (i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		t_expect(region_read(&v, regions[i], 0, &c, 0), 0);
		t_expect(region_write(&v, regions[i], 0, &c, 0), 0);
	}
	t_expect(c, 1);
	t_expect(region_get(&v, BAR0, 0, 1), 0);
	done(&v);
}

static void answer_that_cannot_be_written_is_a_fault(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_faults_of_answers(&v, VFIO_GFX_PLANE_TYPE_DMABUF);
	done(&v);
}

static void memory_goes_with_the_last_of_many_opens(void **state)
{
	struct vfio_user first, second;

	load(NULL);
	create(TYPE("small"), UUID_A);
	vfio_serve_files();
	first.device = vfio_open_file();
	second.device = vfio_open_file();
	region_set(&first, BAR0, 0x2000, 0x12345678, 4);
	t_expect(t_close(first.device), 0);
	t_expect(region_get(&second, BAR0, 0x2000, 4), 0x12345678);
	t_expect(t_close(second.device), 0);
	first.device = vfio_open_file();
	t_expect(region_get(&first, BAR0, 0x2000, 4), 0);
	t_expect(t_close(first.device), 0);
}

static void mapping_does_not_grow(void **state)
{
	struct vfio_user v;
	char *map;
	int err;

	load_small(&v);
	map = region_map(&v, BAR0, 0, 4 * MB, MAP_SHARED, &err);
	assert_non_null(map);
	t_expect(t_mremap(map, 4 * MB, 4 * MB + PAGE), -EFAULT);
	t_expect(t_munmap(map, 4 * MB), 0);
	done(&v);
}

static void mappings_outside_are_refused(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_no_mapping_outside(&v, 4 * MB);
	expect_no_mapping(&v, MMIO, 0, PAGE, MAP_SHARED);
	done(&v);
}

static void region_info_touches_nothing_else(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_rest_untouched(&v, CONFIG, 0);
	expect_rest_untouched(&v, BAR0, 0);
	expect_rest_untouched(&v, VFIO_PCI_BAR1_REGION_INDEX, 0);
	expect_rest_untouched(&v, MMIO, 0);
	expect_rest_untouched(&v, edid_region(&v), sizeof(struct vfio_region_info_cap_type));
	done(&v);
}

static void questions_are_checked(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_questions_are_checked(&v);
	done(&v);
}

/* ---- monitor ------------------------------------------------------------------------- */

static void edid_region_says_how_much_room_it_needs(void **state)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };
	struct vfio_user v;

	load_small(&v);
	info.index = edid_region(&v);
	t_expect(t_ioctl(v.device, VFIO_DEVICE_GET_REGION_INFO, &info, sizeof(info)), 0);
	t_expect(info.flags & VFIO_REGION_INFO_FLAG_CAPS, VFIO_REGION_INFO_FLAG_CAPS);
	t_expect(info.cap_offset, 0);
	t_expect(info.argsz, sizeof(info) + sizeof(struct vfio_region_info_cap_type));
	done(&v);
}

/* There is room for the information, and none behind it. */
static void capability_that_cannot_be_written_is_a_fault(void **state)
{
	struct t_user *user = t_user_alloc(PAGE);
	struct vfio_region_info info = { .argsz = 2 * sizeof(info) };
	size_t at = PAGE - sizeof(info);
	struct vfio_user v;

	load_small(&v);
	info.index = edid_region(&v);
	memcpy((char *)t_user_ptr(user) + at, &info, sizeof(info));
	t_expect(t_ioctl_raw(v.device, VFIO_DEVICE_GET_REGION_INFO, t_user_addr(user) + at),
		 -EFAULT);
	done(&v);
	t_user_free(user);
}

static void edid_is_seen_while_the_link_is_up(void **state)
{
	unsigned char edid[256], seen[256];
	struct vfio_user v;
	unsigned int i, r;
	uint32_t blob;

	load_type(&v, TYPE("medium") "/create");
	r = edid_region(&v);
	for (i = 0; i < sizeof(edid); i++)
		edid[i] = 255 - i;
	t_expect(region_get(&v, r, EDID_REG(max_xres), 4), 1920);
	t_expect(region_get(&v, r, EDID_REG(max_yres), 4), 1440);
	/* down, or not set yet */
	t_expect(region_get(&v, r, EDID_REG(link_state), 4) != VFIO_DEVICE_GFX_LINK_STATE_UP, true);
	blob = region_get(&v, r, EDID_REG(edid_offset), 4);
	t_expect(region_get(&v, r, EDID_REG(edid_max_size), 4) >= sizeof(edid), true);

	t_expect(region_write(&v, r, blob, edid, sizeof(edid)), sizeof(edid));
	t_expect(region_read(&v, r, blob, seen, sizeof(seen)), sizeof(seen));
	assert_memory_equal(seen, edid, sizeof(edid));
	region_set(&v, r, EDID_REG(edid_size), 128, 4);
	t_expect(region_get(&v, MMIO, 0, 4), 0);
	region_set(&v, r, EDID_REG(link_state), VFIO_DEVICE_GFX_LINK_STATE_UP, 4);
	t_expect(region_read(&v, MMIO, 0, seen, sizeof(seen)), sizeof(seen));
	assert_memory_equal(seen, edid, 128);
	for (i = 128; i < sizeof(seen); i++)
		assert_int_equal(seen[i], 0);
	region_set(&v, r, EDID_REG(link_state), VFIO_DEVICE_GFX_LINK_STATE_DOWN, 4);
	t_expect(region_get(&v, MMIO, 0, 4), 0);
	done(&v);
}

static void edid_registers_refuse_what_makes_no_sense(void **state)
{
	struct vfio_user v;
	uint32_t max, value;
	unsigned int r;

	load_small(&v);
	r = edid_region(&v);
	max = region_get(&v, r, EDID_REG(edid_max_size), 4);
	value = max + 1;
	t_expect(region_write(&v, r, EDID_REG(edid_size), &value, 4), -EINVAL);
	region_set(&v, r, EDID_REG(edid_size), max, 4);
	value = 3;
	t_expect(region_write(&v, r, EDID_REG(link_state), &value, 4), -EINVAL);
	/* half a register, and one across two */
	region_set(&v, r, EDID_REG(edid_size), 0, 2);
	region_set(&v, r, EDID_REG(edid_size) - 2, 0, 4);
	region_set(&v, r, EDID_REG(edid_max_size), 0x10000, 4);
	region_set(&v, r, EDID_REG(edid_offset), 0, 4);
	t_expect(region_get(&v, r, EDID_REG(edid_max_size), 4), max);
	t_expect(region_get(&v, r, EDID_REG(edid_size), 4), max);
	t_expect(region_read(&v, r, vfio_region(&v, r).size, &value, 4), -EINVAL);
	done(&v);
}

/* Between the registers and the blob, and behind it. */
static void what_is_no_edid_register_reads_as_zero(void **state)
{
	struct vfio_user v;
	unsigned int r;

	load_small(&v);
	r = edid_region(&v);
	t_expect(region_get(&v, r, sizeof(struct vfio_region_gfx_edid), 4), 0);
	t_expect(region_get(&v, r, vfio_region(&v, r).size - 4, 4), 0);
	region_set(&v, r, vfio_region(&v, r).size - 4, 0xffffffff, 4);
	t_expect(region_get(&v, r, vfio_region(&v, r).size - 4, 4), 0);
	done(&v);
}

/* ---- planes --------------------------------------------------------------------------- */

static void plane_is_off_without_a_mode_that_works(void **state)
{
	struct vfio_device_gfx_plane_info plane;
	struct vfio_user v;

	load_small(&v);
	t_expect(query(&v, &plane), 0);
	t_expect(plane.drm_format, 0);
	t_expect(plane.dmabuf_id, 0);
	t_expect(plane.width, 0);

	set_mode(&v, 1024, 1025);		/* more than 4 MB */
	t_expect(current_id(&v), 0);
	set_mode(&v, 640, 32);
	t_expect(current_id(&v), 0);
	set_mode(&v, 32, 480);
	t_expect(current_id(&v), 0);
	set_mode(&v, 640, 480);
	vbe_set(&v, BPP, 16);
	t_expect(current_id(&v), 0);
	vbe_set(&v, BPP, 32);
	vbe_set(&v, Y_OFFSET, 65535);
	t_expect(current_id(&v), 0);
	vbe_set(&v, Y_OFFSET, 0);
	t_expect(current_id(&v) != 0, true);
	vbe_set(&v, ENABLE, 0);
	t_expect(current_id(&v), 0);
	done(&v);
}

static void first_query_of_a_mode_succeeds(void **state)
{
	struct vfio_device_gfx_plane_info plane;
	struct vfio_user v;

	load_small(&v);
	set_mode(&v, 640, 480);
	t_expect(query(&v, &plane), 0);
	t_expect(plane.dmabuf_id != 0, true);
	set_mode(&v, 800, 600);
	t_expect(query(&v, &plane), 0);
	done(&v);
}

static void plane_follows_the_registers(void **state)
{
	struct vfio_device_gfx_plane_info plane;
	struct vfio_user v;
	uint32_t id;

	load_small(&v);
	set_mode(&v, 640, 480);
	query_again(&v, &plane);
	t_expect(plane.drm_format, FOURCC_XR24);
	t_expect(plane.width, 640);
	t_expect(plane.height, 480);
	t_expect(plane.stride, 640 * 4);
	t_expect(plane.size, 640 * 480 * 4);
	id = plane.dmabuf_id;
	t_expect(current_id(&v), id);

	vbe_set(&v, VIRT_WIDTH, 1024);
	query_again(&v, &plane);
	t_expect(plane.stride, 1024 * 4);
	t_expect(plane.dmabuf_id != id, true);
	vbe_set(&v, VIRT_WIDTH, 0);
	t_expect(current_id(&v), id);

	/* only the height, or the place, differs */
	vbe_set(&v, YRES, 400);
	t_expect(current_id(&v) != id, true);
	vbe_set(&v, YRES, 480);
	vbe_set(&v, Y_OFFSET, 8);
	t_expect(current_id(&v) != id, true);
	vbe_set(&v, Y_OFFSET, 0);
	t_expect(current_id(&v), id);
	done(&v);
}

static void queries_are_checked(void **state)
{
	struct vfio_user v;

	load_small(&v);
	set_mode(&v, 640, 480);
	expect_plane_only_as(&v, VFIO_GFX_PLANE_TYPE_DMABUF);
	expect_no_cursor(&v, VFIO_GFX_PLANE_TYPE_DMABUF);
	done(&v);
}

/* ---- dma-bufs -------------------------------------------------------------------------- */

static void dmabuf_has_the_bytes_of_the_picture(void **state)
{
	struct vfio_user v;
	uint32_t word;
	char *map;
	int err;
	long fd;

	load_small(&v);
	set_mode(&v, 640, 480);
	vbe_set(&v, Y_OFFSET, 480);		/* a whole number of pages down */
	region_set(&v, BAR0, 640 * 480 * 4 + 0x1008, 0xfeedbeef, 4);
	fd = get_dmabuf(&v, current_id(&v));
	t_expect(fd >= 0, true);
	t_expect(t_lseek(fd, 0, SEEK_END), 640 * 480 * 4);
	t_expect(t_lseek(fd, 0, SEEK_SET), 0);

	map = t_mmap(640 * 480 * 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0, &err);
	assert_non_null(map);
	memcpy(&word, map + 0x1008, 4);
	t_expect(word, 0xfeedbeef);
	word = 0xabad1dea;
	memcpy(map + 0x7000, &word, 4);
	t_expect(region_get(&v, BAR0, 640 * 480 * 4 + 0x7000, 4), 0xabad1dea);
	t_expect(t_munmap(map, 640 * 480 * 4), 0);

	map = t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, 640 * 480 * 4 - PAGE, &err);
	assert_non_null(map);
	t_expect(t_mremap(map, PAGE, 2 * PAGE), -EFAULT);
	t_expect(t_munmap(map, PAGE), 0);

	assert_null(t_mmap(640 * 480 * 4 + PAGE, PROT_READ, MAP_SHARED, fd, 0, &err));
	t_expect(err, -EINVAL);
	assert_null(t_mmap(PAGE, PROT_READ, MAP_PRIVATE, fd, 0, &err));
	t_expect(err, -EINVAL);
	t_expect(t_close(fd), 0);
	done(&v);
}

static void dmabuf_can_be_had_twice(void **state)
{
	struct vfio_user v;
	long a, b;
	char *map;
	int err;

	load_small(&v);
	set_mode(&v, 640, 480);
	a = get_dmabuf(&v, current_id(&v));
	b = get_dmabuf(&v, current_id(&v));
	t_expect(a >= 0 && b >= 0 && a != b, true);
	t_expect(t_close(a), 0);
	t_expect(t_lseek(b, 0, SEEK_END), 640 * 480 * 4);
	map = t_mmap(PAGE, PROT_READ, MAP_SHARED, b, 0, &err);
	assert_non_null(map);
	t_expect(map[0], 0);
	t_expect(t_munmap(map, PAGE), 0);
	t_expect(t_close(b), 0);
	done(&v);
}

static void dmabuf_answers_what_every_dmabuf_does(void **state)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW };
	char name[DMA_BUF_NAME_LEN] = "screen";
	struct vfio_user v;
	long fd;

	load_small(&v);
	set_mode(&v, 640, 480);
	fd = get_dmabuf(&v, current_id(&v));
	t_expect(fd >= 0, true);
	t_expect(t_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync, sizeof(sync)), 0);
	sync.flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ;
	t_expect(t_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync, sizeof(sync)), 0);
	sync.flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE;
	t_expect(t_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync, sizeof(sync)), 0);
	sync.flags = DMA_BUF_SYNC_START;
	t_expect(t_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync, sizeof(sync)), -EINVAL);
	sync.flags = 0x100;
	t_expect(t_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync, sizeof(sync)), -EINVAL);
	t_expect(t_ioctl_raw(fd, DMA_BUF_IOCTL_SYNC, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl(fd, DMA_BUF_SET_NAME_B, name, sizeof(name)), 0);
	t_expect(t_ioctl_raw(fd, _IO('b', 99), 0), -ENOTTY);
	t_expect(t_poll(fd, POLLIN | POLLOUT, 0), POLLIN | POLLOUT);
	t_expect(t_lseek(fd, 1, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, 0, SEEK_CUR), -EINVAL);
	t_expect(t_close(fd), 0);
	done(&v);
}

static void dmabuf_outlives_its_device(void **state)
{
	const char *module = "mbochs";
	struct vfio_user v;
	char *map;
	int err;
	long fd;

	load_small(&v);
	set_mode(&v, 640, 480);
	region_set(&v, BAR0, 0x2000, 0x42, 1);
	fd = get_dmabuf(&v, current_id(&v));
	t_expect(fd >= 0, true);
	map = t_mmap(0x4000, PROT_READ, MAP_SHARED, fd, 0, &err);
	assert_non_null(map);
	done(&v);

	t_expect(map[0x2000], 0x42);
	t_expect(map[0x3000], 0);
	t_expect(t_rmmod(module), -EWOULDBLOCK);
	t_expect(t_close(fd), 0);
	t_expect(map[0x2000], 0x42);
	t_expect(t_munmap(map, 0x4000), 0);
	t_expect(t_rmmod(module), 0);
}

static void dmabuf_starts_with_a_page(void **state)
{
	struct vfio_user v;
	uint32_t id;

	load_small(&v);
	set_mode(&v, 640, 480);
	vbe_set(&v, X_OFFSET, 1);
	vbe_set(&v, VIRT_WIDTH, 641);
	id = current_id(&v);
	t_expect(id != 0, true);
	t_expect(get_dmabuf(&v, id), -EINVAL);
	done(&v);
}

static void unknown_ids_are_not_found(void **state)
{
	struct vfio_user v;

	load_small(&v);
	t_expect(get_dmabuf(&v, 0), -ENOENT);
	t_expect(get_dmabuf(&v, 1), -ENOENT);
	set_mode(&v, 640, 480);
	t_expect(get_dmabuf(&v, current_id(&v) + 1), -ENOENT);
	done(&v);
}

/* A user cannot have any amount of memory. */
static void only_so_many_modes_are_remembered(void **state)
{
	uint32_t first, last = 0;
	struct vfio_user v;
	unsigned int i;
	long fd;

	load_small(&v);
	set_mode(&v, 640, 480);
	first = current_id(&v);
	for (i = 0; i < 100; i++) {
		set_mode(&v, 100 + i, 100);
		last = current_id(&v);
	}
	t_expect(get_dmabuf(&v, first), -ENOENT);
	fd = get_dmabuf(&v, last);
	t_expect(fd >= 0, true);
	t_expect(t_close(fd), 0);
	done(&v);
}

static void another_device_can_use_the_dmabuf(void **state)
{
	struct vfio_user v;
	char text[16];
	long fd;

	load_small(&v);
	t_expect(t_insmod("dmabuf_test", NULL), 0);
	set_mode(&v, 640, 480);
	region_set(&v, BAR0, 0, 0x01020304, 4);
	region_set(&v, BAR0, 640 * 480 * 4 - 1, 0x10, 1);
	fd = get_dmabuf(&v, current_id(&v));
	t_expect(fd >= 0, true);

	snprintf(text, sizeof(text), "%ld", fd);
	t_expect(t_put(IMPORTER "/import", text), strlen(text));
	t_expect(t_close(fd), 0);
	t_expect_text(IMPORTER "/size", "1228800\n");
	t_expect_text(IMPORTER "/sum", "26\n");

	/* It stays after the display has gone. */
	done(&v);
	t_expect_text(IMPORTER "/sum", "26\n");
	t_expect(t_rmmod("mbochs"), -EWOULDBLOCK);
	t_expect(t_put(IMPORTER "/drop", "1"), 1);
	t_expect(t_rmmod("mbochs"), 0);
}

static void what_is_no_dmabuf_cannot_be_imported(void **state)
{
	struct vfio_user v;
	char text[16];

	load_small(&v);
	t_expect(t_insmod("dmabuf_test", NULL), 0);
	snprintf(text, sizeof(text), "%d", v.device);
	t_expect(t_put(IMPORTER "/import", text), -EINVAL);
	t_expect(t_put(IMPORTER "/import", "2000000"), -EBADF);
	done(&v);
}

/* ---- the rest ---------------------------------------------------------------------------- */

static void there_are_no_interrupts(void **state)
{
	struct vfio_user v;

	load_small(&v);
	expect_no_interrupts(&v);
	done(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(types_have_their_attributes),
		T_TEST(mdev_shows_its_memory),
		T_TEST(mbytes_limit_displays_of_all_types_together),
		T_TEST(creating_at_once_stays_within_the_memory),
		T_TEST(config_space_identifies_the_card),
		T_TEST(config_space_ends_where_it_ends),
		T_TEST(only_addresses_can_be_written),
		T_TEST(vbe_registers_keep_what_is_written),
		T_TEST(vbe_refuses_what_makes_no_sense),
		T_TEST(write_from_before_the_registers_reaches_them),
		T_TEST(registers_end_with_their_page),
		T_TEST(memory_is_the_same_by_read_write_and_mmap),
		T_TEST(part_of_the_memory_can_be_mapped),
		T_TEST(transfers_cross_pages),
		T_TEST(memory_starts_empty_for_each_user),
		T_TEST(transfers_outside_are_refused),
		T_TEST(transfer_ends_where_the_buffer_does),
		T_TEST(transfer_of_nothing_does_nothing),
		T_TEST(answer_that_cannot_be_written_is_a_fault),
		T_NEEDS("class_ids", memory_goes_with_the_last_of_many_opens),
		T_TEST(mapping_does_not_grow),
		T_TEST(mappings_outside_are_refused),
		T_TEST(region_info_touches_nothing_else),
		T_TEST(questions_are_checked),
		T_TEST(edid_region_says_how_much_room_it_needs),
		T_TEST(capability_that_cannot_be_written_is_a_fault),
		T_TEST(edid_is_seen_while_the_link_is_up),
		T_TEST(edid_registers_refuse_what_makes_no_sense),
		T_TEST(what_is_no_edid_register_reads_as_zero),
		T_TEST(plane_is_off_without_a_mode_that_works),
		T_TEST(first_query_of_a_mode_succeeds),
		T_TEST(plane_follows_the_registers),
		T_TEST(queries_are_checked),
		T_TEST(dmabuf_has_the_bytes_of_the_picture),
		T_TEST(dmabuf_can_be_had_twice),
		T_TEST(dmabuf_answers_what_every_dmabuf_does),
		T_TEST(dmabuf_outlives_its_device),
		T_TEST(dmabuf_starts_with_a_page),
		T_TEST(unknown_ids_are_not_found),
		T_TEST(only_so_many_modes_are_remembered),
		T_TEST(another_device_can_use_the_dmabuf),
		T_TEST(what_is_no_dmabuf_cannot_be_imported),
		T_TEST(there_are_no_interrupts),
	};

	return t_run("mbochs", tests);
}
