/* SPDX-License-Identifier: GPL-2.0-only */
/* From a member to its structure, with the kernel's check of the type. */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/stddef.h>

#define container_of(ptr, type, member)					\
({									\
	void *__mptr = (void *)(ptr);					\
	_Static_assert(__same_type(*(ptr), ((type *)0)->member) ||	\
		       __same_type(*(ptr), void),			\
		       "pointer type mismatch in container_of()");	\
	(type *)((char *)__mptr - offsetof(type, member));		\
})
#define container_of_safe(ptr, type, member) \
({ typeof(ptr) __p = (ptr); IS_ERR_OR_NULL(__p) ? ERR_CAST(__p) : container_of(__p, type, member); })
#define typeof_member(T, m) typeof(((T *)0)->m)

#endif
