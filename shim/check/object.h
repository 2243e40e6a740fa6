/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_OBJECT_H
#define UMDEV_CHECK_OBJECT_H

/* Live objects in the registry, permanent ones included. */
unsigned long um_objects_alive(void);

/* A more telling kind for an object that was registered as something general. */
void um_object_kind(const void *obj, const char *kind);

struct um_report;

/* Where an object was made and freed, if it is known, for a report. Returns the place of its end. */
const void *um_object_story(struct um_report *r, const void *obj);

/* More was given back than taken, of an object that lives on: tells who took and gave. */
void um_object_overput(const void *obj, const char *kind, um_describe_fn describe);

/*
 * The image of a module is about to go: what its code made and is still alive
 * is a splat, with holders. Returns how many.
 */
int um_audit_module(const char *name, const void *base, unsigned long size);

#endif
