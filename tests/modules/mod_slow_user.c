// SPDX-License-Identifier: GPL-2.0-only
/* Needs a symbol of mod_slow. */
#include <linux/init.h>
#include <linux/module.h>

int mod_slow_value(void);

static int __init mod_slow_user_init(void)
{
	return mod_slow_value() == 7 ? 0 : -1;
}
module_init(mod_slow_user_init);

static void __exit mod_slow_user_exit(void)
{
}
module_exit(mod_slow_user_exit);

MODULE_LICENSE("GPL");
