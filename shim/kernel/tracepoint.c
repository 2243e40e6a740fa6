// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes of tracepoints. A tracepoint has an array of them, which is replaced as a
 * whole: who is in a probe at that moment may still be in one that has gone, until
 * tracepoint_synchronize_unregister().
 *
 * Left out: finding tracepoints by name.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>

#include "kernel/module/functions.h"
#include "kernel/trace/trace.h"

static DEFINE_MUTEX(tracepoints_mutex);
/* All that are in use. */
static LIST_HEAD(all_probes);

struct probes {
	struct list_head list;
	const struct tracepoint *of;
	struct rcu_head rcu;
	struct tracepoint_func funcs[];
};

static unsigned int count_of(const struct tracepoint *tp)
{
	unsigned int n = 0;

	while (tp->funcs && tp->funcs[n].func)
		n++;
	return n;
}

static struct probes *new_probes(unsigned int n)
{
	struct probes *probes;

	return n ? kzalloc(struct_size(probes, funcs, n + 1), GFP_KERNEL) : NULL;
}

static void replace(struct tracepoint *tp, struct probes *new)
{
	struct probes *old = NULL;

	if (tp->funcs)
		old = container_of(tp->funcs, struct probes, funcs[0]);
	if (new) {
		new->of = tp;
		list_add_tail(&new->list, &all_probes);
	}
	rcu_assign_pointer(tp->funcs, new ? new->funcs : NULL);
	if (old) {
		list_del(&old->list);
		kfree_rcu(old, rcu);
	}
}

void um_tracepoint_probes_in(struct um_functions *found)
{
	const struct tracepoint_func *f;
	struct probes *probes;

	mutex_lock(&tracepoints_mutex);
	list_for_each_entry(probes, &all_probes, list) {
		/* one that goes itself calls nobody */
		if ((unsigned long)probes->of - (unsigned long)found->start < found->size)
			continue;
		for (f = probes->funcs; f->func; f++)
			um_functions_add(found, f->data, f->func);
	}
	mutex_unlock(&tracepoints_mutex);
}

static int put_in(struct tracepoint *tp, const struct tracepoint_func *func)
{
	unsigned int n = count_of(tp), at, i;
	struct probes *new;

	for (i = 0; i < n; i++)
		if (tp->funcs[i].func == func->func && tp->funcs[i].data == func->data)
			return -EEXIST;
	new = new_probes(n + 1);
	if (!new)
		return -ENOMEM;
	/* behind those of its priority */
	for (at = 0; at < n && tp->funcs[at].prio >= func->prio; at++)
		new->funcs[at] = tp->funcs[at];
	new->funcs[at] = *func;
	for (i = at; i < n; i++)
		new->funcs[i + 1] = tp->funcs[i];
	replace(tp, new);
	return 0;
}

/* The name that a warning of it has in Linux. */
static noinline int tracepoint_add_func(struct tracepoint *tp, const struct tracepoint_func *func)
{
	int err = put_in(tp, func);

	if (err && tp->unregfunc && !tp->funcs)
		tp->unregfunc();
	WARN_ON_ONCE(err && err != -ENOMEM);
	return err;
}

/**
 * tracepoint_probe_register_prio() - have a function called at a tracepoint
 * @tp:    the tracepoint
 * @probe: gets @data before the tracepoint's arguments, and must not sleep
 * @data:  the caller's
 * @prio:  the higher the earlier
 *
 * Context: may sleep.
 * Return: 0; -EEXIST for a pair that is registered, which is warned of once, -ENOMEM,
 * or the error of the tracepoint's own function for the first probe.
 */
int tracepoint_probe_register_prio(struct tracepoint *tp, void *probe, void *data, int prio)
{
	struct tracepoint_func func = { .func = probe, .data = data, .prio = prio };
	int err = 0;

	mutex_lock(&tracepoints_mutex);
	if (tp->regfunc && !tp->funcs)
		err = tp->regfunc();
	if (!err)
		err = tracepoint_add_func(tp, &func);
	mutex_unlock(&tracepoints_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(tracepoint_probe_register_prio);

/**
 * tracepoint_probe_register() - have a function called at a tracepoint
 * @tp:    the tracepoint
 * @probe: gets @data before the tracepoint's arguments, and must not sleep
 * @data:  the caller's
 *
 * Context: may sleep.
 * Return: as tracepoint_probe_register_prio().
 */
int tracepoint_probe_register(struct tracepoint *tp, void *probe, void *data)
{
	return tracepoint_probe_register_prio(tp, probe, data, 10);
}
EXPORT_SYMBOL_GPL(tracepoint_probe_register);

/**
 * tracepoint_probe_unregister() - have it called no more
 * @tp:    the tracepoint
 * @probe: as it was registered
 * @data:  likewise
 *
 * It may still be under way: tracepoint_synchronize_unregister() waits for that.
 *
 * Context: may sleep.
 * Return: 0; -ENOENT, which is warned of once; -ENOMEM, and it is still registered.
 */
int tracepoint_probe_unregister(struct tracepoint *tp, void *probe, void *data)
{
	struct probes *new = NULL;
	unsigned int n, i, to = 0;
	int err = 0;

	mutex_lock(&tracepoints_mutex);
	n = count_of(tp);
	for (i = 0; i < n; i++)
		if (tp->funcs[i].func == probe && tp->funcs[i].data == data)
			break;
	if (WARN_ON_ONCE(i == n))
		err = -ENOENT;
	if (!err && n > 1) {
		new = new_probes(n - 1);
		if (!new)
			err = -ENOMEM;
	}
	if (!err) {
		for (i = 0; new && i < n; i++)
			if (tp->funcs[i].func != probe || tp->funcs[i].data != data)
				new->funcs[to++] = tp->funcs[i];
		replace(tp, new);
		if (tp->unregfunc && !tp->funcs)
			tp->unregfunc();
	}
	mutex_unlock(&tracepoints_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(tracepoint_probe_unregister);
