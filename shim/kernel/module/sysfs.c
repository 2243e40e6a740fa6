// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/module: one directory per loaded module, with its state, references,
 * parameters and holders, and one for each name under which code that is
 * built in has parameters.
 *
 * The kobject lies in the module's image, so taking a module out of sysfs
 * waits until nobody holds it. Left out: sections, notes, checksums of sources.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"
#include "kernel/module/internal.h"

struct kset *module_kset;

static ssize_t module_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct module_attribute *mattr = container_of(attr, struct module_attribute, attr);
	struct module_kobject *mk = container_of(kobj, struct module_kobject, kobj);

	return mattr->show ? mattr->show(mattr, mk, buf) : -EIO;
}

static ssize_t module_attr_store(struct kobject *kobj, struct attribute *attr,
				 const char *buf, size_t len)
{
	struct module_attribute *mattr = container_of(attr, struct module_attribute, attr);
	struct module_kobject *mk = container_of(kobj, struct module_kobject, kobj);

	return mattr->store ? mattr->store(mattr, mk, buf, len) : -EIO;
}

static const struct sysfs_ops module_sysfs_ops = {
	.show = module_attr_show,
	.store = module_attr_store,
};

static void module_kobj_release(struct kobject *kobj)
{
	struct module_kobject *mk = container_of(kobj, struct module_kobject, kobj);

	if (mk->kobj_completion)
		complete(mk->kobj_completion);
}

struct kobj_type module_ktype = {
	.release = module_kobj_release,
	.sysfs_ops = &module_sysfs_ops,
};

/* Uevents for modules only, not for what lies below them. */
static int module_uevent_filter(kapi_kset_uevent_set(struct kset *kset) struct kobject *kobj)
{
	return get_ktype(kobj) == &module_ktype;
}

static const struct kset_uevent_ops module_uevent_ops = {
	.filter = module_uevent_filter,
};

/* ---- the files ------------------------------------------------------------------ */

static ssize_t uevent_store(struct module_attribute *mattr, struct module_kobject *mk,
			    const char *buf, size_t count)
{
	int err = kobject_synth_uevent(&mk->kobj, buf, count);

	return err ?: count;
}

static ssize_t version_show(struct module_attribute *mattr, struct module_kobject *mk, char *buf)
{
	return sprintf(buf, "%s\n", mk->mod->version);
}

static int version_test(struct module *mod)
{
	return mod->version != NULL;
}

static ssize_t initstate_show(struct module_attribute *mattr, struct module_kobject *mk,
			      char *buf)
{
	const char *state = "unknown";

	switch (READ_ONCE(mk->mod->state)) {
	case MODULE_STATE_LIVE:
		state = "live";
		break;
	case MODULE_STATE_COMING:
		state = "coming";
		break;
	case MODULE_STATE_GOING:
		state = "going";
		break;
	case MODULE_STATE_UNFORMED:
		break;
	}
	return sprintf(buf, "%s\n", state);
}

static ssize_t coresize_show(struct module_attribute *mattr, struct module_kobject *mk,
			     char *buf)
{
	return sprintf(buf, "%lu\n", mk->mod->size);
}

/* The image is one piece, its init code included. */
static ssize_t initsize_show(struct module_attribute *mattr, struct module_kobject *mk,
			     char *buf)
{
	return sprintf(buf, "0\n");
}

static ssize_t taint_show(struct module_attribute *mattr, struct module_kobject *mk, char *buf)
{
	bool proprietary = mk->mod->taints & (1UL << TAINT_PROPRIETARY_MODULE);

	return sprintf(buf, "%s\n", proprietary ? "P" : "");
}

static ssize_t refcnt_show(struct module_attribute *mattr, struct module_kobject *mk, char *buf)
{
	return sprintf(buf, "%i\n", module_refcount(mk->mod));
}

static const struct module_attribute module_attrs[] = {
	__ATTR(uevent, 0200, NULL, uevent_store),
	{ .attr = { .name = "version", .mode = 0444 }, .show = version_show,
	  .test = version_test },
	__ATTR(initstate, 0444, initstate_show, NULL),
	__ATTR(coresize, 0444, coresize_show, NULL),
	__ATTR(initsize, 0444, initsize_show, NULL),
	__ATTR(taint, 0444, taint_show, NULL),
	__ATTR(refcnt, 0444, refcnt_show, NULL),
};

static void remove_module_files(struct module *mod, unsigned int n)
{
	while (n--)
		if (mod->modinfo_attrs[n].attr.name)
			sysfs_remove_file(&mod->mkobj.kobj, &mod->modinfo_attrs[n].attr);
	kfree(mod->modinfo_attrs);
}

static int create_module_files(struct module *mod)
{
	unsigned int i;
	int err;

	mod->modinfo_attrs = kcalloc(ARRAY_SIZE(module_attrs), sizeof(module_attrs[0]),
				     GFP_KERNEL);
	if (!mod->modinfo_attrs)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(module_attrs); i++) {
		struct module_attribute *attr = &mod->modinfo_attrs[i];

		if (module_attrs[i].test && !module_attrs[i].test(mod))
			continue;
		*attr = module_attrs[i];
		sysfs_attr_init(&attr->attr);
		err = sysfs_create_file(&mod->mkobj.kobj, &attr->attr);
		if (err) {
			remove_module_files(mod, i);
			return err;
		}
	}
	return 0;
}

/* ---- holders/ ---------------------------------------------------------------------- */

static void remove_holder_links(struct module *mod)
{
	struct module_use *use;

	mutex_lock(&module_mutex);
	list_for_each_entry(use, &mod->image->target_list, target_list)
		sysfs_remove_link(use->target->holders_dir, mod->name);
	mutex_unlock(&module_mutex);
}

static int create_holder_links(struct module *mod)
{
	struct module_use *use;
	int err = 0;

	mutex_lock(&module_mutex);
	list_for_each_entry(use, &mod->image->target_list, target_list) {
		err = sysfs_create_link(use->target->holders_dir, &mod->mkobj.kobj, mod->name);
		if (err)
			break;
	}
	mutex_unlock(&module_mutex);
	if (err)
		remove_holder_links(mod);
	return err;
}

/* ---- one module ----------------------------------------------------------------------- */

static void put_module_kobject(struct module *mod)
{
	DECLARE_COMPLETION_ONSTACK(released);

	mod->mkobj.kobj_completion = &released;
	kobject_put(&mod->mkobj.kobj);
	wait_for_completion(&released);
}

static int add_module_kobject(struct module *mod)
{
	struct kobject *old = kset_find_obj(module_kset, mod->name);
	int err;

	if (old) {
		/* the name of something built in */
		pr_err("%s: module is already loaded\n", mod->name);
		kobject_put(old);
		return -EINVAL;
	}
	mod->mkobj.mod = mod;
	mod->mkobj.kobj.kset = module_kset;
	err = kobject_init_and_add(&mod->mkobj.kobj, &module_ktype, NULL, "%s", mod->name);
	if (err)
		put_module_kobject(mod);
	else
		um_object_kind(&mod->mkobj.kobj, "module directory");
	return err;
}

static int create_param_files(struct module *mod)
{
	struct kernel_param **kps;
	unsigned int i;
	int err;

	if (!mod->num_kp)
		return 0;
	kps = kmalloc_array(mod->num_kp, sizeof(*kps), GFP_KERNEL);
	if (!kps)
		return -ENOMEM;
	for (i = 0; i < mod->num_kp; i++)
		kps[i] = &mod->kp[i];
	err = um_param_sysfs_setup(&mod->mkobj, kps, mod->num_kp, 0);
	kfree(kps);
	return err;
}

int um_module_sysfs_setup(struct module *mod)
{
	int err;

	err = add_module_kobject(mod);
	if (err)
		return err;
	mod->holders_dir = kobject_create_and_add("holders", &mod->mkobj.kobj);
	if (!mod->holders_dir) {
		err = -ENOMEM;
		goto put_kobject;
	}
	um_object_kind(mod->holders_dir, "module directory");
	err = create_param_files(mod);
	if (err)
		goto put_holders;
	err = create_module_files(mod);
	if (err)
		goto remove_params;
	err = create_holder_links(mod);
	if (err)
		goto remove_files;
	return 0;

remove_files:
	remove_module_files(mod, ARRAY_SIZE(module_attrs));
remove_params:
	um_param_sysfs_remove(&mod->mkobj);
put_holders:
	kobject_put(mod->holders_dir);
put_kobject:
	put_module_kobject(mod);
	return err;
}

/* Waits for callbacks that are running, and for everybody who holds the kobject. */
void um_module_sysfs_teardown(struct module *mod)
{
	remove_holder_links(mod);
	remove_module_files(mod, ARRAY_SIZE(module_attrs));
	um_param_sysfs_remove(&mod->mkobj);
	kobject_put(mod->mkobj.drivers_dir);
	kobject_put(mod->holders_dir);
	put_module_kobject(mod);
}

/* ---- parameters of what is built in ------------------------------------------------------ */

static struct um_builtin_param *builtin_params;

/**
 * um_builtin_param_register() - a module_param() of what is linked in
 * @param: static; linked into a list until the program ends
 *
 * Called before main() by what module_param() expands to.
 *
 * Context: before there is a second task.
 */
void um_builtin_param_register(struct um_builtin_param *param)
{
	param->next = builtin_params;
	builtin_params = param;
}
EXPORT_SYMBOL(um_builtin_param_register);

/* "name.parameter": the length of the part with the dot. */
static size_t prefix_length(const struct kernel_param *kp)
{
	const char *dot = strchr(kp->name, '.');

	return dot ? dot - kp->name + 1 : 0;
}

static bool same_builtin(const struct kernel_param *a, const struct kernel_param *b)
{
	size_t len = prefix_length(a);

	return len == prefix_length(b) && !strncmp(a->name, b->name, len);
}

/* All parameters of the module that *@first belongs to leave the list. */
static int add_builtin(struct um_builtin_param *first)
{
	struct um_builtin_param *p, **link;
	const struct kernel_param *like = first->kp;
	struct kernel_param *kps[64];
	struct module_kobject *mk;
	unsigned int n = 0;
	int err;

	for (link = &builtin_params; (p = *link); ) {
		if (!same_builtin(p->kp, like) || n == ARRAY_SIZE(kps)) {
			link = &p->next;
			continue;
		}
		kps[n++] = (struct kernel_param *)p->kp;
		*link = p->next;
	}
	mk = kzalloc(sizeof(*mk), GFP_KERNEL);
	if (!mk)
		return -ENOMEM;
	mk->kobj.kset = module_kset;
	err = kobject_init_and_add(&mk->kobj, &module_ktype, NULL, "%.*s",
				   (int)prefix_length(like) - 1, like->name);
	if (err)
		return err;
	err = um_param_sysfs_setup(mk, kps, n, prefix_length(like));
	if (err)
		return err;
	um_object_permanent(&mk->kobj);
	kobject_uevent(&mk->kobj, KOBJ_ADD);
	return 0;
}

static int __init param_sysfs_builtin(void)
{
	int err;

	while (builtin_params) {
		err = add_builtin(builtin_params);
		if (err)
			return err;
	}
	return 0;
}
subsys_initcall(param_sysfs_builtin);

static int __init module_sysfs_init(void)
{
	if (module_kset)
		return 0;
	module_kset = kset_create_and_add("module", &module_uevent_ops, NULL);
	if (!module_kset)
		return -ENOMEM;
	um_object_permanent(&module_kset->kobj);
	return 0;
}
postcore_initcall(module_sysfs_init);
