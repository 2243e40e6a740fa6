/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insmod, modprobe and rmmod inside the guest, with the errno of the system
 * call that failed.
 */
#ifndef UMDEV_GUEST_MODINDEX_H
#define UMDEV_GUEST_MODINDEX_H

#include <stdbool.h>

/* Reads what depmod wrote for the running kernel. 0 or a negative errno. */
int modindex_read(void);
void modindex_free(void);

/**
 * modindex_insmod() - load one module, without what it depends on.
 * @name: as in lsmod, or with dashes
 * @params: "a=1 b=x", or NULL
 *
 * Return: 0; -ENOENT for a name that depmod did not see; what finit_module()
 * returned.
 */
int modindex_insmod(const char *name, const char *params);

/**
 * modindex_modprobe() - load a module, or all that an alias matches.
 *
 * Dependencies and soft dependencies are loaded first (those after it, after
 * it); @params go to the module itself. Loaded already is success.
 * Return: 0; -ENOENT when nothing has the name or alias; the first error of a
 * module or a dependency. A soft dependency may fail.
 */
int modindex_modprobe(const char *name_or_alias, const char *params);

/* delete_module() without waiting: 0 or a negative errno. */
int modindex_rmmod(const char *name);

/* Whether depmod found this module outside the kernel's own. */
bool modindex_is_ours(const char *name);

#endif
