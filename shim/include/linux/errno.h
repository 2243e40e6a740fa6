/* SPDX-License-Identifier: GPL-2.0-only */
/* The user-visible numbers are the system's; these never reach user space. */
#ifndef _LINUX_ERRNO_H_SHIM
#define _LINUX_ERRNO_H_SHIM

#include_next <linux/errno.h>

#define ERESTARTSYS	512
#define ERESTARTNOINTR	513
#define ERESTARTNOHAND	514
#define ENOIOCTLCMD	515
#define ERESTART_RESTARTBLOCK 516
#define EPROBE_DEFER	517
#define EOPENSTALE	518
#define ENOPARAM	519
#define EBADHANDLE	521
#define ENOTSUPP	524

#endif
