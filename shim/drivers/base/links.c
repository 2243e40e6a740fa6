// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links between devices: a consumer needs its supplier's driver. Linux has them in
 * drivers/base/core.c.
 *
 * A link that is managed follows both drivers. Its consumer is not probed before the
 * supplier is bound (-EPROBE_DEFER), and is unbound before the supplier is. One that
 * is stateless is there until its maker deletes it as often as it was added. A link
 * is a device of the class devlink, with links of sysfs between it and both ends.
 *
 * device_links_lock guards the lists of all links, their states and flags, and those
 * of the devices. The link itself goes by a work item, which drops its references on
 * both devices with no lock held.
 *
 * Left out: links that firmware describes, power management (the flags are kept and
 * shown; devices are on), the order of shutting down.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

#include "check/op.h"
#include "drivers/base/base.h"

#define MARKS		(DL_FLAG_INFERRED | DL_FLAG_CYCLE | DL_FLAG_MANAGED)
#define ONLY_MANAGED	(DL_FLAG_AUTOREMOVE_CONSUMER | DL_FLAG_AUTOREMOVE_SUPPLIER | \
			 DL_FLAG_AUTOPROBE_CONSUMER | DL_FLAG_SYNC_STATE_ONLY | \
			 DL_FLAG_INFERRED | DL_FLAG_CYCLE)
#define VALID		(ONLY_MANAGED | DL_FLAG_STATELESS | DL_FLAG_PM_RUNTIME | DL_FLAG_RPM_ACTIVE)

struct link {
	struct device_link link;
	struct work_struct work;	/* its end */
};
#define to_link(dev)	container_of(dev, struct link, link.link_dev)

static DEFINE_MUTEX(device_links_lock);
static struct workqueue_struct *link_wq;
/* Suppliers whose sync_state() waits, while the count is not 0: the boot has one. */
static LIST_HEAD(deferred_sync);
static unsigned int defer_sync_count = 1;

static void set_status(struct device_link *link, enum device_link_state status)
{
	WRITE_ONCE(link->status, status);
}

static void set_flags(struct device_link *link, u32 flags)
{
	WRITE_ONCE(link->flags, flags);
}

static bool is_only_for_sync(u32 flags)
{
	return (flags & ~MARKS) == DL_FLAG_SYNC_STATE_ONLY;
}

/* ---- a link as a device --------------------------------------------------- */

static ssize_t status_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const char *const names[] = {
		[DL_STATE_DORMANT] = "dormant", [DL_STATE_AVAILABLE] = "available",
		[DL_STATE_CONSUMER_PROBE] = "consumer probing", [DL_STATE_ACTIVE] = "active",
		[DL_STATE_SUPPLIER_UNBIND] = "supplier unbinding",
	};
	enum device_link_state status = READ_ONCE(to_link(dev)->link.status);

	return sysfs_emit(buf, "%s\n", status == DL_STATE_NONE ? "not tracked" : names[status]);
}
static DEVICE_ATTR_RO(status);

static ssize_t auto_remove_on_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u32 flags = READ_ONCE(to_link(dev)->link.flags);

	return sysfs_emit(buf, "%s\n", flags & DL_FLAG_AUTOREMOVE_SUPPLIER ? "supplier unbind" :
			  flags & DL_FLAG_AUTOREMOVE_CONSUMER ? "consumer unbind" : "never");
}
static DEVICE_ATTR_RO(auto_remove_on);

static ssize_t runtime_pm_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  !!(READ_ONCE(to_link(dev)->link.flags) & DL_FLAG_PM_RUNTIME));
}
static DEVICE_ATTR_RO(runtime_pm);

static ssize_t sync_state_only_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  !!(READ_ONCE(to_link(dev)->link.flags) & DL_FLAG_SYNC_STATE_ONLY));
}
static DEVICE_ATTR_RO(sync_state_only);

static struct attribute *devlink_attrs[] = {
	&dev_attr_status.attr,
	&dev_attr_auto_remove_on.attr,
	&dev_attr_runtime_pm.attr,
	&dev_attr_sync_state_only.attr,
	NULL,
};
ATTRIBUTE_GROUPS(devlink);

static void link_end(struct work_struct *work)
{
	struct link *l = container_of(work, struct link, work);

	put_device(l->link.consumer);
	put_device(l->link.supplier);
	kfree(l);
}

static void link_release(struct device *dev)
{
	queue_work(link_wq, &to_link(dev)->work);
}

static struct class devlink_class = {
	.name = "devlink",
	.dev_groups = devlink_groups,
	.dev_release = link_release,
};

/* "supplier:BUS:DEVICE" */
static char *end_name(const char *which, const struct device *dev)
{
	return kasprintf(GFP_KERNEL, "%s:%s:%s", which, dev_bus_name(dev), dev_name(dev));
}

static int add_end_links(struct device_link *link, const char *supplier, const char *consumer)
{
	struct kobject *kobj = &link->link_dev.kobj;
	int err;

	err = sysfs_create_link(kobj, &link->supplier->kobj, "supplier");
	if (err)
		return err;
	err = sysfs_create_link(kobj, &link->consumer->kobj, "consumer");
	if (err)
		goto err_supplier;
	err = sysfs_create_link(&link->supplier->kobj, kobj, consumer);
	if (err)
		goto err_consumer;
	err = sysfs_create_link(&link->consumer->kobj, kobj, supplier);
	if (err)
		goto err_in_supplier;
	return 0;

err_in_supplier:
	sysfs_remove_link(&link->supplier->kobj, consumer);
err_consumer:
	sysfs_remove_link(kobj, "consumer");
err_supplier:
	sysfs_remove_link(kobj, "supplier");
	return err;
}

/* That it fails is nobody's error, as in Linux: then there are no links in sysfs. */
static int link_appears(struct device *dev, struct class_interface *intf)
{
	struct device_link *link = &to_link(dev)->link;
	char *supplier = end_name("supplier", link->supplier);
	char *consumer = end_name("consumer", link->consumer);
	int err = -ENOMEM;

	if (supplier && consumer)
		err = add_end_links(link, supplier, consumer);
	kfree(supplier);
	kfree(consumer);
	return err;
}

static void link_disappears(struct device *dev, struct class_interface *intf)
{
	struct device_link *link = &to_link(dev)->link;
	char *supplier = end_name("supplier", link->supplier);
	char *consumer = end_name("consumer", link->consumer);

	sysfs_remove_link(&dev->kobj, "consumer");
	sysfs_remove_link(&dev->kobj, "supplier");
	WARN(!supplier || !consumer, "Unable to properly free device link symlinks!\n");
	if (supplier && device_is_registered(link->consumer))
		sysfs_remove_link(&link->consumer->kobj, supplier);
	if (consumer)
		sysfs_remove_link(&link->supplier->kobj, consumer);
	kfree(supplier);
	kfree(consumer);
}

static struct class_interface devlink_interface = {
	.class = &devlink_class,
	.add_dev = link_appears,
	.remove_dev = link_disappears,
};

/* ---- sync_state() --------------------------------------------------------- */

bool dev_has_sync_state(struct device *dev)
{
	struct device_driver *drv = READ_ONCE(dev->driver);

	return (drv && drv->sync_state) || (dev->bus && dev->bus->sync_state);
}

/* Puts @dev on a list, if all its consumers are bound and it was not told so before. */
static void queue_sync(struct device *dev, struct list_head *list)
{
	struct device_link *link;

	if (!dev_has_sync_state(dev) || dev->state_synced)
		return;
	list_for_each_entry(link, &dev->links.consumers, s_node)
		if (link->flags & DL_FLAG_MANAGED && link->status != DL_STATE_ACTIVE)
			return;
	WRITE_ONCE(dev->state_synced, true);
	if (WARN_ON(!list_empty(&dev->links.defer_sync)))
		return;
	get_device(dev);
	list_add_tail(&dev->links.defer_sync, list);
}

static void queue_or_defer_sync(struct device *dev, struct list_head *list)
{
	if (!defer_sync_count)
		queue_sync(dev, list);
	else if (list_empty(&dev->links.defer_sync) && dev_has_sync_state(dev))
		list_add_tail(&dev->links.defer_sync, &deferred_sync);
}

/* Of devices on a list of the caller's, which holds the lock of one of them, or none. */
static void call_sync(struct list_head *list, struct device *locked)
{
	struct device *dev;

	while (!list_empty(list)) {
		dev = list_first_entry(list, struct device, links.defer_sync);
		list_del_init(&dev->links.defer_sync);
		if (dev != locked)
			device_lock(dev);
		if (dev->bus->sync_state)
			dev->bus->sync_state(dev);
		else if (dev->driver && dev->driver->sync_state)
			dev->driver->sync_state(dev);
		if (dev != locked)
			device_unlock(dev);
		put_device(dev);
	}
}

void device_links_supplier_sync_state_pause(void)
{
	mutex_lock(&device_links_lock);
	defer_sync_count++;
	mutex_unlock(&device_links_lock);
}

void device_links_supplier_sync_state_resume(void)
{
	struct device *dev, *next;
	LIST_HEAD(list);

	mutex_lock(&device_links_lock);
	if (!WARN(!defer_sync_count, "Unmatched sync_state pause/resume!") && !--defer_sync_count)
		list_for_each_entry_safe(dev, next, &deferred_sync, links.defer_sync) {
			list_del_init(&dev->links.defer_sync);
			queue_sync(dev, &list);
		}
	mutex_unlock(&device_links_lock);
	call_sync(&list, NULL);
}

/* ---- making --------------------------------------------------------------- */

static bool is_ancestor(struct device *dev, struct device *target)
{
	while (target->parent) {
		target = target->parent;
		if (dev == target)
			return true;
	}
	return false;
}

/* Is @target below @dev, or a consumer of what is? For device_for_each_child(), too. */
static int is_dependent(struct device *dev, void *target)
{
	struct device_link *link;
	int ret;

	if (dev == target || is_ancestor(dev, target))
		return 1;
	ret = device_for_each_child(dev, target, is_dependent);
	if (ret)
		return ret;
	list_for_each_entry(link, &dev->links.consumers, s_node) {
		if (is_only_for_sync(link->flags))
			continue;
		if (link->consumer == target || is_dependent(link->consumer, target))
			return 1;
	}
	return 0;
}

static enum device_link_state first_status(struct device *consumer, struct device *supplier)
{
	switch (supplier->links.status) {
	case DL_DEV_PROBING:
		/* it works already, if its consumer's probe says so */
		return consumer->links.status == DL_DEV_PROBING ? DL_STATE_CONSUMER_PROBE :
								 DL_STATE_DORMANT;
	case DL_DEV_DRIVER_BOUND:
		switch (consumer->links.status) {
		case DL_DEV_PROBING:
			return DL_STATE_CONSUMER_PROBE;
		case DL_DEV_DRIVER_BOUND:
			return DL_STATE_ACTIVE;
		default:
			return DL_STATE_AVAILABLE;
		}
	case DL_DEV_UNBINDING:
		return DL_STATE_SUPPLIER_UNBIND;
	default:
		return DL_STATE_DORMANT;
	}
}

/* One that is there already gets what it lacks, and stays at least as long as the new one. */
static void add_again(struct device_link *link, u32 flags)
{
	u32 now = link->flags;

	if (!(flags & DL_FLAG_INFERRED))
		now &= ~DL_FLAG_INFERRED;
	now |= flags & DL_FLAG_PM_RUNTIME;
	if (flags & DL_FLAG_STATELESS) {
		kref_get(&link->kref);
		set_flags(link, now | DL_FLAG_STATELESS);
		return;
	}
	if (flags & DL_FLAG_AUTOREMOVE_SUPPLIER) {
		if (now & DL_FLAG_AUTOREMOVE_CONSUMER)
			now ^= DL_FLAG_AUTOREMOVE_CONSUMER | DL_FLAG_AUTOREMOVE_SUPPLIER;
	} else if (!(flags & DL_FLAG_AUTOREMOVE_CONSUMER)) {
		now &= ~(DL_FLAG_AUTOREMOVE_CONSUMER | DL_FLAG_AUTOREMOVE_SUPPLIER);
	}
	if (!(now & DL_FLAG_MANAGED)) {
		kref_get(&link->kref);
		now |= DL_FLAG_MANAGED;
		set_status(link, first_status(link->consumer, link->supplier));
	}
	if (!(flags & DL_FLAG_SYNC_STATE_ONLY))
		now &= ~DL_FLAG_SYNC_STATE_ONLY;
	set_flags(link, now);
}

static struct device_link *new_link(struct device *consumer, struct device *supplier, u32 flags)
{
	struct link *l = kzalloc(sizeof(*l), GFP_KERNEL);
	struct device_link *link;

	if (!l)
		return NULL;
	link = &l->link;
	link->supplier = get_device(supplier);
	link->consumer = get_device(consumer);
	INIT_LIST_HEAD(&link->s_node);
	INIT_LIST_HEAD(&link->c_node);
	INIT_WORK(&l->work, link_end);
	link->flags = flags;
	refcount_set(&link->rpm_active, 1);
	kref_init(&link->kref);
	link->link_dev.class = &devlink_class;
	/* without a name it is not registered */
	dev_set_name(&link->link_dev, "%s:%s--%s:%s", dev_bus_name(supplier), dev_name(supplier),
		     dev_bus_name(consumer), dev_name(consumer));
	if (device_register(&link->link_dev)) {
		put_device(&link->link_dev);
		return NULL;
	}
	set_status(link, flags & DL_FLAG_STATELESS ? DL_STATE_NONE :
						     first_status(consumer, supplier));
	list_add_tail(&link->s_node, &supplier->links.consumers);
	list_add_tail(&link->c_node, &consumer->links.suppliers);
	return link;
}

static struct device_link *find_link(const void *consumer, struct device *supplier)
{
	struct device_link *link;

	list_for_each_entry(link, &supplier->links.consumers, s_node)
		if (link->consumer == consumer)
			return link;
	return NULL;
}

static bool can_be_linked(struct device *consumer, struct device *supplier, u32 flags)
{
	if (!supplier->links.added)
		return false;
	if (!(flags & DL_FLAG_SYNC_STATE_ONLY))
		return !is_dependent(consumer, supplier);
	return consumer->links.status == DL_DEV_NO_DRIVER ||
	       consumer->links.status == DL_DEV_PROBING;
}

/**
 * device_link_add() - say that one device needs another
 * @consumer: needs @supplier; initialised
 * @supplier: added
 * @flags: DL_FLAG_STATELESS, for device_link_del() as often as it was added; or none of it,
 *	   and the core manages it: until the consumer is unbound (AUTOREMOVE_CONSUMER), the
 *	   supplier (AUTOREMOVE_SUPPLIER) or either is removed. AUTOPROBE_CONSUMER: the
 *	   consumer is probed when the supplier is bound. SYNC_STATE_ONLY: nothing but the
 *	   supplier's sync_state() waits for the consumer. PM_RUNTIME, RPM_ACTIVE: kept
 *
 * A link that is there already is given back, changed so that it stays as long as both
 * want it.
 *
 * Context: may sleep. From the supplier's or the consumer's probe, too.
 * Return: the link, or NULL: out of memory, flags that contradict each other, a supplier
 * that is not added or that depends on the consumer.
 */
struct device_link *device_link_add(struct device *consumer, struct device *supplier, u32 flags)
{
	struct device_link *link = NULL;

	if (!consumer || !supplier || consumer == supplier || flags & ~VALID ||
	    (flags & DL_FLAG_STATELESS && flags & ONLY_MANAGED) ||
	    (flags & DL_FLAG_AUTOPROBE_CONSUMER &&
	     flags & (DL_FLAG_AUTOREMOVE_CONSUMER | DL_FLAG_AUTOREMOVE_SUPPLIER)))
		return NULL;
	if (!(flags & DL_FLAG_STATELESS))
		flags |= DL_FLAG_MANAGED;
	if (flags & DL_FLAG_SYNC_STATE_ONLY && !is_only_for_sync(flags))
		return NULL;
	if (flags & DL_FLAG_AUTOREMOVE_SUPPLIER)
		flags &= ~DL_FLAG_AUTOREMOVE_CONSUMER;

	mutex_lock(&device_links_lock);
	if (can_be_linked(consumer, supplier, flags)) {
		link = find_link(consumer, supplier);
		if (link)
			add_again(link, flags);
		else
			link = new_link(consumer, supplier, flags);
	}
	mutex_unlock(&device_links_lock);
	return link;
}
EXPORT_SYMBOL_GPL(device_link_add);

/* ---- deleting; device_links_lock held ------------------------------------- */

static void link_del(struct kref *kref)
{
	struct device_link *link = container_of(kref, struct device_link, kref);

	list_del(&link->s_node);
	list_del(&link->c_node);
	device_unregister(&link->link_dev);
}

static void put_link(struct device_link *link)
{
	if (link->flags & DL_FLAG_STATELESS)
		kref_put(&link->kref, link_del);
	else if (!device_is_registered(link->consumer))
		link_del(&link->kref);
	else
		WARN(1, "Unable to drop a managed device link reference\n");
}

static void drop_managed(struct device_link *link)
{
	set_flags(link, link->flags & ~DL_FLAG_MANAGED);
	set_status(link, DL_STATE_NONE);
	kref_put(&link->kref, link_del);
}

/**
 * device_link_del() - undo device_link_add() of a stateless link
 * @link: not to be used afterwards; a splat for one that is managed
 *
 * Not after either device was removed, which deletes the link.
 *
 * Context: may sleep.
 */
void device_link_del(struct device_link *link)
{
	mutex_lock(&device_links_lock);
	put_link(link);
	mutex_unlock(&device_links_lock);
}
EXPORT_SYMBOL_GPL(device_link_del);

/**
 * device_link_remove() - device_link_del() by both ends
 * @consumer: a struct device
 * @supplier: its supplier; nothing happens when there is no link
 *
 * Context: may sleep.
 */
void device_link_remove(void *consumer, struct device *supplier)
{
	struct device_link *link;

	if (WARN_ON(consumer == supplier))
		return;
	mutex_lock(&device_links_lock);
	link = find_link(consumer, supplier);
	if (link)
		put_link(link);
	mutex_unlock(&device_links_lock);
}
EXPORT_SYMBOL_GPL(device_link_remove);

/**
 * device_link_wait_removal() - until links that were deleted hold no device any more
 *
 * Context: may sleep.
 */
void device_link_wait_removal(void)
{
	flush_workqueue(link_wq);
}
EXPORT_SYMBOL_GPL(device_link_wait_removal);

/* ---- what the core tells of drivers; device lock held ---------------------- */

/* Before a probe. -EPROBE_DEFER: a supplier's driver is missing. */
int device_links_check_suppliers(struct device *dev)
{
	struct device_link *link, *done;
	int ret = 0;

	mutex_lock(&device_links_lock);
	list_for_each_entry(link, &dev->links.suppliers, c_node) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->status != DL_STATE_AVAILABLE &&
		    !(link->flags & DL_FLAG_SYNC_STATE_ONLY)) {
			ret = -EPROBE_DEFER;
			break;
		}
		set_status(link, DL_STATE_CONSUMER_PROBE);
	}
	if (ret) {
		list_for_each_entry(done, &dev->links.suppliers, c_node)
			if (done->status == DL_STATE_CONSUMER_PROBE)
				set_status(done, done->supplier->links.status == DL_DEV_DRIVER_BOUND ?
						 DL_STATE_AVAILABLE : DL_STATE_DORMANT);
		dev_err_probe(dev, ret, "supplier %s not ready\n", dev_name(link->supplier));
	}
	dev->links.status = DL_DEV_PROBING;
	mutex_unlock(&device_links_lock);
	return ret;
}

/* Before it is bound without a probe: what is not available is no supplier. */
void device_links_force_bind(struct device *dev)
{
	struct device_link *link, *next;

	mutex_lock(&device_links_lock);
	list_for_each_entry_safe(link, next, &dev->links.suppliers, c_node) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->status == DL_STATE_AVAILABLE)
			set_status(link, DL_STATE_CONSUMER_PROBE);
		else
			drop_managed(link);
	}
	dev->links.status = DL_DEV_PROBING;
	mutex_unlock(&device_links_lock);
}

static void consumers_available(struct device *dev)
{
	struct device_link *link;

	list_for_each_entry(link, &dev->links.consumers, s_node) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		/* made while both were probed */
		if (link->status == DL_STATE_CONSUMER_PROBE || link->status == DL_STATE_ACTIVE)
			continue;
		WARN_ON(link->status != DL_STATE_DORMANT);
		set_status(link, DL_STATE_AVAILABLE);
		if (link->flags & DL_FLAG_AUTOPROBE_CONSUMER)
			driver_deferred_probe_add(link->consumer);
	}
}

/* After a probe that succeeded. */
void device_links_driver_bound(struct device *dev)
{
	struct device_link *link, *next;
	LIST_HEAD(list);

	mutex_lock(&device_links_lock);
	consumers_available(dev);
	queue_or_defer_sync(dev, &list);
	list_for_each_entry_safe(link, next, &dev->links.suppliers, c_node) {
		struct device *supplier = link->supplier;

		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->flags & DL_FLAG_SYNC_STATE_ONLY) {
			drop_managed(link);
		} else {
			WARN_ON(link->status != DL_STATE_CONSUMER_PROBE);
			set_status(link, DL_STATE_ACTIVE);
		}
		queue_or_defer_sync(supplier, &list);
	}
	dev->links.status = DL_DEV_DRIVER_BOUND;
	mutex_unlock(&device_links_lock);
	call_sync(&list, dev);
}

static void suppliers_unused(struct device *dev)
{
	struct device_link *link, *next;

	list_for_each_entry_safe_reverse(link, next, &dev->links.suppliers, c_node) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->flags & DL_FLAG_AUTOREMOVE_CONSUMER) {
			drop_managed(link);
			continue;
		}
		if (link->status != DL_STATE_CONSUMER_PROBE && link->status != DL_STATE_ACTIVE)
			continue;
		if (link->supplier->links.status == DL_DEV_DRIVER_BOUND) {
			set_status(link, DL_STATE_AVAILABLE);
		} else {
			WARN_ON(link->supplier->links.status != DL_DEV_UNBINDING &&
				!(link->flags & DL_FLAG_SYNC_STATE_ONLY));
			set_status(link, DL_STATE_DORMANT);
		}
	}
	dev->links.status = DL_DEV_NO_DRIVER;
}

/* After a probe that failed. */
void device_links_no_driver(struct device *dev)
{
	struct device_link *link;

	mutex_lock(&device_links_lock);
	list_for_each_entry(link, &dev->links.consumers, s_node)
		if (link->flags & DL_FLAG_MANAGED && (link->status == DL_STATE_CONSUMER_PROBE ||
						      link->status == DL_STATE_ACTIVE))
			set_status(link, DL_STATE_DORMANT);
	suppliers_unused(dev);
	mutex_unlock(&device_links_lock);
}

/* After its driver has gone, its consumers' before. */
void device_links_driver_cleanup(struct device *dev)
{
	struct device_link *link, *next;
	bool stays;

	mutex_lock(&device_links_lock);
	list_for_each_entry_safe(link, next, &dev->links.consumers, s_node) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		WARN_ON(link->flags & DL_FLAG_AUTOREMOVE_CONSUMER);
		WARN_ON(link->status != DL_STATE_SUPPLIER_UNBIND);
		/* who added it as stateless, too, still has it, and sees it dormant */
		stays = !(link->flags & DL_FLAG_AUTOREMOVE_SUPPLIER) ||
			link->flags & DL_FLAG_STATELESS;
		if (link->flags & DL_FLAG_AUTOREMOVE_SUPPLIER)
			drop_managed(link);
		if (stays)
			set_status(link, DL_STATE_DORMANT);
	}
	list_del_init(&dev->links.defer_sync);
	suppliers_unused(dev);
	mutex_unlock(&device_links_lock);
}

/* Before a driver goes: are there consumers? If not, none comes any more. */
bool device_links_busy(struct device *dev)
{
	struct device_link *link;
	bool busy = false;

	mutex_lock(&device_links_lock);
	list_for_each_entry(link, &dev->links.consumers, s_node) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		busy = link->status == DL_STATE_CONSUMER_PROBE || link->status == DL_STATE_ACTIVE;
		if (busy)
			break;
		set_status(link, DL_STATE_SUPPLIER_UNBIND);
	}
	dev->links.status = DL_DEV_UNBINDING;
	mutex_unlock(&device_links_lock);
	return busy;
}

/* One of those that are in the way, with what it is doing; or NULL. */
static struct device *next_consumer(struct device *dev, enum device_link_state *status)
{
	struct device_link *link;

	list_for_each_entry(link, &dev->links.consumers, s_node) {
		if (!(link->flags & DL_FLAG_MANAGED) || link->flags & DL_FLAG_SYNC_STATE_ONLY)
			continue;
		*status = link->status;
		if (*status == DL_STATE_CONSUMER_PROBE)
			return get_device(link->consumer);
		set_status(link, DL_STATE_SUPPLIER_UNBIND);
		if (*status == DL_STATE_ACTIVE)
			return get_device(link->consumer);
	}
	return NULL;
}

/* No device lock held. */
void device_links_unbind_consumers(struct device *dev)
{
	enum device_link_state status = DL_STATE_NONE;
	struct device *consumer;

	for (;;) {
		mutex_lock(&device_links_lock);
		consumer = next_consumer(dev, &status);
		mutex_unlock(&device_links_lock);
		if (!consumer)
			return;
		if (status == DL_STATE_CONSUMER_PROBE)
			wait_for_device_probe();
		else
			device_driver_detach(consumer);
		put_device(consumer);
	}
}

/* ---- a device's own ------------------------------------------------------- */

void device_links_init(struct device *dev)
{
	INIT_LIST_HEAD(&dev->links.suppliers);
	INIT_LIST_HEAD(&dev->links.consumers);
	INIT_LIST_HEAD(&dev->links.defer_sync);
	dev->links.status = DL_DEV_NO_DRIVER;
}

/* From now on, or no more, it can be a supplier. */
void device_links_set_added(struct device *dev, bool added)
{
	/* a link is none, and made with the lock held */
	if (dev->class == &devlink_class)
		return;
	mutex_lock(&device_links_lock);
	dev->links.added = added;
	mutex_unlock(&device_links_lock);
}

/* Its device is being removed, and has no driver. */
void device_links_purge(struct device *dev)
{
	struct device_link *link, *next;

	/* called for a link with the lock held */
	if (dev->class == &devlink_class)
		return;
	mutex_lock(&device_links_lock);
	list_for_each_entry_safe_reverse(link, next, &dev->links.suppliers, c_node) {
		WARN_ON(link->status == DL_STATE_ACTIVE);
		link_del(&link->kref);
	}
	list_for_each_entry_safe_reverse(link, next, &dev->links.consumers, s_node) {
		WARN_ON(link->status != DL_STATE_DORMANT && link->status != DL_STATE_NONE);
		link_del(&link->kref);
	}
	mutex_unlock(&device_links_lock);
}

/* ---- boot ----------------------------------------------------------------- */

static int __init device_links_class_init(void)
{
	int err;

	link_wq = alloc_workqueue("device_link_wq", 0, 0);
	if (!link_wq)
		return -ENOMEM;
	err = class_register(&devlink_class);
	return err ?: class_interface_register(&devlink_interface);
}
postcore_initcall(device_links_class_init);

static int __init sync_state_initcall(void)
{
	device_links_supplier_sync_state_resume();
	return 0;
}
late_initcall(sync_state_initcall);
