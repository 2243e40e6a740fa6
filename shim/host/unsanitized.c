// SPDX-License-Identifier: GPL-2.0-only
/*
 * host/sanitizer.c in a build without sanitizers: nobody finds anything, and nobody
 * knows where memory came from.
 */
#include "host/sanitizer.h"

int host_address_is_heap(const void *addr)
{
	return -1;
}

const void *host_block_of(const void *addr)
{
	return NULL;
}

bool host_on_fake_stack(const void *addr)
{
	return false;
}

unsigned int host_allocated_at(const void *addr, void **pc, unsigned int max)
{
	return 0;
}

void host_note_freed(const void *block)
{
}

void host_forget_freed(void)
{
}

bool host_freed_block(unsigned int i, struct host_freed *f)
{
	return false;
}

void host_sanitizer_death(void)
{
}
