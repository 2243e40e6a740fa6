// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of kmalloc() and of caches, and the quarantine where they wait when
 * they were freed.
 *
 * A freed object is filled with POISON_FREE, as SLUB fills it, and is kept
 * until QUARANTINE_OBJECTS or QUARANTINE_BYTES have been freed after it (one of
 * more than a quarter of that goes at once). A driver that follows a pointer out
 * of it faults and is told so (mm/memory.c); one that writes to it is told when
 * the object leaves or is looked at (um_check_splats()); one that frees it
 * again is told at once. Behind each object lies a redzone, for writes behind
 * its end.
 *
 * Representation: a record for each object, which lies apart from it, found by
 * the number of the page in which the object begins, in a table that grows with
 * their number. So an address inside of an object of at most a page is found in
 * two chains; the few larger ones are a list. Call stacks are kept once each
 * (check/stacks.c). What the records hold is bookkeeping that no kernel does: nothing of
 * it is fallible.
 *
 * Under ASan there is none of this: it sees each access to freed memory and
 * behind an object when it happens, and LSan must not find what was lost
 * through a record. Nor is there with the detectors off. Under TSan, filling
 * an object is a write of the task that frees it, as free() is; when it goes
 * back to the host it is no access at all, since whoever happens to push it
 * out is not ordered after those who used it.
 *
 * Left out: a redzone before an object; objects of SLAB_TYPESAFE_BY_RCU, which
 * may be read after their end, are treated as all others.
 */
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/string.h>

#include <asm/page.h>

#include "check/chains.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "check/stacks.h"
#include "check/subscriber.h"
#include "host/host.h"

#define RECORDS			64	/* made at once */
#define REDZONE			16
#define STRETCH_SHIFT		10
#define QUARANTINE_OBJECTS	2048
#define QUARANTINE_BYTES	(1UL << 20)

/* There are as many as objects: small. */
struct block {
	struct block *next;		/* in the chain of its stretch; first: check/chains.h */
	struct block *newer;		/* in the quarantine */
	const char *start;
	const char *cache;		/* NULL: kmalloc() */
	const struct stack *made_at, *freed_at;
	u32 size;			/* without the redzone; kvmalloc() gives up to INT_MAX */
	bool freed;
	bool told;			/* that it was written where it must not be */
};

/* Of one of more than a page. */
struct large_block {
	struct block b;
	struct large_block *next, **link;
};

static struct {
	struct host_lock lock;			/* guards all of it */
	struct um_chains chains;		/* by the stretch in which they begin */
	struct large_block *large;
	struct block *oldest, **newest;		/* in quarantine, linked by newer */
	unsigned int n_freed;			/* objects in quarantine */
	size_t bytes_freed;			/* in quarantine, without redzones */
	struct block *spare;			/* records to be used again, linked by next */
} blocks = { .newest = &blocks.oldest };

/* ---- records ------------------------------------------------------------------- */

/* Of so much memory the objects are in one chain: a few. */
static unsigned long stretch_of(const void *addr)
{
	return (unsigned long)addr >> STRETCH_SHIFT;
}

static struct block **chain_of(unsigned long stretch)
{
	return (struct block **)&blocks.chains.heads[um_chains_spread(&blocks.chains, stretch)];
}

static unsigned long chain_number(const struct um_chains *chains, const void *record)
{
	return um_chains_spread(chains, stretch_of(((const struct block *)record)->start));
}

static bool is_large(const struct block *b)
{
	return b->size + REDZONE > PAGE_SIZE;
}

static struct large_block *to_large(struct block *b)
{
	return container_of(b, struct large_block, b);
}

/* Lock held: the object that begins at @p; or NULL. */
static struct block *exact(const void *p)
{
	struct block *b = blocks.chains.heads ? *chain_of(stretch_of(p)) : NULL;

	while (b && b->start != p)
		b = b->next;
	return b;
}

static bool is_around(const struct block *b, const char *addr)
{
	return addr >= b->start && addr < b->start + b->size + REDZONE;
}

/* Lock held: the object in which, or in whose redzone, @addr lies. */
static struct block *around(const char *addr)
{
	struct large_block *l;
	struct block *b;
	unsigned int back;

	for (back = 0; back <= PAGE_SIZE >> STRETCH_SHIFT && blocks.chains.heads; back++)
		for (b = *chain_of(stretch_of(addr) - back); b; b = b->next)
			if (is_around(b, addr))
				return b;
	for (l = blocks.large; l; l = l->next)
		if (is_around(&l->b, addr))
			return &l->b;
	return NULL;
}

/* Lock held. */
static void add_block(struct block *b)
{
	struct large_block *l;
	struct block **chain;

	um_chains_make_room(&blocks.chains, chain_number);
	chain = chain_of(stretch_of(b->start));
	b->next = *chain;
	*chain = b;
	blocks.chains.n++;
	if (!is_large(b))
		return;
	l = to_large(b);
	l->next = blocks.large;
	l->link = &blocks.large;
	if (l->next)
		l->next->link = &l->next;
	blocks.large = l;
}

/* Lock held. */
static void remove_block(struct block *b)
{
	struct large_block *l;
	struct block **p;

	for (p = chain_of(stretch_of(b->start)); *p != b; p = &(*p)->next)
		;
	*p = b->next;
	blocks.chains.n--;
	if (!is_large(b))
		return;
	l = to_large(b);
	*l->link = l->next;
	if (l->next)
		l->next->link = l->link;
}

/* Lock held. */
static struct block *new_record(size_t size)
{
	struct block *b = blocks.spare;
	unsigned int i;

	if (size + REDZONE > PAGE_SIZE)
		return &((struct large_block *)host_need(sizeof(struct large_block)))->b;
	if (!b) {
		b = host_need(RECORDS * sizeof(*b));
		for (i = 0; i < RECORDS; i++, b++) {
			b->next = blocks.spare;
			blocks.spare = b;
		}
		b = blocks.spare;
	}
	blocks.spare = b->next;
	return b;
}

/* Lock held: nobody finds it any more. */
static void drop_record(struct block *b)
{
	if (is_large(b)) {
		host_free(to_large(b));
		return;
	}
	b->next = blocks.spare;
	blocks.spare = b;
}

/* ---- poison -------------------------------------------------------------------- */

/* As SLUB: the last byte of a freed object differs. */
static void poison(const struct block *b)
{
	char *p = (char *)b->start;

	memset(p, POISON_FREE, b->size - 1);
	p[b->size - 1] = (char)POISON_END;
	memset(p + b->size, SLUB_RED_INACTIVE, REDZONE);
}

/* A block of which a byte is not as it was left. */
struct damage {
	struct block b;			/* as it was when that was seen */
	size_t at;
	unsigned char was;
	unsigned char bytes[8];		/* what is there now */
	size_t n;			/* bytes from the first that changed to the last */
};

static bool is_redzone(const char *p, unsigned char byte)
{
	u64 all = 0x0101010101010101ULL * byte, words[REDZONE / sizeof(u64)];

	BUILD_BUG_ON(sizeof(words) != 2 * sizeof(u64));
	__builtin_memcpy(words, p, sizeof(words));
	return !((words[0] ^ all) | (words[1] ^ all));
}

static __always_inline bool is_as_it_was(const struct block *b)
{
	size_t n = b->size - 1;

	if (!b->freed)
		return is_redzone(b->start + b->size, SLUB_RED_ACTIVE);
	return (unsigned char)b->start[n] == POISON_END &&
	       is_redzone(b->start + b->size, SLUB_RED_INACTIVE) &&
	       um_poison_same(b->start, POISON_FREE, n) == n;
}

/* Where the first such byte is. */
static size_t changed(const struct block *b, unsigned char *was)
{
	size_t i;

	*was = POISON_FREE;
	if (b->freed) {
		i = um_poison_same(b->start, POISON_FREE, b->size - 1);
		if (i < b->size - 1)
			return i;
		*was = POISON_END;
		if ((unsigned char)b->start[i] != POISON_END)
			return i;
	}
	*was = b->freed ? SLUB_RED_INACTIVE : SLUB_RED_ACTIVE;
	return b->size + um_poison_same(b->start + b->size, *was, REDZONE);
}

/* Lock held. False if it is right again: whoever writes there goes on. */
static noinline bool note_damage(struct block *b, struct damage *d)
{
	size_t end, at = changed(b, &d->was);

	if (at == b->size + REDZONE)
		return false;
	b->told = true;
	end = at < b->size ? b->size : b->size + REDZONE;
	d->b = *b;
	d->at = at;
	d->n = min_t(size_t, sizeof(d->bytes), end - at);
	__builtin_memcpy(d->bytes, b->start + at, d->n);
	while (d->n > 1 && d->bytes[d->n - 1] == d->was)
		d->n--;
	return true;
}

/* Lock held. True once for each block. */
static __always_inline bool is_damaged(struct block *b, struct damage *d)
{
	return unlikely(!b->told && !is_as_it_was(b)) && note_damage(b, d);
}

/* ---- reports ------------------------------------------------------------------- */

static void add_name(struct um_text *t, const struct block *b)
{
	um_text_add(t, "object of %u bytes of ", b->size);
	if (b->cache)
		um_text_add(t, "cache %s", b->cache);
	else
		um_text_add(t, "kmalloc()");
}

static void add_life(struct um_report *r, const struct block *b)
{
	um_text_add(&r->lines, "    allocated at\n");
	um_report_stack(r, "allocated", "", "        ", b->made_at->pc, b->made_at->depth);
	if (!b->freed)
		return;
	um_text_add(&r->lines, "    freed at\n");
	um_report_stack(r, "freed", "", "        ", b->freed_at->pc, b->freed_at->depth);
}

static void tell(const char *kind, const struct um_text *headline, const struct block *b,
		 ssize_t offset, const void *place)
{
	struct um_report r = { .place = place };

	um_text_add(&r.fields, ", \"size\": %u, \"offset\": %zd, \"cache\": ", b->size, offset);
	if (b->cache)
		um_text_add_json(&r.fields, b->cache);
	else
		um_text_add(&r.fields, "null");
	add_life(&r, b);
	um_splat_report(kind, headline->at, &r);
	um_report_free(&r);
}

/* Nobody knows who wrote: the place is where the object was freed, or else made. */
static void tell_damage(const struct damage *d)
{
	const struct block *b = &d->b;
	bool behind = d->at >= b->size;
	struct um_text headline = { 0 };
	size_t i;

	add_name(&headline, b);
	um_text_add(&headline, " was written at byte %zu, %s: ", d->at,
		    behind ? "behind its end" : "after it was freed");
	for (i = 0; i < d->n; i++)
		um_text_add(&headline, "%02x", d->bytes[i]);
	um_text_add(&headline, " instead of %02x", d->was);
	tell(behind ? "out of bounds" : "use after free", &headline, b, d->at,
	     b->freed ? um_report_place(b->freed_at->pc, b->freed_at->depth) :
			um_report_place(b->made_at->pc, b->made_at->depth));
	um_text_free(&headline);
}

/* @b: a copy of the object around @p, or nothing known */
static void tell_bad_free(const char *by, const void *p, const struct block *b)
{
	struct um_text headline = { 0 };

	if (!b->start) {
		um_splat("invalid free", "%s() of %p, where no object begins", by, p);
		return;
	}
	um_text_add(&headline, "%s() of ", by);
	if (p != b->start)
		um_text_add(&headline, "byte %zd of an ", (const char *)p - b->start);
	add_name(&headline, b);
	if (b->freed)
		um_text_add(&headline, ", which was freed before");
	tell(p == b->start ? "double free" : "invalid free", &headline, b,
	     (const char *)p - b->start, NULL);
	um_text_free(&headline);
}

/* ---- the life of an object ----------------------------------------------------- */

static noinline void block_allocated(const struct um_op *op)
{
	char *p = (char *)op->object;
	const struct stack *made_at;
	struct block *b;

	memset(p + op->size, SLUB_RED_ACTIVE, REDZONE);
	made_at = um_stack_here(UM_OP_FRAMES + 1);
	host_lock(&blocks.lock);
	b = new_record(op->size);
	*b = (struct block){
		.start = p, .size = op->size, .cache = op->what, .made_at = made_at,
	};
	add_block(b);
	host_unlock(&blocks.lock);
}

/* What has come out of the quarantine. */
struct gone {
	void *start;			/* NULL: nothing */
	bool damaged;
	struct damage d;
};

/* Lock held: nobody finds it any more, whatever was left in it has been looked at. */
static void dismiss(struct block *b, struct gone *gone)
{
	remove_block(b);
	gone->start = (void *)b->start;
	gone->damaged = is_damaged(b, &gone->d);
	drop_record(b);
}

/* Lock held: the oldest comes out, if there are more than so many objects and bytes. */
static void leave(unsigned int objects, size_t bytes, struct gone *gone)
{
	struct block *b = blocks.oldest;

	gone->start = NULL;
	if (blocks.n_freed <= objects && blocks.bytes_freed <= bytes)
		return;
	blocks.oldest = b->newer;
	if (!b->newer)
		blocks.newest = &blocks.oldest;
	blocks.n_freed--;
	blocks.bytes_freed -= b->size;
	dismiss(b, gone);
}

static void give_back(struct gone *gone)
{
	if (unlikely(gone->damaged))
		tell_damage(&gone->d);
	host_free_unseen(gone->start);
}

/* Until so many objects and bytes are left; @gone has come out already. */
static void shrink(unsigned int objects, size_t bytes, struct gone *gone)
{
	while (gone->start) {
		give_back(gone);
		/* one for each that comes in */
		if (likely(READ_ONCE(blocks.n_freed) <= objects &&
			   READ_ONCE(blocks.bytes_freed) <= bytes))
			return;
		host_lock(&blocks.lock);
		leave(objects, bytes, gone);
		host_unlock(&blocks.lock);
	}
}

void um_quarantine_end(void)
{
	struct gone gone;

	host_lock(&blocks.lock);
	leave(0, 0, &gone);
	host_unlock(&blocks.lock);
	shrink(0, 0, &gone);
}

/* Lock held: it waits, or, one so large that many others would have to go for it, goes. */
static void end_of_life(struct block *b, const struct stack *freed_at, struct gone *gone)
{
	b->freed = true;
	b->freed_at = freed_at;
	b->told = b->size > QUARANTINE_BYTES / 4;	/* then there is no poison in it */
	if (b->told) {
		dismiss(b, gone);
		return;
	}
	poison(b);
	b->newer = NULL;
	*blocks.newest = b;
	blocks.newest = &b->newer;
	blocks.n_freed++;
	blocks.bytes_freed += b->size;
	leave(QUARANTINE_OBJECTS, QUARANTINE_BYTES, gone);
}

/* Lock held, and dropped. @b: the one that began there, and was freed; or NULL. */
static noinline enum um_decision refuse(const struct um_op *op, const struct block *b)
{
	struct block there = { };

	b = b ?: around(op->object);
	if (b)
		there = *b;
	host_unlock(&blocks.lock);
	tell_bad_free(op->what, op->object, &there);
	return UM_REFUSE;
}

static noinline enum um_decision block_freed(const struct um_op *op)
{
	const struct stack *freed_at = um_stack_here(UM_OP_FRAMES + 1);
	struct gone gone;
	bool damaged;
	struct block *b;
	struct damage d;

	host_lock(&blocks.lock);
	b = exact(op->object);
	if (unlikely(!b || b->freed))
		return refuse(op, b);
	damaged = is_damaged(b, &d);
	end_of_life(b, freed_at, &gone);
	host_unlock(&blocks.lock);
	shrink(QUARANTINE_OBJECTS, QUARANTINE_BYTES, &gone);
	if (unlikely(damaged))
		tell_damage(&d);
	return UM_TAKEN;
}

static enum um_decision block_size(struct um_op *op)
{
	struct block *b;

	host_lock(&blocks.lock);
	b = exact(op->object);
	if (b)
		op->size = b->size;
	host_unlock(&blocks.lock);
	return b ? UM_TAKEN : UM_GO_ON;
}

/* ---- questions ----------------------------------------------------------------- */

/* A copy, of which @start is NULL when nothing is known of @addr. */
static struct block find(const void *addr)
{
	struct block *b, copy = { };

	host_lock(&blocks.lock);
	b = around(addr);
	if (b)
		copy = *b;
	host_unlock(&blocks.lock);
	return copy;
}

size_t um_block_size(const void *addr)
{
	const struct block *b;
	size_t size;

	host_lock(&blocks.lock);
	b = exact(addr);
	size = b && !b->freed ? b->size : 0;
	host_unlock(&blocks.lock);
	return size;
}

ssize_t um_block_room(const void *addr)
{
	const struct block *b;
	ssize_t left = -1;

	host_lock(&blocks.lock);
	b = around(addr);
	if (b)
		left = b->freed ? 0 : max_t(ssize_t, b->start + b->size - (const char *)addr, 0);
	host_unlock(&blocks.lock);
	return left;
}

bool um_block_is_freed(const void *addr)
{
	const struct block *b;
	bool freed;

	host_lock(&blocks.lock);
	b = around(addr);
	freed = b && b->freed;
	host_unlock(&blocks.lock);
	return freed;
}

void um_block_story(struct um_report *r, const void *addr)
{
	struct block b = find(addr);

	if (!b.start)
		return;
	um_text_add(&r->lines, "    byte %zd of an ", (const char *)addr - b.start);
	add_name(&r->lines, &b);
	um_text_add(&r->lines, "\n");
	add_life(r, &b);
}

/* Lock held. The order in which they were freed, then those alive. */
static bool find_damage(struct damage *d)
{
	struct block *b;
	unsigned long i;

	for (b = blocks.oldest; b; b = b->newer)
		if (is_damaged(b, d))
			return true;
	for (i = 0; blocks.chains.heads && i < 1UL << blocks.chains.bits; i++)
		for (b = blocks.chains.heads[i]; b; b = b->next)
			if (!b->freed && is_damaged(b, d))
				return true;
	return false;
}

/* Each object: behind those alive, into those freed; what was written there is a splat each, once. */
static void look(void)
{
	struct damage d;
	bool found;

	do {
		host_lock(&blocks.lock);
		found = find_damage(&d);
		host_unlock(&blocks.lock);
		if (found)
			tell_damage(&d);
	} while (found);
}

/* ---- the subscriber ----------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	switch (kind) {
	case UM_ALLOC:
		op->more = REDZONE;
		return UM_GO_ON;
	case UM_FREE:
		return block_freed(op);
	case UM_SIZE:
		return block_size(op);
	default:
		return find(op->object).start ? UM_TAKEN : UM_REFUSE;
	}
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (!outcome)
		block_allocated(op);
}

static struct um_subscriber memory = {
	.name = "memory", .rank = UM_RANK_MEMORY,
#ifdef UM_ASAN
	.when_asked = true,	/* which nobody does */
#endif
	.begins = UM_ON(UM_ALLOC) | UM_ON(UM_FREE) | UM_ON(UM_SIZE) | UM_ON(UM_WHERE),
	.ends = UM_ON(UM_ALLOC),
	.begin = begin, .end = end, .look = look,
};
UM_SUBSCRIBER(memory)
