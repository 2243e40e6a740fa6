// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver runs beside its calls, and keeps in order: threads, timers by the
 * nanosecond, red-black trees. The device "threads" of the class mdev_test has
 *	kthreads, parking, hrtimers, trees
 *		one line "name: results" for each behaviour
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/levels.h"
#include "mdev_test.h"
#include "until_stopped.h"

/* ---- threads ----------------------------------------------------------------- */

struct worker {
	struct completion begun;
	char name[TASK_COMM_LEN];
};

static int work_until_stopped(void *data)
{
	struct worker *w = data;

	strscpy(w->name, current->comm, sizeof(w->name));
	complete(&w->begun);
	sleep_until_stopped();
	return 42;
}

#if KAPI_COMPLETE_AND_EXIT
#define kthread_complete_and_exit(comp, code) complete_and_exit(comp, code)
#define module_put_and_kthread_exit(code) module_put_and_exit(code)
#endif

/* Somewhere below the thread's function. */
static noinline int ends_here(struct worker *w)
{
	if (w->name[0])
		kthread_complete_and_exit(&w->begun, 0);
	return -EINVAL;
}

static int end_and_complete(void *data)
{
	struct worker *w = data;

	strscpy(w->name, current->comm, sizeof(w->name));
	ends_here(w);
	strscpy(w->name, "came back", sizeof(w->name));
	return 0;
}

static int end_and_put(void *data)
{
	module_put_and_kthread_exit(0);
}

static ssize_t kthreads_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct worker w = { .name = "" };
	struct task_struct *task;
	int len = 0, result, references;

	init_completion(&w.begun);
	task = kthread_run(work_until_stopped, &w, "worker/%d", 7);
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&w.begun);
	result = kthread_stop(task);
	len += sysfs_emit_at(buf, len, "stopped: %d %s\n", result, w.name);

	task = kthread_create(work_until_stopped, &w, "never");
	if (IS_ERR(task))
		return PTR_ERR(task);
	len += sysfs_emit_at(buf, len, "never woken: %d", completion_done(&w.begun));
	len += sysfs_emit_at(buf, len, " %d\n", kthread_stop(task));

	init_completion(&w.begun);
	task = kthread_run(end_and_complete, &w, "ends");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&w.begun);
	len += sysfs_emit_at(buf, len, "ended by itself: %s\n", w.name);

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	references = module_refcount(THIS_MODULE);
	task = kthread_run(end_and_put, NULL, "puts");
	if (IS_ERR(task)) {
		module_put(THIS_MODULE);
		return PTR_ERR(task);
	}
	while (module_refcount(THIS_MODULE) == references)
		schedule_timeout_uninterruptible(1);
	len += sysfs_emit_at(buf, len, "put: %d\n", references - module_refcount(THIS_MODULE));
	return len;
}
static DEVICE_ATTR_RO(kthreads);

/* Turns until it is stopped, and waits where it is told to. */
static struct {
	atomic_t turns;
	struct completion turned;
} turner;

static int turn(void *data)
{
	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			kthread_parkme();
			continue;
		}
		atomic_inc(&turner.turns);
		complete(&turner.turned);
		schedule_timeout_interruptible(1);
	}
	return 42;
}

static void wait_for_a_turn(void)
{
	reinit_completion(&turner.turned);
	wait_for_completion(&turner.turned);
}

static ssize_t parking_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct task_struct *task;
	int len = 0, turns, i;

	atomic_set(&turner.turns, 0);
	init_completion(&turner.turned);
	task = kthread_create(turn, NULL, "turner");
	if (IS_ERR(task))
		return PTR_ERR(task);
	len += sysfs_emit_at(buf, len, "before it began: %d", kthread_park(task));
	len += sysfs_emit_at(buf, len, " %d\n", atomic_read(&turner.turns));
	kthread_unpark(task);
	wait_for_a_turn();
	len += sysfs_emit_at(buf, len, "parked: %d", kthread_park(task));
	turns = atomic_read(&turner.turns);
	for (i = 0; i < 5; i++) {
		wake_up_process(task);
		schedule_timeout_uninterruptible(1);
	}
	len += sysfs_emit_at(buf, len, " %d\n", atomic_read(&turner.turns) - turns);
	kthread_unpark(task);
	wait_for_a_turn();
	len += sysfs_emit_at(buf, len, "again: %d", kthread_park(task));
	kthread_unpark(task);
	len += sysfs_emit_at(buf, len, " %d\n", kthread_park(task));
	/* is unparked by it */
	len += sysfs_emit_at(buf, len, "stopped: %d\n", kthread_stop(task));
	return len;
}
static DEVICE_ATTR_RO(parking);

/* ---- timers --------------------------------------------------------------------- */

static struct {
	struct hrtimer timer;
	struct completion done;
	int left;
	ktime_t at;
} ticker;

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	ticker.at = ktime_get();
	if (--ticker.left <= 0) {
		complete(&ticker.done);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, ms_to_ktime(5));
	return HRTIMER_RESTART;
}

static void ticker_setup(void)
{
#if KAPI_HRTIMER_SETUP
	hrtimer_setup(&ticker.timer, tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(&ticker.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	ticker.timer.function = tick;
#endif
	init_completion(&ticker.done);
}

static ssize_t hrtimers_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	ktime_t from;
	u64 overrun;
	int len = 0;

	ticker_setup();
	len += sysfs_emit_at(buf, len, "idle: %d %d\n", hrtimer_active(&ticker.timer),
			     hrtimer_cancel(&ticker.timer));

	ticker.left = 1;
	from = ktime_get();
	hrtimer_start(&ticker.timer, ms_to_ktime(20), HRTIMER_MODE_REL);
	wait_for_completion(&ticker.done);
	hrtimer_cancel(&ticker.timer);
	len += sysfs_emit_at(buf, len, "once: %d %d\n", ktime_sub(ticker.at, from) >= 20 * NSEC_PER_MSEC,
			     hrtimer_active(&ticker.timer));

	ticker.left = 3;
	from = ktime_get();
	hrtimer_start(&ticker.timer, ktime_add(from, ms_to_ktime(5)), HRTIMER_MODE_ABS);
	wait_for_completion(&ticker.done);
	hrtimer_cancel(&ticker.timer);
	len += sysfs_emit_at(buf, len, "again and again: %d %d\n", ticker.left,
			     ktime_sub(ticker.at, from) >= 15 * NSEC_PER_MSEC);

	ticker.left = 1;
	hrtimer_start(&ticker.timer, ms_to_ktime(600000), HRTIMER_MODE_REL);
	len += sysfs_emit_at(buf, len, "cancelled: %d", hrtimer_active(&ticker.timer));
	len += sysfs_emit_at(buf, len, " %d", hrtimer_try_to_cancel(&ticker.timer));
	len += sysfs_emit_at(buf, len, " %d %d\n", hrtimer_cancel(&ticker.timer), ticker.left);

	hrtimer_set_expires(&ticker.timer, ms_to_ktime(1000));
	overrun = hrtimer_forward(&ticker.timer, ms_to_ktime(999), ms_to_ktime(100));
	len += sysfs_emit_at(buf, len, "forward: %llu", overrun);
	overrun = hrtimer_forward(&ticker.timer, ms_to_ktime(1000), ms_to_ktime(100));
	len += sysfs_emit_at(buf, len, " %llu", overrun);
	overrun = hrtimer_forward(&ticker.timer, ms_to_ktime(1350), ms_to_ktime(100));
	len += sysfs_emit_at(buf, len, " %llu %lld\n", overrun,
			     ktime_to_ms(hrtimer_get_expires(&ticker.timer)));
	return len;
}
static DEVICE_ATTR_RO(hrtimers);

/* ---- trees ---------------------------------------------------------------------- */

#define NODES 257

struct number {
	struct rb_node node;
	unsigned int value;
};

static bool number_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct number, node)->value < rb_entry(b, struct number, node)->value;
}

static int number_cmp(const void *key, const struct rb_node *node)
{
	return *(const unsigned int *)key - rb_entry(node, struct number, node)->value;
}

/* Black nodes on each way down, the same everywhere; -1 if the tree breaks a rule. */
static int black_height(const struct rb_node *node)
{
	bool red;
	int left, right;

	if (!node)
		return 0;
	red = !(node->__rb_parent_color & 1);
	if (red && ((node->rb_left && !(node->rb_left->__rb_parent_color & 1)) ||
		    (node->rb_right && !(node->rb_right->__rb_parent_color & 1))))
		return -1;
	left = black_height(node->rb_left);
	right = black_height(node->rb_right);
	if (left < 0 || left != right)
		return -1;
	return left + !red;
}

static bool in_order(struct rb_root *root, int want)
{
	unsigned int last = 0;
	struct rb_node *node;
	int n = 0;

	for (node = rb_first(root); node; node = rb_next(node), n++) {
		if (rb_entry(node, struct number, node)->value < last)
			return false;
		last = rb_entry(node, struct number, node)->value;
	}
	for (node = rb_last(root); node; node = rb_prev(node))
		n--;
	return !n && want == !!rb_first(root);
}

static ssize_t trees_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct rb_root root = RB_ROOT;
	struct number *numbers, *pos, *next, spare;
	struct rb_node *last = NULL;
	unsigned int i, key, bad = 0;
	int len = 0;

	numbers = kcalloc(NODES, sizeof(*numbers), GFP_KERNEL);
	if (!numbers)
		return -ENOMEM;
	for (i = 0; i < NODES; i++) {
		numbers[i].value = i * 101 % NODES;
		rb_add(&numbers[i].node, &root, number_less);
		bad += black_height(root.rb_node) < 0;
	}
	len += sysfs_emit_at(buf, len, "inserted: %u %d\n", bad, in_order(&root, 1));
	key = 77;
	len += sysfs_emit_at(buf, len, "found: %u", rb_entry(rb_find(&key, &root, number_cmp),
							     struct number, node)->value);
	key = NODES;
	len += sysfs_emit_at(buf, len, " %d\n", !!rb_find(&key, &root, number_cmp));

	spare.value = numbers[5].value;
	rb_replace_node(&numbers[5].node, &spare.node, &root);
	len += sysfs_emit_at(buf, len, "replaced: %d %d\n", in_order(&root, 1),
			     rb_find(&spare.value, &root, number_cmp) == &spare.node);
	rb_replace_node(&spare.node, &numbers[5].node, &root);

	i = 0;
	rbtree_postorder_for_each_entry_safe(pos, next, &root, node) {
		last = &pos->node;
		i++;
	}
	len += sysfs_emit_at(buf, len, "children first: %u %d\n", i, last == root.rb_node);

	for (i = 0; i < NODES; i++) {
		rb_erase(&numbers[i * 3 % NODES].node, &root);
		bad += black_height(root.rb_node) < 0 || !in_order(&root, i < NODES - 1);
	}
	len += sysfs_emit_at(buf, len, "erased: %u %d\n", bad, RB_EMPTY_ROOT(&root));
	RB_CLEAR_NODE(&spare.node);
	len += sysfs_emit_at(buf, len, "in no tree: %d %d\n", RB_EMPTY_NODE(&spare.node),
			     !rb_next(&spare.node));
	kfree(numbers);
	return len;
}
static DEVICE_ATTR_RO(trees);

static struct attribute *threads_attrs[] = {
	&dev_attr_kthreads.attr,
	&dev_attr_parking.attr,
	&dev_attr_hrtimers.attr,
	&dev_attr_trees.attr,
	NULL
};
ATTRIBUTE_GROUPS(threads);

static struct device *threads;

static void threads_release(struct device *dev)
{
	kfree(dev);
}

static int __init threads_test_init(void)
{
	int ret;

	threads = kzalloc(sizeof(*threads), GFP_KERNEL);
	if (!threads)
		return -ENOMEM;
	device_initialize(threads);
	threads->class = &mdev_test_class;
	threads->groups = threads_groups;
	threads->release = threads_release;
	ret = dev_set_name(threads, "threads");
	if (!ret)
		ret = device_add(threads);
	if (ret)
		put_device(threads);
	return ret;
}

static void __exit threads_test_exit(void)
{
	device_unregister(threads);
}

module_init(threads_test_init);
module_exit(threads_test_exit);
MODULE_DESCRIPTION("Threads, timers and trees of a driver, over sysfs");
MODULE_LICENSE("GPL v2");
