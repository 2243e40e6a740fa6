/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOMMUFD in a few words: a context, its address spaces, and the device of
 * vfio_native_test. What is not there skips the test; what the kernel answers is
 * returned.
 *
 * The C library's headers may be older: what is said to the kernel is here.
 */
#ifndef UMDEV_TESTS_IOMMUFD_TEST_H
#define UMDEV_TESTS_IOMMUFD_TEST_H

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

static inline long iommu(unsigned long cmd, void *arg, size_t size)
{
	return t_ioctl(iommufd, cmd, arg, size);
}

static inline long alloc(uint32_t *id)
{
	struct { uint32_t size, flags, id; } arg = { .size = sizeof(arg) };
	long ret = iommu(CMD_ALLOC, &arg, sizeof(arg));

	*id = arg.id;
	return ret;
}

static inline uint32_t address_space(void)
{
	uint32_t id;

	t_expect(alloc(&id), 0);
	return id;
}

static inline long destroy(uint32_t id)
{
	struct { uint32_t size, id; } arg = { sizeof(arg), id };

	return iommu(CMD_DESTROY, &arg, sizeof(arg));
}

/* @length bytes of the memory, from @offset on, at *@iova */
static inline long map_at(uint32_t ioas, unsigned int flags, uint64_t offset, uint64_t length,
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

static inline long map(uint32_t ioas, unsigned int flags, uint64_t pages, uint64_t iova)
{
	return map_at(ioas, flags | FIXED, 0, pages * PAGE, &iova);
}

static inline long bind_flags(int file, int fd, uint32_t flags, uint32_t argsz, uint32_t *id)
{
	struct { uint32_t argsz, flags; int32_t iommufd; uint32_t id; } arg = {
		argsz, flags, fd, 0,
	};
	long ret = t_ioctl(file, DEVICE_BIND, &arg, sizeof(arg));

	if (id)
		*id = arg.id;
	return ret;
}

static inline long bind_to(int file, int fd)
{
	return bind_flags(file, fd, 0, 16, NULL);
}

/* ---- the device -------------------------------------------------------------------- */

static inline long pin(uint64_t iova, unsigned int pages, bool write)
{
	struct native_pin arg = { .iova = iova, .pages = pages, .write = write };

	return t_pwrite(device, &arg, sizeof(arg), NATIVE_PIN);
}

static inline void expect_pinned(const char *pages)
{
	t_expect_text(NATIVE "/pinned", pages);
}

static inline void find_paths(void)
{
	char buf[512], *last;

	t_expect(t_readlink(NATIVE "/iommu_group", buf, sizeof(buf)) > 0, true);
	last = strrchr(buf, '/');
	assert_non_null(last);
	snprintf(group_path, sizeof(group_path), "/dev/vfio/%.32s", last + 1);
	t_expect(t_list(NATIVE "/vfio-dev", buf, sizeof(buf)) > 0, true);
	snprintf(device_path, sizeof(device_path), "/dev/vfio/devices/%.32s", buf);
}

static inline void start(void)
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

static inline void stop(void)
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

#endif
