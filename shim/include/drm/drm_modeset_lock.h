/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of DRM's locks, for drivers that include this and take none. Left
 * out: the locks, and DRM itself.
 */
#ifndef DRM_MODESET_LOCK_H_
#define DRM_MODESET_LOCK_H_

#include <linux/gfp.h>
#include <linux/types.h>

struct drm_modeset_acquire_ctx;
struct drm_modeset_lock;

#endif
