/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/bug.h. */
#include <linux/bug.h>
