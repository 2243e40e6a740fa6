// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's side of a split virtio ring, as in Linux 6.1: rings and
 * buffers in kernel memory, whose addresses are kernel pointers and are not
 * checked. What the driver's side wrote wrongly is refused with Linux's errno
 * and message; a chain that was refused is taken from the available ring all
 * the same, and the caller completes or abandons it.
 *
 * Nothing is locked: one task at a time for each vringh. The two indices that
 * order the sides are read with acquire and written with release, which needs
 * no barrier beside them, in a kernel or under TSan.
 *
 * Left out: rings in user memory and behind an IOTLB. Built in, where Linux
 * has a module.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/vringh.h>

/* Values of chain.up_next that are no index. */
#define IN_RING		(-1)	/* not in an indirect table */
#define ENDS_CHAIN	(-2)	/* nothing comes after the indirect table */

/* A walk through one chain of descriptors. */
struct chain {
	const struct vringh *vrh;
	struct vringh_kiov *riov, *wiov;
	gfp_t gfp;
	const struct vring_desc *table;	/* that it is in, the ring's or an indirect one */
	u32 size;			/* of the table */
	int up_next;			/* what follows the indirect table in the ring's */
	u32 direct, indirect;		/* descriptors seen: the ring's, the indirect table's */
};

/*
 * Linux ends neither part with a newline: two records, the second of which
 * readers of the log get when the next message comes.
 */
static __printf(1, 2) __cold void vringh_bad(const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	va_list args;

	if (!__ratelimit(&limit))
		return;
	pr_notice("vringh:");
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}

static u16 get16(const struct vringh *vrh, const __virtio16 *p)
{
	return vringh16_to_cpu(vrh, READ_ONCE(*p));
}

static void put16(const struct vringh *vrh, __virtio16 *p, u16 val)
{
	WRITE_ONCE(*p, cpu_to_vringh16(vrh, val));
}

static bool has_flag(const struct vringh *vrh, const struct vring_desc *desc, u16 flag)
{
	return vringh16_to_cpu(vrh, desc->flags) & flag;
}

/**
 * vringh_init_kern() - take over a ring in kernel memory
 * @vrh: set up from the start of the ring; its @notify is left alone
 * @features: what the two sides negotiated; VIRTIO_F_VERSION_1 and
 *	VIRTIO_RING_F_EVENT_IDX matter
 * @num: entries, a power of two below 0x10000
 * @weak_barriers: barriers between processors are enough
 * @desc: the descriptor table, @num of them
 * @avail: the available ring
 * @used: the used ring
 *
 * Allocates nothing: there is nothing to be undone.
 *
 * Return: 0, -EINVAL for another @num.
 */
int vringh_init_kern(struct vringh *vrh, u64 features, unsigned int num,
		     bool weak_barriers, struct vring_desc *desc,
		     struct vring_avail *avail, struct vring_used *used)
{
	if (!is_power_of_2(num) || num > 0xffff) {
		vringh_bad("Bad ring size %u", num);
		return -EINVAL;
	}
	vrh->little_endian = features & (1ULL << VIRTIO_F_VERSION_1);
	vrh->event_indices = features & (1ULL << VIRTIO_RING_F_EVENT_IDX);
	vrh->weak_barriers = weak_barriers;
	vrh->last_avail_idx = 0;
	vrh->last_used_idx = 0;
	vrh->completed = 0;
	vrh->vring.num = num;
	vrh->vring.desc = desc;
	vrh->vring.avail = avail;
	vrh->vring.used = used;
	return 0;
}
EXPORT_SYMBOL(vringh_init_kern);

/* ---- a chain of descriptors ------------------------------------------- */

static int enter_indirect(struct chain *c, const struct vring_desc *desc, u16 *i)
{
	u32 len = vringh32_to_cpu(c->vrh, desc->len);

	if (c->up_next != IN_RING) {
		vringh_bad("Multilevel indirect %u->%u", c->up_next, *i);
		return -EINVAL;
	}
	if (len % sizeof(*desc)) {
		vringh_bad("Strange indirect len %u", desc->len);
		return -EINVAL;
	}
	c->up_next = has_flag(c->vrh, desc, VRING_DESC_F_NEXT) ?
		     vringh16_to_cpu(c->vrh, desc->next) : ENDS_CHAIN;
	c->table = (void *)(unsigned long)vringh64_to_cpu(c->vrh, desc->addr);
	c->size = len / sizeof(*desc);
	*i = 0;
	return 0;
}

static void leave_indirect(struct chain *c, u16 *i)
{
	*i = c->up_next;
	c->up_next = IN_RING;
	c->table = c->vrh->vring.desc;
	c->size = c->vrh->vring.num;
	c->indirect = 0;
}

/* More descriptors than a table has: one of them was there twice. */
static int count_one(struct chain *c)
{
	if (c->up_next == IN_RING)
		c->direct++;
	else
		c->indirect++;
	if (c->direct <= c->vrh->vring.num && c->indirect <= c->size)
		return 0;
	vringh_bad("Descriptor loop in %p", c->table);
	return -ELOOP;
}

/* The kiov that a descriptor's buffer belongs to. */
static struct vringh_kiov *choose(const struct chain *c, const struct vring_desc *desc, u16 i)
{
	struct vringh_kiov *iov = c->wiov;

	if (!has_flag(c->vrh, desc, VRING_DESC_F_WRITE)) {
		iov = c->riov;
		if (c->wiov && c->wiov->used) {
			vringh_bad("Readable desc %p after writable", &c->table[i]);
			return ERR_PTR(-EINVAL);
		}
	}
	if (!iov) {
		vringh_bad("Unexpected %s desc", c->wiov ? "readable" : "writable");
		return ERR_PTR(-EPROTO);
	}
	return iov;
}

/* Twice the room, at least eight; the caller's own array is left to the caller. */
static int grow(struct vringh_kiov *iov, gfp_t gfp)
{
	unsigned int now = iov->max_num & ~VRINGH_IOV_ALLOCATED;
	unsigned int num = max(2 * now, 8U);
	struct kvec *new;

	if (iov->max_num & VRINGH_IOV_ALLOCATED)
		new = krealloc_array(iov->iov, num, sizeof(*new), gfp);
	else
		new = kmalloc_array(num, sizeof(*new), gfp);
	if (!new)
		return -ENOMEM;
	if (now && !(iov->max_num & VRINGH_IOV_ALLOCATED))
		memcpy(new, iov->iov, now * sizeof(*new));
	iov->iov = new;
	iov->max_num = num | VRINGH_IOV_ALLOCATED;
	return 0;
}

static int add_buffer(struct chain *c, struct vringh_kiov *iov, const struct vring_desc *desc)
{
	int err;

	if (iov->used == (iov->max_num & ~VRINGH_IOV_ALLOCATED)) {
		err = grow(iov, c->gfp);
		if (err)
			return err;
	}
	iov->iov[iov->used++] = (struct kvec){
		.iov_base = (void *)(unsigned long)vringh64_to_cpu(c->vrh, desc->addr),
		.iov_len = vringh32_to_cpu(c->vrh, desc->len),
	};
	return 0;
}

/*
 * Return: 1 when @i is the next descriptor, 0 at the chain's end, an error.
 * As in Linux, an indirect table that is followed by descriptor 0 is followed
 * by nothing.
 */
static int follow(struct chain *c, const struct vring_desc *desc, u16 *i)
{
	if (has_flag(c->vrh, desc, VRING_DESC_F_NEXT))
		*i = vringh16_to_cpu(c->vrh, desc->next);
	else if (c->up_next > 0)
		leave_indirect(c, i);
	else
		return 0;
	if (*i < c->size)
		return 1;
	vringh_bad("Chained index %u > %u", *i, c->size);
	return -EINVAL;
}

/* Descriptors are copied, so that what was checked is what is used. */
static int walk(struct chain *c, u16 i)
{
	struct vringh_kiov *iov;
	struct vring_desc desc;
	int ret;

	for (;;) {
		desc = c->table[i];
		if (has_flag(c->vrh, &desc, VRING_DESC_F_INDIRECT)) {
			ret = enter_indirect(c, &desc, &i);
			if (ret)
				return ret;
			continue;
		}
		ret = count_one(c);
		if (ret)
			return ret;
		iov = choose(c, &desc, i);
		if (IS_ERR(iov))
			return PTR_ERR(iov);
		ret = add_buffer(c, iov, &desc);
		if (ret)
			return ret;
		ret = follow(c, &desc, &i);
		if (ret <= 0)
			return ret;
	}
}

/* The next chain's first descriptor; the ring's size when there is none. */
static int take_head(struct vringh *vrh)
{
	const struct vring_avail *avail = vrh->vring.avail;
	u16 idx = vringh16_to_cpu(vrh, smp_load_acquire(&avail->idx)), head;

	if (idx == vrh->last_avail_idx)
		return vrh->vring.num;
	head = get16(vrh, &avail->ring[vrh->last_avail_idx & (vrh->vring.num - 1)]);
	if (head >= vrh->vring.num) {
		vringh_bad("Guest says index %u > %u is available", head, vrh->vring.num);
		return -EINVAL;
	}
	vrh->last_avail_idx++;
	return head;
}

static void rewind_kiov(struct vringh_kiov *iov)
{
	iov->used = 0;
	iov->i = 0;
	iov->consumed = 0;
}

/**
 * vringh_getdesc_kern() - take the next chain that the driver's side offers
 * @vrh: the ring
 * @riov: gets the buffers that the device reads; NULL if there may be none
 * @wiov: gets those that it writes; NULL if there may be none
 * @head: which chain it is, for vringh_complete_kern()
 * @gfp: how to allocate when @riov or @wiov is too small
 *
 * What @riov and @wiov held is forgotten; the memory is used again, and
 * vringh_kiov_cleanup() frees it at the end, after errors too.
 *
 * Context: one task at a time for @vrh; may sleep if @gfp may.
 * Return: 1; 0 when there is none; -EINVAL for an index that is out of range,
 * an indirect table that is nested or of a strange length, a buffer to read
 * after one to write; -ELOOP; -EPROTO for a direction that has no kiov;
 * -ENOMEM. An index out of range in the available ring leaves @head as it was
 * and is met again by the next call; after any other error the chain @head is
 * taken.
 */
int vringh_getdesc_kern(struct vringh *vrh, struct vringh_kiov *riov,
			struct vringh_kiov *wiov, u16 *head, gfp_t gfp)
{
	struct chain c = {
		.vrh = vrh, .riov = riov, .wiov = wiov, .gfp = gfp,
		.table = vrh->vring.desc, .size = vrh->vring.num, .up_next = IN_RING,
	};
	int ret = take_head(vrh);

	if (ret < 0)
		return ret;
	if (ret == vrh->vring.num)
		return 0;
	*head = ret;
	if (WARN_ON(!riov && !wiov))
		return -EINVAL;
	if (riov)
		rewind_kiov(riov);
	if (wiov)
		rewind_kiov(wiov);
	return walk(&c, *head) ?: 1;
}
EXPORT_SYMBOL(vringh_getdesc_kern);

/**
 * vringh_abandon_kern() - give chains back that were taken
 * @vrh: the ring
 * @num: how many, the last ones; the next calls take them again
 *
 * Context: one task at a time for @vrh; atomic will do.
 */
void vringh_abandon_kern(struct vringh *vrh, unsigned int num)
{
	vrh->last_avail_idx -= num;
}
EXPORT_SYMBOL(vringh_abandon_kern);

/* ---- what is in the buffers ------------------------------------------- */

/* An element that is used up gets its address and length back. */
static void consume(struct vringh_kiov *iov, size_t len)
{
	struct kvec *now = &iov->iov[iov->i];

	now->iov_base += len;
	now->iov_len -= len;
	iov->consumed += len;
	if (now->iov_len)
		return;
	now->iov_base -= iov->consumed;
	now->iov_len = iov->consumed;
	iov->consumed = 0;
	iov->i++;
}

/**
 * vringh_kiov_advance() - skip bytes
 * @iov: the buffers
 * @len: how many; what is more than is left is ignored
 */
void vringh_kiov_advance(struct vringh_kiov *iov, size_t len)
{
	size_t part;

	for (; len && iov->i < iov->used; len -= part) {
		part = min(len, iov->iov[iov->i].iov_len);
		consume(iov, part);
	}
}
EXPORT_SYMBOL(vringh_kiov_advance);

/**
 * vringh_iov_pull_kern() - copy what the driver's side sent
 * @riov: from vringh_getdesc_kern(); moves on
 * @dst: where to
 * @len: how much at most
 *
 * Return: how many bytes, fewer at the end of @riov.
 */
ssize_t vringh_iov_pull_kern(struct vringh_kiov *riov, void *dst, size_t len)
{
	size_t done = 0, part;

	for (; done < len && riov->i < riov->used; done += part) {
		part = min(len - done, riov->iov[riov->i].iov_len);
		if (part)
			memcpy(dst + done, riov->iov[riov->i].iov_base, part);
		consume(riov, part);
	}
	return done;
}
EXPORT_SYMBOL(vringh_iov_pull_kern);

/**
 * vringh_iov_push_kern() - copy to where the driver's side wants it
 * @wiov: from vringh_getdesc_kern(); moves on
 * @src: what
 * @len: how much at most
 *
 * Return: how many bytes, fewer at the end of @wiov.
 */
ssize_t vringh_iov_push_kern(struct vringh_kiov *wiov, const void *src, size_t len)
{
	size_t done = 0, part;

	for (; done < len && wiov->i < wiov->used; done += part) {
		part = min(len - done, wiov->iov[wiov->i].iov_len);
		if (part)
			memcpy(wiov->iov[wiov->i].iov_base, src + done, part);
		consume(wiov, part);
	}
	return done;
}
EXPORT_SYMBOL(vringh_iov_push_kern);

/* ---- the used ring, and who tells whom -------------------------------- */

/**
 * vringh_complete_kern() - give a chain back to the driver's side, as used
 * @vrh: the ring
 * @head: which; it is not checked that it was taken
 * @len: bytes that were written into it
 *
 * vringh_need_notify_kern() says whether the other side wants to be told.
 *
 * Context: one task at a time for @vrh; atomic will do.
 * Return: 0.
 */
int vringh_complete_kern(struct vringh *vrh, u16 head, u32 len)
{
	struct vring_used *used = vrh->vring.used;
	u16 idx = vrh->last_used_idx + vrh->completed;

	used->ring[idx & (vrh->vring.num - 1)] = (vring_used_elem_t){
		.id = cpu_to_vringh32(vrh, head),
		.len = cpu_to_vringh32(vrh, len),
	};
	smp_store_release(&used->idx, cpu_to_vringh16(vrh, idx + 1));
	vrh->completed++;
	return 0;
}
EXPORT_SYMBOL(vringh_complete_kern);

/**
 * vringh_notify_enable_kern() - ask to be told of new chains
 * @vrh: the ring
 *
 * Context: one task at a time for @vrh; atomic will do.
 * Return: false when there is one already, of which nobody may tell.
 */
bool vringh_notify_enable_kern(struct vringh *vrh)
{
	if (vrh->event_indices)
		put16(vrh, &vring_avail_event(&vrh->vring), vrh->last_avail_idx);
	else
		put16(vrh, &vrh->vring.used->flags, 0);

	/* the other side adds, then looks whether to tell */
	virtio_mb(vrh->weak_barriers);
	return get16(vrh, &vrh->vring.avail->idx) == vrh->last_avail_idx;
}
EXPORT_SYMBOL(vringh_notify_enable_kern);

/**
 * vringh_notify_disable_kern() - ask not to be told of new chains
 * @vrh: the ring
 *
 * With event indices there is nothing to do: one telling was asked for.
 *
 * Context: one task at a time for @vrh; atomic will do.
 */
void vringh_notify_disable_kern(struct vringh *vrh)
{
	if (!vrh->event_indices)
		put16(vrh, &vrh->vring.used->flags, VRING_USED_F_NO_NOTIFY);
}
EXPORT_SYMBOL(vringh_notify_disable_kern);

/**
 * vringh_need_notify_kern() - whether the other side wants to know of used chains
 * @vrh: the ring
 *
 * Context: one task at a time for @vrh; atomic will do.
 * Return: 1 or 0; with event indices for those since the last call.
 */
int vringh_need_notify_kern(struct vringh *vrh)
{
	u16 old = vrh->last_used_idx, new = old + vrh->completed;
	bool notify;

	/* the other side says when to tell, then looks for used chains */
	virtio_mb(vrh->weak_barriers);
	if (!vrh->event_indices)
		return !(get16(vrh, &vrh->vring.avail->flags) & VRING_AVAIL_F_NO_INTERRUPT);

	/* all 65536 positions were passed */
	notify = vrh->completed > 0xffff ||
		 vring_need_event(get16(vrh, &vring_used_event(&vrh->vring)), new, old);
	vrh->last_used_idx = new;
	vrh->completed = 0;
	return notify;
}
EXPORT_SYMBOL(vringh_need_notify_kern);
