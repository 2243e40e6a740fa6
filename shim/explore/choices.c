// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is chosen where: from the list of choices of the search, as long as it has
 * some, or from a replay; beyond it the first alternative is taken, which is that
 * nothing happens, or whatever chance says.
 */
#include <linux/kernel.h>

#include "explore/schedule_internal.h"
#include "kernel/sched/driver.h"
#include "kernel/time/time.h"

#define MAX_TIMES_AT_END 2

/* ---- chance --------------------------------------------------------------------- */

static u32 any_of(u32 n)
{
	u64 x = um_explore_run.sh->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % n;
}

void um_draw_priorities(void)
{
	const struct um_exploration *x = um_explore_run.x;
	unsigned int i, k;

	for (i = 0; i < UM_SLOTS; i++)
		um_now.priority[i] = x->depth + i;
	for (i = UM_SLOTS - 1; i > 0; i--) {
		k = any_of(i + 1);
		swap(um_now.priority[i], um_now.priority[k]);
	}
	for (i = 0; i + 1 < x->depth && i < ARRAY_SIZE(um_now.lowered_at); i++)
		um_now.lowered_at[i] = 1 + any_of(um_explore_run.sh->pct_length ?: 100);
}

/*
 * The alternative with the highest priority; that of who has come to such a point
 * sinks, or else time passes there.
 */
static unsigned int by_priority(const struct um_choice *c)
{
	unsigned int i, best = 0, tasks = c->n;

	while (tasks > 1 && c->task[tasks - 1] >= UM_SLOTS)
		tasks--;
	if (c->kind == UM_AT_STOP && tasks < c->n)
		return any_of(c->n);
	for (i = 0; i + 1 < um_explore_run.x->depth && i < ARRAY_SIZE(um_now.lowered_at); i++) {
		if (c->kind != UM_AT_POINT || um_now.lowered_at[i] != c->pos)
			continue;
		if (tasks < c->n && any_of(2))
			return tasks + any_of(c->n - tasks);
		um_now.priority[um_now.running] = -(int)i;
	}
	for (i = 1; i < tasks; i++)
		if (um_now.priority[c->task[i]] > um_now.priority[c->task[best]])
			best = i;
	return best;
}

/* ---- choices ------------------------------------------------------------------------ */

static unsigned int replayed(const struct um_choice *c)
{
	const struct um_choice *r = um_explore_run.replay;
	unsigned int i, k;

	for (i = 0; i < um_explore_run.n_replay; i++) {
		if (r[i].pos != c->pos || r[i].kind != c->kind)
			continue;
		for (k = 1; k < c->n; k++) {
			if (c->task[k] == r[i].task[0]) {
				um_explore_run.sh->unused--;
				return k;
			}
		}
	}
	return 0;
}

static unsigned int new_choice(const struct um_choice *c)
{
	if (um_explore_run.replay)
		return replayed(c);
	if (c->kind == UM_AT_FAULT || um_explore_run.x->how == UM_DEPTH_FIRST ||
	    um_explore_run.sh->warming)
		return 0;
	return um_explore_run.x->how == UM_PCT ? by_priority(c) : any_of(c->n);
}

/* Shards divide what can be chosen first. */
static bool of_another_shard(const struct um_choice *c)
{
	const struct um_explore_shared *sh = um_explore_run.sh;
	const struct um_exploration *x = um_explore_run.x;
	u32 i;

	if (x->shards < 2 || um_explore_run.replay)
		return false;
	for (i = 0; i < sh->n_choices; i++)
		if (sh->choice[i].taken)
			return false;
	return (c->pos + c->kind) % x->shards != x->shard;
}

static bool same_choice(const struct um_choice *a, const struct um_choice *b)
{
	return a->pos == b->pos && a->kind == b->kind && a->n == b->n && a->place == b->place;
}

/*
 * At a place that was found meanwhile: its turn comes when all begins again. A task is
 * preempted before an operation, which then may fail.
 */
static bool is_new(const struct um_choice *c, const struct um_choice *known)
{
	return c->pos < known->pos ||
	       (c->pos == known->pos && c->kind == UM_AT_POINT && known->kind == UM_AT_FAULT);
}

unsigned int um_choose(struct um_choice *c)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	struct um_choice *known = &sh->choice[um_now.depth];

	if (c->n < 2 || of_another_shard(c))
		return 0;
	if (um_explore_run.x->only_preemptions && c->kind == UM_AT_STOP)
		return 0;
	if (um_now.depth < sh->n_choices) {
		if (is_new(c, known))
			return 0;
		um_now.depth++;
		if (same_choice(known, c))
			return known->taken;
		um_note_difference(um_now.depth - 1, c);
		return 0;
	}
	if (um_now.depth == UM_CHOICES) {
		sh->too_long = true;
		return 0;
	}
	c->taken = new_choice(c);
	c->n_touches = sh->n_touches;
	*known = *c;
	sh->n_choices = ++um_now.depth;
	return c->taken;
}

void um_add_who_could_run(struct um_choice *c, int but)
{
	int i, n = min_t(unsigned int, UM_SLOTS, um_now.n + um_now.arrivals);

	for (i = 0; i < n; i++)
		if (i != but && um_now.task[i] && um_could_run(um_now.task[i]))
			c->task[c->n++] = i;
}

bool um_all_have_ended(void)
{
	unsigned int i;

	for (i = 0; i < um_now.n; i++)
		if (!um_now.task[i]->ended)
			return false;
	return true;
}

static const char *why_stopped(void)
{
	const struct um_sched_task *t = um_now.task[um_now.running];

	if (!um_explore_run.sh->pos)
		return "has not begun";
	return !t || t->ended ? "has ended" : "has to wait";
}

/* A timer that is armed when the tasks have ended expires then, or is left armed. */
static int choose_end(struct um_choice *c)
{
	if (um_now.times_at_end == MAX_TIMES_AT_END || !um_timer_is_armed())
		return -1;
	c->n = 2;
	c->task[0] = -1;
	c->task[1] = UM_TIME;
	if (!um_choose(c))
		return -1;
	um_now.times_at_end++;
	return UM_TIME;
}

/* Without a choice: kernel threads do what they have to, and then the same task goes on. */
static int who_goes_on(const struct um_choice *c)
{
	unsigned int i;

	for (i = 0; i < c->n; i++)
		if (c->task[i] >= (int)um_now.n)
			return c->task[i];
	for (i = 0; i < c->n; i++)
		if (c->task[i] == (int)um_now.last)
			return um_now.last;
	return c->task[0];
}

int um_choose_next(void)
{
	struct um_choice c = { .pos = um_explore_run.sh->pos, .kind = UM_AT_STOP };
	u32 before;
	int next;

	for (um_add_who_could_run(&c, -1); !c.n; um_add_who_could_run(&c, -1)) {
		if (um_all_have_ended())
			return choose_end(&c);
		um_other_comes();
		if (!um_some_line_comes() && !um_fibers_pass_time())
			return -1;
		um_wait_quiet();
	}
	if (um_explore_run.x->only_preemptions) {
		next = who_goes_on(&c);
	} else {
		before = um_now.depth;
		next = c.task[um_choose(&c)];
		um_now.began = um_now.depth != before && next == c.task[0] ? (int)before : -1;
	}
	if (um_explore_run.trace)
		um_trace_switch(um_now.running, next, why_stopped());
	return next;
}

int um_choose_after(int what)
{
	unsigned int before = um_now.arrivals;

	um_other_comes();
	if (what == UM_TIME)
		um_fibers_pass_time();
	else
		um_line_comes((what - UM_LINE) / 2, true);
	um_wait_quiet();
	if (um_now.arrivals != before)
		return um_now.newest;
	return um_now.task[um_now.running] && um_could_run(um_now.task[um_now.running]) ?
	       um_now.running : um_choose_next();
}

/* ---- at an operation ---------------------------------------------------------------- */

/* As far as the schedule before goes, what it has chosen here; 0 where it had no choice. */
static unsigned int chosen_before(struct um_choice *c)
{
	const struct um_choice *known = &um_explore_run.sh->choice[um_now.depth];

	if (known->pos != c->pos || known->kind != UM_AT_POINT)
		return 0;
	um_now.depth++;
	*c = *known;
	return c->taken;
}

static unsigned int choose_at_point(struct um_choice *c)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	bool exhausted = um_is_exhausted();

	if (um_explore_run.x->preempted && !(um_explore_run.x->preempted >> um_now.running & 1))
		return 0;
	if (c->pos <= um_explore_run.repeats)
		return chosen_before(c);
	if (exhausted && sh->cut)
		return 0;
	um_add_who_could_run(c, um_now.running);
	um_offer_timer(c);
	um_offer_lines(c);
	if (!exhausted)
		return um_choose(c);
	sh->cut = c->n > 1;
	return 0;
}

bool um_is_stopped_for_another(u64 place)
{
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .place = place >> 32, .kind = UM_AT_POINT,
		.n = 1, .task = { um_now.running },
	};
	u32 before = um_now.depth;
	unsigned int taken = choose_at_point(&c);

	if (um_now.depth != before)
		um_touch_choice(before, taken);
	if (!taken)
		return false;
	um_now.preemptions++;
	if (um_is_on_this(c.task[taken])) {
		um_interrupts(c.task[taken]);
		return false;
	}
	um_now.next = c.task[taken];
	if (um_explore_run.trace)
		um_trace_switch(um_now.running, um_now.next, "is preempted");
	return true;
}
