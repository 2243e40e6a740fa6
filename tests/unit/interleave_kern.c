// SPDX-License-Identifier: GPL-2.0-only
/* What the tasks of interleave.c do. */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "interleave.h"

static DEFINE_MUTEX(lock);
static DEFINE_SPINLOCK(spin);
static struct completion done;
static int number;

/*
 * Tasks of which one runs at a time write it. Being held orders nothing, so
 * TSan would rightly complain of this and of the number.
 */
static char notes[64];
static unsigned int n_notes;

void k_reset(void)
{
	init_completion(&done);
	number = 0;
	n_notes = 0;
	memset(notes, 0, sizeof(notes));
}

const char *k_notes(void)
{
	return notes;
}

__no_sanitize_thread void k_note(char c)
{
	notes[n_notes++] = c;
}

void k_pass_points(unsigned int times)
{
	struct mutex mine;

	mutex_init(&mine);
	while (times--) {
		mutex_lock(&mine);
		mutex_unlock(&mine);
	}
	mutex_destroy(&mine);
}

void k_pass_points_atomic(void)
{
	spinlock_t mine;

	spin_lock_init(&mine);
	spin_lock(&mine);
	spin_unlock(&mine);
}

void __sanitizer_cov_trace_pc(void);

void k_basic_block(void)
{
	__sanitizer_cov_trace_pc();
}

void k_lock(void)
{
	mutex_lock(&lock);
}

void k_unlock(void)
{
	mutex_unlock(&lock);
}

void k_spin_lock(void)
{
	spin_lock(&spin);
}

void k_spin_unlock(void)
{
	spin_unlock(&spin);
}

__no_sanitize_thread void k_add(void)
{
	int n = READ_ONCE(number);

	k_pass_points(1);
	WRITE_ONCE(number, n + 1);
}

__no_sanitize_thread int k_number(void)
{
	return READ_ONCE(number);
}

void k_add_unordered(void)
{
	number++;
}

void k_wait(void)
{
	wait_for_completion(&done);
}

void k_complete(void)
{
	complete(&done);
}

void k_warn(void)
{
	WARN(1, "one that nobody wants\n");
}
