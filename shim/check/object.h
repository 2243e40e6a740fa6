/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_OBJECT_H
#define UMDEV_CHECK_OBJECT_H

/* Live objects in the registry, permanent ones included. */
unsigned long um_objects_alive(void);

#endif
