// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where IOMMUFD maps what the user has named no place for: the lowest IOVAs that
 * are free, in the ranges that the user allows (all but the first and the last
 * page, if none were named), as much aligned as the memory is.
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "drivers/iommu/iommufd/iommufd_private.h"

/* what huge pages are aligned to */
#define MAX_ALIGNMENT		(1UL << 21)

struct wanted {
	unsigned long length, alignment, offset;	/* offset: in a page */
};

/* Whether there is room from *@start, which is moved, to @last. */
static bool fits(const struct wanted *want, unsigned long *start, unsigned long last)
{
	unsigned long aligned;

	if (check_add_overflow(*start, want->alignment - 1, &aligned))
		return false;
	aligned &= ~(want->alignment - 1);
	aligned |= want->offset;
	if (aligned >= last || last - aligned < want->length - 1)
		return false;
	*start = aligned;
	return true;
}

/* Between the areas from @start to @last. */
static bool find_hole(struct io_pagetable *iopt, const struct wanted *want,
		      unsigned long start, unsigned long last, unsigned long *iova)
{
	struct iopt_area *area = iopt_first(iopt, start, last);

	for (; area; area = iopt_next(area, start, last)) {
		*iova = start;
		if (area->node.start > start && fits(want, iova, area->node.start - 1))
			return true;
		if (area->node.last >= last)
			return false;
		start = area->node.last + 1;
	}
	*iova = start;
	return fits(want, iova, last);
}

int iopt_choose_iova(struct io_pagetable *iopt, unsigned long uptr, unsigned long length,
		     unsigned long *iova)
{
	const unsigned long lowest = PAGE_SIZE, highest = ULONG_MAX - PAGE_SIZE;
	struct wanted want = { .length = length, .offset = uptr & ~PAGE_MASK };
	struct interval_tree_node *allowed, *next;
	unsigned long start, last;

	if (!length || length >= ULONG_MAX / 2)
		return -EOVERFLOW;
	want.alignment = roundup_pow_of_two(length);
	if (uptr)
		want.alignment = min(want.alignment, 1UL << __ffs(uptr));
	want.alignment = min(want.alignment, MAX_ALIGNMENT);
	if (want.alignment < iopt->iova_alignment)
		return -EINVAL;

	if (RB_EMPTY_ROOT(&iopt->allowed.rb_root))
		return find_hole(iopt, &want, lowest, highest, iova) ? 0 : -ENOSPC;
	allowed = interval_tree_iter_first(&iopt->allowed, lowest, highest);
	for (; allowed; allowed = next) {
		start = max(allowed->start, lowest);
		last = allowed->last;
		/* what adjoins is one range */
		while ((next = interval_tree_iter_next(allowed, lowest, highest)) &&
		       next->start - 1 == last) {
			allowed = next;
			last = next->last;
		}
		last = min(last, highest);
		if (fits(&want, &start, last) && find_hole(iopt, &want, start, last, iova))
			return 0;
	}
	return -ENOSPC;
}

/* ---- what the user allows --------------------------------------------------------- */

void iopt_free_allowed(struct rb_root_cached *allowed)
{
	struct interval_tree_node *node;

	while ((node = interval_tree_iter_first(allowed, 0, ULONG_MAX))) {
		interval_tree_remove(node, allowed);
		kfree(node);
	}
}

static int load(struct rb_root_cached *allowed, struct iommu_iova_range __user *ranges, u32 n)
{
	struct interval_tree_node *node;
	struct iommu_iova_range range;
	u32 i;

	for (i = 0; i < n; i++) {
		if (copy_from_user(&range, ranges + i, sizeof(range)))
			return -EFAULT;
		if (range.start >= range.last ||
		    interval_tree_iter_first(allowed, range.start, range.last))
			return -EINVAL;
		node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
		if (!node)
			return -ENOMEM;
		node->start = range.start;
		node->last = range.last;
		interval_tree_insert(node, allowed);
	}
	return 0;
}

/* All of them in place of what was allowed; nothing changes when it fails. */
int iopt_load_allowed(struct io_pagetable *iopt, struct iommu_iova_range __user *ranges, u32 n)
{
	struct rb_root_cached allowed = RB_ROOT_CACHED;
	int err = load(&allowed, ranges, n);

	if (!err) {
		down_write(&iopt->iova_rwsem);
		swap(allowed, iopt->allowed);
		up_write(&iopt->iova_rwsem);
	}
	iopt_free_allowed(&allowed);
	return err;
}
#endif
