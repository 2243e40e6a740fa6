/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rectangles: x2 and y2 are the first pixel behind. Left out: scaling, fixed
 * point, rotation, printing.
 */
#ifndef DRM_RECT_H
#define DRM_RECT_H

#include <linux/minmax.h>
#include <linux/types.h>

struct drm_rect {
	int x1, y1, x2, y2;
};

static inline void drm_rect_init(struct drm_rect *r, int x, int y,
				 int width, int height)
{
	*r = (struct drm_rect){ x, y, x + width, y + height };
}

static inline int drm_rect_width(const struct drm_rect *r)
{
	return r->x2 - r->x1;
}

static inline int drm_rect_height(const struct drm_rect *r)
{
	return r->y2 - r->y1;
}

static inline bool drm_rect_visible(const struct drm_rect *r)
{
	return drm_rect_width(r) > 0 && drm_rect_height(r) > 0;
}

static inline bool drm_rect_equals(const struct drm_rect *r1,
				   const struct drm_rect *r2)
{
	return r1->x1 == r2->x1 && r1->y1 == r2->y1 &&
	       r1->x2 == r2->x2 && r1->y2 == r2->y2;
}

static inline void drm_rect_translate(struct drm_rect *r, int dx, int dy)
{
	drm_rect_init(r, r->x1 + dx, r->y1 + dy,
		      drm_rect_width(r), drm_rect_height(r));
}

/* Cuts @r1 to what lies in @r2 too; whether anything is left. */
static inline bool drm_rect_intersect(struct drm_rect *r1,
				      const struct drm_rect *r2)
{
	r1->x1 = max(r1->x1, r2->x1);
	r1->y1 = max(r1->y1, r2->y1);
	r1->x2 = min(r1->x2, r2->x2);
	r1->y2 = min(r1->y2, r2->y2);
	return drm_rect_visible(r1);
}

#endif
