// SPDX-License-Identifier: GPL-2.0-only
/*
 * What any tree's framework and samples must do: load, and for each parent
 * device create one mdev, open it through VFIO, read from it, remove it.
 *
 *	exercise MODULE...
 *
 * Nothing is known by name: parents are what is in /sys/class/mdev_bus, types
 * what is below them, an mdev's group what its link says, and what is read is
 * the first region that can be. Prints a line for each step, and last one with
 * the counts that tests/upstream/run compares.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/files.h"
#include "umdev/umdev.h"

#define PARENTS	"/sys/class/mdev_bus"
#define DEVICES	"/sys/bus/mdev/devices"

static struct {
	int loaded, created, opened, read, removed, unloaded;
} counts;

/* ---- files --------------------------------------------------------------- */

struct names {
	char at[32][128];
	int n;
};

static int add_name(const char *name, void *arg)
{
	struct names *names = arg;

	if (*name != '.' && names->n < 32)
		snprintf(names->at[names->n++], sizeof(names->at[0]), "%s", name);
	return 0;
}

static struct names list(const char *path)
{
	struct names names = { .n = 0 };

	um_readdir(path, add_name, &names);
	return names;
}

/* ---- a device through VFIO ------------------------------------------------- */

/* An ioctl on a structure of one's own. */
static long vfio_ioctl(int fd, unsigned int cmd, void *arg, size_t size)
{
	void *user = um_user_alloc(size);
	long ret;

	if (!user)
		return -ENOMEM;
	memcpy(um_user_ptr(user), arg, size);
	ret = um_ioctl(fd, cmd, (unsigned long)user);
	memcpy(arg, um_user_ptr(user), size);
	um_user_free(user);
	return ret;
}

static bool read_region(int device, const struct vfio_region_info *info)
{
	void *user = um_user_alloc(4);
	ssize_t n = user ? um_pread(device, user, 4, info->offset) : -ENOMEM;

	if (n == 4)
		printf("  read region %u: %02x %02x %02x %02x\n", info->index,
		       ((unsigned char *)um_user_ptr(user))[0], ((unsigned char *)um_user_ptr(user))[1],
		       ((unsigned char *)um_user_ptr(user))[2], ((unsigned char *)um_user_ptr(user))[3]);
	else
		printf("  read region %u: %zd\n", info->index, n);
	um_user_free(user);
	return n == 4;
}

/* The configuration space of what is a PCI device, else the first region that can be read. */
static bool read_device(int device)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region;
	unsigned int first = 0;

	if (vfio_ioctl(device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)))
		return false;
	if (info.flags & VFIO_DEVICE_FLAGS_PCI)
		first = VFIO_PCI_CONFIG_REGION_INDEX;
	for (unsigned int i = 0; i < info.num_regions; i++) {
		memset(&region, 0, sizeof(region));
		region.argsz = sizeof(region);
		region.index = (first + i) % info.num_regions;
		if (vfio_ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)) ||
		    region.size < 4 || !(region.flags & VFIO_REGION_INFO_FLAG_READ))
			continue;
		return read_region(device, &region);
	}
	return false;
}

static int open_group(const char *uuid)
{
	char path[256], link[512], *last;

	snprintf(path, sizeof(path), DEVICES "/%s/iommu_group", uuid);
	if (um_readlink(path, link, sizeof(link)) <= 0 || !(last = strrchr(link, '/')))
		return -ENOENT;
	snprintf(path, sizeof(path), "/dev/vfio/%.64s", last + 1);
	return um_open(path, O_RDWR);
}

static void use_device(const char *uuid)
{
	int container = um_open("/dev/vfio/vfio", O_RDWR), group = open_group(uuid);
	int device = -1;
	char name[64];

	snprintf(name, sizeof(name), "%s", uuid);
	if (container >= 0 && group >= 0 &&
	    !vfio_ioctl(group, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container)) &&
	    !um_ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		device = vfio_ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name, sizeof(name));
	printf("  container %d, group %d, device %d\n", container, group, device);
	if (device >= 0) {
		counts.opened++;
		counts.read += read_device(device);
		um_close(device);
	}
	if (group >= 0)
		um_close(group);
	if (container >= 0)
		um_close(container);
}

/* ---- a parent ------------------------------------------------------------------ */

/* The first of its types that has an instance left. */
static bool find_type(const char *parent, char *path, size_t size)
{
	char dir[512], text[32];
	struct names types;

	snprintf(dir, sizeof(dir), PARENTS "/%s/mdev_supported_types", parent);
	types = list(dir);
	for (int i = 0; i < types.n; i++) {
		snprintf(path, size, "%s/%s/available_instances", dir, types.at[i]);
		if (get(path, text, sizeof(text)) > 0 && atoi(text) > 0) {
			snprintf(path, size, "%s/%s", dir, types.at[i]);
			return true;
		}
	}
	return false;
}

static bool device_exists(const char *uuid)
{
	char path[256];
	struct um_stat st;

	snprintf(path, sizeof(path), DEVICES "/%s", uuid);
	return !um_stat(path, &st, false);
}

static void use_parent(const char *parent, int number)
{
	char uuid[64], type[700], path[800];
	ssize_t n;

	snprintf(uuid, sizeof(uuid), "83b8f4f2-509f-382f-3c1e-e6bfe0fa%04x", number);
	if (!find_type(parent, type, sizeof(type))) {
		printf("%s: no type with an instance left\n", parent);
		return;
	}
	snprintf(path, sizeof(path), "%s/create", type);
	n = put(path, uuid);
	printf("%s: create %s: %zd\n", parent, strrchr(type, '/') + 1, n);
	if (n != (ssize_t)strlen(uuid) || !device_exists(uuid))
		return;
	counts.created++;
	use_device(uuid);
	snprintf(path, sizeof(path), DEVICES "/%s/remove", uuid);
	n = put(path, "1");
	printf("  remove: %zd\n", n);
	counts.removed += n == 1 && !device_exists(uuid);
}

/* Also what came as a dependency; who is used in one round is not in a later one. */
static void unload_all(int argc, char **argv)
{
	struct names modules = list("/sys/module");

	for (int round = 0; round < modules.n; round++) {
		for (int i = 0; i < modules.n; i++) {
			if (um_rmmod(modules.at[i]))
				continue;
			for (int k = 1; k < argc; k++)
				counts.unloaded += !strcmp(argv[k], modules.at[i]);
		}
	}
}

static void print_left(const char *line, void *arg)
{
	printf("left: %s\n", line);
}

int main(int argc, char **argv)
{
	struct names parents;
	int left, bad;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (um_boot(NULL))
		return 1;
	um_autoload(true);
	for (int i = 1; i < argc; i++) {
		int err = um_modprobe(argv[i], NULL);

		printf("modprobe %s: %d\n", argv[i], err);
		counts.loaded += !err;
	}
	parents = list(PARENTS);
	for (int i = 0; i < parents.n; i++)
		use_parent(parents.at[i], i + 1);
	um_autoload_settle();
	um_autoload(false);

	unload_all(argc, argv);
	left = um_audit(print_left, NULL);
	bad = um_check_splats();
	printf("loaded=%d created=%d opened=%d read=%d removed=%d unloaded=%d left=%d splats=%d\n",
	       counts.loaded, counts.created, counts.opened, counts.read, counts.removed,
	       counts.unloaded, left, bad);
	um_shutdown();
	return 0;
}
