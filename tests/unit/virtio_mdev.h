/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A card of mvnet with virtio_mdev, and the virtio driver of the tests on it: what
 * is done to them, each with the result of the write that does it.
 */
#ifndef UMDEV_TESTS_UNIT_VIRTIO_MDEV_H
#define UMDEV_TESTS_UNIT_VIRTIO_MDEV_H

#include <stdio.h>

#include "points.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define CARD_TYPE	"/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio"
#define CARD		"/sys/bus/mdev/devices/" UUID
#define CARD_DRIVER	"/sys/bus/mdev/drivers/virtio_mdev"
#define USER_DRIVER	"/sys/bus/virtio/drivers/virtio_test_driver"

/* The card is the only virtio device that there is: its name is the first. */
#define USER_NAME	"virtio0"
#define USER		"/sys/bus/virtio/devices/" USER_NAME
#define user_path(file)	USER file

static inline bool card_is_built(void)
{
	int err = um_modprobe("virtio_mdev", NULL);

	if (!err)
		err = um_modprobe("mvnet", NULL);
	um_rmmod("mvnet");
	um_rmmod("virtio_mdev");
	um_rmmod("mdev");
	if (err)
		puts("SKIP: mvnet or virtio_mdev was not built");
	return !err;
}

/* In the order in which they must be there; -EEXIST is fine. */
static inline long load_card_modules(void)
{
	static const char *const names[] = {
		"mdev", "mdev_test_control", "mvnet", "virtio_mdev", "virtio_test_driver",
	};
	size_t i;
	int err;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		err = um_insmod(names[i], NULL);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

static inline long create_card(void *arg)
{
	return put(CARD_TYPE "/create", UUID);
}

static inline long remove_card(void *arg)
{
	return put(CARD "/remove", "1");
}

static inline long bind_card(void *arg)
{
	return put(CARD_DRIVER "/bind", UUID);
}

static inline long unbind_card(void *arg)
{
	return put(CARD_DRIVER "/unbind", UUID);
}

static inline long bind_user(void *arg)
{
	return put(USER_DRIVER "/bind", USER_NAME);
}

static inline long unbind_user(void *arg)
{
	return put(USER_DRIVER "/unbind", USER_NAME);
}

#endif
