// SPDX-License-Identifier: GPL-2.0-only
/* A proprietary module with an export, for the tests of who may use it. */
#include <linux/init.h>
#include <linux/module.h>

int mod_vendor_value(void);
int mod_vendor_value(void)
{
	return 5;
}
EXPORT_SYMBOL(mod_vendor_value);

MODULE_LICENSE("Proprietary");
