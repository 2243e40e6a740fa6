/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completions: wait until somebody has said that it is done
 * (kernel/sched/completion.c). To the lock checker a wait for one is a lock.
 */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H

#include <linux/lockdep.h>
#include <linux/types.h>
#include <linux/wait.h>

struct completion {
	unsigned int done;	/* UINT_MAX: complete_all() */
	struct lockdep_map dep_map;
};

#define COMPLETION_INITIALIZER(work) \
	{ .done = 0, .dep_map = { .name = #work, .key = (void *)&(work).dep_map } }
#define COMPLETION_INITIALIZER_ONSTACK(work) \
	(*({ init_completion(&work); &work; }))
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) \
	struct completion work = COMPLETION_INITIALIZER_ONSTACK(work)

void __init_completion(struct completion *x, const char *name, struct lock_class_key *key);
#define init_completion(x)						\
do {									\
	static struct lock_class_key __key;				\
	__init_completion((x), #x, &__key);				\
} while (0)

static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

void complete(struct completion *x);
void complete_all(struct completion *x);
void wait_for_completion(struct completion *x);
/* @timeout in jiffies; 0 when it ran out, otherwise at least 1 */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
int __must_check wait_for_completion_interruptible(struct completion *x);
int __must_check wait_for_completion_killable(struct completion *x);
long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

#endif
