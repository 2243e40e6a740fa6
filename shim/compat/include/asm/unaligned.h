/* SPDX-License-Identifier: GPL-2.0-only */
/* Words at any address, where 5.4 has them. */
#include "compat/levels.h"

#if defined(KAPI_AS_5_4) && KAPI_LINUX_UNALIGNED
#include <linux/unaligned.h>
#else
#include_next <asm/unaligned.h>
#endif
