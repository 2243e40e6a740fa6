/* SPDX-License-Identifier: GPL-2.0-only */
/* Between devices.c, which has cmocka and the user's side, and devices_kern.c. */
#ifndef UMDEV_TESTS_UNIT_DEVICES_H
#define UMDEV_TESTS_UNIT_DEVICES_H

#include "kern_case.h"

extern const struct kern_case devices_cases[];

/* With a card 1af4:1110 of which nobody has heard before; its pin may be raised. */
void k_regions_of_a_card(void);
void k_vectors_of_a_card(void);
void k_managed_card(void);
void k_pin_of_a_card(int raised);

#endif
