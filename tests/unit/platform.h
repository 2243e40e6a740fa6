/* SPDX-License-Identifier: GPL-2.0-only */
/* platform_kern.c, as platform.c calls it. */
#ifndef UMDEV_TESTS_UNIT_PLATFORM_H
#define UMDEV_TESTS_UNIT_PLATFORM_H

/* A device with registers, and a driver that maps them; 0, or which step went wrong. */
int k_registers(void);
int k_region_of_another(void);
int k_io_mapping(void);
int k_pool_twice(void);
void k_leave_region(void);
void k_release_region(void);

#endif
