// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocking notifier chains, as kernel/notifier.c has them: a singly linked
 * list in order of priority, first come first called among equals. A chain
 * that is being called cannot be changed until the call has ended, by its own
 * callbacks neither.
 *
 * Left out: the other kinds of chain, and the robust call that undoes itself.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/notifier.h>

/**
 * blocking_notifier_chain_register() - add a callback
 * @nh: the chain
 * @nb: the callback, not copied
 *
 * Context: may sleep; waits until the chain is not being called.
 * Return: 0, or -EEXIST with a warning if @nb is in the chain already.
 */
int blocking_notifier_chain_register(struct blocking_notifier_head *nh,
				     struct notifier_block *nb)
{
	struct notifier_block **link;
	int ret = 0;

	down_write(&nh->rwsem);
	for (link = &nh->head; *link; link = &(*link)->next) {
		if (*link == nb) {
			WARN(1, "notifier callback %ps already registered",
			     nb->notifier_call);
			ret = -EEXIST;
			goto unlock;
		}
		if (nb->priority > (*link)->priority)
			break;
	}
	nb->next = *link;
	*link = nb;
unlock:
	up_write(&nh->rwsem);
	return ret;
}
EXPORT_SYMBOL_GPL(blocking_notifier_chain_register);

/**
 * blocking_notifier_chain_unregister() - remove a callback
 * @nh: the chain
 * @nb: the callback, the caller's again
 *
 * Context: may sleep; waits until the chain is not being called.
 * Return: 0, or -ENOENT.
 */
int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
				       struct notifier_block *nb)
{
	struct notifier_block **link;
	int ret = -ENOENT;

	down_write(&nh->rwsem);
	for (link = &nh->head; *link; link = &(*link)->next) {
		if (*link == nb) {
			*link = nb->next;
			ret = 0;
			break;
		}
	}
	up_write(&nh->rwsem);
	return ret;
}
EXPORT_SYMBOL_GPL(blocking_notifier_chain_unregister);

/**
 * blocking_notifier_call_chain() - tell everybody
 * @nh: the chain
 * @action: what happened
 * @data: what it happened to
 *
 * Context: may sleep; the callbacks are called with the chain's lock held for
 * reading.
 * Return: what the last callback that was called returned, NOTIFY_DONE if
 * there is none.
 */
int blocking_notifier_call_chain(struct blocking_notifier_head *nh,
				 unsigned long action, void *data)
{
	struct notifier_block *nb, *next;
	int ret = NOTIFY_DONE;

	down_read(&nh->rwsem);
	for (nb = nh->head; nb; nb = next) {
		next = nb->next;
		ret = nb->notifier_call(nb, action, data);
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	up_read(&nh->rwsem);
	return ret;
}
EXPORT_SYMBOL_GPL(blocking_notifier_call_chain);
