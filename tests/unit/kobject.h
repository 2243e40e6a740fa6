/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the two sides of the test of kobjects and sysfs. */
#ifndef UNIT_KOBJECT_H
#define UNIT_KOBJECT_H

/* An object whose type has no release, added and put; the error of adding. */
int kt_without_release(void);
void kt_init_twice(void);

/* A flat directory of @n plain objects, made and removed. */
struct kt_crowd;
struct kt_crowd *kt_crowd_new(const char *name, int n);
void kt_crowd_free(struct kt_crowd *c);
/* Siblings passed since the last call, on the way to those looked for. */
long kt_passed(void);

/* One add and removal of an object with all files, another renamed and moved; its error. */
int kt_sweep_step(void);

#endif
