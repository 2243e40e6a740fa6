// SPDX-License-Identifier: GPL-2.0-only
/* A module that never gives back what it takes of mod_lender. */
#include <linux/kobject.h>
#include <linux/module.h>

#include "mod_lender.h"

static int __init borrower_init(void)
{
	kobject_get(mod_lender_kobj());
	return 0;
}

static void __exit borrower_exit(void)
{
}

module_init(borrower_init);
module_exit(borrower_exit);
MODULE_DESCRIPTION("Takes a reference on another module's kobject, and keeps it");
MODULE_LICENSE("GPL");
