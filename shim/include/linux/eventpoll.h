/* SPDX-License-Identifier: GPL-2.0-only */
/* Events of epoll and poll. User space's header; epoll itself is fs/eventpoll.c. */
#ifndef _LINUX_EVENTPOLL_H_SHIM
#define _LINUX_EVENTPOLL_H_SHIM

#include <linux/rcupdate.h>
#include_next <linux/eventpoll.h>

#endif
