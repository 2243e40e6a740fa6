/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A card of mvnet and its driver in slow motion (modules/mdev_test_virtio.c), for
 * who does two things to it at once: mvnet_points.c, explore/mvnet.c. Included
 * once in a program.
 */
#ifndef UMDEV_TESTS_UNIT_MVNET_CARD_H
#define UMDEV_TESTS_UNIT_MVNET_CARD_H

#include "points.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define CARD		"/sys/bus/mdev/devices/" UUID
#define CREATE		"/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio/create"
#define LINK		CARD "/vendor/link"
#define FEATURES	"0x300010020"
#define RUNNING		0xf
#define NEEDS_RESET	0x40

static long tell(const char *text)
{
	return put(CARD "/virtio/do", text);
}

/* While another task is telling it something. */
static long tell_meanwhile(const char *text)
{
	return put(CARD "/virtio/meanwhile", text);
}

/* What the device or the driver answers; a negative errno. */
static long ask(const char *text)
{
	long ret = tell(text);

	if (ret >= 0) {
		void *user = um_user_alloc(32);
		int fd = um_open(CARD "/virtio/result", O_RDONLY);

		ret = fd < 0 ? fd : um_read(fd, user, 31);
		if (fd >= 0)
			um_close(fd);
		if (ret > 0)
			ret = strtol(um_user_ptr(user), NULL, 0);
		um_user_free(user);
	}
	return ret;
}

static long tell_all(const char *const *text)
{
	for (; *text; text++)
		if (tell(*text) < 0)
			return 1;
	return 0;
}

/* A card that runs, with three packets to move, of which it has not been told yet. */
static long card_with_packets(void *arg)
{
	static const char *const steps[] = {
		"status 0", "status 3", "features " FEATURES, "status 0xb",
		"ring 0 16", "callback 0 1", "ready 0 1", "ring 1 16", "callback 1 1", "ready 1 1",
		/* that it runs makes it look once, which is over before there are packets */
		"status 0xf", "settle", "config_callback 1",
		"post 0 100", "post 0 100", "post 0 100", "post 1 70", "post 1 80", "post 1 90",
		NULL
	};

	return tell_all(steps) || put(LINK, "1") != 1;
}

static bool is_sound(void)
{
	return !(ask("get status") & NEEDS_RESET);
}

/*
 * Both rings are taken away, and at once their memory is another's: buffers are
 * freed, rings made anew. Of a packet or a ring that the device still looked at a
 * sanitizer would tell, or its own complaint.
 */
static long take_rings_away(void *arg)
{
	static const char *const steps[] = {
		"ready 1 0", "ring 1 16", "ready 0 0", "ring 0 16", NULL
	};

	return tell_all(steps);
}

static long reset(void *arg)
{
	static const char *const steps[] = { "status 0", "ring 0 16", "ring 1 16", NULL };

	return tell_all(steps);
}

/* 0: the modules are loaded and the card is there. */
static int setup(void **state)
{
	static const char *const modules[] = { "mdev", "mdev_test_control", "mvnet",
					       "mdev_test_virtio" };
	size_t i;

	um_audit_mark();
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (um_insmod(modules[i], NULL))
			return -1;
	return put(CREATE, UUID) != UUID_LEN || tell("config_callback 1") < 0;
}

#endif
