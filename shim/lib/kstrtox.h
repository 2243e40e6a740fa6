/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_LIB_KSTRTOX_H
#define UMDEV_LIB_KSTRTOX_H

#include <linux/types.h>

/* simple_strtoull() that looks at no more than @max characters. */
unsigned long long um_strntoull(const char *s, size_t max, char **end,
				unsigned int base);

#endif
