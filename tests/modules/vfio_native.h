/* SPDX-License-Identifier: GPL-2.0-only */
/* What vfio_native_test and its tests agree on. */
#ifndef UMDEV_TESTS_VFIO_NATIVE_H
#define UMDEV_TESTS_VFIO_NATIVE_H

#define NATIVE_STATE	16		/* bytes that migrate, at offset 0 */
/* a letter for each migration state, by its number */
#define NATIVE_STATES	"esrcmpqt"
#define NATIVE_DMA	0x1000		/* offset of the pages that the device writes to */
#define NATIVE_PAGE	4096
#define NATIVE_DIRTY	8		/* so many at a time */

/* A write of it at NATIVE_PIN pins pages, which stay so; one at a time. */
#define NATIVE_PIN	0x2000
#define NATIVE_PAGES	4		/* so many at most */
struct native_pin {
	unsigned long long iova;
	unsigned int pages;
	unsigned int write;		/* to be written to */
};
/* A write there, of anything, gives them back. */
#define NATIVE_UNPIN	0x3000
/* From here on lies the user's memory, by IOVA: what is read or written is copied. */
#define NATIVE_MEMORY	(1LL << 40)
#define NATIVE_COPY	64		/* so many bytes at a time */

/* A feature of the device's own, and what it gives. */
#define NATIVE_FEATURE	100
#define NATIVE_ANSWER	42

#endif
