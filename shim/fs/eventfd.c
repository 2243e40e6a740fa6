// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts of eventfds, which are the host's own: a driver signals, and any
 * program can wait with poll() and read(). A context holds a duplicate of
 * the descriptor, so it survives close(); getting it twice for the same
 * eventfd gives the same context with one more reference.
 *
 * Left out: waiting for an eventfd on the kernel's side, so there is no file
 * of one either.
 */
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#include "check/op.h"
#include "fs/internal.h"
#include "host/memory.h"

struct eventfd_ctx {
	struct kref kref;
	struct list_head link;
	u64 id;		/* the host's; ~0 when it does not tell */
	int fd;		/* our duplicate */
};

static LIST_HEAD(contexts);
static DEFINE_SPINLOCK(contexts_lock);

static void describe_ctx(const void *obj, char *buf, size_t size)
{
	const struct eventfd_ctx *ctx = obj;

	host_snprintf(buf, size, "eventfd %llu", ctx->id);
}

static void ctx_release(struct kref *kref)
{
	struct eventfd_ctx *ctx = container_of(kref, struct eventfd_ctx, kref);

	list_del(&ctx->link);
	um_object_freed(ctx);
	host_eventfd_close(ctx->fd);
	host_free(ctx);
}

static struct eventfd_ctx *ctx_get(struct eventfd_ctx *ctx)
{
	um_object_get(ctx);
	kref_get(&ctx->kref);
	return ctx;
}

/**
 * eventfd_ctx_put() - drop a reference
 * @ctx: the context
 */
void eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	unsigned long flags;

	spin_lock_irqsave(&contexts_lock, flags);
	um_object_put(ctx);
	kref_put(&ctx->kref, ctx_release);
	spin_unlock_irqrestore(&contexts_lock, flags);
}
EXPORT_SYMBOL_GPL(eventfd_ctx_put);

static struct eventfd_ctx *find_ctx(u64 id)
{
	struct eventfd_ctx *ctx;

	if (id == ~0ULL)
		return NULL;
	list_for_each_entry(ctx, &contexts, link)
		if (ctx->id == id)
			return ctx_get(ctx);
	return NULL;
}

static struct eventfd_ctx *ctx_new(int fd, u64 id)
{
	struct eventfd_ctx *ctx = host_alloc(sizeof(*ctx));

	if (!ctx)
		return NULL;
	kref_init(&ctx->kref);
	ctx->id = id;
	ctx->fd = fd;
	list_add(&ctx->link, &contexts);
	um_object_new(ctx, "eventfd context", describe_ctx);
	return ctx;
}

static struct eventfd_ctx *host_ctx(int fd)
{
	struct eventfd_ctx *ctx;
	unsigned long flags;
	int copy;
	u64 id;

	copy = host_eventfd_get(fd, &id);
	if (copy < 0)
		return ERR_PTR(copy);
	spin_lock_irqsave(&contexts_lock, flags);
	ctx = find_ctx(id);
	if (!ctx)
		ctx = ctx_new(copy, id);
	spin_unlock_irqrestore(&contexts_lock, flags);
	if (!ctx || ctx->fd != copy)
		host_eventfd_close(copy);
	return ctx ? ctx : ERR_PTR(-ENOMEM);
}

/**
 * eventfd_ctx_fdget() - the context of an eventfd
 * @fd: a descriptor of the host
 *
 * Context: may sleep.
 *
 * Return: a context with a reference, to be dropped by eventfd_ctx_put(); or
 * an ERR_PTR: -EBADF for no descriptor, -EINVAL for one of something else (also
 * of the modelled kernel's), -ENOMEM.
 */
struct eventfd_ctx *eventfd_ctx_fdget(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return host_ctx(fd);
	fput(file);
	return ERR_PTR(-EINVAL);
}
EXPORT_SYMBOL_GPL(eventfd_ctx_fdget);

#if KAPI_ABI_EVENTFD_SIGNAL_N
/**
 * eventfd_signal() - add to the counter and wake who waits
 * @ctx: the context
 * @n: how much; of levels without it 1
 *
 * Return: how much was added: @n, or less when the counter had no room for more.
 */
__u64 eventfd_signal(struct eventfd_ctx *ctx, __u64 n)
{
	return host_eventfd_add(ctx->fd, n);
}
#else
void eventfd_signal(struct eventfd_ctx *ctx)
{
	host_eventfd_add(ctx->fd, 1);
}
#endif
EXPORT_SYMBOL_GPL(eventfd_signal);
