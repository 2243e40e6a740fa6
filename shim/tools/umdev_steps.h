/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is done with a mediated device of any driver, step by step, for whoever
 * does it under faults (umdev_sweep.c) or at once with something else
 * (umdev_explore_driver.c). A step returns 0, or a negative errno.
 */
#ifndef UMDEV_TOOLS_UMDEV_STEPS_H
#define UMDEV_TOOLS_UMDEV_STEPS_H

#include <stdbool.h>

#include "umdev_vfio.h"

#define STEP_UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define STEP_MDEV "/sys/bus/mdev/devices/" STEP_UUID

struct driver;

/* What a driver has, and a step needs; NEEDS_TESTS is the modules of the tests. */
enum {
	NEEDS_TESTS = 1, NEEDS_IRQ = 2, NEEDS_MMAP = 4, NEEDS_DISPLAY = 8, NEEDS_DMABUF = 16,
	NEEDS_VFIO = 32, NEEDS_VIRTIO = 64, NEEDS_CONFIG = 128,
};

/* A driver, and where its mediated devices are made. */
struct vendor {
	char name[64];
	char create[320];
	unsigned int has;
	bool memory;			/* BAR 0 can be read and written */
	int mmap_region;
};

/* What the steps of one user share. */
struct use {
	const struct vendor *vendor;
	struct vfio_user vfio;
	void *map;
	int eventfd;
	int dmabuf;
	char driver[256];	/* the module that served the device */
};

void vendor_of(const struct driver *d, struct vendor *v);

/* Writes @text to a file. */
long step_put(const char *path, const char *text);

/* Each takes a struct use. The device is STEP_UUID; most need it open. */
long step_create(void *arg);
long step_remove(void *arg);
long step_open(void *arg);
long step_close(void *arg);
long step_device_info(void *arg);
/* As a monitor asks: once for the size, and again with room for what is chained to it. */
long step_region_info(void *arg);
long step_irq_info(void *arg);
long step_set_irq(void *arg);
long step_clear_irq(void *arg);
long step_reset(void *arg);
long step_read_config(void *arg);
/* Sizes of one, two and four bytes take paths of their own. */
long step_write_config(void *arg);
long step_map(void *arg);
long step_unmap(void *arg);
long step_query_plane(void *arg);
/* A byte of BAR 0, written and read. */
long step_memory(void *arg);

#endif
