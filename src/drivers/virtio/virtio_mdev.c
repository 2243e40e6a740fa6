// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mdev driver of class virtio: an mdev becomes a virtio device of this
 * host, for the virtio drivers that the kernel has.
 *
 * The virtio device is a child of the mdev, and its memory is mapped for the
 * mdev. What a virtio driver asks of its transport goes to the mdev's own
 * device-specific ops, unchanged but for features that those have no words for.
 *
 * Lifetime: while an mdev is bound, the module of its vendor driver is pinned,
 * so that unloading that fails instead of taking a device from its user.
 * Unbinding removes the virtio device, and so unbinds its driver, and waits
 * until nobody holds it any more, as VFIO waits for its users: from then on no
 * op is called, and nothing of this module.
 *
 * Locking: there is no lock here. The virtio core makes and deletes virtqueues
 * under the virtio device's lock. A virtqueue exists as long as its callback may
 * run: the device is told of the callback after the one and forgets it before
 * the other, and set_vq_cb waits for one that runs.
 */

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mdev.h>
#include <linux/mdev_virtio_ops.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "../vfio/mdev/mdev_private.h"

/**
 * struct virtio_mdev - a virtio device on an mdev
 * @vdev:	the virtio device
 * @mdev:	bound to this driver as long as @vdev exists
 * @ops:	of @mdev
 * @vendor:	pinned module of the vendor driver, or NULL
 * @released:	nobody holds @vdev any more
 */
struct virtio_mdev {
	struct virtio_device vdev;
	struct mdev_device *mdev;
	const struct mdev_virtio_device_ops *ops;
	struct module *vendor;
	struct completion released;
};

static struct virtio_mdev *to_virtio_mdev(struct virtio_device *vdev)
{
	return container_of(vdev, struct virtio_mdev, vdev);
}

/* ---- config space, status, features --------------------------------------- */

static void virtio_mdev_get(struct virtio_device *vdev, unsigned int offset,
			    void *buf, unsigned int len)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	vm->ops->get_config(vm->mdev, offset, buf, len);
}

static void virtio_mdev_set(struct virtio_device *vdev, unsigned int offset,
			    const void *buf, unsigned int len)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	vm->ops->set_config(vm->mdev, offset, buf, len);
}

static u32 virtio_mdev_generation(struct virtio_device *vdev)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	if (!vm->ops->get_generation)
		return 0;
	return vm->ops->get_generation(vm->mdev);
}

static u8 virtio_mdev_get_status(struct virtio_device *vdev)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	return vm->ops->get_status(vm->mdev);
}

static void virtio_mdev_set_status(struct virtio_device *vdev, u8 status)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	vm->ops->set_status(vm->mdev, status);
}

static void virtio_mdev_reset(struct virtio_device *vdev)
{
	virtio_mdev_set_status(vdev, 0);
}

static u64 virtio_mdev_get_features(struct virtio_device *vdev)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	return vm->ops->get_features(vm->mdev);
}

/*
 * The ops describe a device of virtio 1.0 and split rings: three areas, one
 * index for a state, and a kick that tells no more than the virtqueue. A packed
 * ring would want its wrap counters in a state, notification data a kick that
 * carries it, and so what else the transport features may come to be.
 */
#define VIRTIO_MDEV_WORDS \
	(BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) | \
	 BIT_ULL(VIRTIO_RING_F_EVENT_IDX) | \
	 BIT_ULL(VIRTIO_F_VERSION_1) | \
	 BIT_ULL(VIRTIO_F_ACCESS_PLATFORM) | \
	 BIT_ULL(VIRTIO_F_ORDER_PLATFORM))

static int virtio_mdev_finalize_features(struct virtio_device *vdev)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);

	vring_transport_features(vdev);
	vdev->features &= VIRTIO_MDEV_WORDS |
			  ~GENMASK_ULL(VIRTIO_TRANSPORT_F_END - 1,
				       VIRTIO_TRANSPORT_F_START);

	if (!__virtio_test_bit(vdev, VIRTIO_F_VERSION_1)) {
		dev_err(&vdev->dev, "device without VIRTIO_F_VERSION_1\n");
		return -EINVAL;
	}
	return vm->ops->set_features(vm->mdev, vdev->features);
}

static const char *virtio_mdev_bus_name(struct virtio_device *vdev)
{
	return dev_name(mdev_dev(to_virtio_mdev(vdev)->mdev));
}

/* ---- virtqueues ----------------------------------------------------------- */

static bool virtio_mdev_notify(struct virtqueue *vq)
{
	struct virtio_mdev *vm = to_virtio_mdev(vq->vdev);

	vm->ops->kick_vq(vm->mdev, vq->index);
	return true;
}

static irqreturn_t virtio_mdev_vq_cb(void *private)
{
	return vring_interrupt(0, private);
}

static irqreturn_t virtio_mdev_config_cb(void *private)
{
	virtio_config_changed(private);
	return IRQ_HANDLED;
}

/* Lets the device use @vq; 0 or a negative error. */
static int virtio_mdev_start_vq(struct virtio_mdev *vm, struct virtqueue *vq)
{
	struct virtio_mdev_callback cb = {
		.callback = vq->callback ? virtio_mdev_vq_cb : NULL,
		.private = vq,
	};
	int ret;

	vm->ops->set_vq_cb(vm->mdev, vq->index, &cb);
	vm->ops->set_vq_num(vm->mdev, vq->index, virtqueue_get_vring_size(vq));

	ret = vm->ops->set_vq_address(vm->mdev, vq->index,
				      virtqueue_get_desc_addr(vq),
				      virtqueue_get_avail_addr(vq),
				      virtqueue_get_used_addr(vq));
	if (ret)
		return ret;

	ret = vm->ops->set_vq_state(vm->mdev, vq->index, 0);
	if (ret)
		return ret;

	vm->ops->set_vq_ready(vm->mdev, vq->index, true);
	return vm->ops->get_vq_ready(vm->mdev, vq->index) ? 0 : -EIO;
}

/* The device must let go of the memory before it is freed. */
static void virtio_mdev_del_vq(struct virtio_mdev *vm, struct virtqueue *vq)
{
	vm->ops->set_vq_ready(vm->mdev, vq->index, false);
	WARN_ON(vm->ops->get_vq_ready(vm->mdev, vq->index));
	vm->ops->set_vq_cb(vm->mdev, vq->index, NULL);
	vring_del_virtqueue(vq);
}

static int virtio_mdev_setup_vq(struct virtio_mdev *vm, unsigned int index,
				const struct virtqueue_info *info,
				struct virtqueue **setup)
{
	u16 num = vm->ops->get_vq_num_max(vm->mdev);
	u16 align = vm->ops->get_vq_align(vm->mdev);
	struct virtqueue *vq;
	int ret;

	if (!num || vm->ops->get_vq_ready(vm->mdev, index))
		return -ENOENT;
	if (!is_power_of_2(align))
		return -EINVAL;

	vq = vring_create_virtqueue(index, num, align, &vm->vdev, true, true,
				    info->ctx, virtio_mdev_notify,
				    info->callback, info->name);
	if (!vq)
		return -ENOMEM;
	vq->num_max = num;

	ret = virtio_mdev_start_vq(vm, vq);
	if (ret) {
		virtio_mdev_del_vq(vm, vq);
		return ret;
	}
	*setup = vq;
	return 0;
}

static void virtio_mdev_del_vqs(struct virtio_device *vdev)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);
	struct virtqueue *vq, *next;

	vm->ops->set_config_cb(vm->mdev, NULL);
	list_for_each_entry_safe(vq, next, &vdev->vqs, list)
		virtio_mdev_del_vq(vm, vq);
}

/* Virtqueues without a name are not wanted, and those after them move up. */
static int virtio_mdev_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
				struct virtqueue *vqs[],
				struct virtqueue_info vqs_info[],
				struct irq_affinity *desc)
{
	struct virtio_mdev *vm = to_virtio_mdev(vdev);
	struct virtio_mdev_callback cb = {
		.callback = virtio_mdev_config_cb,
		.private = vdev,
	};
	unsigned int i, index = 0;
	int ret;

	for (i = 0; i < nvqs; i++) {
		vqs[i] = NULL;
		if (!vqs_info[i].name)
			continue;
		ret = virtio_mdev_setup_vq(vm, index++, &vqs_info[i], &vqs[i]);
		if (ret) {
			virtio_mdev_del_vqs(vdev);
			return ret;
		}
	}

	vm->ops->set_config_cb(vm->mdev, &cb);
	return 0;
}

DEFINE_VIRTIO_FIND_VQS(virtio_mdev_find_vqs);

static const struct virtio_config_ops virtio_mdev_config_ops = {
	.get = virtio_mdev_get,
	.set = virtio_mdev_set,
	.generation = virtio_mdev_generation,
	.get_status = virtio_mdev_get_status,
	.set_status = virtio_mdev_set_status,
	.reset = virtio_mdev_reset,
	.find_vqs = virtio_mdev_find_vqs_op,
	.del_vqs = virtio_mdev_del_vqs,
	.get_features = virtio_mdev_get_features,
	.finalize_features = virtio_mdev_finalize_features,
	.bus_name = virtio_mdev_bus_name,
};

/* ---- the mdev driver ------------------------------------------------------ */

#define VIRTIO_MDEV_OP(_name) \
	{ #_name, offsetof(struct mdev_virtio_device_ops, _name) }

static const struct {
	const char *name;
	size_t offset;
} virtio_mdev_mandatory[] = {
	VIRTIO_MDEV_OP(set_vq_address),
	VIRTIO_MDEV_OP(set_vq_num),
	VIRTIO_MDEV_OP(kick_vq),
	VIRTIO_MDEV_OP(set_vq_cb),
	VIRTIO_MDEV_OP(set_vq_ready),
	VIRTIO_MDEV_OP(get_vq_ready),
	VIRTIO_MDEV_OP(set_vq_state),
	VIRTIO_MDEV_OP(get_vq_state),
	VIRTIO_MDEV_OP(get_vq_align),
	VIRTIO_MDEV_OP(get_features),
	VIRTIO_MDEV_OP(set_features),
	VIRTIO_MDEV_OP(set_config_cb),
	VIRTIO_MDEV_OP(get_vq_num_max),
	VIRTIO_MDEV_OP(get_device_id),
	VIRTIO_MDEV_OP(get_vendor_id),
	VIRTIO_MDEV_OP(get_status),
	VIRTIO_MDEV_OP(set_status),
	VIRTIO_MDEV_OP(get_config),
	VIRTIO_MDEV_OP(set_config),
};

static int virtio_mdev_check_ops(struct device *dev,
				 const struct mdev_virtio_device_ops *ops)
{
	unsigned int i;

	if (!ops) {
		dev_err(dev, "class virtio without ops: call mdev_set_virtio_ops() in create()\n");
		return -EINVAL;
	}

	for (i = 0; i < ARRAY_SIZE(virtio_mdev_mandatory); i++) {
		if (*(void **)((void *)ops + virtio_mdev_mandatory[i].offset))
			continue;
		dev_err(dev, "class virtio without the op %s\n",
			virtio_mdev_mandatory[i].name);
		return -EINVAL;
	}
	return 0;
}

static void virtio_mdev_release(struct device *dev)
{
	complete(&to_virtio_mdev(dev_to_virtio(dev))->released);
}

static void virtio_mdev_wait_released(struct virtio_mdev *vm)
{
	/* Mostly nobody else holds it, and then there is nothing to wait for. */
	if (!try_wait_for_completion(&vm->released))
		wait_for_completion(&vm->released);
}

static struct virtio_mdev *
virtio_mdev_alloc(struct mdev_device *mdev,
		  const struct mdev_virtio_device_ops *ops)
{
	struct virtio_mdev *vm;

	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	if (!vm)
		return NULL;

	vm->mdev = mdev;
	vm->ops = ops;
	vm->vendor = mdev->type->parent->ops->owner;
	init_completion(&vm->released);
	vm->vdev.dev.parent = mdev_dev(mdev);
	vm->vdev.dev.release = virtio_mdev_release;
	vm->vdev.config = &virtio_mdev_config_ops;
	vm->vdev.id.device = ops->get_device_id(mdev);
	vm->vdev.id.vendor = ops->get_vendor_id(mdev);
	return vm;
}

static int virtio_mdev_probe(struct device *dev)
{
	struct mdev_device *mdev = mdev_from_dev(dev);
	const struct mdev_virtio_device_ops *ops = mdev_get_virtio_ops(mdev);
	struct virtio_mdev *vm;
	int ret;

	ret = virtio_mdev_check_ops(dev, ops);
	if (ret)
		return ret;

	vm = virtio_mdev_alloc(mdev, ops);
	if (!vm)
		return -ENOMEM;

	if (!vm->vdev.id.device) {
		dev_err(dev, "class virtio with device id 0, which is none\n");
		ret = -EINVAL;
		goto free;
	}

	if (!try_module_get(vm->vendor)) {
		ret = -ENODEV;
		goto free;
	}

	dev_set_drvdata(dev, vm);
	ret = register_virtio_device(&vm->vdev);
	if (ret)
		goto put_device;
	return 0;

put_device:
	put_device(&vm->vdev.dev);
	virtio_mdev_wait_released(vm);
	module_put(vm->vendor);
free:
	kfree(vm);
	return ret;
}

static void virtio_mdev_remove(struct device *dev)
{
	struct virtio_mdev *vm = dev_get_drvdata(dev);

	unregister_virtio_device(&vm->vdev);
	virtio_mdev_wait_released(vm);
	module_put(vm->vendor);
	kfree(vm);
}

static const struct mdev_class_id virtio_mdev_ids[] = {
	{ MDEV_CLASS_ID_VIRTIO },
	{ 0 },
};
MODULE_DEVICE_TABLE(mdev, virtio_mdev_ids);

static struct mdev_driver virtio_mdev_driver = {
	.name = "virtio_mdev",
	.probe = virtio_mdev_probe,
	.remove = virtio_mdev_remove,
	.id_table = virtio_mdev_ids,
};

static int __init virtio_mdev_init(void)
{
	return mdev_register_driver(&virtio_mdev_driver, THIS_MODULE);
}

static void __exit virtio_mdev_exit(void)
{
	mdev_unregister_driver(&virtio_mdev_driver);

	/*
	 * Those who dropped the last reference on a virtio device may still be
	 * on their way out of its release. They do not sleep any more.
	 */
	synchronize_rcu_tasks();
}

module_init(virtio_mdev_init)
module_exit(virtio_mdev_exit)

MODULE_DESCRIPTION("Virtio driver for mediated devices");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
/* For a modpost that does not know tables of the mdev bus. */
MODULE_ALIAS("mdev:c02");
