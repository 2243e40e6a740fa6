/* SPDX-License-Identifier: GPL-2.0-only */
/* irq_kern.c, as irq.c calls it. */
#ifndef UMDEV_TESTS_UNIT_IRQ_H
#define UMDEV_TESTS_UNIT_IRQ_H

int k_irq_setup(void);
void k_irq_teardown(void);

/* Handlers called until the line was given up, of @n that were raised. */
unsigned int k_storm(unsigned int n, int handled);

/* For two tasks: a device whose handler writes to it. */
int k_make_device(void);
void k_raise(void);
void k_free_device(void);
int k_is_off(void);

void k_lock_unsafe(void);
void k_lock_safe(void);
void k_wait_with_its_lock(void);
void k_sleep_in_handler(void);
void k_enable_interrupts_in_handler(void);
/* One that is raised with interrupts off runs on another processor. */
int k_raise_with_irqs_off(void);

void k_free_dev_id(int clean);
void k_free_tasklet(int clean);
void k_free_irq_work(int clean);

#endif
