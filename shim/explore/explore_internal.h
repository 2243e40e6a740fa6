/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the explorer: one schedule (explore/schedule.c, and what it is made of:
 * explore/schedule_internal.h), places that two tasks meet at (explore/places.c), where it
 * goes on (explore/marks.c), and the search (explore/explore.c).
 */
#ifndef UMDEV_EXPLORE_INTERNAL_H
#define UMDEV_EXPLORE_INTERNAL_H

#include <linux/types.h>

#include "check/op.h"
#include "umdev/explore.h"

#define UM_CHOICES	16384
#define UM_TOUCHES	(1u << 16)
#define UM_PLACES	4096		/* a power of two */
#define UM_PLACE_FRAMES	5
#define UM_SLOTS	8	/* the tasks, and behind them what kernel threads run */
#define UM_TIME		UM_SLOTS /* nobody: time passes, and the first timer expires, */
#define UM_INTERRUPT	(UM_SLOTS + 1) /* and its function runs on the task that does */
#define UM_LINES	UM_EXPLORE_LINES /* of interrupts; of each two numbers: it comes */
#define UM_LINE		(UM_SLOTS + 2) /* on another processor, and on the task that runs */
#define UM_ALTERNATIVES	(UM_LINE + 2 * UM_LINES)

enum um_choice_kind {
	UM_AT_POINT,			/* another task may run instead of the one that does */
	UM_AT_STOP,			/* who runs now that this one waits or has ended */
	UM_AT_FAULT,			/* does this call fail? */
};

/* One that was made; the first alternative is what happens without any. */
struct um_choice {
	u32 pos;			/* operations of all tasks before it */
	u32 place;			/* of the operation; 0: it is none */
	u8 kind, n, taken;
	s8 task[UM_ALTERNATIVES];
	bool needed;			/* the alternatives have to be run, too */
	u32 n_touches;			/* before it */
};

/* A schedule touches something, for explore/reduce.c. */
struct um_touch {
	u16 object;
	u16 choice;			/* the last at which its task could have been stopped */
	u16 began;			/* that at which it went on, if there another could have */
	u8 who, flags;
};

enum um_run_state {
	UM_RUN_NEXT,			/* well, and there may be more */
	UM_RUN_SETUP,			/* the setup failed */
	UM_RUN_ON,			/* in the middle of a schedule: it was not survived */
	UM_RUN_BAD,			/* at its end something was wrong */
	UM_RUN_DONE,
};

/* What the process that runs schedules and the one that looks on both see. */
struct um_explore_shared {
	enum um_run_state state;
	u32 n_choices;
	struct um_choice choice[UM_CHOICES];
	u32 pos;			/* in the schedule that runs */
	bool differs;			/* a choice was not offered again, */
	char differs_at[2048];		/* which, and what came instead */
	bool warming, cold;		/* a schedule before the first one; it goes wrong */
	u32 unused;			/* of a replay: choices that never came */
	u64 random;
	u32 pct_length;
	/* places where an object was met that another task touches, by their hash */
	u64 place[UM_PLACES];
	u32 n_places;
	bool found_place;		/* since the search began */
	u32 bound;			/* of the search: 0, 1 and so on to what was asked for */
	u32 asked, needed;		/* choices with alternatives, and those of them of which all was run */
	bool cut;			/* a preemption was not tried because of it */
	bool renew;			/* what follows has another process */
	bool no_snapshot;		/* a schedule does what cannot be put back */
	bool too_long;			/* one had more choices than there is room for */
	struct um_explored sum;
	u32 n_touches;
	u8 goes_on;			/* who does, */
	u16 at_choice, began;		/* and as in struct um_touch */
	bool touches_lost;		/* there was no room for all */
	u32 same_touches;		/* are before what is another than in the schedule before */
	u32 looks;			/* at the list, so far */
	struct um_touch touch[UM_TOUCHES];
	u32 trace_len;
	char trace[1 << 18];
};

/* The search and its schedule: constant while it runs, but for @sh. */
struct um_explore_run {
	const struct um_exploration *x;
	struct um_explore_shared *sh;
	const struct um_choice *replay;	/* NULL: none */
	unsigned int n_replay;
	bool trace;
	u32 repeats;			/* so many operations are those of the schedule before */
	bool snapshots;			/* schedules begin with a state that is put back */
};
extern struct um_explore_run um_explore_run;

/* What is no part of that state: the search, its schedule, its places. */
void um_keep_schedule(void);
void um_keep_places(void);

/* The choice @depth of the list does not come again, but this one; NULL: none. */
void um_note_difference(u32 depth, const struct um_choice *came);

/* Runs one; what it comes to is in the shared state. */
void um_run_schedule(void);

/*
 * Where in the code this stack is: the same in each run of a build. Never 0. @returns says
 * which stack it is while the same code is loaded; um_known_place(): 0 where it is a new one.
 */
u64 um_known_place(const void *object, u64 returns);
u64 um_place(u64 returns, void *const *pc, unsigned int n);
/* The operation @pos, of task @who on @object: is it at a place where two meet? */
bool um_meet(u32 pos, const void *object, unsigned int who, u64 place);
/* Only operations before @pos have been; false: it is not known which those were. */
bool um_meet_back_to(u32 pos);
/* What goes by this number: a task's name, or "work" and its function. */
void um_title(int who, char *buf, size_t size);
/* Nobody has touched anything; and nor is anything known of places, which are others now. */
void um_meet_nobody(void);
void um_meet_anew(void);

/* Is anything left out? */
bool um_reduces(void);
/*
 * A schedule begins; a task goes on, at a choice where it is the first that could (-1: at none);
 * it touches what such an operation does. @who may be nobody: UM_SLOTS.
 */
void um_touch_begin(void);
void um_touch_switch(unsigned int who, int choice);
void um_touch(unsigned int who, enum um_kind kind, const struct um_op *op);
/* What cannot be told: it matters to everybody. */
void um_touch_all(unsigned int who);
/* Somebody else goes by this number than before. */
void um_touch_new(unsigned int who);
/* The current task has come to this choice, and goes on unless it was taken. */
void um_touch_choice(u32 choice, bool taken);
/* A schedule has ended: which alternatives of its choices have to be run, too? */
void um_find_needed(bool survived);
bool um_is_needed(u32 choice, unsigned int alternative);
void um_keep_touches(void);

/*
 * Marks the state of the modelled kernel as the @n-th, or goes back to it. False: not possible,
 * and nothing has changed.
 */
bool um_mark(unsigned int n);
bool um_back_to_mark(unsigned int n);

/* With the state of the schedule, of at most so much. */
#define UM_SCHEDULE_STATE 2048
bool um_is_far_from_mark(void);
void um_take_mark(const void *state, size_t size, u32 depth);
bool um_go_back_to_mark(void *state, size_t size);
void um_no_marks(void);
void um_keep_marks(void);

/* Lines of the interleaving, for um_explore_run.trace. */
void um_trace_op(unsigned int who, enum um_kind kind, const struct um_op *op);
void um_trace_switch(unsigned int from, int to, const char *why);

#endif
