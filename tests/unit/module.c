// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module loader as a kernel cannot show it, or not without harm: images of the shim's
 * own format that are refused, modules that modpost would not let through, one that
 * cannot be unloaded, what the shim itself does where another program would on a real
 * machine (aliases, autoloading), loads and unloads at once, for TSan, and allocations
 * that fail. All else is in contract/modules.c.
 */
#include <dlfcn.h>
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
#include <unistd.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "../../shim/host/checksum.h"
#include "child.h"
#include "files.h"

static uint64_t kmsg_start;

/* ---- help --------------------------------------------------------------------- */

static int setup(void **state)
{
	kmsg_start = um_kmsg_seq();
	um_audit_mark();
	return 0;
}

static int unload(const char *name, void *arg)
{
	(void)arg;
	um_rmmod(name);
	return 0;
}

static int teardown(void **state)
{
	int left;

	um_fail_nth(0);
	um_autoload(false);
	for (int i = 0; i < 3; i++)
		um_readdir("/sys/module", unload, NULL);
	left = um_audit(NULL, NULL);
	return left + um_check_splats();
}

static bool said(const char *text)
{
	return said_since(kmsg_start, text);
}

static void path_of(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s.ko", getenv("UMDEV_MODULE_DIR"), name);
}

/* The file of a module, to be freed. */
static char *file_of(const char *name, size_t *len)
{
	char path[4096], *bytes = malloc(8 << 20);
	FILE *f;

	path_of(name, path, sizeof(path));
	f = fopen(path, "r");
	assert_true(f && bytes);
	*len = fread(bytes, 1, 8 << 20, f);
	fclose(f);
	return bytes;
}

static int insmod_bytes(const char *bytes, size_t len)
{
	char copy[] = "/tmp/umdev-module-XXXXXX";
	int fd = mkstemp(copy), err = -EIO;

	if (write(fd, bytes, len) == (ssize_t)len)
		err = um_insmod(copy, NULL);
	close(fd);
	unlink(copy);
	return err;
}

/* With a checksum of its own. */
static int insmod_sealed(char *bytes, size_t len)
{
	struct module_trailer trailer = module_trailer_of(bytes, len);

	memcpy(bytes + len, &trailer, sizeof(trailer));
	return insmod_bytes(bytes, len + sizeof(trailer));
}

/*
 * Loads a copy of a module's file in which @from, once, is @to; both are @len bytes.
 * It has been built that way: its checksum is right.
 */
static int insmod_changed(const char *name, const char *from, const char *to, size_t len)
{
	size_t n;
	char *bytes = file_of(name, &n), *at = memmem(bytes, n, from, len);
	int err;

	assert_non_null(at);
	memcpy(at, to, len);
	err = insmod_sealed(bytes, n - sizeof(struct module_trailer));
	free(bytes);
	return err;
}

/* What the child prints on standard error, the kernel's messages up to @level too. */
static char *child(const char *name, const char *level, int want_status)
{
	static char text[65536];
	int status;

	setenv("UMDEV_CONSOLE", level, 1);
	status = run_child(name, text, sizeof(text));
	unsetenv("UMDEV_CONSOLE");
	if (status != want_status)
		print_error("%s", text);
	assert_int_equal(status, want_status);
	return text;
}

/* ---- loading and unloading -------------------------------------------------------- */

static void insmod_by_path(void **state)
{
	char path[4096];

	path_of("mod_exports", path, sizeof(path));
	assert_int_equal(um_insmod("/no/such/file.ko", NULL), -ENOENT);
	assert_int_equal(um_insmod("", NULL), -ENOENT);
	assert_int_equal(um_modprobe("", NULL), -ENOENT);
	assert_int_equal(um_insmod(path, NULL), 0);
	assert_int_equal(um_rmmod("mod-exports"), 0);
}

static void insmod_of_no_module_is_enoexec(void **state)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/modules.dep", getenv("UMDEV_MODULE_DIR"));
	assert_int_equal(um_insmod(path, NULL), -ENOEXEC);
	/* ELF, but a program */
	assert_int_equal(um_insmod("/proc/self/exe", NULL), -ENOEXEC);
	assert_int_not_equal(um_insmod("/", NULL), 0);
}

static void image_that_is_whole_and_no_object_is_enoexec(void **state)
{
	char bytes[256] = "no object at all";

	assert_int_equal(insmod_sealed(bytes, 16), -ENOEXEC);
	assert_int_equal(insmod_sealed(bytes, 0), -ENOEXEC);
	memcpy(bytes, "\177ELF\2\1\1", 8);
	assert_int_equal(insmod_sealed(bytes, 64), -ENOEXEC);
	assert_false(said("checksum"));
}

static void image_that_does_not_say_what_it_is_is_enoexec(void **state)
{
	assert_int_equal(insmod_changed("mod_empty", "name=mod_empty", "nome=mod_empty", 14),
			 -ENOEXEC);
	assert_true(said("module has no name"));
	assert_int_equal(insmod_changed("mod_empty", "vermagic=", "vermagik=", 9), -ENOEXEC);
	assert_true(said("mod_empty: version magic '' should be '"));
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
}

/* Whole, and of the same release: what the build was of stands behind its flags. */
static void image_of_another_build_is_enoexec(void **state)
{
	static const char flags[] = " SMP mod_unload ";
	char *bytes, *at;
	size_t len;

	bytes = file_of("mod_empty", &len);
	at = memmem(bytes, len, flags, sizeof(flags) - 1);
	assert_non_null(at);
	at[sizeof(flags) - 1] ^= 1;
	assert_int_equal(insmod_sealed(bytes, len - sizeof(struct module_trailer)), -ENOEXEC);
	free(bytes);
	assert_true(said("mod_empty: version magic '"));
}

static void image_that_cannot_be_mapped_is_enoexec(void **state)
{
	/* for another operating system, which only the dynamic linker looks at */
	assert_int_equal(insmod_changed("mod_empty", "\177ELF\2\1\1\0", "\177ELF\2\1\1\377", 8),
			 -ENOEXEC);
	assert_true(said("ELF file OS ABI invalid"));
	assert_false(exists("/sys/module/mod_empty"));
}

/*
 * As disks, copies and builds that were stopped leave files: none is looked into.
 * UMDEV_DAMAGED says how many of both.
 */
static void image_that_is_not_as_it_was_built_is_enoexec(void **state)
{
	const char *times = getenv("UMDEV_DAMAGED");
	unsigned int n = times ? atoi(times) : 60, seed = 1, i, k;
	size_t len, at;
	char *bytes = file_of("mod_empty", &len), *copy = malloc(len);

	for (i = 0; i < n; i++) {
		memcpy(copy, bytes, len);
		for (k = 0; k <= i % 4; k++) {
			at = rand_r(&seed) % len;
			copy[at] ^= 1 + rand_r(&seed) % 255;
		}
		assert_int_equal(insmod_bytes(copy, len), -ENOEXEC);
		assert_int_equal(insmod_bytes(bytes, rand_r(&seed) % len), -ENOEXEC);
	}
	assert_true(said("no module, or not as it was built: its checksum is missing or wrong"));
	/* without a checksum; with something behind it; and as it is */
	assert_int_equal(insmod_bytes(bytes, len - sizeof(struct module_trailer)), -ENOEXEC);
	memcpy(copy, bytes, len);
	bytes = realloc(bytes, len + 8);
	memset(bytes + len, 0, 8);
	assert_int_equal(insmod_bytes(bytes, len + 8), -ENOEXEC);
	assert_int_equal(insmod_bytes(copy, len), 0);
	free(copy);
	free(bytes);
}

static void image_that_somebody_holds_is_a_splat(void **state)
{
	char path[4096];
	void *held;

	path_of("mod_empty", path, sizeof(path));
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	held = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
	assert_non_null(held);
	um_expect_splat("mod_empty is still mapped after its unload");
	assert_int_equal(um_rmmod("mod_empty"), 0);
	assert_int_equal(um_check_splats(), 0);
	dlclose(held);
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
}

/* Of the process. */
static unsigned int count_mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned int n = 0;
	int c;

	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static void load_and_unload(unsigned int times)
{
	while (times--) {
		assert_int_equal(um_insmod("mod_exports", NULL), 0);
		assert_int_equal(um_rmmod("mod_exports"), 0);
	}
}

/* The ranges that it has left are kept for a while, and then it lies in the oldest again. */
static void module_that_is_loaded_again_and_again_takes_no_more_room(void **state)
{
	unsigned int before;

	load_and_unload(40);
	before = count_mappings();
	load_and_unload(80);
	assert_true(count_mappings() < before + 20);
}

static long come_and_go(void *name)
{
	int i, err = 0;

	for (i = 0; i < 30 && !err; i++)
		err = um_insmod(name, NULL) ?: um_rmmod(name);
	return err;
}

/*
 * Each lies where another lay that another task had, which is no race of the two:
 * a race is what TSan ends the process for.
 */
static void modules_come_and_go_in_several_tasks(void **state)
{
	static const char *const names[] = { "mod_empty", "mod_params", "mod_exports", "mod_table" };
	struct um_task *tasks[4];
	int i;

	for (i = 0; i < 4; i++)
		tasks[i] = um_task_start(names[i], come_and_go, (void *)names[i]);
	for (i = 0; i < 4; i++)
		assert_int_equal(um_task_join(tasks[i]), 0);
}

/* Last but one: the module stays for the rest of the program. */
static void module_without_exit_is_ebusy(void **state)
{
	assert_int_equal(um_insmod("mod_noexit", NULL), 0);
	assert_int_equal(um_rmmod("mod_noexit"), -EBUSY);
	assert_string_equal(show("/sys/module/mod_noexit/initstate"), "live\n");
	um_audit_mark();
}

/* ---- symbols ------------------------------------------------------------------------- */

static void undefined_symbol_is_refused_by_the_loader_too(void **state)
{
	assert_int_equal(um_insmod("mod_exports", NULL), 0);
	assert_int_equal(um_insmod("mod_missing", NULL), -ENOENT);
	assert_true(said("mod_missing: Unknown symbol mod_missing_function (err -2)"));
	assert_string_equal(show("/sys/module/mod_exports/refcnt"), "0\n");
}

static void namespace_must_be_imported(void **state)
{
	assert_int_equal(um_insmod("mod_exports", NULL), 0);
	assert_int_not_equal(um_insmod("mod_missing", NULL), 0);
	assert_true(said("mod_missing: module uses symbol (mod_exports_ns) from namespace MOD_EXPORTS, but does not import it."));
	assert_true(said("mod_missing: Unknown symbol mod_exports_ns (err -22)"));
}

static void proprietary_module_does_not_see_gpl_only_symbols(void **state)
{
	assert_int_equal(um_insmod("mod_exports", NULL), 0);
	assert_int_equal(um_insmod("mod_nonfree", NULL), -ENOENT);
	assert_true(said("mod_nonfree: module license 'Proprietary' taints kernel."));
	assert_true(said("mod_nonfree: Unknown symbol mod_exports_gpl (err -2)"));
}

static void user_of_a_proprietary_module_becomes_one(void **state)
{
	assert_int_equal(um_insmod("mod_vendor", NULL), 0);
	assert_int_equal(um_insmod("mod_inherits", NULL), 0);
	assert_true(said("mod_inherits: module uses symbols mod_vendor_value from proprietary module mod_vendor, inheriting taint."));
	assert_string_equal(show("/sys/module/mod_vendor/taint"), "P\n");
	assert_string_equal(show("/sys/module/mod_inherits/taint"), "P\n");
}

static void proprietary_and_gpl_only_symbols_do_not_mix(void **state)
{
	assert_int_equal(um_insmod("mod_exports", NULL), 0);
	assert_int_equal(um_insmod("mod_vendor", NULL), 0);
	assert_int_equal(um_insmod("mod_mixed", NULL), -ENOENT);
	assert_true(said("mod_mixed: module using GPL-only symbols uses symbols mod_vendor_value from proprietary module mod_vendor."));
	assert_string_equal(show("/sys/module/mod_exports/refcnt"), "0\n");
}

static void a_symbol_is_exported_once(void **state)
{
	assert_int_equal(um_insmod("mod_exports", NULL), 0);
	assert_int_equal(um_insmod("mod_rival", NULL), -ENOEXEC);
	assert_true(said("mod_rival: exports duplicate symbol mod_exports_next (owned by mod_exports)"));
}

/* ---- references ----------------------------------------------------------------------- */

static void symbol_put_of_what_is_not_there_is_the_end(void **state)
{
	assert_non_null(strstr(child("symbol_put", "-1", SIGABRT),
			       "symbol_put of mod_exports_gpl, which nobody exports"));
}

/* Nobody calls back for a file of sysfs: what its store has not done never will be. */
static void store_that_is_queued_is_the_end(void **state)
{
	assert_non_null(strstr(child("queued", "-1", SIGABRT), "kernel BUG at "));
}

/* Such a broken rule shows by itself: nobody need look for it. */
static void a_put_too_many_is_told_with_detectors_off(void **state)
{
	char *text;

	setenv("UMDEV_DETECTORS", "off", 1);
	text = child("overput", "-1", 1 << 8);
	unsetenv("UMDEV_DETECTORS");
	assert_non_null(strstr(text, "a reference on module 'mod_holder' is given back "
			       "that nobody has"));
}

static void try_module_get_is_fallible(void **state)
{
	assert_int_equal(um_insmod("mod_holder", NULL), 0);
	for (int n = 1; ; n++) {
		ssize_t ret;

		um_fail_nth(n);
		ret = put("/sys/module/mod_holder/parameters/self", "1");
		if (!um_fail_nth(0) && um_fault_fired() &&
		    strstr(um_fault_fired(), "try_module_get at")) {
			assert_int_equal(ret, -ENODEV);
			break;
		}
		if (ret > 0)
			put("/sys/module/mod_holder/parameters/self", "0");
		assert_true(n < 50);
	}
	assert_string_equal(show("/sys/module/mod_holder/refcnt"), "0\n");
}

/* ---- modprobe ------------------------------------------------------------------------------ */

static void modprobe_of_a_device_id(void **state)
{
	assert_int_equal(um_modprobe("mdev:c15", NULL), -ENOENT);
	assert_int_equal(um_modprobe("mdev:c512", NULL), -ENOENT);
	assert_int_equal(um_modprobe("mdev:c152", NULL), 0);
	assert_true(exists("/sys/module/mod_table"));
	/* an underscore is as good as a dash */
	assert_int_equal(um_modprobe("mod_test:soft3x", NULL), 0);
}

/* ---- uevents and autoloading ---------------------------------------------------------------------- */

static void autoloading_can_be_turned_on_again(void **state)
{
	assert_int_equal(um_insmod("mod_holder", NULL), 0);
	for (int i = 0; i < 3; i++) {
		um_autoload(true);
		um_autoload(true);
		assert_true(put("/sys/module/mod_holder/parameters/alias", "mdev:c51") > 0);
		/* off waits for what has been sent */
		um_autoload(false);
		assert_int_equal(um_rmmod("mod_table"), 0);
	}
}

/* ---- faults ------------------------------------------------------------------------------------------ */

static void every_failed_load_leaves_nothing(void **state)
{
	unsigned int n;

	assert_int_equal(um_insmod("mod_exports", NULL), 0);
	for (n = 1; ; n++) {
		int err;

		um_fail_nth(n);
		err = um_insmod("mod_user", NULL);
		if (um_fail_nth(0))
			break;
		if (!err) {
			/* a benign site: the uevent */
			assert_int_equal(um_rmmod("mod_user"), 0);
			continue;
		}
		assert_false(exists("/sys/module/mod_user"));
		assert_false(exists("/sys/module/mod_exports/holders/mod_user"));
		assert_string_equal(show("/sys/module/mod_exports/refcnt"), "0\n");
		assert_true(n < 200);
	}
	assert_in_range(n, 10, 200);
}

/* ---- shutdown, the console ---------------------------------------------------------------------------- */

/* Without indices only paths lead to modules; the console is at warnings. */
static void shutdown_unloads_users_before_providers(void **state)
{
	char *text = child("shutdown", "4", 0);

	assert_non_null(strstr(text, "suspiciously returned 5"));
	assert_null(strstr(text, "mod_exports: hello"));
	assert_null(strstr(text, "cannot be unloaded"));
}

static int shut_down_by_path(void)
{
	char empty[] = "/tmp/umdev-empty-XXXXXX", path[4096];
	bool failed = !mkdtemp(empty) || um_boot(empty);

	failed |= um_modprobe("mod_exports", NULL) != -ENOENT;
	path_of("mod_exports", path, sizeof(path));
	failed |= um_insmod(path, "init_returns=5") != 0;
	path_of("mod_user", path, sizeof(path));
	failed |= um_insmod(path, NULL) != 0;
	failed |= um_shutdown() != 0;
	rmdir(empty);
	return failed;
}

static int child_main(const char *name)
{
	if (!strcmp(name, "shutdown"))
		return shut_down_by_path();
	if (um_boot(NULL))
		return 1;
	if (!strcmp(name, "symbol_put")) {
		um_insmod("mod_holder", NULL);
		put("/sys/module/mod_holder/parameters/symbol", "0");
	}
	if (!strcmp(name, "queued")) {
		um_insmod("mod_params", NULL);
		put("/sys/module/mod_params/parameters/lost", "-529");
	}
	if (!strcmp(name, "overput")) {
		um_insmod("mod_holder", NULL);
		put("/sys/module/mod_holder/parameters/self", "0");
		return um_rmmod("mod_holder") ? 2 : um_check_splats();
	}
	return 1;
}

/* ---- main -------------------------------------------------------------------------------------------- */

static int boot(void **state)
{
	return um_boot(NULL);
}

static int down(void **state)
{
	return um_shutdown();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(insmod_by_path),
		TEST(insmod_of_no_module_is_enoexec),
		TEST(image_that_is_whole_and_no_object_is_enoexec),
		TEST(image_that_does_not_say_what_it_is_is_enoexec),
		TEST(image_of_another_build_is_enoexec),
		TEST(image_that_cannot_be_mapped_is_enoexec),
		TEST(image_that_is_not_as_it_was_built_is_enoexec),
		TEST(image_that_somebody_holds_is_a_splat),
		TEST(module_that_is_loaded_again_and_again_takes_no_more_room),
		TEST(modules_come_and_go_in_several_tasks),
		TEST(undefined_symbol_is_refused_by_the_loader_too),
		TEST(namespace_must_be_imported),
		TEST(proprietary_module_does_not_see_gpl_only_symbols),
		TEST(user_of_a_proprietary_module_becomes_one),
		TEST(proprietary_and_gpl_only_symbols_do_not_mix),
		TEST(a_symbol_is_exported_once),
		TEST(symbol_put_of_what_is_not_there_is_the_end),
		TEST(store_that_is_queued_is_the_end),
		TEST(a_put_too_many_is_told_with_detectors_off),
		TEST(try_module_get_is_fallible),
		TEST(modprobe_of_a_device_id),
		TEST(autoloading_can_be_turned_on_again),
		TEST(every_failed_load_leaves_nothing),
		TEST(shutdown_unloads_users_before_providers),
		TEST(module_without_exit_is_ebusy),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	return cmocka_run_group_tests(tests, boot, down);
}
