/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_FAULT_H
#define UMDEV_CHECK_FAULT_H

#include <linux/types.h>

struct um_fault_site;
struct um_text;

/* The site of this task's last fault, without its stack; NULL when none fired. */
const char *um_fault_place(void);
/* Its call stack, each frame between @before and @after. */
void um_fault_stack(struct um_text *text, const char *before, const char *after);
/* The same as it is. Returns its depth. */
unsigned int um_fault_frames(void *const **pc);

/* Adds the figures of a module's sites to those kept, and zeroes them. */
void um_fault_keep_sites(struct um_fault_site *sites, unsigned int n);
/* The same for all modules that are loaded (kernel/module/main.c). */
void um_modules_keep_sites(void);

#endif
