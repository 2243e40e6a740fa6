// SPDX-License-Identifier: GPL-2.0-only
/*
 * An mdev driver for the class ids in the parameter classes (none: no
 * id_table at all); for any mdev, if the framework has none. probe and remove
 * pass the points "probe" and "unbind" of mdev_test_control; what "probe" answers
 * is what probe returns.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "mdev_generation.h"
#include "mdev_test.h"

#define MAX_CLASSES	4

static unsigned short classes[MAX_CLASSES] = { 0x23 };
static int n_classes = 1;
module_param_array(classes, ushort, &n_classes, 0444);
MODULE_PARM_DESC(classes, "class ids to serve");

static bool table = true;
module_param(table, bool, 0444);
MODULE_PARM_DESC(table, "have an id table");

static bool callbacks = true;
module_param(callbacks, bool, 0444);
MODULE_PARM_DESC(callbacks, "have probe and remove");

static struct mdev_class_id ids[MAX_CLASSES + 1];

static int test_probe(struct device *dev)
{
	return mdev_test_call("probe", dev_name(dev));
}

static void test_remove(struct device *dev)
{
	mdev_test_call("unbind", dev_name(dev));
}

static struct mdev_driver test_driver = {
	.name = "mdev_test_driver",
	.probe = test_probe,
	.remove = test_remove,
#ifdef MDEV_CLASS_IDS
	.id_table = ids,
#endif
};

static int __init mdev_test_driver_init(void)
{
	int i;

	for (i = 0; i < n_classes; i++)
		ids[i].id = classes[i];
#ifdef MDEV_CLASS_IDS
	if (!table)
		test_driver.id_table = NULL;
#endif
	if (!callbacks) {
		test_driver.probe = NULL;
		test_driver.remove = NULL;
	}
	return mdev_register_driver(&test_driver, THIS_MODULE);
}

static void __exit mdev_test_driver_exit(void)
{
	mdev_unregister_driver(&test_driver);
}

module_init(mdev_test_driver_init);
module_exit(mdev_test_driver_exit);
MODULE_ALIAS("mdev:c23");
MODULE_DESCRIPTION("mdev driver that does as a test says");
MODULE_LICENSE("GPL v2");
