/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Integer types of the kernel side. The user-visible ones (__u8 and so on)
 * come from the system's UAPI headers.
 */
#ifndef _LINUX_TYPES_H_SHIM
#define _LINUX_TYPES_H_SHIM

#include <linux/compiler.h>
#include <linux/stddef.h>
#include_next <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

typedef u8 uint8_t;
typedef u16 uint16_t;
typedef u32 uint32_t;
typedef unsigned long uint64_t;	/* as libc has it: the two sides share prototypes */
typedef s8 int8_t;
typedef s16 int16_t;
typedef s32 int32_t;
typedef long int64_t;
typedef long intptr_t;
typedef unsigned long uintptr_t;
typedef __kernel_ptrdiff_t ptrdiff_t;

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned char unchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef u8 u_int8_t;
typedef u16 u_int16_t;
typedef u32 u_int32_t;
typedef u64 u_int64_t;

typedef _Bool bool;
enum { false = 0, true = 1 };

typedef __kernel_size_t size_t;
typedef __kernel_ssize_t ssize_t;
typedef __kernel_loff_t loff_t;
typedef __kernel_off_t off_t;
typedef __kernel_pid_t pid_t;
typedef __kernel_uid32_t uid_t;
typedef __kernel_gid32_t gid_t;
typedef __kernel_clock_t clock_t;
typedef __kernel_clockid_t clockid_t;
typedef __kernel_timer_t timer_t;
typedef __kernel_key_t key_t;
typedef __kernel_caddr_t caddr_t;
typedef __kernel_daddr_t daddr_t;
typedef __kernel_suseconds_t suseconds_t;
typedef __kernel_mqd_t mqd_t;
typedef __kernel_fd_set fd_set;
typedef unsigned short uid16_t;
typedef unsigned short gid16_t;
typedef __kernel_old_uid_t old_uid_t;
typedef __kernel_old_gid_t old_gid_t;
typedef unsigned long ino_t;
typedef __kernel_mode_t mode_t;
typedef u32 nlink_t;
typedef unsigned short umode_t;
typedef unsigned int fmode_t;
typedef unsigned int gfp_t;
typedef unsigned int slab_flags_t;
typedef unsigned long irq_hw_number_t;
typedef s64 ktime_t;
typedef u32 __kernel_dev_t;
typedef __kernel_dev_t dev_t;
typedef u64 dma_addr_t;
typedef u64 phys_addr_t;
typedef phys_addr_t resource_size_t;
typedef u64 sector_t;
typedef u64 blkcnt_t;
typedef unsigned long pgoff_t;
typedef struct { unsigned int val; } kuid_t;
typedef struct { unsigned int val; } kgid_t;

typedef struct {
	int counter;
} atomic_t;
typedef struct {
	s64 counter;
} atomic64_t;

struct list_head {
	struct list_head *next, *prev;
};
struct hlist_node {
	struct hlist_node *next, **pprev;
};
struct hlist_head {
	struct hlist_node *first;
};
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};
#define rcu_head callback_head
typedef void (*rcu_callback_t)(struct rcu_head *head);
typedef void (*call_rcu_func_t)(struct rcu_head *head, rcu_callback_t func);

typedef void (*swap_func_t)(void *a, void *b, int size);
typedef void (*swap_r_func_t)(void *a, void *b, int size, const void *priv);
typedef int (*cmp_func_t)(const void *a, const void *b);
typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *priv);

#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#ifndef NULL
#define NULL ((void *)0)
#endif

#endif
