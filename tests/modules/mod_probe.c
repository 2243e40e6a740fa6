// SPDX-License-Identifier: GPL-2.0-only
/*
 * A probe of another module's tracepoint, which is unregistered when this one goes
 * only if it is to be "clean".
 */
#include <linux/module.h>

#include "trace_test_events.h"

static bool clean;
module_param(clean, bool, 0);

static void late_probe(void *data, int a, int b)
{
}

static int __init mod_probe_init(void)
{
	return register_trace_umdev_test_one(late_probe, NULL);
}

static void __exit mod_probe_exit(void)
{
	if (!clean)
		return;
	unregister_trace_umdev_test_one(late_probe, NULL);
	tracepoint_synchronize_unregister();
}

module_init(mod_probe_init);
module_exit(mod_probe_exit);
MODULE_DESCRIPTION("A probe of another module's tracepoint");
MODULE_LICENSE("GPL");
