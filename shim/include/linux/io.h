/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a driver finds virt_to_phys() and page_to_phys(), and what reads and
 * writes registers (asm/io.h). Left out: ioremap(), for there are no
 * registers of real devices.
 */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/io.h>

#endif
