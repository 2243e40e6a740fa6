/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_BOOT_H
#define UMDEV_KERNEL_BOOT_H

/* Runs those of one level; the error of the first that fails (kernel/initcall.c). */
int um_initcalls_run(int level);
/* Where modules are looked for; copied. */
void um_module_dir_set(const char *dir);
/* kernel/module/: every module, users before providers; how many would not go. */
int um_modules_unload_all(void);

#endif
