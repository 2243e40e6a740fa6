/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of the registry of objects: object.c keeps the records,
 * object_group.c tells of those that are alive; object_module.c, above both, looks at
 * them when a module goes.
 */
#ifndef UMDEV_CHECK_OBJECT_INTERNAL_H
#define UMDEV_CHECK_OBJECT_INTERNAL_H

#include <linux/types.h>

#include "check/object.h"
#include "check/op.h"
#include "check/report.h"
#include "check/stacks.h"

#define DEPTH		12

struct use {
	struct use *next;
	const struct stack *stack;
	unsigned int gets, puts;
};

struct object {
	struct object *next;
	/* inverted: LeakSanitizer must not take the record of an object for a user of it */
	unsigned long hidden;
	const char *kind;
	um_describe_fn describe;
	const struct stack *born;
	struct use *uses;
	u64 seq;
	bool permanent;
	const struct stack *ended;	/* taken out of use: nobody finds it any more */
	/* set when it was freed, with the name it had */
	const struct stack *freed;
	struct object *next_freed, **freed_link;
	struct object *next_near, **near_link;	/* freed as well, of the same page */
	char name[48];
	char *text;			/* of a copy (um_objects_gather()): its name */
};

void um_object_add_stack(struct um_report *r, const char *what, const struct stack *s);
/* Of one object all holders: it is the subject of a splat. */
void um_object_add_holders(struct um_report *r, struct object *o);

/* Copies of the live records that @wanted chooses; how many. */
unsigned int um_objects_gather(bool (*wanted)(const struct object *o, const void *arg),
			       const void *arg, struct object ***out);
void um_objects_release(struct object **found, unsigned int n);
/*
 * All about them into @r. @holder, which may be NULL, gets the module whose code
 * took every reference that is left; "" when it is not one alone.
 */
void um_objects_tell(struct um_report *r, struct object **found, unsigned int n,
		     char *holder, size_t size);

#endif
