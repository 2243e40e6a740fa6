/* SPDX-License-Identifier: GPL-2.0-only */
/* What getdents64() writes for each entry of a directory. */
#ifndef _LINUX_DIRENT_H_SHIM
#define _LINUX_DIRENT_H_SHIM

#include <linux/types.h>

struct linux_dirent64 {
	u64 d_ino;
	s64 d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

#endif
