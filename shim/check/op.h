/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations: what a model tells of each step it takes, once.
 *
 * An operation has two phases. um_begin() comes before its effect and may
 * return a decision: the call is to fail, or to be refused, or the memory is
 * kept by whoever asked for it; a task that is to be held is held inside.
 * um_end() comes after it, with the outcome: 0 when the step was taken.
 * Whoever wants to know subscribes (check/subscriber.h): points, lock orders,
 * happens-before for TSan, holders of references, faults, context, memory.
 *
 *	um_begin(UM_LOCK, .object = lock, .map = &lock->dep_map, .ip = ip);
 *	... wait for it, take it ...
 *	um_end(UM_LOCK, err, .object = lock, .map = &lock->dep_map, .ip = ip);
 *
 * The kind is a constant, so that what it costs when nobody wants to know of
 * it is one load and a test; the operation is put together only behind that.
 *
 * Of check/ a model includes this header and nothing else, and calls nothing
 * but what it declares (check/op.c); a detector calls no model: what it has to
 * know comes in the operation, in struct um_op_task, or by struct
 * um_op_models, which the models fill in. tests/style looks at the includes
 * and at the symbols of the objects.
 *
 * Uses no libc. Included by headers that drivers include.
 */
#ifndef UMDEV_CHECK_OP_H
#define UMDEV_CHECK_OP_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/gfp_types.h>

/* So many pages in a row go back to the host when they are freed, and read as zeroes. */
#define UM_DISCARDED 4096

struct lockdep_map;

enum um_kind {
	/* locks: .object, .map, .nest, .subclass, .read, .sleeps, .ip */
	UM_LOCK,
	UM_TRYLOCK,
	UM_UNLOCK,
	UM_DOWNGRADE,
	/* a lock that is none: .map and how it is taken, for its order alone */
	UM_ENTER,
	UM_LEAVE,
	/* is .map held, in the way .read says (-1: any)? UM_TAKEN or UM_REFUSE */
	UM_HELD,
	/* classes whose keys lie in .start, .size are forgotten */
	UM_KEYS_GONE,

	/* waits without a lock: .map if the wait is one that may last for ever */
	UM_WAIT,
	UM_WAKE,
	/* what was written before is seen by who is given .object */
	UM_GIVE,
	UM_TAKE,
	/* .object is the item or the timer, .within what it runs in */
	UM_WORK_QUEUE,
	UM_WORK_RUN,
	UM_TIMER_ARM,
	UM_TIMER_RUN,
	UM_RCU_LOCK,
	UM_RCU_UNLOCK,
	UM_RCU_CALL,
	UM_RCU_RUN,
	UM_TASK_START,
	UM_TASK_RUN,
	UM_TASK_JOIN,
	UM_YIELD,
	UM_MAY_SLEEP,		/* .what, .line: the file */
	UM_SCHEDULE,		/* it will wait now: for .what, named by .object */
	UM_IRQS_ON,		/* interrupts or bottom halves, with what the task holds */
	/* the end of what must leave nothing behind: UM_REFUSE if it did */
	UM_RETURN,

	/* counts: of refcount_t, of a module, of callbacks that run */
	UM_REF_GET,
	UM_REF_TRYGET,
	UM_REF_PUT,
	UM_MODULE_GET,
	UM_MODULE_TRYGET,
	UM_MODULE_PUT,
	UM_ACTIVE_GET,
	UM_ACTIVE_PUT,
	UM_ATOMIC,
	UM_STORE_RELEASE,
	UM_LOAD_ACQUIRE,
	UM_LIST_ADD,
	UM_LIST_DEL,
	UM_BLOCK,		/* a basic block of a module begins */

	UM_CALL,		/* a system call, from its begin to its end */

	/* what lives by a reference count, and who holds it */
	UM_OBJECT_NEW,
	UM_OBJECT_KIND,
	UM_OBJECT_FORGOTTEN,	/* what lay there before is not this one */
	UM_OBJECT_PERMANENT,
	UM_OBJECT_OVERPUT,
	UM_OBJECT_ENDED,
	UM_OBJECT_FREED,
	/* a count in .object is zero: .start is called for it, or, NULL, the caller goes on */
	UM_RELEASE,
	UM_HOLD,
	UM_DROP,

	/*
	 * .object, a .what, will be used by others and must stay: .start is the
	 * function that it will call; otherwise the task waits for it, or it is in
	 * use as long as .in_use says so. Or it is made. .undo, if it can be, ends its
	 * use when that was told: what lies in memory that goes may stay in no list.
	 */
	UM_ACTIVE,
	UM_IDLE,
	/* of a lock its .map; .what and .placed, if it may lie on a stack; UM_REFUSE: it is in use */
	UM_INIT,
	/* its time on the stack of its task is over (destroy_work_on_stack()) */
	UM_OFF_STACK,
	/* the function .what is about to use .object */
	UM_USE,

	/* a call that may fail: UM_FAIL */
	UM_FALLIBLE,
	/* memory: .size, .align, .what; .more bytes behind it are wanted */
	UM_ALLOC,
	UM_FREE,		/* UM_TAKEN: it is kept; UM_REFUSE: it is none */
	UM_SIZE,		/* UM_TAKEN: .size is what was asked for */
	UM_PAGES_ALLOC,		/* .object is the first page, .start where it lies, .size, .pfn */
	UM_PAGES_FREE,		/* before it; UM_DISCARDED of them go back to the host */
	UM_AREA_FREE,		/* before it: .start, .size, which .what gives back */
	/* .what, .user, .start, .size, .to_user; UM_REFUSE: it is wrong, and was told */
	UM_USER_COPY,
	UM_USER_SENT,		/* .start, .size are what a user's memory had */
	/* the page .object has come into the mapping at .user; it lies at .start, of .size */
	UM_USER_MAP,
	UM_WHERE,		/* is .object an address in a block? UM_TAKEN or UM_REFUSE */
	/*
	 * What the device .object, named by .describe, may reach: .what is the sort,
	 * .dma where, .size, .dir. Ends when that is made, begins when it is undone;
	 * UM_REFUSE: it was not there, and that was told.
	 */
	UM_DMA,
	UM_UEVENT,

	UM_MODULE_LOADED,
	UM_MODULE_EXITED,	/* UM_AGAIN: let what is under way end, and ask again */
	UM_MODULE_GONE,		/* .settled: the tasks in its code were told, with what they wait for */
	UM_KINDS
};

enum um_decision {
	UM_GO_ON,
	UM_FAIL,	/* as if what is called had failed */
	UM_REFUSE,
	UM_TAKEN,
	UM_AGAIN,
	UM_SWITCH,	/* the task is held; comes to no model */
};

/* Where whoever sets an object up says that it lies. */
enum um_placed {
	UM_ANYWHERE,
	UM_NOT_ON_STACK,
	UM_ON_STACK,
};

/* Writes the object's own name; called at any time until UM_OBJECT_FREED. */
typedef void (*um_describe_fn)(const void *obj, char *buf, size_t size);

/*
 * An operation; of each kind the members that are named beside it above. Those of
 * kinds that have nothing else in common share their place: it is put together so
 * often that its size counts.
 */
struct um_op {
	const void *object;
	unsigned long ip;		/* where the model's caller is */
	const char *what;		/* a name: sort of object, function, file */
	struct lockdep_map *map;
	const void *start;
	size_t size;
	bool sleeps;
	bool in_state;			/* of UM_WAIT: in the state that the task has set for it */
	bool trylock;			/* of UM_ENTER */
	bool to_user;			/* of UM_USER_COPY */
	bool unchecked;			/* of UM_ENTER: held, and of no order */
	bool settled;			/* UM_AGAIN was done */
	union {
		struct {			/* of what is held */
			struct lockdep_map *nest;	/* any number of @map's class may be held under it */
			unsigned int subclass;
			int read;		/* 0 exclusive, 1 shared, 2 shared and recursive */
		};
		struct {			/* of what lives, or is in use */
			um_describe_fn describe;
			union {
				bool (*in_use)(const void *object);
				u64 dma;
			};
			union {
				/* by the model, without locks */
				void (*undo)(const void *object);
				int dir;
			};
		};
		struct {
			size_t align, more;
		};
		struct {			/* of a module, or the one of UM_FALLIBLE */
			struct um_fault_site *sites;
			unsigned int n_sites;
		};
		unsigned long pfn;
		unsigned long user;
		unsigned long frame;	/* of UM_RETURN: what lies below it on the stack is left */
		enum um_placed placed;	/* of UM_INIT */
		unsigned int line;	/* of UM_MAY_SLEEP */
	};
};

/*
 * A task, as far as detectors know it: the first member of what the host keeps
 * for each thread. The models write it; the detectors read it, and have @call,
 * @points, @watch and @clocks for themselves.
 */
struct um_op_task {
	const char *comm;
	int pid;
	/* context, kept by kernel/softirq.c */
	int preempt;			/* preempt_disable(), spinlocks, RCU */
	int bh_off;			/* local_bh_disable() */
	int in_softirq, in_hardirq;
	int irqs_off;
	unsigned long atomic_ip, irqs_ip;	/* who made it so */
	unsigned int state;		/* 0 is TASK_RUNNING */
	unsigned long state_ip;
	/* buffer of the read() or write() it is in */
	unsigned long user_start, user_size;
	/* in the middle of a step, under the inner lock: passes no point */
	int quiet;
	/* where it waits, or has made way: a frame of its stack. 0: it runs */
	unsigned long frame;
	unsigned long waits;		/* begun and ended */
	unsigned int call;		/* which of the system calls under way; 0: none */
	unsigned long points;		/* passed so far; check/points.c counts them */
	unsigned long hold_at;		/* the one before which it is held; 0: none */
	struct um_watch *watch;
	struct um_clocks *clocks;	/* of its barriers (check/hb.c) */
};

/* What detectors may ask of the models, each filled in by its own. */
struct um_op_models {
	/* The calling thread becomes a task. */
	struct um_op_task *(*enter)(void);
	/* The calling task waits until it is let go: it is at its point. */
	void (*hold)(void);
	void (*print)(const char *level, const char *line);
	/* How much of what @addr was allocated in lies from it on; -1: not a page's. */
	ssize_t (*page_room)(const void *addr);
	/*
	 * Nothing can go on (BUG, a deadlock), which was reported: true when
	 * whoever runs the task asked for that and has copied the report; the task
	 * then ends by abandon(). Otherwise the process does.
	 */
	bool (*verdict)(const char *kind, const char *report);
	void (*abandon)(void) __noreturn;
};
extern struct um_op_models um_op_models;

/* ---- the two phases --------------------------------------------------------- */

typedef enum um_decision (*um_begin_fn)(enum um_kind kind, struct um_op *op);
typedef void (*um_end_fn)(enum um_kind kind, int outcome, struct um_op *op);

/* Of each kind who is to be told that it begins, and how it ended; NULL: nobody. */
extern struct um_op_table {
	um_begin_fn begin[UM_KINDS];
	um_end_fn end[UM_KINDS];
} um_op_table;

/* Not seen by sanitizers, wherever it is compiled into. */
#if defined(__x86_64__)
#define um_op_load(fn) ({ typeof(fn) __um_fn; __asm__ ("movq %1, %0" : "=r" (__um_fn) : "m" (fn)); __um_fn; })
#elif defined(__aarch64__)
#define um_op_load(fn) ({ typeof(fn) __um_fn; __asm__ ("ldr %0, %1" : "=r" (__um_fn) : "m" (fn)); __um_fn; })
#else
#define um_op_load(fn) __atomic_load_n(&(fn), __ATOMIC_RELAXED)
#endif

static __always_inline bool um_wanted(const enum um_kind kind)
{
	return __builtin_expect(um_op_load(um_op_table.begin[kind]) != NULL, 0);
}

static __always_inline bool um_end_wanted(const enum um_kind kind)
{
	return __builtin_expect(um_op_load(um_op_table.end[kind]) != NULL, 0);
}

/* For who has put the operation together himself. */
static __always_inline enum um_decision um_op_begin(const enum um_kind kind, struct um_op *op)
{
	um_begin_fn fn = um_op_load(um_op_table.begin[kind]);

	return fn ? fn(kind, op) : UM_GO_ON;
}

static __always_inline void um_op_end(const enum um_kind kind, int outcome, struct um_op *op)
{
	um_end_fn fn = um_op_load(um_op_table.end[kind]);

	if (fn)
		fn(kind, outcome, op);
}

/* Both phases of one that has but an object and comes to no decision. */
void um_op_step(enum um_kind kind, const void *object);

#define um_begin(kind, ...)						\
({									\
	um_begin_fn __um_begin = um_op_load(um_op_table.begin[kind]);	\
									\
	__builtin_expect(__um_begin != NULL, 0) ?			\
		__um_begin(kind, &(struct um_op){ __VA_ARGS__ }) : UM_GO_ON;	\
})
#define um_end(kind, outcome, ...)					\
do {									\
	um_end_fn __um_end = um_op_load(um_op_table.end[kind]);		\
									\
	if (__builtin_expect(__um_end != NULL, 0))			\
		__um_end(kind, outcome, &(struct um_op){ __VA_ARGS__ });	\
} while (0)

static __always_inline void um_step(const enum um_kind kind, const void *object)
{
	if (um_wanted(kind))
		um_op_step(kind, object);
}

/* Points are counted from now on: a task is to be held at one. */
void um_op_points(void);
/* The task has ended: what detectors keep for it goes. */
void um_op_task_free(struct um_op_task *task);

/* ---- faults ------------------------------------------------------------------ */

/*
 * A place that may fail in a kernel. Every use of um_fallible() leaves one
 * such record in the section um_fault_sites of its object, whether it runs
 * or not, so that a site that no test reached can be named.
 */
struct um_fault_site {
	const char *what;	/* name of the leaf: "kmalloc", "try_module_get" */
	const char *file;
	const char *func;
	u32 line;
	u32 hits;		/* times reached with counting on */
	u32 fails;		/* times made to fail */
	u32 pad;
};

/*
 * For a call that fails only sometimes: it is given the site and asks it
 * (um_fault_hit()) when it comes to that.
 */
#define um_fault_site(leaf)						\
({									\
	static struct um_fault_site __um_site				\
		__attribute__((__section__("um_fault_sites"), __used__, __aligned__(8))) = { \
		.what = leaf, .file = __FILE__, .func = __func__,	\
		.line = __LINE__,					\
	};								\
	&__um_site;							\
})

bool um_op_fault(struct um_fault_site *site);

/* Shall this fallible call fail? */
#ifdef UMDEV_COVERAGE
/* out of line: the branches of an inline one are those of each line that calls it */
bool um_fault_hit(struct um_fault_site *site);
#else
static __always_inline bool um_fault_hit(struct um_fault_site *site)
{
	return um_wanted(UM_FALLIBLE) && um_op_fault(site);
}
#endif

/*
 * um_fallible - an expression that an armed fault turns into a failure.
 * @leaf:   string that names the leaf
 * @failed: value of the whole when the fault fires; @expr is not evaluated
 * @expr:   what happens otherwise
 */
#define um_fallible(leaf, failed, expr) \
	(um_fault_hit(um_fault_site(leaf)) ? (failed) : (expr))

/*
 * um_alloc_leaf - a call that allocates, may sleep, and may find no memory.
 * @leaf:  string that names the leaf
 * @flags: allocation flags, evaluated once; none that says __GFP_NOFAIL fails
 * @expr:  the allocation; it has the flags in __um_gfp
 */
#define um_alloc_leaf(leaf, flags, expr)				\
({									\
	gfp_t __um_gfp = (flags);					\
	bool __um_failed;						\
									\
	um_might_alloc(__um_gfp, __FILE__, __LINE__);			\
	__um_failed = __um_gfp & __GFP_NOFAIL ? false :			\
		      um_fault_hit(um_fault_site(leaf));		\
	__um_failed ? NULL : (expr);					\
})

void um_might_alloc(gfp_t flags, const char *file, int line);

/* Is it a variable of a function that has returned? */
#define um_use(obj, name) ((void)um_begin(UM_USE, .object = (obj), .what = (name)))

/* ---- objects and references ---------------------------------------------------- */

/*
 * Everything that lives by a reference count reports its life here: kobjects
 * (and so devices, drivers, buses), modules' references, files, pages. The
 * registry answers "what is still alive, and who holds it".
 *
 * @kind names the sort ("kobject", "module reference", "file").
 */
#define um_object_new(obj, kind, fn) \
	((void)um_begin(UM_OBJECT_NEW, .object = (obj), .what = (kind), .describe = (fn)))
#define um_object_get(obj)	((void)um_begin(UM_HOLD, .object = (obj)))
#define um_object_put(obj)	((void)um_begin(UM_DROP, .object = (obj)))
#define um_object_freed(obj)	((void)um_begin(UM_OBJECT_FREED, .object = (obj)))
/* Its last reference was given back: @fn (NULL: the caller himself) is to free it. */
#define um_released(obj, fn) \
	((void)um_begin(UM_RELEASE, .object = (obj), .start = (const void *)(fn)))
/* What lay there before is no matter: an object that the registry does not know. */
#define um_object_forgotten(obj) ((void)um_begin(UM_OBJECT_FORGOTTEN, .object = (obj)))
/* It was taken out of use (kobject_del()): its first reference is to be put soon. */
#define um_object_ended(obj)	((void)um_begin(UM_OBJECT_ENDED, .object = (obj)))
/* A more telling kind for an object that was registered as something general. */
#define um_object_kind(obj, kind) \
	((void)um_begin(UM_OBJECT_KIND, .object = (obj), .what = (kind)))
/* The object is meant to live until shutdown: the audit leaves it out. */
#define um_object_permanent(obj) ((void)um_begin(UM_OBJECT_PERMANENT, .object = (obj)))
/* More was given back than taken, of an object that lives on. */
void um_object_overput(const void *obj, const char *kind, um_describe_fn describe);

/* ---- what a kernel would shout about -------------------------------------------- */

/*
 * um_splat - something happened that a kernel would shout about.
 * @kind: short and fixed: "WARNING", "refcount", "lock", "kobject"
 *
 * Prints the text with a backtrace in source lines through printk at
 * KERN_WARNING, counts it, and so fails the running test unless the test
 * announced it with um_expect_splat(). Returns. Any context. The format is
 * libc's.
 */
void um_splat(const char *kind, const char *fmt, ...) __printf(2, 3);
/* The text as it is, @skip of the innermost frames left out. */
void um_splat_text(const char *kind, const char *text, unsigned int skip);
/* The same, and nothing can go on: BUG(), a deadlock. */
void um_die(const char *kind, const char *fmt, ...) __printf(2, 3) __noreturn;
void um_die_text(const char *kind, const char *text, unsigned int skip) __noreturn;
/* dump_stack(): a backtrace through printk, no splat. */
void um_print_stack(const char *level, unsigned int skip);

/*
 * The calling task releases what it has not taken; @owner (NULL: nobody) took
 * it at @taken_at.
 */
void um_bad_unlock(const char *kind, const struct lockdep_map *map, const char *owner,
		   unsigned long taken_at);

/* One of the tasks of which none can go on. */
struct um_waiter {
	struct um_op_task *task;
	const char *kind, *name;	/* of what it waits for */
	const char *owner;		/* who has it, or NULL */
	void *const *stack;
	unsigned int depth;
};
/* Told as @kind with @headline; then um_op_models.verdict() decides. */
void um_die_waiting(const char *kind, const char *headline, const struct um_waiter *waiters,
		    unsigned int n) __noreturn;

#endif
