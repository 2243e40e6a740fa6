// SPDX-License-Identifier: GPL-2.0-only
/*
 * Init waits until "go" is written to (which sysfs allows while init runs),
 * and returns what was written. Exports a symbol that somebody may want
 * meanwhile.
 */
#include <linux/completion.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

int mod_slow_value(void);
int mod_slow_value(void)
{
	return 7;
}
EXPORT_SYMBOL(mod_slow_value);

static DECLARE_COMPLETION(go);
static int result;

static int set_go(const char *val, const struct kernel_param *kp)
{
	int err = kstrtoint(val, 0, &result);

	if (!err)
		complete(&go);
	return err;
}

static const struct kernel_param_ops go_ops = { .set = set_go };
module_param_cb(go, &go_ops, NULL, 0200);

static int __init mod_slow_init(void)
{
	wait_for_completion(&go);
	return result;
}
module_init(mod_slow_init);

static void __exit mod_slow_exit(void)
{
}
module_exit(mod_slow_exit);

MODULE_LICENSE("GPL");
