/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of devices that are made by software: pieces of the memory that pages
 * are made of, at physical addresses of their own, which drivers map by ioremap().
 */
#ifndef UMDEV_MM_IOREMAP_H
#define UMDEV_MM_IOREMAP_H

#include <linux/list.h>
#include <linux/types.h>

struct um_io_region;

/* What stands behind the registers; each may be left out. */
struct um_io_ops {
	/* Why there is no answer, for a report; NULL: there is one. *@tell: it is a fault to ask. */
	const char *(*silent)(void *arg, bool *tell);
	/* A fault to be told, though there is an answer; NULL: none. */
	const char *(*fault)(void *arg);
	/* Before a read: the device puts there what will be read. */
	void (*read)(void *arg, u64 offset, unsigned int size);
	/* After a write. */
	void (*write)(void *arg, u64 offset, unsigned int size, u64 value);
};

/*
 * Zeroed registers of @size bytes, rounded up to pages; @name is for reports, not
 * copied. NULL without memory.
 */
struct um_io_region *um_io_region_new(size_t size, const char *name, const struct um_io_ops *ops,
				      void *arg);
/* The device is gone: all that is read from now on is ones, and @arg is not used any more. */
void um_io_region_free(struct um_io_region *r);

resource_size_t um_io_region_phys(const struct um_io_region *r);
/* As the device sees it. */
void *um_io_region_memory(const struct um_io_region *r);

#endif
