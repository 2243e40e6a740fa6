// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio driver that does as a test says, for devices of the kind that
 * virtio_test_device makes and for network cards. While it is bound, a device
 * has the directory test:
 *
 *	do	a command, see commands[]; one at a time
 *	result	what the last command had to tell
 *
 * Q in a command is the index of a virtqueue. A buffer has a number; what the
 * device is to read begins with it, and its contents follow from it, as do
 * those of what the device wrote, in the tests that send buffers to and fro.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "mdev_test.h"
#include "scheduled_work.h"
#include "virtio_test.h"

#define MAX_VQS		3
#define MAX_PARTS	20
#define FILL		0xee

static unsigned int queues = 2;
module_param(queues, uint, 0644);
MODULE_PARM_DESC(queues, "virtqueues that probe asks for");

static int hole = -1;
module_param(hole, int, 0644);
MODULE_PARM_DESC(hole, "the virtqueue that has no name");

static bool quiet;
module_param(quiet, bool, 0644);
MODULE_PARM_DESC(quiet, "virtqueues without a callback");

static bool contexts;
module_param(contexts, bool, 0644);
MODULE_PARM_DESC(contexts, "virtqueues with contexts");

static bool ready_early;
module_param(ready_early, bool, 0644);
MODULE_PARM_DESC(ready_early, "probe says itself that the device is ready");

struct part {
	u8 *mem;
	u32 len;
};

struct buffer {
	unsigned int seq;
	unsigned int n, n_out;
	struct part part[MAX_PARTS];
};

struct queue {
	struct virtqueue *vq;
	unsigned int calls;	/* of the callback */
	unsigned int seq;	/* of the next buffer */
	unsigned int poll;	/* from the last command prepare */
};

struct test_driver {
	struct virtio_device *vdev;
	struct queue queue[MAX_VQS];
	unsigned int changes;	/* of the config space that were told */
	char result[256];
};

static DEFINE_MUTEX(command_lock);
static struct test_driver *me;	/* of the command that runs */
static DECLARE_WAIT_QUEUE_HEAD(called);

static unsigned int number(const char *text)
{
	unsigned int value = 0;

	return kstrtouint(text, 0, &value) ? 0 : value;
}

/* The virtqueue of a command; those of commands that have none exist all the same. */
static struct queue *queue_of(const char *text)
{
	unsigned int i = number(text);

	return i < MAX_VQS && me->queue[i].vq ? &me->queue[i] : NULL;
}

static int say(const char *fmt, ...) __printf(1, 2);
static int say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(me->result, sizeof(me->result), fmt, args);
	va_end(args);
	return 0;
}

/* ---- buffers --------------------------------------------------------------- */

static u8 pattern(u8 seq, u32 i)
{
	return seq ^ (u8)(i * 37 + (i >> 8));
}

static void free_buffer(struct buffer *b)
{
	unsigned int i;

	for (i = 0; i < b->n; i++)
		kfree(b->part[i].mem);
	kfree(b);
}

/* One part of "o100+o20+i30": o is read by the device, i written. */
static int parse_part(struct buffer *b, const char **spec)
{
	struct part *p = &b->part[b->n];
	int used;
	char how;

	if (b->n == MAX_PARTS || sscanf(*spec, "%c%u%n", &how, &p->len, &used) != 2)
		return -EINVAL;
	if (how != 'i' && (how != 'o' || b->n_out != b->n))
		return -EINVAL;
	/* a byte more, to see whether it is written to */
	p->mem = kmalloc(p->len + 1, GFP_KERNEL);
	if (!p->mem)
		return -ENOMEM;
	memset(p->mem, FILL, p->len + 1);
	b->n_out += how == 'o';
	b->n++;
	*spec += used;
	if (**spec == '+')
		++*spec;
	return 0;
}

static struct buffer *make_buffer(const char *spec, unsigned int seq)
{
	struct buffer *b = kzalloc(sizeof(*b), GFP_KERNEL);
	unsigned int i, at, pos = 0;
	int err = 0;

	if (!b)
		return ERR_PTR(-ENOMEM);
	b->seq = seq;
	do
		err = parse_part(b, &spec);
	while (!err && *spec);
	if (err) {
		free_buffer(b);
		return ERR_PTR(err);
	}
	for (i = 0; i < b->n_out; i++)
		for (at = 0; at < b->part[i].len; at++)
			b->part[i].mem[at] = pattern(seq, pos++);
	return b;
}

static int add_buffer(struct queue *q, struct buffer *b, gfp_t gfp)
{
	struct scatterlist sg[MAX_PARTS], *sgs[MAX_PARTS];
	unsigned int i;

	for (i = 0; i < b->n; i++) {
		sg_init_one(&sg[i], b->part[i].mem, b->part[i].len);
		sgs[i] = &sg[i];
	}
	return virtqueue_add_sgs(q->vq, sgs, b->n_out, b->n - b->n_out, b, gfp);
}

/* add Q PARTS */
static int add(const char *a, const char *spec)
{
	struct queue *q = queue_of(a);
	struct buffer *b;
	int err;

	if (!q)
		return -EINVAL;
	b = make_buffer(spec, q->seq);
	if (IS_ERR(b))
		return PTR_ERR(b);
	err = add_buffer(q, b, GFP_KERNEL);
	if (err)
		free_buffer(b);
	else
		q->seq++;
	return err;
}

/* add_ctx Q LENGTH: a buffer to write with a context, its own address */
static int add_ctx(const char *a, const char *spec)
{
	struct queue *q = queue_of(a);
	struct scatterlist sg;
	struct buffer *b;
	int err;

	if (!q)
		return -EINVAL;
	b = make_buffer(spec, q->seq);
	if (IS_ERR(b))
		return PTR_ERR(b);
	sg_init_one(&sg, b->part[0].mem, b->part[0].len);
	err = virtqueue_add_inbuf_ctx(q->vq, &sg, 1, b, b->part[0].mem, GFP_KERNEL);
	if (err)
		free_buffer(b);
	else
		q->seq++;
	return err;
}

/* The first byte of what was written that is wrong, or -1. */
static int check_contents(const struct buffer *b, unsigned int len)
{
	unsigned int i, at, pos = 0;
	u8 seq = 0;

	for (i = b->n_out; i < b->n; i++) {
		const struct part *p = &b->part[i];

		if (i == b->n_out)
			seq = p->mem[0];
		for (at = 0; at <= p->len; at++) {
			u8 want = pos < len && at < p->len ? pattern(seq, pos) : FILL;

			if (p->mem[at] != want)
				return pos;
			pos += at < p->len;
		}
	}
	return -1;
}

static void say_buffer(const struct buffer *b, unsigned int len)
{
	int bad = check_contents(b, len);

	if (bad >= 0)
		say("%u: %u, bad at %d\n", b->seq, len, bad);
	else if (b->n > b->n_out)
		say("%u: %u of %u\n", b->seq, len, b->part[b->n_out].mem[0]);
	else
		say("%u: %u\n", b->seq, len);
}

/* get Q: the next used buffer: its number, how much was written, whose contents */
static int get(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);
	unsigned int len = 0;
	struct buffer *b;

	if (!q)
		return -EINVAL;
	b = virtqueue_get_buf(q->vq, &len);
	if (!b)
		return say("none\n");
	say_buffer(b, len);
	free_buffer(b);
	return 0;
}

static int get_ctx(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);
	unsigned int len = 0;
	void *ctx = NULL;
	struct buffer *b;

	if (!q)
		return -EINVAL;
	b = virtqueue_get_buf_ctx(q->vq, &len, &ctx);
	if (!b)
		return say("none\n");
	say("%u: %u, %s context\n", b->seq, len, ctx == b->part[0].mem ? "its" : "a wrong");
	free_buffer(b);
	return 0;
}

static int detach(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);
	struct buffer *b;

	if (!q)
		return -EINVAL;
	b = virtqueue_detach_unused_buf(q->vq);
	if (!b)
		return say("none\n");
	say("%u\n", b->seq);
	free_buffer(b);
	return 0;
}

static void drop_all(struct queue *q)
{
	struct buffer *b;

	while (q->vq && (b = virtqueue_detach_unused_buf(q->vq)))
		free_buffer(b);
}

/* ---- words with the device ---------------------------------------------------- */

static int kick(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);

	return q ? say("%d\n", virtqueue_kick(q->vq)) : -EINVAL;
}

static int disable(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	virtqueue_disable_cb(q->vq);
	return 0;
}

static int enable(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);

	return q ? say("%d\n", virtqueue_enable_cb(q->vq)) : -EINVAL;
}

static int delayed(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);

	return q ? say("%d\n", virtqueue_enable_cb_delayed(q->vq)) : -EINVAL;
}

static int prepare(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	q->poll = virtqueue_enable_cb_prepare(q->vq);
	return 0;
}

static int poll(const char *a, const char *unused)
{
	struct queue *q = queue_of(a);

	return q ? say("%d\n", virtqueue_poll(q->vq, q->poll)) : -EINVAL;
}

static int ask(const char *a, const char *what)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	if (!strcmp(what, "size"))
		return say("%u\n", virtqueue_get_vring_size(q->vq));
	if (!strcmp(what, "free"))
		return say("%u\n", q->vq->num_free);
	if (!strcmp(what, "broken"))
		return say("%d\n", virtqueue_is_broken(q->vq));
	if (!strcmp(what, "calls"))
		return say("%u\n", READ_ONCE(q->calls));
	if (!strcmp(what, "name"))
		return say("%s of %u\n", q->vq->name, q->vq->index);
	return -EINVAL;
}

/* wait Q N: until the device has called N times */
static int wait(const char *a, const char *n)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	return wait_event_interruptible(called, READ_ONCE(q->calls) >= number(n));
}

static void recycle(struct virtqueue *vq, void *buf)
{
	free_buffer(buf);
}

static int resize(const char *a, const char *n)
{
	struct queue *q = queue_of(a);

	return q ? virtqueue_resize(q->vq, number(n), recycle) : -EINVAL;
}

/* ---- the whole device ------------------------------------------------------------ */

static int reset(const char *a, const char *b)
{
	virtio_reset_device(me->vdev);
	return 0;
}

static int break_all(const char *a, const char *b)
{
	virtio_break_device(me->vdev);
	return 0;
}

static int unbreak_all(const char *a, const char *b)
{
	__virtio_unbreak_device(me->vdev);
	return 0;
}

static int ready(const char *a, const char *b)
{
	virtio_device_ready(me->vdev);
	return 0;
}

/* changes: how often the driver was told of one */
static int changes(const char *a, const char *b)
{
	return say("%u\n", READ_ONCE(me->changes));
}

static int wait_changes(const char *n, const char *b)
{
	return wait_event_interruptible(called, READ_ONCE(me->changes) >= number(n));
}

static int max_size(const char *a, const char *b)
{
	return say("%zx\n", virtio_max_dma_size(me->vdev));
}

/* config OFFSET LENGTH: all of one generation */
static int config(const char *offset, const char *length)
{
	u8 bytes[32] = { 0 };
	unsigned int len = number(length);

	if (len > sizeof(bytes))
		return -EINVAL;
	virtio_cread_bytes(me->vdev, number(offset), bytes, len);
	return say("%*phN\n", (int)len, bytes);
}

static int config_fields(const char *a, const char *b)
{
	struct virtio_test_config cfg;

	virtio_cread(me->vdev, struct virtio_test_config, byte, &cfg.byte);
	virtio_cread_le(me->vdev, struct virtio_test_config, word, &cfg.word);
	virtio_cread_le(me->vdev, struct virtio_test_config, dword, &cfg.dword);
	virtio_cread_le(me->vdev, struct virtio_test_config, qword, &cfg.qword);
	return say("%#x %#x %#x %#llx\n", cfg.byte, cfg.word, cfg.dword, cfg.qword);
}

static int config_write(const char *a, const char *b)
{
	u8 byte = 0x5a;
	u16 word = 0x1234;
	u32 dword = 0xdeadbeef;

	virtio_cwrite(me->vdev, struct virtio_test_config, byte, &byte);
	virtio_cwrite_le(me->vdev, struct virtio_test_config, word, &word);
	virtio_cwrite_le(me->vdev, struct virtio_test_config, dword, &dword);
	return 0;
}

static int bus_name(const char *a, const char *b)
{
	return say("%s\n", virtio_bus_name(me->vdev));
}

/* hold: a reference, which the parameter drop gives back when the device has long gone */
static struct device *held;

static int hold_device(const char *a, const char *b)
{
	if (held)
		return -EBUSY;
	held = get_device(&me->vdev->dev);
	return 0;
}

static int drop_set(const char *val, const struct kernel_param *kp)
{
	put_device(held);
	held = NULL;
	return 0;
}

static const struct kernel_param_ops drop_ops = { .set = drop_set };
module_param_cb(drop, &drop_ops, NULL, 0200);
MODULE_PARM_DESC(drop, "gives back what the command hold has taken");

/* settle: until the device has done what it was kicked for before, if it is one of work items */
static int settle(const char *a, const char *b)
{
	wait_for_scheduled_work();
	return 0;
}

/* ---- frames to and fro ------------------------------------------------------------- */

#define FRAME	64

/* A frame: 12 bytes of header, a number, and what follows from it. */
struct frame {
	u8 header[12];
	u32 number;
	u8 body[FRAME - 16];
};

struct flood {
	struct frame *tx, *rx;		/* one for each descriptor */
	unsigned int slots;
	u32 count, sent, received, bad;
};

static void fill_frame(struct frame *f, u32 n)
{
	unsigned int i;

	memset(f->header, 0, sizeof(f->header));
	f->number = n;
	for (i = 0; i < sizeof(f->body); i++)
		f->body[i] = pattern(n, i);
}

static bool frame_is(const struct frame *f, u32 n)
{
	unsigned int i;

	if (f->number != n)
		return false;
	for (i = 0; i < sizeof(f->body); i++)
		if (f->body[i] != pattern(n, i))
			return false;
	return true;
}

static int post_frame(struct queue *q, struct frame *f, bool out)
{
	struct scatterlist sg;

	sg_init_one(&sg, f, sizeof(*f));
	return out ? virtqueue_add_outbuf(q->vq, &sg, 1, f, GFP_KERNEL) :
		     virtqueue_add_inbuf(q->vq, &sg, 1, f, GFP_KERNEL);
}

/* What has come back; whether there was anything, or an error. */
static int take_frames(struct flood *f)
{
	struct queue *rx = &me->queue[0], *tx = &me->queue[1];
	unsigned int len, before = f->received;
	struct frame *frame;
	int err;

	while ((frame = virtqueue_get_buf(rx->vq, &len))) {
		if (len != sizeof(*frame) || !frame_is(frame, f->received))
			f->bad++;
		f->received++;
		memset(frame, FILL, sizeof(*frame));
		err = post_frame(rx, frame, false);
		if (err)
			return err;
	}
	while (virtqueue_get_buf(tx->vq, &len))
		;
	return f->received != before;
}

/* As many as there is room for. */
static int send_frames(struct flood *f)
{
	struct frame *frame;
	int err = 0;

	while (!err && f->sent < f->count && f->sent - f->received < f->slots) {
		frame = &f->tx[f->sent % f->slots];
		fill_frame(frame, f->sent);
		err = post_frame(&me->queue[1], frame, true);
		f->sent += !err;
	}
	return err == -ENOSPC ? 0 : err;
}

/* The device is kicked whenever there is something to do, and waited for when there is not. */
static int run_flood(struct flood *f)
{
	unsigned int calls;
	int ret = 0;

	while (ret >= 0 && f->received < f->count) {
		calls = READ_ONCE(me->queue[0].calls);
		ret = send_frames(f);
		if (ret)
			return ret;
		if (!virtqueue_kick(me->queue[0].vq) || !virtqueue_kick(me->queue[1].vq))
			return -EIO;
		ret = take_frames(f);
		if (!ret)
			ret = wait_event_interruptible(called,
						       READ_ONCE(me->queue[0].calls) != calls);
	}
	return min(ret, 0);
}

static int fill_receiver(struct flood *f)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < f->slots; i++)
		err = post_frame(&me->queue[0], &f->rx[i], false);
	return err;
}

/*
 * flood N: sends N frames and gets each back, in order and unchanged. The
 * virtqueues are of no use afterwards: the device is reset.
 */
static int flood(const char *n, const char *b)
{
	struct flood f = { .count = number(n) };
	int err = -ENOMEM;

	if (!queue_of("0") || !queue_of("1"))
		return -EINVAL;
	f.slots = virtqueue_get_vring_size(me->queue[0].vq) / 2;
	f.tx = kcalloc(f.slots, sizeof(*f.tx), GFP_KERNEL);
	f.rx = kcalloc(f.slots, sizeof(*f.rx), GFP_KERNEL);
	if (f.tx && f.rx) {
		err = fill_receiver(&f) ?: run_flood(&f);
		say("%u sent, %u received, %u bad\n", f.sent, f.received, f.bad);
	}
	virtio_reset_device(me->vdev);
	while (virtqueue_detach_unused_buf(me->queue[0].vq))
		;
	while (virtqueue_detach_unused_buf(me->queue[1].vq))
		;
	kfree(f.tx);
	kfree(f.rx);
	return err;
}

/* ---- commands --------------------------------------------------------------------- */

static const struct mdev_test_command commands[] = {
	{ "add", add }, { "add_ctx", add_ctx }, { "get", get }, { "get_ctx", get_ctx },
	{ "detach", detach }, { "kick", kick }, { "disable", disable }, { "enable", enable },
	{ "delayed", delayed }, { "prepare", prepare }, { "poll", poll }, { "ask", ask },
	{ "wait", wait }, { "resize", resize }, { "reset", reset }, { "break", break_all },
	{ "unbreak", unbreak_all }, { "ready", ready }, { "changes", changes },
	{ "wait_changes", wait_changes }, { "max_size", max_size }, { "config", config },
	{ "fields", config_fields }, { "write", config_write }, { "bus_name", bus_name },
	{ "flood", flood }, { "hold", hold_device }, { "settle", settle },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	ssize_t ret;

	mutex_lock(&command_lock);
	me = dev_to_virtio(dev)->priv;
	ret = mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
	mutex_unlock(&command_lock);
	return ret;
}
static DEVICE_ATTR_WO(do);

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct test_driver *d = dev_to_virtio(dev)->priv;
	ssize_t len;

	mutex_lock(&command_lock);
	len = sprintf(buf, "%s", d->result);
	mutex_unlock(&command_lock);
	return len;
}
static DEVICE_ATTR_RO(result);

static struct attribute *test_attrs[] = { &dev_attr_do.attr, &dev_attr_result.attr, NULL };
static const struct attribute_group test_group = { .name = "test", .attrs = test_attrs };

/* ---- the driver -------------------------------------------------------------------- */

static void queue_called(struct virtqueue *vq)
{
	struct test_driver *d = vq->vdev->priv;
	unsigned int i;

	for (i = 0; i < MAX_VQS; i++)
		if (d->queue[i].vq == vq)
			WRITE_ONCE(d->queue[i].calls, d->queue[i].calls + 1);
	wake_up_all(&called);
}

static int find_queues(struct test_driver *d)
{
	static const char *const all_names[MAX_VQS] = { "rx", "tx", "third" };
	vq_callback_t *callbacks[MAX_VQS];
	const char *names[MAX_VQS];
	struct virtqueue *vqs[MAX_VQS] = { NULL };
	bool ctx[MAX_VQS];
	unsigned int i, n = min_t(unsigned int, queues, MAX_VQS);
	int err;

	for (i = 0; i < n; i++) {
		names[i] = i == hole ? NULL : all_names[i];
		callbacks[i] = quiet ? NULL : queue_called;
		ctx[i] = contexts;
	}
	err = virtio_find_vqs_ctx(d->vdev, n, vqs, callbacks, names, ctx, NULL);
	for (i = 0; !err && i < n; i++)
		d->queue[i].vq = vqs[i];
	return err;
}

static int test_validate(struct virtio_device *vdev)
{
	int ret = mdev_test_call("virtio_validate", dev_name(&vdev->dev));

	if (ret <= 0)
		return ret;
	/* a positive answer: a feature that it cannot do with after all */
	__virtio_clear_bit(vdev, ret);
	return 0;
}

static int test_probe(struct virtio_device *vdev)
{
	struct test_driver *d;
	int err;

	err = mdev_test_call("virtio_probe", dev_name(&vdev->dev));
	if (err)
		return err;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->vdev = vdev;
	vdev->priv = d;
	err = find_queues(d);
	if (err)
		goto free;
	err = device_add_group(&vdev->dev, &test_group);
	if (err)
		goto del_vqs;
	if (ready_early)
		virtio_device_ready(vdev);
	return 0;

del_vqs:
	virtio_reset_device(vdev);
	vdev->config->del_vqs(vdev);
free:
	kfree(d);
	return err;
}

static void test_scan(struct virtio_device *vdev)
{
	mdev_test_call("virtio_scan", dev_name(&vdev->dev));
}

static void test_remove(struct virtio_device *vdev)
{
	struct test_driver *d = vdev->priv;
	unsigned int i;

	mdev_test_call("virtio_remove", dev_name(&vdev->dev));
	device_remove_group(&vdev->dev, &test_group);
	virtio_reset_device(vdev);
	for (i = 0; i < MAX_VQS; i++)
		drop_all(&d->queue[i]);
	vdev->config->del_vqs(vdev);
	kfree(d);
}

static void test_config_changed(struct virtio_device *vdev)
{
	struct test_driver *d = vdev->priv;

	WRITE_ONCE(d->changes, d->changes + 1);
	wake_up_all(&called);
}

/* No MODULE_DEVICE_TABLE: it is never loaded in place of a card's own driver. */
static const struct virtio_device_id ids[] = {
	{ VIRTIO_TEST_ID, VIRTIO_DEV_ANY_ID },
	{ VIRTIO_ID_NET, VIRTIO_DEV_ANY_ID },
	{ 0 },
};

static const unsigned int features[] = {
	VIRTIO_TEST_F_FIRST, VIRTIO_NET_F_MAC, VIRTIO_NET_F_STATUS,
};
static const unsigned int legacy_features[] = {
	VIRTIO_TEST_F_FIRST, VIRTIO_TEST_F_LEGACY,
};

static struct virtio_driver test_driver = {
	.driver.name = "virtio_test_driver",
	.driver.owner = THIS_MODULE,
	.id_table = ids,
	.feature_table = features,
	.feature_table_size = ARRAY_SIZE(features),
	.feature_table_legacy = legacy_features,
	.feature_table_size_legacy = ARRAY_SIZE(legacy_features),
	.validate = test_validate,
	.probe = test_probe,
	.scan = test_scan,
	.remove = test_remove,
	.config_changed = test_config_changed,
};
module_virtio_driver(test_driver);

MODULE_DESCRIPTION("virtio driver that does as a test says");
MODULE_LICENSE("GPL v2");
