/* SPDX-License-Identifier: GPL-2.0-only */
/* The type of what handles the flow of a line's interrupts. */
#ifndef _LINUX_IRQHANDLER_H
#define _LINUX_IRQHANDLER_H

struct irq_desc;
typedef void (*irq_flow_handler_t)(struct irq_desc *desc);

#endif
