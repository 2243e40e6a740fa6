// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of references: what is left is told in groups with its
 * holders, what is used after its end with its whole life; and releases that
 * come late.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>

#include <cmocka.h>

#include "child.h"
#include "late.h"
#include "references.h"
#include "umdev/umdev.h"

static char lines[65536];

static int setup(void **state)
{
	um_audit_mark();
	lines[0] = '\0';
	return 0;
}

static int teardown(void **state)
{
	return um_check_splats() + um_audit(NULL, NULL);
}

static void keep_line(const char *line, void *arg)
{
	size_t used = strlen(lines);

	snprintf(lines + used, sizeof(lines) - used, "%s\n", line);
}

/* All of them, in that order. */
static void says(const char *text, const char *const *parts)
{
	const char *at = text;

	for (; *parts; parts++) {
		at = strstr(at, *parts);
		if (!at) {
			print_error("no '%s' where it should be in:\n%s\n", *parts, text);
			fail();
		}
	}
}
#define SAYS(text, ...) says(text, (const char *const []){ __VA_ARGS__, NULL })

static void skip_if_vfio_frees(void)
{
	if (k_vfio_device_may_be_static())
		return;
	puts("SKIP: at this level VFIO frees its devices, so that none is static");
	skip();
}

static void leaks_are_grouped_with_their_holders(void **state)
{
	assert_int_equal(k_leak_three(), 0);
	assert_int_equal(um_audit(keep_line, NULL), 3);
	SAYS(lines, "umdev: still alive: 3 times kobject 'kept0', 'kept1', 'kept2'",
	     "3 taken at", "k_hold (tests/unit/references_kern.c:", "k_leak_three",
	     "made at", "k_leak_three (tests/unit/references_kern.c:");
	assert_null(strstr(strstr(lines, "still alive") + 1, "still alive"));
	k_give_back_three();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

#define KERN " (tests/unit/references_kern.c:"

static void leaked_device_is_told_with_its_holder(void **state)
{
	assert_int_equal(k_leak_device(), 0);
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: device 'kept-device'", "1 taken at",
	     "k_leak_device" KERN, "made at", "device_new" KERN);
	k_give_back_device();
}

/* One forgets its put between others that do not: only that one is shown. */
static void who_forgot_is_told_and_pairs_are_counted(void **state)
{
	assert_int_equal(k_keep_new(), 0);
	k_keep_use(true);
	k_keep_use(false);
	k_keep_helped();
	k_keep_end();
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: kobject 'keep'", "    1 taken at", "k_keep_use" KERN,
	     "    made at", "k_keep_new" KERN, "    2 more taken and given back");
	assert_null(strstr(lines, "k_keep_helped"));
	assert_null(strstr(lines, "k_keep_end"));
	assert_null(strstr(lines, "its first reference"));
	assert_null(strstr(lines, "freed at"));
	k_keep_put();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void all_holders_are_shown_when_asked_for(void **state)
{
	assert_int_equal(k_keep_new(), 0);
	k_keep_use(true);
	k_keep_helped();
	setenv("UMDEV_VERBOSE", "1", 1);
	assert_int_equal(um_audit(keep_line, NULL), 1);
	unsetenv("UMDEV_VERBOSE");
	SAYS(lines, "still alive: kobject 'keep'", "made at");
	assert_non_null(strstr(lines, "k_keep_helped"));
	assert_null(strstr(lines, "more taken and given back"));
	k_keep_put();
	k_keep_end();
}

/* Nobody but the first holder could have put it, and that one has taken it out of use. */
static void first_reference_that_is_kept_is_told_with_the_removal(void **state)
{
	assert_int_equal(k_keep_new(), 0);
	k_keep_use(false);
	k_keep_del();
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: kobject 'keep'", "its first reference is kept; made at",
	     "k_keep_new" KERN, "taken out of use at", "k_keep_del" KERN);
	k_keep_put();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

/* Who ended what a holder had made with its reference should have put it, too. */
static void end_of_what_a_holder_made_is_told(void **state)
{
	assert_int_equal(k_keep_new(), 0);
	k_keep_for();
	k_keep_end();
	k_end_for();
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: kobject 'keep'", "    1 taken at", "k_keep_for" KERN);
#ifdef __SANITIZE_ADDRESS__
	SAYS(lines, "what was made with it was freed at", "k_end_for" KERN);
#endif
	k_keep_put();
}

/* A helper took it: whoever gives back what else it took has forgotten this one. */
static void who_gives_back_the_rest_is_told(void **state)
{
	assert_int_equal(k_pair_new(), 0);
	k_pair_use(true);
	k_pair_free();
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: kobject 'other'", "    1 taken at", "both_get" KERN,
	     "    what both_get took otherwise is given back at", "both_let_go" KERN);
	k_pair_put();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void and_nobody_where_nothing_is_forgotten(void **state)
{
	assert_int_equal(k_pair_new(), 0);
	k_pair_use(false);
	k_pair_free();
	assert_int_equal(um_audit(keep_line, NULL), 0);
	assert_string_equal(lines, "");
}

static void held_module_is_told_with_its_holder(void **state)
{
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	assert_int_equal(k_hold_module("mod_empty"), 0);
	assert_int_equal(um_rmmod("mod_empty"), -EWOULDBLOCK);
	assert_true(um_audit(keep_line, NULL) > 0);
	SAYS(lines, "still alive: module 'mod_empty'", "1 taken at",
	     "k_hold_module" KERN, "made at");
	k_put_module("mod_empty");
	assert_int_equal(um_rmmod("mod_empty"), 0);
}

static void leaked_iommu_group_is_told_with_its_holders(void **state)
{
	assert_int_equal(k_leak_group(), 0);
	um_audit(keep_line, NULL);
	SAYS(lines, "still alive: IOMMU group '0'", "1 taken at", "k_leak_group" KERN,
	     "made at", "k_leak_group" KERN);
	k_give_back_group();
}

static void leaked_vfio_device_is_told_as_such(void **state)
{
	skip_if_vfio_frees();
	assert_int_equal(k_leak_vfio_device(), 0);
	um_audit(keep_line, NULL);
	SAYS(lines, "still alive: VFIO device 'vfio0'", "made at", "vdev_new" KERN);
	SAYS(lines, "still alive: VFIO registration 'vfio0'", "made at",
	     "k_leak_vfio_device" KERN);
	k_give_back_vfio_device();
}

static void leaked_eventfd_is_told_with_its_taker(void **state)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	assert_int_equal(k_leak_eventfd(fd), 0);
	close(fd);
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: eventfd context 'eventfd ", "made at", "k_leak_eventfd" KERN);
	k_give_back_eventfd();
}

static void leaked_page_is_told_with_its_holder(void **state)
{
	assert_int_equal(k_leak_page(), 0);
	assert_int_equal(um_audit(keep_line, NULL), 1);
	SAYS(lines, "still alive: page 'pfn ", "2 references", "1 taken at", "k_leak_page" KERN,
	     "made at", "k_leak_page" KERN);
	k_give_back_page();
}

/* Kernel messages from @seq on, as one text. */
static const char *messages_since(uint64_t seq)
{
	size_t used = 0;
	ssize_t n;
	int level;

	while ((n = um_kmsg_read(&seq, &level, lines + used, sizeof(lines) - used - 2)) > 0) {
		used += n;
		lines[used++] = '\n';
	}
	lines[used] = '\0';
	return lines;
}

static void second_put_tells_the_objects_life(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("reference: a reference on kobject 'twice' is given back after it was freed");
	um_expect_splat("refcount_t: underflow");
	k_put_twice();
	SAYS(messages_since(seq), "is given back after it was freed", "made at", "plain_new",
	     "freed at", "k_put_twice (tests/unit/references_kern.c:", "PID:", "Call Trace:",
	     "k_put_twice (tests/unit/references_kern.c:");
	SAYS(lines, "made at", "1 taken at", "k_hold (tests/unit/references_kern.c:", "freed at");
	SAYS(lines, "made at", "1 given back at", "k_put_twice (tests/unit/references_kern.c:",
	     "freed at");
}

/* The last to give it back is right; somebody did so before who had not taken it. */
static void put_too_many_is_told_and_not_the_last_one(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("reference: a reference on kobject 'mistaken' is given back after it was freed");
	um_expect_splat("refcount_t: underflow");
	k_put_by_mistake();
	SAYS(messages_since(seq), "made at", "plain_new" KERN, "    1 given back without being taken at",
	     "plain_mistake" KERN);
	SAYS(lines, "    1 given back at", "plain_end" KERN, "    1 given back without");
}

static void taking_a_reference_after_the_end_is_told(void **state)
{
	um_expect_splat("reference: a reference on kobject 'gone' is taken after it was freed");
	um_expect_splat("refcount_t: addition on 0");
	k_get_after_free();
}

/* The addresses alone are the same. */
static void life_of_what_lay_there_before_is_told_of_nothing_new(void **state)
{
	if (k_reuse_memory())
		return;
	puts("SKIP: a sanitizer keeps freed memory for itself (preset release shows it)");
	skip();
}

static void second_put_of_a_device_tells_its_life(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("reference: a reference on device 'kept-device' is given back after it was freed");
	um_expect_splat("refcount_t: underflow");
	k_put_device_twice();
	SAYS(messages_since(seq), "made at", "device_new" KERN, "freed at",
	     "k_put_device_twice" KERN, "Call Trace:", "k_put_device_twice" KERN);
}

static void put_of_a_module_that_nobody_holds_tells_its_holders(void **state)
{
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	assert_int_equal(k_hold_module("mod_empty"), 0);
	k_put_module("mod_empty");
	um_expect_splat("reference: a reference on module 'mod_empty' is given back that nobody has");
	k_put_module("mod_empty");
	SAYS(messages_since(seq), "given back that nobody has", "made at", "Call Trace:",
	     "k_put_module" KERN);
	SAYS(lines, "1 taken at", "k_hold_module" KERN, "Call Trace:");
	SAYS(lines, "1 given back without being taken at", "k_put_module" KERN,
	     "1 given back at", "k_put_module" KERN, "Call Trace:");
	assert_int_equal(um_rmmod("mod_empty"), 0);
}

static void second_put_of_a_vfio_device_tells_its_life(void **state)
{
	uint64_t seq = um_kmsg_seq();

	skip_if_vfio_frees();
	um_expect_splat("reference: a reference on VFIO device '");
	um_expect_splat("refcount_t: underflow");
	k_put_vfio_device_twice();
	SAYS(messages_since(seq), "is given back after it was freed", "made at",
	     "vdev_new" KERN, "freed at", "k_put_vfio_device_twice" KERN);
}

static void second_put_of_a_page_tells_its_life(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("reference: a reference on page 'pfn ");
	um_expect_splat("page: put_page() of the free page");
	k_put_page_twice();
	SAYS(messages_since(seq), "made at", "k_leak_page" KERN, "freed at",
	     "k_give_back_page" KERN, "Call Trace:", "k_put_page_twice" KERN);
}

/* ---- in a process of its own ------------------------------------------------- */

static void put_eventfd(void)
{
	k_put_eventfd_twice(eventfd(0, 0));
}

/* What a module left is used when the module is gone. */
static void use_unloaded(const char *left)
{
	um_insmod("leaky", left);
	um_rmmod("leaky");
	k_give_back_leaky();
	um_late_flush();
}

static void call_unloaded(void)
{
	use_unloaded("left=code");
}

static void read_unloaded(void)
{
	use_unloaded("left=data");
}

static long unregister_twice(void *arg)
{
	k_unregister_vfio_device_twice();
	return 0;
}

/* The second time waits for ever. */
static void unregister(void)
{
	um_task_wait_blocked(um_task_start("twice", unregister_twice, NULL));
	_exit(0);
}

static void leak_and_complain(void)
{
	k_complain();
	k_leak_three();
	if (!k_pair_new()) {
		k_pair_use(true);
		k_pair_free();
	}
	um_audit(NULL, NULL);
}

static long nothing(void *arg)
{
	return 0;
}

/* Nobody looks: neither must anybody say that all is well. */
static void look_nowhere(void)
{
	struct um_scenario s = { .name = "off", .run = nothing, .undo = nothing };
	struct um_sweep r = { .faults = 0 };

	k_leak_three();
	if (um_audit(keep_line, NULL) || um_sweep(&s, &r) != -EOPNOTSUPP || um_detectors_on())
		fputs("somebody looked\n", stderr);
	fputs(lines, stderr);
	k_give_back_three();
}

static const struct {
	const char *name;
	void (*fn)(void);
} children[] = {
	{ "heap", k_put_twice_in_heap },
	{ "group", k_put_group_twice },
	{ "registration", unregister },
	{ "eventfd", put_eventfd },
	{ "await", k_wait_for_release },
	{ "unloaded-code", call_unloaded },
	{ "unloaded-data", read_unloaded },
	{ "complain", leak_and_complain },
	{ "off", look_nowhere },
};

static int child_main(const char *name)
{
	size_t i;

	um_console_level(7);
	for (i = 0; i < sizeof(children) / sizeof(children[0]); i++)
		if (!strcmp(name, children[i].name))
			children[i].fn();
	if (!strcmp(name, "lost"))
		k_lose_memory();
	if (!strcmp(name, "lost_counted"))
		k_lose_counted();
	if (!strcmp(name, "lost_by_hand"))
		k_lose_counted_by_hand();
	if (!strcmp(name, "late"))
		return k_late();
	if (!strcmp(name, "leaky"))
		return um_insmod("leaky", NULL) || um_rmmod("leaky") || !um_shutdown();
	return 0;
}

static void second_put_in_freed_memory_is_told_before_it_is_touched(void **state)
{
	static char text[65536];

	run_child("heap", text, sizeof(text));
	SAYS(text, "a reference on kobject 'heap' is given back after it was freed",
	     "k_put_twice_in_heap" KERN);
	run_child("group", text, sizeof(text));
	/* the group goes with the release of its directory */
	SAYS(text, late_release() ? "a reference on IOMMU group directory 'devices'"
				  : "a reference on IOMMU group '0'",
	     "is given back after it was freed", "made at", "k_leak_group" KERN,
	     "1 taken at", "k_leak_group" KERN, "freed at",
	     "k_give_back_group" KERN, "Call Trace:", "k_put_group_twice" KERN);
	run_child("eventfd", text, sizeof(text));
	SAYS(text, "a reference on eventfd context 'eventfd ", "is given back after it was freed",
	     "made at", "k_leak_eventfd" KERN, "freed at", "k_put_eventfd_twice" KERN,
	     "Call Trace:", "k_put_eventfd_twice" KERN);
}

static void second_unregistration_of_a_vfio_device_tells_the_first(void **state)
{
	static char text[65536];

	skip_if_vfio_frees();
	run_child("registration", text, sizeof(text));
	SAYS(text, "a reference on VFIO registration 'vfio0' is given back after it was freed",
	     "made at", "k_leak_vfio_device" KERN, "1 given back at",
	     "k_unregister_vfio_device_twice" KERN, "freed at",
	     "k_unregister_vfio_device_twice" KERN, "Call Trace:");
}

/* Which call, of those that the shim made, came to the release of leaky's object. */
static const char *releaser(void)
{
	return late_release() ? "late_fn (shim/lib/kobject_late.c:" : "k_give_back_leaky" KERN;
}

static void call_into_an_unloaded_module_is_named(void **state)
{
	static char text[65536];
	int status = run_child("unloaded-code", text, sizeof(text));

	assert_true(WIFSIGNALED(status));
	SAYS(text, "module leaky is unloaded and leaves 1 object alive",
	     "module: leaky_release (tests/modules/leaky.c:", "[unloaded] is called by",
	     "its module is gone", "touched at", releaser());
}

static void use_of_an_unloaded_modules_data_is_named(void **state)
{
	static char text[65536];
	int status = run_child("unloaded-data", text, sizeof(text));

	assert_true(WIFSIGNALED(status));
	SAYS(text, "module leaky is unloaded and leaves 1 object alive", "module: 0x",
	     "is accessed in ", "data of a module that is gone, at leaky_ktype", "touched at",
	     releaser());
}

/* Leaked is what was not freed, and that is another's fault than its maker's. */
static void release_that_frees_nothing_is_told(void **state)
{
#ifdef __SANITIZE_ADDRESS__
	static char text[65536];

	run_child("lost_counted", text, sizeof(text));
	SAYS(text, "objects leaked, allocated in k_lose_counted", "released, and not freed, by",
	     "counted_release" KERN, "k_lose_counted" KERN);
	run_child("lost_by_hand", text, sizeof(text));
	SAYS(text, "objects leaked, allocated in counted_new", "released, and not freed, by",
	     "k_lose_counted_by_hand" KERN);
	run_child("lost", text, sizeof(text));
	SAYS(text, "objects leaked, allocated in k_lose_memory");
	assert_null(strstr(text, "released, and not freed"));
#else
	puts("SKIP: nothing looks for leaks without ASan");
	skip();
#endif
}

static void unload_tells_what_the_module_leaves(void **state)
{
	static char text[65536];
	int status = run_child("leaky", text, sizeof(text));

	SAYS(text, "module leaky is unloaded and leaves 1 object alive",
	     "still alive: kobject 'leaky'", "made at",
	     "leaky_init (tests/modules/leaky.c:", "1 taken at",
	     "leaky_init (tests/modules/leaky.c:");
	/* told, and no more than that: the list of what is alive still has it, for LSan too */
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void detectors_that_are_off_say_so(void **state)
{
	static char text[65536];
	int status;

	assert_true(um_detectors_on());
	setenv("UMDEV_DETECTORS", "off", 1);
	status = run_child("off", text, sizeof(text));
	unsetenv("UMDEV_DETECTORS");
	assert_true(WIFEXITED(status));
	SAYS(text, "umdev: detectors are off (UMDEV_DETECTORS=off)",
	     "umdev: not audited: detectors are off\n");
	assert_null(strstr(text, "somebody looked"));
	assert_null(strstr(text, "still alive"));
}

static int late_child(const char *name, const char *on)
{
	static char text[65536];
	int status;

	setenv("UMDEV_LATE_RELEASE", on, 1);
	status = run_child(name, text, sizeof(text));
	unsetenv("UMDEV_LATE_RELEASE");
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void release_comes_at_once_or_late_as_told(void **state)
{
	assert_int_equal(late_child("late", "0"), 3);
	assert_int_equal(late_child("late", "1"), 2);
}

static void who_waits_for_a_late_release_gets_it(void **state)
{
	assert_int_equal(late_child("await", "1"), 0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(leaks_are_grouped_with_their_holders),
		T(leaked_device_is_told_with_its_holder),
		T(who_forgot_is_told_and_pairs_are_counted),
		T(all_holders_are_shown_when_asked_for),
		T(first_reference_that_is_kept_is_told_with_the_removal),
		T(end_of_what_a_holder_made_is_told),
		T(who_gives_back_the_rest_is_told),
		T(and_nobody_where_nothing_is_forgotten),
		T(held_module_is_told_with_its_holder),
		T(leaked_iommu_group_is_told_with_its_holders),
		T(leaked_vfio_device_is_told_as_such),
		T(leaked_eventfd_is_told_with_its_taker),
		T(leaked_page_is_told_with_its_holder),
		T(release_that_frees_nothing_is_told),
		T(second_put_tells_the_objects_life),
		T(put_too_many_is_told_and_not_the_last_one),
		T(taking_a_reference_after_the_end_is_told),
		T(life_of_what_lay_there_before_is_told_of_nothing_new),
		T(second_put_of_a_device_tells_its_life),
		T(put_of_a_module_that_nobody_holds_tells_its_holders),
		T(second_put_of_a_vfio_device_tells_its_life),
		T(second_put_of_a_page_tells_its_life),
		T(second_put_in_freed_memory_is_told_before_it_is_touched),
		T(second_unregistration_of_a_vfio_device_tells_the_first),
		T(call_into_an_unloaded_module_is_named),
		T(use_of_an_unloaded_modules_data_is_named),
		T(unload_tells_what_the_module_leaves),
		T(detectors_that_are_off_say_so),
		T(release_comes_at_once_or_late_as_told),
		T(who_waits_for_a_late_release_gets_it),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("references", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
