/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side of the driver core's test: a bus, a class, drivers and
 * devices that write what happens to them to a log, and whole scenarios.
 */
#ifndef TESTS_UNIT_BASE_KERN_H
#define TESTS_UNIT_BASE_KERN_H

struct bk_device;
struct bk_driver;

/* What happened since the last call: words, each followed by a blank. */
const char *bk_log(void);

int bk_bus_register(void);	/* "bkbus": a driver takes devices whose names begin with its own */
void bk_bus_unregister(void);
int bk_class_register(void);	/* "bkclass" */
void bk_class_unregister(void);

/* @where: a sum of the following */
enum { BK_BUS = 1, BK_CLASS = 2 };
struct bk_device *bk_device_add(const char *name, struct bk_device *parent,
				int where, int *err);
void bk_device_remove(struct bk_device *dev);
void bk_device_say(struct bk_device *dev);	/* one message of each level */

/* Its probe gives @probe; after @defer times -EPROBE_DEFER */
struct bk_driver *bk_driver_add(const char *name, int probe, int defer,
				int *err);
void bk_driver_remove(struct bk_driver *drv);
int bk_driver_has(struct bk_driver *drv, const char *device);
void bk_wait_for_probes(void);

/* A scenario: NULL, or what was wrong. */
const char *bk_dead_device(void);
/* @dev is bound: binds it to @drv too, past the link that would tell. */
int bk_bind_again(struct bk_device *dev, struct bk_driver *drv);

#endif
