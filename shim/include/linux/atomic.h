/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * atomic_t and atomic64_t on the compiler's atomics, with the kernel's
 * orderings and no stronger: operations that return nothing are relaxed,
 * those that return a value are fully ordered unless their name says
 * otherwise, a failed compare-exchange orders nothing. Each of them but the
 * plain reads and writes is an operation (check/op.h).
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>
#include <asm/atomic.h>
#include <asm/barrier.h>

#include "check/op.h"

#define ATOMIC_INIT(i) { (i) }
#define ATOMIC64_INIT(i) { (i) }

static inline int atomic_read(const atomic_t *v)
{
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);
}

static inline int atomic_read_acquire(const atomic_t *v)
{
	um_step(UM_LOAD_ACQUIRE, v);
	return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);
}

static inline void atomic_set(atomic_t *v, int i)
{
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_set_release(atomic_t *v, int i)
{
	um_step(UM_STORE_RELEASE, v);
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic_add(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_add(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_add_return(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_add_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_add_return_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_add_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_add_return_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_fetch_add_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELEASE);
}

static inline int atomic_add_return_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic_sub(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_sub(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_sub_return(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_sub_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_sub_return_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_sub_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_sub_return_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_fetch_sub_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELEASE);
}

static inline int atomic_sub_return_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic_and(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_and_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_and(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_and_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_and_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_fetch_and_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic_or(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_or_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_or(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_or_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_or_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_fetch_or_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic_xor(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_xor_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_xor(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_xor_relaxed(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_xor_acquire(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline int atomic_fetch_xor_release(int i, atomic_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELEASE);
}

#define atomic_inc(v) atomic_add(1, (v))
#define atomic_dec(v) atomic_sub(1, (v))
#define atomic_inc_return(v) atomic_add_return(1, (v))
#define atomic_dec_return(v) atomic_sub_return(1, (v))
#define atomic_fetch_inc(v) atomic_fetch_add(1, (v))
#define atomic_fetch_dec(v) atomic_fetch_sub(1, (v))
#define atomic_inc_and_test(v) (atomic_add_return(1, (v)) == 0)
#define atomic_dec_and_test(v) (atomic_sub_return(1, (v)) == 0)
#define atomic_sub_and_test(i, v) (atomic_sub_return((i), (v)) == 0)
#define atomic_add_negative(i, v) (atomic_add_return((i), (v)) < 0)
#define atomic_andnot(i, v) atomic_and(~(i), (v))

static inline int atomic_xchg(atomic_t *v, int new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_exchange_n(&v->counter, new, __ATOMIC_SEQ_CST);
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	um_step(UM_ATOMIC, v);
	__atomic_compare_exchange_n(&v->counter, &old, new, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	return old;
}

static inline bool atomic_try_cmpxchg(atomic_t *v, int *old, int new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static inline bool atomic_try_cmpxchg_relaxed(atomic_t *v, int *old, int new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static inline bool atomic_try_cmpxchg_acquire(atomic_t *v, int *old, int new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline bool atomic_try_cmpxchg_release(atomic_t *v, int *old, int new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_add_unless(atomic_t *v, int a, int u)
{
	int c = atomic_read(v);

	do {
		if (c == u)
			break;
	} while (!atomic_try_cmpxchg(v, &c, c + a));
	return c;
}

#define atomic_add_unless(v, a, u) (atomic_fetch_add_unless((v), (a), (u)) != (u))
#define atomic_inc_not_zero(v) atomic_add_unless((v), 1, 0)

static inline int atomic_dec_if_positive(atomic_t *v)
{
	int c = atomic_read(v);

	do {
		if (c <= 0)
			break;
	} while (!atomic_try_cmpxchg(v, &c, c - 1));
	return c - 1;
}

static inline s64 atomic64_read(const atomic64_t *v)
{
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);
}

static inline s64 atomic64_read_acquire(const atomic64_t *v)
{
	um_step(UM_LOAD_ACQUIRE, v);
	return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);
}

static inline void atomic64_set(atomic64_t *v, s64 i)
{
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic64_set_release(atomic64_t *v, s64 i)
{
	um_step(UM_STORE_RELEASE, v);
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic64_add(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_add(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_add_return(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_add_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_add_return_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_add_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_add_return_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_fetch_add_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELEASE);
}

static inline s64 atomic64_add_return_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic64_sub(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_sub(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_sub_return(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_sub_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_sub_return_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_sub_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_sub_return_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_fetch_sub_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELEASE);
}

static inline s64 atomic64_sub_return_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic64_and(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_and_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_and(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_and_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_and_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_fetch_and_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic64_or(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_or_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_or(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_or_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_or_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_fetch_or_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic64_xor(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	__atomic_xor_fetch(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_xor(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_xor_relaxed(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_xor_acquire(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_ACQUIRE);
}

static inline s64 atomic64_fetch_xor_release(s64 i, atomic64_t *v)
{
	um_step(UM_ATOMIC, v);
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELEASE);
}

#define atomic64_inc(v) atomic64_add(1, (v))
#define atomic64_dec(v) atomic64_sub(1, (v))
#define atomic64_inc_return(v) atomic64_add_return(1, (v))
#define atomic64_dec_return(v) atomic64_sub_return(1, (v))
#define atomic64_fetch_inc(v) atomic64_fetch_add(1, (v))
#define atomic64_fetch_dec(v) atomic64_fetch_sub(1, (v))
#define atomic64_inc_and_test(v) (atomic64_add_return(1, (v)) == 0)
#define atomic64_dec_and_test(v) (atomic64_sub_return(1, (v)) == 0)
#define atomic64_sub_and_test(i, v) (atomic64_sub_return((i), (v)) == 0)
#define atomic64_add_negative(i, v) (atomic64_add_return((i), (v)) < 0)
#define atomic64_andnot(i, v) atomic64_and(~(i), (v))

static inline s64 atomic64_xchg(atomic64_t *v, s64 new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_exchange_n(&v->counter, new, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_cmpxchg(atomic64_t *v, s64 old, s64 new)
{
	um_step(UM_ATOMIC, v);
	__atomic_compare_exchange_n(&v->counter, &old, new, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	return old;
}

static inline bool atomic64_try_cmpxchg(atomic64_t *v, s64 *old, s64 new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static inline bool atomic64_try_cmpxchg_relaxed(atomic64_t *v, s64 *old, s64 new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static inline bool atomic64_try_cmpxchg_acquire(atomic64_t *v, s64 *old, s64 new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline bool atomic64_try_cmpxchg_release(atomic64_t *v, s64 *old, s64 new)
{
	um_step(UM_ATOMIC, v);
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

static inline s64 atomic64_fetch_add_unless(atomic64_t *v, s64 a, s64 u)
{
	s64 c = atomic64_read(v);

	do {
		if (c == u)
			break;
	} while (!atomic64_try_cmpxchg(v, &c, c + a));
	return c;
}

#define atomic64_add_unless(v, a, u) (atomic64_fetch_add_unless((v), (a), (u)) != (u))
#define atomic64_inc_not_zero(v) atomic64_add_unless((v), 1, 0)

static inline s64 atomic64_dec_if_positive(atomic64_t *v)
{
	s64 c = atomic64_read(v);

	do {
		if (c <= 0)
			break;
	} while (!atomic64_try_cmpxchg(v, &c, c - 1));
	return c - 1;
}

typedef atomic64_t atomic_long_t;
#define ATOMIC_LONG_INIT(i) ATOMIC64_INIT(i)
#define atomic_long_read(v) ((long)atomic64_read(v))
#define atomic_long_set(v, i) atomic64_set((v), (i))
#define atomic_long_add(i, v) atomic64_add((i), (v))
#define atomic_long_sub(i, v) atomic64_sub((i), (v))
#define atomic_long_inc(v) atomic64_inc(v)
#define atomic_long_dec(v) atomic64_dec(v)
#define atomic_long_add_return(i, v) ((long)atomic64_add_return((i), (v)))
#define atomic_long_sub_return(i, v) ((long)atomic64_sub_return((i), (v)))

#define xchg(p, v)							\
({									\
	um_step(UM_ATOMIC, NULL);					\
	__atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST);		\
})
#define cmpxchg(p, o, n)						\
({									\
	typeof(*(p)) __old = (o);					\
	um_step(UM_ATOMIC, NULL);					\
	__atomic_compare_exchange_n((p), &__old, (n), false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);	\
	__old;								\
})
#define try_cmpxchg(p, op, n)						\
({									\
	um_step(UM_ATOMIC, NULL);					\
	__atomic_compare_exchange_n((p), (op), (n), false, __ATOMIC_SEQ_CST,	\
				    __ATOMIC_RELAXED);			\
})

#endif
