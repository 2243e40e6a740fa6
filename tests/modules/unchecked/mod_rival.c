// SPDX-License-Identifier: GPL-2.0-only
/* What modpost refuses: exports a symbol that mod_exports exports too. */
#include <linux/module.h>

int mod_exports_next(void);
int mod_exports_next(void)
{
	return -1;
}
EXPORT_SYMBOL(mod_exports_next);

MODULE_LICENSE("GPL");
