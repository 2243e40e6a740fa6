/* SPDX-License-Identifier: GPL-2.0-only */
/* Between virtio_ring.c, which has cmocka, and virtio_ring_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_VIRTIO_RING_H
#define UMDEV_TESTS_UNIT_VIRTIO_RING_H

#include "kern_case.h"

extern const struct kern_case virtio_ring_cases[];
/* Scenarios for a process of their own, by name. */
extern const struct kern_case virtio_ring_children[];

#endif
