/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes of registers, each one access of its width, in program
 * order with each other as on x86. What __iomem points to is ordinary memory
 * here: that of a device which a driver models. Left out: ioremap(), for there
 * are no registers to map, and the ports of inb() and outb().
 */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vmalloc.h>
#include <asm/barrier.h>

#define UM_IO_ACCESS(letter, bits)					\
static inline u##bits read##letter(const volatile void __iomem *addr)	\
{									\
	u##bits value = *(const volatile u##bits __force *)addr;	\
									\
	barrier();							\
	return value;							\
}									\
									\
static inline void write##letter(u##bits value, volatile void __iomem *addr)	\
{									\
	barrier();							\
	*(volatile u##bits __force *)addr = value;			\
}

UM_IO_ACCESS(b, 8)
UM_IO_ACCESS(w, 16)
UM_IO_ACCESS(l, 32)
UM_IO_ACCESS(q, 64)

#undef UM_IO_ACCESS

/* as in Linux: a driver may ask which of them there are */
#define readb readb
#define readw readw
#define readl readl
#define readq readq
#define writeb writeb
#define writew writew
#define writel writel
#define writeq writeq

#define readb_relaxed(a) readb(a)
#define readw_relaxed(a) readw(a)
#define readl_relaxed(a) readl(a)
#define readq_relaxed(a) readq(a)
#define writeb_relaxed(v, a) writeb(v, a)
#define writew_relaxed(v, a) writew(v, a)
#define writel_relaxed(v, a) writel(v, a)
#define writeq_relaxed(v, a) writeq(v, a)

#define ioread8(a) readb(a)
#define ioread16(a) readw(a)
#define ioread32(a) readl(a)
#define ioread64(a) readq(a)
#define iowrite8(v, a) writeb(v, a)
#define iowrite16(v, a) writew(v, a)
#define iowrite32(v, a) writel(v, a)
#define iowrite64(v, a) writeq(v, a)

static inline void memcpy_fromio(void *to, const volatile void __iomem *from,
				 size_t count)
{
	memcpy(to, (const void __force *)from, count);
}

static inline void memcpy_toio(volatile void __iomem *to, const void *from,
			       size_t count)
{
	memcpy((void __force *)to, from, count);
}

static inline void memset_io(volatile void __iomem *addr, int value, size_t count)
{
	memset((void __force *)addr, value, count);
}

#endif
