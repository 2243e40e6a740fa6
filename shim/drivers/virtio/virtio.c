// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtio bus: devices that transports register, drivers matched by device
 * and vendor, the negotiation of features before a driver's probe, and changes
 * of the config space, of which a driver hears only between the end of its
 * probe and the beginning of its removal.
 *
 * Left out: suspending, firmware nodes, platforms that demand features of their
 * own (virtio_anchor.c). Shutting down is carried by the bus and never called.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sysfs.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

static DEFINE_IDA(virtio_index_ida);

/* ---- attributes ---------------------------------------------------------- */

static ssize_t device_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sprintf(buf, "0x%04x\n", dev_to_virtio(dev)->id.device);
}
static DEVICE_ATTR_RO(device);

static ssize_t vendor_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sprintf(buf, "0x%04x\n", dev_to_virtio(dev)->id.vendor);
}
static DEVICE_ATTR_RO(vendor);

static ssize_t status_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct virtio_device *vdev = dev_to_virtio(dev);

	return sprintf(buf, "0x%08x\n", vdev->config->get_status(vdev));
}
static DEVICE_ATTR_RO(status);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct virtio_device *vdev = dev_to_virtio(dev);

	return sprintf(buf, "virtio:d%08Xv%08X\n", vdev->id.device, vdev->id.vendor);
}
static DEVICE_ATTR_RO(modalias);

/* A digit for each bit, bit 0 first. */
static ssize_t features_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct virtio_device *vdev = dev_to_virtio(dev);
	unsigned int i;

	for (i = 0; i < 64; i++)
		buf[i] = __virtio_test_bit(vdev, i) ? '1' : '0';
	buf[i++] = '\n';
	return i;
}
static DEVICE_ATTR_RO(features);

static struct attribute *virtio_dev_attrs[] = {
	&dev_attr_device.attr,
	&dev_attr_vendor.attr,
	&dev_attr_status.attr,
	&dev_attr_modalias.attr,
	&dev_attr_features.attr,
	NULL,
};
ATTRIBUTE_GROUPS(virtio_dev);

/* ---- matching --------------------------------------------------------------- */

static bool id_matches(u32 wanted, u32 id)
{
	return wanted == VIRTIO_DEV_ANY_ID || wanted == id;
}

static int virtio_dev_match(struct device *dev, struct device_driver *drv)
{
	const struct virtio_device_id *id = drv_to_virtio(drv)->id_table;
	const struct virtio_device *vdev = dev_to_virtio(dev);

	for (; id->device; id++)
		if (id_matches(id->device, vdev->id.device) &&
		    id_matches(id->vendor, vdev->id.vendor))
			return 1;
	return 0;
}

static int virtio_uevent(struct device *dev, struct kobj_uevent_env *env)
{
	const struct virtio_device *vdev = dev_to_virtio(dev);

	return add_uevent_var(env, "MODALIAS=virtio:d%08Xv%08X", vdev->id.device,
			      vdev->id.vendor);
}

/* ---- features ------------------------------------------------------------------ */

static u64 table_bits(const unsigned int *table, unsigned int size)
{
	u64 bits = 0;
	unsigned int i;

	for (i = 0; i < size; i++) {
		BUG_ON(table[i] >= 64);
		bits |= BIT_ULL(table[i]);
	}
	return bits;
}

static u64 driver_features(const struct virtio_driver *drv)
{
	return table_bits(drv->feature_table, drv->feature_table_size);
}

static u64 driver_features_legacy(const struct virtio_driver *drv)
{
	if (!drv->feature_table_legacy)
		return driver_features(drv);
	return table_bits(drv->feature_table_legacy, drv->feature_table_size_legacy);
}

/**
 * virtio_check_driver_offered_feature() - may a driver ask for a feature?
 * @vdev: its device
 * @fbit: the feature's number; BUG() if none of the driver's tables has it
 */
void virtio_check_driver_offered_feature(const struct virtio_device *vdev, unsigned int fbit)
{
	const struct virtio_driver *drv = drv_to_virtio(vdev->dev.driver);

	BUG_ON(!((driver_features(drv) | driver_features_legacy(drv)) & BIT_ULL(fbit)));
}
EXPORT_SYMBOL_GPL(virtio_check_driver_offered_feature);

/* Those of the transport are kept as they are, for ->finalize_features(). */
static u64 common_features(struct virtio_device *dev, const struct virtio_driver *drv)
{
	u64 transport = GENMASK_ULL(VIRTIO_TRANSPORT_F_END - 1, VIRTIO_TRANSPORT_F_START);
	u64 offered = dev->config->get_features(dev);
	u64 known = offered & BIT_ULL(VIRTIO_F_VERSION_1) ? driver_features(drv) :
							    driver_features_legacy(drv);

	return offered & (known | transport);
}

static int finalize_features(struct virtio_device *dev, const struct virtio_driver *drv)
{
	u64 features;
	int err = dev->config->finalize_features(dev);

	if (err || !drv->validate)
		return err;
	features = dev->features;
	err = drv->validate(dev);
	if (err || features == dev->features)
		return err;
	return dev->config->finalize_features(dev);
}

/* The device may still refuse, of which it tells by the status. */
static int accept_features(struct virtio_device *dev)
{
	unsigned int status;

	might_sleep();
	if (!virtio_has_feature(dev, VIRTIO_F_VERSION_1))
		return 0;
	virtio_add_status(dev, VIRTIO_CONFIG_S_FEATURES_OK);
	status = dev->config->get_status(dev);
	if (status & VIRTIO_CONFIG_S_FEATURES_OK)
		return 0;
	dev_err(&dev->dev, "virtio: device refuses features: %x\n", status);
	return -ENODEV;
}

/* ---- status, changes of the config space ------------------------------------------ */

/**
 * virtio_add_status() - set bits of the device status
 * @dev: the device
 * @status: bits, which are added to those that are set
 *
 * Context: may sleep.
 */
void virtio_add_status(struct virtio_device *dev, unsigned int status)
{
	might_sleep();
	dev->config->set_status(dev, dev->config->get_status(dev) | status);
}
EXPORT_SYMBOL_GPL(virtio_add_status);

/**
 * virtio_reset_device() - the device forgets everything
 * @dev: the device
 *
 * It uses no memory and calls nobody any more. The caller sees to it that
 * nobody kicks it meanwhile.
 *
 * Context: may sleep.
 */
void virtio_reset_device(struct virtio_device *dev)
{
	dev->config->reset(dev);
}
EXPORT_SYMBOL_GPL(virtio_reset_device);

/* config_lock held. */
static void tell_driver(struct virtio_device *dev)
{
	struct virtio_driver *drv = drv_to_virtio(dev->dev.driver);

	if (!dev->config_enabled)
		dev->config_change_pending = true;
	else if (dev->dev.driver && drv->config_changed)
		drv->config_changed(dev);
}

/**
 * virtio_config_changed() - the config space has changed by the device's doing
 * @dev: the device
 *
 * For transports. The driver is told now, or when it has been probed.
 */
void virtio_config_changed(struct virtio_device *dev)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->config_lock, flags);
	tell_driver(dev);
	spin_unlock_irqrestore(&dev->config_lock, flags);
}
EXPORT_SYMBOL_GPL(virtio_config_changed);

static void config_disable(struct virtio_device *dev)
{
	spin_lock_irq(&dev->config_lock);
	dev->config_enabled = false;
	spin_unlock_irq(&dev->config_lock);
}

static void config_enable(struct virtio_device *dev)
{
	spin_lock_irq(&dev->config_lock);
	dev->config_enabled = true;
	if (dev->config_change_pending)
		tell_driver(dev);
	dev->config_change_pending = false;
	spin_unlock_irq(&dev->config_lock);
}

/* ---- probe and remove ---------------------------------------------------------------- */

static int probe_driver(struct virtio_device *dev, struct virtio_driver *drv)
{
	int err;

	dev->features = common_features(dev, drv);
	err = finalize_features(dev, drv);
	if (err)
		return err;
	err = accept_features(dev);
	if (err)
		return err;
	return drv->probe(dev);
}

static int virtio_dev_probe(struct device *d)
{
	struct virtio_device *dev = dev_to_virtio(d);
	struct virtio_driver *drv = drv_to_virtio(d->driver);
	int err;

	virtio_add_status(dev, VIRTIO_CONFIG_S_DRIVER);
	err = probe_driver(dev, drv);
	if (err) {
		virtio_add_status(dev, VIRTIO_CONFIG_S_FAILED);
		return err;
	}

	if (!(dev->config->get_status(dev) & VIRTIO_CONFIG_S_DRIVER_OK))
		virtio_device_ready(dev);
	if (drv->scan)
		drv->scan(dev);
	config_enable(dev);
	return 0;
}

static void remove_driver(struct device *d)
{
	struct virtio_device *dev = dev_to_virtio(d);

	config_disable(dev);
	drv_to_virtio(d->driver)->remove(dev);

	/* a driver that goes resets its device */
	WARN_ON_ONCE(dev->config->get_status(dev));
	virtio_add_status(dev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
}

#if KAPI_BUS_REMOVE_INT
static int virtio_dev_remove(struct device *d)
{
	remove_driver(d);
	return 0;
}
#else
static void virtio_dev_remove(struct device *d)
{
	remove_driver(d);
}
#endif

static struct bus_type virtio_bus = {
	.name = "virtio",
	.match = virtio_dev_match,
	.dev_groups = virtio_dev_groups,
	.uevent = virtio_uevent,
	.probe = virtio_dev_probe,
	.remove = virtio_dev_remove,
};

/* ---- registration ----------------------------------------------------------------------- */

/**
 * register_virtio_driver() - add a driver to the bus
 * @driver: stays until unregister_virtio_driver()
 *
 * Context: may sleep; probes devices before it returns.
 * Return: 0, or a negative error.
 */
int register_virtio_driver(struct virtio_driver *driver)
{
	BUG_ON(driver->feature_table_size && !driver->feature_table);
	driver->driver.bus = &virtio_bus;
	return driver_register(&driver->driver);
}
EXPORT_SYMBOL_GPL(register_virtio_driver);

/**
 * unregister_virtio_driver() - take a driver from the bus
 * @driver: unbound from its devices when this returns
 *
 * Context: may sleep.
 */
void unregister_virtio_driver(struct virtio_driver *driver)
{
	driver_unregister(&driver->driver);
}
EXPORT_SYMBOL_GPL(unregister_virtio_driver);

static int name_device(struct virtio_device *dev)
{
	int index = ida_alloc(&virtio_index_ida, GFP_KERNEL), err;

	if (index < 0)
		return index;
	dev->index = index;
	err = dev_set_name(&dev->dev, "virtio%u", dev->index);
	if (err)
		ida_free(&virtio_index_ida, dev->index);
	return err;
}

static int add_device(struct virtio_device *dev)
{
	int err;

	spin_lock_init(&dev->config_lock);
	dev->config_enabled = false;
	dev->config_change_pending = false;
	INIT_LIST_HEAD(&dev->vqs);
	spin_lock_init(&dev->vqs_list_lock);

	/* who had it before may have left it in any state */
	virtio_reset_device(dev);
	virtio_add_status(dev, VIRTIO_CONFIG_S_ACKNOWLEDGE);

	err = device_add(&dev->dev);
	if (err)
		ida_free(&virtio_index_ida, dev->index);
	return err;
}

/**
 * register_virtio_device() - add a device to the bus
 * @dev: with ->config, ->id, ->dev.parent and ->dev.release set
 *
 * Resets it first. After an error, too, it is given back by put_device(), not
 * by kfree().
 *
 * Context: may sleep; probes a driver before it returns.
 * Return: 0, or a negative error; the device's status has
 * VIRTIO_CONFIG_S_FAILED then.
 */
int register_virtio_device(struct virtio_device *dev)
{
	int err;

	dev->dev.bus = &virtio_bus;
	device_initialize(&dev->dev);

	err = name_device(dev);
	if (!err)
		err = add_device(dev);
	if (err)
		virtio_add_status(dev, VIRTIO_CONFIG_S_FAILED);
	return err;
}
EXPORT_SYMBOL_GPL(register_virtio_device);

/**
 * is_virtio_device() - is a device one of this bus?
 * @dev: any device
 *
 * Return: whether dev_to_virtio() may be asked.
 */
bool is_virtio_device(struct device *dev)
{
	return dev->bus == &virtio_bus;
}
EXPORT_SYMBOL_GPL(is_virtio_device);

/**
 * unregister_virtio_device() - take a device from the bus
 * @dev: its driver is unbound; it is gone when nobody has a reference any more
 *
 * Context: may sleep.
 */
void unregister_virtio_device(struct virtio_device *dev)
{
	int index = dev->index;	/* the device may be gone when it is needed */

	device_unregister(&dev->dev);
	ida_free(&virtio_index_ida, index);
}
EXPORT_SYMBOL_GPL(unregister_virtio_device);

static int __init virtio_init(void)
{
	return bus_register(&virtio_bus);
}
subsys_initcall(virtio_init);
