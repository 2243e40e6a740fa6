// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies from and to user memory, and pages of it pinned.
 *
 * An address is looked up among the blocks of um_user_alloc() and the
 * mappings of um_mmap(), and the bytes are reached by page_address(). A
 * block ends after the bytes that were asked for, not at the end of a page:
 * a driver that copies more fails as it does where the user's memory ends.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "check/op.h"
#include "host/memory.h"
#include "mm/arena.h"

/* A piece of user memory as the kernel side sees it. */
struct piece {
	char *kaddr;
	unsigned long len;
	struct page *page;	/* referenced until piece_put(), or NULL */
};

static bool block_piece(unsigned long addr, unsigned long n, bool write, struct piece *p)
{
	const struct um_arena *a = um_arena();
	unsigned long offset = addr - (unsigned long)a->user, end;
	struct page *page, *head;

	if (offset >> PAGE_SHIFT >= a->pages)
		return false;
	page = a->map + (offset >> PAGE_SHIFT);
	if (!test_bit(UM_PG_user, &page->flags))
		return false;
	head = page->um_head;
	end = (um_page_index(head) << PAGE_SHIFT) + head->um_size;
	if (offset >= end || (write && test_bit(UM_PG_readonly, &head->flags)))
		return false;
	p->kaddr = a->kernel + offset;
	p->len = min(n, end - offset);
	p->page = NULL;
	return true;
}

static bool piece_get(unsigned long addr, unsigned long n, bool write, struct piece *p)
{
	struct page *page;

	if (block_piece(addr, n, write, p))
		return true;
	page = um_mapped_page(addr, write, false);
	if (IS_ERR(page))
		return false;
	p->kaddr = (char *)page_address(page) + offset_in_page(addr);
	p->len = min(n, PAGE_SIZE - offset_in_page(addr));
	p->page = page;
	return true;
}

static void piece_put(struct piece *p)
{
	if (p->page)
		put_page(p->page);
}

/* A copy that is wrong was told, and is not made. */
static bool is_sound(const char *what, bool to_user, unsigned long user, const void *kernel,
		     unsigned long n)
{
	return um_begin(UM_USER_COPY, .what = what, .to_user = to_user, .user = user,
			.start = kernel, .size = n) != UM_REFUSE;
}

/**
 * um_copy_to_user() - copy_to_user() when no fault is injected
 * @to: user memory
 * @from: what to copy
 * @n: bytes
 *
 * More than the object that @from is in, or than is left of the buffer of the
 * read() under way, is a splat and nothing is copied; what nobody has written is
 * a splat and is copied.
 *
 * Context: may sleep: a driver's fault handler may be asked for the page.
 *
 * Return: how many bytes at the end were not copied: 0 is success.
 */
unsigned long um_copy_to_user(void __user *to, const void *from,
			      unsigned long n)
{
	unsigned long addr = (unsigned long)to;
	const char *src = from;
	struct piece p;

	if (!um_access_ok(addr, n) || !is_sound("copy_to_user", true, addr, from, n))
		return n;
	while (n && piece_get(addr, n, true, &p)) {
		memcpy(p.kaddr, src, p.len);
		host_memory_written(p.kaddr, p.len);
		piece_put(&p);
		addr += p.len;
		src += p.len;
		n -= p.len;
	}
	return n;
}
EXPORT_SYMBOL(um_copy_to_user);

/**
 * um_copy_from_user_failed() - what a copy from the user leaves: zeroes
 * @to: where the copy should have gone
 * @n: bytes
 *
 * Return: @n.
 */
unsigned long um_copy_from_user_failed(void *to, unsigned long n)
{
	memset(to, 0, n);
	return n;
}
EXPORT_SYMBOL(um_copy_from_user_failed);

/**
 * um_copy_from_user() - copy_from_user() when no fault is injected
 * @to: room for @n bytes; zeroed where nothing could be copied to
 * @from: user memory
 * @n: bytes
 *
 * More than the object that @to is in, or than is left of the buffer of the
 * write() under way, is a splat and nothing is copied.
 *
 * Context: may sleep: a driver's fault handler may be asked for the page.
 *
 * Return: how many bytes at the end were not copied: 0 is success.
 */
unsigned long um_copy_from_user(void *to, const void __user *from,
				unsigned long n)
{
	unsigned long addr = (unsigned long)from;
	struct piece p;
	char *dst = to;

	if (!is_sound("copy_from_user", false, addr, to, n))
		return n;
	if (!um_access_ok(addr, n))
		return um_copy_from_user_failed(to, n);
	while (n && piece_get(addr, n, false, &p)) {
		memcpy(dst, p.kaddr, p.len);
		um_begin(UM_USER_SENT, .start = dst, .size = p.len);
		piece_put(&p);
		addr += p.len;
		dst += p.len;
		n -= p.len;
	}
	return n ? um_copy_from_user_failed(dst, n) : 0;
}
EXPORT_SYMBOL(um_copy_from_user);

/**
 * um_clear_user() - clear_user() when no fault is injected
 * @to: user memory
 * @n: bytes
 *
 * Context: may sleep.
 *
 * Return: how many bytes at the end were not cleared: 0 is success.
 */
unsigned long um_clear_user(void __user *to, unsigned long n)
{
	unsigned long addr = (unsigned long)to;
	struct piece p;

	if (!um_access_ok(addr, n))
		return n;
	while (n && piece_get(addr, n, true, &p)) {
		memset(p.kaddr, 0, p.len);
		piece_put(&p);
		addr += p.len;
		n -= p.len;
	}
	return n;
}
EXPORT_SYMBOL(um_clear_user);

/**
 * um_strncpy_from_user() - strncpy_from_user() when no fault is injected
 * @dst: room for @count bytes; without a NUL if the string fills it
 * @src: a string in user memory
 * @count: bytes to copy at most, the NUL included
 *
 * Context: may sleep.
 *
 * Return: the length of the string; @count if it has no end within that;
 * -EFAULT.
 */
long um_strncpy_from_user(char *dst, const char __user *src, long count)
{
	unsigned long addr = (unsigned long)src;
	long done = 0;
	struct piece p;
	size_t len;

	while (done < count) {
		if (!um_access_ok(addr, 1) || !piece_get(addr, count - done, false, &p))
			return -EFAULT;
		len = strnlen(p.kaddr, p.len);
		memcpy(dst + done, p.kaddr, len);
		piece_put(&p);
		done += len;
		addr += len;
		if (len < p.len) {
			dst[done] = '\0';
			return done;
		}
	}
	return done;
}
EXPORT_SYMBOL(um_strncpy_from_user);

/**
 * um_strnlen_user() - strnlen_user() when no fault is injected
 * @str: a string in user memory
 * @n: bytes to look at
 *
 * Context: may sleep.
 *
 * Return: the size of the string, its NUL included; @n + 1 if it has no end
 * within that; 0 where there is no user memory.
 */
long um_strnlen_user(const char __user *str, long n)
{
	unsigned long addr = (unsigned long)str;
	long done = 0;
	struct piece p;
	size_t len;

	while (done < n) {
		if (!um_access_ok(addr, 1) || !piece_get(addr, n - done, false, &p))
			return 0;
		len = strnlen(p.kaddr, p.len);
		piece_put(&p);
		done += len;
		addr += len;
		if (len < p.len)
			return done + 1;
	}
	return n + 1;
}
EXPORT_SYMBOL(um_strnlen_user);

/**
 * um_copy_struct_from_user() - copy_struct_from_user(): old and new structures
 * @dst: the kernel's; its end is zeroed if the user's is shorter
 * @ksize: of @dst in bytes
 * @src: the user's
 * @usize: of @src in bytes
 *
 * Context: may sleep.
 *
 * Return: 0; -E2BIG if the user's is longer and anything but 0 is in what the
 * kernel does not know; -EFAULT.
 */
int um_copy_struct_from_user(void *dst, size_t ksize, const void __user *src,
			     size_t usize)
{
	size_t size = min(ksize, usize), i;
	u8 byte;

	if (usize < ksize)
		memset((char *)dst + size, 0, ksize - size);
	for (i = ksize; i < usize; i++) {
		if (um_copy_from_user(&byte, (const char __user *)src + i, 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	return um_copy_from_user(dst, src, size) ? -EFAULT : 0;
}
EXPORT_SYMBOL(um_copy_struct_from_user);

/* ---- pins ------------------------------------------------------------ */

static struct page *user_page(unsigned long addr, bool write)
{
	struct page *page;
	struct piece p;

	if (block_piece(addr, 1, write, &p)) {
		page = virt_to_page(p.kaddr);
		get_page(page);
		return page;
	}
	return um_mapped_page(addr, write, true);
}

/**
 * um_pin_user_pages() - references on the pages behind user addresses
 * @start: user memory, rounded down to a page
 * @nr_pages: how many
 * @gup_flags: FOLL_WRITE if the pages will be written to
 * @pages: becomes the pages
 *
 * Context: may sleep.
 *
 * Return: how many were pinned, which may be fewer than asked for; -EFAULT
 * when there is none at @start. Each is given back by unpin_user_page().
 */
long um_pin_user_pages(unsigned long start, unsigned long nr_pages,
		       unsigned int gup_flags, struct page **pages)
{
	unsigned long i;
	struct page *page;

	start &= PAGE_MASK;
	for (i = 0; i < nr_pages; i++) {
		page = user_page(start + (i << PAGE_SHIFT), gup_flags & FOLL_WRITE);
		if (IS_ERR(page))
			break;
		pages[i] = page;
	}
	return i || !nr_pages ? (long)i : -EFAULT;
}
EXPORT_SYMBOL(um_pin_user_pages);

/**
 * unpin_user_page() - give a pinned page back
 * @page: the page
 */
void unpin_user_page(struct page *page)
{
	put_page(page);
}
EXPORT_SYMBOL(unpin_user_page);

/**
 * unpin_user_pages() - give several pinned pages back
 * @pages: the pages
 * @npages: how many
 */
void unpin_user_pages(struct page **pages, unsigned long npages)
{
	while (npages)
		unpin_user_page(pages[--npages]);
}
EXPORT_SYMBOL(unpin_user_pages);
