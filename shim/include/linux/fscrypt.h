/* SPDX-License-Identifier: GPL-2.0-only */
/* Encryption of files, as linux/fs.h brings it. User space's header; left out: everything but numbers. */
#ifndef _LINUX_FSCRYPT_H_SHIM
#define _LINUX_FSCRYPT_H_SHIM

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include_next <linux/fscrypt.h>

#endif
