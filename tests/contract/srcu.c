// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleepable RCU: whom a grace period of a domain waits for, and when callbacks
 * of it run.
 */
#include "mdev_test.h"

#define DOMAIN	DIR_TEST "/srcu"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("srcu_test", NULL), 0);
}

static void run(const char *command)
{
	t_expect(t_put(DOMAIN "/do", command), strlen(command));
}

static struct t_task *start_reader(const char *point)
{
	static char command[2][32];
	static unsigned int n;
	struct t_task *reader;
	char line[32];

	n ^= 1;
	snprintf(command[n], sizeof(command[n]), "read %s", point);
	hold(point);
	reader = t_put_start(DOMAIN "/do", command[n]);
	t_expect(t_task_wait_blocked(reader), true);
	snprintf(line, sizeof(line), "%s 1\n", point);
	t_expect(t_has_line(CONTROL "/held", line), true);
	return reader;
}

static void end_reader(struct t_task *reader, const char *point)
{
	release(point);
	t_expect(t_task_join(reader), 5 + strlen(point));
}

static void grace_period_without_readers_ends(void **state)
{
	load();
	run("wait");
	run("wait");
	run("wait_other");
}

static void reader_that_sleeps_is_waited_for(void **state)
{
	struct t_task *reader, *waiter;

	load();
	reader = start_reader("reader_in");
	/* it fails if who was in is in still; whether it waits yet a kernel does not tell */
	waiter = t_put_start(DOMAIN "/do", "wait");
	end_reader(reader, "reader_in");
	t_expect(t_task_join(waiter), 4);
}

static void reader_of_another_domain_is_not(void **state)
{
	struct t_task *reader;

	load();
	reader = start_reader("reader_in");
	run("wait_other");
	end_reader(reader, "reader_in");
}

static void callbacks_run_when_readers_have_left(void **state)
{
	struct t_task *reader, *waiter;

	load();
	reader = start_reader("reader_in");
	run("call");
	run("call");
	waiter = t_put_start(DOMAIN "/do", "barrier");
	t_expect_text(DOMAIN "/called", "0\n");
	end_reader(reader, "reader_in");
	t_expect(t_task_join(waiter), 7);
	t_expect_text(DOMAIN "/called", "2\n");
}

static void grace_period_can_be_polled_for(void **state)
{
	struct t_task *reader;

	load();
	reader = start_reader("reader_in");
	run("start");
	t_expect(t_put(DOMAIN "/do", "poll"), -EAGAIN);
	end_reader(reader, "reader_in");
	/* begins behind it, so that it has ended */
	run("wait");
	run("poll");
}

static void domain_can_be_made_and_ended(void **state)
{
	load();
	run("make");
	run("make");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(grace_period_without_readers_ends),
		T_TEST(reader_that_sleeps_is_waited_for),
		T_TEST(reader_of_another_domain_is_not),
		T_TEST(callbacks_run_when_readers_have_left),
		T_TEST(grace_period_can_be_polled_for),
		T_TEST(domain_can_be_made_and_ended),
	};

	return t_run("srcu", tests);
}
