/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a driver finds virt_to_phys() and page_to_phys(), what reads and writes
 * registers (asm/io.h), and mappings of them that go with the driver
 * (lib/devres.c).
 */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/io.h>

struct device;

void __iomem *devm_ioremap(struct device *dev, resource_size_t offset, resource_size_t size);
void devm_iounmap(struct device *dev, void __iomem *addr);
#define devm_ioremap_uc(dev, offset, size) devm_ioremap(dev, offset, size)
#define devm_ioremap_wc(dev, offset, size) devm_ioremap(dev, offset, size)
#define devm_ioremap_np(dev, offset, size) devm_ioremap(dev, offset, size)

#endif
