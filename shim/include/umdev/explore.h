/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exploring: every interleaving of a few tasks, to a bound.
 *
 * Needs UMDEV_TASKS=fibers: one task runs at a time, and the state of the
 * modelled locks says which could go on. Where one could be stopped for another
 * is a choice, and so is whether a call that may fail does; the choices of one
 * run after the other are gone through until none is left. Each run is one
 * schedule. One that goes wrong is told and the next is run: schedules run in
 * a process of their own, which ends with it.
 */
#ifndef UMDEV_EXPLORE_H
#define UMDEV_EXPLORE_H

#include <umdev/umdev.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UM_EXPLORE_TASKS	4
#define UM_EXPLORE_RENEW	(-4096)	/* no errno */
/* Bounds that nobody asks for: lines of interrupts, and how many of them come in a schedule. */
#define UM_EXPLORE_LINES	2
#define UM_EXPLORE_INTERRUPTS	4

enum um_explore_how {
	UM_DEPTH_FIRST,		/* all schedules to the bounds */
	UM_PCT,			/* priorities by chance, lowered at some points by chance */
	UM_AT_RANDOM,		/* by chance at each point, within the bound */
};

struct um_exploration {
	const char *name;
	unsigned int tasks;
	const char *task_name[UM_EXPLORE_TASKS];
	/* before each schedule, by one task; NULL: nothing. 0, or it cannot be explored */
	long (*setup)(void *arg);
	long (*run[UM_EXPLORE_TASKS])(void *arg);
	void *run_arg[UM_EXPLORE_TASKS];	/* each one's own; NULL: @arg */
	/*
	 * After it: 0 when all is right, given what each task returned and whether a
	 * call was made to fail; puts back what they did. Splats are found besides.
	 * UM_EXPLORE_RENEW: all is right, and so much was done that what follows is to
	 * have a new process.
	 */
	long (*check)(void *arg, const long *result, unsigned int faults);
	void *arg;

	enum um_explore_how how;
	unsigned int bound;		/* preemptions: a switch from a task that could go on */
	unsigned int preempted;		/* a bit for each task that may be; 0: all of them */
	/*
	 * A finer grain: each operation is a preemption point, and so is the beginning of
	 * each basic block of modules that are built with sanitizers.
	 */
	bool blocks;
	/*
	 * Not those that do what another one does in another order, as far as operations
	 * tell of it (shim/explore/README.md, "What can be left out").
	 */
	bool reduce;
	/*
	 * Nothing else is chosen: kernel threads do at once what they have to, a task goes
	 * on until it waits for another one, and timers expire when nobody could go on.
	 */
	bool only_preemptions;
	unsigned int faults;		/* calls that are made to fail */
	unsigned int depth;		/* UM_PCT: points at which a priority is lowered, plus one */
	uint64_t seed;			/* of chance */
	unsigned long schedules;	/* by chance: how many; depth first: at most, 0: all */
	unsigned int bad;		/* schedules that may go wrong until it ends; 0: any number */
	unsigned int shard, shards;	/* this part of so many, 0: all of it; from 0 on */
	const char *replay;		/* this one schedule, as a finding named it */

	/* each line of what is found; NULL: standard error */
	void (*report)(const char *line, void *arg);
	/*
	 * Now and then; NULL: nobody wants to know. Not 0: no more. @left: about how
	 * many are left, as far as is known; it is called in another process.
	 */
	int (*progress)(unsigned long schedules, double left, void *arg);
};

struct um_explored {
	unsigned long schedules;	/* that were run; those with fewer preemptions again for each bound */
	unsigned long points;		/* operations that one task did in the longest of them */
	unsigned int places;		/* in the code, where an object was met that two tasks touch */
	unsigned long resumed;		/* schedules that went on in the middle of the one before */
	unsigned long left_out;		/* alternatives: another schedule does what they lead to */
	unsigned int bad;		/* schedules that went wrong */
	unsigned int findings;		/* distinct among them */
	bool complete;			/* none is left, to the bounds that were asked for */
	/*
	 * Lines of interrupts that had a handler at once: UM_EXPLORE_LINES of them were
	 * tried; and whether one more could have come than UM_EXPLORE_INTERRUPTS.
	 */
	unsigned int lines;
	bool more_interrupts;
	bool nondeterministic;		/* one was not the same when it was run again */
	uint64_t ns;
	/* of processors: all, and on schedules until they begin, while tasks run, on their ends */
	uint64_t used_ns, begin_ns, run_ns, end_ns;
};

/**
 * um_explore() - run the schedules of some tasks
 * @x:   the tasks, and how
 * @out: filled in
 *
 * A preemption point is an operation (a lock, a count, a list, a wake-up) at a
 * place of the code where some schedule had an object that another task touched,
 * too; as long as such places are found the search begins again. With shards
 * and with @x->blocks each operation is one.
 *
 * What kernel threads run is chosen as well: a work item, a timer's function and
 * that of a driver's thread are tasks from their beginning to their end (in a
 * replay string the numbers behind those of the tasks, to 7). Where a timer is
 * armed it may expire at any point, however long it has, which costs a preemption:
 * on another processor (8), or on the task itself where bottom halves are on (9);
 * what is armed at the end may expire, or not. Time passes by itself when nobody
 * could go on.
 *
 * A line that has a handler may interrupt at any point as well, the first
 * UM_EXPLORE_LINES of them, up to UM_EXPLORE_INTERRUPTS times in a schedule: on another
 * processor (10, and 12 for a second line), or on the task where its interrupts are on,
 * and just when they are turned on (11, 13). When nobody could go on such an interrupt
 * comes, at no cost and however many have come; where somebody waits with an end to it, that
 * is the alternative.
 *
 * The schedule without any choice runs first, until it is twice the same: what is
 * made once and stays is no part of a schedule.
 *
 * A finding is told with what the detectors said, the interleaving in columns,
 * and a string for @x->replay; schedules that say the same are counted with the
 * first. Each finding is run again, and told to be nondeterministic if it does
 * not say the same then.
 *
 * Return: distinct findings; -EOPNOTSUPP without fibers or with detectors off;
 * -EINVAL for tasks or a replay string that make no sense here; -EIO when the
 * setup fails.
 */
long um_explore(const struct um_exploration *x, struct um_explored *out);

/**
 * um_snapshot() - note the state of the modelled kernel, and of the program
 *
 * All that is in private memory: data of the program, libraries and modules, the
 * heap, modelled pages, tasks that wait and what is on their stacks. The lock graph
 * stays as it is whenever the state is put back, and so does memory that processes
 * share. One snapshot at a time: it takes the place of the one before.
 *
 * Context: the program's first thread, outside of the modelled kernel; no task runs.
 * Needs UMDEV_TASKS=fibers. Not under sanitizers, nor where coverage is measured.
 *
 * Return: 0; -EOPNOTSUPP in such builds and without fibers; -EBUSY when the host
 * cannot protect so much memory, or there is more than one thread.
 */
int um_snapshot(void);

/**
 * um_restore() - put the state back that um_snapshot() noted
 *
 * As often as is wanted. What cannot be put back spoils the snapshot when it is
 * done: a module loaded, a user's mapping, a new descriptor of the
 * host, memory of many pages freed, a report with its lines.
 *
 * Context: as for um_snapshot(), from a function that has not returned since or one
 * that it calls: that stack is left as it is, but for the caller's callers nothing
 * else that is only there is put back.
 *
 * Return: 0; -ESTALE: there is none, or it was spoiled; nothing was put back.
 */
int um_restore(void);

#ifdef __cplusplus
}
#endif
#endif
