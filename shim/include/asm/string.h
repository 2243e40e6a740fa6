/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/string.h. */
#include <linux/string.h>
