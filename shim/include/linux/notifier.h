/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifier chains: callbacks that want to hear of an event.
 *
 * Blocking chains only, whose callbacks run in process context under a rwsem.
 * Left out: atomic, raw and SRCU chains.
 */
#ifndef _LINUX_NOTIFIER_H
#define _LINUX_NOTIFIER_H

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>

struct notifier_block;

typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action,
			     void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;		/* higher ones are called first */
};

struct blocking_notifier_head {
	struct rw_semaphore rwsem;
	struct notifier_block *head;
};

#define BLOCKING_INIT_NOTIFIER_HEAD(name) do {	\
	init_rwsem(&(name)->rwsem);		\
	(name)->head = NULL;			\
} while (0)

#define BLOCKING_NOTIFIER_INIT(name) {				\
	.rwsem = __RWSEM_INITIALIZER((name).rwsem),		\
	.head = NULL }
#define BLOCKING_NOTIFIER_HEAD(name)				\
	struct blocking_notifier_head name = BLOCKING_NOTIFIER_INIT(name)

int blocking_notifier_chain_register(struct blocking_notifier_head *nh,
				     struct notifier_block *nb);
int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
				       struct notifier_block *nb);
int blocking_notifier_call_chain(struct blocking_notifier_head *nh,
				 unsigned long action, void *data);

/* What a callback returns */
#define NOTIFY_DONE		0x0000		/* does not care */
#define NOTIFY_OK		0x0001		/* fine */
#define NOTIFY_STOP_MASK	0x8000		/* call nobody else */
#define NOTIFY_BAD		(NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP		(NOTIFY_OK | NOTIFY_STOP_MASK)

/* An errno as a return value, which stops the chain; and back. */
static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

#endif
