// SPDX-License-Identifier: GPL-2.0-only
/* vfio_read UUID: prints what a read at the start of a VFIO device gives. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[256], link[256], name[64], text[256];
	int container = open("/dev/vfio/vfio", O_RDWR), group, device;
	ssize_t len;

	if (argc != 2)
		return 2;
	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", argv[1]);
	len = readlink(path, link, sizeof(link) - 1);
	link[len < 0 ? 0 : len] = '\0';
	snprintf(name, sizeof(name), "/dev/vfio/%s", basename(link));
	group = open(name, O_RDWR);
	if (container < 0 || group < 0 || ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU)) {
		perror(name);
		return 1;
	}
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[1]);
	len = device < 0 ? -1 : pread(device, text, sizeof(text), 0);
	if (len < 0) {
		perror(argv[1]);
		return 1;
	}
	return fwrite(text, 1, len, stdout) != (size_t)len;
}
