/* SPDX-License-Identifier: GPL-2.0-only */
/* Smaller and larger, with the kernel's complaint about different types. */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/build_bug.h>
#include <linux/const.h>

#define min(x, y) \
({ typeof(x) __x = (x); typeof(y) __y = (y); (void)(&__x == &__y); __x < __y ? __x : __y; })
#define max(x, y) \
({ typeof(x) __x = (x); typeof(y) __y = (y); (void)(&__x == &__y); __x > __y ? __x : __y; })
#define min_not_zero(x, y)					\
({								\
	typeof(x) __um_x = (x);					\
	typeof(y) __um_y = (y);					\
								\
	!__um_x ? __um_y : !__um_y ? __um_x : min(__um_x, __um_y); \
})

#define min_t(type, x, y) \
({ type __x = (x); type __y = (y); __x < __y ? __x : __y; })
#define max_t(type, x, y) \
({ type __x = (x); type __y = (y); __x > __y ? __x : __y; })
#define min3(x, y, z) min((typeof(x))min(x, y), z)
#define max3(x, y, z) max((typeof(x))max(x, y), z)
#define clamp(val, lo, hi) min((typeof(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi) clamp_t(typeof(val), val, lo, hi)
#define swap(a, b) \
	do { typeof(a) __tmp = (a); (a) = (b); (b) = __tmp; } while (0)

#endif
