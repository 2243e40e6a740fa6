/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory.
 *
 * A user address is one that um_user_alloc() or um_mmap() gave out; anything
 * else, also a valid pointer of this process, faults. What um_user_alloc()
 * gives has no access rights at that address, so a driver that follows a
 * user pointer by itself is caught by the hardware; the functions here reach
 * the bytes through another mapping of them. Each may sleep, each may fail.
 */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>

#include "check/op.h"

#define TASK_SIZE_MAX ((1UL << 47) - 4096)

/* An address that a user could have: says nothing about what is there. */
static inline bool um_access_ok(unsigned long addr, unsigned long size)
{
	return size <= TASK_SIZE_MAX && addr <= TASK_SIZE_MAX - size;
}

#define access_ok(addr, size) um_access_ok((unsigned long)(addr), (size))

/* Each returns how many bytes at the end were not copied (or cleared). */
unsigned long um_copy_to_user(void __user *to, const void *from,
			      unsigned long n);
unsigned long um_copy_from_user(void *to, const void __user *from,
				unsigned long n);
unsigned long um_clear_user(void __user *to, unsigned long n);
/* A failed copy_from_user() leaves zeroes, never what was there before. */
unsigned long um_copy_from_user_failed(void *to, unsigned long n);

#define __copy_to_user(to, from, n)					\
({									\
	unsigned long __um_n = (n);					\
	might_fault();							\
	um_fallible("copy_to_user", __um_n,				\
		    um_copy_to_user((to), (from), __um_n));		\
})
#define copy_to_user __copy_to_user

#define __copy_from_user(to, from, n)					\
({									\
	unsigned long __um_n = (n);					\
	void *__um_to = (to);						\
	might_fault();							\
	um_fallible("copy_from_user",					\
		    um_copy_from_user_failed(__um_to, __um_n),		\
		    um_copy_from_user(__um_to, (from), __um_n));	\
})
#define copy_from_user __copy_from_user

#define __copy_to_user_inatomic(to, from, n) um_copy_to_user((to), (from), (n))
#define __copy_from_user_inatomic(to, from, n) \
	um_copy_from_user((to), (from), (n))

#define __clear_user(to, n)						\
({									\
	unsigned long __um_n = (n);					\
	might_fault();							\
	um_fallible("clear_user", __um_n, um_clear_user((to), __um_n));	\
})
#define clear_user __clear_user

#define __put_user(x, ptr)						\
({									\
	typeof(*(ptr)) __um_val = (x);					\
	might_fault();							\
	um_fallible("put_user", -EFAULT,				\
		    um_copy_to_user((void __user *)(ptr), &__um_val,	\
				    sizeof(__um_val)) ? -EFAULT : 0);	\
})
#define put_user __put_user

#define __get_user(x, ptr)						\
({									\
	union {								\
		typeof(*(ptr)) v;					\
		u8 bytes[sizeof(*(ptr))];				\
	} __um_val;							\
	int __um_err;							\
	might_fault();							\
	__um_err = um_fallible("get_user",				\
		(int)um_copy_from_user_failed(__um_val.bytes,		\
					      sizeof(__um_val)),	\
		(int)um_copy_from_user(__um_val.bytes,			\
				       (const void __user *)(ptr),	\
				       sizeof(__um_val)));		\
	(x) = __um_err ? (typeof(x))0 : (typeof(x))__um_val.v;		\
	__um_err ? -EFAULT : 0;						\
})
#define get_user __get_user

long um_strncpy_from_user(char *dst, const char __user *src, long count);
long um_strnlen_user(const char __user *str, long n);

/*
 * Length without the NUL, @count when there is none in so many bytes,
 * -EFAULT.
 */
#define strncpy_from_user(dst, src, count)				\
({									\
	might_fault();							\
	um_fallible("strncpy_from_user", (long)-EFAULT,			\
		    um_strncpy_from_user(dst, src, count));		\
})
/* Length with the NUL, more than @n when there is none, 0 for a fault. */
#define strnlen_user(str, n)						\
({									\
	might_fault();							\
	um_fallible("strnlen_user", 0L, um_strnlen_user(str, n));	\
})

int um_copy_struct_from_user(void *dst, size_t ksize, const void __user *src,
			     size_t usize);
#define copy_struct_from_user(dst, ksize, src, usize)			\
({									\
	might_fault();							\
	um_fallible("copy_struct_from_user", -EFAULT,			\
		    um_copy_struct_from_user(dst, ksize, src, usize));	\
})

#endif
