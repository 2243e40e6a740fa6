/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subject to explore: what can be done to it, and what must hold whatever was
 * done at once. Scenarios are made of these: all pairs, triples and so on of its
 * operations.
 */
#ifndef UMDEV_TOOLS_UMDEV_SCENARIOS_H
#define UMDEV_TOOLS_UMDEV_SCENARIOS_H

#include <stdbool.h>

#define MAX_ERRORS 12

struct operation {
	const char *name;
	long (*run)(void *arg);
	long success;
	/* that may come of what others do meanwhile; one made to fail may return any */
	long errors[MAX_ERRORS];
	unsigned int needs;		/* of the subject's own */
	void *arg;			/* for @run */
};

static inline bool operation_may_return(const struct operation *op, long ret)
{
	unsigned int i;

	if (ret == op->success)
		return true;
	for (i = 0; i < MAX_ERRORS && op->errors[i]; i++)
		if (ret == op->errors[i])
			return true;
	return false;
}

struct subject {
	const char *name;
	const struct operation *operations;
	unsigned int n;
	/* of two of these there is no scenario, */
	unsigned int once;
	/* nor of operations that together need all of these; 0: none */
	unsigned int apart;
	/* once, before all: 0, or it says what is wrong */
	int (*boot)(void);
	/* before each schedule, with what all of its operations need */
	long (*set_up)(unsigned int needs);
	/* after it: puts back what they have left. Says what is wrong, and returns not 0. */
	long (*put_back)(unsigned int needs);
	/*
	 * With this @put_back unloads all, so that once for each end that schedules come
	 * to all is set up again, put back and unloaded; 0: it does not.
	 */
	unsigned int unloads;
};

/*
 * First of all: tasks are fibers from the start of a program on, so it runs again
 * with the arguments that it had when they are not.
 */
void scenarios_begin(char **argv);
/* Options and what they do: "umdev explore --help". */
int scenarios_main(const struct subject *subject, int argc, char **argv);
void scenarios_usage(void);
/* The end of a process that was forked; what it has covered is kept. */
void scenarios_end_child(void) __attribute__((noreturn));
/* How many operations of the scenario that runs have any of these needs. */
unsigned int scenario_needing(unsigned int needs);

#endif
