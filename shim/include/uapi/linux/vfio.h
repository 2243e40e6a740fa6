/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFIO's UAPI: the system's header, and what that one is too old for where
 * linux-libc-dev is of 6.1: migration that copies before the device stops, files
 * of devices.
 */
#ifndef UAPI_LINUX_VFIO_H_SHIM
#define UAPI_LINUX_VFIO_H_SHIM

#define vfio_device_mig_state um_system_mig_state
#include_next <linux/vfio.h>
#undef vfio_device_mig_state

/* Of the type that the functions take, whichever of them the system's has. */
enum vfio_device_mig_state {
	UM_MIG_STATE_ERROR,
	UM_MIG_STATE_STOP,
	UM_MIG_STATE_RUNNING,
	UM_MIG_STATE_STOP_COPY,
	UM_MIG_STATE_RESUMING,
	UM_MIG_STATE_RUNNING_P2P,
	UM_MIG_STATE_PRE_COPY,
	UM_MIG_STATE_PRE_COPY_P2P,
};

#define VFIO_DEVICE_STATE_ERROR		UM_MIG_STATE_ERROR
#define VFIO_DEVICE_STATE_STOP		UM_MIG_STATE_STOP
#define VFIO_DEVICE_STATE_RUNNING	UM_MIG_STATE_RUNNING
#define VFIO_DEVICE_STATE_STOP_COPY	UM_MIG_STATE_STOP_COPY
#define VFIO_DEVICE_STATE_RESUMING	UM_MIG_STATE_RESUMING
#define VFIO_DEVICE_STATE_RUNNING_P2P	UM_MIG_STATE_RUNNING_P2P
#define VFIO_DEVICE_STATE_PRE_COPY	UM_MIG_STATE_PRE_COPY
#define VFIO_DEVICE_STATE_PRE_COPY_P2P	UM_MIG_STATE_PRE_COPY_P2P

#ifndef VFIO_MIG_GET_PRECOPY_INFO
#define VFIO_MIGRATION_PRE_COPY		(1 << 2)

struct vfio_precopy_info {
	__u32 argsz;
	__u32 flags;
	__aligned_u64 initial_bytes;
	__aligned_u64 dirty_bytes;
};
#define VFIO_MIG_GET_PRECOPY_INFO	_IO(VFIO_TYPE, VFIO_BASE + 21)

struct vfio_device_feature_mig_data_size {
	__aligned_u64 stop_copy_length;
};
#define VFIO_DEVICE_FEATURE_MIG_DATA_SIZE	9
#endif

#ifndef VFIO_DEVICE_BIND_IOMMUFD
struct vfio_device_bind_iommufd {
	__u32 argsz;
	__u32 flags;
	__s32 iommufd;
	__u32 out_devid;
};
#define VFIO_DEVICE_BIND_IOMMUFD	_IO(VFIO_TYPE, VFIO_BASE + 18)

struct vfio_device_attach_iommufd_pt {
	__u32 argsz;
	__u32 flags;
	__u32 pt_id;
};
#define VFIO_DEVICE_ATTACH_IOMMUFD_PT	_IO(VFIO_TYPE, VFIO_BASE + 19)

struct vfio_device_detach_iommufd_pt {
	__u32 argsz;
	__u32 flags;
};
#define VFIO_DEVICE_DETACH_IOMMUFD_PT	_IO(VFIO_TYPE, VFIO_BASE + 20)
#endif

#endif
