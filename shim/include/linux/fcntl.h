/* SPDX-License-Identifier: GPL-2.0-only */
/* Flags of open files. User space's header; left out: masks of all valid flags. */
#ifndef _LINUX_FCNTL_H_SHIM
#define _LINUX_FCNTL_H_SHIM

#include <linux/stat.h>
#include_next <linux/fcntl.h>

#endif
