// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtqueues and DMA where a real kernel cannot be asked: the two sides of a ring
 * in two tasks, for TSan, which must tell of a barrier that is missing on either
 * side; allocations and mappings that fail; what the DMA detector says. The tests
 * themselves are kernel code, in virtio_ring_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "kern_cases.h"
#include "virtio_ring.h"

static int child_main(const char *name)
{
	const struct kern_case *c;

	for (c = virtio_ring_children; c->name; c++) {
		if (strcmp(c->name, name))
			continue;
		if (um_boot(NULL))
			return 2;
		c->fn();
		return 0;
	}
	return 3;
}

static void dies(const char *name, const char *why)
{
	char text[16384];
	int status = run_child(name, text, sizeof(text));

	if (!status || !strstr(text, why)) {
		print_error("%s: status %d, no '%s' in:\n%s\n", name, status, why, text);
		fail();
	}
}

static void memory_of_a_stack_is_no_page(void **state)
{
	dies("stack", "which no page has");
}

static void memory_of_kmalloc_is_no_page_to_put(void **state)
{
	dies("put_kmalloc", "which kfree() frees");
}

#if defined(__SANITIZE_THREAD__)
#define RACES(name) dies(name, "data race")
#else
#define RACES(name)						\
do {								\
	puts("SKIP: this build has no TSan (preset tsan has)");	\
	skip();							\
} while (0)
#endif

static void barrier_missing_in_the_device_fires_under_tsan(void **state)
{
	RACES("device_without_barrier");
}

static void barrier_missing_in_the_driver_fires_under_tsan(void **state)
{
	RACES("driver_without_barrier");
}

static void barrier_missing_where_the_device_writes_fires_under_tsan(void **state)
{
	RACES("device_that_writes_without_barrier");
}

static void barrier_missing_where_the_driver_writes_fires_under_tsan(void **state)
{
	RACES("driver_that_writes_without_barrier");
}

static void barrier_missing_where_the_device_reads_fires_under_tsan(void **state)
{
	RACES("device_that_reads_without_barrier");
}

static void barrier_missing_where_the_driver_reads_fires_under_tsan(void **state)
{
	RACES("driver_that_reads_without_barrier");
}

static void barrier_of_another_ring_is_none_under_tsan(void **state)
{
	RACES("barrier_of_another_ring");
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_of_a_stack_is_no_page),
		cmocka_unit_test(memory_of_kmalloc_is_no_page_to_put),
		cmocka_unit_test(barrier_missing_in_the_device_fires_under_tsan),
		cmocka_unit_test(barrier_missing_in_the_driver_fires_under_tsan),
		cmocka_unit_test(barrier_missing_where_the_device_writes_fires_under_tsan),
		cmocka_unit_test(barrier_missing_where_the_driver_writes_fires_under_tsan),
		cmocka_unit_test(barrier_missing_where_the_device_reads_fires_under_tsan),
		cmocka_unit_test(barrier_missing_where_the_driver_reads_fires_under_tsan),
		cmocka_unit_test(barrier_of_another_ring_is_none_under_tsan),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	return run_kern_cases("virtio_ring", tests, sizeof(tests) / sizeof(tests[0]),
			      virtio_ring_cases);
}
