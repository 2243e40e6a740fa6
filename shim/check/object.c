// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of everything that lives by a reference count.
 *
 * One record for each object, found by its address. Call stacks are kept once
 * each (check/stacks.c); a record counts, per stack, how many references were taken
 * and given back there. Reports of many at once are object_group.c's.
 *
 * The records of the last FREED objects that were freed are kept, so that a
 * reference given back once too often is told with the whole story of the
 * object; that of an object whose memory is in quarantine is kept as long
 * (check/quarantine.c), and none longer than its memory: what is allocated
 * there afterwards has nothing to do with it.
 *
 * Representation: a hash table with chains, which grows, under one host lock; all of
 * it is bookkeeping that no kernel does, so none of it is fallible.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/chains.h"
#include "check/object_internal.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "check/stacks.h"
#include "check/subscriber.h"
#include "host/host.h"
#include "host/sanitizer.h"
#include "umdev/umdev.h"

#define NAME		160	/* of an object, in a report */
#define FREED		2048
/* Memory is looked at in parts of this size, so that few objects lie in each. */
#define PART_SHIFT	9
#define PART_BITS	10
#define USES		128	/* made at once */

static struct {
	struct host_lock lock;
	struct um_chains chains;	/* of objects, the freed as well, by address */
	u64 seq;	/* of the newest object */
	u64 mark;	/* objects up to here are not audited */
	unsigned long alive;
	unsigned long audited;	/* of these */
	struct object *freed, **freed_last;	/* oldest first */
	struct object *near[1 << PART_BITS];	/* the freed, by the part of memory they begin in */
	unsigned int n_freed;
	struct use *spare;		/* records to be used again */
} reg = { .freed_last = &reg.freed };

static const void *addr_of(const struct object *o)
{
	return (const void *)~o->hidden;
}

static unsigned long chain_number(const struct um_chains *chains, const void *record)
{
	return um_chains_spread(chains, (unsigned long)addr_of(record));
}

/* Lock held. */
static struct object **slot_of(const void *addr)
{
	struct object **p;

	um_chains_make_room(&reg.chains, chain_number);
	p = (struct object **)&reg.chains.heads[um_chains_spread(&reg.chains, (unsigned long)addr)];
	while (*p && addr_of(*p) != addr)
		p = &(*p)->next;
	return p;
}

/* Lock held. */
static struct use *new_use(void)
{
	struct use *u = reg.spare;
	unsigned int i;

	if (!u) {
		u = host_need(USES * sizeof(*u));
		for (i = 0; i < USES; i++, u++) {
			u->next = reg.spare;
			reg.spare = u;
		}
		u = reg.spare;
	}
	reg.spare = u->next;
	return u;
}

/* Lock held. */
static void drop_uses(struct object *o)
{
	struct use *u;

	while ((u = o->uses)) {
		o->uses = u->next;
		u->next = reg.spare;
		reg.spare = u;
	}
}

/* Of a copy. */
static void free_uses(struct object *o)
{
	struct use *u;

	while ((u = o->uses)) {
		o->uses = u->next;
		host_free(u);
	}
}

static unsigned long part_of(const void *addr)
{
	return (unsigned long)addr >> PART_SHIFT;
}

static struct object **near_of(unsigned long part)
{
	return &reg.near[part & ((1 << PART_BITS) - 1)];
}

/* Lock held. */
static void forget_freed(struct object *o)
{
	*o->near_link = o->next_near;
	if (o->next_near)
		o->next_near->near_link = o->near_link;
	*o->freed_link = o->next_freed;
	if (o->next_freed)
		o->next_freed->freed_link = o->freed_link;
	else
		reg.freed_last = o->freed_link;
	reg.n_freed--;
}

/* Lock held: nothing is known of @o any more, which was freed. */
static void drop_freed(struct object *o)
{
	struct object **slot = slot_of(addr_of(o));

	forget_freed(o);
	*slot = o->next;
	reg.chains.n--;
	drop_uses(o);
	host_free(o);
}

/* Lock held. */
static void keep_freed(struct object *o)
{
	struct object **near = near_of(part_of(addr_of(o)));

	o->next_near = *near;
	o->near_link = near;
	if (o->next_near)
		o->next_near->near_link = &o->next_near;
	*near = o;
	o->next_freed = NULL;
	o->freed_link = reg.freed_last;
	*reg.freed_last = o;
	reg.freed_last = &o->next_freed;
	reg.n_freed++;
	while (reg.n_freed > FREED && !um_block_is_freed(addr_of(reg.freed)))
		drop_freed(reg.freed);
}

/* Lock held: those freed in the part numbered @part, as far as they lie in @size bytes at @start. */
static void drop_near(unsigned long part, const char *start, size_t size)
{
	struct object *o, *next;
	const char *at;

	for (o = *near_of(part); o; o = next) {
		next = o->next_near;
		at = addr_of(o);
		if (at >= start && at < start + size)
			drop_freed(o);
	}
}

/* What was freed where something else is from now on. */
static void memory_reused(const char *start, size_t size)
{
	unsigned long part = part_of(start), last = part_of(start + size - 1);

	/* one turn visits every chain */
	last = min(last, part + (1UL << PART_BITS) - 1);
	/* what another task frees there just now it may not */
	for (; !READ_ONCE(*near_of(part)); part++)
		if (part == last)
			return;
	host_lock(&reg.lock);
	for (; reg.n_freed && part <= last; part++)
		drop_near(part, start, size);
	host_unlock(&reg.lock);
}

static bool is_audited(const struct object *o)
{
	return !o->freed && !o->permanent && o->seq > reg.mark;
}

static noinline void object_new(const void *obj, const char *kind, um_describe_fn describe)
{
	struct object **slot, *o;
	const struct stack *stack;

	stack = um_stack_here(UM_OP_FRAMES + 2);
	host_lock(&reg.lock);
	slot = slot_of(obj);
	o = *slot;
	if (o) {
		drop_uses(o);
		reg.audited -= is_audited(o);
		if (o->freed) {
			forget_freed(o);
			o->freed = NULL;
			reg.alive++;
		}
	} else {
		o = host_need(sizeof(*o));
		o->hidden = ~(unsigned long)obj;
		*slot = o;
		reg.chains.n++;
		reg.alive++;
	}
	o->kind = kind;
	o->describe = describe;
	o->born = stack;
	o->ended = NULL;
	o->permanent = false;
	o->seq = ++reg.seq;
	reg.audited++;
	host_unlock(&reg.lock);
}

static void object_kind(const void *obj, const char *kind)
{
	struct object *o;

	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o)
		o->kind = kind;
	host_unlock(&reg.lock);
}

/* Lock held; @o alive or freed. */
static void count_use(struct object *o, const struct stack *s, bool get)
{
	struct use *u;

	for (u = o->uses; u && u->stack != s; u = u->next)
		;
	if (!u) {
		u = new_use();
		*u = (struct use){ .next = o->uses, .stack = s };
		o->uses = u;
	}
	if (get)
		u->gets++;
	else
		u->puts++;
}

static void add_life(struct um_report *r, struct object *o, bool overput);

/* Lock held: whoever has it passes no point, or nobody else could go on. */
static void describe(const struct object *o, char *buf, size_t size)
{
	struct um_op_task *t = um_op_task();

	t->quiet++;
	o->describe(addr_of(o), buf, size);
	t->quiet--;
}

/* Lock held, and dropped: the life of an object of which somebody does @what. */
static void report_life(struct object *o, const char *what, bool overput)
{
	char headline[256], name[160];
	struct um_report r = { 0 };

	if (o->freed)
		host_snprintf(name, sizeof(name), "%s", o->name);
	else
		describe(o, name, sizeof(name));
	host_snprintf(headline, sizeof(headline), "a reference on %s '%s' is %s", o->kind, name,
		      what);
	add_life(&r, o, overput);
	host_unlock(&reg.lock);
	um_splat_report_now("reference", headline, &r);
	um_report_free(&r);
}

static noinline void note_use(const void *obj, bool get)
{
	const struct stack *stack;
	struct object *o;

	stack = um_stack_here(UM_OP_FRAMES + 2);
	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (unlikely(o && o->freed)) {
		/* whoever was not to give it back may have done so before: all are looked at */
		if (!get)
			count_use(o, stack, false);
		report_life(o, get ? "taken after it was freed" : "given back after it was freed",
			    !get);
		return;
	}
	if (o)
		count_use(o, stack, get);
	host_unlock(&reg.lock);
}

/* Told without the life, by who asked, when nothing is known of it. */
static bool object_overput(const void *obj)
{
	struct object *o;

	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o)
		report_life(o, "given back that nobody has", true);
	else
		host_unlock(&reg.lock);
	return o;
}

static noinline void object_ended(const void *obj)
{
	const struct stack *stack;
	struct object *o;

	stack = um_stack_here(UM_OP_FRAMES + 2);
	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o && !o->freed && !o->ended)
		o->ended = stack;
	host_unlock(&reg.lock);
}

static noinline void object_freed(const void *obj)
{
	const struct stack *stack;
	struct object *o;

	stack = um_stack_here(UM_OP_FRAMES + 2);
	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o && !o->freed) {
		describe(o, o->name, sizeof(o->name));
		reg.audited -= is_audited(o);
		o->freed = stack;
		keep_freed(o);
		reg.alive--;
	}
	host_unlock(&reg.lock);
}

/* What is known of it, alive or freed, is of another object that was there before. */
void um_object_forget(const void *obj)
{
	struct object **slot, *o;

	host_lock(&reg.lock);
	slot = slot_of(obj);
	o = *slot;
	if (o && o->freed) {
		drop_freed(o);
	} else if (o) {
		reg.audited -= is_audited(o);
		reg.alive--;
		*slot = o->next;
		reg.chains.n--;
		drop_uses(o);
		host_free(o);
	}
	host_unlock(&reg.lock);
}

static void object_permanent(const void *obj)
{
	struct object *o;

	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o) {
		reg.audited -= is_audited(o);
		o->permanent = true;
	}
	host_unlock(&reg.lock);
}

/* ---- copies, for reports --------------------------------------------------------- */

/* Lock held. What a report says of it, for as long as the report takes. */
static struct object *copy_of(const struct object *o)
{
	struct object *copy = host_need(sizeof(*copy));
	const struct use *u;
	struct use **end;

	*copy = *o;
	copy->text = host_need(NAME);
	if (o->freed)
		host_snprintf(copy->text, NAME, "%s", o->name);
	else
		describe(o, copy->text, NAME);
	end = &copy->uses;
	for (u = o->uses; u; u = u->next) {
		*end = host_need(sizeof(**end));
		**end = *u;
		end = &(*end)->next;
	}
	*end = NULL;
	return copy;
}

/*
 * Copies, made under the lock: naming stacks takes locks of its own, and an
 * object may go as soon as the lock does.
 */
static unsigned int gather(bool (*wanted)(const struct object *o, const void *arg),
			   const void *arg, bool freed, struct object ***out)
{
	struct object *o, **found;
	unsigned int n = 0;
	unsigned long slot;

	host_lock(&reg.lock);
	found = host_need(((freed ? reg.chains.n : reg.alive) + 1) * sizeof(*found));
	for (slot = 0; reg.chains.heads && slot < 1UL << reg.chains.bits; slot++)
		for (o = reg.chains.heads[slot]; o; o = o->next)
			if ((freed || !o->freed) && !o->permanent && wanted(o, arg))
				found[n++] = copy_of(o);
	host_unlock(&reg.lock);
	*out = found;
	return n;
}

unsigned int um_objects_gather(bool (*wanted)(const struct object *o, const void *arg),
			       const void *arg, struct object ***out)
{
	return gather(wanted, arg, false, out);
}

static unsigned int gather_all(bool (*wanted)(const struct object *o, const void *arg),
			       const void *arg, struct object ***out)
{
	return gather(wanted, arg, true, out);
}

void um_objects_release(struct object **found, unsigned int n)
{
	while (n--) {
		free_uses(found[n]);
		host_free(found[n]->text);
		host_free(found[n]);
	}
	host_free(found);
}

const struct um_registry um_registry = {
	.gather_all = gather_all, .release = um_objects_release,
};

static bool audited(const struct object *o, const void *arg)
{
	return is_audited(o);
}

static void emit(const char *text, void (*line)(const char *line, void *arg), void *arg)
{
	char buf[512];
	size_t len;

	if (!line) {
		host_write(2, text, strlen(text));
		return;
	}
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		host_snprintf(buf, sizeof(buf), "%.*s", (int)len, text);
		line(buf, arg);
	}
}

int um_objects_audit(void (*report)(const char *line, void *arg), void *arg)
{
	struct um_report r = { 0 };
	struct object **found;
	unsigned int n;

	if (um_detectors_off) {
		if (report)
			report("umdev: not audited: detectors are off", arg);
		return 0;
	}
	if (!READ_ONCE(reg.audited))
		return 0;
	n = um_objects_gather(audited, NULL, &found);
	if (n) {
		um_objects_tell(&um_registry, &r, found, n, NULL, 0);
		emit(r.lines.at, report, arg);
		um_report_free(&r);
	}
	um_objects_release(found, n);
	return n;
}

/* Lock held: the whole life of an object. */
static void add_life(struct um_report *r, struct object *o, bool overput)
{
	um_text_add(&r->lines, "    made at\n");
	um_object_add_stack(r, "made", o->born);
	um_object_add_holders(r, o, overput);
	if (!o->freed)
		return;
	um_text_add(&r->lines, "    freed at\n");
	um_object_add_stack(r, "freed", o->freed);
	um_block_story(r, addr_of(o));
}

const void *um_object_story(struct um_report *r, const void *obj)
{
	const void *place = NULL;
	struct object *o;

	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o && o->freed) {
		add_life(r, o, false);
		place = um_report_place(o->freed->pc, o->freed->depth);
	}
	host_unlock(&reg.lock);
	return place;
}

void um_object_birth(struct um_report *r, const void *obj)
{
	struct object *o;

	host_lock(&reg.lock);
	o = *slot_of(obj);
	if (o && !o->freed) {
		um_text_add(&r->lines, "    allocated at\n");
		um_object_add_stack(r, "allocated", o->born);
	}
	host_unlock(&reg.lock);
}

void um_audit_mark(void)
{
	host_lock(&reg.lock);
	reg.mark = reg.seq;
	reg.audited = 0;
	host_forget_freed();
	host_unlock(&reg.lock);
}

unsigned long um_objects_alive(void)
{
	return READ_ONCE(reg.alive);
}

/* ---- the subscriber ----------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	switch (kind) {
	case UM_OBJECT_NEW:
		object_new(op->object, op->what, op->describe);
		break;
	case UM_OBJECT_KIND:
		object_kind(op->object, op->what);
		break;
	case UM_OBJECT_FORGOTTEN:
		um_object_forget(op->object);
		break;
	case UM_OBJECT_PERMANENT:
		object_permanent(op->object);
		break;
	case UM_OBJECT_OVERPUT:
		return object_overput(op->object) ? UM_TAKEN : UM_GO_ON;
	case UM_OBJECT_ENDED:
		object_ended(op->object);
		break;
	case UM_OBJECT_FREED:
		object_freed(op->object);
		break;
	case UM_FREE:
		host_note_freed(op->object);
		break;
	default:
		note_use(op->object, kind == UM_HOLD);
		break;
	}
	return UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (!outcome && op->size)
		memory_reused(op->object, op->size);
}

static struct um_subscriber holders = {
	.name = "holders", .rank = UM_RANK_HOLDERS,
	.begins = UM_ON(UM_OBJECT_NEW) | UM_ON(UM_OBJECT_KIND) | UM_ON(UM_OBJECT_PERMANENT) |
		  UM_ON(UM_OBJECT_FORGOTTEN) | UM_ON(UM_OBJECT_OVERPUT) | UM_ON(UM_OBJECT_ENDED) |
		  UM_ON(UM_OBJECT_FREED) | UM_ON(UM_HOLD) | UM_ON(UM_DROP) | UM_ON(UM_FREE),
	.ends = UM_ON(UM_ALLOC),
	.begin = begin, .end = end,
};
UM_SUBSCRIBER(holders)
