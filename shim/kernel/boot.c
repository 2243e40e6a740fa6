// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing the modelled kernel up and taking it down. A process boots once.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "check/check.h"
#include "check/late.h"
#include "host/host.h"
#include "kernel/boot.h"
#include "kernel/rcu/rcu.h"
#include "kernel/time/time.h"
#include "kernel/workqueue_internal.h"
#include "umdev/umdev.h"

static struct {
	struct um_initcall *calls;	/* in the order of registration */
	char module_dir[512];
	bool booted;
} boot;

void um_initcall_register(struct um_initcall *call)
{
	struct um_initcall **p = &boot.calls;

	while (*p)
		p = &(*p)->next;
	*p = call;
}

const char *um_module_dir(void)
{
	return boot.module_dir;
}

static int run_level(int level)
{
	struct um_initcall *c;
	int err;

	for (c = boot.calls; c; c = c->next) {
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

int um_boot(const char *module_dir)
{
	int level, err;

	if (boot.booted)
		return -EBUSY;
	boot.booted = true;
	um_detectors_init();
	if (!module_dir)
		module_dir = host_getenv("UMDEV_MODULE_DIR");
	host_snprintf(boot.module_dir, sizeof(boot.module_dir), "%s",
		      module_dir ? module_dir : "modules");
	for (level = 0; level <= 7; level++) {
		err = run_level(level);
		if (err)
			return err;
	}
	um_audit_mark();
	return 0;
}

int um_shutdown(void)
{
	int bad;

	if (!boot.booted)
		return 0;
	bad = um_modules_unload_all();
	um_late_flush();	/* a release may want RCU */
	um_rcu_stop();
	bad += um_audit(NULL, NULL);
	bad += um_check_splats();
	um_late_stop();
	um_workqueues_stop();
	um_timers_stop();
	return bad;
}
