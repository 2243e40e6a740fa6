// SPDX-License-Identifier: GPL-2.0-only
/*
 * What vringh says of a ring that is wrong. One test in a program of its own:
 * it says no more than ten things in five seconds, and on the shim, where it
 * is built in, other tests would have had theirs.
 */
#include <fcntl.h>

#include "vringh_test.h"

static void says(const char *message)
{
	if (!t_kmsg_has(message))
		fail_msg("no message '%s'", message);
}

/* Chains of the ring's own table, each offered and refused. */
static void refused_in_the_ring(void)
{
	does("desc 0 0,1,n,8", "");
	does("offer 0", "");
	does("get rw", "-22 0");
	says("Chained index 8 > 8");

	does("desc 0 0,1,n,0", "");
	does("offer 0", "");
	does("get rw", "-40 0");
	says("Descriptor loop in ");

	does("desc 0 0,1,wn,1", "");
	does("desc 1 1,1,-", "");
	does("offer 0", "");
	does("get rw", "-22 0");
	says("Readable desc ");
	says(" after writable");

	does("offer 0", "");
	does("get r", "-71 0");
	says("Unexpected writable desc");

	does("offer 1", "");
	does("get w", "-71 1");
	says("Unexpected readable desc");
}

static void refused_in_a_table(void)
{
	does("desc 0 T,17,i", "");
	does("offer 0", "");
	does("get rw", "-22 0");
	says("Strange indirect len 17");

	does("desc 0 T,32,in,4", "");
	does("desc t0 0,4,n,1", "");
	does("desc t1 T,16,i", "");
	does("offer 0", "");
	does("get rw", "-22 0");
	says("Multilevel indirect 4->1");
}

static void each_refusal_is_explained_until_there_were_ten(void **state)
{
	/* a kernel's own stays loaded, and another program may just have had it say something */
	t_delete_module("vringh", O_NONBLOCK);
	load_ring("ring 8 -");
	t_kmsg_flush();		/* what loading a foreign module says begins the same way */
	does("init 3", "-22");
	says("Bad ring size 3");
	refused_in_the_ring();
	refused_in_a_table();
	does("offer 9", "");
	does("get rw", "-22 999");
	says("Guest says index 9 > 8 is available");
	assert_int_equal(t_kmsg_count("vringh:"), 9);

	does("init 5 20", "-22");
	assert_int_equal(t_kmsg_count("Bad ring size 5"), 1);
	assert_int_equal(t_kmsg_count("vringh:"), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(each_refusal_is_explained_until_there_were_ten),
	};

	return t_run("vringh_messages", tests);
}
