/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory whose last reference was given back, and that was not freed (check/released.c). */
#ifndef UMDEV_CHECK_RELEASED_H
#define UMDEV_CHECK_RELEASED_H

#include <linux/types.h>

struct um_report;

/*
 * Adds to a report about leaked memory, allocated at @pc, who released it without
 * freeing it; nothing when its references were not given back, or nothing is known.
 */
void um_released_story(struct um_report *r, void *const *pc, unsigned int n);

#endif
