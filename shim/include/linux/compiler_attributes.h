/* SPDX-License-Identifier: GPL-2.0-only */
/* All attributes are in linux/compiler.h. */
#include <linux/compiler.h>
