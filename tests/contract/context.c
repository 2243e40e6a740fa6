// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts and bottom halves, as a task and a timer's function see them. */
#include "mdev_test.h"

static void context_is_what_was_turned_off(void **state)
{
	char states[16];
	ssize_t n;

	t_expect(t_insmod("context_test", NULL), 0);
	n = t_get("/sys/module/context_test/parameters/states", states, sizeof(states));
	t_expect(n, 5);
	t_expect(strcmp(states, "4095\n"), 0);
	t_expect(t_rmmod("context_test"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(context_is_what_was_turned_off),
	};

	return t_run("context", tests);
}
