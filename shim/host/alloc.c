// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of the host. Every block is one malloc() block with nothing added,
 * so that ASan knows its exact bounds and LSan its owner.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"

#if defined(__SANITIZE_ADDRESS__)
#define UM_LSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UM_LSAN 1
#endif
#endif
#ifdef UM_LSAN
#include <sanitizer/lsan_interface.h>

/* of allocator_interface.h, which comes with clang only */
int __sanitizer_get_ownership(const volatile void *p);
#endif

void *host_alloc(size_t size)
{
	return malloc(size);
}

void *host_zalloc(size_t size)
{
	return calloc(1, size);
}

void *host_need(size_t size)
{
	void *p = calloc(1, size);

	if (!p) {
		fprintf(stderr, "umdev: out of memory (%zu bytes)\n", size);
		host_abort();
	}
	return p;
}

void *host_realloc(void *p, size_t size)
{
	return realloc(p, size);
}

void *host_memalign(size_t align, size_t size)
{
	void *p;

	return posix_memalign(&p, align, size) ? NULL : p;
}

void host_free(void *p)
{
	free(p);
}

#ifdef UMDEV_TSAN
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);
#endif

void host_free_unseen(void *p)
{
#ifdef UMDEV_TSAN
	__tsan_ignore_thread_begin();
#endif
	free(p);
#ifdef UMDEV_TSAN
	__tsan_ignore_thread_end();
#endif
}

size_t host_alloc_size(const void *p)
{
#ifdef UM_LSAN
	/* of anything else the free() that is to come makes the better report */
	if (!__sanitizer_get_ownership(p))
		return 0;
#endif
	return malloc_usable_size((void *)p);
}

void *host_alloc_permanent(size_t size)
{
	void *p = calloc(1, size);

#ifdef UM_LSAN
	if (p)
		__lsan_ignore_object(p);
#endif
	return p;
}
