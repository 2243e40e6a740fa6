/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_FAULT_H
#define UMDEV_CHECK_FAULT_H

struct um_text;

/* The site of this task's last fault, without its stack; NULL when none fired. */
const char *um_fault_place(void);
/* Its call stack, each frame between @before and @after. */
void um_fault_stack(struct um_text *text, const char *before, const char *after);
/* The same as it is. Returns its depth. */
unsigned int um_fault_frames(void *const **pc);

#endif
