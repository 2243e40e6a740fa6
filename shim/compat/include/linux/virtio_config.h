/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The op find_vqs of virtio transports, written as it has been since 6.11, for
 * all kernels: before that, they hand it three arrays in place of one. And the
 * call of a driver with three arrays.
 */
#ifndef COMPAT_LINUX_VIRTIO_CONFIG_H
#define COMPAT_LINUX_VIRTIO_CONFIG_H

#include_next <linux/virtio_config.h>

#ifdef KAPI_AS_5_4
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/types.h>
#include "compat/levels.h"

#if !KAPI_VIRTQUEUE_INFO

/**
 * struct virtqueue_info - what a driver asks for
 * @name:	of the virtqueue, or NULL for one that is not wanted
 * @callback:	of the driver, or NULL
 * @ctx:	a context comes with each buffer
 */
struct virtqueue_info {
	const char *name;
	vq_callback_t *callback;
	bool ctx;
};

typedef int virtio_find_vqs_t(struct virtio_device *vdev, unsigned int nvqs,
			      struct virtqueue *vqs[],
			      struct virtqueue_info vqs_info[],
			      struct irq_affinity *desc);

static inline int compat_virtio_find_vqs(virtio_find_vqs_t *find_vqs,
					 struct virtio_device *vdev,
					 unsigned int nvqs,
					 struct virtqueue *vqs[],
					 vq_callback_t *callbacks[],
					 const char *const names[],
					 const bool *ctx,
					 struct irq_affinity *desc)
{
	struct virtqueue_info *info;
	unsigned int i;
	int ret;

	info = kcalloc(nvqs, sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	for (i = 0; i < nvqs; i++) {
		info[i].name = names[i];
		info[i].callback = callbacks[i];
		info[i].ctx = ctx && ctx[i];
	}
	ret = find_vqs(vdev, nvqs, vqs, info, desc);
	kfree(info);
	return ret;
}

/* NAME_op(), for struct virtio_config_ops, from NAME(). */
#define DEFINE_VIRTIO_FIND_VQS(_name)					\
static int _name##_op(struct virtio_device *vdev, unsigned int nvqs,	\
		      struct virtqueue *vqs[],				\
		      vq_callback_t *callbacks[],			\
		      const char *const names[], const bool *ctx,	\
		      struct irq_affinity *desc)			\
{									\
	return compat_virtio_find_vqs(_name, vdev, nvqs, vqs,		\
				      callbacks, names, ctx, desc);	\
}									\
struct virtio_device
#else
#define DEFINE_VIRTIO_FIND_VQS(_name)					\
static int _name##_op(struct virtio_device *vdev, unsigned int nvqs,	\
		      struct virtqueue *vqs[],				\
		      struct virtqueue_info vqs_info[],			\
		      struct irq_affinity *desc)			\
{									\
	return _name(vdev, nvqs, vqs, vqs_info, desc);			\
}									\
struct virtio_device

static inline int virtio_find_vqs_ctx(struct virtio_device *vdev,
				      unsigned int nvqs,
				      struct virtqueue *vqs[],
				      vq_callback_t *callbacks[],
				      const char *const names[],
				      const bool *ctx,
				      struct irq_affinity *desc)
{
	struct virtqueue_info *info;
	unsigned int i;
	int ret;

	info = kcalloc(nvqs, sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	for (i = 0; i < nvqs; i++) {
		info[i].name = names[i];
		info[i].callback = callbacks[i];
		info[i].ctx = ctx && ctx[i];
	}
	ret = virtio_find_vqs(vdev, nvqs, vqs, info, desc);
	kfree(info);
	return ret;
}
#endif
/*
 * virtqueue_resize(): a later release added an argument, and stable kernels took
 * that over. So its type tells, and not the release.
 */
static inline int compat_virtqueue_resize(void *function, bool three,
					  struct virtqueue *vq, u32 num,
					  void (*recycle)(struct virtqueue *vq,
							  void *buf))
{
	int (*resize3)(struct virtqueue *vq, u32 num,
		       void (*recycle)(struct virtqueue *vq, void *buf)) = function;
	int (*resize4)(struct virtqueue *vq, u32 num,
		       void (*recycle)(struct virtqueue *vq, void *buf),
		       void (*done)(struct virtqueue *vq)) = function;

	return three ? resize3(vq, num, recycle) : resize4(vq, num, recycle, NULL);
}

#define virtqueue_resize(vq, num, recycle)				\
	compat_virtqueue_resize((virtqueue_resize),			\
		__builtin_types_compatible_p(typeof(virtqueue_resize) *, \
			int (*)(struct virtqueue *, u32,		\
				void (*)(struct virtqueue *, void *))),	\
		vq, num, recycle)
#endif /* KAPI_AS_5_4 */

#endif
