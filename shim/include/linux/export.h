/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EXPORT_SYMBOL leaves a record "licence" NUL "name" NUL in the section
 * um_ksymtab; modpost reads it, the loader does too. No pointer is needed:
 * the name is looked up in the object's own symbol table.
 */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#include <linux/compiler.h>
#include "compat/levels.h"
#include <linux/stringify.h>
#include <linux/types.h>

#define __um_export(link_name, licence, ns)				\
	static const char __UNIQUE_ID(um_export)[]			\
		__attribute__((__section__("um_ksymtab"), __used__, __aligned__(1))) = \
		licence "\0" link_name "\0" ns

#define EXPORT_SYMBOL(sym)	__um_export(#sym, "", "")
#define EXPORT_SYMBOL_GPL(sym)	__um_export(#sym, "GPL", "")
#if KAPI_NAMESPACE_QUOTED
#define EXPORT_SYMBOL_NS(sym, ns) __um_export(#sym, "", ns)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) __um_export(#sym, "GPL", ns)
#else
#define EXPORT_SYMBOL_NS(sym, ns) __um_export(#sym, "", #ns)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) __um_export(#sym, "GPL", #ns)
#endif
/* A symbol whose name at link time is not its name in C (asm label). */
#define UM_EXPORT_SYMBOL_AS(link_name) __um_export(link_name, "", "")

#endif
