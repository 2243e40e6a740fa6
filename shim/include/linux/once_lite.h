/* SPDX-License-Identifier: GPL-2.0-only */
/* Both kinds of once are in linux/once.h. */
#include <linux/once.h>
