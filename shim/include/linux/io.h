/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a driver finds virt_to_phys() and page_to_phys(). Registers of real
 * devices are left out, and with them ioremap() and what reads and writes
 * through it.
 */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

#include <linux/mm.h>

#endif
