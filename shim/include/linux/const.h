/* SPDX-License-Identifier: GPL-2.0-only */
/* Constants for C and assembler. User space's header; left out: const_true(). */
#ifndef _LINUX_CONST_H_SHIM
#define _LINUX_CONST_H_SHIM

#include_next <linux/const.h>

#endif
