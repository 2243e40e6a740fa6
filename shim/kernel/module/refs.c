// SPDX-License-Identifier: GPL-2.0-only
/*
 * References on a module. The count begins with a base reference, which an
 * unload takes away when there is no other: from then on none is to be had.
 * */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/module.h>

#include "check/op.h"
#include "kernel/module/internal.h"

/**
 * module_refcount() - references on a module
 * @mod: the module
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: their number without the base reference; -1 while it is going.
 */
int module_refcount(struct module *mod)
{
	return atomic_read(&mod->refcnt) - MODULE_REF_BASE;
}
EXPORT_SYMBOL(module_refcount);

/**
 * __module_get() - one more reference on a module
 * @mod: one that the caller has a reference on, or whose code runs; NULL, for
 *	what is built in, does nothing
 */
void __module_get(struct module *mod)
{
	if (!mod)
		return;
	um_step(UM_MODULE_GET, mod);
	atomic_inc(&mod->refcnt);
	um_object_get(mod);
}
EXPORT_SYMBOL(__module_get);

/**
 * um_try_module_get() - keep a module from being unloaded
 * @mod:  a module, or NULL for what is built in
 * @site: the caller of try_module_get()
 *
 * A module whose init is running gives references, one whose exit is running
 * does not.
 *
 * Return: whether there is a reference to give back by module_put().
 */
bool um_try_module_get(struct module *mod, struct um_fault_site *site)
{
	if (!mod)
		return true;
	if (um_fault_hit(site))
		return false;
	um_step(UM_MODULE_TRYGET, mod);
	if (!module_is_live(mod) || !atomic_inc_not_zero(&mod->refcnt))
		return false;
	um_end(UM_MODULE_TRYGET, 0, .object = mod);
	um_object_get(mod);
	return true;
}
EXPORT_SYMBOL(um_try_module_get);

/**
 * module_put() - give back a reference on a module
 * @mod: the module, or NULL for what is built in
 *
 * A reference too many would be the base one, which the unload gives back:
 * Linux notices then, by a BUG(). Here it is told, and put back.
 */
void module_put(struct module *mod)
{
	int left;

	if (!mod)
		return;
	um_object_put(mod);
	um_step(UM_MODULE_PUT, mod);
	left = atomic_dec_if_positive(&mod->refcnt);
	WARN_ON(left < 0);
	if (left >= 0 && left < MODULE_REF_BASE && READ_ONCE(mod->state) != MODULE_STATE_GOING) {
		um_object_overput(mod, "module", um_module_describe);
		atomic_inc(&mod->refcnt);
	}
}
EXPORT_SYMBOL(module_put);

int um_strong_try_module_get(struct module *mod)
{
	if (READ_ONCE(mod->state) == MODULE_STATE_COMING)
		return -EBUSY;
	return try_module_get(mod) ? 0 : -ENOENT;
}

/* Gives up the base reference, unless there are others. */
int um_module_stop(struct module *mod)
{
	/* in one step: with the base away and back, a last module_put() would seem one too many */
	if (atomic_cmpxchg(&mod->refcnt, MODULE_REF_BASE, 0) != MODULE_REF_BASE)
		return -EWOULDBLOCK;
	return 0;
}
