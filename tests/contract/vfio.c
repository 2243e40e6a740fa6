// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO's groups, containers and devices as Linux 6.1 has them: what is in
 * sysfs and /dev, several groups of one user, who outlives whom, and what is
 * refused. vfio_rules.c has the rules of one group with one device.
 */
#include "vfio_user.h"

#define TYPE		"/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1"
#define A		MDEV_DEVICES UUID_A
#define B		MDEV_DEVICES UUID_B
#define GROUPS		"/sys/kernel/iommu_groups/"
#define PAGE		4096UL
#define IOVA		0x100000ULL

static struct vfio_user user, other;

static void load(void)
{
	load_vfio();
	t_expect(t_modprobe("mtty", NULL), 0);
	create(TYPE, UUID_A);
}

/* The number of the group, as text. */
static void group_number(const char *uuid, char *text, size_t size)
{
	char node[64];

	group_node(uuid, node, sizeof(node));
	snprintf(text, size, "%.15s", strrchr(node, '/') + 1);
}

static int open_group(const char *uuid)
{
	char node[64];
	int fd;

	group_node(uuid, node, sizeof(node));
	fd = t_open(node, O_RDWR);
	t_expect(fd >= 0, true);
	return fd;
}

static int open_container(void)
{
	int fd = t_open("/dev/vfio/vfio", O_RDWR);

	t_expect(fd >= 0, true);
	return fd;
}

static long set_container(int group, int container)
{
	return t_ioctl(group, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container));
}

static unsigned int read_scratch(struct vfio_user *v)
{
	return region_get(v, 0, 7, 1);
}

/* Two devices in one container; the second joins when it has its IOMMU. */
static void start_two(void)
{
	load();
	create(TYPE, UUID_B);
	vfio_open(&user, UUID_A);
	other.container = user.container;
	other.group = open_group(UUID_B);
	t_expect(set_container(other.group, user.container), 0);
	other.device = vfio_get_device(&other, UUID_B);
	t_expect(other.device >= 0, true);
}

/* ---- sysfs and /dev -------------------------------------------------- */

static void device_and_group_point_at_each_other(void **state)
{
	char number[16], path[128], want[128];

	load();
	group_number(UUID_A, number, sizeof(number));
	snprintf(want, sizeof(want), "../../../../../kernel/iommu_groups/%s", number);
	expect_link(A "/iommu_group", want);
	snprintf(path, sizeof(path), GROUPS "%s/devices/" UUID_A, number);
	expect_link(path, "../../../../devices/virtual/mtty/mtty/" UUID_A);
	discard(A);
	snprintf(path, sizeof(path), GROUPS "%s", number);
	t_expect(t_exists(path), false);
}

static void group_without_an_iommu_has_no_type(void **state)
{
	char number[16], path[128], text[64];

	load();
	group_number(UUID_A, number, sizeof(number));
	snprintf(path, sizeof(path), GROUPS "%s/name", number);
	t_expect_text(path, "vfio-noiommu\n");
	snprintf(path, sizeof(path), GROUPS "%s/type", number);
	t_expect_text(path, "unknown\n");
	t_expect(t_put(path, "DMA"), -EINVAL);
	snprintf(path, sizeof(path), GROUPS "%s/reserved_regions", number);
	t_expect(t_get(path, text, sizeof(text)), 0);
}

static void group_is_a_device_of_the_class_vfio(void **state)
{
	char number[16], path[128], text[64], want[64];
	struct t_stat st;

	load();
	group_number(UUID_A, number, sizeof(number));
	snprintf(path, sizeof(path), "/sys/devices/virtual/vfio/%s", number);
	t_expect(t_exists(path), true);
	snprintf(path, sizeof(path), "/sys/class/vfio/%s", number);
	t_expect(t_exists(path), true);
	snprintf(path, sizeof(path), "/sys/class/vfio/%s/dev", number);
	t_expect(t_get(path, text, sizeof(text)) > 0, true);
	snprintf(want, sizeof(want), "/dev/vfio/%s", number);
	t_expect(t_stat(want, &st), 0);
	snprintf(want, sizeof(want), "%u:%u\n", st.rdev >> 20, st.rdev & 0xfffff);
	assert_string_equal(text, want);
	t_expect(st.mode & 07777, 0600);
	t_expect(st.mode & 0170000, 0020000);
}

static void everybody_may_open_a_container(void **state)
{
	struct t_stat st;

	load();
	t_expect(t_stat("/dev/vfio/vfio", &st), 0);
	t_expect(st.mode & 07777, 0666);
	t_expect(st.mode & 0170000, 0020000);
	t_expect(t_exists("/sys/class/misc/vfio"), true);
}

static void device_has_a_device_of_the_class_vfio_dev(void **state)
{
	char name[64], path[128];

	load();
	t_expect(t_list(A "/vfio-dev", name, sizeof(name)) > 0, true);
	assert_memory_equal(name, "vfio", 4);
	snprintf(path, sizeof(path), "/sys/class/vfio-dev/%s", name);
	expect_link_to(path, name);
	snprintf(path, sizeof(path), "/sys/class/vfio-dev/%s/device", name);
	expect_link_to(path, UUID_A);
	t_expect(t_put("/sys/bus/mdev/drivers/vfio_mdev/unbind", UUID_A), UUID_LEN);
	t_expect(t_exists(A "/vfio-dev"), false);
}

static void group_is_announced(void **state)
{
	char number[16], suffix[32];
	struct t_uevent ev;

	t_expect(t_modprobe("mtty", NULL), 0);
	t_uevent_flush();
	create(TYPE, UUID_A);
	group_number(UUID_A, number, sizeof(number));
	snprintf(suffix, sizeof(suffix), "/vfio/%s", number);
	assert_true(t_uevent_find("add", suffix, &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "vfio");
	assert_string_equal(t_uevent_get(&ev, "DEVNAME") + strlen("vfio/"), number);
	discard(A);
	assert_true(t_uevent_find("remove", suffix, &ev));
}

/* ---- several groups -------------------------------------------------- */

static void groups_share_a_container(void **state)
{
	start_two();
	region_set(&user, 0, 7, 1, 1);
	region_set(&other, 0, 7, 2, 1);
	t_expect(read_scratch(&user), 1);
	t_expect(read_scratch(&other), 2);
	t_expect(t_close(other.device), 0);
	t_expect(t_close(other.group), 0);
	vfio_close(&user);
}

static void device_is_found_in_its_own_group_only(void **state)
{
	start_two();
	t_expect(vfio_get_device(&user, UUID_B), -ENODEV);
	t_expect(vfio_get_device(&other, UUID_A), -ENODEV);
	t_expect(t_close(other.device), 0);
	t_expect(t_close(other.group), 0);
	vfio_close(&user);
}

static void mappings_stay_with_the_last_group(void **state)
{
	void *memory;

	start_two();
	memory = dma_memory(PAGE);
	t_expect(dma_map(&user, IOVA, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(t_close(user.device), 0);
	t_expect(t_ioctl_raw(user.group, VFIO_GROUP_UNSET_CONTAINER, 0), 0);
	t_expect(dma_map(&user, IOVA, memory, PAGE, DMA_READ_WRITE), -EEXIST);
	t_expect(t_close(other.device), 0);
	t_expect(t_ioctl_raw(other.group, VFIO_GROUP_UNSET_CONTAINER, 0), 0);
	t_expect(dma_map(&user, IOVA, memory, PAGE, DMA_READ_WRITE), -EINVAL);
	t_expect(set_container(other.group, user.container), 0);
	t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
	t_expect(dma_unmap(&user, IOVA, PAGE), 0);
	t_expect(t_close(other.group), 0);
	vfio_close_group(&user);
	t_expect(t_munmap(memory, PAGE), 0);
}

static void containers_are_apart(void **state)
{
	void *memory;

	load();
	create(TYPE, UUID_B);
	vfio_open(&user, UUID_A);
	vfio_open(&other, UUID_B);
	memory = dma_memory(PAGE);
	t_expect(dma_map(&user, IOVA, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_map(&other, IOVA, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_unmap(&user, IOVA, PAGE), PAGE);
	t_expect(dma_unmap(&user, IOVA, PAGE), 0);
	t_expect(dma_unmap(&other, IOVA, PAGE), PAGE);
	vfio_close(&other);
	vfio_close(&user);
	t_expect(t_munmap(memory, PAGE), 0);
}

static void group_is_in_one_container(void **state)
{
	int second;

	load();
	vfio_open(&user, UUID_A);
	second = open_container();
	t_expect(set_container(user.group, second), -EINVAL);
	t_expect(t_close(user.device), 0);
	t_expect(t_ioctl_raw(user.group, VFIO_GROUP_UNSET_CONTAINER, 0), 0);
	t_expect(set_container(user.group, second), 0);
	t_expect(t_close(second), 0);
	vfio_close_group(&user);
}

/* ---- who outlives whom ----------------------------------------------- */

static void device_works_after_group_and_container_are_closed(void **state)
{
	load();
	vfio_open(&user, UUID_A);
	vfio_close_group(&user);
	region_set(&user, 0, 7, 0x5a, 1);
	t_expect(read_scratch(&user), 0x5a);
	t_expect(t_close(user.device), 0);
	vfio_open(&user, UUID_A);
	vfio_close(&user);
}

static void group_can_be_opened_again_at_once(void **state)
{
	int i;

	load();
	for (i = 0; i < 5; i++) {
		vfio_open(&user, UUID_A);
		vfio_close(&user);
	}
}

static void removal_waits_for_a_device_whose_group_is_closed(void **state)
{
	struct t_task *remove;

	load();
	vfio_open(&user, UUID_A);
	vfio_close_group(&user);
	remove = t_put_start(A "/remove", "1");
	t_expect(t_task_wait_blocked(remove), true);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(remove), 1);
}

static void removal_waits_for_the_last_of_several_files(void **state)
{
	struct t_task *remove;
	int second;

	load();
	vfio_open(&user, UUID_A);
	second = vfio_get_device(&user, UUID_A);
	t_expect(second >= 0, true);
	remove = t_put_start(A "/remove", "1");
	t_expect(t_task_wait_blocked(remove), true);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_wait_blocked(remove), true);
	t_expect(t_close(second), 0);
	t_expect(t_task_join(remove), 1);
	vfio_close_group(&user);
}

static void open_group_does_not_keep_the_device(void **state)
{
	load();
	vfio_open_group(&user, UUID_A);
	discard(A);
	t_expect(vfio_get_device(&user, UUID_A), -ENODEV);
	vfio_close_group(&user);
}

/* ---- devices by name ------------------------------------------------- */

static void device_is_found_by_its_whole_name(void **state)
{
	load();
	vfio_open_group(&user, UUID_A);
	t_expect(vfio_get_device(&user, ""), -ENODEV);
	t_expect(vfio_get_device(&user, "83b8f4f2"), -ENODEV);
	t_expect(vfio_get_device(&user, UUID_A " "), -ENODEV);
	t_expect(vfio_get_device(&user, UUID_A " option"), -ENODEV);
	t_expect(vfio_get_device(&user, "83B8F4F2-509F-382F-3C1E-E6BFE0FA1001"), -ENODEV);
	user.device = vfio_get_device(&user, UUID_A);
	t_expect(user.device >= 0, true);
	vfio_close(&user);
}

static void name_must_end(void **state)
{
	struct t_user *name = t_user_alloc(2 * PAGE);

	load();
	vfio_open_group(&user, UUID_A);
	memset(t_user_ptr(name), 'x', 2 * PAGE);
	t_expect(t_ioctl_raw(user.group, VFIO_GROUP_GET_DEVICE_FD, t_user_addr(name)), -EINVAL);
	t_expect(t_ioctl_raw(user.group, VFIO_GROUP_GET_DEVICE_FD,
			     t_user_addr(name) + 2 * PAGE - 16), -EFAULT);
	t_expect(t_ioctl_raw(user.group, VFIO_GROUP_GET_DEVICE_FD, 0), -EFAULT);
	vfio_close_group(&user);
	t_user_free(name);
}

static void device_needs_a_container_with_an_iommu(void **state)
{
	load();
	user.group = open_group(UUID_A);
	user.container = open_container();
	t_expect(vfio_get_device(&user, "nobody"), -ENODEV);
	t_expect(vfio_get_device(&user, UUID_A), -EINVAL);
	t_expect(set_container(user.group, user.container), 0);
	t_expect(vfio_get_device(&user, UUID_A), -EINVAL);
	t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
	user.device = vfio_get_device(&user, UUID_A);
	t_expect(user.device >= 0, true);
	vfio_close(&user);
}

/* ---- calls that are refused ------------------------------------------ */

static void iommu_is_one_that_is_there(void **state)
{
	static const struct { unsigned long type; long want; } types[] = {
		{ 0, -ENODEV }, { VFIO_SPAPR_TCE_IOMMU, -ENODEV },
		{ VFIO_SPAPR_TCE_v2_IOMMU, -ENODEV }, { VFIO_NOIOMMU_IOMMU, -ENODEV },
		{ ~0UL, -ENODEV }, { VFIO_TYPE1_IOMMU, 0 }, { VFIO_TYPE1v2_IOMMU, 0 },
		{ VFIO_TYPE1_NESTING_IOMMU, 0 },
	};
	unsigned int i;

	load();
	user.group = open_group(UUID_A);
	user.container = open_container();
	t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU), -EINVAL);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		t_expect(set_container(user.group, user.container), 0);
		t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, types[i].type),
			 types[i].want);
		t_expect(t_ioctl_raw(user.container, VFIO_CHECK_EXTENSION,
				     VFIO_TYPE1v2_IOMMU), 1);
		t_expect(t_ioctl_raw(user.group, VFIO_GROUP_UNSET_CONTAINER, 0), 0);
	}
	vfio_close_group(&user);
}

static void extensions_are_those_of_emulated_devices(void **state)
{
	static const unsigned int none[] = {
		0, VFIO_SPAPR_TCE_IOMMU, VFIO_EEH, VFIO_SPAPR_TCE_v2_IOMMU, VFIO_NOIOMMU_IOMMU,
		VFIO_UPDATE_VADDR,
	};
	unsigned int i;

	load();
	user.container = open_container();
	t_expect(t_ioctl_raw(user.container, VFIO_CHECK_EXTENSION, VFIO_DMA_CC_IOMMU), 0);
	t_expect(t_close(user.container), 0);
	vfio_open_group(&user, UUID_A);
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		t_expect(t_ioctl_raw(user.container, VFIO_CHECK_EXTENSION, none[i]), 0);
	t_expect(t_ioctl_raw(user.container, VFIO_CHECK_EXTENSION, VFIO_DMA_CC_IOMMU), 1);
	vfio_close_group(&user);
}

static void files_have_no_other_calls(void **state)
{
	int fds[2], err;
	char c = 0;
	unsigned int i;

	load();
	vfio_open_group(&user, UUID_A);
	fds[0] = user.group;
	fds[1] = user.container;
	for (i = 0; i < 2; i++) {
		t_expect(t_read(fds[i], &c, 1), -EINVAL);
		t_expect(t_write(fds[i], &c, 1), -EINVAL);
		assert_null(t_mmap(PAGE, PROT_READ, MAP_SHARED, fds[i], 0, &err));
		t_expect(err, -ENODEV);
	}
	t_expect(t_open("/dev/vfio/vfio", O_RDWR | O_DIRECT), -EINVAL);
	t_expect(t_ioctl_raw(user.group, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU), -ENOTTY);
	t_expect(t_ioctl_raw(user.group, VFIO_DEVICE_RESET, 0), -ENOTTY);
	t_expect(t_ioctl_raw(user.container, VFIO_GROUP_GET_STATUS, 0), -ENOTTY);
	vfio_close_group(&user);
}

static long feature(unsigned int argsz, unsigned int flags)
{
	struct vfio_device_feature arg = { .argsz = argsz, .flags = flags };

	return t_ioctl(user.device, VFIO_DEVICE_FEATURE, &arg, sizeof(arg));
}

static void device_without_features_says_so(void **state)
{
	const unsigned int size = sizeof(struct vfio_device_feature);

	load();
	vfio_open(&user, UUID_A);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_FEATURE, T_BAD_ADDR), -EFAULT);
	t_expect(feature(size - 1, VFIO_DEVICE_FEATURE_GET), -EINVAL);
	t_expect(feature(size, 1U << 31), -EINVAL);
	t_expect(feature(size, VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET), -EINVAL);
	t_expect(feature(size, VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET |
			       VFIO_DEVICE_FEATURE_PROBE), -ENOTTY);
	t_expect(feature(size, VFIO_DEVICE_FEATURE_GET | 0xffff), -ENOTTY);
	/* from 6.8 on Linux's mtty can migrate */
	if (feature(size, VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_PROBE |
			  VFIO_DEVICE_FEATURE_MIGRATION))
		t_expect(feature(size + 8, VFIO_DEVICE_FEATURE_GET |
					   VFIO_DEVICE_FEATURE_MIGRATION), -ENOTTY);
	vfio_close(&user);
}

static void device_without_ops_refuses_all(void **state)
{
	char c = 0;
	int err;

	load_vfio();
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_vfio", NULL), 0);
	t_expect(t_modprobe("vfio_test_driver", NULL), 0);
	create(TYPES(DIR_TEST "/vfio_vendor") "/mdev_test-custom", UUID_A);
	vfio_open(&user, UUID_A);
	t_expect(t_pread(user.device, &c, 1, 0), -EINVAL);
	t_expect(t_pwrite(user.device, &c, 1, 0), -EINVAL);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_RESET, 0), -EINVAL);
	assert_null(t_mmap(PAGE, PROT_READ, MAP_SHARED, user.device, 0, &err));
	t_expect(err, -EINVAL);
	vfio_close(&user);
}

/* ---- DMA ------------------------------------------------------------- */

/* Nothing is pinned before a driver asks, so nobody looks at the address. */
static void mapping_may_be_of_memory_that_is_not_there(void **state)
{
	load();
	vfio_open(&user, UUID_A);
	t_expect(dma_map(&user, IOVA, (void *)(16 * PAGE), PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_unmap(&user, IOVA, PAGE), PAGE);
	vfio_close(&user);
}

static void mapping_goes_one_way_or_both(void **state)
{
	static const unsigned int flags[] = {
		VFIO_DMA_MAP_FLAG_READ, VFIO_DMA_MAP_FLAG_WRITE, DMA_READ_WRITE,
	};
	void *memory = dma_memory(PAGE);
	unsigned int i;

	load();
	vfio_open(&user, UUID_A);
	for (i = 0; i < 3; i++)
		t_expect(dma_map(&user, i * PAGE, memory, PAGE, flags[i]), 0);
	t_expect(dma_map(&user, 3 * PAGE, memory, PAGE,
			 VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_VADDR), -EINVAL);
	t_expect(dma_unmap(&user, 0, 3 * PAGE), 3 * PAGE);
	vfio_close(&user);
	t_expect(t_munmap(memory, PAGE), 0);
}

static void mapping_may_touch_its_neighbours(void **state)
{
	void *memory = dma_memory(PAGE);

	load();
	vfio_open(&user, UUID_A);
	t_expect(dma_map(&user, IOVA, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_map(&user, IOVA + PAGE, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_map(&user, IOVA - PAGE, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_map(&user, IOVA - PAGE, memory, 3 * PAGE, DMA_READ_WRITE), -EEXIST);
	t_expect(dma_unmap(&user, IOVA, PAGE), PAGE);
	t_expect(dma_map(&user, IOVA, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect(dma_unmap(&user, IOVA - PAGE, 3 * PAGE), 3 * PAGE);
	vfio_close(&user);
	t_expect(t_munmap(memory, PAGE), 0);
}

static void structures_must_be_whole(void **state)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map) - 1, .flags = DMA_READ_WRITE, .iova = IOVA, .size = PAGE,
	};
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap) - 1, .iova = IOVA, .size = PAGE,
	};

	load();
	vfio_open(&user, UUID_A);
	t_expect(t_ioctl(user.container, VFIO_IOMMU_MAP_DMA, &map, sizeof(map)), -EINVAL);
	t_expect(t_ioctl(user.container, VFIO_IOMMU_UNMAP_DMA, &unmap, sizeof(unmap)), -EINVAL);
	t_expect(t_ioctl_raw(user.container, VFIO_IOMMU_GET_INFO, T_BAD_ADDR), -EFAULT);
	vfio_close(&user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(device_and_group_point_at_each_other),
		T_TEST(group_without_an_iommu_has_no_type),
		T_TEST(group_is_a_device_of_the_class_vfio),
		T_TEST(everybody_may_open_a_container),
		T_NEEDS("vfio_mdev", device_has_a_device_of_the_class_vfio_dev),
		T_TEST(group_is_announced),
		T_TEST(groups_share_a_container),
		T_TEST(device_is_found_in_its_own_group_only),
		T_TEST(mappings_stay_with_the_last_group),
		T_TEST(containers_are_apart),
		T_TEST(group_is_in_one_container),
		T_TEST(device_works_after_group_and_container_are_closed),
		T_TEST(group_can_be_opened_again_at_once),
		T_TEST(removal_waits_for_a_device_whose_group_is_closed),
		T_TEST(removal_waits_for_the_last_of_several_files),
		T_TEST(open_group_does_not_keep_the_device),
		T_TEST(device_is_found_by_its_whole_name),
		T_TEST(name_must_end),
		T_TEST(device_needs_a_container_with_an_iommu),
		T_TEST(iommu_is_one_that_is_there),
		T_TEST(extensions_are_those_of_emulated_devices),
		T_TEST(files_have_no_other_calls),
		T_TEST(device_without_features_says_so),
		T_TEST(device_without_ops_refuses_all),
		T_TEST(mapping_may_be_of_memory_that_is_not_there),
		T_TEST(mapping_goes_one_way_or_both),
		T_TEST(mapping_may_touch_its_neighbours),
		T_TEST(structures_must_be_whole),
	};

	return t_run("vfio", tests);
}
