// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device whose DMA is emulated, reached by its group, which has a context of
 * IOMMUFD in place of a container. Skipped where the kernel has none (before 6.2,
 * or without CONFIG_IOMMUFD).
 */
#include "iommufd_test.h"

static long get_device(void)
{
	char name[] = "native0";

	return t_ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name, sizeof(name));
}

static long set_container(int fd)
{
	return t_ioctl(group, VFIO_GROUP_SET_CONTAINER, &fd, sizeof(fd));
}

static void start_group(void)
{
	start();
	group = t_open(group_path, O_RDWR);
	t_expect(group >= 0, true);
	t_expect(set_container(iommufd), 0);
	device = get_device();
	t_expect(device >= 0, true);
}

static long map_dma(unsigned int flags, uint64_t pages, uint64_t iova)
{
	struct vfio_iommu_type1_dma_map arg = {
		.argsz = sizeof(arg), .flags = flags, .vaddr = t_user_addr(memory), .iova = iova,
		.size = pages * PAGE,
	};

	return iommu(VFIO_IOMMU_MAP_DMA, &arg, sizeof(arg));
}

static long unmap_dma(unsigned int flags, uint64_t iova, uint64_t length, uint64_t *unmapped)
{
	struct vfio_iommu_type1_dma_unmap arg = {
		.argsz = sizeof(arg), .flags = flags, .iova = iova, .size = length,
	};
	long ret = iommu(VFIO_IOMMU_UNMAP_DMA, &arg, sizeof(arg));

	if (unmapped)
		*unmapped = arg.size;
	return ret;
}

static void a_context_serves_as_container(void **state)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	uint64_t n = 0;

	start();
	group = t_open(group_path, O_RDWR);
	t_expect(group >= 0, true);
	t_expect(get_device(), -EINVAL);
	t_expect(iommu(VFIO_GET_API_VERSION, NULL, 0), VFIO_API_VERSION);
	t_expect(t_ioctl_raw(iommufd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), -ENODEV);
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_READ, 1, IOVA), -ENODEV);
	t_expect(set_container(iommufd), 0);
	t_expect(set_container(iommufd), -EINVAL);
	t_expect(t_ioctl(group, VFIO_GROUP_GET_STATUS, &status, sizeof(status)), 0);
	t_expect(status.flags, VFIO_GROUP_FLAGS_VIABLE | VFIO_GROUP_FLAGS_CONTAINER_SET);
	t_expect(t_ioctl_raw(iommufd, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU), 1);
	t_expect(t_ioctl_raw(iommufd, VFIO_CHECK_EXTENSION, VFIO_TYPE1_NESTING_IOMMU), 0);
	t_expect(t_ioctl_raw(iommufd, VFIO_SET_IOMMU, VFIO_SPAPR_TCE_IOMMU), -EINVAL);
	t_expect(t_ioctl_raw(iommufd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
	device = get_device();
	t_expect(device >= 0, true);
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE, 2, IOVA), 0);
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_VADDR, 2, IOVA), -EINVAL);
	t_expect(pin(IOVA, 2, true), sizeof(struct native_pin));
	t_expect(unmap_dma(0, IOVA, PAGE, NULL), -ENOENT);
	t_expect(unmap_dma(0, IOVA, 2 * PAGE, &n), 0);
	t_expect(n, 2 * PAGE);
	t_expect_text(NATIVE "/unmaps", "1 0x100000 0x2000\n");
	/* to take away what is not there is no error here */
	t_expect(unmap_dma(0, IOVA, 2 * PAGE, &n), 0);
	t_expect(n, 0);
	stop();
}

static void a_group_s_file_is_bound_already(void **state)
{
	start_group();
	t_expect(bind_to(device, iommufd) < 0, true);
	t_expect(t_ioctl_raw(device, DEVICE_ATTACH, T_BAD_ADDR) < 0, true);
	stop();
}

static void a_group_s_devices_are_opened_more_than_once(void **state)
{
	int other;

	start_group();
	other = get_device();
	t_expect(other >= 0, true);
	t_expect_text(NATIVE "/opened", "1 0\n");
	t_expect(t_close(device), 0);
	device = other;
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_READ, 1, IOVA), 0);
	t_expect(pin(IOVA, 1, false), sizeof(struct native_pin));
	t_expect_text(NATIVE "/opened", "1 0\n");
	t_expect(t_close(device), 0);
	device = -1;
	t_expect_text(NATIVE "/opened", "1 1\n");
	stop();
}

static void a_device_stays_bound_when_its_group_leaves_the_context(void **state)
{
	start_group();
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_READ, 1, IOVA), 0);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_UNSET_CONTAINER, 0), 0);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_UNSET_CONTAINER, 0), -EINVAL);
	t_expect(pin(IOVA, 1, false), sizeof(struct native_pin));
	t_expect(get_device(), -EINVAL);
	/* unlike a container, it does not need the group's file either */
	t_expect(t_close(group), 0);
	group = -1;
	expect_pinned("1\n");
	stop();
}

static long vfio_ioas(uint16_t op, uint32_t *id)
{
	struct { uint32_t size, id; uint16_t op, reserved; } arg = { sizeof(arg), *id, op, 0 };
	long ret = iommu(CMD_VFIO_IOAS, &arg, sizeof(arg));

	*id = arg.id;
	return ret;
}

static void the_address_space_for_vfio_is_the_user_s_choice(void **state)
{
	uint32_t id = 0, ours;

	start();
	t_expect(vfio_ioas(0, &id), -ENODEV);
	ours = address_space();
	t_expect(vfio_ioas(1, &ours), 0);
	t_expect(vfio_ioas(0, &id), 0);
	t_expect(id, ours);
	id = NONE;
	t_expect(vfio_ioas(1, &id), -ENOENT);
	t_expect(vfio_ioas(9, &id), -EOPNOTSUPP);
	t_expect(map(ours, READ, 1, IOVA), 0);
	group = t_open(group_path, O_RDWR);
	t_expect(set_container(iommufd), 0);
	device = get_device();
	t_expect(device >= 0, true);
	t_expect(pin(IOVA, 1, false), sizeof(struct native_pin));
	t_expect(destroy(ours), -EBUSY);
	t_expect(vfio_ioas(2, &id), 0);
	t_expect(vfio_ioas(0, &id), -ENODEV);
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_READ, 1, IOVA + PAGE), -ENODEV);
	expect_pinned("1\n");
	stop();
}

static void version_1_cuts_maps(void **state)
{
	uint64_t n = 0;

	start();
	group = t_open(group_path, O_RDWR);
	t_expect(set_container(iommufd), 0);
	t_expect(t_ioctl_raw(iommufd, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU), 0);
	t_expect(map_dma(VFIO_DMA_MAP_FLAG_READ, 4, IOVA), 0);
	t_expect(unmap_dma(0, IOVA + PAGE, PAGE, &n), 0);
	t_expect(n, PAGE);
	t_expect(unmap_dma(VFIO_DMA_UNMAP_FLAG_ALL, IOVA, 0, NULL), -EINVAL);
	t_expect(unmap_dma(VFIO_DMA_UNMAP_FLAG_ALL, 0, 0, &n), 0);
	t_expect(n, 3 * PAGE);
	stop();
}

static void a_context_tells_what_it_is(void **state)
{
	union {
		struct vfio_iommu_type1_info info;
		unsigned char bytes[256];
	} arg = { .info.argsz = sizeof(arg.info) };
	struct vfio_info_cap_header *cap;

	start_group();
	t_expect(iommu(VFIO_IOMMU_GET_INFO, &arg, sizeof(arg)), 0);
	t_expect(arg.info.flags, VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS);
	t_expect(arg.info.iova_pgsizes & PAGE, PAGE);
	t_expect(arg.info.cap_offset, 0);
	t_expect(arg.info.argsz > sizeof(arg.info), true);
	t_expect(iommu(VFIO_IOMMU_GET_INFO, &arg, sizeof(arg)), 0);
	t_expect(arg.info.cap_offset, sizeof(arg.info));
	cap = (void *)(arg.bytes + arg.info.cap_offset);
	t_expect(cap->id, VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL);
	cap = (void *)(arg.bytes + cap->next);
	t_expect(cap->id, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE);
	t_expect(cap->next, 0);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(a_context_serves_as_container),
		T_TEST(a_group_s_file_is_bound_already),
		T_TEST(a_group_s_devices_are_opened_more_than_once),
		T_TEST(a_device_stays_bound_when_its_group_leaves_the_context),
		T_TEST(the_address_space_for_vfio_is_the_user_s_choice),
		T_TEST(version_1_cuts_maps),
		T_TEST(a_context_tells_what_it_is),
	};

	return t_run("iommufd_group", tests);
}
