/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/delay.h. */
#include <linux/delay.h>
