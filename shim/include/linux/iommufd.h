/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOMMUFD as drivers and VFIO see it: contexts, and accesses to an address space
 * by the CPU. The model is drivers/iommu/iommufd/, at levels from 6.2 on. Left
 * out: everything about a device that has an IOMMU (iommufd_device_bind()).
 */
#ifndef _LINUX_IOMMUFD_H_SHIM
#define _LINUX_IOMMUFD_H_SHIM

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/types.h>
#if __has_include_next(<linux/iommufd.h>)
#include_next <linux/iommufd.h>
#endif

struct file;
struct iommufd_access;
struct iommufd_ctx;
struct page;

/**
 * struct iommufd_access_ops - what an access does for its address space
 * @needs_pin_pages: iommufd_access_pin_pages() will be called, so that mappings
 *	must be of whole pages
 * @unmap: a range is about to go: unpin all that is in it. No lock of IOMMUFD's
 *	is held.
 */
struct iommufd_access_ops {
	u8 needs_pin_pages : 1;
	void (*unmap)(void *data, unsigned long iova, unsigned long length);
};

enum {
	IOMMUFD_ACCESS_RW_READ = 0,
	IOMMUFD_ACCESS_RW_WRITE = 1 << 0,
	/* the caller is a kernel thread */
	IOMMUFD_ACCESS_RW_KTHREAD = 1 << 1,
};

struct iommufd_access *iommufd_access_create(struct iommufd_ctx *ictx,
					     const struct iommufd_access_ops *ops,
					     void *data, u32 *id);
void iommufd_access_destroy(struct iommufd_access *access);
int iommufd_access_attach(struct iommufd_access *access, u32 ioas_id);
int iommufd_access_replace(struct iommufd_access *access, u32 ioas_id);
void iommufd_access_detach(struct iommufd_access *access);
int iommufd_access_pin_pages(struct iommufd_access *access, unsigned long iova,
			     unsigned long length, struct page **out_pages,
			     unsigned int flags);
void iommufd_access_unpin_pages(struct iommufd_access *access,
				unsigned long iova, unsigned long length);
int iommufd_access_rw(struct iommufd_access *access, unsigned long iova,
		      void *data, size_t len, unsigned int flags);

void iommufd_ctx_get(struct iommufd_ctx *ictx);
void iommufd_ctx_put(struct iommufd_ctx *ictx);
struct iommufd_ctx *iommufd_ctx_from_file(struct file *file);
struct iommufd_ctx *iommufd_ctx_from_fd(int fd);

int iommufd_vfio_compat_ioas_create(struct iommufd_ctx *ictx);
int iommufd_vfio_compat_ioas_get_id(struct iommufd_ctx *ictx, u32 *out_ioas_id);

#endif
