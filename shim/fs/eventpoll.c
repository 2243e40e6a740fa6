// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoll: files that are watched for as long as the epoll is open.
 *
 * Unlike poll() it leaves its entries on the driver's wait queues between the
 * calls, until the watched file is released or taken off. An item holds no
 * reference on its file: a release takes it off all epolls first, which is why
 * one that was duplicated goes on being watched when its descriptor is closed.
 *
 * One mutex guards the items of all epolls and is held while a driver's poll()
 * runs; each epoll's own spinlock guards its list of items that may be ready,
 * which wake-ups fill. An epoll may watch epolls, to some depth and in no circle:
 * a wake-up goes from the queue of one's watchers to that of the next, so that each
 * of these has a class of its own for the lock checker.
 *
 * Left out: EPOLLWAKEUP, time-outs below a millisecond, signal masks.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "fs/internal.h"
#include "host/host.h"
#include "umdev/umdev.h"

/* What of the events says how to wait, not what for. */
#define HOW		(EPOLLET | EPOLLONESHOT | EPOLLEXCLUSIVE)
#define ALWAYS		(EPOLLERR | EPOLLHUP)
#define IN_OUT		(EPOLLIN | EPOLLOUT)
/* With what else one of several may be woken. */
#define EXCLUSIVE_OK	(IN_OUT | ALWAYS | EPOLLET | EPOLLEXCLUSIVE | EPOLLWAKEUP)
#define MAX_EVENTS	(INT_MAX / (int)sizeof(struct epoll_event))
#define MAX_NESTS	4

struct eventpoll {
	const struct file *file;	/* its own; set before it watches anything */
	struct list_head items;
	spinlock_t lock;
	struct list_head ready;
	wait_queue_head_t wq;		/* who waits in epoll_wait() */
	wait_queue_head_t watchers;	/* who polls it, epolls among them */
	struct lock_class_key key;	/* of those */
};

struct epitem {
	struct eventpoll *ep;
	struct list_head link;		/* of the epoll */
	struct list_head file_link;	/* of the file */
	struct list_head ready;
	struct file *file;
	int fd;
	__poll_t events;
	u64 data;
	struct item_wait *waits;
	bool failed;
};

/* On a wait queue of the driver's. */
struct item_wait {
	struct item_wait *next;
	struct epitem *item;
	wait_queue_head_t *head;
	wait_queue_entry_t wait;
};

struct item_table {
	poll_table pt;
	struct epitem *item;
};

static DEFINE_MUTEX(epmutex);

/* ---- items ----------------------------------------------------------- */

static void make_ready(struct epitem *item)
{
	struct eventpoll *ep = item->ep;
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	if (list_empty(&item->ready))
		list_add_tail(&item->ready, &ep->ready);
	spin_unlock_irqrestore(&ep->lock, flags);
	wake_up(&ep->wq);
	wake_up(&ep->watchers);
}

/* One that has had its one event is disabled: nothing is left but how. */
static bool wants(const struct epitem *item, __poll_t events)
{
	__poll_t wanted = READ_ONCE(item->events) & ~HOW;

	return wanted && (!events || events & wanted);
}

/* Of several that watch exclusively one that is waited for has the wake-up, if it is meant. */
static bool takes_it(struct epitem *item, __poll_t events, bool waited_for)
{
	__poll_t wanted = READ_ONCE(item->events), moves = events & IN_OUT;

	if (!(wanted & EPOLLEXCLUSIVE))
		return true;
	return waited_for && moves != IN_OUT && (!moves || wanted & moves);
}

static int item_wake(wait_queue_entry_t *wait, unsigned int mode, int flags, void *key)
{
	struct epitem *item = container_of(wait, struct item_wait, wait)->item;
	__poll_t events = (__poll_t)(unsigned long)key;
	bool waited_for = wq_has_sleeper(&item->ep->wq);

	if (!wants(item, events))
		return takes_it(item, 0, false);
	make_ready(item);
	return takes_it(item, events, waited_for);
}

static void item_queue(struct file *file, wait_queue_head_t *head, poll_table *pt)
{
	struct epitem *item = container_of(pt, struct item_table, pt)->item;
	struct item_wait *w = host_zalloc(sizeof(*w));

	if (!w) {
		item->failed = true;
		return;
	}
	w->item = item;
	w->head = head;
	init_waitqueue_func_entry(&w->wait, item_wake);
	w->next = item->waits;
	item->waits = w;
	if (item->events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(head, &w->wait);
	else
		add_wait_queue(head, &w->wait);
}

static void item_free(struct epitem *item)
{
	struct item_wait *w;
	unsigned long flags;

	while ((w = item->waits)) {
		item->waits = w->next;
		remove_wait_queue(w->head, &w->wait);
		host_free(w);
	}
	spin_lock_irqsave(&item->ep->lock, flags);
	list_del(&item->ready);
	spin_unlock_irqrestore(&item->ep->lock, flags);
	list_del(&item->link);
	list_del(&item->file_link);
	host_free(item);
}

static struct eventpoll *epoll_of(const struct file *file);
static __poll_t look(struct eventpoll *ep);

/* What has come of what it waits for, without a word about how. epmutex is held. */
static __poll_t item_poll(struct epitem *item, poll_table *pt)
{
	__poll_t wanted = item->events & ~HOW;
	struct eventpoll *watched = epoll_of(item->file);

	if (!wanted)
		return 0;
	pt->_key = item->events;
	if (!watched)
		return vfs_poll(item->file, pt) & wanted;
	poll_wait(item->file, &watched->watchers, pt);
	return look(watched) & wanted;
}

/* Before the file's release(): nothing points at what that frees. */
void um_epoll_forget(struct file *file)
{
	struct epitem *item, *next;

	if (list_empty(&file->um_epitems))
		return;
	mutex_lock(&epmutex);
	list_for_each_entry_safe(item, next, &file->um_epitems, file_link)
		item_free(item);
	mutex_unlock(&epmutex);
}

/* ---- the file of an epoll -------------------------------------------- */

static void free_ep(struct eventpoll *ep)
{
	lockdep_unregister_key(&ep->key);
	host_free(ep);
}

static int ep_release(struct inode *inode, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct epitem *item, *next;

	mutex_lock(&epmutex);
	list_for_each_entry_safe(item, next, &ep->items, link)
		item_free(item);
	mutex_unlock(&epmutex);
	free_ep(ep);
	return 0;
}

static bool is_listed(struct epitem *item)
{
	unsigned long flags;
	bool listed;

	spin_lock_irqsave(&item->ep->lock, flags);
	listed = !list_empty(&item->ready);
	spin_unlock_irqrestore(&item->ep->lock, flags);
	return listed;
}

static bool may_be_ready(struct eventpoll *ep)
{
	unsigned long flags;
	bool ready;

	spin_lock_irqsave(&ep->lock, flags);
	ready = !list_empty(&ep->ready);
	spin_unlock_irqrestore(&ep->lock, flags);
	return ready;
}

/* What an epoll has for who watches it. epmutex is held. */
static __poll_t look(struct eventpoll *ep)
{
	struct item_table table = { 0 };
	struct epitem *item;

	list_for_each_entry(item, &ep->items, link)
		if (is_listed(item) && item_poll(item, &table.pt))
			return EPOLLIN | EPOLLRDNORM;
	return 0;
}

static __poll_t ep_poll(struct file *file, poll_table *pt)
{
	struct eventpoll *ep = file->private_data;
	__poll_t mask;

	poll_wait(file, &ep->watchers, pt);
	mutex_lock(&epmutex);
	mask = look(ep);
	mutex_unlock(&epmutex);
	return mask;
}

static const struct file_operations ep_fops = {
	.release = ep_release,
	.poll = ep_poll,
};

/* NULL: it is a file of another sort. */
static struct eventpoll *epoll_of(const struct file *file)
{
	return file->f_op == &ep_fops ? file->private_data : NULL;
}

int um_epoll_create(void)
{
	struct eventpoll *ep = host_zalloc(sizeof(*ep));
	int fd;

	if (!ep)
		return -ENOMEM;
	INIT_LIST_HEAD(&ep->items);
	INIT_LIST_HEAD(&ep->ready);
	spin_lock_init(&ep->lock);
	init_waitqueue_head(&ep->wq);
	lockdep_register_key(&ep->key);
	__init_waitqueue_head(&ep->watchers, "&ep->watchers", &ep->key);
	um_syscall_enter();
	fd = anon_inode_getfd("[eventpoll]", &ep_fops, ep, O_RDWR);
	um_syscall_exit();
	if (fd < 0)
		free_ep(ep);
	return fd;
}

/* ---- epoll_ctl() ------------------------------------------------------- */

static struct epitem *find_item(struct eventpoll *ep, const struct file *file, int fd)
{
	struct epitem *item;

	list_for_each_entry(item, &ep->items, link)
		if (item->file == file && item->fd == fd)
			return item;
	return NULL;
}

/* How many epolls @watched has below each other; too many if @ep is one of them. */
static unsigned int levels_below(const struct eventpoll *watched, const struct eventpoll *ep)
{
	const struct eventpoll *next;
	struct epitem *item;
	unsigned int n = 0;

	list_for_each_entry(item, &watched->items, link) {
		next = epoll_of(item->file);
		if (next == ep)
			return MAX_NESTS;
		if (next)
			n = max(n, levels_below(next, ep) + 1);
	}
	return n;
}

static unsigned int levels_above(const struct eventpoll *ep)
{
	struct epitem *item;
	unsigned int n = 0;

	list_for_each_entry(item, &ep->file->um_epitems, file_link)
		n = max(n, levels_above(item->ep) + 1);
	return n;
}

/* Would @ep watch itself, or be one of too many that watch the next? */
static bool loops(const struct eventpoll *ep, const struct eventpoll *watched)
{
	return levels_above(ep) + 1 + levels_below(watched, ep) > MAX_NESTS;
}

static int add_item(struct eventpoll *ep, struct file *file, int fd,
		    const struct epoll_event *event)
{
	struct epitem *item = host_zalloc(sizeof(*item));
	struct item_table table = { .item = item };
	__poll_t events;

	if (!item)
		return -ENOMEM;
	item->ep = ep;
	item->file = file;
	item->fd = fd;
	item->events = event->events;
	item->data = event->data;
	INIT_LIST_HEAD(&item->ready);
	list_add_tail(&item->link, &ep->items);
	list_add_tail(&item->file_link, &file->um_epitems);
	init_poll_funcptr(&table.pt, item_queue);
	events = item_poll(item, &table.pt);
	if (item->failed) {
		item_free(item);
		return -ENOMEM;
	}
	if (events)
		make_ready(item);
	return 0;
}

static void change_item(struct epitem *item, const struct epoll_event *event)
{
	struct item_table table = { 0 };

	WRITE_ONCE(item->events, (__poll_t)event->events);
	item->data = event->data;
	/* a wake-up before this looked for what was waited for before */
	smp_mb();
	if (item_poll(item, &table.pt))
		make_ready(item);
}

/* epmutex is held. */
static int control(const struct file *epoll, int op, struct file *file, int fd,
		   const struct epoll_event *event)
{
	struct eventpoll *ep = epoll_of(epoll), *watched = epoll_of(file);
	struct epitem *item;

	ep->file = epoll;
	if (op == EPOLL_CTL_ADD && watched && loops(ep, watched))
		return -ELOOP;
	item = find_item(ep, file, fd);
	switch (op) {
	case EPOLL_CTL_ADD:
		return item ? -EEXIST : add_item(ep, file, fd, event);
	case EPOLL_CTL_MOD:
		if (item && item->events & EPOLLEXCLUSIVE)
			return -EINVAL;
		if (item)
			change_item(item, event);
		return item ? 0 : -ENOENT;
	case EPOLL_CTL_DEL:
		if (item)
			item_free(item);
		return item ? 0 : -ENOENT;
	default:
		return -EINVAL;
	}
}

static int check_files(const struct file *epoll, struct file *file, int op,
		       const struct epoll_event *event)
{
	if (!file_can_poll(file))
		return -EPERM;
	if (epoll == file || !epoll_of(epoll))
		return -EINVAL;
	if (op == EPOLL_CTL_DEL || !(event->events & EPOLLEXCLUSIVE))
		return 0;
	/* from the beginning or not at all, and not with what needs all of them */
	if (op == EPOLL_CTL_MOD || epoll_of(file) || event->events & ~EXCLUSIVE_OK)
		return -EINVAL;
	return 0;
}

static int epoll_ctl(int epfd, int op, int fd, const void __user *user)
{
	struct epoll_event event = { 0 };
	struct file *epoll, *file = NULL;
	int err = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&event, user, sizeof(event)))
		return -EFAULT;
	epoll = fget(epfd);
	if (epoll)
		file = fget(fd);
	if (file)
		err = check_files(epoll, file, op, &event);
	if (!err) {
		event.events |= ALWAYS;
		mutex_lock(&epmutex);
		err = control(epoll, op, file, fd, &event);
		mutex_unlock(&epmutex);
	}
	if (file)
		fput(file);
	if (epoll)
		fput(epoll);
	return err;
}

int um_epoll_ctl(int epfd, int op, int fd, void *user_event)
{
	int err;

	um_syscall_enter();
	err = epoll_ctl(epfd, op, fd, user_event);
	um_syscall_exit();
	return err;
}

/* ---- epoll_wait() ------------------------------------------------------ */

static struct epitem *take_ready(struct eventpoll *ep)
{
	struct epitem *item;
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	item = list_first_entry_or_null(&ep->ready, struct epitem, ready);
	if (item)
		list_del_init(&item->ready);
	spin_unlock_irqrestore(&ep->lock, flags);
	return item;
}

static unsigned int count_ready(struct eventpoll *ep)
{
	struct list_head *at;
	unsigned long flags;
	unsigned int n = 0;

	spin_lock_irqsave(&ep->lock, flags);
	list_for_each(at, &ep->ready)
		n++;
	spin_unlock_irqrestore(&ep->lock, flags);
	return n;
}

/*
 * Each that may be ready is asked once. It is off the list by then: a wake-up
 * meanwhile puts it there again. So does what is told of one by level, which is
 * looked at anew the next time.
 */
static int collect(struct eventpoll *ep, struct epoll_event __user *events, int max)
{
	struct item_table table = { 0 };
	unsigned int left;
	int n = 0;

	mutex_lock(&epmutex);
	for (left = count_ready(ep); left && n < max; left--) {
		struct epitem *item = take_ready(ep);
		struct epoll_event event;

		if (!item)
			break;
		event.data = item->data;
		event.events = item_poll(item, &table.pt);
		if (!event.events)
			continue;
		if (copy_to_user(events + n, &event, sizeof(event))) {
			make_ready(item);
			n = n ?: -EFAULT;
			break;
		}
		n++;
		if (item->events & EPOLLONESHOT)
			WRITE_ONCE(item->events, item->events & HOW);
		else if (!(item->events & EPOLLET))
			make_ready(item);
	}
	mutex_unlock(&epmutex);
	return n;
}

static int epoll_wait(struct eventpoll *ep, void __user *events, int max, long timeout)
{
	for (;;) {
		int n = collect(ep, events, max);

		if (n || !timeout)
			return n;
		timeout = wait_event_interruptible_timeout(ep->wq, may_be_ready(ep), timeout);
		if (timeout < 0)
			return -EINTR;
	}
}

int um_epoll_wait(int epfd, void *user_events, int max, int timeout_ms)
{
	long timeout = timeout_ms < 0 ? MAX_SCHEDULE_TIMEOUT : (long)msecs_to_jiffies(timeout_ms);
	struct file *file;
	int ret = -EINVAL;

	if (max <= 0 || max > MAX_EVENTS)
		return -EINVAL;
	um_syscall_enter();
	file = fget(epfd);
	if (!file) {
		ret = -EBADF;
	} else {
		if (epoll_of(file))
			ret = epoll_wait(file->private_data, user_events, max, timeout);
		fput(file);
	}
	um_syscall_exit();
	return ret;
}
