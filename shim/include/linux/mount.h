/* SPDX-License-Identifier: GPL-2.0-only */
/* Flags of mount(). User space's header; left out: mounts. */
#ifndef _LINUX_MOUNT_H_SHIM
#define _LINUX_MOUNT_H_SHIM

#include <asm/barrier.h>
#include <linux/types.h>
#include_next <linux/mount.h>

#endif
