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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "umdev.h"

struct fault {
	char name[64], what[200];
	char file[64];		/* what it is put into, without .c */
	char program[64], test[128];
	bool core;
	bool caught;
	char by[160];
	double seconds;
};

struct list {
	struct fault *fault;
	size_t n;
};

/* Texts that say which detector spoke: the first in the output counts. */
static const struct {
	const char *text, *by;
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
	{ "still alive", "references: leak" },
	{ "not rolled back", "fault sweep" },
	{ "unnoticed", "fault sweep" },
	{ "WARNING: ", "splat" },
	{ "runtime error", "UBSan" },
	{ ", want ", "contract" },
	{ "error: ", "contract" },
};

static void copy_word(const char *from, char *to, size_t size)
{
	snprintf(to, size, "%.*s", (int)strcspn(from, " \n"), from);
}

/* Returns whether it is a patch with all that it must say. */
static bool read_patch(const char *path, struct fault *f)
{
	FILE *in = fopen(path, "r");
	char line[512];

	if (!in)
		return false;
	while (fgets(line, sizeof(line), in) && strncmp(line, "--- ", 4)) {
		char *guard = strchr(line, '/');

		if (!*f->what) {
			snprintf(f->what, sizeof(f->what), "%.*s", (int)strcspn(line, "\n"), line);
		} else if (!strncmp(line, "File: ", 6)) {
			copy_word(line + 6, f->file, sizeof(f->file));
		} else if (!strncmp(line, "Driver: ", 8)) {
			copy_word(line + 8, f->file, sizeof(f->file));
		} else if (!strncmp(line, "Guard: ", 7) && guard && strchr(guard, ' ')) {
			*guard = '_';
			copy_word(line + 7, f->program, sizeof(f->program));
			copy_word(strchr(guard, ' ') + 1, f->test, sizeof(f->test));
		}
	}
	fclose(in);
	return *f->file && *f->program && *f->test;
}

static int by_name(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->core != y->core)
		return y->core - x->core;
	return strcmp(x->name, y->name);
}

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
			fprintf(stderr, "umdev: %s: no file or no guard in it\n", path);
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

static const char *who_spoke(const char *out)
{
	const char *by = "the test", *at, *first = NULL;
	size_t i;

	for (i = 0; i < sizeof(speakers) / sizeof(speakers[0]); i++) {
		at = strstr(out, speakers[i].text);
		if (!at || (first && at >= first))
			continue;
		first = at;
		by = speakers[i].by;
	}
	return by;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The module that stands for the fault: a name, or a directory with a core. */
static void module_of(const struct fault *f, char *buf, size_t size)
{
	char *p;

	if (f->core) {
		snprintf(buf, size, "%s/tests/history/core/%s/modules", UMDEV_BINARY_DIR, f->name);
		return;
	}
	snprintf(buf, size, "%s", f->name);
	while ((p = strchr(buf, '-')))
		*p = '_';
}

static void run(struct fault *f)
{
	char command[2048], module[512], out[65536];
	double start = now();
	size_t used = 0, n;
	FILE *pipe;

	module_of(f, module, sizeof(module));
	snprintf(command, sizeof(command), "bash '%s/tests/history/%srun' '%s/tests/%s' %s '%s' 2>&1",
		 UMDEV_SOURCE_DIR, f->core ? "core/" : "", UMDEV_BINARY_DIR, f->program, f->test,
		 module);
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

static void print(const struct fault *f)
{
	printf("%-12s %-66.66s %-22s %5.2f s  %s %s\n", f->file, f->what, f->by, f->seconds,
	       f->program, f->test);
	fflush(stdout);
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
	if (rows) {
		puts(json_object_to_json_string_ext(rows, JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(rows);
	} else {
		printf("\n%zu faults, %zu caught; %.1f s\n", l->n, caught, seconds);
	}
	free(l->fault);
	return caught != l->n;
}

int history_main(int argc, char **argv)
{
	struct list l = { NULL, 0 };
	json_object *rows = NULL;
	const char *only = NULL;
	size_t i;

	for (i = 1; i < (size_t)argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			rows = json_object_new_array();
		} else if (argv[i][0] != '-' && !only) {
			only = argv[i];
		} else {
			printf("usage: umdev history [--json] [NAME]\n\nFaults known from such code, put into ours: what catches each, in how long.\n");
			return strcmp(argv[i], "--help") ? 2 : 0;
		}
	}
	if (read_dir(UMDEV_SOURCE_DIR "/tests/history/core", true, &l) ||
	    read_dir(UMDEV_SOURCE_DIR "/tests/history", false, &l)) {
		fprintf(stderr, "umdev: history needs the source tree, %s, which is not there\n",
			UMDEV_SOURCE_DIR);
		return 2;
	}
	qsort(l.fault, l.n, sizeof(*l.fault), by_name);
	set_environment();
	for (i = 0; i < l.n; ) {
		if (only && !strstr(l.fault[i].name, only)) {
			memmove(&l.fault[i], &l.fault[i + 1], (--l.n - i) * sizeof(*l.fault));
			continue;
		}
		run(&l.fault[i]);
		if (rows)
			json_object_array_add(rows, as_json(&l.fault[i]));
		else
			print(&l.fault[i]);
		i++;
	}
	return finish(&l, rows);
}
