// SPDX-License-Identifier: GPL-2.0-only
/* Initcalls: registered by constructors, run level by level at boot. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#include "kernel/boot.h"

static struct um_initcall *calls;	/* in the order of registration */

void um_initcall_register(struct um_initcall *call)
{
	struct um_initcall **p = &calls;

	while (*p)
		p = &(*p)->next;
	*p = call;
}

int um_initcalls_run(int level)
{
	struct um_initcall *c;
	int err;

	for (c = calls; c; c = c->next) {
		if (c->level != level)
			continue;
		err = c->fn();
		if (!err)
			continue;
		pr_err("initcall %s failed with error %d\n", c->name, err);
		return err;
	}
	return 0;
}
