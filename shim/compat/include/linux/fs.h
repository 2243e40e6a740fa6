/* SPDX-License-Identifier: GPL-2.0-only */
/* no_llseek: since it is gone, a file without the operation cannot seek. */
#ifndef COMPAT_LINUX_FS_H
#define COMPAT_LINUX_FS_H

#include_next <linux/fs.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if !KAPI_NO_LLSEEK
#define no_llseek NULL
#endif

#endif /* KAPI_AS_5_4 */

#endif
