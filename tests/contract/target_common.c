// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of target.h that is the same on every target: the frame of a test,
 * whole-file reads and writes, directory lists, uevents and kernel messages
 * taken apart, tasks, and checks that tell their story.
 *
 * cmocka keeps its state per thread, so only the task that runs the tests
 * may assert. A check that fails in a worker is written down, and fails the
 * test when that worker is joined.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "target_common.h"

#ifndef PATIENCE_MS
#define PATIENCE_MS	30000	/* with a task that is to end */
#endif

struct t_task {
	struct t_raw_task *raw;
	struct t_task *next;
	char name[64];
	long (*fn)(void *arg);
	void *arg;
	char *failure;		/* the first check that failed in this task */
	bool ended;		/* its function has returned */
};

static struct {
	pthread_mutex_t lock;		/* guards @tasks and their failures */
	struct t_task *tasks;		/* started and not joined */
	uint64_t kmsg_seq;		/* where t_kmsg_find() goes on */
	uint64_t kmsg_flush;		/* where t_kmsg_has() starts */
	struct t_entries modules;	/* loaded when the test began */
	bool ended;			/* it did not fail, or was skipped */
} frame = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct t_own *t_own(void)
{
	static struct t_own runner;
	struct t_own *own = *t_raw_task_own();

	return own ? own : &runner;
}

static bool in_list(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	for (p = list; (p = strstr(p, name)); p += len)
		if ((p == list || p[-1] == ' ') && (p[len] == ' ' || !p[len]))
			return true;
	return false;
}

/* ---- failures ------------------------------------------------------------ */

static void fail_here(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void fail_here(const char *file, int line, const char *fmt, ...)
{
	struct t_task *self = t_own()->task;
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);

	if (!self) {
		print_error("%s:%d: %s\n", file, line, text ? text : "?");
		free(text);
		_fail(file, line);
		return;
	}
	pthread_mutex_lock(&frame.lock);
	if (!self->failure &&
	    asprintf(&self->failure, "%s:%d: in task %s: %s", file, line, self->name,
		     text ? text : "?") < 0)
		self->failure = NULL;
	pthread_mutex_unlock(&frame.lock);
	free(text);
}

/* "5", or "-EINVAL (-22)" */
static const char *result_name(long value, char *buf, size_t size)
{
	if (value < 0 && value > -4096 && strerrorname_np(-value))
		snprintf(buf, size, "-%s (%ld)", strerrorname_np(-value), value);
	else
		snprintf(buf, size, "%ld", value);
	return buf;
}

void t_expect_at(long got, long want, const char *expr, const char *file, int line)
{
	char g[48], w[48];

	if (got == want)
		return;
	fail_here(file, line, "%s is %s, want %s", expr,
		  result_name(got, g, sizeof(g)), result_name(want, w, sizeof(w)));
}

void t_expect_text_at(const char *path, const char *want, const char *file, int line)
{
	char got[4097], name[48];
	ssize_t len = t_get(path, got, sizeof(got));

	if (len < 0)
		fail_here(file, line, "reading %s gives %s, want \"%s\"", path,
			  result_name(len, name, sizeof(name)), want);
	else if (strcmp(got, want))
		fail_here(file, line, "%s holds \"%s\", want \"%s\"", path, got, want);
}

bool t_has_line(const char *path, const char *line)
{
	char text[4097], *at = text;
	bool found = false;

	t_own()->quiet++;
	if (t_get(path, text, sizeof(text)) > 0)
		while (!found && (at = strstr(at, line)))
			found = at == text || at[-1] == '\n' || !*++at;
	t_own()->quiet--;
	return found;
}

void t_skip(const char *reason)
{
	print_message("[  REASON  ] %s\n", reason);
	frame.ended = true;
	_skip(__FILE__, __LINE__);
	abort();
}

/* ---- tests with a tag ------------------------------------------------------ */

#define CONTROL_MODULE	"mdev_test_control"

/* The words of a module of the tests, which is asked once. */
static const char *framework(void)
{
	static char words[256];
	int ours;

	if (words[0])
		return words;
	/* a test that asks when it has begun may have loaded it */
	ours = t_insmod(CONTROL_MODULE, NULL);
	if (ours != -EEXIST)
		t_expect(ours, 0);
	t_expect(t_get("/sys/module/" CONTROL_MODULE "/parameters/has", words, sizeof(words)) > 0,
		 true);
	if (!ours)
		t_expect(t_rmmod(CONTROL_MODULE), 0);
	words[strcspn(words, "\n")] = '\0';
	return words;
}

bool t_framework_has(const char *word)
{
	return in_list(framework(), word);
}

void t_tagged(void **state)
{
	const struct t_tag *tag = *state;
	char reason[96];

	if (tag->better)
		print_message("[  BETTER  ]\n");
	if (tag->needs && !t_framework_has(tag->needs)) {
		snprintf(reason, sizeof(reason), "not applicable: the framework has no %s",
			 tag->needs);
		t_skip(reason);
	}
	tag->fn(state);
	frame.ended = true;
}

/* ---- whole files and directories ----------------------------------------- */

ssize_t t_get(const char *path, char *buf, size_t size)
{
	int fd = t_open(path, O_RDONLY);
	ssize_t len;

	buf[0] = '\0';
	if (fd < 0)
		return fd;
	len = t_read(fd, buf, size - 1);
	t_close(fd);
	buf[len < 0 ? 0 : len] = '\0';
	return len;
}

ssize_t t_put_bytes(const char *path, const void *buf, size_t count)
{
	int fd = t_open(path, O_WRONLY);
	ssize_t len;

	if (fd < 0)
		return fd;
	len = t_write(fd, buf, count);
	t_close(fd);
	return len;
}

ssize_t t_put(const char *path, const char *text)
{
	return t_put_bytes(path, text, strlen(text));
}

bool t_exists(const char *path)
{
	struct t_stat st;

	return !t_lstat(path, &st);
}

struct names {
	char **name;
	size_t n;
};

static void add_name(const char *name, void *arg)
{
	struct names *names = arg;

	names->name = realloc(names->name, (names->n + 1) * sizeof(*names->name));
	if (!names->name)
		abort();
	names->name[names->n++] = strdup(name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

ssize_t t_list(const char *path, char *buf, size_t size)
{
	struct names names = { NULL, 0 };
	size_t len = 0, i;
	int err = t_raw_readdir(path, add_name, &names);

	buf[0] = '\0';
	if (names.n)
		qsort(names.name, names.n, sizeof(*names.name), by_name);
	for (i = 0; i < names.n; i++) {
		if (!err && len < size)
			len += snprintf(buf + len, size - len, "%s%s", i ? " " : "",
					names.name[i]);
		free(names.name[i]);
	}
	free(names.name);
	if (err)
		return err;
	return len < size ? (ssize_t)len : -ENOSPC;
}

/* The next entries, 0 behind the last. There is always room for the largest. */
static ssize_t more_entries(struct t_entries *e)
{
	while (e->room - e->size < sizeof(struct dirent64)) {
		e->room = e->room ? 2 * e->room : 1024;
		e->bytes = realloc(e->bytes, e->room);
		if (!e->bytes)
			abort();
	}
	return t_getdents(e->fd, e->bytes + e->size, e->room - e->size);
}

void t_entries_read(struct t_entries *e, const char *path)
{
	ssize_t n = -1;

	e->size = 0;
	t_own()->quiet++;
	e->fd = t_open(path, O_RDONLY | O_DIRECTORY);
	if (e->fd >= 0) {
		while ((n = more_entries(e)) > 0)
			e->size += n;
		t_close(e->fd);
	}
	t_own()->quiet--;
	if (n)
		e->size = 0;
}

const char *t_entries_next(const struct t_entries *e, size_t *at)
{
	const struct dirent64 *entry = (const void *)(e->bytes + *at);

	if (*at >= e->size)
		return NULL;
	*at += entry->d_reclen;
	return entry->d_name;
}

/* Behind a name there may be anything, up to the next entry. */
bool t_entries_same(const struct t_entries *a, const struct t_entries *b)
{
	const char *one, *other;
	size_t at = 0, as_far = 0;

	if (a->size != b->size)
		return false;
	while ((one = t_entries_next(a, &at)) && (other = t_entries_next(b, &as_far)))
		if (at != as_far || strcmp(one, other))
			return false;
	return true;
}

bool t_entries_have(const struct t_entries *e, const char *name, size_t *at)
{
	size_t next = *at;
	const char *have = t_entries_next(e, &next);

	if (!have || strcmp(have, name))
		for (next = 0; (have = t_entries_next(e, &next)) && strcmp(have, name);)
			;
	if (have)
		*at = next;
	return have;
}

/* ---- uevents ------------------------------------------------------------- */

void t_uevent_flush(void)
{
	char buf[8192];

	while (t_raw_uevent(buf, sizeof(buf)) > 0)
		;
}

bool t_uevent_next(struct t_uevent *ev)
{
	char buf[8192];
	ssize_t len = t_raw_uevent(buf, sizeof(buf) - 1);
	char *p;

	memset(ev, 0, sizeof(*ev));
	if (len <= 0)
		return false;
	buf[len] = '\0';
	/* the first string, "add@/devices/...", repeats what follows */
	for (p = buf + strlen(buf) + 1; p < buf + len; p += strlen(p) + 1) {
		if (!strncmp(p, "ACTION=", 7))
			snprintf(ev->action, sizeof(ev->action), "%s", p + 7);
		else if (!strncmp(p, "DEVPATH=", 8))
			snprintf(ev->devpath, sizeof(ev->devpath), "%s", p + 8);
		else if (!strncmp(p, "SEQNUM=", 7))
			ev->seqnum = strtoull(p + 7, NULL, 10);
		else if (ev->n_env < sizeof(ev->env) / sizeof(ev->env[0]))
			snprintf(ev->env[ev->n_env++], sizeof(ev->env[0]), "%s", p);
	}
	return true;
}

static bool ends_in(const char *text, const char *suffix)
{
	size_t len = strlen(text), n = strlen(suffix);

	return len >= n && !strcmp(text + len - n, suffix);
}

bool t_uevent_find(const char *action, const char *devpath_suffix, struct t_uevent *ev)
{
	while (t_uevent_next(ev))
		if (!strcmp(ev->action, action) && ends_in(ev->devpath, devpath_suffix))
			return true;
	return false;
}

const char *t_uevent_get(const struct t_uevent *ev, const char *key)
{
	size_t len = strlen(key);
	unsigned int i;

	for (i = 0; i < ev->n_env; i++)
		if (!strncmp(ev->env[i], key, len) && ev->env[i][len] == '=')
			return ev->env[i] + len + 1;
	return NULL;
}

/* ---- kernel messages ----------------------------------------------------- */

void t_kmsg_flush(void)
{
	frame.kmsg_seq = frame.kmsg_flush = t_raw_kmsg_seq();
}

bool t_kmsg_find(const char *text, char *line, size_t size)
{
	char buf[4096];

	while (t_raw_kmsg(&frame.kmsg_seq, buf, sizeof(buf)) > 0) {
		if (!strstr(buf, text))
			continue;
		if (line)
			snprintf(line, size, "%s", buf);
		return true;
	}
	return false;
}

int t_kmsg_count(const char *text)
{
	uint64_t seq = frame.kmsg_flush;
	char buf[4096];
	int n = 0;

	while (t_raw_kmsg(&seq, buf, sizeof(buf)) > 0)
		if (strstr(buf, text))
			n++;
	return n;
}

bool t_kmsg_has(const char *text)
{
	return t_kmsg_count(text) > 0;
}

void t_expect_splat(const char *text)
{
	t_raw_expect_splat(text);
}

/* ---- tasks --------------------------------------------------------------- */

static long task_main(void *arg)
{
	struct t_own own = { .task = arg };
	long ret;

	*t_raw_task_own() = &own;
	ret = own.task->fn(own.task->arg);
	*t_raw_task_own() = NULL;
	__atomic_store_n(&own.task->ended, true, __ATOMIC_RELEASE);
	return ret;
}

struct t_task *t_task_start(const char *name, long (*fn)(void *arg), void *arg)
{
	struct t_task *task = calloc(1, sizeof(*task));

	if (!task)
		abort();
	snprintf(task->name, sizeof(task->name), "%s", name);
	task->fn = fn;
	task->arg = arg;
	pthread_mutex_lock(&frame.lock);
	task->next = frame.tasks;
	frame.tasks = task;
	pthread_mutex_unlock(&frame.lock);
	task->raw = t_raw_task_start(task->name, task_main, task);
	if (!task->raw)
		abort();
	return task;
}

struct t_task *t_race_start(const char *name, long (*fn)(void *arg), void *arg)
{
	return t_task_start(name, fn, arg);
}

bool t_task_wait_blocked(struct t_task *task)
{
	return t_raw_task_wait_blocked(task->raw);
}

void t_task_interrupt(struct t_task *task)
{
	t_raw_task_interrupt(task->raw);
}

/* The raw join, and the task forgotten; its failure becomes the caller's. */
static long task_end(struct t_task *task, char **failure)
{
	struct t_task **p;
	long ret = t_raw_task_join(task->raw);

	pthread_mutex_lock(&frame.lock);
	for (p = &frame.tasks; *p != task; p = &(*p)->next)
		;
	*p = task->next;
	pthread_mutex_unlock(&frame.lock);
	*failure = task->failure;
	free(task);
	return ret;
}

long t_task_join(struct t_task *task)
{
	char *failure;
	long ret = task_end(task, &failure);

	if (failure) {
		print_error("%s\n", failure);
		free(failure);
		fail();
	}
	return ret;
}

struct put {
	char *path;
	char *text;
};

static long put_main(void *arg)
{
	struct put *put = arg;
	ssize_t ret = t_put(put->path, put->text);

	free(put->path);
	free(put->text);
	free(put);
	return ret;
}

struct t_task *t_put_start(const char *path, const char *text)
{
	struct put *put = malloc(sizeof(*put));

	if (!put)
		abort();
	put->path = strdup(path);
	put->text = strdup(text);
	return t_task_start("put", put_main, put);
}

/* ---- the frame of a test ------------------------------------------------- */

/* In time: one that waits for nothing cannot be made to. */
static bool comes_to_its_end(const struct t_task *task)
{
	int i;

	for (i = 0; i < PATIENCE_MS && !__atomic_load_n(&task->ended, __ATOMIC_ACQUIRE); i++)
		t_poll(-1, 0, 1);
	return i < PATIENCE_MS;
}

static void end_task(struct t_task *task)
{
	char *failure;

	if (!comes_to_its_end(task)) {
		print_error("task %s does not come to its end\n", task->name);
		pthread_mutex_lock(&frame.lock);
		frame.tasks = task->next;
		pthread_mutex_unlock(&frame.lock);
		return;
	}
	task_end(task, &failure);
	if (failure)
		print_error("%s\n", failure);
	free(failure);
}

/* A test that failed half-way leaves tasks: end the waits of all, for one may wait for another. */
static int end_tasks(void)
{
	struct t_task *task;
	int n = 0;

	for (task = frame.tasks; task; task = task->next) {
		print_error("task %s was left running\n", task->name);
		t_raw_task_interrupt(task->raw);
		n++;
	}
	while (frame.tasks)
		end_task(frame.tasks);
	return n;
}

/* One pass over what is loaded; returns how many modules went. */
static int unload_pass(char *left, size_t size)
{
	static struct t_entries now;
	const char *name;
	size_t at = 0, before = 0;
	int n = 0, err;

	left[0] = '\0';
	t_entries_read(&now, "/sys/module");
	if (t_entries_same(&now, &frame.modules))
		return 0;
	while ((name = t_entries_next(&now, &at))) {
		if (t_entries_have(&frame.modules, name, &before) || !t_raw_module_is_ours(name))
			continue;
		err = t_rmmod(name);
		if (!err)
			n++;
		else
			snprintf(left + strlen(left), size - strlen(left), " %s (%s)", name,
				 strerrorname_np(-err));
	}
	return n;
}

/* Users before what they use: whatever can go goes, until nothing can. */
static int unload_all(void)
{
	char left[1024];

	while (unload_pass(left, sizeof(left)))
		;
	if (!left[0])
		return 0;
	print_error("modules that do not unload:%s\n", left);
	return 1;
}

int t_group_setup(void **state)
{
	int err = t_raw_up();

	(void)state;
	/* the group's teardown compares with it, whatever tests there are */
	if (!err)
		t_raw_mark();
	return err;
}

/* A fixture may have left tasks and files, which the end of the target would wait for. */
int t_group_teardown(void **state)
{
	int bad = end_tasks() + t_raw_close_left_open();

	(void)state;
	return t_raw_down() || bad ? -1 : 0;
}

int t_setup(void **state)
{
	(void)state;
	frame.ended = false;
	t_entries_read(&frame.modules, "/sys/module");
	t_raw_check_splats();
	t_raw_mark();
	t_uevent_flush();
	t_kmsg_flush();
	return 0;
}

/*
 * A test that failed has left its tasks, files and modules where it stopped:
 * they are taken away, so that nothing waits for them, and what is told as alive
 * may be the cause. Its reason comes last: cmocka prints it, if nothing fails in
 * here.
 */
int t_teardown(void **state)
{
	int bad;

	(void)state;
	bad = end_tasks();
	t_autoload(false);
	/* a module that is still open may not unload, or waits for ever */
	bad += t_raw_close_left_open();
	bad += unload_all();
	/* what went wrong before what was left over by it */
	bad += t_raw_check_splats();
	bad += t_raw_audit();
	bad += t_raw_check_splats();
	t_uevent_flush();
	return bad && frame.ended ? -1 : 0;
}
