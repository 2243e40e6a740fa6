/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/uaccess.h. */
#include <linux/uaccess.h>
