/* SPDX-License-Identifier: GPL-2.0-only */
/* eventfd_signal() with the count of 5.4, which is 1 in drivers. */
#ifndef COMPAT_LINUX_EVENTFD_H
#define COMPAT_LINUX_EVENTFD_H

#include_next <linux/eventfd.h>

#ifdef KAPI_AS_5_4
#include <linux/build_bug.h>
#include "compat/levels.h"

#if !KAPI_ABI_EVENTFD_SIGNAL_N
#define eventfd_signal(ctx, n)						\
do {									\
	BUILD_BUG_ON((n) != 1);						\
	(eventfd_signal)(ctx);						\
} while (0)
#endif

#endif /* KAPI_AS_5_4 */

#endif
