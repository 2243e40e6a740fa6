/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device-specific ops of mediated devices of class virtio.
 *
 * A vendor driver hands such a table to mdev_set_virtio_ops() from its
 * create() callback. An mdev driver of the class calls it on behalf of a
 * virtio driver. The table is not copied: it has to live as long as the mdev.
 *
 * What the members are about is defined by the virtio specification: virtqueues
 * in three areas of memory, feature bits, the device status, the config space.
 * Addresses are what the device sees of the memory, as for any device with
 * VIRTIO_F_ACCESS_PLATFORM.
 */
#ifndef MDEV_VIRTIO_OPS_H
#define MDEV_VIRTIO_OPS_H

#include <linux/interrupt.h>
#include <linux/mdev.h>
#include <uapi/linux/vhost.h>

/* In the attribute device_api of a type whose mdevs have these ops. */
#define VIRTIO_MDEV_DEVICE_API_STRING	"virtio-mdev"
/* The version of these ops. */
#define VIRTIO_MDEV_F_VERSION_1		0x1

/**
 * struct virtio_mdev_callback - what a device calls when something happens
 * @callback:	as an interrupt handler: it does not sleep, runs with bottom
 *		halves disabled at least, and calls no op but kick_vq.
 *		May be NULL: nobody wants to know.
 * @private:	its argument
 */
struct virtio_mdev_callback {
	irqreturn_t (*callback)(void *data);
	void *private;
};

/**
 * struct mdev_virtio_device_ops - what a virtio driver may do to an mdev
 * @set_vq_address: mandatory. Tell where virtqueue @idx is: @desc_area its
 *		descriptors, @driver_area what the driver writes (the available
 *		ring), @device_area what the device writes (the used ring).
 *		0, or a negative error if the device cannot use them.
 * @set_vq_num:	mandatory. Tell the number of descriptors of virtqueue @idx.
 * @kick_vq:	mandatory. Tell that there are new buffers in virtqueue @idx.
 * @set_vq_cb:	mandatory. Who is called when the device has used buffers of
 *		virtqueue @idx. @cb is copied; NULL for nobody. After the
 *		return the one before is not running and is not called again.
 * @set_vq_ready: mandatory. Let the device use virtqueue @idx, whose address,
 *		number and state have been told, or not any more: then, after
 *		the return, the device touches none of its memory. If the
 *		device cannot use it, it does not become ready.
 * @get_vq_ready: mandatory. Whether the device may use virtqueue @idx.
 * @set_vq_state: mandatory. Tell where the device is to begin in virtqueue
 *		@idx, before that is ready: @state is the index of the next
 *		available buffer. 0 or a negative error.
 * @get_vq_state: mandatory. Where the device has got to in virtqueue @idx: a
 *		value for @set_vq_state.
 * @get_vq_align: mandatory. The alignment of a virtqueue in bytes, for drivers
 *		that lay out all of it in one piece.
 * @get_features: mandatory. The feature bits that the device offers.
 * @set_features: mandatory. Tell the feature bits that the driver accepts. 0,
 *		or a negative error if the device cannot work with these.
 * @set_config_cb: mandatory. Who is called when the config space or the status
 *		has changed by the device's doing; @cb as for @set_vq_cb.
 * @get_vq_num_max: mandatory. The most descriptors that a virtqueue can have.
 * @get_device_id: mandatory. Which virtio device it is: VIRTIO_ID_*.
 * @get_vendor_id: mandatory. Who made it; a driver may match it.
 * @get_status:	mandatory. The device status: VIRTIO_CONFIG_S_*.
 * @set_status:	mandatory. Set the device status. 0 is a reset: after the
 *		return no virtqueue is ready, none has an address, number,
 *		state or callback, no features are accepted. The callback of
 *		@set_config_cb stays.
 * @get_config:	mandatory. Read @len bytes at @offset of the config space to
 *		@buf. What is beyond the config space reads as 0.
 * @set_config:	mandatory. Write them. What cannot be written is ignored.
 * @get_generation: optional. A number that is another one whenever the config
 *		space has changed, so that a driver can tell whether it read
 *		one state of it. Without it the config space never changes.
 *
 * All but @kick_vq run in process context and may sleep. @kick_vq may be called
 * in any context. Calls for one mdev may run at the same time.
 *
 * A virtqueue's address, number and state must not be told while it is ready. A
 * device that has no virtqueue @idx answers -EINVAL, false or 0, or does nothing.
 */
struct mdev_virtio_device_ops {
	int (*set_vq_address)(struct mdev_device *mdev, u16 idx, u64 desc_area,
			      u64 driver_area, u64 device_area);
	void (*set_vq_num)(struct mdev_device *mdev, u16 idx, u32 num);
	void (*kick_vq)(struct mdev_device *mdev, u16 idx);
	void (*set_vq_cb)(struct mdev_device *mdev, u16 idx,
			  struct virtio_mdev_callback *cb);
	void (*set_vq_ready)(struct mdev_device *mdev, u16 idx, bool ready);
	bool (*get_vq_ready)(struct mdev_device *mdev, u16 idx);
	int (*set_vq_state)(struct mdev_device *mdev, u16 idx, u64 state);
	u64 (*get_vq_state)(struct mdev_device *mdev, u16 idx);

	u16 (*get_vq_align)(struct mdev_device *mdev);
	u64 (*get_features)(struct mdev_device *mdev);
	int (*set_features)(struct mdev_device *mdev, u64 features);
	void (*set_config_cb)(struct mdev_device *mdev,
			      struct virtio_mdev_callback *cb);
	u16 (*get_vq_num_max)(struct mdev_device *mdev);
	u32 (*get_device_id)(struct mdev_device *mdev);
	u32 (*get_vendor_id)(struct mdev_device *mdev);
	u8 (*get_status)(struct mdev_device *mdev);
	void (*set_status)(struct mdev_device *mdev, u8 status);
	void (*get_config)(struct mdev_device *mdev, unsigned int offset,
			   void *buf, unsigned int len);
	void (*set_config)(struct mdev_device *mdev, unsigned int offset,
			   const void *buf, unsigned int len);
	u32 (*get_generation)(struct mdev_device *mdev);
};

#endif
