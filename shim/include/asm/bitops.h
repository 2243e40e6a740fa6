/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/bitops.h. */
#include <linux/bitops.h>
