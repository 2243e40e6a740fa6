// SPDX-License-Identifier: GPL-2.0-only
/*
 * One schedule: the tasks run one at a time, and each choice is asked for.
 *
 * The task that is told to go on does so until it waits, ends, or comes to an
 * operation at which another is chosen; there it is held, and the other goes
 * on. What is chosen where comes from the list of choices of the search, as
 * long as it has some, or from a replay; beyond it the first alternative is
 * taken, which is that nothing happens, or whatever chance says.
 *
 * A task that waits is held where it waits, so nobody runs who was not chosen;
 * when nobody could, all are let go: one waits for time, which passes then, or
 * the wait primitive tells of a deadlock.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/subscriber.h"
#include "explore/explore_internal.h"
#include "host/host.h"
#include "kernel/sched/sched.h"

#define BEFORE (UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_WAIT) | UM_ON(UM_WORK_QUEUE) | \
		UM_ON(UM_TIMER_ARM) | UM_ON(UM_RCU_LOCK) | UM_ON(UM_RCU_CALL) |		\
		UM_ON(UM_REF_GET) | UM_ON(UM_REF_TRYGET) | UM_ON(UM_REF_PUT) |		\
		UM_ON(UM_MODULE_GET) | UM_ON(UM_MODULE_TRYGET) | UM_ON(UM_MODULE_PUT) |	\
		UM_ON(UM_ACTIVE_GET) | UM_ON(UM_ACTIVE_PUT) | UM_ON(UM_ATOMIC) |	\
		UM_ON(UM_STORE_RELEASE) | UM_ON(UM_LOAD_ACQUIRE) | UM_ON(UM_LIST_ADD) |	\
		UM_ON(UM_LIST_DEL))
#define AFTER (UM_ON(UM_UNLOCK) | UM_ON(UM_WAKE))

static struct {
	struct um_sched_task *task[UM_EXPLORE_TASKS];
	unsigned int n;			/* started */
	unsigned int running;			/* index of the task that was chosen last */
	int next;			/* whom the current one was stopped for; -1: nobody */
	u32 depth;			/* choices so far */
	unsigned int preemptions, faults;
	int priority[UM_EXPLORE_TASKS];
	u32 lowered_at[8];		/* UM_PCT */
} s;

/* ---- chance --------------------------------------------------------------------- */

static u32 any_of(u32 n)
{
	u64 x = um_explore_run.sh->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % n;
}

static void draw_priorities(void)
{
	const struct um_exploration *x = um_explore_run.x;
	unsigned int i, k;

	for (i = 0; i < x->tasks; i++)
		s.priority[i] = x->depth + i;
	for (i = x->tasks - 1; i > 0; i--) {
		k = any_of(i + 1);
		swap(s.priority[i], s.priority[k]);
	}
	for (i = 0; i + 1 < x->depth && i < ARRAY_SIZE(s.lowered_at); i++)
		s.lowered_at[i] = 1 + any_of(um_explore_run.sh->pct_length ?: 100);
}

/* The alternative with the highest priority; that of who has come to such a point sinks. */
static unsigned int by_priority(const struct um_choice *c)
{
	unsigned int i, best = 0;

	for (i = 0; i + 1 < um_explore_run.x->depth && i < ARRAY_SIZE(s.lowered_at); i++)
		if (c->kind == UM_AT_POINT && s.lowered_at[i] == c->pos)
			s.priority[s.running] = -(int)i;
	for (i = 1; i < c->n; i++)
		if (s.priority[c->task[i]] > s.priority[c->task[best]])
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
	if (c->kind == UM_AT_FAULT || um_explore_run.x->how == UM_DEPTH_FIRST)
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

/* Which alternative; the first when there is but one. */
static unsigned int choose(struct um_choice *c)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	struct um_choice *known = &sh->choice[s.depth];

	if (c->n < 2 || of_another_shard(c))
		return 0;
	if (s.depth < sh->n_choices) {
		/* at a place that was found meanwhile: its turn comes when all begins again */
		if (c->pos < known->pos)
			return 0;
		s.depth++;
		if (same_choice(known, c))
			return known->taken;
		sh->differs = true;
		return 0;
	}
	if (s.depth == UM_CHOICES)
		return 0;
	c->taken = new_choice(c);
	*known = *c;
	sh->n_choices = ++s.depth;
	return c->taken;
}

static void add_who_could_run(struct um_choice *c, int but)
{
	unsigned int i;

	for (i = 0; i < s.n; i++)
		if (i != but && um_could_run(s.task[i]))
			c->task[c->n++] = i;
}

/* The current task is stopped: who goes on? -1: nobody could. */
static int choose_next(void)
{
	struct um_choice c = { .pos = um_explore_run.sh->pos, .kind = UM_AT_STOP };
	int next;

	add_who_could_run(&c, -1);
	if (!c.n)
		return -1;
	next = c.task[choose(&c)];
	if (um_explore_run.trace)
		um_trace_switch(s.running, next, !c.pos ? "has not begun" :
				s.task[s.running]->ended ? "has ended" : "has to wait");
	return next;
}

/* ---- operations ------------------------------------------------------------------------ */

static u64 place_of(void *const *pc, unsigned int n)
{
	u64 h = n;
	unsigned int i;

	for (i = 0; i < n; i++)
		h = (h ^ host_code_key(pc[i])) * 0x9e3779b97f4a7c15ULL;
	return h | 1;
}

/* At an operation of the current task: is another one to run before it? */
static bool is_stopped_for_another(u64 place)
{
	const struct um_exploration *x = um_explore_run.x;
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .place = place >> 32, .kind = UM_AT_POINT,
		.n = 1, .task = { s.running },
	};
	unsigned int taken;

	add_who_could_run(&c, s.running);
	if (!um_explore_run.replay && x->how != UM_PCT &&
	    s.preemptions >= um_explore_run.sh->bound) {
		um_explore_run.sh->cut |= c.n > 1;
		return false;
	}
	taken = choose(&c);
	if (!taken)
		return false;
	s.preemptions++;
	s.next = c.task[taken];
	if (um_explore_run.trace)
		um_trace_switch(s.running, s.next, "is preempted");
	return true;
}

static noinline bool pass(enum um_kind kind, const struct um_op *op)
{
	struct um_op_task *t = host_task_get();
	void *pc[UM_PLACE_FRAMES];
	unsigned int n;
	bool meets;
	u64 place;

	if (!s.n || t != &s.task[s.running]->op || t->quiet)
		return false;
	um_explore_run.sh->pos++;
	n = host_stack(pc, UM_PLACE_FRAMES, UM_OP_FRAMES + 1);
	place = place_of(pc, n);
	meets = um_meet(op->object, s.running, place) || um_explore_run.replay ||
		um_explore_run.x->shards > 1;
	if (meets && um_explore_run.trace)
		um_trace_op(s.running, kind, op, pc, n);
	return meets && is_stopped_for_another(place);
}

static bool call_fails(const struct um_op *op)
{
	struct um_op_task *t = host_task_get();
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .kind = UM_AT_FAULT, .n = 2, .task = { -1, -2 },
	};

	if (!s.n || t != &s.task[s.running]->op || t->quiet)
		return false;
	/* several may come between two operations */
	um_explore_run.sh->pos++;
	if (!um_explore_run.replay && s.faults >= um_explore_run.x->faults)
		return false;
	if (!choose(&c))
		return false;
	s.faults++;
	if (um_explore_run.trace)
		um_trace_op(s.running, UM_FALLIBLE, op, NULL, 0);
	return true;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_FALLIBLE)
		return call_fails(op) ? UM_FAIL : UM_GO_ON;
	return pass(kind, op) ? UM_SWITCH : UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (pass(kind, op))
		um_op_models.hold();
}

static struct um_subscriber explorer = {
	.rank = UM_RANK_EXPLORER, .when_asked = true,
	.begins = BEFORE | UM_ON(UM_FALLIBLE), .ends = AFTER, .begin = begin, .end = end,
};
UM_SUBSCRIBER(explorer)

/* ---- a schedule -------------------------------------------------------------------------- */

struct start {
	long (*fn)(void *arg);
	void *arg;
};

/* Held at its very beginning until it is chosen for the first time. */
static long run_task(void *arg)
{
	const struct start *start = arg;

	um_op_models.hold();
	return start->fn(start->arg);
}

static void start_tasks(struct start *start)
{
	const struct um_exploration *x = um_explore_run.x;
	unsigned int i;

	for (i = 0; i < x->tasks; i++) {
		start[i] = (struct start){ x->run[i], x->arg };
		s.task[i] = (struct um_sched_task *)
			um_task_start(x->task_name[i] ?: "task", run_task, &start[i]);
		um_task_run_alone((struct um_task *)s.task[i]);
	}
	s.n = x->tasks;
}

static void run_tasks(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	int next = choose_next();

	while (next >= 0) {
		s.running = next;
		s.next = -1;
		um_task_run_alone((struct um_task *)s.task[next]);
		if (s.next >= 0) {
			next = s.next;
			continue;
		}
		sh->sum.waits += !s.task[next]->ended;
		next = choose_next();
	}
}

static void join_tasks(long *result)
{
	unsigned int i, n = s.n;

	/* from here on nothing is chosen */
	s.n = 0;
	for (i = 0; i < n; i++)
		um_task_resume((struct um_task *)s.task[i]);
	for (i = 0; i < n; i++)
		result[i] = um_task_join((struct um_task *)s.task[i]);
}

void um_run_schedule(void)
{
	const struct um_exploration *x = um_explore_run.x;
	struct um_explore_shared *sh = um_explore_run.sh;
	struct start start[UM_EXPLORE_TASKS];
	long result[UM_EXPLORE_TASKS] = { 0 };
	bool bad;

	memset(&s, 0, sizeof(s));
	um_meet_nobody();
	sh->pos = 0;
	if (!explorer.on)
		um_op_subscribe(&explorer, true);
	if (x->setup && x->setup(x->arg)) {
		sh->state = UM_RUN_SETUP;
		return;
	}
	if (x->how == UM_PCT)
		draw_priorities();
	sh->state = UM_RUN_ON;
	start_tasks(start);
	run_tasks();
	join_tasks(result);
	bad = x->check && x->check(x->arg, result, s.faults);
	bad |= um_check_splats() > 0;
	sh->differs |= s.depth < sh->n_choices;
	sh->n_choices = min(sh->n_choices, s.depth);
	sh->sum.points = max_t(unsigned long, sh->sum.points, sh->pos);
	sh->pct_length = max(sh->pct_length, sh->pos);
	sh->state = bad ? UM_RUN_BAD : UM_RUN_NEXT;
}
