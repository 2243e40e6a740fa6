// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies between a driver and user memory, looked at before they are made.
 *
 * A copy is wrong when the driver's side of it is not all one live object
 * (ASan knows; without it nothing is said), whatever the user's side is; and
 * when, inside of a read() or write(), it begins in the user's buffer and
 * goes on behind it: the memory there is the user's too, a kernel could not
 * tell. (A driver that follows a user pointer is caught by host/memory.c.)
 */
#include <linux/kernel.h>

#include "check/check.h"
#include "check/user.h"
#include "kernel/sched/sched.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#ifdef HAVE_ASAN
void *__asan_region_is_poisoned(void *begin, size_t size);

static bool is_drivers_own(const char *what, const void *kernel, unsigned long n)
{
	const char *bad = n ? __asan_region_is_poisoned((void *)kernel, n) : NULL;

	if (likely(!bad))
		return true;
	um_splat("user memory",
		 "%s() of %lu bytes, of which only %lu are the driver's own object",
		 what, n, (unsigned long)(bad - (const char *)kernel));
	return false;
}
#else
#define is_drivers_own(what, kernel, n) true
#endif

void um_user_buffer_set(unsigned long start, unsigned long size, struct um_user_buffer *old)
{
	struct um_sched_task *t = um_this();

	old->start = t->user_start;
	old->size = t->user_size;
	t->user_start = start;
	t->user_size = size;
}

void um_user_buffer_restore(const struct um_user_buffer *old)
{
	struct um_sched_task *t = um_this();

	t->user_start = old->start;
	t->user_size = old->size;
}

bool um_check_user_copy(const char *what, unsigned long user, const void *kernel,
			unsigned long n)
{
	struct um_sched_task *t = um_this();

	if (um_detectors_off)
		return true;
	if (unlikely(t->user_size && user - t->user_start <= t->user_size &&
		     n > t->user_size - (user - t->user_start))) {
		um_splat("user memory",
			 "%s() of %lu bytes at byte %lu of a user's buffer, which has %lu",
			 what, n, user - t->user_start, t->user_size);
		return false;
	}
	return is_drivers_own(what, kernel, n);
}
