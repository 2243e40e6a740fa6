// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's side of a split ring: descriptors are taken from a free list and
 * put into chains, a chain is offered in the available ring and comes back by
 * the used ring, whose entries are not trusted.
 *
 * The ring is shared with the device, and so only written but for what the
 * device writes; what this side knows of it is kept beside it (virtqueue.h).
 *
 * What one side writes before it moves its index the other sees when it has
 * read that index: the two indices are stored with release and loaded with
 * acquire, which is also how TSan learns of it, for each ring by itself. No
 * other barrier of a ring orders data.
 *
 * Callers see to it that one task at a time works on a virtqueue. Without locks
 * may come virtqueue_notify(), virtqueue_disable_cb(), virtqueue_poll(), questions
 * after its size and state, and vring_interrupt().
 *
 * Left out: packed rings (vring_create.c); buffers that the driver has mapped
 * itself; the checks of DEBUG.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "virtqueue.h"

#define BAD_RING(_vq, fmt, args...)						\
do {										\
	dev_err(&(_vq)->vq.vdev->dev, "%s:" fmt, (_vq)->vq.name, ##args);	\
	WRITE_ONCE((_vq)->broken, true);					\
} while (0)

/* ---- memory that the device sees --------------------------------------------- */

static struct device *dma_dev(const struct vring_virtqueue *vq)
{
	return vq->vq.vdev->dev.parent;
}

static enum dma_data_direction direction(u16 flags)
{
	return flags & VRING_DESC_F_WRITE ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
}

static int map_sg(const struct vring_virtqueue *vq, struct scatterlist *sg, u16 flags,
		  dma_addr_t *addr)
{
	if (!vq->use_dma_api) {
		*addr = sg_phys(sg);
		return 0;
	}
	*addr = dma_map_page(dma_dev(vq), sg_page(sg), sg->offset, sg->length, direction(flags));
	return dma_mapping_error(dma_dev(vq), *addr);
}

static int map_table(const struct vring_virtqueue *vq, struct vring_desc *table, size_t size,
		     dma_addr_t *addr)
{
	if (!vq->use_dma_api) {
		*addr = virt_to_phys(table);
		return 0;
	}
	*addr = dma_map_single(dma_dev(vq), table, size, DMA_TO_DEVICE);
	return dma_mapping_error(dma_dev(vq), *addr);
}

static void unmap(const struct vring_virtqueue *vq, dma_addr_t addr, u32 len, u16 flags)
{
	if (vq->use_dma_api)
		dma_unmap_page(dma_dev(vq), addr, len, direction(flags));
}

/* Of an indirect table, which the device has only read. */
static void unmap_entry(const struct vring_virtqueue *vq, const struct vring_desc *desc)
{
	struct virtio_device *vdev = vq->vq.vdev;

	unmap(vq, virtio64_to_cpu(vdev, desc->addr), virtio32_to_cpu(vdev, desc->len),
	      virtio16_to_cpu(vdev, desc->flags));
}

static void unmap_desc(const struct vring_virtqueue *vq, u16 i)
{
	const struct desc_extra *extra = &vq->ring.extra[i];

	unmap(vq, extra->addr, extra->len, extra->flags);
}

/* ---- adding a chain ----------------------------------------------------------- */

/* A chain that is being made, in the ring or in an indirect table. */
struct chain {
	struct vring_virtqueue *vq;
	struct vring_desc *desc;	/* the table that it is in */
	struct vring_desc *table;	/* the same if it is an indirect one, else NULL */
	u16 head;
	u16 next;			/* where the next part goes */
	u16 last;			/* where the last part is */
	unsigned int mapped;		/* parts so far */
};

static struct vring_desc *alloc_table(unsigned int n, gfp_t gfp)
{
	return kmalloc_array(n, sizeof(struct vring_desc), gfp & ~__GFP_HIGHMEM);
}

static void write_desc(struct vring_virtqueue *vq, struct vring_desc *desc, dma_addr_t addr,
		       u32 len, u16 flags, u16 next)
{
	struct virtio_device *vdev = vq->vq.vdev;

	desc->addr = cpu_to_virtio64(vdev, addr);
	desc->len = cpu_to_virtio32(vdev, len);
	desc->flags = cpu_to_virtio16(vdev, flags);
	desc->next = cpu_to_virtio16(vdev, next);
}

static void write_ring_desc(struct vring_virtqueue *vq, u16 i, dma_addr_t addr, u32 len, u16 flags)
{
	struct desc_extra *extra = &vq->ring.extra[i];

	extra->addr = addr;
	extra->len = len;
	extra->flags = flags;
	write_desc(vq, &vq->ring.vring.desc[i], addr, len, flags, extra->next);
}

static int add_part(struct chain *c, struct scatterlist *sg, u16 flags)
{
	struct vring_virtqueue *vq = c->vq;
	u16 i = c->next;
	dma_addr_t addr;

	if (map_sg(vq, sg, flags, &addr))
		return -ENOMEM;
	if (c->table) {
		c->next = i + 1;
		write_desc(vq, &c->desc[i], addr, sg->length, flags, c->next);
	} else {
		write_ring_desc(vq, i, addr, sg->length, flags);
		c->next = vq->ring.extra[i].next;
	}
	c->last = i;
	c->mapped++;
	return 0;
}

static void unmap_parts(struct chain *c)
{
	u16 i = c->table ? 0 : c->head;

	for (; c->mapped; c->mapped--) {
		if (c->table) {
			unmap_entry(c->vq, &c->desc[i++]);
		} else {
			unmap_desc(c->vq, i);
			i = c->vq->ring.extra[i].next;
		}
	}
}

static void end_chain(struct chain *c)
{
	c->desc[c->last].flags &= cpu_to_virtio16(c->vq->vq.vdev, ~VRING_DESC_F_NEXT);
	if (!c->table)
		c->vq->ring.extra[c->last].flags &= ~VRING_DESC_F_NEXT;
}

static int add_parts(struct chain *c, struct scatterlist *sgs[], unsigned int out_sgs,
		     unsigned int in_sgs)
{
	struct scatterlist *sg;
	unsigned int n;
	u16 flags;

	for (n = 0; n < out_sgs + in_sgs; n++) {
		flags = VRING_DESC_F_NEXT | (n < out_sgs ? 0 : VRING_DESC_F_WRITE);
		for (sg = sgs[n]; sg; sg = sg_next(sg))
			if (add_part(c, sg, flags))
				return -ENOMEM;
	}
	end_chain(c);
	return 0;
}

static int link_table(struct chain *c)
{
	size_t size = c->mapped * sizeof(struct vring_desc);
	dma_addr_t addr;

	if (map_table(c->vq, c->table, size, &addr))
		return -ENOMEM;
	write_ring_desc(c->vq, c->head, addr, size, VRING_DESC_F_INDIRECT);
	c->next = c->vq->ring.extra[c->head].next;
	return 0;
}

static int fill_chain(struct chain *c, struct scatterlist *sgs[], unsigned int out_sgs,
		      unsigned int in_sgs)
{
	int err = add_parts(c, sgs, out_sgs, in_sgs);

	if (!err && c->table)
		err = link_table(c);
	if (err)
		unmap_parts(c);
	return err;
}

static void offer(struct vring_virtqueue *vq, u16 head)
{
	struct vring_avail *avail = vq->ring.vring.avail;

	put16(vq, &avail->ring[mask(vq, vq->avail_idx)], head);
	vq->avail_idx++;
	/* descriptors and entry before the index */
	smp_store_release(&avail->idx, cpu_to_virtio16(vq->vq.vdev, vq->avail_idx));
	vq->num_added++;
	/* the kick that counts them must come before their number wraps */
	if (unlikely(vq->num_added == U16_MAX))
		virtqueue_kick(&vq->vq);
}

/* Room in the ring for the chain, which without it may have come too late for the device. */
static bool has_room(struct vring_virtqueue *vq, unsigned int needed, unsigned int out_sgs)
{
	if (likely(vq->vq.num_free >= needed))
		return true;
	if (out_sgs)
		vq->notify(&vq->vq);
	return false;
}

static int virtqueue_add(struct virtqueue *_vq, struct scatterlist *sgs[], unsigned int total,
			 unsigned int out_sgs, unsigned int in_sgs, void *data, void *ctx, gfp_t gfp)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	struct chain c = { .vq = vq, .head = vq->free_head };
	unsigned int needed;
	int err = -ENOSPC;

	BUG_ON(!data);
	BUG_ON(ctx && vq->indirect);
	if (unlikely(READ_ONCE(vq->broken)))
		return -EIO;
	BUG_ON(!total);

	if (vq->indirect && total > 1 && _vq->num_free)
		c.table = alloc_table(total, gfp);
	if (!c.table)
		WARN_ON_ONCE(total > vq->ring.vring.num && !vq->indirect);
	c.desc = c.table ?: vq->ring.vring.desc;
	c.next = c.table ? 0 : c.head;
	needed = c.table ? 1 : total;

	if (!has_room(vq, needed, out_sgs))
		goto free_table;
	err = fill_chain(&c, sgs, out_sgs, in_sgs);
	if (err)
		goto free_table;

	_vq->num_free -= needed;
	vq->free_head = c.next;
	vq->ring.state[c.head] = (struct desc_state){ .data = data, .ctx = ctx, .table = c.table };
	offer(vq, c.head);
	return 0;

free_table:
	kfree(c.table);
	return err;
}

/**
 * virtqueue_add_sgs() - give a buffer to the device
 * @vq:      where
 * @sgs:     lists, each with its end mark
 * @out_sgs: how many of them the device reads
 * @in_sgs:  how many of them, after those, the device writes
 * @data:    given back by virtqueue_get_buf(); not NULL
 * @gfp:     how to allocate an indirect table
 *
 * Context: as @gfp says.
 * Return: 0; -ENOSPC when there are not enough descriptors (the device was
 * notified if it has something to read in this buffer); -ENOMEM; -EIO when the
 * virtqueue is broken.
 */
int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist *sgs[], unsigned int out_sgs,
		      unsigned int in_sgs, void *data, gfp_t gfp)
{
	unsigned int i, total = 0;

	for (i = 0; i < out_sgs + in_sgs; i++)
		total += sg_nents(sgs[i]);
	return virtqueue_add(vq, sgs, total, out_sgs, in_sgs, data, NULL, gfp);
}
EXPORT_SYMBOL_GPL(virtqueue_add_sgs);

/**
 * virtqueue_add_outbuf() - give a buffer that the device reads
 * @vq:   where
 * @sg:   its parts, the last with the end mark
 * @num:  how many
 * @data: as for virtqueue_add_sgs()
 * @gfp:  likewise
 *
 * Context: as @gfp says.
 * Return: as virtqueue_add_sgs().
 */
int virtqueue_add_outbuf(struct virtqueue *vq, struct scatterlist *sg, unsigned int num,
			 void *data, gfp_t gfp)
{
	return virtqueue_add(vq, &sg, num, 1, 0, data, NULL, gfp);
}
EXPORT_SYMBOL_GPL(virtqueue_add_outbuf);

/**
 * virtqueue_add_inbuf() - give a buffer that the device writes
 * @vq:   where
 * @sg:   its parts, the last with the end mark
 * @num:  how many
 * @data: as for virtqueue_add_sgs()
 * @gfp:  likewise
 *
 * Context: as @gfp says.
 * Return: as virtqueue_add_sgs().
 */
int virtqueue_add_inbuf(struct virtqueue *vq, struct scatterlist *sg, unsigned int num,
			void *data, gfp_t gfp)
{
	return virtqueue_add(vq, &sg, num, 0, 1, data, NULL, gfp);
}
EXPORT_SYMBOL_GPL(virtqueue_add_inbuf);

/**
 * virtqueue_add_inbuf_ctx() - virtqueue_add_inbuf() with something more to give back
 * @vq:   made with contexts
 * @sg:   as there
 * @num:  as there
 * @data: as there
 * @ctx:  for virtqueue_get_buf_ctx()
 * @gfp:  as there
 *
 * Context: as @gfp says.
 * Return: as virtqueue_add_sgs().
 */
int virtqueue_add_inbuf_ctx(struct virtqueue *vq, struct scatterlist *sg, unsigned int num,
			    void *data, void *ctx, gfp_t gfp)
{
	return virtqueue_add(vq, &sg, num, 0, 1, data, ctx, gfp);
}
EXPORT_SYMBOL_GPL(virtqueue_add_inbuf_ctx);

/* ---- kicking ------------------------------------------------------------------- */

/**
 * virtqueue_kick_prepare() - does the device want to know of the new buffers?
 * @_vq: where they were added
 *
 * The first half of virtqueue_kick(), for who holds a lock around it only.
 *
 * Return: whether virtqueue_notify() is to be called.
 */
bool virtqueue_kick_prepare(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	struct vring *vring = &vq->ring.vring;
	u16 new = vq->avail_idx, old = new - vq->num_added;

	/* the device says whether it wants to be told, then looks at the index */
	virtio_mb(vq->weak_barriers);
	vq->num_added = 0;
	if (vq->event)
		return vring_need_event(get16(vq, &vring_avail_event(vring)), new, old);
	return !(get16(vq, &vring->used->flags) & VRING_USED_F_NO_NOTIFY);
}
EXPORT_SYMBOL_GPL(virtqueue_kick_prepare);

/**
 * virtqueue_notify() - tell the device that there are buffers
 * @_vq: where
 *
 * Return: false when the virtqueue is broken, or is now because the device
 * cannot be told.
 */
bool virtqueue_notify(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (unlikely(READ_ONCE(vq->broken)))
		return false;
	if (!vq->notify(_vq)) {
		WRITE_ONCE(vq->broken, true);
		return false;
	}
	return true;
}
EXPORT_SYMBOL_GPL(virtqueue_notify);

/**
 * virtqueue_kick() - tell the device of new buffers, if it wants to know
 * @vq: where they were added
 *
 * Return: false when that failed.
 */
bool virtqueue_kick(struct virtqueue *vq)
{
	return !virtqueue_kick_prepare(vq) || virtqueue_notify(vq);
}
EXPORT_SYMBOL_GPL(virtqueue_kick);

/* ---- what comes back -------------------------------------------------------------- */

static u16 used_idx(const struct vring_virtqueue *vq)
{
	return virtio16_to_cpu(vq->vq.vdev, smp_load_acquire(&vq->ring.vring.used->idx));
}

static bool more_used(const struct vring_virtqueue *vq)
{
	return READ_ONCE(vq->last_used_idx) != used_idx(vq);
}

static void free_table(struct vring_virtqueue *vq, u16 head)
{
	struct desc_state *state = &vq->ring.state[head];
	u32 len = vq->ring.extra[head].len, i;

	if (!state->table)
		return;
	BUG_ON(!(vq->ring.extra[head].flags & VRING_DESC_F_INDIRECT));
	BUG_ON(!len || len % sizeof(struct vring_desc));
	for (i = 0; i < len / sizeof(struct vring_desc); i++)
		unmap_entry(vq, &state->table[i]);
	kfree(state->table);
	state->table = NULL;
}

/* The chain's descriptors are free again. */
static void detach(struct vring_virtqueue *vq, u16 head, void **ctx)
{
	struct desc_state *state = &vq->ring.state[head];
	struct desc_extra *extra = vq->ring.extra;
	u16 i = head;

	state->data = NULL;
	for (; extra[i].flags & VRING_DESC_F_NEXT; i = extra[i].next) {
		unmap_desc(vq, i);
		vq->vq.num_free++;
	}
	unmap_desc(vq, i);
	extra[i].next = vq->free_head;
	vq->free_head = head;
	vq->vq.num_free++;

	free_table(vq, head);
	if (ctx)
		*ctx = state->ctx;
}

/* What the used ring says of the next chain; its head, or -EIO for nonsense. */
static int take_used(struct vring_virtqueue *vq, unsigned int *len)
{
	const vring_used_elem_t *used = &vq->ring.vring.used->ring[mask(vq, vq->last_used_idx)];
	struct virtio_device *vdev = vq->vq.vdev;
	u32 id = virtio32_to_cpu(vdev, used->id);

	*len = virtio32_to_cpu(vdev, used->len);
	if (unlikely(id >= vq->ring.vring.num)) {
		BAD_RING(vq, "id %u out of range\n", id);
		return -EIO;
	}
	if (unlikely(!vq->ring.state[id].data)) {
		BAD_RING(vq, "id %u is not a head!\n", id);
		return -EIO;
	}
	return id;
}

/**
 * virtqueue_get_buf_ctx() - take the next buffer that the device has used
 * @_vq: where it was added
 * @len: gets the number of bytes that the device says it has written; not checked
 * @ctx: gets what virtqueue_add_inbuf_ctx() was given; NULL if nobody wants it
 *
 * Return: what came with the buffer; NULL when there is none, and when the
 * device makes no sense: then there is a message, and the virtqueue is broken.
 */
void *virtqueue_get_buf_ctx(struct virtqueue *_vq, unsigned int *len, void **ctx)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	void *data;
	int head;

	if (unlikely(READ_ONCE(vq->broken)) || !more_used(vq))
		return NULL;
	head = take_used(vq, len);
	if (head < 0)
		return NULL;
	data = vq->ring.state[head].data;
	detach(vq, head, ctx);
	WRITE_ONCE(vq->last_used_idx, vq->last_used_idx + 1);

	/* the device moves its index, then looks at the event; we the other way round */
	if (!(READ_ONCE(vq->avail_flags) & VRING_AVAIL_F_NO_INTERRUPT))
		virtio_store_mb(vq->weak_barriers, &vring_used_event(&vq->ring.vring),
				cpu_to_virtio16(_vq->vdev, vq->last_used_idx));
	return data;
}
EXPORT_SYMBOL_GPL(virtqueue_get_buf_ctx);

/**
 * virtqueue_get_buf() - virtqueue_get_buf_ctx() without a context
 * @vq:  as there
 * @len: as there
 *
 * Return: as there.
 */
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len)
{
	return virtqueue_get_buf_ctx(vq, len, NULL);
}
EXPORT_SYMBOL_GPL(virtqueue_get_buf);

/**
 * virtqueue_detach_unused_buf() - take a buffer back from a device that is reset
 * @_vq: where it was added
 *
 * Return: what came with the buffer, NULL when none is left.
 */
void *virtqueue_detach_unused_buf(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	unsigned int i;
	void *data;

	for (i = 0; i < vq->ring.vring.num; i++) {
		data = vq->ring.state[i].data;
		if (!data)
			continue;
		detach(vq, i, NULL);
		vq->avail_idx--;
		put16(vq, &vq->ring.vring.avail->idx, vq->avail_idx);
		return data;
	}
	BUG_ON(_vq->num_free != vq->ring.vring.num);
	return NULL;
}
EXPORT_SYMBOL_GPL(virtqueue_detach_unused_buf);

/* ---- callbacks -------------------------------------------------------------------- */

/**
 * virtqueue_disable_cb() - the device need not call
 * @_vq: for buffers of this one
 *
 * It may all the same: a hint.
 */
void virtqueue_disable_cb(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	u16 flags = READ_ONCE(vq->avail_flags);

	if (flags & VRING_AVAIL_F_NO_INTERRUPT)
		return;
	flags |= VRING_AVAIL_F_NO_INTERRUPT;
	WRITE_ONCE(vq->avail_flags, flags);
	/* with an index it calls once, and that may have been */
	if (READ_ONCE(vq->event_triggered))
		return;
	if (vq->event)
		put16(vq, &vring_used_event(&vq->ring.vring), 0);
	else
		put16(vq, &vq->ring.vring.avail->flags, flags);
}
EXPORT_SYMBOL_GPL(virtqueue_disable_cb);

static void allow_cb(struct vring_virtqueue *vq)
{
	u16 flags = READ_ONCE(vq->avail_flags);

	WRITE_ONCE(vq->event_triggered, false);
	if (!(flags & VRING_AVAIL_F_NO_INTERRUPT))
		return;
	flags &= ~VRING_AVAIL_F_NO_INTERRUPT;
	WRITE_ONCE(vq->avail_flags, flags);
	if (!vq->event)
		put16(vq, &vq->ring.vring.avail->flags, flags);
}

/**
 * virtqueue_enable_cb_prepare() - the device is to call again
 * @_vq: for buffers of this one
 *
 * Return: for virtqueue_poll(), which tells whether it was too late for some.
 */
unsigned int virtqueue_enable_cb_prepare(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	u16 last = vq->last_used_idx;

	allow_cb(vq);
	put16(vq, &vring_used_event(&vq->ring.vring), last);
	return last;
}
EXPORT_SYMBOL_GPL(virtqueue_enable_cb_prepare);

/**
 * virtqueue_poll() - have buffers been used since?
 * @_vq: which
 * @last_used_idx: from virtqueue_enable_cb_prepare()
 *
 * Return: whether; of a broken one, no.
 */
bool virtqueue_poll(struct virtqueue *_vq, unsigned int last_used_idx)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (unlikely(READ_ONCE(vq->broken)))
		return false;
	/* the device moves its index, then looks whether to call */
	virtio_mb(vq->weak_barriers);
	return (u16)last_used_idx != used_idx(vq);
}
EXPORT_SYMBOL_GPL(virtqueue_poll);

/**
 * virtqueue_enable_cb() - the device is to call again
 * @vq: for buffers of this one
 *
 * Return: false when some have been used of which it will not tell.
 */
bool virtqueue_enable_cb(struct virtqueue *vq)
{
	return !virtqueue_poll(vq, virtqueue_enable_cb_prepare(vq));
}
EXPORT_SYMBOL_GPL(virtqueue_enable_cb);

/**
 * virtqueue_enable_cb_delayed() - the device is to call when most buffers are used
 * @_vq: for buffers of this one
 *
 * Three quarters of those that it has, if it knows VIRTIO_RING_F_EVENT_IDX.
 *
 * Return: false when so many have been used already.
 */
bool virtqueue_enable_cb_delayed(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	u16 last = vq->last_used_idx, bufs;

	allow_cb(vq);
	bufs = (u16)(vq->avail_idx - last) * 3 / 4;
	virtio_store_mb(vq->weak_barriers, &vring_used_event(&vq->ring.vring),
			cpu_to_virtio16(_vq->vdev, last + bufs));
	return (u16)(used_idx(vq) - last) <= bufs;
}
EXPORT_SYMBOL_GPL(virtqueue_enable_cb_delayed);

/**
 * vring_interrupt() - the device has used buffers
 * @irq: ignored
 * @_vq: the virtqueue
 *
 * For transports: calls the driver.
 *
 * Context: as an interrupt handler.
 * Return: IRQ_NONE when there is no used buffer; a broken virtqueue's driver
 * is not called.
 */
irqreturn_t vring_interrupt(int irq, void *_vq)
{
	struct vring_virtqueue *vq = to_vvq((struct virtqueue *)_vq);

	if (!more_used(vq))
		return IRQ_NONE;
	if (unlikely(READ_ONCE(vq->broken)))
		return IRQ_HANDLED;
	if (vq->event)
		WRITE_ONCE(vq->event_triggered, true);
	if (vq->vq.callback)
		vq->vq.callback(&vq->vq);
	return IRQ_HANDLED;
}
EXPORT_SYMBOL_GPL(vring_interrupt);
