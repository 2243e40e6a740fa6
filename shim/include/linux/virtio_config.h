/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a transport does for a virtio device, features, and access to the config
 * space. The numbers are the UAPI's.
 *
 * Where Linux checks types with typecheck() the shim refuses to compile, too.
 * Left out: shared memory regions' ids beyond what a transport answers, setting
 * affinity for real: transports here have no interrupts to bind.
 */
#ifndef _LINUX_VIRTIO_CONFIG_H_SHIM
#define _LINUX_VIRTIO_CONFIG_H_SHIM

#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/virtio.h>
#include <linux/virtio_byteorder.h>
#define UM_UAPI_HEADER
#include_next <linux/virtio_config.h>
#undef UM_UAPI_HEADER
#include "compat/levels.h"

struct cpumask;
struct irq_affinity;

struct virtio_shm_region {
	u64 addr;
	u64 len;
};

typedef void vq_callback_t(struct virtqueue *);

#if KAPI_VIRTQUEUE_INFO
/* What a driver asks for; without a name it asks for none. */
struct virtqueue_info {
	const char *name;
	vq_callback_t *callback;
	bool ctx;		/* a context comes with each buffer */
};
#endif

/**
 * struct virtio_config_ops - a transport
 * @get: read @len bytes at @offset of the config space
 * @set: write them
 * @generation: optional; another number whenever the config space has changed
 * @get_status: the device status
 * @set_status: set it, to anything but 0
 * @reset: back to status 0; not from a callback of the device
 * @find_vqs: make virtqueues; where names[i] is NULL there is none
 * @del_vqs: delete all that there are
 * @synchronize_cbs: optional; what was written before is seen by each callback
 *	that comes later
 * @get_features: what the device offers
 * @finalize_features: tell the device what was accepted; it may be less then.
 *	May be called again.
 * @bus_name: optional; what a driver calls the place of the device
 * @set_vq_affinity: optional
 * @get_vq_affinity: optional
 * @get_shm_region: optional
 * @disable_vq_and_reset: optional; the device forgets one virtqueue
 * @enable_vq_after_reset: optional, but not without the other
 *
 * All but @generation and the optional ones are mandatory. None of them may be
 * called from atomic context.
 */
struct virtio_config_ops {
	void (*get)(struct virtio_device *vdev, unsigned int offset, void *buf, unsigned int len);
	void (*set)(struct virtio_device *vdev, unsigned int offset, const void *buf,
		    unsigned int len);
	u32 (*generation)(struct virtio_device *vdev);
	u8 (*get_status)(struct virtio_device *vdev);
	void (*set_status)(struct virtio_device *vdev, u8 status);
	void (*reset)(struct virtio_device *vdev);
#if KAPI_VIRTQUEUE_INFO
	int (*find_vqs)(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
			struct virtqueue_info vqs_info[], struct irq_affinity *desc);
#else
	int (*find_vqs)(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
			vq_callback_t *callbacks[], const char *const names[], const bool *ctx,
			struct irq_affinity *desc);
#endif
	void (*del_vqs)(struct virtio_device *vdev);
	void (*synchronize_cbs)(struct virtio_device *vdev);
	u64 (*get_features)(struct virtio_device *vdev);
	int (*finalize_features)(struct virtio_device *vdev);
	const char *(*bus_name)(struct virtio_device *vdev);
	int (*set_vq_affinity)(struct virtqueue *vq, const struct cpumask *cpu_mask);
	const struct cpumask *(*get_vq_affinity)(struct virtio_device *vdev, int index);
	bool (*get_shm_region)(struct virtio_device *vdev, struct virtio_shm_region *region,
			       u8 id);
	int (*disable_vq_and_reset)(struct virtqueue *vq);
	int (*enable_vq_after_reset)(struct virtqueue *vq);
};

/* ---- features ------------------------------------------------------------------ */

/* BUG() for one that the driver has not in its tables: it could never be there. */
void virtio_check_driver_offered_feature(const struct virtio_device *vdev, unsigned int fbit);

/* For transports: no check of the driver's tables. */
static inline bool __virtio_test_bit(const struct virtio_device *vdev, unsigned int fbit)
{
	BUG_ON(fbit >= 64);
	return vdev->features & BIT_ULL(fbit);
}

static inline void __virtio_set_bit(struct virtio_device *vdev, unsigned int fbit)
{
	BUG_ON(fbit >= 64);
	vdev->features |= BIT_ULL(fbit);
}

static inline void __virtio_clear_bit(struct virtio_device *vdev, unsigned int fbit)
{
	BUG_ON(fbit >= 64);
	vdev->features &= ~BIT_ULL(fbit);
}

static inline bool virtio_has_feature(const struct virtio_device *vdev, unsigned int fbit)
{
	if (fbit < VIRTIO_TRANSPORT_F_START)
		virtio_check_driver_offered_feature(vdev, fbit);
	return __virtio_test_bit(vdev, fbit);
}

/* The device goes round what the platform has between it and memory. */
static inline bool virtio_has_dma_quirk(const struct virtio_device *vdev)
{
	return !virtio_has_feature(vdev, VIRTIO_F_ACCESS_PLATFORM);
}

static inline bool virtio_is_little_endian(struct virtio_device *vdev)
{
	return virtio_has_feature(vdev, VIRTIO_F_VERSION_1) ||
	       virtio_legacy_is_little_endian();
}

/* ---- virtqueues ----------------------------------------------------------------- */

#if KAPI_VIRTQUEUE_INFO
static inline int virtio_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
				  struct virtqueue *vqs[], struct virtqueue_info vqs_info[],
				  struct irq_affinity *desc)
{
	return vdev->config->find_vqs(vdev, nvqs, vqs, vqs_info, desc);
}

static inline struct virtqueue *virtio_find_single_vq(struct virtio_device *vdev,
						      vq_callback_t *callback, const char *name)
{
	struct virtqueue_info info[] = { { name, callback } };
	struct virtqueue *vq;
	int err = virtio_find_vqs(vdev, 1, &vq, info, NULL);

	return err < 0 ? ERR_PTR(err) : vq;
}
#else
static inline int virtio_find_vqs_ctx(struct virtio_device *vdev, unsigned int nvqs,
				      struct virtqueue *vqs[], vq_callback_t *callbacks[],
				      const char *const names[], const bool *ctx,
				      struct irq_affinity *desc)
{
	return vdev->config->find_vqs(vdev, nvqs, vqs, callbacks, names, ctx, desc);
}

static inline int virtio_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
				  struct virtqueue *vqs[], vq_callback_t *callbacks[],
				  const char *const names[], struct irq_affinity *desc)
{
	return virtio_find_vqs_ctx(vdev, nvqs, vqs, callbacks, names, NULL, desc);
}

static inline struct virtqueue *virtio_find_single_vq(struct virtio_device *vdev,
						      vq_callback_t *callback, const char *name)
{
	vq_callback_t *callbacks[] = { callback };
	const char *names[] = { name };
	struct virtqueue *vq;
	int err = virtio_find_vqs(vdev, 1, &vq, callbacks, names, NULL);

	return err < 0 ? ERR_PTR(err) : vq;
}
#endif

static inline void virtio_synchronize_cbs(struct virtio_device *dev)
{
	if (dev->config->synchronize_cbs)
		dev->config->synchronize_cbs(dev);
	else
		synchronize_rcu();
}

/* For a driver whose probe() uses its virtqueues: else it is done after probe(). */
static inline void virtio_device_ready(struct virtio_device *dev)
{
	unsigned int status = dev->config->get_status(dev);

	WARN_ON(status & VIRTIO_CONFIG_S_DRIVER_OK);
	dev->config->set_status(dev, status | VIRTIO_CONFIG_S_DRIVER_OK);
}

static inline const char *virtio_bus_name(struct virtio_device *vdev)
{
	return vdev->config->bus_name ? vdev->config->bus_name(vdev) : "virtio";
}

static inline int virtqueue_set_affinity(struct virtqueue *vq, const struct cpumask *cpu_mask)
{
	const struct virtio_config_ops *config = vq->vdev->config;

	return config->set_vq_affinity ? config->set_vq_affinity(vq, cpu_mask) : 0;
}

static inline bool virtio_get_shm_region(struct virtio_device *vdev,
					 struct virtio_shm_region *region, u8 id)
{
	return vdev->config->get_shm_region && vdev->config->get_shm_region(vdev, region, id);
}

/* ---- byte order ------------------------------------------------------------------- */

#define UM_VIRTIO_CONVERT(bits)							\
static inline u##bits virtio##bits##_to_cpu(struct virtio_device *vdev,	\
					    __virtio##bits val)		\
{										\
	return __virtio##bits##_to_cpu(virtio_is_little_endian(vdev), val);	\
}										\
										\
static inline __virtio##bits cpu_to_virtio##bits(struct virtio_device *vdev, u##bits val) \
{										\
	return __cpu_to_virtio##bits(virtio_is_little_endian(vdev), val);	\
}

UM_VIRTIO_CONVERT(16)
UM_VIRTIO_CONVERT(32)
UM_VIRTIO_CONVERT(64)

#undef UM_VIRTIO_CONVERT

/*
 * __virtio16 is another name of __u16, as __le16 is, where sparse does not look:
 * what a member holds is told by its size.
 */
#define virtio_to_cpu(vdev, x)						\
	_Generic((x), __u8: (x),					\
		 __u16: virtio16_to_cpu((vdev), (__u16)(x)),		\
		 __u32: virtio32_to_cpu((vdev), (__u32)(x)),		\
		 __u64: virtio64_to_cpu((vdev), (__u64)(x)))
#define cpu_to_virtio(vdev, x, m)					\
	_Generic((m), __u8: (x),					\
		 __u16: cpu_to_virtio16((vdev), (x)),			\
		 __u32: cpu_to_virtio32((vdev), (x)),			\
		 __u64: cpu_to_virtio64((vdev), (x)))
#define virtio_le_to_cpu(x)						\
	_Generic((x), __u8: (u8)(x), __u16: (u16)le16_to_cpu((__le16)(x)), \
		 __u32: (u32)le32_to_cpu((__le32)(x)),			\
		 __u64: (u64)le64_to_cpu((__le64)(x)))
#define virtio_cpu_to_le(x, m)						\
	_Generic((m), __u8: (x), __u16: cpu_to_le16(x), __u32: cpu_to_le32(x), \
		 __u64: cpu_to_le64(x))

/* ---- the config space --------------------------------------------------------------- */

static inline u32 um_virtio_generation(struct virtio_device *vdev)
{
	return vdev->config->generation ? vdev->config->generation(vdev) : 0;
}

/* @count fields of @bytes each, all of one generation. */
static inline void __virtio_cread_many(struct virtio_device *vdev, unsigned int offset, void *buf,
				       size_t count, size_t bytes)
{
	u32 old, gen = um_virtio_generation(vdev);
	size_t i;

	might_sleep();
	do {
		old = gen;
		for (i = 0; i < count; i++)
			vdev->config->get(vdev, offset + bytes * i, (char *)buf + bytes * i, bytes);
		gen = um_virtio_generation(vdev);
	} while (gen != old);
}

static inline void virtio_cread_bytes(struct virtio_device *vdev, unsigned int offset, void *buf,
				      size_t len)
{
	__virtio_cread_many(vdev, offset, buf, len, 1);
}

/* One field; one that no access reads as a whole may change in between. */
static inline void um_virtio_cread(struct virtio_device *vdev, unsigned int offset, void *buf,
				   size_t bytes)
{
	might_sleep();
	if (bytes == 1 || bytes == 2 || bytes == 4)
		vdev->config->get(vdev, offset, buf, bytes);
	else
		__virtio_cread_many(vdev, offset, buf, 1, bytes);
}

static inline void um_virtio_cwrite(struct virtio_device *vdev, unsigned int offset,
				    const void *buf, size_t bytes)
{
	might_sleep();
	vdev->config->set(vdev, offset, buf, bytes);
}

#define um_virtio_member(structname, member) typeof(((structname *)0)->member)

#define virtio_cread(vdev, structname, member, ptr)				\
do {										\
	um_virtio_member(structname, member) virtio_cread_v;			\
										\
	BUILD_BUG_ON(!__same_type(virtio_to_cpu((vdev), virtio_cread_v), *(ptr))); \
	um_virtio_cread(vdev, offsetof(structname, member), &virtio_cread_v,	\
			sizeof(virtio_cread_v));				\
	*(ptr) = virtio_to_cpu(vdev, virtio_cread_v);				\
} while (0)

#define virtio_cwrite(vdev, structname, member, ptr)				\
do {										\
	um_virtio_member(structname, member) virtio_cwrite_v =			\
		cpu_to_virtio(vdev, *(ptr), ((structname *)0)->member);	\
										\
	BUILD_BUG_ON(!__same_type(virtio_to_cpu((vdev), virtio_cwrite_v), *(ptr))); \
	um_virtio_cwrite(vdev, offsetof(structname, member), &virtio_cwrite_v,	\
			 sizeof(virtio_cwrite_v));				\
} while (0)

#define virtio_cread_le(vdev, structname, member, ptr)				\
do {										\
	um_virtio_member(structname, member) virtio_cread_v;			\
										\
	BUILD_BUG_ON(!__same_type(virtio_le_to_cpu(virtio_cread_v), *(ptr)));	\
	um_virtio_cread(vdev, offsetof(structname, member), &virtio_cread_v,	\
			sizeof(virtio_cread_v));				\
	*(ptr) = virtio_le_to_cpu(virtio_cread_v);				\
} while (0)

#define virtio_cwrite_le(vdev, structname, member, ptr)			\
do {										\
	um_virtio_member(structname, member) virtio_cwrite_v =			\
		virtio_cpu_to_le(*(ptr), ((structname *)0)->member);		\
										\
	BUILD_BUG_ON(!__same_type(virtio_le_to_cpu(virtio_cwrite_v), *(ptr)));	\
	um_virtio_cwrite(vdev, offsetof(structname, member), &virtio_cwrite_v,	\
			 sizeof(virtio_cwrite_v));				\
} while (0)

/* -ENOENT without the feature. */
#define virtio_cread_feature(vdev, fbit, structname, member, ptr)		\
({										\
	int _r = 0;								\
										\
	if (!virtio_has_feature(vdev, fbit))					\
		_r = -ENOENT;							\
	else									\
		virtio_cread((vdev), structname, member, ptr);			\
	_r;									\
})

#define virtio_cread_le_feature(vdev, fbit, structname, member, ptr)		\
({										\
	int _r = 0;								\
										\
	if (!virtio_has_feature(vdev, fbit))					\
		_r = -ENOENT;							\
	else									\
		virtio_cread_le((vdev), structname, member, ptr);		\
	_r;									\
})

static inline u8 virtio_cread8(struct virtio_device *vdev, unsigned int offset)
{
	u8 val;

	um_virtio_cread(vdev, offset, &val, sizeof(val));
	return val;
}

static inline void virtio_cwrite8(struct virtio_device *vdev, unsigned int offset, u8 val)
{
	um_virtio_cwrite(vdev, offset, &val, sizeof(val));
}

#define UM_VIRTIO_CACCESS(bits)							\
static inline u##bits virtio_cread##bits(struct virtio_device *vdev, unsigned int offset) \
{										\
	__virtio##bits val;							\
										\
	um_virtio_cread(vdev, offset, &val, sizeof(val));			\
	return virtio##bits##_to_cpu(vdev, val);				\
}										\
										\
static inline void virtio_cwrite##bits(struct virtio_device *vdev, unsigned int offset, \
				       u##bits val)				\
{										\
	__virtio##bits v = cpu_to_virtio##bits(vdev, val);			\
										\
	um_virtio_cwrite(vdev, offset, &v, sizeof(v));				\
}

UM_VIRTIO_CACCESS(16)
UM_VIRTIO_CACCESS(32)
UM_VIRTIO_CACCESS(64)

#undef UM_VIRTIO_CACCESS

#endif
