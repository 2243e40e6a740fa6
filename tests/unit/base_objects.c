// SPDX-License-Identifier: GPL-2.0-only
/*
 * What belongs to devices: their managed resources, the classes and
 * compatibility classes they are in, their IOMMU groups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"
#include "base_objects_kern.h"

static int plain_setup(void **state)
{
	um_audit_mark();
	bo_log();
	return 0;
}

static int plain_teardown(void **state)
{
	return um_check_splats() + um_audit(NULL, NULL);
}

static void resources_go_in_reverse_order(void **state)
{
	assert_null(bo_devres());
	assert_string_equal(bo_log(), "second first ");
}

static void resource_groups_nest(void **state)
{
	assert_null(bo_devres_group());
	assert_string_equal(bo_log(), "inner outer | after before ");
}

static void class_interface_sees_all_devices(void **state)
{
	assert_null(bo_class_interface());
	assert_string_equal(bo_log(), "add add remove | remove ");
}

static void class_compat_is_a_directory_of_links(void **state)
{
	assert_null(bo_class_compat());
	assert_false(exists("/sys/class/bocompat"));
}

static void renaming_moves_the_class_link(void **state)
{
	assert_null(bo_rename());
}

static void root_devices_have_unique_names(void **state)
{
	assert_null(bo_root_device());
}

static void iommu_group_lives_as_long_as_it_is_held(void **state)
{
	uint64_t seq = um_kmsg_seq();

	assert_null(bo_iommu_group());
	assert_string_equal(bo_log(), "held data done ");
	assert_true(said_since(seq, "boscratch: Adding to iommu group 0"));
	assert_true(said_since(seq, "boscratch: Failed to add to iommu group 0: -17"));
	assert_true(said_since(seq, "boscratch: Removing from iommu group 0"));
	assert_false(exists("/sys/kernel/iommu_groups/0"));
}

static void iommu_group_can_be_named_anew(void **state)
{
	assert_int_equal(bo_iommu_name("one"), 0);
	assert_string_equal(show("/sys/kernel/iommu_groups/0/name"), "one\n");
	assert_int_equal(bo_iommu_name("two"), 0);
	assert_string_equal(show("/sys/kernel/iommu_groups/0/name"), "two\n");
	assert_int_equal(bo_iommu_name(NULL), 0);
	assert_false(exists("/sys/kernel/iommu_groups/0/name"));
	bo_iommu_put();
}

static void iommu_group_takes_devices_of_one_name(void **state)
{
	assert_null(bo_iommu_same_name());
}

#define plain(fn) \
	cmocka_unit_test_setup_teardown(fn, plain_setup, plain_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		plain(resources_go_in_reverse_order),
		plain(resource_groups_nest),
		plain(class_interface_sees_all_devices),
		plain(class_compat_is_a_directory_of_links),
		plain(renaming_moves_the_class_link),
		plain(root_devices_have_unique_names),
		plain(iommu_group_lives_as_long_as_it_is_held),
		plain(iommu_group_can_be_named_anew),
		plain(iommu_group_takes_devices_of_one_name),
	};
	int failed;

	um_console_level(-1);
	if (um_boot(NULL))
		return 1;
	failed = cmocka_run_group_tests_name("base_objects", tests, NULL, NULL);
	return failed || um_shutdown();
}
