// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev demo: the whole life of mediated devices, as somebody at a shell
 * would try it, on the unmodified mdev core. The story here is that of the
 * mtty sample driver; displays have theirs (umdev_demo_display.c), and any other
 * driver is shown by what it has (umdev_demo_any.c).
 *
 * Every step says what it expects; a step that goes otherwise is marked, and
 * the exit status is not 0.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/serial_reg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_vfio.h"

#define UUID_A "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_B "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define PARENT "/sys/class/mdev_bus/mtty"
#define TYPES PARENT "/mdev_supported_types"
#define MDEVS "/sys/bus/mdev/devices"

static void load(struct session *s)
{
	say(s, "A parent driver that needs no hardware: a serial card. The core comes with it.");
	sh_modprobe(s, "mtty", 0);
	sh_ls(s, "/sys/module/mdev/holders");
	sh_udevadm(s);
	sh_dmesg(s);
	say(s, "The parent is registered; these are the types it can make.");
	sh_readlink(s, PARENT);
	sh_ls(s, TYPES);
	sh_cat(s, TYPES "/mtty-2/name", 0);
	sh_cat(s, TYPES "/mtty-2/device_api", 0);
	sh_cat(s, TYPES "/mtty-2/available_instances", 0);
}

static void create(struct session *s)
{
	say(s, "A UUID written to 'create' makes a mediated device.");
	sh_echo(s, UUID_A, TYPES "/mtty-2/create", 0);
	sh_echo(s, UUID_B, TYPES "/mtty-1/create", 0);
	sh_ls(s, MDEVS);
	sh_tree(s, MDEVS "/" UUID_A);
	sh_udevadm(s);
	sh_dmesg(s);
	say(s, "Three of the 24 ports are in use now.");
	sh_cat(s, TYPES "/mtty-1/available_instances", 0);
}

static void mistakes(struct session *s)
{
	say(s, "What people get wrong, and what they get.");
	sh_echo(s, "83b8f4f2", TYPES "/mtty-2/create", EINVAL);
	sh_echo(s, "83b8f4f2-509f-382f-3c1e-e6bfe0fa10zz", TYPES "/mtty-2/create", EINVAL);
	sh_echo(s, UUID_A, TYPES "/mtty-1/create", EEXIST);
	sh_echo(s, "x", MDEVS "/" UUID_A "/remove", EINVAL);
	sh_echo(s, "0", MDEVS "/" UUID_A "/remove", 0);
	sh_ls(s, MDEVS);
	sh_insmod(s, "mdev", EEXIST);
	sh_rmmod(s, "mdev", EWOULDBLOCK);
	sh_modprobe(s, "mtty2", ENOENT);
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

static void use(struct session *s)
{
	struct um_task *remover;
	struct uart u;
	bool waits;
	int err;

	say(s, "A program opens the two-port card through its VFIO group.");
	err = vfio_open(&u.vfio, UUID_A);
	step(s, "open container, group and device " UUID_A, err, 0, "%s",
	     err ? "" : u.vfio.group_path);
	if (err)
		return;
	read_config(s, &u);
	send_line(s, &u);
	say(s, "In use: the driver cannot go, and removing the device waits for its user.");
	sh_rmmod(s, "mtty", EWOULDBLOCK);
	sh_cat(s, "/sys/module/mtty/refcnt", 0);
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

static void unload(struct session *s)
{
	say(s, "The other device goes with its driver; then all modules go.");
	sh_ls(s, MDEVS);
	sh_rmmod(s, "mtty", 0);
	sh_ls(s, MDEVS);
	sh_dmesg(s);
	sh_udevadm(s);
}

/* Users before what they use; a driver may have brought others. */
static void unload_rest(struct session *s)
{
	static const char *const known[] = { "vfio_mdev", "vfio_compat", "mdev" };
	struct um_stat st;
	char path[64];
	size_t i;
	int left;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", known[i]);
		if (um_stat(path, &st, false))
			continue;
		sh_rmmod(s, known[i], 0);
	}
	unload_all();
	sh_ls(s, "/sys/module");
	say(s, "What is still alive? The audit looks at every object and every reference.");
	left = um_audit(NULL, NULL);
	step(s, "um_audit()", left ? -EBUSY : 0, 0, "%d objects left", left);
}

#define STORY "mtty"

static int usage(FILE *to, int status)
{
	fprintf(to,
		"usage: umdev demo [--json] [--driver NAME] [--output FILE]\n\n"
		"  --json     the same for programs\n"
		"  --driver   a parent driver, any module that there is (" STORY "); a display's\n"
		"             picture is written as PNG\n"
		"  --output   where to (" UMDEV_BINARY_DIR "/NAME.png)\n");
	return status;
}

/* What is shown of which driver. */
struct plan {
	const char *name, *output;
	struct driver driver;
	int err;		/* of looking at it */
};

static void hint(const char *module, void *arg)
{
	fprintf(stderr, " %s", module);
}

static int look(struct plan *p)
{
	p->err = look_at_driver(p->name, &p->driver);
	if (p->err == -ENOENT) {
		fprintf(stderr, "umdev demo: no module '%s' here; those that need mdev are:",
			p->name);
		look_for_modules(hint, NULL);
		fputs("\n", stderr);
	} else if (!p->err && p->output && !p->driver.display) {
		fprintf(stderr, "umdev demo: --output: devices of %s have no picture\n", p->name);
		return 2;
	}
	return 0;
}

static void demonstrate(struct session *s, const struct plan *p)
{
	char picture[512];

	snprintf(picture, sizeof(picture), UMDEV_BINARY_DIR "/%s.png", p->name);
	if (p->err) {
		sh_modprobe(s, p->name, 0);
		if (p->err == -ENODEV)
			step(s, "a parent with a type", p->err, 0, "%s", "");
		return;
	}
	if (p->driver.display) {
		demo_display(s, &p->driver, p->output ? p->output : picture);
	} else if (!strcmp(p->name, STORY)) {
		load(s);
		create(s);
		mistakes(s);
		use(s);
		unload(s);
	} else {
		demo_any(s, &p->driver);
	}
	unload_rest(s);
}

int demo_main(int argc, char **argv)
{
	struct plan plan = { .name = STORY };
	int i, err, surprises;
	bool json = false;
	struct session *s;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return usage(stdout, 0);
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!strcmp(argv[i], "--driver") && i + 1 < argc)
			plan.name = argv[++i];
		else if (!strcmp(argv[i], "--output") && i + 1 < argc)
			plan.output = argv[++i];
		else
			return wrong_option("demo", argv[i]);
	}
	err = um_boot(getenv("UMDEV_MODULE_DIR") ? NULL : UMDEV_MODULE_DIR);
	if (err) {
		fprintf(stderr, "umdev: the modelled kernel does not boot: %s\n", strerror(-err));
		return 2;
	}
	if (look(&plan)) {
		um_shutdown();
		return 2;
	}
	catch_interrupt();
	s = session_new(json);
	demonstrate(s, &plan);
	surprises = session_end(s);
	surprises += um_shutdown();
	if (!json)
		printf("\n%s\n", surprises ? "umdev: NOT everything went as said" :
		       "Everything went as said, and nothing is left.");
	return surprises != 0;
}
