// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kobjects, counts and klists where only a kernel's own code can reach: calls without
 * sense, counts that go wrong, nodes that go while they are walked over. The device
 * "kobject_cases" of the class mdev_test has a file "case", to which the name of a case
 * (cases.h) is written, and the files of steps (steps.h): "remove" waits for the walker
 * that "walk" has left on the node, until "leave".
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/klist.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "cases.h"
#include "mdev_test.h"
#include "steps.h"

/* ---- kobjects --------------------------------------------------------------------- */

static void nothing(struct kobject *kobj)
{
}

static struct kobj_type static_type = {
	.sysfs_ops = &kobj_sysfs_ops,
	.release = nothing,
};

static void object_without_a_type_is_refused_aloud(void)
{
	static struct kobject kobj;

	kobject_init(&kobj, NULL);
	CHECK(!kobj.state_initialized);
}

static void no_object_is_refused_aloud(void)
{
	kobject_init(NULL, &static_type);
}

static void set_without_a_type_is_einval(void)
{
	static struct kset kset;

	CHECK_EQ(kset_register(&kset), -EINVAL);
	CHECK_EQ(kset_register(NULL), -EINVAL);
}

static void object_without_a_parent_is_not_renamed(void)
{
	struct kobject *kobj = kobject_create_and_add("umdev_orphan", NULL);
	int ret;

	CHECK(kobj);
	ret = kobject_rename(kobj, "umdev_renamed");
	CHECK_STR(kobject_name(kobj), "umdev_orphan");
	kobject_put(kobj);
	CHECK_EQ(ret, -EINVAL);
	CHECK_EQ(kobject_rename(NULL, "umdev_renamed"), -EINVAL);
}

static void object_of_no_set_sends_no_event(void)
{
	struct kobject *kobj = kobject_create_and_add("umdev_orphan", NULL);
	int ret;

	CHECK(kobj);
	ret = kobject_uevent(kobj, KOBJ_CHANGE);
	kobject_put(kobj);
	CHECK_EQ(ret, -EINVAL);
}

static void object_without_references_gives_none(void)
{
	struct kobject kobj = { 0 };

	CHECK(!kobject_get_unless_zero(&kobj));
	CHECK(!kobject_get_unless_zero(NULL));
	CHECK(!kobject_get(NULL));
	kobject_put(NULL);
}

/* ---- what an event can carry ------------------------------------------------------- */

static void event_has_room_for_so_many_bytes(void)
{
	struct kobj_uevent_env *env = kzalloc(sizeof(*env), GFP_KERNEL);
	int first, second;

	CHECK(env);
	first = add_uevent_var(env, "A=%02000d", 1);
	second = add_uevent_var(env, "B=%0100d", 1);
	kfree(env);
	CHECK_EQ(first, 0);
	CHECK_EQ(second, -ENOMEM);
}

static void event_has_room_for_so_many_variables(void)
{
	struct kobj_uevent_env *env = kzalloc(sizeof(*env), GFP_KERNEL);
	int i, ret = 0;

	CHECK(env);
	for (i = 0; i < UEVENT_NUM_ENVP && !ret; i++)
		ret = add_uevent_var(env, "A=1");
	CHECK_EQ(ret, 0);
	ret = add_uevent_var(env, "A=1");
	kfree(env);
	CHECK_EQ(ret, -ENOMEM);
}

/* ---- counts ------------------------------------------------------------------------- */

static void counts_that_are_used_well_are_quiet(void)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	CHECK_EQ(refcount_read(&r), 2);
	CHECK(!refcount_dec_if_one(&r));
	CHECK(refcount_dec_not_one(&r));
	CHECK(!refcount_dec_not_one(&r));
	CHECK(refcount_inc_not_zero(&r));
	CHECK(!refcount_dec_and_test(&r));
	CHECK(refcount_dec_if_one(&r));
	CHECK(!refcount_inc_not_zero(&r));
	CHECK(!refcount_add_not_zero(2, &r));
	refcount_set(&r, 1);
	CHECK(refcount_dec_and_test(&r));
}

static void count_that_is_dropped_to_zero_warns(void)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_dec(&r);
	CHECK_EQ((int)refcount_read(&r), REFCOUNT_SATURATED);
}

static void count_that_overflows_while_it_is_taken_saturates(void)
{
	refcount_t r = REFCOUNT_INIT(INT_MAX);

	CHECK(refcount_inc_not_zero(&r));
	CHECK_EQ((int)refcount_read(&r), REFCOUNT_SATURATED);
}

static void count_of_zero_is_not_one_and_warns(void)
{
	refcount_t r = REFCOUNT_INIT(0);

	CHECK(refcount_dec_not_one(&r));
	CHECK_EQ(refcount_read(&r), 0);
}

/* ---- klists ------------------------------------------------------------------------- */

struct counted_node {
	struct klist_node node;
	int refs;
};

static void take_node(struct klist_node *n)
{
	container_of(n, struct counted_node, node)->refs++;
}

static void drop_node(struct klist_node *n)
{
	container_of(n, struct counted_node, node)->refs--;
}

static DEFINE_KLIST(nodes_list, take_node, drop_node);
static struct counted_node nodes[4];

static void add_nodes(int n)
{
	int i;

	for (i = 0; i < n; i++)
		klist_add_tail(&nodes[i].node, &nodes_list);
}

static void klist_nodes_may_go_under_a_walker(void)
{
	struct klist_iter i;

	add_nodes(4);
	klist_iter_init(&nodes_list, &i);
	CHECK(klist_next(&i) == &nodes[0].node);
	/* the one that it stands on, and the next */
	klist_del(&nodes[0].node);
	klist_del(&nodes[1].node);
	CHECK_EQ(nodes[0].refs, 1);
	CHECK_EQ(nodes[1].refs, 0);
	CHECK(klist_next(&i) == &nodes[2].node);
	CHECK_EQ(nodes[0].refs, 0);
	CHECK(!klist_node_attached(&nodes[0].node));
	CHECK(!klist_prev(&i));
	klist_iter_exit(&i);
	klist_del(&nodes[2].node);
	klist_del(&nodes[3].node);
	CHECK_EQ(nodes[2].refs + nodes[3].refs, 0);
}

static void dead_klist_node_of_another_walker_is_passed_over(void)
{
	struct klist_iter i, other;

	add_nodes(3);
	klist_iter_init_node(&nodes_list, &other, &nodes[1].node);
	klist_del(&nodes[1].node);
	klist_iter_init(&nodes_list, &i);
	CHECK(klist_next(&i) == &nodes[0].node);
	CHECK(klist_next(&i) == &nodes[2].node);
	CHECK(klist_prev(&i) == &nodes[0].node);
	klist_iter_exit(&i);
	CHECK_EQ(nodes[1].refs, 1);
	klist_iter_exit(&other);
	CHECK_EQ(nodes[1].refs, 0);
	klist_del(&nodes[0].node);
	klist_del(&nodes[2].node);
}

static struct klist_iter walker;

static long do_walk(void)
{
	add_nodes(1);
	klist_iter_init(&nodes_list, &walker);
	return klist_next(&walker) == &nodes[0].node;
}

static long do_remove(void)
{
	klist_remove(&nodes[0].node);
	return klist_node_attached(&nodes[0].node);
}

static long do_leave(void)
{
	klist_iter_exit(&walker);
	return 0;
}

static const struct step steps[] = {
	STEP(walk),
	STEP(remove),
	STEP(leave),
};
STEP_FILES(steps);

/* ---- the device --------------------------------------------------------------------- */

static const struct mdev_test_case cases[] = {
	CASE(object_without_a_type_is_refused_aloud),
	CASE(no_object_is_refused_aloud),
	CASE(set_without_a_type_is_einval),
	CASE(object_without_a_parent_is_not_renamed),
	CASE(object_of_no_set_sends_no_event),
	CASE(object_without_references_gives_none),
	CASE(event_has_room_for_so_many_bytes),
	CASE(event_has_room_for_so_many_variables),
	CASE(counts_that_are_used_well_are_quiet),
	CASE(count_that_is_dropped_to_zero_warns),
	CASE(count_that_overflows_while_it_is_taken_saturates),
	CASE(count_of_zero_is_not_one_and_warns),
	CASE(klist_nodes_may_go_under_a_walker),
	CASE(dead_klist_node_of_another_walker_is_passed_over),
};

static ssize_t case_store(struct device *dev, struct device_attribute *attr, const char *name,
			  size_t count)
{
	return mdev_test_run_case(cases, ARRAY_SIZE(cases), name, count);
}
static DEVICE_ATTR_WO(case);

static struct device *kobject_cases;

static int __init kobject_cases_init(void)
{
	int ret;

	kobject_cases = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, step_groups,
						  "kobject_cases");
	if (IS_ERR(kobject_cases))
		return PTR_ERR(kobject_cases);
	ret = device_create_file(kobject_cases, &dev_attr_case);
	if (ret)
		device_unregister(kobject_cases);
	return ret;
}

static void __exit kobject_cases_exit(void)
{
	device_unregister(kobject_cases);
}

module_init(kobject_cases_init);
module_exit(kobject_cases_exit);
MODULE_DESCRIPTION("Cases of kobjects, counts and klists");
MODULE_LICENSE("GPL v2");
