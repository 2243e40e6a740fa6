/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VFIO user in a few words: container, group, device, regions. All of them
 * fail the test when VFIO itself does not do what it should; what a driver
 * answers is returned.
 */
#ifndef UMDEV_TESTS_VFIO_TEST_H
#define UMDEV_TESTS_VFIO_TEST_H

#include <linux/vfio.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "mdev_test.h"

#define MDEV_DEVICES	"/sys/bus/mdev/devices/"

struct vfio_user {
	int container, group, device;
};

static inline void load_sample(const char *name, const char *params)
{
	int ret = t_modprobe(name, params);

	if (ret == -ENOENT)
		t_skip("the sample driver is not among the modules of this tree");
	t_expect(ret, 0);
}

static inline void vfio_open(struct vfio_user *v, const char *uuid)
{
	char path[256], link[512], *last, name[64];

	v->container = t_open("/dev/vfio/vfio", O_RDWR);
	t_expect(v->container >= 0, true);
	snprintf(path, sizeof(path), MDEV_DEVICES "%s/iommu_group", uuid);
	t_expect(t_readlink(path, link, sizeof(link)) > 0, true);
	last = strrchr(link, '/');
	assert_non_null(last);
	snprintf(path, sizeof(path), "/dev/vfio/%.32s", last + 1);
	v->group = t_open(path, O_RDWR);
	t_expect(v->group >= 0, true);
	t_expect(t_ioctl(v->group, VFIO_GROUP_SET_CONTAINER, &v->container,
			 sizeof(v->container)), 0);
	t_expect(t_ioctl_raw(v->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
	snprintf(name, sizeof(name), "%s", uuid);
	v->device = t_ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, name, sizeof(name));
	t_expect(v->device >= 0, true);
}

static inline void vfio_close(struct vfio_user *v)
{
	t_expect(t_close(v->device), 0);
	t_expect(t_close(v->group), 0);
	t_expect(t_close(v->container), 0);
}

static inline struct vfio_region_info vfio_region(struct vfio_user *v, unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, &info, sizeof(info)), 0);
	return info;
}

static inline ssize_t region_read(struct vfio_user *v, unsigned int index, uint64_t offset,
				  void *buf, size_t count)
{
	return t_pread(v->device, buf, count, vfio_region(v, index).offset + offset);
}

static inline ssize_t region_write(struct vfio_user *v, unsigned int index, uint64_t offset,
				   const void *buf, size_t count)
{
	return t_pwrite(v->device, buf, count, vfio_region(v, index).offset + offset);
}

static inline uint32_t region_get(struct vfio_user *v, unsigned int index, uint64_t offset,
				  size_t size)
{
	uint32_t value = 0;

	t_expect(region_read(v, index, offset, &value, size), size);
	return value;
}

static inline void region_set(struct vfio_user *v, unsigned int index, uint64_t offset,
			      uint32_t value, size_t size)
{
	t_expect(region_write(v, index, offset, &value, size), size);
}

/* NULL, and the error in *@err, when it cannot be mapped. */
static inline void *region_map(struct vfio_user *v, unsigned int index, uint64_t offset,
			       size_t length, int flags, int *err)
{
	return t_mmap(length, PROT_READ | (flags & MAP_SHARED ? PROT_WRITE : 0), flags,
		      v->device, vfio_region(v, index).offset + offset, err);
}

/*
 * What a user asks first. Linux's mtty and mdpy say nothing about interrupts, and
 * set none, before (interrupts_work_before_the_device_is_described).
 */
static inline struct vfio_device_info vfio_describe(struct vfio_user *v)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), 0);
	return info;
}

/*
 * What a region's information says, with room behind it: nothing but the
 * information proper and the @caps bytes that the driver announces is written.
 */
static inline void expect_rest_untouched(struct vfio_user *v, unsigned int index, size_t caps)
{
	struct {
		struct vfio_region_info info;
		unsigned char rest[64];
	} ext;
	size_t i;

	memset(&ext, 0xa5, sizeof(ext));
	memset(&ext.info, 0, sizeof(ext.info));
	ext.info.argsz = sizeof(ext);
	ext.info.index = index;
	t_expect(t_ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, &ext, sizeof(ext)), 0);
	for (i = caps; i < sizeof(ext.rest); i++)
		assert_int_equal(ext.rest[i], 0xa5);
}

/*
 * An ioctl with an argument that can be read and not written to: the driver
 * has no place for its answer.
 */
static inline long ioctl_readonly(int fd, unsigned long cmd, const void *arg, size_t size)
{
	struct t_user *user = t_user_alloc(size);
	long ret;

	memcpy(t_user_ptr(user), arg, size);
	t_user_readonly(user);
	ret = t_ioctl_raw(fd, cmd, t_user_addr(user));
	assert_memory_equal(t_user_ptr(user), arg, size);
	t_user_free(user);
	return ret;
}

/* ---- limits, and many who create at once ------------------------------------------------ */

/*
 * No more of them: -ENOSPC, where Linux's displays say -ENOMEM up to 5.12, and a
 * core that counts itself says -EUSERS (from 6.1 on).
 */
static inline bool is_full(long ret)
{
	return ret == -ENOSPC || (ret == -EUSERS && !t_framework_has("parent_ops")) ||
	       (ret == -ENOMEM && !t_framework_has("device_ops"));
}

/* Which of two parameters of a module there is; it is loaded for that. */
static inline const char *parameter_of(const char *module, const char *one, const char *other)
{
	char path[128];

	t_expect(t_modprobe(module, NULL), 0);
	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module, one);
	if (!t_exists(path))
		one = other;
	t_expect(t_rmmod(module), 0);
	return one;
}

#define MAX_CREATORS 4

struct creator {
	const char *path;
	char uuid[40];
	atomic_int *go;
	struct t_task *task;
	long ret;
};

static inline long creator_main(void *arg)
{
	struct creator *c = arg;

	while (!atomic_load(c->go))
		sched_yield();
	return t_put(c->path, c->uuid);
}

/*
 * @n tasks create an mdev each, at the same time, by @path (a type's create
 * file). Returns how many did; every other one was told that it is full. Those made are
 * removed again.
 */
static inline unsigned int create_at_once(const char *path, unsigned int n)
{
	struct creator creators[MAX_CREATORS];
	char remove[128];
	atomic_int go = 0;
	unsigned int i, made = 0;

	for (i = 0; i < n; i++) {
		creators[i].path = path;
		creators[i].go = &go;
		snprintf(creators[i].uuid, sizeof(creators[i].uuid),
			 "83b8f4f2-509f-382f-3c1e-e6bfe0fa20%02x", (unsigned char)i);
		creators[i].task = t_race_start("create", creator_main, &creators[i]);
	}
	atomic_store(&go, 1);
	for (i = 0; i < n; i++)
		creators[i].ret = t_task_join(creators[i].task);
	for (i = 0; i < n; i++) {
		if (is_full(creators[i].ret))
			continue;
		t_expect(creators[i].ret, UUID_LEN);
		made++;
		snprintf(remove, sizeof(remove), MDEV_DEVICES "%s/remove", creators[i].uuid);
		t_expect(t_put(remove, "1"), 1);
	}
	return made;
}

#endif
