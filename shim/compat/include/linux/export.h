/* SPDX-License-Identifier: GPL-2.0-only */
/* EXPORT_SYMBOL_NS() into a namespace without quotes. */
#ifndef COMPAT_LINUX_EXPORT_H
#define COMPAT_LINUX_EXPORT_H

#include_next <linux/export.h>

#ifdef KAPI_AS_5_4
#include <linux/stringify.h>
#include "compat/levels.h"

#if KAPI_NAMESPACE_QUOTED
/* the name under which both the kernel and the shim make an export */
#ifdef __EXPORT_SYMBOL
#define _EXPORT_SYMBOL_NS(sym, license, ns) __EXPORT_SYMBOL(sym, license, ns)
#else
#define _EXPORT_SYMBOL_NS(sym, license, ns) __um_export(#sym, license, ns)
#endif
#undef EXPORT_SYMBOL_NS
#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL_NS(sym, ns) _EXPORT_SYMBOL_NS(sym, "", #ns)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) _EXPORT_SYMBOL_NS(sym, "GPL", #ns)
#endif

#endif /* KAPI_AS_5_4 */

#endif
