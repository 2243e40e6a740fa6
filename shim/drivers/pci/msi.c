// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vectors: messages of MSI and MSI-X as lines of their own, or the pin. A device has
 * one sort at a time. A message that comes while its line is masked comes again when
 * it is not.
 *
 * Vectors that were allocated are an object that the audit knows, until they are
 * freed; those of a managed device are freed with its driver.
 *
 * Left out: affinity, masks of MSI in the card, the table of MSI-X as registers, and
 * so entries that are not in a row.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/stdarg.h>

#include "check/op.h"
#include "drivers/pci/pci.h"
#include "host/host.h"
#include "kernel/irq.h"
#include "kernel/sched/wait.h"

struct message {
	struct um_interrupt interrupt;
	unsigned int irq;
	bool masked, waiting;		/* under the inner lock */
};

struct um_pci_vectors {
	struct pci_dev *pdev;
	unsigned int irq, n;
	unsigned int held;		/* by whom a message is sent, under the inner lock */
	struct message messages[];
};

/* ---- the chip ------------------------------------------------------------------------ */

static void deliver(struct um_interrupt *i)
{
	generic_handle_irq(container_of(i, struct message, interrupt)->irq);
}

static void msi_mask(struct irq_data *data)
{
	struct message *m = data->chip_data;

	um_sched_lock();
	m->masked = true;
	um_sched_unlock();
}

static void msi_unmask(struct irq_data *data)
{
	struct message *m = data->chip_data;
	bool waiting;

	um_sched_lock();
	m->masked = false;
	waiting = m->waiting;
	m->waiting = false;
	um_sched_unlock();
	if (waiting)
		um_interrupt_raise(&m->interrupt);
}

static void msi_ack(struct irq_data *data)
{
}

static int msi_retrigger(struct irq_data *data)
{
	struct message *m = data->chip_data;

	um_interrupt_raise(&m->interrupt);
	return 1;
}

static struct irq_chip msi_chip = {
	.name = "PCI-MSI", .irq_mask = msi_mask, .irq_unmask = msi_unmask, .irq_ack = msi_ack,
	.irq_retrigger = msi_retrigger, .flags = IRQCHIP_ONESHOT_SAFE,
};

static void send(struct message *m)
{
	bool masked;

	/* who lets it through later brings what was before it */
	um_step(UM_GIVE, &m->interrupt);
	um_sched_lock();
	masked = m->masked;
	if (masked)
		m->waiting = true;
	um_sched_unlock();
	if (!masked)
		um_interrupt_raise(&m->interrupt);
}

struct um_pci_vectors *um_msi_hold(struct pci_dev *dev)
{
	if (dev->um_vectors)
		dev->um_vectors->held++;
	return dev->um_vectors;
}

int um_msi_deliver(struct um_pci_vectors *v, unsigned int nr)
{
	bool is_one;

	um_step(UM_TAKE, v);
	is_one = nr < v->n;
	if (is_one)
		send(&v->messages[nr]);
	um_step(UM_GIVE, v);
	um_sched_lock();
	v->held--;
	um_wake(v);
	um_sched_unlock();
	return is_one ? 0 : -EIO;
}

/* ---- vectors ------------------------------------------------------------------------- */

static void describe_vectors(const void *obj, char *buf, size_t size)
{
	const struct um_pci_vectors *v = obj;

	host_snprintf(buf, size, "%u of %s", v->n, pci_name(v->pdev));
}

static void set_vectors(struct pci_dev *dev, struct um_pci_vectors *v)
{
	um_step(UM_GIVE, v);
	um_sched_lock();
	dev->um_vectors = v;
	um_sched_unlock();
}

static int alloc_vectors(struct pci_dev *dev, unsigned int n)
{
	struct um_pci_vectors *v = kzalloc(struct_size(v, messages, n), GFP_KERNEL);
	unsigned int i;
	int irq;

	if (!v)
		return -ENOMEM;
	irq = __irq_alloc_descs(-1, 1, n, NUMA_NO_NODE, NULL, NULL);
	if (irq < 0) {
		kfree(v);
		return -ENOMEM;
	}
	v->pdev = dev;
	v->irq = irq;
	v->n = n;
	for (i = 0; i < n; i++) {
		v->messages[i].interrupt.fn = deliver;
		v->messages[i].irq = irq + i;
		v->messages[i].masked = true;
		irq_set_chip_data(irq + i, &v->messages[i]);
		irq_set_chip_and_handler_name(irq + i, &msi_chip, handle_edge_irq, "edge");
	}
	um_object_new(v, "interrupt vectors", describe_vectors);
	set_vectors(dev, v);
	return 0;
}

static bool is_not_held(const void *arg)
{
	const struct um_pci_vectors *v = arg;

	return !v->held;
}

/* The card sends no message of them any more, and none is under way. */
static void take_vectors(struct pci_dev *dev)
{
	struct um_pci_vectors *v = dev->um_vectors;
	struct um_why why = { .kind = "message of a PCI card", .object = v };
	unsigned int i;

	um_sched_lock();
	dev->um_vectors = NULL;
	um_wait_until(is_not_held, v, &why, UM_FOREVER);
	um_sched_unlock();
	um_step(UM_TAKE, v);
	for (i = 0; i < v->n; i++)
		um_interrupt_wait(&v->messages[i].interrupt);
}

static void free_vectors(struct pci_dev *dev)
{
	struct um_pci_vectors *v = dev->um_vectors;

	if (!v)
		return;
	take_vectors(dev);
	irq_free_descs(v->irq, v->n);
	um_object_freed(v);
	kfree(v);
}

static void set_flags(struct pci_dev *dev, u8 where, u16 clear, u16 set)
{
	u16 flags;

	pci_read_config_word(dev, where, &flags);
	pci_write_config_word(dev, where, (flags & ~clear) | set);
}

/**
 * pci_msi_vec_count() - how many messages of MSI a device has
 * @dev: the device
 *
 * Return: their number; -EINVAL for none.
 */
int pci_msi_vec_count(struct pci_dev *dev)
{
	u16 flags;

	if (!dev->msi_cap)
		return -EINVAL;
	pci_read_config_word(dev, dev->msi_cap + PCI_MSI_FLAGS, &flags);
	return 1 << ((flags & PCI_MSI_FLAGS_QMASK) >> 1);
}
EXPORT_SYMBOL(pci_msi_vec_count);

/**
 * pci_msix_vec_count() - how many messages of MSI-X a device has
 * @dev: the device
 *
 * Return: their number; -EINVAL for none.
 */
int pci_msix_vec_count(struct pci_dev *dev)
{
	u16 flags;

	if (!dev->msix_cap)
		return -EINVAL;
	pci_read_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS, &flags);
	return (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
}
EXPORT_SYMBOL(pci_msix_vec_count);

static bool may_have(struct pci_dev *dev, unsigned int minvec, int has)
{
	return has > 0 && minvec <= has && !dev->no_msi && dev->current_state == PCI_D0;
}

/* How many there are now, or a negative errno. */
static int enable_msi(struct pci_dev *dev, unsigned int minvec, unsigned int maxvec)
{
	int has = pci_msi_vec_count(dev), err;
	unsigned int n;

	if (WARN_ON_ONCE(dev->msi_enabled) || maxvec < minvec)
		return -ERANGE;
	if (dev->msix_enabled || !may_have(dev, minvec, has))
		return dev->msix_enabled || has < 0 ? -EINVAL : -ENOSPC;
	/* a driver that can have three has two */
	n = rounddown_pow_of_two(min_t(unsigned int, maxvec, has));
	if (n < minvec)
		return -ENOSPC;
	err = alloc_vectors(dev, n);
	if (err)
		return err;
	pci_intx(dev, 0);
	set_flags(dev, dev->msi_cap + PCI_MSI_FLAGS, PCI_MSI_FLAGS_QSIZE,
		  PCI_MSI_FLAGS_ENABLE | ilog2(n) << 4);
	dev->msi_enabled = 1;
	return n;
}

static int enable_msix(struct pci_dev *dev, unsigned int minvec, unsigned int maxvec)
{
	int has = pci_msix_vec_count(dev), err;
	unsigned int n;

	if (WARN_ON_ONCE(dev->msix_enabled) || maxvec < minvec)
		return -ERANGE;
	if (dev->msi_enabled || !may_have(dev, minvec, has))
		return dev->msi_enabled || has < 0 ? -EINVAL : -ENOSPC;
	n = min_t(unsigned int, maxvec, has);
	err = alloc_vectors(dev, n);
	if (err)
		return err;
	pci_intx(dev, 0);
	set_flags(dev, dev->msix_cap + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_MASKALL,
		  PCI_MSIX_FLAGS_ENABLE);
	dev->msix_enabled = 1;
	return n;
}

void pci_msi_release(struct pci_dev *dev)
{
	if (dev->msi_enabled)
		set_flags(dev, dev->msi_cap + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE, 0);
	if (dev->msix_enabled)
		set_flags(dev, dev->msix_cap + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE, 0);
	if (!pci_dev_msi_enabled(dev))
		return;
	dev->msi_enabled = 0;
	dev->msix_enabled = 0;
	free_vectors(dev);
	pci_intx(dev, 1);
}

/**
 * pci_alloc_irq_vectors_affinity() - have interrupts, of the best sort that there is;
 *	called as pci_alloc_irq_vectors()
 * @dev:      the device
 * @min_vecs: fewer are none
 * @max_vecs: more are not needed
 * @flags:    which sorts will do: PCI_IRQ_MSIX is tried first, then PCI_IRQ_MSI, then
 *	the pin, which is one
 * @affd:     ignored
 *
 * Context: may sleep.
 * Return: how many there are, for pci_irq_vector(); -ENOSPC for too few, -EINVAL,
 * -ERANGE, -ENOMEM.
 */
int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min_vecs,
				   unsigned int max_vecs, unsigned int flags,
				   struct irq_affinity *affd)
{
	int n = -ENOSPC;

	if (flags & PCI_IRQ_MSIX) {
		n = enable_msix(dev, min_vecs, max_vecs);
		if (n > 0)
			return n;
	}
	if (flags & PCI_IRQ_MSI) {
		n = enable_msi(dev, min_vecs, max_vecs);
		if (n > 0)
			return n;
	}
	if (flags & 1 << 0 && min_vecs == 1 && dev->irq) {
		pci_intx(dev, 1);
		return 1;
	}
	return n;
}
EXPORT_SYMBOL(pci_alloc_irq_vectors_affinity);

/**
 * pci_free_irq_vectors() - undo pci_alloc_irq_vectors()
 * @dev: the device; its handlers have been freed
 *
 * Context: may sleep.
 */
void pci_free_irq_vectors(struct pci_dev *dev)
{
	pci_msi_release(dev);
}
EXPORT_SYMBOL(pci_free_irq_vectors);

/**
 * pci_irq_vector() - the line of a vector
 * @dev: the device
 * @nr:  which of those that were allocated
 *
 * Return: the line, for request_irq(); -EINVAL when there are not so many.
 */
int pci_irq_vector(struct pci_dev *dev, unsigned int nr)
{
	if (!pci_dev_msi_enabled(dev))
		return nr ? -EINVAL : dev->irq;
	return nr < dev->um_vectors->n ? dev->um_vectors->irq + nr : -EINVAL;
}
EXPORT_SYMBOL(pci_irq_vector);

/**
 * pci_enable_msi() - have one message of MSI, as the device's irq
 * @dev: the device
 *
 * Context: may sleep.
 * Return: 0, or as pci_alloc_irq_vectors().
 */
int pci_enable_msi(struct pci_dev *dev)
{
	int n = enable_msi(dev, 1, 1);

	if (n < 0)
		return n;
	dev->irq = dev->um_vectors->irq;
	return 0;
}
EXPORT_SYMBOL(pci_enable_msi);

/**
 * pci_disable_msi() - undo pci_enable_msi()
 * @dev: the device, whose irq is that of its pin again
 *
 * Context: may sleep.
 */
void pci_disable_msi(struct pci_dev *dev)
{
	if (!dev->msi_enabled)
		return;
	pci_msi_release(dev);
	dev->irq = um_intx_irq(dev->pin);
}
EXPORT_SYMBOL(pci_disable_msi);

/**
 * pci_enable_msix_range() - have messages of MSI-X
 * @dev:     the device
 * @entries: whose vectors are filled in; from 0 on, in a row. NULL: nobody asks
 * @minvec:  fewer are none
 * @maxvec:  more are not needed
 *
 * Context: may sleep.
 * Return: as pci_alloc_irq_vectors().
 */
int pci_enable_msix_range(struct pci_dev *dev, struct msix_entry *entries, int minvec,
			  int maxvec)
{
	int i, n;

	for (i = 0; entries && i < maxvec; i++)
		if (entries[i].entry != i)
			return -EINVAL;
	n = enable_msix(dev, minvec, maxvec);
	for (i = 0; entries && i < n; i++)
		entries[i].vector = dev->um_vectors->irq + i;
	return n;
}
EXPORT_SYMBOL(pci_enable_msix_range);

/**
 * pci_disable_msix() - undo pci_enable_msix_range()
 * @dev: the device
 *
 * Context: may sleep.
 */
void pci_disable_msix(struct pci_dev *dev)
{
	if (dev->msix_enabled)
		pci_msi_release(dev);
}
EXPORT_SYMBOL(pci_disable_msix);

/**
 * pci_msi_enabled() - are there messages at all?
 *
 * Return: 1.
 */
int pci_msi_enabled(void)
{
	return 1;
}
EXPORT_SYMBOL(pci_msi_enabled);

/* ---- handlers ---------------------------------------------------------------------------- */

/**
 * pci_request_irq() - request_threaded_irq() of a vector
 * @dev:       the device
 * @nr:        which vector
 * @handler:   as there; the line is shared
 * @thread_fn: as there; without @handler it is oneshot
 * @dev_id:    as there
 * @fmt:       of the handler's name
 * @...:       for that
 *
 * Context: may sleep.
 * Return: as there.
 */
int pci_request_irq(struct pci_dev *dev, unsigned int nr, irq_handler_t handler,
		    irq_handler_t thread_fn, void *dev_id, const char *fmt, ...)
{
	unsigned long flags = IRQF_SHARED | (handler ? 0 : IRQF_ONESHOT);
	va_list ap;
	char *name;
	int ret;

	va_start(ap, fmt);
	name = kvasprintf(GFP_KERNEL, fmt, ap);
	va_end(ap);
	if (!name)
		return -ENOMEM;
	ret = request_threaded_irq(pci_irq_vector(dev, nr), handler, thread_fn, flags, name,
				   dev_id);
	if (ret)
		kfree(name);
	return ret;
}
EXPORT_SYMBOL(pci_request_irq);

/**
 * pci_free_irq() - undo pci_request_irq()
 * @dev:    the device
 * @nr:     which vector
 * @dev_id: as it was requested
 *
 * Context: may sleep.
 */
void pci_free_irq(struct pci_dev *dev, unsigned int nr, void *dev_id)
{
	kfree(free_irq(pci_irq_vector(dev, nr), dev_id));
}
EXPORT_SYMBOL(pci_free_irq);
