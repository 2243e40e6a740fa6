/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the shim's models tell the detectors in shim/check/.
 *
 * Included by kernel-side files of the shim, and, through linux/slab.h and
 * its like, by everything that calls a fallible leaf. Uses no libc.
 */
#ifndef UMDEV_CHECK_H
#define UMDEV_CHECK_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/gfp_types.h>

/* ---- all of them (check/switch.c) -------------------------------------------- */

extern bool um_detectors_off;	/* constant from um_boot() on */
void um_detectors_init(void);

/* ---- faults (check/fault.c) ------------------------------------------------ */

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

bool um_fault_hit(struct um_fault_site *site);

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

/* ---- objects and references (check/object.c) -------------------------------- */

/*
 * Everything that lives by a reference count reports its life here: kobjects
 * (and so devices, drivers, buses), modules' references, files, pages. The
 * registry answers "what is still alive, and who holds it".
 *
 * @kind names the sort ("kobject", "module reference", "file"); @describe
 * writes the object's own name and may be called at any time until
 * um_object_freed().
 */
typedef void (*um_describe_fn)(const void *obj, char *buf, size_t size);
void um_object_new(const void *obj, const char *kind, um_describe_fn describe);
void um_object_get(const void *obj);
void um_object_put(const void *obj);
void um_object_freed(const void *obj);
/* It was taken out of use (kobject_del()): its first reference is to be put soon. */
void um_object_ended(const void *obj);
/* The object is meant to live until shutdown: the audit leaves it out. */
void um_object_permanent(const void *obj);

/* ---- splats (check/splat.c) --------------------------------------------------- */

/*
 * um_splat - something happened that a kernel would shout about.
 * @kind: short and fixed: "WARNING", "refcount", "lock", "kobject"
 *
 * Prints the text with a backtrace in source lines through printk at
 * KERN_WARNING, counts it, and so fails the running test unless the test
 * announced it with um_expect_splat(). Returns. Any context.
 */
void um_splat(const char *kind, const char *fmt, ...) __printf(2, 3);
/* The same, and the process ends by abort(): BUG(), a deadlock. */
void um_die(const char *kind, const char *fmt, ...) __printf(2, 3) __noreturn;
/* dump_stack(): a backtrace through printk, no splat. */
void um_print_stack(const char *level, unsigned int skip);

#endif
