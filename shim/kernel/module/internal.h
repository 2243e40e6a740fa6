/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the module loader share.
 */
#ifndef UMDEV_MODULE_INTERNAL_H
#define UMDEV_MODULE_INTERNAL_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/types.h>

struct host_object;

/*
 * A module file from before anything of it is mapped until after it is
 * unmapped. Its struct module lies in the image itself.
 */
struct um_image {
	struct list_head list;		/* um_images, in order of loading */
	char name[MODULE_NAME_LEN];
	struct host_object *object;
	struct module *mod;		/* NULL while unformed */
	enum module_state state;	/* as in *mod, and known without one */
	struct list_head target_list;	/* struct module_use: modules it uses */
	const char *modinfo;
	size_t modinfo_size;
	const char *exports;		/* see linux/export.h; readable before it is mapped */
	size_t exports_size;
	bool proprietary;
	bool using_gplonly;
	bool mapped;
	bool has_tasks;			/* were in its code when it was to go, which was told */
};

/* Guarded by module_mutex. */
extern struct list_head um_images;
struct um_image *um_image_find(const char *name);

/* ---- exports.c: who exports what --------------------------------------------- */

struct um_export {
	const char *name;
	const char *ns;
	bool gpl;
	struct um_image *owner;		/* NULL: the kernel */
};

/* module_mutex held. @gplok: whether a GPL-only symbol will do. */
bool um_export_find(const char *name, bool gplok, struct um_export *out);
/* First symbol of @image that somebody else exports already, in *@out; or false. */
bool um_export_duplicate(struct um_image *image, struct um_export *out);
/* Takes a reference on each module that @image imports from. Prints what is wrong. */
int um_resolve_imports(struct um_image *image);
/* Gives the references back. */
void um_drop_imports(struct um_image *image);
int um_export_init(void);

/* ---- missing.c: called by what modpost writes into modules ------------------- */

void um_missing_function(const char *name, const char *where, void *caller);

/* ---- main.c -------------------------------------------------------------------- */

/* For reports; called with the registry of objects locked. */
void um_module_describe(const void *obj, char *buf, size_t size);

/* A value of the image's own information; NULL when it has no (more) such tag. */
const char *um_modinfo(struct um_image *image, const char *tag);
const char *um_modinfo_next(struct um_image *image, const char *tag, const char *prev);
/*
 * Waiting for a change of any module's state: take the number, look, wait
 * until it is another. Returns the time left or -ERESTARTSYS.
 */
int um_module_changes(void);
long um_module_wait_change(int seen, long timeout);

/* ---- refs.c --------------------------------------------------------------------- */

#define MODULE_REF_BASE 1

/* 0; -EBUSY while its init runs; -ENOENT when it is going. */
int um_strong_try_module_get(struct module *mod);
/* Gives up the base reference: 0, or -EWOULDBLOCK when there are others. */
int um_module_stop(struct module *mod);

/* ---- sysfs.c --------------------------------------------------------------------- */

int um_module_sysfs_setup(struct module *mod);
void um_module_sysfs_teardown(struct module *mod);

/* ---- kernel/params.c --------------------------------------------------------------- */

int um_param_sysfs_setup(struct module_kobject *mk, struct kernel_param *const *kps,
			 unsigned int num, size_t prefix);
void um_param_sysfs_remove(struct module_kobject *mk);
void um_param_free_all(struct kernel_param *kp, unsigned int num);

/* ---- modprobe.c ---------------------------------------------------------------------- */

/* Path of a module given by path or name, for host_free(). */
char *um_module_path(const char *module);

/* ---- leftovers.c ----------------------------------------------------------------------- */

/* A splat for each callback into the module that @by, its exit or an init that failed, leaves. */
void um_module_leftovers(const struct module *mod, const char *by, u64 rcu_before);
/* A splat for each task in its code, when nobody has a way in any more. Was there one? */
bool um_module_tasks(const struct module *mod);

/* ---- autoload.c ------------------------------------------------------------------------ */

void um_autoload_stop(void);

#endif
