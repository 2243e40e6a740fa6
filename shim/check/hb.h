/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_HB_H
#define UMDEV_CHECK_HB_H

#include <linux/types.h>

/* Operations of these kinds (UM_ON()) order nothing any more: for tests of TSan. */
void um_hb_forget(u64 kinds);

#endif
