/* SPDX-License-Identifier: GPL-2.0-only */
/* Blocks of kmalloc() and of caches, from their allocation to their end (check/quarantine.c). */
#ifndef UMDEV_CHECK_QUARANTINE_H
#define UMDEV_CHECK_QUARANTINE_H

#include <linux/types.h>

struct um_report;

/**
 * um_block_alloc() - memory for an object.
 * @size: in bytes, not 0
 * @align: power of two, or 0 for that of malloc()
 * @cache: name of the object's cache, of um_block_cache_name(); NULL: kmalloc()
 *
 * Context: any; the caller has injected its fault.
 * Return: uninitialised memory for um_block_free(), or NULL when the host has none.
 */
void *um_block_alloc(size_t size, size_t align, const char *cache);

/**
 * um_block_free() - the end of an object: what lies behind it is looked at,
 * then it waits in quarantine under poison.
 * @p: of um_block_alloc()
 * @by: the function that was called, for the reports
 *
 * Context: any.
 * Return: false when @p is no object that is alive. That has been told, and
 * nothing was done.
 */
bool um_block_free(const void *p, const char *by);

/* What was asked for; of a block that was never one of these, what malloc() gave. */
size_t um_block_size(const void *p);

/* A copy of @name that outlives its cache. */
const char *um_block_cache_name(const char *name);

/*
 * @addr lies in an object that is alive or in quarantine: how many bytes of it
 * may be used from there on, 0 where it was freed. -1: nothing is known.
 */
ssize_t um_block_room(const void *addr);

/* The life of the object around @addr, for a report; nothing when none is known. */
void um_block_story(struct um_report *r, const void *addr);
/* Is the memory at @addr in quarantine? */
bool um_block_is_freed(const void *addr);

/* Is there a quarantine? Constant from um_boot() on. */
bool um_quarantine_on(void);
/* How many of @n bytes are @byte before one is not. */
size_t um_poison_same(const char *p, unsigned char byte, size_t n);
/* The same as um_quarantine_check() for the last pages that were freed (mm/page_poison.c). */
void um_page_poison_check(void);

/*
 * Looks at every object, behind those that are alive and into those that were
 * freed; what was written there is a splat each, once. Context: any.
 */
void um_quarantine_check(void);

#endif
