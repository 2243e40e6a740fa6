/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For who makes interrupt lines: chips, flow handlers, numbers (kernel/irq/).
 *
 * Left out: domains and hierarchies of chips, generic chips, messages of a chip,
 * wake-up, affinity, nested threads.
 */
#ifndef _LINUX_IRQ_H
#define _LINUX_IRQ_H

#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irqhandler.h>
#include <linux/irqreturn.h>
#include <linux/numa.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>

enum {
	IRQ_TYPE_NONE		= 0x00000000,
	IRQ_TYPE_EDGE_RISING	= 0x00000001,
	IRQ_TYPE_EDGE_FALLING	= 0x00000002,
	IRQ_TYPE_EDGE_BOTH	= IRQ_TYPE_EDGE_FALLING | IRQ_TYPE_EDGE_RISING,
	IRQ_TYPE_LEVEL_HIGH	= 0x00000004,
	IRQ_TYPE_LEVEL_LOW	= 0x00000008,
	IRQ_TYPE_LEVEL_MASK	= IRQ_TYPE_LEVEL_LOW | IRQ_TYPE_LEVEL_HIGH,
	IRQ_TYPE_SENSE_MASK	= 0x0000000f,
	IRQ_TYPE_DEFAULT	= IRQ_TYPE_SENSE_MASK,

	IRQ_LEVEL		= 1 << 8,
	IRQ_NOPROBE		= 1 << 10,
	IRQ_NOREQUEST		= 1 << 11,
	IRQ_NOAUTOEN		= 1 << 12,
	IRQ_NO_BALANCING	= 1 << 13,
	IRQ_NOTHREAD		= 1 << 16,
	IRQ_DISABLE_UNLAZY	= 1 << 19,
};

/* What a chip's irq_set_type() may return besides 0. */
enum {
	IRQ_SET_MASK_OK = 0,
	IRQ_SET_MASK_OK_NOCOPY,
};

struct irq_chip;
struct irq_desc;

struct irq_common_data {
	unsigned int um_settings;	/* IRQ_ of above, with the type */
	void *handler_data;
};

struct irq_data {
	unsigned int irq;
	unsigned long hwirq;
	struct irq_common_data *common;
	struct irq_chip *chip;
	void *chip_data;
};

/* Each is called with the line's lock held; those that are not there are not needed. */
struct irq_chip {
	const char *name;
	unsigned int (*irq_startup)(struct irq_data *data);
	void (*irq_shutdown)(struct irq_data *data);
	void (*irq_enable)(struct irq_data *data);
	void (*irq_disable)(struct irq_data *data);

	void (*irq_ack)(struct irq_data *data);
	void (*irq_mask)(struct irq_data *data);
	void (*irq_mask_ack)(struct irq_data *data);
	void (*irq_unmask)(struct irq_data *data);
	void (*irq_eoi)(struct irq_data *data);

	int (*irq_retrigger)(struct irq_data *data);
	int (*irq_set_type)(struct irq_data *data, unsigned int flow_type);

	/* these without the lock, by who may sleep */
	void (*irq_bus_lock)(struct irq_data *data);
	void (*irq_bus_sync_unlock)(struct irq_data *data);
	int (*irq_request_resources)(struct irq_data *data);
	void (*irq_release_resources)(struct irq_data *data);

	unsigned long flags;		/* IRQCHIP_ */
};

enum {
	IRQCHIP_SET_TYPE_MASKED	= 1 << 0,
	IRQCHIP_EOI_IF_HANDLED	= 1 << 1,
	IRQCHIP_MASK_ON_SUSPEND	= 1 << 2,
	IRQCHIP_SKIP_SET_WAKE	= 1 << 4,
	IRQCHIP_ONESHOT_SAFE	= 1 << 5,
	IRQCHIP_EOI_THREADED	= 1 << 6,
	IRQCHIP_IMMUTABLE	= 1 << 11,
};

#include <linux/irqdesc.h>

extern struct irq_chip no_irq_chip;
extern struct irq_chip dummy_irq_chip;

void handle_bad_irq(struct irq_desc *desc);
void handle_simple_irq(struct irq_desc *desc);
void handle_level_irq(struct irq_desc *desc);
void handle_edge_irq(struct irq_desc *desc);
void handle_fasteoi_irq(struct irq_desc *desc);

/* ---- numbers ---------------------------------------------------------------- */

struct irq_affinity_desc;

int __irq_alloc_descs(int irq, unsigned int from, unsigned int cnt, int node,
		      struct module *owner, const struct irq_affinity_desc *affinity);
void irq_free_descs(unsigned int irq, unsigned int cnt);

#define irq_alloc_descs(irq, from, cnt, node) \
	__irq_alloc_descs(irq, from, cnt, node, THIS_MODULE, NULL)
#define irq_alloc_desc(node)		irq_alloc_descs(-1, 1, 1, node)
#define irq_alloc_desc_at(at, node)	irq_alloc_descs(at, at, 1, node)
#define irq_alloc_desc_from(from, node)	irq_alloc_descs(-1, from, 1, node)
#define irq_free_desc(irq)		irq_free_descs(irq, 1)

/* ---- what a line is made of --------------------------------------------------- */

int irq_set_chip(unsigned int irq, const struct irq_chip *chip);
int irq_set_chip_data(unsigned int irq, void *data);
int irq_set_handler_data(unsigned int irq, void *data);
int irq_set_irq_type(unsigned int irq, unsigned int type);
void __irq_set_handler(unsigned int irq, irq_flow_handler_t handle, int is_chained,
		       const char *name);
void irq_set_chip_and_handler_name(unsigned int irq, const struct irq_chip *chip,
				   irq_flow_handler_t handle, const char *name);
void irq_set_chained_handler_and_data(unsigned int irq, irq_flow_handler_t handle,
				      void *data);
void irq_modify_status(unsigned int irq, unsigned long clr, unsigned long set);
struct irq_data *irq_get_irq_data(unsigned int irq);

static inline void irq_set_chip_and_handler(unsigned int irq, const struct irq_chip *chip,
					    irq_flow_handler_t handle)
{
	irq_set_chip_and_handler_name(irq, chip, handle, NULL);
}

static inline void irq_set_handler(unsigned int irq, irq_flow_handler_t handle)
{
	__irq_set_handler(irq, handle, 0, NULL);
}

static inline void irq_set_chained_handler(unsigned int irq, irq_flow_handler_t handle)
{
	__irq_set_handler(irq, handle, 1, NULL);
}

static inline void irq_set_status_flags(unsigned int irq, unsigned long set)
{
	irq_modify_status(irq, 0, set);
}

static inline void irq_clear_status_flags(unsigned int irq, unsigned long clr)
{
	irq_modify_status(irq, clr, 0);
}

static inline void irq_set_noprobe(unsigned int irq)
{
	irq_modify_status(irq, 0, IRQ_NOPROBE);
}

static inline struct irq_chip *irq_get_chip(unsigned int irq)
{
	struct irq_data *d = irq_get_irq_data(irq);

	return d ? d->chip : NULL;
}

static inline void *irq_get_chip_data(unsigned int irq)
{
	struct irq_data *d = irq_get_irq_data(irq);

	return d ? d->chip_data : NULL;
}

static inline void *irq_get_handler_data(unsigned int irq)
{
	struct irq_data *d = irq_get_irq_data(irq);

	return d ? d->common->handler_data : NULL;
}

static inline struct irq_chip *irq_data_get_irq_chip(struct irq_data *d)
{
	return d->chip;
}

static inline void *irq_data_get_irq_chip_data(struct irq_data *d)
{
	return d->chip_data;
}

static inline void *irq_data_get_irq_handler_data(struct irq_data *d)
{
	return d->common->handler_data;
}

static inline u32 irqd_get_trigger_type(struct irq_data *d)
{
	return READ_ONCE(d->common->um_settings) & IRQ_TYPE_SENSE_MASK;
}

static inline unsigned long irqd_to_hwirq(struct irq_data *d)
{
	return d->hwirq;
}

static inline u32 irq_get_trigger_type(unsigned int irq)
{
	struct irq_data *d = irq_get_irq_data(irq);

	return d ? irqd_get_trigger_type(d) : 0;
}

#endif
