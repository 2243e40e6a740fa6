// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver of class virtio whose devices do as a test says, rightly or
 * wrongly. The device "virtio_vendor" of the class mdev_test is its parent, with
 *
 *	do	a command, see commands[]; what is set is for all devices
 *	result	what the last command had to tell
 *
 * Ops pass points of mdev_test_control, whose answers they return; a command is
 * about the one device that was created last.
 */
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_virtio_ops.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "mdev_test.h"
#include "virtio_test.h"
#include "virtio_test_dma.h"

#define MAX_VQS	2

struct vendor_vq {
	struct virtio_mdev_callback cb;
	u64 desc, driver, device;
	u32 num;
	bool ready;
	unsigned int kicks;
};

struct vendor_device {
	struct mdev_virtio_device_ops ops;
	struct vendor_vq vq[MAX_VQS];
	struct virtio_mdev_callback config_cb;
	u64 features;
	u32 generation;
	u8 status;
	u8 config[16];
};

static struct device *parent;
static struct mdev_device *last;
static DEFINE_MUTEX(command_lock);

static char missing[32];		/* the op that the next device has not */
static u64 offered = BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(VIRTIO_F_ACCESS_PLATFORM);
static u32 device_id = VIRTIO_TEST_ID;
static u16 num_max = 16, align = 4096;
static bool stubborn;			/* a virtqueue that is ready stays so */
static unsigned int changing;		/* reads after which the config is another */
static bool keeps_callbacks;		/* through a reset, and when told to forget */

static char result[128];

static int say(const char *fmt, ...) __printf(1, 2);
static int say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(result, sizeof(result), fmt, args);
	va_end(args);
	return 0;
}

static u64 number(const char *text)
{
	u64 value = 0;

	return kstrtou64(text, 0, &value) ? 0 : value;
}

/* ---- ops ---------------------------------------------------------------------- */

static struct vendor_device *vendor_of(struct mdev_device *mdev)
{
	return mdev_get_drvdata(mdev);
}

static struct vendor_vq *vq_of(struct mdev_device *mdev, u16 idx)
{
	return idx < MAX_VQS ? &vendor_of(mdev)->vq[idx] : NULL;
}

static int point(const char *name, u16 idx)
{
	char who[8];

	snprintf(who, sizeof(who), "%u", idx);
	return mdev_test_call(name, who);
}

static int vendor_set_vq_address(struct mdev_device *mdev, u16 idx, u64 desc, u64 driver,
				 u64 device)
{
	struct vendor_vq *vq = vq_of(mdev, idx);

	if (!vq)
		return -EINVAL;
	vq->desc = desc;
	vq->driver = driver;
	vq->device = device;
	return point("set_vq_address", idx);
}

static void vendor_set_vq_num(struct mdev_device *mdev, u16 idx, u32 num)
{
	point("set_vq_num", idx);
	if (vq_of(mdev, idx))
		vq_of(mdev, idx)->num = num;
}

static void vendor_kick_vq(struct mdev_device *mdev, u16 idx)
{
	if (vq_of(mdev, idx))
		vq_of(mdev, idx)->kicks++;
}

static void vendor_set_vq_cb(struct mdev_device *mdev, u16 idx, struct virtio_mdev_callback *cb)
{
	static const struct virtio_mdev_callback nobody;

	point(cb ? "set_vq_cb" : "forget_vq_cb", idx);
	if (vq_of(mdev, idx) && (cb || !keeps_callbacks))
		vq_of(mdev, idx)->cb = cb ? *cb : nobody;
}

static void vendor_set_vq_ready(struct mdev_device *mdev, u16 idx, bool ready)
{
	/* a positive answer: it does not become so */
	int refused = point(ready ? "ready" : "unready", idx);

	if (vq_of(mdev, idx))
		vq_of(mdev, idx)->ready = (ready && !refused) || (stubborn && !ready);
}

static bool vendor_get_vq_ready(struct mdev_device *mdev, u16 idx)
{
	return vq_of(mdev, idx) && vq_of(mdev, idx)->ready;
}

static int vendor_set_vq_state(struct mdev_device *mdev, u16 idx, u64 state)
{
	return point("set_vq_state", idx);
}

static u64 vendor_get_vq_state(struct mdev_device *mdev, u16 idx)
{
	return 0;
}

static u16 vendor_get_vq_align(struct mdev_device *mdev)
{
	return align;
}

static u64 vendor_get_features(struct mdev_device *mdev)
{
	return offered;
}

static int vendor_set_features(struct mdev_device *mdev, u64 features)
{
	vendor_of(mdev)->features = features;
	return mdev_test_call("set_features", "device");
}

static void vendor_set_config_cb(struct mdev_device *mdev, struct virtio_mdev_callback *cb)
{
	static const struct virtio_mdev_callback nobody;

	mdev_test_call(cb ? "set_config_cb" : "forget_config_cb", "device");
	vendor_of(mdev)->config_cb = cb ? *cb : nobody;
}

static u16 vendor_get_vq_num_max(struct mdev_device *mdev)
{
	return num_max;
}

static u32 vendor_get_device_id(struct mdev_device *mdev)
{
	return device_id;
}

static u32 vendor_get_vendor_id(struct mdev_device *mdev)
{
	return VIRTIO_TEST_VENDOR;
}

static u8 vendor_get_status(struct mdev_device *mdev)
{
	return vendor_of(mdev)->status;
}

static void vendor_set_status(struct mdev_device *mdev, u8 status)
{
	struct vendor_device *v = vendor_of(mdev);
	char text[8];
	unsigned int i;

	snprintf(text, sizeof(text), "%#x", status);
	mdev_test_call("status", text);
	v->status = status;
	for (i = 0; !status && i < MAX_VQS; i++) {
		v->vq[i].ready = stubborn && v->vq[i].ready;
		if (!keeps_callbacks)
			v->vq[i].cb = (struct virtio_mdev_callback){ NULL, NULL };
	}
}

static void vendor_get_config(struct mdev_device *mdev, unsigned int offset, void *buf,
			      unsigned int len)
{
	struct vendor_device *v = vendor_of(mdev);

	memset(buf, 0, len);
	if (offset < sizeof(v->config))
		memcpy(buf, v->config + offset,
		       min_t(unsigned int, len, sizeof(v->config) - offset));
	if (!changing)
		return;
	changing--;
	memset(v->config, v->config[0] + 1, sizeof(v->config));
	v->generation++;
}

static void vendor_set_config(struct mdev_device *mdev, unsigned int offset, const void *buf,
			      unsigned int len)
{
	struct vendor_device *v = vendor_of(mdev);

	if (offset < sizeof(v->config))
		memcpy(v->config + offset, buf,
		       min_t(unsigned int, len, sizeof(v->config) - offset));
}

static u32 vendor_get_generation(struct mdev_device *mdev)
{
	return vendor_of(mdev)->generation;
}

static const struct mdev_virtio_device_ops all_ops = {
	.set_vq_address = vendor_set_vq_address,
	.set_vq_num = vendor_set_vq_num,
	.kick_vq = vendor_kick_vq,
	.set_vq_cb = vendor_set_vq_cb,
	.set_vq_ready = vendor_set_vq_ready,
	.get_vq_ready = vendor_get_vq_ready,
	.set_vq_state = vendor_set_vq_state,
	.get_vq_state = vendor_get_vq_state,
	.get_vq_align = vendor_get_vq_align,
	.get_features = vendor_get_features,
	.set_features = vendor_set_features,
	.set_config_cb = vendor_set_config_cb,
	.get_vq_num_max = vendor_get_vq_num_max,
	.get_device_id = vendor_get_device_id,
	.get_vendor_id = vendor_get_vendor_id,
	.get_status = vendor_get_status,
	.set_status = vendor_set_status,
	.get_config = vendor_get_config,
	.set_config = vendor_set_config,
	.get_generation = vendor_get_generation,
};

#define OP(name) { #name, offsetof(struct mdev_virtio_device_ops, name) }
static const struct {
	const char *name;
	size_t offset;
} op_names[] = {
	OP(set_vq_address), OP(set_vq_num), OP(kick_vq), OP(set_vq_cb), OP(set_vq_ready),
	OP(get_vq_ready), OP(set_vq_state), OP(get_vq_state), OP(get_vq_align), OP(get_features),
	OP(set_features), OP(set_config_cb), OP(get_vq_num_max), OP(get_device_id),
	OP(get_vendor_id), OP(get_status), OP(set_status), OP(get_config), OP(set_config),
	OP(get_generation),
};

static void leave_out(struct mdev_virtio_device_ops *ops, const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(op_names); i++)
		if (!strcmp(op_names[i].name, name))
			*(void **)((char *)ops + op_names[i].offset) = NULL;
}

/* ---- memory: the kernel's addresses ---------------------------------------------- */

static const struct dma_map_ops kernel_addresses = {
	MAP_KERNEL_ADDRESSES,
};

/* ---- the parent --------------------------------------------------------------------- */

static int vendor_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct vendor_device *v = kzalloc(sizeof(*v), GFP_KERNEL);

	if (!v)
		return -ENOMEM;
	v->ops = all_ops;
	leave_out(&v->ops, missing);
	mdev_set_drvdata(mdev, v);
	set_dma_ops(mdev_dev(mdev), &kernel_addresses);
	dma_coerce_mask_and_coherent(mdev_dev(mdev), DMA_BIT_MASK(64));
	if (strcmp(missing, "all"))
		mdev_set_virtio_ops(mdev, &v->ops);
	else
		mdev_set_class(mdev, MDEV_CLASS_ID_VIRTIO);
	last = mdev;
	return 0;
}

static int vendor_remove(struct mdev_device *mdev)
{
	struct vendor_device *v = vendor_of(mdev);

	if (last == mdev)
		last = NULL;
	kfree(v);
	return 0;
}

static struct attribute *no_attrs[] = { NULL };
static struct attribute_group group = { .name = "1", .attrs = no_attrs };
static struct attribute_group *groups[] = { &group, NULL };

static const struct mdev_parent_ops parent_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = groups,
	.create = vendor_create,
	.remove = vendor_remove,
};

/* ---- commands ------------------------------------------------------------------------- */

static int set_missing(const char *name, const char *b)
{
	snprintf(missing, sizeof(missing), "%s", name);
	return 0;
}

static int set_what(const char *what, const char *value)
{
	if (!strcmp(what, "features"))
		offered = number(value);
	else if (!strcmp(what, "id"))
		device_id = number(value);
	else if (!strcmp(what, "num"))
		num_max = number(value);
	else if (!strcmp(what, "align"))
		align = number(value);
	else if (!strcmp(what, "stubborn"))
		stubborn = number(value);
	else if (!strcmp(what, "changing"))
		changing = number(value);
	else if (!strcmp(what, "keeps_callbacks"))
		keeps_callbacks = number(value);
	else
		return -EINVAL;
	return 0;
}

static struct vendor_vq *vq_named(const char *q)
{
	return last ? vq_of(last, number(q)) : NULL;
}

static const char *call(const struct virtio_mdev_callback *cb)
{
	irqreturn_t ret;

	if (!cb->callback)
		return "nobody";
	local_bh_disable();
	ret = cb->callback(cb->private);
	local_bh_enable();
	return ret == IRQ_HANDLED ? "handled" : "none";
}

/* call Q, or call config */
static int call_driver(const char *q, const char *b)
{
	if (!last)
		return -ENODEV;
	if (!strcmp(q, "config"))
		return say("%s\n", call(&vendor_of(last)->config_cb));
	return vq_named(q) ? say("%s\n", call(&vq_named(q)->cb)) : -EINVAL;
}

/* use Q ID: gives a chain back, of length 0 */
static int use(const char *q, const char *id)
{
	struct vendor_vq *vq = vq_named(q);
	struct vring_used *used;
	u16 idx;

	if (!vq || !vq->ready)
		return -EINVAL;
	used = (void *)(unsigned long)vq->device;
	idx = __virtio16_to_cpu(true, used->idx);
	used->ring[idx % vq->num].id = __cpu_to_virtio32(true, number(id));
	used->ring[idx % vq->num].len = 0;
	smp_store_release(&used->idx, __cpu_to_virtio16(true, idx + 1));
	return 0;
}

static int tell(const char *what, const char *q)
{
	struct vendor_vq *vq = vq_named(q);

	if (!last)
		return -ENODEV;
	if (!strcmp(what, "features"))
		return say("%#llx\n", vendor_of(last)->features);
	if (!strcmp(what, "config"))
		return say("%*phN\n", (int)sizeof(vendor_of(last)->config),
			   vendor_of(last)->config);
	if (!vq)
		return -EINVAL;
	if (!strcmp(what, "kicks"))
		return say("%u\n", vq->kicks);
	if (!strcmp(what, "num"))
		return say("%u\n", vq->num);
	return say("%d\n", vq->ready);
}

static int set_config(const char *offset, const char *value)
{
	if (!last || number(offset) >= sizeof(vendor_of(last)->config))
		return -EINVAL;
	vendor_of(last)->config[number(offset)] = number(value);
	vendor_of(last)->generation++;
	return 0;
}

static bool registered;

/* unregister: as a parent does whose hardware goes while the module stays */
static int unregister(const char *a, const char *b)
{
	if (!registered)
		return -ENODEV;
	registered = false;
	mdev_unregister_device(parent);
	return 0;
}

static const struct mdev_test_command commands[] = {
	{ "missing", set_missing }, { "set", set_what }, { "call", call_driver }, { "use", use },
	{ "tell", tell }, { "config", set_config }, { "unregister", unregister },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	ssize_t ret;

	mutex_lock(&command_lock);
	result[0] = '\0';
	ret = mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
	mutex_unlock(&command_lock);
	return ret;
}
static DEVICE_ATTR_WO(do);

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", result);
}
static DEVICE_ATTR_RO(result);

static struct attribute *vendor_attrs[] = { &dev_attr_do.attr, &dev_attr_result.attr, NULL };
ATTRIBUTE_GROUPS(vendor);

static int __init virtio_test_vendor_init(void)
{
	int ret;

	parent = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, vendor_groups,
					   "virtio_vendor");
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	ret = mdev_register_device(parent, &parent_ops);
	if (ret)
		device_unregister(parent);
	registered = !ret;
	return ret;
}

static void __exit virtio_test_vendor_exit(void)
{
	unregister("", "");
	device_unregister(parent);
}

module_init(virtio_test_vendor_init);
module_exit(virtio_test_vendor_exit);
MODULE_DESCRIPTION("vendor driver of class virtio that does as a test says");
MODULE_LICENSE("GPL v2");
