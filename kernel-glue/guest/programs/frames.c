// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbered Ethernet frames out of one interface and into another, or the same.
 *
 *	frames run OUT IN COUNT SIZE	sends COUNT frames of SIZE bytes and gets
 *					each back; "sent N received N bad N lost N
 *					in N us"
 *	frames flood OUT		sends until that fails; "ended: ERROR"
 *	frames info IFACE		"driver NAME bus PLACE", as ethtool -i
 *
 * They go past all protocols: a packet socket, and an ethertype that is for
 * experiments. So they go to the device even if they are for the interface's own
 * address. Each has its number and contents that follow from it. So many are on
 * their way at most that no queue overflows: one that does not come back is
 * waited for, and then it is lost.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ETHERTYPE	0x88b5
#define WINDOW		64
/* A machine that stands still for long has one of these end, not all. */
#define PATIENCE_MS	3000
#define PATIENCE_TIMES	10
#define MAX_FRAME	65535

struct frame {
	struct ether_header header;
	uint32_t number;
	uint8_t body[];
} __attribute__((packed));

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static struct ifreq request(const char *iface)
{
	struct ifreq r;

	memset(&r, 0, sizeof(r));
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", iface);
	return r;
}

static int open_on(const char *iface)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE),
		.sll_ifindex = if_nametoindex(iface),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE));

	if (fd < 0)
		die("packet socket");
	if (!addr.sll_ifindex || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(iface);
	return fd;
}

/* From the one's address to the other's. */
static void address(struct frame *f, int fd, const char *out, const char *in)
{
	struct ifreq r = request(out);

	if (ioctl(fd, SIOCGIFHWADDR, &r))
		die(out);
	memcpy(f->header.ether_shost, r.ifr_hwaddr.sa_data, ETH_ALEN);
	r = request(in);
	if (ioctl(fd, SIOCGIFHWADDR, &r))
		die(in);
	memcpy(f->header.ether_dhost, r.ifr_hwaddr.sa_data, ETH_ALEN);
	f->header.ether_type = htons(ETHERTYPE);
}

/*
 * Frames of one size. Their contents are bytes that follow from the number, so there are
 * 256 of them, and each is made once: an emulated processor is long about a byte.
 */
#define KINDS		256

struct frames {
	struct frame *of[KINDS];
	size_t size;
	struct frame header;
};

static struct frame *numbered(struct frames *all, uint32_t number)
{
	struct frame **f = &all->of[number % KINDS];
	size_t i, n = all->size - sizeof(**f);

	if (!*f) {
		*f = malloc(all->size);
		if (!*f)
			die("memory");
		**f = all->header;
		for (i = 0; i < n; i++)
			(*f)->body[i] = number * 31 + i * 7 + (i >> 8);
	}
	(*f)->number = number;
	return *f;
}

static int send_frame(int fd, const struct frame *f, size_t size)
{
	ssize_t n;

	do
		n = send(fd, f, size, 0);
	while (n < 0 && (errno == EINTR || errno == ENOBUFS));
	return n == (ssize_t)size ? 0 : -1;
}

static int run(const char *out, const char *in, uint32_t count, size_t size)
{
	static struct frames all;
	struct frame *got = malloc(MAX_FRAME);
	uint32_t sent = 0, received = 0, bad = 0, waits = 0;
	int from = open_on(out), to = strcmp(out, in) ? open_on(in) : from;
	uint64_t began;

	if (!got)
		die("memory");
	all.size = size;
	address(&all.header, from, out, in);
	began = now_us();
	while (received < count) {
		struct pollfd p = { .fd = to, .events = POLLIN };
		ssize_t n;

		while (sent < count && sent - received < WINDOW) {
			if (send_frame(from, numbered(&all, sent), size))
				die("send");
			sent++;
		}
		n = recv(to, got, MAX_FRAME, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (poll(&p, 1, PATIENCE_MS) == 0 && ++waits == PATIENCE_TIMES)
				break;
			continue;
		}
		if (n < 0)
			die("recv");
		if (n != (ssize_t)size || memcmp(got, numbered(&all, received), size))
			bad++;
		received++;
		waits = 0;
	}
	printf("sent %u received %u bad %u lost %u in %llu us\n", sent, received, bad,
	       sent - received, (unsigned long long)(now_us() - began));
	return received == count && !bad ? 0 : 1;
}

static int flood(const char *out)
{
	static struct frames all = { .size = 1000 };
	int fd = open_on(out);
	uint32_t n = 0;

	address(&all.header, fd, out, out);
	while (!send_frame(fd, numbered(&all, n++), all.size))
		;
	printf("ended: %s after %u frames\n", strerror(errno), n - 1);
	return 0;
}

static int info(const char *iface)
{
	struct ethtool_drvinfo drvinfo = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq r = request(iface);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	r.ifr_data = (void *)&drvinfo;
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &r))
		die(iface);
	printf("driver %s bus %s\n", drvinfo.driver, drvinfo.bus_info);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "run") && atoi(argv[5]) > (int)sizeof(struct frame))
		return run(argv[2], argv[3], strtoul(argv[4], NULL, 0), strtoul(argv[5], NULL, 0));
	if (argc == 3 && !strcmp(argv[1], "flood"))
		return flood(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "info"))
		return info(argv[2]);
	fprintf(stderr, "usage: frames run OUT IN COUNT SIZE | flood OUT | info IFACE\n");
	return 2;
}
