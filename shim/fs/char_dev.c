// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers of char devices, and the way from a device node to its driver.
 *
 * Two tables, as in the kernel: regions, which only keep drivers from taking
 * each other's numbers, and the map from numbers to cdevs. A cdev is pinned
 * together with its owner while a file is open; the node of a device keeps a
 * pointer to the cdev it was opened by, which cdev_del()'s last reference
 * takes away. Left out: /proc/devices, modules loaded by number.
 */
#include <linux/bug.h>
#include <linux/cdev.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check/op.h"
#include "fs/internal.h"
#include "host/host.h"

/* ---- regions --------------------------------------------------------- */

struct region {
	struct list_head link;
	unsigned int major, baseminor, count;
	char name[64];
	struct cdev *cdev;	/* of __register_chrdev() */
};

static LIST_HEAD(regions);
static DEFINE_MUTEX(regions_lock);

static bool major_used(unsigned int major)
{
	struct region *r;

	list_for_each_entry(r, &regions, link)
		if (r->major == major)
			return true;
	return false;
}

static int find_dynamic_major(void)
{
	int i;

	for (i = 254; i >= CHRDEV_MAJOR_DYN_END; i--)
		if (!major_used(i))
			return i;
	for (i = CHRDEV_MAJOR_DYN_EXT_START; i >= CHRDEV_MAJOR_DYN_EXT_END; i--)
		if (!major_used(i))
			return i;
	return -EBUSY;
}

static bool overlaps(const struct region *a, const struct region *b)
{
	return a->major == b->major && a->baseminor < b->baseminor + b->count &&
	       b->baseminor < a->baseminor + a->count;
}

static int region_add(struct region *new)
{
	struct region *r;
	int major;

	if (!new->major) {
		major = find_dynamic_major();
		if (major < 0) {
			pr_err("CHRDEV \"%s\" dynamic allocation region is full\n", new->name);
			return major;
		}
		new->major = major;
	}
	list_for_each_entry(r, &regions, link)
		if (overlaps(r, new))
			return -EBUSY;
	list_add_tail(&new->link, &regions);
	return 0;
}

static struct region *region_register(unsigned int major, unsigned int baseminor,
				      unsigned int count, const char *name)
{
	struct region *r;
	int err;

	if (major >= CHRDEV_MAJOR_MAX) {
		pr_err("CHRDEV \"%s\" major requested (%u) is greater than the maximum (%u)\n",
		       name, major, CHRDEV_MAJOR_MAX - 1);
		return ERR_PTR(-EINVAL);
	}
	if (count > MINORMASK + 1 - baseminor) {
		pr_err("CHRDEV \"%s\" minor range requested (%u-%u) is out of range of maximum range (%u-%u) for a single major\n",
		       name, baseminor, baseminor + count - 1, 0, MINORMASK);
		return ERR_PTR(-EINVAL);
	}
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return ERR_PTR(-ENOMEM);
	r->major = major;
	r->baseminor = baseminor;
	r->count = count;
	strscpy(r->name, name, sizeof(r->name));
	mutex_lock(&regions_lock);
	err = region_add(r);
	mutex_unlock(&regions_lock);
	if (err) {
		kfree(r);
		return ERR_PTR(err);
	}
	return r;
}

static struct region *region_take(unsigned int major, unsigned int baseminor,
				  unsigned int count)
{
	struct region *r, *found = NULL;

	mutex_lock(&regions_lock);
	list_for_each_entry(r, &regions, link) {
		if (r->major == major && r->baseminor == baseminor && r->count == count) {
			list_del(&r->link);
			found = r;
			break;
		}
	}
	mutex_unlock(&regions_lock);
	return found;
}

/**
 * alloc_chrdev_region() - take a range of numbers under a major nobody uses
 * @dev: becomes the first number
 * @baseminor: the first minor wanted
 * @count: how many
 * @name: the driver's, for messages
 *
 * Majors are tried from 254 down to 234, then from 511 down to 384.
 *
 * Context: may sleep.
 *
 * Return: 0; -EBUSY when there is no such major; -EINVAL for minors beyond
 * MINORMASK; -ENOMEM.
 */
int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count,
			const char *name)
{
	struct region *r = region_register(0, baseminor, count, name);

	if (IS_ERR(r))
		return PTR_ERR(r);
	*dev = MKDEV(r->major, r->baseminor);
	return 0;
}
EXPORT_SYMBOL(alloc_chrdev_region);

/**
 * register_chrdev_region() - take certain numbers, over majors if need be
 * @from: the first
 * @count: how many
 * @name: the driver's, for messages
 *
 * Context: may sleep.
 *
 * Return: 0; -EBUSY when one of them is taken; -EINVAL for a major that is too
 * large; -ENOMEM. After an error none is taken.
 */
int register_chrdev_region(dev_t from, unsigned int count, const char *name)
{
	dev_t to = from + count, n, next;
	struct region *r;

	for (n = from; n < to; n = next) {
		next = min_t(dev_t, MKDEV(MAJOR(n) + 1, 0), to);
		r = region_register(MAJOR(n), MINOR(n), next - n, name);
		if (IS_ERR(r)) {
			unregister_chrdev_region(from, n - from);
			return PTR_ERR(r);
		}
	}
	return 0;
}
EXPORT_SYMBOL(register_chrdev_region);

/**
 * unregister_chrdev_region() - give numbers back
 * @from: the first, as they were taken
 * @count: how many, as they were taken
 *
 * Context: may sleep.
 */
void unregister_chrdev_region(dev_t from, unsigned int count)
{
	dev_t to = from + count, n, next;

	for (n = from; n < to; n = next) {
		next = min_t(dev_t, MKDEV(MAJOR(n) + 1, 0), to);
		kfree(region_take(MAJOR(n), MINOR(n), next - n));
	}
}
EXPORT_SYMBOL(unregister_chrdev_region);

/* ---- the map from numbers to cdevs ----------------------------------- */

struct mapping {
	struct list_head link;
	struct cdev *cdev;
	dev_t dev;
	unsigned int count;
};

static LIST_HEAD(cdev_map);
static DEFINE_MUTEX(cdev_map_lock);
/* inode->i_cdev, and cdev->list of the inodes that point at it */
static DEFINE_SPINLOCK(cdev_lock);

static struct kobject *cdev_get(struct cdev *p)
{
	struct module *owner = p->owner;
	struct kobject *kobj;

	if (!try_module_get(owner))
		return NULL;
	kobj = kobject_get_unless_zero(&p->kobj);
	if (!kobj)
		module_put(owner);
	return kobj;
}

void cdev_put(struct cdev *p)
{
	if (p) {
		struct module *owner = p->owner;

		kobject_put(&p->kobj);
		module_put(owner);
	}
}

/* The cdev of a number, pinned; of several the one with the smallest range. */
static struct cdev *cdev_lookup(dev_t dev)
{
	struct mapping *m, *best = NULL;
	struct cdev *cdev = NULL;

	mutex_lock(&cdev_map_lock);
	list_for_each_entry(m, &cdev_map, link)
		if (dev >= m->dev && dev - m->dev < m->count &&
		    (!best || m->count < best->count))
			best = m;
	if (best && cdev_get(best->cdev))
		cdev = best->cdev;
	mutex_unlock(&cdev_map_lock);
	return cdev;
}

/* The node is going: its cdev forgets it. */
void cd_forget(struct inode *inode)
{
	spin_lock(&cdev_lock);
	list_del_init(&inode->i_devices);
	inode->i_cdev = NULL;
	spin_unlock(&cdev_lock);
}

/* The cdev is going: its nodes forget it. */
static void cdev_purge(struct cdev *cdev)
{
	spin_lock(&cdev_lock);
	while (!list_empty(&cdev->list)) {
		struct inode *inode = container_of(cdev->list.next, struct inode,
						   i_devices);

		list_del_init(&inode->i_devices);
		inode->i_cdev = NULL;
	}
	spin_unlock(&cdev_lock);
}

/* The node's cdev, pinned; remembered in the node for the next time. */
static struct cdev *inode_cdev(struct inode *inode)
{
	struct cdev *p, *new = NULL;

	spin_lock(&cdev_lock);
	p = inode->i_cdev;
	if (!p) {
		spin_unlock(&cdev_lock);
		new = cdev_lookup(inode->i_rdev);
		if (!new)
			return NULL;
		spin_lock(&cdev_lock);
		p = inode->i_cdev;
		if (!p) {
			inode->i_cdev = p = new;
			list_add(&inode->i_devices, &p->list);
			new = NULL;
		} else if (!cdev_get(p)) {
			p = NULL;
		}
	} else if (!cdev_get(p)) {
		p = NULL;
	}
	spin_unlock(&cdev_lock);
	cdev_put(new);
	return p;
}

/**
 * um_chrdev_open() - open the device behind a node
 * @inode: the node
 * @file: on success it holds the cdev with its owner, and a reference on the
 *        module of the operations
 *
 * Context: may sleep.
 *
 * Return: 0; -ENXIO without a driver, or with one that is going; the driver's
 * error.
 */
int um_chrdev_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops;
	struct cdev *p = inode_cdev(inode);
	int err = -ENXIO;

	if (!p)
		return -ENXIO;
	fops = fops_get(p->ops);
	if (!fops)
		goto put_cdev;
	file->f_op = fops;
	if (fops->open) {
		err = fops->open(inode, file);
		if (err)
			goto put_fops;
	}
	return 0;

put_fops:
	/* open() may have replaced them, as misc devices do */
	fops_put(file->f_op);
put_cdev:
	cdev_put(p);
	return err;
}

/* ---- cdevs ----------------------------------------------------------- */

static void cdev_default_release(struct kobject *kobj)
{
	struct cdev *p = container_of(kobj, struct cdev, kobj);
	struct kobject *parent = kobj->parent;

	cdev_purge(p);
	kobject_put(parent);
}

static void cdev_dynamic_release(struct kobject *kobj)
{
	struct cdev *p = container_of(kobj, struct cdev, kobj);
	struct kobject *parent = kobj->parent;

	cdev_purge(p);
	kfree(p);
	kobject_put(parent);
}

static const struct kobj_type ktype_cdev_default = {
	.release = cdev_default_release,
};

static const struct kobj_type ktype_cdev_dynamic = {
	.release = cdev_dynamic_release,
};

/**
 * cdev_alloc() - a cdev that frees itself after its last reference
 * Context: may sleep.
 *
 * Return: a cdev without operations, with one reference: the caller's to give
 * to cdev_del(), or to kobject_put() if it is never added. NULL without memory.
 */
struct cdev *cdev_alloc(void)
{
	struct cdev *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (p) {
		INIT_LIST_HEAD(&p->list);
		kobject_init(&p->kobj, &ktype_cdev_dynamic);
	}
	return p;
}
EXPORT_SYMBOL(cdev_alloc);

static void describe_cdev(const void *obj, char *buf, size_t size)
{
	const struct cdev *p = container_of(obj, struct cdev, kobj);

	host_snprintf(buf, size, "char device %u:%u", MAJOR(p->dev), MINOR(p->dev));
}

/**
 * cdev_init() - a cdev inside a structure of the driver's
 * @cdev: the cdev; what it is in must outlive the last file and reference
 * @fops: its operations
 *
 * One that was never added may simply be freed with that structure, so the
 * registry of objects knows it from cdev_add() on only.
 */
void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	memset(cdev, 0, sizeof(*cdev));
	INIT_LIST_HEAD(&cdev->list);
	kobject_init(&cdev->kobj, &ktype_cdev_default);
	um_object_forgotten(&cdev->kobj);
	cdev->ops = fops;
}
EXPORT_SYMBOL(cdev_init);

/**
 * cdev_add() - make the device live: it may be opened before this returns
 * @p: the cdev, with operations and owner
 * @dev: its first number
 * @count: how many; of overlapping cdevs the one with fewer is opened
 *
 * Takes a reference on the parent set by cdev_set_parent().
 *
 * Context: may sleep.
 *
 * Return: 0; -EBUSY, with a warning, for number 0; -ENOMEM. cdev_del() is the
 * inverse; after an error the reference is still the caller's.
 */
int cdev_add(struct cdev *p, dev_t dev, unsigned int count)
{
	struct mapping *m;

	p->dev = dev;
	p->count = count;
	/* a node of number 0 stands for a deleted file */
	if (WARN_ON(!dev))
		return -EBUSY;
	m = kmalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	if (p->kobj.ktype == &ktype_cdev_default)
		um_object_new(&p->kobj, "cdev", describe_cdev);
	m->cdev = p;
	m->dev = dev;
	m->count = count;
	mutex_lock(&cdev_map_lock);
	list_add(&m->link, &cdev_map);
	mutex_unlock(&cdev_map_lock);
	kobject_get(p->kobj.parent);
	return 0;
}
EXPORT_SYMBOL(cdev_add);

/**
 * cdev_set_parent() - choose what a cdev is to keep alive
 * @p: the cdev, before it is added
 * @kobj: pinned from cdev_add() to the release of the cdev
 *
 * Context: before cdev_add(), by the one who owns @p. A warning for an object
 * that was not initialised.
 */
void cdev_set_parent(struct cdev *p, struct kobject *kobj)
{
	WARN_ON(!kobj->state_initialized);
	p->kobj.parent = kobj;
}
EXPORT_SYMBOL(cdev_set_parent);

static void cdev_unmap(struct cdev *p)
{
	struct mapping *m, *next;

	mutex_lock(&cdev_map_lock);
	list_for_each_entry_safe(m, next, &cdev_map, link) {
		if (m->cdev == p) {
			list_del(&m->link);
			kfree(m);
		}
	}
	mutex_unlock(&cdev_map_lock);
}

/**
 * cdev_del() - no new opens, and drop a reference; open files keep working
 * @p: the cdev, the caller's no longer
 *
 * Context: may sleep. An open that is under way is not waited for.
 */
void cdev_del(struct cdev *p)
{
	cdev_unmap(p);
	kobject_put(&p->kobj);
}
EXPORT_SYMBOL(cdev_del);

/**
 * cdev_device_add() - add a cdev and the device it belongs to
 * @cdev: the cdev; holds @dev until its last file is closed
 * @dev: initialised; without a number (devt) only the device is added
 *
 * Context: may sleep.
 *
 * Return: 0, or the error of cdev_add() or device_add(), with all undone.
 */
int cdev_device_add(struct cdev *cdev, struct device *dev)
{
	int err;

	if (dev->devt) {
		cdev_set_parent(cdev, &dev->kobj);
		err = cdev_add(cdev, dev->devt, 1);
		if (err)
			return err;
	}
	err = device_add(dev);
	if (err && dev->devt)
		cdev_del(cdev);
	return err;
}
EXPORT_SYMBOL(cdev_device_add);

/**
 * cdev_device_del() - undo cdev_device_add()
 * @cdev: the cdev; drops its reference
 * @dev: the device; the caller's own reference stays
 *
 * Files may still be open afterwards.
 *
 * Context: may sleep.
 */
void cdev_device_del(struct cdev *cdev, struct device *dev)
{
	device_del(dev);
	if (dev->devt)
		cdev_del(cdev);
}
EXPORT_SYMBOL(cdev_device_del);

/* ---- both in one: the old way ---------------------------------------- */

/**
 * __register_chrdev() - numbers and a cdev at once, the old way
 * @major: 0 for one that nobody uses
 * @baseminor: the first minor
 * @count: how many
 * @name: the driver's, for messages
 * @fops: operations, with the owner
 *
 * Context: may sleep.
 *
 * Return: 0, or the major if 0 was asked for; -EBUSY, -EINVAL as
 * register_chrdev_region(); -ENOMEM. After an error nothing is left.
 */
int __register_chrdev(unsigned int major, unsigned int baseminor,
		      unsigned int count, const char *name,
		      const struct file_operations *fops)
{
	struct region *r;
	struct cdev *cdev;
	int err = -ENOMEM;

	r = region_register(major, baseminor, count, name);
	if (IS_ERR(r))
		return PTR_ERR(r);
	cdev = cdev_alloc();
	if (!cdev)
		goto unregister;
	cdev->owner = fops->owner;
	cdev->ops = fops;
	err = kobject_set_name(&cdev->kobj, "%s", name);
	if (!err)
		err = cdev_add(cdev, MKDEV(r->major, baseminor), count);
	if (err)
		goto put_cdev;
	r->cdev = cdev;
	return major ? 0 : r->major;

put_cdev:
	kobject_put(&cdev->kobj);
unregister:
	kfree(region_take(r->major, baseminor, count));
	return err;
}
EXPORT_SYMBOL(__register_chrdev);

/**
 * __unregister_chrdev() - undo __register_chrdev()
 * @major: the major
 * @baseminor: as it was registered
 * @count: as it was registered
 * @name: not looked at
 *
 * Context: may sleep.
 */
void __unregister_chrdev(unsigned int major, unsigned int baseminor,
			 unsigned int count, const char *name)
{
	struct region *r = region_take(major, baseminor, count);

	if (r && r->cdev)
		cdev_del(r->cdev);
	kfree(r);
}
EXPORT_SYMBOL(__unregister_chrdev);
