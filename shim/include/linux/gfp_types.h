/* SPDX-License-Identifier: GPL-2.0-only */
/* All flags are in linux/gfp.h. */
#include <linux/gfp.h>
