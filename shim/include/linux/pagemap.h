/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no page cache; drivers include this for what mm.h has. */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/mm.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/uaccess.h>

#endif
