/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strings. What libc has with the same meaning is libc's (and so checked by
 * the sanitizers' interceptors); the kernel's own are in lib/string.c and
 * mm/util.c. Allocating functions are macros, as in linux/slab.h.
 */
#ifndef _LINUX_STRING_H_SHIM
#define _LINUX_STRING_H_SHIM

#include <linux/array_size.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/stdarg.h>
#include <linux/stddef.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include "compat/levels.h"

#include "check/op.h"

/* ---- libc's own ---------------------------------------------------------- */

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
int bcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
char *stpcpy(char *dst, const char *src);
char *strcat(char *dst, const char *src);
char *strncat(char *dst, const char *src, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strchrnul(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);
char *strpbrk(const char *s, const char *accept);
char *strsep(char **s, const char *delim);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);

/* ---- the kernel's own ------------------------------------------------------ */

#if KAPI_STRLCPY
size_t strlcpy(char *dst, const char *src, size_t size) __asm__("um_k_strlcpy");
#endif
size_t strlcat(char *dst, const char *src, size_t size) __asm__("um_k_strlcat");
ssize_t strscpy(char *dst, const char *src, size_t size);
ssize_t strscpy_pad(char *dst, const char *src, size_t size);
char *strnchr(const char *s, size_t n, int c);
char *strnstr(const char *s, const char *needle, size_t n);
char *skip_spaces(const char *s) __must_check;
char *strim(char *s);
char *strreplace(char *s, char old, char new);
void *memscan(void *s, int c, size_t n);
void *memchr_inv(const void *s, int c, size_t n);
void *memset16(u16 *p, u16 v, size_t n);
void *memset32(u32 *p, u32 v, size_t n);
void *memset64(u64 *p, u64 v, size_t n);
bool sysfs_streq(const char *a, const char *b);
int match_string(const char * const *array, size_t n, const char *string);
int __sysfs_match_string(const char * const *array, size_t n, const char *s);
#define sysfs_match_string(a, s) __sysfs_match_string(a, sizeof(a) / sizeof((a)[0]), s)
void memzero_explicit(void *s, size_t n);
void memcpy_and_pad(void *dst, size_t dst_len, const void *src, size_t n, int pad);
const char *kbasename(const char *path);

static inline char * __must_check strstrip(char *s)
{
	return strim(s);
}

static inline bool strstarts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Length of @prefix if @s starts with it, else 0. */
static inline size_t str_has_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) == 0 ? len : 0;
}


/* ---- copies in new memory (mm/util.c) --------------------------------------- */

char *um_kstrdup(const char *s, gfp_t gfp);
char *um_kstrndup(const char *s, size_t max, gfp_t gfp);
void *um_kmemdup(const void *src, size_t len, gfp_t gfp);
char *um_kmemdup_nul(const char *s, size_t len, gfp_t gfp);
char *um_kvasprintf(gfp_t gfp, const char *fmt, va_list ap) __printf(2, 0);
char *um_kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3);
bool um_is_kernel_rodata(const void *p);
void kfree_const(const void *p);

#define kstrdup(s, gfp) \
	um_alloc_leaf("kstrdup", gfp, um_kstrdup(s, __um_gfp))
#define kstrndup(s, max, gfp) \
	um_alloc_leaf("kstrndup", gfp, um_kstrndup(s, max, __um_gfp))
#define kmemdup(src, len, gfp) \
	um_alloc_leaf("kmemdup", gfp, um_kmemdup(src, len, __um_gfp))
#define kvmemdup(src, len, gfp) kmemdup(src, len, gfp)
#define kmemdup_nul(s, len, gfp) \
	um_alloc_leaf("kmemdup_nul", gfp, um_kmemdup_nul(s, len, __um_gfp))
/* Constants of the shim itself need no copy, and then nothing can fail. */
#define kstrdup_const(s, gfp)						\
({									\
	const char *__um_s = (s);					\
	um_is_kernel_rodata(__um_s) ? __um_s :				\
		(const char *)kstrdup(__um_s, gfp);			\
})

/* ---- copies of user memory: an ERR_PTR when they fail ------------------------ */

void *um_memdup_user(const void __user *src, size_t len);
void *um_vmemdup_user(const void __user *src, size_t len);
void *um_memdup_user_nul(const void __user *src, size_t len);
char *um_strndup_user(const char __user *s, long max);

/* No memory is one leaf at the caller; -EFAULT is copy_from_user()'s. */
#define um_memdup_leaf(leaf, expr)					\
({									\
	um_might_alloc(GFP_KERNEL, __FILE__, __LINE__);			\
	um_fallible(leaf, ERR_PTR(-ENOMEM), expr);			\
})
#define memdup_user(src, len) \
	um_memdup_leaf("memdup_user", um_memdup_user(src, len))
#define vmemdup_user(src, len) \
	um_memdup_leaf("vmemdup_user", um_vmemdup_user(src, len))
#define memdup_user_nul(src, len) \
	um_memdup_leaf("memdup_user_nul", um_memdup_user_nul(src, len))
#define strndup_user(s, max) \
	um_memdup_leaf("strndup_user", um_strndup_user(s, max))

char **um_argv_split(gfp_t gfp, const char *s, int *argc);
#define argv_split(gfp, s, argc) \
	um_alloc_leaf("argv_split", gfp, um_argv_split(__um_gfp, s, argc))
void argv_free(char **argv);

int kstrtobool(const char *s, bool *res) __must_check;
static inline int strtobool(const char *s, bool *res)
{
	return kstrtobool(s, res);
}

#endif
