/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel asks of the compiler. Annotations that only sparse reads
 * are empty here. READ_ONCE() and WRITE_ONCE() are relaxed atomics, so that
 * TSan knows them for marked accesses; they take scalars only.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __safe
#define __nocast
#define __private
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __acquire(x) (void)0
#define __release(x) (void)0
#define __chk_user_ptr(x) (void)0

/* without static or extern a function of its own as well, which others can link to */
#define inline inline __attribute__((__gnu_inline__))
#undef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define __noreturn __attribute__((__noreturn__))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __scanf(a, b) __attribute__((__format__(scanf, a, b)))
#define __must_check __attribute__((__warn_unused_result__))
#define __maybe_unused __attribute__((__unused__))
/* nothing since 4.20 */
#define __deprecated
#define __always_unused __attribute__((__unused__))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __section(s) __attribute__((__section__(s)))
#define __pure __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __malloc __attribute__((__malloc__))
#define __cleanup(f) __attribute__((__cleanup__(f)))
#define __cold __attribute__((__cold__))
#define __alias(s) __attribute__((__alias__(#s)))
#define __visible
#define __read_mostly
#define __ro_after_init
#define __cacheline_aligned
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __randomize_layout
#define __designated_init
#define __nonstring
#define __no_sanitize_address __attribute__((__no_sanitize_address__))
#define __no_sanitize_thread __attribute__((__no_sanitize_thread__))
#define __counted_by(m)

#if __has_attribute(__fallthrough__)
#define fallthrough __attribute__((__fallthrough__))
#else
#define fallthrough do {} while (0)
#endif

/*
 * Plain parentheses when MC/DC is measured: conditions inside a builtin's
 * argument are missing from its summary.
 */
#ifdef UMDEV_MCDC
#define likely(x) (x)
#define unlikely(x) (x)
#else
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

#define barrier() __asm__ __volatile__("" : : : "memory")
#define unreachable() __builtin_unreachable()
#define OPTIMIZER_HIDE_VAR(v) __asm__("" : "=r"(v) : "0"(v))
#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define __must_be_array(a) BUILD_BUG_ON_ZERO(__same_type((a), &(a)[0]))
#define __compiletime_assert_msg(c, msg) _Static_assert(c, msg)

#ifdef __has_feature
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__
#endif
#endif

#ifdef __SANITIZE_THREAD__
/* TSan knows no fences: check/hb.c pairs them by the stores and loads between */
void um_hb_store(const volatile void *where);
void um_hb_load(const volatile void *where);
#define READ_ONCE(x)							\
({									\
	__auto_type __um_at = &(x);					\
	__auto_type __um_value = __atomic_load_n(__um_at, __ATOMIC_RELAXED); \
									\
	um_hb_load(__um_at);						\
	__um_value;							\
})
#define WRITE_ONCE(x, v)						\
({									\
	__auto_type __um_at = &(x);					\
									\
	um_hb_store(__um_at);						\
	__atomic_store_n(__um_at, (v), __ATOMIC_RELAXED);		\
})
#else
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#endif
#define data_race(x) (x)

/* of pointers, too, which are not */
#define is_signed_type(type) (((type)(-1)) < (__force type)1)

#define __PASTE_(a, b) a##b
#define __PASTE(a, b) __PASTE_(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)
#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)

#define _RET_IP_ ((unsigned long)__builtin_return_address(0))
#define _THIS_IP_ ({ __label__ __here; __here: (unsigned long)&&__here; })

#endif
