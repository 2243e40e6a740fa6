// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that are told, and things that are told to be left, for which no program of
 * their own subject stands: each is planted, and stands beside what is like it and
 * right. tests/detectors looks for what has no such case anywhere.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/hardware.h>
#include <umdev/umdev.h>

#include "told.h"

static struct um_pci *card;

static int setup(void **state)
{
	um_check_splats();
	card = um_pci_add_text("1af4:1112,bar0=4K,msi=1");
	return !card || k_begin();
}

static int teardown(void **state)
{
	k_end();
	um_pci_remove(card);
	um_late_flush();
	return um_check_splats();
}

static void faults_are_told(void **state)
{
	const struct told_fault *f;
	int bad = 0;

	for (f = k_faults; f->words; f++) {
		um_expect_splat(f->words);
		f->fault();
		if (!um_check_splats())
			continue;
		print_error("not told: %s\n", f->words);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static void clean_twins_are_not(void **state)
{
	const struct told_fault *f;

	for (f = k_faults; f->words; f++) {
		f->clean();
		if (um_check_splats())
			fail_msg("told without a fault: %s", f->words);
	}
}

static char lines[65536];

static void keep_line(const char *line, void *arg)
{
	size_t n = strlen(lines);

	snprintf(lines + n, sizeof(lines) - n, "%s\n", line);
}

static int is_left(const char *sort)
{
	char words[96];

	snprintf(words, sizeof(words), "still alive: %s '", sort);
	lines[0] = '\0';
	um_audit(keep_line, NULL);
	return strstr(lines, words) != NULL;
}

static void what_is_left_is_told_and_what_is_dropped_is_not(void **state)
{
	const struct told_left *l;
	int bad = 0;

	for (l = k_left; l->sort; l++) {
		um_audit_mark();
		l->make();
		if (!is_left(l->sort)) {
			print_error("%s: it is not told to be left\n%s", l->sort, lines);
			bad++;
		}
		l->drop();
		um_late_flush();
		if (um_audit(keep_line, NULL)) {
			print_error("%s: it is told when it was dropped\n%s", l->sort, lines);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* The file that a module was loaded from, as the host has it. */
static int path_of(const char *name, char *path, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[1024], *at = NULL;

	while (maps && !at && fgets(line, sizeof(line), maps))
		if (strstr(line, name))
			at = strchr(line, '/');
	if (at)
		snprintf(path, size, "%.*s", (int)strcspn(at, "\n"), at);
	if (maps)
		fclose(maps);
	return at ? 0 : -1;
}

/* Who holds an image by the loader's own means keeps its code where it was. */
static void module_whose_image_is_held_is_told(void **state)
{
	char path[512];
	void *held;

	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	assert_int_equal(um_rmmod("mod_empty"), 0);
	assert_int_equal(um_check_splats(), 0);
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	assert_int_equal(path_of("/mod_empty.ko", path, sizeof(path)), 0);
	held = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
	assert_non_null(held);
	um_expect_splat("mod_empty is still mapped after its unload: something holds its image");
	assert_int_equal(um_rmmod("mod_empty"), 0);
	assert_int_equal(um_check_splats(), 0);
	dlclose(held);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(faults_are_told),
		TEST(clean_twins_are_not),
		TEST(what_is_left_is_told_and_what_is_dropped_is_not),
		TEST(module_whose_image_is_held_is_told),
	};

	if (um_boot(NULL))
		return 1;
	return cmocka_run_group_tests_name("told", tests, NULL, NULL) || um_shutdown();
}
