// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an address space of IOMMUFD maps, and pages that are pinned in it.
 *
 * An area maps a range of IOVAs to a part of a user's memory (struct iopt_pages),
 * which areas that were copied or cut from each other share. Nothing is pinned
 * when it is mapped: an access pins a range, and that very range is given back.
 * Equal ranges share a pin, which counts them; others have their own.
 *
 * Left out: domains, and so what a mapping does to them, and the accounting of
 * locked memory (the user is root).
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "check/op.h"
#include "drivers/iommu/iommufd/iommufd_private.h"
#include "host/host.h"

#define UNMAP_TRIES	100

struct iopt_pin {
	struct list_head link;
	struct iopt_pages *owner;
	unsigned long first, last;	/* pages of the owner */
	unsigned int users;
	struct page *pages[];
};

/* ---- a user's memory ---------------------------------------------------------- */

static struct iopt_pages *pages_alloc(unsigned long uptr, unsigned long length, bool writable)
{
	struct iopt_pages *pages;
	unsigned long end;

	if (!length || length > SIZE_MAX - PAGE_SIZE)
		return ERR_PTR(-EINVAL);
	if (check_add_overflow(uptr, length, &end))
		return ERR_PTR(-EOVERFLOW);
	pages = kzalloc(sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (!pages)
		return ERR_PTR(-ENOMEM);
	kref_init(&pages->kref);
	mutex_init(&pages->lock);
	INIT_LIST_HEAD(&pages->pins);
	pages->uptr = uptr & PAGE_MASK;
	pages->npages = DIV_ROUND_UP(length + (uptr & ~PAGE_MASK), PAGE_SIZE);
	pages->writable = writable;
	return pages;
}

static void pages_release(struct kref *kref)
{
	struct iopt_pages *pages = container_of(kref, struct iopt_pages, kref);

	WARN_ON(!list_empty(&pages->pins));
	mutex_destroy(&pages->lock);
	kfree(pages);
}

static void pages_put(struct iopt_pages *pages)
{
	kref_put(&pages->kref, pages_release);
}

static void describe_pin(const void *obj, char *buf, size_t size)
{
	const struct iopt_pin *pin = obj;

	host_snprintf(buf, size, "%lu of the user's from %#lx on", pin->last - pin->first + 1,
		      pin->owner->uptr + pin->first * PAGE_SIZE);
}

static struct iopt_pin *find_pin(struct iopt_pages *pages, unsigned long first,
				 unsigned long last)
{
	struct iopt_pin *pin;

	list_for_each_entry(pin, &pages->pins, link)
		if (pin->first == first && pin->last == last)
			return pin;
	return NULL;
}

static struct iopt_pin *pin_alloc(struct iopt_pages *pages, unsigned long first,
				  unsigned long last)
{
	unsigned int flags = pages->writable ? FOLL_WRITE : 0;
	unsigned long n = last - first + 1;
	struct iopt_pin *pin;
	long got;

	pin = kvzalloc(struct_size(pin, pages, n), GFP_KERNEL_ACCOUNT);
	if (!pin)
		return ERR_PTR(-ENOMEM);
	got = pin_user_pages_fast(pages->uptr + first * PAGE_SIZE, n, flags, pin->pages);
	if (got != n) {
		if (got > 0)
			unpin_user_pages(pin->pages, got);
		kvfree(pin);
		return ERR_PTR(got < 0 ? got : -EFAULT);
	}
	pin->owner = pages;
	pin->first = first;
	pin->last = last;
	list_add(&pin->link, &pages->pins);
	um_object_new(pin, "pinned page", describe_pin);
	return pin;
}

static int pages_pin(struct iopt_pages *pages, unsigned long first, unsigned long last,
		     struct page **out)
{
	struct iopt_pin *pin;

	mutex_lock(&pages->lock);
	pin = find_pin(pages, first, last);
	if (pin)
		um_object_get(pin);
	else
		pin = pin_alloc(pages, first, last);
	if (!IS_ERR(pin)) {
		pin->users++;
		memcpy(out, pin->pages, (last - first + 1) * sizeof(*out));
	}
	mutex_unlock(&pages->lock);
	return PTR_ERR_OR_ZERO(pin);
}

/* Whether there was such a pin. */
static bool pages_unpin(struct iopt_pages *pages, unsigned long first, unsigned long last)
{
	struct iopt_pin *pin;

	mutex_lock(&pages->lock);
	pin = find_pin(pages, first, last);
	if (pin) {
		um_object_put(pin);
		if (!--pin->users) {
			list_del(&pin->link);
			unpin_user_pages(pin->pages, last - first + 1);
			um_object_freed(pin);
			kvfree(pin);
		}
	}
	mutex_unlock(&pages->lock);
	return pin;
}

/* ---- tables --------------------------------------------------------------------- */

void iopt_init(struct io_pagetable *iopt)
{
	init_rwsem(&iopt->iova_rwsem);
	iopt->areas = RB_ROOT_CACHED;
	iopt->allowed = RB_ROOT_CACHED;
	xa_init_flags(&iopt->accesses, XA_FLAGS_ALLOC);
	iopt->iova_alignment = 1;
}

void iopt_destroy(struct io_pagetable *iopt)
{
	WARN_ON(!RB_EMPTY_ROOT(&iopt->areas.rb_root));
	iopt_free_allowed(&iopt->allowed);
	xa_destroy(&iopt->accesses);
}

static unsigned long start_byte(const struct iopt_area *area, unsigned long iova)
{
	return area->start_byte + (iova - area->node.start);
}

/* Page of area->pages. */
static unsigned long index_of(const struct iopt_area *area, unsigned long iova)
{
	return start_byte(area, iova) / PAGE_SIZE;
}

/*
 * Each area from @iova to @last_iova, as far as they adjoin; @at is where the part
 * of the range in the area begins.
 */
#define for_each_contig(area, iopt, at, iova, last_iova)			\
	for (at = (iova), area = iopt_first(iopt, at, at);			\
	     area && at <= (last_iova);						\
	     at = area->node.last + 1,						\
	     area = at ? iopt_first(iopt, at, at) : NULL)

/* Whether that came to the end, which may be that of the address space. */
static bool contig_done(unsigned long at, unsigned long iova, unsigned long last)
{
	return at != iova && at - 1 >= last;
}

static unsigned long part_last(const struct iopt_area *area, unsigned long last)
{
	return min(last, area->node.last);
}

/* ---- map ---------------------------------------------------------------------------- */

static int check_iova(struct io_pagetable *iopt, unsigned long iova, unsigned long length)
{
	unsigned long last;

	if (iova & (iopt->iova_alignment - 1))
		return -EINVAL;
	if (check_add_overflow(iova, length - 1, &last))
		return -EOVERFLOW;
	return iopt_first(iopt, iova, last) ? -EEXIST : 0;
}

/* Where to map @length bytes of the user's memory at @uptr. */
static int place(struct io_pagetable *iopt, unsigned long uptr, unsigned long length, bool fixed,
		 unsigned long *iova)
{
	if (!length || length & (iopt->iova_alignment - 1))
		return -EINVAL;
	return fixed ? check_iova(iopt, *iova, length) :
		       iopt_choose_iova(iopt, uptr, length, iova);
}

/* An area for a part of @pages, of which it takes a reference; not in a table yet. */
static struct iopt_area *area_alloc(struct iopt_pages *pages, unsigned long start,
				    unsigned long length, int prot)
{
	struct iopt_area *area = kzalloc(sizeof(*area), GFP_KERNEL_ACCOUNT);

	if (!area)
		return NULL;
	area->node.last = length - 1;
	area->pages = pages;
	area->start_byte = start;
	area->prot = prot;
	kref_get(&pages->kref);
	return area;
}

static void area_free(struct iopt_area *area)
{
	pages_put(area->pages);
	kfree(area);
}

static int check_area(struct io_pagetable *iopt, const struct iopt_area *area)
{
	if (area->prot & IOMMU_WRITE && !area->pages->writable)
		return -EPERM;
	return area->start_byte % PAGE_SIZE & (iopt->iova_alignment - 1) ? -EINVAL : 0;
}

static void area_insert(struct io_pagetable *iopt, struct iopt_area *area, unsigned long iova)
{
	unsigned long length = area->node.last - area->node.start;

	area->node.start = iova;
	area->node.last = iova + length;
	interval_tree_insert(&area->node, &iopt->areas);
}

/* Areas one after another from @iova on: all, and the list is empty, or none. */
struct parts {
	struct iopt_area **areas;
	unsigned int n, room;
	unsigned long length;
};

static int map_parts(struct io_pagetable *iopt, struct parts *parts, bool fixed,
		     unsigned long *iova)
{
	unsigned long uptr = parts->areas[0]->pages->uptr + parts->areas[0]->start_byte, at;
	unsigned int i;
	int err;

	down_write(&iopt->iova_rwsem);
	err = place(iopt, uptr, parts->length, fixed, iova);
	for (i = 0; i < parts->n && !err; i++)
		err = check_area(iopt, parts->areas[i]);
	if (!err) {
		for (i = 0, at = *iova; i < parts->n; i++) {
			area_insert(iopt, parts->areas[i], at);
			at = parts->areas[i]->node.last + 1;
		}
		parts->n = 0;
	}
	up_write(&iopt->iova_rwsem);
	return err;
}

int iopt_map_user(struct io_pagetable *iopt, unsigned long uptr, unsigned long length,
		  int prot, bool fixed, unsigned long *iova)
{
	struct iopt_pages *pages;
	struct iopt_area *area;
	struct parts parts = { .areas = &area, .n = 1, .length = length };
	int err;

	pages = pages_alloc(uptr, length, prot & IOMMU_WRITE);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	area = area_alloc(pages, uptr & ~PAGE_MASK, length, prot);
	pages_put(pages);
	if (!area)
		return -ENOMEM;
	err = map_parts(iopt, &parts, fixed, iova);
	if (err)
		area_free(area);
	return err;
}

/* ---- copy -------------------------------------------------------------------------- */

static int add_part(struct parts *parts, struct iopt_area *from, unsigned long at,
		    unsigned long last, int prot)
{
	struct iopt_area **more, *area;

	if (parts->n == parts->room) {
		more = krealloc(parts->areas, (parts->room + 8) * sizeof(*more),
				GFP_KERNEL_ACCOUNT);
		if (!more)
			return -ENOMEM;
		parts->areas = more;
		parts->room += 8;
	}
	area = area_alloc(from->pages, start_byte(from, at), last - at + 1, prot);
	if (!area)
		return -ENOMEM;
	parts->areas[parts->n++] = area;
	return 0;
}

/* The source's areas as they are now; its lock is not held when they are mapped. */
static int collect(struct parts *parts, struct io_pagetable *src, unsigned long iova,
		   unsigned long last, int prot)
{
	struct iopt_area *area;
	unsigned long at;
	int err = 0;

	down_read(&src->iova_rwsem);
	for_each_contig(area, src, at, iova, last) {
		err = add_part(parts, area, at, part_last(area, last), prot);
		if (err)
			break;
	}
	up_read(&src->iova_rwsem);
	if (!err && !contig_done(at, iova, last))
		err = -ENOENT;
	return err;
}

int iopt_copy(struct io_pagetable *dst, struct io_pagetable *src, unsigned long src_iova,
	      unsigned long length, int prot, bool fixed, unsigned long *iova)
{
	struct parts parts = { .length = length };
	unsigned long last;
	int err;

	if (!length)
		return -EINVAL;
	if (check_add_overflow(src_iova, length - 1, &last))
		return -EOVERFLOW;
	err = collect(&parts, src, src_iova, last, prot);
	if (!err)
		err = map_parts(dst, &parts, fixed, iova);
	while (parts.n)
		area_free(parts.areas[--parts.n]);
	kfree(parts.areas);
	return err;
}

/* ---- unmap ------------------------------------------------------------------------ */

/*
 * Takes whole areas away, from *@start on, which moves behind each: others may map
 * anew where we have been. Who has pinned some of an area is asked to let it go,
 * without the lock: -EAGAIN.
 */
static int unmap_some(struct io_pagetable *iopt, unsigned long *start, unsigned long last,
		      unsigned int *tries, unsigned long *unmapped, struct iopt_area **pinned)
{
	struct iopt_area *area;

	while ((area = iopt_first(iopt, *start, last))) {
		if (area->node.start < *start || area->node.last > last)
			return -ENOENT;
		if (area->node.start != *start)
			*tries = 0;
		if (area->n_pins) {
			*start = area->node.start;
			area->prevent_access = true;
			*pinned = area;
			return -EAGAIN;
		}
		interval_tree_remove(&area->node, &iopt->areas);
		*unmapped += area->node.last - area->node.start + 1;
		*start = area->node.last + 1;
		last = *start ? last : 0;
		area_free(area);
		if (!*start || *start > last)
			break;
	}
	return 0;
}

int iopt_unmap(struct io_pagetable *iopt, unsigned long iova, unsigned long last,
	       unsigned long *unmapped)
{
	unsigned long first, length, bytes = 0;
	struct iopt_area *pinned;
	unsigned int tries = 0;
	int err;

	for (;;) {
		down_write(&iopt->iova_rwsem);
		err = unmap_some(iopt, &iova, last, &tries, &bytes, &pinned);
		if (err == -EAGAIN) {
			first = pinned->node.start;
			length = pinned->node.last - first + 1;
		}
		up_write(&iopt->iova_rwsem);
		if (err != -EAGAIN)
			break;
		iommufd_access_notify_unmap(iopt, first, length);
		/* somebody does not let go */
		if (WARN_ON(++tries > UNMAP_TRIES)) {
			err = -EDEADLOCK;
			break;
		}
	}
	if (unmapped)
		*unmapped = bytes;
	return err;
}

/* ---- cut --------------------------------------------------------------------------- */

int iopt_cut(struct io_pagetable *iopt, unsigned long iova)
{
	struct iopt_area *area, *right;
	unsigned long split = iova + 1;
	int err = 0;

	down_write(&iopt->iova_rwsem);
	area = iopt_first(iopt, iova, iova);
	if (!area || iova == area->node.start || iova == area->node.last)
		goto unlock;
	err = -EBUSY;
	if (area->prevent_access)
		goto unlock;
	err = -EINVAL;
	if ((split | start_byte(area, split)) & (iopt->iova_alignment - 1) || area->n_pins)
		goto unlock;
	err = -ENOMEM;
	right = area_alloc(area->pages, start_byte(area, split), area->node.last - iova,
			   area->prot);
	if (!right)
		goto unlock;
	interval_tree_remove(&area->node, &iopt->areas);
	area->node.last = iova;
	interval_tree_insert(&area->node, &iopt->areas);
	area_insert(iopt, right, split);
	err = 0;
unlock:
	up_write(&iopt->iova_rwsem);
	return err;
}

/* ---- alignment ------------------------------------------------------------------ */

/* @large: whether areas may be mapped by large pages, which cannot be cut */
static int set_alignment(struct io_pagetable *iopt, bool large)
{
	unsigned long alignment = large && xa_empty(&iopt->accesses) ? 1 : PAGE_SIZE;
	struct iopt_area *area = iopt_first(iopt, 0, ULONG_MAX);

	for (; alignment > iopt->iova_alignment && area; area = iopt_next(area, 0, ULONG_MAX))
		if ((area->node.start | (area->node.last + 1) | area->start_byte) &
		    (alignment - 1))
			return -EADDRINUSE;
	iopt->iova_alignment = alignment;
	return 0;
}

int iopt_set_large_pages(struct io_pagetable *iopt, bool enable)
{
	int err = 0;

	down_write(&iopt->iova_rwsem);
	if (iopt->disable_large_pages == enable) {
		err = set_alignment(iopt, enable);
		if (!err)
			iopt->disable_large_pages = !enable;
	}
	up_write(&iopt->iova_rwsem);
	return err;
}

/* Accesses that pin want whole pages: what is mapped by parts of some keeps them out. */
int iopt_add_access(struct io_pagetable *iopt, struct iommufd_access *access, u32 *id)
{
	int err;

	down_write(&iopt->iova_rwsem);
	err = xa_alloc(&iopt->accesses, id, access, xa_limit_16b, GFP_KERNEL_ACCOUNT);
	if (!err) {
		err = set_alignment(iopt, !iopt->disable_large_pages);
		if (err)
			xa_erase(&iopt->accesses, *id);
	}
	up_write(&iopt->iova_rwsem);
	return err;
}

void iopt_remove_access(struct io_pagetable *iopt, u32 id)
{
	down_write(&iopt->iova_rwsem);
	xa_erase(&iopt->accesses, id);
	/* to less or the same: nothing is in the way of that */
	WARN_ON(set_alignment(iopt, !iopt->disable_large_pages));
	up_write(&iopt->iova_rwsem);
}

/* ---- accesses by the CPU -------------------------------------------------------- */

/* With the lock: what iopt_pin() pinned, in the same range. */
static bool unpin_range(struct io_pagetable *iopt, unsigned long iova, unsigned long last)
{
	struct iopt_area *area;
	unsigned long at;
	bool all = true;

	for_each_contig(area, iopt, at, iova, last) {
		if (WARN_ON(!pages_unpin(area->pages, index_of(area, at),
					 index_of(area, part_last(area, last)))))
			all = false;
		else
			area->n_pins--;
	}
	return all && contig_done(at, iova, last);
}

static int pin_part(struct iopt_area *area, unsigned long at, unsigned long last, int prot,
		    struct page **pages)
{
	int err;

	if (area->prevent_access || start_byte(area, at) % PAGE_SIZE)
		return -EINVAL;
	if (!(area->prot & prot))
		return -EPERM;
	err = pages_pin(area->pages, index_of(area, at), index_of(area, last), pages);
	if (!err)
		area->n_pins++;
	return err;
}

/* The lock is taken for writing, as it alone guards the areas' counts. */
int iopt_pin(struct io_pagetable *iopt, unsigned long iova, unsigned long last,
	     struct page **pages, int prot)
{
	struct iopt_area *area;
	unsigned long at;
	int err = 0;

	down_write(&iopt->iova_rwsem);
	for_each_contig(area, iopt, at, iova, last) {
		err = pin_part(area, at, part_last(area, last), prot, pages);
		if (err)
			break;
		pages += (part_last(area, last) - at) / PAGE_SIZE + 1;
	}
	if (!err && !contig_done(at, iova, last))
		err = -ENOENT;
	if (err && at != iova)
		unpin_range(iopt, iova, at - 1);
	up_write(&iopt->iova_rwsem);
	return err;
}

void iopt_unpin(struct io_pagetable *iopt, unsigned long iova, unsigned long last)
{
	down_write(&iopt->iova_rwsem);
	WARN_ON(!unpin_range(iopt, iova, last));
	up_write(&iopt->iova_rwsem);
}

static int rw_part(struct iopt_area *area, unsigned long at, unsigned long bytes, void *data,
		   bool write)
{
	void __user *user = (void __user *)(area->pages->uptr + start_byte(area, at));

	if (area->prevent_access)
		return -EINVAL;
	if (!(area->prot & (write ? IOMMU_WRITE : IOMMU_READ)))
		return -EPERM;
	return (write ? copy_to_user(user, data, bytes) : copy_from_user(data, user, bytes)) ?
	       -EFAULT : 0;
}

int iopt_rw(struct io_pagetable *iopt, unsigned long iova, unsigned long last, void *data,
	    bool write)
{
	struct iopt_area *area;
	unsigned long at, bytes;
	int err = 0;

	down_read(&iopt->iova_rwsem);
	for_each_contig(area, iopt, at, iova, last) {
		bytes = part_last(area, last) - at + 1;
		err = rw_part(area, at, bytes, data, write);
		if (err)
			break;
		data += bytes;
	}
	if (!err && !contig_done(at, iova, last))
		err = -ENOENT;
	up_read(&iopt->iova_rwsem);
	return err;
}
#endif
