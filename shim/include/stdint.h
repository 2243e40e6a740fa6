/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Not a header of the kernel's: some UAPI headers, as they are installed for
 * user space, ask for it. Their wrappers here say so; to anybody else it is
 * not there.
 */
#ifndef UM_UAPI_HEADER
#error "stdint.h is no kernel header: linux/types.h has these types"
#endif
#include <linux/types.h>
