// SPDX-License-Identifier: GPL-2.0-only
/* A module whose kobject mod_borrower takes. */
#include <linux/kobject.h>
#include <linux/module.h>

#include "mod_lender.h"

static struct kobject *lent;

struct kobject *mod_lender_kobj(void)
{
	return lent;
}
EXPORT_SYMBOL_GPL(mod_lender_kobj);

static int __init lender_init(void)
{
	lent = kobject_create_and_add("lent", NULL);
	return lent ? 0 : -ENOMEM;
}

static void __exit lender_exit(void)
{
	kobject_put(lent);
}

module_init(lender_init);
module_exit(lender_exit);
MODULE_DESCRIPTION("Makes a kobject that another module may take");
MODULE_LICENSE("GPL");
