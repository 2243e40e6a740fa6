/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtio devices, their drivers and their virtqueues, as in Linux 6.1
 * (drivers/virtio/).
 *
 * Left out: suspending a device; buffers that a driver has mapped itself
 * (virtqueue_set_dma_premapped() and what goes with it); ->vringh_config is
 * carried and never looked at.
 */
#ifndef _LINUX_VIRTIO_H
#define _LINUX_VIRTIO_H

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mod_devicetable.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct vring;
struct virtio_config_ops;
struct vringh_config_ops;

/**
 * struct virtqueue - where a driver gives buffers to a device
 * @list:     in the device's vqs
 * @callback: called when the device has used buffers, or NULL; does not sleep
 * @name:     for messages
 * @vdev:     whose it is
 * @index:    which one of the device's
 * @num_free: descriptors that are free; a buffer needs one for each of its
 *            parts, or one in all where there is an indirect table
 * @num_max:  the most that the device can have
 * @priv:     the transport's own
 * @reset:    it is being reset
 */
struct virtqueue {
	struct list_head list;
	void (*callback)(struct virtqueue *vq);
	const char *name;
	struct virtio_device *vdev;
	unsigned int index;
	unsigned int num_free;
	unsigned int num_max;
	void *priv;
	bool reset;
};

int virtqueue_add_outbuf(struct virtqueue *vq, struct scatterlist sg[], unsigned int num,
			 void *data, gfp_t gfp);
int virtqueue_add_inbuf(struct virtqueue *vq, struct scatterlist sg[], unsigned int num,
			void *data, gfp_t gfp);
int virtqueue_add_inbuf_ctx(struct virtqueue *vq, struct scatterlist sg[], unsigned int num,
			    void *data, void *ctx, gfp_t gfp);
int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist *sgs[], unsigned int out_sgs,
		      unsigned int in_sgs, void *data, gfp_t gfp);
bool virtqueue_kick(struct virtqueue *vq);
bool virtqueue_kick_prepare(struct virtqueue *vq);
bool virtqueue_notify(struct virtqueue *vq);
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len);
void *virtqueue_get_buf_ctx(struct virtqueue *vq, unsigned int *len, void **ctx);
void virtqueue_disable_cb(struct virtqueue *vq);
bool virtqueue_enable_cb(struct virtqueue *vq);
unsigned int virtqueue_enable_cb_prepare(struct virtqueue *vq);
bool virtqueue_poll(struct virtqueue *vq, unsigned int last_used_idx);
bool virtqueue_enable_cb_delayed(struct virtqueue *vq);
void *virtqueue_detach_unused_buf(struct virtqueue *vq);
unsigned int virtqueue_get_vring_size(struct virtqueue *vq);
bool virtqueue_is_broken(struct virtqueue *vq);
const struct vring *virtqueue_get_vring(struct virtqueue *vq);
dma_addr_t virtqueue_get_desc_addr(struct virtqueue *vq);
dma_addr_t virtqueue_get_avail_addr(struct virtqueue *vq);
dma_addr_t virtqueue_get_used_addr(struct virtqueue *vq);
int virtqueue_resize(struct virtqueue *vq, u32 num,
		     void (*recycle)(struct virtqueue *vq, void *buf));

/**
 * struct virtio_device - a device on the virtio bus
 * @index: its number there, and in its name
 * @failed: for suspending, which is left out
 * @config_enabled: the driver may be told of changes of the config space
 * @config_change_pending: there was one while it might not
 * @config_lock: protects those two
 * @vqs_list_lock: protects @vqs
 * @dev: ->parent and ->release are the transport's to set
 * @id: what a driver's table is compared with
 * @config: the transport's operations
 * @vringh_config: see above
 * @vqs: its virtqueues
 * @features: offered by the device and accepted by the driver
 * @priv: the driver's own
 */
struct virtio_device {
	int index;
	bool failed;
	bool config_enabled;
	bool config_change_pending;
	spinlock_t config_lock;
	spinlock_t vqs_list_lock;
	struct device dev;
	struct virtio_device_id id;
	const struct virtio_config_ops *config;
	const struct vringh_config_ops *vringh_config;
	struct list_head vqs;
	u64 features;
	void *priv;
};

static inline struct virtio_device *dev_to_virtio(struct device *dev)
{
	return container_of(dev, struct virtio_device, dev);
}

int register_virtio_device(struct virtio_device *dev);
void unregister_virtio_device(struct virtio_device *dev);
bool is_virtio_device(struct device *dev);
void virtio_add_status(struct virtio_device *dev, unsigned int status);
void virtio_break_device(struct virtio_device *dev);
void __virtio_unbreak_device(struct virtio_device *dev);
void __virtqueue_break(struct virtqueue *vq);
void __virtqueue_unbreak(struct virtqueue *vq);
void virtio_config_changed(struct virtio_device *dev);
void virtio_reset_device(struct virtio_device *dev);
size_t virtio_max_dma_size(struct virtio_device *vdev);

#define virtio_device_for_each_vq(vdev, vq) list_for_each_entry(vq, &(vdev)->vqs, list)

/**
 * struct virtio_driver - a driver on the virtio bus
 * @driver: ->name and ->owner are the driver's to set
 * @id_table: the devices that it serves, to an entry without device
 * @feature_table: numbers of the features that it knows
 * @feature_table_size: how many
 * @feature_table_legacy: those for a device without VIRTIO_F_VERSION_1; NULL:
 *	the same
 * @feature_table_size_legacy: how many
 * @validate: optional; may take features away before they are told
 * @probe: 0 or a negative error
 * @scan: optional; after a successful @probe
 * @remove: it resets the device and deletes its virtqueues
 * @config_changed: optional; under the device's config_lock, so it does not sleep
 */
struct virtio_driver {
	struct device_driver driver;
	const struct virtio_device_id *id_table;
	const unsigned int *feature_table;
	unsigned int feature_table_size;
	const unsigned int *feature_table_legacy;
	unsigned int feature_table_size_legacy;
	int (*validate)(struct virtio_device *dev);
	int (*probe)(struct virtio_device *dev);
	void (*scan)(struct virtio_device *dev);
	void (*remove)(struct virtio_device *dev);
	void (*config_changed)(struct virtio_device *dev);
};

static inline struct virtio_driver *drv_to_virtio(struct device_driver *drv)
{
	return container_of(drv, struct virtio_driver, driver);
}

int register_virtio_driver(struct virtio_driver *drv);
void unregister_virtio_driver(struct virtio_driver *drv);

#define module_virtio_driver(driver) \
	module_driver(driver, register_virtio_driver, unregister_virtio_driver)

#endif
