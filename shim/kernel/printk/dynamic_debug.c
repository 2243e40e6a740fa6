// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pr_debug() sites print: a list of patterns, compared at each call.
 * The whole list is replaced at once; lists are never freed, since a site may
 * be reading one.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "host/host.h"
#include "umdev/umdev.h"

static const char *patterns;	/* NULL: the environment was not yet asked */

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n = strcspn(list, ",");

		if ((n == 1 && *list == '*') ||
		    (n == len && !strncmp(list, word, len)))
			return true;
		list += n;
		if (*list)
			list++;
	}
	return false;
}

/**
 * um_debug_on() - does a pr_debug() or dev_dbg() print? Called by these
 * @file:    of the call; its last component is compared
 * @modname: of its module
 *
 * See um_debug(); the first call asks the environment.
 *
 * Return: whether it does.
 */
bool um_debug_on(const char *file, const char *modname)
{
	const char *list = __atomic_load_n(&patterns, __ATOMIC_ACQUIRE);

	if (!list) {
		list = host_getenv("UMDEV_DEBUG");
		um_debug(list);
	}
	if (!list || !*list)
		return false;
	return has_word(list, kbasename(file)) || has_word(list, modname);
}
EXPORT_SYMBOL(um_debug_on);

void um_debug(const char *match)
{
	const char *list = "";

	if (match && *match) {
		char *copy = host_alloc_permanent(strlen(match) + 1);

		if (copy)
			list = strcpy(copy, match);
	}
	__atomic_store_n(&patterns, list, __ATOMIC_RELEASE);
}
