// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev history: the faults that such code has had, each put into a copy of
 * our own source (tests/history), and what catches it, in how long.
 *
 * Reads the patches, runs the test that each names by the script that ctest
 * uses too, and tells from its output which detector spoke first.
 */
#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev_terminal.h"

struct fault {
	char name[64], what[400];
	char file[64];		/* what it is put into, without .c */
	char program[64], test[128];
	char tells[160];	/* what the test says of it: an expression */
	bool core;
	bool caught;
	char by[160];
	double seconds;
};

struct list {
	struct fault *fault;
	size_t n;
	size_t malformed;	/* patches that are not among them */
};

/*
 * Texts that say which detector spoke: the first in the output counts. What is
 * left over by a test that ended early is only a reason when there is no other.
 */
static const struct {
	const char *text, *by;
	bool late;
} speakers[] = {
	{ "circular locking", "lock order" },
	{ "recursive locking", "lock order" },
	{ "lock: ", "locks" },
	{ "deadlock: ", "deadlock" },
	{ "user memory: ", "user memory" },
	{ "heap-use-after-free", "ASan: use after free" },
	{ "heap-buffer-overflow", "ASan: overflow" },
	{ "stack-buffer-overflow", "ASan: overflow" },
	{ "SEGV on", "invalid address" },
	{ "ThreadSanitizer", "TSan" },
	{ "LeakSanitizer", "LSan: leak" },
	{ "refcount_t: ", "references" },
	{ "reference: ", "references" },
	{ "still alive", "references: leak", true },
	{ "page: ", "pages" },
	{ ": fault ", "fault sweep" },
	{ "not rolled back", "fault sweep" },
	{ "unnoticed", "fault sweep" },
	{ "WARNING: ", "splat" },
	{ "runtime error", "UBSan" },
	{ " steps among ", "steps counted" },
	{ ", want ", "contract" },
	{ "error: ", "contract" },
};

static void copy_word(const char *from, char *to, size_t size)
{
	snprintf(to, size, "%.*s", (int)strcspn(from, " \n"), from);
}

/* What is wrong is told up to the first empty line. */
static void add_line(char *what, size_t size, const char *line)
{
	size_t used = strlen(what);

	snprintf(what + used, size - used, "%s%.*s", used ? " " : "", (int)strcspn(line, "\n"),
		 line);
}

/* Returns whether it is a patch with all that it must say. */
static bool read_patch(const char *path, struct fault *f)
{
	FILE *in = fopen(path, "r");
	bool described = false;
	char line[512];

	if (!in)
		return false;
	while (fgets(line, sizeof(line), in) && strncmp(line, "--- ", 4)) {
		char *guard = strchr(line, '/');

		described |= *line == '\n';
		if (!described) {
			add_line(f->what, sizeof(f->what), line);
		} else if (!strncmp(line, "File: ", 6)) {
			copy_word(line + 6, f->file, sizeof(f->file));
		} else if (!strncmp(line, "Driver: ", 8)) {
			copy_word(line + 8, f->file, sizeof(f->file));
		} else if (!strncmp(line, "Guard: ", 7) && guard && strchr(guard, ' ')) {
			*guard = '_';
			copy_word(line + 7, f->program, sizeof(f->program));
			copy_word(strchr(guard, ' ') + 1, f->test, sizeof(f->test));
		} else if (!strncmp(line, "Tells: ", 7)) {
			snprintf(f->tells, sizeof(f->tells), "%.*s",
				 (int)strcspn(line + 7, "\n"), line + 7);
		}
	}
	fclose(in);
	/* a shell is given it in quotes */
	return *f->file && *f->program && *f->test && *f->tells && !strchr(f->tells, '\'');
}

static int by_name(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->core != y->core)
		return y->core - x->core;
	return strcmp(x->name, y->name);
}

/* A patch that cannot be used is told, and counted: it is a fault that nobody tries. */
static int read_dir(const char *dir, bool core, struct list *l)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[1024];

	if (!d)
		return -1;
	while ((e = readdir(d))) {
		struct fault f = { .core = core };
		char *dot = strrchr(e->d_name, '.');

		if (!dot || strcmp(dot, ".patch"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		snprintf(f.name, sizeof(f.name), "%.*s", (int)(dot - e->d_name), e->d_name);
		if (!read_patch(path, &f)) {
			fprintf(stderr, "umdev: %s: needs lines File or Driver, Guard, Tells\n",
				path);
			l->malformed++;
			continue;
		}
		l->fault = realloc(l->fault, (l->n + 1) * sizeof(f));
		if (!l->fault)
			exit(2);
		l->fault[l->n++] = f;
	}
	closedir(d);
	return 0;
}

static const char *first_to_speak(const char *out, bool late)
{
	const char *by = NULL, *at, *first = NULL;
	size_t i;

	for (i = 0; i < sizeof(speakers) / sizeof(speakers[0]); i++) {
		at = strstr(out, speakers[i].text);
		if (speakers[i].late != late || !at || (first && at >= first))
			continue;
		first = at;
		by = speakers[i].by;
	}
	return by;
}

static const char *who_spoke(const char *out)
{
	const char *by = first_to_speak(out, false);

	if (!by)
		by = first_to_speak(out, true);
	return by ? by : "the test";
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void run(struct fault *f)
{
	char command[2048], out[65536];
	double start = now();
	size_t used = 0, n;
	FILE *pipe;

	snprintf(command, sizeof(command), "bash '%s/tests/history/run' '%s/tests/history/%s%s.patch' 2>&1",
		 UMDEV_SOURCE_DIR, UMDEV_SOURCE_DIR, f->core ? "core/" : "", f->name);
	pipe = popen(command, "r");
	if (!pipe) {
		perror("umdev: bash");
		return;
	}
	while ((n = fread(out + used, 1, sizeof(out) - 1 - used, pipe)) > 0)
		used += n;
	out[used] = '\0';
	f->caught = pclose(pipe) == 0;
	f->seconds = now() - start;
	snprintf(f->by, sizeof(f->by), "%s", f->caught ? who_spoke(out) : "NOT CAUGHT");
}

#define WHAT_WIDTH	74
#define REST_WIDTH	46	/* of the other columns */

/* Rows fit a terminal. */
static int what_width(void)
{
	int columns = columns_of(1);

	if (!columns || columns >= WHAT_WIDTH + REST_WIDTH)
		return WHAT_WIDTH;
	return columns > REST_WIDTH + 20 ? columns - REST_WIDTH : 20;
}

static void print_head(void)
{
	printf("%-11s %-*s %-22s %s\n", "in", what_width(), "fault", "caught by", "in how long");
}

static void print(const struct fault *f)
{
	int len = strlen(f->what), width = what_width();
	const char *rest = "";

	/* a long one ends with a whole word */
	if (len > width) {
		for (len = width - 3; len > 0 && f->what[len] != ' '; len--)
			;
		rest = "...";
	}
	printf("%-11s %.*s%-*s %-22s %5.2f s\n", f->file, len, f->what, width - len, rest,
	       f->by, f->seconds);
	if (!f->caught)
		printf("%-11s %s %s: see ctest -R '^history/%s%s$'\n", "", f->program, f->test,
		       f->core ? "core-" : "", f->name);
	fflush(stdout);
}

/* One line that stands on a terminal as long as a test runs. */
static void show(bool on, const struct list *l, size_t i)
{
	if (on)
		fprintf(stderr, "\r\033[K%zu of %zu: %s", i + 1, l->n, l->fault[i].name);
}

static void wipe(bool on)
{
	if (on)
		fputs("\r\033[K", stderr);
}

static json_object *as_json(const struct fault *f)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "name", json_object_new_string(f->name));
	json_object_object_add(o, "file", json_object_new_string(f->file));
	json_object_object_add(o, "fault", json_object_new_string(f->what));
	json_object_object_add(o, "caught", json_object_new_boolean(f->caught));
	json_object_object_add(o, "by", json_object_new_string(f->by));
	json_object_object_add(o, "program", json_object_new_string(f->program));
	json_object_object_add(o, "test", json_object_new_string(f->test));
	json_object_object_add(o, "seconds", json_object_new_double(f->seconds));
	return o;
}

/* What ctest sets for each test. */
static void set_environment(void)
{
	setenv("UMDEV_MODULE_DIR", UMDEV_MODULE_DIR, 0);
	setenv("UMDEV_SOURCE_DIR", UMDEV_SOURCE_DIR, 0);
	setenv("UMDEV_BINARY_DIR", UMDEV_BINARY_DIR, 0);
	setenv("ASAN_OPTIONS",
	       "detect_leaks=1:abort_on_error=1:detect_stack_use_after_return=0", 0);
	setenv("LSAN_OPTIONS",
	       "suppressions=" UMDEV_SOURCE_DIR "/tests/lsan.supp:print_suppressions=0", 0);
}

static int finish(struct list *l, json_object *rows)
{
	size_t i, caught = 0;
	double seconds = 0;

	for (i = 0; i < l->n; i++) {
		caught += l->fault[i].caught;
		seconds += l->fault[i].seconds;
	}
	if (rows && interrupted) {
		json_object *end = json_object_new_object();

		json_object_object_add(end, "interrupted", json_object_new_boolean(true));
		json_object_array_add(rows, end);
	}
	if (rows) {
		puts(json_object_to_json_string_ext(rows, JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(rows);
	} else {
		printf("\n%zu fault%s, %zu caught; %.1f s\n", l->n, l->n == 1 ? "" : "s", caught,
		       seconds);
	}
	free(l->fault);
	if (interrupted)
		exit_interrupted();
	return caught != l->n || l->malformed;
}

/* Leaves those whose name has @only in it. */
static void keep_only(struct list *l, const char *only)
{
	size_t i, kept = 0;

	for (i = 0; i < l->n; i++)
		if (strstr(l->fault[i].name, only))
			l->fault[kept++] = l->fault[i];
	l->n = kept;
}

static int read_all(struct list *l, const char *only)
{
	if (read_dir(UMDEV_SOURCE_DIR "/tests/history/core", true, l) ||
	    read_dir(UMDEV_SOURCE_DIR "/tests/history", false, l)) {
		fprintf(stderr, "umdev: history needs the source tree, %s, which is not there\n",
			UMDEV_SOURCE_DIR);
		return 2;
	}
	if (only)
		keep_only(l, only);
	if (!l->n) {
		fprintf(stderr,
			"umdev: no fault has '%s' in its name; they are the patches in %s\n",
			only ? only : "", UMDEV_SOURCE_DIR "/tests/history");
		return 2;
	}
	qsort(l->fault, l->n, sizeof(*l->fault), by_name);
	return 0;
}

static int usage(FILE *to, int status)
{
	fprintf(to, "usage: umdev history [--json] [NAME]\n\n"
		"Faults known from such code, put into ours one at a time: what catches each, in\n"
		"how long (its test runs without the fault and with it). With NAME, those that\n"
		"have it in their names.\n");
	return status;
}

int history_main(int argc, char **argv)
{
	bool terminal = may_redraw(2);
	struct list l = { 0 };
	json_object *rows = NULL;
	const char *only = NULL;
	bool json = false;
	size_t i;

	for (i = 1; i < (size_t)argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return usage(stdout, 0);
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (argv[i][0] != '-' && !only)
			only = argv[i];
		else
			return wrong_option("history", argv[i]);
	}
	if (read_all(&l, only)) {
		free(l.fault);
		return 2;
	}
	set_environment();
	if (json)
		rows = json_object_new_array();
	else
		print_head();
	catch_interrupt();
	for (i = 0; i < l.n; i++) {
		show(terminal, &l, i);
		run(&l.fault[i]);
		wipe(terminal);
		if (interrupted) {
			l.n = i;
			break;
		}
		if (rows)
			json_object_array_add(rows, as_json(&l.fault[i]));
		else
			print(&l.fault[i]);
	}
	return finish(&l, rows);
}
