// SPDX-License-Identifier: GPL-2.0-only
/* Commands of a shell on the modelled kernel, and their printing. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_terminal.h"

#define PAGE 4096

struct session {
	json_object *steps;		/* NULL: text */
	bool colour;
	int surprises;
	struct um_uevents *uevents;
	uint64_t kmsg;
};

struct text {
	char *at;
	size_t len, size;
};

static void *have(void *memory)
{
	if (!memory) {
		perror("umdev");
		exit(2);
	}
	return memory;
}

static void add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (t->len + n + 1 > t->size) {
		t->size = 2 * (t->len + n + 1);
		t->at = have(realloc(t->at, t->size));
	}
	va_start(ap, fmt);
	t->len += vsnprintf(t->at + t->len, n + 1, fmt, ap);
	va_end(ap);
}

struct session *session_new(bool json)
{
	struct session *s = have(calloc(1, sizeof(*s)));

	if (json)
		s->steps = json_object_new_array();
	s->colour = !json && may_colour(1);
	s->uevents = um_uevents_open();
	s->kmsg = um_kmsg_seq();
	return s;
}

void session_forget(struct session *s)
{
	char buf[4096];

	while (um_uevents_read(s->uevents, buf, sizeof(buf)) > 0)
		;
	s->kmsg = um_kmsg_seq();
}

static void print_json(struct session *s)
{
	json_object *top = json_object_new_object();

	json_object_object_add(top, "steps", s->steps);
	json_object_object_add(top, "surprises", json_object_new_int(s->surprises));
	json_object_object_add(top, "interrupted", json_object_new_boolean(interrupted));
	puts(json_object_to_json_string_ext(top, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(top);
}

int session_end(struct session *s)
{
	int surprises = s->surprises;

	um_uevents_close(s->uevents);
	if (s->steps)
		print_json(s);
	free(s);
	return surprises;
}

void say(struct session *s, const char *fmt, ...)
{
	va_list ap;

	if (s->steps)
		return;
	printf("\n%s# ", s->colour ? "\033[2m" : "");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("%s\n", s->colour ? "\033[0m" : "");
}

static void record(struct session *s, const char *command, const char *output, int err, int want)
{
	json_object *o;

	if (err != want)
		s->surprises++;
	if (interrupted) {
		if (s->steps)
			print_json(s);
		exit_interrupted();
	}
	if (s->steps) {
		o = json_object_new_object();
		json_object_object_add(o, "command", json_object_new_string(command));
		json_object_object_add(o, "output", json_object_new_string(output));
		json_object_object_add(o, "errno", json_object_new_int(err));
		json_object_object_add(o, "as_said", json_object_new_boolean(err == want));
		json_object_array_add(s->steps, o);
		return;
	}
	printf("%s$ %s%s\n%s", s->colour ? "\033[1m" : "", command, s->colour ? "\033[0m" : "",
	       output);
	if (*output && output[strlen(output) - 1] != '\n')
		putchar('\n');
	if (err != want)
		printf("%sumdev: this should have been: %s%s\n", s->colour ? "\033[31m" : "",
		       want ? strerror(want) : "success", s->colour ? "\033[0m" : "");
	fflush(stdout);
}

static int finish(struct session *s, const char *command, struct text *out, const char *tool,
		  int err, int want)
{
	if (err)
		add(out, "%s: %s\n", tool, strerror(err));
	record(s, command, out->at ? out->at : "", err, want);
	free(out->at);
	return err;
}

static int module_step(struct session *s, const char *tool, const char *name, int ret, int want)
{
	struct text out = { 0 };
	char command[128], prefix[200];

	snprintf(command, sizeof(command), "%s %s", tool, name);
	snprintf(prefix, sizeof(prefix), "%s: ERROR: %s", tool, name);
	return finish(s, command, &out, prefix, -ret, want);
}

int sh_modprobe(struct session *s, const char *name, int want)
{
	return module_step(s, "modprobe", name, um_modprobe(name, NULL), want);
}

int sh_insmod(struct session *s, const char *name, int want)
{
	return module_step(s, "insmod", name, um_insmod(name, NULL), want);
}

int sh_rmmod(struct session *s, const char *name, int want)
{
	return module_step(s, "rmmod", name, um_rmmod(name), want);
}

/* The bytes go through user memory, as those of any process do. */
static ssize_t write_file(const char *path, const char *bytes, size_t len)
{
	void *user;
	ssize_t n;
	int fd = um_open(path, O_WRONLY);

	if (fd < 0)
		return fd;
	user = um_user_alloc(len + 1);
	if (!user) {
		um_close(fd);
		return -ENOMEM;
	}
	memcpy(um_user_ptr(user), bytes, len);
	n = um_write(fd, user, len);
	um_user_free(user);
	um_close(fd);
	return n;
}

int read_text(const char *path, char *buf, size_t size)
{
	void *user;
	ssize_t n;
	int fd = um_open(path, O_RDONLY);

	if (fd < 0)
		return fd;
	user = um_user_alloc(size);
	if (!user) {
		um_close(fd);
		return -ENOMEM;
	}
	n = um_read(fd, user, size - 1);
	if (n >= 0) {
		memcpy(buf, um_user_ptr(user), n);
		buf[n] = '\0';
	}
	um_user_free(user);
	um_close(fd);
	return n;
}

int write_text(const char *path, const char *text)
{
	return write_file(path, text, strlen(text));
}

int sh_echo(struct session *s, const char *text, const char *path, int want)
{
	struct text out = { 0 };
	char command[512], line[256];
	ssize_t n;

	snprintf(command, sizeof(command), "echo %s > %s", text, path);
	snprintf(line, sizeof(line), "%s\n", text);
	n = write_file(path, line, strlen(line));
	return finish(s, command, &out, "echo: write error", n < 0 ? -n : 0, want);
}

int sh_cat(struct session *s, const char *path, int want)
{
	struct text out = { 0 };
	char command[512], buf[PAGE];
	int n = read_text(path, buf, sizeof(buf));

	snprintf(command, sizeof(command), "cat %s", path);
	if (n > 0)
		add(&out, "%s", buf);
	return finish(s, command, &out, command, n < 0 ? -n : 0, want);
}

struct names {
	char **name;
	size_t n;
};

static int add_name(const char *name, void *arg)
{
	struct names *l = arg;

	l->name = have(realloc(l->name, (l->n + 1) * sizeof(*l->name)));
	l->name[l->n++] = have(strdup(name));
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_dir(const char *path, struct names *l)
{
	int err;

	memset(l, 0, sizeof(*l));
	err = um_readdir(path, add_name, l);
	if (l->n)
		qsort(l->name, l->n, sizeof(*l->name), by_name);
	return err;
}

static void free_names(struct names *l)
{
	while (l->n)
		free(l->name[--l->n]);
	free(l->name);
}

int sh_ls(struct session *s, const char *path)
{
	struct text out = { 0 };
	struct names l;
	char command[512];
	size_t i;
	int err = list_dir(path, &l);

	snprintf(command, sizeof(command), "ls %s", path);
	for (i = 0; i < l.n; i++)
		add(&out, "%s%s", l.name[i], i + 1 < l.n ? "  " : "\n");
	free_names(&l);
	return finish(s, command, &out, command, -err, 0);
}

static void tree(struct text *out, const char *path, const char *indent)
{
	struct um_stat st;
	char sub[512], next[128], target[512];
	struct names l;
	ssize_t n;
	size_t i;

	if (list_dir(path, &l))
		return;
	for (i = 0; i < l.n; i++) {
		bool last = i + 1 == l.n;

		snprintf(sub, sizeof(sub), "%s/%s", path, l.name[i]);
		if (um_stat(sub, &st, false))
			continue;
		add(out, "%s%s %s", indent, last ? "`--" : "|--", l.name[i]);
		if (S_ISLNK(st.mode)) {
			n = um_readlink(sub, target, sizeof(target) - 1);
			target[n > 0 ? n : 0] = '\0';
			add(out, " -> %s", target);
		}
		add(out, "\n");
		if (S_ISDIR(st.mode)) {
			snprintf(next, sizeof(next), "%s%s   ", indent, last ? " " : "|");
			tree(out, sub, next);
		}
	}
	free_names(&l);
}

int sh_tree(struct session *s, const char *path)
{
	struct text out = { 0 };
	char command[512];

	snprintf(command, sizeof(command), "tree %s", path);
	add(&out, "%s\n", path);
	tree(&out, path, "");
	return finish(s, command, &out, command, 0, 0);
}

int sh_readlink(struct session *s, const char *path)
{
	struct text out = { 0 };
	char command[512], target[512];
	ssize_t n = um_readlink(path, target, sizeof(target) - 1);

	snprintf(command, sizeof(command), "readlink %s", path);
	if (n >= 0) {
		target[n] = '\0';
		add(&out, "%s\n", target);
	}
	return finish(s, command, &out, command, n < 0 ? -n : 0, 0);
}

void sh_udevadm(struct session *s)
{
	struct text out = { 0 };
	char buf[4096];
	ssize_t n;

	while ((n = um_uevents_read(s->uevents, buf, sizeof(buf))) > 0) {
		const char *p = buf + strlen(buf) + 1;

		add(&out, "KERNEL %s", buf);
		for (; p < buf + n; p += strlen(p) + 1) {
			if (!strncmp(p, "ACTION=", 7) || !strncmp(p, "DEVPATH=", 8) ||
			    !strncmp(p, "SEQNUM=", 7))
				continue;
			add(&out, " %s", p);
		}
		add(&out, "\n");
	}
	finish(s, "udevadm monitor --kernel --property   # since last time", &out, "", 0, 0);
}

void sh_dmesg(struct session *s)
{
	struct text out = { 0 };
	char buf[1024];
	int level;

	while (um_kmsg_read(&s->kmsg, &level, buf, sizeof(buf)) > 0)
		add(&out, "%s\n", buf);
	finish(s, "dmesg   # since last time", &out, "", 0, 0);
}

int step(struct session *s, const char *command, long result, long want, const char *fmt, ...)
{
	struct text out = { 0 };
	char line[512];
	va_list ap;
	int err = result < 0 ? -result : 0;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (*line)
		add(&out, "%s\n", line);
	return finish(s, command, &out, "error", err, want < 0 ? -want : 0);
}
