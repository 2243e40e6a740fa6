/* SPDX-License-Identifier: GPL-2.0-only */
/* Everything runs as root, with every capability. */
#ifndef _LINUX_CRED_H
#define _LINUX_CRED_H

#include <linux/types.h>
#include <linux/capability.h>
#include <linux/gfp.h>
#include <linux/ratelimit.h>

#endif
