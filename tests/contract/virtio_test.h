/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtio device and its driver, both made for tests: commands to
 * virtio_test_device (device) and to virtio_test_driver (driver).
 */
#ifndef UMDEV_TESTS_VIRTIO_TEST_H
#define UMDEV_TESTS_VIRTIO_TEST_H

#include "mdev_test.h"

#define TRANSPORT	DIR_TEST "/transport"
#define VIRTIO_BUS	"/sys/bus/virtio"
#define TEST_DRIVER	VIRTIO_BUS "/drivers/virtio_test_driver"

/* VIRTIO_F_VERSION_1, VIRTIO_F_ACCESS_PLATFORM, rings with both and with more */
#define MODERN		"0x300000000"
#define WITH_INDIRECT	"0x310000000"
#define WITH_EVENT	"0x320000000"
#define LEGACY		"0"

/* What a command says, and where it says it. */
static inline void did_at(const char *dir, const char *command, const char *want,
			  const char *file, int line)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/do", dir);
	t_expect_at(t_put(path, command), (long)strlen(command), command, file, line);
	snprintf(path, sizeof(path), "%s/result", dir);
	t_expect_text_at(path, want, file, line);
}

static inline long try_at(const char *dir, const char *command)
{
	char path[600];
	long ret;

	snprintf(path, sizeof(path), "%s/do", dir);
	ret = t_put(path, command);
	return ret < 0 ? ret : 0;
}

/* The name of the virtio device below @parent: its number is the kernel's to give. */
static inline const char *virtio_below(const char *parent)
{
	static char name[32];
	char list[1024], *word;

	name[0] = '\0';
	if (t_list(parent, list, sizeof(list)) < 0)
		return name;
	for (word = strtok(list, " "); word; word = strtok(NULL, " "))
		if (!strncmp(word, "virtio", 6) && word[6] >= '0' && word[6] <= '9')
			snprintf(name, sizeof(name), "%.31s", word);
	return name;
}

/* The directory of the virtio device below @parent, and what is in it. */
static inline const char *virtio_path(const char *parent, const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s%s", parent, virtio_below(parent), file);
	return path;
}

#define device(command, want)	did_at(TRANSPORT, command, want "\n", __FILE__, __LINE__)
#define device_does(command)	t_expect(try_at(TRANSPORT, command), 0)
#define device_gets(command, err) t_expect(try_at(TRANSPORT, command), err)
#define driver_dir()		virtio_path(TRANSPORT, "/test")
#define driver(command, want)	did_at(driver_dir(), command, want "\n", __FILE__, __LINE__)
#define driver_does(command)	t_expect(try_at(driver_dir(), command), 0)
#define driver_gets(command, err) t_expect(try_at(driver_dir(), command), err)

static inline void load_virtio(const char *driver_params)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	/* on a real kernel they bring virtio along */
	t_expect(t_modprobe("virtio_test_device", NULL), 0);
	t_expect(t_modprobe("virtio_test_driver", driver_params), 0);
}

/* A device with these features, and its driver. */
static inline void load_device(const char *features)
{
	char text[64];

	load_virtio(NULL);
	snprintf(text, sizeof(text), "features %s", features);
	device_does(text);
	device_does("register");
}

#endif
