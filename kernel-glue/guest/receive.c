// SPDX-License-Identifier: GPL-2.0-only
/*
 * receive SETTINGS: what run.sh has for this guest, out of the memory that it shares
 * with it (QEMU's ivshmem-plain), once it is there.
 *
 * The memory begins with a page of text: "umdev LENGTH", and settings for a shell,
 * NUL behind them. They are written to the file SETTINGS; the LENGTH bytes that
 * follow the page, an archive, to the output. Until then the page is empty: a guest
 * whose state is kept waits here, and goes on here each time that it is resumed.
 *
 * Each such guest would draw the same random numbers: the seed among the settings
 * makes them its own.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PAGE		16384
#define MAGIC		"umdev "
#define SEED		"\nUMDEV_SEED="
#define SEED_BITS	256	/* run.sh */
#define IVSHMEM_VENDOR	0x1af4
#define IVSHMEM_DEVICE	0x1110

/* A number in a file of a PCI device; 0 if there is none. */
static unsigned int number(const char *device, const char *file)
{
	char path[256];
	unsigned int value = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", device, file);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fscanf(f, "%x", &value) != 1)
		value = 0;
	fclose(f);
	return value;
}

/* The shared memory, mapped; NULL if this machine has none. */
static const char *shared(size_t *size)
{
	const char *memory = NULL;
	glob_t devices;
	size_t i;

	if (glob("/sys/bus/pci/devices/*", 0, NULL, &devices))
		return NULL;
	for (i = 0; i < devices.gl_pathc && !memory; i++) {
		const char *device = devices.gl_pathv[i];
		char path[256];
		struct stat st;
		void *p;
		int fd;

		if (number(device, "vendor") != IVSHMEM_VENDOR ||
		    number(device, "device") != IVSHMEM_DEVICE)
			continue;
		snprintf(path, sizeof(path), "%s/resource2", device);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st)) {
			perror(path);
			break;
		}
		p = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
		close(fd);
		if (p == MAP_FAILED) {
			perror(path);
			break;
		}
		*size = st.st_size;
		memory = p;
	}
	globfree(&devices);
	return memory;
}

static int put(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t n = write(fd, data, length);

		if (n <= 0) {
			perror("receive: write");
			return -1;
		}
		data += n;
		length -= n;
	}
	return 0;
}

static int put_file(const char *path, const char *data, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_CREAT | O_TRUNC, 0600);
	int err;

	if (fd < 0) {
		perror(path);
		return -1;
	}
	err = put(fd, data, length);
	close(fd);
	return err;
}

/*
 * Counted as the random bits that it is made of: a generator that has not had so many
 * hashes its pool anew whenever it is asked.
 */
static int give_seed(const char *seed, size_t length)
{
	struct {
		struct rand_pool_info info;
		char bytes[128];
	} pool = { .info.entropy_count = SEED_BITS };
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC), err;

	if (fd < 0 || length > sizeof(pool.bytes)) {
		perror("/dev/urandom");
		return -1;
	}
	pool.info.buf_size = length;
	memcpy(pool.info.buf, seed, length);
	err = ioctl(fd, RNDADDENTROPY, &pool);
	if (err)
		perror("/dev/urandom");
	else
		ioctl(fd, RNDRESEEDCRNG);
	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	static char page[PAGE + 1];
	const struct timespec moment = { .tv_nsec = 20000000 };
	size_t size = 0, length;
	const char *memory = shared(&size), *settings, *seed;

	if (argc != 2 || !memory || size <= PAGE) {
		fprintf(stderr, "receive: there is no memory shared with the host\n");
		return 1;
	}
	while (*(const volatile char *)memory != MAGIC[0])
		nanosleep(&moment, NULL);
	memcpy(page, memory, PAGE);
	settings = strchr(page, '\n');
	length = strtoul(page + strlen(MAGIC), NULL, 10);
	if (strncmp(page, MAGIC, strlen(MAGIC)) || !settings || length > size - PAGE) {
		fprintf(stderr, "receive: what the host shares is not from run.sh\n");
		return 1;
	}
	seed = strstr(settings, SEED);
	if (seed && give_seed(seed, strcspn(seed + 1, "\n")))
		return 1;
	return put_file(argv[1], settings, strlen(settings)) ||
	       put(STDOUT_FILENO, memory + PAGE, length);
}
