// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtqueues from their beginning to their end: the memory of a ring, its size,
 * what it begins with; and breaking one, so that its driver stops.
 *
 * Left out: packed rings, which are refused with a warning.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "virtqueue.h"

/* ---- the memory of a ring -------------------------------------------------------- */

/**
 * virtio_max_dma_size() - how long a part of a buffer can be
 * @vdev: the device
 *
 * Return: bytes, SIZE_MAX for no limit.
 */
size_t virtio_max_dma_size(struct virtio_device *vdev)
{
	return vring_use_dma_api(vdev) ? dma_max_mapping_size(vdev->dev.parent) : SIZE_MAX;
}
EXPORT_SYMBOL_GPL(virtio_max_dma_size);

static void *alloc_queue(struct virtio_device *vdev, size_t size, dma_addr_t *addr, gfp_t gfp)
{
	void *queue;

	if (vring_use_dma_api(vdev))
		return dma_alloc_coherent(vdev->dev.parent, size, addr, gfp);
	queue = (void *)__get_free_pages(gfp, get_order(size));
	if (queue)
		*addr = virt_to_phys(queue);
	return queue;
}

static void free_queue(struct virtio_device *vdev, size_t size, void *queue, dma_addr_t addr)
{
	if (vring_use_dma_api(vdev))
		dma_free_coherent(vdev->dev.parent, size, queue, addr);
	else
		free_pages((unsigned long)queue, get_order(size));
}

/* Smaller and smaller, down to a page, until there is memory for it. */
static void *alloc_some_queue(struct virtio_device *vdev, struct ring *ring, unsigned int *num)
{
	void *queue;

	for (; vring_size(*num, ring->align) > PAGE_SIZE; *num /= 2) {
		queue = alloc_queue(vdev, vring_size(*num, ring->align), &ring->dma_addr,
				    GFP_KERNEL | __GFP_NOWARN | __GFP_ZERO);
		if (queue || !ring->may_reduce_num)
			return queue;
		if (*num == 1)
			return NULL;
	}
	return alloc_queue(vdev, vring_size(*num, ring->align), &ring->dma_addr,
			   GFP_KERNEL | __GFP_ZERO);
}

static int alloc_memory(struct virtio_device *vdev, struct ring *ring, unsigned int num)
{
	void *queue;

	if (num & (num - 1)) {
		dev_warn(&vdev->dev, "Bad virtqueue length %u\n", num);
		return -EINVAL;
	}
	if (!num)
		return -ENOMEM;
	queue = alloc_some_queue(vdev, ring, &num);
	if (!queue)
		return -ENOMEM;
	vring_init(&ring->vring, num, queue, ring->align);
	ring->size = vring_size(num, ring->align);
	return 0;
}

static void free_memory(struct virtio_device *vdev, struct ring *ring)
{
	free_queue(vdev, ring->size, ring->vring.desc, ring->dma_addr);
}

/* All descriptors are free; the last one's next is never followed. */
static int alloc_state(struct ring *ring)
{
	unsigned int num = ring->vring.num, i;

	ring->state = kcalloc(num, sizeof(*ring->state), GFP_KERNEL);
	if (!ring->state)
		return -ENOMEM;
	ring->extra = kcalloc(num, sizeof(*ring->extra), GFP_KERNEL);
	if (!ring->extra) {
		kfree(ring->state);
		return -ENOMEM;
	}
	for (i = 0; i < num - 1; i++)
		ring->extra[i].next = i + 1;
	return 0;
}

static void free_state(struct ring *ring)
{
	kfree(ring->state);
	kfree(ring->extra);
}

static int alloc_ring(struct virtio_device *vdev, struct ring *ring, unsigned int num)
{
	int err = alloc_memory(vdev, ring, num);

	if (err)
		return err;
	err = alloc_state(ring);
	if (err)
		free_memory(vdev, ring);
	return err;
}

/* ---- a virtqueue ------------------------------------------------------------------ */

/* The ring's memory holds zeroes. */
static void start_ring(struct vring_virtqueue *vq)
{
	vq->vq.num_free = vq->ring.vring.num;
	vq->free_head = 0;
	vq->num_added = 0;
	vq->last_used_idx = 0;
	vq->avail_idx = 0;
	vq->avail_flags = vq->vq.callback ? 0 : VRING_AVAIL_F_NO_INTERRUPT;
	vq->event_triggered = false;
	if (!vq->event)
		put16(vq, &vq->ring.vring.avail->flags, vq->avail_flags);
}

/* A ring that was used, and is empty now. */
static void restart_ring(struct vring_virtqueue *vq)
{
	struct vring *vring = &vq->ring.vring;

	put16(vq, &vring->avail->flags, 0);
	put16(vq, &vring->avail->idx, 0);
	put16(vq, &vring_used_event(vring), 0);
	put16(vq, &vring->used->flags, 0);
	put16(vq, &vring->used->idx, 0);
	put16(vq, &vring_avail_event(vring), 0);
	start_ring(vq);
}

static struct vring_virtqueue *new_virtqueue(struct virtio_device *vdev, unsigned int index,
					     bool weak_barriers, bool ctx,
					     bool (*notify)(struct virtqueue *),
					     void (*callback)(struct virtqueue *), const char *name)
{
	struct vring_virtqueue *vq;

	if (WARN_ONCE(virtio_has_feature(vdev, VIRTIO_F_RING_PACKED),
		      "packed rings are not in the shim (%s)\n", __FILE__))
		return NULL;
	vq = kzalloc(sizeof(*vq), GFP_KERNEL);
	if (!vq)
		return NULL;
	vq->vq.callback = callback;
	vq->vq.name = name;
	vq->vq.vdev = vdev;
	vq->vq.index = index;
	vq->use_dma_api = vring_use_dma_api(vdev);
	vq->weak_barriers = weak_barriers && !virtio_has_feature(vdev, VIRTIO_F_ORDER_PLATFORM);
	vq->indirect = virtio_has_feature(vdev, VIRTIO_RING_F_INDIRECT_DESC) && !ctx;
	vq->event = virtio_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX);
	vq->notify = notify;
	return vq;
}

static struct virtqueue *add_virtqueue(struct vring_virtqueue *vq)
{
	struct virtio_device *vdev = vq->vq.vdev;

	start_ring(vq);
	spin_lock(&vdev->vqs_list_lock);
	list_add_tail(&vq->vq.list, &vdev->vqs);
	spin_unlock(&vdev->vqs_list_lock);
	return &vq->vq;
}

/**
 * vring_create_virtqueue() - make a virtqueue, with a ring
 * @index: which of the device's
 * @num: descriptors; a power of two
 * @vring_align: where the used ring begins; a power of two
 * @vdev: the device, with its features negotiated
 * @weak_barriers: the device is a processor, too
 * @may_reduce_num: fewer will do when there is not enough memory
 * @ctx: virtqueue_add_inbuf_ctx() will be used
 * @notify: tells the device of new buffers; false if it cannot
 * @callback: of the driver, or NULL
 * @name: for messages; not copied
 *
 * For transports.
 *
 * Context: may sleep.
 * Return: the virtqueue for vring_del_virtqueue(), or NULL.
 */
struct virtqueue *vring_create_virtqueue(unsigned int index, unsigned int num,
					 unsigned int vring_align, struct virtio_device *vdev,
					 bool weak_barriers, bool may_reduce_num, bool ctx,
					 bool (*notify)(struct virtqueue *vq),
					 void (*callback)(struct virtqueue *vq), const char *name)
{
	struct vring_virtqueue *vq;

	vq = new_virtqueue(vdev, index, weak_barriers, ctx, notify, callback, name);
	if (!vq)
		return NULL;
	vq->ring.align = vring_align;
	vq->ring.may_reduce_num = may_reduce_num;
	vq->we_own_ring = true;
	if (alloc_ring(vdev, &vq->ring, num)) {
		kfree(vq);
		return NULL;
	}
	return add_virtqueue(vq);
}
EXPORT_SYMBOL_GPL(vring_create_virtqueue);

/**
 * vring_new_virtqueue() - make a virtqueue of memory that the caller has
 * @index: as for vring_create_virtqueue()
 * @num: likewise
 * @vring_align: likewise
 * @vdev: likewise
 * @weak_barriers: likewise
 * @ctx: likewise
 * @pages: the ring's memory, zeroed, which stays the caller's
 * @notify: likewise
 * @callback: likewise
 * @name: likewise
 *
 * Context: may sleep.
 * Return: the virtqueue for vring_del_virtqueue(), or NULL.
 */
struct virtqueue *vring_new_virtqueue(unsigned int index, unsigned int num,
				      unsigned int vring_align, struct virtio_device *vdev,
				      bool weak_barriers, bool ctx, void *pages,
				      bool (*notify)(struct virtqueue *vq),
				      void (*callback)(struct virtqueue *vq), const char *name)
{
	struct vring_virtqueue *vq;

	vq = new_virtqueue(vdev, index, weak_barriers, ctx, notify, callback, name);
	if (!vq)
		return NULL;
	vring_init(&vq->ring.vring, num, pages, vring_align);
	if (alloc_state(&vq->ring)) {
		kfree(vq);
		return NULL;
	}
	return add_virtqueue(vq);
}
EXPORT_SYMBOL_GPL(vring_new_virtqueue);

static void free_ring(struct vring_virtqueue *vq)
{
	if (vq->we_own_ring)
		free_memory(vq->vq.vdev, &vq->ring);
	free_state(&vq->ring);
}

/**
 * vring_del_virtqueue() - the end of a virtqueue
 * @_vq: the device uses it no more, and has been given back no buffer
 *
 * Context: may sleep.
 */
void vring_del_virtqueue(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	spin_lock(&_vq->vdev->vqs_list_lock);
	list_del(&_vq->list);
	spin_unlock(&_vq->vdev->vqs_list_lock);
	free_ring(vq);
	kfree(vq);
}
EXPORT_SYMBOL_GPL(vring_del_virtqueue);

static int replace_ring(struct vring_virtqueue *vq, unsigned int num)
{
	struct ring ring = { .align = vq->ring.align, .may_reduce_num = vq->ring.may_reduce_num };
	int err = alloc_ring(vq->vq.vdev, &ring, num);

	if (err) {
		restart_ring(vq);
		return -ENOMEM;
	}
	free_ring(vq);
	vq->ring = ring;
	start_ring(vq);
	return 0;
}

/**
 * virtqueue_resize() - another number of descriptors
 * @_vq: which
 * @num: a power of two, num_max at most
 * @recycle: given each buffer that the device has not used
 *
 * Context: may sleep; nobody else works on the virtqueue.
 * Return: 0; -EPERM when the ring is somebody else's; -E2BIG; -EINVAL for 0;
 * -ENOENT when the transport cannot; -ENOMEM with the old ring, empty; -EBUSY when the
 * device does not take the virtqueue back; or what the transport says.
 */
int virtqueue_resize(struct virtqueue *_vq, u32 num,
		     void (*recycle)(struct virtqueue *vq, void *buf))
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	const struct virtio_config_ops *config = _vq->vdev->config;
	void *buf;
	int err;

	if (!vq->we_own_ring)
		return -EPERM;
	if (num > _vq->num_max)
		return -E2BIG;
	if (!num)
		return -EINVAL;
	if (num == vq->ring.vring.num)
		return 0;
	if (!config->disable_vq_and_reset || !config->enable_vq_after_reset)
		return -ENOENT;

	err = config->disable_vq_and_reset(_vq);
	if (err)
		return err;
	while ((buf = virtqueue_detach_unused_buf(_vq)))
		recycle(_vq, buf);
	err = replace_ring(vq, num);
	return config->enable_vq_after_reset(_vq) ? -EBUSY : err;
}
EXPORT_SYMBOL_GPL(virtqueue_resize);

/* ---- features ------------------------------------------------------------------------ */

/**
 * vring_transport_features() - keep the features that rings know
 * @vdev: those of the transport's range that rings do not know are taken away
 *
 * For a transport's ->finalize_features(). VIRTIO_F_RING_PACKED is kept, as in Linux.
 */
void vring_transport_features(struct virtio_device *vdev)
{
	static const u64 known = BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |
		BIT_ULL(VIRTIO_RING_F_EVENT_IDX) | BIT_ULL(VIRTIO_F_VERSION_1) |
		BIT_ULL(VIRTIO_F_ACCESS_PLATFORM) | BIT_ULL(VIRTIO_F_RING_PACKED) |
		BIT_ULL(VIRTIO_F_ORDER_PLATFORM);
	u64 transport = GENMASK_ULL(VIRTIO_TRANSPORT_F_END - 1, VIRTIO_TRANSPORT_F_START);

	vdev->features &= ~transport | known;
}
EXPORT_SYMBOL_GPL(vring_transport_features);

/* ---- breaking ------------------------------------------------------------------------- */

/**
 * __virtqueue_break() - its driver is to stop
 * @_vq: nothing is added to it or got from it, and nobody is told
 *
 * For transports.
 */
void __virtqueue_break(struct virtqueue *_vq)
{
	WRITE_ONCE(to_vvq(_vq)->broken, true);
}
EXPORT_SYMBOL_GPL(__virtqueue_break);

/**
 * __virtqueue_unbreak() - undo __virtqueue_break()
 * @_vq: which
 */
void __virtqueue_unbreak(struct virtqueue *_vq)
{
	WRITE_ONCE(to_vvq(_vq)->broken, false);
}
EXPORT_SYMBOL_GPL(__virtqueue_unbreak);

/**
 * virtqueue_is_broken() - is it?
 * @_vq: which
 *
 * Return: whether, by a device that makes no sense or by virtio_break_device().
 */
bool virtqueue_is_broken(struct virtqueue *_vq)
{
	return READ_ONCE(to_vvq(_vq)->broken);
}
EXPORT_SYMBOL_GPL(virtqueue_is_broken);

static void set_all_broken(struct virtio_device *dev, bool broken)
{
	struct virtqueue *vq;

	spin_lock(&dev->vqs_list_lock);
	virtio_device_for_each_vq(dev, vq)
		WRITE_ONCE(to_vvq(vq)->broken, broken);
	spin_unlock(&dev->vqs_list_lock);
}

/**
 * virtio_break_device() - break all virtqueues of a device that does not work
 * @dev: the device
 */
void virtio_break_device(struct virtio_device *dev)
{
	set_all_broken(dev, true);
}
EXPORT_SYMBOL_GPL(virtio_break_device);

/**
 * __virtio_unbreak_device() - undo virtio_break_device()
 * @dev: the device
 */
void __virtio_unbreak_device(struct virtio_device *dev)
{
	set_all_broken(dev, false);
}
EXPORT_SYMBOL_GPL(__virtio_unbreak_device);

/* ---- questions -------------------------------------------------------------------------- */

/**
 * virtqueue_get_vring_size() - how many descriptors it has
 * @_vq: which
 *
 * Return: their number.
 */
unsigned int virtqueue_get_vring_size(struct virtqueue *_vq)
{
	return to_vvq(_vq)->ring.vring.num;
}
EXPORT_SYMBOL_GPL(virtqueue_get_vring_size);

/**
 * virtqueue_get_vring() - the ring itself
 * @_vq: which
 *
 * Return: the ring, as long as the virtqueue lives and is not resized.
 */
const struct vring *virtqueue_get_vring(struct virtqueue *_vq)
{
	return &to_vvq(_vq)->ring.vring;
}
EXPORT_SYMBOL_GPL(virtqueue_get_vring);

/**
 * virtqueue_get_desc_addr() - where the device finds the descriptors
 * @_vq: made by vring_create_virtqueue(): BUG() otherwise
 *
 * Return: the address for the device.
 */
dma_addr_t virtqueue_get_desc_addr(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	BUG_ON(!vq->we_own_ring);
	return vq->ring.dma_addr;
}
EXPORT_SYMBOL_GPL(virtqueue_get_desc_addr);

static dma_addr_t addr_of(struct virtqueue *_vq, const void *part)
{
	const struct vring *vring = virtqueue_get_vring(_vq);

	return virtqueue_get_desc_addr(_vq) + ((const char *)part - (const char *)vring->desc);
}

/**
 * virtqueue_get_avail_addr() - where the device finds the available ring
 * @_vq: as for virtqueue_get_desc_addr()
 *
 * Return: the address for the device.
 */
dma_addr_t virtqueue_get_avail_addr(struct virtqueue *_vq)
{
	return addr_of(_vq, virtqueue_get_vring(_vq)->avail);
}
EXPORT_SYMBOL_GPL(virtqueue_get_avail_addr);

/**
 * virtqueue_get_used_addr() - where the device finds the used ring
 * @_vq: as for virtqueue_get_desc_addr()
 *
 * Return: the address for the device.
 */
dma_addr_t virtqueue_get_used_addr(struct virtqueue *_vq)
{
	return addr_of(_vq, virtqueue_get_vring(_vq)->used);
}
EXPORT_SYMBOL_GPL(virtqueue_get_used_addr);
