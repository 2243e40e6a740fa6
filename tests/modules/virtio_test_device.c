// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio transport with a device behind it that does as a test says, rightly
 * or wrongly. The device "transport" of the class mdev_test, the parent of the
 * virtio device, has
 *
 *	do	a command, see commands[]
 *	result	what the last command had to tell
 *
 * One virtio device at a time; Q in a command is the index of a virtqueue. With
 * VIRTIO_F_ACCESS_PLATFORM the device's addresses are the kernel's, since the
 * parent maps like that; without it they are physical ones.
 */
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "mdev_test.h"
#include "virtio_test.h"
#include "virtio_test_dma.h"

#define MAX_VQS		3
#define ALIGN_VQ	64

/* How far the device is in a ring, of which it knows the addresses only. */
struct device_queue {
	struct virtqueue *vq;
	struct vring vring;
	u16 next_avail;
	u16 next_used;
	unsigned int kicks;
};

struct test_device {
	struct virtio_device vdev;
	struct device_queue queue[MAX_VQS];
};

static struct device *transport;
static struct test_device *dev;		/* the one that there is */
static DEFINE_MUTEX(command_lock);

/* what the next one is like, and this one as far as it can change */
static u64 offered = BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(VIRTIO_F_ACCESS_PLATFORM);
static unsigned int num = 8;
static int finalize_error, find_error, enable_error;
static bool refuse, deaf, old_memory, whole_ring;
static unsigned int changing;		/* reads of the generation after which it is another */
static u32 generation;
static u8 status;
static union {
	struct virtio_test_config fields;
	u8 bytes[sizeof(struct virtio_test_config)];
} config_space;

static char result[PAGE_SIZE];
static size_t result_len;
static char story[128];			/* each status that was set */

static int say(const char *fmt, ...) __printf(1, 2);
static int say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	result_len += vscnprintf(result + result_len, sizeof(result) - result_len, fmt, args);
	va_end(args);
	return 0;
}

static u64 number64(const char *text)
{
	u64 value = 0;

	return kstrtou64(text, 0, &value) ? 0 : value;
}

static int signed_number(const char *text)
{
	int value = 0;

	return kstrtoint(text, 0, &value) ? 0 : value;
}

static struct device_queue *queue_of(const char *text)
{
	u64 i = number64(text);

	return dev && i < MAX_VQS && dev->queue[i].vq ? &dev->queue[i] : NULL;
}

/* ---- memory: the device has the kernel's addresses ------------------------------ */

static size_t kernel_max_size(struct device *d)
{
	return 0x7000;
}

static const struct dma_map_ops kernel_addresses = {
	MAP_KERNEL_ADDRESSES,
	.max_mapping_size = kernel_max_size,
};

static void *memory(u64 addr)
{
	return virtio_has_dma_quirk(&dev->vdev) ? phys_to_virt(addr) :
						  (void *)(unsigned long)addr;
}

/* ---- the device's side of a ring --------------------------------------------------- */

static u16 le16(__virtio16 v)
{
	return virtio16_to_cpu(&dev->vdev, v);
}

static u8 pattern(u8 seq, u32 i)
{
	return seq ^ (u8)(i * 37 + (i >> 8));
}

/* Writes what begins with @seq to @len bytes of the chain, and counts what it has. */
struct walk {
	u32 out, in, len;
	u8 seq;
	bool whole;	/* what the device reads is as it should be */
};

static void walk_part(struct walk *w, const struct vring_desc *d)
{
	u32 len = virtio32_to_cpu(&dev->vdev, d->len), i;
	u8 *mem = memory(virtio64_to_cpu(&dev->vdev, d->addr));

	if (!(le16(d->flags) & VRING_DESC_F_WRITE)) {
		if (!w->out)
			w->seq = mem[0];
		for (i = 0; i < len; i++)
			w->whole &= mem[i] == pattern(w->seq, w->out + i);
		w->out += len;
		return;
	}
	for (i = 0; i < len && w->in + i < w->len; i++)
		mem[i] = pattern(w->seq, w->in + i);
	w->in += len;
}

static void walk_table(struct walk *w, const struct vring_desc *table, u16 i)
{
	for (;;) {
		walk_part(w, &table[i]);
		if (!(le16(table[i].flags) & VRING_DESC_F_NEXT))
			return;
		i = le16(table[i].next);
	}
}

static int publish(struct device_queue *q, u32 id, u32 len)
{
	vring_used_elem_t *used = &q->vring.used->ring[q->next_used++ & (q->vring.num - 1)];

	used->id = cpu_to_virtio32(&dev->vdev, id);
	used->len = cpu_to_virtio32(&dev->vdev, len);
	smp_store_release(&q->vring.used->idx, cpu_to_virtio16(&dev->vdev, q->next_used));
	return 0;
}

/* The next chain that the driver offers, or -1. */
static int take(struct device_queue *q)
{
	if (q->next_avail == le16(smp_load_acquire(&q->vring.avail->idx)))
		return -1;
	return le16(q->vring.avail->ring[q->next_avail++ & (q->vring.num - 1)]);
}

static void say_walk(const struct walk *w, bool indirect)
{
	say("out %u in %u%s", w->out, w->in, indirect ? " indirect" : "");
	if (w->out)
		say(w->whole ? " of %u" : " damaged", w->seq);
}

/* use Q LENGTH: takes a chain, writes LENGTH bytes and gives it back */
static int use(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);
	struct walk w = { .len = number64(b), .whole = true };
	const struct vring_desc *first;
	int head;
	bool indirect;

	if (!q)
		return -EINVAL;
	head = take(q);
	if (head < 0)
		return say("none");
	first = &q->vring.desc[head];
	indirect = le16(first->flags) & VRING_DESC_F_INDIRECT;
	if (indirect)
		walk_table(&w, memory(virtio64_to_cpu(&dev->vdev, first->addr)), 0);
	else
		walk_table(&w, q->vring.desc, head);
	say_walk(&w, indirect);
	return publish(q, head, min_t(u64, w.len, number64(b)));
}

/* used Q ID: gives back what it was not given; lie Q LENGTH: a chain, with a wrong length */
static int used(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);

	return q ? publish(q, number64(b), 0) : -EINVAL;
}

static int lie(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);
	int head;

	if (!q)
		return -EINVAL;
	head = take(q);
	return head < 0 ? -ENOENT : publish(q, head, number64(b));
}

/* jump Q N: moves its used index, over entries that nobody has written */
static int jump(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	q->next_used += number64(b);
	smp_store_release(&q->vring.used->idx, cpu_to_virtio16(&dev->vdev, q->next_used));
	return 0;
}

/* interrupt Q: calls the driver, wanted or not */
static int interrupt(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);
	irqreturn_t ret;

	if (!q)
		return -EINVAL;
	local_bh_disable();
	ret = vring_interrupt(0, q->vq);
	local_bh_enable();
	return say("%s", ret == IRQ_HANDLED ? "handled" : "none");
}

/* event Q N, flags Q N: when the device wants to be kicked */
static int event(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	WRITE_ONCE(vring_avail_event(&q->vring), cpu_to_virtio16(&dev->vdev, number64(b)));
	return 0;
}

static int flags(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	WRITE_ONCE(q->vring.used->flags, cpu_to_virtio16(&dev->vdev, number64(b)));
	return 0;
}

/* wishes Q: available index, flags, and the used index that the driver waits for */
static int wishes(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	return say("avail %u flags %u event %u", le16(READ_ONCE(q->vring.avail->idx)),
		   le16(READ_ONCE(q->vring.avail->flags)),
		   le16(READ_ONCE(vring_used_event(&q->vring))));
}

static int kicks(const char *a, const char *b)
{
	struct device_queue *q = queue_of(a);

	return q ? say("%u", READ_ONCE(q->kicks)) : -EINVAL;
}

/* ---- the transport --------------------------------------------------------------- */

static void test_get(struct virtio_device *vdev, unsigned int offset, void *buf, unsigned int len)
{
	memset(buf, 0, len);
	if (offset < sizeof(config_space))
		memcpy(buf, config_space.bytes + offset,
		       min_t(unsigned int, len, sizeof(config_space) - offset));
	/* one that changes while it is read: each byte once more */
	if (changing) {
		memset(config_space.bytes, config_space.bytes[0] + 1, sizeof(config_space));
		generation++;
		changing--;
	}
}

static void test_set(struct virtio_device *vdev, unsigned int offset, const void *buf,
		     unsigned int len)
{
	if (offset < sizeof(config_space))
		memcpy(config_space.bytes + offset, buf,
		       min_t(unsigned int, len, sizeof(config_space) - offset));
}

static u32 test_generation(struct virtio_device *vdev)
{
	return generation;
}

static u8 test_get_status(struct virtio_device *vdev)
{
	return status;
}

static void add_to_story(u8 value)
{
	size_t len = strlen(story);

	snprintf(story + len, sizeof(story) - len, " %x", value);
}

static void test_set_status(struct virtio_device *vdev, u8 value)
{
	add_to_story(value);
	if (refuse)
		value &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	status = value;
}

static void test_reset(struct virtio_device *vdev)
{
	add_to_story(0);
	status = 0;
}

static bool test_notify(struct virtqueue *vq)
{
	struct device_queue *q = vq->priv;

	WRITE_ONCE(q->kicks, q->kicks + 1);
	return !deaf;
}

/* The device learns the three addresses, and nothing else. */
static void tell_ring(struct device_queue *q, struct virtqueue *vq)
{
	q->vq = vq;
	q->next_avail = 0;
	q->next_used = 0;
	if (old_memory) {
		q->vring = *virtqueue_get_vring(vq);
		return;
	}
	q->vring.num = virtqueue_get_vring_size(vq);
	q->vring.desc = memory(virtqueue_get_desc_addr(vq));
	q->vring.avail = memory(virtqueue_get_avail_addr(vq));
	q->vring.used = memory(virtqueue_get_used_addr(vq));
}

static void free_queue(void *pages)
{
	free_pages((unsigned long)pages, get_order(vring_size(num, ALIGN_VQ)));
}

/* Where the test says so, in memory that the transport has of its own. */
static struct virtqueue *make_queue(struct virtio_device *vdev, unsigned int i,
				    vq_callback_t *callback, const char *name, bool ctx)
{
	struct virtqueue *vq;
	void *pages;

	if (!old_memory)
		return vring_create_virtqueue(i, num, ALIGN_VQ, vdev, true, !whole_ring, ctx,
					      test_notify, callback, name);
	/* the rings lie at aligned addresses, which kmalloc() does not promise */
	pages = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO,
					 get_order(vring_size(num, ALIGN_VQ)));
	if (!pages)
		return NULL;
	vq = vring_new_virtqueue(i, num, ALIGN_VQ, vdev, true, ctx, pages, test_notify, callback,
				 name);
	if (!vq)
		free_queue(pages);
	return vq;
}

static void test_del_vqs(struct virtio_device *vdev)
{
	struct virtqueue *vq, *next;
	struct device_queue *q;
	void *pages;

	list_for_each_entry_safe(vq, next, &vdev->vqs, list) {
		q = vq->priv;
		q->vq = NULL;
		pages = old_memory ? q->vring.desc : NULL;
		vring_del_virtqueue(vq);
		if (pages)
			free_queue(pages);
	}
}

static int test_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
			 struct virtqueue_info info[], struct irq_affinity *desc)
{
	unsigned int i, index = 0;

	for (i = 0; i < nvqs; i++) {
		vqs[i] = NULL;
		if (!info[i].name)
			continue;
		vqs[i] = find_error && i ? NULL :
			 make_queue(vdev, index, info[i].callback, info[i].name, info[i].ctx);
		if (!vqs[i]) {
			test_del_vqs(vdev);
			return find_error ?: -ENOMEM;
		}
		vqs[i]->num_max = 64;
		vqs[i]->priv = &dev->queue[index];
		tell_ring(&dev->queue[index++], vqs[i]);
	}
	return 0;
}

DEFINE_VIRTIO_FIND_VQS(test_find_vqs);

static u64 test_get_features(struct virtio_device *vdev)
{
	return offered;
}

static int test_finalize_features(struct virtio_device *vdev)
{
	vring_transport_features(vdev);
	return finalize_error;
}

static const char *test_bus_name(struct virtio_device *vdev)
{
	return dev_name(transport);
}

static int test_disable_vq(struct virtqueue *vq)
{
	vq->reset = true;
	return 0;
}

static int test_enable_vq(struct virtqueue *vq)
{
	vq->reset = false;
	tell_ring(vq->priv, vq);
	return enable_error;
}

static const struct virtio_config_ops test_ops = {
	.get = test_get,
	.set = test_set,
	.generation = test_generation,
	.get_status = test_get_status,
	.set_status = test_set_status,
	.reset = test_reset,
	.find_vqs = test_find_vqs_op,
	.del_vqs = test_del_vqs,
	.get_features = test_get_features,
	.finalize_features = test_finalize_features,
	.bus_name = test_bus_name,
	.disable_vq_and_reset = test_disable_vq,
	.enable_vq_after_reset = test_enable_vq,
};

/* one that can do only what it must */
static const struct virtio_config_ops plain_ops = {
	.get = test_get,
	.set = test_set,
	.get_status = test_get_status,
	.set_status = test_set_status,
	.reset = test_reset,
	.find_vqs = test_find_vqs_op,
	.del_vqs = test_del_vqs,
	.get_features = test_get_features,
	.finalize_features = test_finalize_features,
};

static void test_release(struct device *d)
{
	mdev_test_call("virtio_release", dev_name(d));
	kfree(container_of(dev_to_virtio(d), struct test_device, vdev));
}

/* register [plain] */
static int do_register(const char *how, const char *b)
{
	int err;

	if (dev)
		return -EBUSY;
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return -ENOMEM;
	story[0] = '\0';
	dev->vdev.id.device = VIRTIO_TEST_ID;
	dev->vdev.id.vendor = VIRTIO_TEST_VENDOR;
	dev->vdev.dev.parent = transport;
	dev->vdev.dev.release = test_release;
	dev->vdev.config = strcmp(how, "plain") ? &test_ops : &plain_ops;
	err = register_virtio_device(&dev->vdev);
	if (err) {
		put_device(&dev->vdev.dev);
		dev = NULL;
	}
	return err;
}

static int do_unregister(const char *a, const char *b)
{
	if (!dev)
		return -ENODEV;
	unregister_virtio_device(&dev->vdev);
	dev = NULL;
	return 0;
}

/* ---- what it is like ---------------------------------------------------------------- */

static int set_features(const char *a, const char *b)
{
	offered = number64(a);
	return 0;
}

static int set_num(const char *a, const char *b)
{
	num = number64(a);
	return 0;
}

static int set_refuse(const char *a, const char *b)
{
	refuse = number64(a);
	return 0;
}

static int set_deaf(const char *a, const char *b)
{
	deaf = number64(a);
	return 0;
}

/* memory own: rings in memory of the transport's; memory whole: no smaller rings */
static int set_memory(const char *a, const char *b)
{
	old_memory = !strcmp(a, "own");
	whole_ring = !strcmp(a, "whole");
	return 0;
}

/* fail WHERE ERROR */
static int set_fail(const char *where, const char *error)
{
	if (!strcmp(where, "finalize"))
		finalize_error = signed_number(error);
	else if (!strcmp(where, "find"))
		find_error = signed_number(error);
	else
		enable_error = signed_number(error);
	return 0;
}

/* config OFFSET VALUE; changing N: for N reads; changed: tells the driver */
static int set_config(const char *a, const char *b)
{
	u64 offset = number64(a);

	if (offset >= sizeof(config_space))
		return -EINVAL;
	config_space.bytes[offset] = number64(b);
	generation++;
	return 0;
}

static int set_changing(const char *a, const char *b)
{
	changing = number64(a);
	return 0;
}

static int changed(const char *a, const char *b)
{
	if (!dev)
		return -ENODEV;
	virtio_config_changed(&dev->vdev);
	return 0;
}

static int tell_story(const char *a, const char *b)
{
	return say("%s", story[0] ? story + 1 : "");
}

static int tell_features(const char *a, const char *b)
{
	return dev ? say("%#llx", dev->vdev.features) : -ENODEV;
}

static int tell_config(const char *a, const char *b)
{
	return say("%*phN", (int)sizeof(config_space), config_space.bytes);
}

static int tell_is_virtio(const char *a, const char *b)
{
	return dev ? say("%d %d", is_virtio_device(&dev->vdev.dev), is_virtio_device(transport)) :
		     -ENODEV;
}

static int add_status(const char *a, const char *b)
{
	if (!dev)
		return -ENODEV;
	virtio_add_status(&dev->vdev, number64(a));
	return say("%#x", status);
}

static const struct mdev_test_command commands[] = {
	{ "register", do_register }, { "unregister", do_unregister },
	{ "features", set_features }, { "num", set_num }, { "refuse", set_refuse },
	{ "deaf", set_deaf }, { "memory", set_memory }, { "fail", set_fail },
	{ "config", set_config }, { "changing", set_changing }, { "changed", changed },
	{ "story", tell_story }, { "accepted", tell_features }, { "space", tell_config },
	{ "is_virtio", tell_is_virtio }, { "status", add_status },
	{ "use", use }, { "used", used }, { "lie", lie }, { "jump", jump },
	{ "interrupt", interrupt }, { "event", event }, { "flags", flags }, { "wishes", wishes },
	{ "kicks", kicks },
};

static ssize_t do_store(struct device *d, struct device_attribute *attr,
			const char *buf, size_t count)
{
	ssize_t ret;

	mutex_lock(&command_lock);
	result_len = 0;
	ret = mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
	say("\n");
	mutex_unlock(&command_lock);
	return ret;
}
static DEVICE_ATTR_WO(do);

static ssize_t result_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", result);
}
static DEVICE_ATTR_RO(result);

static struct attribute *transport_attrs[] = {
	&dev_attr_do.attr, &dev_attr_result.attr, NULL
};
ATTRIBUTE_GROUPS(transport);

static int __init virtio_test_device_init(void)
{
	int err;

	transport = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, transport_groups,
					      "transport");
	if (IS_ERR(transport))
		return PTR_ERR(transport);
	set_dma_ops(transport, &kernel_addresses);
	err = dma_coerce_mask_and_coherent(transport, DMA_BIT_MASK(64));
	if (err)
		device_unregister(transport);
	return err;
}

static void __exit virtio_test_device_exit(void)
{
	do_unregister("", "");
	device_unregister(transport);
}

module_init(virtio_test_device_init);
module_exit(virtio_test_device_exit);
MODULE_DESCRIPTION("virtio device that does as a test says");
MODULE_LICENSE("GPL v2");
