/* SPDX-License-Identifier: GPL-2.0-only */
/* Rounding and division of integers. */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#include <linux/const.h>
#include <linux/types.h>
#include <asm/div64.h>

#define __round_mask(x, y) ((__typeof__(x))((y) - 1))
#define round_up(x, y) ((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y) ((x) & ~__round_mask(x, y))
#undef DIV_ROUND_UP
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(x, d) (((x) + ((d) / 2)) / (d))
#define roundup(x, y) ({ typeof(y) __y = (y); (((x) + (__y - 1)) / __y) * __y; })
#define rounddown(x, y) ({ typeof(x) __x = (x); __x - (__x % (y)); })
#define abs(x) ({ typeof(x) __x = (x); __x < 0 ? -__x : __x; })

#endif
