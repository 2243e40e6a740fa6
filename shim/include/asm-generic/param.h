/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticks: those of the kernel, HZ to a second, which user space's header of this
 * name says to be 100, and those in which user space gets its times.
 */
#ifndef __ASM_GENERIC_PARAM_H
#define __ASM_GENERIC_PARAM_H

#include <uapi/asm-generic/param.h>

#undef HZ
#define HZ 250
#define USER_HZ 100
#define CLOCKS_PER_SEC USER_HZ

#endif
