/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line as its flow handler sees it. Comes with linux/irq.h. What lies behind
 * the members that Linux has too is kernel/irq/'s alone. Left out: domains.
 */
#ifndef _LINUX_IRQDESC_H
#define _LINUX_IRQDESC_H

#include <linux/atomic.h>
#include <linux/irq.h>
#include <linux/irqhandler.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct irqaction;
struct module;

struct irq_desc {
	struct irq_common_data irq_common_data;
	struct irq_data irq_data;
	irq_flow_handler_t handle_irq;
	struct irqaction *action;	/* under @lock, and for readers the inner lock */
	unsigned int depth;		/* how often it is disabled */
	unsigned int irq_count;		/* of the last 100,000; unhandled of those */
	unsigned int irqs_unhandled;
	unsigned long last_unhandled;	/* in jiffies */
	int threads_handled_last;
	atomic_t threads_handled;
	raw_spinlock_t lock;
	unsigned long threads_oneshot;	/* bits of those that keep it masked */
	atomic_t threads_active;
	wait_queue_head_t wait_for_threads;
	struct mutex request_mutex;	/* request and free, one after the other */
	struct module *owner;
	const char *name;

	unsigned int um_state;		/* UM_IRQ_ */
	struct lock_class_key um_key;
	struct lockdep_map um_handler;	/* a handler runs */
	struct lockdep_map um_thread;	/* a thread does */
};

static inline unsigned int irq_desc_get_irq(struct irq_desc *desc)
{
	return desc->irq_data.irq;
}

static inline struct irq_data *irq_desc_get_irq_data(struct irq_desc *desc)
{
	return &desc->irq_data;
}

static inline struct irq_chip *irq_desc_get_chip(struct irq_desc *desc)
{
	return desc->irq_data.chip;
}

static inline void *irq_desc_get_chip_data(struct irq_desc *desc)
{
	return desc->irq_data.chip_data;
}

static inline void *irq_desc_get_handler_data(struct irq_desc *desc)
{
	return desc->irq_common_data.handler_data;
}

struct irq_desc *irq_to_desc(unsigned int irq);
int generic_handle_irq(unsigned int irq);
int generic_handle_irq_safe(unsigned int irq);

static inline void generic_handle_irq_desc(struct irq_desc *desc)
{
	desc->handle_irq(desc);
}

#endif
