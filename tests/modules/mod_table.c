// SPDX-License-Identifier: GPL-2.0-only
/* A device table, from which modpost makes aliases. */
#include <linux/init.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

static const struct mdev_class_id mod_table_ids[] = {
	{ 0x51 }, { 0x152 }, { 0 }
};
MODULE_DEVICE_TABLE(mdev, mod_table_ids);

static int __init mod_table_init(void)
{
	return 0;
}
module_init(mod_table_init);

static void __exit mod_table_exit(void)
{
}
module_exit(mod_table_exit);

MODULE_LICENSE("GPL");
