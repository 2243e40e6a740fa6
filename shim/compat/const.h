/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The qualifiers of what callbacks get, as the level has them: const, or
 * nothing. For declarations of callbacks in headers, and for the callbacks of
 * code that is compiled at every level.
 */
#ifndef COMPAT_CONST_H
#define COMPAT_CONST_H

#include "compat/levels.h"

/* the driver in bus_type.match */
#if KAPI_MATCH_CONST
#define kapi_match_const const
#else
#define kapi_match_const
#endif

/* the object in kset_uevent_ops */
#if KAPI_KSET_UEVENT_CONST
#define kapi_kset_uevent_const const
#else
#define kapi_kset_uevent_const
#endif

/* and the set before it, where they get it, too */
#if KAPI_ABI_KSET_UEVENT_SET
#define kapi_kset_uevent_set(set) set,
#else
#define kapi_kset_uevent_set(set)
#endif

/* the device in uevent of buses and types, and in devnode of types */
#if KAPI_UEVENT_CONST
#define kapi_uevent_const const
#else
#define kapi_uevent_const
#endif

/* the device in dev_uevent and devnode of classes */
#if KAPI_CLASS_UEVENT_CONST
#define kapi_class_uevent_const const
#else
#define kapi_class_uevent_const
#endif

/* a bus or a class wherever there is one, and a class's attribute in show */
#if KAPI_BUS_CONST
#define kapi_bus_const const
#else
#define kapi_bus_const
#endif

/* the data of device_find_child() */
#if KAPI_FIND_CHILD_CONST
#define kapi_find_child_const const
#else
#define kapi_find_child_const
#endif

/* the attribute in callbacks of bin_attribute */
#if KAPI_BIN_ATTRIBUTE_CONST
#define kapi_bin_const const
#else
#define kapi_bin_const
#endif

/* and in is_bin_visible */
#if KAPI_IS_BIN_VISIBLE_CONST
#define kapi_bin_visible_const const
#else
#define kapi_bin_visible_const
#endif

#endif
