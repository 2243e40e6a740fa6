/* SPDX-License-Identifier: GPL-2.0-only */
/* Modes for all of user, group and others, added to the system's. */
#ifndef _LINUX_STAT_H_SHIM
#define _LINUX_STAT_H_SHIM

#include <linux/time.h>
#include <linux/uidgid.h>

#include_next <linux/stat.h>

#define S_IRWXUGO (S_IRWXU | S_IRWXG | S_IRWXO)
#define S_IALLUGO (S_ISUID | S_ISGID | S_ISVTX | S_IRWXUGO)
#define S_IRUGO (S_IRUSR | S_IRGRP | S_IROTH)
#define S_IWUGO (S_IWUSR | S_IWGRP | S_IWOTH)
#define S_IXUGO (S_IXUSR | S_IXGRP | S_IXOTH)

#endif
