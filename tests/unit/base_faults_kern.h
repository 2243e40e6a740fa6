/* SPDX-License-Identifier: GPL-2.0-only */
/* What base_faults.c sweeps: 0, or the error after which nothing may be left. */
#ifndef TESTS_UNIT_BASE_FAULTS_KERN_H
#define TESTS_UNIT_BASE_FAULTS_KERN_H

int bf_sweep_bus(void);
int bf_sweep_class(void);
int bf_sweep_iommu(void);

#endif
