// SPDX-License-Identifier: GPL-2.0-only
/* A dependant: uses functions, data, a GPL-only symbol and a namespace of mod_exports. */
#include <linux/init.h>
#include <linux/module.h>

extern int mod_exports_counter;
int mod_exports_next(void);
int mod_exports_gpl(void);
int mod_exports_ns(void);

static int __init mod_user_init(void)
{
	int next = mod_exports_next();

	pr_info("mod_user: next %d counter %d gpl %d ns %d\n", next, mod_exports_counter,
		mod_exports_gpl(), mod_exports_ns());
	return 0;
}
module_init(mod_user_init);

static void __exit mod_user_exit(void)
{
}
module_exit(mod_user_exit);

MODULE_ALIAS("mod-test:user-*");
/* whichever of these the compiler puts first */
MODULE_IMPORT_NS(MOD_BEFORE);
MODULE_IMPORT_NS(MOD_EXPORTS);
MODULE_IMPORT_NS(MOD_AFTER);
MODULE_LICENSE("GPL v2");
