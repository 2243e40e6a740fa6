// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints with events, and probes of its own. The device "trace_test" of the
 * class mdev_test has
 *	do	"parts NAME NUMBER", "words FLAGS STATE", "class A B" (both events of
 *		it), "positive A": the tracepoint is passed; "probe WHO", "unprobe WHO":
 *		a probe of class's first comes or goes
 *	probed	what the probes have got: a line for each call
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "mdev_test.h"

#define CREATE_TRACE_POINTS
#include "trace_test_events.h"

EXPORT_TRACEPOINT_SYMBOL_GPL(umdev_test_one);

static DEFINE_SPINLOCK(lock);
static char probed[512];
static char who[2][4] = { "1", "2" };

static void probe(void *data, int a, int b)
{
	unsigned long flags;
	size_t n;

	spin_lock_irqsave(&lock, flags);
	n = strlen(probed);
	scnprintf(probed + n, sizeof(probed) - n, "%s: %d %d\n", (char *)data, a, b);
	spin_unlock_irqrestore(&lock, flags);
}

static int number(const char *text)
{
	int value = 0;

	return kstrtoint(text, 0, &value) ? 0 : value;
}

static int do_parts(const char *name, const char *text)
{
	static const u8 bytes[] = { 0xca, 0xfe, 1, 2, 3 };

	trace_umdev_test_parts(*name == '-' ? NULL : name, number(text), bytes, sizeof(bytes));
	return 0;
}

static int do_words(const char *flags, const char *state)
{
	trace_umdev_test_words(number(flags), number(state));
	return 0;
}

static int do_class(const char *a, const char *b)
{
	trace_umdev_test_one(number(a), number(b));
	trace_umdev_test_other(number(a), number(b));
	return trace_umdev_test_one_enabled() ? 0 : -ENODATA;
}

static int do_positive(const char *a, const char *b)
{
	trace_umdev_test_positive(number(a));
	return 0;
}

static bool is_registered[2];

static int do_probe(const char *name, const char *b)
{
	int i = *name == '2', err = register_trace_umdev_test_one(probe, who[i]);

	is_registered[i] |= !err;
	return err;
}

static int do_unprobe(const char *name, const char *b)
{
	int i = *name == '2', err = unregister_trace_umdev_test_one(probe, who[i]);

	is_registered[i] &= !!err;
	tracepoint_synchronize_unregister();
	return err;
}

static const struct mdev_test_command commands[] = {
	{ "parts", do_parts },
	{ "words", do_words },
	{ "class", do_class },
	{ "positive", do_positive },
	{ "probe", do_probe },
	{ "unprobe", do_unprobe },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR(do, 0200, NULL, do_store);

static ssize_t probed_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", probed);
}
static DEVICE_ATTR_RO(probed);

static struct attribute *trace_test_attrs[] = {
	&dev_attr_do.attr,
	&dev_attr_probed.attr,
	NULL
};
ATTRIBUTE_GROUPS(trace_test);

static struct device *trace_test;

static int __init trace_test_init(void)
{
	trace_test = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, trace_test_groups,
					       "trace_test");
	return PTR_ERR_OR_ZERO(trace_test);
}

static void __exit trace_test_exit(void)
{
	device_unregister(trace_test);
	if (is_registered[0])
		do_unprobe("1", "");
	if (is_registered[1])
		do_unprobe("2", "");
}

module_init(trace_test_init);
module_exit(trace_test_exit);
MODULE_DESCRIPTION("Tracepoints");
MODULE_LICENSE("GPL v2");
