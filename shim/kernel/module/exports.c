// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who exports which symbol, and what a module that is being loaded may use.
 *
 * The dynamic linker of the host would bind any symbol it finds. So before a
 * module is mapped, each of its imports (the list that modpost wrote) is
 * looked up here among the records of EXPORT_SYMBOL: those of the shim and of
 * the running program in a hash table, those of modules by walking. A module
 * is referenced once by each module that uses it. Left out: checksums.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "host/module.h"
#include "kernel/module/internal.h"

extern const char __start_um_ksymtab[] __attribute__((__visibility__("hidden")));
extern const char __stop_um_ksymtab[] __attribute__((__visibility__("hidden")));

/* Open addressing; filled once at boot, before there is a second task. */
static struct {
	struct um_export *slots;
	unsigned int mask;
	char *program;		/* the program's own records: names point into it */
} kernel_exports;

/* Ends a walk over records by returning NULL. */
static const char *next_export(const char *p, const char *end, struct um_export *out)
{
	const char *licence = p;

	if (!p || p >= end)
		return NULL;
	out->gpl = !strcmp(licence, "GPL");
	out->name = licence + strlen(licence) + 1;
	out->ns = out->name + strlen(out->name) + 1;
	return out->ns + strlen(out->ns) + 1;
}

static unsigned int name_hash(const char *name)
{
	unsigned int h = 5381;

	while (*name)
		h = h * 33 + (unsigned char)*name++;
	return h;
}

static struct um_export *kernel_slot(const char *name)
{
	unsigned int i = name_hash(name) & kernel_exports.mask;

	while (kernel_exports.slots[i].name && strcmp(kernel_exports.slots[i].name, name))
		i = (i + 1) & kernel_exports.mask;
	return &kernel_exports.slots[i];
}

static unsigned int count_exports(const char *p, const char *end)
{
	struct um_export e;
	unsigned int n = 0;

	while ((p = next_export(p, end, &e)))
		n++;
	return n;
}

static void add_kernel_exports(const char *p, const char *end)
{
	struct um_export e = { .owner = NULL };

	while ((p = next_export(p, end, &e)))
		*kernel_slot(e.name) = e;
}

int um_export_init(void)
{
	size_t size = 0;
	unsigned int n;

	if (kernel_exports.slots)
		return 0;
	kernel_exports.program = host_program_section("um_ksymtab", &size);
	n = count_exports(__start_um_ksymtab, __stop_um_ksymtab);
	if (kernel_exports.program)
		n += count_exports(kernel_exports.program, kernel_exports.program + size);
	kernel_exports.mask = 1;
	while (kernel_exports.mask < 2 * n)
		kernel_exports.mask <<= 1;
	kernel_exports.slots = host_zalloc(kernel_exports.mask * sizeof(struct um_export));
	if (!kernel_exports.slots)
		return -ENOMEM;
	kernel_exports.mask--;
	add_kernel_exports(__start_um_ksymtab, __stop_um_ksymtab);
	if (kernel_exports.program)
		add_kernel_exports(kernel_exports.program, kernel_exports.program + size);
	return 0;
}

static bool find_in_image(struct um_image *image, const char *name, struct um_export *out)
{
	const char *p = image->exports, *end = p + image->exports_size;

	while ((p = next_export(p, end, out))) {
		if (!strcmp(out->name, name)) {
			out->owner = image;
			return true;
		}
	}
	return false;
}

bool um_export_find(const char *name, bool gplok, struct um_export *out)
{
	struct um_image *image;

	*out = *kernel_slot(name);
	if (out->name)
		return gplok || !out->gpl;
	list_for_each_entry(image, &um_images, list)
		if (image->mod && image->exports && find_in_image(image, name, out))
			return gplok || !out->gpl;
	return false;
}

bool um_export_duplicate(struct um_image *image, struct um_export *out)
{
	const char *p = image->exports, *end = p + image->exports_size;
	struct um_export own;

	while ((p = next_export(p, end, &own)))
		if (um_export_find(own.name, true, out) && out->owner != image)
			return true;
	return false;
}

/* ---- imports ------------------------------------------------------------------ */

static bool imports_namespace(struct um_image *image, const char *ns)
{
	const char *have;

	for (have = um_modinfo(image, "import_ns"); have;
	     have = um_modinfo_next(image, "import_ns", have))
		if (!strcmp(have, ns))
			return true;
	return false;
}

/* A user of a proprietary module's symbols becomes one; not with GPL-only symbols too. */
static bool inherit_taint(struct um_image *image, const struct um_export *e)
{
	if (!e->owner || !e->owner->proprietary)
		return true;
	if (image->using_gplonly) {
		pr_err("%s: module using GPL-only symbols uses symbols %s from proprietary module %s.\n",
		       image->name, e->name, e->owner->name);
		return false;
	}
	if (!image->proprietary) {
		pr_warn("%s: module uses symbols %s from proprietary module %s, inheriting taint.\n",
			image->name, e->name, e->owner->name);
		image->proprietary = true;
	}
	return true;
}

static bool already_uses(struct um_image *image, struct module *target)
{
	struct module_use *use;

	list_for_each_entry(use, &image->target_list, target_list)
		if (use->target == target)
			return true;
	return false;
}

static int use_module(struct um_image *image, struct module *target)
{
	struct module_use *use;
	int err;

	if (already_uses(image, target))
		return 0;
	err = um_strong_try_module_get(target);
	if (err)
		return err;
	use = kmalloc(sizeof(*use), GFP_KERNEL);
	if (!use) {
		module_put(target);
		return -ENOMEM;
	}
	use->source = image;
	use->target = target;
	list_add(&use->source_list, &target->source_list);
	list_add(&use->target_list, &image->target_list);
	return 0;
}

/* -EBUSY: its module is being initialised; @owner is that module's name then. */
static int resolve_symbol(struct um_image *image, const char *name, char *owner)
{
	struct um_export e;
	int err = 0;

	mutex_lock(&module_mutex);
	if (!um_export_find(name, !image->proprietary, &e)) {
		err = -ENOENT;
		goto unlock;
	}
	if (e.gpl)
		image->using_gplonly = true;
	if (!inherit_taint(image, &e)) {
		err = -ENOENT;
		goto unlock;
	}
	if (*e.ns && !imports_namespace(image, e.ns)) {
		pr_err("%s: module uses symbol (%s) from namespace %s, but does not import it.\n",
		       image->name, e.name, e.ns);
		err = -EINVAL;
		goto unlock;
	}
	if (e.owner) {
		strscpy(owner, e.owner->name, MODULE_NAME_LEN);
		err = use_module(image, e.owner->mod);
	}
unlock:
	mutex_unlock(&module_mutex);
	return err;
}

static int resolve_symbol_wait(struct um_image *image, const char *name)
{
	char owner[MODULE_NAME_LEN] = "";
	long left = 30 * HZ;
	int err, seen;

	for (;;) {
		seen = um_module_changes();
		err = resolve_symbol(image, name, owner);
		if (err != -EBUSY || left <= 0)
			break;
		left = um_module_wait_change(seen, left);
	}
	if (err == -EBUSY)
		pr_warn("%s: gave up waiting for init of module %s.\n", image->name, owner);
	return err;
}

int um_resolve_imports(struct um_image *image)
{
	const char *p, *end;
	size_t size = 0;
	int err = 0;

	p = host_object_section(image->object, "um_imports", &size);
	for (end = p + size; p && p < end && *p; p += strlen(p) + 1) {
		bool weak = *p == '?';
		int ret = resolve_symbol_wait(image, p + weak);

		if (!ret || (weak && ret == -ENOENT))
			continue;
		pr_warn("%s: Unknown symbol %s (err %d)\n", image->name, p + weak, ret);
		err = ret;
	}
	return err;
}

void um_drop_imports(struct um_image *image)
{
	struct module_use *use, *next;

	mutex_lock(&module_mutex);
	list_for_each_entry_safe(use, next, &image->target_list, target_list) {
		list_del(&use->source_list);
		list_del(&use->target_list);
		module_put(use->target);
		kfree(use);
	}
	mutex_unlock(&module_mutex);
}

/* ---- by name, at run time -------------------------------------------------------- */

/**
 * __symbol_get() - the address of an exported symbol; called as symbol_get()
 * @symbol: its name
 *
 * Context: may sleep.
 * Return: the address, with a reference on the module that exports it, for
 * __symbol_put(); NULL when nobody exports it, when it is not one for GPL
 * modules only (as in Linux 6.1), or when its module is coming or going.
 */
void *__symbol_get(const char *symbol)
{
	struct um_export e;
	void *address = NULL;

	mutex_lock(&module_mutex);
	if (!um_export_find(symbol, true, &e))
		goto unlock;
	if (!e.gpl) {
		pr_warn("failing symbol_get of non-GPLONLY symbol %s.\n", symbol);
		goto unlock;
	}
	if (!e.owner)
		address = host_program_symbol(symbol);
	else if (!um_strong_try_module_get(e.owner->mod))
		address = host_object_symbol(e.owner->object, symbol);
unlock:
	mutex_unlock(&module_mutex);
	return address;
}
EXPORT_SYMBOL_GPL(__symbol_get);

/**
 * __symbol_put() - give back what __symbol_get() gave; called as symbol_put()
 * @symbol: its name; when nobody exports it, the process ends, as by BUG()
 *
 * Context: may sleep.
 */
void __symbol_put(const char *symbol)
{
	struct um_export e;

	mutex_lock(&module_mutex);
	if (!um_export_find(symbol, true, &e))
		um_die("module", "symbol_put of %s, which nobody exports", symbol);
	if (e.owner)
		module_put(e.owner->mod);
	mutex_unlock(&module_mutex);
}
EXPORT_SYMBOL(__symbol_put);
