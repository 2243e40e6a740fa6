// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both sides of a virtio ring in kernel memory: the driver's by hand, so that
 * a ring can be wrong in every way, the device's by vringh.
 *
 * The device "ring" of the class mdev_test has
 *	do	"<command> <word> <word>", one of those at the end of this file
 *	result	what came of the last one
 *
 * Buffers lie in one array of bytes and are named by their offset in it; "T"
 * is the address of an indirect table, whose entries are t0, t1 and so on.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/vringh.h>

#include "mdev_test.h"

#define TABLE	32
#define DATA	4096

static struct vringh vrh;
static struct vring ring;		/* the driver's view of it */
static void *ring_memory;
static struct vring_desc table[TABLE] __aligned(VRING_DESC_ALIGN_SIZE);
static char data[DATA];
static struct vringh_kiov kiovs[2];	/* readable, writable */
static struct kvec rooms[2][8];		/* what they have at first */
static int notified;

static char result[PAGE_SIZE];
static size_t result_len;

static int say(const char *fmt, ...) __printf(1, 2);
static int say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	result_len += vscnprintf(result + result_len, sizeof(result) - result_len, fmt, args);
	va_end(args);
	return 0;
}

static unsigned int number(const char *text)
{
	unsigned int value = 0;

	return kstrtouint(text, 0, &value) ? 0 : value;
}

static struct vringh_kiov *kiov(const char *direction)
{
	return &kiovs[direction[0] == 'w'];
}

/* ---- the driver's side --------------------------------------------------- */

static void note_notify(struct vringh *which)
{
	notified += which == &vrh;
}

/* ring <entries> <features>: '1' for VERSION_1, 'e' for EVENT_IDX, 'b' for strong barriers */
static int do_ring(const char *a, const char *b)
{
	unsigned int num = number(a);
	u64 features = 0;

	if (strchr(b, '1'))
		features |= 1ULL << VIRTIO_F_VERSION_1;
	if (strchr(b, 'e'))
		features |= 1ULL << VIRTIO_RING_F_EVENT_IDX;
	kfree(ring_memory);
	ring_memory = kzalloc(vring_size(num, VRING_USED_ALIGN_SIZE), GFP_KERNEL);
	if (!ring_memory)
		return -ENOMEM;
	vring_init(&ring, num, ring_memory, VRING_USED_ALIGN_SIZE);
	vrh.notify = note_notify;
	return say("%d", vringh_init_kern(&vrh, features, num, !strchr(b, 'b'),
					  ring.desc, ring.avail, ring.used));
}

/* init <entries> <times>: of a ring that nobody looks at; the last result */
static int do_init(const char *a, const char *b)
{
	unsigned int times = number(b);
	struct vringh unused;
	int ret;

	do
		ret = vringh_init_kern(&unused, 0, number(a), true, NULL, NULL, NULL);
	while (times && --times);
	return say("%d", ret);
}

/* desc <index> <address>,<length>,<flags n w i, or ->,<next> */
static int do_desc(const char *a, const char *b)
{
	struct vring_desc *desc = a[0] == 't' ? &table[number(a + 1)] : &ring.desc[number(a)];
	unsigned int at = 0, len, next = 0;
	const char *rest = strchr(b, ',');
	unsigned long addr;
	char flags[8];
	u16 f = 0;

	if (b[0] != 'T' && sscanf(b, "%u", &at) != 1)
		return -EINVAL;
	if (!rest || sscanf(rest, ",%u,%7[-nwi],%u", &len, flags, &next) < 2)
		return -EINVAL;
	f |= strchr(flags, 'n') ? VRING_DESC_F_NEXT : 0;
	f |= strchr(flags, 'w') ? VRING_DESC_F_WRITE : 0;
	f |= strchr(flags, 'i') ? VRING_DESC_F_INDIRECT : 0;
	addr = b[0] == 'T' ? (unsigned long)table : (unsigned long)data + at;
	desc->addr = cpu_to_vringh64(&vrh, addr);
	desc->len = cpu_to_vringh32(&vrh, len);
	desc->flags = cpu_to_vringh16(&vrh, f);
	desc->next = cpu_to_vringh16(&vrh, next);
	return 0;
}

static void offer(u16 head)
{
	u16 idx = vringh16_to_cpu(&vrh, ring.avail->idx);

	ring.avail->ring[idx % ring.num] = cpu_to_vringh16(&vrh, head);
	smp_store_release(&ring.avail->idx, cpu_to_vringh16(&vrh, idx + 1));
}

static int do_offer(const char *a, const char *b)
{
	offer(number(a));
	return 0;
}

/* flags <n>: of the available ring; event <index>: what is to be told of */
static int do_flags(const char *a, const char *b)
{
	ring.avail->flags = cpu_to_vringh16(&vrh, number(a));
	return 0;
}

static int do_event(const char *a, const char *b)
{
	vring_used_event(&ring) = cpu_to_vringh16(&vrh, number(a));
	return 0;
}

/* used: index, and the entry before it; wishes: what the device wants to be told of */
static int do_used(const char *a, const char *b)
{
	u16 idx = vringh16_to_cpu(&vrh, smp_load_acquire(&ring.used->idx));
	vring_used_elem_t *last = &ring.used->ring[(u16)(idx - 1) % ring.num];

	return say("%u: %u %u", idx, vringh32_to_cpu(&vrh, last->id),
		   vringh32_to_cpu(&vrh, last->len));
}

static int do_wishes(const char *a, const char *b)
{
	return say("flags %u event %u", vringh16_to_cpu(&vrh, ring.used->flags),
		   vringh16_to_cpu(&vrh, vring_avail_event(&ring)));
}

/* data <offset> <text>; show <offset> <length> */
static int do_data(const char *a, const char *b)
{
	memcpy(data + number(a), b, strlen(b));
	return 0;
}

static int do_show(const char *a, const char *b)
{
	return say("%.*s", number(b), data + number(a));
}

/* ---- the device's side --------------------------------------------------------- */

/* room <direction> <elements>: of the caller's own */
static int do_room(const char *a, const char *b)
{
	vringh_kiov_cleanup(kiov(a));
	vringh_kiov_init(kiov(a), rooms[a[0] == 'w'], number(b));
	return 0;
}

static int do_room_of(const char *a, const char *b)
{
	const struct vringh_kiov *iov = kiov(a);

	return say("%u%s", iov->max_num & ~VRINGH_IOV_ALLOCATED,
		   iov->max_num & VRINGH_IOV_ALLOCATED ? " allocated" : "");
}

static void say_buffers(const char *direction)
{
	const struct vringh_kiov *iov = kiov(direction);
	unsigned int i;

	for (i = 0; i < iov->used; i++)
		say(" %s%ld+%zu", direction, (long)((char *)iov->iov[i].iov_base - data),
		    iov->iov[i].iov_len);
}

/* get <directions>: "<result> <head> <buffers>"; head 999 was not set */
static int do_get(const char *a, const char *b)
{
	struct vringh_kiov *riov = strchr(a, 'r') ? kiov("r") : NULL;
	struct vringh_kiov *wiov = strchr(a, 'w') ? kiov("w") : NULL;
	u16 head = 999;
	int ret;

	ret = vringh_getdesc_kern(&vrh, riov, wiov, &head, GFP_KERNEL);
	say("%d %u", ret, head);
	if (riov && ret > 0)
		say_buffers("r");
	if (wiov && ret > 0)
		say_buffers("w");
	return 0;
}

static int do_pull(const char *a, const char *b)
{
	char bytes[64];
	ssize_t n;

	n = vringh_iov_pull_kern(kiov("r"), bytes, min_t(size_t, number(a), sizeof(bytes)));
	return say("%zd %.*s", n, (int)n, bytes);
}

static int do_push(const char *a, const char *b)
{
	return say("%zd", vringh_iov_push_kern(kiov("w"), a, strlen(a)));
}

static int do_advance(const char *a, const char *b)
{
	vringh_kiov_advance(kiov(a), number(b));
	return 0;
}

static int do_reset(const char *a, const char *b)
{
	vringh_kiov_reset(kiov(a));
	return 0;
}

/* left <direction>: bytes, and the buffers as they are now */
static int do_left(const char *a, const char *b)
{
	say("%zu", vringh_kiov_length(kiov(a)));
	say_buffers(a);
	return 0;
}

static int do_abandon(const char *a, const char *b)
{
	vringh_abandon_kern(&vrh, number(a));
	return 0;
}

static int do_complete(const char *a, const char *b)
{
	return say("%d", vringh_complete_kern(&vrh, number(a), number(b)));
}

static int do_need_notify(const char *a, const char *b)
{
	return say("%d", vringh_need_notify_kern(&vrh));
}

static int do_notify_enable(const char *a, const char *b)
{
	return say("%d", vringh_notify_enable_kern(&vrh));
}

static int do_notify_disable(const char *a, const char *b)
{
	vringh_notify_disable_kern(&vrh);
	return 0;
}

/* notify <y or n>: with or without a function; how often it was called so far */
static int do_notify(const char *a, const char *b)
{
	vrh.notify = a[0] == 'y' ? note_notify : NULL;
	vringh_notify(&vrh);
	return say("%d", notified);
}

/*
 * cycle <n>: the chain at 0 goes to and fro; how often it came back, and the
 * used index then.
 */
static int do_cycle(const char *a, const char *b)
{
	unsigned int n = number(a), i;
	u16 head;

	for (i = 0; i < n; i++) {
		offer(0);
		if (vringh_getdesc_kern(&vrh, kiov("r"), kiov("w"), &head, GFP_KERNEL) != 1 || head)
			break;
		vringh_complete_kern(&vrh, head, i);
		if (vringh_getdesc_kern(&vrh, kiov("r"), kiov("w"), &head, GFP_KERNEL))
			break;
	}
	return say("%u %u", i, vringh16_to_cpu(&vrh, ring.used->idx));
}

static const struct mdev_test_command commands[] = {
	{ "ring", do_ring }, { "init", do_init }, { "desc", do_desc },
	{ "offer", do_offer },
	{ "flags", do_flags }, { "event", do_event }, { "used", do_used },
	{ "wishes", do_wishes }, { "data", do_data }, { "show", do_show },
	{ "room", do_room }, { "room_of", do_room_of }, { "get", do_get }, { "pull", do_pull },
	{ "push", do_push }, { "advance", do_advance }, { "reset", do_reset },
	{ "left", do_left }, { "abandon", do_abandon }, { "complete", do_complete },
	{ "need_notify", do_need_notify }, { "notify_enable", do_notify_enable },
	{ "notify_disable", do_notify_disable }, { "notify", do_notify }, { "cycle", do_cycle },
};

/* A message of vringh has no newline: it is the next one that lets it be read. */
static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	ssize_t ret;

	result_len = 0;
	ret = mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
	say("\n");
	dev_info(dev, "%s", result);
	return ret;
}
static DEVICE_ATTR_WO(do);

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", result);
}
static DEVICE_ATTR_RO(result);

static struct attribute *vringh_attrs[] = { &dev_attr_do.attr, &dev_attr_result.attr, NULL };
ATTRIBUTE_GROUPS(vringh);

static struct device *device;

static int __init vringh_test_init(void)
{
	do_room("r", "8");
	do_room("w", "8");
	device = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, vringh_groups, "ring");
	return PTR_ERR_OR_ZERO(device);
}

static void __exit vringh_test_exit(void)
{
	device_unregister(device);
	vringh_kiov_cleanup(&kiovs[0]);
	vringh_kiov_cleanup(&kiovs[1]);
	kfree(ring_memory);
}

module_init(vringh_test_init);
module_exit(vringh_test_exit);
MODULE_DESCRIPTION("Both sides of a virtio ring over sysfs");
MODULE_LICENSE("GPL v2");
