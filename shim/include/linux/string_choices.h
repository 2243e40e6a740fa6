/* SPDX-License-Identifier: GPL-2.0-only */
/* Words for a yes or no in messages. */
#include "compat/levels.h"
#if !KAPI_SPLIT_HEADERS && !defined(UM_SPLIT_HEADER) && !defined(UMDEV_BUILTIN)
#error "linux/string_choices.h: not a header of this release, which has what is in it in linux/string_helpers.h"
#endif

#ifndef _LINUX_STRING_CHOICES_H_
#define _LINUX_STRING_CHOICES_H_

#include <linux/types.h>

#define UM_STRING_CHOICE(name, yes, no)					\
static inline const char *str_##name(bool v)				\
{									\
	return v ? yes : no;						\
}

UM_STRING_CHOICE(assert_deassert, "assert", "deassert")
UM_STRING_CHOICE(enable_disable, "enable", "disable")
UM_STRING_CHOICE(enabled_disabled, "enabled", "disabled")
UM_STRING_CHOICE(hi_lo, "hi", "lo")
UM_STRING_CHOICE(high_low, "high", "low")
UM_STRING_CHOICE(on_off, "on", "off")
UM_STRING_CHOICE(read_write, "read", "write")
UM_STRING_CHOICE(true_false, "true", "false")
UM_STRING_CHOICE(up_down, "up", "down")
UM_STRING_CHOICE(yes_no, "yes", "no")

#undef UM_STRING_CHOICE

/* Nothing for one, an s for any other number. */
static inline const char *str_plural(size_t num)
{
	return num == 1 ? "" : "s";
}

#endif
