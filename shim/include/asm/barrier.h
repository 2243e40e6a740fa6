/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Barriers by the compiler's fences, each at least as strong as the kernel's.
 * The _virt and _dma kinds are those between processors.
 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <linux/compiler.h>
#include <linux/printk.h>
#include <asm/bug.h>

#include "check/op.h"

#ifdef __SANITIZE_THREAD__
void um_hb_fence(int order);
#else
#define um_hb_fence(order) do {} while (0)
#endif
#define __um_fence(order)						\
do {									\
	um_hb_fence(order);						\
	__atomic_thread_fence(order);					\
} while (0)

#define mb() __um_fence(__ATOMIC_SEQ_CST)
#define rmb() __um_fence(__ATOMIC_ACQUIRE)
#define wmb() __um_fence(__ATOMIC_RELEASE)
#define smp_mb() mb()
#define smp_rmb() rmb()
#define smp_wmb() wmb()
#define smp_mb__before_atomic() smp_mb()
#define smp_mb__after_atomic() smp_mb()
#define smp_store_release(p, v)						\
do {									\
	typeof(&*(p)) __um_at = (p);					\
	um_step(UM_STORE_RELEASE, (const void *)__um_at);		\
	__atomic_store_n(__um_at, (v), __ATOMIC_RELEASE);		\
} while (0)
#define smp_load_acquire(p)						\
({									\
	typeof(&*(p)) __um_at = (p);					\
	um_step(UM_LOAD_ACQUIRE, (const void *)__um_at);		\
	__atomic_load_n(__um_at, __ATOMIC_ACQUIRE);			\
})
#define smp_store_mb(var, v) __atomic_store_n(&(var), (v), __ATOMIC_SEQ_CST)
#define virt_mb() smp_mb()
#define virt_rmb() smp_rmb()
#define virt_wmb() smp_wmb()
#define virt_store_mb(var, v) smp_store_mb(var, v)
#define dma_rmb() smp_rmb()
#define dma_wmb() smp_wmb()

#endif
