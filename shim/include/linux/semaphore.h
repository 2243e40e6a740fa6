/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting semaphores (kernel/locking/semaphore.c). Nobody owns one, so the
 * lock checker does not know them.
 */
#ifndef _LINUX_SEMAPHORE_H
#define _LINUX_SEMAPHORE_H

#include <linux/compiler.h>
#include <linux/spinlock.h>

struct semaphore {
	unsigned int count;
};

#define DEFINE_SEMAPHORE(name) struct semaphore name = { .count = 1 }

void sema_init(struct semaphore *sem, int val);
void down(struct semaphore *sem);
int __must_check down_interruptible(struct semaphore *sem);
int __must_check down_killable(struct semaphore *sem);
/* @timeout in jiffies; -ETIME when it ran out */
int __must_check down_timeout(struct semaphore *sem, long timeout);
/* 0 when it was taken, 1 when not: the other way round from a mutex */
int __must_check down_trylock(struct semaphore *sem);
void up(struct semaphore *sem);

#endif
