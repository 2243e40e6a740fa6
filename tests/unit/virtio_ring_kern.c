// SPDX-License-Identifier: GPL-2.0-only
/* Virtqueues under faults and between tasks, and DMA; see virtio_ring.c. */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <linux/vmalloc.h>
#include <linux/vringh.h>
#include <umdev/umdev.h>

#include "virtio_ring.h"

#define SIZE	16
#define MODERN	(BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(VIRTIO_F_ACCESS_PLATFORM))
#define EVENTS	(MODERN | BIT_ULL(VIRTIO_RING_F_EVENT_IDX))
#define TABLES	(MODERN | BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC))

/* ---- a device whose addresses are the kernel's -------------------------------------- */

static void *kernel_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
			  unsigned long attrs)
{
	void *mem = (void *)__get_free_pages(gfp | __GFP_ZERO, get_order(size));

	*handle = (unsigned long)mem;
	return mem;
}

static void kernel_free(struct device *dev, size_t size, void *mem, dma_addr_t handle,
			unsigned long attrs)
{
	free_pages((unsigned long)mem, get_order(size));
}

#if KAPI_ABI_DMA_MAP_PHYS
#define map_page map_phys
static dma_addr_t kernel_map(struct device *dev, phys_addr_t phys, size_t size,
			     enum dma_data_direction dir, unsigned long attrs)
{
	return (unsigned long)phys_to_virt(phys);
}
#else
static dma_addr_t kernel_map(struct device *dev, struct page *page, unsigned long offset,
			     size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	return (unsigned long)page_address(page) + offset;
}
#endif

static int supports(struct device *dev, u64 mask)
{
	return mask == DMA_BIT_MASK(64);
}

static const struct dma_map_ops kernel_addresses = {
	.alloc = kernel_alloc, .free = kernel_free, .map_page = kernel_map,
	.dma_supported = supports,
};

static struct virtio_device vdev;	/* on no bus: rings need none */
static struct device *parent;
static struct virtqueue *vq;
static struct vringh vrh;

static DECLARE_COMPLETION(kick);
static DECLARE_COMPLETION(interrupt);

static bool notify(struct virtqueue *q)
{
	complete(&kick);
	return true;
}

static void called(struct virtqueue *q)
{
	complete(&interrupt);
}

static struct device *make_parent(const struct dma_map_ops *ops)
{
	struct device *dev = root_device_register("dma_parent");

	CHECK(!IS_ERR(dev));
	set_dma_ops(dev, ops);
	CHECK_EQ(dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
	return dev;
}

static struct virtqueue *make_vq(void)
{
	return vring_create_virtqueue(0, SIZE, 64, &vdev, true, true, false, notify, called,
				      "test");
}

static void set_up(u64 features)
{
	const struct vring *vring;

	parent = make_parent(&kernel_addresses);
	vdev = (struct virtio_device){ .features = features, .dev.parent = parent,
				       .dev.init_name = "ring" };
	INIT_LIST_HEAD(&vdev.vqs);
	spin_lock_init(&vdev.vqs_list_lock);
	reinit_completion(&kick);
	reinit_completion(&interrupt);
	vq = make_vq();
	CHECK(vq);
	vring = virtqueue_get_vring(vq);
	CHECK_EQ(vringh_init_kern(&vrh, features, SIZE, true, vring->desc, vring->avail,
				  vring->used), 0);
}

static void tear_down(void)
{
	vring_del_virtqueue(vq);
	root_device_unregister(parent);
}

/* ---- two sides ----------------------------------------------------------------------- */

#define MESSAGES	2000

struct message {
	u32 question;
	u32 answer;
};

/* A buffer for each slot: the question is read by the device, the answer written. */
static struct message *messages;

static int ask(u32 i)
{
	struct message *m = &messages[i % SIZE];
	struct scatterlist out, in, *sgs[] = { &out, &in };

	m->question = i;
	m->answer = 0;
	sg_init_one(&out, &m->question, sizeof(m->question));
	sg_init_one(&in, &m->answer, sizeof(m->answer));
	return virtqueue_add_sgs(vq, sgs, 1, 1, m, GFP_KERNEL);
}

static struct message *wait_for_answer(void)
{
	struct message *m;
	unsigned int len;

	for (;;) {
		m = virtqueue_get_buf(vq, &len);
		if (m) {
			CHECK_EQ(len, sizeof(m->answer));
			return m;
		}
		if (virtqueue_enable_cb(vq))
			wait_for_completion(&interrupt);
		virtqueue_disable_cb(vq);
	}
}

static void check_answer(u32 i)
{
	struct message *m = wait_for_answer();

	CHECK_EQ(m->question, i);
	CHECK_EQ(m->answer, i * 7 + 1);
}

static long drive(void *arg)
{
	u32 sent = 0, answered = 0;

	while (answered < MESSAGES) {
		while (sent < MESSAGES && sent - answered < SIZE / 2)
			CHECK_EQ(ask(sent++), 0);
		CHECK(virtqueue_kick(vq));
		check_answer(answered++);
	}
	return 0;
}

static void answer_next(struct vringh_kiov *riov, struct vringh_kiov *wiov)
{
	u32 question = 0, answer;
	u16 head;

	while (!vringh_getdesc_kern(&vrh, riov, wiov, &head, GFP_KERNEL)) {
		if (vringh_notify_enable_kern(&vrh))
			wait_for_completion(&kick);
		vringh_notify_disable_kern(&vrh);
	}
	CHECK_EQ(vringh_iov_pull_kern(riov, &question, sizeof(question)), sizeof(question));
	answer = question * 7 + 1;
	CHECK_EQ(vringh_iov_push_kern(wiov, &answer, sizeof(answer)), sizeof(answer));
	vringh_complete_kern(&vrh, head, sizeof(answer));
	if (vringh_need_notify_kern(&vrh) > 0)
		vring_interrupt(0, vq);
}

static void talk(u64 features)
{
	struct vringh_kiov riov, wiov;
	struct um_task *driver;
	u32 i;

	set_up(features);
	messages = kcalloc(SIZE, sizeof(*messages), GFP_KERNEL);
	CHECK(messages);
	vringh_kiov_init(&riov, NULL, 0);
	vringh_kiov_init(&wiov, NULL, 0);
	driver = um_task_start("driver", drive, NULL);
	for (i = 0; i < MESSAGES; i++)
		answer_next(&riov, &wiov);
	CHECK_EQ(um_task_join(driver), 0);
	vringh_kiov_cleanup(&riov);
	vringh_kiov_cleanup(&wiov);
	CHECK(!virtqueue_detach_unused_buf(vq));
	kfree(messages);
	tear_down();
}

/* A side that sleeps was promised to be told: with a promise broken this hangs. */
static void sides_that_sleep_until_told_lose_nothing(void)
{
	talk(MODERN);
}

static void sides_that_tell_by_index_lose_nothing(void)
{
	talk(EVENTS);
}

static void sides_with_tables_lose_nothing(void)
{
	talk(TABLES);
}

/* ---- a barrier is missing ------------------------------------------------------------- */

/*
 * One side by hand, as Linux writes it: what it writes before smp_wmb() is seen by
 * who reads after smp_rmb(), when between the barriers one stores an index and the
 * other finds it there.
 */
enum barriers { NONE, RELEASE, FULL, BEFORE_STORES, BEFORE_LOADS, BOTH, OF_ANOTHER_RING };

static u32 *payload;
static enum barriers with;
static u16 other_index;		/* of another ring */

static void move_index(__virtio16 *idx, u16 to)
{
	if (with == RELEASE) {
		smp_store_release(idx, to);
		return;
	}
	if (with == FULL)
		smp_mb();
	else if (with == BEFORE_STORES || with == BOTH)
		smp_wmb();
	WRITE_ONCE(*idx, to);
	if (with == OF_ANOTHER_RING) {
		smp_wmb();
		WRITE_ONCE(other_index, to);
	}
}

static void wait_for_index(const __virtio16 *idx)
{
	while (READ_ONCE(*idx) != 1)
		cond_resched();
	if (with == FULL)
		smp_mb();
	else if (with == BEFORE_LOADS || with == BOTH)
		smp_rmb();
}

/* By hand: offers one buffer of one part. */
static long offer_by_hand(void *arg)
{
	*payload = 42;
	vrh.vring.desc[0] = (vring_desc_t){ .addr = (unsigned long)payload, .len = sizeof(u32) };
	vrh.vring.avail->ring[0] = 0;
	move_index(&vrh.vring.avail->idx, 1);
	return 0;
}

static void begin_by_hand(void)
{
	set_up(MODERN);
	payload = kzalloc(sizeof(*payload), GFP_KERNEL);
	other_index = 0;
}

static void end_by_hand(struct um_task *other)
{
	CHECK_EQ(um_task_join(other), 0);
	kfree(payload);
	tear_down();
}

static void take_what_was_offered_by_hand(void)
{
	struct vringh_kiov riov;
	struct um_task *driver;
	u32 got = 0;
	u16 head;

	begin_by_hand();
	vringh_kiov_init(&riov, NULL, 0);
	driver = um_task_start("driver", offer_by_hand, NULL);
	while (!vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL))
		cond_resched();
	CHECK_EQ(vringh_iov_pull_kern(&riov, &got, sizeof(got)), sizeof(got));
	CHECK_EQ(got, 42);
	vringh_kiov_cleanup(&riov);
	end_by_hand(driver);
}

/* By hand: uses the buffer that is offered. */
static long use_by_hand(void *arg)
{
	*payload = 42;
	vrh.vring.used->ring[0] = (vring_used_elem_t){ .id = 0, .len = sizeof(u32) };
	move_index(&vrh.vring.used->idx, 1);
	return 0;
}

static void offer_payload(void)
{
	struct scatterlist sg;

	sg_init_one(&sg, payload, sizeof(*payload));
	CHECK_EQ(virtqueue_add_inbuf(vq, &sg, 1, payload, GFP_KERNEL), 0);
}

static void get_what_was_used_by_hand(void)
{
	struct um_task *device;
	unsigned int len;

	begin_by_hand();
	offer_payload();
	device = um_task_start("device", use_by_hand, NULL);
	while (virtqueue_get_buf(vq, &len) != payload)
		cond_resched();
	CHECK_EQ(len, sizeof(u32));
	CHECK_EQ(*payload, 42);
	end_by_hand(device);
}

/* Both sides by hand: the device reads what it is offered. */
static void read_what_was_offered_by_hand(void)
{
	const struct vring *vring;
	struct um_task *driver;
	u16 head;

	begin_by_hand();
	vring = virtqueue_get_vring(vq);
	driver = um_task_start("driver", offer_by_hand, NULL);
	wait_for_index(&vring->avail->idx);
	head = vring->avail->ring[0];
	CHECK_EQ(*(u32 *)(unsigned long)vring->desc[head].addr, 42);
	end_by_hand(driver);
}

/* Likewise: the driver reads what was used. */
static void read_what_was_used_by_hand(void)
{
	const struct vring *vring;
	struct um_task *device;

	begin_by_hand();
	vring = virtqueue_get_vring(vq);
	device = um_task_start("device", use_by_hand, NULL);
	wait_for_index(&vring->used->idx);
	CHECK_EQ(vring->used->ring[0].len, sizeof(u32));
	CHECK_EQ(*payload, 42);
	end_by_hand(device);
}

static void indices_order_what_was_written_before(void)
{
	static const enum barriers enough[] = { RELEASE, FULL, BEFORE_STORES };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(enough); i++) {
		with = enough[i];
		take_what_was_offered_by_hand();
		get_what_was_used_by_hand();
	}
}

static void barriers_pair_by_the_index_between_them(void)
{
	static const enum barriers enough[] = { FULL, BOTH };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(enough); i++) {
		with = enough[i];
		read_what_was_offered_by_hand();
		read_what_was_used_by_hand();
	}
}

/* Each is one barrier too few, on one side of a ring. */
static void device_without_barrier(void)
{
	with = NONE;
	get_what_was_used_by_hand();
}

static void driver_without_barrier(void)
{
	with = NONE;
	take_what_was_offered_by_hand();
}

static void device_that_reads_without_barrier(void)
{
	with = BEFORE_STORES;
	read_what_was_offered_by_hand();
}

static void driver_that_reads_without_barrier(void)
{
	with = BEFORE_STORES;
	read_what_was_used_by_hand();
}

static void device_that_writes_without_barrier(void)
{
	with = BEFORE_LOADS;
	read_what_was_used_by_hand();
}

static void driver_that_writes_without_barrier(void)
{
	with = BEFORE_LOADS;
	read_what_was_offered_by_hand();
}

/* It comes after the index of this ring has moved. */
static void barrier_of_another_ring(void)
{
	with = OF_ANOTHER_RING;
	get_what_was_used_by_hand();
}

/* ---- faults ------------------------------------------------------------------------------ */

static u8 *parts[4];

static int add_four(void)
{
	struct scatterlist sg[4], *sgs[4];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		sg_init_one(&sg[i], parts[i], 100);
		sgs[i] = &sg[i];
	}
	return virtqueue_add_sgs(vq, sgs, 2, 2, parts, GFP_KERNEL);
}

/* Each call that can fail, failed: nothing stays mapped, and it works afterwards. */
static unsigned int fail_each(int (*call)(void))
{
	unsigned int n;

	for (n = 1;; n++) {
		um_fail_nth(n);
		if (!call()) {
			CHECK(um_fail_nth(0) > 0);
			return n - 1;
		}
		CHECK_EQ(um_fail_nth(0), 0);
		CHECK_EQ(vq->num_free, SIZE);
		CHECK_EQ(um_audit(NULL, NULL), 0);
	}
}

static void buffers_under_faults(u64 features, unsigned int want)
{
	unsigned int i;

	set_up(features);
	for (i = 0; i < 4; i++)
		parts[i] = kzalloc(100, GFP_KERNEL);
	um_audit_mark();
	CHECK_EQ(fail_each(add_four), want);
	CHECK(virtqueue_detach_unused_buf(vq) == parts);
	CHECK(!virtqueue_detach_unused_buf(vq));
	for (i = 0; i < 4; i++)
		kfree(parts[i]);
	tear_down();
}

static void buffer_that_cannot_be_mapped_is_not_there(void)
{
	buffers_under_faults(MODERN, 4);
}

/* Four parts and the table. Without a table it goes into the ring. */
static void table_that_cannot_be_mapped_is_not_there(void)
{
	set_up(TABLES);
	parts[0] = parts[1] = parts[2] = parts[3] = kzalloc(100, GFP_KERNEL);
	um_fail_nth(1);
	CHECK_EQ(add_four(), 0);
	CHECK_EQ(um_fail_nth(0), 0);
	CHECK_EQ(vq->num_free, SIZE - 4);
	CHECK(virtqueue_detach_unused_buf(vq) == parts);
	um_fail_nth(6);
	CHECK_EQ(add_four(), -ENOMEM);
	CHECK_EQ(um_fail_nth(0), 0);
	CHECK(strstr(um_fault_fired(), "dma_map_single"));
	CHECK_EQ(vq->num_free, SIZE);
	CHECK_EQ(add_four(), 0);
	CHECK_EQ(vq->num_free, SIZE - 1);
	CHECK(virtqueue_detach_unused_buf(vq) == parts);
	kfree(parts[0]);
	tear_down();
}

static void virtqueue_that_cannot_be_made_leaves_nothing(void)
{
	struct virtqueue *second = NULL;
	unsigned int n;

	set_up(MODERN);
	um_audit_mark();
	for (n = 1; !second; n++) {
		um_fail_nth(n);
		second = make_vq();
		CHECK(second || !um_fail_nth(0));
		CHECK(second || !um_audit(NULL, NULL));
	}
	um_fail_nth(0);
	CHECK(n > 3);
	vring_del_virtqueue(second);
	tear_down();
}

/* A page has room for so many: above that it may be had in smaller pieces. */
static void ring_may_be_smaller_than_asked_for(void)
{
	struct virtqueue *second;

	set_up(MODERN);
	um_fail_nth(2);
	second = vring_create_virtqueue(1, 1024, 64, &vdev, true, true, false, notify, called, "big");
	CHECK_EQ(um_fail_nth(0), 0);
	CHECK(second);
	CHECK_EQ(virtqueue_get_vring_size(second), 512);
	vring_del_virtqueue(second);
	um_fail_nth(2);
	CHECK(!vring_create_virtqueue(1, 1024, 64, &vdev, true, false, false, notify, called,
				      "big"));
	CHECK_EQ(um_fail_nth(0), 0);
	tear_down();
}

static void packed_ring_is_refused(void)
{
	set_up(MODERN);
	vdev.features |= BIT_ULL(VIRTIO_F_RING_PACKED);
	um_expect_splat("packed rings are not in the shim");
	CHECK(!make_vq());
	tear_down();
}

/* ---- DMA --------------------------------------------------------------------------------- */

static void kmalloc_has_pages(void)
{
	char *p = kmalloc(3 * PAGE_SIZE, GFP_KERNEL), *q = p + PAGE_SIZE + 100;
	struct scatterlist sg;

	CHECK(virt_addr_valid(p));
	CHECK(page_address(virt_to_page(q)) + offset_in_page(q) == q);
	CHECK(phys_to_virt(virt_to_phys(q)) == q);
	CHECK(pfn_to_page(page_to_pfn(virt_to_page(q))) == virt_to_page(q));
	CHECK(pfn_valid(page_to_pfn(virt_to_page(q))));
	CHECK(virt_to_page(p) + 1 == virt_to_page(p + PAGE_SIZE));
	sg_init_one(&sg, q, 5);
	CHECK(sg_virt(&sg) == q);
	CHECK_EQ(sg_phys(&sg), virt_to_phys(q));
	kfree(p);
}

static void not_all_addresses_have_pages(void)
{
	static int variable;
	void *area = vmalloc(PAGE_SIZE);
	int on_stack = 0;

	CHECK(!virt_addr_valid(area));
	CHECK(!virt_addr_valid(&variable));
	CHECK(!virt_addr_valid(&on_stack));
	vfree(area);
}

static void count_dma(const char *line, void *arg)
{
	int *count = arg;

	*count += !!strstr(line, "DMA");
}

static int dma_alive(void)
{
	int count = 0;

	um_audit(count_dma, &count);
	return count;
}

static void mapping_has_a_beginning_and_an_end(void)
{
	struct device *dev = make_parent(NULL);
	char *p = kmalloc(100, GFP_KERNEL);
	dma_addr_t addr, coherent;
	void *mem;

	addr = dma_map_single(dev, p, 100, DMA_TO_DEVICE);
	CHECK_EQ(dma_mapping_error(dev, addr), 0);
	CHECK(phys_to_virt(addr) == p);
	CHECK_EQ(dma_alive(), 1);
	dma_sync_single_for_cpu(dev, addr, 100, DMA_TO_DEVICE);
	dma_sync_single_for_device(dev, addr, 100, DMA_TO_DEVICE);
	dma_unmap_single(dev, addr, 100, DMA_TO_DEVICE);

	mem = dma_alloc_coherent(dev, 2 * PAGE_SIZE, &coherent, GFP_KERNEL);
	CHECK(mem && !memchr_inv(mem, 0, 2 * PAGE_SIZE));
	CHECK(phys_to_virt(coherent) == mem);
	CHECK_EQ(dma_alive(), 1);
	dma_free_coherent(dev, 2 * PAGE_SIZE, mem, coherent);
	CHECK_EQ(dma_alive(), 0);
	CHECK_EQ(dma_max_mapping_size(dev), SIZE_MAX);
	kfree(p);
	root_device_unregister(dev);
}

static void unmapping_twice_is_told(void)
{
	struct device *dev = make_parent(&kernel_addresses);
	char *p = kmalloc(100, GFP_KERNEL);
	dma_addr_t addr = dma_map_single(dev, p, 100, DMA_TO_DEVICE);

	dma_unmap_single(dev, addr, 100, DMA_TO_DEVICE);
	um_expect_splat("tries to free DMA memory it has not allocated");
	dma_unmap_single(dev, addr, 100, DMA_TO_DEVICE);
	kfree(p);
	root_device_unregister(dev);
}

static void unmapping_what_was_not_mapped_so_is_told(void)
{
	struct device *dev = make_parent(NULL);
	char *p = kmalloc(100, GFP_KERNEL);
	dma_addr_t addr, again;

	addr = dma_map_single(dev, p, 100, DMA_TO_DEVICE);
	um_expect_splat("frees DMA memory with different size");
	dma_unmap_single(dev, addr, 99, DMA_TO_DEVICE);
	addr = dma_map_single(dev, p, 100, DMA_TO_DEVICE);
	um_expect_splat("[mapped with DMA_TO_DEVICE] [unmapped with DMA_FROM_DEVICE]");
	dma_unmap_single(dev, addr, 100, DMA_FROM_DEVICE);
	/* of several the one that fits */
	addr = dma_map_single(dev, p, 100, DMA_TO_DEVICE);
	again = dma_map_single(dev, p, 50, DMA_FROM_DEVICE);
	CHECK_EQ(addr, again);
	dma_unmap_single(dev, addr, 100, DMA_TO_DEVICE);
	dma_unmap_single(dev, again, 50, DMA_FROM_DEVICE);
	kfree(p);
	root_device_unregister(dev);
}

static void device_without_a_mask_reaches_nothing(void)
{
	struct device *dev = root_device_register("dma_parent");
	char *p = kmalloc(100, GFP_KERNEL);

	CHECK_EQ(dma_set_mask(dev, DMA_BIT_MASK(64)), -EIO);
	um_expect_splat("dev->dma_mask");
	CHECK_EQ(dma_mapping_error(dev, dma_map_single(dev, p, 100, DMA_TO_DEVICE)), -ENOMEM);
	set_dma_ops(dev, &kernel_addresses);
	CHECK_EQ(dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32)), -EIO);
	CHECK_EQ(dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
	kfree(p);
	root_device_unregister(dev);
}

static void memory_of_vmalloc_is_not_mapped(void)
{
	struct device *dev = make_parent(NULL);
	void *p = vmalloc(PAGE_SIZE);

	um_expect_splat("rejecting DMA map of vmalloc memory");
	CHECK_EQ(dma_mapping_error(dev, dma_map_single(dev, p, 100, DMA_TO_DEVICE)), -ENOMEM);
	vfree(p);
	root_device_unregister(dev);
}

/* ---- what ends the process ------------------------------------------------------------------ */

static void stack(void)
{
	char on_stack[64] = "";
	struct scatterlist sg;

	sg_init_one(&sg, on_stack, sizeof(on_stack));
}

static void put_kmalloc(void)
{
	put_page(virt_to_page(kmalloc(100, GFP_KERNEL)));
}

#define CASE(fn) { #fn, fn }

const struct kern_case virtio_ring_cases[] = {
	CASE(sides_that_sleep_until_told_lose_nothing),
	CASE(sides_that_tell_by_index_lose_nothing),
	CASE(sides_with_tables_lose_nothing),
	CASE(indices_order_what_was_written_before),
	CASE(barriers_pair_by_the_index_between_them),
	CASE(buffer_that_cannot_be_mapped_is_not_there),
	CASE(table_that_cannot_be_mapped_is_not_there),
	CASE(virtqueue_that_cannot_be_made_leaves_nothing),
	CASE(ring_may_be_smaller_than_asked_for),
	CASE(packed_ring_is_refused),
	CASE(kmalloc_has_pages),
	CASE(not_all_addresses_have_pages),
	CASE(mapping_has_a_beginning_and_an_end),
	CASE(unmapping_twice_is_told),
	CASE(unmapping_what_was_not_mapped_so_is_told),
	CASE(device_without_a_mask_reaches_nothing),
	CASE(memory_of_vmalloc_is_not_mapped),
	{ NULL, NULL },
};

const struct kern_case virtio_ring_children[] = {
	CASE(device_without_barrier),
	CASE(driver_without_barrier),
	CASE(device_that_reads_without_barrier),
	CASE(driver_that_reads_without_barrier),
	CASE(device_that_writes_without_barrier),
	CASE(driver_that_writes_without_barrier),
	CASE(barrier_of_another_ring),
	CASE(stack),
	CASE(put_kmalloc),
	{ NULL, NULL },
};
