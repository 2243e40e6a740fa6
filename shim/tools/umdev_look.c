// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a module can do, found by looking: it is loaded, its parents are those
 * that appear in mdev's class, a type is what has a file "create", and what a
 * device of it can do is what VFIO says of it. So demo and sweep take any module.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_vfio.h"

#define PARENTS "/sys/class/mdev_bus"
#define MDEV "/sys/bus/mdev/devices/" LOOK_UUID
#define CLASS_SERIAL 0x0700	/* of PCI: a controller of communication, serial */

static int add_name(const char *name, void *arg)
{
	struct names *l = arg;

	if (l->n < sizeof(l->name) / sizeof(l->name[0]))
		snprintf(l->name[l->n++], sizeof(l->name[0]), "%s", name);
	return 0;
}

void list_names(const char *path, struct names *l)
{
	l->n = 0;
	um_readdir(path, add_name, l);
	qsort(l->name, l->n, sizeof(l->name[0]), (int (*)(const void *, const void *))strcmp);
}

void unload_all(void)
{
	struct names l;
	unsigned int i, gone;

	do {
		list_names("/sys/module", &l);
		for (i = 0, gone = 0; i < l.n; i++)
			gone += !um_rmmod(l.name[i]);
	} while (gone);
}

int look_for_modules(void (*fn)(const char *module, void *arg), void *arg)
{
	const char *dir = getenv("UMDEV_MODULE_DIR");
	char path[1024], line[4096], *end;
	FILE *dep;

	snprintf(path, sizeof(path), "%s/modules.dep", dir ? dir : UMDEV_MODULE_DIR);
	dep = fopen(path, "r");
	if (!dep)
		return -errno;
	while (fgets(line, sizeof(line), dep)) {
		end = strstr(line, ".ko:");
		if (!end || !strstr(end, " mdev.ko"))
			continue;
		*end = '\0';
		fn(line, arg);
	}
	fclose(dep);
	return 0;
}

static void count_of_tests(const struct um_site *s, void *arg)
{
	*(unsigned int *)arg += strstr(s->file, "tests/") != NULL;
}

static unsigned int sites_of_tests(void)
{
	unsigned int n = 0;

	um_sites(count_of_tests, &n);
	return n;
}

/* ---- the parent and its type -------------------------------------------------------- */

/* Of the type that has room for the most devices they are the smallest. */
static int find_type(struct driver *d)
{
	char path[512], text[64];
	struct names types;
	long most = 0, least = LONG_MAX, n;
	unsigned int i;

	snprintf(path, sizeof(path), "%s", d->parent);
	list_names(path, &types);
	for (i = 0; i < types.n; i++) {
		snprintf(path, sizeof(path), "%s/%s/available_instances", d->parent, types.name[i]);
		n = read_text(path, text, sizeof(text)) > 0 ? atol(text) : 1;
		if (n > 0 && n < least) {
			least = n;
			snprintf(d->big, sizeof(d->big), "%s", types.name[i]);
		}
		if (n <= most)
			continue;
		most = n;
		snprintf(d->type, sizeof(d->type), "%s", types.name[i]);
		snprintf(path, sizeof(path), "%s/%s/device_api", d->parent, types.name[i]);
		if (read_text(path, text, sizeof(text)) > 0)
			snprintf(d->api, sizeof(d->api), "%.*s", (int)strcspn(text, "\n"), text);
	}
	return most ? 0 : -ENODEV;
}

static int find_parent(struct driver *d)
{
	struct names parents;
	unsigned int i;

	list_names(PARENTS, &parents);
	for (i = 0; i < parents.n; i++) {
		snprintf(d->parent, sizeof(d->parent), PARENTS "/%s/mdev_supported_types",
			 parents.name[i]);
		if (!find_type(d))
			return 0;
	}
	return -ENODEV;
}

/* ---- a device --------------------------------------------------------------------------- */

static bool can_plane(struct vfio_user *v, unsigned int type)
{
	struct vfio_device_gfx_plane_info plane = {
		.argsz = sizeof(plane), .flags = VFIO_GFX_PLANE_TYPE_PROBE | type,
	};

	return !user_ioctl(v->device, VFIO_DEVICE_QUERY_GFX_PLANE, &plane, sizeof(plane));
}

static bool can_irq(struct vfio_user *v)
{
	struct vfio_irq_set clear = {
		.argsz = sizeof(clear), .index = VFIO_PCI_INTX_IRQ_INDEX,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	};
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = VFIO_PCI_INTX_IRQ_INDEX };
	int fd = eventfd(0, EFD_NONBLOCK);
	bool can;

	can = !user_ioctl(v->device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)) &&
	      info.count && !vfio_irq_eventfd(v, VFIO_PCI_INTX_IRQ_INDEX, fd);
	if (can)
		user_ioctl(v->device, VFIO_DEVICE_SET_IRQS, &clear, sizeof(clear));
	close(fd);
	return can;
}

static bool is_serial(struct vfio_user *v, const struct vfio_region_info *config)
{
	uint16_t class = 0;

	return vfio_read(v, config->offset + PCI_CLASS_DEVICE, &class, sizeof(class)) >= 0 &&
	       le16toh(class) == CLASS_SERIAL;
}

static void look_at_regions(struct driver *d, struct vfio_user *v)
{
	const unsigned int both = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	struct vfio_device_info device = { .argsz = sizeof(device) };
	struct vfio_region_info info;
	unsigned int i;

	if (user_ioctl(v->device, VFIO_DEVICE_GET_INFO, &device, sizeof(device)))
		return;
	for (i = 0; i < device.num_regions; i++) {
		if (vfio_region(v, i, &info) || !info.size)
			continue;
		if (i == VFIO_PCI_CONFIG_REGION_INDEX && (device.flags & VFIO_DEVICE_FLAGS_PCI)) {
			d->config = info.size > PCI_INTERRUPT_LINE;
			d->serial = d->config && is_serial(v, &info);
		}
		if (i == VFIO_PCI_BAR0_REGION_INDEX)
			d->memory = (info.flags & both) == both;
		if (d->mmap_region < 0 && (info.flags & VFIO_REGION_INFO_FLAG_MMAP))
			d->mmap_region = i;
	}
}

static void look_at_device(struct driver *d)
{
	struct vfio_user v;
	struct um_stat st;

	d->vfio = !vfio_open(&v, LOOK_UUID);
	d->virtio = !d->vfio && um_stat(MDEV "/iommu_group", &st, false) &&
		    !strncmp(d->api, "virtio", 6);
	if (!d->vfio)
		return;
	look_at_regions(d, &v);
	d->irq = can_irq(&v);
	d->dmabuf = can_plane(&v, VFIO_GFX_PLANE_TYPE_DMABUF);
	d->display = d->dmabuf || can_plane(&v, VFIO_GFX_PLANE_TYPE_REGION);
	vfio_close(&v);
}

static int look_at_loaded(struct driver *d)
{
	char path[512];
	int err = find_parent(d);

	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/%s/create", d->parent, d->type);
	err = write_text(path, LOOK_UUID);
	if (err < 0)
		return err;
	look_at_device(d);
	write_text(MDEV "/remove", "1");
	return 0;
}

int look_at_driver(const char *module, struct driver *d)
{
	unsigned int before = sites_of_tests();
	int err;

	memset(d, 0, sizeof(*d));
	d->mmap_region = -1;
	snprintf(d->module, sizeof(d->module), "%s", module);
	err = um_modprobe(module, NULL);
	if (!err) {
		d->of_tests = sites_of_tests() > before;
		err = look_at_loaded(d);
	}
	/* what it needs may be loaded even if it is not */
	unload_all();
	return err;
}

static void prefer(const char *module, void *arg)
{
	struct driver *best = arg, d;

	if (best->serial || look_at_driver(module, &d) || d.of_tests)
		return;
	if (d.serial || !*best->module)
		*best = d;
}

int look_for_driver(struct driver *d)
{
	memset(d, 0, sizeof(*d));
	look_for_modules(prefer, d);
	return *d->module ? 0 : -ENOENT;
}
