// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links between a driver and its module in sysfs:
 * /sys/bus/<bus>/drivers/<driver>/module and
 * /sys/module/<module>/drivers/<bus>:<driver>.
 *
 * They are for people to look at: where one cannot be made, it is missing,
 * and the driver works all the same.
 */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"
#include "drivers/base/base.h"

static char *module_driver_name(struct device_driver *drv)
{
	return kasprintf(GFP_KERNEL, "%s:%s", drv->bus->name, drv->name);
}

/* Made with the module's first driver; goes with the module, if that goes. */
static struct kobject *module_drivers_dir(struct module_kobject *mk)
{
	static DEFINE_MUTEX(drivers_dir_mutex);

	mutex_lock(&drivers_dir_mutex);
	if (!mk->drivers_dir) {
		mk->drivers_dir = kobject_create_and_add("drivers", &mk->kobj);
		if (mk->drivers_dir && !mk->mod)
			um_object_permanent(mk->drivers_dir);
	}
	mutex_unlock(&drivers_dir_mutex);

	return mk->drivers_dir;
}

/* /sys/module/<name> of code that is built in and has parameters. */
static struct module_kobject *builtin_module(struct device_driver *drv)
{
	struct kobject *kobj;

	if (!drv->mod_name)
		return NULL;

	kobj = kset_find_obj(module_kset, drv->mod_name);
	if (!kobj)
		return NULL;

	/* such a directory stays for ever */
	kobject_put(kobj);
	drv->p->mkobj = container_of(kobj, struct module_kobject, kobj);
	return drv->p->mkobj;
}

void module_add_driver(struct module *mod, struct device_driver *drv)
{
	struct module_kobject *mk = mod ? &mod->mkobj : builtin_module(drv);
	struct kobject *dir;
	char *name;

	if (!mk)
		return;

	if (sysfs_create_link(&drv->p->kobj, &mk->kobj, "module"))
		pr_debug("%s: no link to its module\n", drv->name);

	name = module_driver_name(drv);
	if (!name)
		return;
	dir = module_drivers_dir(mk);
	if (dir && sysfs_create_link(dir, &drv->p->kobj, name))
		pr_debug("%s: no link from its module\n", drv->name);
	kfree(name);
}

void module_remove_driver(struct device_driver *drv)
{
	struct module_kobject *mk = drv->owner ? &drv->owner->mkobj :
						 drv->p->mkobj;
	char *name;

	/* it is bound to nothing any more: whoever found it before has read its name */
	synchronize_rcu();
	sysfs_remove_link(&drv->p->kobj, "module");

	if (!mk || !mk->drivers_dir)
		return;
	name = module_driver_name(drv);
	if (!name)
		return;
	sysfs_remove_link(mk->drivers_dir, name);
	kfree(name);
}
