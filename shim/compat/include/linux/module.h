/* SPDX-License-Identifier: GPL-2.0-only */
/* MODULE_IMPORT_NS() of a name without quotes. */
#ifndef COMPAT_LINUX_MODULE_H
#define COMPAT_LINUX_MODULE_H

#include_next <linux/module.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if KAPI_NAMESPACE_QUOTED
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, __stringify(ns))
#endif

#endif /* KAPI_AS_5_4 */

#endif
