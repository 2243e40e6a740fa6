/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers that drivers share with each other and with user space, as file
 * descriptors. The model is drivers/dma-buf/dma-buf.c.
 */
#ifndef __DMA_BUF_H__SHIM
#define __DMA_BUF_H__SHIM

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iosys-map.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include_next <linux/dma-buf.h>
#include "compat/levels.h"

#if KAPI_DMA_BUF_MAP
#include <linux/dma-buf-map.h>
#endif

struct device;
struct dma_buf;
struct dma_buf_attachment;
struct vm_area_struct;

/**
 * struct dma_buf_ops - what the exporter does
 * @cache_sgt_mapping: keep an attachment's first mapping until it is detached
 * @attach: a device wants to use the buffer; optional
 * @detach: it does not any more; optional
 * @map_dma_buf: where the attached device finds the buffer; the table is the
 *	caller's until @unmap_dma_buf
 * @unmap_dma_buf: takes the table back
 * @release: the last reference is gone
 * @begin_cpu_access: a CPU is about to read or write; optional
 * @end_cpu_access: and has finished; optional
 * @map: maps one page for the kernel; optional
 * @unmap: undoes that; optional
 * @mmap: maps the buffer for a user, within its size; optional
 * @vmap: maps it for the kernel; optional
 * @vunmap: undoes that
 */
struct dma_buf_ops {
	bool cache_sgt_mapping;
	int (*attach)(struct dma_buf *, struct dma_buf_attachment *);
	void (*detach)(struct dma_buf *, struct dma_buf_attachment *);
	struct sg_table *(*map_dma_buf)(struct dma_buf_attachment *,
					enum dma_data_direction);
	void (*unmap_dma_buf)(struct dma_buf_attachment *, struct sg_table *,
			      enum dma_data_direction);
	void (*release)(struct dma_buf *);
	int (*begin_cpu_access)(struct dma_buf *, enum dma_data_direction);
	int (*end_cpu_access)(struct dma_buf *, enum dma_data_direction);
	int (*mmap)(struct dma_buf *, struct vm_area_struct *vma);
#if KAPI_ABI_DMA_BUF_KMAP
	void *(*map)(struct dma_buf *, unsigned long page);
	void (*unmap)(struct dma_buf *, unsigned long page, void *vaddr);
#endif
#if KAPI_ABI_DMA_BUF_VMAP_ADDRESS
	void *(*vmap)(struct dma_buf *);
	void (*vunmap)(struct dma_buf *, void *vaddr);
#else
	int (*vmap)(struct dma_buf *dmabuf, struct iosys_map *map);
	void (*vunmap)(struct dma_buf *dmabuf, struct iosys_map *map);
#endif
};

struct dma_buf {
	size_t size;
	struct file *file;		/* its references are the buffer's */
	struct list_head attachments;	/* under @lock */
	const struct dma_buf_ops *ops;
	struct mutex lock;
	unsigned int vmapping_counter;	/* under @lock, as is vmap_ptr */
	struct iosys_map vmap_ptr;
	const char *exp_name;
	const char *name;		/* a user's; under @name_lock */
	spinlock_t name_lock;
	struct module *owner;
	void *priv;
};

struct dma_buf_attachment {
	struct dma_buf *dmabuf;
	struct device *dev;
	struct list_head node;
	struct sg_table *sgt;		/* cached mapping */
	enum dma_data_direction dir;
	void *priv;
};

struct dma_buf_export_info {
	const char *exp_name;
	struct module *owner;
	const struct dma_buf_ops *ops;
	size_t size;
	int flags;
	void *priv;
};

#define DEFINE_DMA_BUF_EXPORT_INFO(name)				\
	struct dma_buf_export_info name = {				\
		.exp_name = KBUILD_MODNAME, .owner = THIS_MODULE }

static inline void get_dma_buf(struct dma_buf *dmabuf)
{
	get_file(dmabuf->file);
}

struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info);
int dma_buf_fd(struct dma_buf *dmabuf, int flags);
struct dma_buf *dma_buf_get(int fd);
void dma_buf_put(struct dma_buf *dmabuf);

struct dma_buf_attachment *dma_buf_attach(struct dma_buf *dmabuf,
					  struct device *dev);
void dma_buf_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach);
struct sg_table *dma_buf_map_attachment(struct dma_buf_attachment *attach,
					enum dma_data_direction direction);
void dma_buf_unmap_attachment(struct dma_buf_attachment *attach,
			      struct sg_table *sg_table,
			      enum dma_data_direction direction);

/* A buffer of the shim has no reservation lock, which makes the two the same. */
static inline struct sg_table *
dma_buf_map_attachment_unlocked(struct dma_buf_attachment *attach,
				enum dma_data_direction direction)
{
	return dma_buf_map_attachment(attach, direction);
}

static inline void dma_buf_unmap_attachment_unlocked(struct dma_buf_attachment *attach,
						     struct sg_table *sg_table,
						     enum dma_data_direction direction)
{
	dma_buf_unmap_attachment(attach, sg_table, direction);
}

int dma_buf_begin_cpu_access(struct dma_buf *dmabuf,
			     enum dma_data_direction dir);
int dma_buf_end_cpu_access(struct dma_buf *dmabuf,
			   enum dma_data_direction dir);
int dma_buf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma,
		 unsigned long pgoff);
#if KAPI_ABI_DMA_BUF_KMAP
void *dma_buf_kmap(struct dma_buf *dmabuf, unsigned long page);
void dma_buf_kunmap(struct dma_buf *dmabuf, unsigned long page, void *vaddr);
#endif
#if KAPI_ABI_DMA_BUF_VMAP_ADDRESS
void *dma_buf_vmap(struct dma_buf *dmabuf);
void dma_buf_vunmap(struct dma_buf *dmabuf, void *vaddr);
#else
int dma_buf_vmap(struct dma_buf *dmabuf, struct iosys_map *map);
void dma_buf_vunmap(struct dma_buf *dmabuf, struct iosys_map *map);
#endif

#endif
