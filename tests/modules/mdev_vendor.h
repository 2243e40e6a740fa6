/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a parent driver of the tests says to the framework, of whichever
 * generation it is: the words of ours. For another there is a small adapter:
 * what it has under another name is laid over, what it does not have says so
 * (MDEV_HAS), and then no test asks for it.
 */
#ifndef MDEV_VENDOR_H
#define MDEV_VENDOR_H

#include "mdev_generation.h"

#if defined(MDEV_PARENT_OPS)
#include "mdev_vendor_parent_ops.h"
#elif defined(MDEV_DRIVER)
#include "mdev_vendor_mdev_driver.h"
#endif

#endif
