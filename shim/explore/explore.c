// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search through schedules.
 *
 * Depth first: the choices of a schedule are a list; the next schedule repeats
 * all but the last of them that has an alternative left, takes that, and goes
 * on with none. If it is asked for, of those that differ only in the order of what
 * is nothing to each other one is run (explore/reduce.c). Searches with 0, 1 and more preemptions
 * follow each other to the bound. Schedules run in a child, one after the other, as long as they
 * leave all as it was. One that goes wrong is the last of its child: whatever it
 * has done to the modelled kernel, or to the process, ends there, and the next
 * child goes on behind it. List and figures are in memory that both share, so
 * that it is known which one it was.
 *
 * Findings that say the same are one: their first line without numbers counts.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/subscriber.h"
#include "explore/explore_internal.h"
#include "host/host.h"
#include "host/memory.h"
#include "host/process.h"
#include "host/snapshot.h"
#include "kernel/sched/driver.h"

#define MAX_FINDINGS	64
#define MAX_REPLAY	256
#define KEY		200
#define PROGRESS_NS	200000000ULL
#define MAX_WARM_UPS	6

struct um_explore_run um_explore_run;

static struct {
	struct finding {
		char key[KEY];
		char replay[1024];
		unsigned int times;
	} finding[MAX_FINDINGS];
	unsigned int n;
} findings;

static void __printf(1, 2) tell(const char *fmt, ...)
{
	const struct um_exploration *x = um_explore_run.x;
	char line[1400];
	va_list ap;

	va_start(ap, fmt);
	host_vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (x->report) {
		x->report(line, x->arg);
		return;
	}
	host_write(2, line, strlen(line));
	host_write(2, "\n", 1);
}

static void tell_lines(const char *text)
{
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		tell("%.*s", (int)min_t(size_t, len, 1300), text);
	}
}

/* ---- a schedule as a short string --------------------------------------------------- */

/* Of the scenario: its name, how many tasks it has, and what its points are. */
static u32 scenario_hash(void)
{
	const struct um_exploration *x = um_explore_run.x;
	const char *p = x->name;
	u32 h = 2166136261u ^ x->tasks ^ (x->blocks ? 1u << 8 : 0);

	while (*p)
		h = (h ^ (unsigned char)*p++) * 16777619u;
	return h;
}

/* "3a91c2d0-212-p40.1-f7": the operations until its end, and what was chosen before which. */
static void make_replay(char *buf, size_t size)
{
	static const char kinds[] = { 'p', 's', 'f' };
	const struct um_explore_shared *sh = um_explore_run.sh;
	int n = host_snprintf(buf, size, "%08x-%u", scenario_hash(), sh->pos);
	u32 i;

	for (i = 0; i < sh->n_choices && n < size; i++) {
		const struct um_choice *c = &sh->choice[i];

		if (!c->taken)
			continue;
		n += host_snprintf(buf + n, size - n, "-%c%u", kinds[c->kind], c->pos);
		if (c->kind != UM_AT_FAULT && n < size)
			n += host_snprintf(buf + n, size - n, ".%d", c->task[c->taken]);
	}
}

void um_note_difference(u32 depth, const struct um_choice *came)
{
	static const char *const kinds[] = { "a preemption", "who goes on", "a failure" };
	struct um_explore_shared *sh = um_explore_run.sh;
	const struct um_choice *known = &sh->choice[depth];
	const size_t size = sizeof(sh->differs_at);
	u32 n_choices = sh->n_choices;
	int n;

	if (sh->differs)
		return;
	sh->differs = true;
	n = host_snprintf(sh->differs_at, size, "%s of %u before operation %u did not come again, but ",
			  kinds[known->kind], known->n, known->pos);
	if (came)
		n += host_snprintf(sh->differs_at + n, size - n, "%s of %u before operation %u%s",
				   kinds[came->kind], came->n, came->pos,
				   came->place == known->place ? "" : ", elsewhere in the code");
	else
		n += host_snprintf(sh->differs_at + n, size - n, "the end");
	n += host_snprintf(sh->differs_at + n, size - n, "; behind ");
	sh->n_choices = depth;
	make_replay(sh->differs_at + n, size - n);
	sh->n_choices = n_choices;
}

static const char *read_number(const char *p, unsigned int base, u32 *value)
{
	const char *start = p;

	for (*value = 0; ; p++) {
		unsigned int digit = *p >= '0' && *p <= '9' ? *p - '0' :
				     *p >= 'a' && *p <= 'f' ? *p - 'a' + 10 : 16;

		if (digit >= base)
			return p == start ? NULL : p;
		*value = *value * base + digit;
	}
}

static const char *read_choice(const char *p, struct um_choice *c)
{
	u32 task = -2;

	c->kind = *p == 'p' ? UM_AT_POINT : *p == 's' ? UM_AT_STOP : UM_AT_FAULT;
	if (*p != 'p' && *p != 's' && *p != 'f')
		return NULL;
	p = read_number(p + 1, 10, &c->pos);
	if (p && c->kind != UM_AT_FAULT)
		p = *p == '.' ? read_number(p + 1, 10, &task) : NULL;
	c->task[0] = task;
	return p;
}

/* Returns how many choices it has, or -EINVAL; @end: the operations until its end. */
static int read_replay(const char *p, struct um_choice *list, u32 *end)
{
	u32 hash;
	int n = 0;

	p = read_number(p, 16, &hash);
	if (!p || hash != scenario_hash() || *p++ != '-')
		return -EINVAL;
	p = read_number(p, 10, end);
	while (p && *p == '-' && n < MAX_REPLAY)
		p = read_choice(p + 1, &list[n++]);
	return p && !*p ? n : -EINVAL;
}

/* ---- findings ------------------------------------------------------------------------ */

static bool starts_one(const char *line)
{
	return strstr(line, "ERROR: ") || strstr(line, "WARNING: ThreadSanitizer") ||
	       strstr(line, "runtime error: ") || strstr(line, "umdev: still alive: ");
}

/* The line that says what is wrong: behind "cut here", or a sanitizer's, or else the first. */
static const char *telling_line(const char *text)
{
	static const char cut[] = "[ cut here ]------------\n";
	const char *p = strstr(text, cut), *line;

	if (p)
		return p + sizeof(cut) - 1;
	for (line = text; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n')) {
		char copy[256];

		host_snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(line, "\n"), line);
		if (starts_one(copy))
			return line;
	}
	return text;
}

/* Without what differs from run to run. */
static void make_key(const char *text, char *key)
{
	const char *p = telling_line(text);
	size_t n = 0;

	for (; *p && *p != '\n' && n < KEY - 1; p++) {
		if (*p >= '0' && *p <= '9') {
			if (!n || key[n - 1] != '#')
				key[n++] = '#';
			if (p[0] == '0' && p[1] == 'x')
				p += 1 + strspn(p + 2, "0123456789abcdef");
			continue;
		}
		key[n++] = *p;
	}
	key[n] = '\0';
	if (!n)
		strcpy(key, "its check says that something is wrong");
}

/*
 * In a child: the schedule without any choice, until it is twice the same. What is
 * made once and stays (a worker, the size of a table) is no part of the search.
 * False when it did not go well.
 */
static bool warm_up(void)
{
	struct um_explore_shared *sh = um_explore_run.sh, *keep;
	const struct um_explore_run run = um_explore_run;
	u32 pos = 0, n_choices = 0;
	unsigned int i;
	bool same;

	if (sh->cold)
		return true;
	sh->warming = true;
	keep = host_need(sizeof(*keep));
	memcpy(keep, sh, sizeof(*keep));
	um_explore_run.replay = NULL;
	um_explore_run.trace = false;
	for (i = 0, same = false; i < MAX_WARM_UPS && !same; i++) {
		sh->n_choices = 0;
		um_run_schedule();
		if (sh->state != UM_RUN_NEXT)
			break;
		same = i && sh->pos == pos && sh->n_choices == n_choices;
		pos = sh->pos;
		n_choices = sh->n_choices;
	}
	um_explore_run = run;
	if (sh->state == UM_RUN_NEXT) {
		memcpy(sh, keep, sizeof(*keep));
		um_meet_anew();
		host_child_forget();
	}
	host_free(keep);
	sh->warming = sh->state == UM_RUN_BAD;
	return sh->state == UM_RUN_NEXT;
}

/* If what comes before the first schedule goes wrong, it is done without. */
static int run_child(void (*fn)(void *arg))
{
	struct um_explore_shared *sh = um_explore_run.sh, *keep = host_need(sizeof(*keep));
	int status;

	for (;;) {
		sh->state = UM_RUN_NEXT;
		memcpy(keep, sh, sizeof(*keep));
		status = host_child(fn, NULL);
		if (!sh->warming)
			break;
		memcpy(sh, keep, sizeof(*keep));
		sh->cold = true;
	}
	host_free(keep);
	return status;
}

static void one_schedule(void *arg)
{
	if (warm_up())
		um_run_schedule();
}

/* The same schedule once more. Returns what it says, for comparison, by its key. */
static int run_again(const char *string, bool trace, char *key)
{
	struct um_explore_shared *sh = um_explore_run.sh, *keep = host_need(sizeof(*keep));
	struct um_choice list[MAX_REPLAY];
	int n, status;
	u32 end;

	memcpy(keep, sh, sizeof(*keep));
	n = read_replay(string, list, &end);
	um_explore_run.replay = list;
	um_explore_run.n_replay = max(n, 0);
	um_explore_run.trace = trace;
	sh->n_choices = 0;
	sh->trace_len = 0;
	sh->trace[0] = '\0';
	sh->unused = um_explore_run.n_replay;
	sh->differs = false;
	status = run_child(one_schedule);
	make_key(host_child_wrote(), key);
	um_explore_run.replay = NULL;
	um_explore_run.trace = false;
	/* what is told of it stays */
	memcpy(keep->trace, sh->trace, sizeof(keep->trace));
	keep->trace_len = sh->trace_len;
	keep->unused = sh->unused + (sh->pos != end);
	status = status || sh->state == UM_RUN_BAD;
	memcpy(sh, keep, sizeof(*keep));
	host_free(keep);
	return status;
}

static void tell_finding(const struct finding *f, const char *text)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	const struct um_exploration *x = um_explore_run.x;
	char key[KEY];
	bool bad;

	tell("umdev: %s: %s", x->name, f->key);
	tell_lines(text);
	bad = run_again(f->replay, true, key);
	tell("the interleaving:");
	tell_lines(sh->trace);
	if (!bad || strcmp(key, f->key)) {
		sh->sum.nondeterministic = true;
		tell("umdev: %s: run again, it says %s: it is not deterministic", x->name,
		     bad ? key : "nothing");
	}
	tell("replay: %s", f->replay);
}

static void note_finding(const char *wrote)
{
	char *text = host_need(strlen(wrote) + 1), key[KEY];
	struct finding *f;
	unsigned int i;

	strcpy(text, wrote);
	make_key(text, key);
	um_explore_run.sh->sum.bad++;
	for (i = 0; i < findings.n && strcmp(findings.finding[i].key, key); i++)
		;
	f = &findings.finding[min(i, MAX_FINDINGS - 1u)];
	f->times++;
	if (i == findings.n && i < MAX_FINDINGS) {
		findings.n++;
		strcpy(f->key, key);
		make_replay(f->replay, sizeof(f->replay));
		tell_finding(f, text);
	}
	host_free(text);
}

/* ---- the search ------------------------------------------------------------------------- */

/*
 * Nothing is left of a search: does another one find more? Places that were found
 * meanwhile are points from the beginning; and a larger bound comes after a
 * smaller one, so that the first finding is a simple one.
 */
static bool next_search(struct um_explore_shared *sh)
{
	const struct um_exploration *x = um_explore_run.x;
	bool again = sh->found_place && x->shards < 2 && !x->blocks && sh->bound;

	if (!again && ((!sh->cut && !sh->found_place) || sh->bound == x->bound))
		return false;
	if (!again)
		sh->bound++;
	sh->found_place = false;
	sh->cut = false;
	sh->same_touches = 0;
	return true;
}

/* The list becomes that of the schedule after it. False when there is none. */
static bool next_schedule(struct um_explore_shared *sh)
{
	struct um_choice *c;

	if (um_explore_run.x->how != UM_DEPTH_FIRST) {
		sh->n_choices = 0;
		return true;
	}
	um_find_needed(sh->state != UM_RUN_ON);
	while (sh->n_choices) {
		c = &sh->choice[sh->n_choices - 1];
		if (!c->taken) {
			sh->asked++;
			sh->needed += um_is_needed(sh->n_choices - 1, 1);
		}
		while (++c->taken < c->n) {
			if (um_is_needed(sh->n_choices - 1, c->taken)) {
				sh->same_touches = c->n_touches;
				return true;
			}
			sh->sum.left_out++;
		}
		sh->n_choices--;
	}
	return next_search(sh);
}

static bool is_enough(const struct um_explore_shared *sh)
{
	const struct um_exploration *x = um_explore_run.x;

	return (x->schedules && sh->sum.schedules >= x->schedules) ||
	       (x->bad && sh->sum.bad >= x->bad);
}

/*
 * Alternatives that were not tried, and what may follow each: one that comes at
 * the @at-th of @n choices with so many preemptions left may have each of them at
 * any choice behind it, as far as such were needed up to now.
 */
static double schedules_behind(u32 at, u32 n, unsigned int preemptions)
{
	const struct um_explore_shared *sh = um_explore_run.sh;
	double all = 1, part = (sh->needed + 1.0) / (sh->asked + 1.0);
	unsigned int k;

	for (k = 1; k <= preemptions && at + k <= n; k++)
		all *= (double)(n - at) * part / k;
	return all;
}

static double schedules_left(const struct um_explore_shared *sh)
{
	double left = 0, part = (sh->needed + 1.0) / (sh->asked + 1.0);
	unsigned int used = 0, after;
	u32 i;

	if (um_explore_run.x->how != UM_DEPTH_FIRST)
		return (double)um_explore_run.x->schedules - sh->sum.schedules;
	for (i = 0; i < sh->n_choices; i++) {
		const struct um_choice *c = &sh->choice[i];

		after = sh->bound - used - (c->kind == UM_AT_POINT && sh->bound > used);
		left += (c->n - 1 - c->taken) * (c->taken ? 1 : part) *
			schedules_behind(i, sh->n_choices, after);
		used += c->kind == UM_AT_POINT && c->taken;
	}
	/* searches with a larger bound are still to come */
	for (i = sh->bound + 1; i <= um_explore_run.x->bound; i++)
		left += schedules_behind(0, sh->n_choices, i);
	return left;
}

static bool wants_no_more(u64 *last)
{
	const struct um_exploration *x = um_explore_run.x;
	u64 now = host_monotonic_ns();

	if (!x->progress || now - *last < PROGRESS_NS)
		return false;
	*last = now;
	return x->progress(um_explore_run.sh->sum.schedules,
			   schedules_left(um_explore_run.sh), x->arg);
}

static void schedule_alone(void *arg)
{
	um_run_schedule();
}

/*
 * A call that failed may leave something for the next schedule, such as a table
 * that could not grow: with faults each has a state of its own, and where that
 * cannot be put back a process.
 */
static bool has_own_process(void)
{
	return um_explore_run.x->faults && !um_explore_run.snapshots;
}

/* In the child: the next one. */
static void run_next(void)
{
	um_explore_run.sh->sum.schedules++;
	if (has_own_process()) {
		host_child(schedule_alone, NULL);
		return;
	}
	host_child_forget();
	um_run_schedule();
}

/* A snapshot that a good schedule spoils is of no use to the next ones either. */
static void note_spoilt(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;

	if (!um_explore_run.snapshots || host_snapshot_is_active() || sh->state != UM_RUN_NEXT)
		return;
	sh->no_snapshot |= !sh->renew;
	um_explore_run.snapshots = false;
	/* what a failed call has left goes with the process */
	sh->renew |= um_explore_run.x->faults;
}

static void use_snapshots(void)
{
	static bool kept;

	um_explore_run.snapshots = host_snapshot_can() && !um_explore_run.sh->no_snapshot;
	if (!um_explore_run.snapshots || kept)
		return;
	kept = true;
	host_snapshot_keep(&um_explore_run, sizeof(um_explore_run));
	um_keep_schedule();
	um_keep_places();
}

/*
 * The list has been made that of the next schedule, which is another from its last
 * choice on. Only who has run the one before knows what that was.
 */
static u32 repeated(const struct um_explore_shared *sh)
{
	if (!sh->n_choices || has_own_process())
		return 0;
	return max(sh->choice[sh->n_choices - 1].pos, 1u) - 1;
}

/* In the child: until a schedule goes wrong or wants another one, or there is none left. */
static void run_schedules(void *arg)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	u64 last = host_monotonic_ns();

	if (!warm_up())
		return;
	host_memory_catch_for_good();
	use_snapshots();
	while (sh->state == UM_RUN_NEXT) {
		bool alone = has_own_process();

		run_next();
		if (!alone)
			note_spoilt();
		if (sh->state != UM_RUN_NEXT)
			return;
		if (is_enough(sh) || wants_no_more(&last)) {
			sh->state = UM_RUN_DONE;
		} else if (!next_schedule(sh)) {
			sh->sum.complete = true;
			sh->state = UM_RUN_DONE;
		} else if (sh->renew && !alone && !host_snapshot_is_active()) {
			return;
		}
		um_explore_run.repeats = repeated(sh);
	}
}

static long search(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;

	for (;;) {
		run_child(run_schedules);
		switch (sh->state) {
		case UM_RUN_SETUP:
			tell("umdev: %s: it cannot be set up", um_explore_run.x->name);
			tell_lines(host_child_wrote());
			return -EIO;
		case UM_RUN_DONE:
			return findings.n;
		case UM_RUN_NEXT:
			/* or nothing is said of a child that ended by itself */
			if (sh->renew)
				continue;
			fallthrough;
		default:
			note_finding(host_child_wrote());
		}
		if (is_enough(sh))
			return findings.n;
		if (!next_schedule(sh)) {
			sh->sum.complete = true;
			return findings.n;
		}
	}
}

static long replay(const char *string)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	struct um_choice list[MAX_REPLAY];
	char key[KEY];
	u32 end;
	int bad;

	if (read_replay(string, list, &end) < 0) {
		tell("umdev: %s: '%s' is no schedule of this scenario", um_explore_run.x->name,
		     string);
		return -EINVAL;
	}
	bad = run_again(string, true, key);
	sh->sum.schedules = 1;
	if (sh->unused) {
		tell("umdev: %s: '%s' does not fit: it is of another build, or the scenario is not deterministic",
		     um_explore_run.x->name, string);
		return -EINVAL;
	}
	tell_lines(host_child_wrote());
	tell("the interleaving:");
	tell_lines(sh->trace);
	return bad;
}

static bool makes_sense(const struct um_exploration *x)
{
	return x->name && x->tasks >= 1 && x->tasks <= UM_EXPLORE_TASKS &&
	       (x->shards < 2 || (x->shard < x->shards && x->how == UM_DEPTH_FIRST)) &&
	       (x->how == UM_DEPTH_FIRST || x->replay || x->schedules);
}

long um_explore(const struct um_exploration *x, struct um_explored *out)
{
	u64 start = host_monotonic_ns(), used = host_used_ns();
	long ret;

	memset(out, 0, sizeof(*out));
	if (um_driver != &um_fibers || um_detectors_off)
		return -EOPNOTSUPP;
	if (!makes_sense(x))
		return -EINVAL;
	/* what splatted before is told, and is no schedule's */
	um_check_splats();
	findings.n = 0;
	memset(findings.finding, 0, sizeof(findings.finding));
	um_explore_run.x = x;
	um_explore_run.sh = host_shared(sizeof(*um_explore_run.sh));
	um_explore_run.sh->random = x->seed;
	um_explore_run.sh->bound = x->how == UM_DEPTH_FIRST ? 0 : x->bound;
	ret = x->replay ? replay(x->replay) : search();
	if (um_explore_run.sh->differs) {
		tell("umdev: %s: the same choices led elsewhere: it is not deterministic", x->name);
		tell("umdev: %s", um_explore_run.sh->differs_at);
		um_explore_run.sh->sum.nondeterministic = true;
	}
	if (um_explore_run.sh->too_long) {
		tell("umdev: %s: it has more than %u choices: not all were tried", x->name, UM_CHOICES);
		um_explore_run.sh->sum.complete = false;
	}
	*out = um_explore_run.sh->sum;
	out->places = um_explore_run.sh->n_places;
	out->findings = max(ret, 0L);
	out->ns = host_monotonic_ns() - start;
	out->used_ns = host_used_ns() - used;
	host_unshare(um_explore_run.sh, sizeof(*um_explore_run.sh));
	um_explore_run.sh = NULL;
	return ret;
}
