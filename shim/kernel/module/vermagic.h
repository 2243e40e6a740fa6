/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a module must have been built for. Included by the loader and by
 * modpost, so nothing but the string is here.
 */
#ifndef UMDEV_MODULE_VERMAGIC_H
#define UMDEV_MODULE_VERMAGIC_H

#include <generated/utsrelease.h>

#define UM_VERMAGIC UTS_RELEASE " SMP mod_unload "

#endif
