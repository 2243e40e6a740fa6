// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of at_once.c. What is a driver's own here is atomic, or guarded, or
 * given by what is under test: whatever else TSan finds is the shim's.
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/kfifo.h>
#include <linux/kthread.h>
#include <linux/llist.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "at_once.h"

static atomic_t ran;

/* ---- interrupts ----------------------------------------------------------------- */

static void work_fn(struct irq_work *work)
{
	atomic_inc(&ran);
}

static DEFINE_IRQ_WORK(work, work_fn);

static int nothing(void)
{
	atomic_set(&ran, 0);
	return 0;
}

/* On another processor, while this one queues it again. */
static void queue_work_off(unsigned int i)
{
	local_irq_disable();
	irq_work_queue(&work);
	local_irq_enable();
}

static int end_work(void)
{
	irq_work_sync(&work);
	return !atomic_read(&ran);
}

static int irq;

static void raise_fn(struct irq_work *w)
{
	generic_handle_irq(irq);
}

static DEFINE_IRQ_WORK(raise_work, raise_fn);

static irqreturn_t handler(int line, void *dev_id)
{
	atomic_inc(dev_id);
	return IRQ_HANDLED;
}

static int make_line(void)
{
	irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	if (irq < 0)
		return irq;
	irq_set_chip_and_handler(irq, &dummy_irq_chip, handle_edge_irq);
	return nothing() ?: request_irq(irq, handler, IRQF_SHARED, "first", &ran);
}

static void raise_line(unsigned int i)
{
	irq_work_queue(&raise_work);
}

static void share_line(unsigned int i)
{
	atomic_t *mine = kzalloc(sizeof(*mine), GFP_KERNEL);

	WARN_ON(request_irq(irq, handler, IRQF_SHARED, "second", mine));
	free_irq(irq, mine);
	kfree(mine);
}

static int end_line(void)
{
	irq_work_sync(&raise_work);
	free_irq(irq, &ran);
	irq_free_desc(irq);
	return !atomic_read(&ran);
}

/* Lines come and go while somebody looks through all of them. */
static void come_and_go(unsigned int i)
{
	int mine = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);

	irq_set_chip_and_handler(mine, &dummy_irq_chip, handle_edge_irq);
	irq_free_desc(mine);
	raise_line(i);
}

static void tasklet_fn(struct tasklet_struct *t)
{
	atomic_inc(&ran);
}

static DECLARE_TASKLET(tasklet, tasklet_fn);

static void schedule_it(unsigned int i)
{
	tasklet_schedule(&tasklet);
}

static void disable_it(unsigned int i)
{
	tasklet_disable(&tasklet);
	tasklet_enable(&tasklet);
}

static int end_tasklet(void)
{
	tasklet_kill(&tasklet);
	return !atomic_read(&ran);
}

/* ---- threads -------------------------------------------------------------------- */

static void kthread_fn(struct kthread_work *w)
{
	atomic_inc(&ran);
}

static struct kthread_worker *worker;
static struct kthread_work kwork;

static int make_worker(void)
{
	kthread_init_work(&kwork, kthread_fn);
	worker = kthread_create_worker(0, "at_once");
	return nothing() ?: PTR_ERR_OR_ZERO(worker);
}

static void queue_it(unsigned int i)
{
	kthread_queue_work(worker, &kwork);
}

static void cancel_it(unsigned int i)
{
	if (i % 2)
		kthread_cancel_work_sync(&kwork);
	else
		kthread_flush_work(&kwork);
}

static int end_worker(void)
{
	kthread_flush_worker(worker);
	kthread_destroy_worker(worker);
	return 0;
}

/* Its thread may not have begun. */
static void short_worker(unsigned int i)
{
	kthread_destroy_worker(kthread_create_worker(0, "short"));
}

/* ---- RCU ------------------------------------------------------------------------ */

struct called {
	struct rcu_head rcu;
	unsigned int value;
};

DEFINE_STATIC_SRCU(domain);

static void called_fn(struct rcu_head *head)
{
	struct called *c = container_of(head, struct called, rcu);

	atomic_add(c->value, &ran);
	kfree(c);
}

static struct called *new_called(void)
{
	struct called *c = kmalloc(sizeof(*c), GFP_KERNEL);

	c->value = 1;
	return c;
}

static void give_to_rcu(unsigned int i)
{
	call_rcu(&new_called()->rcu, called_fn);
}

static void give_to_srcu(unsigned int i)
{
	call_srcu(&domain, &new_called()->rcu, called_fn);
}

static int end_rcu(void)
{
	rcu_barrier();
	srcu_barrier(&domain);
	return !atomic_read(&ran);
}

/* ---- timers and work items -------------------------------------------------------- */

static void timer_fn(struct timer_list *t)
{
	atomic_inc(&ran);
}

static DEFINE_TIMER(timer, timer_fn);

static void arm(unsigned int i)
{
	mod_timer(&timer, jiffies);
}

static void disarm(unsigned int i)
{
	if (i % 2)
		del_timer_sync(&timer);
	else if (timer_pending(&timer))
		atomic_inc(&ran);
}

static int end_timer(void)
{
	del_timer_sync(&timer);
	return 0;
}

static void item_fn(struct work_struct *w)
{
	atomic_inc(&ran);
}

static DECLARE_DELAYED_WORK(item, item_fn);

static void queue_item(unsigned int i)
{
	mod_delayed_work(system_wq, &item, i % 2);
}

static void cancel_item(unsigned int i)
{
	if (i % 3 == 0)
		cancel_delayed_work_sync(&item);
	else if (i % 3 == 1)
		flush_delayed_work(&item);
	else if (delayed_work_pending(&item))
		atomic_inc(&ran);
}

static int end_item(void)
{
	cancel_delayed_work_sync(&item);
	return 0;
}

static int until_stopped(void *arg)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void short_thread(unsigned int i)
{
	kthread_stop(kthread_run(until_stopped, NULL, "short"));
}

static int no_end(void)
{
	return 0;
}

/* ---- lists without locks, memory ---------------------------------------------------- */

static LLIST_HEAD(pushed);

struct node {
	struct llist_node node;
	unsigned int value;
};

static void push(unsigned int i)
{
	struct node *n = kmalloc(sizeof(*n), GFP_KERNEL);

	n->value = 1;
	llist_add(&n->node, &pushed);
}

static void take_all(unsigned int i)
{
	struct node *n, *next;

	llist_for_each_entry_safe(n, next, llist_del_all(&pushed), node) {
		atomic_add(n->value, &ran);
		kfree(n);
	}
}

static int end_list(void)
{
	take_all(0);
	return !atomic_read(&ran);
}

static DEFINE_KFIFO(fifo, unsigned int, 16);

static void put_in(unsigned int i)
{
	kfifo_put(&fifo, i);
}

static void take_out(unsigned int i)
{
	unsigned int value;

	if (kfifo_get(&fifo, &value))
		atomic_inc(&ran);
}

static int end_fifo(void)
{
	kfifo_reset(&fifo);
	return 0;
}

const struct at_once k_at_once[] = {
	{ "irq_work is queued again while it runs", nothing, queue_work_off, queue_work_off,
	  end_work },
	{ "a line is shared while it interrupts", make_line, raise_line, share_line, end_line },
	{ "lines come and go while others are looked at", make_line, come_and_go, share_line,
	  end_line },
	{ "a tasklet is disabled while it is scheduled", nothing, schedule_it, disable_it,
	  end_tasklet },
	{ "a worker's work is cancelled while it is queued", make_worker, queue_it, cancel_it,
	  end_worker },
	{ "workers end before they begin", make_worker, short_worker, queue_it, end_worker },
	{ "callbacks are given to RCU", nothing, give_to_rcu, give_to_rcu, end_rcu },
	{ "callbacks are given to SRCU", nothing, give_to_srcu, give_to_srcu, end_rcu },
	{ "a timer is armed while it is deleted", nothing, arm, disarm, end_timer },
	{ "a work item is cancelled while it is queued", nothing, queue_item, cancel_item,
	  end_item },
	{ "a work item is queued twice", nothing, queue_item, queue_item, end_item },
	{ "threads start and are stopped", nothing, short_thread, short_thread, no_end },
	{ "a list is pushed to while it is taken", nothing, push, take_all, end_list },
	{ "a ring is filled while it is read", nothing, put_in, take_out, end_fifo },
	{ }
};

/* ---- a card ----------------------------------------------------------------------- */

static struct pci_dev *bound;
static void __iomem *bar;

/* Lowers the pin, if it is that. */
static irqreturn_t of_card(int line, void *dev_id)
{
	atomic_inc(&ran);
	if (readl(bar))
		writel(0, bar);
	return IRQ_HANDLED;
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	if (pcim_enable_device(pdev) || pcim_iomap_regions(pdev, 1 << 0, "at_once"))
		return -EIO;
	bar = pcim_iomap_table(pdev)[0];
	bound = pdev;
	return 0;
}

static const struct pci_device_id ids[] = { { PCI_DEVICE(0x1af4, 0x1110) }, { } };
static struct pci_driver driver = { .name = "at_once", .id_table = ids, .probe = probe };

int k_card_begin(void)
{
	int err = nothing() ?: pci_register_driver(&driver);

	if (!err)
		pci_set_master(bound);
	return err;
}

static void with_vectors(unsigned int sort)
{
	if (pci_alloc_irq_vectors(bound, 1, 1, sort) != 1)
		return;
	WARN_ON(pci_request_irq(bound, 0, of_card, NULL, &ran, "at_once"));
	pci_free_irq(bound, 0, &ran);
	pci_free_irq_vectors(bound);
}

void k_card_messages(unsigned int i)
{
	with_vectors(PCI_IRQ_MSI);
}

void k_card_registers(unsigned int i)
{
	void __iomem *mine = pci_iomap(bound, 0, 0);

	readl(mine + 8);
	pci_iounmap(bound, mine);
	readl(bar + 8);
}

/* While a handler is there, the pin may be told of, and not. */
void k_card_pin(unsigned int i)
{
	WARN_ON(pci_request_irq(bound, 0, of_card, NULL, &ran, "at_once"));
	pci_check_and_mask_intx(bound);
	pci_intx(bound, 1);
	pci_free_irq(bound, 0, &ran);
}

int k_card_end(void)
{
	pci_unregister_driver(&driver);
	return 0;
}
