// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device whose DMA is emulated, reached by a file of its own, which is bound to a
 * context of IOMMUFD and attached to an address space. Skipped where the kernel has
 * no such files (before 6.6, or without CONFIG_VFIO_DEVICE_CDEV); those of the
 * address spaces alone are not (from 6.2 on, with CONFIG_IOMMUFD).
 */
#include "iommufd_test.h"

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
	};

	return t_run("iommufd", tests);
}
