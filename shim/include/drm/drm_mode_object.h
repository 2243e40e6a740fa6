/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of DRM's objects. Left out: the objects, and DRM itself. */
#ifndef __DRM_MODESET_H__
#define __DRM_MODESET_H__

#include <linux/kref.h>

struct drm_mode_object;
struct drm_object_properties;
struct drm_property;

#endif
