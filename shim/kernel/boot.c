// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing the modelled kernel up and taking it down. A process boots once.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "check/subscriber.h"
#include "host/host.h"
#include "kernel/boot.h"
#include "kernel/irq.h"
#include "kernel/rcu/rcu.h"
#include "kernel/time/time.h"
#include "kernel/workqueue_internal.h"
#include "lib/kobject_late.h"
#include "mm/arena.h"
#include "umdev/umdev.h"

static bool booted;

int um_boot(const char *module_dir)
{
	int level, err;

	if (booted)
		return -EBUSY;
	err = host_limits_check(um_arena_space());
	if (err)
		return err;
	booted = true;
	um_detectors_init();
	um_sanitizer_init();
	um_module_dir_set(module_dir ?: host_getenv("UMDEV_MODULE_DIR") ?: "modules");
	for (level = 0; level <= 7; level++) {
		err = um_initcalls_run(level);
		if (err)
			return err;
	}
	um_audit_mark();
	return 0;
}

int um_shutdown(void)
{
	int bad;

	if (!booted)
		return 0;
	bad = um_modules_unload_all();
	um_late_flush();	/* a release may want RCU */
	um_srcu_stop();
	um_rcu_stop();
	bad += um_audit(NULL, NULL);
	bad += um_check_splats();
	um_late_stop();
	um_workqueues_stop();
	um_timers_stop();
	um_interrupts_stop();
	um_tasklets_stop();
	return bad;
}
