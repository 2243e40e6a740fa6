// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links between devices: what is shown of them, when a consumer is probed and
 * unbound, how long a link stays, and when a supplier's sync_state() is called.
 */
#include "mdev_test.h"

#define DO	DIR_TEST "/linker/do"
#define DEVICES	"/sys/devices"
#define LINK	DEVICES "/virtual/devlink/linkbus:sup--linkbus:con"
#define CON	DEVICES "/con"
#define SUP	DEVICES "/sup"

static void run_to(const char *command, long want)
{
	t_expect(t_put(DO, command), want < 0 ? want : (long)strlen(command));
}
#define run(command) run_to(command, 0)

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("link_test", NULL), 0);
	run("device sup");
	run("device con");
	clear_log();
}

static void expect_status(const char *want)
{
	t_expect_text(LINK "/status", want);
}

/* ---- what is shown -------------------------------------------------------- */

static void link_is_a_device_between_two(void **state)
{
	load();
	run("link con:sup r");
	expect_list("/sys/class/devlink", "linkbus:sup--linkbus:con");
	expect_status("dormant\n");
	t_expect_text(LINK "/auto_remove_on", "never\n");
	t_expect_text(LINK "/runtime_pm", "1\n");
	t_expect_text(LINK "/sync_state_only", "0\n");
	expect_link_to(LINK "/supplier", "sup");
	expect_link_to(LINK "/consumer", "con");
	expect_link_to(SUP "/consumer:linkbus:con", "linkbus:sup--linkbus:con");
	expect_link_to(CON "/supplier:linkbus:sup", "linkbus:sup--linkbus:con");
	run("undevice con");
	t_expect(t_exists(LINK), false);
	t_expect(t_exists(SUP "/consumer:linkbus:con"), false);
	t_expect(t_exists(SUP), true);
}

static void removed_supplier_takes_its_links(void **state)
{
	load();
	run("link con:sup s");
	expect_status("not tracked\n");
	run("undevice sup");
	t_expect(t_exists(LINK), false);
	t_expect(t_exists(CON "/supplier:linkbus:sup"), false);
	expect_log("release sup\n");
}

static void flags_that_contradict_are_refused(void **state)
{
	load();
	run_to("link con:con", -EINVAL);
	run_to("link con:sup sc", -EINVAL);
	run_to("link con:sup sS", -EINVAL);
	run_to("link con:sup sp", -EINVAL);
	run_to("link con:sup pc", -EINVAL);
	run_to("link con:sup pS", -EINVAL);
	run_to("link con:sup yc", -EINVAL);
	run_to("link con:sup x", -EINVAL);
	t_expect(t_exists(LINK), false);
}

static void circle_is_refused(void **state)
{
	load();
	run("device child sup");
	run("device third");
	run("link con:sup");
	run_to("link sup:con", -EINVAL);
	run_to("link sup:child", -EINVAL);
	run("link third:con");
	run_to("link sup:third", -EINVAL);
	/* for sync_state() alone it does not matter */
	run("link sup:third y");
}

/* ---- probing --------------------------------------------------------------- */

static void consumer_waits_for_its_supplier(void **state)
{
	load();
	run("link con:sup");
	run("driver con");
	expect_log("");
	expect_status("dormant\n");
	run("driver sup");
	/* a worker tries it again */
	expect_logged("probe sup\n");
	run("undriver con");
	run("driver con");
	expect_status("active\n");
	expect_link_to(CON "/driver", "con");
}

static void status_follows_both_drivers(void **state)
{
	load();
	run("link con:sup");
	run("driver sup");
	expect_status("available\n");
	run("driver con");
	expect_status("active\n");
	run("undriver con");
	expect_status("available\n");
	run("undriver sup");
	expect_status("dormant\n");
}

static void link_is_made_in_the_state_that_both_are_in(void **state)
{
	load();
	run("driver sup");
	run("driver con");
	run("link con:sup");
	expect_status("active\n");
}

static void consumer_is_probing_while_it_probes(void **state)
{
	struct t_task *task;

	load();
	run("link con:sup");
	run("driver sup");
	hold("probe");
	task = t_put_start(DO, "driver con");
	expect_held(task, "probe");
	expect_status("consumer probing\n");
	release("probe");
	t_expect(t_task_join(task), strlen("driver con"));
	expect_status("active\n");
}

static void failed_probe_leaves_it_available(void **state)
{
	load();
	run("link con:sup");
	run("driver sup");
	answer("probe -5");
	run("driver con");
	expect_status("available\n");
}

static void link_in_a_probe_that_fails_is_gone(void **state)
{
	load();
	run("driver sup");
	run("at_probe con:sup");
	answer("probe -5");
	run("driver con");
	t_expect(t_exists(LINK), false);
}

/* ---- unbinding -------------------------------------------------------------- */

static void consumer_is_unbound_before_its_supplier(void **state)
{
	load();
	run("link con:sup");
	run("driver sup");
	run("driver con");
	clear_log();
	run("undriver sup");
	expect_log("remove con\nremove sup\n");
	t_expect(t_exists(CON "/driver"), false);
	expect_status("dormant\n");
}

static void consumers_of_consumers_go_first(void **state)
{
	load();
	run("device third");
	run("link con:sup");
	run("link third:con");
	run("driver sup");
	run("driver con");
	run("driver third");
	clear_log();
	run("undriver sup");
	expect_log("remove third\nremove con\nremove sup\n");
}

static void stateless_link_unbinds_nobody(void **state)
{
	load();
	run("link con:sup s");
	run("driver sup");
	run("driver con");
	clear_log();
	run("undriver sup");
	expect_log("remove sup\n");
	expect_link_to(CON "/driver", "con");
	expect_status("not tracked\n");
}

static void supplier_is_unbinding_while_its_consumer_goes(void **state)
{
	struct t_task *task;

	load();
	run("link con:sup");
	run("driver sup");
	run("driver con");
	hold("remove");
	task = t_put_start(DO, "undriver sup");
	expect_held(task, "remove");
	expect_status("supplier unbinding\n");
	release("remove");
	t_expect(t_task_join(task), strlen("undriver sup"));
	expect_status("dormant\n");
}

/* ---- how long it stays ------------------------------------------------------ */

static void link_goes_with_the_consumers_driver(void **state)
{
	load();
	run("driver sup");
	run("link con:sup c");
	t_expect_text(LINK "/auto_remove_on", "consumer unbind\n");
	run("driver con");
	expect_status("active\n");
	run("undriver con");
	t_expect(t_exists(LINK), false);
}

static void link_goes_with_the_suppliers_driver(void **state)
{
	load();
	run("driver sup");
	run("link con:sup S");
	t_expect_text(LINK "/auto_remove_on", "supplier unbind\n");
	run("driver con");
	run("undriver con");
	expect_status("available\n");
	run("undriver sup");
	t_expect(t_exists(LINK), false);
}

static void stateless_too_it_stays_dormant(void **state)
{
	load();
	run("driver sup");
	run("link con:sup S");
	run("link con:sup s");
	expect_status("available\n");
	run("undriver sup");
	expect_status("dormant\n");
	run("driver sup");
	expect_status("dormant\n");
	run("unlink con:sup");
	t_expect(t_exists(LINK), false);
}

static void added_again_it_stays_as_long_as_both_want(void **state)
{
	load();
	run("driver sup");
	run("driver con");
	run("link con:sup c");
	run("link con:sup S");
	t_expect_text(LINK "/auto_remove_on", "supplier unbind\n");
	run("link con:sup");
	t_expect_text(LINK "/auto_remove_on", "never\n");
	run("link con:sup c");
	t_expect_text(LINK "/auto_remove_on", "never\n");
}

static void stateless_link_is_deleted_as_often_as_added(void **state)
{
	load();
	run("link con:sup s");
	run("link con:sup s");
	run("unlink con:sup");
	expect_status("not tracked\n");
	run("del");
	t_expect(t_exists(LINK), false);
	run("unlink con:sup");
}

static void managed_link_is_not_deleted(void **state)
{
	load();
	run("link con:sup");
	t_expect_splat("Unable to drop a managed device link reference");
	run("unlink con:sup");
	t_expect(t_exists(LINK), true);
}

/* ---- sync_state() ------------------------------------------------------------ */

static void supplier_without_consumers_is_in_sync_at_once(void **state)
{
	load();
	run("driver sup sync");
	expect_log("probe sup\nsync sup\n");
	t_expect_text(SUP "/state_synced", "1\n");
	run("undriver sup");
	t_expect(t_exists(SUP "/state_synced"), false);
}

static void supplier_is_in_sync_when_all_consumers_are_bound(void **state)
{
	load();
	run("device third");
	run("link con:sup");
	run("link third:sup y");
	run("driver sup sync");
	expect_log("probe sup\n");
	t_expect_text(SUP "/state_synced", "0\n");
	run("driver con");
	expect_log("probe sup\nprobe con\n");
	run("driver third");
	expect_log("probe sup\nprobe con\nprobe third\nsync sup\n");
	t_expect_text(SUP "/state_synced", "1\n");
	/* of no more use */
	t_expect(t_exists(DEVICES "/virtual/devlink/linkbus:sup--linkbus:third"), false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(link_is_a_device_between_two),
		T_TEST(removed_supplier_takes_its_links),
		T_TEST(flags_that_contradict_are_refused),
		T_TEST(circle_is_refused),
		T_TEST(consumer_waits_for_its_supplier),
		T_TEST(status_follows_both_drivers),
		T_TEST(link_is_made_in_the_state_that_both_are_in),
		T_TEST(consumer_is_probing_while_it_probes),
		T_TEST(failed_probe_leaves_it_available),
		T_TEST(link_in_a_probe_that_fails_is_gone),
		T_TEST(consumer_is_unbound_before_its_supplier),
		T_TEST(consumers_of_consumers_go_first),
		T_TEST(stateless_link_unbinds_nobody),
		T_TEST(supplier_is_unbinding_while_its_consumer_goes),
		T_TEST(link_goes_with_the_consumers_driver),
		T_TEST(link_goes_with_the_suppliers_driver),
		T_TEST(stateless_too_it_stays_dormant),
		T_TEST(added_again_it_stays_as_long_as_both_want),
		T_TEST(stateless_link_is_deleted_as_often_as_added),
		T_TEST(managed_link_is_not_deleted),
		T_TEST(supplier_without_consumers_is_in_sync_at_once),
		T_TEST(supplier_is_in_sync_when_all_consumers_are_bound),
	};

	return t_run("device_links", tests);
}
