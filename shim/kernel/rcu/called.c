// SPDX-License-Identifier: GPL-2.0-only
/*
 * What RCU was asked to call: each function once for each domain, with how many
 * of its callbacks are pending, when it was given last, and up to when somebody
 * has waited for them. Of those that are not pending the oldest is forgotten when
 * the table is full.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "host/host.h"
#include "kernel/module/functions.h"
#include "kernel/rcu/called.h"
#include "kernel/rcu/rcu.h"

#define CALLED	64

struct called {
	void (*func)(struct rcu_head *head);
	const void *domain;
	unsigned int pending;
	u64 last;		/* which callback it was last */
	const struct rcu_head *head;	/* of that one */
	u64 waited;		/* up to this one its domain's barrier has waited */
};

static struct {
	struct host_lock lock;
	u64 queued;
	struct called called[CALLED];
} calls;

/* Lock held. */
static struct called *entry(const void *domain, void (*func)(struct rcu_head *head))
{
	struct called *oldest = NULL;
	unsigned int i;

	for (i = 0; i < CALLED; i++) {
		struct called *c = &calls.called[i];

		if (c->func == func && c->domain == domain)
			return c;
		if (!c->pending && (!oldest || c->last < oldest->last))
			oldest = c;
	}
	if (oldest)
		*oldest = (struct called){ .func = func, .domain = domain };
	return oldest;
}

void um_called(const void *domain, const struct rcu_head *head,
	       void (*func)(struct rcu_head *head))
{
	struct called *c;

	host_lock(&calls.lock);
	c = entry(domain, func);
	if (c) {
		c->pending++;
		c->last = ++calls.queued;
		c->head = head;
	}
	host_unlock(&calls.lock);
}

void um_called_ran(const void *domain, void (*func)(struct rcu_head *head))
{
	struct called *c;

	host_lock(&calls.lock);
	c = entry(domain, func);
	/* 0: it was given when the table was full, or is forgotten by now */
	if (c && c->pending)
		c->pending--;
	host_unlock(&calls.lock);
}

u64 um_called_queued(void)
{
	u64 queued;

	host_lock(&calls.lock);
	queued = calls.queued;
	host_unlock(&calls.lock);
	return queued;
}

void um_called_waited(const void *domain, u64 queued)
{
	unsigned int i;

	host_lock(&calls.lock);
	for (i = 0; i < CALLED; i++)
		if (calls.called[i].func && calls.called[i].domain == domain)
			calls.called[i].waited = max(calls.called[i].waited, queued);
	host_unlock(&calls.lock);
}

u64 um_rcu_queued(void)
{
	return um_called_queued();
}

void um_rcu_in(struct um_functions *found, u64 since, bool sleepable)
{
	unsigned int i;

	host_lock(&calls.lock);
	for (i = 0; i < CALLED; i++) {
		const struct called *c = &calls.called[i];
		bool unwaited = c->last > since && c->last > c->waited;

		if (sleepable == !!c->domain && (c->pending || unwaited))
			um_functions_add(found, unwaited ? c->head : NULL, c->func);
	}
	host_unlock(&calls.lock);
}

void um_rcu_forget(const void *start, size_t size)
{
	unsigned int i;

	host_lock(&calls.lock);
	for (i = 0; i < CALLED; i++)
		if ((unsigned long)calls.called[i].func - (unsigned long)start < size)
			calls.called[i] = (struct called){ };
	host_unlock(&calls.lock);
}
