// SPDX-License-Identifier: GPL-2.0-only
/* Uses a GPL-only symbol and one of a proprietary module: not both. */
#include <linux/init.h>
#include <linux/module.h>

int mod_exports_gpl(void);
int mod_vendor_value(void);

static int __init mod_mixed_init(void)
{
	return mod_exports_gpl() + mod_vendor_value() == 47 ? 0 : -1;
}
module_init(mod_mixed_init);

static void __exit mod_mixed_exit(void)
{
}
module_exit(mod_mixed_exit);

MODULE_LICENSE("GPL");
