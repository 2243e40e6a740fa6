/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DO_ONCE(): true for the one call that runs @func. Unlike the kernel's, a
 * second caller does not wait for the first.
 */
#ifndef _LINUX_ONCE_H
#define _LINUX_ONCE_H

#include <linux/once_lite.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define DO_ONCE(func, ...) um_do_once(func(__VA_ARGS__))
#define get_random_once(buf, nbytes) DO_ONCE(get_random_bytes, (buf), (nbytes))

#endif
