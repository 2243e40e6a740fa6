/* SPDX-License-Identifier: GPL-2.0-only */
/* The greatest common divisor; of nothing and @a it is @a. */
#ifndef _GCD_H
#define _GCD_H

#include <linux/compiler.h>
#include <linux/types.h>

static inline unsigned long __attribute_const__ gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

#endif
