/* SPDX-License-Identifier: GPL-2.0-only */
/* Points of a task, for code that holds tasks at them. */
#ifndef UMDEV_CHECK_POINTS_H
#define UMDEV_CHECK_POINTS_H

struct um_op_task;

/* Where it was held last: @pc has room for UM_STACK_DEPTH. Returns the depth. */
unsigned int um_points_held_at(const struct um_op_task *t, void **pc);

#endif
