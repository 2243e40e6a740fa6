// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker and what it does: tried by init, and kept in the parameter "states", a bit
 * for each thing that is as it must be.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/string.h>

static unsigned int states;
module_param(states, uint, 0444);

static void expect(unsigned int bit, bool right)
{
	if (right)
		states |= 1u << bit;
}

static char done[8];
static struct kthread_worker *worker;
static DECLARE_COMPLETION(begun);
static DECLARE_COMPLETION(let);

static void add(char what)
{
	char text[2] = { what };

	strncat(done, text, sizeof(done) - 1 - strlen(done));
}

static void hold_fn(struct kthread_work *work)
{
	complete(&begun);
	wait_for_completion(&let);
	add('h');
}

static void a_fn(struct kthread_work *work)
{
	add('a');
}

static void b_fn(struct kthread_work *work)
{
	add('b');
}

static void again_fn(struct kthread_work *work)
{
	add('x');
	if (strlen(done) < 3)
		kthread_queue_work(worker, work);
}

static void try_order(void)
{
	struct kthread_work hold, a, b;

	kthread_init_work(&hold, hold_fn);
	kthread_init_work(&a, a_fn);
	kthread_init_work(&b, b_fn);
	expect(0, kthread_queue_work(worker, &hold));
	wait_for_completion(&begun);
	expect(1, kthread_queue_work(worker, &a));
	expect(2, !kthread_queue_work(worker, &a));
	expect(3, kthread_queue_work(worker, &b));
	expect(4, kthread_cancel_work_sync(&a));
	expect(5, !kthread_cancel_work_sync(&a));
	expect(6, kthread_queue_work(worker, &a));
	complete(&let);
	kthread_flush_work(&a);
	expect(7, !strcmp(done, "hba"));
}

static void try_again(void)
{
	struct kthread_work again;

	done[0] = 0;
	kthread_init_work(&again, again_fn);
	kthread_queue_work(worker, &again);
	/* what it queues itself comes behind what waits */
	kthread_flush_worker(worker);
	kthread_flush_worker(worker);
	kthread_flush_worker(worker);
	expect(8, !strcmp(done, "xxx"));
}

static void try_delayed(void)
{
	static struct kthread_delayed_work later;

	done[0] = 0;
	kthread_init_delayed_work(&later, a_fn);
	expect(9, kthread_queue_delayed_work(worker, &later, 1000 * HZ));
	expect(10, !kthread_queue_delayed_work(worker, &later, 0));
	expect(11, kthread_mod_delayed_work(worker, &later, 0));
	kthread_flush_worker(worker);
	expect(12, !strcmp(done, "a"));
	kthread_queue_delayed_work(worker, &later, 1000 * HZ);
	expect(13, kthread_cancel_delayed_work_sync(&later));
	expect(14, !kthread_cancel_delayed_work_sync(&later));
}

static int __init kthread_worker_test_init(void)
{
	worker = kthread_create_worker(0, "worker/%d", 7);
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	try_order();
	try_again();
	try_delayed();
	kthread_destroy_worker(worker);
	expect(15, !strcmp(done, "a"));
	return 0;
}
module_init(kthread_worker_test_init);

static void __exit kthread_worker_test_exit(void)
{
}
module_exit(kthread_worker_test_exit);

MODULE_DESCRIPTION("a worker, and what it does");
MODULE_LICENSE("GPL");
