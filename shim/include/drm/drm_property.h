/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds and flags of DRM's properties, from the UAPI, for drivers that
 * include this and have none. Left out: the properties, and DRM itself.
 */
#ifndef __DRM_PROPERTY_H__
#define __DRM_PROPERTY_H__

#include <linux/ctype.h>
#include <linux/list.h>
#include <drm/drm_mode_object.h>
#include <uapi/drm/drm_mode.h>

struct drm_property;
struct drm_property_blob;

#endif
