// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of strings and of user memory in new memory.
 *
 * The macros in linux/string.h check the context and inject the fault; here
 * is the rest. Results belong to the caller, who frees them with kfree()
 * (kfree_const() for the _const forms).
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/*
 * From the linker: this object's read-only part, which holds its literals,
 * lies between its ELF header and its dynamic section.
 */
extern const char __ehdr_start[] __attribute__((__visibility__("hidden")));
extern const char _DYNAMIC[] __attribute__((__visibility__("hidden")));

/**
 * um_is_kernel_rodata() - is this a constant of the shim?
 * @p: the address
 *
 * Modules' constants do not count: their memory goes away with them, and a
 * kernel copies them too.
 *
 * Return: whether it is.
 */
bool um_is_kernel_rodata(const void *p)
{
	return (const char *)p >= __ehdr_start && (const char *)p < _DYNAMIC;
}
EXPORT_SYMBOL(um_is_kernel_rodata);

/**
 * kfree_const() - kfree() for what a _const function gave
 * @p: memory, a constant of the shim, or NULL
 */
void kfree_const(const void *p)
{
	if (!um_is_kernel_rodata(p))
		kfree(p);
}
EXPORT_SYMBOL(kfree_const);

/**
 * um_kmemdup() - kmemdup(): a copy of memory
 * @src: what to copy
 * @len: bytes
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 *
 * Return: the copy, to be freed by kfree(), or NULL.
 */
void *um_kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = um_kmalloc(len, gfp);

	if (p && len)
		memcpy(p, src, len);
	return p;
}
EXPORT_SYMBOL(um_kmemdup);

/**
 * um_kmemdup_nul() - kmemdup_nul(): a copy of bytes, with a NUL behind
 * @s: the bytes, or NULL
 * @len: how many
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 *
 * Return: the copy, to be freed by kfree(); NULL for NULL, or without memory.
 */
char *um_kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *p;

	if (!s)
		return NULL;
	p = um_kmalloc(len + 1, gfp);
	if (p) {
		memcpy(p, s, len);
		p[len] = '\0';
	}
	return p;
}
EXPORT_SYMBOL(um_kmemdup_nul);

/**
 * um_kstrdup() - kstrdup(): a copy of a string
 * @s: the string, or NULL
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 *
 * Return: the copy, to be freed by kfree(); NULL for NULL, or without memory.
 */
char *um_kstrdup(const char *s, gfp_t gfp)
{
	return s ? um_kmemdup_nul(s, strlen(s), gfp) : NULL;
}
EXPORT_SYMBOL(um_kstrdup);

/**
 * um_kstrndup() - kstrndup(): a copy of the start of a string
 * @s: the string, or NULL
 * @max: bytes to copy at most
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 *
 * Return: the copy, to be freed by kfree(); NULL for NULL, or without memory.
 */
char *um_kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? um_kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}
EXPORT_SYMBOL(um_kstrndup);

/**
 * um_kvasprintf() - kvasprintf(): a text in new memory
 * @gfp: how to allocate
 * @fmt: the conversions, as for vsnprintf()
 * @ap: arguments for them
 *
 * Context: as @gfp says.
 *
 * Return: the text, to be freed by kfree(), or NULL.
 */
char *um_kvasprintf(gfp_t gfp, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	p = um_kmalloc(len + 1, gfp);
	if (p)
		vsnprintf(p, len + 1, fmt, ap);
	return p;
}
EXPORT_SYMBOL(um_kvasprintf);

/**
 * um_kasprintf() - kasprintf(): a text in new memory
 * @gfp: how to allocate
 * @fmt: the conversions, as for vsnprintf()
 * @...: arguments for them
 *
 * Context: as @gfp says.
 *
 * Return: the text, to be freed by kfree(), or NULL.
 */
char *um_kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = um_kvasprintf(gfp, fmt, ap);
	va_end(ap);
	return p;
}
EXPORT_SYMBOL(um_kasprintf);

/**
 * um_kvasprintf_const_text() - the constant of the shim a format amounts to
 * @fmt: the format: a text without a conversion, or "%s"
 * @ap: its argument; not consumed
 *
 * Return: the constant, for which kvasprintf_const() need not allocate, or
 * NULL.
 */
const char *um_kvasprintf_const_text(const char *fmt, va_list ap)
{
	const char *text = NULL;
	va_list again;

	if (!strchr(fmt, '%')) {
		text = fmt;
	} else if (!strcmp(fmt, "%s")) {
		va_copy(again, ap);
		text = va_arg(again, const char *);
		va_end(again);
	}
	return text && um_is_kernel_rodata(text) ? text : NULL;
}
EXPORT_SYMBOL(um_kvasprintf_const_text);

/* @p, which may be NULL, with what @src points at; freed after an error. */
static void *filled(void *p, const void __user *src, size_t len)
{
	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kvfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}

/**
 * um_memdup_user() - memdup_user(): a copy of user memory
 * @src: user memory
 * @len: bytes, up to KMALLOC_MAX_SIZE
 *
 * Context: may sleep.
 *
 * Return: the copy, to be freed by kfree(); or an ERR_PTR: -ENOMEM, also for
 * what is too large; -EFAULT.
 */
void *um_memdup_user(const void __user *src, size_t len)
{
	return filled(um_kmalloc(len, GFP_USER | __GFP_NOWARN), src, len);
}
EXPORT_SYMBOL(um_memdup_user);

/**
 * um_vmemdup_user() - vmemdup_user(): as memdup_user(), up to INT_MAX bytes
 * @src: user memory
 * @len: bytes
 *
 * Context: may sleep.
 *
 * Return: the copy, to be freed by kvfree(); or an ERR_PTR: -ENOMEM, with a
 * warning for what is too large; -EFAULT.
 */
void *um_vmemdup_user(const void __user *src, size_t len)
{
	return filled(um_kvmalloc(len, GFP_USER), src, len);
}
EXPORT_SYMBOL(um_vmemdup_user);

/**
 * um_memdup_user_nul() - memdup_user_nul(): with a NUL behind
 * @src: user memory
 * @len: bytes, less than KMALLOC_MAX_SIZE
 *
 * Context: may sleep.
 *
 * Return: the copy, to be freed by kfree(); or an ERR_PTR: -ENOMEM, with a
 * warning for what is too large; -EFAULT.
 */
void *um_memdup_user_nul(const void __user *src, size_t len)
{
	char *p = filled(um_kmalloc(len + 1, GFP_KERNEL), src, len);

	if (!IS_ERR(p))
		p[len] = '\0';
	return p;
}
EXPORT_SYMBOL(um_memdup_user_nul);

/**
 * um_strndup_user() - strndup_user(): a copy of a string in user memory
 * @s: the string
 * @max: its size at most, the NUL included
 *
 * Context: may sleep.
 *
 * Return: the copy, to be freed by kfree(); or an ERR_PTR: -EFAULT; -EINVAL for
 * a longer string; -ENOMEM.
 */
char *um_strndup_user(const char __user *s, long max)
{
	long len = strnlen_user(s, max);
	char *p;

	if (!len)
		return ERR_PTR(-EFAULT);
	if (len > max)
		return ERR_PTR(-EINVAL);
	p = um_memdup_user(s, len);
	if (!IS_ERR(p))
		p[len - 1] = '\0';
	return p;
}
EXPORT_SYMBOL(um_strndup_user);
