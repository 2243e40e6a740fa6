/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes of registers, each one access of its width, in program
 * order with each other as on x86. What __iomem points to is memory: that of a
 * device which a driver models itself, or one from ioremap() (mm/ioremap.c), where
 * each access is looked at. Left out: the ports of inb() and outb().
 */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vmalloc.h>
#include <asm/barrier.h>

/* Where ioremap() maps; nothing before the first time. */
extern struct um_io_window {
	unsigned long start, size;
} um_io_window;

u64 um_io_read(const volatile void __iomem *addr, unsigned int size);
void um_io_write(volatile void __iomem *addr, u64 value, unsigned int size);
void um_io_copy_from(void *to, const volatile void __iomem *from, size_t count);
void um_io_copy_to(volatile void __iomem *to, const void *from, size_t count);
void um_io_set(volatile void __iomem *addr, int value, size_t count);

static inline bool um_is_io(const volatile void __iomem *addr)
{
	return unlikely((unsigned long)addr - um_io_window.start < um_io_window.size);
}

#define UM_IO_ACCESS(letter, bits)					\
static inline u##bits read##letter(const volatile void __iomem *addr)	\
{									\
	u##bits value;							\
									\
	if (um_is_io(addr))						\
		return um_io_read(addr, sizeof(value));			\
	value = *(const volatile u##bits __force *)addr;		\
	barrier();							\
	return value;							\
}									\
									\
static inline void write##letter(u##bits value, volatile void __iomem *addr)	\
{									\
	barrier();							\
	if (um_is_io(addr))						\
		um_io_write(addr, value, sizeof(value));		\
	else								\
		*(volatile u##bits __force *)addr = value;		\
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
#define __raw_readb(a) readb(a)
#define __raw_readw(a) readw(a)
#define __raw_readl(a) readl(a)
#define __raw_readq(a) readq(a)
#define __raw_writeb(v, a) writeb(v, a)
#define __raw_writew(v, a) writew(v, a)
#define __raw_writel(v, a) writel(v, a)
#define __raw_writeq(v, a) writeq(v, a)

static inline void memcpy_fromio(void *to, const volatile void __iomem *from,
				 size_t count)
{
	if (um_is_io(from))
		um_io_copy_from(to, from, count);
	else
		memcpy(to, (const void __force *)from, count);
}

static inline void memcpy_toio(volatile void __iomem *to, const void *from,
			       size_t count)
{
	if (um_is_io(to))
		um_io_copy_to(to, from, count);
	else
		memcpy((void __force *)to, from, count);
}

static inline void memset_io(volatile void __iomem *addr, int value, size_t count)
{
	if (um_is_io(addr))
		um_io_set(addr, value, count);
	else
		memset((void __force *)addr, value, count);
}

/* ---- mapping registers ------------------------------------------------------ */

void __iomem *um_ioremap(resource_size_t phys_addr, unsigned long size);
void iounmap(volatile void __iomem *addr);
/* On behalf of the code at @ip. */
void um_iounmap(volatile void __iomem *addr, unsigned long ip);

#define ioremap(phys, size)						\
	um_fallible("ioremap", (void __iomem *)NULL, um_ioremap(phys, size))
#define ioremap_uc(phys, size)		ioremap(phys, size)
#define ioremap_wc(phys, size)		ioremap(phys, size)
#define ioremap_wt(phys, size)		ioremap(phys, size)
#define ioremap_np(phys, size)		ioremap(phys, size)
#define ioremap_cache(phys, size)	ioremap(phys, size)

#include <asm-generic/iomap.h>

#endif
