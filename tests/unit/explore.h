/* SPDX-License-Identifier: GPL-2.0-only */
/* What explore.c asks of its kernel side: tasks that meet, and what was wrong. */
#ifndef UMDEV_TESTS_UNIT_EXPLORE_H
#define UMDEV_TESTS_UNIT_EXPLORE_H

/* All as it was at first. */
long k_reset(void *unused);

/* Reads, and writes what it read and one more: an update is lost in between. */
long k_add_one(void *unused);
long k_sum(void);

/* Goes from 0 to 1 to 2; whoever sees 1 first and 2 then has seen too much. */
long k_two_steps(void *unused);
long k_looks_twice(void *unused);

/* The second does not complete what the first waits for once that has begun. */
long k_waits(void *unused);
long k_completes_if_early(void *unused);

/* For a moment something is wrong after a failed allocation, and there only. */
long k_allocates(void *unused);
long k_may_fail_behind_a_place(void *unused);
long k_touches_if_it_saw(void *unused);
long k_looks(void *unused);
long k_saw_wrong(void);

/* K_LONG steps, each written down; nothing is missing, and each task's are in order. */
#define K_LONG 60
long k_goes_far(void *who);
long k_went_wrong(void);

/* The same with a lock of a class that is there from its beginning to its end only. */
long k_goes_far_with_a_class(void *who);

/*
 * Many steps with a lock of its own, at the same lines as the other's, and in the middle
 * of them one with a lock of both.
 */
#define K_MEET 8
long k_meets_once(void *who);

/* As k_add_one(), with a lock of its own, which keeps nobody out. */
long k_adds_under_its_own_lock(void *who);

/*
 * What tasks do to locks and counts of each other, drawn by a seed, one of them by a work
 * item; and a number for what each has seen, which differs wherever two have met in another
 * order.
 */
#define K_PROGRAMS 3
#define K_NESTS (1UL << 24)	/* with a seed: their locks may be held by two who wait for each other */
#define K_BEGINS_AGAIN (1UL << 25) /* more work items one after the other than have numbers */
long k_program_reset(void *seed);
long k_program(void *who);	/* from 1 on */
unsigned long long k_program_end(void);

/* Has a lock of its own, which matters to nobody. */
long k_alone(void *unused);

/* Frees it; uses it. */
long k_frees(void *unused);
long k_uses(void *unused);

/* Takes a lock once more the first time. */
long k_makes_it_once(void *unused);

/* Takes a lock once more each third time; *@times is in memory that is never put back. */
long k_fickle(void *times);

/* Each with something that a kernel thread runs, which adds one as well. */
long k_queues_and_adds(void *unused);
long k_cancels_and_adds(void *unused);	/* not at once */
long k_queues_two(void *unused);
long k_sum_of_work(void);
long k_starts_and_adds(void *unused);
long k_sum_of_thread(void);
/* The same with a timer. */
long k_arms_and_counts(void *unused);
long k_disarms_and_counts(void *unused);
long k_count(void);

/* A timer's function spins until it is not busy; in the second no timer interrupts it. */
long k_is_busy(void *unused);
long k_is_busy_uninterrupted(void *unused);

/*
 * A device whose interrupt adds one, with a lock of its own: what adds one as well as if
 * nothing could come, with interrupts off, or as it must. 1: it was this task that the
 * last interrupt came on.
 */
long k_device_resets(void *unused);
long k_adds_open(void *unused);
long k_adds_with_interrupts_off(void *unused);
long k_adds_locked(void *unused);
long k_sum_of_interrupts(void);
/* For the interrupt, for as long as it takes, and with an end. */
long k_waits_for_the_interrupt(void *unused);
long k_waits_a_while_for_it(void *unused);
long k_waits_for_many(void *unused);
/* The same with so many devices, each on a line of its own; 0: the one has no handler. */
#define K_DEVICES 3
long k_devices_reset(void *n);
/* A bit for each that interrupted. */
long k_who_interrupted(void);
/* A long way, and then k_adds_open() between request_irq() and free_irq(). */
long k_requests_and_adds(void *unused);
void k_devices_end(void);

/* For what never comes, while a timer arms itself again and again. */
long k_waits_beside_a_timer(void *unused);

#endif
