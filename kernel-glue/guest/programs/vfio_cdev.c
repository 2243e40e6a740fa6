// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_cdev UUID [hold]: a VFIO program that opens an mtty by the device's own
 * file and an iommufd, in place of its group and a container. Prints TAP. With
 * "hold" it only opens the device, says so, and keeps it until it is killed.
 *
 * The C library's headers may be older than that: what is said to the kernel is
 * here.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define BIND_IOMMUFD		_IO(VFIO_TYPE, VFIO_BASE + 18)
#define ATTACH_IOMMUFD_PT	_IO(VFIO_TYPE, VFIO_BASE + 19)
#define DETACH_IOMMUFD_PT	_IO(VFIO_TYPE, VFIO_BASE + 20)
#define IOAS_ALLOC		_IO(';', 0x81)
#define IOAS_MAP		_IO(';', 0x85)
#define IOAS_UNMAP		_IO(';', 0x86)
#define MAP_FIXED_READ_WRITE	7
#define PAGES			4
#define IOVA			0x100000

static int iommufd = -1, device = -1;
static uint32_t ioas;

/* "vfioN": how VFIO names the device; false if VFIO has no names for devices. */
static bool name_of(const char *uuid, char *name, size_t size)
{
	char path[128];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/vfio-dev", uuid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		found = !strncmp(entry->d_name, "vfio", 4);
		snprintf(name, size, "%.40s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static int bind_iommufd(void)
{
	struct { uint32_t argsz, flags; int32_t iommufd; uint32_t id; } bind = {
		.argsz = sizeof(bind), .iommufd = iommufd,
	};

	return ioctl(device, BIND_IOMMUFD, &bind);
}

static int attach(void)
{
	struct { uint32_t argsz, flags, pt_id; } attach = { sizeof(attach), 0, ioas };

	return ioctl(device, ATTACH_IOMMUFD_PT, &attach);
}

static int detach(void)
{
	struct { uint32_t argsz, flags; } detach = { sizeof(detach), 0 };

	return ioctl(device, DETACH_IOMMUFD_PT, &detach);
}

static int allocate_ioas(void)
{
	struct { uint32_t size, flags, id; } alloc = { .size = sizeof(alloc) };
	int ret = ioctl(iommufd, IOAS_ALLOC, &alloc);

	ioas = alloc.id;
	return ret;
}

static int map(void *memory, size_t length)
{
	struct { uint32_t size, flags, ioas, reserved; uint64_t va, length, iova; } map = {
		sizeof(map), MAP_FIXED_READ_WRITE, ioas, 0, (uintptr_t)memory, length, IOVA,
	};

	return ioctl(iommufd, IOAS_MAP, &map);
}

static int unmap(size_t length)
{
	struct { uint32_t size, ioas; uint64_t iova, length; } unmap = {
		sizeof(unmap), ioas, IOVA, length,
	};

	return ioctl(iommufd, IOAS_UNMAP, &unmap);
}

/* The group that has the device, too. */
static int open_group(const char *uuid)
{
	char path[128], link[256], name[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	len = readlink(path, link, sizeof(link) - 1);
	link[len < 0 ? 0 : len] = '\0';
	snprintf(name, sizeof(name), "/dev/vfio/%.32s", basename(link));
	return open(name, O_RDWR);
}

static int get_info(struct vfio_device_info *info)
{
	*info = (struct vfio_device_info){ .argsz = sizeof(*info) };
	return ioctl(device, VFIO_DEVICE_GET_INFO, info);
}

static bool config_is_readable(void)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	uint16_t vendor = 0;

	return !ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) &&
	       pread(device, &vendor, 2, info.offset + PCI_VENDOR_ID) == 2 && vendor == 0x4348;
}

static void use(const char *uuid)
{
	size_t length = PAGES * sysconf(_SC_PAGESIZE);
	struct vfio_device_info info;
	void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	int group;

	check(get_info(&info) < 0 && errno == EINVAL, "before it is bound it answers nothing");
	check(attach() < 0, "nor is it attached");
	check(!bind_iommufd(), "it is bound to an iommufd");
	check(bind_iommufd() < 0 && errno == EINVAL, "a second time is refused");
	group = open_group(uuid);
	check(group < 0 && errno == EBUSY, "its group cannot be opened beside that");
	check(!allocate_ioas(), "there is an address space");
	check(!map(memory, length), "memory is mapped");
	check(!attach(), "the device is attached to it");
	check(!get_info(&info) && info.num_regions == VFIO_PCI_NUM_REGIONS &&
	      info.flags & VFIO_DEVICE_FLAGS_PCI, "it is a PCI device with its regions");
	check(config_is_readable(), "its config space says who made it");
	check(!detach(), "it is detached");
	check(!unmap(length), "memory is unmapped");
	close(device);
	group = open_group(uuid);
	check(group >= 0, "closed, it can be had by its group");
	close(group);
	munmap(memory, length);
}

int main(int argc, char **argv)
{
	char name[64], path[128];

	if (argc < 2 || !name_of(argv[1], name, sizeof(name)))
		return 77;
	snprintf(path, sizeof(path), "/dev/vfio/devices/%.32s", name);
	device = open(path, O_RDWR);
	if (device < 0 && errno == ENOENT)
		return 77;
	iommufd = open("/dev/iommu", O_RDWR);
	if (argc > 2) {
		printf("%s\n", device >= 0 && iommufd >= 0 && !bind_iommufd() ? "open" : "failed");
		fflush(stdout);
		pause();
		return 1;
	}
	check(device >= 0, "the device's own file opens");
	check(iommufd >= 0, "an iommufd opens");
	if (!failed)
		use(argv[1]);
	close(iommufd);
	printf("1..%d\n", n);
	return failed;
}
