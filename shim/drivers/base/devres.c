// SPDX-License-Identifier: GPL-2.0-only
/*
 * Managed resources: what a driver takes for a device and need not give
 * back, because unbinding it (or a failed probe, or deleting the device)
 * does, the last taken first.
 *
 * Each resource is an entry on the device's list with its bytes behind it. A
 * group is a pair of markers on the same list, before its first resource
 * and, once closed, behind its last one; groups nest.
 *
 * Left out: managed pages, per-CPU memory, logging.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "drivers/base/base.h"

struct devres_group;

struct devres_entry {
	struct list_head list;		/* device.devres_head; empty: on none */
	dr_release_t release;
	struct devres_group *group;	/* of a marker, otherwise NULL */
	const char *name;
};

struct devres {
	struct devres_entry entry;
	/* aligned as kmalloc() aligns */
	u8 data[] __aligned(__alignof__(unsigned long long));
};

struct devres_group {
	struct devres_entry open;
	struct devres_entry close;	/* on no list while the group is open */
	void *id;
	bool opens_inside;		/* remove_range(): marker seen */
};

static struct devres *to_devres(void *res)
{
	return container_of(res, struct devres, data);
}

static struct devres *entry_devres(struct devres_entry *e)
{
	return container_of(e, struct devres, entry);
}

static struct devres *devres_new(dr_release_t release, size_t size, gfp_t gfp,
				 const char *name)
{
	struct devres *dr;
	size_t total;

	if (check_add_overflow(sizeof(*dr), size, &total))
		return NULL;
	dr = kmalloc(total, gfp);
	if (!dr)
		return NULL;

	dr->entry = (struct devres_entry){ .release = release, .name = name };
	INIT_LIST_HEAD(&dr->entry.list);
	return dr;
}

/* devres_lock held */
static void devres_link(struct device *dev, struct devres_entry *e)
{
	BUG_ON(!list_empty(&e->list));
	list_add_tail(&e->list, &dev->devres_head);
}

/* The latest that matches. devres_lock held. */
static struct devres *devres_lookup(struct device *dev, dr_release_t release,
				    dr_match_t match, void *match_data)
{
	struct devres_entry *e;

	list_for_each_entry_reverse(e, &dev->devres_head, list) {
		struct devres *dr = entry_devres(e);

		if (e->group || e->release != release)
			continue;
		if (!match || match(dev, dr->data, match_data))
			return dr;
	}
	return NULL;
}

/**
 * __devres_alloc_node() - memory for a resource; called as devres_alloc()
 * @release: called with the resource when it goes
 * @size:    bytes, zeroed
 * @gfp:     as for kmalloc()
 * @nid:     NUMA node, ignored
 * @name:    for debugging
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the resource, for devres_add() or devres_free(), or NULL.
 */
void *__devres_alloc_node(dr_release_t release, size_t size, gfp_t gfp,
			  int nid, const char *name)
{
	struct devres *dr = devres_new(release, size, gfp | __GFP_ZERO, name);

	return dr ? dr->data : NULL;
}
EXPORT_SYMBOL_GPL(__devres_alloc_node);

/**
 * devres_free() - free a resource that is on no device
 * @res: from devres_alloc() or devres_remove(); on a device it is a bug that
 *	stops here. NULL does nothing.
 *
 * Its release is not called.
 */
void devres_free(void *res)
{
	if (!res)
		return;

	BUG_ON(!list_empty(&to_devres(res)->entry.list));
	kfree(to_devres(res));
}
EXPORT_SYMBOL_GPL(devres_free);

/**
 * devres_add() - hand a resource over to a device
 * @dev: the device, which releases and frees it from now on
 * @res: from devres_alloc()
 *
 * Context: takes the device's spinlock, interrupts off: not from a @match.
 */
void devres_add(struct device *dev, void *res)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->devres_lock, flags);
	devres_link(dev, &to_devres(res)->entry);
	spin_unlock_irqrestore(&dev->devres_lock, flags);
}
EXPORT_SYMBOL_GPL(devres_add);

/**
 * devres_find() - the latest resource that matches; it stays
 * @dev:        the device
 * @release:    the resource's release function
 * @match:      called for those, non-zero takes it; NULL takes the latest
 * @match_data: passed on
 *
 * Context: @match is called under the device's spinlock, interrupts off: it
 * must not sleep.
 * Return: the resource, still the device's, or NULL.
 */
void *devres_find(struct device *dev, dr_release_t release, dr_match_t match,
		  void *match_data)
{
	struct devres *dr;
	unsigned long flags;

	spin_lock_irqsave(&dev->devres_lock, flags);
	dr = devres_lookup(dev, release, match, match_data);
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	return dr ? dr->data : NULL;
}
EXPORT_SYMBOL_GPL(devres_find);

/**
 * devres_get() - the resource that matches, or a new one in its stead
 * @dev:        the device
 * @new_res:    from devres_alloc(); added when none of its release function
 *	matches, freed otherwise
 * @match:      as for devres_find()
 * @match_data: passed on
 *
 * Context: @match is called under the device's spinlock, interrupts off: it
 * must not sleep.
 * Return: the resource, which is the device's.
 */
void *devres_get(struct device *dev, void *new_res, dr_match_t match,
		 void *match_data)
{
	struct devres *new_dr = to_devres(new_res);
	struct devres *dr;
	unsigned long flags;

	spin_lock_irqsave(&dev->devres_lock, flags);
	dr = devres_lookup(dev, new_dr->entry.release, match, match_data);
	if (!dr)
		devres_link(dev, &new_dr->entry);
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	if (!dr)
		return new_res;
	devres_free(new_res);
	return dr->data;
}
EXPORT_SYMBOL_GPL(devres_get);

/**
 * devres_remove() - take the latest resource that matches off its device
 * @dev:        the device
 * @release:    the resource's release function
 * @match:      as for devres_find()
 * @match_data: passed on
 *
 * Context: @match is called under the device's spinlock, interrupts off: it
 * must not sleep.
 * Return: the resource, now the caller's, or NULL. It is not released.
 */
void *devres_remove(struct device *dev, dr_release_t release, dr_match_t match,
		    void *match_data)
{
	struct devres *dr;
	unsigned long flags;

	spin_lock_irqsave(&dev->devres_lock, flags);
	dr = devres_lookup(dev, release, match, match_data);
	if (dr)
		list_del_init(&dr->entry.list);
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	return dr ? dr->data : NULL;
}
EXPORT_SYMBOL_GPL(devres_remove);

/**
 * devres_destroy() - devres_remove() and devres_free(): it is not released
 * @dev:        the device
 * @release:    the resource's release function
 * @match:      as for devres_find()
 * @match_data: passed on
 *
 * Context: @match is called under the device's spinlock, interrupts off: it
 * must not sleep.
 * Return: 0, or -ENOENT when none matches.
 */
int devres_destroy(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data)
{
	void *res = devres_remove(dev, release, match, match_data);

	if (!res)
		return -ENOENT;
	devres_free(res);
	return 0;
}
EXPORT_SYMBOL_GPL(devres_destroy);

/**
 * devres_release() - release the latest resource that matches, and free it
 * @dev:        the device
 * @release:    the resource's release function
 * @match:      as for devres_find()
 * @match_data: passed on
 *
 * Context: what @release wants; @match is called under a spinlock of the
 * device, @release without one.
 * Return: 0, or -ENOENT when none matches.
 */
int devres_release(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data)
{
	void *res = devres_remove(dev, release, match, match_data);

	if (!res)
		return -ENOENT;
	release(dev, res);
	devres_free(res);
	return 0;
}
EXPORT_SYMBOL_GPL(devres_release);

/*
 * Move what lies from @first up to @end to @todo: all resources, and the
 * groups that lie in the range wholly, or begin there and were never closed.
 * A group that only reaches into it keeps its markers. A group's entry on
 * @todo is its opening marker. devres_lock held. Return: how many resources.
 */
static int remove_range(struct list_head *first, struct list_head *end,
			struct list_head *todo)
{
	struct list_head *pos, *next;
	int count = 0;

	for (pos = first; pos != end; pos = pos->next) {
		struct devres_entry *e =
			list_entry(pos, struct devres_entry, list);

		if (e->group)
			e->group->opens_inside = false;
	}

	for (pos = first; pos != end; pos = next) {
		struct devres_entry *e =
			list_entry(pos, struct devres_entry, list);
		struct devres_group *grp = e->group;

		next = pos->next;
		if (!grp) {
			list_move_tail(pos, todo);
			count++;
		} else if (e == &grp->open) {
			grp->opens_inside = true;
			if (list_empty(&grp->close.list))
				list_move_tail(pos, todo);
		} else if (grp->opens_inside) {
			list_move_tail(&grp->open.list, todo);
			list_del_init(pos);
		}
	}
	return count;
}

/* The last taken first. No lock: the callbacks may sleep. */
static void release_list(struct device *dev, struct list_head *todo)
{
	struct devres_entry *e, *prev;

	list_for_each_entry_safe_reverse(e, prev, todo, list) {
		if (e->group) {
			kfree(e->group);
			continue;
		}
		e->release(dev, entry_devres(e)->data);
		kfree(entry_devres(e));
	}
}

/* Return: how many resources; -ENODEV for a device never initialised. */
int devres_release_all(struct device *dev)
{
	LIST_HEAD(todo);
	unsigned long flags;
	int count;

	if (WARN_ON(!dev->devres_head.next))
		return -ENODEV;
	if (list_empty(&dev->devres_head))
		return 0;

	spin_lock_irqsave(&dev->devres_lock, flags);
	count = remove_range(dev->devres_head.next, &dev->devres_head, &todo);
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	release_list(dev, &todo);
	return count;
}

/* ---- groups ---------------------------------------------------------------------- */

/**
 * devres_open_group() - begin a group of resources that go together
 * @dev: the device
 * @id:  names the group; NULL: the group is its own name
 * @gfp: as for kmalloc()
 *
 * What is added to @dev from now until devres_close_group() belongs to it.
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the name, or NULL when out of memory.
 */
void *devres_open_group(struct device *dev, void *id, gfp_t gfp)
{
	struct devres_group *grp;
	unsigned long flags;

	grp = kzalloc(sizeof(*grp), gfp);
	if (!grp)
		return NULL;

	grp->open.group = grp;
	grp->open.name = "grp<";
	INIT_LIST_HEAD(&grp->open.list);
	grp->close.group = grp;
	grp->close.name = "grp>";
	INIT_LIST_HEAD(&grp->close.list);
	grp->id = id ? id : grp;

	spin_lock_irqsave(&dev->devres_lock, flags);
	devres_link(dev, &grp->open);
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	return grp->id;
}
EXPORT_SYMBOL_GPL(devres_open_group);

/* By name, or the latest that is open. devres_lock held. */
static struct devres_group *find_group(struct device *dev, void *id)
{
	struct devres_entry *e;

	list_for_each_entry_reverse(e, &dev->devres_head, list) {
		struct devres_group *grp = e->group;

		if (!grp || e != &grp->open)
			continue;
		if (id ? grp->id == id : list_empty(&grp->close.list))
			return grp;
	}
	return NULL;
}

/**
 * devres_close_group() - end a group
 * @dev: the device
 * @id:  its name; NULL: the latest that is open. Warns when there is none.
 *
 * Context: takes the device's spinlock, interrupts off: not from a @match.
 */
void devres_close_group(struct device *dev, void *id)
{
	struct devres_group *grp;
	unsigned long flags;

	spin_lock_irqsave(&dev->devres_lock, flags);
	grp = find_group(dev, id);
	if (!WARN_ON(!grp))
		devres_link(dev, &grp->close);
	spin_unlock_irqrestore(&dev->devres_lock, flags);
}
EXPORT_SYMBOL_GPL(devres_close_group);

/**
 * devres_remove_group() - forget a group; its resources stay
 * @dev: the device
 * @id:  its name; NULL: the latest that is open. Warns when there is none.
 *
 * Context: takes the device's spinlock, interrupts off: not from a @match.
 */
void devres_remove_group(struct device *dev, void *id)
{
	struct devres_group *grp;
	unsigned long flags;

	spin_lock_irqsave(&dev->devres_lock, flags);
	grp = find_group(dev, id);
	if (!WARN_ON(!grp)) {
		list_del_init(&grp->open.list);
		list_del_init(&grp->close.list);
	}
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	kfree(grp);
}
EXPORT_SYMBOL_GPL(devres_remove_group);

/**
 * devres_release_group() - release a group's resources and the group
 * @dev: the device
 * @id:  its name; NULL: the latest that is open
 *
 * Of a group that is still open, everything added since goes. Warns when
 * there is none, unless the device has no resources at all.
 *
 * Context: what the releases want: no lock is held around them.
 * Return: how many resources.
 */
int devres_release_group(struct device *dev, void *id)
{
	struct list_head *end = &dev->devres_head;
	struct devres_group *grp;
	LIST_HEAD(todo);
	unsigned long flags;
	int count = 0;

	spin_lock_irqsave(&dev->devres_lock, flags);
	grp = find_group(dev, id);
	if (grp) {
		if (!list_empty(&grp->close.list))
			end = grp->close.list.next;
		count = remove_range(&grp->open.list, end, &todo);
	} else {
		/* a failed probe may have emptied the device already */
		WARN_ON(!list_empty(&dev->devres_head));
	}
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	release_list(dev, &todo);
	return count;
}
EXPORT_SYMBOL_GPL(devres_release_group);

/* ---- actions --------------------------------------------------------------------- */

struct action_devres {
	void (*action)(void *data);
	void *data;
};

static int action_match(struct device *dev, void *res, void *data)
{
	struct action_devres *have = res, *want = data;

	return have->action == want->action && have->data == want->data;
}

static void action_release(struct device *dev, void *res)
{
	struct action_devres *ad = res;

	ad->action(ad->data);
}

/**
 * devm_add_action() - have a function called when the driver is unbound
 * @dev:    the device
 * @action: the function
 * @data:   its argument
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM without a call; see devm_add_action_or_reset().
 */
int devm_add_action(struct device *dev, void (*action)(void *), void *data)
{
	struct action_devres *ad;

	ad = devres_alloc(action_release, sizeof(*ad), GFP_KERNEL);
	if (!ad)
		return -ENOMEM;

	ad->action = action;
	ad->data = data;
	devres_add(dev, ad);
	return 0;
}
EXPORT_SYMBOL_GPL(devm_add_action);

/**
 * devm_remove_action() - undo devm_add_action(): the function is not called
 * @dev:    the device
 * @action: as given to devm_add_action()
 * @data:   likewise
 *
 * Warns when there is no such action; of several the latest goes.
 *
 * Context: takes the device's spinlock, interrupts off: not from a @match.
 */
void devm_remove_action(struct device *dev, void (*action)(void *), void *data)
{
	struct action_devres want = { .action = action, .data = data };

	WARN_ON(devres_destroy(dev, action_release, action_match, &want));
}
EXPORT_SYMBOL_GPL(devm_remove_action);

/**
 * devm_release_action() - call the function of devm_add_action() now instead
 * @dev:    the device
 * @action: as given to devm_add_action()
 * @data:   likewise
 *
 * Warns when there is no such action; of several the latest goes.
 *
 * Context: what @action wants.
 */
void devm_release_action(struct device *dev, void (*action)(void *),
			 void *data)
{
	struct action_devres want = { .action = action, .data = data };

	WARN_ON(devres_release(dev, action_release, action_match, &want));
}
EXPORT_SYMBOL_GPL(devm_release_action);

/* ---- memory ------------------------------------------------------------------------- */

static void devm_kmalloc_release(struct device *dev, void *res)
{
	/* the bytes lie in the resource itself */
}

static int devm_kmalloc_match(struct device *dev, void *res, void *data)
{
	return res == data;
}

/**
 * devm_kmalloc() - kmalloc() until the driver is unbound
 * @dev:  the device, which frees it
 * @size: bytes
 * @gfp:  as for kmalloc()
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the memory, ZERO_SIZE_PTR for no bytes, or NULL.
 */
void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)
{
	struct devres *dr;

	if (!size)
		return ZERO_SIZE_PTR;

	dr = devres_new(devm_kmalloc_release, size, gfp, "devm_kzalloc_release");
	if (!dr)
		return NULL;

	devres_add(dev, dr->data);
	return dr->data;
}
EXPORT_SYMBOL_GPL(devm_kmalloc);

/**
 * devm_krealloc() - krealloc() for memory of devm_kmalloc()
 * @dev:  the device
 * @ptr:  the device's own, or there is a warning; NULL: as devm_kmalloc()
 * @size: bytes; 0 frees
 * @gfp:  as for kmalloc()
 *
 * The memory keeps its place in the order of releases.
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the memory, ZERO_SIZE_PTR for no bytes, or NULL with @ptr untouched.
 */
void *devm_krealloc(struct device *dev, void *ptr, size_t size, gfp_t gfp)
{
	struct devres *old_dr, *new_dr;
	size_t old_size;
	unsigned long flags;

	if (!size) {
		devm_kfree(dev, ptr);
		return ZERO_SIZE_PTR;
	}
	if (ZERO_OR_NULL_PTR(ptr))
		return devm_kmalloc(dev, size, gfp);

	old_size = ksize(to_devres(ptr)) - offsetof(struct devres, data);
	if (size <= old_size)
		return ptr;

	new_dr = devres_new(devm_kmalloc_release, size, gfp,
			    "devm_krealloc_release");
	if (!new_dr)
		return NULL;

	spin_lock_irqsave(&dev->devres_lock, flags);
	old_dr = devres_lookup(dev, devm_kmalloc_release, devm_kmalloc_match,
			       ptr);
	if (old_dr)
		list_replace(&old_dr->entry.list, &new_dr->entry.list);
	spin_unlock_irqrestore(&dev->devres_lock, flags);

	if (!old_dr) {
		kfree(new_dr);
		WARN(1, "Memory chunk not managed or managed by a different device.");
		return NULL;
	}

	memcpy(new_dr->data, old_dr->data, old_size);
	kfree(old_dr);
	return new_dr->data;
}
EXPORT_SYMBOL_GPL(devm_krealloc);

/**
 * devm_kfree() - free memory of devm_kmalloc() earlier
 * @dev: the device
 * @p:   the device's own, or there is a warning; NULL does nothing
 *
 * Context: takes the device's spinlock, interrupts off: not from a @match.
 */
void devm_kfree(struct device *dev, const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;

	WARN_ON(devres_destroy(dev, devm_kmalloc_release, devm_kmalloc_match,
			       (void *)p));
}
EXPORT_SYMBOL_GPL(devm_kfree);

/**
 * devm_kmemdup() - a copy of some bytes until the driver is unbound
 * @dev: the device, which frees it
 * @src: the bytes
 * @len: how many
 * @gfp: as for kmalloc()
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the copy, ZERO_SIZE_PTR for no bytes, or NULL.
 */
void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp)
{
	void *p = devm_kmalloc(dev, len, gfp);

	return p ? memcpy(p, src, len) : NULL;
}
EXPORT_SYMBOL_GPL(devm_kmemdup);

/**
 * devm_kstrdup() - a copy of a string until the driver is unbound
 * @dev: the device, which frees it
 * @s:   the string, or NULL
 * @gfp: as for kmalloc()
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the copy; NULL for NULL, and without memory.
 */
char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp)
{
	return s ? devm_kmemdup(dev, s, strlen(s) + 1, gfp) : NULL;
}
EXPORT_SYMBOL_GPL(devm_kstrdup);

/**
 * devm_kvasprintf() - a formatted string until the driver is unbound
 * @dev: the device, which frees it
 * @gfp: as for kmalloc()
 * @fmt: format
 * @ap:  its arguments
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the string, or NULL.
 */
char *devm_kvasprintf(struct device *dev, gfp_t gfp, const char *fmt,
		      va_list ap)
{
	va_list copy;
	char *p;
	int len;

	va_copy(copy, ap);
	len = vsnprintf(NULL, 0, fmt, copy);
	va_end(copy);

	p = devm_kmalloc(dev, len + 1, gfp);
	if (p)
		vsnprintf(p, len + 1, fmt, ap);
	return p;
}
EXPORT_SYMBOL_GPL(devm_kvasprintf);

/**
 * devm_kasprintf() - a formatted string until the driver is unbound
 * @dev: the device, which frees it
 * @gfp: as for kmalloc()
 * @fmt: format
 * @...: its arguments
 *
 * Context: may sleep unless @gfp says otherwise.
 * Return: the string, or NULL.
 */
char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = devm_kvasprintf(dev, gfp, fmt, ap);
	va_end(ap);

	return p;
}
EXPORT_SYMBOL_GPL(devm_kasprintf);
