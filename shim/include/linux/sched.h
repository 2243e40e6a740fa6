/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks. One struct for each thread (or fiber) that ever entered the shim;
 * what lies behind the public fields belongs to kernel/sched/core.c.
 */
#ifndef _LINUX_SCHED_H_SHIM
#define _LINUX_SCHED_H_SHIM

#include <linux/hrtimer.h>
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/prandom.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <asm/current.h>
#include_next <linux/sched.h>

#define TASK_RUNNING		0
#define TASK_INTERRUPTIBLE	1
#define TASK_UNINTERRUPTIBLE	2
#define TASK_WAKEKILL		0x100
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_NORMAL		3
#define TASK_COMM_LEN		16
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

#define PF_KTHREAD		0x00200000

struct file;
struct files_struct;
struct kthread;
struct mm_struct;

struct task_struct {
	unsigned int __state;
	unsigned int flags;
	pid_t pid;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	struct mm_struct *mm;
	struct files_struct *files;	/* a child's (kernel/fork.c); NULL: the program's */
	struct um_sched_task *um;	/* kernel/sched/core.c */
	struct file *um_fputs;		/* put in this system call (fs/file_table.c) */
	unsigned int um_syscall;	/* how deep in system calls */
	struct kthread *um_kthread;	/* of a driver (kernel/kthread.c) */
};

/* Until woken by wake_up_process(); returns at once if the state is TASK_RUNNING. */
void schedule(void);
/* @timeout in jiffies; returns what was left, 0 when it ran out. */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
int wake_up_process(struct task_struct *tsk);
void um_set_current_state(unsigned int state);
#define set_current_state(s) um_set_current_state(s)
#define __set_current_state(s) um_set_current_state(s)
#define cond_resched() ({ might_sleep(); um_yield(); 0; })
#define need_resched() 0
#define yield() um_yield()
void um_yield(void);

int signal_pending(struct task_struct *tsk);
int fatal_signal_pending(struct task_struct *tsk);
#define signal_pending_state(state, tsk) \
	((((state) & TASK_INTERRUPTIBLE) && signal_pending(tsk)) || \
	 (((state) & TASK_WAKEKILL) && fatal_signal_pending(tsk)))

static inline pid_t task_pid_nr(struct task_struct *tsk)
{
	return tsk->pid;
}

static inline pid_t task_tgid_nr(struct task_struct *tsk)
{
	return tsk->tgid;
}

#endif
