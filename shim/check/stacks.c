// SPDX-License-Identifier: GPL-2.0-only
/*
 * Call stacks of detectors, each kept once: a program that runs for a while
 * comes along a few thousand of them, however many references it takes.
 *
 * Nothing is ever taken out, not by a state that is put back either, so whoever
 * looks a stack up needs no lock, and host/walk.c may remember which it was; only
 * who puts a new one in takes one. Addresses of modules are kept as they are: what
 * was loaded before comes to lie where it lay (host/stack.c), so that loading
 * it again makes no new stacks in the long run.
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/stacks.h"
#include "host/host.h"
#include "host/snapshot.h"

#define STACK_BITS 14

static struct {
	struct host_lock lock;			/* guards insertion */
	struct stack *chains[1 << STACK_BITS];
} stacks;

static u32 hash_of(void *const *pc, unsigned int depth)
{
	u64 h = depth;

	while (depth--)
		h = (h ^ (unsigned long)*pc++) * 0x9e3779b97f4a7c15ULL;
	return h >> 32;
}

static const struct stack *find(const struct stack *from, u32 hash, void *const *pc,
				unsigned int depth)
{
	const struct stack *s;

	for (s = from; s; s = s->next)
		if (s->hash == hash && s->depth == depth &&
		    !memcmp(s->pc, pc, depth * sizeof(*pc)))
			break;
	return s;
}

const struct stack *um_stack_save(void *const *pc, unsigned int depth)
{
	u32 hash = hash_of(pc, depth);
	struct stack **chain = &stacks.chains[hash & ((1 << STACK_BITS) - 1)];
	const struct stack *found;
	struct stack *s;

	/* not smp_load_acquire(): that is an operation of the task's */
	found = find(__atomic_load_n(chain, __ATOMIC_ACQUIRE), hash, pc, depth);
	if (likely(found))
		return found;
	host_lock(&stacks.lock);
	found = find(*chain, hash, pc, depth);
	if (!found) {
		s = host_keep(sizeof(*s) + depth * sizeof(*pc));
		s->hash = hash;
		s->depth = depth;
		memcpy(s->pc, pc, depth * sizeof(*pc));
		s->next = *chain;
		__atomic_store_n(chain, s, __ATOMIC_RELEASE);
		found = s;
	}
	host_unlock(&stacks.lock);
	return found;
}

void *const *um_stack_keep(void *const *pc, unsigned int depth)
{
	return um_stack_save(pc, depth)->pc;
}

void um_stacks_note(void)
{
	static bool kept;

	if (!kept)
		host_snapshot_keep(&stacks, sizeof(stacks));
	kept = true;
}
