// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll() of one descriptor. The driver's poll operation puts the task on its
 * wait queues the first time it is asked; a wake-up of one of them has it
 * asked again. select() and several descriptors are left out; epoll is eventpoll.c.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "fs/internal.h"
#include "host/host.h"
#include "umdev/umdev.h"

struct poll_entry {
	struct poll_entry *next;
	struct poll_wqueues *pwq;
	wait_queue_head_t *head;
	wait_queue_entry_t wait;
	__poll_t key;
};

struct poll_wqueues {
	poll_table pt;
	struct task_struct *task;
	struct poll_entry *entries;
	int error;
	int triggered;
};

static int poll_wake(wait_queue_entry_t *wait, unsigned int mode, int flags, void *key)
{
	struct poll_entry *entry = container_of(wait, struct poll_entry, wait);
	wait_queue_entry_t task;

	if (key && !((__poll_t)(unsigned long)key & entry->key))
		return 0;
	WRITE_ONCE(entry->pwq->triggered, 1);
	init_waitqueue_entry(&task, entry->pwq->task);
	return default_wake_function(&task, mode, flags, key);
}

static void poll_queue(struct file *file, wait_queue_head_t *head, poll_table *pt)
{
	struct poll_wqueues *pwq = container_of(pt, struct poll_wqueues, pt);
	struct poll_entry *entry = host_zalloc(sizeof(*entry));

	if (!entry) {
		pwq->error = -ENOMEM;
		return;
	}
	entry->pwq = pwq;
	entry->head = head;
	entry->key = pt->_key;
	init_waitqueue_func_entry(&entry->wait, poll_wake);
	entry->next = pwq->entries;
	pwq->entries = entry;
	add_wait_queue(head, &entry->wait);
}

static void poll_free(struct poll_wqueues *pwq)
{
	struct poll_entry *entry;

	while ((entry = pwq->entries)) {
		pwq->entries = entry->next;
		remove_wait_queue(entry->head, &entry->wait);
		host_free(entry);
	}
}

/* Until a wake-up since the last question; what is left of @timeout. */
static long poll_sleep(struct poll_wqueues *pwq, long timeout)
{
	set_current_state(TASK_INTERRUPTIBLE);
	if (!READ_ONCE(pwq->triggered))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(pwq->triggered, 0);
	smp_mb();
	return timeout;
}

static int poll_file(struct file *file, __poll_t events, long timeout)
{
	struct poll_wqueues pwq = { .task = current };
	__poll_t mask;

	events |= EPOLLERR | EPOLLHUP;
	init_poll_funcptr(&pwq.pt, poll_queue);
	pwq.pt._key = events;
	for (;;) {
		mask = vfs_poll(file, &pwq.pt) & events;
		pwq.pt._qproc = NULL;
		if (mask || !timeout || pwq.error)
			break;
		if (signal_pending(current)) {
			pwq.error = -EINTR;
			break;
		}
		timeout = poll_sleep(&pwq, timeout);
	}
	poll_free(&pwq);
	return mask ? (int)mask : pwq.error;
}

/* A negative descriptor is one that is passed over: only the time counts. */
static int poll_nothing(long timeout)
{
	while (timeout) {
		if (signal_pending(current))
			return -EINTR;
		timeout = schedule_timeout_interruptible(timeout);
	}
	return 0;
}

int um_poll(int fd, short events, int timeout_ms)
{
	long timeout = timeout_ms < 0 ? MAX_SCHEDULE_TIMEOUT : (long)msecs_to_jiffies(timeout_ms);
	struct file *file;
	int ret = POLLNVAL;

	um_syscall_enter();
	file = fd < 0 ? NULL : fget(fd);
	if (file) {
		ret = poll_file(file, (unsigned short)events, timeout);
		fput(file);
	} else if (fd < 0) {
		ret = poll_nothing(timeout);
	}
	um_syscall_exit();
	return ret;
}
