/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels to 5.17 offer their guid_t to user space from here. Not every
 * linux-libc-dev has the file still: linux/uuid.h has the types then.
 */
#ifndef UAPI_LINUX_UUID_H_SHIM
#define UAPI_LINUX_UUID_H_SHIM

#include <linux/uuid.h>

#endif
