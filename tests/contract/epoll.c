// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that an epoll watches: by level, by edge, once; what ends the watch, and
 * what does not. The file is an attribute, of which sysfs_notify() tells.
 */
#include <poll.h>
#include <sys/epoll.h>

#include "thing.h"

#define COMES	(EPOLLPRI | EPOLLERR)	/* of an attribute that changed */

/* It is as it was read last. */
static void look(int fd)
{
	char text[16];

	t_expect(t_lseek(fd, 0, SEEK_SET), 0);
	t_expect(t_read(fd, text, sizeof(text)), 5);
}

/* An attribute that was not read yet, which counts as changed; and an epoll that watches it. */
static int load(unsigned int how, int *ep)
{
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	*ep = t_epoll_create();
	t_expect(*ep >= 0, true);
	t_expect(t_epoll_ctl(*ep, EPOLL_CTL_ADD, fd, EPOLLPRI | how, 7), 0);
	return fd;
}

static void tells(int ep, int n)
{
	struct t_epoll event;

	t_expect(t_epoll_wait(ep, &event, 1, 0), n);
	if (!n)
		return;
	t_expect(event.data, 7);
	t_expect(event.events, COMES);
}

static void only_what_can_be_polled_is_watched(void **state)
{
	int ep, fd = load(0, &ep), dir = open_it(THING, O_RDONLY);

	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, dir, EPOLLIN, 1), -EPERM);
	t_expect(t_epoll_ctl(dir, EPOLL_CTL_ADD, fd, EPOLLIN, 1), -EINVAL);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, ep, EPOLLIN, 1), -EINVAL);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, 999999, EPOLLIN, 1), -EBADF);
	t_expect(t_epoll_ctl(999999, EPOLL_CTL_ADD, fd, EPOLLIN, 1), -EBADF);
	t_close(dir);
	t_close(fd);
	t_close(ep);
}

static void each_descriptor_is_watched_once(void **state)
{
	int ep, fd = load(0, &ep), copy = t_dup(fd);

	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN, 1), -EEXIST);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_MOD, copy, EPOLLIN, 1), -ENOENT);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_DEL, copy, 0, 0), -ENOENT);
	t_expect(t_epoll_ctl(ep, 17, fd, EPOLLIN, 1), -EINVAL);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, copy, EPOLLIN, 1), 0);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_DEL, fd, 0, 0), 0);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_DEL, fd, 0, 0), -ENOENT);
	t_close(copy);
	t_close(fd);
	t_close(ep);
}

static void wait_wants_an_epoll_and_room(void **state)
{
	struct t_epoll event;
	int ep, fd = load(0, &ep);

	t_expect(t_epoll_wait(ep, &event, 0, 0), -EINVAL);
	t_expect(t_epoll_wait(fd, &event, 1, 0), -EINVAL);
	t_expect(t_epoll_wait(999999, &event, 1, 0), -EBADF);
	t_close(fd);
	t_close(ep);
}

static void level_is_told_as_long_as_it_lasts(void **state)
{
	int ep, fd = load(0, &ep);

	tells(ep, 1);
	tells(ep, 1);
	look(fd);
	tells(ep, 0);
	run("notify value", 0);
	tells(ep, 1);
	tells(ep, 1);
	look(fd);
	tells(ep, 0);
	t_close(fd);
	t_close(ep);
}

static void edge_is_told_when_it_comes(void **state)
{
	int ep, fd = load(EPOLLET, &ep);

	tells(ep, 1);
	tells(ep, 0);
	run("notify value", 0);
	run("notify value", 0);
	tells(ep, 1);
	tells(ep, 0);
	t_close(fd);
	t_close(ep);
}

static void one_shot_is_told_once_and_armed_again(void **state)
{
	int ep, fd = load(EPOLLONESHOT, &ep);

	tells(ep, 1);
	run("notify value", 0);
	tells(ep, 0);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_MOD, fd, EPOLLPRI | EPOLLONESHOT, 7), 0);
	tells(ep, 1);
	tells(ep, 0);
	t_close(fd);
	t_close(ep);
}

static void what_is_watched_for_can_be_changed(void **state)
{
	struct t_epoll event;
	int ep, fd = load(0, &ep);

	look(fd);
	tells(ep, 0);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT, 8), 0);
	t_expect(t_epoll_wait(ep, &event, 1, 0), 1);
	t_expect(event.data, 8);
	t_expect(event.events, EPOLLIN | EPOLLOUT);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_DEL, fd, 0, 0), 0);
	t_expect(t_epoll_wait(ep, &event, 1, 0), 0);
	t_close(fd);
	t_close(ep);
}

static void each_gets_its_turn(void **state)
{
	int ep, fd = load(0, &ep), other = open_it(THING "/length", O_RDONLY);
	struct t_epoll event[2];

	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, other, EPOLLPRI, 9), 0);
	t_expect(t_epoll_wait(ep, event, 1, 0), 1);
	t_expect(event[0].data, 7);
	t_expect(t_epoll_wait(ep, event, 1, 0), 1);
	t_expect(event[0].data, 9);
	t_expect(t_epoll_wait(ep, event, 1, 0), 1);
	t_expect(event[0].data, 7);
	t_expect(t_epoll_wait(ep, event, 2, 0), 2);
	t_expect(event[0].data, 9);
	t_expect(event[1].data, 7);
	t_close(other);
	t_close(fd);
	t_close(ep);
}

static void epoll_can_be_polled_itself(void **state)
{
	int ep, fd = load(0, &ep);

	t_expect(t_poll(ep, POLLIN | POLLOUT, 0), POLLIN);
	look(fd);
	t_expect(t_poll(ep, POLLIN | POLLOUT, 0), 0);
	t_close(fd);
	t_close(ep);
}

static void epoll_that_is_watched_tells_of_its_files(void **state)
{
	int ep, fd = load(0, &ep), outer = t_epoll_create(), outermost = t_epoll_create();
	struct t_epoll event;

	t_expect(t_epoll_ctl(outer, EPOLL_CTL_ADD, ep, EPOLLIN | EPOLLOUT, 8), 0);
	t_expect(t_epoll_ctl(outermost, EPOLL_CTL_ADD, outer, EPOLLIN, 9), 0);
	t_expect(t_epoll_wait(outermost, &event, 1, 0), 1);
	t_expect(event.data, 9);
	t_expect(event.events, EPOLLIN);
	t_expect(t_epoll_wait(outer, &event, 1, 0), 1);
	t_expect(event.data, 8);
	t_expect(event.events, EPOLLIN);
	tells(ep, 1);
	look(fd);
	t_expect(t_epoll_wait(outermost, &event, 1, 0), 0);
	run("notify value", 0);
	t_expect(t_epoll_wait(outermost, &event, 1, 0), 1);
	t_close(ep);
	t_expect(t_epoll_wait(outermost, &event, 1, 0), 0);
	t_close(fd);
	t_close(outer);
	t_close(outermost);
}

static void epolls_watch_each_other_in_no_circle(void **state)
{
	int eps[10], n = 0, err = 0, ep, fd = load(0, &ep);

	eps[n++] = ep;
	while (!err && n < 10) {
		eps[n] = t_epoll_create();
		err = t_epoll_ctl(eps[n], EPOLL_CTL_ADD, eps[n - 1], EPOLLIN, 1);
		n++;
		if (n == 3)
			t_expect(t_epoll_ctl(eps[0], EPOLL_CTL_ADD, eps[2], EPOLLIN, 1), -ELOOP);
	}
	/* and not in a row without an end */
	t_expect(err, -ELOOP);
	t_expect(n > 4, true);
	while (n--)
		t_close(eps[n]);
	t_close(fd);
}

static void exclusive_is_from_the_beginning_and_of_files(void **state)
{
	int ep, fd = load(0, &ep), other = t_epoll_create();

	t_expect(t_epoll_ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLEXCLUSIVE, 7), -EINVAL);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, other, EPOLLIN | EPOLLEXCLUSIVE, 7), -EINVAL);
	t_expect(t_epoll_ctl(other, EPOLL_CTL_ADD, fd, EPOLLPRI | EPOLLEXCLUSIVE, 7), -EINVAL);
	t_expect(t_epoll_ctl(other, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT | EPOLLEXCLUSIVE, 7),
		 -EINVAL);
	t_expect(t_epoll_ctl(other, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE, 7), 0);
	t_expect(t_epoll_ctl(other, EPOLL_CTL_MOD, fd, EPOLLIN, 7), -EINVAL);
	t_expect(t_epoll_ctl(other, EPOLL_CTL_DEL, fd, 0, 0), 0);
	t_close(fd);
	t_close(other);
	t_close(ep);
}

/* ---- waiting ------------------------------------------------------------- */

static long wait_for_event(void *ep)
{
	struct t_epoll event;

	return t_epoll_wait(*(int *)ep, &event, 1, -1);
}

static void wait_ends_when_an_event_comes(void **state)
{
	int ep, fd = load(0, &ep);
	struct t_task *task;

	look(fd);
	task = t_task_start("wait", wait_for_event, &ep);
	t_expect(t_task_wait_blocked(task), true);
	run("notify length", 0);
	t_expect(t_task_wait_blocked(task), true);
	run("notify value", 0);
	t_expect(t_task_join(task), 1);
	t_close(fd);
	t_close(ep);
}

static void nested_wait_ends_when_an_event_comes(void **state)
{
	int ep, fd = load(0, &ep), outer = t_epoll_create();
	struct t_task *task;

	look(fd);
	tells(ep, 0);
	t_expect(t_epoll_ctl(outer, EPOLL_CTL_ADD, ep, EPOLLIN, 8), 0);
	task = t_task_start("wait", wait_for_event, &outer);
	t_expect(t_task_wait_blocked(task), true);
	run("notify value", 0);
	t_expect(t_task_join(task), 1);
	t_close(fd);
	t_close(ep);
	t_close(outer);
}

static void one_of_those_that_watch_exclusively_is_woken(void **state)
{
	int ep, fd = load(0, &ep), first = t_epoll_create(), second = t_epoll_create();
	struct t_task *one, *two;

	t_close(ep);
	look(fd);
	/* of the error that a change is, too */
	t_expect(t_epoll_ctl(first, EPOLL_CTL_ADD, fd, EPOLLEXCLUSIVE, 1), 0);
	t_expect(t_epoll_ctl(second, EPOLL_CTL_ADD, fd, EPOLLEXCLUSIVE, 2), 0);
	one = t_task_start("one", wait_for_event, &first);
	t_expect(t_task_wait_blocked(one), true);
	two = t_task_start("two", wait_for_event, &second);
	t_expect(t_task_wait_blocked(two), true);
	run("notify value", 0);
	t_expect(t_task_join(one), 1);
	t_expect(t_task_wait_blocked(two), true);
	/* nobody waits for the first one now */
	run("notify value", 0);
	t_expect(t_task_join(two), 1);
	t_close(fd);
	t_close(first);
	t_close(second);
}

static void wait_ends_by_a_signal(void **state)
{
	int ep, fd = load(0, &ep);
	struct t_task *task;

	look(fd);
	task = t_task_start("wait", wait_for_event, &ep);
	t_expect(t_task_wait_blocked(task), true);
	t_task_interrupt(task);
	t_expect(t_task_join(task), -EINTR);
	t_close(fd);
	t_close(ep);
}

/* ---- the end of a watch -------------------------------------------------- */

static void file_is_watched_until_nobody_has_it_open(void **state)
{
	int ep, fd = load(0, &ep), copy = t_dup(fd);

	t_close(fd);
	tells(ep, 1);
	/* no descriptor names it any more */
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_DEL, fd, 0, 0), -EBADF);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_DEL, copy, 0, 0), -ENOENT);
	t_close(copy);
	tells(ep, 0);
	t_close(ep);
}

static void epoll_may_be_closed_first(void **state)
{
	int ep, fd = load(0, &ep);

	t_close(ep);
	run("notify value", 0);
	t_expect(t_poll(fd, POLLPRI, 0), POLLPRI | POLLERR);
	t_close(fd);
}

static void attribute_that_goes_is_watched_until_it_is_closed(void **state)
{
	int ep, fd = load(0, &ep), gone;
	char text[8];

	t_close(fd);
	run("group", 0);
	gone = open_it(THING "/looks/colour", O_RDONLY);
	t_expect(t_read(gone, text, sizeof(text)) >= 0, true);
	t_expect(t_epoll_ctl(ep, EPOLL_CTL_ADD, gone, EPOLLPRI, 7), 0);
	tells(ep, 0);
	run("ungroup", 0);
	/* its end is there for who asks, but wakes nobody */
	t_expect(t_poll(gone, POLLPRI, 0), POLLPRI | POLLERR);
	tells(ep, 0);
	t_close(gone);
	t_close(ep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(only_what_can_be_polled_is_watched),
		T_TEST(each_descriptor_is_watched_once),
		T_TEST(wait_wants_an_epoll_and_room),
		T_TEST(level_is_told_as_long_as_it_lasts),
		T_TEST(edge_is_told_when_it_comes),
		T_TEST(one_shot_is_told_once_and_armed_again),
		T_TEST(what_is_watched_for_can_be_changed),
		T_TEST(each_gets_its_turn),
		T_TEST(epoll_can_be_polled_itself),
		T_TEST(epoll_that_is_watched_tells_of_its_files),
		T_TEST(epolls_watch_each_other_in_no_circle),
		T_TEST(exclusive_is_from_the_beginning_and_of_files),
		T_TEST(wait_ends_when_an_event_comes),
		T_TEST(nested_wait_ends_when_an_event_comes),
		T_TEST(one_of_those_that_watch_exclusively_is_woken),
		T_TEST(wait_ends_by_a_signal),
		T_TEST(file_is_watched_until_nobody_has_it_open),
		T_TEST(epoll_may_be_closed_first),
		T_TEST(attribute_that_goes_is_watched_until_it_is_closed),
	};

	return t_run("epoll", tests);
}
