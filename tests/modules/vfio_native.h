/* SPDX-License-Identifier: GPL-2.0-only */
/* What vfio_native_test and its tests agree on. */
#ifndef UMDEV_TESTS_VFIO_NATIVE_H
#define UMDEV_TESTS_VFIO_NATIVE_H

#define NATIVE_STATE	16		/* bytes that migrate, at offset 0 */
#define NATIVE_DMA	0x1000		/* offset of the pages that the device writes to */
#define NATIVE_PAGE	4096
#define NATIVE_DIRTY	8		/* so many at a time */

#endif
