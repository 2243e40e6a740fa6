// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must not grow: the time that one of many mdevs takes to be removed with
 * its parent, the memory that each takes, and what a process has after it has
 * loaded and unloaded a module again and again.
 *
 * umdev_scale [MDEVS [CYCLES]]: so many mdevs at most (300,000), and cycles
 * (100,000). Prints ratios of things measured in one run, and exits 1 when one
 * of them is above its limit.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <umdev/umdev.h>

#define CREATE "/sys/devices/virtual/mdev_bench/card/mdev_supported_types/mdev_bench-plain/create"

static void need(long ret, const char *what)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "umdev_scale: %s: %s\n", what, strerror(-ret));
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static unsigned long resident(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		need(-1, "/proc/self/statm");
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

static unsigned int mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned int n = 0;
	int c;

	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

static void create(void *user, uint64_t number)
{
	int fd = um_open(CREATE, O_WRONLY);

	need(fd, "open");
	snprintf(um_user_ptr(user), 64, "83b8f4f2-509f-382f-3c1e-%012" PRIx64, number);
	need(um_write(fd, user, 36), "create");
	need(um_close(fd), "close");
}

struct many {
	unsigned int n;
	double each, bytes;	/* seconds to remove one, memory of one */
};

/* Unregistering the parent removes all of them. */
static void measure(struct many *m)
{
	void *user = um_user_alloc(64);
	unsigned long before;
	unsigned int i;
	double start;

	need(um_modprobe("mdev_bench", NULL), "modprobe");
	create(user, 0);
	before = resident();
	for (i = 1; i <= m->n; i++)
		create(user, i);
	m->bytes = ((double)resident() - before) / m->n;
	um_user_free(user);
	start = now();
	need(um_rmmod("mdev_bench"), "rmmod");
	m->each = (now() - start) / m->n;
}

static void cycle(unsigned int times)
{
	while (times--) {
		need(um_insmod("mod_empty", NULL), "insmod");
		need(um_rmmod("mod_empty"), "rmmod");
	}
}

static bool judge(const char *what, double value, double limit)
{
	bool ok = value <= limit;

	printf("  %-62s %8.2f  at most %g: %s\n", what, value, limit, ok ? "ok" : "FAILED");
	return ok;
}

static unsigned int argument(int argc, char **argv, int i, unsigned int otherwise)
{
	return i < argc ? strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	unsigned int all = argument(argc, argv, 1, 300000);
	unsigned int cycles = argument(argc, argv, 2, 100000), maps;
	struct many few = { .n = all / 10 }, many = { .n = all };
	unsigned long memory;
	char what[96];
	bool ok;

	if (!all || !cycles) {
		fprintf(stderr, "usage: umdev_scale [MDEVS [CYCLES]]\n");
		return 2;
	}
	need(um_boot(NULL), "boot");
	measure(&few);
	measure(&many);
	cycle(cycles / 10);
	maps = mappings();
	memory = resident();
	cycle(cycles - cycles / 10);

	printf("detectors %s\n\n", um_detectors_on() ? "on" : "off");
	printf("  %u mdevs go with their parent: %.1f us each, %.0f bytes each\n", few.n,
	       few.each * 1e6, few.bytes);
	printf("  %u mdevs go with their parent: %.1f us each, %.0f bytes each\n", many.n,
	       many.each * 1e6, many.bytes);
	printf("  %u loads and unloads: %u mappings, %lu kB; after %u: %u, %lu kB\n\n", cycles / 10,
	       maps, memory / 1024, cycles, mappings(), resident() / 1024);
	snprintf(what, sizeof(what), "removal of one of %u / of one of %u", many.n, few.n);
	ok = judge(what, many.each / few.each, 2);
	ok &= judge("memory of an mdev, kB", many.bytes / 1024, um_detectors_on() ? 4 : 2);
	snprintf(what, sizeof(what), "mappings after %u loads / after %u", cycles, cycles / 10);
	ok &= judge(what, (double)mappings() / maps, 1.05);
	snprintf(what, sizeof(what), "memory after %u loads / after %u", cycles, cycles / 10);
	ok &= judge(what, (double)resident() / memory, 1.05);
	return um_shutdown() || !ok;
}
