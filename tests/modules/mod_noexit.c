// SPDX-License-Identifier: GPL-2.0-only
/* An init without an exit: such a module can never be removed. */
#include <linux/init.h>
#include <linux/module.h>

static int __init mod_noexit_init(void)
{
	return 0;
}
module_init(mod_noexit_init);

MODULE_LICENSE("GPL");
