// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where schedules branch off. Along a schedule its state is marked now and then; the
 * next one, which begins as it did, goes on at the last mark before what is another
 * in it, and saves what leads there.
 *
 * Marked are the modelled kernel (explore/snapshot.c), the schedule's own state, and what
 * the search knows of the schedule up to there.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "explore/explore_internal.h"
#include "host/snapshot.h"

/* Operations between two marks: a mark costs as much as some hundred. */
#define MIN_MARKED 32

static struct {
	unsigned int n;
	struct mark {
		char state[UM_SCHEDULE_STATE];
		u32 depth;			/* choices before it */
		u32 pos, n_touches;
		u16 at_choice, began;
		u8 goes_on;
	} mark[HOST_MARKS];
} marks;

void um_keep_marks(void)
{
	host_snapshot_keep(&marks, sizeof(marks));
}

void um_no_marks(void)
{
	marks.n = 0;
}

/* Somewhere behind the last one. */
bool um_is_far_from_mark(void)
{
	const struct um_explore_shared *sh = um_explore_run.sh;
	u32 last = marks.n ? marks.mark[marks.n - 1].pos : 0;

	if (!um_explore_run.snapshots || um_explore_run.x->how != UM_DEPTH_FIRST ||
	    marks.n == HOST_MARKS)
		return false;
	return sh->pos - last >= max_t(u32, MIN_MARKED, sh->sum.points / HOST_MARKS);
}

void um_take_mark(const void *state, size_t size, u32 depth)
{
	const struct um_explore_shared *sh = um_explore_run.sh;
	struct mark *m = &marks.mark[marks.n];

	if (!um_mark(marks.n))
		return;
	memcpy(m->state, state, size);
	m->depth = depth;
	m->pos = sh->pos;
	m->n_touches = sh->n_touches;
	m->at_choice = sh->at_choice;
	m->began = sh->began;
	m->goes_on = sh->goes_on;
	marks.n++;
}

/* The last one before which the same was chosen as in the schedule before. */
bool um_go_back_to_mark(void *state, size_t size)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	unsigned int n = um_explore_run.snapshots ? marks.n : 0;
	const struct mark *m;

	while (n && marks.mark[n - 1].depth >= sh->n_choices)
		n--;
	if (!n || !um_meet_back_to(um_explore_run.repeats) || !um_back_to_mark(n - 1))
		return false;
	m = &marks.mark[n - 1];
	marks.n = n;
	sh->sum.resumed++;
	memcpy(state, m->state, size);
	sh->pos = m->pos;
	sh->n_touches = m->n_touches;
	sh->at_choice = m->at_choice;
	sh->began = m->began;
	sh->goes_on = m->goes_on;
	return true;
}
