// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of unwritten.c: a driver that gives a user what nobody has
 * written, in one way each, and gives it written in the same ways.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "unwritten.h"

struct answer {
	u32 type;
	u32 flags;
	u64 value;
};

struct long_answer {
	u64 type;
	u64 reserved[2];
	u64 value;
};

struct holey_answer {
	u8 type;
	u64 value;
};

static struct page *mapped;	/* that was mapped last */
static void *area;		/* of vmalloc(), likewise */

static long give(unsigned long arg, const void *from, size_t size)
{
	return copy_to_user((void __user *)arg, from, size) ? -EFAULT : 0;
}

static noinline long leaky_heap(unsigned long arg, bool clean)
{
	struct answer *a = clean ? kzalloc(sizeof(*a), GFP_KERNEL) : kmalloc(sizeof(*a), GFP_KERNEL);
	long ret;

	if (!a)
		return -ENOMEM;
	a->type = 1;
	a->value = 2;
	ret = give(arg, a, sizeof(*a));
	kfree(a);
	return ret;
}

static noinline long leaky_cache(unsigned long arg, bool clean)
{
	struct kmem_cache *cache = kmem_cache_create("leaky", LEAKY_SIZE, 0, 0, NULL);
	long ret = -ENOMEM;
	char *p;

	if (!cache)
		return ret;
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	if (p) {
		memset(p, 1, clean ? LEAKY_SIZE : LEAKY_SIZE / 2);
		ret = give(arg, p, LEAKY_SIZE);
		kmem_cache_free(cache, p);
	}
	kmem_cache_destroy(cache);
	return ret;
}

static noinline long leaky_krealloc(unsigned long arg, bool clean)
{
	char *p = kzalloc(LEAKY_SIZE / 2, GFP_KERNEL), *more;
	long ret = -ENOMEM;

	more = krealloc(p, LEAKY_SIZE, clean ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL);
	if (more) {
		ret = give(arg, more, LEAKY_SIZE);
		p = more;
	}
	kfree(p);
	return ret;
}

static noinline long leaky_stack(unsigned long arg, bool clean)
{
	struct long_answer a;

	if (clean)
		memset(&a, 0, sizeof(a));
	a.type = arg;
	a.value = 2;
	return give(arg, &a, sizeof(a));
}

static noinline long leaky_padding(unsigned long arg, bool clean)
{
	struct holey_answer a;

	if (clean)
		memset(&a, 0, sizeof(a));
	a.type = arg;
	a.value = arg;
	return give(arg, &a, sizeof(a));
}

static noinline long leaky_pages(unsigned long arg, bool clean)
{
	unsigned long p = clean ? get_zeroed_page(GFP_KERNEL) : __get_free_page(GFP_KERNEL);
	long ret;

	if (!p)
		return -ENOMEM;
	ret = give(arg, (void *)p, LEAKY_SIZE);
	free_page(p);
	return ret;
}

static noinline long leaky_vmalloc(unsigned long arg, bool clean)
{
	char *p = clean ? vzalloc(PAGE_SIZE) : vmalloc(PAGE_SIZE);
	long ret;

	if (!p)
		return -ENOMEM;
	ret = give(arg, p, LEAKY_SIZE);
	vfree(p);
	return ret;
}

static long clean_views(unsigned long arg, bool by_page)
{
	char *p = vmalloc(PAGE_SIZE), *other;
	long ret;

	if (!p)
		return -ENOMEM;
	other = page_address(vmalloc_to_page(p));
	memset(by_page ? p : other, 1, LEAKY_SIZE);
	ret = give(arg, by_page ? other : p, LEAKY_SIZE);
	vfree(p);
	return ret;
}

static noinline long clean_echo(unsigned long arg)
{
	char *p = kmalloc(LEAKY_SIZE, GFP_KERNEL), buf[LEAKY_SIZE];
	long ret = -EFAULT;

	if (!p)
		return -ENOMEM;
	if (!copy_from_user(buf, (void __user *)arg, LEAKY_SIZE)) {
		memcpy(p, buf, LEAKY_SIZE);
		ret = give(arg, p, LEAKY_SIZE) ?: give(arg, buf, LEAKY_SIZE);
	}
	kfree(p);
	return ret;
}

static noinline long leaky_branch(void)
{
	int *p = kmalloc(sizeof(*p), GFP_KERNEL);
	long ret = 0;

	if (!p)
		return -ENOMEM;
	if (*p == 1)
		ret = 1;
	kfree(p);
	return ret;
}

static long leaky_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	bool clean = cmd & 0x10;

	switch (cmd) {
	case LEAKY_HEAP:
	case CLEAN_HEAP:
		return leaky_heap(arg, clean);
	case LEAKY_CACHE:
	case CLEAN_CACHE:
		return leaky_cache(arg, clean);
	case LEAKY_KREALLOC:
	case CLEAN_KREALLOC:
		return leaky_krealloc(arg, clean);
	case LEAKY_STACK:
	case CLEAN_STACK:
		return leaky_stack(arg, clean);
	case LEAKY_PADDING:
	case CLEAN_PADDING:
		return leaky_padding(arg, clean);
	case LEAKY_PAGES:
	case CLEAN_PAGES:
		return leaky_pages(arg, clean);
	case LEAKY_VMALLOC:
	case CLEAN_VMALLOC:
		return leaky_vmalloc(arg, clean);
	case CLEAN_BY_PAGE:
	case CLEAN_BY_AREA:
		return clean_views(arg, cmd == CLEAN_BY_PAGE);
	case CLEAN_ECHO:
		return clean_echo(arg);
	case CLEAN_MAPPED:
		return give(arg, page_address(mapped), LEAKY_SIZE);
	default:
		return leaky_branch();
	}
}

static vm_fault_t leaky_fault(struct vm_fault *vmf)
{
	vmf->page = vmalloc_to_page(area);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct leaky_vm_ops = { .fault = leaky_fault };

static int map_page(struct vm_area_struct *vma, bool pfn, gfp_t more)
{
	if (mapped)
		put_page(mapped);
	mapped = alloc_page(GFP_KERNEL | more);
	if (!mapped)
		return -ENOMEM;
	strcpy(page_address(mapped), "what is written");
	if (pfn)
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(mapped), PAGE_SIZE,
				       vma->vm_page_prot);
	return vm_insert_page(vma, vma->vm_start, mapped);
}

static int map_when_touched(struct vm_area_struct *vma, bool clean)
{
	vfree(area);
	area = clean ? vmalloc_user(PAGE_SIZE) : vmalloc(PAGE_SIZE);
	vma->vm_ops = &leaky_vm_ops;
	return area ? 0 : -ENOMEM;
}

static int leaky_mmap(struct file *file, struct vm_area_struct *vma)
{
	bool clean = vma->vm_pgoff >= LEAKY_MAPS;
	unsigned long what = vma->vm_pgoff % LEAKY_MAPS;

	if (what == LEAKY_MAP_FAULT)
		return map_when_touched(vma, clean);
	return map_page(vma, what == LEAKY_MAP_PFN, clean ? __GFP_ZERO : 0);
}

static const struct file_operations leaky_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = leaky_ioctl,
	.mmap = leaky_mmap,
};

static struct miscdevice leaky = {
	.minor = MISC_DYNAMIC_MINOR, .name = "leaky", .fops = &leaky_fops,
};

int k_leaky_add(void)
{
	return misc_register(&leaky);
}

void k_leaky_remove(void)
{
	misc_deregister(&leaky);
	vfree(area);
	area = NULL;
	if (mapped)
		put_page(mapped);
	mapped = NULL;
}
