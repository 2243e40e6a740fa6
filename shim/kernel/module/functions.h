/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would still be called when a module is gone: each function once, that lies in
 * its image, or that would be called for something in its data.
 */
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

static inline bool um_functions_lies_in(const struct um_functions *f, const void *addr)
{
	return (unsigned long)addr - (unsigned long)f->start < f->size;
}

/* Adds @fn, if it or @object, for which it would be called, lies in the image. */
static inline void um_functions_add(struct um_functions *f, const void *object, const void *fn)
{
	unsigned int i;

	if (!fn || (!um_functions_lies_in(f, fn) && !um_functions_lies_in(f, object)))
		return;
	for (i = 0; i < f->n && f->at[i] != fn; i++)
		;
	if (i < UM_FUNCTIONS)
		f->at[i] = fn;
	if (i == f->n && i < UM_FUNCTIONS)
		f->n++;
}

#endif
