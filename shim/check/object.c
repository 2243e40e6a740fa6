// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of everything that lives by a reference count.
 *
 * One record for each live object, found by its address. Call stacks are
 * kept once each in a depot; a record counts, per stack, how many references
 * were taken and given back there. A leak report groups by stack: where gets
 * and puts do not match is for the reader to see, a kernel reference does
 * not name its holder.
 *
 * Representation: two hash tables with chains, under one host lock; all of
 * it is bookkeeping that no kernel does, so none of it is fallible.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "check/check.h"
#include "check/object.h"
#include "host/host.h"
#include "umdev/umdev.h"

#define DEPTH		12
#define OBJECT_BITS	16
#define STACK_BITS	12

struct stack {
	struct stack *next;
	u32 hash;
	u32 depth;
	void *pc[DEPTH];
};

struct use {
	struct use *next;
	const struct stack *stack;
	unsigned int gets, puts;
};

struct object {
	struct object *next;
	const void *addr;
	const char *kind;
	um_describe_fn describe;
	const struct stack *born;
	struct use *uses;
	u64 seq;
	bool permanent;
};

static struct {
	struct host_lock lock;
	struct object *objects[1 << OBJECT_BITS];
	struct stack *stacks[1 << STACK_BITS];
	u64 seq;	/* of the newest object */
	u64 mark;	/* objects up to here are not audited */
	unsigned long alive;
} reg;

static u32 hash_bytes(const void *data, size_t len)
{
	const unsigned char *p = data;
	u32 h = 2166136261u;

	while (len--)
		h = (h ^ *p++) * 16777619u;
	return h ^ h >> 15;
}

static struct object **slot_of(const void *addr)
{
	struct object **p = &reg.objects[hash_bytes(&addr, sizeof(addr)) &
					 ((1 << OBJECT_BITS) - 1)];

	while (*p && (*p)->addr != addr)
		p = &(*p)->next;
	return p;
}

static void *need(size_t size)
{
	void *p = host_zalloc(size);

	if (!p) {
		host_write(2, "umdev: out of memory for the object registry\n", 45);
		host_abort();
	}
	return p;
}

/* Lock held. The stack of whoever called the um_object_ function's caller. */
static const struct stack *save_stack(void **pc, unsigned int depth)
{
	u32 hash = hash_bytes(pc, depth * sizeof(*pc));
	struct stack **head = &reg.stacks[hash & ((1 << STACK_BITS) - 1)];
	struct stack *s;

	for (s = *head; s; s = s->next)
		if (s->hash == hash && s->depth == depth &&
		    !memcmp(s->pc, pc, depth * sizeof(*pc)))
			return s;
	s = need(sizeof(*s));
	s->hash = hash;
	s->depth = depth;
	memcpy(s->pc, pc, depth * sizeof(*pc));
	s->next = *head;
	*head = s;
	return s;
}

static void free_uses(struct object *o)
{
	struct use *u;

	while ((u = o->uses)) {
		o->uses = u->next;
		host_free(u);
	}
}

void um_object_new(const void *obj, const char *kind, um_describe_fn describe)
{
	struct object **slot, *o;
	unsigned int depth;
	void *pc[DEPTH];

	depth = host_stack(pc, DEPTH, 2);
	host_lock(&reg.lock);
	slot = slot_of(obj);
	o = *slot;
	if (o) {
		free_uses(o);
	} else {
		o = need(sizeof(*o));
		o->addr = obj;
		*slot = o;
		reg.alive++;
	}
	o->kind = kind;
	o->describe = describe;
	o->born = save_stack(pc, depth);
	o->permanent = false;
	o->seq = ++reg.seq;
	host_unlock(&reg.lock);
}

static void note_use(const void *obj, bool get)
{
	unsigned int depth;
	const struct stack *s;
	void *pc[DEPTH];
	struct object *o;
	struct use *u;

	depth = host_stack(pc, DEPTH, 3);
	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o) {
		s = save_stack(pc, depth);
		for (u = o->uses; u && u->stack != s; u = u->next)
			;
		if (!u) {
			u = need(sizeof(*u));
			u->stack = s;
			u->next = o->uses;
			o->uses = u;
		}
		if (get)
			u->gets++;
		else
			u->puts++;
	}
	host_unlock(&reg.lock);
}

void um_object_get(const void *obj)
{
	note_use(obj, true);
}

void um_object_put(const void *obj)
{
	note_use(obj, false);
}

void um_object_freed(const void *obj)
{
	struct object **slot, *o;

	host_lock(&reg.lock);
	slot = slot_of(obj);
	o = *slot;
	if (o) {
		*slot = o->next;
		free_uses(o);
		reg.alive--;
	}
	host_unlock(&reg.lock);
	host_free(o);
}

void um_object_permanent(const void *obj)
{
	struct object *o;

	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o)
		o->permanent = true;
	host_unlock(&reg.lock);
}

/* ---- reports ------------------------------------------------------------------- */

struct report {
	void (*line)(const char *line, void *arg);
	void *arg;
};

static void emit(const struct report *r, const char *text)
{
	if (r->line) {
		r->line(text, r->arg);
		return;
	}
	host_write(2, text, strlen(text));
	host_write(2, "\n", 1);
}

static void emit_stack(const struct report *r, const struct stack *s)
{
	char name[256], line[300];
	unsigned int i;

	for (i = 0; i < s->depth; i++) {
		host_symbolize(s->pc[i], name, sizeof(name));
		host_snprintf(line, sizeof(line), "        %s", name);
		emit(r, line);
	}
}

static void emit_object(const struct report *r, const struct object *o)
{
	char name[160] = "?", line[300];
	const struct use *u;

	o->describe(o->addr, name, sizeof(name));
	host_snprintf(line, sizeof(line), "umdev: still alive: %s '%s'", o->kind, name);
	emit(r, line);
	emit(r, "    made at");
	emit_stack(r, o->born);
	for (u = o->uses; u; u = u->next) {
		if (u->gets == u->puts)
			continue;
		host_snprintf(line, sizeof(line), "    %u taken, %u given back at",
			      u->gets, u->puts);
		emit(r, line);
		emit_stack(r, u->stack);
	}
}

static bool audited(const struct object *o)
{
	return !o->permanent && o->seq > reg.mark;
}

/*
 * Records are copied out under the lock and printed without it: describing
 * and naming stacks take locks of their own. Audits run when nothing else
 * does.
 */
int um_audit(void (*report)(const char *line, void *arg), void *arg)
{
	struct report r = { .line = report, .arg = arg };
	struct object *o, **found = NULL;
	int n = 0, i, pass;
	u32 slot;

	for (pass = 0; pass < 2; pass++) {
		i = 0;
		host_lock(&reg.lock);
		for (slot = 0; slot < 1 << OBJECT_BITS; slot++) {
			for (o = reg.objects[slot]; o; o = o->next) {
				if (!audited(o))
					continue;
				if (found && i < n)
					found[i] = o;
				i++;
			}
		}
		host_unlock(&reg.lock);
		if (!i)
			return 0;
		if (pass == 0) {
			n = i;
			found = need(n * sizeof(*found));
		}
	}
	for (i = 0; i < n; i++)
		emit_object(&r, found[i]);
	host_free(found);
	return n;
}

void um_audit_mark(void)
{
	host_lock(&reg.lock);
	reg.mark = reg.seq;
	host_unlock(&reg.lock);
}

unsigned long um_objects_alive(void)
{
	return READ_ONCE(reg.alive);
}
