/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that an interrupt calls, whatever context asked for it
 * (kernel/irq_work.c). Left out: other processors, and lazy ones, which come as
 * soon as the others.
 */
#ifndef _LINUX_IRQ_WORK_H
#define _LINUX_IRQ_WORK_H

#include <linux/list.h>
#include <linux/sched/signal.h>
#include <linux/types.h>

/* What runs as an interrupt, once each time that it is raised (kernel/irq_work.c). */
struct um_interrupt {
	struct list_head node;
	void (*fn)(struct um_interrupt *i);
	bool pending;
	unsigned int busy;
};

struct irq_work {
	struct um_interrupt um;
	void (*func)(struct irq_work *work);
};

#define IRQ_WORK_INIT(_func)		(struct irq_work){ .func = (_func) }
#define IRQ_WORK_INIT_LAZY(_func)	IRQ_WORK_INIT(_func)
#define IRQ_WORK_INIT_HARD(_func)	IRQ_WORK_INIT(_func)
#define DEFINE_IRQ_WORK(name, _f)	struct irq_work name = IRQ_WORK_INIT(_f)

static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *))
{
	um_begin(UM_INIT, .object = &work->um);
	*work = IRQ_WORK_INIT(func);
}

bool irq_work_queue(struct irq_work *work);
void irq_work_sync(struct irq_work *work);

#endif
