// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line of interrupts made by software, two handlers and a tasklet, steered by
 * /sys/devices/irq_test/do; what ran in which context is in log. One command for
 * each write:
 *
 *   request A [shared] [oneshot] [noautoen] [thread] [only] [none] [wake]
 *   free A		hold A		let A
 *   raise		disable		disable_nosync	enable		sync
 *   tasklet [disable|enable|kill|schedule]
 *   await N		until N events are in the log
 *   clear
 *
 * A is a or b. A handler that has a thread and is not "only" one says so in the
 * interrupt; the thread of one that is held waits until it is let go.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

struct handler {
	char name;
	irqreturn_t ret;
	atomic_t held;
	struct completion let;
};

static struct handler handlers[2] = { { .name = 'a' }, { .name = 'b' } };
static int irq;

/* ---- the log ---------------------------------------------------------------- */

static char events[1024];
static unsigned int n_events;
static DEFINE_SPINLOCK(log_lock);
static DECLARE_WAIT_QUEUE_HEAD(log_wait);

static const char *context(void)
{
	if (in_hardirq())
		return irqs_disabled() ? "hard" : "hard, interrupts on";
	if (in_serving_softirq())
		return irqs_disabled() ? "soft, interrupts off" : "soft";
	return in_task() && !irqs_disabled() ? "task" : "atomic";
}

static void note(char who)
{
	const char *where = context();
	unsigned long flags;
	size_t len;

	spin_lock_irqsave(&log_lock, flags);
	len = strlen(events);
	snprintf(events + len, sizeof(events) - len, "%c %s\n", who, where);
	WRITE_ONCE(n_events, n_events + 1);
	spin_unlock_irqrestore(&log_lock, flags);
	wake_up(&log_wait);
}

static ssize_t log_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned long flags;
	ssize_t n;

	spin_lock_irqsave(&log_lock, flags);
	n = scnprintf(buf, PAGE_SIZE, "%s", events);
	spin_unlock_irqrestore(&log_lock, flags);
	return n;
}
static DEVICE_ATTR_RO(log);

static void clear_log(void)
{
	unsigned long flags;

	spin_lock_irqsave(&log_lock, flags);
	events[0] = 0;
	n_events = 0;
	spin_unlock_irqrestore(&log_lock, flags);
}

/* ---- handlers -------------------------------------------------------------------- */

static void tasklet_fn(struct tasklet_struct *t)
{
	note('t');
}

static DECLARE_TASKLET(tasklet, tasklet_fn);
static bool schedules_tasklet;

static irqreturn_t handle(int line, void *dev_id)
{
	struct handler *h = dev_id;

	note(h->name);
	if (schedules_tasklet)
		tasklet_schedule(&tasklet);
	return h->ret;
}

static irqreturn_t handle_in_thread(int line, void *dev_id)
{
	struct handler *h = dev_id;

	note(h->name - 'a' + 'A');
	if (atomic_read(&h->held))
		wait_for_completion(&h->let);
	return IRQ_HANDLED;
}

static int request(struct handler *h, const char *how)
{
	bool thread = strstr(how, "thread");
	unsigned long flags = 0;

	if (strstr(how, "shared"))
		flags |= IRQF_SHARED;
	if (strstr(how, "oneshot"))
		flags |= IRQF_ONESHOT;
	if (strstr(how, "noautoen"))
		flags |= IRQF_NO_AUTOEN;
	h->ret = IRQ_HANDLED;
	if (strstr(how, "none"))
		h->ret = IRQ_NONE;
	if (strstr(how, "wake"))
		h->ret = IRQ_WAKE_THREAD;
	return request_threaded_irq(irq, strstr(how, "only") ? NULL : handle,
				    thread ? handle_in_thread : NULL, flags, "irq_test", h);
}

/* ---- raising ------------------------------------------------------------------------ */

static void raise_fn(struct irq_work *work)
{
	generic_handle_irq(irq);
}

static DEFINE_IRQ_WORK(raise_work, raise_fn);

static void raise_irq(void)
{
	irq_work_queue(&raise_work);
	irq_work_sync(&raise_work);
}

/* ---- steering ------------------------------------------------------------------------ */

static int do_tasklet(const char *what)
{
	if (!strncmp(what, "disable", 7))
		tasklet_disable(&tasklet);
	else if (!strncmp(what, "enable", 6))
		tasklet_enable(&tasklet);
	else if (!strncmp(what, "kill", 4))
		tasklet_kill(&tasklet);
	else if (!strncmp(what, "schedule", 8))
		tasklet_schedule(&tasklet);
	else
		schedules_tasklet = true;
	return 0;
}

static int await(const char *number)
{
	unsigned int n;

	if (kstrtouint(number, 10, &n))
		return -EINVAL;
	return wait_event_timeout(log_wait, READ_ONCE(n_events) >= n, 10 * HZ) ? 0 : -ETIME;
}

static int do_line(const char *cmd)
{
	if (!strncmp(cmd, "raise", 5))
		raise_irq();
	else if (!strncmp(cmd, "disable_nosync", 14))
		disable_irq_nosync(irq);
	else if (!strncmp(cmd, "disable", 7))
		disable_irq(irq);
	else if (!strncmp(cmd, "enable", 6))
		enable_irq(irq);
	else if (!strncmp(cmd, "sync", 4))
		synchronize_irq(irq);
	else if (!strncmp(cmd, "clear", 5))
		clear_log();
	else
		return -EINVAL;
	return 0;
}

static int do_handler(const char *cmd, struct handler *h)
{
	if (!strncmp(cmd, "request", 7))
		return request(h, cmd);
	if (!strncmp(cmd, "free", 4))
		return free_irq(irq, h) ? 0 : -ENOENT;
	if (!strncmp(cmd, "hold", 4)) {
		reinit_completion(&h->let);
		atomic_set(&h->held, 1);
	} else if (!strncmp(cmd, "let", 3)) {
		atomic_set(&h->held, 0);
		complete(&h->let);
	}
	return 0;
}

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	const char *arg = strchr(buf, ' ');
	int ret;

	if (!strncmp(buf, "tasklet", 7))
		ret = do_tasklet(arg ? arg + 1 : "");
	else if (!strncmp(buf, "await", 5) && arg)
		ret = await(arg + 1);
	else if (arg && (arg[1] == 'a' || arg[1] == 'b'))
		ret = do_handler(buf, &handlers[arg[1] - 'a']);
	else
		ret = do_line(buf);
	return ret ? ret : count;
}
static DEVICE_ATTR_WO(do);

static struct attribute *irq_test_attrs[] = {
	&dev_attr_log.attr,
	&dev_attr_do.attr,
	NULL,
};
ATTRIBUTE_GROUPS(irq_test);

/* ---- module --------------------------------------------------------------------------- */

static struct device *root;

static int __init irq_test_init(void)
{
	int err;

	init_completion(&handlers[0].let);
	init_completion(&handlers[1].let);
	irq = irq_alloc_desc(NUMA_NO_NODE);
	if (irq < 0)
		return irq;
	irq_set_chip_and_handler(irq, &dummy_irq_chip, handle_edge_irq);
	irq_clear_status_flags(irq, IRQ_NOREQUEST);
	root = root_device_register("irq_test");
	err = PTR_ERR_OR_ZERO(root);
	if (err)
		goto err_free;
	err = sysfs_create_groups(&root->kobj, irq_test_groups);
	if (err)
		goto err_unregister;
	return 0;

err_unregister:
	root_device_unregister(root);
err_free:
	irq_free_desc(irq);
	return err;
}
module_init(irq_test_init);

static void __exit irq_test_exit(void)
{
	sysfs_remove_groups(&root->kobj, irq_test_groups);
	root_device_unregister(root);
	tasklet_kill(&tasklet);
	irq_free_desc(irq);
}
module_exit(irq_test_exit);

MODULE_DESCRIPTION("a line of interrupts, its handlers, a tasklet");
MODULE_LICENSE("GPL");
