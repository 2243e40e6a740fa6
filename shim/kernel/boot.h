/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_BOOT_H
#define UMDEV_KERNEL_BOOT_H

/* Where um_boot() was told to look for modules. */
const char *um_module_dir(void);
/* kernel/module/: every module, users before providers; how many would not go. */
int um_modules_unload_all(void);

#endif
