/* SPDX-License-Identifier: GPL-2.0-only */
/* What bounce.c asks of its kernel side: 0, or the line that is wrong. */
#ifndef UMDEV_TESTS_UNIT_BOUNCE_H
#define UMDEV_TESTS_UNIT_BOUNCE_H

int bounce_from_device(void);
int bounce_to_device(void);
int bounce_both_ways(void);
int bounce_page_within_the_mask(void);
int bounce_list(void);
int bounce_out_of_reach(void);
int bounce_resource_out_of_reach(void);
int bounce_left(void);
void bounce_give_back(void);

#endif
