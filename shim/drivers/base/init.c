// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver core at boot: /sys/devices, /sys/dev, /sys/bus, /sys/class, in
 * an order in which each finds what it hangs under. Runs before the first
 * bus, class or device can be registered.
 */
#include <linux/init.h>

#include "drivers/base/base.h"

static int driver_init(void)
{
	int err;

	err = devices_init();
	if (err)
		return err;
	err = buses_init();
	if (err)
		return err;
	return classes_init();
}
postcore_initcall(driver_init);
