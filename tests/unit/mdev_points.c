// SPDX-License-Identifier: GPL-2.0-only
/*
 * What points show of the mdev core (um_task_start_held()). Two tasks meet in
 * every order that one preemption of the first can make (um_interleave()):
 * creating, removing, registering, unregistering, loading, reading. And the
 * points that a task passes are its steps, which can be counted where time
 * can only be measured.
 *
 * UMDEV_DRIVER names a driver to load instead of mtty, UMDEV_FILTER the tests
 * to run: see tests/history.
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
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#define VENDOR		"/sys/devices/virtual/mdev_test/vendor"
#define PARENT		"/sys/devices/virtual/mdev_test/parent0"
#define CREATE		PARENT "/mdev_supported_types/mdev_test-1/create"
#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define OTHER_UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define MDEV		PARENT "/" UUID
#define MTTY		"/sys/devices/virtual/mtty/mtty"
#define MTTY_TYPE	MTTY "/mdev_supported_types/mtty-1"

/* ---- help ----------------------------------------------------------------- */

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
	return ret;
}

/* Reads a number, or returns a negative errno. */
static long get_number(const char *path)
{
	void *user = um_user_alloc(16);
	char *text = um_user_ptr(user);
	int fd = um_open(path, O_RDONLY);
	long ret = fd;

	if (fd >= 0) {
		ret = um_read(fd, user, 15);
		um_close(fd);
	}
	if (ret > 0) {
		text[ret] = '\0';
		ret = atol(text);
	}
	um_user_free(user);
	return ret;
}

static bool exists(const char *path)
{
	struct um_stat st;

	return !um_stat(path, &st, false);
}

/* A mark for what is wrong, told with the schedule that um_interleave() names. */
static long wrong(const char *what, long first, long second)
{
	print_error("%s: the first returned %ld, the second %ld\n", what, first, second);
	return 1;
}

static void all_orders_are_right(const struct um_interleaving *s)
{
	assert_true(um_interleave(s) > 1);
}

/* ---- what the tasks do ------------------------------------------------------ */

static long create(void *arg)
{
	return put(CREATE, UUID);
}

static long remove_it(void *arg)
{
	return put(MDEV "/remove", "1");
}

static long register_parent(void *arg)
{
	return put(VENDOR "/register", "0");
}

static long unregister_parent(void *arg)
{
	return put(VENDOR "/unregister", "0");
}

static long create_first(void *arg)
{
	return create(arg) != UUID_LEN;
}

static bool is_gone(long ret)
{
	return ret == -ENOENT || ret == -ENODEV;
}

/* ---- create ------------------------------------------------------------------ */

/* Until the creation has ended the file may be there, but says so. */
static long created_or_removed(void *arg, long created, long removed)
{
	if (created != UUID_LEN)
		return wrong("create", created, removed);
	if (removed != 1 && removed != -ENOENT && removed != -EAGAIN)
		return wrong("remove", created, removed);
	if (exists(MDEV) == (removed == 1))
		return wrong("removed, and there", created, removed);
	return removed != 1 && remove_it(NULL) != 1;
}

static void mdev_is_removed_while_it_is_created(void **state)
{
	const struct um_interleaving s = {
		.name = "create, remove meanwhile",
		.first = create, .second = remove_it, .check = created_or_removed,
	};

	/* what is only read for a message is read as well */
	um_debug("mdev");
	all_orders_are_right(&s);
}

static long one_was_created(void *arg, long a, long b)
{
	if ((a == UUID_LEN) == (b == UUID_LEN) || (a != -EEXIST && b != -EEXIST))
		return wrong("create", a, b);
	return remove_it(NULL) != 1;
}

static void uuid_is_given_to_one_of_two(void **state)
{
	const struct um_interleaving s = {
		.name = "create, the same meanwhile",
		.first = create, .second = create, .check = one_was_created,
	};

	all_orders_are_right(&s);
}

static long unregistered_without_mdevs(void *arg, long first, long unregistered)
{
	if (first < 0 && !is_gone(first))
		return wrong("the other", first, unregistered);
	if (unregistered != 1)
		return wrong("unregister", first, unregistered);
	if (exists(MDEV) || exists(PARENT "/mdev_supported_types"))
		return wrong("something is left", first, unregistered);
	return register_parent(NULL) != 1;
}

static void parent_is_unregistered_while_an_mdev_is_created(void **state)
{
	const struct um_interleaving s = {
		.name = "create, unregister meanwhile",
		.first = create, .second = unregister_parent,
		.check = unregistered_without_mdevs,
	};

	all_orders_are_right(&s);
}

static long unregistered(void *arg, long unregistered, long other)
{
	return unregistered_without_mdevs(arg, other, unregistered);
}

static void mdev_is_created_while_the_parent_is_unregistered(void **state)
{
	const struct um_interleaving s = {
		.name = "unregister, create meanwhile",
		.first = unregister_parent, .second = create, .check = unregistered,
	};

	all_orders_are_right(&s);
}

static long unregister_first(void *arg)
{
	return unregister_parent(arg) != 1;
}

/* Not before everything is there, and not lost afterwards. */
static long registered_and_created(void *arg, long registered, long created)
{
	if (registered != 1)
		return wrong("register", registered, created);
	if (created != UUID_LEN && !is_gone(created))
		return wrong("create", registered, created);
	if (exists(MDEV) != (created == UUID_LEN))
		return wrong("created, and not there", registered, created);
	return created == UUID_LEN && remove_it(NULL) != 1;
}

static void mdev_is_created_while_the_parent_is_registered(void **state)
{
	const struct um_interleaving s = {
		.name = "register, create meanwhile", .setup = unregister_first,
		.first = register_parent, .second = create, .check = registered_and_created,
	};

	all_orders_are_right(&s);

}

/* ---- remove ------------------------------------------------------------------- */

static long removed_once(void *arg, long a, long b)
{
	if ((a != 1 && !is_gone(a)) || (b != 1 && !is_gone(b)) || (a != 1 && b != 1))
		return wrong("remove", a, b);
	return exists(MDEV) ? wrong("still there", a, b) : 0;
}

static void two_remove_one_mdev(void **state)
{
	const struct um_interleaving s = {
		.name = "remove, the same meanwhile", .setup = create_first,
		.first = remove_it, .second = remove_it, .check = removed_once,
	};

	all_orders_are_right(&s);
}

static void parent_is_unregistered_while_an_mdev_is_removed(void **state)
{
	const struct um_interleaving s = {
		.name = "remove, unregister meanwhile", .setup = create_first,
		.first = remove_it, .second = unregister_parent,
		.check = unregistered_without_mdevs,
	};

	all_orders_are_right(&s);
}

static void mdev_is_removed_while_the_parent_is_unregistered(void **state)
{
	const struct um_interleaving s = {
		.name = "unregister, remove meanwhile", .setup = create_first,
		.first = unregister_parent, .second = remove_it, .check = unregistered,
	};

	all_orders_are_right(&s);
}

/* ---- a driver that comes while somebody reads ------------------------------------ */

static const char *driver(void)
{
	const char *name = getenv("UMDEV_DRIVER");

	return name ?: "mtty";
}

/* Another tree may have no sample drivers. */
static void skip_without_driver(void)
{
	int err = um_insmod(driver(), NULL);

	if (err == -ENOENT) {
		printf("SKIP: %s was not built\n", driver());
		skip();
	}
	assert_int_equal(err, 0);
	assert_int_equal(um_rmmod(driver()), 0);
}

static long load_driver(void *arg)
{
	return um_insmod(driver(), NULL);
}

static long read_free_ports(void *arg)
{
	return get_number(MTTY_TYPE "/available_instances");
}

static long loaded_and_read(void *arg, long loaded, long ports)
{
	long unloaded = um_rmmod(driver());

	if (loaded || unloaded)
		return wrong("load", loaded, unloaded);
	return ports == 24 || is_gone(ports) ? 0 : wrong("ports", loaded, ports);
}

static void mtty_is_read_while_it_is_loaded(void **state)
{
	const struct um_interleaving s = {
		.name = "load mtty, read meanwhile",
		.first = load_driver, .second = read_free_ports, .check = loaded_and_read,
	};

	skip_without_driver();
	all_orders_are_right(&s);
}

static long create_cards(void *arg)
{
	return put(MTTY_TYPE "/create", UUID) != UUID_LEN ||
	       put(MTTY_TYPE "/create", OTHER_UUID) != UUID_LEN;
}

/* The one made last: it is the first of a list. */
static long remove_card(void *arg)
{
	return put(MTTY "/" OTHER_UUID "/remove", "1");
}

static long read_and_removed(void *arg, long ports, long removed)
{
	if (removed != 1 || (ports != 22 && ports != 23))
		return wrong("ports", ports, removed);
	return put(MTTY "/" UUID "/remove", "1") != 1;
}

static void mtty_is_read_while_a_card_goes(void **state)
{
	const struct um_interleaving s = {
		.name = "read free ports, remove a card meanwhile", .setup = create_cards,
		.first = read_free_ports, .second = remove_card, .check = read_and_removed,
	};

	skip_without_driver();
	assert_int_equal(load_driver(NULL), 0);
	all_orders_are_right(&s);
	assert_int_equal(um_rmmod(driver()), 0);
}

/* ---- what it costs ------------------------------------------------------------------ */

static void create_many(unsigned int from, unsigned int to)
{
	char uuid[UUID_LEN + 1];

	for (; from < to; from++) {
		snprintf(uuid, sizeof(uuid), "%08x-509f-382f-3c1e-e6bfe0fa1001", from);
		assert_int_equal(put(CREATE, uuid), UUID_LEN);
	}
}

static unsigned long steps_of_a_creation(void)
{
	unsigned long steps;

	um_point_count();
	assert_int_equal(create(NULL), UUID_LEN);
	steps = um_point_count();
	assert_int_equal(remove_it(NULL), 1);
	return steps;
}

/* Whether the basic blocks of the core are points: its module asks for what is called there. */
static bool blocks_are_points(void)
{
	static const char callee[] = "__sanitizer_cov_trace_pc";
	char path[1024], *text;
	struct stat st;
	bool found;
	int fd;

	snprintf(path, sizeof(path), "%s/mdev.ko", getenv("UMDEV_MODULE_DIR"));
	fd = open(path, O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	text = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(text, MAP_FAILED);
	found = memmem(text, st.st_size, callee, sizeof(callee));
	munmap(text, st.st_size);
	close(fd);
	return found;
}

/*
 * A step for each of them would be a thousand more, and 100,000 more among
 * 100,000, which take the benchmark's time (tests/bench) to make.
 */
static void creating_among_many_takes_no_more_steps(void **state)
{
	unsigned long few, many;

	if (!blocks_are_points()) {
		puts("SKIP: the basic blocks of this build are no points (preset test: they are)");
		skip();
	}
	steps_of_a_creation();	/* what is only done once */
	create_many(0, 20);
	few = steps_of_a_creation();
	create_many(20, 1020);
	many = steps_of_a_creation();
	print_message("%lu steps among 20, %lu among 1,020\n", few, many);
	assert_in_range(many, 1, few + 50);
}

/* ------------------------------------------------------------------------------------ */

static int setup(void **state)
{
	um_check_splats();
	um_audit_mark();
	return um_insmod("mdev", NULL) || um_insmod("mdev_test_control", NULL) ||
	       um_insmod("mdev_test_parent", NULL);
}

static int teardown(void **state)
{
	um_debug(NULL);
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

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(mdev_is_removed_while_it_is_created),
		TEST(uuid_is_given_to_one_of_two),
		TEST(parent_is_unregistered_while_an_mdev_is_created),
		TEST(mdev_is_created_while_the_parent_is_unregistered),
		TEST(mdev_is_created_while_the_parent_is_registered),
		TEST(two_remove_one_mdev),
		TEST(parent_is_unregistered_while_an_mdev_is_removed),
		TEST(mdev_is_removed_while_the_parent_is_unregistered),
		TEST(mtty_is_read_while_it_is_loaded),
		TEST(mtty_is_read_while_a_card_goes),
		TEST(creating_among_many_takes_no_more_steps),
	};
	const char *filter = getenv("UMDEV_FILTER");

	if (filter && *filter)
		cmocka_set_test_filter(filter);
	return cmocka_run_group_tests_name("mdev_points", tests, boot, shut_down);
}
