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

#define DEPTH		HOST_KEPT_DEPTH

struct use {
	struct use *next;
	const struct stack *stack;
	unsigned int gets, puts;
};

struct object {
	struct object *next;		/* in its chain; first: check/chains.h */
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
/*
 * Of one object all holders: it is the subject of a splat. @overput: more was given back
 * than taken, and whoever has not taken what he gave back is told as that.
 */
void um_object_add_holders(struct um_report *r, struct object *o, bool overput);

/* Copies of the live records that @wanted chooses; how many. */
unsigned int um_objects_gather(bool (*wanted)(const struct object *o, const void *arg),
			       const void *arg, struct object ***out);
void um_objects_release(struct object **found, unsigned int n);

/* For those that the registry calls, which do not call it by name. */
struct um_registry {
	/* as um_objects_gather(), of those that were freed, too, as far as they are kept */
	unsigned int (*gather_all)(bool (*wanted)(const struct object *o, const void *arg),
				   const void *arg, struct object ***out);
	void (*release)(struct object **found, unsigned int n);
};
extern const struct um_registry um_registry;

struct um_holder;

/* Who has had references on @n objects, by stack; to be freed by host_free(). */
unsigned int um_object_holders(struct object *const *objects, unsigned int n,
			       struct um_holder **out);

/* A function that undoes another one, as far as it was seen (check/counterpart.c). */
struct um_counterpart {
	char of[64];			/* what it undoes */
	char function[64];
	void *pc[DEPTH];		/* of a put in it */
	unsigned int depth;
};
/* Of the one that took the reference behind @h, which nobody has put. */
bool um_find_counterpart(const struct um_registry *all, const struct um_holder *h,
			 struct um_counterpart *c);

/*
 * All about them into @r. @holder, which may be NULL, gets the module whose code
 * took every reference that is left; "" when it is not one alone.
 */
void um_objects_tell(const struct um_registry *all, struct um_report *r, struct object **found,
		     unsigned int n, char *holder, size_t size);

#endif
