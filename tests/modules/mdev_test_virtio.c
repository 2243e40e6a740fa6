// SPDX-License-Identifier: GPL-2.0-only
/*
 * An mdev driver of class virtio that does as a test says: a virtio driver
 * in slow motion. While it is bound, an mdev has the directory virtio:
 *
 *	do	a command, see commands[]; one at a time
 *	result	what the last command had to tell
 *	meanwhile  one that is an op and no more, also while a command runs; for
 *		a card that has been told to do something before
 *
 * Rings and buffers are kernel memory. Whatever is posted is laid out by this
 * file, chain after chain in the order of the ring, so that a test can say what
 * a broken one looks like. Sent packets have a number, which is their first
 * byte, and contents that follow from it.
 *
 * Q in a command is the index of a virtqueue; for the ops it need not exist. The
 * driver resets the device when it is unbound.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_virtio_ops.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/virtio_byteorder.h>
#include <linux/virtio_ring.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "mdev_test.h"
#include "scheduled_work.h"

#define NUM_VQS		2
#define TX		1
#define MAX_NUM		256
#define MAX_SEGMENTS	8
#define FILL		0xee	/* what nobody has written to yet */
#define BLOCKERS	8

/* A part of a chain, at the index of its descriptor. */
struct segment {
	u8 *buf;
	u32 len;
};

struct queue {
	void *mem;
	struct vring vring;
	struct segment seg[MAX_NUM];
	u16 next_desc;
	u16 used_seen;
	u16 calls;			/* of the callback, which only the device calls */
	u16 echo;			/* chains that the callback is still to post again */
	struct virtio_mdev_callback cb;
};

struct card_user {
	struct mdev_device *mdev;
	const struct mdev_virtio_device_ops *ops;
	struct queue queue[NUM_VQS];
	struct virtio_mdev_callback config_cb;
	u16 config_calls;
	u8 sent;			/* packets so far: the number of the next one */
	char result[512];
};

static DECLARE_WAIT_QUEUE_HEAD(called);

/* For the command that runs, which is one at a time. */
static DEFINE_MUTEX(command_lock);
static struct card_user *user;

static struct work_struct blockers[BLOCKERS];
static DECLARE_COMPLETION(unblocked);

/* ---- rings ---------------------------------------------------------------- */

static u16 index_of(const char *word)
{
	u16 idx = 0;

	if (kstrtou16(word, 0, &idx))
		idx = 0xffff;
	return idx;
}

static struct queue *queue_of(const char *word)
{
	u16 idx = index_of(word);

	return idx < NUM_VQS ? &user->queue[idx] : NULL;
}

/* The index before what it shows; publish() has it the other way round. */
static u16 used_idx(struct queue *q)
{
	return __virtio16_to_cpu(true, smp_load_acquire(&q->vring.used->idx));
}

static void free_chains(struct queue *q)
{
	unsigned int i;

	for (i = 0; i < MAX_NUM; i++) {
		kfree(q->seg[i].buf);
		q->seg[i].buf = NULL;
	}
}

/* An empty ring of this size, to begin at index @start. */
static void make_ring(struct queue *q, unsigned int num, u16 start)
{
	free_chains(q);
	memset(q->mem, 0, vring_size(MAX_NUM, 64));
	vring_init(&q->vring, num, q->mem, 64);
	q->vring.avail->idx = __cpu_to_virtio16(true, start);
	q->vring.used->idx = __cpu_to_virtio16(true, start);
	q->used_seen = start;
	q->next_desc = 0;
	WRITE_ONCE(q->calls, 0);
}

static u8 pattern(u8 seq, u32 i)
{
	return seq ^ (u8)(i * 37 + (i >> 8));
}

/* Makes a descriptor of @len bytes; its index, or an error. */
static int add_segment(struct queue *q, u32 len, u16 flags)
{
	u16 id = q->next_desc++ % q->vring.num;
	struct vring_desc *desc = &q->vring.desc[id];
	struct segment *seg = &q->seg[id];

	if (seg->buf)
		return -ENOSPC;
	/* one byte more than told, to see whether it is written to */
	seg->buf = kmalloc(len + 1, GFP_KERNEL);
	if (!seg->buf)
		return -ENOMEM;
	seg->len = len;
	memset(seg->buf, FILL, len + 1);
	desc->addr = __cpu_to_virtio64(true, (unsigned long)seg->buf);
	desc->len = __cpu_to_virtio32(true, len);
	desc->flags = __cpu_to_virtio16(true, flags);
	desc->next = __cpu_to_virtio16(true, q->next_desc % q->vring.num);
	return id;
}

static void publish(struct queue *q, u16 head)
{
	u16 idx = __virtio16_to_cpu(true, q->vring.avail->idx);

	q->vring.avail->ring[idx % q->vring.num] = __cpu_to_virtio16(true, head);
	smp_store_release(&q->vring.avail->idx, __cpu_to_virtio16(true, idx + 1));
}

/* "100+1400": the lengths of the segments of a chain. */
static int parse_lengths(const char *text, u32 *len)
{
	int n = 0, used;

	while (n < MAX_SEGMENTS && sscanf(text, "%u%n", &len[n], &used) == 1) {
		n++;
		text += used;
		if (*text++ != '+')
			break;
	}
	return n ?: -EINVAL;
}

static int post_chain(struct queue *q, const u32 *len, int n, u16 flags)
{
	int i, id, head = 0;

	for (i = 0; i < n; i++) {
		id = add_segment(q, len[i], flags | (i < n - 1 ? VRING_DESC_F_NEXT : 0));
		if (id < 0)
			return id;
		if (!i)
			head = id;
	}
	return head;
}

static void fill_chain(struct queue *q, u16 head, int n, u8 seq)
{
	u32 at = 0, i;

	for (; n; n--, head = (head + 1) % q->vring.num)
		for (i = 0; i < q->seg[head].len; i++)
			q->seg[head].buf[i] = pattern(seq, at++);
}

/* post Q LENGTHS: a chain to send, with contents, or to receive into. */
static int post(const char *a, const char *b)
{
	struct queue *q = queue_of(a);
	u32 len[MAX_SEGMENTS];
	int n = parse_lengths(b, len), head;
	bool send = q == &user->queue[TX];

	if (!q || n < 0)
		return -EINVAL;
	head = post_chain(q, len, n, send ? 0 : VRING_DESC_F_WRITE);
	if (head < 0)
		return head;
	if (send)
		fill_chain(q, head, n, user->sent++);
	publish(q, head);
	return 0;
}

/* break Q HOW: a chain that no driver may post. */
static int break_ring(const char *a, const char *b)
{
	static const u32 len[] = { 64 };
	struct queue *q = queue_of(a);
	bool send = q == &user->queue[TX];
	u16 flags = send ? 0 : VRING_DESC_F_WRITE;
	int head;

	if (!q)
		return -EINVAL;
	if (!strcmp(b, "head")) {
		publish(q, q->vring.num);
		return 0;
	}
	if (!strcmp(b, "direction"))
		flags ^= VRING_DESC_F_WRITE;
	head = post_chain(q, len, 1, flags);
	if (head < 0)
		return head;
	if (!strcmp(b, "loop")) {
		q->vring.desc[head].flags |= __cpu_to_virtio16(true, VRING_DESC_F_NEXT);
		q->vring.desc[head].next = __cpu_to_virtio16(true, head);
	}
	publish(q, head);
	return 0;
}

/* The bytes of a chain that was used, checked against what was sent; frees it. */
static void tell_chain(struct queue *q, u32 id, u32 len, bool received)
{
	u32 at = 0, i;
	int bad = -1;
	u8 seq = q->seg[id].buf[0];
	bool next;

	do {
		struct segment *seg = &q->seg[id];

		for (i = 0; received && i <= seg->len; i++) {
			u8 want = at < len && i < seg->len ? pattern(seq, at) : FILL;

			if (seg->buf[i] != want && bad < 0)
				bad = at;
			at += i < seg->len;
		}
		next = q->vring.desc[id].flags & __cpu_to_virtio16(true, VRING_DESC_F_NEXT);
		kfree(seg->buf);
		seg->buf = NULL;
		id = (id + 1) % q->vring.num;
	} while (next);

	if (bad >= 0)
		sprintf(user->result, "%u, bad at %d\n", len, bad);
	else if (received)
		sprintf(user->result, "%u of packet %u\n", len, seq);
	else
		sprintf(user->result, "%u\n", len);
}

/* reap Q: the oldest used chain: its length, and of a received one the number. */
static int reap(const char *a, const char *b)
{
	struct queue *q = queue_of(a);
	struct vring_used_elem *elem;

	if (!q)
		return -EINVAL;
	if (q->used_seen == used_idx(q)) {
		sprintf(user->result, "none\n");
		return 0;
	}
	elem = &q->vring.used->ring[q->used_seen++ % q->vring.num];
	tell_chain(q, __virtio32_to_cpu(true, elem->id), __virtio32_to_cpu(true, elem->len),
		   q != &user->queue[TX]);
	return 0;
}

/* wait Q N: until N chains have been used. */
static int wait_used(const char *a, const char *b)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	return wait_event_interruptible(called, used_idx(q) == index_of(b));
}

/* ---- callbacks ------------------------------------------------------------ */

/* Posts the oldest used chain again as it is. */
static void echo(struct queue *q)
{
	struct vring_used_elem *elem;

	for (; q->echo && q->used_seen != used_idx(q); q->echo--) {
		elem = &q->vring.used->ring[q->used_seen++ % q->vring.num];
		publish(q, __virtio32_to_cpu(true, elem->id));
	}
}

static irqreturn_t queue_called(void *data)
{
	struct queue *q = data;

	WRITE_ONCE(q->calls, q->calls + 1);
	echo(q);
	wake_up_all(&called);
	return IRQ_HANDLED;
}

static irqreturn_t tx_called(void *data)
{
	struct card_user *u = data;
	struct queue *q = &u->queue[TX];
	bool again = q->echo;

	queue_called(q);
	if (again)
		u->ops->kick_vq(u->mdev, TX);
	return IRQ_HANDLED;
}

static irqreturn_t config_called(void *data)
{
	struct card_user *u = data;

	WRITE_ONCE(u->config_calls, u->config_calls + 1);
	wake_up_all(&called);
	return IRQ_HANDLED;
}

/* echo Q N: N times a chain that was used is posted again from the callback. */
static int set_echo(const char *a, const char *b)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	q->echo = index_of(b);
	return 0;
}

/* quiet Q: the device need not call. */
static int quiet(const char *a, const char *b)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	q->vring.avail->flags = __cpu_to_virtio16(true, VRING_AVAIL_F_NO_INTERRUPT);
	return 0;
}

/* wait_config N: until the configuration callback has been called N times. */
static int wait_config(const char *a, const char *b)
{
	return wait_event_interruptible(called, READ_ONCE(user->config_calls) == index_of(a));
}

/* ---- ops ------------------------------------------------------------------ */

/* address Q HOW: where the ring is; HOW for one that cannot be. */
static int set_address(const char *a, const char *b)
{
	struct queue *q = queue_of(a) ?: &user->queue[0];
	u64 area[3] = {
		(unsigned long)q->vring.desc, (unsigned long)q->vring.avail,
		(unsigned long)q->vring.used,
	};
	unsigned int i;

	if (sscanf(b, "null%u", &i) == 1 && i < 3)
		area[i] = 0;
	else if (sscanf(b, "odd%u", &i) == 1 && i < 3)
		area[i]++;
	return user->ops->set_vq_address(user->mdev, index_of(a), area[0], area[1], area[2]);
}

/* ring Q N: a new ring of N descriptors, which is told to the device. */
static int new_ring(const char *a, const char *b)
{
	struct queue *q = queue_of(a);
	u16 num = index_of(b);

	if (!q || num > MAX_NUM || !num)
		return -EINVAL;
	make_ring(q, num, 0);
	user->ops->set_vq_num(user->mdev, index_of(a), num);
	return set_address(a, "");
}

/* start Q N: both sides begin at index N. */
static int set_start(const char *a, const char *b)
{
	struct queue *q = queue_of(a);

	if (!q)
		return -EINVAL;
	make_ring(q, q->vring.num, index_of(b));
	return user->ops->set_vq_state(user->mdev, index_of(a), index_of(b));
}

static int set_num(const char *a, const char *b)
{
	u32 num;
	int ret = kstrtou32(b, 0, &num);

	if (!ret)
		user->ops->set_vq_num(user->mdev, index_of(a), num);
	return ret;
}

static int set_state(const char *a, const char *b)
{
	u64 state;
	int ret = kstrtou64(b, 0, &state);

	return ret ?: user->ops->set_vq_state(user->mdev, index_of(a), state);
}

static int kick(const char *a, const char *b)
{
	user->ops->kick_vq(user->mdev, index_of(a));
	return 0;
}

static int set_ready(const char *a, const char *b)
{
	user->ops->set_vq_ready(user->mdev, index_of(a), index_of(b));
	return 0;
}

/* callback Q HOW: 1, 0 for a structure without function, null for none. */
static int set_callback(const char *a, const char *b)
{
	static struct virtio_mdev_callback none;
	struct queue *q = queue_of(a) ?: &user->queue[0];

	user->ops->set_vq_cb(user->mdev, index_of(a),
			     !strcmp(b, "1") ? &q->cb : !strcmp(b, "0") ? &none : NULL);
	return 0;
}

static int set_config_callback(const char *a, const char *b)
{
	user->ops->set_config_cb(user->mdev, !strcmp(a, "1") ? &user->config_cb : NULL);
	return 0;
}

static int set_features(const char *a, const char *b)
{
	u64 features;
	int ret = kstrtou64(a, 0, &features);

	return ret ?: user->ops->set_features(user->mdev, features);
}

static int set_status(const char *a, const char *b)
{
	u8 status;
	int ret = kstrtou8(a, 0, &status);

	if (!ret)
		user->ops->set_status(user->mdev, status);
	return ret;
}

#define MAX_CONFIG	64

/* config OFFSET LENGTH: bytes read, and two more that are the driver's own. */
static int get_config(const char *a, const char *b)
{
	u8 bytes[MAX_CONFIG + 2];
	unsigned int offset, len;

	if (kstrtouint(a, 0, &offset) || kstrtouint(b, 0, &len) || len > MAX_CONFIG)
		return -EINVAL;
	memset(bytes, FILL, sizeof(bytes));
	user->ops->get_config(user->mdev, offset, bytes, len);
	sprintf(user->result, "%*phN\n", (int)len + 2, bytes);
	return 0;
}

/* write OFFSET LENGTH: ones. */
static int set_config(const char *a, const char *b)
{
	u8 bytes[MAX_CONFIG];
	unsigned int offset, len;

	if (kstrtouint(a, 0, &offset) || kstrtouint(b, 0, &len) || len > MAX_CONFIG)
		return -EINVAL;
	memset(bytes, 0xff, sizeof(bytes));
	user->ops->set_config(user->mdev, offset, bytes, len);
	return 0;
}

/* ---- what can be asked ---------------------------------------------------- */

static u64 ask_queue(const char *what, u16 idx)
{
	const struct mdev_virtio_device_ops *ops = user->ops;

	if (!strcmp(what, "ready"))
		return ops->get_vq_ready(user->mdev, idx);
	if (!strcmp(what, "state"))
		return ops->get_vq_state(user->mdev, idx);
	if (!strcmp(what, "calls"))
		return READ_ONCE(user->queue[idx % NUM_VQS].calls);
	return used_idx(&user->queue[idx % NUM_VQS]);
}

static u64 ask_device(const char *what)
{
	const struct mdev_virtio_device_ops *ops = user->ops;

	if (!strcmp(what, "features"))
		return ops->get_features(user->mdev);
	if (!strcmp(what, "status"))
		return ops->get_status(user->mdev);
	if (!strcmp(what, "generation"))
		return ops->get_generation(user->mdev);
	if (!strcmp(what, "device"))
		return ops->get_device_id(user->mdev);
	if (!strcmp(what, "vendor"))
		return ops->get_vendor_id(user->mdev);
	if (!strcmp(what, "num_max"))
		return ops->get_vq_num_max(user->mdev);
	if (!strcmp(what, "align"))
		return ops->get_vq_align(user->mdev);
	return READ_ONCE(user->config_calls);
}

/* get WHAT [Q]: of the device or of a virtqueue; used and calls are the driver's. */
static int get(const char *a, const char *b)
{
	u64 value = *b ? ask_queue(a, index_of(b)) : ask_device(a);

	sprintf(user->result, "%#llx\n", value);
	return 0;
}

/* ---- when the device gets to it ------------------------------------------- */

static void block_fn(struct work_struct *work)
{
	/* interruptible: the test is who ends it, which no detector can know */
	if (wait_for_completion_interruptible(&unblocked))
		pr_info("blocked work interrupted\n");
}

/* Work items wait now; how many there can be is the kernel's affair. */
static int block(const char *a, const char *b)
{
	unsigned int i;

	reinit_completion(&unblocked);
	for (i = 0; i < BLOCKERS; i++)
		schedule_work(&blockers[i]);
	return 0;
}

/* Until the device has done all that it was kicked for before. */
static int settle(const char *a, const char *b)
{
	wait_for_scheduled_work();
	return 0;
}

/* ---- all of it ------------------------------------------------------------ */

static const struct {
	int (*run)(const char *a, const char *b);
	const char *a, *b;
} steps[] = {
	{ set_status, "3", "" },
	{ set_features, "0x300010020", "" },
	{ set_status, "0xb", "" },
	{ new_ring, "0", "16" },
	{ set_callback, "0", "1" },
	{ set_ready, "0", "1" },
	{ new_ring, "1", "16" },
	{ set_callback, "1", "1" },
	{ set_ready, "1", "1" },
	{ set_status, "0xf", "" },
	{ post, "0", "100" },
	{ post, "1", "100" },
	{ kick, "1", "" },
	{ wait_used, "0", "1" },
	{ wait_used, "1", "1" },
};

/* A packet from the reset to the reset: all that it takes is given back, whatever fails. */
static int round_trip(const char *a, const char *b)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(steps); i++)
		ret = steps[i].run(steps[i].a, steps[i].b);
	user->ops->set_status(user->mdev, 0);
	for (i = 0; i < NUM_VQS; i++)
		free_chains(&user->queue[i]);
	return ret;
}

/* ---- frames without a virtio driver ------------------------------------------ */

#define FRAME	64

/*
 * In slot @i of both rings there is a frame to send and room for one: descriptor
 * @i, which is a chain of its own.
 */
static int make_frames(struct queue *q, u16 flags)
{
	u32 len[] = { FRAME };
	unsigned int i;
	int id;

	for (i = 0; i < q->vring.num; i++) {
		id = post_chain(q, len, 1, flags);
		if (id < 0)
			return id;
	}
	return 0;
}

static void send_numbered(struct queue *q, u32 number)
{
	u16 slot = number % q->vring.num;
	u8 *buf = q->seg[slot].buf;
	unsigned int i;

	memcpy(buf, &number, sizeof(number));
	for (i = sizeof(number); i < FRAME; i++)
		buf[i] = pattern(number, i);
	publish(q, slot);
}

static bool is_numbered(const u8 *buf, u32 number)
{
	unsigned int i;

	if (memcmp(buf, &number, sizeof(number)))
		return false;
	for (i = sizeof(number); i < FRAME; i++)
		if (buf[i] != pattern(number, i))
			return false;
	return true;
}

/* What has come back goes out again as room; how many of them, and which are wrong. */
static u32 receive_numbered(struct queue *q, u32 number, u32 *bad)
{
	struct vring_used_elem *elem;
	u32 id, n = 0;

	for (; q->used_seen != used_idx(q); q->used_seen++, n++) {
		elem = &q->vring.used->ring[q->used_seen % q->vring.num];
		id = __virtio32_to_cpu(true, elem->id);
		*bad += __virtio32_to_cpu(true, elem->len) != FRAME ||
			!is_numbered(q->seg[id].buf, number + n);
		publish(q, id);
	}
	return n;
}

/*
 * flood N: sends N numbered frames by the ops alone, on rings that are ready, and
 * gets each back; what a virtio driver costs on top of that is for a benchmark.
 */
static int flood(const char *n, const char *b)
{
	struct queue *rx = &user->queue[0], *tx = &user->queue[TX];
	u32 count, sent = 0, received = 0, got, bad = 0;
	unsigned int i;
	u16 calls;
	int ret;

	ret = kstrtou32(n, 0, &count);
	ret = ret ?: make_frames(rx, VRING_DESC_F_WRITE);
	ret = ret ?: make_frames(tx, 0);
	for (i = 0; !ret && i < rx->vring.num; i++)
		publish(rx, i);
	while (!ret && received < count) {
		calls = READ_ONCE(rx->calls);
		while (sent < count && sent - received < tx->vring.num / 2)
			send_numbered(tx, sent++);
		user->ops->kick_vq(user->mdev, TX);
		got = receive_numbered(rx, received, &bad);
		received += got;
		if (!got)
			ret = wait_event_interruptible(called, READ_ONCE(rx->calls) != calls);
	}
	sprintf(user->result, "%u sent, %u received, %u bad\n", sent, received, bad);
	return ret;
}

/* ---- commands ------------------------------------------------------------- */

static const struct mdev_test_command commands[] = {
	/* none of these looks at more than what stays the same while the card has a user */
	{ "kick", kick },
	{ "ready", set_ready },
	{ "callback", set_callback },
	{ "config_callback", set_config_callback },
	{ "features", set_features },
	{ "status", set_status },
	{ "settle", settle },
#define AT_ANY_TIME	7
	{ "ring", new_ring },
	{ "start", set_start },
	{ "post", post },
	{ "break", break_ring },
	{ "reap", reap },
	{ "wait", wait_used },
	{ "echo", set_echo },
	{ "quiet", quiet },
	{ "wait_config", wait_config },
	{ "address", set_address },
	{ "num", set_num },
	{ "state", set_state },
	{ "config", get_config },
	{ "write", set_config },
	{ "get", get },
	{ "block", block },
	{ "round_trip", round_trip },
	{ "flood", flood },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	ssize_t ret;

	mutex_lock(&command_lock);
	/* who runs meanwhile reads it */
	if (user != dev_get_drvdata(dev))
		user = dev_get_drvdata(dev);
	ret = mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
	mutex_unlock(&command_lock);
	return ret;
}
static DEVICE_ATTR_WO(do);

static ssize_t meanwhile_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	return mdev_test_run(commands, AT_ANY_TIME, buf, count);
}
static DEVICE_ATTR_WO(meanwhile);

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct card_user *u = dev_get_drvdata(dev);
	ssize_t len;

	mutex_lock(&command_lock);
	len = sprintf(buf, "%s", u->result);
	mutex_unlock(&command_lock);
	return len;
}
static DEVICE_ATTR_RO(result);

static struct attribute *virtio_attrs[] = {
	&dev_attr_do.attr,
	&dev_attr_result.attr,
	&dev_attr_meanwhile.attr,
	NULL
};
static const struct attribute_group virtio_group = { .name = "virtio", .attrs = virtio_attrs };

/* ---- the driver ----------------------------------------------------------- */

static void free_user(struct card_user *u)
{
	unsigned int i;

	for (i = 0; i < NUM_VQS; i++) {
		free_chains(&u->queue[i]);
		kfree(u->queue[i].mem);
	}
	kfree(u);
}

static struct card_user *make_user(struct device *dev, const struct mdev_virtio_device_ops *ops)
{
	struct card_user *u = kzalloc(sizeof(*u), GFP_KERNEL);
	unsigned int i;

	if (!u)
		return NULL;
	u->mdev = mdev_from_dev(dev);
	u->ops = ops;
	for (i = 0; i < NUM_VQS; i++) {
		struct queue *q = &u->queue[i];

		q->mem = kzalloc(vring_size(MAX_NUM, 64), GFP_KERNEL);
		if (!q->mem) {
			free_user(u);
			return NULL;
		}
		make_ring(q, MAX_NUM, 0);
	}
	u->queue[0].cb = (struct virtio_mdev_callback){ queue_called, &u->queue[0] };
	u->queue[TX].cb = (struct virtio_mdev_callback){ tx_called, u };
	u->config_cb = (struct virtio_mdev_callback){ config_called, u };
	return u;
}

static int test_probe(struct device *dev)
{
	const struct mdev_virtio_device_ops *ops = mdev_get_virtio_ops(mdev_from_dev(dev));
	struct card_user *u;
	int ret;

	if (!ops)
		return -EINVAL;
	u = make_user(dev, ops);
	if (!u)
		return -ENOMEM;
	dev_set_drvdata(dev, u);
	ret = device_add_group(dev, &virtio_group);
	if (ret)
		free_user(u);
	return ret;
}

/* The reset comes first: the device must let go of rings before they are freed. */
static void test_remove(struct device *dev)
{
	struct card_user *u = dev_get_drvdata(dev);

	device_remove_group(dev, &virtio_group);
	u->ops->set_config_cb(u->mdev, NULL);
	u->ops->set_status(u->mdev, 0);
	u->ops->kick_vq(u->mdev, TX);
	free_user(u);
}

/* No MODULE_DEVICE_TABLE: it is never loaded in place of virtio_mdev. */
static const struct mdev_class_id ids[] = {
	{ MDEV_CLASS_ID_VIRTIO },
	{ 0 }
};

static struct mdev_driver test_driver = {
	.name = "mdev_test_virtio",
	.probe = test_probe,
	.remove = test_remove,
	.id_table = ids,
};

/* Of the module, since the device of the command "block" may be gone by then. */
static int unblock_set(const char *val, const struct kernel_param *kp)
{
	complete_all(&unblocked);
	return 0;
}

static const struct kernel_param_ops unblock_ops = { .set = unblock_set };
module_param_cb(unblock, &unblock_ops, NULL, 0200);
MODULE_PARM_DESC(unblock, "lets work items go on that the command block holds");

static int __init mdev_test_virtio_init(void)
{
	unsigned int i;

	for (i = 0; i < BLOCKERS; i++)
		INIT_WORK(&blockers[i], block_fn);
	return mdev_register_driver(&test_driver, THIS_MODULE);
}

static void __exit mdev_test_virtio_exit(void)
{
	unsigned int i;

	mdev_unregister_driver(&test_driver);
	complete_all(&unblocked);
	for (i = 0; i < BLOCKERS; i++)
		flush_work(&blockers[i]);
}

module_init(mdev_test_virtio_init);
module_exit(mdev_test_virtio_exit);
MODULE_DESCRIPTION("mdev driver of class virtio that does as a test says");
MODULE_LICENSE("GPL v2");
