// SPDX-License-Identifier: GPL-2.0-only
/*
 * What points show of the mdev core (um_task_start_held()). Two tasks meet in
 * every order that one preemption of the first can make (um_interleave()):
 * creating, removing, registering, unregistering. And the points that a task
 * passes are its steps, which can be counted where time can only be measured.
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

#include "points.h"

#define VENDOR		"/sys/devices/virtual/mdev_test/vendor"
#define PARENT		"/sys/devices/virtual/mdev_test/parent0"
#define CREATE		PARENT "/mdev_supported_types/mdev_test-1/create"
#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define MDEV		PARENT "/" UUID

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

/* What is there for one who looks when ADD has been heard. */
static struct um_uevents *ears;
static bool *heard;		/* schedules have a process of their own */

static long hear(void *arg)
{
	static const char *const paths[] = {
		MDEV, MDEV "/remove", MDEV "/mdev_type", MDEV "/uevent", MDEV "/subsystem",
		MDEV "/vendor/uuid", "/sys/bus/mdev/devices/" UUID,
		PARENT "/mdev_supported_types/mdev_test-1/devices/" UUID,
	};
	static const char add[] = "add@";
	bool now = false;
	char event[4096];
	unsigned int i;

	while (um_uevents_read(ears, event, sizeof(event)) > 0)
		now |= !strncmp(event, add, strlen(add)) && strstr(event, "/" UUID);
	*heard |= now;
	for (i = 0; now && i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!exists(paths[i]))
			return wrong(paths[i], now, i);
	return 0;
}

static long forget(void *arg)
{
	char event[4096];

	while (um_uevents_read(ears, event, sizeof(event)) > 0)
		;
	return 0;
}

static long created_and_whole(void *arg, long created, long looked)
{
	return looked || created != UUID_LEN || remove_it(NULL) != 1;
}

static void who_hears_add_finds_all_files(void **state)
{
	const struct um_interleaving s = {
		.name = "create, hear", .setup = forget,
		.first = create, .second = hear, .check = created_and_whole,
	};

	ears = um_uevents_open();
	heard = mmap(NULL, sizeof(*heard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(heard, MAP_FAILED);
	all_orders_are_right(&s);
	assert_true(*heard);
	munmap(heard, sizeof(*heard));
	um_uevents_close(ears);
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

/* Either nothing of it is left, or all is there: the class link as well. */
static long registered_or_not(void *arg, long registered, long unregistered)
{
	bool there = exists(CREATE);

	if (registered != 1 || unregistered != 1)
		return wrong("register", registered, unregistered);
	if (exists("/sys/class/mdev_bus/parent0") != there)
		return wrong("class link", registered, there);
	if (!there)
		return register_parent(NULL) != 1;
	return 0;
}

static void parent_is_unregistered_while_it_is_registered(void **state)
{
	const struct um_interleaving s = {
		.name = "register, unregister meanwhile", .setup = unregister_first,
		.first = register_parent, .second = unregister_parent,
		.check = registered_or_not,
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

/* ---- unloading ----------------------------------------------------------------- */

static long reload(void *arg)
{
	if (!exists("/sys/module/mdev") && um_insmod("mdev", NULL))
		return -EIO;
	if (!exists("/sys/module/mdev_test_parent") && um_insmod("mdev_test_parent", NULL))
		return -EIO;
	return create_first(arg);
}

/* The core is in use as long as somebody has an mdev. */
static long unload_vendor_and_core(void *arg)
{
	long vendor = um_rmmod("mdev_test_parent");

	return vendor ? vendor : um_rmmod("mdev");
}

static long nothing_is_left(void *arg, long removed, long unloaded)
{
	if (removed != 1 && !is_gone(removed))
		return wrong("remove", removed, unloaded);
	if (unloaded && unloaded != -EWOULDBLOCK)
		return wrong("unload", removed, unloaded);
	return unloaded && um_rmmod("mdev");
}

/* No step of the core's is taken after its unload: a sanitizer or a crash would tell. */
static void core_is_unloaded_while_an_mdev_is_removed(void **state)
{
	const struct um_interleaving s = {
		.name = "remove, unload vendor and core meanwhile", .setup = reload,
		.first = remove_it, .second = unload_vendor_and_core, .check = nothing_is_left,
	};

	all_orders_are_right(&s);
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(mdev_is_removed_while_it_is_created),
		POINTS_TEST(who_hears_add_finds_all_files),
		POINTS_TEST(uuid_is_given_to_one_of_two),
		POINTS_TEST(parent_is_unregistered_while_an_mdev_is_created),
		POINTS_TEST(mdev_is_created_while_the_parent_is_unregistered),
		POINTS_TEST(mdev_is_created_while_the_parent_is_registered),
		POINTS_TEST(parent_is_unregistered_while_it_is_registered),
		POINTS_TEST(two_remove_one_mdev),
		POINTS_TEST(parent_is_unregistered_while_an_mdev_is_removed),
		POINTS_TEST(mdev_is_removed_while_the_parent_is_unregistered),
		POINTS_TEST(core_is_unloaded_while_an_mdev_is_removed),
		POINTS_TEST(creating_among_many_takes_no_more_steps),
	};

	on_fibers(argv);
	return run_points("mdev_points", tests);
}
