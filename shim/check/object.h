/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_OBJECT_H
#define UMDEV_CHECK_OBJECT_H

struct um_report;

/* Live objects in the registry, permanent ones included. */
unsigned long um_objects_alive(void);

/* As um_audit(), when nothing is on its way to its release. */
int um_objects_audit(void (*report)(const char *line, void *arg), void *arg);

/* Where an object was made and freed, if it is known, for a report. Returns the place of its end. */
const void *um_object_story(struct um_report *r, const void *obj);

/* Where one that is alive was made; nothing if that is not known. */
void um_object_birth(struct um_report *r, const void *obj);

/* Nothing is known of @obj any more: its memory goes without its release. */
void um_object_forget(const void *obj);

#endif
