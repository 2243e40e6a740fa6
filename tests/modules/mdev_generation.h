/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of which generation is the framework under test? The build has looked
 * (shim/tools/tree.cmake), and defines
 *
 *	MDEV_PARENT_OPS	up to 5.12: six more ops in struct mdev_parent_ops
 *	MDEV_DRIVER	from 6.1 on: a parent brings its mdev driver, and types
 *
 * or nothing for ours, where each mdev has a class and ops (MDEV_CLASS_IDS).
 *
 * MDEV_HAS is what it has, in words that a test can ask for (T_NEEDS() of
 * tests/contract/target.h); mdev_test_control tells them to the test.
 *
 *	parent_ops	the core knows parents by their device, asks a table for
 *			create() and remove(), and takes groups of the parent and
 *			attributes of its types
 *	mdev_drivers	a driver on the bus that is not the parent's own
 *	class_ids	a class for each mdev, by which a driver is found
 *	virtio_ops	ops of the class virtio
 *	iommu_device	mdev_set_iommu_device()
 *	vfio_mdev	a driver that serves the parents' VFIO ops
 *	device_ops	ops for each mdev, not for each parent
 *	vfio_request	a VFIO user can be asked to let go
 */
#ifndef MDEV_GENERATION_H
#define MDEV_GENERATION_H

#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/uuid.h>

#include <linux/mdev.h>

#if defined(MDEV_PARENT_OPS)
#define MDEV_HAS	"parent_ops mdev_drivers iommu_device vfio_mdev"
#elif defined(MDEV_DRIVER)
#define MDEV_HAS	"device_ops vfio_request"
#else
#define MDEV_CLASS_IDS	1
#if __has_include(<linux/mdev_virtio_ops.h>)
#define MDEV_VIRTIO_OPS	1
#define MDEV_HAS_VIRTIO	" virtio_ops"
#else
#define MDEV_HAS_VIRTIO	""
#endif
#define MDEV_HAS	"parent_ops mdev_drivers class_ids iommu_device vfio_mdev " \
			"device_ops vfio_request" MDEV_HAS_VIRTIO
#endif

#endif
