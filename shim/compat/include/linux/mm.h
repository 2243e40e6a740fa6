/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What changes the flags of a mapping, under the names of later releases, where
 * the flags are const and an assignment, as 5.4 has it, is not possible.
 */
#ifndef COMPAT_LINUX_MM_H
#define COMPAT_LINUX_MM_H

#include_next <linux/mm.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if !KAPI_VM_FLAGS_SET
static inline void vm_flags_set(struct vm_area_struct *vma,
				unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma,
				  unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif /* KAPI_AS_5_4 */

#endif
