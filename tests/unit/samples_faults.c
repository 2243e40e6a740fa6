// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every failure point of the sample drivers, one after the other: loading,
 * creating an mdev, using it as VFIO user or by a virtio driver. After each
 * failure nothing is alive that was not before, and the same works when it is
 * tried again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "faults.h"
#include "files.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MDEV		"/sys/bus/mdev/devices/" UUID
#define IMPORTER	"/sys/devices/virtual/dmabuf_test/importer"

/* A sample driver, the type that is created, and where a mode is set in it. */
struct sample {
	const char *module;
	const char *parent;
	const char *create;
	bool has_vbe;
};

static const struct sample mtty = {
	"mtty", "/sys/devices/virtual/mtty",
	"/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create", false,
};
static const struct sample mdpy = {
	"mdpy", "/sys/devices/virtual/mdpy",
	"/sys/class/mdev_bus/mdpy/mdev_supported_types/mdpy-vga/create", false,
};
static const struct sample mbochs = {
	"mbochs", "/sys/devices/virtual/mbochs",
	"/sys/class/mdev_bus/mbochs/mdev_supported_types/mbochs-small/create", true,
};
static const struct sample mvnet = {
	"mvnet", "/sys/devices/virtual/mvnet",
	"/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio/create", false,
};

/* ---- operations: 0 or the first error, with nothing left of what was begun -------- */

static long load(const struct sample *s)
{
	return um_insmod(s->module, NULL);
}

static long unload(const struct sample *s)
{
	return um_rmmod(s->module);
}

static long create(const struct sample *s)
{
	return put_done(s->create, UUID);
}

static long discard(const struct sample *s)
{
	return put_done(MDEV "/remove", "1");
}

static long ioctl_bytes(int fd, unsigned int cmd, void *arg, size_t size)
{
	void *user = um_user_alloc(size);
	long ret;

	memcpy(um_user_ptr(user), arg, size);
	ret = um_ioctl(fd, cmd, (unsigned long)user);
	memcpy(arg, um_user_ptr(user), size);
	um_user_free(user);
	return ret;
}

static long transfer(int fd, int64_t pos, uint32_t value, size_t size, bool write)
{
	void *user = um_user_alloc(size);
	ssize_t ret;

	memcpy(um_user_ptr(user), &value, size);
	ret = write ? um_pwrite(fd, user, size, pos) : um_pread(fd, user, size, pos);
	um_user_free(user);
	return ret < 0 ? ret : 0;
}

/* Another device maps the dma-buf and lets it go again. */
static long import(int fd)
{
	char text[16];
	long ret;

	snprintf(text, sizeof(text), "%d", fd);
	ret = put_done(IMPORTER "/import", text);
	if (!ret)
		ret = put_done(IMPORTER "/drop", "1");
	if (ret) {
		/* letting go is no fault's: of this all later ones may be to fail */
		um_fail_nth(0);
		put_done(IMPORTER "/drop", "1");
	}
	return ret;
}

/* What a monitor does to show a picture: a mode, a plane, a dma-buf. */
static long use_vbe(int device)
{
	static const uint16_t mode[] = { 640, 480, 32, 0x41 };
	struct vfio_region_info info = { .argsz = sizeof(info),
		.index = VFIO_PCI_BAR2_REGION_INDEX };
	struct vfio_device_gfx_plane_info plane = { .argsz = sizeof(plane),
		.flags = VFIO_GFX_PLANE_TYPE_DMABUF, .drm_plane_type = 1 };
	uint32_t id;
	unsigned int i;
	long ret;
	int fd;

	ret = ioctl_bytes(device, VFIO_DEVICE_GET_REGION_INFO, &info, sizeof(info));
	for (i = 0; i < 4 && !ret; i++)
		ret = transfer(device, info.offset + 0x502 + 2 * i, mode[i], 2, true);
	if (!ret)
		ret = ioctl_bytes(device, VFIO_DEVICE_QUERY_GFX_PLANE, &plane, sizeof(plane));
	if (ret)
		return ret;
	id = plane.dmabuf_id;
	ret = ioctl_bytes(device, VFIO_DEVICE_GET_GFX_DMABUF, &id, sizeof(id));
	if (ret < 0)
		return ret;
	fd = ret;
	ret = import(fd);
	um_close(fd);
	return ret;
}

static long use_device(const struct sample *s, int device)
{
	struct vfio_region_info info = { .argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX };
	long ret;

	ret = ioctl_bytes(device, VFIO_DEVICE_GET_REGION_INFO, &info, sizeof(info));
	if (!ret)
		ret = transfer(device, info.offset + 0x10, 0xe0000000, 4, true);
	if (!ret)
		ret = transfer(device, info.offset, 0, 4, false);
	/* BAR 0 */
	if (!ret)
		ret = transfer(device, 0, 0, 1, false);
	if (!ret && s->has_vbe)
		ret = use_vbe(device);
	return ret;
}

static long use(const struct sample *s)
{
	char link[256], path[64], name[64] = UUID;
	int container, group, device = -ENODEV;
	ssize_t n = um_readlink(MDEV "/iommu_group", link, sizeof(link) - 1);
	long ret;

	if (n < 0)
		return n;
	link[n] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%.32s", strrchr(link, '/') + 1);
	container = um_open("/dev/vfio/vfio", O_RDWR);
	if (container < 0)
		return container;
	group = um_open(path, O_RDWR);
	ret = group;
	if (group >= 0)
		ret = ioctl_bytes(group, VFIO_GROUP_SET_CONTAINER, &container, sizeof(container));
	if (!ret)
		ret = um_ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU);
	if (!ret) {
		device = ioctl_bytes(group, VFIO_GROUP_GET_DEVICE_FD, name, sizeof(name));
		ret = device < 0 ? device : use_device(s, device);
	}
	if (device >= 0)
		um_close(device);
	if (group >= 0)
		um_close(group);
	um_close(container);
	return ret;
}

/* A virtio driver sets the device up, sends and receives a packet, and resets it. */
static long round_trip(const struct sample *s)
{
	return put_done(MDEV "/virtio/do", "round_trip");
}

/* It has left nothing behind. */
static long forget(const struct sample *s)
{
	return 0;
}

/* ---- the sweep --------------------------------------------------------------------- */

struct operation {
	const char *name;
	long (*run)(const struct sample *s);
	long (*undo)(const struct sample *s);
};

static const struct operation loading = { "load", load, unload };
static const struct operation creating = { "create", create, discard };
static const struct operation using = { "use", use, forget };
static const struct operation using_virtio = { "use by virtio", round_trip, forget };

/* The operation that is swept, and on which. */
struct swept {
	const struct operation *operation;
	const struct sample *sample;
};

static long run(void *arg)
{
	const struct swept *swept = arg;

	return swept->operation->run(swept->sample);
}

static long undo(void *arg)
{
	const struct swept *swept = arg;

	return swept->operation->undo(swept->sample);
}

static void sweep(const struct operation *o, const struct sample *s)
{
	struct swept swept = { o, s };
	char name[64];
	const struct um_scenario scenario = { .name = name, .run = run, .undo = undo,
					      .arg = &swept };

	snprintf(name, sizeof(name), "%s %s", s->module, o->name);
	every_fault_is_rolled_back(&scenario);
}

static bool is_built(const struct sample *s)
{
	long ret = load(s);

	if (!ret)
		assert_int_equal(unload(s), 0);
	if (ret == -ENOENT)
		printf("SKIP: %s was not built\n", s->module);
	return ret != -ENOENT;
}

/* ---- tests ------------------------------------------------------------------------------ */

static void sweep_loading(const struct sample *s)
{
	if (!is_built(s))
		skip();
	sweep(&loading, s);
}

static void sweep_creating(const struct sample *s)
{
	if (!is_built(s))
		skip();
	assert_int_equal(load(s), 0);
	sweep(&creating, s);
	assert_int_equal(unload(s), 0);
}

/* @helper: a module that the scenario needs, or NULL */
static void sweep_using(const struct operation *o, const struct sample *s, const char *helper)
{
	if (!is_built(s))
		skip();
	assert_int_equal(load(s), 0);
	assert_int_equal(create(s), 0);
	if (helper)
		assert_int_equal(um_insmod(helper, NULL), 0);
	sweep(o, s);
	assert_int_equal(discard(s), 0);
	assert_int_equal(unload(s), 0);
}

static void loading_mtty(void **state)
{
	sweep_loading(&mtty);
}

static void loading_mdpy(void **state)
{
	sweep_loading(&mdpy);
}

static void loading_mbochs(void **state)
{
	sweep_loading(&mbochs);
}

static void creating_mtty(void **state)
{
	sweep_creating(&mtty);
}

static void creating_mdpy(void **state)
{
	sweep_creating(&mdpy);
}

static void creating_mbochs(void **state)
{
	sweep_creating(&mbochs);
}

static void using_mtty(void **state)
{
	sweep_using(&using, &mtty, NULL);
}

static void using_mdpy(void **state)
{
	sweep_using(&using, &mdpy, NULL);
}

static void using_mbochs(void **state)
{
	sweep_using(&using, &mbochs, "dmabuf_test");
}

static void loading_mvnet(void **state)
{
	sweep_loading(&mvnet);
}

static void creating_mvnet(void **state)
{
	sweep_creating(&mvnet);
}

static void using_mvnet(void **state)
{
	assert_int_equal(um_insmod("mdev_test_control", NULL), 0);
	sweep_using(&using_virtio, &mvnet, "mdev_test_virtio");
}

/* ---- frame -------------------------------------------------------------------------------- */

static int setup(void **state)
{
	um_check_splats();
	um_audit_mark();
	return um_modprobe("vfio_mdev", NULL);
}

static int teardown(void **state)
{
	static const char *const modules[] = {
		"dmabuf_test", "mtty", "mdpy", "mbochs", "mvnet", "mdev_test_virtio",
		"mdev_test_control", "vfio_mdev", "vfio_compat", "mdev",
	};
	unsigned int left_open;
	size_t i;

	um_fail_nth(0);
	/* a test that has failed leaves some, which a removal would wait for */
	left_open = um_exit_files();
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		um_rmmod(modules[i]);
	return left_open + um_audit(NULL, NULL) + um_check_splats() ? -1 : 0;
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int shut_down(void **state)
{
	return um_shutdown();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loading_mtty),
		TEST(loading_mdpy),
		TEST(loading_mbochs),
		TEST(creating_mtty),
		TEST(creating_mdpy),
		TEST(creating_mbochs),
		TEST(using_mtty),
		TEST(using_mdpy),
		TEST(using_mbochs),
		TEST(loading_mvnet),
		TEST(creating_mvnet),
		TEST(using_mvnet),
	};
	return cmocka_run_group_tests_name("samples_faults", tests, boot, shut_down);
}
