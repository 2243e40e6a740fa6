// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory whose last reference was given back, and that nobody has freed since.
 *
 * LeakSanitizer tells where a leaked block was allocated, and there nothing is wrong.
 * Of a block that lived by a reference count it is known who was to free it: the
 * function that kref_put() was given, the release() of a type or of a device, or
 * the one who saw the count reach zero.
 *
 * Representation: a record for each block in which a count has reached zero, in
 * chains by its address, until it is freed, which mostly is at once. Of several
 * counts in one block the last to be released is meant. All of it is bookkeeping
 * that no kernel does, so none of it is fallible.
 *
 * Left out: what is no block of the heap (static objects, vmalloc(), pages), and
 * builds without ASan, where nothing looks for leaks.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/released.h"
#include "check/report.h"
#include "check/stacks.h"
#include "check/subscriber.h"
#include "host/host.h"
#include "host/sanitizer.h"

#define DEPTH		12
#define CHAIN_BITS	10

struct released {
	struct released *next;
	/* inverted: LeakSanitizer must not take the record for a user of the block */
	unsigned long hidden;
	const struct stack *at;
};

static struct {
	struct host_lock lock;		/* guards all of it */
	struct released *chains[1 << CHAIN_BITS];
	unsigned long n;
} table;

static struct released **chain_of(const void *block)
{
	return &table.chains[(unsigned long)block >> 4 & ((1 << CHAIN_BITS) - 1)];
}

/* Lock held: the link to its record, or the end of its chain. */
static struct released **find(const void *block)
{
	struct released **p = chain_of(block);

	while (*p && (*p)->hidden != ~(unsigned long)block)
		p = &(*p)->next;
	return p;
}

/* @function: that is about to release it; NULL: the caller does so himself */
static noinline void note(const void *object, const void *function)
{
	const void *block = host_block_of(object);
	struct released **p;
	unsigned int depth = 0;
	void *pc[DEPTH];

	if (!block)
		return;
	/* as a return address: that of the call before it is looked for */
	if (function)
		pc[depth++] = (char *)function + 1;
	/* the model may be inlined into a driver: its frame is one to be told */
	depth += host_stack(pc + depth, DEPTH - depth, UM_OP_FRAMES + 1);
	host_lock(&table.lock);
	p = find(block);
	if (!*p) {
		*p = host_need(sizeof(**p));
		(*p)->hidden = ~(unsigned long)block;
		WRITE_ONCE(table.n, table.n + 1);
	}
	(*p)->at = um_stack_save(pc, depth);
	host_unlock(&table.lock);
}

static void freed(const void *block)
{
	struct released **p, *r;

	host_lock(&table.lock);
	p = find(block);
	r = *p;
	if (r) {
		*p = r->next;
		WRITE_ONCE(table.n, table.n - 1);
	}
	host_unlock(&table.lock);
	host_free(r);
}

/* ---- the report ---------------------------------------------------------------------- */

/* Two tools count a call from its last byte, or from behind it. */
static bool same_stack(void *const *a, unsigned int n_a, void *const *b, unsigned int n_b)
{
	unsigned int i, n = min(n_a, n_b);
	long apart;

	for (i = 0; i < n; i++) {
		apart = (char *)a[i] - (char *)b[i];
		if (apart < -1 || apart > 1)
			return false;
	}
	return n;
}

/* Who released what was allocated there and is not freed; NULL: nobody. */
static const struct stack *find_made_at(void *const *pc, unsigned int n)
{
	const struct stack *at = NULL;
	void *made[HOST_FINDING_DEPTH];
	const struct released *r;
	unsigned int i, n_made;

	host_lock(&table.lock);
	for (i = 0; i < ARRAY_SIZE(table.chains) && !at; i++) {
		for (r = table.chains[i]; r && !at; r = r->next) {
			n_made = host_allocated_at((void *)~r->hidden, made, ARRAY_SIZE(made));
			if (same_stack(made, n_made, pc, n))
				at = r->at;
		}
	}
	host_unlock(&table.lock);
	return at;
}

static bool is_of_header(const struct host_symbol *s)
{
	size_t len = strlen(s->file);

	return len > 2 && !strcmp(s->file + len - 2, ".h");
}

/*
 * Is it a driver or a test that releases it, and no function of the shim? What the
 * header of a count has put into a driver is of the driver.
 */
static bool is_own(const struct stack *at)
{
	struct host_symbol s[HOST_INLINED];
	unsigned int i, k, n;

	for (i = 0; i < at->depth; i++) {
		n = host_find_symbols(at->pc[i], s, HOST_INLINED);
		for (k = 0; k < n; k++)
			if (!is_of_header(&s[k]))
				return um_report_is_own(&s[k]);
	}
	return false;
}

void um_released_story(struct um_report *r, void *const *pc, unsigned int n)
{
	const struct stack *at = find_made_at(pc, n);

	if (!at || !is_own(at))
		return;
	um_text_add(&r->lines, "    released, and not freed, by\n");
	um_report_stack(r, "released", "", "        ", at->pc, at->depth);
}

/* ---- the subscriber ------------------------------------------------------------------ */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_RELEASE)
		note(op->object, op->start);
	else if (unlikely(READ_ONCE(table.n)))
		freed(op->object);
	return UM_GO_ON;
}

/* On and off with the registry. */
static struct um_subscriber released = {
	.name = "holders", .rank = UM_RANK_RELEASED,
	.begins = UM_ON(UM_RELEASE) | UM_ON(UM_FREE),
	.begin = begin,
};
UM_SUBSCRIBER(released)
