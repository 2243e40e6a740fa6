/* SPDX-License-Identifier: GPL-2.0-only */
/* Offsets and sizes of members. */
#ifndef _LINUX_STDDEF_H_SHIM
#define _LINUX_STDDEF_H_SHIM

#include_next <linux/stddef.h>

#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof_field(type, member))

#endif
