// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of kmalloc() and of caches that are used after their end, behind it,
 * or freed again: told with what they were, where they were allocated and where
 * freed. Under ASan by ASan, when it happens; in other builds by the redzone
 * and the quarantine (shim/check/quarantine.c). Each fault is made in a process
 * of its own, which most do not survive.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "child.h"
#include "quarantine.h"
#include "report.h"
#include "umdev/umdev.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#elif __has_feature(memory_sanitizer)
#define HAVE_MSAN 1
#endif
#endif
#ifndef HAVE_ASAN
#define HAVE_ASAN 0
#endif

#define KERN " (tests/unit/quarantine_kern.c:"

static void trust_index(void)
{
	k_trust_index(8);
}

static void trust_shift(void)
{
	k_trust_shift(64);
}

static void write_after_free_and_push_out(void)
{
	k_write_after_free();
	k_push_out();
}

static const struct {
	const char *name;
	void (*fn)(void);
} faults[] = {
	{ "written", k_write_after_free },
	{ "pushed", write_after_free_and_push_out },
	{ "cache", k_write_after_free_to_cache },
	{ "page", k_write_freed_page },
	{ "area", k_write_freed_area },
	{ "large-area", k_write_freed_large_area },
	{ "behind", k_write_behind },
	{ "behind-freed", k_write_behind_and_free },
	{ "twice", k_free_twice },
	{ "inside", k_free_inside },
	{ "nowhere", k_free_no_object },
	{ "followed", k_follow_freed },
	{ "called", k_call_freed },
	{ "unwritten", k_follow_unwritten },
	{ "deleted", k_follow_deleted },
	{ "reference", k_put_freed },
	{ "index", trust_index },
	{ "shift", trust_shift },
	{ "tasks", k_free_in_tasks },
	{ "race", k_race_of_freers },
};

/* Which sanitizers this build has, for reports.sh. */
static void print_sanitizers(void)
{
	if (HAVE_ASAN)
		printf("ASan\n");
#ifdef __SANITIZE_THREAD__
	printf("TSan\n");
#endif
#ifdef HAVE_MSAN
	printf("MSan\n");
#endif
#ifdef UMDEV_UBSAN
	printf("UBSan\n");
#endif
}

static int child_main(const char *name)
{
	size_t i;

	um_console_level(0);
	if (!strcmp(name, "sanitizers")) {
		print_sanitizers();
		fflush(stdout);
	}
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (!strcmp(name, faults[i].name))
			faults[i].fn();
	/* not what is left: LSan's leaks would end the process otherwise than a report does */
	_exit(um_check_splats() ? 3 : 0);
}

static char text[65536];

/* What a build with ASan says, and one without. */
#define ASAN(...) ((const char *const []){ __VA_ARGS__, NULL })
#define OTHERS(...) ((const char *const []){ __VA_ARGS__, NULL })

static void tells(const char *name, const char *const *asan, const char *const *others)
{
	run_child(name, text, sizeof(text));
	report_says(text, HAVE_ASAN ? asan : others);
}

static void write_to_a_freed_object_is_told(void **state)
{
	tells("written",
	      ASAN("umdev: ASan: heap-use-after-free", " in k_write_after_free" KERN,
		   "    allocated\n", "k_new" KERN, "    freed\n", "k_free" KERN),
	      OTHERS("use after free: object of 64 bytes of kmalloc() was written at byte 8, after it was freed: 0102 instead of 6b",
		     "    allocated at\n", "k_new" KERN, "k_write_after_free" KERN,
		     "    freed at\n", "k_free" KERN, "k_write_after_free" KERN));
}

/* Nobody looks for it: whoever frees the last object of many finds it. */
static void write_to_a_freed_object_is_told_when_it_leaves(void **state)
{
	uint64_t seq = um_kmsg_seq();

	if (HAVE_ASAN) {
		tells("pushed", ASAN(" in k_write_after_free" KERN), NULL);
		return;
	}
	um_expect_splat("use after free: object of 64 bytes of kmalloc() was written at byte 8");
	k_write_after_free();
	assert_null(strstr(report_text(&seq), "use after free"));
	k_push_out();
	assert_non_null(strstr(report_text(&seq), "use after free: object of 64 bytes"));
}

static void damage_is_told_once(void **state)
{
	uint64_t seq = um_kmsg_seq();

	if (HAVE_ASAN) {
		tells("written", ASAN("ABORTING"), NULL);
		return;
	}
	um_expect_splat("use after free: object of 64 bytes");
	k_write_after_free();
	assert_int_equal(um_check_splats(), 0);
	assert_non_null(strstr(report_text(&seq), "use after free"));
	k_push_out();
	assert_null(strstr(report_text(&seq), "use after free"));
}

/* The object's cache is gone by then; its last byte is another than the rest. */
static void write_to_a_freed_object_of_a_cache_names_the_cache(void **state)
{
	tells("cache",
	      ASAN("umdev: ASan: heap-use-after-free", "k_write_after_free_to_cache" KERN),
	      OTHERS("use after free: object of 24 bytes of cache things was written at byte 23, after it was freed: 00 instead of a5",
		     "    allocated at\n", "k_write_after_free_to_cache" KERN,
		     "    freed at\n", "k_write_after_free_to_cache" KERN));
}

static void write_to_a_freed_page_is_told(void **state)
{
	tells("page",
	      ASAN("umdev: ASan: use-after-poison", " in k_write_freed_page" KERN),
	      OTHERS("use after free: page 0x", " was written at byte 100 after it was freed: 01 instead of aa",
		     "    made at\n", "k_new_page" KERN, "    freed at\n",
		     "k_write_freed_page" KERN));
}

static void write_to_a_freed_area_is_told(void **state)
{
	tells("area",
	      ASAN("umdev: ASan: use-after-poison", " in write_freed_area" KERN),
	      OTHERS("use after free: page 0x", " was written at byte 0 after it was freed: 01 instead of aa"));
	tells("large-area",
	      ASAN("umdev: ASan: use-after-poison", " in write_freed_area" KERN),
	      OTHERS("use after free: page 0x", " was written at byte 0 after it was freed: 01 instead of 00",
		     "    made at\n", "k_write_freed_large_area" KERN, "    freed at\n"));
}

static void write_to_a_freed_large_area_is_told_when_it_is_handed_out_again(void **state)
{
	uint64_t seq = um_kmsg_seq();

	if (HAVE_ASAN) {
		tells("large-area", ASAN(" in write_freed_area" KERN), NULL);
		return;
	}
	um_expect_splat(" was written at byte 0 after it was freed");
	k_write_freed_large_area();
	k_use_large_areas();
	assert_non_null(strstr(report_text(&seq), "use after free: page 0x"));
	assert_int_equal(um_check_splats(), 0);
}

static void write_to_a_freed_page_is_told_when_it_is_handed_out_again(void **state)
{
	uint64_t seq = um_kmsg_seq();

	if (HAVE_ASAN) {
		tells("page", ASAN(" in k_write_freed_page" KERN), NULL);
		return;
	}
	um_expect_splat(" was written at byte 100 after it was freed");
	k_write_freed_page();
	assert_null(strstr(report_text(&seq), "use after free"));
	k_use_all_pages();
	assert_non_null(strstr(report_text(&seq), "use after free: page 0x"));
}

static void write_behind_a_live_object_is_told(void **state)
{
	tells("behind",
	      ASAN("umdev: ASan: heap-buffer-overflow", " in k_write_behind" KERN,
		   "    allocated\n", "k_new" KERN),
	      OTHERS("out of bounds: object of 13 bytes of kmalloc() was written at byte 13, behind its end: 01 instead of cc",
		     "    allocated at\n", "k_new" KERN, "k_write_behind" KERN));
	assert_null(strstr(text, "freed at"));
}

static void write_behind_an_object_is_told_when_it_is_freed(void **state)
{
	tells("behind-freed",
	      ASAN("umdev: ASan: heap-buffer-overflow", " in k_write_behind" KERN),
	      OTHERS("out of bounds: object of 13 bytes of kmalloc() was written at byte 13",
		     "    allocated at\n", "k_write_behind" KERN, "Call Trace:",
		     "k_free" KERN, "k_write_behind_and_free" KERN));
}

static void second_kfree_tells_the_first(void **state)
{
	tells("twice",
	      ASAN("umdev: ASan: attempting double-free", " in k_free" KERN, "k_free_twice" KERN,
		   "    allocated\n", "k_new" KERN, "    freed\n", "k_free" KERN),
	      OTHERS("double free: kfree() of object of 32 bytes of kmalloc(), which was freed before",
		     "    allocated at\n", "k_new" KERN, "k_free_twice" KERN, "    freed at\n",
		     "k_free" KERN, "k_free_twice" KERN, "Call Trace:", "k_free_twice" KERN));
}

static void kfree_of_the_middle_of_an_object_is_told(void **state)
{
	tells("inside",
	      ASAN("umdev: ASan: attempting free on address which was not malloc()-ed",
		   "k_free_inside" KERN),
	      OTHERS("invalid free: kfree() of byte 8 of an object of 32 bytes of kmalloc()\n",
		     "    allocated at\n", "k_new" KERN, "Call Trace:", "k_free_inside" KERN));
}

static void kfree_of_what_is_no_object_is_told(void **state)
{
	tells("nowhere",
	      ASAN("umdev: ASan: attempting free on address which was not malloc()-ed",
		   "k_free_no_object" KERN),
	      OTHERS("invalid free: kfree() of ", "where no object begins", "Call Trace:",
		     "k_free_no_object" KERN));
}

static void pointer_out_of_a_freed_object_is_told_where_it_is_followed(void **state)
{
	tells("followed",
	      ASAN("umdev: ASan: heap-use-after-free", " in k_follow_freed" KERN),
	      OTHERS("use after free: k_follow_freed" KERN,
		     " follows a pointer read from freed memory: 0x6b6b6b6b6b6b6b",
		     "    touched at\n", "k_follow_freed" KERN));
}

static void function_of_a_freed_object_is_told_where_it_is_called(void **state)
{
	tells("called",
	      ASAN("umdev: ASan: heap-use-after-free", " in k_call_freed" KERN),
	      OTHERS("use after free: k_call_freed" KERN,
		     " follows a pointer read from freed memory: 0xa56b6b6b6b6b6b6b"));
}

static void pointer_out_of_a_new_object_is_told_where_it_is_followed(void **state)
{
	static const char *const says[] = {
#ifdef HAVE_MSAN
		"MSan: use-of-uninitialized-value in k_follow_unwritten" KERN,
#else
		"uninitialised memory: k_follow_unwritten" KERN,
		" follows a pointer read from memory that nobody has written: 0x5ae3971cb24d6",
#endif
		NULL
	};

	tells("unwritten", says, says);
}

static void link_of_a_deleted_entry_is_told_where_it_is_followed(void **state)
{
	static const char *const says[] = {
		"use after free: k_follow_deleted" KERN,
		" follows a pointer read from an entry that was deleted from its list: 0xdead0000000001",
		NULL
	};

	tells("deleted", says, says);
}

static void reference_on_a_freed_object_tells_of_its_memory_too(void **state)
{
	tells("reference",
	      ASAN("a reference on kobject 'freed' is given back after it was freed", "made at",
		   "freed at", "k_put_freed" KERN, "umdev: ASan: heap-use-after-free"),
	      OTHERS("a reference on kobject 'freed' is given back after it was freed", "made at",
		     "freed at", "k_put_freed" KERN, "    byte 0 of an object of ",
		     "    allocated at\n", "k_put_freed" KERN, "    freed at\n"));
}

static void trusted_index_is_told(void **state)
{
	tells("index",
	      ASAN("umdev: ASan: heap-buffer-overflow", " in k_trust_index" KERN),
	      OTHERS("out of bounds: object of 32 bytes of kmalloc() was written at byte 32",
		     "    allocated at\n", "k_trust_index" KERN));
}

static void quarantine_is_off_with_the_detectors(void **state)
{
	setenv("UMDEV_DETECTORS", "off", 1);
	run_child("written", text, sizeof(text));
	unsetenv("UMDEV_DETECTORS");
	assert_null(strstr(text, "use after free: object"));
	assert_non_null(strstr(text, "umdev: detectors are off"));
	/* a sanitizer stays on */
	if (HAVE_ASAN)
		assert_non_null(strstr(text, "heap-use-after-free"));
}

/* TSan would call the end of the quarantine a race with the use before it. */
static void leaving_the_quarantine_races_with_no_use(void **state)
{
	int status = run_child("tasks", text, sizeof(text));

	if (!WIFEXITED(status) || WEXITSTATUS(status))
		print_error("%s\n", text);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void quarantine_orders_no_tasks(void **state)
{
#ifdef __SANITIZE_THREAD__
	run_child("race", text, sizeof(text));
	report_says(text, ASAN("ThreadSanitizer: data race", "umdev: TSan: data-race in free_and_count" KERN,
			       "of 8 bytes by thread", "free_and_count" KERN));
#else
	puts("SKIP: this build has no TSan (preset tsan has)");
	skip();
#endif
}

static void finding_of_ubsan_names_the_drivers_line(void **state)
{
#ifdef UMDEV_UBSAN
	tells("shift", ASAN("umdev: UBSan: Shift exponent 64 is too large", " in k_trust_shift" KERN),
	      ASAN("umdev: UBSan: Shift exponent 64 is too large", " in k_trust_shift" KERN));
#else
	puts("SKIP: this build has no UBSan (preset test has)");
	skip();
#endif
}

static int teardown(void **state)
{
	return um_check_splats();
}

/* Frames are looked at as the shim names them; that ASan names them too takes most of the time. */
static int setup_options(void **state)
{
	const char *options = getenv("ASAN_OPTIONS");
	char quick[512];

	snprintf(quick, sizeof(quick), "%s%ssymbolize=0", options ? options : "",
		 options ? ":" : "");
	return setenv("ASAN_OPTIONS", quick, 1);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
		T(write_to_a_freed_object_is_told),
		T(write_to_a_freed_object_is_told_when_it_leaves),
		T(damage_is_told_once),
		T(write_to_a_freed_object_of_a_cache_names_the_cache),
		T(write_to_a_freed_page_is_told),
		T(write_to_a_freed_area_is_told),
		T(write_to_a_freed_page_is_told_when_it_is_handed_out_again),
		T(write_behind_a_live_object_is_told),
		T(write_behind_an_object_is_told_when_it_is_freed),
		T(second_kfree_tells_the_first),
		T(kfree_of_the_middle_of_an_object_is_told),
		T(kfree_of_what_is_no_object_is_told),
		T(pointer_out_of_a_freed_object_is_told_where_it_is_followed),
		T(function_of_a_freed_object_is_told_where_it_is_called),
		T(pointer_out_of_a_new_object_is_told_where_it_is_followed),
		T(link_of_a_deleted_entry_is_told_where_it_is_followed),
		T(reference_on_a_freed_object_tells_of_its_memory_too),
		T(trusted_index_is_told),
		T(quarantine_is_off_with_the_detectors),
		T(leaving_the_quarantine_races_with_no_use),
		T(quarantine_orders_no_tasks),
		T(finding_of_ubsan_names_the_drivers_line),
		/* from here on there are more pages */
		T(write_to_a_freed_large_area_is_told_when_it_is_handed_out_again),
	};

	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("quarantine", tests, setup_options, NULL))
		return 1;
	return um_shutdown() != 0;
}
