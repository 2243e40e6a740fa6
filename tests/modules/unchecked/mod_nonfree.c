// SPDX-License-Identifier: GPL-2.0-only
/*
 * What modpost refuses, let through so that the loader can refuse it:
 * declares itself proprietary and uses a GPL-only symbol of mod_exports.
 */
#include <linux/init.h>
#include <linux/module.h>

int mod_exports_gpl(void);

static int __init mod_nonfree_init(void)
{
	return mod_exports_gpl() == 42 ? 0 : -1;
}
module_init(mod_nonfree_init);

static void __exit mod_nonfree_exit(void)
{
}
module_exit(mod_nonfree_exit);

MODULE_LICENSE("Proprietary");
