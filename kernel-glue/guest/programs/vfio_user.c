// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_user UUID: a VFIO program of the ordinary kind, as an emulator or a
 * user-space driver is one, against a two-port mtty. It includes no header of
 * this project: what works here works for programs that never heard of it.
 *
 * Prints TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/serial_reg.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#define PORT_BAR(port)	(VFIO_PCI_BAR0_REGION_INDEX + (port))

static int container = -1, group = -1, device = -1;
static uint64_t offset[VFIO_PCI_NUM_REGIONS];

static uint8_t in(int port, unsigned int reg)
{
	uint8_t value = 0xff;

	if (pread(device, &value, 1, offset[PORT_BAR(port)] + reg) != 1)
		perror("pread");
	return value;
}

static void out(int port, unsigned int reg, uint8_t value)
{
	if (pwrite(device, &value, 1, offset[PORT_BAR(port)] + reg) != 1)
		perror("pwrite");
}

static void open_container(const char *uuid)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[256], link[256], name[64];
	ssize_t len;

	container = open("/dev/vfio/vfio", O_RDWR);
	check(container >= 0 && ioctl(container, VFIO_GET_API_VERSION) == VFIO_API_VERSION,
	      "container has the API version");
	check(ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) == 1,
	      "container offers TYPE1v2");

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	len = readlink(path, link, sizeof(link) - 1);
	link[len < 0 ? 0 : len] = '\0';
	check(len > 0, "device has an IOMMU group");
	snprintf(name, sizeof(name), "/dev/vfio/%s", basename(link));
	group = open(name, O_RDWR);
	check(group >= 0, "group opens");
	check(!ioctl(group, VFIO_GROUP_GET_STATUS, &status) &&
	      (status.flags & VFIO_GROUP_FLAGS_VIABLE), "group is viable");
	check(ioctl(group, VFIO_GROUP_GET_DEVICE_FD, uuid) < 0,
	      "no device without a container");
	check(!ioctl(group, VFIO_GROUP_SET_CONTAINER, &container), "group joins the container");
	check(!ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), "container takes TYPE1v2");
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	check(device >= 0, "device opens by name");
}

static void map_memory(void)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.iova = 0x100000,
		.size = 1 << 20,
	};
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = map.iova,
		.size = map.size,
	};
	void *memory = mmap(NULL, map.size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	map.vaddr = (uintptr_t)memory;
	check(!ioctl(container, VFIO_IOMMU_MAP_DMA, &map), "memory is mapped for DMA");
	check(ioctl(container, VFIO_IOMMU_MAP_DMA, &map) && errno == EEXIST,
	      "mapping it twice is EEXIST");
	check(!ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap) && unmap.size == map.size,
	      "and unmapped again");
	munmap(memory, map.size);
}

static void look_at_device(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region;
	bool ok = true;
	uint16_t id[2] = { 0, 0 };
	unsigned int i;

	check(!ioctl(device, VFIO_DEVICE_GET_INFO, &info) &&
	      (info.flags & VFIO_DEVICE_FLAGS_PCI), "device is a PCI device");
	check(info.num_regions >= VFIO_PCI_CONFIG_REGION_INDEX + 1 &&
	      info.num_irqs >= VFIO_PCI_MSI_IRQ_INDEX + 1, "with regions and interrupts");
	for (i = 0; i < info.num_regions && i < VFIO_PCI_NUM_REGIONS; i++) {
		memset(&region, 0, sizeof(region));
		region.argsz = sizeof(region);
		region.index = i;
		if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region))
			ok = false;
		offset[i] = region.offset;
		if ((i == PORT_BAR(0) || i == PORT_BAR(1)) && region.size != 8)
			ok = false;
	}
	check(ok, "each region tells of itself, both ports have 8 registers");
	check(pread(device, id, 4, offset[VFIO_PCI_CONFIG_REGION_INDEX]) == 4 && id[0] == 0x4348 &&
	      id[1] == 0x3253, "config space holds the ids");
}

static int set_irq(unsigned int index, int fd)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} arg = {
		.set = {
			.argsz = sizeof(arg),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.count = 1,
		},
		.fd = fd,
	};

	return ioctl(device, VFIO_DEVICE_SET_IRQS, &arg);
}

static bool interrupted(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t count;

	return poll(&pfd, 1, 1000) == 1 && read(fd, &count, sizeof(count)) == sizeof(count);
}

/* A line out of a port, and back in through its plug, a character per interrupt. */
static void talk(int port, const char *text)
{
	struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = VFIO_PCI_INTX_IRQ_INDEX };
	int fd = eventfd(0, EFD_NONBLOCK);
	char back[64] = "", what[96];
	size_t i;

	check(!ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &irq) && irq.count == 1 &&
	      (irq.flags & VFIO_IRQ_INFO_EVENTFD), "INTx can signal an eventfd");
	check(!set_irq(VFIO_PCI_MSI_IRQ_INDEX, fd), "MSI signals our eventfd");
	out(port, UART_LCR, UART_LCR_WLEN8);
	out(port, UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR);
	out(port, UART_IER, UART_IER_RDI);
	for (i = 0; text[i]; i++) {
		out(port, UART_TX, text[i]);
		if (!interrupted(fd) || !(in(port, UART_LSR) & UART_LSR_DR))
			break;
		back[i] = in(port, UART_RX);
	}
	snprintf(what, sizeof(what), "port %d gives back \"%s\" by interrupts", port, text);
	check(!strcmp(back, text), what);
	check(!set_irq(VFIO_PCI_MSI_IRQ_INDEX, -1), "MSI is taken away again");
	out(port, UART_TX, 'x');
	check(!interrupted(fd), "and signals no more");
	in(port, UART_RX);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s UUID\n", argv[0]);
		return 2;
	}
	open_container(argv[1]);
	map_memory();
	look_at_device();
	talk(0, "hello");
	talk(1, "there");
	check(!ioctl(device, VFIO_DEVICE_RESET), "device resets");
	check(!close(device) && !close(group) && !close(container), "all closes");
	printf("1..%d\n", n);
	return failed;
}
