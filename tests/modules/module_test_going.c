// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module whose init and exit wait for the points "init" and "exit" of
 * mdev_test_control. While it is going it tries to get a reference on itself:
 * the point "got" or "refused" tells.
 */
#include <linux/module.h>

#include "mdev_test.h"

static int init_returns;
module_param(init_returns, int, 0);
MODULE_PARM_DESC(init_returns, "what init returns");

static int __init module_test_going_init(void)
{
	mdev_test_call("init", "going");
	return init_returns;
}

static void __exit module_test_going_exit(void)
{
	bool got;

	mdev_test_call("exit", "going");
	got = try_module_get(THIS_MODULE);
	mdev_test_call(got ? "got" : "refused", "going");
	if (got)
		module_put(THIS_MODULE);
}

module_init(module_test_going_init);
module_exit(module_test_going_exit);
MODULE_DESCRIPTION("Module that can be caught coming and going");
MODULE_LICENSE("GPL v2");
