// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small headers that drivers include, tried when the module is loaded. Each
 * parameter is a subject, and reads "ok" or the first expression that was not
 * true: nospec, iopoll, registers (of linux/io.h), fields (bitfield.h, bcd.h,
 * circ_buf.h, gcd.h, ioport.h), cleanup.
 */
#include <linux/bcd.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/circ_buf.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gcd.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define SUBJECT(name)							\
static char *name = "not run";						\
module_param(name, charp, 0444)

SUBJECT(nospec);
SUBJECT(iopoll);
SUBJECT(registers);
SUBJECT(fields);
SUBJECT(cleanup);

/* In a function that returns what to show for its subject. */
#define CHECK(expr)							\
do {									\
	if (!(expr))							\
		return #expr;						\
} while (0)

/* ---- nospec ---------------------------------------------------------- */

static char *try_nospec(void)
{
	unsigned int i = 3, size = 8;
	u8 small = 7;

	CHECK(array_index_nospec(i, size) == 3);
	CHECK(array_index_nospec(small, size) == 7);
	CHECK(array_index_nospec(i++, size) == 3 && i == 4);
	i = 8;
	CHECK(array_index_nospec(i, size) == 0);
	i = ~0U;
	CHECK(array_index_nospec(i, size) == 0);
	CHECK(array_index_mask_nospec(0, 1) == ~0UL);
	CHECK(array_index_mask_nospec(1, 1) == 0);
	CHECK(array_index_mask_nospec(0, 0) == 0);
	return "ok";
}

/* ---- iopoll ---------------------------------------------------------- */

static int reads;

static int count_read(int step)
{
	return reads += step;
}

static char *try_iopoll(void)
{
	u32 word = 5, got;
	void __iomem *addr = (void __iomem *)&word;
	int val;

	CHECK(read_poll_timeout(count_read, val, val >= 3, 1, 1000000, false, 1) == 0);
	CHECK(val == 3 && reads == 3);
	CHECK(read_poll_timeout(count_read, val, val < 0, 10, 100, true, 1) == -ETIMEDOUT);
	/* expired before the first read, later kernels read once */
	CHECK(reads > 3);
	reads = 0;
	CHECK(read_poll_timeout_atomic(count_read, val, val == 2, 1, 1000000, false, 1) == 0);
	CHECK(read_poll_timeout_atomic(count_read, val, val < 0, 1, 20, true, 1) == -ETIMEDOUT);
	CHECK(readl_poll_timeout(addr, got, got == 5, 0, 1000000) == 0 && got == 5);
	CHECK(readl_poll_timeout_atomic(addr, got, got == 6, 1, 10) == -ETIMEDOUT);
	return "ok";
}

/* ---- registers ---------------------------------------------------------- */

static char *try_registers(void)
{
	u8 bytes[16] __aligned(8) = {}, copy[16];
	void __iomem *addr = (void __iomem *)bytes;

	writel(0x11223344, addr);
	CHECK(readb(addr) == 0x44 && readw(addr + 2) == 0x1122);
	writeb(0x55, addr + 3);
	CHECK(readl(addr) == 0x55223344);
	writew(0x6677, addr + 8);
	CHECK(ioread16(addr + 8) == 0x6677);
	iowrite32(0x8899aabb, addr + 4);
	CHECK(readq(addr) == 0x8899aabb55223344ULL);
	memcpy_fromio(copy, addr, sizeof(copy));
	CHECK(copy[4] == 0xbb && copy[8] == 0x77);
	memset_io(addr, 0x5a, 4);
	CHECK(bytes[3] == 0x5a && bytes[4] == 0xbb);
	memcpy_toio(addr + 8, copy, 4);
	CHECK(bytes[8] == 0x44);
	return "ok";
}

/* ---- fields ------------------------------------------------------------ */

static bool ring_is_right(int head, int tail, int size)
{
	int used = CIRC_CNT(head, tail, size), space = CIRC_SPACE(head, tail, size);

	return used + space == size - 1 && (used == 0) == (head == tail) &&
	       CIRC_CNT_TO_END(head, tail, size) == min(used, size - tail) &&
	       CIRC_SPACE_TO_END(head, tail, size) == min(space, size - head);
}

static char *try_fields(void)
{
	struct resource bar = DEFINE_RES_MEM(0x1000, SZ_4K);
	struct resource part = DEFINE_RES_MEM(0x1800, SZ_1K);
	struct resource port = DEFINE_RES_IO(0x1800, 8);
	u32 word = 0x12345678;
	int head, tail;

	CHECK(FIELD_GET(GENMASK(15, 8), word) == 0x56);
	CHECK(FIELD_PREP(GENMASK(15, 8), word & 0xff) == 0x7800);
	CHECK(FIELD_MAX(GENMASK(6, 4)) == 7 && FIELD_FIT(GENMASK(6, 4), 7));
	CHECK(!FIELD_FIT(GENMASK(6, 4), 8));
	CHECK(bcd2bin(0x59) == 59 && bin2bcd(42) == 0x42);
	CHECK(gcd(48, 36) == 12 && gcd(0, 5) == 5);
	for (head = 0; head < 8; head++)
		for (tail = 0; tail < 8; tail++)
			CHECK(ring_is_right(head, tail, 8));
	CHECK(resource_size(&bar) == SZ_4K && resource_type(&bar) == IORESOURCE_MEM);
	CHECK(resource_contains(&bar, &part) && !resource_contains(&part, &bar));
	CHECK(!resource_contains(&bar, &port) && resource_overlaps(&bar, &port));
	return "ok";
}

/* ---- cleanup ---------------------------------------------------------- */

static DEFINE_MUTEX(lock);
static DECLARE_RWSEM(sem);
static DEFINE_SPINLOCK(spin);

static int freed;

DEFINE_FREE(count, int *, if (_T) freed += *_T)

static void *keep_second(void)
{
	void *first __free(kfree) = kzalloc(8, GFP_KERNEL);
	void *second __free(kfree) = kzalloc(8, GFP_KERNEL);
	void *none __free(kfree) = ERR_PTR(-ENOMEM);

	if (!first || !second)
		return none;
	return_ptr(second);
}

static bool held_in_function(void)
{
	guard(mutex)(&lock);

	return mutex_is_locked(&lock);
}

static char *try_guards(void)
{
	bool inside = false;

	CHECK(held_in_function() && !mutex_is_locked(&lock));
	scoped_guard(mutex, &lock)
		inside = mutex_is_locked(&lock);
	CHECK(inside && !mutex_is_locked(&lock));
	scoped_guard(rwsem_write, &sem) {
		inside = !down_read_trylock(&sem);
	}
	CHECK(inside);
	scoped_guard(rwsem_read, &sem)
		CHECK(!down_write_trylock(&sem));	/* leaves by return, too */
	CHECK(down_write_trylock(&sem));
	up_write(&sem);
	scoped_guard(spinlock_irqsave, &spin)
		inside = spin_is_locked(&spin) && irqs_disabled();
	CHECK(inside && !irqs_disabled());
	scoped_guard(rcu) {
		scoped_guard(irq)
			inside = irqs_disabled();
	}
	CHECK(inside && !irqs_disabled());
	return "ok";
}

static char *try_cleanup(void)
{
	int one = 1, two = 2;
	void *kept;

	{
		int *a __free(count) = &one;
		int *b __free(count) = &two;
		int *c __free(count) = NULL;

		CHECK(freed == 0 && !c);
		CHECK(no_free_ptr(b) == &two && !b);
		CHECK(*a == 1);
	}
	CHECK(freed == 1);
	kept = keep_second();
	CHECK(!IS_ERR_OR_NULL(kept));
	kfree(kept);
	return try_guards();
}

static int __init headers_test_init(void)
{
	nospec = try_nospec();
	iopoll = try_iopoll();
	registers = try_registers();
	fields = try_fields();
	cleanup = try_cleanup();
	return 0;
}

static void __exit headers_test_exit(void)
{
}

module_init(headers_test_init);
module_exit(headers_test_exit);
MODULE_DESCRIPTION("Small headers that drivers include");
MODULE_LICENSE("GPL");
