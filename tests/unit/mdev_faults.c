// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every failure point of the mdev core, one after the other.
 *
 * A scenario is an operation and its inverse. It is run with the first
 * fallible call failing, then the second, and so on, until nothing fires any
 * more. After each failure everything must be as it was before (live objects,
 * module references, the whole sysfs tree), and the operation must succeed
 * when it is tried again. Where a kernel goes on after a failure, because the
 * call's result is only a notice to somebody, the site is in benign[].
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#define DIR_TEST	"/sys/devices/virtual/mdev_test"
#define VENDOR		DIR_TEST "/vendor"
#define PARENT		DIR_TEST "/parent0"
#define CREATE		PARENT "/mdev_supported_types/mdev_test-1/create"
#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MDEV		PARENT "/" UUID

#define MAX_FAULTS	1000

/* Where in the call stack a failure is not the caller's, and why. */
static const struct {
	const char *where;
	const char *reason;
} benign[] = {
	{ "(shim/lib/kobject_uevent.c", "an event that nobody hears" },
	{ "from class_compat_create_link", "the compatibility link is only warned about" },
	{ "(shim/drivers/base/module.c", "links between driver and module are not checked" },
	{ "from driver_create_file", "files of a driver are only warned about" },
	{ "(shim/drivers/base/dd.c", "a driver that fails to probe fails nothing else" },
};

/* ---- what there is --------------------------------------------------------------- */

struct text {
	char *buf;
	size_t len, size;
};

static void text_add(struct text *t, const char *a, const char *b)
{
	size_t more = strlen(a) + strlen(b) + 2;

	if (t->len + more > t->size) {
		t->size = (t->len + more) * 2;
		t->buf = realloc(t->buf, t->size);
		assert_non_null(t->buf);
	}
	t->len += sprintf(t->buf + t->len, "%s%s\n", a, b);
}

struct names {
	char *name[512];
	unsigned int n;
};

static int add_name(const char *name, void *arg)
{
	struct names *names = arg;

	if (names->n < 512)
		names->name[names->n++] = strdup(name);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static ssize_t get(const char *path, char *buf, size_t size)
{
	void *user = um_user_alloc(size);
	int fd = um_open(path, O_RDONLY);
	ssize_t len = fd;

	if (fd >= 0) {
		len = um_read(fd, user, size - 1);
		um_close(fd);
		if (len >= 0)
			memcpy(buf, um_user_ptr(user), len);
	}
	buf[len < 0 ? 0 : len] = '\0';
	um_user_free(user);
	return len;
}

static bool ends_in(const char *path, const char *suffix)
{
	size_t len = strlen(path), n = strlen(suffix);

	return len >= n && !strcmp(path + len - n, suffix);
}

static void walk(struct text *t, const char *path)
{
	struct names names = { .n = 0 };
	struct um_stat st;
	char sub[512], text[64];
	unsigned int i;

	if (um_stat(path, &st, false))
		return;
	text_add(t, path, "");
	if (ends_in(path, "/refcnt") && get(path, text, sizeof(text)) > 0)
		text_add(t, "= ", text);
	if ((st.mode & 0170000) != 0040000)
		return;
	um_readdir(path, add_name, &names);
	qsort(names.name, names.n, sizeof(names.name[0]), by_name);
	for (i = 0; i < names.n; i++) {
		snprintf(sub, sizeof(sub), "%s/%s", path, names.name[i]);
		walk(t, sub);
		free(names.name[i]);
	}
}

static char *snapshot(void)
{
	struct text t = { NULL, 0, 0 };

	walk(&t, "/sys");
	return t.buf;
}

/* Prints where they differ first. */
static bool same(const char *before, const char *after)
{
	const char *a = before, *b = after, *line_a = a, *line_b = b;

	for (; *a && *a == *b; a++, b++) {
		if (*a != '\n')
			continue;
		line_a = a + 1;
		line_b = b + 1;
	}
	if (*a == *b)
		return true;
	print_error("was: %.*s\nis:  %.*s\n", (int)strcspn(line_a, "\n"), line_a,
		    (int)strcspn(line_b, "\n"), line_b);
	return false;
}

/* ---- operations --------------------------------------------------------------------- */

static long put(const char *path, const char *text)
{
	size_t count = strlen(text);
	void *user = um_user_alloc(count);
	int fd = um_open(path, O_WRONLY);
	long ret = fd;

	memcpy(um_user_ptr(user), text, count);
	if (fd >= 0) {
		ret = um_write(fd, user, count);
		um_close(fd);
	}
	um_user_free(user);
	return ret < 0 ? ret : 0;
}

static bool exists(const char *path)
{
	struct um_stat st;

	return !um_stat(path, &st, false);
}

static long load_core(void)
{
	return um_insmod("mdev", NULL);
}

static long unload_core(void)
{
	return um_rmmod("mdev");
}

static bool core_is_loaded(void)
{
	return exists("/sys/bus/mdev");
}

static long register_parent(void)
{
	return put(VENDOR "/register", "0");
}

static long unregister_parent(void)
{
	return put(VENDOR "/unregister", "0");
}

static bool parent_is_registered(void)
{
	return exists(CREATE);
}

static long create(void)
{
	return put(CREATE, UUID);
}

static long discard(void)
{
	return put(MDEV "/remove", "1");
}

static bool mdev_is_there(void)
{
	return exists(MDEV);
}

static long load_driver(void)
{
	return um_insmod("mdev_test_driver", NULL);
}

static long unload_driver(void)
{
	return um_rmmod("mdev_test_driver");
}

static bool driver_is_loaded(void)
{
	return exists("/sys/bus/mdev/drivers/mdev_test_driver");
}

struct scenario {
	const char *name;
	long (*run)(void);
	long (*undo)(void);
	bool (*done)(void);
};

/* ---- the walk ---------------------------------------------------------------------------- */

static bool is_benign(const char *site)
{
	size_t i;

	for (i = 0; i < sizeof(benign) / sizeof(benign[0]); i++)
		if (strstr(site, benign[i].where))
			return true;
	return false;
}

/* One fault. Returns false when it was not reached. */
static bool one_fault(const struct scenario *s, unsigned int n, const char *before)
{
	char site[2048], *after;
	const char *fired;
	bool reached;
	long ret;

	um_audit_mark();
	um_fail_nth(n);
	ret = s->run();
	reached = !um_fail_nth(0);
	if (!reached) {
		assert_int_equal(ret, 0);
		assert_int_equal(s->undo(), 0);
		return false;
	}
	fired = um_fault_fired();
	snprintf(site, sizeof(site), "%s", fired ? fired : "?");

	if (ret == 0) {
		if (!is_benign(site))
			print_error("%s: fault %u (%s) went unnoticed\n", s->name, n, site);
		assert_true(is_benign(site));
		assert_true(s->done());
		assert_int_equal(s->undo(), 0);
	}
	assert_false(s->done());
	after = snapshot();
	if (!same(before, after) || um_audit(NULL, NULL)) {
		print_error("%s: fault %u (%s), returned %ld: not rolled back\n",
			    s->name, n, site, ret);
		fail();
	}
	free(after);

	ret = s->run();
	if (ret)
		print_error("%s: after fault %u (%s) it fails: %ld\n", s->name, n, site, ret);
	assert_int_equal(ret, 0);
	assert_int_equal(s->undo(), 0);
	return true;
}

static void sweep(const struct scenario *s)
{
	char *before;
	unsigned int n;

	assert_false(s->done());
	/* what is made once and kept, such as a cache, is not a leak */
	assert_int_equal(s->run(), 0);
	assert_true(s->done());
	assert_int_equal(s->undo(), 0);
	before = snapshot();
	for (n = 1; n < MAX_FAULTS; n++)
		if (!one_fault(s, n, before))
			break;
	print_message("%s: %u faults\n", s->name, n - 1);
	assert_in_range(n, 2, MAX_FAULTS - 1);
	free(before);
}

/*
 * Taking away: a fault either leaves all in place, with an error, or changes
 * nothing about the result.
 */
static void sweep_undo(const struct scenario *s)
{
	char *before = snapshot(), *with, *after;
	unsigned int n;
	bool reached;
	long ret;

	assert_int_equal(s->run(), 0);
	with = snapshot();
	for (n = 1; n < MAX_FAULTS; n++) {
		um_fail_nth(n);
		ret = s->undo();
		reached = !um_fail_nth(0);
		after = snapshot();
		if (ret) {
			assert_true(s->done());
			assert_true(same(with, after));
			assert_int_equal(s->undo(), 0);
		} else {
			assert_false(s->done());
			assert_true(same(before, after));
		}
		free(after);
		if (!reached)
			break;
		assert_int_equal(s->run(), 0);
	}
	print_message("%s, undone: %u faults\n", s->name, n - 1);
	assert_in_range(n, 2, MAX_FAULTS - 1);
	free(before);
	free(with);
}

/* ---- tests ------------------------------------------------------------------------------- */

static const struct scenario loading = {
	"load", load_core, unload_core, core_is_loaded
};
static const struct scenario registering = {
	"register", register_parent, unregister_parent, parent_is_registered
};
static const struct scenario creating = {
	"create", create, discard, mdev_is_there
};
static const struct scenario driving = {
	"driver", load_driver, unload_driver, driver_is_loaded
};

static void load_parent(const char *params)
{
	assert_int_equal(um_insmod("mdev", NULL), 0);
	assert_int_equal(um_insmod("mdev_test_control", NULL), 0);
	assert_int_equal(um_insmod("mdev_test_parent", params), 0);
}

static void loading_the_core(void **state)
{
	sweep(&loading);
}

static void registering_a_parent(void **state)
{
	load_parent("autoregister=0");
	sweep(&registering);
}

static void unregistering_a_parent(void **state)
{
	load_parent("autoregister=0");
	sweep_undo(&registering);
}

static void creating_an_mdev(void **state)
{
	load_parent(NULL);
	sweep(&creating);
}

static void creating_an_mdev_with_a_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(um_insmod("mdev_test_driver", NULL), 0);
	sweep(&creating);
}

static void removing_an_mdev(void **state)
{
	load_parent(NULL);
	sweep_undo(&creating);
}

static void removing_an_mdev_with_a_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(um_insmod("mdev_test_driver", NULL), 0);
	sweep_undo(&creating);
}

static void loading_an_mdev_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(create(), 0);
	sweep(&driving);
}

/* ---- frame ---------------------------------------------------------------------------------- */

static int setup(void **state)
{
	um_check_splats();
	um_audit_mark();
	return 0;
}

static int teardown(void **state)
{
	um_fail_nth(0);
	um_rmmod("mdev_test_driver");
	um_rmmod("mdev_test_parent");
	um_rmmod("mdev_test_control");
	um_rmmod("mdev");
	return um_audit(NULL, NULL) + um_check_splats() ? -1 : 0;
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int shut_down(void **state)
{
	return um_shutdown();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loading_the_core),
		TEST(registering_a_parent),
		TEST(unregistering_a_parent),
		TEST(creating_an_mdev),
		TEST(creating_an_mdev_with_a_driver),
		TEST(removing_an_mdev),
		TEST(removing_an_mdev_with_a_driver),
		TEST(loading_an_mdev_driver),
	};

	return cmocka_run_group_tests_name("mdev_faults", tests, boot, shut_down);
}
