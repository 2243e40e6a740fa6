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

/*
 * Is @p a constant of the shim? Modules' constants do not count: their memory
 * goes away with them, and a kernel copies them too.
 */
bool um_is_kernel_rodata(const void *p)
{
	return (const char *)p >= __ehdr_start && (const char *)p < _DYNAMIC;
}
EXPORT_SYMBOL(um_is_kernel_rodata);

void kfree_const(const void *p)
{
	if (!um_is_kernel_rodata(p))
		kfree(p);
}
EXPORT_SYMBOL(kfree_const);

void *um_kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = um_kmalloc(len, gfp);

	if (p && len)
		memcpy(p, src, len);
	return p;
}
EXPORT_SYMBOL(um_kmemdup);

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

/* NULL gives NULL. */
char *um_kstrdup(const char *s, gfp_t gfp)
{
	return s ? um_kmemdup_nul(s, strlen(s), gfp) : NULL;
}
EXPORT_SYMBOL(um_kstrdup);

char *um_kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? um_kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}
EXPORT_SYMBOL(um_kstrndup);

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

/* The shim's own constant that the format amounts to, or NULL. */
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

void *um_memdup_user(const void __user *src, size_t len, gfp_t gfp)
{
	void *p = um_kvmalloc(len, gfp | __GFP_NOWARN);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}
EXPORT_SYMBOL(um_memdup_user);

void *um_memdup_user_nul(const void __user *src, size_t len)
{
	char *p = um_kmalloc(len + 1, GFP_KERNEL);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	p[len] = '\0';
	return p;
}
EXPORT_SYMBOL(um_memdup_user_nul);

/* @max counts the NUL; a longer string is -EINVAL. */
char *um_strndup_user(const char __user *s, long max)
{
	long len = strnlen_user(s, max);
	char *p;

	if (!len)
		return ERR_PTR(-EFAULT);
	if (len > max)
		return ERR_PTR(-EINVAL);
	p = um_memdup_user(s, len, GFP_USER);
	if (!IS_ERR(p))
		p[len - 1] = '\0';
	return p;
}
EXPORT_SYMBOL(um_strndup_user);
