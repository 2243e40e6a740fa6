/* SPDX-License-Identifier: GPL-2.0-only */
/* The header of operations under its earlier name. */
#ifndef UMDEV_CHECK_H
#define UMDEV_CHECK_H

#include "check/op.h"

#endif
