// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unloading a module while the last reference on it is given back, or one is
 * taken, in every order that one preemption of either task can make.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "points.h"

#define SELF	"/sys/module/mod_holder/parameters/self"
#define SYMBOL	"/sys/module/mod_holder/parameters/symbol"

static long load(const char *module)
{
	int err = um_insmod(module, NULL);

	return err == -EEXIST ? 0 : err;
}

/* ---- a reference that a module has on itself: no lock is taken for it ------------ */

static long unload(void *arg)
{
	return um_rmmod("mod_holder");
}

static long take(void *arg)
{
	return put(SELF, "1");
}

static long give_back(void *arg)
{
	return put(SELF, "0");
}

static long load_first(void *arg)
{
	return load("mod_holder");
}

static long load_and_take_first(void *arg)
{
	return load_first(arg) ?: take(arg) != 1;
}

/* Either it is gone, or that was refused and works now. */
static long unloaded_or_refused(void *arg, long unloaded, long given)
{
	if (given != 1 || (unloaded && unloaded != -EWOULDBLOCK))
		return wrong("give back", unloaded, given);
	if (unloaded && unload(NULL))
		return wrong("it cannot be unloaded any more", unloaded, given);
	return 0;
}

static long refused_or_unloaded(void *arg, long given, long unloaded)
{
	return unloaded_or_refused(arg, unloaded, given);
}

static void module_is_unloaded_while_its_last_reference_goes(void **state)
{
	const struct um_interleaving unload_first = {
		.name = "unload, give the last reference back meanwhile",
		.setup = load_and_take_first, .first = unload, .second = give_back,
		.check = unloaded_or_refused,
	}, give_back_first = {
		.name = "give the last reference back, unload meanwhile",
		.setup = load_and_take_first, .first = give_back, .second = unload,
		.check = refused_or_unloaded,
	};

	all_orders_are_right(&unload_first);
	all_orders_are_right(&give_back_first);
}

/* There is a reference, or there is no module: going or gone. */
static long unloaded_or_taken(void *arg, long unloaded, long taken)
{
	if (unloaded ? unloaded != -EWOULDBLOCK || taken != 1 : !is_gone(taken))
		return wrong("take", unloaded, taken);
	return unloaded && (give_back(NULL) != 1 || unload(NULL));
}

static long taken_or_unloaded(void *arg, long taken, long unloaded)
{
	return unloaded_or_taken(arg, unloaded, taken);
}

static void module_is_unloaded_while_it_takes_a_reference(void **state)
{
	const struct um_interleaving unload_first = {
		.name = "unload, take a reference meanwhile", .setup = load_first,
		.first = unload, .second = take, .check = unloaded_or_taken,
	}, take_first = {
		.name = "take a reference, unload meanwhile", .setup = load_first,
		.first = take, .second = unload, .check = taken_or_unloaded,
	};

	all_orders_are_right(&unload_first);
	all_orders_are_right(&take_first);
}

/* ---- a reference on another module, by its symbol ---------------------------------- */

static long unload_exporter(void *arg)
{
	return um_rmmod("mod_exports");
}

static long get_symbol(void *arg)
{
	return put(SYMBOL, "1");
}

static long load_both_first(void *arg)
{
	return load("mod_exports") ?: load("mod_holder");
}

static long unloaded_or_got(void *arg, long unloaded, long got)
{
	if (unloaded ? unloaded != -EWOULDBLOCK || got != 1 : got != -ENXIO)
		return wrong("get the symbol", unloaded, got);
	return unloaded && (put(SYMBOL, "0") != 1 || unload_exporter(NULL));
}

static long got_or_unloaded(void *arg, long got, long unloaded)
{
	return unloaded_or_got(arg, unloaded, got);
}

static void module_is_unloaded_while_its_symbol_is_looked_up(void **state)
{
	const struct um_interleaving unload_first = {
		.name = "unload, get a symbol meanwhile", .setup = load_both_first,
		.first = unload_exporter, .second = get_symbol, .check = unloaded_or_got,
	}, get_first = {
		.name = "get a symbol, unload meanwhile", .setup = load_both_first,
		.first = get_symbol, .second = unload_exporter, .check = got_or_unloaded,
	};

	all_orders_are_right(&unload_first);
	all_orders_are_right(&get_first);
}

/* ---------------------------------------------------------------------------------- */

static int setup(void **state)
{
	um_audit_mark();
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(module_is_unloaded_while_its_last_reference_goes),
		POINTS_TEST(module_is_unloaded_while_it_takes_a_reference),
		POINTS_TEST(module_is_unloaded_while_its_symbol_is_looked_up),
	};

	on_fibers(argv);
	return run_points("module_points", tests);
}
