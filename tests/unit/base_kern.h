/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side of the driver core's test: a bus, drivers and devices. */
#ifndef TESTS_UNIT_BASE_KERN_H
#define TESTS_UNIT_BASE_KERN_H

struct bk_device;
struct bk_driver;

int bk_bus_register(void);	/* "bkbus": a driver takes devices whose names begin with its own */
void bk_bus_unregister(void);

struct bk_device *bk_device_add(const char *name, int *err);
void bk_device_remove(struct bk_device *dev);

/* Its probe gives @defer times -EPROBE_DEFER first. */
struct bk_driver *bk_driver_add(const char *name, int defer, int *err);
void bk_driver_remove(struct bk_driver *drv);
int bk_driver_has(struct bk_driver *drv, const char *device);
void bk_wait_for_probes(void);

/* @dev is bound: binds it to @drv too, past the link that would tell. */
int bk_bind_again(struct bk_device *dev, struct bk_driver *drv);

#endif
