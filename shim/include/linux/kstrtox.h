/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers from text. kstrto*() take the whole string or nothing: an optional
 * '+' (and '-' for the signed ones), digits, at most one newline. Base 0
 * reads the prefixes 0x and 0. Errors are -EINVAL and -ERANGE; the result is
 * written on success only.
 */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H

#include <linux/compiler.h>
#include <linux/types.h>

int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int __must_check kstrtoll(const char *s, unsigned int base, long long *res);
int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res);
int __must_check kstrtol(const char *s, unsigned int base, long *res);
int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
int __must_check kstrtoint(const char *s, unsigned int base, int *res);
int __must_check kstrtou16(const char *s, unsigned int base, u16 *res);
int __must_check kstrtos16(const char *s, unsigned int base, s16 *res);
int __must_check kstrtou8(const char *s, unsigned int base, u8 *res);
int __must_check kstrtos8(const char *s, unsigned int base, s8 *res);
int __must_check kstrtobool(const char *s, bool *res);

static inline int __must_check kstrtou64(const char *s, unsigned int base, u64 *res)
{
	return kstrtoull(s, base, res);
}

static inline int __must_check kstrtos64(const char *s, unsigned int base, s64 *res)
{
	return kstrtoll(s, base, res);
}

static inline int __must_check kstrtou32(const char *s, unsigned int base, u32 *res)
{
	return kstrtouint(s, base, res);
}

static inline int __must_check kstrtos32(const char *s, unsigned int base, s32 *res)
{
	return kstrtoint(s, base, res);
}

/* From user memory, no NUL needed; also -EFAULT. */
int __must_check kstrtoull_from_user(const char __user *s, size_t count,
				     unsigned int base, unsigned long long *res);
int __must_check kstrtoll_from_user(const char __user *s, size_t count,
				    unsigned int base, long long *res);
int __must_check kstrtoul_from_user(const char __user *s, size_t count,
				    unsigned int base, unsigned long *res);
int __must_check kstrtol_from_user(const char __user *s, size_t count,
				   unsigned int base, long *res);
int __must_check kstrtouint_from_user(const char __user *s, size_t count,
				      unsigned int base, unsigned int *res);
int __must_check kstrtoint_from_user(const char __user *s, size_t count,
				     unsigned int base, int *res);
int __must_check kstrtou16_from_user(const char __user *s, size_t count,
				     unsigned int base, u16 *res);
int __must_check kstrtou8_from_user(const char __user *s, size_t count,
				    unsigned int base, u8 *res);
int __must_check kstrtobool_from_user(const char __user *s, size_t count, bool *res);

/* These stop at the first character that is no digit and know no overflow. */
unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base);
long simple_strtol(const char *cp, char **endp, unsigned int base);
unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base);
long long simple_strtoll(const char *cp, char **endp, unsigned int base);

unsigned long long memparse(const char *ptr, char **retptr);

#endif
