// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev demo --driver NAME: the life of a mediated device of a driver that has no
 * story of its own. What is done with it is what looking at it showed
 * (umdev_look.c): a user of VFIO asks for its regions, interrupts and planes.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_vfio.h"

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MDEVS "/sys/bus/mdev/devices"

static void show_type(struct session *s, const struct driver *d, const char *file)
{
	struct um_stat st;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s/%s", d->parent, d->type, file);
	if (!um_stat(path, &st, false))
		sh_cat(s, path, 0);
}

static void show_regions(struct session *s, struct vfio_user *v)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region;
	char command[96];
	unsigned int i;
	long ret;

	ret = user_ioctl(v->device, VFIO_DEVICE_GET_INFO, &info, sizeof(info));
	step(s, "ioctl(device, VFIO_DEVICE_GET_INFO)", ret, 0, "%u regions, %u interrupts",
	     info.num_regions, info.num_irqs);
	for (i = 0; !ret && i < info.num_regions; i++) {
		if (vfio_region(v, i, &region) || !region.size)
			continue;
		snprintf(command, sizeof(command),
			 "ioctl(device, VFIO_DEVICE_GET_REGION_INFO, %u)", i);
		step(s, command, 0, 0, "%llu bytes at offset 0x%llx, flags 0x%x",
		     (unsigned long long)region.size, (unsigned long long)region.offset,
		     region.flags);
	}
}

static void show_id(struct session *s, struct vfio_user *v)
{
	struct vfio_region_info info;
	uint16_t id[2] = { 0, 0 };
	ssize_t n = vfio_region(v, VFIO_PCI_CONFIG_REGION_INDEX, &info);

	if (!n)
		n = vfio_read(v, info.offset + PCI_VENDOR_ID, id, sizeof(id));
	step(s, "pread(device, CONFIG + PCI_VENDOR_ID, 4)", n, 0, "vendor %04x, device %04x", id[0],
	     id[1]);
}

static void use(struct session *s, const struct driver *d)
{
	struct vfio_user v;
	int err;

	say(s, "A program opens the device through its VFIO group, and asks what it has.");
	err = vfio_open(&v, UUID);
	step(s, "open container, group and device " UUID, err, 0, "%s", err ? "" : v.group_path);
	if (err)
		return;
	show_regions(s, &v);
	if (d->config)
		show_id(s, &v);
	say(s, "In use: the driver cannot go.");
	sh_rmmod(s, d->module, EWOULDBLOCK);
	vfio_close(&v);
	step(s, "close device, group and container", 0, 0, "%s", "");
}

void demo_any(struct session *s, const struct driver *d)
{
	char path[512];

	say(s, "A parent driver of mediated devices, and what it can make.");
	sh_modprobe(s, d->module, 0);
	sh_dmesg(s);
	sh_ls(s, d->parent);
	show_type(s, d, "device_api");
	show_type(s, d, "available_instances");
	say(s, "A UUID written to 'create' makes a mediated device.");
	snprintf(path, sizeof(path), "%s/%s/create", d->parent, d->type);
	sh_echo(s, UUID, path, 0);
	sh_ls(s, MDEVS);
	sh_tree(s, MDEVS "/" UUID);
	sh_udevadm(s);
	sh_dmesg(s);
	if (d->vfio)
		use(s, d);
	say(s, "The device goes, and its driver.");
	sh_echo(s, "1", MDEVS "/" UUID "/remove", 0);
	sh_rmmod(s, d->module, 0);
	sh_dmesg(s);
}
