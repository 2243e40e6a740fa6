/* SPDX-License-Identifier: GPL-2.0-only */
/* Between virtio_ring.c, which has cmocka, and virtio_ring_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_VIRTIO_RING_H
#define UMDEV_TESTS_UNIT_VIRTIO_RING_H

struct kern_case {
	const char *name;
	void (*fn)(void);
};

extern const struct kern_case kern_cases[];	/* ends with a NULL name */
/* Scenarios for a process of their own, by name. */
extern const struct kern_case kern_children[];

/* Ends the running test. Implemented in virtio_ring.c. */
void case_fail(const char *file, int line, const char *text) __attribute__((noreturn));

#endif
