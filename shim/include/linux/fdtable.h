/* SPDX-License-Identifier: GPL-2.0-only */
/* The descriptor table itself is private to fs/file.c. */
#ifndef _LINUX_FDTABLE_H
#define _LINUX_FDTABLE_H

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/nospec.h>

#endif
