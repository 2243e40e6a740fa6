/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of drivers/iommu/iommufd/: objects of a context (main.c),
 * address spaces (ioas.c, with their mappings in io_pagetable.c), accesses
 * (access.c), and what VFIO's containers had (vfio_compat.c).
 *
 * An object has two counts. "users" are other objects and drivers that need it,
 * and the context's own one: who finds only that one may destroy it.
 * "shortterm_users" are tasks that work with it right now: destroying waits for
 * them.
 */
#ifndef UMDEV_IOMMUFD_PRIVATE_H
#define UMDEV_IOMMUFD_PRIVATE_H

#include <linux/interval_tree.h>
#include <linux/iommufd.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <uapi/linux/iommufd.h>

struct iommufd_ioas;

struct iommufd_ctx {
	struct file *file;
	struct xarray objects;		/* its lock guards vfio_ioas, too */
	wait_queue_head_t destroy_wait;
	struct iommufd_ioas *vfio_ioas;	/* of VFIO's ioctls; pins nothing */
	bool account_mm;		/* IOMMU_OPTION_RLIMIT_MODE; nothing is accounted */
};

enum iommufd_object_type {
	IOMMUFD_OBJ_ANY,
	IOMMUFD_OBJ_ACCESS,
	IOMMUFD_OBJ_IOAS,
};

struct iommufd_object {
	refcount_t shortterm_users;
	refcount_t users;
	enum iommufd_object_type type;
	u32 id;
};

/* One ioctl: the command in kernel memory, as long as ours is. */
struct iommufd_ucmd {
	struct iommufd_ctx *ictx;
	void __user *ubuffer;
	u32 user_size;
	void *cmd;
};

/* ---- io_pagetable.c ----------------------------------------------------- */

/* Mappings of an address space. */
struct io_pagetable {
	struct rw_semaphore iova_rwsem;	/* guards what follows */
	struct rb_root_cached areas;	/* iopt_area.node */
	struct rb_root_cached allowed;	/* where IOVAs may be chosen; empty: anywhere */
	struct xarray accesses;		/* struct iommufd_access */
	unsigned long iova_alignment;
	bool disable_large_pages;
};

/* A range of a user's memory, which areas of one or more tables map. */
struct iopt_pages {
	struct kref kref;
	unsigned long uptr;		/* of the first page */
	unsigned long npages;
	bool writable;
	struct mutex lock;		/* guards pins */
	struct list_head pins;		/* struct iopt_pin */
};

struct iopt_area {
	struct interval_tree_node node;	/* IOVAs */
	struct iopt_pages *pages;	/* has a reference */
	unsigned long start_byte;	/* of the first IOVA, from pages->uptr */
	int prot;			/* IOMMU_READ, IOMMU_WRITE */
	unsigned int n_pins;
	bool prevent_access;		/* somebody is taking it away */
};

void iopt_init(struct io_pagetable *iopt);
void iopt_destroy(struct io_pagetable *iopt);
/* @iova: where to map, if it is fixed, and where it was mapped */
int iopt_map_user(struct io_pagetable *iopt, unsigned long uptr, unsigned long length,
		  int prot, bool fixed, unsigned long *iova);
int iopt_copy(struct io_pagetable *dst, struct io_pagetable *src, unsigned long src_iova,
	      unsigned long length, int prot, bool fixed, unsigned long *iova);
int iopt_unmap(struct io_pagetable *iopt, unsigned long iova, unsigned long last,
	       unsigned long *unmapped);
/* Makes of areas that contain @iova and @iova + 1 two each. */
int iopt_cut(struct io_pagetable *iopt, unsigned long iova);
int iopt_set_large_pages(struct io_pagetable *iopt, bool enable);
int iopt_add_access(struct io_pagetable *iopt, struct iommufd_access *access, u32 *id);
void iopt_remove_access(struct io_pagetable *iopt, u32 id);

int iopt_pin(struct io_pagetable *iopt, unsigned long iova, unsigned long last,
	     struct page **pages, int prot);
void iopt_unpin(struct io_pagetable *iopt, unsigned long iova, unsigned long last);
int iopt_rw(struct io_pagetable *iopt, unsigned long iova, unsigned long last, void *data,
	    bool write);

/* iopt_iova.c, with iova_rwsem held: a place for @length bytes like those at @uptr. */
int iopt_choose_iova(struct io_pagetable *iopt, unsigned long uptr, unsigned long length,
		     unsigned long *iova);
int iopt_load_allowed(struct io_pagetable *iopt, struct iommu_iova_range __user *ranges,
		      u32 n);
void iopt_free_allowed(struct rb_root_cached *allowed);

static inline struct iopt_area *iopt_first(struct io_pagetable *iopt, unsigned long iova,
					   unsigned long last)
{
	struct interval_tree_node *node = interval_tree_iter_first(&iopt->areas, iova, last);

	return node ? container_of(node, struct iopt_area, node) : NULL;
}

static inline struct iopt_area *iopt_next(struct iopt_area *area, unsigned long iova,
					  unsigned long last)
{
	struct interval_tree_node *node = interval_tree_iter_next(&area->node, iova, last);

	return node ? container_of(node, struct iopt_area, node) : NULL;
}

/* ---- ioas.c -------------------------------------------------------------- */

struct iommufd_ioas {
	struct iommufd_object obj;
	struct io_pagetable iopt;
};

struct iommufd_ioas *iommufd_ioas_alloc(struct iommufd_ctx *ictx);
void iommufd_ioas_destroy(struct iommufd_object *obj);
int iommufd_ioas_alloc_ioctl(struct iommufd_ucmd *ucmd);
int iommufd_ioas_iova_ranges(struct iommufd_ucmd *ucmd);
int iommufd_ioas_allow_iovas(struct iommufd_ucmd *ucmd);
int iommufd_ioas_map(struct iommufd_ucmd *ucmd);
int iommufd_ioas_copy(struct iommufd_ucmd *ucmd);
int iommufd_ioas_unmap(struct iommufd_ucmd *ucmd);
int iommufd_option(struct iommufd_ucmd *ucmd);

/* ---- access.c ------------------------------------------------------------ */

struct iommufd_access {
	struct iommufd_object obj;
	struct iommufd_ctx *ictx;
	const struct iommufd_access_ops *ops;
	void *data;
	struct mutex ioas_lock;		/* guards what follows */
	struct iommufd_ioas *ioas;	/* where pages may be pinned */
	struct iommufd_ioas *ioas_unpin;	/* where they may be given back */
	u32 iopt_id;			/* in iopt->accesses */
};

void iommufd_access_release(struct iommufd_object *obj);
void iommufd_access_notify_unmap(struct io_pagetable *iopt, unsigned long iova,
				 unsigned long length);

/* ---- main.c -------------------------------------------------------------- */

int iommufd_object_init(struct iommufd_ctx *ictx, struct iommufd_object *obj,
			enum iommufd_object_type type);
void iommufd_object_finalize(struct iommufd_ctx *ictx, struct iommufd_object *obj);
void iommufd_object_abort(struct iommufd_ctx *ictx, struct iommufd_object *obj);
bool iommufd_lock_obj(struct iommufd_object *obj);
struct iommufd_object *iommufd_get_object(struct iommufd_ctx *ictx, u32 id,
					  enum iommufd_object_type type);
void iommufd_put_object(struct iommufd_ctx *ictx, struct iommufd_object *obj);
void iommufd_object_destroy_user(struct iommufd_ctx *ictx, struct iommufd_object *obj);
int iommufd_respond(struct iommufd_ucmd *ucmd, size_t size);

static inline struct iommufd_ioas *iommufd_get_ioas(struct iommufd_ctx *ictx, u32 id)
{
	struct iommufd_object *obj = iommufd_get_object(ictx, id, IOMMUFD_OBJ_IOAS);

	return IS_ERR(obj) ? ERR_CAST(obj) : container_of(obj, struct iommufd_ioas, obj);
}

static inline void iommufd_put_ioas(struct iommufd_ctx *ictx, struct iommufd_ioas *ioas)
{
	iommufd_put_object(ictx, &ioas->obj);
}

/* ---- vfio_compat.c --------------------------------------------------------- */

int iommufd_vfio_ioas(struct iommufd_ucmd *ucmd);
long iommufd_vfio_ioctl(struct iommufd_ctx *ictx, unsigned int cmd, unsigned long arg);

#endif
