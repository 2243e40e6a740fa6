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
 * A task that waits is held where it waits, so nobody runs who was not chosen.
 * When nobody could, time passes to the first that waits for one; when nobody
 * does, all are let go, and the wait primitive tells of a deadlock.
 *
 * A kernel thread becomes one of the tasks when it begins with a work item, a
 * timer's function or that of a driver's thread, and is none any more when that
 * has ended; what it does in between is its own. Where a timer is armed it is an
 * alternative that it expires now, since nobody knows how long a task is stopped:
 * on another processor, or on this one, which has it run to its end first, unless
 * bottom halves are off. Likewise where a line of interrupts has a handler, which may
 * have to run at any time; and when nobody could run it is first of all that which
 * comes.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/quarantine.h"
#include "check/subscriber.h"
#include "explore/explore_internal.h"
#include "host/fiber.h"
#include "host/host.h"
#include "host/snapshot.h"
#include "kernel/irq.h"
#include "kernel/sched/driver.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"

#define BEFORE (UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_WAIT) | UM_ON(UM_WORK_QUEUE) | \
		UM_ON(UM_TIMER_ARM) | UM_ON(UM_RCU_LOCK) | UM_ON(UM_RCU_CALL) |		\
		UM_ON(UM_REF_GET) | UM_ON(UM_REF_TRYGET) | UM_ON(UM_REF_PUT) |		\
		UM_ON(UM_MODULE_GET) | UM_ON(UM_MODULE_TRYGET) | UM_ON(UM_MODULE_PUT) |	\
		UM_ON(UM_ACTIVE_GET) | UM_ON(UM_ACTIVE_PUT) | UM_ON(UM_ATOMIC) |	\
		UM_ON(UM_STORE_RELEASE) | UM_ON(UM_LOAD_ACQUIRE) | UM_ON(UM_LIST_ADD) |	\
		UM_ON(UM_LIST_DEL) | UM_ON(UM_UEVENT) | UM_ON(UM_IRQS_ON))
#define AFTER (UM_ON(UM_UNLOCK) | UM_ON(UM_WAKE))
/* No preemption points, but what they do may matter to others (explore/reduce.c). */
#define TOUCH (UM_ON(UM_GIVE) | UM_ON(UM_TAKE) | UM_ON(UM_RCU_UNLOCK) | UM_ON(UM_DOWNGRADE) |	\
	       UM_ON(UM_TASK_START) | UM_ON(UM_FREE) | UM_ON(UM_PAGES_FREE) |		\
	       UM_ON(UM_AREA_FREE) | UM_ON(UM_MODULE_LOADED) | UM_ON(UM_MODULE_EXITED) |	\
	       UM_ON(UM_MODULE_GONE))
#define TOUCH_AFTER UM_ON(UM_TASK_JOIN)
#define ARRIVAL (UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_TASK_RUN))

/* A schedule that has come so far does not end. */
#define MAX_STEPS (1u << 17)
#define MAX_TIMES_AT_END 2
/*
 * To ask for a thread's time takes as long as some ten operations: behind the first schedules, of
 * which some take long, one of so many is timed and stands for all of them.
 */
#define TIMED 13
#define MAX_LATE_ARRIVALS UM_SLOTS

static struct state {
	struct um_sched_task *task[UM_SLOTS];	/* NULL: none, or none any more */
	struct arrival {
		enum um_kind kind;
		unsigned long ip;	/* in its function */
		bool interrupt;
	} arrival[UM_SLOTS];		/* of those that are kernel threads */
	unsigned int arrivals;		/* so far */
	unsigned int late_arrivals;	/* when all tasks have ended */
	int newest;			/* arrival */
	unsigned int n;			/* tasks of the scenario; 0: nothing is chosen */
	unsigned int running;		/* who was chosen last */
	unsigned int last;		/* of the scenario's tasks */
	int next;			/* whom the current one was stopped for; -1: nobody */
	bool has_rival;			/* one that was not there at its last operation */
	unsigned int handlers;		/* of interrupts, at its last operation */
	u32 known;			/* so many operations are on the same objects as before */
	unsigned int times_at_end;	/* that time has passed when all had ended */
	unsigned int lines_came;	/* interrupts */
	u32 depth;			/* choices so far */
	unsigned int preemptions, faults;
	int priority[UM_SLOTS];
	u32 lowered_at[8];		/* UM_PCT */
	bool reduces;			/* something is left out: what is touched is told */
	bool marking;			/* the current one is stopped for a mark */
	int began;			/* the choice at which it went on; -1: there was none */
	int listed;			/* who goes on, as the list of what is touched says */
	struct step {
		enum um_kind kind;
		bool set;
		int read;
		const void *object, *start;
	} step[UM_SLOTS];		/* that each has begun, and goes on with */
} s;

/* Where each operation of the last schedule was, as far as there is room. */
static u64 places[1 << 15];

/* ---- what is touched, in which order -------------------------------------------- */

static void touch_step(unsigned int who)
{
	const struct step *step = &s.step[who];
	const struct um_op op = {
		.object = step->object, .start = step->start, .read = step->read,
	};

	um_touch(who, step->kind, &op);
}

/* What it has begun takes effect when it goes on, and again whenever it has been stopped in it. */
static void begin_step(unsigned int who, enum um_kind kind, const struct um_op *op)
{
	s.step[who] = (struct step){ kind, true, op->read, op->object, op->start };
	/* the entry may be gone when it goes on */
	if (kind == UM_LIST_DEL)
		s.step[who].start = ((void *const *)op->object)[1];
}

static void goes_on(unsigned int who)
{
	if (!s.reduces || (s.listed == (int)who && s.began < 0))
		return;
	s.listed = who;
	um_touch_switch(who, s.began);
	s.began = -1;
	if (who < UM_SLOTS && s.step[who].set)
		touch_step(who);
}

/* Time, or a device: what that makes of a schedule is not known. */
static void other_comes(void)
{
	if (!s.reduces)
		return;
	goes_on(UM_SLOTS);
	um_touch_all(UM_SLOTS);
}

/* It waits for the object of what it has begun last, or else for what nobody has told of. */
static void waits(unsigned int who)
{
	const struct um_why *why = s.task[who]->why;
	struct step *step = &s.step[who];

	if (!s.reduces || (step->set && why && why->object == step->object))
		return;
	*step = (struct step){ .kind = UM_WAIT, .set = true };
	touch_step(who);
}

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

	for (i = 0; i < UM_SLOTS; i++)
		s.priority[i] = x->depth + i;
	for (i = UM_SLOTS - 1; i > 0; i--) {
		k = any_of(i + 1);
		swap(s.priority[i], s.priority[k]);
	}
	for (i = 0; i + 1 < x->depth && i < ARRAY_SIZE(s.lowered_at); i++)
		s.lowered_at[i] = 1 + any_of(um_explore_run.sh->pct_length ?: 100);
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
	for (i = 0; i + 1 < um_explore_run.x->depth && i < ARRAY_SIZE(s.lowered_at); i++) {
		if (c->kind != UM_AT_POINT || s.lowered_at[i] != c->pos)
			continue;
		if (tasks < c->n && any_of(2))
			return tasks + any_of(c->n - tasks);
		s.priority[s.running] = -(int)i;
	}
	for (i = 1; i < tasks; i++)
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

/* Which alternative; the first when there is but one. */
static unsigned int choose(struct um_choice *c)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	struct um_choice *known = &sh->choice[s.depth];

	if (c->n < 2 || of_another_shard(c))
		return 0;
	if (um_explore_run.x->only_preemptions && c->kind == UM_AT_STOP)
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
	if (s.depth == UM_CHOICES) {
		sh->too_long = true;
		return 0;
	}
	c->taken = new_choice(c);
	c->n_touches = sh->n_touches;
	*known = *c;
	sh->n_choices = ++s.depth;
	return c->taken;
}

static void add_who_could_run(struct um_choice *c, int but)
{
	int i, n = min_t(unsigned int, UM_SLOTS, s.n + s.arrivals);

	for (i = 0; i < n; i++)
		if (i != but && s.task[i] && um_could_run(s.task[i]))
			c->task[c->n++] = i;
}

static bool all_have_ended(void)
{
	unsigned int i;

	for (i = 0; i < s.n; i++)
		if (!s.task[i]->ended)
			return false;
	return true;
}

static const char *why_stopped(void)
{
	const struct um_sched_task *t = s.task[s.running];

	if (!um_explore_run.sh->pos)
		return "has not begun";
	return !t || t->ended ? "has ended" : "has to wait";
}

/* A timer that is armed when the tasks have ended expires then, or is left armed. */
static int choose_end(struct um_choice *c)
{
	if (s.times_at_end == MAX_TIMES_AT_END || !um_timer_is_armed())
		return -1;
	c->n = 2;
	c->task[0] = -1;
	c->task[1] = UM_TIME;
	if (!choose(c))
		return -1;
	s.times_at_end++;
	return UM_TIME;
}

/* Without a choice: kernel threads do what they have to, and then the same task goes on. */
static int who_goes_on(const struct um_choice *c)
{
	unsigned int i;

	for (i = 0; i < c->n; i++)
		if (c->task[i] >= (int)s.n)
			return c->task[i];
	for (i = 0; i < c->n; i++)
		if (c->task[i] == (int)s.last)
			return s.last;
	return c->task[0];
}

/* The @n-th line that has a handler; 0: none. */
static unsigned int line(unsigned int n)
{
	unsigned int irq = 0;

	do
		irq = um_irq_could_come(irq + 1);
	while (irq && n--);
	return irq;
}

/* What is offered may not be all: that is said beside "complete". */
static void note_lines(void)
{
	struct um_explored *sum = &um_explore_run.sh->sum;
	unsigned int n = 0, irq = 0;

	while ((irq = um_irq_could_come(irq + 1)))
		n++;
	sum->lines = max(sum->lines, n);
	sum->more_interrupts |= n && s.lines_came >= UM_EXPLORE_INTERRUPTS;
}

static void line_comes(unsigned int n, bool elsewhere)
{
	unsigned int irq = line(n);

	s.lines_came++;
	if (irq)
		um_irq_comes(irq, elsewhere);
}

/*
 * Nobody could run, and it may be an interrupt that they wait for, however many have
 * come: which is a choice.
 */
static bool some_line_comes(void)
{
	struct um_choice c = { .pos = um_explore_run.sh->pos, .kind = UM_AT_STOP };
	unsigned int n;

	note_lines();
	for (n = 0; n < UM_LINES && line(n); n++)
		c.task[c.n++] = UM_LINE + 2 * n;
	if (!c.n)
		return false;
	if (um_fibers_sleeps())
		c.task[c.n++] = UM_TIME;
	n = c.task[choose(&c)];
	if (n == UM_TIME)
		return false;
	line_comes((n - UM_LINE) / 2, true);
	return true;
}

/* The current task is stopped: who goes on? -1: nobody could, or all is done. */
static int choose_next(void)
{
	struct um_choice c = { .pos = um_explore_run.sh->pos, .kind = UM_AT_STOP };
	u32 before;
	int next;

	for (add_who_could_run(&c, -1); !c.n; add_who_could_run(&c, -1)) {
		if (all_have_ended())
			return choose_end(&c);
		other_comes();
		if (!some_line_comes() && !um_fibers_pass_time())
			return -1;
		um_wait_quiet();
	}
	if (um_explore_run.x->only_preemptions) {
		next = who_goes_on(&c);
	} else {
		before = s.depth;
		next = c.task[choose(&c)];
		s.began = s.depth != before && next == c.task[0] ? (int)before : -1;
	}
	if (um_explore_run.trace)
		um_trace_switch(s.running, next, why_stopped());
	return next;
}

/* Whom an interrupt, the first timer, or a sleep that ends before that makes run. */
static int choose_after(int what)
{
	unsigned int before = s.arrivals;

	other_comes();
	if (what == UM_TIME)
		um_fibers_pass_time();
	else
		line_comes((what - UM_LINE) / 2, true);
	um_wait_quiet();
	if (s.arrivals != before)
		return s.newest;
	return s.task[s.running] && um_could_run(s.task[s.running]) ? s.running : choose_next();
}

/* ---- what kernel threads run --------------------------------------------------------- */

static int slot_of(const struct um_op_task *t)
{
	int i;

	for (i = 0; i < UM_SLOTS; i++)
		if (s.task[i] && t == &s.task[i]->op)
			return i;
	return -1;
}

/* With too many at once one runs as it comes. A place is taken again as late as can be. */
static bool arrives(enum um_kind kind, const struct um_op *op)
{
	struct um_op_task *t = host_task_get();
	unsigned int i, slot;

	if (!s.n || t->quiet || slot_of(t) >= 0 || !op->ip)
		return false;
	/* what goes on when all have ended may go on for ever */
	if (all_have_ended() && s.late_arrivals++ == MAX_LATE_ARRIVALS)
		return false;
	for (i = s.n; i < UM_SLOTS; i++) {
		slot = s.n + s.arrivals++ % (UM_SLOTS - s.n);
		if (s.task[slot])
			continue;
		s.task[slot] = container_of(t, struct um_sched_task, op);
		s.arrival[slot] = (struct arrival){ kind, op->ip, t->in_hardirq };
		begin_step(slot, kind, op);
		if (s.reduces)
			um_touch_new(slot);
		s.newest = slot;
		return true;
	}
	return false;
}

static void leaves(enum um_kind kind)
{
	int slot = slot_of(host_task_get());

	if (slot < (int)s.n || s.arrival[slot].kind != kind)
		return;
	if (s.reduces)
		touch_step(slot);
	s.task[slot] = NULL;
}

void um_title(int who, char *buf, size_t size)
{
	const struct um_exploration *x = um_explore_run.x;
	const struct arrival *a = &s.arrival[who % UM_SLOTS];
	struct host_symbol symbol;

	if (who >= UM_SLOTS || who < x->tasks) {
		host_snprintf(buf, size, "%s", who == UM_TIME ? "time" : who == UM_INTERRUPT ?
			      "the timer" : who >= UM_LINE ? "an interrupt" :
			      x->task_name[who] ?: "task");
		return;
	}
	host_find_symbol((const void *)a->ip, &symbol);
	host_snprintf(buf, size, "%s %s", a->kind == UM_WORK_RUN ? "work" :
		      a->interrupt ? "interrupt" :
		      a->kind == UM_TIMER_RUN ? "timer" : "thread", symbol.function);
}

/* ---- operations ------------------------------------------------------------------------ */

static void offer_timer(struct um_choice *c)
{
	const struct um_op_task *t = host_task_get();

	if (all_have_ended() || !um_timer_is_armed() || um_explore_run.x->only_preemptions)
		return;
	c->task[c->n++] = UM_TIME;
	if (!t->bh_off && !t->irqs_off && !t->in_softirq && !t->in_hardirq)
		c->task[c->n++] = UM_INTERRUPT;
}

static void offer_lines(struct um_choice *c)
{
	const struct um_op_task *t = host_task_get();
	unsigned int n;

	if (all_have_ended() || um_explore_run.x->only_preemptions)
		return;
	note_lines();
	if (s.lines_came >= UM_EXPLORE_INTERRUPTS)
		return;
	for (n = 0; n < UM_LINES && line(n); n++) {
		c->task[c->n++] = UM_LINE + 2 * n;
		if (!t->irqs_off && !t->in_hardirq)
			c->task[c->n++] = UM_LINE + 2 * n + 1;
	}
}

static bool is_on_this(int who)
{
	return who == UM_INTERRUPT || (who >= UM_LINE && (who - UM_LINE) % 2);
}

static void interrupt(int what)
{
	if (s.reduces)
		um_touch_all(s.running);
	if (um_explore_run.trace)
		um_trace_switch(s.running, what, "is interrupted");
	if (what == UM_INTERRUPT) {
		um_fibers_pass_time();
		um_timer_interrupt();
	} else {
		line_comes((what - UM_LINE) / 2, false);
	}
	if (um_explore_run.trace)
		um_trace_switch(what, s.running, "has ended");
}

/* As far as the schedule before goes, what it has chosen here; 0 where it had no choice. */
static unsigned int chosen_before(struct um_choice *c)
{
	const struct um_choice *known = &um_explore_run.sh->choice[s.depth];

	if (known->pos != c->pos || known->kind != UM_AT_POINT)
		return 0;
	s.depth++;
	*c = *known;
	return c->taken;
}

static bool is_exhausted(void)
{
	return !um_explore_run.replay && um_explore_run.x->how != UM_PCT &&
	       s.preemptions >= um_explore_run.sh->bound;
}

static unsigned int choose_at_point(struct um_choice *c)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	bool exhausted = is_exhausted();

	if (um_explore_run.x->preempted && !(um_explore_run.x->preempted >> s.running & 1))
		return 0;
	if (c->pos <= um_explore_run.repeats)
		return chosen_before(c);
	if (exhausted && sh->cut)
		return 0;
	add_who_could_run(c, s.running);
	offer_timer(c);
	offer_lines(c);
	if (!exhausted)
		return choose(c);
	sh->cut = c->n > 1;
	return 0;
}

/* At an operation of the current task: is another one to run before it? */
static bool is_stopped_for_another(u64 place)
{
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .place = place >> 32, .kind = UM_AT_POINT,
		.n = 1, .task = { s.running },
	};
	u32 before = s.depth;
	unsigned int taken = choose_at_point(&c);

	if (s.depth != before)
		um_touch_choice(before, taken);
	if (!taken)
		return false;
	s.preemptions++;
	if (is_on_this(c.task[taken])) {
		interrupt(c.task[taken]);
		return false;
	}
	s.next = c.task[taken];
	if (um_explore_run.trace)
		um_trace_switch(s.running, s.next, "is preempted");
	return true;
}

static bool is_chosen(const struct um_op_task *t)
{
	return s.n && s.task[s.running] && t == &s.task[s.running]->op && !t->quiet;
}

/* Kernel threads run until they arrive, which makes them alternatives; then it goes on. */
static void make_way(void)
{
	unsigned int before = s.arrivals;

	s.next = s.running;
	um_op_models.hold();
	s.has_rival |= s.arrivals != before;
}

/* Something is still to be chosen behind it. */
static bool wants_mark(void)
{
	if (s.preemptions >= um_explore_run.sh->bound && s.faults >= um_explore_run.x->faults)
		return false;
	return um_is_far_from_mark();
}

/* From here on is what a later schedule that goes back to the mark does, too. */
static noinline void stop_for_mark(void)
{
	s.next = s.running;
	s.marking = true;
	um_op_models.hold();
}

static void take_mark(void)
{
	BUILD_BUG_ON(sizeof(s) > UM_SCHEDULE_STATE);
	s.marking = false;
	um_take_mark(&s, sizeof(s), s.depth);
}

static void __noreturn never_ends(void)
{
	um_die("livelock", "after %u operations the tasks have not ended", MAX_STEPS);
}

/* Of the operation before which @pos others were: what the schedule before has done is known. */
static noinline u64 place_of(u32 pos, const void *object)
{
	void *pc[UM_PLACE_FRAMES];
	u64 place, returns;

	if (pos < um_explore_run.repeats && pos < ARRAY_SIZE(places))
		return places[pos];
	returns = host_fiber_returns(__builtin_frame_address(0), UM_OP_FRAMES + 1, UM_PLACE_FRAMES);
	place = um_known_place(object, returns);
	if (unlikely(!place))
		place = um_place(returns, pc, host_stack(pc, UM_PLACE_FRAMES, UM_OP_FRAMES + 2));
	if (pos < ARRAY_SIZE(places))
		places[pos] = place;
	return place;
}

static bool each_is_a_point(void)
{
	const struct um_exploration *x = um_explore_run.x;

	return um_explore_run.replay || x->shards > 1 || x->blocks;
}

/*
 * What it does to whom is not known before it has run. A load or store with order is for
 * what lies elsewhere, and so is always one.
 */
static bool is_point(u32 pos, enum um_kind kind, const struct um_op *op, u64 place)
{
	const um_kinds ordered = UM_ON(UM_STORE_RELEASE) | UM_ON(UM_LOAD_ACQUIRE);
	const void *object = UM_ON(kind) & ordered ? NULL : op->object;

	return pos < s.known || each_is_a_point() ||
	       um_meet(pos, object, s.running, place) || s.has_rival;
}

static void ends_step(unsigned int who, enum um_kind kind, const struct um_op *op)
{
	s.step[who].set = false;
	um_touch(who, kind, op);
}

/* No preemption is left, and it is known that one was not tried. */
static bool may_be_stopped(void)
{
	return !is_exhausted() || !um_explore_run.sh->cut ||
	       um_explore_run.sh->pos <= um_explore_run.repeats;
}

static noinline bool pass(enum um_kind kind, const struct um_op *op)
{
	bool meets, stops;
	u64 place;
	u32 pos;

	if (!is_chosen(host_task_get()))
		return false;
	if (um_fibers_others_run())
		make_way();
	if (wants_mark())
		stop_for_mark();
	pos = um_explore_run.sh->pos++;
	if (pos == MAX_STEPS)
		never_ends();
	place = place_of(pos, op->object);
	if (unlikely(s.handlers != READ_ONCE(um_irq_handlers))) {
		s.handlers = READ_ONCE(um_irq_handlers);
		s.has_rival = true;
	}
	meets = is_point(pos, kind, op, place);
	s.has_rival = kind == UM_TIMER_ARM;
	if (meets && um_explore_run.trace)
		um_trace_op(s.running, kind, op);
	if (s.reduces && UM_ON(kind) & AFTER)
		ends_step(s.running, kind, op);
	else if (s.reduces)
		begin_step(s.running, kind, op);
	stops = meets && may_be_stopped() && is_stopped_for_another(place);
	if (!stops && s.reduces && UM_ON(kind) & BEFORE)
		touch_step(s.running);
	return stops;
}

static bool call_fails(const struct um_op *op)
{
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .kind = UM_AT_FAULT, .n = 2, .task = { -1, -2 },
	};

	if (!is_chosen(host_task_get()))
		return false;
	/* several may come between two operations */
	um_explore_run.sh->pos++;
	if (!um_explore_run.replay && s.faults >= um_explore_run.x->faults)
		return false;
	if (!choose(&c))
		return false;
	s.faults++;
	if (um_explore_run.trace)
		um_trace_op(s.running, UM_FALLIBLE, op);
	return true;
}

/* Whoever looks again and again for what another is to do lets it. */
static bool gives_way(void)
{
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .kind = UM_AT_STOP, .needed = true,
	};

	if (!is_chosen(host_task_get()))
		return false;
	if (um_explore_run.sh->pos++ == MAX_STEPS)
		never_ends();
	begin_step(s.running, UM_YIELD, &(struct um_op){ });
	if (s.reduces)
		um_touch_all(s.running);
	add_who_could_run(&c, s.running);
	if (!c.n)
		return false;
	s.next = c.task[choose(&c)];
	if (um_explore_run.trace)
		um_trace_switch(s.running, s.next, "gives way");
	return true;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_FALLIBLE)
		return call_fails(op) ? UM_FAIL : UM_GO_ON;
	if (UM_ON(kind) & TOUCH) {
		if (is_chosen(host_task_get()))
			um_touch(s.running, kind, op);
		return UM_GO_ON;
	}
	if (UM_ON(kind) & ARRIVAL)
		return arrives(kind, op) ? UM_SWITCH : UM_GO_ON;
	/* what has come meanwhile comes now */
	if (kind == UM_IRQS_ON && (s.lines_came >= UM_EXPLORE_INTERRUPTS || !line(0)))
		return UM_GO_ON;
	if (kind == UM_YIELD)
		return gives_way() ? UM_SWITCH : UM_GO_ON;
	return pass(kind, op) ? UM_SWITCH : UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (UM_ON(kind) & ARRIVAL)
		leaves(kind);
	else if (UM_ON(kind) & TOUCH_AFTER) {
		if (is_chosen(host_task_get()))
			um_touch(s.running, kind, op);
	} else if (pass(kind, op))
		um_op_models.hold();
}

static struct um_subscriber explorer = {
	.rank = UM_RANK_EXPLORER, .when_asked = true,
	.begins = BEFORE | ARRIVAL | UM_ON(UM_YIELD) | UM_ON(UM_FALLIBLE), .ends = AFTER | ARRIVAL, .begin = begin, .end = end,
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
		start[i] = (struct start){ x->run[i], x->run_arg[i] ?: x->arg };
		s.task[i] = (struct um_sched_task *)
			um_task_start(x->task_name[i] ?: "task", run_task, &start[i]);
		um_task_run_alone((struct um_task *)s.task[i]);
	}
	s.n = x->tasks;
}

/* A kernel thread whose work is done does what else it has to do. */
static void run_until_stopped(unsigned int who)
{
	struct um_sched_task *t = s.task[who];

	um_task_run_alone((struct um_task *)t);
	if (t->ended)
		um_wait_quiet();
	if (slot_of(&t->op) < 0)
		um_task_resume((struct um_task *)t);
}

static void run_tasks(int next)
{
	while (next >= 0) {
		if (next >= UM_SLOTS) {
			next = choose_after(next);
			continue;
		}
		goes_on(next);
		s.running = next;
		if (next < (int)s.n)
			s.last = next;
		s.next = -1;
		run_until_stopped(next);
		if (s.next < 0 && s.task[next] && !s.task[next]->ended)
			waits(next);
		if (s.marking)
			take_mark();
		next = s.next >= 0 ? s.next : choose_next();
	}
}

static void join_tasks(long *result)
{
	unsigned int i, n = s.n;

	/* from here on nothing is chosen */
	s.n = 0;
	for (i = 0; i < UM_SLOTS; i++)
		if (s.task[i])
			um_task_resume((struct um_task *)s.task[i]);
	for (i = 0; i < n; i++)
		result[i] = um_task_join((struct um_task *)s.task[i]);
}

void um_keep_schedule(void)
{
	host_snapshot_keep(&s, sizeof(s));
	host_snapshot_keep(places, sizeof(places));
	um_keep_marks();
	um_keep_touches();
}

/* False when it cannot be set up. */
static bool set_up(void)
{
	const struct um_exploration *x = um_explore_run.x;

	if (!explorer.on) {
		if (x->blocks)
			explorer.begins |= UM_ON(UM_BLOCK);
		if (s.reduces) {
			explorer.begins |= TOUCH;
			explorer.ends |= TOUCH_AFTER;
		}
		um_op_subscribe(&explorer, true);
	}
	/* a thread that is made in a schedule could not be unmade */
	um_interrupts_start();
	um_wait_quiet();
	if (x->setup && x->setup(x->arg))
		return false;
	/* what the setup has others do is no choice */
	um_wait_quiet();
	return true;
}

/* The state that a schedule starts with: noted by the first, put back for each that follows. */
static bool begin_schedule(void)
{
	if (um_explore_run.snapshots && !um_restore()) {
		um_no_marks();
		if (um_meet_back_to(um_explore_run.repeats))
			s.known = um_explore_run.repeats;
		else
			um_meet_nobody();
		return true;
	}
	um_meet_nobody();
	um_no_marks();
	if (!set_up())
		return false;
	um_explore_run.snapshots = um_explore_run.snapshots && !um_snapshot();
	return true;
}

static bool go_back_to_mark(void)
{
	if (!um_go_back_to_mark(&s, sizeof(s)))
		return false;
	s.known = um_explore_run.repeats;
	return true;
}

/* Its end is looked at. Returns whether something is wrong. */
static bool look_at_end(void)
{
	const struct um_exploration *x = um_explore_run.x;
	long result[UM_EXPLORE_TASKS] = { 0 };
	long wrong = 0;
	bool bad;

	join_tasks(result);
	if (x->check)
		wrong = x->check(x->arg, result, s.faults);
	um_explore_run.sh->renew = wrong == UM_EXPLORE_RENEW;
	bad = wrong && wrong != UM_EXPLORE_RENEW;
	/* nobody is left who could use what was freed */
	um_quarantine_end();
	return (um_check_splats() > 0) | bad;
}

/* False when it cannot be set up. Who goes on is in @next, -1: nobody could. */
static bool begin_or_go_on(int *next)
{
	static struct start start[UM_EXPLORE_TASKS];

	if (go_back_to_mark()) {
		*next = s.running;
		um_explore_run.sh->state = UM_RUN_ON;
		return true;
	}
	memset(&s, 0, sizeof(s));
	s.reduces = um_reduces();
	s.listed = -1;
	s.began = -1;
	um_explore_run.sh->pos = 0;
	um_touch_begin();
	if (!begin_schedule())
		return false;
	if (um_explore_run.x->how == UM_PCT)
		draw_priorities();
	um_explore_run.sh->state = UM_RUN_ON;
	/* those of the schedule before were joined */
	host_fiber_all_ended();
	start_tasks(start);
	*next = choose_next();
	return true;
}

/* For how many a schedule stands; 0: it is not timed. */
static u64 timed_for(unsigned long schedule)
{
	if (schedule < 10 * TIMED)
		return 1;
	return schedule % TIMED ? 0 : TIMED;
}

static u64 time_if(u64 timed)
{
	return timed ? host_thread_ns() : 0;
}

/* Without what it takes to ask. */
static void add_times(u64 timed, u64 begins, u64 runs, u64 ends)
{
	struct um_explored *sum = &um_explore_run.sh->sum;
	u64 ended = time_if(timed), asks = time_if(timed) - ended;

	sum->begin_ns += timed * (runs - begins - min(asks, runs - begins));
	sum->run_ns += timed * (ends - runs - min(asks, ends - runs));
	sum->end_ns += timed * (ended - ends - min(asks, ended - ends));
}

void um_run_schedule(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	u64 timed = timed_for(sh->sum.schedules), begins = time_if(timed), runs, ends;
	bool bad;
	int next;

	if (!begin_or_go_on(&next)) {
		sh->state = UM_RUN_SETUP;
		return;
	}
	runs = time_if(timed);
	run_tasks(next);
	ends = time_if(timed);
	bad = look_at_end();
	sh->differs |= s.depth < sh->n_choices;
	sh->n_choices = min(sh->n_choices, s.depth);
	sh->sum.points = max_t(unsigned long, sh->sum.points, sh->pos);
	sh->pct_length = max(sh->pct_length, sh->pos);
	add_times(timed, begins, runs, ends);
	sh->state = bad ? UM_RUN_BAD : UM_RUN_NEXT;
}
