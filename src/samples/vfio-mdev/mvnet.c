// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sample vendor driver of class virtio: a network card with a loopback plug,
 * in software. A packet that the driver sends comes back as it is.
 *
 * A kick queues a work item, which moves packets from the transmit ring to the
 * receive ring, both in kernel memory, and calls back once for all of them. One
 * mutex is held around that and around all other ops, so that a queue that was
 * made not ready, and a device that was reset, are left alone when the op
 * returns. A ring that makes no sense stops the device until it is reset.
 *
 * There is no bus, and no IOMMU, between the device and memory: the addresses
 * that it is told, and finds in rings, are virtual addresses of the kernel. The
 * mdev maps memory so, for a virtio device on top of it.
 *
 * Left out: offloads, and so all that a packet's header could say (it comes back
 * as it was sent, num_buffers too); more than two queues, event indexes, telling
 * the driver not to kick.
 */

#include <linux/bottom_half.h>
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_virtio_ops.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include <linux/virtio_byteorder.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <linux/vringh.h>
#include <linux/workqueue.h>

/* Older kernels have the same bit under another name. */
#ifndef VIRTIO_F_ACCESS_PLATFORM
#define VIRTIO_F_ACCESS_PLATFORM	VIRTIO_F_IOMMU_PLATFORM
#endif

#define MVNET_NAME		"mvnet"
#define MVNET_VENDOR_ID		0

#define MVNET_RX		0
#define MVNET_TX		1
#define MVNET_NUM_VQS		2
#define MVNET_VQ_MAX		256
#define MVNET_VQ_ALIGN		4096

/* With its header; what is longer is not sent. */
#define MVNET_MAX_PACKET	65536

/* How long a chain is, a driver decides: it is no reason to warn. */
#define MVNET_GFP		(GFP_KERNEL | __GFP_NOWARN)

/* Packets that are moved before others get the worker. */
#define MVNET_BUDGET		64

#define MVNET_FEATURES_NEEDED	(BIT_ULL(VIRTIO_F_VERSION_1) | \
				 BIT_ULL(VIRTIO_F_ACCESS_PLATFORM))
#define MVNET_FEATURES		(MVNET_FEATURES_NEEDED | \
				 BIT_ULL(VIRTIO_NET_F_MAC) | \
				 BIT_ULL(VIRTIO_NET_F_STATUS))

/* What follows in the structure belongs to features that are not offered. */
#define MVNET_CONFIG_SIZE	offsetofend(struct virtio_net_config, status)

/**
 * struct mvnet_vq - a virtqueue
 * @vring:	the ring, valid while @ready
 * @kvec:	room for the chain that is being worked on
 * @cb:		whom to call when buffers have been used
 * @desc:	address of the descriptors, 0 until it is told
 * @driver:	address of the available ring
 * @device:	address of the used ring
 * @num:	number of descriptors
 * @next:	while not @ready: the available buffer to begin with
 * @ready:	may be used
 * @used:	a buffer has been used and @cb not called since
 */
struct mvnet_vq {
	struct vringh vring;
	struct kvec kvec[MVNET_VQ_MAX];
	struct virtio_mdev_callback cb;
	u64 desc;
	u64 driver;
	u64 device;
	u32 num;
	u16 next;
	bool ready;
	bool used;
};

/**
 * struct mvnet - a network card
 * @work:	moves packets
 * @lock:	see there
 * @vqs:	the virtqueues
 * @config:	config space, of which MVNET_CONFIG_SIZE bytes are shown
 * @config_cb:	whom to call when @config or @status has changed by itself
 * @generation:	counts changes of @config
 * @features:	those that the driver has accepted
 * @status:	device status
 * @bounce:	part of a packet on its way
 */
struct mvnet {
	struct work_struct work;

	struct mutex lock;	/* protects all that follows, and the rings */
	struct mvnet_vq vqs[MVNET_NUM_VQS];
	struct virtio_net_config config;
	struct virtio_mdev_callback config_cb;
	u32 generation;
	u64 features;
	u8 status;
	u8 bounce[1024];
};

static unsigned int mvnet_max_devices = 16;
module_param_named(count, mvnet_max_devices, uint, 0444);
MODULE_PARM_DESC(count, "number of cards that can exist at a time");

static DEFINE_MUTEX(mvnet_devices_lock);
static unsigned int mvnet_devices;

static struct class *mvnet_class;
static struct device *mvnet_parent;

/* ---- packets -------------------------------------------------------------- */

static void mvnet_call(const struct virtio_mdev_callback *cb)
{
	if (!cb->callback)
		return;

	/* It may raise softirqs, as an interrupt handler does. */
	local_bh_disable();
	cb->callback(cb->private);
	local_bh_enable();
}

/* Completing a buffer cannot fail: the ring is in kernel memory. */
static void mvnet_complete(struct mvnet_vq *vq, u16 head, u32 len)
{
	vringh_complete_kern(&vq->vring, head, len);
	vq->used = true;
}

static void mvnet_notify(struct mvnet_vq *vq)
{
	if (vq->used && vringh_need_notify_kern(&vq->vring) > 0)
		mvnet_call(&vq->cb);
	vq->used = false;
}

/* The packet's length; 0 if it is empty, too long, or longer than @to. */
static u32 mvnet_copy(struct mvnet *mvnet, struct vringh_kiov *from,
		      struct vringh_kiov *to)
{
	u8 *bounce = mvnet->bounce;
	u32 len = 0;
	ssize_t n;

	while ((n = vringh_iov_pull_kern(from, bounce,
					 sizeof(mvnet->bounce))) > 0) {
		if (n > MVNET_MAX_PACKET - len ||
		    vringh_iov_push_kern(to, bounce, n) != n)
			return 0;
		len += n;
	}
	return len;
}

/*
 * Moves one packet, if there is one and room for it: whether there was, or an
 * error if a ring makes no sense.
 */
static int mvnet_move(struct mvnet *mvnet, struct vringh_kiov *from,
		      struct vringh_kiov *to)
{
	struct mvnet_vq *rx = &mvnet->vqs[MVNET_RX];
	struct mvnet_vq *tx = &mvnet->vqs[MVNET_TX];
	u16 rx_head, tx_head;
	u32 len;
	int ret;

	ret = vringh_getdesc_kern(&tx->vring, from, NULL, &tx_head,
				  MVNET_GFP);
	if (ret <= 0)
		return ret;

	ret = vringh_getdesc_kern(&rx->vring, NULL, to, &rx_head,
				  MVNET_GFP);
	if (ret <= 0) {
		/* It stays where it is until the driver has made room. */
		vringh_abandon_kern(&tx->vring, 1);
		return ret;
	}

	/* What cannot be received is lost, as on any network. */
	len = mvnet->config.status ? mvnet_copy(mvnet, from, to) : 0;
	if (len)
		mvnet_complete(rx, rx_head, len);
	else
		vringh_abandon_kern(&rx->vring, 1);
	mvnet_complete(tx, tx_head, 0);
	return 1;
}

static int mvnet_move_packet(struct mvnet *mvnet)
{
	struct kvec *from_kvec = mvnet->vqs[MVNET_TX].kvec;
	struct kvec *to_kvec = mvnet->vqs[MVNET_RX].kvec;
	struct vringh_kiov from, to;
	int ret;

	vringh_kiov_init(&from, from_kvec, MVNET_VQ_MAX);
	vringh_kiov_init(&to, to_kvec, MVNET_VQ_MAX);
	ret = mvnet_move(mvnet, &from, &to);
	vringh_kiov_cleanup(&to);
	vringh_kiov_cleanup(&from);
	return ret;
}

static bool mvnet_is_running(const struct mvnet *mvnet)
{
	u8 want = VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK;

	return (mvnet->status & (want | VIRTIO_CONFIG_S_NEEDS_RESET)) == want &&
	       mvnet->vqs[MVNET_RX].ready && mvnet->vqs[MVNET_TX].ready;
}

/* Whether there may be more to do. */
static bool mvnet_move_packets(struct mvnet *mvnet)
{
	unsigned int left = MVNET_BUDGET;
	int ret;

	do {
		ret = mvnet_move_packet(mvnet);
	} while (ret > 0 && --left);

	mvnet_notify(&mvnet->vqs[MVNET_RX]);
	mvnet_notify(&mvnet->vqs[MVNET_TX]);
	if (ret < 0) {
		mvnet->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
		mvnet_call(&mvnet->config_cb);
	}
	return ret > 0;
}

static void mvnet_work(struct work_struct *work)
{
	struct mvnet *mvnet = container_of(work, struct mvnet, work);
	bool more = false;

	mutex_lock(&mvnet->lock);
	if (mvnet_is_running(mvnet))
		more = mvnet_move_packets(mvnet);
	mutex_unlock(&mvnet->lock);

	if (more)
		schedule_work(&mvnet->work);
}

/* ---- virtqueues ----------------------------------------------------------- */

static struct mvnet_vq *mvnet_vq(struct mvnet *mvnet, u16 idx)
{
	return idx < MVNET_NUM_VQS ? &mvnet->vqs[idx] : NULL;
}

static bool mvnet_address_ok(u64 address, u64 align)
{
	return address && IS_ALIGNED(address, align);
}

static int mvnet_set_vq_address(struct mdev_device *mdev, u16 idx,
				u64 desc_area, u64 driver_area, u64 device_area)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);

	if (!vq || !mvnet_address_ok(desc_area, VRING_DESC_ALIGN_SIZE) ||
	    !mvnet_address_ok(driver_area, VRING_AVAIL_ALIGN_SIZE) ||
	    !mvnet_address_ok(device_area, VRING_USED_ALIGN_SIZE))
		return -EINVAL;

	mutex_lock(&mvnet->lock);
	vq->desc = desc_area;
	vq->driver = driver_area;
	vq->device = device_area;
	mutex_unlock(&mvnet->lock);
	return 0;
}

static void mvnet_set_vq_num(struct mdev_device *mdev, u16 idx, u32 num)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);

	if (!vq)
		return;

	mutex_lock(&mvnet->lock);
	vq->num = num;
	mutex_unlock(&mvnet->lock);
}

/* Without a lock, which must not sleep here: the work finds out the rest. */
static void mvnet_kick_vq(struct mdev_device *mdev, u16 idx)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);

	if (mvnet_vq(mvnet, idx))
		schedule_work(&mvnet->work);
}

/* The callback before it is not running when the lock has been taken. */
static void mvnet_set_cb(struct mvnet *mvnet,
			 struct virtio_mdev_callback *where,
			 const struct virtio_mdev_callback *cb)
{
	static const struct virtio_mdev_callback nobody;

	mutex_lock(&mvnet->lock);
	*where = cb ? *cb : nobody;
	mutex_unlock(&mvnet->lock);
}

static void mvnet_set_vq_cb(struct mdev_device *mdev, u16 idx,
			    struct virtio_mdev_callback *cb)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);

	if (vq)
		mvnet_set_cb(mvnet, &vq->cb, cb);
}

/* Leaves it as it is if what the driver has told does not make a ring. */
static void mvnet_start_vq(struct mvnet *mvnet, struct mvnet_vq *vq)
{
	if (!vq->desc || vq->num > MVNET_VQ_MAX)
		return;
	if (vringh_init_kern(&vq->vring, mvnet->features, vq->num, true,
			     (struct vring_desc *)(uintptr_t)vq->desc,
			     (struct vring_avail *)(uintptr_t)vq->driver,
			     (struct vring_used *)(uintptr_t)vq->device))
		return;

	/* Between two packets all buffers that were taken have been used. */
	vq->vring.last_avail_idx = vq->next;
	vq->vring.last_used_idx = vq->next;
	vq->ready = true;
}

static void mvnet_set_vq_ready(struct mdev_device *mdev, u16 idx, bool ready)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);

	if (!vq)
		return;

	mutex_lock(&mvnet->lock);
	if (ready && !vq->ready) {
		mvnet_start_vq(mvnet, vq);
	} else if (!ready && vq->ready) {
		vq->next = vq->vring.last_avail_idx;
		vq->ready = false;
	}
	mutex_unlock(&mvnet->lock);
}

static bool mvnet_get_vq_ready(struct mdev_device *mdev, u16 idx)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);
	bool ready;

	if (!vq)
		return false;

	mutex_lock(&mvnet->lock);
	ready = vq->ready;
	mutex_unlock(&mvnet->lock);
	return ready;
}

static int mvnet_set_vq_state(struct mdev_device *mdev, u16 idx, u64 state)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);

	if (!vq || state > U16_MAX)
		return -EINVAL;

	mutex_lock(&mvnet->lock);
	vq->next = state;
	mutex_unlock(&mvnet->lock);
	return 0;
}

static u64 mvnet_get_vq_state(struct mdev_device *mdev, u16 idx)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	struct mvnet_vq *vq = mvnet_vq(mvnet, idx);
	u64 state;

	if (!vq)
		return 0;

	mutex_lock(&mvnet->lock);
	state = vq->ready ? vq->vring.last_avail_idx : vq->next;
	mutex_unlock(&mvnet->lock);
	return state;
}

/* ---- the device ----------------------------------------------------------- */

static u16 mvnet_get_vq_align(struct mdev_device *mdev)
{
	return MVNET_VQ_ALIGN;
}

static u16 mvnet_get_vq_num_max(struct mdev_device *mdev)
{
	return MVNET_VQ_MAX;
}

static u32 mvnet_get_device_id(struct mdev_device *mdev)
{
	return VIRTIO_ID_NET;
}

static u32 mvnet_get_vendor_id(struct mdev_device *mdev)
{
	return MVNET_VENDOR_ID;
}

static u64 mvnet_get_features(struct mdev_device *mdev)
{
	return MVNET_FEATURES;
}

/*
 * Once they are agreed on they stay until the reset, but may be told again: by the
 * virtio core, when a driver has failed to probe and tries once more.
 */
static int mvnet_set_features(struct mdev_device *mdev, u64 features)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	int ret = 0;

	if ((features & ~MVNET_FEATURES) ||
	    (features & MVNET_FEATURES_NEEDED) != MVNET_FEATURES_NEEDED)
		return -EINVAL;

	mutex_lock(&mvnet->lock);
	if (!(mvnet->status & VIRTIO_CONFIG_S_FEATURES_OK))
		mvnet->features = features;
	else if (features != mvnet->features)
		ret = -EBUSY;
	mutex_unlock(&mvnet->lock);
	return ret;
}

static void mvnet_set_config_cb(struct mdev_device *mdev,
				struct virtio_mdev_callback *cb)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);

	mvnet_set_cb(mvnet, &mvnet->config_cb, cb);
}

static u8 mvnet_get_status(struct mdev_device *mdev)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	u8 status;

	mutex_lock(&mvnet->lock);
	status = mvnet->status;
	mutex_unlock(&mvnet->lock);
	return status;
}

/* A work item that is queued finds nothing to do any more. */
static void mvnet_reset(struct mvnet *mvnet)
{
	memset(mvnet->vqs, 0, sizeof(mvnet->vqs));
	mvnet->features = 0;
	mvnet->status = 0;
}

/* Of two bits the device decides; a driver finds out by reading them back. */
static void mvnet_update_status(struct mvnet *mvnet, u8 status)
{
	u8 failed = mvnet->status & VIRTIO_CONFIG_S_NEEDS_RESET;

	if (!mvnet->features)
		status &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	status &= ~VIRTIO_CONFIG_S_NEEDS_RESET;
	mvnet->status = status | failed;
}

static void mvnet_set_status(struct mdev_device *mdev, u8 status)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);

	mutex_lock(&mvnet->lock);
	if (status)
		mvnet_update_status(mvnet, status);
	else
		mvnet_reset(mvnet);
	mutex_unlock(&mvnet->lock);

	/* Buffers may have been there, and kicked, before DRIVER_OK. */
	schedule_work(&mvnet->work);
}

/* How much of @len bytes at @offset is in the config space. */
static unsigned int mvnet_config_clamp(unsigned int offset, unsigned int len)
{
	if (offset >= MVNET_CONFIG_SIZE)
		return 0;
	return min_t(unsigned int, len, MVNET_CONFIG_SIZE - offset);
}

static void mvnet_get_config(struct mdev_device *mdev, unsigned int offset,
			     void *buf, unsigned int len)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	unsigned int inside = mvnet_config_clamp(offset, len);
	const u8 *config = (const u8 *)&mvnet->config;

	memset(buf, 0, len);
	mutex_lock(&mvnet->lock);
	memcpy(buf, config + offset, inside);
	mutex_unlock(&mvnet->lock);
}

/* With VIRTIO_F_VERSION_1 a driver has nothing to write there. */
static void mvnet_set_config(struct mdev_device *mdev, unsigned int offset,
			     const void *buf, unsigned int len)
{
}

static u32 mvnet_get_generation(struct mdev_device *mdev)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);
	u32 generation;

	mutex_lock(&mvnet->lock);
	generation = mvnet->generation;
	mutex_unlock(&mvnet->lock);
	return generation;
}

static const struct mdev_virtio_device_ops mvnet_virtio_ops = {
	.set_vq_address = mvnet_set_vq_address,
	.set_vq_num = mvnet_set_vq_num,
	.kick_vq = mvnet_kick_vq,
	.set_vq_cb = mvnet_set_vq_cb,
	.set_vq_ready = mvnet_set_vq_ready,
	.get_vq_ready = mvnet_get_vq_ready,
	.set_vq_state = mvnet_set_vq_state,
	.get_vq_state = mvnet_get_vq_state,
	.get_vq_align = mvnet_get_vq_align,
	.get_features = mvnet_get_features,
	.set_features = mvnet_set_features,
	.set_config_cb = mvnet_set_config_cb,
	.get_vq_num_max = mvnet_get_vq_num_max,
	.get_device_id = mvnet_get_device_id,
	.get_vendor_id = mvnet_get_vendor_id,
	.get_status = mvnet_get_status,
	.set_status = mvnet_set_status,
	.get_config = mvnet_get_config,
	.set_config = mvnet_set_config,
	.get_generation = mvnet_get_generation,
};

/* ---- memory ----------------------------------------------------------------- */

static void *mvnet_dma_alloc(struct device *dev, size_t size,
			     dma_addr_t *handle, gfp_t gfp, unsigned long attrs)
{
	void *memory;

	memory = (void *)__get_free_pages(gfp | __GFP_ZERO, get_order(size));
	*handle = (uintptr_t)memory;
	return memory;
}

static void mvnet_dma_free(struct device *dev, size_t size, void *memory,
			   dma_addr_t handle, unsigned long attrs)
{
	free_pages((unsigned long)memory, get_order(size));
}

static dma_addr_t mvnet_dma_map(struct device *dev, phys_addr_t phys,
				size_t size, enum dma_data_direction dir,
				unsigned long attrs)
{
	return (uintptr_t)phys_to_virt(phys);
}

DEFINE_DMA_MAP_PHYS(mvnet_dma_map);

static void mvnet_dma_unmap(struct device *dev, dma_addr_t handle, size_t size,
			    enum dma_data_direction dir, unsigned long attrs)
{
}

static const struct dma_map_ops mvnet_dma_ops = {
	.alloc = mvnet_dma_alloc,
	.free = mvnet_dma_free,
	DMA_MAP_PHYS(mvnet_dma_map, mvnet_dma_unmap),
};

/* Setting the masks cannot fail: these ops do with any. */
static void mvnet_init_dma(struct device *dev)
{
	set_dma_ops(dev, &mvnet_dma_ops);
	dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64));
}

/* ---- the parent ----------------------------------------------------------- */

static int mvnet_take_device(void)
{
	int ret = -ENOSPC;

	mutex_lock(&mvnet_devices_lock);
	if (mvnet_devices < mvnet_max_devices) {
		mvnet_devices++;
		ret = 0;
	}
	mutex_unlock(&mvnet_devices_lock);
	return ret;
}

static void mvnet_return_device(void)
{
	mutex_lock(&mvnet_devices_lock);
	mvnet_devices--;
	mutex_unlock(&mvnet_devices_lock);
}

static __virtio16 mvnet_link_status(bool up)
{
	return __cpu_to_virtio16(true, up ? VIRTIO_NET_S_LINK_UP : 0);
}

/* An address of local administration; the same UUID has the same. */
static void mvnet_init_config(struct mvnet *mvnet, const guid_t *uuid)
{
	u8 *mac = mvnet->config.mac;

	mac[0] = 0x02;
	memcpy(&mac[1], &uuid->b[sizeof(*uuid) - (ETH_ALEN - 1)], ETH_ALEN - 1);
	mvnet->config.status = mvnet_link_status(true);
}

static int mvnet_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct mvnet *mvnet;
	int ret;

	ret = mvnet_take_device();
	if (ret)
		return ret;

	mvnet = kzalloc(sizeof(*mvnet), GFP_KERNEL);
	if (!mvnet) {
		mvnet_return_device();
		return -ENOMEM;
	}

	INIT_WORK(&mvnet->work, mvnet_work);
	mutex_init(&mvnet->lock);
	mvnet_init_config(mvnet, mdev_uuid(mdev));
	mvnet_init_dma(mdev_dev(mdev));

	mdev_set_drvdata(mdev, mvnet);
	mdev_set_virtio_ops(mdev, &mvnet_virtio_ops);
	return 0;
}

static int mvnet_remove(struct mdev_device *mdev)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev);

	/* No op runs any more, so nobody queues it again. */
	cancel_work_sync(&mvnet->work);
	mdev_set_drvdata(mdev, NULL);
	mutex_destroy(&mvnet->lock);
	kfree(mvnet);
	mvnet_return_device();
	return 0;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "virtio-net loopback\n");
}

static MDEV_TYPE_ATTR_RO(name);

static ssize_t description_show(struct kobject *kobj, struct device *dev,
				char *buf)
{
	return sprintf(buf, "virtual network card, receives what it sends\n");
}

static MDEV_TYPE_ATTR_RO(description);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev,
			       char *buf)
{
	return sprintf(buf, "%s\n", VIRTIO_MDEV_DEVICE_API_STRING);
}

static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj,
					struct device *dev, char *buf)
{
	unsigned int available;

	mutex_lock(&mvnet_devices_lock);
	available = mvnet_max_devices - mvnet_devices;
	mutex_unlock(&mvnet_devices_lock);
	return sprintf(buf, "%u\n", available);
}

static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *mvnet_type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_description.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL,
};

static struct attribute_group mvnet_virtio_group = {
	.name = "virtio",
	.attrs = mvnet_type_attrs,
};

static struct attribute_group *mvnet_type_groups[] = {
	&mvnet_virtio_group,
	NULL,
};

static ssize_t link_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev_from_dev(dev));
	bool up;

	mutex_lock(&mvnet->lock);
	up = mvnet->config.status;
	mutex_unlock(&mvnet->lock);
	return sprintf(buf, "%d\n", up);
}

/* Pulls the plug out, or puts it in again. */
static ssize_t link_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct mvnet *mvnet = mdev_get_drvdata(mdev_from_dev(dev));
	__virtio16 status;
	bool up;
	int ret;

	ret = kstrtobool(buf, &up);
	if (ret)
		return ret;

	status = mvnet_link_status(up);
	mutex_lock(&mvnet->lock);
	if (status != mvnet->config.status) {
		mvnet->config.status = status;
		mvnet->generation++;
		mvnet_call(&mvnet->config_cb);
	}
	mutex_unlock(&mvnet->lock);
	return count;
}

static DEVICE_ATTR_RW(link);

static struct attribute *mvnet_mdev_attrs[] = {
	&dev_attr_link.attr,
	NULL,
};

static const struct attribute_group mvnet_mdev_group = {
	.name = "vendor",
	.attrs = mvnet_mdev_attrs,
};

static const struct attribute_group *mvnet_mdev_groups[] = {
	&mvnet_mdev_group,
	NULL,
};

static const struct mdev_parent_ops mvnet_parent_ops = {
	.owner = THIS_MODULE,
	.mdev_attr_groups = mvnet_mdev_groups,
	.supported_type_groups = mvnet_type_groups,
	.create = mvnet_create,
	.remove = mvnet_remove,
};

/*
 * The parent is made by device_create(), whose release is not in this module:
 * somebody who holds an mdev may keep it alive after the module has gone.
 */
static int __init mvnet_init(void)
{
	int ret;

	mvnet_class = class_create(THIS_MODULE, MVNET_NAME);
	if (IS_ERR(mvnet_class))
		return PTR_ERR(mvnet_class);

	mvnet_parent = device_create(mvnet_class, NULL, MKDEV(0, 0), NULL,
				     MVNET_NAME);
	if (IS_ERR(mvnet_parent)) {
		ret = PTR_ERR(mvnet_parent);
		goto destroy_class;
	}

	ret = mdev_register_device(mvnet_parent, &mvnet_parent_ops);
	if (ret)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(mvnet_parent);
destroy_class:
	class_destroy(mvnet_class);
	return ret;
}

static void __exit mvnet_exit(void)
{
	mdev_unregister_device(mvnet_parent);
	device_unregister(mvnet_parent);
	class_destroy(mvnet_class);
}

module_init(mvnet_init)
module_exit(mvnet_exit)

MODULE_DESCRIPTION("Sample mediated devices: virtio network cards in loopback");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
