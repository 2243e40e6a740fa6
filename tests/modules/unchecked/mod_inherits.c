// SPDX-License-Identifier: GPL-2.0-only
/* Free itself, but uses a symbol of a proprietary module. */
#include <linux/init.h>
#include <linux/module.h>

int mod_vendor_value(void);

static int __init mod_inherits_init(void)
{
	return mod_vendor_value() == 5 ? 0 : -1;
}
module_init(mod_inherits_init);

static void __exit mod_inherits_exit(void)
{
}
module_exit(mod_inherits_exit);

MODULE_LICENSE("GPL");
