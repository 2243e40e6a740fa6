/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of one schedule: how it runs (explore/schedule.c), what an operation of its tasks
 * makes of it (explore/operations.c), what is chosen (explore/choices.c), what comes that is no
 * task of the scenario (explore/arrivals.c), and what that touches (explore/steps.c).
 */
#ifndef UMDEV_SCHEDULE_INTERNAL_H
#define UMDEV_SCHEDULE_INTERNAL_H

#include "explore/explore_internal.h"
#include "kernel/sched/sched.h"

/* The schedule that runs. */
struct um_schedule {
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
	unsigned int running;		/* who was chosen last, */
	const struct um_op_task *op;	/* while something is chosen; NULL: he is none any more */
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
};
extern struct um_schedule um_now;

/* ---- what is touched (explore/steps.c) ------------------------------------------------- */

/* What it has begun takes effect when it goes on, and again whenever it has been stopped in it. */
void um_step_begins(unsigned int who, enum um_kind kind, const struct um_op *op);
void um_step_touches(unsigned int who);
void um_step_ends(unsigned int who, enum um_kind kind, const struct um_op *op);
void um_step_goes_on(unsigned int who);
void um_step_waits(unsigned int who);
/* Time, or a device: what that makes of a schedule is not known. */
void um_other_comes(void);

/* ---- what is chosen (explore/choices.c) ------------------------------------------------ */

void um_draw_priorities(void);
/* Which alternative; the first when there is but one. */
unsigned int um_choose(struct um_choice *c);
/* But that one; -1: all. */
void um_add_who_could_run(struct um_choice *c, int but);
bool um_all_have_ended(void);

static inline bool um_is_exhausted(void)
{
	return um_now.preemptions >= um_explore_run.sh->bound && !um_explore_run.replay &&
	       um_explore_run.x->how != UM_PCT;
}

/* The current task is stopped: who goes on? -1: nobody could, or all is done. */
int um_choose_next(void);
/* Whom an interrupt, the first timer, or a sleep that ends before that makes run. */
int um_choose_after(int what);
/* At an operation of the current task: is another one to run before it? */
bool um_is_stopped_for_another(u64 place);

/* ---- what comes (explore/arrivals.c) --------------------------------------------------- */

/* -1: it is none of the tasks. */
int um_slot_of(const struct um_op_task *t);
bool um_arrives(enum um_kind kind, const struct um_op *op);
void um_leaves(enum um_kind kind);
/* The @n-th line that has a handler; 0: none. */
unsigned int um_line(unsigned int n);
void um_line_comes(unsigned int n, bool elsewhere);
bool um_some_line_comes(void);
/* Alternatives to an operation: timers and interrupts. */
void um_offer_timer(struct um_choice *c);
void um_offer_lines(struct um_choice *c);
/* It does not come on another processor, and runs to its end before the current task goes on. */
bool um_is_on_this(int who);
void um_interrupts(int what);

/* ---- operations (explore/operations.c) ------------------------------------------------- */

/* From here on each operation of a task is told of. */
void um_explorer_begin(void);
void um_keep_operations(void);

#endif
