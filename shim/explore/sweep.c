// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fault sweep: a scenario is run with its first fallible call failing,
 * then with the second, and so on until nothing fires any more; and each time
 * once more with all later calls failing too.
 *
 * What must be as before is taken as a text: every node below /sys with its
 * kind and its place, every module with its references, how many objects
 * there are, and what the task holds. Texts are compared, so a report can say
 * which line is new and which is gone.
 *
 * A fault is disarmed before anything is looked at. Figures come from the
 * task that sweeps: what other tasks do meanwhile is not part of the count.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "check/fault.h"
#include "check/lockdep.h"
#include "check/object.h"
#include "check/report.h"
#include "check/subscriber.h"
#include "fs/kernfs/kernfs-internal.h"
#include "fs/sysfs/sysfs.h"
#include "host/host.h"
#include "kernel/module/internal.h"
#include "umdev/umdev.h"

/* No operation has more; a scenario whose fault never fails to fire ends here. */
#define MAX_CALLS	20000

/* Where a kernel goes on after a failure, whatever the operation is. */
static const struct um_benign always_benign[] = {
	{ "from kobject_uevent_env (", "an event that nobody hears" },
	{ "from device_get_devnode (", "a node whose name is not to be had has its device's" },
	{ "from class_compat_create_link (", "the compatibility link is only warned about" },
	{ "from module_add_driver (", "links between driver and module are not checked" },
	{ "from driver_create_file (", "files of a driver are only warned about" },
	{ "from driver_probe_device (", "a driver that fails to probe fails nothing else" },
	{ "from driver_attach (", "a driver that fails to probe fails nothing else" },
	{ "from alloc_some_queue (", "a smaller ring will do" },
};

/* ---- what there is --------------------------------------------------------------- */

static void add_node(struct um_text *t, struct kernfs_node *kn, char *path, size_t len, size_t size)
{
	static const char *const kinds[] = {
		[KERNFS_DIR] = "/\n", [KERNFS_FILE] = "\n", [KERNFS_LINK] = " ->\n",
	};
	struct kernfs_node *child;
	size_t n;

	for (child = kernfs_child_from(kn, 0); child;
	     child = kernfs_child_from(kn, child->key + 1)) {
		n = strlen(child->name);
		if (len + n + 2 > size)
			continue;
		path[len] = '/';
		memcpy(path + len + 1, child->name, n + 1);
		um_text_put(t, path, len + 1 + n);
		um_text_put(t, kinds[child->type], strlen(kinds[child->type]));
		if (child->type == KERNFS_DIR)
			add_node(t, child, path, len + 1 + n, size);
	}
}

static void add_modules(struct um_text *t)
{
	struct um_image *image;

	mutex_lock(&module_mutex);
	list_for_each_entry(image, &um_images, list)
		um_text_add(t, "module %s with %d references\n", image->name,
			    image->mod ? module_refcount(image->mod) : 0);
	mutex_unlock(&module_mutex);
}

static void snapshot(struct um_text *t)
{
	char path[512] = "/sys";

	um_late_flush();
	down_read(&kernfs_rwsem);
	add_node(t, sysfs_root_kn, path, 4, sizeof(path));
	up_read(&kernfs_rwsem);
	add_modules(t);
	um_text_add(t, "%u locks held\n", um_locks_held());
	um_text_add(t, "%lu objects\n", um_objects_alive());
}

static bool has_line(const char *text, const char *line, size_t len)
{
	const char *p;

	for (p = text; *p; p += strcspn(p, "\n") + 1)
		if (strcspn(p, "\n") == len && !memcmp(p, line, len))
			return true;
	return false;
}

static void add_missing(struct um_text *out, const char *from, const char *in, const char *how)
{
	unsigned int n = 0;
	const char *p;
	size_t len;

	for (p = from; *p; p += len + 1) {
		len = strcspn(p, "\n");
		if (has_line(in, p, len))
			continue;
		if (++n <= 16)
			um_text_add(out, "%s: %.*s\n", how, (int)len, p);
	}
	if (n > 16)
		um_text_add(out, "%s: %u more\n", how, n - 16);
}

static void keep_line(const char *line, void *arg)
{
	um_text_add(arg, "%s\n", line);
}

/* What is not as in @before, into @details. */
static bool unchanged(const struct um_text *before, struct um_text *details)
{
	struct um_text after = { 0 };
	bool same;

	snapshot(&after);
	same = before->len == after.len && !memcmp(before->at, after.at, after.len);
	if (!same) {
		add_missing(details, before->at, after.at, "gone");
		add_missing(details, after.at, before->at, "new");
		um_audit(keep_line, details);
	}
	um_text_free(&after);
	return same;
}

/* A scenario's own error: below 0, whatever it gave. Above would be a count. */
static long scenario_error(long err)
{
	return err > 0 ? -EINVAL : err;
}

/* A step ends as a system call does: what it let go of is released. */
static long step(long (*fn)(void *arg), void *arg)
{
	long ret = fn(arg);

	um_late_flush();
	return ret;
}

/* ---- one fault --------------------------------------------------------------------- */

static const struct um_benign *benign_at(const struct um_benign *list, size_t n, const char *where)
{
	for (; list && n-- && list->where; list++)
		if (strstr(where, list->where))
			return list;
	return NULL;
}

static const char *why_benign(const struct um_scenario *s, const char *site)
{
	struct um_text where = { 0 };
	const struct um_benign *b;

	um_text_add(&where, "%s", site);
	um_fault_stack(&where, ", from ", "");
	b = benign_at(s->benign, SIZE_MAX, where.at) ?:
	    benign_at(always_benign, ARRAY_SIZE(always_benign), where.at);
	um_text_free(&where);
	return b ? b->reason : NULL;
}

/* The states that a scenario knows: without the operation, and with it. */
struct states {
	struct um_text without, with;
};

/*
 * Judges what the operation left, and puts back the state it started from.
 * Returns the outcome; what is wrong is in @details.
 */
static enum um_fault_outcome judge(const struct um_scenario *s, const struct states *st,
				   struct um_fault *f, struct um_text *details)
{
	enum um_fault_outcome outcome = UM_FAULT_ROLLED_BACK;
	long err;

	if (um_check_splats())
		return UM_FAULT_SPLAT;
	if (f->error == 0 && !s->takes_away) {
		f->reason = why_benign(s, f->site);
		outcome = f->reason ? UM_FAULT_BENIGN : UM_FAULT_UNNOTICED;
	}
	if (f->error == 0) {
		if (s->takes_away && !unchanged(&st->with, details))
			return UM_FAULT_CHANGED;
		err = step(s->undo, s->arg);
		if (err) {
			um_text_add(details, "it cannot be undone: %ld\n", err);
			return UM_FAULT_BREAKS;
		}
	}
	if (!unchanged(&st->without, details))
		return UM_FAULT_CHANGED;
	return outcome;
}

/* It must work afterwards, as if nothing had been. */
static enum um_fault_outcome again(const struct um_scenario *s, const struct states *st,
				   enum um_fault_outcome outcome, struct um_text *details)
{
	long err = step(s->run, s->arg);

	if (err) {
		um_text_add(details, "afterwards it fails: %ld\n", err);
		return UM_FAULT_BREAKS;
	}
	if (!unchanged(&st->with, details))
		outcome = UM_FAULT_BREAKS;
	err = step(s->undo, s->arg);
	if (err || !unchanged(&st->without, details)) {
		um_text_add(details, "afterwards it cannot be undone: %ld\n", err);
		return UM_FAULT_BREAKS;
	}
	return outcome;
}

static const char *const outcomes[] = {
	[UM_FAULT_ROLLED_BACK] = "rolled back",
	[UM_FAULT_BENIGN] = "benign",
	[UM_FAULT_UNNOTICED] = "unnoticed",
	[UM_FAULT_CHANGED] = "not rolled back",
	[UM_FAULT_SPLAT] = "splat",
	[UM_FAULT_BREAKS] = "breaks what follows",
};

static void add_headline(struct um_text *t, const struct um_fault *f)
{
	um_text_add(t, "%s: fault %u%s: %s (%s), returned %ld", f->scenario, f->n,
		    f->every ? " and all later ones" : "", outcomes[f->outcome], f->site, f->error);
}

static void report_json(const struct um_fault *f)
{
	struct um_report_head head = {
		.report = "fault", .kind = outcomes[f->outcome], .what = "fault",
	};
	struct um_report r = { 0 };
	struct um_text text = { 0 };

	if (!um_report_wanted())
		return;
	add_headline(&text, f);
	head.text = text.at;
	head.n = um_fault_frames(&head.pc);
	um_text_add(&r.lines, "%s", f->details);
	um_text_add(&r.fields, ", \"scenario\": ");
	um_text_add_json(&r.fields, f->scenario);
	um_text_add(&r.fields, ", \"n\": %u, \"every\": %s, \"error\": %ld, \"site\": ", f->n,
		    f->every ? "true" : "false", f->error);
	um_text_add_json(&r.fields, f->site);
	um_text_add(&r.fields, ", \"reason\": ");
	um_text_add_json(&r.fields, f->reason ?: "");
	um_report_json(&head, &r);
	um_report_free(&r);
	um_text_free(&text);
}

static void tell(const struct um_fault *f, struct um_sweep *sweep)
{
	struct um_text t = { 0 };

	report_json(f);
	if (sweep->report) {
		sweep->report(f, sweep->arg);
		return;
	}
	if (f->outcome <= UM_FAULT_BENIGN)
		return;
	um_text_add(&t, "umdev: ");
	add_headline(&t, f);
	um_text_add(&t, "\n%s%s", f->stack, f->details);
	host_write(2, t.at, t.len);
	um_text_free(&t);
}

static void count(struct um_sweep *sweep, enum um_fault_outcome outcome)
{
	sweep->faults++;
	if (outcome == UM_FAULT_ROLLED_BACK)
		sweep->rolled_back++;
	else if (outcome == UM_FAULT_BENIGN)
		sweep->benign++;
	else
		sweep->bad++;
}

/* Returns 1 for a fault that fired, 0 when there was no n-th call, < 0 to give up. */
static int one_fault(const struct um_scenario *s, const struct states *st, unsigned int n,
		     bool every, struct um_sweep *sweep)
{
	struct um_fault f = { .scenario = s->name, .n = n, .every = every };
	struct um_text stack = { 0 }, details = { 0 }, site = { 0 };
	bool reached;

	um_audit_mark();
	if (every)
		um_fail_from_nth(n);
	else
		um_fail_nth(n);
	f.error = s->run(s->arg);
	reached = um_fault_place() != NULL;
	um_fail_nth(0);
	um_late_flush();
	if (!reached)
		return scenario_error(step(s->undo, s->arg) ?: f.error);

	um_text_add(&site, "%s", um_fault_place());
	f.site = site.at;
	f.outcome = judge(s, st, &f, &details);
	if (f.outcome != UM_FAULT_ROLLED_BACK)
		um_fault_stack(&stack, "    ", "\n");
	/* with every call failing, the last run of the sweep is the one that must work */
	if (f.outcome <= UM_FAULT_BENIGN && !every)
		f.outcome = again(s, st, f.outcome, &details);
	f.stack = stack.at ?: "";
	f.details = details.at ?: "";
	count(sweep, f.outcome);
	tell(&f, sweep);
	um_text_free(&site);
	um_text_free(&stack);
	um_text_free(&details);
	/* from a state that is not the one to start from nothing can be learnt */
	return f.outcome == UM_FAULT_CHANGED || f.outcome == UM_FAULT_BREAKS ? -EIO : 1;
}

/* ---- all of them --------------------------------------------------------------------- */

/*
 * The first run also fills caches: what is made once and kept is no leak. The
 * last one counts and shows the two states. The shortest time of those after
 * the first tells least of what else the machine does.
 */
static int without_faults(const struct um_scenario *s, struct states *st, unsigned int runs,
			  unsigned int *calls, uint64_t *ns)
{
	unsigned int i;
	uint64_t start;
	int err = 0;

	*ns = U64_MAX;
	for (i = 0; i < runs && !err; i++) {
		start = host_monotonic_ns();
		um_text_free(&st->without);
		um_text_free(&st->with);
		snapshot(&st->without);
		um_fallible_count();
		err = s->run(s->arg);
		*calls = um_fallible_count();
		snapshot(&st->with);
		err = err ?: step(s->undo, s->arg);
		if (i)
			*ns = min_t(uint64_t, *ns, host_monotonic_ns() - start);
	}
	return scenario_error(err);
}

static int sweep_all(const struct um_scenario *s, const struct states *st, unsigned int calls,
		     struct um_sweep *sweep)
{
	unsigned int n, bad = sweep->bad;
	int every, ret = 1;

	for (every = 0; every < 2; every++) {
		for (n = 1; n <= MAX_CALLS; n++) {
			if (sweep->progress && n <= calls)
				sweep->progress(s->name, every * calls + n - 1, 2 * calls,
						sweep->arg);
			ret = one_fault(s, st, n, every, sweep);
			if (ret <= 0)
				break;
		}
		if (ret < 0)
			break;
	}
	return sweep->bad - bad ?: min(ret, 0);
}

long um_sweep_count(const struct um_scenario *s, uint64_t *ns)
{
	struct states st = { };
	unsigned int calls = 0;
	long ret = s->setup ? scenario_error(step(s->setup, s->arg)) : 0;

	if (ret)
		return ret;
	ret = without_faults(s, &st, 4, &calls, ns);
	if (s->teardown)
		s->teardown(s->arg);
	um_text_free(&st.without);
	um_text_free(&st.with);
	return ret ?: calls;
}

int um_sweep(const struct um_scenario *s, struct um_sweep *sweep)
{
	uint64_t start = host_monotonic_ns(), ns;
	struct states st = { };
	unsigned int calls = 0;
	int ret;

	if (um_detectors_off)
		return -EOPNOTSUPP;
	ret = s->setup ? scenario_error(step(s->setup, s->arg)) : 0;
	if (ret)
		return ret;
	um_check_splats();
	ret = without_faults(s, &st, 2, &calls, &ns);
	if (!ret)
		ret = sweep_all(s, &st, calls, sweep);
	if (s->teardown)
		s->teardown(s->arg);
	um_text_free(&st.without);
	um_text_free(&st.with);
	sweep->scenarios++;
	sweep->calls += calls;
	sweep->ns += host_monotonic_ns() - start;
	return ret;
}
