/* SPDX-License-Identifier: GPL-2.0-only */
/* VFIO; with the names of 5.4 on top for a module written in its constructs. */
#ifndef COMPAT_LINUX_VFIO_H
#define COMPAT_LINUX_VFIO_H

#include_next <linux/vfio.h>

#ifdef KAPI_AS_5_4
#include <linux/vfio_compat.h>
#endif

#endif
