// SPDX-License-Identifier: GPL-2.0-only
/*
 * A provider: exports of every sort, and an init that can be told to fail,
 * to return something odd, or to wait until it is let go.
 */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>

static int init_returns;
module_param(init_returns, int, 0444);
MODULE_PARM_DESC(init_returns, "What init returns");

int mod_exports_counter = 100;
EXPORT_SYMBOL(mod_exports_counter);

int mod_exports_next(void);
int mod_exports_gpl(void);
int mod_exports_ns(void);

int mod_exports_next(void)
{
	return ++mod_exports_counter;
}
EXPORT_SYMBOL(mod_exports_next);

int mod_exports_gpl(void)
{
	return 42;
}
EXPORT_SYMBOL_GPL(mod_exports_gpl);

int mod_exports_ns(void)
{
	return 43;
}
EXPORT_SYMBOL_NS(mod_exports_ns, MOD_EXPORTS);

static int __init mod_exports_init(void)
{
	pr_info("mod_exports: hello\n");
	return init_returns;
}
module_init(mod_exports_init);

static void __exit mod_exports_exit(void)
{
	pr_info("mod_exports: bye, counter %d\n", mod_exports_counter);
}
module_exit(mod_exports_exit);

MODULE_DESCRIPTION("Exports for the loader's tests");
MODULE_VERSION("1.2");
MODULE_LICENSE("GPL");
