// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of addresses: two trees, of memory and of ports, in which each range lies
 * inside its parent and beside its siblings, in order. Whoever has requested a
 * region is known to the audit until he releases it.
 *
 * Left out: looking for a free range, ranges that are had in turn, those of memory
 * itself, /proc/iomem.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/ioport.h>
#include <linux/limits.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "check/op.h"
#include "host/host.h"

struct resource ioport_resource = {
	.name = "PCI IO", .start = 0, .end = 0xffff, .flags = IORESOURCE_IO,
};
EXPORT_SYMBOL(ioport_resource);

struct resource iomem_resource = {
	.name = "PCI mem", .start = 0, .end = -1, .flags = IORESOURCE_MEM,
};
EXPORT_SYMBOL(iomem_resource);

static DEFINE_RWLOCK(resource_lock);

/* Lock held, as below. Returns what is in the way; NULL: @new is in the tree. */
static struct resource *insert(struct resource *root, struct resource *new)
{
	struct resource **p, *tmp;

	if (new->end < new->start || new->start < root->start || new->end > root->end)
		return root;
	for (p = &root->child; (tmp = *p) && tmp->end < new->start; p = &tmp->sibling)
		;
	if (tmp && tmp->start <= new->end)
		return tmp;
	new->sibling = tmp;
	*p = new;
	new->parent = root;
	return NULL;
}

static bool take_out(struct resource *old)
{
	struct resource **p;

	for (p = &old->parent->child; *p && *p != old; p = &(*p)->sibling)
		;
	if (!*p)
		return false;
	*p = old->sibling;
	old->parent = NULL;
	return true;
}

/**
 * request_resource() - put a range into a tree
 * @root: in which range
 * @new:  stays the caller's, until release_resource()
 *
 * Return: 0; -EBUSY when something is in the way or it does not lie in @root.
 */
int request_resource(struct resource *root, struct resource *new)
{
	struct resource *conflict;

	write_lock(&resource_lock);
	conflict = insert(root, new);
	write_unlock(&resource_lock);
	return conflict ? -EBUSY : 0;
}
EXPORT_SYMBOL(request_resource);

/* Lock held. The innermost range, of those that are nobody's region, in which @new lies. */
static struct resource *parent_for(struct resource *root, const struct resource *new)
{
	struct resource *r = root->child;

	while (r) {
		if (r->start > new->start || r->end < new->end || r->flags & IORESOURCE_BUSY) {
			r = r->sibling;
			continue;
		}
		root = r;
		r = r->child;
	}
	return root;
}

/**
 * insert_resource() - put a range into the innermost one that has all of it
 * @parent: in which range at least
 * @new:    stays the caller's, until release_resource()
 *
 * Ranges that lie in @new are not moved into it, and are in its way.
 *
 * Return: 0; -EBUSY when something is in the way.
 */
int insert_resource(struct resource *parent, struct resource *new)
{
	struct resource *conflict;

	write_lock(&resource_lock);
	conflict = insert(parent_for(parent, new), new);
	write_unlock(&resource_lock);
	return conflict ? -EBUSY : 0;
}
EXPORT_SYMBOL_GPL(insert_resource);

/**
 * release_resource() - take a range out of its tree, with what lies in it
 * @old: in a tree
 *
 * Return: 0; -EINVAL for one that is in none.
 */
int release_resource(struct resource *old)
{
	bool found;

	write_lock(&resource_lock);
	found = old->parent && take_out(old);
	write_unlock(&resource_lock);
	return found ? 0 : -EINVAL;
}
EXPORT_SYMBOL(release_resource);

/* ---- regions, which drivers request ----------------------------------------------- */

static void describe_region(const void *obj, char *buf, size_t size)
{
	const struct resource *res = obj;

	host_snprintf(buf, size, "%s at %#llx-%#llx", res->name ?: "",
		      (unsigned long long)res->start, (unsigned long long)res->end);
}

/* Lock held. Into the innermost range that has room for it and is nobody's region. */
static struct resource *insert_region(struct resource *parent, struct resource *res)
{
	struct resource *conflict;

	for (;;) {
		res->desc = parent->desc;
		conflict = insert(parent, res);
		if (!conflict)
			return NULL;
		if (conflict == parent || conflict->flags & IORESOURCE_BUSY)
			return conflict;
		parent = conflict;
	}
}

/**
 * um_request_region() - have a range for oneself; called as request_mem_region()
 *	and its like
 * @parent: the tree, or a range in it
 * @start:  the first address
 * @n:      how many
 * @name:   of the driver; not copied
 * @flags:  IORESOURCE_EXCLUSIVE or 0
 *
 * Context: may sleep.
 * Return: the region, for release_mem_region(); NULL when it is another's, and
 * without memory.
 */
struct resource *um_request_region(struct resource *parent, resource_size_t start,
				   resource_size_t n, const char *name, int flags)
{
	struct resource *res = kzalloc(sizeof(*res), GFP_KERNEL), *conflict;

	if (!res)
		return NULL;
	res->name = name;
	res->start = start;
	res->end = start + n - 1;
	res->flags = resource_type(parent) | IORESOURCE_BUSY | flags;
	write_lock(&resource_lock);
	conflict = insert_region(parent, res);
	write_unlock(&resource_lock);
	if (conflict) {
		kfree(res);
		return NULL;
	}
	um_object_new(res, "region", describe_region);
	return res;
}
EXPORT_SYMBOL(um_request_region);

/* Lock held: takes a region out that is just this range. */
static struct resource *find_region(struct resource *parent, resource_size_t start,
				    resource_size_t end)
{
	struct resource *res = parent->child;

	while (res) {
		if (res->start > start || res->end < end) {
			res = res->sibling;
		} else if (!(res->flags & IORESOURCE_BUSY)) {
			res = res->child;
		} else if (res->start == start && res->end == end) {
			return res;
		} else {
			return NULL;
		}
	}
	return NULL;
}

/**
 * __release_region() - give a region back; called as release_mem_region() and
 *	its like
 * @parent: as it was requested
 * @start:  as it was requested
 * @n:      as it was requested
 *
 * One that is not there is a warning.
 */
void __release_region(struct resource *parent, resource_size_t start, resource_size_t n)
{
	resource_size_t end = start + n - 1;
	struct resource *res;

	write_lock(&resource_lock);
	res = find_region(parent, start, end);
	if (res)
		take_out(res);
	write_unlock(&resource_lock);
	if (!res) {
		pr_warn("Trying to free nonexistent resource <%pa-%pa>\n", &start, &end);
		return;
	}
	um_object_freed(res);
	kfree(res);
}
EXPORT_SYMBOL(__release_region);

/* ---- that go with the driver ---------------------------------------------------------- */

struct region_devres {
	struct resource *parent;
	resource_size_t start, n;
};

static void devm_region_release(struct device *dev, void *res)
{
	struct region_devres *this = res;

	__release_region(this->parent, this->start, this->n);
}

static int devm_region_match(struct device *dev, void *res, void *match_data)
{
	const struct region_devres *this = res, *match = match_data;

	return this->parent == match->parent && this->start == match->start &&
	       this->n == match->n;
}

/**
 * __devm_request_region() - __request_region(), released with the driver; called as
 *	devm_request_mem_region() and devm_request_region()
 * @dev:    the device
 * @parent: as there
 * @start:  as there
 * @n:      as there
 * @name:   as there
 *
 * Context: may sleep.
 * Return: as there.
 */
struct resource *__devm_request_region(struct device *dev, struct resource *parent,
				       resource_size_t start, resource_size_t n,
				       const char *name)
{
	struct region_devres *dr = devres_alloc(devm_region_release, sizeof(*dr), GFP_KERNEL);
	struct resource *res;

	if (!dr)
		return NULL;
	*dr = (struct region_devres){ parent, start, n };
	res = __request_region(parent, start, n, name, 0);
	if (res)
		devres_add(dev, dr);
	else
		devres_free(dr);
	return res;
}
EXPORT_SYMBOL(__devm_request_region);

/**
 * __devm_release_region() - give a region back before the driver goes
 * @dev:    the device
 * @parent: as it was requested
 * @start:  as it was requested
 * @n:      as it was requested
 */
void __devm_release_region(struct device *dev, struct resource *parent, resource_size_t start,
			   resource_size_t n)
{
	struct region_devres match = { parent, start, n };

	__release_region(parent, start, n);
	WARN_ON(devres_destroy(dev, devm_region_release, devm_region_match, &match));
}
EXPORT_SYMBOL(__devm_release_region);
