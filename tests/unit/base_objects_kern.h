/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side of the test of what belongs to devices: whole scenarios,
 * which write what happens to a log.
 */
#ifndef TESTS_UNIT_BASE_OBJECTS_KERN_H
#define TESTS_UNIT_BASE_OBJECTS_KERN_H

/* What happened since the last call: words, each followed by a blank. */
const char *bo_log(void);

/* Scenarios: NULL, or what was wrong. */
const char *bo_devres(void);
const char *bo_devres_group(void);
const char *bo_class_interface(void);
const char *bo_class_compat(void);
const char *bo_rename(void);
const char *bo_root_device(void);
const char *bo_iommu_group(void);
const char *bo_iommu_same_name(void);
/* Names a group of its own, made by the first call; NULL takes the name away. */
int bo_iommu_name(const char *name);
void bo_iommu_put(void);

#endif
