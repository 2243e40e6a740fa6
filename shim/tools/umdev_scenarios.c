// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenarios of a subject, made of its operations, and the table of what became
 * of each. A scenario runs in a process of its own, as many at once as are
 * asked for; they have nothing in common but the table.
 *
 * Status: 0 when all that was asked for is complete and nothing was found, 1
 * for findings, 2 for what could not be explored.
 */
#include <errno.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <umdev/explore.h>

#include "umdev_scenarios.h"
#include "umdev_terminal.h"

#define MAX_SCENARIOS	4096
/* A bound that takes longer needs --force. */
#define TOO_LONG	3600.0
/* Nothing is shown of what is over before one would look: seconds. */
#define WORTH_SHOWING	2.0

static const char usage_text[] =
	"usage: umdev explore [SUBJECT [SCENARIO...]] [OPTION...]\n\n"
	"Runs operations of a subject at once, in every order to a bound. A SCENARIO is\n"
	"operations with commas between: create,remove. Without one, all are run.\n\n"
	"  --bound N        preemptions in a schedule (default 1)\n"
	"  --blocks         stop at each operation, and in a build with sanitizers at\n"
	"                   each basic block of a module\n"
	"  --reduce         of schedules that differ only in the order of operations that\n"
	"                   are nothing to each other one; races for plain memory may go unseen\n"
	"  --tasks N        operations at once, when no scenario is named (default 2)\n"
	"  --faults N       calls that are made to fail in a schedule (default 0)\n"
	"  --pct D          not all, but by chance: priorities, with D - 1 changes\n"
	"  --random         not all, but by chance at each point\n"
	"  --seed S         of chance (default 1)\n"
	"  --schedules N    by chance: so many of each scenario (default 1000); else at most\n"
	"  --replay STRING  one schedule, as a finding named it; with its scenario\n"
	"  --jobs N         scenarios at once (default 1)\n"
	"  --shard I/N      the I-th of N parts, from 1 on: for several machines\n"
	"  --seconds N      so long at most for each scenario\n"
	"  --times          where the processor's time of a schedule goes\n"
	"  --force          even if it takes more than an hour for a scenario\n"
	"  --list           the operations, and no more\n"
	"  --json           one object for each scenario\n";

static struct {
	const struct subject *subject;
	struct um_exploration x;	/* what the options say */
	unsigned int tasks, jobs;
	unsigned int seconds;		/* 0: as long as it takes */
	bool force, json, progress, times;
	double began;			/* the clock's seconds */
} o = { .tasks = 2, .jobs = 1 };

struct scenario {
	const struct operation *op[UM_EXPLORE_TASKS];
	unsigned int tasks, needs;
	char name[160];
};

/* In memory that all processes share. */
struct row {
	struct um_explored out;
	long ret;
	bool refused;
	unsigned int ends;		/* that schedules came to */
	uint64_t ends_hash;		/* of all of them */
	/* while it runs */
	unsigned long schedules;
	double left;
	double began;			/* the clock's seconds; 0: not yet */
};

static struct scenario scenarios[MAX_SCENARIOS];
static unsigned int n_scenarios;
static struct row *rows;

/* ---- scenarios ------------------------------------------------------------------- */

static void add_scenario(const struct operation *const *op, unsigned int tasks)
{
	struct scenario *s = &scenarios[n_scenarios];
	unsigned int i, k;
	size_t n = 0;

	if (n_scenarios == MAX_SCENARIOS)
		return;
	s->needs = 0;
	for (i = 0; i < tasks; i++) {
		for (k = 0; k < i; k++)
			if (op[i]->needs & op[k]->needs & o.subject->once)
				return;
		s->needs |= op[i]->needs;
	}
	if (o.subject->apart && !(~s->needs & o.subject->apart))
		return;
	s->tasks = tasks;
	for (i = 0; i < tasks; i++) {
		s->op[i] = op[i];
		n += snprintf(s->name + n, sizeof(s->name) - n, "%s%s", i ? "," : "", op[i]->name);
	}
	n_scenarios++;
}

/* All of so many operations; the order in which they are named does not matter. */
static void add_all(const struct operation **op, unsigned int chosen, unsigned int from)
{
	unsigned int i;

	if (chosen == o.tasks) {
		add_scenario(op, chosen);
		return;
	}
	for (i = from; i < o.subject->n; i++) {
		op[chosen] = &o.subject->operations[i];
		add_all(op, chosen + 1, i);
	}
}

static const struct operation *find_operation(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < o.subject->n; i++)
		if (strlen(o.subject->operations[i].name) == len &&
		    !strncmp(o.subject->operations[i].name, name, len))
			return &o.subject->operations[i];
	return NULL;
}

static int add_named(const char *text)
{
	const struct operation *op[UM_EXPLORE_TASKS];
	unsigned int n = 0, before = n_scenarios;
	const char *p;
	size_t len;

	for (p = text; *p; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		if (n == UM_EXPLORE_TASKS || !(op[n] = find_operation(p, len))) {
			fprintf(stderr, "umdev explore: what is '%.*s'? See umdev explore %s --list\n",
				(int)len, p, o.subject->name);
			return 2;
		}
		n++;
	}
	if (n)
		add_scenario(op, n);
	if (n_scenarios == before) {
		fprintf(stderr, "umdev explore: '%s' cannot be at once\n", text);
		return 2;
	}
	return 0;
}

/* ---- one of them ----------------------------------------------------------------- */

static const struct scenario *running;
static struct row *running_row;

/* What schedules of it came to, in memory that their processes share. */
#define MAX_ENDS 512
static uint64_t *seen_ends;

unsigned int scenario_needing(unsigned int needs)
{
	unsigned int i, n = 0;

	for (i = 0; i < running->tasks; i++)
		n += (running->op[i]->needs & needs) != 0;
	return n;
}

static long set_up(void *arg)
{
	return o.subject->set_up(running->needs);
}

/* What is there at an end, apart from what the operations returned. */
static const char *const ends[] = {
	"/sys/module", "/sys/bus/mdev/devices", "/sys/class/mdev_bus", "/sys/kernel/iommu_groups",
	"/dev/vfio",
};

static int add_to_hash(const char *name, void *arg)
{
	uint64_t *h = arg, one = 14695981039346656037ULL;

	while (*name)
		one = (one ^ (unsigned char)*name++) * 1099511628211ULL;
	/* in any order */
	*h += one;
	return 0;
}

static uint64_t hash_of_end(const long *result)
{
	uint64_t h = 1, names;
	unsigned int i;

	for (i = 0; i < running->tasks; i++)
		h = h * 1099511628211ULL + result[i];
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		names = 0;
		um_readdir(ends[i], add_to_hash, &names);
		h = h * 1099511628211ULL + names;
	}
	return h | 1;
}

/* True once for each, in all processes; of more than there is room for, of none. */
static bool is_new_end(uint64_t h)
{
	unsigned int i;

	for (i = 0; i < MAX_ENDS && seen_ends[i]; i++)
		if (seen_ends[i] == h)
			return false;
	if (i == MAX_ENDS)
		return false;
	seen_ends[i] = h;
	return true;
}

/* Nothing stands in the way of the next one, nor of an end to all. */
static long can_be_done_again(void)
{
	long err = o.subject->set_up(0);

	if (!err)
		return o.subject->put_back(o.subject->unloads);
	fprintf(stderr, "what %s starts with cannot be had again: %s\n", o.subject->name,
		strerrorname_np(-err) ?: "it fails");
	return err;
}

static long check(void *arg, const long *result, unsigned int faults)
{
	unsigned int i, unloads = o.subject->unloads;
	bool is_new;
	long ret;

	for (i = 0; i < running->tasks; i++) {
		if (operation_may_return(running->op[i], result[i]) || (faults && result[i] < 0))
			continue;
		fprintf(stderr, "%s must not return %s\n", running->op[i]->name,
			result[i] < 0 ? strerrorname_np(-result[i]) : "this");
		return 1;
	}
	is_new = is_new_end(hash_of_end(result));
	ret = o.subject->put_back(running->needs);
	if (ret || !is_new || !unloads || running->needs & unloads)
		return ret;
	ret = can_be_done_again();
	return ret ? ret : UM_EXPLORE_RENEW;
}

static void line_out(const char *line, void *arg)
{
	puts(line);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int on_progress(unsigned long schedules, double left, void *arg)
{
	running_row->schedules = schedules;
	running_row->left = left;
	return o.seconds && now() - running_row->began > o.seconds;
}

static double seconds(const struct um_explored *e)
{
	return e->ns / 1e9;
}

static double root(unsigned long n)
{
	double r = 1;

	while (r * r < n)
		r++;
	return r;
}

static void say_nothing(const char *line, void *arg)
{
}

/*
 * From what one preemption makes of it: schedules grow with its power, if less where some
 * are left out, and there are fewer calls that may fail than operations.
 */
static bool takes_too_long(struct um_exploration x)
{
	double all, rate, few;
	struct um_explored one;
	unsigned int i;

	if (o.force || o.seconds || x.how != UM_DEPTH_FIRST || x.replay || x.schedules ||
	    (x.bound < 2 && x.faults < 2))
		return false;
	x.bound = 1;
	x.faults = 0;
	x.progress = NULL;
	/* it is told when it is found again */
	x.report = say_nothing;
	if (um_explore(&x, &one) < 0)
		return false;
	memset(seen_ends, 0, MAX_ENDS * sizeof(*seen_ends));
	rate = one.schedules / seconds(&one);
	few = root(one.schedules);
	all = o.x.bound ? one.schedules : few;
	for (i = 2; i <= o.x.bound; i++)
		all *= x.reduce ? few : (double)one.schedules / i;
	for (i = 0; i < o.x.faults; i++)
		all *= few;
	if (all / rate < TOO_LONG)
		return false;
	printf("umdev explore: %s: about %.0f schedules, %.1f hours at %.0f a second: --force\n",
	       running->name, all, all / rate / 3600, rate);
	return true;
}

static void run_scenario(const struct scenario *s, struct row *row)
{
	struct um_exploration x = o.x;
	char name[240];
	unsigned int i;

	running = s;
	running_row = row;
	row->began = now();
	seen_ends = mmap(NULL, MAX_ENDS * sizeof(*seen_ends), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen_ends == MAP_FAILED) {
		row->ret = -ENOMEM;
		return;
	}
	snprintf(name, sizeof(name), "%s: %s", o.subject->name, s->name);
	x.name = name;
	x.tasks = s->tasks;
	x.setup = set_up;
	x.check = check;
	x.report = line_out;
	x.progress = on_progress;
	for (i = 0; i < s->tasks; i++) {
		x.run[i] = s->op[i]->run;
		x.run_arg[i] = s->op[i]->arg;
		x.task_name[i] = s->op[i]->name;
	}
	row->refused = takes_too_long(x);
	row->ret = row->refused ? -E2BIG : um_explore(&x, &row->out);
	for (i = 0; i < MAX_ENDS && seen_ends[i]; i++)
		row->ends_hash += seen_ends[i];
	row->ends = i;
	fflush(NULL);
}

/* ---- the table ---------------------------------------------------------------------- */

#define NAME_WIDTH	34
#define REST_WIDTH	67	/* of the other columns */

/* Rows fit a terminal. */
static int name_width(void)
{
	int columns = columns_of(1);

	if (!columns || columns > NAME_WIDTH + REST_WIDTH)
		return NAME_WIDTH;
	return columns > REST_WIDTH + 12 ? columns - 1 - REST_WIDTH : 12;
}

static void print_head(void)
{
	if (!o.json && !o.x.replay)
		printf("%-*s %5s %5s %6s %6s %6s %9s %7s %9s %5s\n", name_width(), "scenario",
		       "tasks", "bound", "faults", "steps", "places", "schedules", "seconds",
		       "complete", "found");
}

/* A name that is too long has a line of its own. */
static void print_name(const char *name)
{
	int width = name_width();

	if (strlen(name) > (size_t)width)
		printf("%s\n%*s", name, width, "");
	else
		printf("%-*s", width, name);
}

static const char *how_complete(const struct row *row)
{
	if (row->ret < 0)
		return "not run";
	if (row->out.nondeterministic)
		return "differs";
	if (o.x.how != UM_DEPTH_FIRST)
		return "by chance";
	return row->out.complete ? "yes" : "no";
}

static bool is_reduced(void)
{
	return o.x.reduce && o.x.how == UM_DEPTH_FIRST && !o.x.blocks;
}

/* Bounds that nobody asked for, as members of the row's object; where there are any. */
static const char *quiet_bounds(const struct um_explored *e)
{
	static char text[160];

	if (!e->lines)
		return "";
	snprintf(text, sizeof(text), "\"lines\": %u, \"lines_tried\": %u, \"interrupts_at_most\": %u, \"interrupts_cut\": %s, ",
		 e->lines, e->lines < UM_EXPLORE_LINES ? e->lines : UM_EXPLORE_LINES,
		 UM_EXPLORE_INTERRUPTS, e->more_interrupts ? "true" : "false");
	return text;
}

static void print_row(const struct scenario *s, const struct row *row)
{
	const struct um_explored *e = &row->out;

	if (o.x.replay)
		return;
	if (o.json) {
		printf("{\"subject\": \"%s\", \"scenario\": \"%s\", \"tasks\": %u, \"bound\": %u, \"blocks\": %s, \"faults\": %u, \"steps\": %lu, \"places\": %u, \"schedules\": %lu, \"resumed\": %lu, \"reduced\": %s, \"left_out\": %lu, \"ends\": %u, \"ends_hash\": \"%016llx\", \"bad\": %u, \"findings\": %u, \"complete\": \"%s\", %s\"shard\": %u, \"shards\": %u, \"seconds\": %.3f, \"processor_seconds\": %.3f}\n",
		       o.subject->name, s->name, s->tasks, o.x.bound, o.x.blocks ? "true" : "false", o.x.faults, e->points,
		       e->places, e->schedules, e->resumed, is_reduced() ? "true" : "false", e->left_out,
		       row->ends, (unsigned long long)row->ends_hash, e->bad, e->findings, how_complete(row), quiet_bounds(e),
		       o.x.shard + 1, o.x.shards ? o.x.shards : 1, seconds(e), e->used_ns / 1e9);
	} else {
		print_name(s->name);
		printf(" %5u %5u %6u %6lu %6u %9lu %7.2f %9s %5u\n", s->tasks, o.x.bound,
		       o.x.faults, e->points, e->places, e->schedules, seconds(e),
		       how_complete(row), e->findings);
	}
	fflush(stdout);
}

/* "Complete" is to these bounds as well. */
static void print_quiet_bounds(void)
{
	unsigned int i, lines = 0;
	bool cut = false;

	for (i = 0; i < n_scenarios; i++) {
		if (rows[i].out.lines > lines)
			lines = rows[i].out.lines;
		cut |= rows[i].out.more_interrupts;
	}
	if (!lines)
		return;
	printf("%s: interrupts: at most %u in a schedule%s, of ", o.subject->name,
	       UM_EXPLORE_INTERRUPTS, cut ? ", where more could have come" : "");
	if (lines > UM_EXPLORE_LINES)
		printf("the first %u of %u lines at once\n", UM_EXPLORE_LINES, lines);
	else
		printf("%s\n", lines == 1 ? "one line" : "each line");
}

/* Of processors. The rest is the search: what comes next, and processes for those that went wrong. */
static void print_times(const struct um_explored *all)
{
	double us = 1e3 * all->schedules, used = all->begin_ns + all->run_ns + all->end_ns;

	if (!o.times || !all->schedules)
		return;
	printf("%s: a schedule takes %.0f us, %.0f of them until it begins, %.0f its tasks, %.0f its end, %.0f the search: %.0f a second\n",
	       o.subject->name, all->used_ns / us, all->begin_ns / us, all->run_ns / us, all->end_ns / us,
	       all->used_ns > used ? (all->used_ns - used) / us : 0, all->schedules * 1e9 / all->used_ns);
}

static void print_sum(void)
{
	struct um_explored all = { };
	unsigned int i;

	for (i = 0; i < n_scenarios; i++) {
		const struct um_explored *e = &rows[i].out;

		all.schedules += e->schedules;
		all.bad += e->bad;
		all.findings += e->findings;
		all.ns += e->ns;
		all.used_ns += e->used_ns;
		all.begin_ns += e->begin_ns;
		all.run_ns += e->run_ns;
		all.end_ns += e->end_ns;
	}
	if (o.json || o.x.replay)
		return;
	printf("%s: %u scenarios, %lu schedules, %.0f a second each, %u bad, %u findings\n",
	       o.subject->name, n_scenarios, all.schedules,
	       all.ns ? all.schedules / seconds(&all) : 0, all.bad, all.findings);
	print_times(&all);
	print_quiet_bounds();
}

static int status(void)
{
	bool found = false, wrong = false;
	unsigned int i;

	for (i = 0; i < n_scenarios; i++) {
		const struct row *row = &rows[i];

		found |= row->ret > 0;
		wrong |= row->ret < 0 || row->out.nondeterministic;
		wrong |= o.x.how == UM_DEPTH_FIRST && !o.x.replay && !row->out.complete;
	}
	return found ? 1 : wrong ? 2 : 0;
}

/* ---- all of them ------------------------------------------------------------------------ */

static pid_t *jobs;	/* of each scenario; 0: not running */

/*
 * How far it is, for a terminal. What is left of scenarios that run is known
 * roughly; those to come are taken to last as long as those that have ended.
 */
static void draw_progress(unsigned int started)
{
	double at = now(), left = 0, spent = 0, rate, longest = 0;
	const char *name = "";
	unsigned long schedules = 0;
	unsigned int i, ended = 0;

	for (i = 0; i < started; i++) {
		const struct row *row = &rows[i];

		schedules += jobs[i] ? row->schedules : row->out.schedules;
		if (!jobs[i]) {
			ended++;
			spent += seconds(&row->out);
			continue;
		}
		rate = row->began && at > row->began ? row->schedules / (at - row->began) : 0;
		if (rate > 0 && row->left / rate >= longest) {
			longest = row->left / rate;
			name = scenarios[i].name;
		}
	}
	left = longest;
	if (ended)
		left += (n_scenarios - started) * (spent / ended) / o.jobs;
	fprintf(stderr, "\r\033[K%u of %u scenarios, %lu schedules, %.0f a second", ended,
		n_scenarios, schedules, schedules / (at - o.began));
	if (*name && (ended || started == n_scenarios))
		fprintf(stderr, ", about %.0f s left (%s)", left + 0.5, name);
}

static pid_t wait_for_one(unsigned int started, int *ended)
{
	const struct timespec pause = { .tv_nsec = 200000000 };
	pid_t pid;

	if (!o.progress)
		return wait(ended);
	while (!(pid = waitpid(-1, ended, WNOHANG))) {
		if (now() - o.began > WORTH_SHOWING)
			draw_progress(started);
		nanosleep(&pause, NULL);
	}
	fputs("\r\033[K", stderr);
	return pid;
}

static void end_one(unsigned int started)
{
	unsigned int i;
	int ended;
	pid_t pid = wait_for_one(started, &ended);

	for (i = 0; i < n_scenarios && jobs[i] != pid; i++)
		;
	if (i == n_scenarios)
		return;
	jobs[i] = 0;
	if (ended) {
		fprintf(stderr, "umdev explore: %s: its process did not live to the end\n",
			scenarios[i].name);
		rows[i].ret = -ECHILD;
	}
	print_row(&scenarios[i], &rows[i]);
}

void __gcov_dump(void) __attribute__((weak));

void scenarios_end_child(void)
{
	fflush(NULL);
	if (__gcov_dump)
		__gcov_dump();
	_exit(0);
}

/* Each job has a kernel of its own: pages of one that was booted before are shared. */
static bool boot(void)
{
	if (!um_boot(NULL) && !o.subject->boot())
		return true;
	fprintf(stderr, "umdev explore: %s cannot be set up\n", o.subject->name);
	return false;
}

static void run_all(void)
{
	unsigned int i, at_once = 0;

	jobs = calloc(n_scenarios, sizeof(*jobs));
	for (i = 0; jobs && i < n_scenarios; i++) {
		if (at_once == o.jobs) {
			end_one(i);
			at_once--;
		}
		fflush(NULL);
		jobs[i] = fork();
		if (!jobs[i]) {
			if (boot())
				run_scenario(&scenarios[i], &rows[i]);
			else
				rows[i].ret = -EIO;
			scenarios_end_child();
		}
		at_once++;
	}
	while (at_once--)
		end_one(n_scenarios);
	free(jobs);
}

/* ---- options ------------------------------------------------------------------------------ */

static bool number(const char *text, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return !errno && end != text && !*end && *text != '-';
}

static bool shard(const char *text)
{
	return sscanf(text, "%u/%u", &o.x.shard, &o.x.shards) == 2 && o.x.shard >= 1 &&
	       o.x.shard-- <= o.x.shards;
}

enum { BOUND = 1, BLOCKS, REDUCE, TASKS, FAULTS, PCT, RANDOM, SEED, SCHEDULES, REPLAY, JOBS, SHARD, SECONDS,
	TIMES, FORCE, LIST, JSON, HELP };

static const struct option options[] = {
	{ "bound", required_argument, NULL, BOUND }, { "blocks", no_argument, NULL, BLOCKS },
	{ "reduce", no_argument, NULL, REDUCE },
	{ "tasks", required_argument, NULL, TASKS },
	{ "faults", required_argument, NULL, FAULTS }, { "pct", required_argument, NULL, PCT },
	{ "random", no_argument, NULL, RANDOM }, { "seed", required_argument, NULL, SEED },
	{ "schedules", required_argument, NULL, SCHEDULES },
	{ "replay", required_argument, NULL, REPLAY }, { "jobs", required_argument, NULL, JOBS },
	{ "shard", required_argument, NULL, SHARD }, { "seconds", required_argument, NULL, SECONDS },
	{ "times", no_argument, NULL, TIMES }, { "force", no_argument, NULL, FORCE },
	{ "list", no_argument, NULL, LIST }, { "json", no_argument, NULL, JSON },
	{ "help", no_argument, NULL, HELP }, { }
};

static void list(void)
{
	unsigned int i;

	for (i = 0; i < o.subject->n; i++)
		puts(o.subject->operations[i].name);
}

/* Returns false when it makes no sense. */
static bool take(int option, const char *arg)
{
	unsigned long n = 0;
	bool is_number = arg && number(arg, &n);

	switch (option) {
	case BOUND: o.x.bound = n; return is_number;
	case BLOCKS: o.x.blocks = true; return true;
	case REDUCE: o.x.reduce = true; return true;
	case TASKS: o.tasks = n; return is_number && n && n <= UM_EXPLORE_TASKS;
	case FAULTS: o.x.faults = n; return is_number;
	case PCT: o.x.how = UM_PCT; o.x.depth = n; return is_number && n && n <= 8;
	case RANDOM: o.x.how = UM_AT_RANDOM; return true;
	case SEED: o.x.seed = n; return is_number;
	case SCHEDULES: o.x.schedules = n; return is_number && n;
	case REPLAY: o.x.replay = arg; return true;
	case JOBS: o.jobs = n; return is_number && n;
	case SHARD: return shard(arg);
	case SECONDS: o.seconds = n; return is_number && n;
	case TIMES: o.times = true; return true;
	case FORCE: o.force = true; return true;
	case JSON: o.json = true; return true;
	default: return false;
	}
}

void scenarios_usage(void)
{
	fputs(usage_text, stdout);
}

static int parse(int argc, char **argv)
{
	int c, err;

	o.x.bound = 1;
	o.x.seed = 1;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == HELP || c == 'h') {
			scenarios_usage();
			exit(0);
		}
		if (c == LIST) {
			list();
			exit(0);
		}
		if (c == '?')
			return 2;
		if (!take(c, optarg)) {
			fprintf(stderr, "umdev explore: not with '%s'\n", optarg);
			return 2;
		}
	}
	if (o.x.how != UM_DEPTH_FIRST && !o.x.schedules)
		o.x.schedules = 1000;
	for (; optind < argc; optind++) {
		err = add_named(argv[optind]);
		if (err)
			return err;
	}
	if (o.x.replay && n_scenarios != 1) {
		fputs("umdev explore: --replay is of one scenario: name it\n", stderr);
		return 2;
	}
	return 0;
}

/*
 * What one schedule has freed is long of no use to the others, and where ASan keeps
 * less of it memory comes back while it is in the caches still.
 */
static void keep_less(void)
{
	const char *said = getenv("ASAN_OPTIONS");
	char options[1024];

	snprintf(options, sizeof(options), "quarantine_size_mb=16:%s", said ? said : "");
	setenv("ASAN_OPTIONS", options, 1);
}

void scenarios_begin(char **argv)
{
	if (getenv("UMDEV_TASKS") && !strcmp(getenv("UMDEV_TASKS"), "fibers"))
		return;
	setenv("UMDEV_TASKS", "fibers", 1);
	keep_less();
	execv("/proc/self/exe", argv);
	perror("umdev explore: /proc/self/exe");
	exit(2);
}

int scenarios_main(const struct subject *subject, int argc, char **argv)
{
	const struct operation *chosen[UM_EXPLORE_TASKS];
	int err;

	o.subject = subject;
	err = parse(argc, argv);
	if (err)
		return err;
	if (!n_scenarios)
		add_all(chosen, 0, 0);
	rows = mmap(NULL, n_scenarios * sizeof(*rows), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (rows == MAP_FAILED) {
		fputs("umdev explore: no memory\n", stderr);
		return 2;
	}
	o.began = now();
	o.progress = may_redraw(2);
	print_head();
	run_all();
	print_sum();
	return status();
}
