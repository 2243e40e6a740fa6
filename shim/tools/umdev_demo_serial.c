// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev demo of a driver whose devices are serial cards: a card is made, a line
 * is sent through it in a loop, its removal waits for its user, and what people
 * get wrong is tried. Registers are those of a 16550; what the driver calls its
 * parent and its types is found by looking (umdev_look.c).
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/serial_reg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_vfio.h"

#define UUID_A "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_B "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define MDEVS "/sys/bus/mdev/devices"

/* A file of a type, or of the module. The path is good until the next call. */
static const char *of_type(const struct driver *d, const char *type, const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s/%s", d->parent, type, file);
	return path;
}

static const char *refcnt(const struct driver *d)
{
	static char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", d->module);
	return path;
}

static void load(struct session *s, const struct driver *d)
{
	char parent[sizeof(d->parent)];

	say(s, "A parent driver of serial cards, which needs no hardware. The core comes with it.");
	sh_modprobe(s, d->module, 0);
	sh_ls(s, "/sys/module/mdev/holders");
	sh_udevadm(s);
	sh_dmesg(s);
	say(s, "The parent is registered; these are the types it can make.");
	snprintf(parent, sizeof(parent), "%.*s", (int)(strrchr(d->parent, '/') - d->parent),
		 d->parent);
	sh_readlink(s, parent);
	sh_ls(s, d->parent);
	sh_cat(s, of_type(d, d->big, "name"), 0);
	sh_cat(s, of_type(d, d->big, "device_api"), 0);
	sh_cat(s, of_type(d, d->big, "available_instances"), 0);
}

static void create(struct session *s, const struct driver *d)
{
	say(s, "A UUID written to 'create' makes a mediated device.");
	sh_echo(s, UUID_A, of_type(d, d->big, "create"), 0);
	sh_echo(s, UUID_B, of_type(d, d->type, "create"), 0);
	sh_ls(s, MDEVS);
	sh_tree(s, MDEVS "/" UUID_A);
	sh_udevadm(s);
	sh_dmesg(s);
	say(s, "Both types take their ports from the same card: so many are left.");
	sh_cat(s, of_type(d, d->type, "available_instances"), 0);
}

static void mistakes(struct session *s, const struct driver *d)
{
	say(s, "What people get wrong, and what they get.");
	sh_echo(s, "83b8f4f2", of_type(d, d->big, "create"), EINVAL);
	sh_echo(s, "83b8f4f2-509f-382f-3c1e-e6bfe0fa10zz", of_type(d, d->big, "create"), EINVAL);
	sh_echo(s, UUID_A, of_type(d, d->type, "create"), EEXIST);
	sh_echo(s, "x", MDEVS "/" UUID_A "/remove", EINVAL);
	sh_echo(s, "0", MDEVS "/" UUID_A "/remove", 0);
	sh_ls(s, MDEVS);
	sh_insmod(s, "mdev", EEXIST);
	sh_rmmod(s, "mdev", EWOULDBLOCK);
	sh_modprobe(s, "no_such_driver", ENOENT);
}

/* ---- the device in use, as a virtual machine monitor uses it ------------------- */

struct uart {
	struct vfio_user vfio;
	uint64_t base;		/* of the port's registers in the device file */
	int irq;		/* an eventfd */
};

static uint8_t uart_in(struct uart *u, unsigned int reg)
{
	uint8_t val = 0xff;

	vfio_read(&u->vfio, u->base + reg, &val, 1);
	return val;
}

static long uart_out(struct uart *u, unsigned int reg, uint8_t val)
{
	return vfio_write(&u->vfio, u->base + reg, &val, 1);
}

static uint64_t interrupts(struct uart *u)
{
	uint64_t n = 0;

	return read(u->irq, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static void read_config(struct session *s, struct uart *u)
{
	struct vfio_region_info info;
	uint16_t id[2] = { 0, 0 };
	ssize_t n = vfio_region(&u->vfio, VFIO_PCI_CONFIG_REGION_INDEX, &info);

	if (!n)
		n = vfio_read(&u->vfio, info.offset + PCI_VENDOR_ID, id, sizeof(id));
	step(s, "pread(device, CONFIG + PCI_VENDOR_ID, 4)", n, 0, "vendor %04x, device %04x",
	     id[0], id[1]);
	n = vfio_region(&u->vfio, VFIO_PCI_BAR0_REGION_INDEX, &info);
	u->base = info.offset;
	step(s, "ioctl(device, VFIO_DEVICE_GET_REGION_INFO, BAR0)", n, 0,
	     "%llu bytes at offset 0x%llx", (unsigned long long)info.size,
	     (unsigned long long)info.offset);
}

static void send_line(struct session *s, struct uart *u)
{
	static const char line[] = "hello, mediated world";
	char got[64] = "";
	unsigned int signals = 0;
	size_t i, n = 0;
	long ret;

	u->irq = eventfd(0, EFD_NONBLOCK);
	ret = vfio_irq_eventfd(&u->vfio, VFIO_PCI_INTX_IRQ_INDEX, u->irq);
	step(s, "ioctl(device, VFIO_DEVICE_SET_IRQS, INTx, eventfd)", ret, 0, "%s", "");
	uart_out(u, UART_MCR, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
	uart_out(u, UART_IER, UART_IER_RDI);
	for (i = 0; i < sizeof(line) - 1; i++) {
		uart_out(u, UART_TX, line[i]);
		signals += interrupts(u) != 0;
		while ((uart_in(u, UART_LSR) & UART_LSR_DR) && n < sizeof(got) - 1)
			got[n++] = uart_in(u, UART_RX);
		vfio_irq_unmask(&u->vfio, VFIO_PCI_INTX_IRQ_INDEX);
	}
	step(s, "write the line to the transmitter, read the receiver at each interrupt",
	     strcmp(line, got) || signals != sizeof(line) - 1 ? -EIO : 0, 0, "received '%s', %u interrupts", got, signals);
}

static long remove_while_open(void *uuid)
{
	char path[128];
	void *user = um_user_alloc(2);
	long ret;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/remove", (char *)uuid);
	fd = um_open(path, 1);
	memcpy(um_user_ptr(user), "1\n", 2);
	ret = um_write(fd, user, 2);
	um_close(fd);
	um_user_free(user);
	return ret;
}

static void use(struct session *s, const struct driver *d)
{
	struct um_task *remover;
	struct uart u;
	bool waits;
	int err;

	say(s, "A program opens the first card through its VFIO group.");
	err = vfio_open(&u.vfio, UUID_A);
	step(s, "open container, group and device " UUID_A, err, 0, "%s",
	     err ? "" : u.vfio.group_path);
	if (err)
		return;
	read_config(s, &u);
	send_line(s, &u);
	say(s, "In use: the driver cannot go, and removing the device waits for its user.");
	sh_rmmod(s, d->module, EWOULDBLOCK);
	sh_cat(s, refcnt(d), 0);
	remover = um_task_start("remover", remove_while_open, UUID_A);
	waits = um_task_wait_blocked(remover);
	step(s, "echo 1 > " MDEVS "/" UUID_A "/remove &", waits ? 0 : -EIO, 0, "%s",
	     waits ? "waits" : "does not wait");
	vfio_close(&u.vfio);
	close(u.irq);
	step(s, "close device, group and container; wait", um_task_join(remover) == 2 ? 0 : -EIO,
	     0, "%s", "the device is gone");
	sh_ls(s, MDEVS);
	sh_dmesg(s);
	sh_udevadm(s);
}

static void unload(struct session *s, const struct driver *d)
{
	say(s, "The other device goes with its driver; then all modules go.");
	sh_ls(s, MDEVS);
	sh_rmmod(s, d->module, 0);
	sh_ls(s, MDEVS);
	sh_dmesg(s);
	sh_udevadm(s);
}

void demo_serial(struct session *s, const struct driver *d)
{
	load(s, d);
	create(s, d);
	mistakes(s, d);
	use(s, d);
	unload(s, d);
}
