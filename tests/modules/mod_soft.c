// SPDX-License-Identifier: GPL-2.0-only
/* Soft dependencies before and after, one of which exists nowhere. */
#include <linux/init.h>
#include <linux/module.h>

static int __init mod_soft_init(void)
{
	pr_info("mod_soft: init\n");
	return 0;
}
module_init(mod_soft_init);

static void __exit mod_soft_exit(void)
{
}
module_exit(mod_soft_exit);

MODULE_SOFTDEP("pre: mod-exports mod_nowhere post: mod_params");
MODULE_ALIAS("mod-test:soft[0-4]?");
MODULE_ALIAS("mod-test:set[xy]");
MODULE_LICENSE("Dual MIT/GPL");
