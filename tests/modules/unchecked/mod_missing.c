// SPDX-License-Identifier: GPL-2.0-only
/* What modpost refuses: calls a function that nobody exports, and one without its namespace. */
#include <linux/init.h>
#include <linux/module.h>

int mod_missing_function(void);
int mod_exports_ns(void);

static int __init mod_missing_init(void)
{
	return mod_missing_function() + mod_exports_ns();
}
module_init(mod_missing_init);

MODULE_LICENSE("GPL");
