/* SPDX-License-Identifier: GPL-2.0-only */
/* Protections and flags of mappings. User space's header; left out: their conversion to flags of struct vm_area_struct. */
#ifndef _LINUX_MMAN_H_SHIM
#define _LINUX_MMAN_H_SHIM

#include <linux/mm.h>
#include_next <linux/mman.h>

#endif
