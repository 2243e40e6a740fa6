// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children of the user process.
 *
 * A child runs in the task that makes it, which waits for its end. It has copies
 * of the descriptors, each with a reference on its file, and of the mappings of
 * files, of which the drivers are told: so that what is open lives until both
 * have closed it. All else of the memory is its parent's: left out are copies of
 * it, and what a child maps or unmaps for itself.
 */
#include <linux/list.h>
#include <linux/sched.h>

#include "fs/internal.h"
#include "mm/arena.h"
#include "umdev/umdev.h"

long um_fork(long (*fn)(void *arg), void *arg)
{
	struct files_struct *parents = current->files, *files;
	LIST_HEAD(mappings);
	long ret = -ENOMEM;

	um_syscall_enter();
	files = um_files_copy();
	if (files && um_mappings_copy(&mappings)) {
		um_files_exit(files);
		files = NULL;
	}
	um_syscall_exit();
	if (!files)
		return ret;

	current->files = files;
	ret = fn(arg);

	um_syscall_enter();
	um_mappings_exit(&mappings);
	um_files_exit(files);
	current->files = parents;
	um_syscall_exit();
	return ret;
}
