// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of irq.c: a line that software raises, and what its handlers do. */
#include <linux/completion.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "irq.h"

static int irq;
static unsigned int called;

static void raise_fn(struct irq_work *work)
{
	generic_handle_irq(irq);
}

static DEFINE_IRQ_WORK(raise_work, raise_fn);

void k_raise(void)
{
	irq_work_queue(&raise_work);
}

int k_irq_setup(void)
{
	irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	if (irq < 0)
		return irq;
	irq_set_chip_and_handler(irq, &dummy_irq_chip, handle_edge_irq);
	called = 0;
	return 0;
}

void k_irq_teardown(void)
{
	irq_free_desc(irq);
}

/* ---- nobody cares --------------------------------------------------------------- */

static irqreturn_t count(int line, void *dev_id)
{
	called++;
	return *(irqreturn_t *)dev_id;
}

unsigned int k_storm(unsigned int n, int handled)
{
	irqreturn_t ret = handled ? IRQ_HANDLED : IRQ_NONE;

	if (request_irq(irq, count, 0, "storm", &ret))
		return 0;
	while (n--)
		k_raise();
	free_irq(irq, &ret);
	return called;
}

/* ---- a device that goes while it interrupts ---------------------------------------- */

static struct device_state {
	spinlock_t lock;
	unsigned int interrupts;
} *device;

static irqreturn_t note(int line, void *dev_id)
{
	struct device_state *d = dev_id;

	spin_lock(&d->lock);
	d->interrupts++;
	spin_unlock(&d->lock);
	return IRQ_HANDLED;
}

int k_make_device(void)
{
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	spin_lock_init(&device->lock);
	return request_irq(irq, note, 0, "device", device);
}

void k_free_device(void)
{
	free_irq(irq, device);
	kfree(device);
}

int k_is_off(void)
{
	return !irq_has_action(irq);
}

/* ---- locks and contexts --------------------------------------------------------------- */

static DEFINE_SPINLOCK(lock_unsafe);
static DEFINE_SPINLOCK(lock_safe);
static DEFINE_SPINLOCK(lock_waited);
static DEFINE_MUTEX(mutex);

static irqreturn_t take(int line, void *dev_id)
{
	spin_lock(dev_id);
	spin_unlock(dev_id);
	return IRQ_HANDLED;
}

static void with_handler(irq_handler_t handler, void *dev_id)
{
	WARN_ON(request_irq(irq, handler, 0, "test", dev_id));
	k_raise();
}

void k_lock_unsafe(void)
{
	with_handler(take, &lock_unsafe);
	spin_lock(&lock_unsafe);
	spin_unlock(&lock_unsafe);
	free_irq(irq, &lock_unsafe);
}

void k_lock_safe(void)
{
	with_handler(take, &lock_safe);
	spin_lock_irq(&lock_safe);
	spin_unlock_irq(&lock_safe);
	free_irq(irq, &lock_safe);
}

void k_wait_with_its_lock(void)
{
	with_handler(take, &lock_waited);
	spin_lock_irq(&lock_waited);
	disable_hardirq(irq);
	spin_unlock_irq(&lock_waited);
	free_irq(irq, &lock_waited);
}

static irqreturn_t sleep(int line, void *dev_id)
{
	mutex_lock(dev_id);
	mutex_unlock(dev_id);
	return IRQ_HANDLED;
}

void k_sleep_in_handler(void)
{
	with_handler(sleep, &mutex);
	free_irq(irq, &mutex);
}

static irqreturn_t enable(int line, void *dev_id)
{
	local_irq_enable();
	return IRQ_HANDLED;
}

void k_enable_interrupts_in_handler(void)
{
	with_handler(enable, &mutex);
	free_irq(irq, &mutex);
}

static struct task_struct *ran_on;
static DECLARE_COMPLETION(ran);

static irqreturn_t note_task(int line, void *dev_id)
{
	ran_on = current;
	complete(&ran);
	return IRQ_HANDLED;
}

int k_raise_with_irqs_off(void)
{
	int on_this;

	reinit_completion(&ran);
	with_handler(note_task, &ran);
	on_this = ran_on == current;
	local_irq_disable();
	k_raise();
	local_irq_enable();
	wait_for_completion(&ran);
	wait_for_completion(&ran);
	free_irq(irq, &ran);
	return on_this && ran_on != current;
}

/* ---- what is in use ------------------------------------------------------------------------ */

void k_free_dev_id(int clean)
{
	k_make_device();
	if (clean)
		free_irq(irq, device);
	kfree(device);
}

static void nothing(struct tasklet_struct *t)
{
}

void k_free_tasklet(int clean)
{
	struct tasklet_struct *t = kzalloc(sizeof(*t), GFP_KERNEL);

	tasklet_setup(t, nothing);
	local_bh_disable();
	tasklet_schedule(t);
	if (!clean)
		kfree(t);
	local_bh_enable();
	tasklet_kill(t);
	kfree(t);
}

static void no_work(struct irq_work *work)
{
}

void k_free_irq_work(int clean)
{
	struct irq_work *work = kzalloc(sizeof(*work), GFP_KERNEL);

	init_irq_work(work, no_work);
	/* from an interrupt it goes to another, which this lock keeps waiting */
	if (clean) {
		irq_work_queue(work);
		irq_work_sync(work);
	} else {
		spin_lock_irq(&lock_safe);
		with_handler(take, &lock_safe);
		irq_work_queue(work);
	}
	kfree(work);
}
