/* SPDX-License-Identifier: GPL-2.0-only */
/* What snapshot.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_SNAPSHOT_H
#define UMDEV_TESTS_UNIT_SNAPSHOT_H

/* One lock under another, always in this order. */
void k_take_in_order(void);
/* How many such orders are known. */
unsigned long k_orders(void);
/* Of locks, that are known. */
unsigned int k_classes(void);

/* Of the host, as the module loader reads it; or an error. */
long k_file_size(const char *path);

/* Memory that goes back to the host when it is freed; what it has in the middle. */
void k_area_new(void);
char *k_area(void);
void k_area_free(void);

#endif
