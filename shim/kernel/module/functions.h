/* SPDX-License-Identifier: GPL-2.0-only */
/* What would still be called in the image of a module that goes: each function once. */
#ifndef UMDEV_KERNEL_MODULE_FUNCTIONS_H
#define UMDEV_KERNEL_MODULE_FUNCTIONS_H

#include <linux/types.h>

#define UM_FUNCTIONS	16	/* more are not told */

struct um_functions {
	const void *start;		/* the image */
	size_t size;
	unsigned int n;
	const void *at[UM_FUNCTIONS];
};

/* Adds @fn, if it lies in the image. */
static inline void um_functions_add(struct um_functions *f, const void *fn)
{
	unsigned int i;

	if ((unsigned long)fn - (unsigned long)f->start >= f->size)
		return;
	for (i = 0; i < f->n && f->at[i] != fn; i++)
		;
	if (i < UM_FUNCTIONS)
		f->at[i] = fn;
	if (i == f->n && i < UM_FUNCTIONS)
		f->n++;
}

#endif
