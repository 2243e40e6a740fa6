// SPDX-License-Identifier: GPL-2.0-only
/* Neither init nor exit: such a module can be removed. Its static state must be new each time. */
#include <linux/export.h>
#include <linux/module.h>

int mod_empty_calls(void);
int mod_empty_calls(void)
{
	static int calls;

	return ++calls;
}
EXPORT_SYMBOL_GPL(mod_empty_calls);

MODULE_LICENSE("GPL");
