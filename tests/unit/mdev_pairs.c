// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pair of operations on an mdev and its modules, in every order that one
 * preemption of the first can make (um_interleave()): what each may return, that
 * nothing runs or is read of a module that was unloaded (a sanitizer's report, or
 * a crash, that names the schedule), that all can be unloaded afterwards, and that
 * nothing is left.
 *
 * The pairs are generated: an operation says what it may return and what it needs
 * before. A pair starts with an mdev that is bound; where one of the two makes it,
 * without; where one closes it, with the mdev open.
 *
 * unit_mdev_pairs [VENDOR [FIRST [SECOND]]] runs some of them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "mdev_operations.h"

/* ---- a pair ------------------------------------------------------------------------- */

struct pair {
	const struct operation *first, *second;
	char name[64];
};

static long run_first(void *arg)
{
	return ((const struct pair *)arg)->first->run(NULL);
}

static long run_second(void *arg)
{
	return ((const struct pair *)arg)->second->run(NULL);
}

static long set_up(void *arg)
{
	const struct pair *pair = arg;
	unsigned int needs = pair->first->needs | pair->second->needs;

	if (um_modprobe("vfio_mdev", NULL) || um_insmod(vendor->module, NULL))
		return -EIO;
	if (needs & MAKES)
		return 0;
	if (create(NULL) != UUID_LEN)
		return -EIO;
	vfio_node(MDEV, node, sizeof(node));
	if (needs & CLOSES)
		return vfio_open(&owner, node, UUID);
	return needs & BINDS && unbind(NULL) != UUID_LEN;
}

/* Whatever the two have left can be unloaded, and then nothing is left. */
static long unloads(void)
{
	static const char *const gone[] = { "/sys/module/mdev", "/sys/module/vfio_mdev" };
	unsigned int i;

	vfio_close(&owner);
	unload_all(NULL);
	for (i = 0; i < 2; i++)
		if (exists(gone[i]))
			return wrong("still loaded", i, um_rmmod(i ? "vfio_mdev" : "mdev"));
	return um_audit(NULL, NULL) ? wrong("something is left", 0, 0) : 0;
}

static long both_are_right(void *arg, long first, long second)
{
	const struct pair *pair = arg;

	if (!operation_may_return(pair->first, first) || !operation_may_return(pair->second, second))
		return wrong(pair->name, first, second);
	return unloads();
}

/* ---- one pair, in a process of its own ------------------------------------------------- */

/*
 * A pair that crashes says so, with its schedule, and the others go on; and a few
 * hundred rounds of loading and unloading are not slowed down by thousands before.
 */

/* In all processes. */
static unsigned long *schedules;

static void meet(void **state)
{
	struct pair *pair = *state;
	const struct um_interleaving s = {
		.name = pair->name, .arg = pair, .setup = set_up,
		.first = run_first, .second = run_second, .check = both_are_right,
	};
	long ret = um_interleave(&s);

	assert_true(ret > 0);
	__atomic_add_fetch(schedules, ret, __ATOMIC_RELAXED);
}

static int setup(void **state)
{
	um_check_splats();
	/* what the driver needs of VFIO stays */
	if (um_modprobe("vfio_mdev", NULL) || um_rmmod("vfio_mdev") || um_rmmod("mdev"))
		return -EIO;
	um_audit_mark();
	return 0;
}

static int teardown(void **state)
{
	vfio_close(&owner);
	return points_teardown(state);
}

static int run_pair(struct pair *pair)
{
	const struct CMUnitTest tests[] = {
		{ pair->name, meet, setup, teardown, pair },
	};

	return run_points("mdev_pairs", tests);
}

/* ---- all of them ------------------------------------------------------------------------ */

static unsigned int pairs, running, failed;

/* The report of a pair that fails is on its standard error. */
static void end_pair(void)
{
	int status;

	if (wait(&status) < 0 || status)
		failed++;
	running--;
}

/* As many at once as there are processors. */
static void start_pair(struct pair *pair)
{
	pid_t pid;

	if (running == sysconf(_SC_NPROCESSORS_ONLN))
		end_pair();
	snprintf(pair->name, sizeof(pair->name), "%s: %s, %s meanwhile", vendor->module,
		 pair->first->name, pair->second->name);
	fflush(stdout);
	pid = fork();
	if (!pid)
		exit(run_pair(pair));
	if (pid < 0)
		failed++;
	else
		running++;
	pairs++;
}

static bool is_wanted(const char *name, int argc, char **argv, int arg)
{
	return arg >= argc || !strcmp(name, argv[arg]);
}

static void run_vendor(int argc, char **argv)
{
	struct pair pair = { };
	unsigned int i, j;

	for (i = 0; i < N_OPERATIONS; i++) {
		for (j = 0; j < N_OPERATIONS; j++) {
			pair.first = &operations[i];
			pair.second = &operations[j];
			/* what is open is closed once */
			if (pair.first->needs & pair.second->needs & CLOSES)
				continue;
			if (is_wanted(pair.first->name, argc, argv, 2) &&
			    is_wanted(pair.second->name, argc, argv, 3))
				start_pair(&pair);
		}
	}
}

int main(int argc, char **argv)
{
	static const struct vendor *const vendors[] = { &mtty, &static_vendor };
	unsigned int i;

	schedules = mmap(NULL, sizeof(*schedules), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < 2; i++) {
		vendor = vendors[i];
		if (is_wanted(vendor->module, argc, argv, 1))
			run_vendor(argc, argv);
	}
	while (running)
		end_pair();
	printf("%u pairs, %lu schedules, %u pairs failed\n", pairs, *schedules, failed);
	return failed || !pairs;
}
