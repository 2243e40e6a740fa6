// SPDX-License-Identifier: GPL-2.0-only
/*
 * Class ids, device-specific ops, and the bus: matching, probing, unbinding.
 */
#include "mdev_test.h"

/* A warning of the core's: where it stands is told, its words are its own. */
#define WARNED	"mdev_core.c:"

static void create_with_class(const char *class)
{
	vendor("class", class, 0);
	create(TYPE_1(PARENT0), UUID_A);
}

static void alias_is(const char *alias)
{
	struct t_uevent ev;

	assert_true(t_uevent_find("add", "/" UUID_A, &ev));
	assert_string_equal(t_uevent_get(&ev, "MODALIAS"), alias);
}

/* ---- setting the class --------------------------------------------------- */

static void class_of_the_vendor_is_taken(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	create_with_class("plain");
	alias_is("mdev:c23");
}

static void same_class_twice_warns_and_stays(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("plain plain");
	alias_is("mdev:c23");
}

static void other_class_later_warns_and_changes_nothing(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("plain 0x24");
	alias_is("mdev:c23");
}

static void vfio_ops_set_class_and_ops(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	create_with_class("vfio");
	alias_is("mdev:c01");
	t_expect_text(MDEV_A "/vendor/ops", "some\n");
}

static void second_ops_warn_and_change_nothing(void **state)
{
	load_parent(NULL);
	t_expect_splat(WARNED);
	create_with_class("vfio other_vfio");
	t_expect_text(MDEV_A "/vendor/ops", "some\n");
}

static void class_after_ops_warns_and_changes_nothing(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("vfio plain");
	alias_is("mdev:c01");
	t_expect_text(MDEV_A "/vendor/ops", "some\n");
}

static void ops_after_another_class_warn_and_change_nothing(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("plain vfio");
	alias_is("mdev:c23");
	t_expect_splat(WARNED);
	t_expect_text(MDEV_A "/vendor/ops", "none\n");
}

static void ops_after_the_bare_class_are_taken(void **state)
{
	load_parent(NULL);
	t_expect_splat(WARNED);
	create_with_class("1 vfio");
	t_expect_text(MDEV_A "/vendor/ops", "some\n");
}

static void ops_of_the_bare_class_are_null(void **state)
{
	load_parent(NULL);
	create_with_class("1");
	t_expect_text(MDEV_A "/vendor/ops", "none\n");
}

static void ops_of_another_class_warn_and_are_null(void **state)
{
	load_parent(NULL);
	create_with_class("plain");
	t_expect_splat(WARNED);
	t_expect_text(MDEV_A "/vendor/ops", "none\n");
}

static void virtio_ops_set_class_and_ops(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	create_with_class("virtio");
	alias_is("mdev:c02");
	t_expect_text(MDEV_A "/vendor/virtio_ops", "some\n");
}

static void second_virtio_ops_warn_and_change_nothing(void **state)
{
	load_parent(NULL);
	t_expect_splat(WARNED);
	create_with_class("virtio other_virtio");
	t_expect_text(MDEV_A "/vendor/virtio_ops", "some\n");
}

static void class_after_virtio_ops_warns_and_changes_nothing(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("virtio plain");
	alias_is("mdev:c02");
	t_expect_text(MDEV_A "/vendor/virtio_ops", "some\n");
}

static void virtio_ops_after_the_bare_class_are_taken(void **state)
{
	load_parent(NULL);
	t_expect_splat(WARNED);
	create_with_class("2 virtio");
	t_expect_text(MDEV_A "/vendor/virtio_ops", "some\n");
}

static void virtio_ops_of_the_bare_class_are_null(void **state)
{
	load_parent(NULL);
	create_with_class("2");
	t_expect_text(MDEV_A "/vendor/virtio_ops", "none\n");
}

static void vfio_ops_are_not_taken_for_virtio_ones(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("virtio vfio");
	alias_is("mdev:c02");
	t_expect_text(MDEV_A "/vendor/virtio_ops", "some\n");
	t_expect_splat(WARNED);
	t_expect_text(MDEV_A "/vendor/ops", "none\n");
}

static void virtio_ops_are_not_taken_for_vfio_ones(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	t_expect_splat(WARNED);
	create_with_class("vfio virtio");
	alias_is("mdev:c01");
	t_expect_text(MDEV_A "/vendor/ops", "some\n");
	t_expect_splat(WARNED);
	t_expect_text(MDEV_A "/vendor/virtio_ops", "none\n");
}

/* ---- matching ------------------------------------------------------------ */

static bool bound(void)
{
	return t_exists(MDEV_A "/driver") && t_exists(DRIVER "/" UUID_A);
}

static void driver_of_the_class_is_bound(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(bound());
	expect_link_to(MDEV_A "/driver", "mdev_test_driver");
	expect_link_to(DRIVER "/module", "mdev_test_driver");
}

static void driver_that_comes_later_is_bound(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	assert_false(t_exists(MDEV_A "/driver"));
	load_driver(NULL);
	assert_true(bound());
}

static void driver_without_table_matches_nothing(void **state)
{
	load_parent(NULL);
	load_driver("table=0");
	create(TYPE_1(PARENT0), UUID_A);
	assert_false(bound());
	t_expect(t_put(DRIVER "/bind", UUID_A), -ENODEV);
}

static void driver_with_an_empty_table_matches_nothing(void **state)
{
	load_parent(NULL);
	load_driver("classes=0");
	create(TYPE_1(PARENT0), UUID_A);
	assert_false(bound());
}

static void any_id_of_the_table_matches(void **state)
{
	load_parent(NULL);
	load_driver("classes=7,8,0x1234");
	create_with_class("0x1234");
	assert_true(bound());
}

static void ids_after_the_zero_do_not_count(void **state)
{
	load_parent(NULL);
	load_driver("classes=7,0,0x23");
	create(TYPE_1(PARENT0), UUID_A);
	assert_false(bound());
}

static void other_class_does_not_match(void **state)
{
	load_parent(NULL);
	load_driver("classes=0x123,0x2300,0x3");
	create(TYPE_1(PARENT0), UUID_A);
	assert_false(bound());
}

static void bind_by_hand_respects_the_match(void **state)
{
	load_parent(NULL);
	load_driver("classes=7");
	create(TYPE_1(PARENT0), UUID_A);
	t_expect(t_put(DRIVER "/bind", UUID_A), -ENODEV);
	assert_false(bound());
}

/* ---- aliases ------------------------------------------------------------- */

static void alias_has_at_least_two_digits(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	create_with_class("0x7");
	alias_is("mdev:c07");
}

static void alias_has_upper_case_digits_and_no_tail(void **state)
{
	load_parent(NULL);
	t_uevent_flush();
	create_with_class("0xabc");
	alias_is("mdev:cABC");
}

static void alias_is_in_the_uevent_file(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect_text(MDEV_A "/uevent", "MODALIAS=mdev:c23\n");
	load_driver(NULL);
	t_expect_text(MDEV_A "/uevent", "DRIVER=mdev_test_driver\nMODALIAS=mdev:c23\n");
}

static void class_brings_its_driver_by_alias(void **state)
{
	load_parent(NULL);
	t_autoload(true);
	create(TYPE_1(PARENT0), UUID_A);
	t_autoload_settle();
	assert_true(bound());
}

/* 0x23 is a prefix of 0x234: a wildcard at the end of an alias would match. */
static void class_with_the_same_first_digits_brings_no_driver(void **state)
{
	load_parent(NULL);
	t_autoload(true);
	create_with_class("0x234");
	t_autoload_settle();
	assert_false(t_exists("/sys/module/mdev_test_driver"));
}

/* The reference's wildcard behind the alias would bring it for class 0x1F too. */
static void alias_of_vfio_mdev_is_exact(void **state)
{
	if (t_modprobe("vfio_mdev", NULL) == -ENOENT)
		t_skip("vfio_mdev was not built");
	t_expect(t_rmmod("vfio_mdev"), 0);
	t_expect(t_modprobe("mdev:c01F", NULL), -ENOENT);
	t_expect(t_modprobe("mdev:c010", NULL), -ENOENT);
	assert_false(t_exists("/sys/module/vfio_mdev"));
	t_expect(t_modprobe("mdev:c01", NULL), 0);
	assert_true(t_exists("/sys/module/vfio_mdev"));
}

/* ---- probing and unbinding ----------------------------------------------- */

static void probe_puts_the_mdev_into_a_group(void **state)
{
	char line[256], group[256], want[64];

	load_parent(NULL);
	load_driver(NULL);
	t_kmsg_flush();
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(t_kmsg_find("MDEV: group_id = ", line, sizeof(line)));
	assert_non_null(strstr(line, "mdev_test_driver " UUID_A));
	t_expect(t_readlink(MDEV_A "/iommu_group", group, sizeof(group)) > 0, true);
	snprintf(want, sizeof(want), "/%d",
		 atoi(strstr(line, "group_id = ") + strlen("group_id = ")));
	assert_string_equal(strrchr(group, '/'), want);
	assert_true(t_exists(MDEV_A "/iommu_group/devices/" UUID_A));
}

static void group_is_there_when_the_drivers_probe_runs(void **state)
{
	struct t_task *creator;

	load_parent(NULL);
	load_driver(NULL);
	hold("probe");
	creator = t_put_start(TYPE_1(PARENT0) "/create", UUID_A);
	expect_held(creator, "probe");
	assert_true(t_exists(MDEV_A "/iommu_group"));
	release("probe");
	t_expect(t_task_join(creator), UUID_LEN);
}

static void each_mdev_has_a_group_of_its_own(void **state)
{
	char a[256], b[256];

	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT0), UUID_B);
	t_expect(t_readlink(MDEV_A "/iommu_group", a, sizeof(a)) > 0, true);
	t_expect(t_readlink(MDEV_B "/iommu_group", b, sizeof(b)) > 0, true);
	assert_string_not_equal(a, b);
}

static void failing_probe_takes_the_mdev_out_of_its_group(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	answer("probe -5");
	t_kmsg_flush();
	create(TYPE_1(PARENT0), UUID_A);
	assert_false(t_exists(MDEV_A "/iommu_group"));
	assert_true(t_kmsg_has("MDEV: group_id = "));
	assert_true(t_kmsg_has("MDEV: detaching iommu"));
	expect_log("create " UUID_A "\nprobe " UUID_A "\n");
	answer("probe 0");
	t_expect(t_put(DRIVER "/bind", UUID_A), UUID_LEN);
	assert_true(t_exists(MDEV_A "/iommu_group"));
}

static void unbinding_takes_the_mdev_out_of_its_group(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_kmsg_flush();
	t_expect(t_put(DRIVER "/unbind", UUID_A), UUID_LEN);
	assert_false(t_exists(MDEV_A "/iommu_group"));
	assert_true(t_kmsg_has("MDEV: detaching iommu"));
	assert_true(t_exists(MDEV_A "/remove"));
	expect_log("create " UUID_A "\nprobe " UUID_A "\nunbind " UUID_A "\n");
}

static void group_stays_until_the_drivers_remove_has_run(void **state)
{
	struct t_task *unbinder;

	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("unbind");
	unbinder = t_put_start(DRIVER "/unbind", UUID_A);
	expect_held(unbinder, "unbind");
	assert_true(t_exists(MDEV_A "/iommu_group"));
	release("unbind");
	t_expect(t_task_join(unbinder), UUID_LEN);
	assert_false(t_exists(MDEV_A "/iommu_group"));
}

static void driver_without_callbacks_is_bound_and_unbound(void **state)
{
	load_parent(NULL);
	load_driver("callbacks=0");
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(bound());
	assert_true(t_exists(MDEV_A "/iommu_group"));
	t_expect(t_put(DRIVER "/unbind", UUID_A), UUID_LEN);
	assert_false(t_exists(MDEV_A "/iommu_group"));
	discard(MDEV_A);
}

static void unbind_and_bind_again(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect(t_put(DRIVER "/unbind", UUID_A), UUID_LEN);
	t_expect(t_put(DRIVER "/unbind", UUID_A), -ENODEV);
	t_expect(t_put(DRIVER "/bind", UUID_A), UUID_LEN);
	assert_true(bound());
	expect_log("create " UUID_A "\nprobe " UUID_A "\nunbind " UUID_A "\nprobe " UUID_A "\n");
}

static void bind_gives_the_error_of_probe(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect(t_put(DRIVER "/unbind", UUID_A), UUID_LEN);
	answer("probe -5");
	t_expect(t_put(DRIVER "/bind", UUID_A), -EIO);
	assert_false(t_exists(MDEV_A "/driver"));
	answer("probe 0");
	t_expect(t_put(DRIVER "/bind", UUID_A), UUID_LEN);
	assert_true(t_exists(MDEV_A "/driver"));
}

static void unloading_the_driver_unbinds_and_keeps_the_mdev(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect(t_rmmod("mdev_test_driver"), 0);
	assert_true(t_exists(MDEV_A "/remove"));
	assert_false(t_exists(MDEV_A "/driver"));
	expect_log("create " UUID_A "\nprobe " UUID_A "\nunbind " UUID_A "\n");
	load_driver(NULL);
	assert_true(bound());
}

/* ---- small things -------------------------------------------------------- */

static void device_of_another_bus_is_no_mdev(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	/* mdev_dev() is the device itself, and the parent is no mdev */
	t_expect_text(MDEV_A "/vendor/same", "1 1\n");
}

static void iommu_device_is_null_until_set(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect_text(MDEV_A "/vendor/iommu", "none\n");
	t_expect(t_put(MDEV_A "/vendor/iommu", "1"), 1);
	t_expect_text(MDEV_A "/vendor/iommu", "vendor\n");
}

static void core_names_vfio_mdev_as_soft_dependency(void **state)
{
	if (t_modprobe("vfio_mdev", NULL) == -ENOENT)
		t_skip("vfio_mdev was not built");
	t_expect(t_rmmod("vfio_mdev"), 0);
	t_rmmod("vfio_compat");
	t_expect(t_rmmod("mdev"), 0);
	t_expect(t_modprobe("mdev", NULL), 0);
	assert_true(t_exists(BUS));
	assert_true(t_exists("/sys/module/vfio_mdev"));
}

/* ---- the interface as it was posted ---------------------------------------- */

/* no class, no bus: the driver string is empty */
#define POSTED	"/sys/devices/posted"

static void drivers_for_the_posted_headers_find_each_other(void **state)
{
	t_expect(t_insmod("mdev", NULL), 0);
	t_expect(t_insmod("mdev_test_posted", NULL), 0);
	t_kmsg_flush();
	create(TYPES(POSTED) "/-card", UUID_A);
	expect_link_to(POSTED "/" UUID_A "/driver", "posted");
	t_expect_text(TYPES(POSTED) "/-card/device_api", "virtio-mdev\n");
	t_expect(t_kmsg_find("virtio 1 of 0x1af4, version 1, features 0x4000000, state 7, generation 3", NULL, 0), true);
	t_expect(t_kmsg_find("called back", NULL, 0), true);
	t_expect(t_rmmod("mdev_test_posted"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_NEEDS("class_ids", class_of_the_vendor_is_taken),
		T_NEEDS("class_ids", same_class_twice_warns_and_stays),
		T_BETTER_NEEDS("class_ids", other_class_later_warns_and_changes_nothing),
		T_NEEDS("class_ids", vfio_ops_set_class_and_ops),
		T_BETTER_NEEDS("class_ids", second_ops_warn_and_change_nothing),
		T_BETTER_NEEDS("class_ids", class_after_ops_warns_and_changes_nothing),
		T_BETTER_NEEDS("class_ids", ops_after_another_class_warn_and_change_nothing),
		T_NEEDS("class_ids", ops_after_the_bare_class_are_taken),
		T_NEEDS("class_ids", ops_of_the_bare_class_are_null),
		T_BETTER_NEEDS("class_ids", ops_of_another_class_warn_and_are_null),
		T_NEEDS("virtio_ops", virtio_ops_set_class_and_ops),
		T_BETTER_NEEDS("virtio_ops", second_virtio_ops_warn_and_change_nothing),
		T_BETTER_NEEDS("virtio_ops", class_after_virtio_ops_warns_and_changes_nothing),
		T_NEEDS("virtio_ops", virtio_ops_after_the_bare_class_are_taken),
		T_NEEDS("virtio_ops", virtio_ops_of_the_bare_class_are_null),
		T_BETTER_NEEDS("virtio_ops", vfio_ops_are_not_taken_for_virtio_ones),
		T_BETTER_NEEDS("virtio_ops", virtio_ops_are_not_taken_for_vfio_ones),
		T_NEEDS("mdev_drivers", driver_of_the_class_is_bound),
		T_NEEDS("mdev_drivers", driver_that_comes_later_is_bound),
		T_NEEDS("class_ids", driver_without_table_matches_nothing),
		T_NEEDS("class_ids", driver_with_an_empty_table_matches_nothing),
		T_NEEDS("class_ids", any_id_of_the_table_matches),
		T_NEEDS("class_ids", ids_after_the_zero_do_not_count),
		T_NEEDS("class_ids", other_class_does_not_match),
		T_NEEDS("class_ids", bind_by_hand_respects_the_match),
		T_NEEDS("class_ids", alias_has_at_least_two_digits),
		T_NEEDS("class_ids", alias_has_upper_case_digits_and_no_tail),
		T_NEEDS("class_ids", alias_is_in_the_uevent_file),
		T_NEEDS("class_ids", class_brings_its_driver_by_alias),
		T_NEEDS("class_ids", class_with_the_same_first_digits_brings_no_driver),
		T_BETTER_NEEDS("class_ids", alias_of_vfio_mdev_is_exact),
		T_NEEDS("mdev_drivers", probe_puts_the_mdev_into_a_group),
		T_NEEDS("mdev_drivers", group_is_there_when_the_drivers_probe_runs),
		T_NEEDS("mdev_drivers", each_mdev_has_a_group_of_its_own),
		T_NEEDS("mdev_drivers", failing_probe_takes_the_mdev_out_of_its_group),
		T_NEEDS("mdev_drivers", unbinding_takes_the_mdev_out_of_its_group),
		T_NEEDS("mdev_drivers", group_stays_until_the_drivers_remove_has_run),
		T_NEEDS("mdev_drivers", driver_without_callbacks_is_bound_and_unbound),
		T_NEEDS("mdev_drivers", unbind_and_bind_again),
		T_NEEDS("mdev_drivers", bind_gives_the_error_of_probe),
		T_NEEDS("mdev_drivers", unloading_the_driver_unbinds_and_keeps_the_mdev),
		T_TEST(device_of_another_bus_is_no_mdev),
		T_NEEDS("iommu_device", iommu_device_is_null_until_set),
		T_NEEDS("vfio_mdev", core_names_vfio_mdev_as_soft_dependency),
		T_NEEDS("virtio_ops", drivers_for_the_posted_headers_find_each_other),
	};

	return t_run("mdev_class", tests);
}
