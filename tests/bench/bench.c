// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmarks of the framework on the modelled kernel.
 *
 * Only ratios between things measured in the same run mean anything, and only
 * one is judged: making and removing an mdev while 100,000 others are alive
 * costs at most three times what it costs among 100. The number of live mdevs
 * goes up and down again, and what is compared is timed in turns, so that a
 * machine that becomes slower meanwhile changes both sides. Rounds are short
 * and their median counts, so that being preempted does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <umdev/umdev.h>

#include "bench.h"

#define CARD	"/sys/devices/virtual/mdev_bench/card"
#define TYPES	CARD "/mdev_supported_types"
#define WALK	"/sys/module/mdev_bench/parameters/walk"

#define ROUNDS		151	/* for a median; each number of live mdevs has two */
#define ROUND_PAIRS	5	/* creations and removals in one */
#define LOAD_ROUNDS	51
#define READ_ROUNDS	201
#define ROUND_READS	200
#define FRAME_ROUNDS	11
#define ROUND_FRAMES	2000

static const unsigned int sizes[N_SIZES] = { 100, 1000, 10000, 100000 };

/* ---- calls that must succeed --------------------------------------------- */

static void *user;		/* user memory for one write or read */
#define USER_SIZE	128

static void __attribute__((noreturn)) fail(const char *what, const char *path, long err)
{
	fprintf(stderr, "bench: %s %s: %s\n", what, path, strerror(-err));
	exit(2);
}

static long need(long ret, const char *what, const char *path)
{
	if (ret < 0)
		fail(what, path, ret);
	return ret;
}

static void put(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = need(um_open(path, O_WRONLY), "open", path);

	memcpy(um_user_ptr(user), text, len);
	need(um_write(fd, user, len), "write", path);
	need(um_close(fd), "close", path);
}

static double read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static double now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* ---- medians --------------------------------------------------------------- */

struct samples {
	double v[2 * ROUNDS + 2 * READ_ROUNDS];
	size_t n;
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(struct samples *s)
{
	qsort(s->v, s->n, sizeof(s->v[0]), compare);
	return (s->v[(s->n - 1) / 2] + s->v[s->n / 2]) / 2;
}

/* ---- mdevs --------------------------------------------------------------------- */

/* splitmix64: the same UUIDs in each run, and none twice. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

struct uuid {
	char text[37];
};

static struct uuid uuid_of(uint64_t number)
{
	uint64_t a = mix(2 * number), b = mix(2 * number + 1);
	struct uuid u;

	snprintf(u.text, sizeof(u.text), "%08x-%04x-%04x-%04x-%012" PRIx64,
		 (unsigned int)(a >> 32), (unsigned int)(a >> 16 & 0xffff),
		 (unsigned int)(a & 0xffff), (unsigned int)(b >> 48), b & 0xffffffffffff);
	return u;
}

static void create(const char *type, uint64_t number)
{
	char path[128];

	snprintf(path, sizeof(path), TYPES "/mdev_bench-%s/create", type);
	put(path, uuid_of(number).text);
}

static void remove_mdev(uint64_t number)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/remove", uuid_of(number).text);
	put(path, "1");
}

/* ---- create and remove among many ------------------------------------------- */

#define VISITORS	(UINT64_C(1) << 32)	/* numbers of mdevs that are only timed */

static uint64_t visitor = VISITORS;

static double time_round(void)
{
	double start = now();
	int i;

	for (i = 0; i < ROUND_PAIRS; i++, visitor++) {
		create("plain", visitor);
		remove_mdev(visitor);
	}
	return (now() - start) / ROUND_PAIRS;
}

struct among {
	struct samples core, list;
};

static void measure(struct among *a)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		a->core.v[a->core.n++] = time_round();
		put(WALK, "1");
		a->list.v[a->list.n++] = time_round();
		put(WALK, "0");
	}
}

static unsigned int live;

static void populate(unsigned int wanted)
{
	while (live < wanted)
		create("plain", live++);
	while (live > wanted)
		remove_mdev(--live);
}

static void bench_create_remove(struct results *r)
{
	static struct among among[N_SIZES];
	int i;

	for (i = 0; i < N_SIZES; i++) {
		populate(sizes[i]);
		measure(&among[i]);
	}
	for (i = N_SIZES - 1; i >= 0; i--) {
		populate(sizes[i]);
		measure(&among[i]);
	}
	populate(0);

	for (i = 0; i < N_SIZES; i++) {
		r->create_remove[i].live = sizes[i];
		r->create_remove[i].seconds = median(&among[i].core);
		r->create_remove[i].list_seconds = median(&among[i].list);
	}
}

/* ---- a read through VFIO -------------------------------------------------------- */

static int open_device(uint64_t number)
{
	struct uuid u = uuid_of(number);
	int container, group, device;
	char path[128], link[128];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", u.text);
	len = need(um_readlink(path, link, sizeof(link) - 1), "readlink", path);
	link[len] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);

	container = need(um_open("/dev/vfio/vfio", O_RDWR), "open", "/dev/vfio/vfio");
	group = need(um_open(path, O_RDWR), "open", path);
	memcpy(um_user_ptr(user), &container, sizeof(container));
	need(um_ioctl(group, VFIO_GROUP_SET_CONTAINER, (unsigned long)user), "set container of", path);
	need(um_ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU), "set IOMMU of", path);
	memcpy(um_user_ptr(user), u.text, sizeof(u.text));
	device = need(um_ioctl(group, VFIO_GROUP_GET_DEVICE_FD, (unsigned long)user),
		      "get device of", path);
	/* The device keeps group and container in use. */
	um_close(group);
	um_close(container);
	return device;
}

static double time_vfio_reads(int device)
{
	double start = now();
	int i;

	for (i = 0; i < ROUND_READS; i++)
		if (um_pread(device, user, 4, 0) != 4)
			fail("read of", "the device", -EIO);
	return (now() - start) / ROUND_READS;
}

/* The time of the write that starts them is small beside that of the reads. */
static double time_direct_reads(void)
{
	char text[USER_SIZE / 2];
	double start;

	/* put() needs the first half of the user memory. */
	snprintf(text, sizeof(text), "%lx 4 %u", (unsigned long)user + USER_SIZE / 2,
		 100 * ROUND_READS);
	start = now();
	put(CARD "/direct", text);
	return (now() - start) / (100 * ROUND_READS);
}

static void bench_read(struct results *r)
{
	static struct samples direct, through;
	int i, device;

	create("vfio", 0);
	device = open_device(0);
	for (i = 0; i < READ_ROUNDS; i++) {
		direct.v[direct.n++] = time_direct_reads();
		through.v[through.n++] = time_vfio_reads(device);
	}
	um_close(device);
	remove_mdev(0);
	r->direct_read = median(&direct);
	r->vfio_read = median(&through);
}

/* ---- frames through a card of mvnet ------------------------------------------------ */

#define CARD_UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MVNET_CREATE	"/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio/create"
#define MVNET_CARD	"/sys/bus/mdev/devices/" CARD_UUID
#define VIRTIO_DRIVER	"/sys/bus/virtio/drivers/virtio_test_driver"

/*
 * What both tasks use of processors, the one that sends and the one that serves the
 * card: how long it takes is up to the host's scheduler, ten times more or less.
 */
static double time_frames(const char *path)
{
	char text[32];
	double start;

	snprintf(text, sizeof(text), "flood %u", ROUND_FRAMES);
	start = read_clock(CLOCK_PROCESS_CPUTIME_ID);
	put(path, text);
	return (read_clock(CLOCK_PROCESS_CPUTIME_ID) - start) / ROUND_FRAMES;
}

/* A driver that has rings of its own, and calls the vendor's ops, gets its card. */
static void card_by_ops(void)
{
	need(um_modprobe("mvnet", NULL), "modprobe", "mvnet");
	need(um_modprobe("mdev_test_virtio", NULL), "modprobe", "mdev_test_virtio");
	put(MVNET_CREATE, CARD_UUID);
}

static void no_card_by_ops(void)
{
	put(MVNET_CARD "/remove", "1");
	need(um_rmmod("mdev_test_virtio"), "rmmod", "mdev_test_virtio");
}

static void new_rings(void)
{
	static const char *const steps[] = {
		"status 0", "status 3", "features 0x300010020", "status 0xb",
		"ring 0 256", "callback 0 1", "ready 0 1", "ring 1 256", "callback 1 1",
		"ready 1 1", "status 0xf", "settle",
	};
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		put(MVNET_CARD "/virtio/do", steps[i]);
}

static double frames_by_ops(void)
{
	static struct samples s;

	card_by_ops();
	while (s.n < FRAME_ROUNDS) {
		new_rings();
		s.v[s.n++] = time_frames(MVNET_CARD "/virtio/do");
	}
	no_card_by_ops();
	return median(&s);
}

/* By a virtio driver: virtqueues, the virtio bus, virtio_mdev, and then the ops. */
static double frames_by_virtio(void)
{
	static struct samples s;

	need(um_modprobe("virtio_mdev", NULL), "modprobe", "virtio_mdev");
	need(um_modprobe("virtio_test_driver", NULL), "modprobe", "virtio_test_driver");
	put(MVNET_CREATE, CARD_UUID);
	while (s.n < FRAME_ROUNDS) {
		s.v[s.n++] = time_frames("/sys/bus/virtio/devices/virtio0/test/do");
		/* it was reset */
		put(VIRTIO_DRIVER "/unbind", "virtio0");
		put(VIRTIO_DRIVER "/bind", "virtio0");
	}
	put(MVNET_CARD "/remove", "1");
	return median(&s);
}

static void bench_frames(struct results *r)
{
	r->direct_frame = frames_by_ops();
	r->virtio_frame = frames_by_virtio();
}

/* ---- load and unload ------------------------------------------------------------- */

static double time_load(const char *module)
{
	static struct samples s;
	double start;
	int i;

	s.n = 0;
	for (i = 0; i < LOAD_ROUNDS; i++) {
		start = now();
		need(um_insmod(module, NULL), "insmod", module);
		need(um_rmmod(module), "rmmod", module);
		s.v[s.n++] = now() - start;
	}
	return median(&s);
}

static void bench_load(struct results *r)
{
	static const char *const modules[N_LOADS] = { "mod_empty", "mdev" };
	int i;

	for (i = 0; i < N_LOADS; i++) {
		r->load[i].module = modules[i];
		r->load[i].seconds = time_load(modules[i]);
	}
}

/* ------------------------------------------------------------------------------------ */

static void start(void)
{
	need(um_boot(NULL), "boot", "the modelled kernel");
	user = um_user_alloc(USER_SIZE);
	if (!user)
		fail("allocate", "user memory", -ENOMEM);
}

static void finish(void)
{
	um_user_free(user);
	if (um_shutdown()) {
		fprintf(stderr, "bench: the modelled kernel did not end clean\n");
		exit(2);
	}
}

static void run(struct results *r)
{
	start();
	bench_load(r);
	need(um_modprobe("mdev_bench", NULL), "modprobe", "mdev_bench");
	bench_create_remove(r);
	need(um_modprobe("vfio_mdev", NULL), "modprobe", "vfio_mdev");
	bench_read(r);
	bench_frames(r);
	finish();
}

/* ---- one thing so often, for whoever counts its instructions ------------------------ */

static void repeat_create(unsigned int times)
{
	need(um_modprobe("mdev_bench", NULL), "modprobe", "mdev_bench");
	while (times--) {
		create("plain", times);
		remove_mdev(times);
	}
}

static void repeat_read(unsigned int times)
{
	int device;

	need(um_modprobe("mdev_bench", NULL), "modprobe", "mdev_bench");
	need(um_modprobe("vfio_mdev", NULL), "modprobe", "vfio_mdev");
	create("vfio", 0);
	device = open_device(0);
	while (times--)
		if (um_pread(device, user, 4, 0) != 4)
			fail("read of", "the device", -EIO);
	um_close(device);
	remove_mdev(0);
}

static void repeat_frames(unsigned int times)
{
	char text[32];

	card_by_ops();
	new_rings();
	snprintf(text, sizeof(text), "flood %u", times);
	put(MVNET_CARD "/virtio/do", text);
	no_card_by_ops();
}

static const struct repeated {
	const char *name;
	void (*repeat)(unsigned int times);
} repeated[] = {
	{ "create", repeat_create },
	{ "read", repeat_read },
	{ "frames", repeat_frames },
};

static int repeat(const char *name, unsigned int times)
{
	size_t i;

	for (i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++)
		if (!strcmp(repeated[i].name, name))
			break;
	if (i == sizeof(repeated) / sizeof(repeated[0])) {
		fprintf(stderr, "bench: nothing of the name %s is repeated\n", name);
		return 2;
	}
	start();
	repeated[i].repeat(times);
	finish();
	return 0;
}

int main(int argc, char **argv)
{
	struct check checks[N_CHECKS];
	const char *json = NULL;
	struct results r = { 0 };
	int err;

	if (argc == 4 && !strcmp(argv[1], "--repeat"))
		return repeat(argv[2], strtoul(argv[3], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "--json")) {
		json = argv[2];
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s [--json FILE | --repeat create|read|frames TIMES]\n", argv[0]);
		return 2;
	}

	run(&r);
	report_checks(&r, checks);
	report_text(&r, checks);
	err = json ? report_json(&r, checks, json) : 0;
	if (err) {
		fprintf(stderr, "bench: write %s: %s\n", json, strerror(-err));
		return 2;
	}
	return report_passed(checks) ? 0 : 1;
}
