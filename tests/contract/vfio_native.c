// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver of VFIO's own decides: whether there is a device, whose name it answers
 * to, what it can do; and the user's memory, which it pins and copies by IOVA.
 */
#include <linux/vfio.h>

#include "vfio_user.h"
#include "../modules/vfio_native.h"

#define NATIVE		"/sys/bus/vfio_native/devices/native0"
#define NATIVE_DRIVER	"/sys/bus/vfio_native/drivers/vfio_native_test"
#define PARAM(name)	"/sys/module/vfio_native_test/parameters/" name
#define IOVA		0x100000ULL
#define PAGE		((size_t)NATIVE_PAGE)
#define PAGES		4

static struct vfio_user user;
static struct t_user *memory;

static void open_group(void)
{
	char link[512], path[64];

	t_expect(t_readlink(NATIVE "/iommu_group", link, sizeof(link)) > 0, true);
	snprintf(path, sizeof(path), "/dev/vfio/%.32s", strrchr(link, '/') + 1);
	user.container = t_open("/dev/vfio/vfio", O_RDWR);
	user.group = t_open(path, O_RDWR);
	t_expect(user.container >= 0 && user.group >= 0, true);
	t_expect(t_ioctl(user.group, VFIO_GROUP_SET_CONTAINER, &user.container,
			 sizeof(user.container)), 0);
	t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
}

static void start(void)
{
	t_expect(t_modprobe("vfio_native_test", NULL), 0);
	open_group();
	user.device = vfio_get_device(&user, "native0");
	t_expect(user.device >= 0, true);
	memory = t_user_alloc(PAGES * PAGE);
}

static void stop(void)
{
	vfio_close(&user);
	t_user_free(memory);
	t_expect(t_rmmod("vfio_native_test"), 0);
}

static long map(uint64_t iova, unsigned int first, unsigned int pages, unsigned int flags)
{
	return dma_map(&user, iova, (char *)t_user_addr(memory) + first * PAGE, pages * PAGE, flags);
}

static long pin(uint64_t iova, unsigned int pages, bool write)
{
	struct native_pin arg = { .iova = iova, .pages = pages, .write = write };

	return t_pwrite(user.device, &arg, sizeof(arg), NATIVE_PIN);
}

#define PINNED	((long)sizeof(struct native_pin))

static void unpin(void)
{
	t_expect(t_pwrite(user.device, "", 1, NATIVE_UNPIN), 1);
}

static void expect_unmaps(const char *text)
{
	t_expect_text(NATIVE "/unmaps", text);
}

/* ---- the device ---------------------------------------------------------- */

static void device_whose_init_fails_is_not_there(void **state)
{
	t_expect(t_modprobe("vfio_native_test", "init_error=-5"), 0);
	assert_true(t_exists(NATIVE "/subsystem"));
	assert_false(t_exists(NATIVE "/driver"));
	assert_false(t_exists(NATIVE "/iommu_group"));
	t_expect(t_put(NATIVE_DRIVER "/bind", "native0"), -EIO);
	t_expect(t_put(PARAM("init_error"), "0"), 1);
	t_expect(t_put(NATIVE_DRIVER "/bind", "native0"), 7);
	open_group();
	vfio_close_group(&user);
	t_expect(t_rmmod("vfio_native_test"), 0);
}

static void driver_may_refuse_a_name(void **state)
{
	start();
	t_expect(t_put(PARAM("match_error"), "-1"), 2);
	t_expect(vfio_get_device(&user, "native0"), -EPERM);
	t_expect(t_put(PARAM("match_error"), "0"), 1);
	t_expect(vfio_get_device(&user, "native1"), -ENODEV);
	stop();
}

static long feature(uint32_t flags, uint32_t *data, size_t size)
{
	struct {
		struct vfio_device_feature head;
		uint32_t data;
	} arg = { .head = { .argsz = sizeof(arg.head) + size, .flags = flags } };
	long ret = t_ioctl(user.device, VFIO_DEVICE_FEATURE, &arg, sizeof(arg.head) + size);

	*data = arg.data;
	return ret;
}

static void feature_of_the_driver_is_checked(void **state)
{
	uint32_t data;

	start();
	t_expect(feature(VFIO_DEVICE_FEATURE_GET | NATIVE_FEATURE, &data, sizeof(data)), 0);
	t_expect(data, NATIVE_ANSWER);
	t_expect(feature(VFIO_DEVICE_FEATURE_GET | NATIVE_FEATURE, &data, 0), -EINVAL);
	t_expect(feature(VFIO_DEVICE_FEATURE_SET | NATIVE_FEATURE, &data, sizeof(data)), -EINVAL);
	t_expect(feature(VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_GET | NATIVE_FEATURE, &data,
			 sizeof(data)), -EINVAL);
	t_expect(feature(NATIVE_FEATURE, &data, sizeof(data)), -EINVAL);
	/* what is asked for only, is not done */
	t_expect(feature(VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_GET | NATIVE_FEATURE,
			 &data, sizeof(data)), 0);
	t_expect(data, 0);
	t_expect(feature(VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_SET | NATIVE_FEATURE,
			 &data, sizeof(data)), -EINVAL);
	t_expect(feature(VFIO_DEVICE_FEATURE_GET | (NATIVE_FEATURE + 1), &data, sizeof(data)),
		 -ENOTTY);
	stop();
}

/* ---- the user's memory --------------------------------------------------- */

static void pages_are_pinned_by_iova(void **state)
{
	start();
	t_expect(pin(IOVA, 1, true), -EINVAL);
	t_expect(map(IOVA, 0, 2, DMA_READ_WRITE), 0);
	t_expect(map(IOVA + 2 * PAGE, 2, 1, VFIO_DMA_MAP_FLAG_READ), 0);
	t_expect(pin(IOVA, 0, true), -EINVAL);
	t_expect(pin(IOVA + PAGE, 1, true), PINNED);
	t_expect_text(NATIVE "/pinned", "1\n");
	unpin();
	t_expect(pin(IOVA, 2, true), PINNED);
	unpin();
	/* all or none, and as the mapping allows */
	t_expect(pin(IOVA, 3, true), -EPERM);
	t_expect_text(NATIVE "/pinned", "0\n");
	t_expect(pin(IOVA, 3, false), PINNED);
	unpin();
	t_expect(pin(IOVA, 4, false), -EINVAL);
	/* mapped, but not there */
	t_expect(dma_map(&user, IOVA + 3 * PAGE, (void *)PAGE, PAGE, DMA_READ_WRITE), 0);
	t_expect(pin(IOVA, 4, false), -EFAULT);
	t_expect_text(NATIVE "/pinned", "0\n");
	stop();
}

static void unmap_has_the_device_unpin(void **state)
{
	start();
	t_expect(map(IOVA, 0, 1, DMA_READ_WRITE), 0);
	/* what is not pinned is nobody's */
	t_expect(dma_unmap(&user, IOVA, PAGE), PAGE);
	expect_unmaps("0 0x0 0x0\n");
	t_expect(map(IOVA, 0, 2, DMA_READ_WRITE), 0);
	t_expect(pin(IOVA, 1, true), PINNED);
	t_expect(dma_unmap(&user, IOVA, 2 * PAGE), 2 * PAGE);
	expect_unmaps("1 0x100000 0x2000\n");
	t_expect_text(NATIVE "/pinned", "0\n");
	stop();
}

static void device_that_keeps_a_pin_is_asked_again(void **state)
{
	start();
	t_expect(map(IOVA, 0, 1, DMA_READ_WRITE), 0);
	t_expect(pin(IOVA, 1, true), PINNED);
	t_expect(t_put(NATIVE "/ignore", "2"), 1);
	t_expect(dma_unmap(&user, IOVA, PAGE), PAGE);
	expect_unmaps("3 0x100000 0x1000\n");
	t_expect_text(NATIVE "/pinned", "0\n");
	stop();
}

static void bytes_are_copied_by_iova(void **state)
{
	char *bytes, buf[8] = "";

	start();
	bytes = t_user_ptr(memory);
	t_expect(map(IOVA, 0, 1, DMA_READ_WRITE), 0);
	t_expect(t_pwrite(user.device, "12345678", 8, NATIVE_MEMORY + IOVA + PAGE - 4), -EINVAL);
	t_expect(map(IOVA + PAGE, 1, 1, DMA_READ_WRITE), 0);
	t_expect(t_pwrite(user.device, "12345678", 8, NATIVE_MEMORY + IOVA + PAGE - 4), 8);
	assert_memory_equal(bytes + PAGE - 4, "12345678", 8);
	t_expect(t_pread(user.device, buf, 8, NATIVE_MEMORY + IOVA + PAGE - 4), 8);
	assert_memory_equal(buf, "12345678", 8);
	t_expect(dma_unmap(&user, IOVA, 2 * PAGE), 2 * PAGE);
	t_expect(map(IOVA, 0, 1, VFIO_DMA_MAP_FLAG_READ), 0);
	t_expect(t_pread(user.device, buf, 8, NATIVE_MEMORY + IOVA), 8);
	t_expect(t_pwrite(user.device, buf, 8, NATIVE_MEMORY + IOVA), -EPERM);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(device_whose_init_fails_is_not_there),
		T_TEST(driver_may_refuse_a_name),
		T_TEST(feature_of_the_driver_is_checked),
		T_TEST(pages_are_pinned_by_iova),
		T_TEST(unmap_has_the_device_unpin),
		T_TEST(device_that_keeps_a_pin_is_asked_again),
		T_TEST(bytes_are_copied_by_iova),
	};

	return t_run("vfio_native", tests);
}
