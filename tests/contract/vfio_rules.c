// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of VFIO that a user meets before a driver is asked: containers,
 * groups, devices by name, DMA mappings, removal in use. The device is an
 * mtty, of which nothing else matters here.
 */
#include <linux/vfio.h>
#include <poll.h>
#include <sys/mman.h>

#include "target.h"

#define UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define TYPE	"/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1"
#define DEVICE	"/sys/bus/mdev/devices/" UUID
#define IOVA	0x100000ULL
#define PAGE	4096UL
#define RW	(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

/* ---- a device, its group, a container --------------------------------------- */

static char number[16];		/* of the group */
static char node[32];
static int group, container;

static void find_group(void)
{
	char link[256];

	t_expect(t_readlink(DEVICE "/iommu_group", link, sizeof(link)) > 0, true);
	snprintf(number, sizeof(number), "%s", strrchr(link, '/') + 1);
	snprintf(node, sizeof(node), "/dev/vfio/%s", number);
}

static void start(void)
{
	t_expect(t_modprobe("vfio_mdev", NULL), 0);
	t_expect(t_modprobe("mtty", NULL), 0);
	t_expect(t_put(TYPE "/create", UUID), 36);
	find_group();
	group = t_open(node, O_RDWR);
	t_expect(group >= 0, true);
	container = t_open("/dev/vfio/vfio", O_RDWR);
	t_expect(container >= 0, true);
}

static void stop(void)
{
	t_expect(t_close(group), 0);
	t_expect(t_close(container), 0);
	t_expect(t_put(DEVICE "/remove", "1"), 1);
}

static long set_container(int fd)
{
	return t_ioctl(group, VFIO_GROUP_SET_CONTAINER, &fd, sizeof(fd));
}

static void attach(unsigned long iommu)
{
	t_expect(set_container(container), 0);
	t_expect(t_ioctl_raw(container, VFIO_SET_IOMMU, iommu), 0);
}

static long get_device(const char *name)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%s", name);
	return t_ioctl(group, VFIO_GROUP_GET_DEVICE_FD, copy, sizeof(copy));
}

static int open_device(void)
{
	long fd = get_device(UUID);

	t_expect(fd >= 0, true);
	return fd;
}

static long status(unsigned int *flags)
{
	struct vfio_group_status st = { .argsz = sizeof(st) };
	long ret = t_ioctl(group, VFIO_GROUP_GET_STATUS, &st, sizeof(st));

	*flags = st.flags;
	return ret;
}

static long map(unsigned long long iova, void *vaddr, unsigned long size, unsigned int flags)
{
	struct vfio_iommu_type1_dma_map m = {
		.argsz = sizeof(m), .flags = flags, .iova = iova,
		.vaddr = (unsigned long)vaddr, .size = size,
	};

	return t_ioctl(container, VFIO_IOMMU_MAP_DMA, &m, sizeof(m));
}

/* What was unmapped, or an error. */
static long unmap(unsigned long long iova, unsigned long size, unsigned int flags)
{
	struct vfio_iommu_type1_dma_unmap u = {
		.argsz = sizeof(u), .flags = flags, .iova = iova, .size = size,
	};
	long ret = t_ioctl(container, VFIO_IOMMU_UNMAP_DMA, &u, sizeof(u));

	return ret ? ret : (long)u.size;
}

static void *memory(unsigned long size)
{
	void *p;
	int err;

	p = t_mmap(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, &err);
	t_expect(err, 0);
	return p;
}

/* ---- what is to be seen ------------------------------------------------------- */

static void a_device_brings_its_group_and_takes_it_away(void **state)
{
	char path[64], text[64];

	start();
	snprintf(path, sizeof(path), "/sys/kernel/iommu_groups/%s/name", number);
	t_expect_text(path, "vfio-noiommu\n");
	snprintf(path, sizeof(path), "/sys/kernel/iommu_groups/%s/devices", number);
	t_expect(t_list(path, text, sizeof(text)) > 0, true);
	assert_string_equal(text, UUID);
	snprintf(path, sizeof(path), "/sys/class/vfio/%s", number);
	t_expect(t_exists(path), true);
	t_expect(t_exists(DEVICE "/vfio-dev"), true);
	stop();
	t_expect(t_exists(path), false);
	t_expect(t_exists(node), false);
	t_expect(t_exists("/dev/vfio/vfio"), true);
}

/* ---- containers --------------------------------------------------------------------- */

static void a_container_answers_without_a_group(void **state)
{
	start();
	t_expect(t_ioctl_raw(container, VFIO_GET_API_VERSION, 0), VFIO_API_VERSION);
	t_expect(t_ioctl_raw(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1_IOMMU), 1);
	t_expect(t_ioctl_raw(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU), 1);
	t_expect(t_ioctl_raw(container, VFIO_CHECK_EXTENSION, VFIO_UNMAP_ALL), 1);
	t_expect(t_ioctl_raw(container, VFIO_CHECK_EXTENSION, 9999), 0);
	t_expect(t_ioctl_raw(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), -EINVAL);
	t_expect(map(IOVA, NULL, PAGE, RW), -EINVAL);
	t_expect(t_ioctl_raw(container, 0x1234, 0), -EINVAL);
	t_expect(t_read_raw(container, T_BAD_ADDR, 1), -EINVAL);
	stop();
}

static void the_iommu_is_set_once_and_goes_with_the_last_group(void **state)
{
	void *mem = memory(PAGE);

	start();
	t_expect(set_container(container), 0);
	t_expect(t_ioctl_raw(container, VFIO_SET_IOMMU, 9999), -ENODEV);
	t_expect(t_ioctl_raw(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
	t_expect(t_ioctl_raw(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), -EINVAL);
	t_expect(t_ioctl_raw(container, VFIO_CHECK_EXTENSION, VFIO_UPDATE_VADDR), 0);
	t_expect(t_ioctl_raw(container, 0x1234, 0), -ENOTTY);
	t_expect(map(IOVA, mem, PAGE, RW), 0);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_UNSET_CONTAINER, 0), 0);
	t_expect(map(IOVA, mem, PAGE, RW), -EINVAL);
	attach(VFIO_TYPE1v2_IOMMU);
	t_expect(unmap(IOVA, PAGE, 0), 0);
	stop();
	t_expect(t_munmap(mem, PAGE), 0);
}

static void info_has_its_capabilities(void **state)
{
	struct { struct vfio_iommu_type1_info info; char room[256]; } all = {
		.info.argsz = sizeof(all.info),
	};
	struct vfio_info_cap_header *cap;

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	t_expect(t_ioctl(container, VFIO_IOMMU_GET_INFO, &all, sizeof(all)), 0);
	t_expect(all.info.flags & VFIO_IOMMU_INFO_CAPS, VFIO_IOMMU_INFO_CAPS);
	t_expect(all.info.cap_offset, 0);
	t_expect(all.info.argsz > sizeof(all.info), true);
	t_expect(t_ioctl(container, VFIO_IOMMU_GET_INFO, &all, sizeof(all)), 0);
	t_expect(all.info.cap_offset, sizeof(all.info));
	t_expect(all.info.iova_pgsizes & PAGE, PAGE);
	cap = (void *)((char *)&all + all.info.cap_offset);
	t_expect(cap->id, VFIO_IOMMU_TYPE1_INFO_CAP_MIGRATION);
	cap = (void *)((char *)&all + cap->next);
	t_expect(cap->id, VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL);
	t_expect(((struct vfio_iommu_type1_info_dma_avail *)cap)->avail, 65535);
	t_expect(cap->next, 0);
	all.info.argsz = 8;
	t_expect(t_ioctl(container, VFIO_IOMMU_GET_INFO, &all, sizeof(all)), -EINVAL);
	stop();
}

/* The size that the user claims reaches over the end of his memory. */
static void capabilities_that_cannot_be_copied_are_efault(void **state)
{
	const size_t at = PAGE - sizeof(struct vfio_iommu_type1_info);
	struct vfio_iommu_type1_info info = { .argsz = PAGE };
	struct t_user *memory = t_user_alloc(PAGE);

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	memcpy((char *)t_user_ptr(memory) + at, &info, sizeof(info));
	t_expect(t_ioctl_raw(container, VFIO_IOMMU_GET_INFO, t_user_addr(memory) + at), -EFAULT);
	stop();
	t_user_free(memory);
}

/* ---- groups --------------------------------------------------------------------------- */

static void a_group_has_one_user(void **state)
{
	unsigned int flags;

	start();
	t_expect(t_open(node, O_RDWR), -EBUSY);
	t_expect(status(&flags), 0);
	t_expect(flags, VFIO_GROUP_FLAGS_VIABLE);
	t_expect(set_container(container), 0);
	t_expect(status(&flags), 0);
	t_expect(flags, VFIO_GROUP_FLAGS_VIABLE | VFIO_GROUP_FLAGS_CONTAINER_SET);
	t_expect(t_close(group), 0);
	group = t_open(node, O_RDWR);
	t_expect(group >= 0, true);
	t_expect(status(&flags), 0);
	t_expect(flags, VFIO_GROUP_FLAGS_VIABLE);
	stop();
}

static void a_group_checks_what_it_is_given(void **state)
{
	struct vfio_group_status st = { .argsz = 4 };
	long ret;

	start();
	t_expect(t_ioctl_raw(group, VFIO_GROUP_GET_STATUS, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl(group, VFIO_GROUP_GET_STATUS, &st, sizeof(st)), -EINVAL);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_SET_CONTAINER, T_BAD_ADDR), -EFAULT);
	t_expect(set_container(-1), -EBADF);
	/* neither a container nor, from 6.2 on, an iommufd */
	ret = set_container(group);
	t_expect(ret == -EINVAL || ret == -EBADFD, true);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_UNSET_CONTAINER, 0), -EINVAL);
	t_expect(set_container(container), 0);
	t_expect(set_container(container), -EINVAL);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_GET_DEVICE_FD, T_BAD_ADDR), -EFAULT);
	t_expect(get_device("nobody"), -ENODEV);
	t_expect(get_device(UUID), -EINVAL);
	t_expect(t_ioctl_raw(group, 0x1234, 0), -ENOTTY);
	t_expect(t_read_raw(group, T_BAD_ADDR, 1), -EINVAL);
	t_expect(t_poll(group, POLLIN, 0), POLLIN);
	stop();
}

/* ---- devices ------------------------------------------------------------------------------ */

static void an_open_device_keeps_its_group_and_container(void **state)
{
	int a, b;

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	a = open_device();
	b = open_device();
	t_expect(a != b, true);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_UNSET_CONTAINER, 0), -EBUSY);
	t_expect(t_close(a), 0);
	t_expect(t_ioctl_raw(group, VFIO_GROUP_UNSET_CONTAINER, 0), -EBUSY);
	t_expect(t_close(group), 0);
	t_expect(t_open(node, O_RDWR), -EBUSY);
	t_expect(t_close(b), 0);
	group = t_open(node, O_RDWR);
	t_expect(group >= 0, true);
	stop();
}

static void a_device_has_positions_but_cannot_seek(void **state)
{
	unsigned int id;
	int fd;

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	fd = open_device();
	t_expect(t_pread(fd, &id, 4, (int64_t)VFIO_PCI_CONFIG_REGION_INDEX << 40), 4);
	t_expect(t_lseek(fd, 0, SEEK_SET), -ESPIPE);
	t_expect(t_pread(fd, &id, 4, -1), -EINVAL);
	t_expect(t_close(fd), 0);
	stop();
}

static void an_open_device_pins_its_driver(void **state)
{
	int fd;

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	t_expect(t_refcnt("vfio_mdev"), 0);
	fd = open_device();
	t_expect(t_refcnt("vfio_mdev") > 0, true);
	t_expect(t_rmmod("vfio_mdev"), -EWOULDBLOCK);
	t_expect(t_close(fd), 0);
	t_expect(t_refcnt("vfio_mdev"), 0);
	stop();
}

static void removal_waits_until_the_device_is_closed(void **state)
{
	struct t_task *task;
	unsigned int id, flags;
	int fd;

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	fd = open_device();
	task = t_put_start(DEVICE "/remove", "1");
	t_expect(t_task_wait_blocked(task), true);
	t_expect(t_pread(fd, &id, 4, (int64_t)VFIO_PCI_CONFIG_REGION_INDEX << 40), 4);
	t_expect(t_close(fd), 0);
	t_expect(t_task_join(task), 1);
	/* the group's file is left behind, of no more use */
	t_expect(status(&flags), -ENODEV);
	t_expect(set_container(container), -ENODEV);
	t_expect(get_device(UUID), -ENODEV);
	t_expect(t_open(node, O_RDWR), -ENOENT);
	t_expect(t_close(group), 0);
	t_expect(t_close(container), 0);
}

static void removal_takes_an_idle_group_out_of_its_container(void **state)
{
	void *mem = memory(PAGE);

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	t_expect(map(IOVA, mem, PAGE, RW), 0);
	t_expect(t_put(DEVICE "/remove", "1"), 1);
	t_expect(map(IOVA, mem, PAGE, RW), -EINVAL);
	t_expect(t_close(group), 0);
	t_expect(t_close(container), 0);
	t_expect(t_munmap(mem, PAGE), 0);
}

/* ---- DMA mappings ------------------------------------------------------------------------- */

static void mappings_are_checked(void **state)
{
	char *mem = memory(4 * PAGE);

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	t_expect(map(IOVA, mem, PAGE, 0), -EINVAL);
	t_expect(map(IOVA, mem, PAGE, 1 << 30), -EINVAL);
	t_expect(map(IOVA + 1, mem, PAGE, RW), -EINVAL);
	t_expect(map(IOVA, mem + 1, PAGE, RW), -EINVAL);
	t_expect(map(IOVA, mem, PAGE - 1, RW), -EINVAL);
	t_expect(map(IOVA, mem, 0, RW), -EINVAL);
	t_expect(map(-PAGE, mem, 2 * PAGE, RW), -EINVAL);
	t_expect(map(IOVA, mem, PAGE, VFIO_DMA_MAP_FLAG_VADDR), -ENOENT);
	t_expect(map(IOVA, mem, 2 * PAGE, RW), 0);
	t_expect(map(IOVA, mem, PAGE, VFIO_DMA_MAP_FLAG_VADDR), -EINVAL);
	t_expect(map(IOVA + PAGE, mem, 2 * PAGE, RW), -EEXIST);
	t_expect(map(IOVA + 2 * PAGE, mem, 2 * PAGE, RW), 0);
	t_expect(t_ioctl_raw(container, VFIO_IOMMU_MAP_DMA, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(container, VFIO_IOMMU_UNMAP_DMA, T_BAD_ADDR), -EFAULT);
	stop();
	t_expect(t_munmap(mem, 4 * PAGE), 0);
}

static void version_2_unmaps_whole_mappings(void **state)
{
	char *mem = memory(4 * PAGE);

	start();
	attach(VFIO_TYPE1v2_IOMMU);
	t_expect(map(IOVA, mem, 2 * PAGE, RW), 0);
	t_expect(map(IOVA + 2 * PAGE, mem, 2 * PAGE, RW), 0);
	t_expect(unmap(IOVA, PAGE, 0), -EINVAL);
	t_expect(unmap(IOVA + PAGE, PAGE, 0), -EINVAL);
	t_expect(unmap(IOVA, 0, 0), -EINVAL);
	t_expect(unmap(IOVA + 1, PAGE, 0), -EINVAL);
	t_expect(unmap(IOVA, PAGE, 1 << 30), -EINVAL);
	t_expect(unmap(IOVA, PAGE, VFIO_DMA_UNMAP_FLAG_VADDR), -EBUSY);
	t_expect(unmap(IOVA, PAGE, VFIO_DMA_UNMAP_FLAG_ALL), -EINVAL);
	t_expect(unmap(0, 0, VFIO_DMA_UNMAP_FLAG_ALL | VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP),
		 -EINVAL);
	t_expect(unmap(0, 16 * PAGE, 0), 0);
	t_expect(unmap(IOVA, 4 * PAGE, 0), 4 * PAGE);
	t_expect(unmap(IOVA, 4 * PAGE, 0), 0);
	t_expect(map(IOVA, mem, PAGE, RW), 0);
	t_expect(unmap(0, 0, VFIO_DMA_UNMAP_FLAG_ALL), PAGE);
	stop();
	t_expect(t_munmap(mem, 4 * PAGE), 0);
}

static void version_1_unmaps_whole_mappings_from_their_beginning(void **state)
{
	char *mem = memory(4 * PAGE);

	start();
	attach(VFIO_TYPE1_IOMMU);
	t_expect(map(IOVA, mem, 4 * PAGE, RW), 0);
	t_expect(unmap(IOVA + PAGE, PAGE, 0), 0);
	t_expect(unmap(IOVA, PAGE, 0), 4 * PAGE);
	stop();
	t_expect(t_munmap(mem, 4 * PAGE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(a_device_brings_its_group_and_takes_it_away),
		T_TEST(a_container_answers_without_a_group),
		T_TEST(the_iommu_is_set_once_and_goes_with_the_last_group),
		T_TEST(info_has_its_capabilities),
		T_TEST(capabilities_that_cannot_be_copied_are_efault),
		T_TEST(a_group_has_one_user),
		T_TEST(a_group_checks_what_it_is_given),
		T_TEST(an_open_device_keeps_its_group_and_container),
		T_TEST(a_device_has_positions_but_cannot_seek),
		T_TEST(an_open_device_pins_its_driver),
		T_TEST(removal_waits_until_the_device_is_closed),
		T_TEST(removal_takes_an_idle_group_out_of_its_container),
		T_TEST(mappings_are_checked),
		T_TEST(version_2_unmaps_whole_mappings),
		T_TEST(version_1_unmaps_whole_mappings_from_their_beginning),
	};

	return t_run("vfio_rules", tests);
}
