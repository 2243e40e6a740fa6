/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a module must have been built for: the release, and the headers and options
 * of this very build (tools/build_id.cmake); of another one, structures may differ.
 * Included by the loader and by modpost, so nothing but the string is here.
 */
#ifndef UMDEV_MODULE_VERMAGIC_H
#define UMDEV_MODULE_VERMAGIC_H

#include <generated/um_build.h>
#include <generated/utsrelease.h>

#define UM_VERMAGIC UTS_RELEASE " SMP mod_unload " UM_BUILD " "

#endif
