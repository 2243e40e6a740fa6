// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sample vendor driver: mediated PCI serial cards, in software.
 *
 * A card has one or two 16550 ports, each an I/O BAR of eight registers, and a
 * loopback plug in each port: what is sent waits in the receive FIFO until it
 * is read, RTS comes back as CTS, DTR as DSR and DCD. With MCR loopback the
 * modem lines are those of the chip's own loop. All cards together have 24
 * ports.
 *
 * A port raises an interrupt whenever a cause appears that was not there
 * before. It goes to the eventfd set for MSI, else to that for INTx, which is
 * masked by being signalled, as VFIO describes it.
 *
 * Left out: timing (a line is as fast as its reader, the divisor means
 * nothing), break, parity and framing errors, and a MSI capability in the
 * config space.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci_regs.h>
#include <linux/serial_reg.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <asm/unaligned.h>

#define MTTY_NAME		"mtty"
#define MTTY_TOTAL_PORTS	24
#define MTTY_MAX_PORTS		2

#define MTTY_CONFIG_SIZE	256
#define MTTY_BAR_SIZE		8
#define MTTY_FIFO_SIZE		16

/* A file position is the number of a region and an offset into it. */
#define MTTY_REGION_SHIFT	40
#define MTTY_REGION_MASK	((1ULL << MTTY_REGION_SHIFT) - 1)

#define MTTY_PCI_ID		0x32534348

/* Reasons for an interrupt, the most urgent one first. */
#define MTTY_CAUSE_LINE		BIT(0)
#define MTTY_CAUSE_RX		BIT(1)
#define MTTY_CAUSE_RX_TIMEOUT	BIT(2)
#define MTTY_CAUSE_TX		BIT(3)
#define MTTY_CAUSE_MODEM	BIT(4)

/**
 * struct mtty_port - a 16550 and its loopback plug
 * @ier:	interrupts enabled
 * @lcr:	line control; DLAB switches two registers over to the divisor
 * @mcr:	modem control
 * @scr:	scratch
 * @divisor:	of the baud rate
 * @fifo:	characters on their way from sender to receiver
 * @head:	index of the oldest one
 * @count:	how many there are
 * @capacity:	of the FIFO, 1 when it is disabled
 * @trigger:	characters that make up a full receive interrupt
 * @overrun:	a character was lost and LSR not read since
 * @sent:	the transmitter ran empty and nobody has noticed yet
 * @lines:	modem inputs as they were last, UART_MSR_*
 * @deltas:	changes of them since MSR was read
 * @causes:	MTTY_CAUSE_* that were there after the last access
 */
struct mtty_port {
	u8 ier;
	u8 lcr;
	u8 mcr;
	u8 scr;
	u16 divisor;
	u8 fifo[MTTY_FIFO_SIZE];
	unsigned int head;
	unsigned int count;
	unsigned int capacity;
	unsigned int trigger;
	bool overrun;
	bool sent;
	u8 lines;
	u8 deltas;
	u8 causes;
};

/**
 * struct mtty - a card
 * @nr_ports:	1 or 2
 * @lock:	see there
 * @users:	opens without release
 * @config:	PCI config space
 * @port:	the ports; port n is BAR n
 * @intx:	where INTx is signalled, or NULL
 * @msi:	where MSI is signalled, or NULL
 * @intx_masked: INTx must not be signalled
 */
struct mtty {
	unsigned int nr_ports;

	struct mutex lock;	/* protects all that follows */
	unsigned int users;
	u8 config[MTTY_CONFIG_SIZE];
	struct mtty_port port[MTTY_MAX_PORTS];
	struct eventfd_ctx *intx;
	struct eventfd_ctx *msi;
	bool intx_masked;
};

static DEFINE_MUTEX(mtty_ports_lock);
static unsigned int mtty_free_ports = MTTY_TOTAL_PORTS;

static struct class *mtty_class;
static struct device *mtty_parent;

/* ---- interrupts ---------------------------------------------------------- */

static u8 mtty_port_causes(const struct mtty_port *port)
{
	u8 causes = 0;

	if ((port->ier & UART_IER_RLSI) && port->overrun)
		causes |= MTTY_CAUSE_LINE;
	if ((port->ier & UART_IER_RDI) && port->count)
		causes |= port->count >= port->trigger ? MTTY_CAUSE_RX :
							 MTTY_CAUSE_RX_TIMEOUT;
	if ((port->ier & UART_IER_THRI) && port->sent)
		causes |= MTTY_CAUSE_TX;
	if ((port->ier & UART_IER_MSI) && port->deltas)
		causes |= MTTY_CAUSE_MODEM;
	return causes;
}

static void mtty_signal_intx(struct mtty *mtty)
{
	if (!mtty->intx || mtty->intx_masked)
		return;

	mtty->intx_masked = true;
	eventfd_signal(mtty->intx, 1);
}

static void mtty_signal(struct mtty *mtty)
{
	if (mtty->msi)
		eventfd_signal(mtty->msi, 1);
	else
		mtty_signal_intx(mtty);
}

/* To be called after anything that may have changed the causes of @port. */
static void mtty_update_irq(struct mtty *mtty, struct mtty_port *port)
{
	u8 causes = mtty_port_causes(port);
	u8 fresh = causes & ~port->causes;

	port->causes = causes;
	if (fresh)
		mtty_signal(mtty);
}

/* A card that uses MSI leaves its INTx alone. */
static bool mtty_intx_asserted(const struct mtty *mtty)
{
	return !mtty->msi && (mtty->port[0].causes || mtty->port[1].causes);
}

static void mtty_unmask_intx(struct mtty *mtty)
{
	mtty->intx_masked = false;
	if (mtty_intx_asserted(mtty))
		mtty_signal_intx(mtty);
}

/* Takes over the reference on @ctx, which may be NULL, and drops the old one. */
static void mtty_set_trigger(struct eventfd_ctx **trigger,
			     struct eventfd_ctx *ctx)
{
	if (*trigger)
		eventfd_ctx_put(*trigger);
	*trigger = ctx;
}

/* ---- the 16550 ------------------------------------------------------------ */

static u8 mtty_port_lines(const struct mtty_port *port)
{
	bool rts = port->mcr & UART_MCR_RTS;
	u8 lines = 0;

	/* Automatic flow control takes RTS back while the FIFO is full. */
	if ((port->mcr & UART_MCR_AFE) && port->count == port->capacity)
		rts = false;
	if (rts)
		lines |= UART_MSR_CTS;
	if (port->mcr & UART_MCR_DTR)
		lines |= UART_MSR_DSR;

	if (!(port->mcr & UART_MCR_LOOP))
		return port->mcr & UART_MCR_DTR ? lines | UART_MSR_DCD : lines;

	if (port->mcr & UART_MCR_OUT1)
		lines |= UART_MSR_RI;
	if (port->mcr & UART_MCR_OUT2)
		lines |= UART_MSR_DCD;
	return lines;
}

static void mtty_update_lines(struct mtty_port *port)
{
	u8 lines = mtty_port_lines(port);
	u8 changed = lines ^ port->lines;

	if (changed & UART_MSR_CTS)
		port->deltas |= UART_MSR_DCTS;
	if (changed & UART_MSR_DSR)
		port->deltas |= UART_MSR_DDSR;
	if (changed & UART_MSR_DCD)
		port->deltas |= UART_MSR_DDCD;
	/* Of the ring indicator only the trailing edge counts. */
	if (changed & port->lines & UART_MSR_RI)
		port->deltas |= UART_MSR_TERI;
	port->lines = lines;
}

static void mtty_fifo_clear(struct mtty_port *port)
{
	port->head = 0;
	port->count = 0;
	port->sent = true;
}

static void mtty_fifo_put(struct mtty_port *port, u8 c)
{
	if (port->count == port->capacity) {
		port->overrun = true;
		return;
	}
	port->fifo[(port->head + port->count) % MTTY_FIFO_SIZE] = c;
	port->count++;
	port->sent = false;
}

static u8 mtty_fifo_get(struct mtty_port *port)
{
	u8 c;

	if (!port->count)
		return 0;

	c = port->fifo[port->head];
	port->head = (port->head + 1) % MTTY_FIFO_SIZE;
	port->count--;
	if (!port->count)
		port->sent = true;
	return c;
}

static void mtty_write_fcr(struct mtty_port *port, u8 val)
{
	static const u8 triggers[] = { 1, 4, 8, 14 };
	bool enable = val & UART_FCR_ENABLE_FIFO;
	bool enabled = port->capacity > 1;

	if (enable != enabled ||
	    (val & (UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT)))
		mtty_fifo_clear(port);

	port->capacity = enable ? MTTY_FIFO_SIZE : 1;
	port->trigger = enable ? triggers[val >> 6] : 1;
}

static u8 mtty_read_iir(struct mtty_port *port)
{
	/* Bits 6 and 7 tell a 16550A with its FIFO enabled. */
	u8 fifo = port->capacity > 1 ? 0xc0 : 0;

	if (port->causes & MTTY_CAUSE_LINE)
		return fifo | UART_IIR_RLSI;
	if (port->causes & MTTY_CAUSE_RX)
		return fifo | UART_IIR_RDI;
	if (port->causes & MTTY_CAUSE_RX_TIMEOUT)
		return fifo | UART_IIR_RX_TIMEOUT;
	if (port->causes & MTTY_CAUSE_TX) {
		port->sent = false;
		return fifo | UART_IIR_THRI;
	}
	if (port->causes & MTTY_CAUSE_MODEM)
		return fifo | UART_IIR_MSI;
	return fifo | UART_IIR_NO_INT;
}

static u8 mtty_read_lsr(struct mtty_port *port)
{
	u8 lsr;

	lsr = port->count ? UART_LSR_DR : UART_LSR_THRE | UART_LSR_TEMT;
	if (port->overrun)
		lsr |= UART_LSR_OE;
	port->overrun = false;
	return lsr;
}

static u8 mtty_read_msr(struct mtty_port *port)
{
	u8 msr = port->lines | port->deltas;

	port->deltas = 0;
	return msr;
}

static u8 mtty_port_read(struct mtty_port *port, unsigned int reg)
{
	bool dlab = port->lcr & UART_LCR_DLAB;

	switch (reg) {
	case UART_RX:
		return dlab ? port->divisor & 0xff : mtty_fifo_get(port);
	case UART_IER:
		return dlab ? port->divisor >> 8 : port->ier;
	case UART_IIR:
		return mtty_read_iir(port);
	case UART_LCR:
		return port->lcr;
	case UART_MCR:
		return port->mcr;
	case UART_LSR:
		return mtty_read_lsr(port);
	case UART_MSR:
		return mtty_read_msr(port);
	default:
		return port->scr;
	}
}

static void mtty_write_ier(struct mtty_port *port, u8 val)
{
	val &= UART_IER_RDI | UART_IER_THRI | UART_IER_RLSI | UART_IER_MSI;
	/* Enabling it while there is nothing to send is an event as well. */
	if ((val & ~port->ier & UART_IER_THRI) && !port->count)
		port->sent = true;
	port->ier = val;
}

static void mtty_port_write(struct mtty_port *port, unsigned int reg, u8 val)
{
	bool dlab = port->lcr & UART_LCR_DLAB;

	switch (reg) {
	case UART_TX:
		if (dlab)
			port->divisor = (port->divisor & 0xff00) | val;
		else
			mtty_fifo_put(port, val);
		break;
	case UART_IER:
		if (dlab)
			port->divisor = (port->divisor & 0xff) | val << 8;
		else
			mtty_write_ier(port, val);
		break;
	case UART_FCR:
		mtty_write_fcr(port, val);
		break;
	case UART_LCR:
		port->lcr = val;
		break;
	case UART_MCR:
		port->mcr = val & (UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT1 |
				   UART_MCR_OUT2 | UART_MCR_LOOP |
				   UART_MCR_AFE);
		break;
	case UART_SCR:
		port->scr = val;
		break;
	default:
		/* LSR and MSR cannot be written. */
		break;
	}
}

/* The card comes up with its FIFOs enabled. */
static void mtty_port_reset(struct mtty_port *port)
{
	memset(port, 0, sizeof(*port));
	port->capacity = MTTY_FIFO_SIZE;
	port->trigger = 1;
}

/* ---- the card -------------------------------------------------------------- */

static void mtty_reset(struct mtty *mtty)
{
	static const u8 vendor_data[] = {
		0x23, 0, 0, 0x80, 0x23, 0, 0, 0, 0x23, 0, 0, 0, 0x23,
	};
	static const char text[] = "PCI Serial/UART";
	u8 *config = mtty->config;
	unsigned int i;

	memset(config, 0, sizeof(mtty->config));
	put_unaligned_le32(MTTY_PCI_ID, &config[PCI_VENDOR_ID]);
	put_unaligned_le16(PCI_COMMAND_IO, &config[PCI_COMMAND]);
	put_unaligned_le16(PCI_STATUS_DEVSEL_MEDIUM, &config[PCI_STATUS]);
	config[PCI_REVISION_ID] = 0x10;
	/* A 16550-compatible simple communication controller */
	config[PCI_CLASS_PROG] = 0x02;
	put_unaligned_le16(0x0700, &config[PCI_CLASS_DEVICE]);
	for (i = 0; i < mtty->nr_ports; i++)
		put_unaligned_le32(PCI_BASE_ADDRESS_SPACE_IO,
				   &config[PCI_BASE_ADDRESS_0 + 4 * i]);
	put_unaligned_le32(MTTY_PCI_ID, &config[PCI_SUBSYSTEM_VENDOR_ID]);
	config[PCI_INTERRUPT_PIN] = 1;
	memcpy(&config[0x40], vendor_data, sizeof(vendor_data));
	memcpy(&config[0x60], text, sizeof(text) - 1);

	for (i = 0; i < MTTY_MAX_PORTS; i++)
		mtty_port_reset(&mtty->port[i]);
	mtty->intx_masked = false;
}

/* The bits of a byte of the config space that can be written. */
static u8 mtty_config_writable(const struct mtty *mtty, unsigned int offset)
{
	unsigned int bars_end = PCI_BASE_ADDRESS_0 + 4 * mtty->nr_ports;

	if (offset == PCI_INTERRUPT_LINE)
		return 0xff;
	if (offset < PCI_BASE_ADDRESS_0 || offset >= bars_end)
		return 0;
	/* The address is aligned to the size, which is how one finds it out. */
	return offset % 4 ? 0xff : (u8)~(MTTY_BAR_SIZE - 1);
}

static u8 mtty_access_read(struct mtty *mtty, unsigned int region,
			   unsigned int offset)
{
	struct mtty_port *port;
	u8 val;

	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		return mtty->config[offset];

	port = &mtty->port[region];
	val = mtty_port_read(port, offset);
	mtty_update_lines(port);
	mtty_update_irq(mtty, port);
	return val;
}

static void mtty_access_write(struct mtty *mtty, unsigned int region,
			      unsigned int offset, u8 val)
{
	struct mtty_port *port;
	u8 mask;

	if (region == VFIO_PCI_CONFIG_REGION_INDEX) {
		mask = mtty_config_writable(mtty, offset);
		mtty->config[offset] &= ~mask;
		mtty->config[offset] |= val & mask;
		return;
	}

	port = &mtty->port[region];
	mtty_port_write(port, offset, val);
	mtty_update_lines(port);
	mtty_update_irq(mtty, port);
}

/* 0 for a region that the card does not have, or that does not exist. */
static unsigned int mtty_region_size(const struct mtty *mtty, u64 region)
{
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		return MTTY_CONFIG_SIZE;
	/* BAR n comes first in the numbering of regions. */
	return region < mtty->nr_ports ? MTTY_BAR_SIZE : 0;
}

/* How much of @count at @pos is in a region: a length, or -EINVAL. */
static ssize_t mtty_clamp(const struct mtty *mtty, size_t count, u64 pos)
{
	unsigned int size = mtty_region_size(mtty, pos >> MTTY_REGION_SHIFT);
	u64 offset = pos & MTTY_REGION_MASK;

	if (offset >= size)
		return -EINVAL;
	return min_t(u64, count, size - offset);
}

/* ---- what a VFIO user does --------------------------------------------------- */

static int mtty_open(struct mdev_device *mdev)
{
	struct mtty *mtty = mdev_get_drvdata(mdev);

	mutex_lock(&mtty->lock);
	mtty->users++;
	mutex_unlock(&mtty->lock);
	return 0;
}

/* Interrupts end with the last user, whether or not he has disabled them. */
static void mtty_release(struct mdev_device *mdev)
{
	struct mtty *mtty = mdev_get_drvdata(mdev);

	mutex_lock(&mtty->lock);
	if (!--mtty->users) {
		mtty_set_trigger(&mtty->intx, NULL);
		mtty_set_trigger(&mtty->msi, NULL);
		mtty->intx_masked = false;
	}
	mutex_unlock(&mtty->lock);
}

/*
 * User memory is not touched under the lock: a region is small enough to be
 * bounced as a whole.
 */
static ssize_t mtty_read(struct mdev_device *mdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct mtty *mtty = mdev_get_drvdata(mdev);
	u8 bounce[MTTY_CONFIG_SIZE];
	ssize_t len, i;

	if (!count)
		return 0;

	len = mtty_clamp(mtty, count, *ppos);
	if (len < 0)
		return len;

	mutex_lock(&mtty->lock);
	for (i = 0; i < len; i++)
		bounce[i] = mtty_access_read(mtty, *ppos >> MTTY_REGION_SHIFT,
					     (*ppos & MTTY_REGION_MASK) + i);
	mutex_unlock(&mtty->lock);

	if (copy_to_user(buf, bounce, len))
		return -EFAULT;

	*ppos += len;
	return len;
}

static ssize_t mtty_write(struct mdev_device *mdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct mtty *mtty = mdev_get_drvdata(mdev);
	u8 bounce[MTTY_CONFIG_SIZE];
	ssize_t len, i;

	if (!count)
		return 0;

	len = mtty_clamp(mtty, count, *ppos);
	if (len < 0)
		return len;

	if (copy_from_user(bounce, buf, len))
		return -EFAULT;

	mutex_lock(&mtty->lock);
	for (i = 0; i < len; i++)
		mtty_access_write(mtty, *ppos >> MTTY_REGION_SHIFT,
				  (*ppos & MTTY_REGION_MASK) + i, bounce[i]);
	mutex_unlock(&mtty->lock);

	*ppos += len;
	return len;
}

static long mtty_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long mtty_get_region_info(struct mtty *mtty, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;

	info.size = mtty_region_size(mtty, info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0;
	info.cap_offset = 0;
	info.offset = (u64)info.index << MTTY_REGION_SHIFT;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static unsigned int mtty_irq_count(u32 index)
{
	return index == VFIO_PCI_INTX_IRQ_INDEX ||
	       index == VFIO_PCI_MSI_IRQ_INDEX;
}

static long mtty_get_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || !mtty_irq_count(info.index))
		return -EINVAL;

	info.flags = VFIO_IRQ_INFO_EVENTFD;
	if (info.index == VFIO_PCI_INTX_IRQ_INDEX)
		info.flags |= VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	else
		info.flags |= VFIO_IRQ_INFO_NORESIZE;
	info.count = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* A trigger by an eventfd, or by none if @fd is -1. */
static int mtty_irq_set_eventfd(struct mtty *mtty, u32 index, s32 fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd != -1) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}

	mutex_lock(&mtty->lock);
	if (index == VFIO_PCI_INTX_IRQ_INDEX) {
		mtty_set_trigger(&mtty->intx, ctx);
		mtty_unmask_intx(mtty);
	} else {
		mtty_set_trigger(&mtty->msi, ctx);
	}
	mutex_unlock(&mtty->lock);
	return 0;
}

/* Signals as if the card had done it. */
static void mtty_irq_fire(struct mtty *mtty, u32 index)
{
	mutex_lock(&mtty->lock);
	if (index == VFIO_PCI_INTX_IRQ_INDEX)
		mtty_signal_intx(mtty);
	else if (mtty->msi)
		eventfd_signal(mtty->msi, 1);
	mutex_unlock(&mtty->lock);
}

static void mtty_irq_mask(struct mtty *mtty, bool mask)
{
	mutex_lock(&mtty->lock);
	if (mask)
		mtty->intx_masked = true;
	else
		mtty_unmask_intx(mtty);
	mutex_unlock(&mtty->lock);
}

/*
 * @hdr has been checked against the one interrupt of its index. @data is a
 * byte, a file descriptor or nothing, as @hdr says. Nothing but disabling an
 * interrupt has a count of 0.
 */
static int mtty_set_irq(struct mtty *mtty, const struct vfio_irq_set *hdr,
			const void *data)
{
	u32 type = hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	u32 action = hdr->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;

	switch (action) {
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		if (type == VFIO_IRQ_SET_DATA_NONE && !hdr->count)
			return mtty_irq_set_eventfd(mtty, hdr->index, -1);
		if (type == VFIO_IRQ_SET_DATA_EVENTFD && hdr->count)
			return mtty_irq_set_eventfd(mtty, hdr->index,
						    *(const s32 *)data);
		break;
	case VFIO_IRQ_SET_ACTION_MASK:
	case VFIO_IRQ_SET_ACTION_UNMASK:
		if (hdr->index != VFIO_PCI_INTX_IRQ_INDEX ||
		    type == VFIO_IRQ_SET_DATA_EVENTFD)
			return -EINVAL;
		break;
	default:
		return -EINVAL;
	}
	if (!hdr->count)
		return -EINVAL;

	/* A byte says whether the interrupt is meant at all. */
	if (type == VFIO_IRQ_SET_DATA_BOOL && !*(const u8 *)data)
		return 0;

	if (action == VFIO_IRQ_SET_ACTION_TRIGGER)
		mtty_irq_fire(mtty, hdr->index);
	else
		mtty_irq_mask(mtty, action == VFIO_IRQ_SET_ACTION_MASK);
	return 0;
}

static long mtty_set_irqs(struct mtty *mtty, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	void *data = NULL;
	size_t size;
	int ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;

	ret = vfio_set_irqs_validate_and_prepare(&hdr,
						 mtty_irq_count(hdr.index),
						 VFIO_PCI_NUM_IRQS, &size);
	if (ret)
		return ret;

	if (size) {
		data = memdup_user(arg + minsz, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}

	ret = mtty_set_irq(mtty, &hdr, data);
	kfree(data);
	return ret;
}

static long mtty_device_reset(struct mtty *mtty)
{
	mutex_lock(&mtty->lock);
	mtty_reset(mtty);
	mutex_unlock(&mtty->lock);
	return 0;
}

static long mtty_ioctl(struct mdev_device *mdev, unsigned int cmd,
		       unsigned long arg)
{
	struct mtty *mtty = mdev_get_drvdata(mdev);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return mtty_get_info(uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return mtty_get_region_info(mtty, uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return mtty_get_irq_info(uarg);
	case VFIO_DEVICE_SET_IRQS:
		return mtty_set_irqs(mtty, uarg);
	case VFIO_DEVICE_RESET:
		return mtty_device_reset(mtty);
	default:
		return -ENOTTY;
	}
}

static const struct mdev_vfio_device_ops mtty_vfio_ops = {
	.open = mtty_open,
	.release = mtty_release,
	.read = mtty_read,
	.write = mtty_write,
	.ioctl = mtty_ioctl,
};

/* ---- the parent --------------------------------------------------------------- */

/* The core ends a type's name in that of its group, which is a number here. */
static unsigned int mtty_type_ports(struct kobject *kobj)
{
	const char *name = kobject_name(kobj);

	return name[strlen(name) - 1] - '0';
}

static int mtty_take_ports(unsigned int nr)
{
	int ret = -ENOSPC;

	mutex_lock(&mtty_ports_lock);
	if (nr <= mtty_free_ports) {
		mtty_free_ports -= nr;
		ret = 0;
	}
	mutex_unlock(&mtty_ports_lock);
	return ret;
}

static void mtty_return_ports(unsigned int nr)
{
	mutex_lock(&mtty_ports_lock);
	mtty_free_ports += nr;
	mutex_unlock(&mtty_ports_lock);
}

static int mtty_create(struct kobject *kobj, struct mdev_device *mdev)
{
	unsigned int nr_ports = mtty_type_ports(kobj);
	struct mtty *mtty;
	int ret;

	ret = mtty_take_ports(nr_ports);
	if (ret)
		return ret;

	mtty = kzalloc(sizeof(*mtty), GFP_KERNEL);
	if (!mtty) {
		mtty_return_ports(nr_ports);
		return -ENOMEM;
	}

	mtty->nr_ports = nr_ports;
	mutex_init(&mtty->lock);
	mtty_reset(mtty);

	mdev_set_drvdata(mdev, mtty);
	mdev_set_vfio_ops(mdev, &mtty_vfio_ops);
	return 0;
}

static int mtty_remove(struct mdev_device *mdev)
{
	struct mtty *mtty = mdev_get_drvdata(mdev);

	mtty_return_ports(mtty->nr_ports);
	mdev_set_drvdata(mdev, NULL);
	mutex_destroy(&mtty->lock);
	kfree(mtty);
	return 0;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "%s port serial\n",
		       mtty_type_ports(kobj) == 1 ? "Single" : "Dual");
}

static MDEV_TYPE_ATTR_RO(name);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev,
			       char *buf)
{
	return sprintf(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}

static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj,
					struct device *dev, char *buf)
{
	unsigned int free;

	mutex_lock(&mtty_ports_lock);
	free = mtty_free_ports;
	mutex_unlock(&mtty_ports_lock);
	return sprintf(buf, "%u\n", free / mtty_type_ports(kobj));
}

static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *mtty_type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL,
};

static struct attribute_group mtty_single_group = {
	.name = "1",
	.attrs = mtty_type_attrs,
};

static struct attribute_group mtty_dual_group = {
	.name = "2",
	.attrs = mtty_type_attrs,
};

static struct attribute_group *mtty_type_groups[] = {
	&mtty_single_group,
	&mtty_dual_group,
	NULL,
};

static ssize_t sample_mtty_dev_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sprintf(buf, "This is phy device\n");
}

static DEVICE_ATTR_RO(sample_mtty_dev);

static struct attribute *mtty_parent_attrs[] = {
	&dev_attr_sample_mtty_dev.attr,
	NULL,
};

static const struct attribute_group mtty_parent_group = {
	.name = "mtty_dev",
	.attrs = mtty_parent_attrs,
};

static const struct attribute_group *mtty_parent_groups[] = {
	&mtty_parent_group,
	NULL,
};

static ssize_t sample_mdev_dev_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sprintf(buf, "This is MDEV %s\n", dev_name(dev));
}

static DEVICE_ATTR_RO(sample_mdev_dev);

static struct attribute *mtty_mdev_attrs[] = {
	&dev_attr_sample_mdev_dev.attr,
	NULL,
};

static const struct attribute_group mtty_mdev_group = {
	.name = "vendor",
	.attrs = mtty_mdev_attrs,
};

static const struct attribute_group *mtty_mdev_groups[] = {
	&mtty_mdev_group,
	NULL,
};

static const struct mdev_parent_ops mtty_parent_ops = {
	.owner = THIS_MODULE,
	.dev_attr_groups = mtty_parent_groups,
	.mdev_attr_groups = mtty_mdev_groups,
	.supported_type_groups = mtty_type_groups,
	.create = mtty_create,
	.remove = mtty_remove,
};

/*
 * The parent is made by device_create(), whose release is not in this module:
 * somebody who holds an mdev may keep it alive after the module has gone.
 */
static int __init mtty_init(void)
{
	int ret;

	mtty_class = class_create(THIS_MODULE, MTTY_NAME);
	if (IS_ERR(mtty_class))
		return PTR_ERR(mtty_class);

	mtty_parent = device_create(mtty_class, NULL, MKDEV(0, 0), NULL,
				    MTTY_NAME);
	if (IS_ERR(mtty_parent)) {
		ret = PTR_ERR(mtty_parent);
		goto destroy_class;
	}

	ret = mdev_register_device(mtty_parent, &mtty_parent_ops);
	if (ret)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(mtty_parent);
destroy_class:
	class_destroy(mtty_class);
	return ret;
}

static void __exit mtty_exit(void)
{
	mdev_unregister_device(mtty_parent);
	device_unregister(mtty_parent);
	class_destroy(mtty_class);
}

module_init(mtty_init)
module_exit(mtty_exit)

MODULE_DESCRIPTION("Sample mediated devices: PCI serial cards");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
