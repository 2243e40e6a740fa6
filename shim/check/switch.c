// SPDX-License-Identifier: GPL-2.0-only
/*
 * The detectors as a whole, on or off: UMDEV_DETECTORS=off at boot turns off
 * those that cost time, so that what they cost can be measured
 * (tests/bench/slowdown): references and their stacks, lock orders, the look
 * at copies to and from user memory, quarantine and redzones. Warnings and broken rules that show by
 * themselves (a lock released twice, a refcount below zero, a deadlock) are
 * always told.
 *
 * Whoever asks what was found is told that nobody looked.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/check.h"
#include "host/host.h"
#include "umdev/umdev.h"

bool um_detectors_off;

void um_detectors_init(void)
{
	static const char off[] =
		"umdev: detectors are off (UMDEV_DETECTORS=off): what this run leaves and locks is not checked\n";
	const char *value = host_getenv("UMDEV_DETECTORS");

	if (!value || strcmp(value, "off"))
		return;
	um_detectors_off = true;
	host_write(2, off, sizeof(off) - 1);
}

bool um_detectors_on(void)
{
	return !um_detectors_off;
}
