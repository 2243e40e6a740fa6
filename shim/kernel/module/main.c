// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading of modules and their states, in the order and with the
 * messages and errors of Linux 6.1. References are refs.c.
 *
 * A module is a shared object of the host (host/module.c). Everything that
 * can be wrong with it is found out before it is mapped; its struct module
 * lies in the mapped image, what must outlive that in struct um_image. init
 * and exit run without module_mutex. Left out: forced loading, signatures,
 * notifiers.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <umdev/umdev.h>

#include "check/op.h"
#include "fs/internal.h"
#include "host/host.h"
#include "host/module.h"
#include "kernel/boot.h"
#include "kernel/kthread.h"
#include "kernel/module/internal.h"
#include "kernel/module/vermagic.h"
#include "kernel/rcu/rcu.h"
#include "kernel/trace/trace.h"
#include "mm/arena.h"

DEFINE_MUTEX(module_mutex);
LIST_HEAD(um_images);

/* Counts every change of a module's state; those who wait for one compare it. */
static atomic_t changes = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(module_wq);

int um_module_changes(void)
{
	return atomic_read(&changes);
}

static void module_changed(void)
{
	atomic_inc(&changes);
	wake_up_all(&module_wq);
}

long um_module_wait_change(int seen, long timeout)
{
	return wait_event_interruptible_timeout(module_wq, atomic_read(&changes) != seen,
						timeout);
}

/* ---- what a module says about itself ------------------------------------------- */

void um_module_describe(const void *obj, char *buf, size_t size)
{
	const struct module *mod = obj;

	snprintf(buf, size, "%s", mod->name);
}

struct um_image *um_image_find(const char *name)
{
	struct um_image *image;

	list_for_each_entry(image, &um_images, list)
		if (!strcmp(image->name, name))
			return image;
	return NULL;
}

struct module *find_module(const char *name)
{
	struct um_image *image = um_image_find(name);

	return image ? image->mod : NULL;
}

/* The strings may have zeros between them: a sanitizer's padding. */
const char *um_modinfo_next(struct um_image *image, const char *tag, const char *prev)
{
	const char *p = prev ? prev + strlen(prev) : image->modinfo;
	const char *end = image->modinfo + image->modinfo_size;
	size_t len = strlen(tag);

	while (p < end) {
		if (!*p) {
			p++;
			continue;
		}
		if (!strncmp(p, tag, len) && p[len] == '=')
			return p + len + 1;
		p += strlen(p);
	}
	return NULL;
}

const char *um_modinfo(struct um_image *image, const char *tag)
{
	return um_modinfo_next(image, tag, NULL);
}

static bool licence_is_gpl(const char *licence)
{
	static const char *const gpl[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL",
		"Dual MIT/GPL", "Dual MPL/GPL",
	};

	return match_string(gpl, ARRAY_SIZE(gpl), licence) >= 0;
}

static void read_licence(struct um_image *image)
{
	const char *licence = um_modinfo(image, "license") ?: "unspecified";

	if (licence_is_gpl(licence))
		return;
	pr_warn("%s: module license '%s' taints kernel.\n", image->name, licence);
	image->proprietary = true;
}

static int read_image(struct um_image *image, const char *path)
{
	const char *text;
	size_t size;

	image->modinfo = host_object_section(image->object, ".modinfo", &image->modinfo_size);
	if (!image->modinfo || !host_object_section(image->object, "um_this_module", &size)) {
		pr_warn("%s: No module found in object\n", path);
		return -ENOEXEC;
	}
	text = um_modinfo(image, "name");
	if (!text || strscpy(image->name, text, sizeof(image->name)) <= 0) {
		pr_warn("%s: module has no name\n", path);
		return -ENOEXEC;
	}
	text = um_modinfo(image, "vermagic");
	if (!text || strcmp(text, UM_VERMAGIC)) {
		pr_err("%s: version magic '%s' should be '%s'\n", image->name, text ?: "",
		       UM_VERMAGIC);
		return -ENOEXEC;
	}
	read_licence(image);
	image->exports = host_object_section(image->object, "um_ksymtab", &image->exports_size);
	return 0;
}

/* ---- the steps of loading ---------------------------------------------------------- */

/*
 * Reserves the name. While another load of that name is under way, waits for
 * its end: -EEXIST if it succeeded, -EBUSY if it failed.
 */
static int add_unformed(struct um_image *image)
{
	struct um_image *old;
	bool waited = false;
	int err, seen;

	for (;;) {
		seen = um_module_changes();
		mutex_lock(&module_mutex);
		old = um_image_find(image->name);
		if (!old && !waited)
			break;
		if (!old || READ_ONCE(old->state) == MODULE_STATE_GOING) {
			err = -EBUSY;
			goto unlock;
		}
		if (READ_ONCE(old->state) == MODULE_STATE_LIVE) {
			err = -EEXIST;
			goto unlock;
		}
		mutex_unlock(&module_mutex);
		waited = true;
		if (um_module_wait_change(seen, MAX_SCHEDULE_TIMEOUT) < 0)
			return -ERESTARTSYS;
	}
	list_add_tail(&image->list, &um_images);
	err = 0;
unlock:
	mutex_unlock(&module_mutex);
	return err;
}

static int check_duplicates(struct um_image *image)
{
	struct um_export e;
	int err = 0;

	mutex_lock(&module_mutex);
	if (image->exports && um_export_duplicate(image, &e)) {
		pr_err("%s: exports duplicate symbol %s (owned by %s)\n", image->name, e.name,
		       e.owner ? e.owner->name : "kernel");
		err = -ENOEXEC;
	}
	mutex_unlock(&module_mutex);
	return err;
}

static void set_state(struct module *mod, enum module_state state)
{
	WRITE_ONCE(mod->image->state, state);
	WRITE_ONCE(mod->state, state);
}

/*
 * While the host's loader runs a compiler's own constructors and destructors in
 * an image: they are no steps of the module's, and a task that were held in one
 * would hold the loader's lock.
 */
static void quieten(int n)
{
	struct um_op_task *t = host_task_get();

	t->quiet += n;
}

static int map_image(struct um_image *image)
{
	char error[512];
	size_t size;
	int err;

	/* like the memory that a kernel would copy the module to */
	err = um_fallible("module_alloc", -ENOMEM, 0);
	if (err)
		return err;
	quieten(1);
	err = host_object_map(image->object, image->name, error, sizeof(error));
	quieten(-1);
	if (err) {
		pr_err("%s: %s\n", image->name, error);
		return err;
	}
	image->mapped = true;
	return host_object_address(image->object, "um_this_module", &size) ? 0 : -ENOEXEC;
}

/* The image is mapped: fills in what the file could not know. */
static struct module *form_module(struct um_image *image)
{
	struct module *mod;
	size_t size = 0;

	mod = host_object_address(image->object, "um_this_module", &size);
	mod->image = image;
	mod->base = host_object_range(image->object, &mod->size);
	mod->version = um_modinfo(image, "version");
	mod->using_gplonly_symbols = image->using_gplonly;
	mod->taints = image->proprietary ? 1UL << TAINT_PROPRIETARY_MODULE : 0;
	mod->kp = host_object_address(image->object, "__param", &size);
	mod->num_kp = mod->kp ? size / sizeof(*mod->kp) : 0;
	size = 0;
	mod->fault_sites = host_object_address(image->object, "um_fault_sites", &size);
	mod->num_fault_sites = mod->fault_sites ? size / sizeof(*mod->fault_sites) : 0;
	INIT_LIST_HEAD(&mod->source_list);
	mutex_init(&mod->param_lock);
	/* the second one is given back when init has returned */
	atomic_set(&mod->refcnt, MODULE_REF_BASE + 1);
	um_object_new(mod, "module", um_module_describe);
	um_begin(UM_MODULE_LOADED, .object = mod, .start = mod->base, .size = mod->size, .sites = mod->fault_sites,
		 .n_sites = mod->num_fault_sites);

	mutex_lock(&module_mutex);
	set_state(mod, MODULE_STATE_COMING);
	image->mod = mod;
	mutex_unlock(&module_mutex);
	return mod;
}

static int unknown_param(char *param, char *val, const char *modname, void *arg)
{
	char *dot = strchr(param, '.');

	/* asynchronous probing is not modelled: the choice makes no difference */
	if (!strcmp(param, "async_probe"))
		return 0;
	/*
	 * What it says is dynamic debug's, which um_debug() stands for. That takes
	 * what is before a dot for the name of a module, and cuts it off in place.
	 */
	if (dot)
		*dot = '\0';
	if (!strcmp(dot ? dot + 1 : param, "dyndbg"))
		return 0;
	pr_warn("%s: unknown parameter '%s' ignored\n", modname, param);
	return 0;
}

static int set_params(struct module *mod)
{
	char *rest = parse_args(mod->name, mod->args, mod->kp, mod->num_kp, -32768, 32767, mod,
				unknown_param);

	if (IS_ERR(rest))
		return PTR_ERR(rest);
	if (rest)
		pr_warn("%s: parameters '%s' after `--' ignored\n", mod->name, rest);
	return 0;
}

/* ---- the end of a module -------------------------------------------------------------- */

/* The name can be used again after this. Its imports outlive its image. */
static void free_image(struct um_image *image)
{
	unsigned long size;
	bool unmapped;
	void *base;

	if (image->mapped) {
		base = host_object_range(image->object, &size);
		um_rcu_forget(base, size);
		um_begin(UM_MODULE_GONE, .what = image->name, .start = base, .size = size,
			 .settled = image->has_tasks);
		um_memory_catch();
	}
	quieten(1);
	unmapped = !image->mapped || host_object_unmap(image->object, image->name);
	quieten(-1);
	if (!unmapped)
		um_splat("module", "%s is still mapped after its unload: something holds its image",
			 image->name);
	um_drop_imports(image);
	mutex_lock(&module_mutex);
	list_del(&image->list);
	mutex_unlock(&module_mutex);
	module_changed();
	host_object_close(image->object);
	kfree(image);
}

/* Nothing of the module runs any more, and nothing points at it. */
static void unform_module(struct module *mod)
{
	struct um_image *image = mod->image;

	mutex_lock(&module_mutex);
	set_state(mod, MODULE_STATE_UNFORMED);
	image->mod = NULL;
	mutex_unlock(&module_mutex);
	um_param_free_all(mod->kp, mod->num_kp);
	kfree(mod->args);
	mutex_destroy(&mod->param_lock);
	um_object_freed(mod);
}

/* What is still held by work under way is no leak. */
static void module_exited(struct module *mod)
{
	bool settled = false;

	um_late_flush();
	um_kthreads_free();
	while (um_begin(UM_MODULE_EXITED, .what = mod->name, .start = mod->base,
			.size = mod->size, .sites = mod->fault_sites,
			.n_sites = mod->num_fault_sites, .settled = settled) == UM_AGAIN) {
		flush_workqueue(system_wq);
		rcu_barrier();
		um_late_flush();
		settled = true;
	}
}

static void trace_events(struct module *mod,
			 void (*tell)(struct um_trace_event **events, size_t n))
{
	size_t size = 0;
	void *events = host_object_address(mod->image->object, "um_trace_events", &size);

	if (events)
		tell(events, size / sizeof(struct um_trace_event *));
}

static void free_module(struct module *mod)
{
	struct um_image *image = mod->image;

	um_module_sysfs_teardown(mod);
	/* a release that is late by our will is no task of the module's, even while it runs */
	um_late_flush();
	image->has_tasks = um_module_tasks(mod);
	module_exited(mod);
	unform_module(mod);
	free_image(image);
}

/* ---- loading ----------------------------------------------------------------------------- */

static int do_init_module(struct module *mod)
{
	u64 rcu_before = um_rcu_queued();
	int ret = 0;

	if (mod->init)
		ret = mod->init();
	if (ret < 0) {
		set_state(mod, MODULE_STATE_GOING);
		atomic_dec(&mod->refcnt);
		trace_events(mod, um_trace_events_go);
		um_module_leftovers(mod, "init", rcu_before);
		free_module(mod);
		return ret;
	}
	if (ret > 0) {
		pr_warn("%s: '%s'->init suspiciously returned %d, it should follow 0/-E convention\n"
			"%s: loading module anyway...\n", __func__, mod->name, ret, __func__);
		dump_stack();
	}
	mutex_lock(&module_mutex);
	set_state(mod, MODULE_STATE_LIVE);
	mutex_unlock(&module_mutex);
	/* not before init has run: listeners may rely on it */
	kobject_uevent(&mod->mkobj.kobj, KOBJ_ADD);
	atomic_dec(&mod->refcnt);
	module_changed();
	return 0;
}

/* From a name in the list to a module whose init may run. */
static int form_and_init(struct um_image *image, const char *params)
{
	struct module *mod;
	char *args;
	int err;

	err = um_resolve_imports(image);
	if (err)
		goto free_image;
	args = kstrdup(params ?: "", GFP_KERNEL);
	if (!args) {
		err = -ENOMEM;
		goto free_image;
	}
	err = check_duplicates(image);
	if (err)
		goto free_args;
	err = map_image(image);
	if (err)
		goto free_args;
	mod = form_module(image);
	mod->args = args;
	err = set_params(mod);
	if (err)
		goto unform_module;
	err = um_module_sysfs_setup(mod);
	if (err)
		goto unform_module;
	trace_events(mod, um_trace_events_come);
	return do_init_module(mod);

unform_module:
	set_state(mod, MODULE_STATE_GOING);
	module_exited(mod);
	unform_module(mod);
	goto free_image;
free_args:
	kfree(args);
free_image:
	free_image(image);
	return err;
}

static int insmod(const char *module, const char *params)
{
	struct um_image *image;
	char *path;
	int err;

	path = um_module_path(module);
	if (!path)
		return -ENOENT;
	image = kzalloc(sizeof(*image), GFP_KERNEL);
	if (!image) {
		err = -ENOMEM;
		goto free_path;
	}
	INIT_LIST_HEAD(&image->target_list);
	image->state = MODULE_STATE_UNFORMED;
	err = host_object_open(path, &image->object);
	if (err == -EBADMSG) {
		pr_err("%s: no module, or not as it was built: its checksum is missing or wrong. Build it again\n",
		       path);
		err = -ENOEXEC;
	}
	if (err)
		goto free_unopened;
	err = read_image(image, path);
	if (err)
		goto close_object;
	err = add_unformed(image);
	if (err)
		goto close_object;
	host_free(path);
	return form_and_init(image, params);

close_object:
	host_object_close(image->object);
free_unopened:
	kfree(image);
free_path:
	host_free(path);
	return err;
}

int um_insmod(const char *module, const char *params)
{
	int err;

	um_syscall_enter();
	err = insmod(module, params);
	um_syscall_exit();
	return err;
}

/* ---- unloading ----------------------------------------------------------------------------- */

/* @force: dependants and a change under way still count, all else does not. */
static int may_delete(struct module *mod, bool force)
{
	int err;

	if (!list_empty(&mod->source_list))
		return -EWOULDBLOCK;
	if (READ_ONCE(mod->state) != MODULE_STATE_LIVE)
		return -EBUSY;
	if (mod->init && !mod->exit && !force)
		return -EBUSY;
	err = um_module_stop(mod);
	if (err && force) {
		pr_warn("%s: unloaded by force, with %d references\n", mod->name,
			module_refcount(mod));
		err = 0;
	}
	if (!err)
		set_state(mod, MODULE_STATE_GOING);
	return err;
}

static int delete_module(const char *name, unsigned int flags)
{
	struct module *mod;
	u64 rcu_before;
	int err;

	if (!*name)
		return -ENOENT;
	if (mutex_lock_interruptible(&module_mutex))
		return -EINTR;
	mod = find_module(name);
	err = mod ? may_delete(mod, flags & O_TRUNC) : -ENOENT;
	mutex_unlock(&module_mutex);
	if (err)
		return err;
	rcu_before = um_rcu_queued();
	if (mod->exit)
		mod->exit();
	trace_events(mod, um_trace_events_go);
	um_module_leftovers(mod, "exit", rcu_before);
	free_module(mod);
	um_late_flush();
	return 0;
}

int um_delete_module(const char *name, unsigned int flags)
{
	int err;

	/* what its exit does is told, too, where a test framework has handlers of its own */
	um_memory_catch();
	um_syscall_enter();
	err = delete_module(name, flags);
	um_syscall_exit();
	return err;
}

int um_rmmod(const char *name)
{
	char plain[MODULE_NAME_LEN];

	if (strscpy(plain, name, sizeof(plain)) <= 0)
		return -ENOENT;
	strreplace(plain, '-', '_');
	return um_delete_module(plain, 0);
}

static bool last_removable(char *name)
{
	struct um_image *image;
	bool found = false;

	mutex_lock(&module_mutex);
	list_for_each_entry_reverse(image, &um_images, list) {
		struct module *mod = image->mod;

		if (!mod || READ_ONCE(mod->state) != MODULE_STATE_LIVE || (mod->init && !mod->exit) ||
		    !list_empty(&mod->source_list) || module_refcount(mod) > 0)
			continue;
		strscpy(name, image->name, MODULE_NAME_LEN);
		found = true;
		break;
	}
	mutex_unlock(&module_mutex);
	return found;
}

static int count_left(void)
{
	struct um_image *image;
	int left = 0;

	mutex_lock(&module_mutex);
	list_for_each_entry(image, &um_images, list) {
		/* one without exit stays as in a kernel: not a leak */
		if (image->mod && image->mod->init && !image->mod->exit) {
			um_object_permanent(image->mod);
			continue;
		}
		pr_err("%s: cannot be unloaded: %d references\n", image->name,
		       image->mod ? module_refcount(image->mod) : 0);
		left++;
	}
	mutex_unlock(&module_mutex);
	return left;
}

/**
 * um_modules_unload_all() - for shutdown: the last one loaded goes first
 *
 * Stops autoloading.
 *
 * Context: may sleep.
 * Return: how many could not be unloaded, apart from those that have no exit.
 */
int um_modules_unload_all(void)
{
	char name[MODULE_NAME_LEN];

	um_autoload_stop();
	while (last_removable(name))
		if (um_rmmod(name))
			break;
	return count_left();
}

static int __init modules_init(void)
{
	return um_export_init();
}
core_initcall(modules_init);
