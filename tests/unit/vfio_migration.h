/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side of the test of migration states: one step of the way. */
#ifndef TESTS_UNIT_VFIO_MIGRATION_H
#define TESTS_UNIT_VFIO_MIGRATION_H

/* The states in the order of their numbers; ERROR is none to go to. */
#define MIG_STATES "ERROR STOP RUNNING STOP_COPY RESUMING RUNNING_P2P PRE_COPY PRE_COPY_P2P"

#define MIG_STOP_COPY	1u
#define MIG_P2P		2u
#define MIG_PRE_COPY	4u

/* The next state of a device with these features, or an error. */
int mig_next(unsigned int flags, unsigned int from, unsigned int to);

#endif
