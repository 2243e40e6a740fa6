/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is undone when a variable goes out of scope: memory that is freed, a
 * reference that is put, a lock that is given back. Built on the compiler's
 * attribute cleanup. Each kind is defined beside what it frees or locks: in
 * linux/slab.h, mutex.h, spinlock.h and so on.
 *
 * In the expressions of a definition _T is the variable's value; in those of a
 * lock guard, which is a structure, it points to it.
 *
 * Left out: the forms with an error in place of the lock (ACQUIRE()) of 6.16.
 */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/types.h>

/* ---- one variable ------------------------------------------------------- */

/* How a variable "... __free(name) = ..." is freed. */
#define DEFINE_FREE(_name, _type, _free)				\
static inline void __free_##_name(void *p)				\
{									\
	_type _T = *(_type *)p;						\
									\
	_free;								\
}
#define __free(_name) __cleanup(__free_##_name)

#define __get_and_null(p, nullvalue)					\
({									\
	__auto_type __um_ptr = &(p);					\
	__auto_type __um_val = *__um_ptr;				\
									\
	*__um_ptr = nullvalue;						\
	__um_val;							\
})

static inline __must_check const volatile void *
__must_check_fn(const volatile void *val)
{
	return val;
}

/* The pointer, which is the caller's from now on, and not freed. */
#define no_free_ptr(p) \
	((typeof(p))__must_check_fn((const volatile void *)__get_and_null(p, NULL)))
#define return_ptr(p) return no_free_ptr(p)
#define retain_and_null_ptr(p) ((void)__get_and_null(p, NULL))

/* ---- classes ------------------------------------------------------------- */

#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...)		\
typedef _type class_##_name##_t;					\
static inline void class_##_name##_destructor(_type *p)			\
{									\
	_type _T = *p;							\
									\
	_exit;								\
}									\
static inline _type class_##_name##_constructor(_init_args)		\
{									\
	_type t = _init;						\
									\
	return t;							\
}

/* The same, made in another way. */
#define EXTEND_CLASS(_name, ext, _init, _init_args...)			\
typedef class_##_name##_t class_##_name##ext##_t;			\
static inline void class_##_name##ext##_destructor(class_##_name##_t *p) \
{									\
	class_##_name##_destructor(p);					\
}									\
static inline class_##_name##_t						\
class_##_name##ext##_constructor(_init_args)				\
{									\
	class_##_name##_t t = _init;					\
									\
	return t;							\
}

/* CLASS(name, var)(arguments); */
#define CLASS(_name, var)						\
	class_##_name##_t var __cleanup(class_##_name##_destructor) =	\
		class_##_name##_constructor

/* ---- guards ---------------------------------------------------------------- */

/* One that is conditional may not have got what it guards: its pointer is NULL. */
#define __um_guard_is(_name, _conditional) \
	static __maybe_unused const bool class_##_name##_is_conditional = _conditional
#define __guard_ptr(_name) class_##_name##_lock_ptr
#define __is_cond_ptr(_name) class_##_name##_is_conditional

/* For a lock that is its own guard: a pointer to it. */
#define DEFINE_GUARD(_name, _type, _lock, _unlock)			\
__um_guard_is(_name, false);						\
DEFINE_CLASS(_name, _type, if (_T) { _unlock; }, ({ _lock; _T; }), _type _T) \
static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T)	\
{									\
	return (void *)*_T;						\
}

#define DEFINE_GUARD_COND(_name, _ext, _condlock)			\
__um_guard_is(_name##_ext, true);					\
EXTEND_CLASS(_name, _ext,						\
	     ({ void *_t = _T; if (_T && !(_condlock)) _t = NULL; _t; }), \
	     class_##_name##_t _T)					\
static inline void *class_##_name##_ext##_lock_ptr(class_##_name##_t *_T) \
{									\
	return class_##_name##_lock_ptr(_T);				\
}

/* To the end of the block: guard(name)(lock); */
#define guard(_name) __maybe_unused CLASS(_name, __UNIQUE_ID(guard))

/* For one statement; for none when the lock was not got. */
#define scoped_guard(_name, args...)					\
	for (CLASS(_name, scope)(args), *done = NULL;			\
	     !done && (__guard_ptr(_name)(&scope) || !__is_cond_ptr(_name)); \
	     done = (void *)1)

/* The statement @_fail when it was not got. */
#define scoped_cond_guard(_name, _fail, args...)			\
	for (CLASS(_name, scope)(args), *done = NULL; !done; done = (void *)1) \
		if (!__guard_ptr(_name)(&scope))			\
			_fail;						\
		else

/* For a lock that needs more to be given back: the members that follow. */
#define __um_lock_guard(_name, _type, _unlock, ...)			\
typedef struct {							\
	_type *lock;							\
	__VA_ARGS__;							\
} class_##_name##_t;							\
__um_guard_is(_name, false);						\
static inline void class_##_name##_destructor(class_##_name##_t *_T)	\
{									\
	if (_T->lock) {							\
		_unlock;						\
	}								\
}									\
static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T)	\
{									\
	return _T->lock;						\
}

#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...)		\
__um_lock_guard(_name, _type, _unlock, __VA_ARGS__)			\
static inline class_##_name##_t class_##_name##_constructor(_type *l)	\
{									\
	class_##_name##_t _t = { .lock = l }, *_T = &_t;		\
									\
	_lock;								\
	return _t;							\
}

/* There is only one such lock. */
#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...)			\
__um_lock_guard(_name, void, _unlock, __VA_ARGS__)			\
static inline class_##_name##_t class_##_name##_constructor(void)	\
{									\
	class_##_name##_t _t = { .lock = (void *)1 };			\
	class_##_name##_t *_T __maybe_unused = &_t;			\
									\
	_lock;								\
	return _t;							\
}

#define DEFINE_LOCK_GUARD_1_COND(_name, _ext, _condlock)		\
__um_guard_is(_name##_ext, true);					\
EXTEND_CLASS(_name, _ext,						\
	     ({ class_##_name##_t _t = { .lock = l }, *_T = &_t;	\
		if (_T->lock && !(_condlock))				\
			_T->lock = NULL;				\
		_t; }),							\
	     typeof(((class_##_name##_t *)NULL)->lock) l)		\
static inline void *class_##_name##_ext##_lock_ptr(class_##_name##_t *_T) \
{									\
	return class_##_name##_lock_ptr(_T);				\
}

#endif
