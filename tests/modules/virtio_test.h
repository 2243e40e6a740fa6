/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtio device that is no device anybody knows: virtio_test_device makes it. */
#ifndef VIRTIO_TEST_H
#define VIRTIO_TEST_H

#include <linux/types.h>

#define VIRTIO_TEST_ID		0x3f0d
#define VIRTIO_TEST_VENDOR	0x1de5

/* what its driver knows, with and without VIRTIO_F_VERSION_1 */
#define VIRTIO_TEST_F_FIRST	0
#define VIRTIO_TEST_F_LEGACY	1

struct virtio_test_config {
	__u8 byte;
	__u8 reserved;
	__le16 word;
	__le32 dword;
	__le64 qword;
};

#endif
