// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings and coherent memory of devices, from the call that makes them to the
 * one that undoes them.
 *
 * Each is an object that the audit knows. One that is undone twice, that never
 * was, or that is undone with another size or direction than it was made with
 * is a splat in the words of Linux's CONFIG_DMA_API_DEBUG. Of several mappings
 * of one address the one that fits is taken, and else the last.
 *
 * The records are bookkeeping that no kernel does: nothing of it is fallible.
 */
#include <linux/dma-direction.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/subscriber.h"
#include "host/host.h"

#define CHAINS 256

struct mapping {
	struct mapping *next;
	const void *dev;
	const char *sort;
	u64 addr;
	size_t size;
	int dir;
};

static struct {
	struct host_lock lock;			/* guards all of it */
	struct mapping *chains[CHAINS];		/* by address */
} mappings;

static const char *const directions[] = {
	[DMA_BIDIRECTIONAL] = "DMA_BIDIRECTIONAL", [DMA_TO_DEVICE] = "DMA_TO_DEVICE",
	[DMA_FROM_DEVICE] = "DMA_FROM_DEVICE", [DMA_NONE] = "DMA_NONE",
};

static struct mapping **chain_of(u64 addr)
{
	return &mappings.chains[(addr >> 4 ^ addr >> 12) % CHAINS];
}

static void describe(const void *obj, char *buf, size_t size)
{
	const struct mapping *m = obj;

	host_snprintf(buf, size, "%zu bytes at %#llx", m->size, m->addr);
}

static void mapped(enum um_kind kind, int outcome, struct um_op *op)
{
	struct mapping **chain = chain_of(op->dma), *m = outcome ? NULL : host_zalloc(sizeof(*m));

	if (!m)
		return;
	*m = (struct mapping){
		.dev = op->object, .sort = op->what, .addr = op->dma, .size = op->size,
		.dir = op->dir,
	};
	um_object_new(m, m->sort, describe);
	host_lock(&mappings.lock);
	m->next = *chain;
	*chain = m;
	host_unlock(&mappings.lock);
}

static bool fits(const struct mapping *m, const struct um_op *op)
{
	return m->dev == op->object && m->addr == op->dma && !strcmp(m->sort, op->what);
}

static bool fits_exactly(const struct mapping *m, const struct um_op *op)
{
	return fits(m, op) && m->size == op->size && m->dir == op->dir;
}

static struct mapping *take(const struct um_op *op)
{
	struct mapping **m, **found = NULL, *taken = NULL;

	host_lock(&mappings.lock);
	for (m = chain_of(op->dma); *m; m = &(*m)->next) {
		if (fits_exactly(*m, op)) {
			found = m;
			break;
		}
		if (!found && fits(*m, op))
			found = m;
	}
	if (found) {
		taken = *found;
		*found = taken->next;
	}
	host_unlock(&mappings.lock);
	return taken;
}

static void compare(const struct mapping *m, const struct um_op *op, const char *device)
{
	if (m->size != op->size)
		um_splat("DMA-API",
			 "%s: device driver frees DMA memory with different size [device address=0x%016llx] [map size=%zu bytes] [unmap size=%zu bytes]",
			 device, op->dma, m->size, op->size);
	if (m->dir != op->dir)
		um_splat("DMA-API",
			 "%s: device driver frees DMA memory with different direction [device address=0x%016llx] [size=%zu bytes] [mapped with %s] [unmapped with %s]",
			 device, op->dma, m->size, directions[m->dir], directions[op->dir]);
}

static enum um_decision unmapped(enum um_kind kind, struct um_op *op)
{
	struct mapping *m = take(op);
	char device[128];

	op->describe(op->object, device, sizeof(device));
	if (!m) {
		um_splat("DMA-API",
			 "%s: device driver tries to free DMA memory it has not allocated [device address=0x%016llx] [size=%zu bytes]",
			 device, op->dma, op->size);
		return UM_REFUSE;
	}
	compare(m, op, device);
	um_object_freed(m);
	host_free(m);
	return UM_GO_ON;
}

static struct um_subscriber dma = {
	.name = "dma", .rank = UM_RANK_DMA,
	.begins = UM_ON(UM_DMA), .ends = UM_ON(UM_DMA),
	.begin = unmapped, .end = mapped,
};
UM_SUBSCRIBER(dma)
