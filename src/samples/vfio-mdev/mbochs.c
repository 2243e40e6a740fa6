// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sample vendor driver: mediated PCI displays with the registers of the
 * Bochs VBE extension, in software. The guest's driver is bochs-drm.
 *
 * BAR 0 is the video memory. Its pages are allocated when they are touched
 * first, and live until the last user closes the device. BAR 2 is a page of
 * registers: from 0x000 on the monitor's EDID, from 0x500 on the VBE (DISPI)
 * registers, 16 bits each. One region more, of the type GFX and the subtype
 * EDID, is where the user plugs in the monitor.
 *
 * What the guest shows is offered as dma-bufs. A query names the picture of
 * the moment by an id; this id can be turned into a dma-buf later, as long as
 * it is one of the last MBOCHS_FRAMES. A dma-buf has references on its pages,
 * and none on the device, which it may outlive.
 *
 * Left out: VGA, other depths than 32 bits, banks, the capabilities query and
 * the clearing of memory that setting a mode of a Bochs card includes,
 * interrupts, a cursor.
 */

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci_ids.h>
#include <linux/pci_regs.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <asm/unaligned.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_plane.h>

#define MBOCHS_NAME		"mbochs"

#define MBOCHS_PCI_VENDOR_ID	0x1234
#define MBOCHS_PCI_DEVICE_ID	0x1111

#define MBOCHS_CONFIG_SIZE	256
#define MBOCHS_MMIO_SIZE	4096
#define MBOCHS_BYTES_PER_PIXEL	4
#define MBOCHS_MIN_RES		64

/* The EDID region: struct vfio_region_gfx_edid, and room for the blob. */
#define MBOCHS_EDID_REGION	VFIO_PCI_NUM_REGIONS
#define MBOCHS_NUM_REGIONS	(VFIO_PCI_NUM_REGIONS + 1)
#define MBOCHS_EDID_SIZE	4096
#define MBOCHS_EDID_BLOB_OFFSET	2048
#define MBOCHS_EDID_BLOB_SIZE	1024

/* A file position is the number of a region and an offset into it. */
#define MBOCHS_REGION_SHIFT	40
#define MBOCHS_REGION_MASK	((1ULL << MBOCHS_REGION_SHIFT) - 1)

/* Registers are copied from and to the user in pieces of this size. */
#define MBOCHS_BOUNCE		256

/* Pictures that are remembered by their ids */
#define MBOCHS_FRAMES		16

/* Offsets in BAR 2 */
#define MBOCHS_MMIO_EDID	0x000
#define MBOCHS_MMIO_DISPI	0x500

#define VBE_DISPI_INDEX_ID	0
#define VBE_DISPI_INDEX_XRES	1
#define VBE_DISPI_INDEX_YRES	2
#define VBE_DISPI_INDEX_BPP	3
#define VBE_DISPI_INDEX_ENABLE	4
#define VBE_DISPI_INDEX_BANK	5
#define VBE_DISPI_INDEX_VIRT_WIDTH 6
#define VBE_DISPI_INDEX_VIRT_HEIGHT 7
#define VBE_DISPI_INDEX_X_OFFSET 8
#define VBE_DISPI_INDEX_Y_OFFSET 9
#define VBE_DISPI_INDEX_VIDEO_MEMORY_64K 10
#define VBE_DISPI_INDEX_COUNT	11

/* Versions of the interface; a guest asks for one by writing it. */
#define VBE_DISPI_ID0		0xb0c0
#define VBE_DISPI_ID5		0xb0c5

#define VBE_DISPI_ENABLED	BIT(0)

/**
 * struct mbochs_type - a size of video memory
 * @name:	of the type's group
 * @mbytes:	megabytes
 * @max_xres:	widest mode that a monitor should offer, 0 for any
 * @max_yres:	highest one
 */
struct mbochs_type {
	const char *name;
	unsigned int mbytes;
	u32 max_xres;
	u32 max_yres;
};

static const struct mbochs_type mbochs_types[] = {
	{ "small", 4, 800, 600 },
	{ "medium", 16, 1920, 1440 },
	{ "large", 64, 0, 0 },
};

/**
 * struct mbochs_mode - what of the video memory is shown, and how
 * @width:	in pixels
 * @height:	in pixels
 * @stride:	bytes from one line to the next
 * @offset:	of the top left pixel in the video memory
 * @size:	bytes shown, with the rest of each line
 */
struct mbochs_mode {
	u32 width;
	u32 height;
	u32 stride;
	u64 offset;
	u64 size;
};

/**
 * struct mbochs_frame - a mode that a user has been told of
 * @id:		by which he calls it, 0 if there is none
 * @mode:	the mode
 */
struct mbochs_frame {
	u32 id;
	struct mbochs_mode mode;
};

/**
 * struct mbochs_dmabuf - pages of a picture
 * @nr_pages:	how many
 * @pages:	with a reference on each
 */
struct mbochs_dmabuf {
	unsigned int nr_pages;
	struct page *pages[];
};

/**
 * struct mbochs - a display
 * @type:	its size
 * @nr_pages:	of video memory
 * @lock:	see there. Taken when a user touches a page for the first time,
 *		so user memory must not be touched under it.
 * @users:	opens without release
 * @pages:	video memory, NULL where nobody has been yet; one reference each
 * @config:	PCI config space
 * @vbe:	VBE registers
 * @edid:	registers of the EDID region
 * @blob:	what @edid is about
 * @frame:	the pictures shown last; id n is at n % MBOCHS_FRAMES
 * @last_id:	id of the latest of them
 */
struct mbochs {
	const struct mbochs_type *type;
	unsigned int nr_pages;

	struct mutex lock;	/* protects all that follows */
	unsigned int users;
	struct page **pages;
	u8 config[MBOCHS_CONFIG_SIZE];
	u16 vbe[VBE_DISPI_INDEX_COUNT];
	struct vfio_region_gfx_edid edid;
	u8 blob[MBOCHS_EDID_BLOB_SIZE];
	struct mbochs_frame frame[MBOCHS_FRAMES];
	u32 last_id;
};

static unsigned int mbochs_max_mbytes = 256;
module_param_named(mbytes, mbochs_max_mbytes, uint, 0444);
MODULE_PARM_DESC(mbytes, "megabytes of video memory for all displays together");

static DEFINE_MUTEX(mbochs_memory_lock);
static unsigned int mbochs_used_mbytes;

static struct class *mbochs_class;
static struct device *mbochs_parent;

/* ---- video memory ------------------------------------------------------------- */

static u64 mbochs_memory_size(const struct mbochs *mbochs)
{
	return (u64)mbochs->nr_pages << PAGE_SHIFT;
}

/* With a reference for the caller, or NULL when there is no memory; locked. */
static struct page *__mbochs_get_page(struct mbochs *mbochs, unsigned int nr)
{
	struct page *page = mbochs->pages[nr];

	if (!page) {
		/* not from highmem, so that it always has an address */
		page = alloc_page(GFP_USER | __GFP_ZERO);
		if (!page)
			return NULL;
		mbochs->pages[nr] = page;
	}
	get_page(page);
	return page;
}

static struct page *mbochs_get_page(struct mbochs *mbochs, unsigned int nr)
{
	struct page *page;

	mutex_lock(&mbochs->lock);
	page = __mbochs_get_page(mbochs, nr);
	mutex_unlock(&mbochs->lock);
	return page;
}

/* Locked. Pages of a dma-buf stay, they are just not the display's any more. */
static void mbochs_put_pages(struct mbochs *mbochs)
{
	unsigned int i;

	for (i = 0; i < mbochs->nr_pages; i++) {
		if (!mbochs->pages[i])
			continue;
		put_page(mbochs->pages[i]);
		mbochs->pages[i] = NULL;
	}
}

/* Nothing but memory is mapped, and no mapping grows: see mbochs_mmap(). */
static vm_fault_t mbochs_memory_fault(struct vm_fault *vmf)
{
	struct mbochs *mbochs = vmf->vma->vm_private_data;
	unsigned int shift = MBOCHS_REGION_SHIFT - PAGE_SHIFT;
	unsigned long nr = vmf->pgoff & ((1UL << shift) - 1);

	vmf->page = mbochs_get_page(mbochs, nr);
	return vmf->page ? 0 : VM_FAULT_OOM;
}

static const struct vm_operations_struct mbochs_memory_vm_ops = {
	.fault = mbochs_memory_fault,
};

/* ---- registers ----------------------------------------------------------------- */

static void mbochs_reset(struct mbochs *mbochs)
{
	u8 *config = mbochs->config;

	memset(config, 0, sizeof(mbochs->config));
	put_unaligned_le16(MBOCHS_PCI_VENDOR_ID, &config[PCI_VENDOR_ID]);
	put_unaligned_le16(MBOCHS_PCI_DEVICE_ID, &config[PCI_DEVICE_ID]);
	put_unaligned_le16(PCI_SUBVENDOR_ID_REDHAT_QUMRANET,
			   &config[PCI_SUBSYSTEM_VENDOR_ID]);
	put_unaligned_le16(PCI_SUBDEVICE_ID_QEMU, &config[PCI_SUBSYSTEM_ID]);
	put_unaligned_le16(PCI_COMMAND_IO | PCI_COMMAND_MEMORY,
			   &config[PCI_COMMAND]);
	put_unaligned_le16(PCI_CLASS_DISPLAY_OTHER, &config[PCI_CLASS_DEVICE]);
	config[PCI_REVISION_ID] = 0x01;
	put_unaligned_le32(PCI_BASE_ADDRESS_SPACE_MEMORY |
			   PCI_BASE_ADDRESS_MEM_TYPE_32 |
			   PCI_BASE_ADDRESS_MEM_PREFETCH,
			   &config[PCI_BASE_ADDRESS_0]);
	put_unaligned_le32(PCI_BASE_ADDRESS_SPACE_MEMORY |
			   PCI_BASE_ADDRESS_MEM_TYPE_32,
			   &config[PCI_BASE_ADDRESS_2]);

	memset(mbochs->vbe, 0, sizeof(mbochs->vbe));
	mbochs->vbe[VBE_DISPI_INDEX_ID] = VBE_DISPI_ID5;
	mbochs->vbe[VBE_DISPI_INDEX_VIDEO_MEMORY_64K] =
		mbochs_memory_size(mbochs) >> 16;
}

static u8 mbochs_config_read(const struct mbochs *mbochs, unsigned int offset)
{
	return mbochs->config[offset];
}

/*
 * Only addresses can be written. They are aligned to the size of their BAR,
 * which is how one finds it out.
 */
static void mbochs_config_write(struct mbochs *mbochs, unsigned int offset,
				u8 val)
{
	unsigned int bar = (offset - PCI_BASE_ADDRESS_0) / 4;
	u32 address;
	u8 mask;

	if (offset < PCI_BASE_ADDRESS_0)
		return;
	if (bar == 0)
		address = ~(u32)(mbochs_memory_size(mbochs) - 1);
	else if (bar == 2)
		address = ~(u32)(MBOCHS_MMIO_SIZE - 1);
	else
		return;

	mask = address >> (8 * (offset % 4));
	mbochs->config[offset] &= ~mask;
	mbochs->config[offset] |= val & mask;
}

static void mbochs_vbe_write(struct mbochs *mbochs, unsigned int index, u16 val)
{
	switch (index) {
	case VBE_DISPI_INDEX_ID:
		if (val >= VBE_DISPI_ID0 && val <= VBE_DISPI_ID5)
			mbochs->vbe[index] = val;
		break;
	case VBE_DISPI_INDEX_VIDEO_MEMORY_64K:
		break;
	default:
		mbochs->vbe[index] = val;
	}
}

static u8 mbochs_mmio_read(const struct mbochs *mbochs, unsigned int offset)
{
	unsigned int reg;

	if (offset < MBOCHS_MMIO_EDID + MBOCHS_EDID_BLOB_SIZE) {
		if (mbochs->edid.link_state != VFIO_DEVICE_GFX_LINK_STATE_UP ||
		    offset >= mbochs->edid.edid_size)
			return 0;
		return mbochs->blob[offset];
	}

	reg = (offset - MBOCHS_MMIO_DISPI) / 2;
	if (offset < MBOCHS_MMIO_DISPI || reg >= VBE_DISPI_INDEX_COUNT)
		return 0;
	return offset % 2 ? mbochs->vbe[reg] >> 8 : mbochs->vbe[reg] & 0xff;
}

/* Registers are written as a whole; half of one is as good as nothing. */
static void mbochs_mmio_write(struct mbochs *mbochs, unsigned int offset,
			      const u8 *buf, size_t len)
{
	unsigned int reg;

	for (; len; offset++, buf++, len--) {
		reg = (offset - MBOCHS_MMIO_DISPI) / 2;
		if (offset < MBOCHS_MMIO_DISPI || offset % 2 || len < 2 ||
		    reg >= VBE_DISPI_INDEX_COUNT)
			continue;
		mbochs_vbe_write(mbochs, reg, get_unaligned_le16(buf));
	}
}

static u8 mbochs_edid_read(const struct mbochs *mbochs, unsigned int offset)
{
	unsigned int at = offset - MBOCHS_EDID_BLOB_OFFSET;

	if (offset < sizeof(mbochs->edid))
		return ((const u8 *)&mbochs->edid)[offset];
	if (offset >= MBOCHS_EDID_BLOB_OFFSET && at < MBOCHS_EDID_BLOB_SIZE)
		return mbochs->blob[at];
	return 0;
}

static int mbochs_edid_reg_write(struct mbochs *mbochs, unsigned int offset,
				 u32 val)
{
	switch (offset) {
	case offsetof(struct vfio_region_gfx_edid, edid_size):
		if (val > MBOCHS_EDID_BLOB_SIZE)
			return -EINVAL;
		mbochs->edid.edid_size = val;
		return 0;
	case offsetof(struct vfio_region_gfx_edid, link_state):
		if (val != VFIO_DEVICE_GFX_LINK_STATE_UP &&
		    val != VFIO_DEVICE_GFX_LINK_STATE_DOWN)
			return -EINVAL;
		mbochs->edid.link_state = val;
		return 0;
	default:
		/* The others cannot be written. */
		return 0;
	}
}

static int mbochs_edid_write(struct mbochs *mbochs, unsigned int offset,
			     const u8 *buf, size_t len)
{
	unsigned int at;
	u32 val;
	int ret;

	for (; len; offset++, buf++, len--) {
		at = offset - MBOCHS_EDID_BLOB_OFFSET;
		if (offset >= MBOCHS_EDID_BLOB_OFFSET) {
			if (at < MBOCHS_EDID_BLOB_SIZE)
				mbochs->blob[at] = *buf;
			continue;
		}
		if (offset % sizeof(val) || len < sizeof(val))
			continue;
		memcpy(&val, buf, sizeof(val));
		ret = mbochs_edid_reg_write(mbochs, offset, val);
		if (ret)
			return ret;
	}
	return 0;
}

static void mbochs_regs_read(struct mbochs *mbochs, unsigned int region,
			     unsigned int offset, u8 *buf, size_t len)
{
	for (; len; offset++, buf++, len--) {
		if (region == VFIO_PCI_CONFIG_REGION_INDEX)
			*buf = mbochs_config_read(mbochs, offset);
		else if (region == VFIO_PCI_BAR2_REGION_INDEX)
			*buf = mbochs_mmio_read(mbochs, offset);
		else
			*buf = mbochs_edid_read(mbochs, offset);
	}
}

static int mbochs_regs_write(struct mbochs *mbochs, unsigned int region,
			     unsigned int offset, const u8 *buf, size_t len)
{
	switch (region) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		for (; len; len--)
			mbochs_config_write(mbochs, offset++, *buf++);
		return 0;
	case VFIO_PCI_BAR2_REGION_INDEX:
		mbochs_mmio_write(mbochs, offset, buf, len);
		return 0;
	default:
		return mbochs_edid_write(mbochs, offset, buf, len);
	}
}

/* ---- pictures -------------------------------------------------------------------- */

/* Whether a picture is shown, and then which; locked. */
static bool mbochs_current_mode(const struct mbochs *mbochs,
				struct mbochs_mode *mode)
{
	const u16 *vbe = mbochs->vbe;
	u32 virt_width;

	if (!(vbe[VBE_DISPI_INDEX_ENABLE] & VBE_DISPI_ENABLED) ||
	    vbe[VBE_DISPI_INDEX_BPP] != 8 * MBOCHS_BYTES_PER_PIXEL)
		return false;

	mode->width = vbe[VBE_DISPI_INDEX_XRES];
	mode->height = vbe[VBE_DISPI_INDEX_YRES];
	if (mode->width < MBOCHS_MIN_RES || mode->height < MBOCHS_MIN_RES)
		return false;

	virt_width = max_t(u32, mode->width, vbe[VBE_DISPI_INDEX_VIRT_WIDTH]);
	mode->stride = virt_width * MBOCHS_BYTES_PER_PIXEL;
	mode->size = (u64)mode->stride * mode->height;
	mode->offset = (u64)mode->stride * vbe[VBE_DISPI_INDEX_Y_OFFSET] +
		       MBOCHS_BYTES_PER_PIXEL * vbe[VBE_DISPI_INDEX_X_OFFSET];
	return mode->offset + mode->size <= mbochs_memory_size(mbochs);
}

static bool mbochs_same_mode(const struct mbochs_mode *a,
			     const struct mbochs_mode *b)
{
	return a->width == b->width && a->height == b->height &&
	       a->stride == b->stride && a->offset == b->offset;
}

/* The id of a mode, which is a new one if it is not remembered; locked. */
static u32 mbochs_frame_id(struct mbochs *mbochs,
			   const struct mbochs_mode *mode)
{
	struct mbochs_frame *frame;
	unsigned int i;

	for (i = 0; i < MBOCHS_FRAMES; i++) {
		frame = &mbochs->frame[i];
		if (frame->id && mbochs_same_mode(&frame->mode, mode))
			return frame->id;
	}

	/* from 1 to U32_MAX and round again: 0 means none */
	mbochs->last_id = mbochs->last_id % U32_MAX + 1;
	frame = &mbochs->frame[mbochs->last_id % MBOCHS_FRAMES];
	frame->id = mbochs->last_id;
	frame->mode = *mode;
	return frame->id;
}

static int mbochs_find_frame(const struct mbochs *mbochs, u32 id,
			     struct mbochs_mode *mode)
{
	const struct mbochs_frame *frame = &mbochs->frame[id % MBOCHS_FRAMES];

	if (!id || frame->id != id)
		return -ENOENT;

	*mode = frame->mode;
	return 0;
}

static void mbochs_dmabuf_free(struct mbochs_dmabuf *buf)
{
	while (buf->nr_pages)
		put_page(buf->pages[--buf->nr_pages]);
	kvfree(buf);
}

/* The pages of a mode that starts with a page; locked. */
static struct mbochs_dmabuf *mbochs_dmabuf_alloc(struct mbochs *mbochs,
						 const struct mbochs_mode *mode)
{
	unsigned int first = mode->offset >> PAGE_SHIFT;
	unsigned int nr = PAGE_ALIGN(mode->size) >> PAGE_SHIFT;
	struct mbochs_dmabuf *buf;
	struct page *page;

	buf = kvzalloc(struct_size(buf, pages, nr), GFP_KERNEL);
	if (!buf)
		return NULL;

	while (buf->nr_pages < nr) {
		page = __mbochs_get_page(mbochs, first + buf->nr_pages);
		if (!page) {
			mbochs_dmabuf_free(buf);
			return NULL;
		}
		buf->pages[buf->nr_pages++] = page;
	}
	return buf;
}

static struct sg_table *mbochs_dmabuf_map(struct dma_buf_attachment *at,
					  enum dma_data_direction dir)
{
	struct mbochs_dmabuf *buf = at->dmabuf->priv;
	struct sg_table *sg;
	int ret;

	sg = kzalloc(sizeof(*sg), GFP_KERNEL);
	if (!sg)
		return ERR_PTR(-ENOMEM);

	ret = sg_alloc_table_from_pages(sg, buf->pages, buf->nr_pages, 0,
					at->dmabuf->size, GFP_KERNEL);
	if (ret)
		goto free_sg;

	ret = -ENOMEM;
	sg->nents = dma_map_sg(at->dev, sg->sgl, sg->orig_nents, dir);
	if (!sg->nents)
		goto free_table;
	return sg;

free_table:
	sg_free_table(sg);
free_sg:
	kfree(sg);
	return ERR_PTR(ret);
}

static void mbochs_dmabuf_unmap(struct dma_buf_attachment *at,
				struct sg_table *sg,
				enum dma_data_direction dir)
{
	dma_unmap_sg(at->dev, sg->sgl, sg->orig_nents, dir);
	sg_free_table(sg);
	kfree(sg);
}

static vm_fault_t mbochs_dmabuf_fault(struct vm_fault *vmf)
{
	struct mbochs_dmabuf *buf = vmf->vma->vm_private_data;

	vmf->page = buf->pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct mbochs_dmabuf_vm_ops = {
	.fault = mbochs_dmabuf_fault,
};

/*
 * The mapping holds the dma-buf's file, hence its pages. That it is within
 * them has been checked; it must not grow by mremap().
 */
static int mbochs_dmabuf_mmap(struct dma_buf *dmabuf,
			      struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;

	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_ops = &mbochs_dmabuf_vm_ops;
	vma->vm_private_data = dmabuf->priv;
	return 0;
}

static void mbochs_dmabuf_release(struct dma_buf *dmabuf)
{
	mbochs_dmabuf_free(dmabuf->priv);
}

static const struct dma_buf_ops mbochs_dmabuf_ops = {
	.map_dma_buf = mbochs_dmabuf_map,
	.unmap_dma_buf = mbochs_dmabuf_unmap,
	.mmap = mbochs_dmabuf_mmap,
	.release = mbochs_dmabuf_release,
};

/* ---- what a VFIO user does --------------------------------------------------------- */

/* 0 for a region that the display does not have, or that does not exist. */
static u64 mbochs_region_size(const struct mbochs *mbochs, u64 region)
{
	switch (region) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return MBOCHS_CONFIG_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX:
		return mbochs_memory_size(mbochs);
	case VFIO_PCI_BAR2_REGION_INDEX:
		return MBOCHS_MMIO_SIZE;
	case MBOCHS_EDID_REGION:
		return MBOCHS_EDID_SIZE;
	default:
		return 0;
	}
}

/* How much of @count at @pos is in a region: a length, or -EINVAL. */
static ssize_t mbochs_clamp(const struct mbochs *mbochs, size_t count, u64 pos)
{
	u64 size = mbochs_region_size(mbochs, pos >> MBOCHS_REGION_SHIFT);
	u64 offset = pos & MBOCHS_REGION_MASK;

	if (offset >= size)
		return -EINVAL;
	return min_t(u64, count, size - offset);
}

static int mbochs_open(struct mdev_device *mdev)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);

	mutex_lock(&mbochs->lock);
	mbochs->users++;
	mutex_unlock(&mbochs->lock);
	return 0;
}

/* Nothing is mapped any more: a mapping of the device keeps it open. */
static void mbochs_release(struct mdev_device *mdev)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);

	mutex_lock(&mbochs->lock);
	if (!--mbochs->users) {
		mbochs_put_pages(mbochs);
		memset(mbochs->frame, 0, sizeof(mbochs->frame));
	}
	mutex_unlock(&mbochs->lock);
}

/* A piece within one page of the video memory */
static int mbochs_memory_read(struct mbochs *mbochs, char __user *buf,
			      u64 offset, size_t len)
{
	struct page *page;
	int ret = 0;

	page = mbochs_get_page(mbochs, offset >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;

	if (copy_to_user(buf, page_address(page) + offset_in_page(offset), len))
		ret = -EFAULT;
	put_page(page);
	return ret;
}

static int mbochs_memory_write(struct mbochs *mbochs, const char __user *buf,
			       u64 offset, size_t len)
{
	struct page *page;
	int ret = 0;

	page = mbochs_get_page(mbochs, offset >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;

	if (copy_from_user(page_address(page) + offset_in_page(offset), buf,
			   len))
		ret = -EFAULT;
	put_page(page);
	return ret;
}

static int mbochs_read_piece(struct mbochs *mbochs, unsigned int region,
			     char __user *buf, u64 offset, size_t len)
{
	u8 bounce[MBOCHS_BOUNCE];

	if (region == VFIO_PCI_BAR0_REGION_INDEX)
		return mbochs_memory_read(mbochs, buf, offset, len);

	mutex_lock(&mbochs->lock);
	mbochs_regs_read(mbochs, region, offset, bounce, len);
	mutex_unlock(&mbochs->lock);
	return copy_to_user(buf, bounce, len) ? -EFAULT : 0;
}

static int mbochs_write_piece(struct mbochs *mbochs, unsigned int region,
			      const char __user *buf, u64 offset, size_t len)
{
	u8 bounce[MBOCHS_BOUNCE];
	int ret;

	if (region == VFIO_PCI_BAR0_REGION_INDEX)
		return mbochs_memory_write(mbochs, buf, offset, len);

	if (copy_from_user(bounce, buf, len))
		return -EFAULT;

	mutex_lock(&mbochs->lock);
	ret = mbochs_regs_write(mbochs, region, offset, bounce, len);
	mutex_unlock(&mbochs->lock);
	return ret;
}

/* Pieces end where a page or a bounce buffer's worth of registers does. */
static size_t mbochs_piece(unsigned int region, u64 offset, size_t left)
{
	size_t unit = region == VFIO_PCI_BAR0_REGION_INDEX ? PAGE_SIZE :
							     MBOCHS_BOUNCE;

	return min_t(u64, left, unit - offset % unit);
}

/* An error counts only while nothing has been transferred. */
static ssize_t mbochs_read(struct mdev_device *mdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);
	u64 offset = *ppos & MBOCHS_REGION_MASK;
	unsigned int region = *ppos >> MBOCHS_REGION_SHIFT;
	ssize_t len, done;
	size_t piece;
	int ret;

	if (!count)
		return 0;

	len = mbochs_clamp(mbochs, count, *ppos);
	if (len < 0)
		return len;

	for (done = 0; done < len; done += piece) {
		piece = mbochs_piece(region, offset + done, len - done);
		ret = mbochs_read_piece(mbochs, region, buf + done,
					offset + done, piece);
		if (ret && !done)
			return ret;
		if (ret)
			break;
	}

	*ppos += done;
	return done;
}

static ssize_t mbochs_write(struct mdev_device *mdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);
	u64 offset = *ppos & MBOCHS_REGION_MASK;
	unsigned int region = *ppos >> MBOCHS_REGION_SHIFT;
	ssize_t len, done;
	size_t piece;
	int ret;

	if (!count)
		return 0;

	len = mbochs_clamp(mbochs, count, *ppos);
	if (len < 0)
		return len;

	for (done = 0; done < len; done += piece) {
		piece = mbochs_piece(region, offset + done, len - done);
		ret = mbochs_write_piece(mbochs, region, buf + done,
					 offset + done, piece);
		if (ret && !done)
			return ret;
		if (ret)
			break;
	}

	*ppos += done;
	return done;
}

static int mbochs_mmap(struct mdev_device *mdev, struct vm_area_struct *vma)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);
	unsigned int shift = MBOCHS_REGION_SHIFT - PAGE_SHIFT;
	unsigned long region = vma->vm_pgoff >> shift;
	unsigned long pgoff = vma->vm_pgoff & ((1UL << shift) - 1);

	if (region != VFIO_PCI_BAR0_REGION_INDEX)
		return -EINVAL;
	if (pgoff >= mbochs->nr_pages ||
	    vma_pages(vma) > mbochs->nr_pages - pgoff)
		return -EINVAL;
	/* A private mapping would not show what others draw. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;

	/* mremap() would let it grow without asking how much memory there is. */
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_ops = &mbochs_memory_vm_ops;
	vma->vm_private_data = mbochs;
	return 0;
}

static long mbochs_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = MBOCHS_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/*
 * Says what kind of region the EDID is in, behind the information proper if
 * there is room, or how much room it takes.
 */
static long mbochs_put_edid_cap(struct vfio_region_info *info,
				void __user *arg)
{
	struct vfio_region_info_cap_type type = {
		.header.id = VFIO_REGION_INFO_CAP_TYPE,
		.header.version = 1,
		.type = VFIO_REGION_TYPE_GFX,
		.subtype = VFIO_REGION_SUBTYPE_GFX_EDID,
	};
	u32 size = sizeof(*info) + sizeof(type);
	bool fits = info->argsz >= size;

	info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	info->argsz = size;
	if (!fits)
		return 0;

	info->cap_offset = sizeof(*info);
	return copy_to_user(arg + sizeof(*info), &type, sizeof(type)) ?
	       -EFAULT : 0;
}

static long mbochs_get_region_info(struct mbochs *mbochs, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;
	long ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= MBOCHS_NUM_REGIONS)
		return -EINVAL;

	info.size = mbochs_region_size(mbochs, info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0;
	info.cap_offset = 0;
	info.offset = (u64)info.index << MBOCHS_REGION_SHIFT;
	if (info.index == VFIO_PCI_BAR0_REGION_INDEX)
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
	if (info.index == MBOCHS_EDID_REGION) {
		ret = mbochs_put_edid_cap(&info, arg);
		if (ret)
			return ret;
	}
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* All that PCI knows are there to be asked for, and there are none of them. */
static long mbochs_get_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;

	info.flags = 0;
	info.count = 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* A plane that is off has no format and no id, which is no error. */
static void mbochs_fill_plane(struct mbochs *mbochs,
			      struct vfio_device_gfx_plane_info *plane)
{
	u32 argsz = plane->argsz;
	u32 flags = plane->flags;
	u32 type = plane->drm_plane_type;
	struct mbochs_mode mode;

	memset(plane, 0, sizeof(*plane));
	plane->argsz = argsz;
	plane->flags = flags;
	plane->drm_plane_type = type;
	if (type != DRM_PLANE_TYPE_PRIMARY)
		return;

	mutex_lock(&mbochs->lock);
	if (mbochs_current_mode(mbochs, &mode)) {
		plane->drm_format = DRM_FORMAT_XRGB8888;
		plane->width = mode.width;
		plane->height = mode.height;
		plane->stride = mode.stride;
		plane->size = PAGE_ALIGN(mode.size);
		plane->dmabuf_id = mbochs_frame_id(mbochs, &mode);
	}
	mutex_unlock(&mbochs->lock);
}

static long mbochs_query_gfx_plane(struct mbochs *mbochs, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_gfx_plane_info,
				   dmabuf_id);
	struct vfio_device_gfx_plane_info plane;

	if (copy_from_user(&plane, arg, minsz))
		return -EFAULT;
	if (plane.argsz < minsz)
		return -EINVAL;

	if (plane.flags == (VFIO_GFX_PLANE_TYPE_PROBE |
			    VFIO_GFX_PLANE_TYPE_DMABUF))
		return 0;
	if (plane.flags != VFIO_GFX_PLANE_TYPE_DMABUF)
		return -EINVAL;

	mbochs_fill_plane(mbochs, &plane);
	return copy_to_user(arg, &plane, minsz) ? -EFAULT : 0;
}

/* What of a remembered picture has to be held for a dma-buf, or an ERR_PTR. */
static struct mbochs_dmabuf *mbochs_hold_frame(struct mbochs *mbochs, u32 id)
{
	struct mbochs_dmabuf *buf = NULL;
	struct mbochs_mode mode;
	int ret;

	mutex_lock(&mbochs->lock);
	ret = mbochs_find_frame(mbochs, id, &mode);
	/* A dma-buf is made of pages: it cannot start within one. */
	if (!ret && offset_in_page(mode.offset))
		ret = -EINVAL;
	if (!ret) {
		buf = mbochs_dmabuf_alloc(mbochs, &mode);
		if (!buf)
			ret = -ENOMEM;
	}
	mutex_unlock(&mbochs->lock);
	return ret ? ERR_PTR(ret) : buf;
}

/* A dma-buf of its own for each caller: there is none to be shared. */
static long mbochs_get_gfx_dmabuf(struct mbochs *mbochs, void __user *arg)
{
	DEFINE_DMA_BUF_EXPORT_INFO(exp);
	struct mbochs_dmabuf *buf;
	struct dma_buf *dmabuf;
	u32 id;
	int fd;

	if (get_user(id, (u32 __user *)arg))
		return -EFAULT;

	buf = mbochs_hold_frame(mbochs, id);
	if (IS_ERR(buf))
		return PTR_ERR(buf);

	exp.ops = &mbochs_dmabuf_ops;
	exp.size = (size_t)buf->nr_pages << PAGE_SHIFT;
	exp.flags = O_RDWR;
	exp.priv = buf;
	dmabuf = dma_buf_export(&exp);
	if (IS_ERR(dmabuf)) {
		mbochs_dmabuf_free(buf);
		return PTR_ERR(dmabuf);
	}

	/* From here on @buf goes with the dma-buf. */
	fd = dma_buf_fd(dmabuf, O_CLOEXEC);
	if (fd < 0)
		dma_buf_put(dmabuf);
	return fd;
}

static long mbochs_device_reset(struct mbochs *mbochs)
{
	mutex_lock(&mbochs->lock);
	mbochs_reset(mbochs);
	mutex_unlock(&mbochs->lock);
	return 0;
}

static long mbochs_ioctl(struct mdev_device *mdev, unsigned int cmd,
			 unsigned long arg)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return mbochs_get_info(uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return mbochs_get_region_info(mbochs, uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return mbochs_get_irq_info(uarg);
	case VFIO_DEVICE_SET_IRQS:
		return -EINVAL;
	case VFIO_DEVICE_QUERY_GFX_PLANE:
		return mbochs_query_gfx_plane(mbochs, uarg);
	case VFIO_DEVICE_GET_GFX_DMABUF:
		return mbochs_get_gfx_dmabuf(mbochs, uarg);
	case VFIO_DEVICE_RESET:
		return mbochs_device_reset(mbochs);
	default:
		return -ENOTTY;
	}
}

static const struct mdev_vfio_device_ops mbochs_vfio_ops = {
	.open = mbochs_open,
	.release = mbochs_release,
	.read = mbochs_read,
	.write = mbochs_write,
	.ioctl = mbochs_ioctl,
	.mmap = mbochs_mmap,
};

/* ---- the parent -------------------------------------------------------------------- */

/*
 * The core ends a type's name in that of its group, which has no dash. There
 * are no groups but those of the table: who is not found before is the last.
 */
static const struct mbochs_type *mbochs_find_type(struct kobject *kobj)
{
	const char *name = strrchr(kobject_name(kobj), '-') + 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mbochs_types) - 1; i++) {
		if (!strcmp(mbochs_types[i].name, name))
			break;
	}
	return &mbochs_types[i];
}

static int mbochs_take_memory(unsigned int mbytes)
{
	int ret = -ENOSPC;

	mutex_lock(&mbochs_memory_lock);
	if (mbytes <= mbochs_max_mbytes - mbochs_used_mbytes) {
		mbochs_used_mbytes += mbytes;
		ret = 0;
	}
	mutex_unlock(&mbochs_memory_lock);
	return ret;
}

static void mbochs_return_memory(unsigned int mbytes)
{
	mutex_lock(&mbochs_memory_lock);
	mbochs_used_mbytes -= mbytes;
	mutex_unlock(&mbochs_memory_lock);
}

static int mbochs_create(struct kobject *kobj, struct mdev_device *mdev)
{
	const struct mbochs_type *type = mbochs_find_type(kobj);
	struct mbochs *mbochs;
	int ret;

	ret = mbochs_take_memory(type->mbytes);
	if (ret)
		return ret;

	ret = -ENOMEM;
	mbochs = kzalloc(sizeof(*mbochs), GFP_KERNEL);
	if (!mbochs)
		goto return_memory;

	mbochs->type = type;
	mbochs->nr_pages = type->mbytes << (20 - PAGE_SHIFT);
	mbochs->pages = kvcalloc(mbochs->nr_pages, sizeof(*mbochs->pages),
				 GFP_KERNEL);
	if (!mbochs->pages)
		goto free_mbochs;

	mutex_init(&mbochs->lock);
	mbochs->edid.edid_offset = MBOCHS_EDID_BLOB_OFFSET;
	mbochs->edid.edid_max_size = MBOCHS_EDID_BLOB_SIZE;
	mbochs->edid.link_state = VFIO_DEVICE_GFX_LINK_STATE_DOWN;
	mbochs->edid.max_xres = type->max_xres;
	mbochs->edid.max_yres = type->max_yres;
	mbochs_reset(mbochs);

	mdev_set_drvdata(mdev, mbochs);
	mdev_set_vfio_ops(mdev, &mbochs_vfio_ops);
	return 0;

free_mbochs:
	kfree(mbochs);
return_memory:
	mbochs_return_memory(type->mbytes);
	return ret;
}

static int mbochs_remove(struct mdev_device *mdev)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev);

	mbochs_return_memory(mbochs->type->mbytes);
	mdev_set_drvdata(mdev, NULL);
	mutex_destroy(&mbochs->lock);
	kvfree(mbochs->pages);
	kfree(mbochs);
	return 0;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "%s-%s\n", MBOCHS_NAME,
		       mbochs_find_type(kobj)->name);
}

static MDEV_TYPE_ATTR_RO(name);

static ssize_t description_show(struct kobject *kobj, struct device *dev,
				char *buf)
{
	return sprintf(buf, "virtual display, %u MB video memory\n",
		       mbochs_find_type(kobj)->mbytes);
}

static MDEV_TYPE_ATTR_RO(description);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev,
			       char *buf)
{
	return sprintf(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}

static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj,
					struct device *dev, char *buf)
{
	unsigned int available;

	mutex_lock(&mbochs_memory_lock);
	available = mbochs_max_mbytes - mbochs_used_mbytes;
	mutex_unlock(&mbochs_memory_lock);
	return sprintf(buf, "%u\n", available / mbochs_find_type(kobj)->mbytes);
}

static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *mbochs_type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_description.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL,
};

static struct attribute_group mbochs_small_group = {
	.name = "small",
	.attrs = mbochs_type_attrs,
};

static struct attribute_group mbochs_medium_group = {
	.name = "medium",
	.attrs = mbochs_type_attrs,
};

static struct attribute_group mbochs_large_group = {
	.name = "large",
	.attrs = mbochs_type_attrs,
};

static struct attribute_group *mbochs_type_groups[] = {
	&mbochs_small_group,
	&mbochs_medium_group,
	&mbochs_large_group,
	NULL,
};

static ssize_t memory_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct mbochs *mbochs = mdev_get_drvdata(mdev_from_dev(dev));

	return sprintf(buf, "%u MB\n", mbochs->type->mbytes);
}

static DEVICE_ATTR_RO(memory);

static struct attribute *mbochs_mdev_attrs[] = {
	&dev_attr_memory.attr,
	NULL,
};

static const struct attribute_group mbochs_mdev_group = {
	.name = "vendor",
	.attrs = mbochs_mdev_attrs,
};

static const struct attribute_group *mbochs_mdev_groups[] = {
	&mbochs_mdev_group,
	NULL,
};

static const struct mdev_parent_ops mbochs_parent_ops = {
	.owner = THIS_MODULE,
	.mdev_attr_groups = mbochs_mdev_groups,
	.supported_type_groups = mbochs_type_groups,
	.create = mbochs_create,
	.remove = mbochs_remove,
};

/*
 * The parent is made by device_create(), whose release is not in this module:
 * somebody who holds an mdev may keep it alive after the module has gone.
 */
static int __init mbochs_init(void)
{
	int ret;

	mbochs_class = class_create(THIS_MODULE, MBOCHS_NAME);
	if (IS_ERR(mbochs_class))
		return PTR_ERR(mbochs_class);

	mbochs_parent = device_create(mbochs_class, NULL, MKDEV(0, 0), NULL,
				      MBOCHS_NAME);
	if (IS_ERR(mbochs_parent)) {
		ret = PTR_ERR(mbochs_parent);
		goto destroy_class;
	}

	ret = mdev_register_device(mbochs_parent, &mbochs_parent_ops);
	if (ret)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(mbochs_parent);
destroy_class:
	class_destroy(mbochs_class);
	return ret;
}

static void __exit mbochs_exit(void)
{
	mdev_unregister_device(mbochs_parent);
	device_unregister(mbochs_parent);
	class_destroy(mbochs_class);
}

module_init(mbochs_init)
module_exit(mbochs_exit)

MODULE_DESCRIPTION("Sample mediated devices: PCI displays with Bochs registers");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
