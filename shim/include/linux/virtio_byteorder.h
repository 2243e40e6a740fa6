/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lies in virtio's memory, converted. A device that has negotiated
 * VIRTIO_F_VERSION_1 is little-endian; a legacy one has the order of the
 * processor, which is little-endian here. A big-endian one is converted all
 * the same when it is asked for.
 */
#ifndef _LINUX_VIRTIO_BYTEORDER_H
#define _LINUX_VIRTIO_BYTEORDER_H

#include <asm/byteorder.h>
#include <linux/types.h>
#include <linux/virtio_types.h>

static inline bool virtio_legacy_is_little_endian(void)
{
	return true;
}

#define UM_VIRTIO_BYTEORDER(bits)					\
static inline u##bits __virtio##bits##_to_cpu(bool little_endian,	\
					      __virtio##bits val)	\
{									\
	return little_endian ? le##bits##_to_cpu((__force __le##bits)val) :	\
			       be##bits##_to_cpu((__force __be##bits)val);	\
}									\
									\
static inline __virtio##bits __cpu_to_virtio##bits(bool little_endian,	\
						   u##bits val)		\
{									\
	return (__force __virtio##bits)(little_endian ?			\
		(__force u##bits)cpu_to_le##bits(val) :			\
		(__force u##bits)cpu_to_be##bits(val));			\
}

UM_VIRTIO_BYTEORDER(16)
UM_VIRTIO_BYTEORDER(32)
UM_VIRTIO_BYTEORDER(64)

#undef UM_VIRTIO_BYTEORDER

#endif
