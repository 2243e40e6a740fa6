// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VFIO model where a kernel cannot be asked, or not without harm: with every
 * allocation failing in turn, a KVM that is none, pages that stay pinned, and what is
 * alive meanwhile. All else is in tests/contract/vfio*.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>
#include <linux/vfio.h>
#include <umdev/umdev.h>

#include "vfio_kern.h"

#define PAGE 4096UL
#define IOVA 0x100000ULL

static void *user;		/* a page for arguments */
static char group_path[64];
static int group, container;	/* descriptors, -1 when closed */

/* ---- helpers --------------------------------------------------------- */

/* An ioctl whose argument is copied through user memory, there and back. */
static long call(int fd, unsigned int cmd, void *arg, size_t size)
{
	long ret;

	memcpy(um_user_ptr(user), arg, size);
	ret = um_ioctl(fd, cmd, (unsigned long)user);
	memcpy(arg, um_user_ptr(user), size);
	return ret;
}

static long get_device(const char *name)
{
	char copy[32];

	snprintf(copy, sizeof(copy), "%s", name);
	return call(group, VFIO_GROUP_GET_DEVICE_FD, copy, sizeof(copy));
}

static long set_container(int fd)
{
	return call(group, VFIO_GROUP_SET_CONTAINER, &fd, sizeof(fd));
}

static long map(unsigned long long iova, void *vaddr, unsigned long size, unsigned int flags)
{
	struct vfio_iommu_type1_dma_map m = {
		.argsz = sizeof(m), .flags = flags, .iova = iova,
		.vaddr = (unsigned long)vaddr, .size = size,
	};

	return call(container, VFIO_IOMMU_MAP_DMA, &m, sizeof(m));
}

#define RW (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

static long pin(int fd, unsigned long long iova, unsigned int n, unsigned int prot)
{
	struct vk_dma dma = { .iova = iova, .n = n, .prot = prot };

	return call(fd, VK_PIN, &dma, sizeof(dma));
}

static long unpin(int fd)
{
	struct vk_dma dma = {};

	return call(fd, VK_UNPIN, &dma, sizeof(dma));
}

static void find_group(void)
{
	char link[256];
	ssize_t n = um_readlink("/sys/bus/vkbus/devices/vk0/iommu_group", link, sizeof(link) - 1);

	assert_true(n > 0);
	link[n] = '\0';
	snprintf(group_path, sizeof(group_path), "/dev/vfio%s", strrchr(link, '/'));
}

static void ready(unsigned long iommu)
{
	assert_int_equal(set_container(container), 0);
	assert_int_equal(um_ioctl(container, VFIO_SET_IOMMU, iommu), 0);
}

static void drop(int *fd)
{
	assert_int_equal(um_close(*fd), 0);
	*fd = -1;
}

/* ---- fixtures -------------------------------------------------------- */

static int setup_all(void **state)
{
	return um_boot(NULL) || vk_init();
}

static int teardown_all(void **state)
{
	vk_exit();
	return um_shutdown();
}

static int setup(void **state)
{
	um_audit_mark();
	user = um_user_alloc(PAGE);
	if (vk_add())
		return 1;
	find_group();
	group = um_open(group_path, O_RDWR);
	container = um_open("/dev/vfio/vfio", O_RDWR);
	return group < 0 || container < 0;
}

static int teardown(void **state)
{
	unsigned int left_open;

	if (group >= 0)
		um_close(group);
	if (container >= 0)
		um_close(container);
	/* a test that has failed leaves others, which the removal would wait for */
	left_open = um_exit_files();
	vk_remove();
	um_user_free(user);
	return left_open + um_check_splats() + um_audit(NULL, NULL);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

/* ---- devices --------------------------------------------------------- */

static void devices_of_a_set_leave_it_one_by_one(void **state)
{
	assert_int_equal(vk_in_set(), 1);
	assert_int_equal(vk_add_nth(1), 0);
	assert_int_equal(vk_in_set(), 2);
	vk_remove_nth(1);
	assert_int_equal(vk_in_set(), 1);
}

static void a_device_sees_the_kvm_of_its_group(void **state)
{
	int fd;

	ready(VFIO_TYPE1v2_IOMMU);
	fd = get_device("vk0");
	assert_null(vk_kvm);
	/* only a group has one */
	assert_int_equal(vk_set_kvm(fd, &fd), 0);
	assert_int_equal(um_close(fd), 0);
	fd = get_device("vk0");
	assert_null(vk_kvm);
	assert_int_equal(um_close(fd), 0);
	assert_int_equal(vk_set_kvm(group, &fd), 0);
	fd = get_device("vk0");
	assert_ptr_equal(vk_kvm, &fd);
	assert_int_equal(vk_set_kvm(group, NULL), 0);
	assert_int_equal(um_close(fd), 0);
}

/* Tracked are all mappings or none. The user's copy can fail first, and is left alone. */
static void tracking_that_cannot_begin_is_undone(void **state)
{
	struct vfio_iommu_type1_dirty_bitmap dirty = {
		.argsz = sizeof(dirty), .flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_START,
	};
	void *memory = um_user_alloc(PAGE);

	ready(VFIO_TYPE1v2_IOMMU);
	assert_int_equal(map(IOVA, memory, PAGE, RW), 0);
	assert_int_equal(map(IOVA + 2 * PAGE, memory, PAGE, RW), 0);
	um_fail_nth(3);
	assert_int_equal(call(container, VFIO_IOMMU_DIRTY_PAGES, &dirty, sizeof(dirty)), -ENOMEM);
	assert_int_equal(um_fail_nth(0), 0);
	assert_int_equal(call(container, VFIO_IOMMU_DIRTY_PAGES, &dirty, sizeof(dirty)), 0);
	/* one that comes later is tracked, or not there */
	um_fail_nth(3);
	assert_int_equal(map(IOVA + 4 * PAGE, memory, PAGE, RW), -ENOMEM);
	assert_int_equal(um_fail_nth(0), 0);
	assert_int_equal(map(IOVA + 4 * PAGE, memory, PAGE, RW), 0);
	um_user_free(memory);
}

static void capabilities_are_chained(void **state)
{
	unsigned int n;
	int err = -1;

	for (n = 1; err; n++) {
		um_fail_nth(n);
		assert_null(vk_capabilities(&err));
		um_fail_nth(0);
		assert_true(n <= 4 && (!err || err == -ENOMEM));
	}
	/* one allocation each */
	assert_int_equal(n, 5);
}

/* ---- DMA ------------------------------------------------------------- */

static char alive[8192];

static void keep_line(const char *line, void *arg)
{
	size_t n = strlen(alive);

	snprintf(alive + n, sizeof(alive) - n, "%s\n", line);
}

static void pages_that_stay_pinned_are_told(void **state)
{
	char *mem = um_user_alloc(PAGE);
	int fd;

	ready(VFIO_TYPE1v2_IOMMU);
	fd = get_device("vk0");
	assert_int_equal(map(IOVA, mem, PAGE, RW), 0);
	assert_int_equal(pin(fd, IOVA, 1, 3), 1);
	alive[0] = '\0';
	um_audit(keep_line, NULL);
	assert_non_null(strstr(alive, "still alive: pinned page '"));
	assert_int_equal(unpin(fd), 0);
	alive[0] = '\0';
	um_audit(keep_line, NULL);
	assert_null(strstr(alive, "pinned page"));
	assert_int_equal(um_close(fd), 0);
	um_user_free(mem);
}

static void a_pin_that_nobody_gives_back_is_reported(void **state)
{
	char *mem = um_user_alloc(PAGE);
	int fd;

	ready(VFIO_TYPE1v2_IOMMU);
	fd = get_device("vk0");
	assert_int_equal(map(IOVA, mem, PAGE, RW), 0);
	assert_int_equal(pin(fd, IOVA, 1, 3), 1);
	assert_int_equal(pin(fd, IOVA, 1, 3), 1);
	um_expect_splat("vfio_iommu_type1.c");
	assert_int_equal(um_close(fd), 0);
	drop(&group);
	drop(&container);
	um_user_free(mem);
}

/* ---- faults ---------------------------------------------------------- */

static void every_failure_of_registering_is_undone(void **state)
{
	unsigned int n;
	bool fired;

	drop(&group);
	vk_remove();
	um_audit_mark();
	for (n = 1; n < 500; n++) {
		um_fail_nth(n);
		if (!vk_add() && vk_is_bound())
			fired = !um_fail_nth(0);
		else
			fired = true;
		um_fail_nth(0);
		vk_remove();
		assert_int_equal(um_audit(NULL, NULL), 0);
		if (!fired)
			break;
	}
	assert_in_range(n, 20, 499);
	assert_int_equal(vk_add(), 0);
}

static void every_failure_of_opening_is_undone(void **state)
{
	unsigned int n, left;
	long fd = -1;

	ready(VFIO_TYPE1v2_IOMMU);
	um_audit_mark();
	for (n = 1; n < 100; n++) {
		um_fail_nth(n);
		fd = get_device("vk0");
		left = um_fail_nth(0);
		if (left)
			break;
		if (fd >= 0)
			um_close(fd);
		assert_int_equal(um_audit(NULL, NULL), 0);
	}
	assert_in_range(n, 4, 99);
	assert_true(fd > 0);
	assert_int_equal(um_close(fd), 0);
	assert_int_equal(vk_opens, vk_closes);
}

/* Two groups in one container; both leave it, and come back when @again. */
static int second;	/* group */

static long leave(bool again)
{
	long ret = um_ioctl(group, VFIO_GROUP_UNSET_CONTAINER, 0);

	if (!ret)
		ret = um_ioctl(second, VFIO_GROUP_UNSET_CONTAINER, 0);
	if (!ret && again)
		ret = set_container(container) ?:
		      call(second, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container));
	return ret;
}

static void open_second(void)
{
	assert_int_equal(vk_add_nth(1), 0);
	second = um_open("/dev/vfio/1", O_RDWR);
	assert_true(second >= 0);
}

static void close_second(void)
{
	assert_int_equal(um_close(second), 0);
	vk_remove_nth(1);
}

static long run_set_iommu(void *unused)
{
	return um_ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU);
}

static long undo_set_iommu(void *unused)
{
	return leave(true);
}

static void every_failure_of_setting_the_iommu_is_undone(void **state)
{
	struct um_scenario s = {
		.name = "set iommu", .run = run_set_iommu, .undo = undo_set_iommu,
	};
	struct um_sweep figures = { 0 };

	open_second();
	assert_int_equal(set_container(container), 0);
	assert_int_equal(call(second, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container)), 0);
	assert_int_equal(um_sweep(&s, &figures), 0);
	/* the IOMMU's data, and what it keeps of each group */
	assert_true(figures.calls >= 3);
	assert_int_equal(leave(false), 0);
	close_second();
}

static long run_join(void *unused)
{
	return call(second, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container));
}

static long undo_join(void *unused)
{
	return um_ioctl(second, VFIO_GROUP_UNSET_CONTAINER, 0);
}

static void every_failure_of_joining_is_undone(void **state)
{
	struct um_scenario s = { .name = "join", .run = run_join, .undo = undo_join };
	struct um_sweep figures = { 0 };

	open_second();
	ready(VFIO_TYPE1v2_IOMMU);
	assert_int_equal(um_sweep(&s, &figures), 0);
	assert_true(figures.rolled_back > 0);
	close_second();
}

static long run_get_info(void *unused)
{
	struct { struct vfio_iommu_type1_info info; char room[256]; } all = {
		.info.argsz = sizeof(all),
	};

	return call(container, VFIO_IOMMU_GET_INFO, &all, sizeof(all));
}

static long undo_nothing(void *unused)
{
	return 0;
}

static void every_failure_of_asking_is_undone(void **state)
{
	struct um_scenario s = { .name = "info", .run = run_get_info, .undo = undo_nothing };
	struct um_sweep figures = { 0 };

	ready(VFIO_TYPE1v2_IOMMU);
	assert_int_equal(um_sweep(&s, &figures), 0);
	assert_true(figures.rolled_back > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(devices_of_a_set_leave_it_one_by_one),
		TEST(a_device_sees_the_kvm_of_its_group),
		TEST(tracking_that_cannot_begin_is_undone),
		TEST(capabilities_are_chained),
		TEST(pages_that_stay_pinned_are_told),
		TEST(a_pin_that_nobody_gives_back_is_reported),
		TEST(every_failure_of_registering_is_undone),
		TEST(every_failure_of_opening_is_undone),
		TEST(every_failure_of_setting_the_iommu_is_undone),
		TEST(every_failure_of_joining_is_undone),
		TEST(every_failure_of_asking_is_undone),
	};

	return cmocka_run_group_tests_name("vfio", tests, setup_all, teardown_all);
}
