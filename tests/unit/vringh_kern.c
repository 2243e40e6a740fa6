// SPDX-License-Identifier: GPL-2.0-only
/* Rings under faults and between tasks; see vringh.c. */
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/vringh.h>
#include <umdev/umdev.h>

#include "vringh.h"

#define SIZE	16

static struct vringh vrh;
static struct vring ring;
static void *memory;

static void set_up(u64 features)
{
	memory = kzalloc(vring_size(SIZE, VRING_USED_ALIGN_SIZE), GFP_KERNEL);
	CHECK(memory);
	vring_init(&ring, SIZE, memory, VRING_USED_ALIGN_SIZE);
	CHECK_EQ(vringh_init_kern(&vrh, features, SIZE, true, ring.desc, ring.avail, ring.used), 0);
}

/* A chain of the descriptors 0 to @n - 1, each of one byte. */
static void offer_chain(unsigned int n)
{
	static char byte;
	unsigned int i;

	for (i = 0; i < n; i++)
		ring.desc[i] = (vring_desc_t){
			.addr = cpu_to_vringh64(&vrh, (unsigned long)&byte),
			.len = cpu_to_vringh32(&vrh, 1),
			.flags = cpu_to_vringh16(&vrh, i + 1 < n ? VRING_DESC_F_NEXT : 0),
			.next = cpu_to_vringh16(&vrh, i + 1),
		};
	ring.avail->ring[ring.avail->idx % SIZE] = 0;
	ring.avail->idx++;
}

/* ---- faults ---------------------------------------------------------------- */

static void chain_that_finds_no_room_can_be_taken_again(void)
{
	struct kvec own[1];
	struct vringh_kiov riov;
	u16 head = 999;

	set_up(0);
	vringh_kiov_init(&riov, own, 1);
	offer_chain(2);
	um_fail_nth(1);
	CHECK_EQ(vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL), -ENOMEM);
	CHECK_EQ(um_fail_nth(0), 0);
	CHECK(strstr(um_fault_fired(), "kmalloc_array"));
	CHECK_EQ(head, 0);
	CHECK(riov.iov == own && riov.max_num == 1);
	CHECK_EQ(vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL), 0);

	vringh_abandon_kern(&vrh, 1);
	CHECK_EQ(vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL), 1);
	CHECK_EQ(riov.used, 2);
	vringh_kiov_cleanup(&riov);
	kfree(memory);
}

static void room_that_cannot_grow_is_kept(void)
{
	struct vringh_kiov riov;
	struct kvec *allocated;
	u16 head;

	set_up(0);
	vringh_kiov_init(&riov, NULL, 0);
	offer_chain(8);
	CHECK_EQ(vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL), 1);
	allocated = riov.iov;

	offer_chain(9);
	um_fail_nth(1);
	CHECK_EQ(vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL), -ENOMEM);
	CHECK_EQ(um_fail_nth(0), 0);
	CHECK(strstr(um_fault_fired(), "krealloc_array"));
	CHECK(riov.iov == allocated);
	CHECK_EQ(riov.max_num, 8 | VRINGH_IOV_ALLOCATED);
	vringh_kiov_cleanup(&riov);
	CHECK(!riov.iov && !riov.max_num);
	kfree(memory);
}

static void room_of_the_callers_needs_no_allocation(void)
{
	struct vringh_kiov riov;
	struct kvec own[2];
	u16 head;

	set_up(0);
	vringh_kiov_init(&riov, own, 2);
	offer_chain(2);
	um_fail_nth(1);
	CHECK_EQ(vringh_getdesc_kern(&vrh, &riov, NULL, &head, GFP_KERNEL), 1);
	CHECK_EQ(um_fail_nth(0), 1);
	vringh_kiov_cleanup(&riov);
	kfree(memory);
}

/* ---- two sides ------------------------------------------------------------------ */

#define MESSAGES	3000

static DECLARE_COMPLETION(kick);	/* the driver has offered, the device wanted to know */
static DECLARE_COMPLETION(interrupt);	/* and the other way round */

/* Sleeps until the device has given back enough for the @i-th message. */
static void wait_for_used(u32 i)
{
	u16 needed = i - SIZE + 1;

	while ((s16)(smp_load_acquire(&ring.used->idx) - needed) < 0) {
		WRITE_ONCE(vring_used_event(&ring), needed - 1);
		/* the device moves the index, then looks at the event */
		smp_mb();
		if ((s16)(smp_load_acquire(&ring.used->idx) - needed) < 0)
			wait_for_completion(&interrupt);
	}
}

static long drive(void *arg)
{
	static u32 messages[SIZE];
	u32 i;

	for (i = 0; i < MESSAGES; i++) {
		u16 slot = i % SIZE;

		if (i >= SIZE)
			wait_for_used(i);
		messages[slot] = i;
		ring.desc[slot] = (vring_desc_t){
			.addr = (unsigned long)&messages[slot], .len = sizeof(u32),
		};
		ring.avail->ring[slot] = slot;
		smp_store_release(&ring.avail->idx, i + 1);
		/* the device sets the event, then looks at the index */
		smp_mb();
		if (vring_need_event(READ_ONCE(vring_avail_event(&ring)), i + 1, i))
			complete(&kick);
	}
	return 0;
}

static u32 next_message(struct vringh_kiov *riov)
{
	u32 message = 0;
	u16 head;

	while (!vringh_getdesc_kern(&vrh, riov, NULL, &head, GFP_KERNEL)) {
		if (vringh_notify_enable_kern(&vrh))
			wait_for_completion(&kick);
	}
	CHECK_EQ(vringh_iov_pull_kern(riov, &message, sizeof(message)), sizeof(message));
	vringh_complete_kern(&vrh, head, 0);
	if (vringh_need_notify_kern(&vrh) > 0)
		complete(&interrupt);
	return message;
}

/* A side that sleeps was promised to be told: with a promise broken this hangs. */
static void sides_that_sleep_until_told_lose_nothing(void)
{
	struct vringh_kiov riov;
	struct um_task *driver;
	struct kvec own[2];
	u32 i;

	set_up(1ULL << VIRTIO_RING_F_EVENT_IDX | 1ULL << VIRTIO_F_VERSION_1);
	vringh_kiov_init(&riov, own, 2);
	reinit_completion(&kick);
	reinit_completion(&interrupt);
	driver = um_task_start("driver", drive, NULL);
	for (i = 0; i < MESSAGES; i++)
		CHECK_EQ(next_message(&riov), i);
	CHECK_EQ(um_task_join(driver), 0);
	vringh_kiov_cleanup(&riov);
	kfree(memory);
}

#define CASE(fn) { #fn, fn }

const struct kern_case vringh_cases[] = {
	CASE(chain_that_finds_no_room_can_be_taken_again),
	CASE(room_that_cannot_grow_is_kept),
	CASE(room_of_the_callers_needs_no_allocation),
	CASE(sides_that_sleep_until_told_lose_nothing),
	{ NULL, NULL },
};
