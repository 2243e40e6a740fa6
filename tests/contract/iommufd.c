// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device whose DMA is emulated, reached by way of IOMMUFD: by a file of its own,
 * which is bound to a context and attached to an address space, or by its group,
 * which has a context in place of a container. Skipped where the kernel has neither
 * (before 6.2, or without CONFIG_IOMMUFD).
 *
 * The C library's headers may be older: what is said to the kernel is here.
 */
#include "vfio_test.h"
#include "../modules/vfio_native.h"

#define NATIVE	"/sys/bus/vfio_native/devices/native0"
#define PAGE	4096ULL
#define IOVA	0x100000ULL
#define NONE	0xfffffffful
#define ALL	(~0ULL)

/* ---- the ioctls -------------------------------------------------------------------- */

#define IOMMU(nr)		_IO(';', nr)
#define CMD_DESTROY		IOMMU(0x80)
#define CMD_ALLOC		IOMMU(0x81)
#define CMD_ALLOW		IOMMU(0x82)
#define CMD_COPY		IOMMU(0x83)
#define CMD_RANGES		IOMMU(0x84)
#define CMD_MAP			IOMMU(0x85)
#define CMD_UNMAP		IOMMU(0x86)
#define CMD_OPTION		IOMMU(0x87)
#define CMD_VFIO_IOAS		IOMMU(0x88)
#define DEVICE_BIND		_IO(VFIO_TYPE, VFIO_BASE + 18)
#define DEVICE_ATTACH		_IO(VFIO_TYPE, VFIO_BASE + 19)
#define DEVICE_DETACH		_IO(VFIO_TYPE, VFIO_BASE + 20)

#define FIXED	1
#define WRITE	2
#define READ	4

static int iommufd;		/* a context */
static int device;		/* a file of the device's own, or of its group's */
static int group;
static char device_path[64], group_path[64];
static struct t_user *memory;	/* four pages */

static long iommu(unsigned long cmd, void *arg, size_t size)
{
	return t_ioctl(iommufd, cmd, arg, size);
}

static long alloc(uint32_t *id)
{
	struct { uint32_t size, flags, id; } arg = { .size = sizeof(arg) };
	long ret = iommu(CMD_ALLOC, &arg, sizeof(arg));

	*id = arg.id;
	return ret;
}

static uint32_t address_space(void)
{
	uint32_t id;

	t_expect(alloc(&id), 0);
	return id;
}

static long destroy(uint32_t id)
{
	struct { uint32_t size, id; } arg = { sizeof(arg), id };

	return iommu(CMD_DESTROY, &arg, sizeof(arg));
}

/* @length bytes of the memory, from @offset on, at *@iova */
static long map_at(uint32_t ioas, unsigned int flags, uint64_t offset, uint64_t length,
		   uint64_t *iova)
{
	struct {
		uint32_t size, flags, ioas, reserved;
		uint64_t va, length, iova;
	} arg = { sizeof(arg), flags, ioas, 0, t_user_addr(memory) + offset, length, *iova };
	long ret = iommu(CMD_MAP, &arg, sizeof(arg));

	*iova = arg.iova;
	return ret;
}

static long map(uint32_t ioas, unsigned int flags, uint64_t pages, uint64_t iova)
{
	return map_at(ioas, flags | FIXED, 0, pages * PAGE, &iova);
}

static long unmap(uint32_t ioas, uint64_t iova, uint64_t length, uint64_t *unmapped)
{
	struct { uint32_t size, ioas; uint64_t iova, length; } arg = {
		sizeof(arg), ioas, iova, length,
	};
	long ret = iommu(CMD_UNMAP, &arg, sizeof(arg));

	if (unmapped)
		*unmapped = arg.length;
	return ret;
}

static long bind_flags(int file, int fd, uint32_t flags, uint32_t argsz, uint32_t *id)
{
	struct { uint32_t argsz, flags; int32_t iommufd; uint32_t id; } arg = {
		argsz, flags, fd, 0,
	};
	long ret = t_ioctl(file, DEVICE_BIND, &arg, sizeof(arg));

	if (id)
		*id = arg.id;
	return ret;
}

static long bind_to(int file, int fd)
{
	return bind_flags(file, fd, 0, 16, NULL);
}

static long attach(uint32_t ioas)
{
	struct { uint32_t argsz, flags, pt_id; } arg = { sizeof(arg), 0, ioas };

	return t_ioctl(device, DEVICE_ATTACH, &arg, sizeof(arg));
}

static long detach(void)
{
	struct { uint32_t argsz, flags; } arg = { sizeof(arg), 0 };

	return t_ioctl(device, DEVICE_DETACH, &arg, sizeof(arg));
}

/* ---- the device -------------------------------------------------------------------- */

static long pin(uint64_t iova, unsigned int pages, bool write)
{
	struct native_pin arg = { .iova = iova, .pages = pages, .write = write };

	return t_pwrite(device, &arg, sizeof(arg), NATIVE_PIN);
}

static void expect_pinned(const char *pages)
{
	t_expect_text(NATIVE "/pinned", pages);
}

static void find_paths(void)
{
	char buf[512], *last;

	t_expect(t_readlink(NATIVE "/iommu_group", buf, sizeof(buf)) > 0, true);
	last = strrchr(buf, '/');
	assert_non_null(last);
	snprintf(group_path, sizeof(group_path), "/dev/vfio/%.32s", last + 1);
	t_expect(t_list(NATIVE "/vfio-dev", buf, sizeof(buf)) > 0, true);
	snprintf(device_path, sizeof(device_path), "/dev/vfio/devices/%.32s", buf);
}

static void start(void)
{
	t_modprobe("iommufd", NULL);
	if (!t_exists("/dev/iommu"))
		t_skip("this kernel has no IOMMUFD");
	t_expect(t_modprobe("vfio_native_test", NULL), 0);
	find_paths();
	device = -1;
	group = -1;
	memory = t_user_alloc(4 * PAGE);
	iommufd = t_open("/dev/iommu", O_RDWR);
	t_expect(iommufd >= 0, true);
}

/* And the device's own file is open. */
static void start_file(void)
{
	start();
	if (!t_exists(device_path)) {
		t_close(iommufd);
		t_user_free(memory);
		t_expect(t_rmmod("vfio_native_test"), 0);
		t_skip("VFIO of this kernel has no files of devices");
	}
	device = t_open(device_path, O_RDWR);
	t_expect(device >= 0, true);
}

static void start_bound(void)
{
	start_file();
	t_expect(bind_to(device, iommufd), 0);
}

static void stop(void)
{
	if (device >= 0)
		t_expect(t_close(device), 0);
	if (group >= 0)
		t_expect(t_close(group), 0);
	if (iommufd >= 0)
		t_expect(t_close(iommufd), 0);
	t_expect(t_rmmod("vfio_native_test"), 0);
	t_user_free(memory);
}

/* ---- files of devices ----------------------------------------------------------------- */

static void a_file_can_do_nothing_before_it_is_bound(void **state)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	char buf[NATIVE_STATE] = "";

	start_file();
	t_expect(t_pread(device, buf, sizeof(buf), 0), -EINVAL);
	t_expect(t_pwrite(device, buf, sizeof(buf), 0), -EINVAL);
	t_expect(t_ioctl(device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), -EINVAL);
	t_expect(attach(1), -EINVAL);
	t_expect(detach(), -EINVAL);
	t_expect_text(NATIVE "/opened", "0 0\n");
	t_expect(bind_to(device, iommufd), 0);
	t_expect_text(NATIVE "/opened", "1 0\n");
	t_expect(t_pwrite(device, "sixteen bytes...", NATIVE_STATE, 0), NATIVE_STATE);
	t_expect(t_pread(device, buf, sizeof(buf), 0), NATIVE_STATE);
	assert_memory_equal(buf, "sixteen bytes...", NATIVE_STATE);
	t_expect(t_close(device), 0);
	device = -1;
	t_expect_text(NATIVE "/opened", "1 1\n");
	stop();
}

static void binding_checks_what_it_is_given(void **state)
{
	uint32_t id = 0;

	start_file();
	t_expect(t_ioctl_raw(device, DEVICE_BIND, T_BAD_ADDR), -EFAULT);
	t_expect(bind_flags(device, iommufd, 0, 15, NULL), -EINVAL);
	t_expect(bind_flags(device, iommufd, 1U << 31, 16, NULL), -EINVAL);
	t_expect(bind_to(device, -1), -EINVAL);
	t_expect(bind_to(device, 9999), -EBADF);
	t_expect(bind_to(device, device), -EBADFD);
	t_expect_text(NATIVE "/opened", "0 0\n");
	t_expect(bind_flags(device, iommufd, 0, 16, &id), 0);
	t_expect(id != 0, true);
	t_expect(bind_to(device, iommufd), -EINVAL);
	/* the id is taken, and the device's: it is no address space, and not to be destroyed */
	t_expect(attach(id), -ENOENT);
	t_expect(destroy(id), -EBUSY);
	stop();
}

static void a_device_is_bound_by_one_file(void **state)
{
	int other;

	start_bound();
	other = t_open(device_path, O_RDWR);
	t_expect(other >= 0, true);
	t_expect(bind_to(other, iommufd), -EINVAL);
	t_expect(t_close(device), 0);
	device = other;
	t_expect(bind_to(device, iommufd), 0);
	t_expect_text(NATIVE "/opened", "2 1\n");
	stop();
}

static void a_file_and_the_group_keep_each_other_out(void **state)
{
	start_file();
	group = t_open(group_path, O_RDWR);
	t_expect(group >= 0, true);
	t_expect(bind_to(device, iommufd), -EBUSY);
	t_expect(t_close(group), 0);
	t_expect(bind_to(device, iommufd), 0);
	group = t_open(group_path, O_RDWR);
	t_expect(group, -EBUSY);
	t_expect(t_close(device), 0);
	device = -1;
	group = t_open(group_path, O_RDWR);
	t_expect(group >= 0, true);
	stop();
}

static void a_context_outlives_its_file_while_a_device_is_bound(void **state)
{
	uint32_t ioas;

	start_bound();
	ioas = address_space();
	t_expect(map(ioas, READ | WRITE, 4, IOVA), 0);
	t_expect(attach(ioas), 0);
	t_expect(t_close(iommufd), 0);
	iommufd = -1;
	t_expect(pin(IOVA, 2, true), sizeof(struct native_pin));
	t_expect(t_close(device), 0);
	device = -1;
	expect_pinned("0\n");
	stop();
}

static void removal_waits_until_the_file_is_closed(void **state)
{
	struct t_task *task;

	start_bound();
	t_expect(t_rmmod("vfio_native_test"), -EWOULDBLOCK);
	task = t_put_start("/sys/bus/vfio_native/drivers/vfio_native_test/unbind", "native0");
	t_expect(t_task_wait_blocked(task), true);
	/* it can be used to the end, and not be opened again */
	t_expect(t_pwrite(device, "x", 1, 0), 1);
	t_expect(t_exists(device_path), false);
	t_expect(t_close(device), 0);
	device = -1;
	t_expect(t_task_join(task), strlen("native0"));
	stop();
}

/* Only to open it: what could be done with it is done already. */
static void a_file_that_was_not_bound_holds_the_device_too(void **state)
{
	struct t_task *task;

	start_file();
	task = t_put_start("/sys/bus/vfio_native/drivers/vfio_native_test/unbind", "native0");
	t_expect(t_task_wait_blocked(task), true);
	t_expect(t_close(device), 0);
	device = -1;
	t_expect(t_task_join(task), strlen("native0"));
	stop();
}

/* ---- address spaces --------------------------------------------------------------------- */

static void ioctls_are_checked(void **state)
{
	struct { uint32_t size, flags, id, more[2]; } arg = { .size = 8 };

	start();
	t_expect(t_ioctl_raw(iommufd, CMD_ALLOC, T_BAD_ADDR), -EFAULT);
	t_expect(iommu(CMD_ALLOC, &arg, sizeof(arg)), -EINVAL);
	arg.size = 12;
	arg.flags = 1;
	t_expect(iommu(CMD_ALLOC, &arg, sizeof(arg)), -EOPNOTSUPP);
	/* a longer structure must not ask for what the kernel does not know */
	arg.size = sizeof(arg);
	arg.flags = 0;
	arg.more[1] = 1;
	t_expect(iommu(CMD_ALLOC, &arg, sizeof(arg)), -E2BIG);
	arg.more[1] = 0;
	t_expect(iommu(CMD_ALLOC, &arg, sizeof(arg)), 0);
	t_expect(iommu(_IOW(';', 0x81, int), &arg, sizeof(arg)), -ENOTTY);
	t_expect(iommu(IOMMU(0x7f), &arg, sizeof(arg)), -ENOTTY);
	stop();
}

static void an_address_space_is_destroyed_once_it_is_not_used(void **state)
{
	uint32_t ioas, other;

	start_bound();
	ioas = address_space();
	other = address_space();
	t_expect(ioas != other, true);
	t_expect(destroy(NONE), -ENOENT);
	t_expect(attach(ioas), 0);
	t_expect(destroy(ioas), -EBUSY);
	t_expect(attach(other), 0);
	t_expect(destroy(ioas), 0);
	t_expect(destroy(ioas), -ENOENT);
	t_expect(attach(ioas), -ENOENT);
	t_expect(destroy(other), -EBUSY);
	t_expect(detach(), 0);
	t_expect(destroy(other), 0);
	t_expect(detach(), 0);
	stop();
}

static void maps_are_checked(void **state)
{
	uint64_t iova = IOVA;
	uint32_t ioas;

	start();
	ioas = address_space();
	t_expect(map(NONE, READ, 1, IOVA), -ENOENT);
	t_expect(map(ioas, 0, 1, IOVA), -EINVAL);
	t_expect(map(ioas, READ | 8, 1, IOVA), -EOPNOTSUPP);
	t_expect(map(ioas, READ, 0, IOVA), -EINVAL);
	t_expect(map(ioas, READ, 1, ALL), -EOVERFLOW);
	t_expect(map_at(ioas, READ | FIXED, 0, ALL, &iova), -EOVERFLOW);
	iova = ALL - PAGE;
	t_expect(map_at(ioas, READ | FIXED, 0, 2 * PAGE, &iova), -EOVERFLOW);
	t_expect(map(ioas, READ, 2, IOVA), 0);
	t_expect(map(ioas, READ, 1, IOVA + PAGE), -EEXIST);
	t_expect(map(ioas, READ, 1, IOVA - PAGE), 0);
	t_expect(map(ioas, READ, 1, IOVA + 2 * PAGE), 0);
	stop();
}

static void a_place_is_chosen_where_none_is_named(void **state)
{
	uint64_t first = 0, second = 0, third = 0;
	uint32_t ioas;

	start();
	ioas = address_space();
	t_expect(map_at(ioas, READ, 0, 2 * PAGE, &first), 0);
	t_expect(first != 0, true);
	t_expect(first % PAGE, 0);
	t_expect(map_at(ioas, READ, 0, 2 * PAGE, &second), 0);
	t_expect(second >= first + 2 * PAGE || second + 2 * PAGE <= first, true);
	/* as the memory lies in its page */
	t_expect(map_at(ioas, READ, 24, 8, &third), 0);
	t_expect(third % PAGE, 24);
	stop();
}

static long allow(uint32_t ioas, uint64_t start, uint64_t last, unsigned int n)
{
	uint64_t *range = t_user_ptr(memory);
	struct { uint32_t size, ioas, n, reserved; uint64_t ranges; } arg = {
		sizeof(arg), ioas, n, 0, t_user_addr(memory),
	};

	range[0] = start;
	range[1] = last;
	/* the second adjoins the first */
	range[2] = last + 1;
	range[3] = last + 0x1000;
	return iommu(CMD_ALLOW, &arg, sizeof(arg));
}

static void a_place_is_chosen_where_the_user_allows(void **state)
{
	uint64_t iova = 0;
	uint32_t ioas;

	start();
	ioas = address_space();
	t_expect(allow(NONE, 0, 1, 1), -ENOENT);
	t_expect(allow(ioas, 0x200000, 0x200000, 1), -EINVAL);
	t_expect(allow(ioas, 0x200000, 0x200fff, 1), 0);
	t_expect(map_at(ioas, READ, 0, 2 * PAGE, &iova), -ENOSPC);
	t_expect(allow(ioas, 0x200000, 0x200fff, 2), 0);
	t_expect(map_at(ioas, READ, 0, 2 * PAGE, &iova), 0);
	t_expect(iova, 0x200000);
	t_expect(map_at(ioas, READ, 0, PAGE, &iova), -ENOSPC);
	/* what is named may lie anywhere */
	t_expect(map(ioas, READ, 1, IOVA), 0);
	t_expect(allow(ioas, 0, 0, 0), 0);
	t_expect(map_at(ioas, READ, 0, PAGE, &iova), 0);
	stop();
}

static void all_places_are_usable(void **state)
{
	struct {
		uint32_t size, ioas, n, reserved;
		uint64_t ranges, alignment;
	} arg = { .size = sizeof(arg), .n = 0 };
	uint64_t *range;

	start();
	range = t_user_ptr(memory);
	arg.ioas = address_space();
	arg.ranges = t_user_addr(memory);
	t_expect(iommu(CMD_RANGES, &arg, sizeof(arg)), -EMSGSIZE);
	t_expect(arg.n, 1);
	t_expect(iommu(CMD_RANGES, &arg, sizeof(arg)), 0);
	t_expect(arg.n, 1);
	t_expect(arg.alignment, 1);
	t_expect(range[0] == 0 && range[1] == ALL, true);
	arg.ranges = T_BAD_ADDR;
	t_expect(iommu(CMD_RANGES, &arg, sizeof(arg)), -EFAULT);
	stop();
}

static void whole_maps_are_unmapped(void **state)
{
	uint64_t n = 0;
	uint32_t ioas;

	start();
	ioas = address_space();
	t_expect(unmap(ioas, 0, ALL, &n), 0);
	t_expect(n, 0);
	t_expect(map(ioas, READ, 2, IOVA), 0);
	t_expect(map(ioas, READ, 1, IOVA + 4 * PAGE), 0);
	t_expect(unmap(NONE, IOVA, PAGE, NULL), -ENOENT);
	t_expect(unmap(ioas, IOVA, 0, NULL), -EINVAL);
	t_expect(unmap(ioas, IOVA, PAGE, NULL), -ENOENT);
	t_expect(unmap(ioas, IOVA + PAGE, PAGE, NULL), -ENOENT);
	t_expect(unmap(ioas, IOVA + 2 * PAGE, PAGE, NULL), -ENOENT);
	t_expect(unmap(ioas, IOVA - PAGE, 8 * PAGE, &n), 0);
	t_expect(n, 3 * PAGE);
	t_expect(map(ioas, READ, 2, IOVA), 0);
	t_expect(unmap(ioas, 0, ALL, &n), 0);
	t_expect(n, 2 * PAGE);
	stop();
}

static long copy(uint32_t dst, uint32_t src, unsigned int flags, uint64_t length, uint64_t from,
		 uint64_t *to)
{
	struct { uint32_t size, flags, dst, src; uint64_t length, dst_iova, src_iova; } arg = {
		sizeof(arg), flags, dst, src, length, *to, from,
	};
	long ret = iommu(CMD_COPY, &arg, sizeof(arg));

	*to = arg.dst_iova;
	return ret;
}

static void maps_are_copied(void **state)
{
	uint64_t to = 0, at = IOVA;
	uint32_t src, dst;
	char byte = 0;

	start_bound();
	src = address_space();
	dst = address_space();
	t_expect(map(src, READ, 2, IOVA), 0);
	t_expect(map(src, READ, 1, IOVA + 2 * PAGE), 0);
	t_expect(copy(dst, src, READ, 4 * PAGE, IOVA, &to), -ENOENT);
	t_expect(copy(NONE, src, READ, PAGE, IOVA, &to), -ENOENT);
	t_expect(copy(dst, src, READ, 0, IOVA, &to), -EINVAL);
	/* not more than the first map allowed */
	t_expect(copy(dst, src, READ | WRITE, PAGE, IOVA, &to), -EPERM);
	/* parts of two maps, one after the other */
	t_expect(copy(dst, src, READ | FIXED, 2 * PAGE, IOVA + PAGE, &at), 0);
	t_expect(copy(dst, src, READ | FIXED, 2 * PAGE, IOVA + PAGE, &at), -EEXIST);
	t_expect(copy(dst, src, READ, PAGE, IOVA, &to), 0);
	t_expect(unmap(src, 0, ALL, NULL), 0);
	((char *)t_user_ptr(memory))[PAGE] = 'x';
	t_expect(attach(dst), 0);
	t_expect(t_pread(device, &byte, 1, NATIVE_MEMORY + IOVA), 1);
	t_expect(byte, 'x');
	t_expect(unmap(dst, IOVA, PAGE, NULL), 0);
	t_expect(unmap(dst, IOVA + PAGE, PAGE, NULL), 0);
	stop();
}

static long option(uint32_t which, uint16_t op, uint32_t object, uint64_t *value)
{
	struct { uint32_t size, which; uint16_t op, reserved; uint32_t object; uint64_t value; }
		arg = { sizeof(arg), which, op, 0, object, *value };
	long ret = iommu(CMD_OPTION, &arg, sizeof(arg));

	*value = arg.value;
	return ret;
}

static void options_are_set_and_read(void **state)
{
	uint64_t value = 2;
	uint32_t ioas;

	start();
	t_expect(option(0, 0, 0, &value), -EINVAL);
	value = 1;
	t_expect(option(0, 0, 0, &value), 0);
	value = 7;
	t_expect(option(0, 1, 0, &value), 0);
	t_expect(value, 1);
	t_expect(option(0, 1, 5, &value), -EOPNOTSUPP);
	t_expect(option(0, 2, 0, &value), -EOPNOTSUPP);
	t_expect(option(9, 1, 0, &value), -EOPNOTSUPP);
	ioas = address_space();
	/* only while there is nothing */
	t_expect(option(0, 0, 0, &value), -EBUSY);
	t_expect(option(1, 1, NONE, &value), -ENOENT);
	t_expect(option(1, 1, ioas, &value), 0);
	t_expect(value, 1);
	value = 0;
	t_expect(option(1, 0, ioas, &value), 0);
	value = 7;
	t_expect(option(1, 1, ioas, &value), 0);
	t_expect(value, 0);
	t_expect(option(1, 2, ioas, &value), -EOPNOTSUPP);
	/* without large pages, whole ones */
	value = IOVA + 8;
	t_expect(map_at(ioas, READ | FIXED, 8, 8, &value), -EINVAL);
	value = 2;
	t_expect(option(1, 0, ioas, &value), -EINVAL);
	value = 1;
	t_expect(option(1, 0, ioas, &value), 0);
	value = IOVA + 8;
	t_expect(map_at(ioas, READ | FIXED, 8, 8, &value), 0);
	value = 0;
	t_expect(option(1, 0, ioas, &value), -EADDRINUSE);
	stop();
}

/* ---- attached ------------------------------------------------------------------------------ */

static void a_device_that_pins_wants_whole_pages(void **state)
{
	uint64_t iova = IOVA + 8;
	uint32_t ioas, other;

	start_bound();
	ioas = address_space();
	other = address_space();
	t_expect(map_at(ioas, READ | FIXED, 8, 8, &iova), 0);
	t_expect(attach(ioas), -EADDRINUSE);
	t_expect(destroy(ioas), 0);
	t_expect(attach(other), 0);
	t_expect(map_at(other, READ | FIXED, 8, 8, &iova), -EINVAL);
	t_expect(map(other, READ, 1, IOVA), 0);
	t_expect(detach(), 0);
	iova = IOVA + 2 * PAGE + 8;
	t_expect(map_at(other, READ | FIXED, 8, 8, &iova), 0);
	stop();
}

static void pages_are_pinned_where_they_are_mapped(void **state)
{
	uint32_t ioas;

	start_bound();
	ioas = address_space();
	t_expect(pin(IOVA, 1, false), -ENOENT);
	t_expect(attach(ioas), 0);
	t_expect(pin(IOVA, 1, false), -ENOENT);
	t_expect(map(ioas, READ, 2, IOVA), 0);
	t_expect(map(ioas, READ | WRITE, 1, IOVA + 2 * PAGE), 0);
	t_expect(pin(IOVA, 0, false), -EINVAL);
	t_expect(pin(IOVA, 1, true), -EPERM);
	t_expect(pin(IOVA, 4, false), -ENOENT);
	expect_pinned("0\n");
	t_expect(pin(IOVA + PAGE, 2, false), sizeof(struct native_pin));
	expect_pinned("2\n");
	t_expect(t_pwrite(device, "", 1, NATIVE_UNPIN), 1);
	t_expect(pin(IOVA + 2 * PAGE, 1, true), sizeof(struct native_pin));
	expect_pinned("1\n");
	stop();
}

static void what_is_not_to_be_written_to_is_not_pinned_so(void **state)
{
	uint32_t ioas;

	start_bound();
	ioas = address_space();
	t_expect(attach(ioas), 0);
	t_expect(map(ioas, READ | WRITE, 1, IOVA), 0);
	t_user_readonly(memory);
	t_expect(pin(IOVA, 1, false), -EFAULT);
	t_expect(t_pwrite(device, "x", 1, NATIVE_MEMORY + IOVA), -EFAULT);
	stop();
}

static void unmapping_has_the_device_let_go(void **state)
{
	uint64_t n = 0;
	uint32_t ioas;

	start_bound();
	ioas = address_space();
	t_expect(attach(ioas), 0);
	t_expect(map(ioas, READ | WRITE, 2, IOVA), 0);
	t_expect(map(ioas, READ | WRITE, 1, IOVA + 2 * PAGE), 0);
	t_expect(pin(IOVA + PAGE, 1, true), sizeof(struct native_pin));
	/* nobody has pinned anything there */
	t_expect(unmap(ioas, IOVA + 2 * PAGE, PAGE, NULL), 0);
	t_expect_text(NATIVE "/unmaps", "0 0x0 0x0\n");
	t_expect(unmap(ioas, IOVA, 2 * PAGE, &n), 0);
	t_expect(n, 2 * PAGE);
	t_expect_text(NATIVE "/unmaps", "1 0x100000 0x2000\n");
	expect_pinned("0\n");
	stop();
}

static void detaching_has_the_device_let_go(void **state)
{
	uint32_t ioas, other;

	start_bound();
	ioas = address_space();
	other = address_space();
	t_expect(map(ioas, READ, 1, IOVA), 0);
	t_expect(map(other, READ, 1, IOVA), 0);
	t_expect(attach(ioas), 0);
	t_expect(pin(IOVA, 1, false), sizeof(struct native_pin));
	/* to the same is to nothing new */
	t_expect(attach(ioas), 0);
	expect_pinned("1\n");
	t_expect(attach(other), 0);
	t_expect_text(NATIVE "/unmaps", "1 0x0 0xffffffffffffffff\n");
	expect_pinned("0\n");
	t_expect(pin(IOVA, 1, false), sizeof(struct native_pin));
	t_expect(detach(), 0);
	expect_pinned("0\n");
	t_expect(pin(IOVA, 1, false), -ENOENT);
	stop();
}

static void a_failed_attach_leaves_what_was(void **state)
{
	uint32_t ioas;

	start_bound();
	ioas = address_space();
	t_expect(map(ioas, READ, 1, IOVA), 0);
	t_expect(attach(ioas), 0);
	t_expect(pin(IOVA, 1, false), sizeof(struct native_pin));
	t_expect(attach(NONE), -ENOENT);
	expect_pinned("1\n");
	t_expect(t_ioctl_raw(device, DEVICE_ATTACH, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(device, DEVICE_DETACH, T_BAD_ADDR), -EFAULT);
	expect_pinned("1\n");
	stop();
}

static void the_user_s_memory_is_read_and_written_by_iova(void **state)
{
	char buf[NATIVE_COPY] = "";
	uint32_t ioas;
	char *bytes;

	start_bound();
	bytes = t_user_ptr(memory);
	ioas = address_space();
	t_expect(t_pread(device, buf, 4, NATIVE_MEMORY + IOVA), -ENOENT);
	t_expect(attach(ioas), 0);
	t_expect(map(ioas, READ | WRITE, 1, IOVA), 0);
	t_expect(map(ioas, READ, 2, IOVA + PAGE), 0);
	strcpy(bytes + PAGE - 2, "over");
	/* the second map begins with the first page again */
	strcpy(bytes, "the edge");
	t_expect(t_pread(device, buf, 10, NATIVE_MEMORY + IOVA + PAGE - 2), 10);
	assert_memory_equal(buf, "ovthe edge", 10);
	t_expect(t_pwrite(device, "new", 3, NATIVE_MEMORY + IOVA + 4), 3);
	assert_memory_equal(bytes, "the new", 7);
	t_expect(t_pwrite(device, "no", 2, NATIVE_MEMORY + IOVA + PAGE), -EPERM);
	t_expect(t_pread(device, buf, 8, NATIVE_MEMORY + IOVA + 3 * PAGE - 4), -ENOENT);
	stop();
}

/* ---- by the group ---------------------------------------------------------------------------- */

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
		T_TEST(a_file_can_do_nothing_before_it_is_bound),
		T_TEST(binding_checks_what_it_is_given),
		T_TEST(a_device_is_bound_by_one_file),
		T_TEST(a_file_and_the_group_keep_each_other_out),
		T_TEST(a_context_outlives_its_file_while_a_device_is_bound),
		T_TEST(removal_waits_until_the_file_is_closed),
		T_TEST(a_file_that_was_not_bound_holds_the_device_too),
		T_TEST(ioctls_are_checked),
		T_TEST(an_address_space_is_destroyed_once_it_is_not_used),
		T_TEST(maps_are_checked),
		T_TEST(a_place_is_chosen_where_none_is_named),
		T_TEST(a_place_is_chosen_where_the_user_allows),
		T_TEST(all_places_are_usable),
		T_TEST(whole_maps_are_unmapped),
		T_TEST(maps_are_copied),
		T_TEST(options_are_set_and_read),
		T_TEST(a_device_that_pins_wants_whole_pages),
		T_TEST(pages_are_pinned_where_they_are_mapped),
		T_TEST(what_is_not_to_be_written_to_is_not_pinned_so),
		T_TEST(unmapping_has_the_device_let_go),
		T_TEST(detaching_has_the_device_let_go),
		T_TEST(a_failed_attach_leaves_what_was),
		T_TEST(the_user_s_memory_is_read_and_written_by_iova),
		T_TEST(a_context_serves_as_container),
		T_TEST(a_group_s_file_is_bound_already),
		T_TEST(a_group_s_devices_are_opened_more_than_once),
		T_TEST(a_device_stays_bound_when_its_group_leaves_the_context),
		T_TEST(the_address_space_for_vfio_is_the_user_s_choice),
		T_TEST(version_1_cuts_maps),
		T_TEST(a_context_tells_what_it_is),
	};

	return t_run("iommufd", tests);
}
