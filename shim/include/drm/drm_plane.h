/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of plane, which VFIO takes over for its gfx planes. Left out:
 * DRM itself.
 */
#ifndef __DRM_PLANE_H__
#define __DRM_PLANE_H__

#include <linux/compat.h>
#include <linux/ctype.h>
#include <linux/interrupt.h>
#include <linux/irqreturn.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uio.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_property.h>
#include <drm/drm_rect.h>

enum drm_plane_type {
	DRM_PLANE_TYPE_OVERLAY,
	DRM_PLANE_TYPE_PRIMARY,
	DRM_PLANE_TYPE_CURSOR,
};

#endif
