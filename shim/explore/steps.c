// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tasks touch, in which order: an operation is one step, or two where a task
 * may be stopped in it. What it has begun it touches when it goes on.
 */
#include "explore/schedule_internal.h"

void um_step_touches(unsigned int who)
{
	const struct step *step = &um_now.step[who];
	const struct um_op op = {
		.object = step->object, .start = step->start, .read = step->read,
	};

	um_touch(who, step->kind, &op);
}

void um_step_begins(unsigned int who, enum um_kind kind, const struct um_op *op)
{
	um_now.step[who] = (struct step){ kind, true, op->read, op->object, op->start };
	/* the entry may be gone when it goes on */
	if (kind == UM_LIST_DEL)
		um_now.step[who].start = ((void *const *)op->object)[1];
}

void um_step_ends(unsigned int who, enum um_kind kind, const struct um_op *op)
{
	um_now.step[who].set = false;
	um_touch(who, kind, op);
}

void um_step_goes_on(unsigned int who)
{
	if (!um_now.reduces || (um_now.listed == (int)who && um_now.began < 0))
		return;
	um_now.listed = who;
	um_touch_switch(who, um_now.began);
	um_now.began = -1;
	if (who < UM_SLOTS && um_now.step[who].set)
		um_step_touches(who);
}

void um_other_comes(void)
{
	if (!um_now.reduces)
		return;
	um_step_goes_on(UM_SLOTS);
	um_touch_all(UM_SLOTS);
}

/* It waits for the object of what it has begun last, or else for what nobody has told of. */
void um_step_waits(unsigned int who)
{
	const struct um_why *why = um_now.task[who]->why;
	struct step *step = &um_now.step[who];

	if (!um_now.reduces || (step->set && why && why->object == step->object))
		return;
	*step = (struct step){ .kind = UM_WAIT, .set = true };
	um_step_touches(who);
}
