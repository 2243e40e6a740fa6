// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver and an mdev driver of class virtio that know no headers but
 * those that the posted interface gives them: linux/mdev_virtio_ops.h brings
 * interrupt.h, mdev.h and the types of vhost. The vendor fills in each op, in
 * the order in which the structure has them; the mdev driver asks for all that
 * can be asked and tells it as a message.
 */
#include <linux/module.h>
#include <linux/mdev_virtio_ops.h>

static int set_vq_address(struct mdev_device *mdev, u16 idx, u64 desc_area, u64 driver_area,
			  u64 device_area)
{
	return 0;
}

static void set_vq_num(struct mdev_device *mdev, u16 idx, u32 num)
{
}

static void kick_vq(struct mdev_device *mdev, u16 idx)
{
}

static struct virtio_mdev_callback vq_cb, config_cb;

static void set_vq_cb(struct mdev_device *mdev, u16 idx, struct virtio_mdev_callback *cb)
{
	vq_cb = *cb;
}

static void set_vq_ready(struct mdev_device *mdev, u16 idx, bool ready)
{
}

static bool get_vq_ready(struct mdev_device *mdev, u16 idx)
{
	return true;
}

static int set_vq_state(struct mdev_device *mdev, u16 idx, u64 state)
{
	return 0;
}

static u64 get_vq_state(struct mdev_device *mdev, u16 idx)
{
	return 7;
}

static u16 get_vq_align(struct mdev_device *mdev)
{
	return 4096;
}

static u64 get_features(struct mdev_device *mdev)
{
	return BIT_ULL(VHOST_F_LOG_ALL);
}

static int set_features(struct mdev_device *mdev, u64 features)
{
	return 0;
}

static void set_config_cb(struct mdev_device *mdev, struct virtio_mdev_callback *cb)
{
	config_cb = *cb;
}

static u16 get_vq_num_max(struct mdev_device *mdev)
{
	return 256;
}

static u32 get_device_id(struct mdev_device *mdev)
{
	return 1;
}

static u32 get_vendor_id(struct mdev_device *mdev)
{
	return 0x1af4;
}

static u8 get_status(struct mdev_device *mdev)
{
	return 0;
}

static void set_status(struct mdev_device *mdev, u8 status)
{
}

static void get_config(struct mdev_device *mdev, unsigned int offset, void *buf, unsigned int len)
{
	memset(buf, 0, len);
}

static void set_config(struct mdev_device *mdev, unsigned int offset, const void *buf,
		       unsigned int len)
{
}

static u32 get_generation(struct mdev_device *mdev)
{
	return 3;
}

/* Without initialiser names: a member at another place does not compile. */
static const struct mdev_virtio_device_ops posted_ops = {
	set_vq_address, set_vq_num, kick_vq, set_vq_cb, set_vq_ready, get_vq_ready, set_vq_state,
	get_vq_state, get_vq_align, get_features, set_features, set_config_cb, get_vq_num_max,
	get_device_id, get_vendor_id, get_status, set_status, get_config, set_config,
	get_generation,
};

/* ---- the vendor ------------------------------------------------------------ */

static int posted_create(struct kobject *kobj, struct mdev_device *mdev)
{
	mdev_set_virtio_ops(mdev, &posted_ops);
	return 0;
}

static int posted_remove(struct mdev_device *mdev)
{
	return 0;
}

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "%s\n", VIRTIO_MDEV_DEVICE_API_STRING);
}
static MDEV_TYPE_ATTR_RO(device_api);

static struct attribute *card_attrs[] = { &mdev_type_attr_device_api.attr, NULL };
static struct attribute_group card_group = { .name = "card", .attrs = card_attrs };
static struct attribute_group *posted_types[] = { &card_group, NULL };

static const struct mdev_parent_ops posted_parent_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = posted_types,
	.create = posted_create,
	.remove = posted_remove,
};

/* ---- the mdev driver ------------------------------------------------------- */

static irqreturn_t posted_callback(void *data)
{
	struct device *dev = data;

	dev_info(dev, "called back\n");
	return IRQ_HANDLED;
}

static int posted_probe(struct device *dev)
{
	struct mdev_device *mdev = mdev_from_dev(dev);
	const struct mdev_virtio_device_ops *ops = mdev_get_virtio_ops(mdev);
	struct virtio_mdev_callback cb = { .callback = posted_callback, .private = dev };

	ops->set_vq_cb(mdev, 0, &cb);
	dev_info(dev, "virtio %u of %#x, version %d, features %#llx, state %llu, generation %u\n",
		 ops->get_device_id(mdev), ops->get_vendor_id(mdev), VIRTIO_MDEV_F_VERSION_1,
		 ops->get_features(mdev), ops->get_vq_state(mdev, 0), ops->get_generation(mdev));
	return vq_cb.callback(vq_cb.private) == IRQ_HANDLED ? 0 : -EINVAL;
}

static void posted_unbind(struct device *dev)
{
}

static const struct mdev_class_id posted_ids[] = { { MDEV_CLASS_ID_VIRTIO }, { 0 } };

static struct mdev_driver posted_driver = {
	.name = "posted",
	.probe = posted_probe,
	.remove = posted_unbind,
	.id_table = posted_ids,
};

/* ---- module ------------------------------------------------------------------ */

static void posted_release(struct device *dev)
{
}

static struct device posted = { .init_name = "posted", .release = posted_release };

static int __init posted_init(void)
{
	int ret;

	ret = mdev_register_driver(&posted_driver, THIS_MODULE);
	if (ret)
		return ret;
	ret = device_register(&posted);
	if (ret)
		goto put_device;
	ret = mdev_register_device(&posted, &posted_parent_ops);
	if (ret)
		goto del_device;
	return 0;

del_device:
	device_del(&posted);
put_device:
	put_device(&posted);
	mdev_unregister_driver(&posted_driver);
	return ret;
}

static void __exit posted_exit(void)
{
	mdev_unregister_device(&posted);
	device_unregister(&posted);
	mdev_unregister_driver(&posted_driver);
}

module_init(posted_init);
module_exit(posted_exit);
MODULE_DESCRIPTION("Drivers of class virtio, written for the posted headers");
MODULE_LICENSE("GPL v2");
