// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSan's options, part of each program: its runtime is in the program and asks
 * for them there. What malloc() gives counts as written: libraries fill it that
 * MSan does not know, and hand it to functions that MSan does. What the modelled
 * kernel gives is told by host_memory_unwritten() (host/unwritten.c).
 */
const char *__msan_default_options(void);
const char *__msan_default_options(void)
{
	return "poison_in_malloc=0:poison_in_free=0:abort_on_error=1";
}
