/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of which nobody says whether they are memory or ports; here, memory. */
#ifndef __GENERIC_IO_H
#define __GENERIC_IO_H

#include <linux/swab.h>
#include <asm/byteorder.h>

#define ioread8(a) readb(a)
#define ioread16(a) readw(a)
#define ioread32(a) readl(a)
#define ioread64(a) readq(a)
#define iowrite8(v, a) writeb(v, a)
#define iowrite16(v, a) writew(v, a)
#define iowrite32(v, a) writel(v, a)
#define iowrite64(v, a) writeq(v, a)

#define ioread16be(a) swab16(readw(a))
#define ioread32be(a) swab32(readl(a))
#define iowrite16be(v, a) writew(swab16(v), a)
#define iowrite32be(v, a) writel(swab32(v), a)

#define UM_IO_REP(bits)							\
static inline void ioread##bits##_rep(const volatile void __iomem *addr, void *buf,	\
				      unsigned long count)		\
{									\
	u##bits *p = buf;						\
									\
	while (count--)							\
		*p++ = ioread##bits(addr);				\
}									\
									\
static inline void iowrite##bits##_rep(volatile void __iomem *addr, const void *buf,	\
				       unsigned long count)		\
{									\
	const u##bits *p = buf;						\
									\
	while (count--)							\
		iowrite##bits(*p++, addr);				\
}

UM_IO_REP(8)
UM_IO_REP(16)
UM_IO_REP(32)

#undef UM_IO_REP

#endif
